"""Choosing a theme model by hand: the built-in one, or any that was ever adopted.

A choice is one more row in the record of models, so the next choice undoes it, and what was tagged
meanwhile keeps its version. Learning goes on from the model that was chosen.
"""

from __future__ import annotations

from dataclasses import replace

from flows.learning import LEASE
from flows.models import ModelUnusable, recorded_model
from flows.office import Busy, Office
from storage import lease
from storage.models import Training, adopted_models, last_learned, record_training

BUILT_IN = "内置"
"""What a person calls the model that is shipped."""


class NoSuchModel(ValueError):
    """The model cannot be chosen; the message is one Chinese sentence."""


def choose_by_hand(office: Office, version: str, who: str = "") -> str:
    """Use the model ``version`` (:data:`BUILT_IN` for the shipped one) from now on.

    Returns its version. Raises NoSuchModel for one that was never adopted or whose file cannot be
    used, Busy while somebody is learning.
    """
    held = lease.acquire(office.db, LEASE)
    if held is None:
        raise Busy("学习任务正在运行，请等它做完再选模型。")
    try:
        chosen = _built_in() if version == BUILT_IN else _learned(office, version)
        last = last_learned(office.db)  # nothing is learned by a choice
        record_training(
            office.db,
            replace(chosen, last_decision=last, metrics={}, outcome="chosen", who=who),
        )
        return chosen.version
    finally:
        lease.release(office.db, held)


def _learned(office: Office, version: str) -> Training:
    known = adopted_models(office.db)
    if version not in known:
        names = "、".join([BUILT_IN, *known])
        raise NoSuchModel(f"没有采用过主题模型“{version}”（可选：{names}）。")
    try:
        recorded_model(office.settings, known[version].file, known[version].sha256)
    except ModelUnusable as unusable:
        raise NoSuchModel(f"{unusable}，不能选用，仍用原来的模型。") from None
    return known[version]


def _built_in() -> Training:
    from nlp.themes import ThemeModel

    model = ThemeModel.load()
    return Training(
        version=model.version,
        file="",
        sha256="",
        training_hash=str(model.metadata["corpus"]),
        taxonomy_version=str(model.metadata["taxonomy"]),
        samples=int(model.metadata["samples"]),
        decisions=0,
        held_out=0,
        last_decision=0,
        metrics={},
        outcome="chosen",
    )
