"""Which theme model a working folder uses, with which lexicon and taxonomy.

A model that cannot be used costs one sentence and nothing else: the built-in one takes its place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.taxonomy import Taxonomy, TaxonomyRefused
from storage.connection import Database, open_database
from storage.errors import why
from storage.models import model_in_use
from zugao.settings import Settings, SettingsError

if TYPE_CHECKING:
    from nlp.analyse import Analyst
    from nlp.lexicon import Lexicon
    from nlp.segment import Segmenter
    from nlp.themes import ThemeModel

FOLDER = "models"
"""Where learned models lie, in the working folder."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model file to use, None for the built-in one, and a sentence if something is amiss."""

    path: Path | None = None
    notice: str = ""


class ModelUnusable(ValueError):
    """A learned model that cannot be used; the message says why, without a full stop."""


def choose(settings: Settings, db: Database) -> Chosen:
    """The model in use: its file is there, is the one that was recorded, and can be loaded."""
    from nlp.themes import ThemeModel

    known = model_in_use(db)
    if known is None:
        own = bool(settings.themes.taxonomy)  # the shipped model belongs to the shipped taxonomy
        return Chosen(None, _other_taxonomy(settings, ThemeModel.load()) if own else "")
    try:
        path, model = recorded_model(settings, *known)
    except ModelUnusable as unusable:
        return _fallback(str(unusable))
    return Chosen(path, _other_taxonomy(settings, model))


def recorded_model(settings: Settings, name: str, digest: str) -> tuple[Path, ThemeModel]:
    """A learned model by the file name and SHA-256 of its record. Raises ModelUnusable."""
    from nlp.themes import ModelRefused, ThemeModel

    path = settings.home / FOLDER / Path(name).name
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise ModelUnusable(f"主题模型{name}与登记的不符，可能被改动或损坏")
        return path, ThemeModel.load(path)
    except OSError as error:
        raise ModelUnusable(f"主题模型{name}读不了（{why(error)}）") from None
    except ModelRefused as refused:
        raise ModelUnusable(str(refused).split("，")[0]) from None


def _other_taxonomy(settings: Settings, model: ThemeModel) -> str:
    """A sentence if the model speaks the codes of another taxonomy than the settings have."""
    version = taxonomy_of(settings).version
    if model.metadata["taxonomy"] == version:
        return ""
    return (
        f"主题体系已改为“{version}”，模型还按旧体系判断；"
        "请运行 zugao learn --now，再运行 zugao retag。"
    )


def _fallback(why: str) -> Chosen:
    return Chosen(None, f"{why}，这次改用内置模型；运行 zugao learn --now 可重新学习。")


def taxonomy_of(settings: Settings) -> Taxonomy:
    """The office's own taxonomy, else the shipped one. Raises SettingsError with a sentence."""
    path = settings.under_home(settings.themes.taxonomy)
    try:
        return Taxonomy.load(path)
    except TaxonomyRefused as refused:
        raise SettingsError(f"{refused}。") from None
    except OSError as error:
        raise SettingsError(
            f"主题体系文件 {path} 读不了（{why(error)}），请检查设置 themes.taxonomy。"
        ) from None


def lexicon_of(settings: Settings) -> Lexicon:
    """The shipped lexicon with the office's additions. Raises SettingsError with a sentence."""
    from nlp.lexicon import Lexicon, LexiconRefused

    path = settings.under_home(settings.themes.lexicon)
    try:
        return Lexicon.load(office=path)
    except LexiconRefused as refused:
        raise SettingsError(f"{refused}。") from None
    except OSError as error:
        raise SettingsError(
            f"主题词表文件 {path} 读不了（{why(error)}），请检查设置 themes.lexicon。"
        ) from None


def segmenter_of(settings: Settings) -> Segmenter:
    """The segmenter with the office's dictionary. Raises SettingsError with a sentence."""
    from nlp.segment import DictionaryError, segmenter

    path = settings.under_home(settings.themes.dictionary)
    try:
        return segmenter(path)
    except DictionaryError as refused:
        raise SettingsError(f"词典文件 {path} 用不了：{refused}") from None
    except OSError:
        raise SettingsError(
            f"词典文件 {path} 读不了，请检查设置 themes.dictionary 和文件权限。"
        ) from None


def load_model(settings: Settings, path: Path | None) -> ThemeModel:
    """The model with the office's lexicon, whose changes show in the version of its tags."""
    from nlp.themes import ThemeModel

    lexicon = lexicon_of(settings)
    model = ThemeModel.load(path, lexicon)
    if not settings.themes.lexicon:
        return model
    version = f"{model.version}+词表{lexicon.digest[:6]}"
    return replace(model, metadata={**model.metadata, "version": version})


def make_analyst(settings: Settings, model: Path | None = None) -> Analyst:
    """The analyst that the settings describe: model, dictionary, lexicon, limits."""
    from nlp.analyse import Analyst
    from nlp.focus import Matcher

    cutter = segmenter_of(settings)
    topics = settings.topics()
    return Analyst(
        model=load_model(settings, model),
        segmenter=cutter,
        focus=Matcher.of(topics, cutter) if topics else None,
        length_rules=settings.length_rules(),
        form_rules=settings.form.rules(),
    )


def analyst_in_use(settings: Settings) -> tuple[Analyst, str]:
    """The analyst with the model in use, and a sentence if the built-in one had to step in."""
    if not settings.database.exists():
        return make_analyst(settings), ""
    db = open_database(settings.database, readonly=True)
    try:
        chosen = choose(settings, db)
    finally:
        db.close()
    return make_analyst(settings, chosen.path), chosen.notice
