"""Theme models at rest: one ``.npz`` of plain arrays, with JSON as bytes for everything else.

Never pickle. A file is checked for size before it is opened, for format, shapes and finite
numbers after; whatever is wrong becomes one sentence, so that the caller can go on with the
built-in model.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from nlp.lexicon import Lexicon
from nlp.pairs import Keys, sorted_keys
from nlp.themes import FORMAT, ModelRefused, PairVocabulary, TermTable, ThemeModel, Vocabulary

_LARGEST = 64 * 2**20
_ARRAYS = ("words_idf", "pairs_idf", "word_weights", "pair_weights", "dense_weights", "bias")


def write_model(model: ThemeModel, path: Path) -> None:
    """Write aside, then rename: a reader sees the old file or the new one, never half of one."""
    names = {
        "codes": model.codes,
        "words": list(model.words.rows),
        "pairs": model.pairs.pairs,
        "term_idf": _term_idf(model.table),
        "temperature": model.temperature,
        "parents": dict(model.parents),
        "metadata": {**model.metadata, "format": FORMAT},
    }
    text = json.dumps(names, ensure_ascii=False, sort_keys=True)
    # Half precision: the file is a third as large, probabilities move by less than 0.001.
    arrays: dict[str, Any] = {
        "words_idf": model.words.idf,
        "pairs_idf": model.pairs.idf,
        "word_weights": model.word_weights.astype(np.float16),
        "pair_weights": model.pair_weights.astype(np.float16),
        "dense_weights": model.dense_weights,
        "bias": model.bias,
    }
    aside = path.with_name(path.name + ".part")
    with aside.open("wb") as file:
        np.savez_compressed(file, names=np.frombuffer(text.encode(), dtype=np.uint8), **arrays)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _term_idf(table: TermTable) -> dict[str, float]:
    return {term: round(float(table.idf[row]), 4) for term, row in table.rows.items()}


def read_model(path: Path | None, lexicon: Lexicon) -> ThemeModel:
    """Read a model file (the shipped one for None) to score with ``lexicon``.

    Raises ModelRefused for a file that is missing, damaged, foreign or of another format.
    """
    name = path.name if path else "themes.npz"
    try:
        data = (path or files("nlp") / "data" / "themes.npz").read_bytes()
        names, arrays = _unpack(data)
        return _assemble(names, arrays, lexicon)
    except ModelRefused:
        raise
    except OSError as error:
        raise ModelRefused(f"主题模型{name}读不了（{error.strerror}），改用内置模型") from error
    except Exception as error:  # whatever a foreign file provokes, it is not a model
        raise ModelRefused(f"主题模型{name}已损坏或不是本系统的模型，改用内置模型") from error


def _unpack(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    if len(data) > _LARGEST:
        raise ValueError("file too large")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > 4 * _LARGEST:
            raise ValueError("contents too large")
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        names = json.loads(archive["names"].tobytes().decode())
        return names, {key: archive[key].astype(np.float32) for key in _ARRAYS}


def _assemble(
    names: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]], lexicon: Lexicon
) -> ThemeModel:
    metadata = names["metadata"]
    if metadata["format"] != FORMAT:
        raise ModelRefused(
            f"主题模型是第{metadata['format']}版格式，本系统用第{FORMAT}版，请重新训练"
        )
    codes = tuple(names["codes"])
    shapes = {
        "words_idf": (len(names["words"]),),
        "pairs_idf": (len(names["pairs"]),),
        "word_weights": (len(names["words"]), len(codes)),
        "pair_weights": (len(names["pairs"]), len(codes)),
        "dense_weights": (2 * len(codes) + 1, len(codes)),
        "bias": (len(codes),),
    }
    for key, shape in shapes.items():
        if arrays[key].shape != shape or not np.isfinite(arrays[key]).all():
            raise ValueError(f"bad array {key}")
    return ThemeModel(
        codes,
        _vocabulary(names["words"], arrays["words_idf"]),
        PairVocabulary(tuple(names["pairs"]), _pair_keys(names["pairs"]), arrays["pairs_idf"]),
        TermTable.of(lexicon, codes, names["term_idf"]),
        arrays["word_weights"],
        arrays["pair_weights"],
        arrays["dense_weights"],
        arrays["bias"],
        float(names["temperature"]),
        names["parents"],
        lexicon,
        metadata,
    )


def _pair_keys(pairs: list[str]) -> Keys:
    """Codes of pairs that are in ascending order of code; ValueError if they are not."""
    order, keys = sorted_keys(pairs)
    if order != pairs:
        raise ValueError("pairs out of order")
    return keys


def _vocabulary(keys: list[str], idf: np.ndarray[Any, Any]) -> Vocabulary:
    return Vocabulary({key: row for row, key in enumerate(keys)}, idf)
