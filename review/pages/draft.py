"""The page of one draft: its text with everything found at its place, and what can be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from nlp.length import default_limits
from nlp.trim import Cut, propose_cut
from nlp.types import Draft, Paragraph
from review.marking import Mark, parts
from review.pages.editing import beside
from review.pages.fate import fate
from review.pages.queue import deeds
from review.query import query_of, wanted_of
from review.visit import Visit
from review.wording import FLAG_NAMES, STATES
from storage.decisions import last_decision
from storage.dossier import adoptions_of, awards_of, desk_state, versions_of
from storage.editing import edits_of
from storage.facts import draft_facts
from storage.handling import notes_and_assignments, reasons_of, verdicts
from storage.queue import choices, neighbours
from storage.regenre import LENGTH_FLAGS
from storage.users import colleagues

_OVERLONG: Final = ("over_hard", "over_soft")
_MOST_PAIRS: Final = 8
_LONGEST_CUT: Final = 20_000
"""Characters up to which a cut is proposed: of what is longer little would stay, and it is slow."""
_EVENTS: Final = {
    "received": "收到",
    "read": "读入",
    "refused": "退回文件",
    "postponed": "等待重试",
    "released": "重新读",
}
_KINDS: Final = {
    "accept": "采信模型的主题",
    "correct": "改定主题",
    "return": "退稿",
    "adopt": "采用",
    "undo": "撤销",
}


def show(visit: Visit) -> Response:
    """The draft."""
    return page(visit, int(visit.path["number"]))


def page(
    visit: Visit,
    number: int,
    status: int = 200,
    *,
    told: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page of a draft, with what went wrong and what was typed then. 404 if there is none."""
    facts: dict[str, Any] | None = draft_facts(visit.db, number)
    if facts is None:
        raise HTTPException(404, f"没有第{number}号稿件，可能已删除。")
    wanted = wanted_of(visit.query)
    before, after = neighbours(visit.db, wanted, number)
    cut = _cut(facts)
    alone = visit.who.alone
    context = {
        "draft": facts,
        "state": STATES[desk_state(visit.db, number)],
        "seen": last_decision(visit.db, number),
        "others": visit.desk.presence.here(number, visit.who.name),
        "parts": parts(_paragraphs(facts), _marks(facts, cut), _margin(facts)),
        "cut": cut,
        "length": _length(visit, facts),
        "themes": choices(visit.db)["themes"],
        "nearest": _nearest(facts),
        "secondary": visit.all_said("secondary")
        if "with_secondary" in visit.form
        else _chosen(facts),
        "focus": [tag for tag in facts["tags"] if tag["kind"] == "focus"],
        "terms": _terms(facts),
        "genres": list(default_limits()),
        "pairs": facts["pairs"][:_MOST_PAIRS],
        "more_pairs": max(0, len(facts["pairs"]) - _MOST_PAIRS),
        "verdicts": verdicts(visit.db, number),
        "versions": versions_of(visit.db, number),
        "adoptions": adoptions_of(visit.db, number),
        "awards": awards_of(visit.db, number),
        "history": _history(visit, facts),
        "fate": fate(visit, number),
        "edited": beside(visit, number, facts["title"]),
        "reasons": visit.desk.settings.desk.return_reasons,
        "people": [] if alone else colleagues(visit.db),
        "wanted": wanted,
        "query": query_of(wanted),
        "before": before,
        "after": after,
        "deeds": deeds(visit),
        "here_again": f"/drafts/{number}?{query_of(wanted)}",
    }
    typed = {**dict.fromkeys(("theme", "genre", "note", "text", "returning"), ""), **(typed or {})}
    return visit.render("draft.html", status, typed=typed, told=told, **context)


def state(visit: Visit) -> Response:
    """For the open page: the last decision, and who else has the draft open."""
    number = int(visit.path["number"])
    others = visit.desk.presence.here(number, visit.who.name)
    return JSONResponse({"seen": last_decision(visit.db, number), "others": others})


def _paragraphs(facts: dict[str, Any]) -> list[Paragraph]:
    return [Paragraph(**paragraph) for paragraph in facts["paragraphs"]]


def _cut(facts: dict[str, Any]) -> Cut | None:
    """What to drop of an overlong draft, None if it is not overlong."""
    over = next((flag for flag in facts["flags"] if flag["kind"] in _OVERLONG), None)
    if over is None or not over["limit_value"] or facts["characters"] > _LONGEST_CUT:
        return None
    draft = Draft(
        1, facts["title"], tuple(_paragraphs(facts)), dated=facts["dated"],
        characters=facts["characters"],
    )  # fmt: skip
    return propose_cut(draft, over["limit_value"], terms=[word for word, *_ in _terms(facts)])


def _terms(facts: dict[str, Any]) -> list[Sequence[Any]]:
    """The words behind the primary theme, else behind the nearest: [text, start, end, weight]."""
    for kind in ("theme", "nearest"):
        for tag in facts["tags"]:
            if tag["kind"] == kind and tag["rank"] == 1 and tag["terms"]:
                return list(tag["terms"])
    return []


def _nearest(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The few likeliest themes; one that would be shown with 0% is no proposal."""
    near = [tag for tag in facts["tags"] if tag["kind"] == "nearest"]
    return [tag for tag in near[:3] if tag["probability"] is None or tag["probability"] >= 0.005]


def _chosen(facts: dict[str, Any]) -> list[str]:
    """The secondary themes that hold."""
    return [tag["code"] for tag in facts["tags"] if tag["kind"] == "theme" and tag["rank"] > 1]


def _marks(facts: dict[str, Any], cut: Cut | None) -> list[Mark]:
    marks = [Mark(term[1], term[2], "term", "判断主题的依据") for term in _terms(facts)]
    for flag in facts["flags"]:
        if flag["kind"] not in LENGTH_FLAGS and flag["end_offset"] > flag["start_offset"]:
            marks.append(Mark(flag["start_offset"], flag["end_offset"], "flag", flag["message"]))
    for gone in cut.dropped if cut else ():
        marks.append(Mark(gone.start, gone.end, "cut", f"建议删：{gone.reason}，省{gone.saved}字"))
    return marks


def _margin(facts: dict[str, Any]) -> list[tuple[int, str]]:
    """What is said beside the text, at its place; of the length the bar tells."""
    return [
        (flag["start_offset"], f"{FLAG_NAMES.get(flag['kind'], '提示')}：{flag['message']}")
        for flag in facts["flags"]
        if flag["kind"] not in LENGTH_FLAGS
    ]


def _length(visit: Visit, facts: dict[str, Any]) -> dict[str, Any]:
    limits = visit.desk.settings.length_rules().of(facts["genre"])
    count = facts["characters"]
    if limits.hard and count > limits.hard:
        verdict = f"超出上限 {count - limits.hard:,} 字"
    elif limits.soft and count > limits.soft:
        verdict = f"超过提醒线 {count - limits.soft:,} 字"
    elif count < limits.floor:
        verdict = f"不足下限，差 {limits.floor - count:,} 字"
    else:
        verdict = "合适"
    if count > _LONGEST_CUT:
        verdict += "；太长，不提删稿建议"
    most = max(limits.hard, count, 1)
    return {"count": count, "limits": limits, "verdict": verdict, "most": most}


def _history(visit: Visit, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """(time in Beijing, words) of all that happened, latest last."""
    from review.wording import moment

    told: list[tuple[str, str, str]] = []
    for event in facts["history"]:
        told.append((event["at"], moment(event["at"]), f"文件{_EVENTS[event['kind']]}"))
    undone = {decision["undoes"] for decision in facts["decisions"]}
    for decision in facts["decisions"]:
        words = f"{decision['who'] or '编辑'} {_KINDS[decision['kind']]}"
        if decision["theme"]:
            words += f"：{decision['theme_code']} {decision['theme']}"
        if decision["genre"]:
            words += f"，体裁 {decision['genre']}"
        returned: dict[str, Any] | None = reasons_of(visit.db, decision["decision_id"])
        if returned:
            words += "：" + "、".join(returned["reasons"])
        words += f"（{decision['note']}）" if decision["note"] else ""
        words += "（已撤销）" if decision["decision_id"] in undone else ""
        told.append((_utc(decision["decided"]), decision["decided"][5:16], words))
    for row in notes_and_assignments(visit.db, facts["draft_id"]):
        at = str(row["made_at"])
        if row["kind"] == "note":
            words = f"{row['who']} 留言：{row['text']}"
        else:
            words = f"{row['who']} 交给 {row['text']}" if row["text"] else f"{row['who']} 取消交办"
        told.append((at, moment(at), words))
    for row in edits_of(visit.db, facts["draft_id"]):
        at = str(row["made_at"])
        told.append((at, moment(at), f"{row['who']} 改稿"))
    return [(shown, words) for _, shown, words in sorted(told, key=lambda one: one[0])]


def _utc(beijing: str) -> str:
    from datetime import datetime, timedelta

    return (datetime.fromisoformat(beijing) - timedelta(hours=8)).isoformat() + "Z"
