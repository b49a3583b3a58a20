"""How often each form flag speaks: on published texts, where most are false alarms, and on samples.

python -m benchmarks.form [--write]     published texts: ../shared/data/themes_dev
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import describe, put_section
from nlp.form import KINDS, FormRules, check_form
from nlp.genre import guess_genre
from nlp.splitting import split
from nlp.text import fold
from nlp.types import Block, Draft, Reading
from word.read import read_file

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT.parent / "shared" / "data" / "themes_dev" / "themes_dev.jsonl"
RULES = FormRules(off=frozenset())
CUT = frozenset({"missing_signature", "missing_signer", "missing_contact"})
"""Say nothing of the published texts, which came without by-lines."""


def published() -> list[Draft]:
    """The published texts, each with its title on top."""
    rows = map(json.loads, PUBLISHED.read_text("utf-8").splitlines())
    lines = ((row["title"], *row["text"].split("\n")) for row in rows)
    readings = (
        Reading("txt", tuple(Block("body", "", t) for t in texts if t.strip())) for texts in lines
    )
    return [draft for reading in readings for draft in split(reading)]


def samples() -> list[Draft]:
    """The drafts of samples/inbox that need no conversion."""
    readings = (read_file(f) for f in sorted((ROOT / "samples" / "inbox").rglob("*.docx")))
    return [d for found in readings if isinstance(found, Reading) for d in split(found)]


def counted(drafts: Sequence[Draft]) -> Counter[str]:
    """Drafts that carry each flag."""
    found: Counter[str] = Counter()
    for draft in drafts:
        folded = fold(draft.text, draft.ranges())
        genre = guess_genre(draft).code
        found.update(flag.kind for flag in check_form(draft, folded, RULES, genre=genre))
    return found


def milliseconds(drafts: Sequence[Draft]) -> float:
    """CPU of all form rules per 1,500 characters, best of five."""
    ready = [(d, fold(d.text, d.ranges()), guess_genre(d).code) for d in drafts]
    total = sum(len(d.text) for d in drafts)
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for draft, folded, genre in ready:
            check_form(draft, folded, RULES, genre=genre)
        best = min(best, time.process_time() - began)
    return 1000 * best * 1500 / total


def main() -> None:
    """Print the table; ``--write`` puts it into docs/benchmarks.md."""
    real, ours = published(), samples()
    on_real, on_ours = counted(real), counted(ours)
    lines = [
        describe(),
        "",
        f"| flag | published texts ({len(real)}) | sample drafts ({len(ours)}) |",
        "|---|---|---|",
    ]
    for kind, name in KINDS.items():
        rate = "–" if kind in CUT else f"{on_real[kind]} ({on_real[kind] / len(real):.1%})"
        lines.append(f"| {name} `{kind}` | {rate} | {on_ours[kind]} |")
    lines += ["", f"All rules together: {milliseconds(real):.2f} ms CPU per 1,500 characters."]
    print("\n".join(lines))
    if "--write" in sys.argv:
        put_section("form", lines)


if __name__ == "__main__":
    main()
