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

# Sources that every unit quotes. "会议强调" is not among them: it reports the unit's own event.
_ATTRIBUTED = re.compile(
    r"(?:总书记|總書記|党中央|黨中央|大报告|大報告|全会|全會|《[^《》\n]{2,40}》)"
    r"[^。！？；\n]{0,40}?"
    r"(?:强调|強調|指出|要求|明确|明確|规定|規定|提出)"
    r"[^。！？\n]{0,300}[。！？]?"
)


def quoted_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ``text`` that are quotation; they may overlap.

    An attribution without marks reaches to the end of its sentence, speaker included.
    """
    for pattern in (_MARKED, _ATTRIBUTED):
        for match in pattern.finditer(text):
            yield match.span()
