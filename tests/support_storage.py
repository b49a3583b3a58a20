"""Small manuscripts, drafts and findings for the tests of storage."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from nlp.types import Draft, Findings, Flag, Genre, Notice, Paragraph, Refusal, Term, Theme
from storage.aspects import Aspect
from storage.commit import Outcome
from storage.ledger import Submission

ASPECTS = (
    Aspect("A1", "农村党建", "A", "基层党建"),
    Aspect("C2", "年轻干部培养", "C", "干部队伍"),
)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def submission(
    name: str,
    *,
    unit: str = "临溪县",
    content: str | None = None,
    unit_id: int | None = None,
    refusal: Refusal | None = None,
) -> Submission:
    content = name if content is None else content
    return Submission(
        name=name,
        unit_given=unit,
        source=f"/inbox/{unit}/{name}",
        unit_id=unit_id,
        sha256=digest(content),
        size=len(content.encode()),
        refusal=refusal,
    )


def draft(
    title: str = "村里的事村民议", *, body: str = "", position: int = 1, unit: str = ""
) -> Draft:
    """A draft of title, heading, body, signature; about fifty characters of content."""
    body = body or f"今年以来，{title}，柳湾镇把议事桌摆到院坝里，三个月办成实事十二件。"
    return Draft(
        position=position,
        title=title,
        paragraphs=(
            Paragraph("title", "", title),
            Paragraph("heading", "一、", "做法", 1),
            Paragraph("body", "", body),
            Paragraph("signature", "", "临溪县委组织部"),
        ),
        unit=unit,
        author="陈小满",
        dated="2026-09-30",
        attachments=("名单",),
        characters=len(body) + 4,
        notices=(Notice("traditional", "繁体字稿件"),),
    )


def findings(
    *,
    theme: str = "A1",
    exact: str = "",
    flags: tuple[Flag, ...] = (),
    fingerprints: tuple[int, ...] = (),
) -> Findings:
    """Findings with the theme given, "" for undecided."""
    nearest = (Theme("A1", 0.7, (Term("村", 0, 1, 1.5),)), Theme("C2", 0.2))
    return Findings(
        themes=tuple(t for t in nearest if t.code == theme),
        nearest=nearest,
        category="A" if theme else "",
        category_probability=0.8,
        genre=Genre("经验", 0.9, ("做法",)),
        keywords=("议事", "院坝"),
        flags=flags,
        exact=exact,
        fingerprints=fingerprints,
        model="m1",
    )


def outcome(manuscript_id: int, *drafts: Draft, found: Sequence[Findings] = ()) -> Outcome:
    drafts = drafts or (draft(f"第{manuscript_id}件事"),)
    return Outcome(
        manuscript_id=manuscript_id,
        format="docx",
        notices=(Notice("pictures", "含图片2张", 2),),
        drafts=tuple(zip(drafts, found or [findings()] * len(drafts), strict=True)),
    )
