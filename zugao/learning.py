"""``zugao learn`` and ``zugao retag``: the model grows with what editors decide."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.choosing import BUILT_IN, NoSuchModel, choose_by_hand
from flows.office import Busy, open_office
from flows.steps import Report
from zugao.console import Exit, Problem
from zugao.settings import load_settings

__all__ = [
    "BUILT_IN",
    "learn_once",
    "learned_as_dict",
    "refocus_once",
    "regenre_once",
    "retag_once",
    "use_model",
]

if TYPE_CHECKING:
    from flows.learning import Learned


def learn_once(home: Path, *, now: bool) -> Learned:
    """Train and compare if it is time. Raises Problem (BUSY) if somebody else is learning."""
    from flows.learning import learn

    try:
        with open_office(load_settings(home)) as office:
            return learn(office, now=now)
    except Busy as busy:
        raise Problem(str(busy), Exit.BUSY) from None


def learned_as_dict(learned: Learned) -> dict[str, Any]:
    """The ``--json`` shape of ``zugao learn``."""
    return {**dataclasses.asdict(learned), "metrics": dict(learned.metrics or {})}


def use_model(home: Path, version: str, who: str) -> str:
    """Use a model chosen by hand; returns its version. Raises Problem with a sentence."""
    try:
        with open_office(load_settings(home)) as office:
            return choose_by_hand(office, version, who)
    except NoSuchModel as unknown:
        raise Problem(str(unknown)) from None
    except Busy as busy:
        raise Problem(str(busy), Exit.BUSY) from None


def retag_once(home: Path, report: Report, say: Callable[[str], object]) -> dict[str, Any]:
    """Tag again what another model judged; ``say`` is told if the built-in model stepped in."""
    from flows.retagging import retag_all

    with open_office(load_settings(home)) as office:
        done, version, notice = retag_all(office, report)
    if notice:
        say(notice)
    return {"drafts": done.drafts, "changed": done.changed, "model": version}


def refocus_once(home: Path, report: Report) -> dict[str, Any]:
    """Match every draft with the topics of the settings anew."""
    from flows.retagging import refocus_all

    with open_office(load_settings(home)) as office:
        drafts, matched = refocus_all(office, report)
    return {"drafts": drafts, "matched": matched}


def regenre_once(home: Path, report: Report) -> dict[str, Any]:
    """Judge genres anew by the present rules."""
    from flows.retagging import regenre_all

    with open_office(load_settings(home)) as office:
        drafts, changed = regenre_all(office, report)
    return {"drafts": drafts, "changed": changed}
