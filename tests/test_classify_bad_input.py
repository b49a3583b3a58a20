"""What a department may hand in by mistake: a finding or 无法判断, never an error."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from flows.models import FOLDER
from flows.office import open_office
from nlp.model_file import write_model
from nlp.themes import ThemeModel
from storage.models import Training, record_training
from zugao.cli import main
from zugao.setting_up import set_up
from zugao.settings import load_settings

MIXED = (
    "老干部局组织走访慰问离退休干部，老年大學开学，老同志們参加了活動。"
    "App上线后，離退休幹部党支部用WeChat报名，Q3开班12期。"
)
INPUTS = {
    "空": ("", ""),
    "极短": ("通知", "收到"),
    "繁体": ("做好離退休幹部工作", "老年大學開學，離退休幹部、老同志參加，老幹部局走訪慰問。" * 5),
    "夹杂": ("老干部工作：做好離退休服務 Service", MIXED * 4),
    "英文": ("Quarterly report", "Sales grew in all regions; the outlook is stable. " * 40),
    "数字表": ("汇总表", "\n".join("1\t2,300\t45.6%\t2026-09-30" for _ in range(200))),
    "五万字": ("干部教育培训", "县委党校举办主体班，干部教育培训突出现场教学。" * 2300),
}


def classify(home: Path, folder: Path) -> Result:
    file = folder / "稿件.jsonl"
    rows = [{"id": i, "title": t, "text": x} for i, (t, x) in INPUTS.items()]
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\n".join(lines), encoding="utf-8")
    return CliRunner().invoke(main, ["--home", str(home), "classify", str(file), "--json"])


def primaries(result: Result) -> dict[str, Any]:
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert all(row["genre"]["code"] for row in found)
    return {row["id"]: row["themes"][0]["code"] if row["themes"] else None for row in found}


def test_every_kind_of_text_has_findings(tmp_path: Path) -> None:
    result = classify(tmp_path / "无", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert primaries(result) == {
        "空": None,
        "极短": None,
        "繁体": "E2",
        "夹杂": "E2",
        "英文": None,
        "数字表": None,
        "五万字": "C3",
    }


def test_a_damaged_model_costs_a_sentence_and_the_built_in_one_judges(tmp_path: Path) -> None:
    home = tmp_path / "库"
    list(set_up(home))
    (home / FOLDER).mkdir()
    file = home / FOLDER / "themes-甲.npz"
    write_model(ThemeModel.load(), file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    with open_office(load_settings(home)) as office:
        training = Training("甲", file.name, digest, "h", "2026.1", 5, 5, 5, 5, {}, "adopted")
        record_training(office.db, training)
    sound = classify(home, tmp_path)
    assert sound.stderr == ""
    file.write_bytes(file.read_bytes()[:1000])
    damaged = classify(home, tmp_path)
    assert damaged.exit_code == 0
    assert damaged.stderr.count("\n") == 1
    assert "改用内置模型" in damaged.stderr
    assert primaries(damaged) == primaries(sound)
