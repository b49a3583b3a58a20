"""The drafts of an office, and the queries that are put to it: variants and hard negatives."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.reuse_texts import Text, boilerplate, texts
from benchmarks.reuse_variants import PEOPLE, PLACES, WHOLE, Query, borrowed, reworded, within

UNITS = 40
INDEXED = 310
QUOTED = 10  # texts that are only quoted
SHARES = (0.2, 0.4, 0.6)
NEGATIVES = ("same theme", "same event", "same boilerplate", "same long quotation")
_MEETINGS = ["党建引领基层治理现场推进会", "年轻干部蹲点调研交流座谈会", "人才服务产业发展对接会"]


@dataclass(frozen=True)
class Office:
    """Stored texts; ``unit_of[n]`` sent the nth."""

    stored: tuple[Text, ...]
    held_out: tuple[Text, ...]
    quotations: tuple[str, ...]
    events: tuple[dict[str, str], ...]
    pack: str

    def unit(self, place: int) -> int:
        """Unit of a stored text."""
        return place % UNITS


def office() -> Office:
    """310 stored texts: a third with set phrases, a tenth with a quotation, a tenth on an event."""
    dice = random.Random(11)
    found = texts()
    stored, held_out = found[:INDEXED], found[INDEXED + QUOTED :]
    quotations = tuple(_quotation(text, n) for n, text in enumerate(found[INDEXED:][:QUOTED]))
    events = tuple(_event(dice) for _ in range(10))
    pack = boilerplate()
    planted = []
    for n, text in enumerate(stored):
        lines = list(text.paragraphs)
        if n % 3 == 0 and pack:
            lines.insert(len(lines) // 2, pack)
        if n % 10 == 1:
            lines.append(quotations[n // 10 % QUOTED])
        if n % 10 == 2:
            lines.insert(0, _report(events[n // 10 % 10], "newsroom"))
        planted.append(replace(text, paragraphs=tuple(lines)))
    return Office(tuple(planted), tuple(held_out), quotations, events, pack)


def _quotation(text: Text, n: int) -> str:
    """120–250 characters that several units quote, in marks or with an attribution alone."""
    words = ""
    for sentences in text.sentences:
        for sentence in sentences:
            if len(words) < 130 and not set(sentence) & set("“”‘’《》"):
                words += sentence
    if n % 2:
        return "习近平总书记强调，" + words.rstrip("。；").replace("。", "，") + "。"
    return "县委书记在会上讲：“" + words[:240] + "”大家深受鼓舞。"


def _event(dice: random.Random) -> dict[str, str]:
    return {
        "date": f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日",
        "place": f"{dice.choice(PLACES)}县{dice.choice(PLACES)}镇",
        "meeting": "全市" + dice.choice(_MEETINGS),
        "person": dice.choice(PEOPLE),
        "number": str(dice.randint(40, 400)),
    }


def _report(event: dict[str, str], style: str) -> str:
    forms = {
        "newsroom": "{date}，{meeting}在{place}召开。市委组织部副部长{person}出席并讲话，"
        "各县区和市直单位{number}人参加。与会人员先后察看了{place}的两个观摩点，听取了情况介绍。",
        "unit": "日前，{place}承办了{meeting}，来自各地的{number}名代表到场观摩。市委组织部副部长"
        "{person}就下一步怎么干提了三点希望。据了解，这次会开于{date}，为期一天。",
    }
    return forms[style].format(**event)


def positives(kept: Office, limit: int, seed: int = 21) -> Iterator[Query]:
    """Every construction of the first ``limit`` stored texts."""
    dice = random.Random(seed)
    hosts = kept.held_out
    for n, text in enumerate(kept.stored[:limit]):
        half = n % 2
        for kind, (named, make) in WHOLE.items():
            if lines := make(text, dice):
                yield Query(kind, tuple(lines), (n,), named, half=half)
        yield _resent(text, n, kept.unit(n), dice)
        for share in SHARES:
            host = dice.choice(hosts)
            lines, runs = borrowed(_bare(kept, n), host, share, dice)
            yield Query(
                f"{share:.0%} of the sentences", tuple(lines), (n,), "段落借用",
                planted=tuple(runs), share=_share(runs, lines), half=half,
            )  # fmt: skip
        lines = within([text], dice.sample(hosts, 2), dice)
        yield Query(
            "inside a compilation", tuple(lines), (n,), "包含",
            planted=("\n".join(text.paragraphs),), share=_share(text.paragraphs, lines), half=half,
        )  # fmt: skip
        parts = sorted({n, *dice.sample(range(half, limit - limit % 2, 2), dice.choice((1, 2)))})
        if len(parts) > 1:
            lines = within([kept.stored[part] for part in parts], [], dice)
            yield Query("merged from 2–3", tuple(lines), tuple(parts), "合并", half=half)


def _bare(kept: Office, n: int) -> Text:
    """A stored text without what others have as well."""
    common = {kept.pack, *kept.quotations}
    lines = [p for p in kept.stored[n].paragraphs if p not in common and "观摩点" not in p]
    return replace(kept.stored[n], paragraphs=tuple(lines))


def _share(runs: Sequence[str], lines: Sequence[str]) -> float:
    return sum(map(len, runs)) / sum(map(len, lines))


def _resent(text: Text, n: int, unit: int, dice: random.Random) -> Query:
    """The same unit again: reworded, one sentence in six left out."""
    lines = []
    for sentences in replace(text, paragraphs=tuple(reworded(text, dice))).sentences:
        lines.append("".join(s for s in sentences if dice.random() > 1 / 6))
    return Query(
        "sent again, revised", tuple(filter(None, lines)), (n,), "重复报送", unit, half=n % 2
    )


def negatives(kept: Office, seed: int = 22, rounds: int = 2) -> Iterator[Query]:
    """Held-out texts that share theme, event, set phrases or a quotation with stored ones."""
    dice = random.Random(seed)
    for n, text in enumerate(kept.held_out):
        half = n % 2
        yield Query(NEGATIVES[0], text.paragraphs, half=half)
        for _ in range(rounds):
            for kind, extra in (
                (NEGATIVES[1], _report(dice.choice(kept.events), "unit")),
                (NEGATIVES[2], kept.pack),
                (NEGATIVES[3], dice.choice(kept.quotations)),
            ):
                lines = list(text.paragraphs)
                lines.insert(dice.randrange(len(lines) + 1), extra)
                yield Query(kind, tuple(lines), half=half)
