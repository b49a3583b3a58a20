"""Points of drafts: adoptions, instructions and outcomes, in the order in which they happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from points.conditions import Fact
from points.credit import credited
from points.events import Entry, Event, Unit
from points.fields import LEVELS, SECTIONS
from points.items import Source, place, sources_of_items
from points.ledger import entries_of
from points.profile import DraftSection, Profile
from points.scoring import Scored, scored, shown, thousandths, told
from points.stacking import Step, worth

ON_DRAFTS = ("adoption", "instruction", "outcome")
_POLICIES = {
    "sum": "累计",
    "max": "就高计分",
    "top_levels": "只计最高的几级",
    "increment": "逐级再加",
}


def draft_entries(
    profile: Profile, events: Sequence[Event], units: Mapping[int, Unit]
) -> Iterator[Entry]:
    """Entries of all events on drafts. An instruction on a printed item goes to all its sources."""
    items = sources_of_items(e for e in events if e.section == "adoption")
    by_draft: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.section in ON_DRAFTS:
            for one in _on_drafts(event, items):
                by_draft[one.draft_id or 0].append(one)
    for happened in by_draft.values():
        yield from _Chain(profile, units, items).entries(happened)


def _on_drafts(event: Event, items: Mapping[int, Sequence[Source]]) -> Iterator[Event]:
    if event.draft_id is not None:
        yield event
    elif event.item_id is not None:
        for source in items.get(event.item_id, ()):
            of = source.adoption
            yield replace(event, draft_id=of.draft_id, unit_id=of.unit_id, authors=of.authors)


def _level(event: Event) -> int:
    level = event.facts.get("level")
    return LEVELS.index(level) if level in LEVELS else -1


@dataclass(slots=True)
class _Chain:
    """The events of one draft, one after the other."""

    profile: Profile
    units: Mapping[int, Unit]
    items: Mapping[int, Sequence[Source]]
    steps: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    multiplied: Fraction | None = None  # by the highest factor of an instruction
    replaced: int | None = None  # by the highest value of an instruction
    seen: dict[tuple[str, Fact], int] = field(default_factory=lambda: defaultdict(int))

    def entries(self, events: Iterable[Event]) -> Iterator[Entry]:
        """Entries in order of day; on one day the lower level first."""
        for event in sorted(events, key=lambda e: (e.day, _level(e), e.id)):
            unit = self.units.get(event.unit_id or 0)
            if unit is not None:
                yield from self._entry(event, unit)

    def _entry(self, event: Event, unit: Unit) -> Iterator[Entry]:
        position, shares = self._place(event)
        facts = self._facts(event, unit, len(shares))
        section = self.profile.section(event.section)
        if position is None:
            found, points, note = None, 0, "同一条目里本单位另一篇稿件已计分，不重复计分"
        else:
            found = scored(section, event, facts)
            points, note = self._advance(event, found, position, shares)
        rule = f"{SECTIONS[event.section]}·{found.rule if found else '同单位不重复'}"
        yield from entries_of(event, unit, self.profile.authors, rule, points, note)

    def _place(self, event: Event) -> tuple[int | None, Sequence[Fraction]]:
        if event.section == "adoption":
            return place(event, self.items)
        sources = self.items.get(event.item_id or 0, ())
        for position, source in enumerate(sources):
            if source.adoption.draft_id == event.draft_id:
                return position, [one.share for one in sources]
        return 0, [Fraction(1)]

    def _facts(self, event: Event, unit: Unit, sources: int) -> dict[str, Fact]:
        level = event.facts.get("level")
        self.seen[event.section, None] += 1
        self.seen[event.section, level or ""] += 1
        return {
            **event.facts,
            "class": self.profile.class_of(str(event.facts.get("genre", ""))),
            "group": unit.group,
            "unit": unit.name,
            "share": event.share,
            "sources": sources,
            "nth": self.seen[event.section, None],
            "nth_in_level": self.seen[event.section, level or ""],
        }

    def _advance(
        self, event: Event, found: Scored, position: int, shares: Sequence[Fraction]
    ) -> tuple[int, str]:
        """Take one event in; its points are what the draft is worth more than before."""
        section = self.profile.section(event.section)
        assert isinstance(section, DraftSection)  # noqa: S101
        if found.effect == "none":
            return 0, found.words
        before = self._worth(event.section if found.effect == "points" else "adoption")
        if found.effect == "multiply":
            return self._multiply(found, before)
        value, words = credited(found.value, found.credit, position, shares)
        own, note = thousandths(value), found.words + words
        if found.effect == "replace":
            return self._replace(own, note, before)
        self.steps[event.section].append(Step(own, _level(event), _key(event, section.once)))
        points = self._worth(event.section) - before
        note += "" if note == found.plain else f"={told(own)}"
        if points != own:
            note += f"；{self._why(event.section)}，此前已计{told(before)}，本次计{told(points)}"
        return points, note

    def _worth(self, section: str) -> int:
        policy = self.profile.section(section)
        assert isinstance(policy, DraftSection)  # noqa: S101
        plain = worth(self.steps[section], policy)
        if section != "adoption":
            return plain
        if self.replaced is not None:
            return self.replaced
        return plain if self.multiplied is None else int(plain * self.multiplied)

    def _multiply(self, found: Scored, before: int) -> tuple[int, str]:
        self.multiplied = max(found.value, self.multiplied or found.value)
        points = self._worth("adoption") - before
        return points, f"采用得分{told(before)}，{found.words}，增{told(points)}"

    def _replace(self, own: int, note: str, before: int) -> tuple[int, str]:
        self.replaced = max(own, self.replaced if self.replaced is not None else own)
        points = self.replaced - before
        return points, f"{note}，代替采用得分{told(before)}，本次计{told(points)}"

    def _why(self, section: str) -> str:
        if section == "adoption" and self.replaced is not None:
            return "已按批示计分"
        if section == "adoption" and self.multiplied is not None:
            return f"批示×{shown(self.multiplied)}"
        policy = self.profile.section(section)
        assert isinstance(policy, DraftSection)  # noqa: S101
        words = _POLICIES[policy.stacking]
        return words if policy.once == "none" else f"{words}、同类只计一次"


def _key(event: Event, once: str) -> str:
    """What must differ for two events of a draft to count both."""
    facts = event.facts
    if once == "none":
        return ""
    parts = ("level", "tier") if once == "tier" else (once,)
    return "\0".join(str(facts.get(part) or "") for part in parts)
