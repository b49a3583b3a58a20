"""List numbers as Word shows them."""

from __future__ import annotations

import pytest

from tests.support_docx import box, notices, para, read, row, table, texts


def level(
    ilvl: int, text: str, fmt: str = "decimal", start: int | None = 1, extra: str = ""
) -> str:
    first = "" if start is None else f'<w:start w:val="{start}"/>'
    inner = f'{first}<w:numFmt w:val="{fmt}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{ilvl}">{inner}</w:lvl>'


def abstract(number: int, *levels: str, extra: str = "") -> str:
    inner = extra + "".join(levels)
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>'


def num(number: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def override(ilvl: int, inner: str) -> str:
    return f'<w:lvlOverride w:ilvl="{ilvl}">{inner}</w:lvlOverride>'


def restart(ilvl: int, start: int = 1) -> str:
    return override(ilvl, f'<w:startOverride w:val="{start}"/>')


def listed(num_id: int, ilvl: int = 0, text: str = "", extra: str = "") -> str:
    place = f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num_id}"/></w:numPr>'
    return para(text or "文", properties=extra + place)


def labels(body: str, numbering: str, styles: str = "") -> list[str]:
    return [b.label for b in read(body, numbering=numbering, styles=styles).blocks]


OFFICIAL = abstract(
    0,
    level(0, "%1、", "chineseCountingThousand"),
    level(1, "（%2）", "japaneseCounting"),
    level(2, "%3."),
    level(3, "（%4）"),
    level(4, "%5", "decimalEnclosedCircleChinese"),
) + num(1, 0)


def test_the_hierarchy_of_an_official_document() -> None:
    places = [0, 1, 1, 2, 3, 4, 4, 1, 2, 0, 1]
    assert labels("".join(listed(1, i) for i in places), OFFICIAL) == [
        "一、", "（一）", "（二）", "1.", "（1）", "①", "②", "（三）", "1.", "二、", "（一）",
    ]  # fmt: skip


def test_counting_goes_on_beyond_a_hundred() -> None:
    assert labels(listed(1) * 101, OFFICIAL)[-2:] == ["一百、", "一百〇一、"]


def test_the_label_is_apart_from_the_text_and_its_suffix() -> None:
    lists = abstract(0, level(0, "%1.", extra='<w:suff w:val="space"/>')) + num(1, 0)
    (block,) = read(listed(1, text="甲"), numbering=lists).blocks
    assert (block.label, block.text) == ("1.", "甲")


def test_start_values() -> None:
    lists = abstract(0, level(0, "%1.", start=5), level(1, "%2)", start=None)) + num(1, 0)
    assert labels(listed(1) + listed(1) + listed(1, 1), lists) == ["5.", "6.", "0)"]


def test_levels_of_several_places() -> None:
    lists = abstract(0, level(0, "第%1章", "chineseCounting"), level(1, "%1.%2")) + num(1, 0)
    assert labels(listed(1) + listed(1, 1), lists) == ["第一章", "一.1"]


def test_legal_numbering_writes_digits() -> None:
    legal = level(1, "%1.%2", "upperRoman", extra="<w:isLgl/>")
    lists = abstract(0, level(0, "第%1章", "chineseCounting"), legal) + num(1, 0)
    assert labels(listed(1) * 3 + listed(1, 1), lists)[-1] == "3.1"


def test_a_level_that_was_skipped_counts_as_begun() -> None:
    lists = abstract(0, level(0, "%1."), level(1, "%1.%2")) + num(1, 0)
    body = listed(1, 1) + listed(1, 1) + listed(1) + listed(1, 1)
    assert labels(body, lists) == ["1.1", "1.2", "2.", "2.1"]


def test_lists_on_one_definition_go_on_from_each_other() -> None:
    lists = abstract(0, level(0, "%1.")) + num(1, 0) + num(2, 0)
    assert labels(listed(1) + listed(2) + listed(1), lists) == ["1.", "2.", "3."]


def test_a_start_override_restarts_once() -> None:
    lists = abstract(0, level(0, "%1."), level(1, "%1.%2")) + num(1, 0) + num(2, 0, restart(0, 4))
    body = listed(1) + listed(1) + listed(2) + listed(2) + listed(2, 1) + listed(1)
    assert labels(body, lists) == ["1.", "2.", "4.", "5.", "5.1", "6."]


def test_a_level_override_replaces_the_level() -> None:
    lists = abstract(0, level(0, "%1.")) + num(
        1, 0, override(0, level(0, "（%1）", "upperLetter", 3))
    )
    assert labels(listed(1) * 2, lists) == ["（C）", "（D）"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, ["1.1.1", "2.1.2"]), (1, ["1.1.1", "2.1.1"]), (None, ["1.1.1", "2.1.1"])],
)
def test_when_a_level_restarts(after: int | None, expected: list[str]) -> None:
    extra = "" if after is None else f'<w:lvlRestart w:val="{after}"/>'
    levels = [level(0, "%1"), level(1, "%1.%2"), level(2, "%1.%2.%3", extra=extra)]
    body = "".join(listed(1, i) for i in (0, 1, 2, 0, 1, 2))
    assert labels(body, abstract(0, *levels) + num(1, 0))[2::3] == expected


def test_a_level_restarted_by_the_first_does_not_restart_after_the_second() -> None:
    levels = [level(0, "%1"), level(1, "%2"), level(2, "%3", extra='<w:lvlRestart w:val="1"/>')]
    body = "".join(listed(1, i) for i in (0, 1, 2, 1, 2, 0, 1, 2))
    found = labels(body, abstract(0, *levels) + num(1, 0))
    assert [found[2], found[4], found[7]] == ["1", "2", "1"]


STYLED = abstract(
    0,
    level(0, "%1、", "chineseCounting", extra='<w:pStyle w:val="H1"/>'),
    level(1, "（%2）", "chineseCounting", extra='<w:pStyle w:val="H2"/>'),
) + num(1, 0)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Plain"><w:basedOn w:val="H1"/>'
    '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
)  # fmt: skip


def styled(style: str, extra: str = "") -> str:
    return para("文", properties=f'<w:pStyle w:val="{style}"/>{extra}')


def test_numbers_through_paragraph_styles() -> None:
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = "".join(styled(s) for s in ("H1", "H2", "Mine", "Plain", "H1", "H2")) + styled("H1", off)
    assert labels(body, STYLED, STYLES) == ["一、", "（一）", "（二）", "", "二、", "（一）", ""]


def test_a_paragraph_may_state_only_its_level() -> None:
    body = styled("H1") + styled("H1", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    assert labels(body, STYLED, STYLES) == ["一、", "（一）"]


@pytest.mark.parametrize("by_style", [True, False])
def test_lists_that_are_kept_in_a_numbering_style(by_style: bool) -> None:
    lists = (
        abstract(0, extra='<w:numStyleLink w:val="L"/>')
        + abstract(1, level(0, "%1)", "lowerLetter"), extra='<w:styleLink w:val="L"/>')
        + num(1, 0)
        + num(2, 1)
    )
    keeper = '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>' if by_style else ""
    styles = f'<w:style w:type="numbering" w:styleId="L">{keeper}</w:style>'
    assert labels(listed(1) + listed(2), lists, styles) == ["a)", "b)"]


def test_a_circle_of_numbering_styles_ends() -> None:
    lists = abstract(0, level(0, "%1."), extra='<w:numStyleLink w:val="L"/>') + num(1, 0)
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    assert labels(listed(1), lists, styles) == ["1."]


@pytest.mark.parametrize(
    ("text", "font", "expected"),
    [
        ("\uf0b7", "Symbol", "•"),
        ("\uf0d8", "Wingdings", "➢"),
        ("n", "Wingdings", "■"),
        ("-", "宋体", "-"),
        ("\uf09a", "Unheard Of", "•"),
        ("", "宋体", ""),
    ],
)
def test_bullets(text: str, font: str, expected: str) -> None:
    face = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr></w:lvl>'
    lists = abstract(0, level(0, text, "bullet").replace("</w:lvl>", face)) + num(1, 0)
    assert labels(listed(1), lists) == [expected]


def test_picture_bullets_and_hidden_numbers() -> None:
    picture = level(0, "", "bullet", extra='<w:lvlPicBulletId w:val="0"/>')
    hidden = level(1, "%2.").replace("</w:lvl>", "<w:rPr><w:vanish/></w:rPr></w:lvl>")
    assert labels(listed(1) + listed(1, 1), abstract(0, picture, hidden) + num(1, 0)) == ["•", ""]


def test_padded_numbers_as_newer_word_writes_them() -> None:
    fmt = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
        "</mc:Fallback></mc:AlternateContent>"
    )
    lists = abstract(0, level(0, "%1号").replace('<w:numFmt w:val="decimal"/>', fmt)) + num(1, 0)
    assert labels(listed(1) * 2, lists) == ["001号", "002号"]


def test_an_unknown_format_falls_back_to_digits_and_says_so() -> None:
    lists = abstract(0, level(0, "%1.", "hindiVowels"), level(1, "%2.", "chicago")) + num(1, 0)
    reading = read(listed(1) + listed(1) + listed(1, 1), numbering=lists)
    assert [b.label for b in reading.blocks] == ["1.", "2.", "1."]
    (notice,) = reading.notices
    assert notice.code == "unknown_numbering"
    assert notice.message == "有2种编号格式未能识别（chicago、hindiVowels），按阿拉伯数字显示"


@pytest.mark.parametrize("num_id", ["0", "9", "", "x"])
def test_a_list_that_is_not_there_numbers_nothing(num_id: str) -> None:
    body = para("文", properties=f'<w:numPr><w:numId w:val="{num_id}"/></w:numPr>')
    assert labels(body, OFFICIAL) == [""]


@pytest.mark.parametrize("ilvl", ["9", "-1", "x", "8"])
def test_a_level_that_is_not_there(ilvl: str) -> None:
    place = f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="1"/></w:numPr>'
    expected = ["一、"] if ilvl == "x" else [""]
    assert labels(para("文", properties=place), OFFICIAL) == expected


def test_tables_count_with_the_body_and_text_boxes_apart() -> None:
    cell = f"<w:tc>{listed(1)}</w:tc>"
    body = listed(1) + table(row(cell, cell)) + para("文", box(listed(1))) + para(box(listed(1)))
    reading = read(body + listed(1), numbering=OFFICIAL)
    assert texts(reading) == ["一、文", "二、文\t三、文", "文", "一、文", "二、文", "四、文"]


def test_deleted_paragraphs_are_not_counted_but_empty_ones_are() -> None:
    gone = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone += (
        "<w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
    )
    empty = para(properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    reading = read(listed(1) + gone + empty + listed(1), numbering=OFFICIAL)
    assert texts(reading) == ["一、文", "二、", "三、文"]
    assert notices(reading) == {"tracked_changes": 1}
