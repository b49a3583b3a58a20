"""How sources are read and Word files are written."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import broken
from samples.archive import gbk_zip
from samples.docx_writer import write
from samples.layout import Line, check_numbers, chinese, lay_out, run_in
from samples.sources import Source, SourceError, Word, load, picked, swapped

FRONT = '+++\nfile = "甲.docx"\nunit = "甲县"\nshows = ["A1", "动态"]\nnote = "例"\n{}+++\n{}\n'


def made(*lines: str, **word: object) -> Source:
    return Source("甲县/01", "甲.docx", "甲县", ("A1", "动态"), "例", ("# 标题", *lines),
                  "甲县", "", Word(**word))  # type: ignore[arg-type]  # fmt: skip


def part(content: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def put(root: Path, slug: str, body: str, front: str = "") -> None:
    path = root / "甲县" / f"{slug}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FRONT.format(front, body), encoding="utf-8")


# Sources


def test_include_takes_lines_and_swaps_them(tmp_path: Path) -> None:
    put(tmp_path, "01", "# 甲县的事\n甲县做了。\n\n乙镇也做了。\n2026年5月1日")
    put(tmp_path, "02", "# 另一件\n<<< 甲县/01 2-3\n完。", 'swap = { "甲县" = "丙县" }\n')
    assert load(tmp_path)[1].lines == ("# 另一件", "丙县做了。", "乙镇也做了。", "完。")


@pytest.mark.parametrize(
    ("body", "front", "message"),
    [
        ("没有标题", "", "正文第一行须是"),
        ("# 题\n<<< 甲县/09", "", "没有来源 甲县/09"),
        ("# 题\n<<< 甲县/01 9", "", "超出来源的2行"),
        ("# 题", "colour = 1\n", "不认识"),
        ("# 题", '[word]\nformat = "pdf"\n', "format 只能是"),
        ("# 题", "swap = \n", "不是合格的TOML"),
    ],
)
def test_a_wrong_source_is_named(tmp_path: Path, body: str, front: str, message: str) -> None:
    put(tmp_path, "01", "# 题\n文。")
    put(tmp_path, "02", body, front)
    with pytest.raises(SourceError, match=message) as caught:
        load(tmp_path)
    assert str(caught.value).startswith("甲县/02：")


def test_an_included_source_may_not_include(tmp_path: Path) -> None:
    put(tmp_path, "01", "# 题\n文。")
    put(tmp_path, "02", "<<< 甲县/01")
    put(tmp_path, "03", "<<< 甲县/02")
    with pytest.raises(SourceError, match="不能再被引用"):
        load(tmp_path)


def test_a_swap_is_never_swapped_again() -> None:
    assert swapped("甲与乙、甲乙", {"甲": "乙", "乙": "丙", "甲乙": "丁"}) == "乙与丙、丁"


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_picked_names_the_lines_in_the_order_given(numbers: list[int]) -> None:
    assert picked(",".join(map(str, numbers)), 40, "") == numbers


# Layout


def test_kinds_of_lines() -> None:
    lines = (
        "# 标题", "——副题", "（2026年8月20日）", "各乡镇党委：", "正文。", "一、抓组织",
        "（一）建支部。写正文。", "1.第一", "| 甲 | 乙 |", "|---|---|", "| 1 | 2 |", "{box: 框}",
        "附件：1.名单", "2.台账", "甲县委组织部", "2026年8月20日", "# 又一篇",
    )  # fmt: skip
    laid = lay_out(lines)
    assert [line.kind for line in laid] == [
        "title", "subtitle", "byline", "salutation", "body", "heading", "heading", "heading",
        "row", "row", "box", "body", "body", "signature", "date", "title",
    ]  # fmt: skip
    assert [line.level for line in laid if line.kind == "heading"] == [1, 2, 3]


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (19, "十九"), (90, "九十"),
                                              (21, "二十一")])  # fmt: skip
def test_chinese_figures(number: int, text: str) -> None:
    assert chinese(number) == text


def test_run_in_heading() -> None:
    assert run_in("一、抓组织。建支部。") == ("一、抓组织。", "建支部。")
    assert run_in("一、抓组织。") == ("一、抓组织。", "")


def test_numbers_restart_under_each_higher_heading() -> None:
    sound = lay_out(
        ["一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "二、庚", "（一）辛"]
    )
    check_numbers(sound, "")
    with pytest.raises(SourceError, match=r"“（三）丙”处会显示（二）"):
        check_numbers(
            [*lay_out(["一、甲", "（一）乙"]), Line("heading", "（三）丙", 2, "（三）")], ""
        )


# Word


def test_typed_numbers_become_word_lists() -> None:
    content = write(made("一、抓组织", "（一）建支部。写正文。", "1.第一。", auto_numbers=True))
    document = docx.Document(io.BytesIO(content))
    assert [p.text for p in document.paragraphs] == ["标题", "抓组织", "建支部。写正文。", "第一。"]
    levels = [p._p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val") for p in document.paragraphs[1:]]
    assert levels == [["0"], ["1"], ["2"]]
    numbering = part(content, "word/numbering.xml")
    assert 'w:val="%1、"' in numbering
    assert 'w:val="（%2）"' in numbering


def test_styled_headings_carry_the_number_in_the_style() -> None:
    content = write(made("一、抓组织", look="styled", auto_numbers=True))
    paragraph = docx.Document(io.BytesIO(content)).paragraphs[1]
    assert paragraph._p.xpath("./w:pPr/w:pStyle/@w:val") == ["Heading1"]
    assert paragraph._p.xpath(".//w:numPr") == []
    assert part(content, "word/styles.xml").count("<w:numPr>") == 3


def test_typed_numbers_stay_typed_without_the_switch() -> None:
    content = write(made("一、抓组织"))
    assert "一、抓组织" in part(content)
    assert "w:numPr" not in part(content)


def test_revisions() -> None:
    content = write(made("共{++十二++}{--十--}个。", tracked=True))
    xml = part(content)
    assert docx.Document(io.BytesIO(content)).paragraphs[1].text == "共个。"  # skips revisions
    assert xml.count("<w:ins ") == xml.count("<w:del ") == 1
    assert "<w:delText>十</w:delText>" in xml


def test_revision_marks_must_be_announced() -> None:
    with pytest.raises(SourceError, match="tracked"):
        write(made("共{++十二++}个。"))


def test_text_box_stands_in_choice_and_fallback_and_footnote_in_its_part() -> None:
    content = write(made("正文[^1]。", "{box: 框里<话>}", "[^1]: 脚注文"))
    xml = part(content)
    assert xml.count("框里&lt;话&gt;") == 2
    assert 'w:footnoteReference w:id="1"' in xml
    assert "脚注文" in part(content, "word/footnotes.xml")
    assert "[^1]" not in xml


def test_tables_have_one_cell_for_each_column() -> None:
    content = write(made("| 甲 | 乙 |", "|---|---|", "| 1 | 2 |"))
    table = docx.Document(io.BytesIO(content)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["甲", "乙"], ["1", "2"]]


def test_signature_is_right_aligned_and_the_package_is_lean_and_dated() -> None:
    content = write(made("正文。", "甲县委组织部", "2026年8月20日"))
    aligned = [p.alignment for p in docx.Document(io.BytesIO(content)).paragraphs]
    assert [None if a is None else int(a) for a in aligned] == [1, None, 2, 2]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        assert {info.date_time for info in package.infolist()} == {(2026, 10, 1, 0, 0, 0)}
    assert not [name for name in names if "thumbnail" in name or "WithEffects" in name]
    assert "python-docx" not in part(content, "docProps/core.xml")
    assert len(content) < 20_000


# Archives and broken files


def test_archive_names_are_gbk_without_the_utf8_flag() -> None:
    content = gbk_zip({"清漪区稿件.docx": b"x"})
    with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="gb18030") as archive:
        assert archive.namelist() == ["清漪区稿件.docx"]
        assert archive.infolist()[0].flag_bits & 0x800 == 0
        assert archive.testzip() is None


def test_truncated_is_no_zip_and_damaged_is_one_that_does_not_unpack() -> None:
    sound = write(made("一段够长的正文，足以压缩出几十个字节来。" * 20))
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(broken.truncated(sound)))
    with zipfile.ZipFile(io.BytesIO(broken.damaged(sound))) as package:
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            package.read("word/document.xml")
        assert package.read("[Content_Types].xml")


def test_bomb_is_small_on_disk_and_large_unpacked() -> None:
    content = broken.bomb(b"")
    assert len(content) <= 100_000
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.getinfo("word/document.xml").file_size > 64 << 20


def test_encrypted_look_alike_has_the_two_streams() -> None:
    content = broken.encrypted(b"")
    assert content.startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert len(content) == 512 * 19
    directory = content[2 * 512 : 3 * 512]
    names = [directory[i : i + 64].decode("utf-16-le").rstrip("\0") for i in range(0, 512, 128)]
    assert names == ["Root Entry", "EncryptionInfo", "EncryptedPackage", ""]
