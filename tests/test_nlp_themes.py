"""Theme model: features, verdicts, explanation, training, and files that are no models."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nlp import starter, training
from nlp.evidence import WeightedWords, cut, gather, mask_sender
from nlp.lexicon import Lexicon
from nlp.measures import auroc, calibration_error, coverage_at, fit_temperature, macro_f1
from nlp.model_file import write_model
from nlp.segment import segmenter
from nlp.taxonomy import NONE, Taxonomy
from nlp.text import fold
from nlp.themes import FORMAT, PRIMARY, SECONDARY, ModelRefused, ThemeModel, softened
from nlp.types import Draft, Paragraph


@pytest.fixture(scope="module")
def model() -> ThemeModel:
    return ThemeModel.load()


@pytest.fixture(scope="module")
def retrained() -> ThemeModel:
    return training.train(starter.load(), Lexicon.load(), Taxonomy.load(), segmenter())


def draft(title: str, *lines: str, unit: str = "") -> Draft:
    paragraphs = (Paragraph("title", "", title), *(Paragraph("body", "", line) for line in lines))
    return Draft(1, title, paragraphs, unit=unit)


def evidence(given: Draft, model: ThemeModel) -> WeightedWords:
    content = fold(given.text, given.ranges())
    return gather(given, cut(given, segmenter()), content, model.lexicon)


JOINING = draft(
    "临溪县从严抓好发展党员工作",
    "临溪县对入党积极分子逐人建档，发展对象一律公示，预备党员按期转正，入党材料由组织员预审。",
    "对两年以上没有发展党员的村，逐村分析原因，从返乡青年中培养入党申请人。",
)
FAIR = draft(
    "县城花卉市场开张", "周末的花卉市场里，百合、月季摆满货架，商家打折促销，顾客络绎不绝。"
)

UNSURE = draft(
    "工作简讯", "县里召开会议，听取干部、人才、党员、社区和老同志等各方面情况，研究下一步打算。"
)


def test_primary_theme_of_a_plain_case(model: ThemeModel) -> None:
    verdict = model.predict([evidence(JOINING, model)])[0]
    assert verdict.themes[0].code == "B1"
    assert verdict.themes[0].probability >= PRIMARY
    assert verdict.category == "B"
    assert verdict.category_probability >= verdict.themes[0].probability
    assert verdict.nearest[0] == verdict.themes[0]
    assert len({theme.code for theme in verdict.nearest}) == 3


def test_terms_are_found_for_what_is_shown(model: ThemeModel) -> None:
    sure, open_ = model.predict([evidence(JOINING, model), evidence(UNSURE, model)])
    assert len(sure.themes) == 1
    assert [bool(theme.terms) for theme in sure.nearest] == [True, False, False]
    assert open_.themes == ()
    assert [bool(theme.terms) for theme in open_.nearest] == [True, True, False]


def test_text_of_no_aspect_is_left_open(model: ThemeModel) -> None:
    verdict = model.predict([evidence(FAIR, model)])[0]
    assert verdict.themes == ()
    assert verdict.category == ""
    assert verdict.none > 0.5
    assert len(verdict.nearest) == 3


def test_terms_carry_the_theme_and_stand_where_they_say(model: ThemeModel) -> None:
    theme = model.predict([evidence(JOINING, model)])[0].themes[0]
    assert 1 <= len(theme.terms) <= 8
    assert "发展党员" in {term.text for term in theme.terms}
    for term in theme.terms:
        assert JOINING.text[term.start : term.end] == term.text
        assert JOINING.text.count(term.text, 0, term.start) == 0 or term.start > len(JOINING.title)
    weights = [term.weight for term in theme.terms]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_terms_are_located_behind_traditional_script_and_quotes(model: ThemeModel) -> None:
    given = draft("關於發展黨員", "做好“發展黨員”工作，入黨積極分子、預備黨員按期轉正。")
    theme = model.predict([evidence(given, model)])[0].themes[0]
    assert theme.code == "B1"
    found = {term.text: given.text[term.start : term.end] for term in theme.terms}
    assert found["发展党员"] == "發展黨員"


def test_probabilities_are_a_distribution_and_a_batch_changes_nothing(model: ThemeModel) -> None:
    documents = [evidence(sample.draft(), model) for sample in starter.load()[::29]]
    together = model.probabilities(documents)
    assert together.shape == (len(documents), 20)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    for row, document in zip(together, documents, strict=True):
        np.testing.assert_array_equal(model.probabilities([document])[0], row)
    assert model.predict(documents) == [model.predict([d])[0] for d in documents]
    assert model.probabilities([]).shape == (0, 20)
    assert model.predict([]) == []


def test_who_sent_a_draft_does_not_decide(model: ThemeModel) -> None:
    lines = ("近日，机关党员到社区报到，认领居民微心愿，帮助小区清理楼道。",)
    plain = draft("机关党员到社区报到", *lines)
    signed = Draft(
        1,
        "望川县委老干部局机关党员到社区报到",
        (
            Paragraph("title", "", "望川县委老干部局机关党员到社区报到"),
            Paragraph("byline", "", "（望川县委老干部局 离退休干部党支部）"),
            Paragraph("body", "", lines[0]),
            Paragraph("signature", "", "望川县委老干部局"),
            Paragraph("attachment", "", "附件：老年大学离退休干部名册"),
        ),
        unit="望川县委老干部局",
    )
    one, other = model.probabilities([evidence(plain, model), evidence(signed, model)])
    np.testing.assert_array_equal(one, other)
    # the control: the same words as content do move the verdict
    moved = draft(plain.title, *lines, "老年大学离退休干部、望川县委老干部局离退休干部党支部。")
    assert np.abs(model.probabilities([evidence(moved, model)])[0] - one).max() > 0.05


@pytest.mark.parametrize(
    ("title", "unit", "left"),
    [
        ("临溪县抓实村干部培训", "", "抓实村干部培训"),
        ("云岭省宁澜市苍浦区推行小区治理", "", "推行小区治理"),
        ("禾阳县委组织部开设夜校", "", "委组织部开设夜校"),
        ("青石社区党委书记", "", "青石社区党委书记"),
        ("城关供电所党支部换届", "城关供电所", "党支部换届"),
        ("发展党员", "", "发展党员"),
        ("", "", ""),
    ],
)
def test_places_and_units_are_masked_in_titles(title: str, unit: str, left: str) -> None:
    expected = left.removeprefix("委组织部")
    assert mask_sender(title, unit) == expected


def test_shipped_model_is_made_of_the_current_data(model: ThemeModel) -> None:
    current = training.corpus_hash(starter.load(), Lexicon.load(), Taxonomy.load())
    assert model.metadata["corpus"] == current, "重建模型：python -m nlp.training"
    assert model.version == f"{Taxonomy.load().version}-{current[:8]}"
    assert model.codes == (*Taxonomy.load().codes, NONE)


def test_training_again_gives_the_same_primaries(model: ThemeModel, retrained: ThemeModel) -> None:
    documents = [evidence(sample.draft(), model) for sample in starter.load()]
    shipped, again = model.probabilities(documents), retrained.probabilities(documents)
    np.testing.assert_array_equal(shipped.argmax(axis=1), again.argmax(axis=1))
    np.testing.assert_allclose(shipped, again, atol=0.01)
    assert retrained.metadata["metrics"] == model.metadata["metrics"]


def test_shipped_model_knows_its_own_corpus(model: ThemeModel) -> None:
    samples = starter.load()
    chances = model.probabilities([evidence(sample.draft(), model) for sample in samples])
    chosen = [model.codes[column] for column in chances.argmax(axis=1)]
    wrong = [s.id for s, code in zip(samples, chosen, strict=True) if s.theme != code]
    assert len(wrong) <= 0.01 * len(samples), wrong
    metrics = model.metadata["metrics"]
    assert metrics["accuracy"] >= 0.9
    assert metrics["macro_f1"] >= 0.9
    assert metrics["ece_half_hidden"] <= 0.08


def test_too_few_samples_of_an_aspect_are_refused() -> None:
    samples = [sample for sample in starter.load() if sample.theme != "E2"]
    with pytest.raises(ValueError, match="E2"):
        training.train(samples, Lexicon.load(), Taxonomy.load(), segmenter())


def test_office_term_counts_without_retraining(tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    office.write_text('[E2]\nw3 = "银杏驿站"\n', encoding="utf-8")
    given = draft("银杏驿站开放", "银杏驿站本周开放，银杏驿站每天接待二十人。")
    chances = []
    for lexicon in (Lexicon.load(), Lexicon.load(office=office)):
        model = ThemeModel.load(lexicon=lexicon)
        column = model.codes.index("E2")
        chances.append(model.probabilities([evidence(given, model)])[0][column])
    assert chances[1] > chances[0] + 0.2


def test_model_file_round_trip(retrained: ThemeModel, tmp_path: Path) -> None:
    path = tmp_path / "office.npz"
    write_model(retrained, path)
    assert [file.name for file in tmp_path.iterdir()] == ["office.npz"]
    loaded = ThemeModel.load(path)
    documents = [evidence(given, loaded) for given in (JOINING, FAIR)]
    np.testing.assert_allclose(
        loaded.probabilities(documents), retrained.probabilities(documents), atol=2e-3
    )
    assert loaded.metadata == {**retrained.metadata, "format": FORMAT}


def changed(root: Path, **names: object) -> bytes:
    """The shipped file with some of its JSON replaced."""
    with np.load(root / "nlp/data/themes.npz") as archive:
        arrays = dict(archive)
    text = json.loads(arrays.pop("names").tobytes().decode())
    text.update(names)
    out = io.BytesIO()
    np.savez(out, names=np.frombuffer(json.dumps(text).encode(), dtype=np.uint8), **arrays)
    return out.getvalue()


class Shout:
    """What a hostile pickle would do."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("shouted"),))  # type: ignore[return-value]


def pickled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("names", "bias"):
            array = io.BytesIO()
            np.save(array, np.array([Shout()], dtype=object), allow_pickle=True)
            archive.writestr(f"{name}.npy", array.getvalue())
    return out.getvalue()


def test_foreign_and_damaged_files_are_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = (root / "nlp/data/themes.npz").read_bytes()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("names.npy", b"\0" * (300 * 2**20))
    for data in (
        b"",
        b"PK\x03\x04 no zip",
        shipped[: len(shipped) // 2],
        pickle.dumps(Shout()),
        pickled(),
        bomb.getvalue(),
        changed(root, codes=["A1", NONE]),
        changed(root, pairs=["党员"]),
        changed(root, metadata={}),
    ):
        path = tmp_path / "model.npz"
        path.write_bytes(data)
        with pytest.raises(ModelRefused, match="主题模型"):
            ThemeModel.load(path)
    assert not (tmp_path / "shouted").exists()
    path.write_bytes(changed(root))
    assert ThemeModel.load(path).version == ThemeModel.load().version  # the control


def test_other_format_and_missing_file_say_so(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    path.write_bytes(changed(root, metadata={"format": 0, "version": "旧"}))
    with pytest.raises(ModelRefused, match=r"第0版格式.*请重新训练"):
        ThemeModel.load(path)
    with pytest.raises(ModelRefused, match=r"gone\.npz读不了"):
        ThemeModel.load(tmp_path / "gone.npz")


def test_scoring_does_not_import_scikit_learn() -> None:
    code = (
        "import sys; from nlp.analyse import Analyst; from nlp.types import Draft; "
        "Analyst().analyse([Draft(1, '', ())]); "
        "print(sorted({'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_secondary_themes_of_drafts_that_speak_of_two_things(model: ThemeModel) -> None:
    samples = [sample for sample in starter.load() if sample.theme != NONE]
    pairs = list(zip(samples, samples[len(samples) // 2 :], strict=False))
    mixed = [draft("工作简报", *a.text.splitlines(), *b.text.splitlines()) for a, b in pairs]
    verdicts = model.predict([evidence(given, model) for given in mixed])
    rows = model.probabilities([evidence(given, model) for given in mixed])
    for verdict, row in zip(verdicts, rows, strict=True):
        chances = [theme.probability for theme in verdict.themes]
        assert chances == sorted(chances, reverse=True)
        assert verdict.themes == verdict.nearest[: len(verdict.themes)]
        shares = dict(zip(model.codes, softened(row).tolist(), strict=True))
        told = {theme.code for theme in verdict.themes[1:]}
        for theme in verdict.nearest[1:] if verdict.themes else ():
            assert (theme.code in told) == (shares[theme.code] >= SECONDARY)
    sizes = [len(verdict.themes) for verdict in verdicts]
    assert {1, 2} <= set(sizes)
    assert np.mean([size == 0 for size in sizes]) <= 0.05  # halves may balance out to no verdict
    both = [
        {a.theme, b.theme} <= {t.code for t in v.nearest}
        for (a, b), v in zip(pairs, verdicts, strict=True)
    ]
    assert np.mean(both) >= 0.8


@pytest.mark.shared_data
def test_real_texts_are_told_apart_better_than_by_the_lexicon_alone(
    model: ThemeModel, shared: Path
) -> None:
    lines = (shared / "themes_dev/themes_dev.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["primary"] != NONE]
    documents = [evidence(draft(r["title"], *r["text"].splitlines()), model) for r in rows]
    aspects = [column for column, code in enumerate(model.codes) if code != NONE]
    truth = np.array([model.codes.index(row["primary"]) for row in rows])
    learned = model.probabilities(documents)[:, aspects].argmax(axis=1)
    counted = np.stack([model.table.cosines(d.terms)[2][aspects] for d in documents])
    assert (learned == truth).mean() >= 0.87
    assert (learned == truth).mean() >= (counted.argmax(axis=1) == truth).mean() + 0.03


def test_measures_on_hand_made_cases() -> None:
    truth = np.array([0, 0, 1, 1])
    assert macro_f1(np.array([0, 0, 1, 0]), truth) == pytest.approx((0.8 + 2 / 3) / 2)
    assert auroc(np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])) == 0.875
    right = np.array([True, True, False, True])
    assert coverage_at(0.75, np.array([0.9, 0.8, 0.7, 0.6]), right) == 1.0
    assert coverage_at(1.0, np.array([0.9, 0.8, 0.7, 0.6]), right) == 0.5
    chances = np.array([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.35, 0.65]])
    assert calibration_error(chances, truth) == pytest.approx(0.5 * 0.05 + 0.5 * 0.35)


def test_temperature_flattens_what_is_too_sure() -> None:
    # right in three of four cases at a gap of 10: the best gap is log 3
    scores = np.array([[10.0, 0.0]] * 4)
    truth = np.array([0, 0, 0, 1])
    assert fit_temperature(scores, truth) == pytest.approx(10 / np.log(3), rel=0.02)


def test_no_more_than_two_secondary_themes(model: ThemeModel) -> None:
    samples = [sample for sample in starter.load() if sample.theme != NONE][::7]
    step = len(samples) // 4
    groups = zip(*(samples[part * step :] for part in range(4)), strict=False)
    mixed = [
        draft("工作简报", *(line for one in group for line in one.text.splitlines()))
        for group in groups
    ]
    verdicts = model.predict([evidence(given, model) for given in mixed])
    assert max(len(verdict.themes) for verdict in verdicts) == 3
