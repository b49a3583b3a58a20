"""Learning: train anew on the starter drafts and on what people decided; switch only if better.

A fifth of the decided drafts, always the same ones, never takes part in training. On these the new
model and the one in use are compared: the new one is adopted if it is right more often, or as
often with the smaller log loss. The model that was measured is the model that is used.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from flows.models import FOLDER, choose, lexicon_of, load_model, taxonomy_of
from flows.office import Busy, Office, remember_taxonomy
from nlp.starter import Sample
from nlp.taxonomy import NONE, Taxonomy
from storage import lease
from storage.decisions import Labelled, decisions_since, labelled
from storage.models import Training, last_learned, record_training

if TYPE_CHECKING:
    from nlp.themes import ThemeModel

LEASE = "learning"
HELD_OUT = 5
"""One in so many families of drafts is held out."""
LEAST_HELD_OUT = 5
"""Drafts that a comparison needs."""
LEAST_SAMPLES = 5
"""Training drafts that an aspect needs: as many as cross-validation has folds."""
LEAST_ASPECTS = 2
_FLOOR = 1e-6

State = Literal["waiting", "kept", "adopted"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of it, with one Chinese sentence; figures are those of the held-out drafts."""

    state: State
    sentence: str
    version: str = ""
    decisions: int = 0
    held_out: int = 0
    metrics: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class _Material:
    """What a training is made from, and what it is measured on."""

    samples: list[Sample]
    held_out: list[Sample]
    taxonomy: Taxonomy  # only aspects with enough samples
    scarce: tuple[str, ...]  # the others
    decisions: int  # of people, in samples
    last_decision: int


def learn(office: Office, *, now: bool = False) -> Learned:
    """Train if enough new decisions are in (or ``now``), compare, and switch if better.

    Raises Busy if somebody else is learning; SettingsError, StorageError.
    """
    held = lease.acquire(office.db, LEASE)
    if held is None:
        raise Busy("另一个学习任务正在运行，这次没有做。")
    try:
        return _learn(office, now=now)
    finally:
        lease.release(office.db, held)


def _learn(office: Office, *, now: bool) -> Learned:
    settings = office.settings
    remember_taxonomy(office)
    new = decisions_since(office.db, last_learned(office.db))
    chosen = choose(settings, office.db)
    present = load_model(settings, chosen.path)
    taxonomy = taxonomy_of(settings)
    foreign = present.metadata["taxonomy"] != taxonomy.version
    if not (now or foreign or chosen.notice or new >= settings.learning.least_new):
        least = settings.learning.least_new
        return Learned(
            "waiting",
            f"新的审核意见 {new} 条，满 {least} 条才重新学习（zugao learn --now 可立即学）。",
        )
    material = gather_material(labelled(office.db), taxonomy)
    if not material.decisions and not foreign:
        return Learned("waiting", "还没有可以学的审核意见：先用 zugao decide 定一些稿件的主题。")
    if len(material.taxonomy.codes) < LEAST_ASPECTS:
        return Learned(
            "waiting",
            f"主题体系里有 {LEAST_SAMPLES} 篇以上训练稿的方面不足 {LEAST_ASPECTS} 个，无法训练；"
            "请先用 zugao decide 定一些稿件的主题。",
        )
    if len(material.held_out) < LEAST_HELD_OUT and not foreign:
        count = len(material.held_out)
        return Learned(
            "waiting",
            f"留作检验的稿件只有 {count} 篇，不足 {LEAST_HELD_OUT} 篇，无法比较新旧，"
            "请再定一些稿件的主题。",
        )
    candidate = _train(office, material)
    if candidate.metadata["corpus"] == present.metadata["corpus"]:
        return Learned("waiting", "审核意见和上次学习时一样，模型不变。", present.version)
    if foreign:
        successors = taxonomy.successors()
        metrics = compare(present, candidate, material.held_out, successors, office)
        return _adopt(office, candidate, material, metrics, "主题体系已改，新模型按新体系训练")
    metrics = compare(present, candidate, material.held_out, {}, office)
    words = (
        f"检验稿 {len(material.held_out)} 篇，正确率"
        f"原模型 {metrics['accuracy_before']:.1%}、新模型 {metrics['accuracy']:.1%}"
    )
    if _better(metrics):
        return _adopt(office, candidate, material, metrics, words)
    return _keep(office, candidate, material, metrics, words + "，不比原来的好")


def gather_material(decided: Sequence[Labelled], taxonomy: Taxonomy) -> _Material:
    """Starter drafts and decided ones in terms of ``taxonomy``; families stay on one side.

    Labels of aspects that were retired without a successor are left out.
    """
    from nlp import starter

    successors = taxonomy.successors()
    known = {*taxonomy.codes, NONE}
    samples = [_renamed(sample, successors) for sample in starter.load()]
    own = [_renamed(_sample(label), successors) for label in decided]
    kept = [
        (sample, label)
        for sample, label in zip(own, decided, strict=True)
        if sample.theme in known and (sample.text or sample.title)
    ]
    held_out = [sample for sample, label in kept if is_held_out(label.family)]
    taught = [sample for sample, label in kept if not is_held_out(label.family)]
    samples = [s for s in samples if s.theme in known] + taught
    counts = Counter(sample.theme for sample in samples)
    scarce = tuple(code for code in taxonomy.codes if counts[code] < LEAST_SAMPLES)
    usable = tuple(a for a in taxonomy.aspects if a.code not in scarce)
    return _Material(
        [s for s in samples if s.theme not in scarce],
        held_out,
        replace(taxonomy, aspects=usable),
        scarce,
        sum(s.theme not in scarce for s in taught),
        max((label.decision_id for label in decided), default=0),
    )


def is_held_out(family: int) -> bool:
    """Whether drafts of this family are for measuring only: the same answer for ever."""
    return hashlib.sha256(str(family).encode()).digest()[0] % HELD_OUT == 0


def _sample(label: Labelled) -> Sample:
    name = f"draft-{label.draft_id}"
    return Sample(name, label.theme, label.secondary, label.genre, "", label.title, label.text)


def _renamed(sample: Sample, successors: Mapping[str, str]) -> Sample:
    return replace(sample, theme=successors.get(sample.theme, sample.theme))


def _train(office: Office, material: _Material) -> ThemeModel:
    from nlp.segment import segmenter
    from nlp.training import train

    settings = office.settings
    cutter = segmenter(settings.under_home(settings.themes.dictionary))
    return train(material.samples, lexicon_of(settings), material.taxonomy, cutter)


def compare(
    present: ThemeModel,
    candidate: ThemeModel,
    held_out: Sequence[Sample],
    successors: Mapping[str, str],
    office: Office,
) -> dict[str, float]:
    """Accuracy and log loss of both models on the held-out drafts; {} without any.

    What the present model says of a retired aspect counts for its successor.
    """
    from nlp.segment import segmenter
    from nlp.training import evidence

    if not held_out:
        return {}
    settings = office.settings
    cutter = segmenter(settings.under_home(settings.themes.dictionary))
    documents = evidence(held_out, candidate.lexicon, cutter)
    figures: dict[str, float] = {"held_out": len(held_out)}
    for suffix, model in (("_before", present), ("", candidate)):
        codes = [successors.get(code, code) for code in model.codes]
        right, loss = _judged(model.probabilities(documents), codes, [s.theme for s in held_out])
        figures[f"accuracy{suffix}"] = round(right, 4)
        figures[f"log_loss{suffix}"] = round(loss, 4)
    return figures


def _judged(chances: Any, codes: Sequence[str], truth: Sequence[str]) -> tuple[float, float]:
    """Accuracy and mean log loss; columns of one code are added up."""
    names = sorted(set(codes))
    merged = np.stack([chances[:, [c == name for c in codes]].sum(axis=1) for name in names], 1)
    chosen = [names[column] for column in merged.argmax(axis=1)]
    given = [
        float(row[names.index(code)]) if code in names else 0.0
        for row, code in zip(merged, truth, strict=True)
    ]
    right = float(np.mean([c == t for c, t in zip(chosen, truth, strict=True)]))
    return right, float(-np.log(np.maximum(given, _FLOOR)).mean())


def _better(metrics: Mapping[str, float]) -> bool:
    """More often right, or as often with the smaller log loss."""
    return (metrics["accuracy"], -metrics["log_loss"]) > (
        metrics["accuracy_before"],
        -metrics["log_loss_before"],
    )


def _adopt(
    office: Office,
    candidate: ThemeModel,
    material: _Material,
    metrics: Mapping[str, float],
    words: str,
) -> Learned:
    from nlp.model_file import write_model

    folder = office.settings.home / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"themes-{candidate.version}.npz"
    write_model(candidate, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    training = _training(candidate, material, metrics)
    record_training(office.db, replace(training, file=path.name, sha256=digest, outcome="adopted"))
    sentence = f"已换用新模型 {candidate.version}（审核意见 {material.decisions} 条）：{words}。"
    if material.scarce:
        scarce = "、".join(material.scarce)
        sentence += f"{scarce} 的训练稿不足 {LEAST_SAMPLES} 篇，模型暂不判断这些方面。"
    return Learned(
        "adopted",
        sentence + "运行 zugao retag 可用它重判以前的稿件。",
        candidate.version,
        material.decisions,
        len(material.held_out),
        metrics,
    )


def _keep(
    office: Office,
    candidate: ThemeModel,
    material: _Material,
    metrics: Mapping[str, float],
    words: str,
) -> Learned:
    record_training(office.db, _training(candidate, material, metrics))
    return Learned(
        "kept",
        f"仍用原来的模型：{words}。",
        candidate.version,
        material.decisions,
        len(material.held_out),
        metrics,
    )


def _training(candidate: ThemeModel, material: _Material, metrics: Mapping[str, float]) -> Training:
    own = {f"cross_validation_{k}": v for k, v in candidate.metadata["metrics"].items()}
    return Training(
        version=candidate.version,
        file="",
        sha256="",
        training_hash=str(candidate.metadata["corpus"]),
        taxonomy_version=str(candidate.metadata["taxonomy"]),
        samples=len(material.samples),
        decisions=material.decisions,
        held_out=len(material.held_out),
        last_decision=material.last_decision,
        metrics={**metrics, **own},
        outcome="kept",
    )
