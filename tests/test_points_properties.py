"""What holds of any events and any profile: sums, bounds, identity of undoing, old figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from points.calendar import MONTHS, span_of, spans_ending
from points.credit import credited, split_among
from points.engine import compute
from points.events import Entry, Event
from points.fields import LEVELS
from points.profile import DraftSection, Profile, read_profile
from points.rules import Credit
from points.stacking import Step, worth
from storage.awards import ledger_lines, settle
from storage.connection import raw
from storage.periods import Period
from storage.profiles import add_profile
from tests.support_points import UNITS, adoption, bonus, commission, entries, fault, instruction
from tests.support_statistics import Office

MANY = settings(max_examples=500, deadline=None)
SOME = settings(max_examples=150, deadline=None)
FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 364).map(lambda n: (FIRST + timedelta(n)).isoformat())
LEVEL = st.sampled_from(LEVELS)

TEXT = """
name = "办法"
version = "1"
valid_from = 2020-01-01
[adoption]
stacking = "{stacking}"
once = "{once}"
credit = {credit}
rules = [
  {{ name = "县级", when = {{ level = "县" }}, points = 5 }},
  {{ name = "市级", when = {{ level = "市" }}, points = 10 }},
  {{ name = "上级", points = 20.5 }},
]
[instruction]
rules = [
  {{ name = "翻番", when = {{ level = "省" }}, multiply = 2 }},
  {{ name = "代替", when = {{ level = "中央" }}, replace = 60 }},
  {{ name = "加", points = 10 }},
]
[fault]
rules = [{{ name = "迟报", points = -2, growth = 2 }}]
[commission]
rules = [{{ name = "约稿", points = 1 }}]
[authors]
split = {split}
[period]
rules = [{period}]
"""
PERIOD = (
    '{ name = "任务", every = "month", count = "adopted", target = 2, full = 10 },'
    ' { name = "封顶", every = "quarter", cap = 40 }'
)
CREDITS = ('"full"', '"equal"', '"half"', '"share"', "{ fixed = [3, 1] }", "{ ratio = [3, 2] }")


@st.composite
def texts(draw: st.DrawFn, *, period: str = "") -> str:
    choose = {
        "stacking": ("sum", "max", "top_levels", "increment"),
        "once": ("none", "level", "tier", "outlet"),
        "credit": CREDITS,
        "split": ('"equal"', '"first"', "[3, 2]"),
    }
    picked = {key: draw(st.sampled_from(values)) for key, values in choose.items()}
    return TEXT.format(**picked, period=period)


def profiles(*, period: str = "") -> st.SearchStrategy[Profile]:
    return texts(period=period).map(read_profile)


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """Up to twenty events; drafts 1–4 belong to units 1–3, items 1–4 have one day each."""
    unit_of = {1: 1, 2: 2, 3: 3, 4: 1}
    days = {item: draw(DAYS) for item in range(1, 5)}
    found: list[Event] = []
    pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
    for number, (draft, item) in enumerate(sorted(draw(st.sets(pairs, max_size=10))), start=1):
        share = Fraction(draw(st.integers(0, 100)), 100)
        level = LEVELS[item - 1]
        authors = ("陈", "李", "王")[: draw(st.integers(0, 3))]
        event = adoption(
            number, days[item], level, unit=unit_of[draft], draft=draft, item=item,
            share=str(float(share)), authors=authors, outlet=f"刊{item}", tier="档",
        )  # fmt: skip
        found.append(event)
    for number in range(20, 20 + draw(st.integers(0, 8))):
        draft, on = draw(st.integers(1, 4)), draw(DAYS)
        kind = draw(st.sampled_from(("instruction", "item", "fault", "commission", "bonus")))
        if kind == "instruction":
            found.append(instruction(number, on, draw(LEVEL), unit=unit_of[draft], draft=draft))
        elif kind == "item":
            found.append(instruction(number, on, draw(LEVEL), draft=None, item=draft))
        elif kind == "fault":
            found.append(fault(number, on, "迟报", unit=unit_of[draft]))
        elif kind == "commission":
            found.append(commission(number, on, draw(DAYS), unit=unit_of[draft]))
        else:
            points = draw(st.integers(-5000, 5000))
            found.append(bonus(number, on, points, unit=unit_of[draft]))
    return found


def by(found: tuple[Entry, ...], key: str) -> dict[object, int]:
    sums: dict[object, int] = defaultdict(int)
    for entry in found:
        sums[getattr(entry, key)] += entry.thousandths
    return sums


def total(found: tuple[Entry, ...]) -> int:
    return sum(entry.thousandths for entry in found)


@SOME
@given(profiles(period=PERIOD), happenings(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    rules: Profile, events: list[Event], by_chance
) -> None:
    shuffled = list(events)
    by_chance.shuffle(shuffled)
    year = ("2026-01-01", "2027-01-01")
    assert entries(rules, shuffled, *year) == entries(rules, events, *year)


@SOME
@given(profiles(period=PERIOD), happenings(), st.data())
def test_periods_add_up_to_the_year_and_later_events_leave_them_alone(
    rules: Profile, events: list[Event], data: st.DataObject
) -> None:
    """Any cut: the same lines on both sides; 31 December in the year, 1 January not."""
    year = entries(rules, events, "2026-01-01", "2027-01-01")
    cut = data.draw(DAYS)
    first = entries(rules, events, "2026-01-01", cut)
    assert first + entries(rules, events, cut, "2027-01-01") == year
    # An instruction on an item waits for the item to be printed; all else looks back only.
    plain = [e for e in events if e.section != "instruction" or e.draft_id]
    known = [e for e in plain if e.section == "commission" or e.day < date.fromisoformat(cut)]
    bounds = ("2026-01-01", cut)
    assert entries(rules, known, *bounds) == entries(rules, plain, *bounds)


@SOME
@given(profiles(), happenings())
def test_sums_by_unit_by_draft_and_by_event_are_one(rules: Profile, events: list[Event]) -> None:
    found = entries(rules, events)
    whole = total(found)
    assert whole == sum(by(found, "unit_id").values()) == sum(by(found, "draft_id").values())
    assert whole == sum(by(found, "event_id").values())
    assert {e.id for e in events if e.section in ("bonus", "fault")} <= set(by(found, "event_id"))


@MANY
@given(
    st.integers(0, 10**6),
    st.sampled_from(("full", "equal", "half", "share", "ratio", "fixed")),
    st.lists(st.integers(0, 100), min_size=1, max_size=6),
    st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any),
)
def test_shared_credit_never_exceeds_its_bound(
    thousandths: int, how: str, shares: list[int], parts: list[int]
) -> None:
    value, n = Fraction(thousandths, 1000), len(shares)
    credit = Credit.model_validate({"how": how, "parts": [Fraction(p) for p in parts]})
    given_shares = [Fraction(share, 100) for share in sorted(shares, reverse=True)]
    got = [credited(value, credit, position, given_shares)[0] for position in range(n)]
    bounds = {
        "full": value * n, "equal": value, "share": value, "ratio": value,
        "half": max(value, value * n / 2), "fixed": max(value, Fraction(max(parts)) * n),
    }  # fmt: skip
    assert sum(got) <= bounds[how]
    assert all(part >= 0 for part in got)
    if how in ("equal", "share", "ratio"):
        assert sum(got) == value  # exact before rounding, which only drops


@MANY
@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_what_authors_get_adds_up(points: int, weights: list[int]) -> None:
    assert sum(split_among(points, [Fraction(weight) for weight in weights])) == points


STEPS = st.lists(
    st.builds(Step, st.integers(0, 60000), st.integers(-1, 3), st.sampled_from(("", "a", "b"))),
    max_size=8,
)


@MANY
@given(STEPS, st.sampled_from(("sum", "max", "top_levels", "increment")))
def test_no_policy_gives_more_than_the_sum_or_less_than_nothing(
    steps: list[Step], stacking: str
) -> None:
    for once in ("none", "level"):
        policy = DraftSection.model_construct(stacking=stacking, top=2, once=once)
        values = [step.value for step in steps]
        most = max(values, default=0) if stacking == "max" else sum(values)
        assert 0 <= worth(steps, policy) <= most


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_spans_tile_the_days(start: date, length: int) -> None:
    end = start + timedelta(length)
    for every in MONTHS:
        spans = list(spans_ending(every, start, end))
        assert all(start <= span.last < end for span in spans)
        assert [a.end for a in spans[:-1]] == [b.start for b in spans[1:]]
        assert span_of(every, date(2026, 12, 31)).end == date(2027, 1, 1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Drafts 1–6 of units 1–3, items 1–4 over four levels, a profile; events to come."""
    folder: Path = tmp_path_factory.mktemp("ledger")
    office = Office(folder)
    for name in ("甲县", "乙县", "丙局"):
        office.unit(name)
    for number in range(6):
        office.draft(number % 3 + 1, "2026-06-01", author="陈小满、李一舟" if number % 2 else "")
    for number, level in enumerate(LEVELS):
        office.item(level, f"2026-0{number + 6}-30")
    yield office
    office.db.close()


def standing(office: Office) -> list[tuple[object, ...]]:
    lines = ledger_lines(office.db, profile="办法甲")
    keys = ("unit_id", "author", "draft_id", "item_id", "rule", "points", "effective_on", "period")
    return sorted((tuple(line[key] for key in keys) for line in lines), key=repr)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4)), min_size=1, max_size=4, unique=True),
    st.integers(0, 10),
)
def test_adopting_and_taking_back_is_identity_in_the_ledger(
    office: Office, pairs: list[tuple[int, int]], tenths: int
) -> None:
    """Whatever stood before stands after, and the ledger agrees with itself at every step."""
    text = TEXT.format(
        stacking="max", once="none", credit='"equal"', split="[3, 2]", period=PERIOD
    ).replace('"办法"', '"办法甲"')
    rules = add_profile(office.db, text)
    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    settle(office.db, rules, year, on=date(2027, 1, 1))
    before = standing(office)
    made = [office.adopt(draft, item, tenths / 10) for draft, item in pairs]
    made.append(office.event("instruction", item_id=1, level="市", happened_on="2026-12-31"))
    done = settle(office.db, rules, year, on=date(2027, 1, 1))
    conn = raw(office.db)
    [everything] = conn.execute(
        "SELECT sum(points) FROM award WHERE profile_id = ?", (rules,)
    ).fetchone()
    assert (
        everything == done.points == round(1000 * sum(float(str(r[5])) for r in standing(office)))
    )
    for event in made:
        office.undo(event)
    settle(office.db, rules, year, on=date(2027, 1, 1))
    assert standing(office) == before


@SOME
@given(texts(), happenings())
def test_an_old_profile_gives_the_old_figures_again(text: str, events: list[Event]) -> None:
    """The text alone decides: read again, asked years later, it says the same."""
    bounds = (date(2026, 1, 1), date(2027, 1, 1))
    first = compute(read_profile(text), events, UNITS, *bounds, today=date(2027, 1, 1))
    assert compute(read_profile(text), events, UNITS, *bounds, today=date(2035, 1, 1)) == first
