"""Where a draft repeats what others said: quotation marks, and attributions to a known source.

Two drafts that quote the same speech or statute have not copied each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# From 16 characters on: shorter ones in marks are names (“五步工作法”, “群众点单、支部派单”), not
# quotations.
_MARKED = re.compile(
    r"“[^“”\n]{16,600}”|「[^「」\n]{16,600}」|『[^『』\n]{16,600}』|\"[^\"\n]{16,600}\""
)

# Sources that every unit quotes. "会议强调" is not among them: it reports the unit's own event. The
# verb stands in the clause of its source, and "提出的目标", "要求了" tell of it without quoting.
_ATTRIBUTED = re.compile(
    r"(?:总书记|總書記|党中央|黨中央|大报告|大報告|全会|全會|《[^《》\n]{2,40}》)"
    r"[^，。！？；\n]{0,40}?"
    r"(?:强调|強調|指出|要求|明确|明確|规定|規定|提出)(?![的了])"
    r"[^。！？\n]{0,300}[。！？]?"
)

_FOLLOWED = re.compile(r"(?:按|照|根据|依据|对照|遵循|落实|贯彻|围绕|紧扣)[^，。！？；\n]{0,12}\Z")
"""Before a source: the unit tells what it did by it, the rest of the sentence is its own."""


def quoted_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ``text`` that are quotation; they may overlap.

    An attribution without marks reaches to the end of its sentence, speaker included.
    """
    for match in _MARKED.finditer(text):
        yield match.span()
    for match in _ATTRIBUTED.finditer(text):
        if not _FOLLOWED.search(text, max(0, match.start() - 16), match.start()):
            yield match.span()
