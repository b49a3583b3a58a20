"""From the samples to a bulletin: inbox and issues in, figures as counted from the truth."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from reports.bulletin import LEVELS
from storage.connection import open_database
from zugao.cli import main

BEFORE_JULY = "云泽组工信息2026年第9期.txt"
"""The one issue that was not printed in the third quarter."""


def test_the_samples_make_the_bulletin_counted_by_hand(root: Path, tmp_path: Path) -> None:
    home, samples = tmp_path / "稿件库", root / "samples"

    def say(*words: object) -> str:
        result = CliRunner().invoke(main, ["--home", str(home), *map(str, words)])
        assert result.exit_code in (0, 3), result.output
        return result.output

    tables = ("--units", samples / "units.csv", "--outlets", samples / "outlets.csv")
    say("init", home, *tables)
    say("run", samples / "inbox", "--direct", "--no-wait")
    say("backdate")
    say("match", samples / "issues", "--no-wait")
    for line in (samples / "events.sh").read_text(encoding="utf-8").splitlines():
        if line.startswith("zugao "):
            say(*shlex.split(line)[1:])
    say("report", "--period", "2026Q3", "--format", "json")
    told = json.loads(next((home / "通报").glob("*第三季度*.json")).read_text(encoding="utf-8"))

    truth = json.loads((samples / "printed" / "truth.json").read_text(encoding="utf-8"))
    wanted = Counter(
        source["place"].split("/")[-1].split(" › ")[-1]
        for item in truth
        if item["file"] != BEFORE_JULY
        for source in item["sources"]
    )
    db = open_database(home / "zugao.db", readonly=True)
    files = dict(
        db.execute(
            "SELECT draft.id, manuscript.name FROM draft"
            " JOIN manuscript ON manuscript.id = manuscript_id"
        ).fetchall()
    )
    db.close()
    found = Counter(files[piece["draft_id"]] for piece in told["pieces"])
    assert found - wanted == Counter()
    # One title of a list was shortened so much that it waits for an editor.
    assert wanted - found == Counter(["沅北县委组织部-电商协会党员志愿队助销洞北柑橘.docx"])

    by_level = Counter(piece["level"] for piece in told["pieces"])
    assert [by_level[level] for level in LEVELS] == [4, 36, 5, 2]
    units = {unit["unit"]: unit for unit in told["units"]}
    assert len(units) == 20
    assert sum(unit["adoptions"] for unit in told["units"]) == len(told["pieces"])
    assert sum(unit["points"] for unit in told["units"]) == sum(a["points"] for a in told["awards"])
    for unit in told["units"]:
        mine = [piece for piece in told["pieces"] if piece["unit_id"] == unit["unit_id"]]
        assert unit["adopted"] == len({piece["draft_id"] for piece in mine})
        assert unit["adoptions"] == len(mine)
    # 市委党校: a 调研 report in a central journal, 40 × 2, and another draft in a city one, 10.
    assert units["云泽市委党校"]["points"] == 90_000
    assert units["清漪区桂子街道党工委"]["points"] == 0
    assert units["云泽市交通运输局党组"]["submitted"] == 0
    # 92 of 汀洲区: an instruction, 10; two adoptions, 10 + 10; a commission late, -1.
    assert units["汀洲区委组织部"]["points"] == 29_000
    # 教育局: two adoptions less a missed commission; 信访局: one less a late report.
    assert (units["云泽市教育局党组"]["points"], units["云泽市信访局党组"]["points"]) == (
        17_000,
        9_000,
    )
    states = Counter(one["state"] for one in told["commissions"])
    assert states == {"按时": 2, "逾期": 1, "未交": 1}
    changes = [(c["unit"], c["figure"], c["told"], c["now"]) for c in told["adjustments"]]
    assert changes == [("望岚县委组织部", "points", 0, 5_000), ("望岚县委组织部", "adopted", 0, 1)]
    headings = [section["heading"].split("、")[-1] for section in told["sections"]]
    assert headings[1:] == [
        "总体情况", "排名情况", "采用情况", "约稿完成情况", "表扬", "存在问题", "对以前通报的调整",
    ]  # fmt: skip
