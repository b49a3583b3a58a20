"""Prose without any chance resemblance, and drafts made of it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from sqlite_utils import Database

from nlp.fingerprints import exact_digest, fingerprint
from nlp.text import fold
from nlp.types import Draft, Findings, Genre, Paragraph
from storage.commit import Committed, Outcome, commit_batch
from storage.connection import raw, write
from storage.ledger import receive
from storage.runs import finish_run, start_run
from tests.support_storage import submission

# The ideographs of GB 2312: six in a row never meet by chance.
_CHARACTERS = [chr(code) for code in range(0x4E00, 0x9000) if chr(code).encode("gb2312", "ignore")]


def sentence(dice: random.Random, characters: int = 48) -> str:
    """Ideographs with commas, ended by a full stop; ``characters`` of them count."""
    words = ["".join(dice.choices(_CHARACTERS, k=12)) for _ in range(-(-characters // 12))]
    return "，".join(words)[: characters + characters // 12] + "。"


def paragraphs(seed: int, count: int, sentences: int = 3) -> list[str]:
    """Paragraphs of about 150 characters each; another seed shares nothing with them."""
    dice = random.Random(seed)
    return ["".join(sentence(dice) for _ in range(sentences)) for _ in range(count)]


def draft(lines: Sequence[str], *, title: str = "工作情况", dated: str = "") -> Draft:
    """A draft with a title, body paragraphs and a signature."""
    body = tuple(Paragraph("body", "", line) for line in lines)
    return Draft(
        position=1,
        title=title,
        paragraphs=(
            Paragraph("title", "", title),
            *body,
            Paragraph("signature", "", "临溪县委组织部"),
        ),
        dated=dated,
    )


def findings(of: Draft) -> Findings:
    """Findings whose digest and fingerprints are those of the draft."""
    folded = fold(of.text, of.ranges()).text
    return Findings(
        themes=(),
        nearest=(),
        category="",
        category_probability=0.0,
        genre=Genre("动态", 0.5),
        keywords=(),
        flags=(),
        exact=exact_digest(folded),
        fingerprints=fingerprint(folded),
    )


def send(db: Database, *drafts: Draft) -> Committed:
    """One run whose one batch holds a manuscript for each draft."""
    run = start_run(db, "direct", "")
    (before,) = raw(db).execute("SELECT coalesce(max(id), 0) FROM manuscript").fetchone()
    files = [submission(f"{before + n}.docx") for n in range(len(drafts))]
    receipts = receive(db, files, run)
    outcomes = [
        Outcome(receipt.manuscript_id, "docx", drafts=((one, findings(one)),))
        for receipt, one in zip(receipts, drafts, strict=True)
    ]
    committed = commit_batch(db, run, outcomes)
    finish_run(db, run, "completed", {})
    return committed


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    """All rows of a question."""
    return list(raw(db).execute(sql))


def erase(db: Database, *drafts: int) -> None:
    """Delete drafts by number."""
    with write(db) as conn:
        conn.executemany("DELETE FROM draft WHERE id = ?", [(one,) for one in drafts])
