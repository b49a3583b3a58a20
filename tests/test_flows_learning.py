"""Learning: a correction made today changes tomorrow's model, or the old one stays and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.learning import gather_material, is_held_out, learn
from flows.models import FOLDER, choose, make_analyst
from flows.office import Busy, Office, open_office, remember_taxonomy
from flows.retagging import retag_all
from nlp import starter
from nlp.starter import Sample
from nlp.taxonomy import Taxonomy, TaxonomyRefused
from nlp.types import Draft, Paragraph
from storage import lease
from storage.commit import Outcome, commit_batch
from storage.decisions import Labelled, decide, labelled, undo
from storage.ledger import receive
from storage.runs import start_run
from tests.support_storage import submission
from zugao.cli import main
from zugao.setting_up import set_up
from zugao.settings import load_settings

TREES = ("银杏驿站", "茶话听风", "棋牌搭子", "晒太阳角", "老歌联唱", "送餐上门")
QUIET = "驿站今天开放，来的人围坐一桌，说说家常，走的时候把椅子摆好，明天再来。"


def few(samples: list[Sample], each: int = 5) -> list[Sample]:
    """The first samples of each theme: a training of two seconds."""
    taken: dict[str, int] = {}
    kept = []
    for sample in samples:
        taken[sample.theme] = taken.get(sample.theme, 0) + 1
        kept += [sample] if taken[sample.theme] <= each else []
    return kept


@pytest.fixture(scope="module")
def small_starter() -> Iterator[None]:
    whole = few(starter.load())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(starter, "load", lambda folder=None: list(whole))
        yield


def home_with(folder: Path, count: int, more: str = "") -> Path:
    """A working folder with drafts on what the built-in model does not know."""
    list(set_up(folder))
    if more:
        settings = folder / "zugao.toml"
        settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")
    with open_office(load_settings(folder)) as office:
        add_drafts(office, count)
    return folder


def add_drafts(office: Office, count: int) -> None:
    remember_taxonomy(office)
    run = start_run(office.db, "direct", "/inbox")
    analyst = make_analyst(office.settings)
    receive(office.db, [submission(f"{n}.docx") for n in range(count)], run)
    for n in range(count):
        words = [TREES[(n + k) % len(TREES)] for k in range(3)]
        body = f"第{n}回，{words[0]}、{words[1]}都热闹。{QUIET}{words[2]}由老李头张罗。"
        lines = (Paragraph("title", "", f"{words[0]}一日"), Paragraph("body", "", body))
        draft = Draft(1, f"{words[0]}一日", lines, characters=len(body))
        [found] = analyst.analyse([draft])
        found = replace(found, fingerprints=(), exact="")  # alike on purpose, and no duplicates
        commit_batch(office.db, run, [Outcome(n + 1, "docx", (), ((draft, found),))])


@pytest.fixture(scope="module")
def learned_home(tmp_path_factory: pytest.TempPathFactory, small_starter: None) -> Path:
    """Forty drafts, of which thirty-five were decided to be E2, and a model learned from them."""
    home = home_with(tmp_path_factory.mktemp("学") / "库", 40)
    with open_office(load_settings(home)) as office:
        for draft_id in range(1, 36):
            decide(office.db, draft_id, "E2", who="张")
        assert choose(office.settings, office.db).path is None
        learned = learn(office)
    assert learned.state == "adopted", learned.sentence
    return home


def zugao(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


def test_corrections_of_today_change_the_model_of_tomorrow(learned_home: Path) -> None:
    settings = load_settings(learned_home)
    with open_office(settings) as office:
        row = next(office.db.query("SELECT * FROM model"))
        metrics = json.loads(str(row["metrics"]))
        held = sum(is_held_out(n) for n in range(1, 36))
        assert (row["decisions"], row["held_out"], row["outcome"]) == (35 - held, held, "adopted")
        assert metrics["accuracy"] > metrics["accuracy_before"]
        assert metrics["log_loss"] < metrics["log_loss_before"]
        assert row["last_decision"] == 35
        chosen = choose(settings, office.db)
        assert (chosen.path, chosen.notice) == (learned_home / FOLDER / str(row["file"]), "")
        [in_use] = office.db.query("SELECT version, accuracy FROM models WHERE in_use")
        assert in_use == {"version": row["version"], "accuracy": metrics["accuracy"]}
        # nothing new: nothing is trained
        assert learn(office).state == "waiting"
        assert learn(office, now=True).sentence == "审核意见和上次学习时一样，模型不变。"
        assert office.db["model"].count == 1


def test_retagging_adds_tags_and_leaves_people_alone(learned_home: Path, tmp_path: Path) -> None:
    settings = load_settings(learned_home)
    with open_office(settings) as office:
        old = office.db.execute("SELECT * FROM tag ORDER BY 1, 2, 7, 8, 4").fetchall()
        decided = "SELECT * FROM draft WHERE id <= 35"
        before = office.db.execute(decided).fetchall()
        done, version, notice = retag_all(office, lambda *_: None)
        assert (done.drafts, notice) == (5, "")
        assert done.changed == 5
        assert office.db.execute(decided).fetchall() == before
        views = "SELECT DISTINCT theme_code, theme_source, model_version FROM drafts WHERE draft_id"
        assert office.db.execute(f"{views} > 35").fetchall() == [("E2", "model", version)]
        assert office.db.execute(f"{views} <= 35").fetchall()[0][:2] == ("E2", "editor")
        now = office.db.execute("SELECT * FROM tag ORDER BY 1, 2, 7, 8, 4").fetchall()
        assert set(old) < set(now)
        assert {row[7] for row in set(now) - set(old)} == {version}
        assert retag_all(office, lambda *_: None)[0].drafts == 0
        # an undo gives the draft back to the model, and the next retagging takes it in
        undo(office.db, 1)
        assert retag_all(office, lambda *_: None)[0].drafts == 1
        decide(office.db, 1, "E2")
    assert zugao(learned_home, "retag").output.startswith("重判 0 篇（模型 ")


def test_a_model_that_is_not_better_is_not_used(tmp_path: Path, small_starter: None) -> None:
    home = home_with(tmp_path / "库", 30)
    with open_office(load_settings(home)) as office:
        codes = ["A1", "C2", "D1"]
        for draft_id in range(1, 31):  # nothing in the text tells these apart
            decide(office.db, draft_id, codes[(draft_id * 7 // 5) % 3])
        from flows import learning

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(learning, "compare", lambda *_: {
                "accuracy": 0.4, "accuracy_before": 0.4, "log_loss": 1.2, "log_loss_before": 1.2,
            })  # fmt: skip
            kept = learn(office)
        assert (kept.state, choose(office.settings, office.db).path) == ("kept", None)
        assert "仍用原来的模型" in kept.sentence
        assert not (home / FOLDER).exists()
        assert office.db.execute("SELECT outcome, file FROM model").fetchall() == [("kept", "")]
        assert "新的审核意见 0 条" in learn(office).sentence


def test_too_few_decisions_wait(tmp_path: Path) -> None:
    home = home_with(tmp_path / "库", 3)
    result = zugao(home, "learn", "--now", "--json")
    assert json.loads(result.output)["state"] == "waiting"
    with open_office(load_settings(home)) as office:
        decide(office.db, 1, "E2")
        assert learn(office).sentence.startswith("新的审核意见 1 条，满 30 条")
        held = lease.acquire(office.db, "learning")
        assert held is not None
        with pytest.raises(Busy, match="另一个学习任务"):
            learn(office)
    busy = zugao(home, "learn")
    assert (busy.exit_code, busy.output) == (4, "另一个学习任务正在运行，这次没有做。\n")


@pytest.mark.parametrize("damage", ["cut", "foreign", "gone", "swapped"])
def test_a_model_that_cannot_be_used_costs_one_sentence(
    learned_home: Path, tmp_path: Path, damage: str
) -> None:
    settings = load_settings(learned_home)
    with open_office(settings) as office:
        path = choose(settings, office.db).path
        assert path is not None
        whole = path.read_bytes()
        try:
            if damage == "gone":
                path.unlink()
            else:
                bad = {
                    "cut": whole[: len(whole) // 2],
                    "foreign": b"cos\nsystem\n(S'touch shouted'\ntR.",
                    "swapped": make_shipped(),
                }
                path.write_bytes(bad[damage])
            chosen = choose(settings, office.db)
            assert chosen.path is None
            assert "改用内置模型" in chosen.notice
            assert "zugao learn --now" in chosen.notice
            (tmp_path / "收").mkdir()
            lines = tmp_path / "收" / "一篇.txt"
            lines.write_text("村党组织书记领办合作社\n\n村党支部带头发展村集体经济。", "utf-8")
            told = json.loads(
                zugao(
                    learned_home, "run", str(tmp_path / "收"), "--direct", "--no-wait", "--json"
                ).output
            )
            assert told["notices"] == [chosen.notice]
            assert told["drafts"] == (1 if damage == "cut" else 0)  # taken in the first time
        finally:
            path.write_bytes(whole)
        assert choose(settings, office.db).path == path


def make_shipped() -> bytes:
    """A sound model, but not the one that was recorded."""
    return (Path(starter.__file__).parent / "data" / "themes.npz").read_bytes()


def test_families_stay_on_one_side_and_texts_are_what_is_judged(small_starter: None) -> None:
    labels = [Labelled(n, n, f"题{n}", "文", "A1", (), "经验", family=n // 4) for n in range(1, 41)]
    material = gather_material(labels, Taxonomy.load())
    out = {int(s.id.removeprefix("draft-")) // 4 for s in material.held_out}
    taught = {int(s.id.split("-")[1]) // 4 for s in material.samples if s.id.startswith("draft-")}
    assert out
    assert out & taught == set()
    assert material.decisions == sum(s.id.startswith("draft-") for s in material.samples)


TAXONOMY = """
version = "本局-1"
[[category]]
code = "A"
name = "基层党建"
definition = ""
[[category]]
code = "F"
name = "新增"
definition = ""
[[aspect]]
code = "A1"
name = "乡村"
category = "A"
definition = ""
[[aspect]]
code = "A2"
name = "城市与两新"
category = "A"
definition = ""
[[aspect]]
code = "A3"
name = "两新组织"
category = "A"
definition = ""
retired = true
into = "A2"
[[aspect]]
code = "A4"
name = "机关"
category = "A"
definition = ""
retired = true
[[aspect]]
code = "F1"
name = "银杏驿站"
category = "F"
definition = ""
"""


def test_a_department_changes_its_taxonomy(tmp_path: Path, small_starter: None) -> None:
    home = home_with(tmp_path / "库", 12)
    with open_office(load_settings(home)) as office:
        decide(office.db, 1, "A3")
        decide(office.db, 2, "A4")
        decide(office.db, 3, "C1")
    (home / "主题.toml").write_text(TAXONOMY, encoding="utf-8")
    text = (home / "zugao.toml").read_text("utf-8")
    text = text.replace('taxonomy = ""', 'taxonomy = "主题.toml"')
    (home / "zugao.toml").write_text(text, encoding="utf-8")
    with open_office(load_settings(home)) as office:
        remember_taxonomy(office)
        seen = office.db.execute(
            "SELECT draft_id, theme_code, theme FROM drafts WHERE draft_id <= 3"
        ).fetchall()
        assert seen == [
            (1, "A2", "城市与两新"),  # merged: counts among its successor
            (2, "A4", "机关"),  # retired: keeps its name
            (3, "C1", "领导班子·选拔任用"),  # left out of the file: still readable
        ]
        assert office.db.execute("SELECT theme FROM decision").fetchall() == [
            ("A3",), ("A4",), ("C1",)
        ]  # fmt: skip
        assert [label.theme for label in labelled(office.db)] == ["A2", "A4", "C1"]
        for gone in ("A3", "C1"):
            with pytest.raises(ValueError, match=f"没有在用的方面“{gone}”"):
                decide(office.db, 4, gone)
        assert "主题体系已改为“本局-1”" in choose(office.settings, office.db).notice
        for draft_id in range(4, 13):
            decide(office.db, draft_id, "F1")
        learned = learn(office)  # another taxonomy: learned at once, however few the decisions
        assert learned.state == "adopted"
        chosen = choose(office.settings, office.db)
        model = make_analyst(office.settings, chosen.path).model
        assert model.codes == ("A1", "A2", "F1", "X0")
        assert chosen.notice == ""
        [row] = office.db.query("SELECT taxonomy_version FROM models WHERE in_use")
        assert row == {"taxonomy_version": "本局-1"}
        undo(office.db, 1)
        retag_all(office, lambda *_: None)
        tagged = office.db.execute(
            "SELECT theme_code, theme FROM drafts WHERE draft_id = 1"
        ).fetchall()
        assert tagged == [("F1", "银杏驿站")]


def test_a_taxonomy_without_any_samples_cannot_be_learned_yet(
    tmp_path: Path, small_starter: None
) -> None:
    home = home_with(tmp_path / "库", 2)
    own = TAXONOMY[: TAXONOMY.index("[[aspect]]")] + TAXONOMY[TAXONOMY.rindex("[[aspect]]") :]
    (home / "主题.toml").write_text(own, encoding="utf-8")
    text = (home / "zugao.toml").read_text("utf-8")
    (home / "zugao.toml").write_text(
        text.replace('taxonomy = ""', 'taxonomy = "主题.toml"'), encoding="utf-8"
    )
    done = zugao(home, "decide", "1", "--theme", "银杏驿站")
    assert "→ F1" in done.output
    result = zugao(home, "learn", "--now")
    assert (result.exit_code, result.output[:8]) == (0, "主题体系里有 5")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('into = "A2"', 'into = "Z9"'),
        ('into = "A2"', 'into = "A4"'),
        ('into = "A2"', 'into = "A3"'),
        ("retired = true\ninto", "retired = false\ninto"),
    ],
)
def test_a_successor_must_be_in_use(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "主题.toml"
    file.write_text(TAXONOMY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TaxonomyRefused, match="A3"):
        Taxonomy.load(file)


def test_four_groups_come_from_the_same_tags(tmp_path: Path) -> None:
    home = home_with(tmp_path / "库", 7)
    with open_office(load_settings(home)) as office:
        for draft_id, code in enumerate(["A1", "B3", "C5", "D2", "E3", "E1", "X0"], start=1):
            decide(office.db, draft_id, code)
        groups = office.db.execute(
            "SELECT group_of_four FROM four_groups ORDER BY draft_id"
        ).fetchall()
    assert [group for (group,) in groups] == [
        "基层组织与党员", "基层组织与党员", "干部", "人才", "自身建设", "其他", "其他"
    ]  # fmt: skip


def test_the_nightly_flow_learns_and_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flow's own function, without a server: its end is named, its artifact says the same."""
    from flows import nightly
    from flows.schedule import deployments

    home = home_with(tmp_path / "库", 1)
    told: list[str] = []
    monkeypatch.setattr(nightly, "create_markdown_artifact", lambda text, **_: told.append(text))
    monkeypatch.setattr(nightly, "learn_once", nightly.learn_once.fn)
    with open_office(load_settings(home)) as office:
        decide(office.db, 1, "E2")
    state = nightly.learning.fn(str(home))
    assert state.is_completed()
    assert told == ["新的审核意见 1 条，满 30 条才重新学习（zugao learn --now 可立即学）。"]
    assert nightly.learning.fn(str(tmp_path / "无")).is_failed()

    names = [plan.name.split("-")[0] for plan in deployments(load_settings(home))]
    assert names[:2] == ["收稿", "学习"]
    [schedule] = deployments(load_settings(home))[1].schedules or []
    assert "30 2 * * *" in str(schedule)
    off = (home / "zugao.toml").read_text("utf-8").replace('cron = "30 2 * * *"', 'cron = ""')
    (home / "zugao.toml").write_text(off, encoding="utf-8")
    left = [plan.name.split("-")[0] for plan in deployments(load_settings(home))]
    assert left == [name for name in names if name != "学习"]
