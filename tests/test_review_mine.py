"""本单位: a unit sends drafts, is told at once what to look at, sees its own and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient

from storage.events import adopt, commission
from storage.handling import return_draft
from storage.unit_view import Sent, note_upload
from tests.support_adoption import make_office
from tests.support_desk import Office, office, words
from zugao.desk_works import OfficeWorks

TITLE = "沿河三个村的河堤夜巡"
BODY = (
    "汛期以来，沿河三个村的党员轮流上堤夜巡，排出险情七处，转移群众四十一人。"
    "村党组织书记带头值守，年轻党员背着沙袋跑前跑后，群众说看到红袖章心里就踏实。"
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Office]:
    """The office of support_adoption: drafts 1 and 2 are of the submitter's unit, 3–5 are not."""
    home = tmp_path / "home"
    home.mkdir()
    make_office(home / "zugao.db").close()
    with office(home) as made:
        settings = home / "zugao.toml"
        text = settings.read_text(encoding="utf-8")
        assert "settle_seconds = 5.0" in text
        settings.write_text(text.replace("settle_seconds = 5.0", "settle_seconds = 0"))
        yield made


@pytest.fixture
def unit(house: Office) -> TestClient:
    return house.logged_in("submitter")


def word_file(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def files(*named: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", one) for one in named]


def test_a_unit_sends_drafts_and_finds_them_read(house: Office, unit: TestClient) -> None:
    good = word_file(TITLE, BODY, "临溪县委组织部 XX 年 X 月")
    only = unit.post("/mine", data={"only_check": "1"}, files=files(("稿.docx", good)))
    told = unescape(words(only.text))
    assert "只检查，没有报送" in told
    assert "过短" in told
    assert "没有新报送的文件" in told
    sent = unit.post(
        "/mine", data={"only_check": "0"},
        files=files(("../../稿.docx", good), ("坏.docx", b"PK\x03\x04 cut off half-way")),
    )  # fmt: skip
    told = unescape(words(sent.text))
    assert "稿.docx 已报送" in told
    assert "坏.docx 没有收下" in told
    inbox = house.home / "收件箱"
    kept = [p.relative_to(inbox).as_posix() for p in inbox.rglob("*") if p.is_file()]
    assert kept == ["临溪县委组织部/稿.docx"]
    works = house.desk.works
    assert isinstance(works, OfficeWorks)
    assert works.idle(60)
    page = unescape(words(unit.get("/mine").text))
    assert TITLE in page
    assert "稿.docx 已读入" in page
    again = unit.post("/mine", data={"only_check": "0"}, files=files(("又.docx", good)))
    assert "没有新报送的文件" in again.text
    assert "与本单位第6号" in unescape(words(again.text))


def test_of_other_units_no_word_is_told(house: Office, unit: TestClient) -> None:
    foreign = word_file("题目4", "夜校开到厂区，技工师傅走上讲台讲安全。" + BODY)
    works = house.desk.works
    other = house.home / "收件箱" / "望岚县委组织部"
    other.mkdir(parents=True)
    (other / "秘.docx").write_bytes(word_file("别家的秘密题目", BODY))
    works.take_in()
    assert isinstance(works, OfficeWorks)
    assert works.idle(60)
    answer = unit.post("/mine", data={"only_check": "1"}, files=files(("稿.docx", foreign)))
    assert "已有相似稿件" in answer.text
    assert "秘密" not in answer.text
    assert "望岚" not in answer.text


def test_only_its_own_and_why(house: Office, unit: TestClient) -> None:
    adopt(house.db, 1, 1)
    return_draft(house.db, 2, ["时效已过"], note="请改写。")
    commission(house.db, [1, 2], "秋收一线", date(2026, 12, 20), happened_on=date(2026, 9, 1))
    page = unescape(words(unit.get("/mine").text))
    assert "采用：云泽组工信息（市）2026-09-15" in page
    assert "退稿：时效已过、请改写。" in page
    assert page.count("秋收一线") == 1
    assert "题目3" not in page
    assert unit.get("/mine/1").status_code == 200
    assert "请改写。" in unit.get("/mine/2").text
    for path in ("/mine/3", "/mine/5", "/mine/99", "/mine/3/original", "/mine/9" + "9" * 20):
        assert unit.get(path).status_code == 404
    for path in ("/queue", "/drafts/1", "/adoption", "/issues", "/runs", "/analysts"):
        assert unit.get(path).status_code == 403
    assert house.logged_in("editor").get("/mine").status_code == 403


def test_limits_are_told(house: Office, unit: TestClient) -> None:
    many = unit.post("/mine", files=files(*((f"{n}.docx", b"x") for n in range(21))))
    assert many.status_code == 400
    assert "一次最多交20个文件，这次选了21个" in many.text
    assert "没有选文件" in unit.post("/mine", files=files(("", b""))).text
    large = unit.post("/mine", files=files(("大.docx", b"x" * (51 * 1024 * 1024))))
    assert large.status_code == 413
    for n in range(199):
        sent = Sent("稿.docx", f"临溪县委组织部/{n}.docx", 1, "0" * 64)
        note_upload(house.db, 1, sent, who="submitter")
    full = unit.post("/mine", files=files(("1.txt", b"x"), ("2.txt", b"y")))
    assert full.status_code == 400
    assert "今天还能交1个" in full.text
    old = (date.today() - timedelta(days=2)).isoformat()
    house.db.execute("UPDATE upload SET made_at = ?", [f"{old}T00:00:00.000Z"])
    assert "今天还能交" not in unit.post("/mine", files=files(("1.txt", b"x"))).text
