from __future__ import annotations

import pytest

from nlp.byline import (
    Byline,
    ending_bracket,
    is_labelled,
    is_name,
    is_unit,
    names_unit,
    read_bracket,
    read_cells,
    read_labelled,
    read_names,
    read_sender,
)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("报送单位：望溪镇党委", Byline("望溪镇党委")),
        ("信息员：王 溪", Byline(author="王溪")),
        ("（供稿：梁小溪）", Byline(author="梁小溪")),
        (
            "供稿：云溪县委组织部 王溪  审核：李岭  联系电话：0999-5550000",
            Byline("云溪县委组织部", "王溪", "李岭", "0999-5550000"),
        ),
        ("信息员：王溪 0999-5550001", Byline(author="王溪", phone="0999-5550001")),
        ("联系人：党建科 王溪，电话0999-5550002。", Byline(author="王溪", phone="0999-5550002")),
        ("作者：王溪，单位：云溪县委组织部", Byline("云溪县委组织部", "王溪")),
        ("作者单位：云溪县委党校 王溪", Byline("云溪县委党校", "王溪")),
        ("签发人：李岭    联系电话：13900000000", Byline(signer="李岭", phone="13900000000")),
        ("撰稿人：王溪 李岭", Byline(author="王溪、李岭")),
        ("初审：王溪 终审：李岭", Byline(signer="王溪")),
        ("報送單位：望溪鎮黨委  信息員：王溪", Byline("望溪鎮黨委", "王溪")),
        ("单位：", Byline()),
    ],
)
def test_labelled_lines(line, byline):
    assert is_labelled(line)
    assert read_labelled(line) == byline


def test_only_a_label_at_the_start_makes_a_labelled_line():
    assert not is_labelled("各报送单位：请于月底前报送")
    assert not is_labelled("电话访谈了三十名党员")


@pytest.mark.parametrize(
    "line",
    ["云溪县委组织部", "中共望溪镇委员会", "望溪镇党委", "溪口村", "云溪县人力资源和社会保障局"],
)
def test_units(line):
    assert is_unit(line)


@pytest.mark.parametrize(
    "line",
    [
        "构建城乡一体新格局",
        "二、构建全方位监督格局",
        "工作扎实有效",
        "党员中心户的一天。",
        "局",
        "",
    ],
)
def test_other_lines_are_no_units(line):
    assert not is_unit(line)


@pytest.mark.parametrize("line", ["王溪", "王 溪", "王溪 李岭", "欧阳溪"])
def test_names(line):
    assert is_name(line)


@pytest.mark.parametrize("line", ["主要做法", "背景", "一", "", "望溪镇党委书记王溪同志"])
def test_other_lines_are_no_names(line):
    assert not is_name(line)


def test_a_name_set_with_a_space_is_made_whole():
    assert read_names("王 溪 李岭") == "王溪、李岭"


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("云溪县委组织部 王 溪", Byline("云溪县委组织部", "王溪")),
        ("云溪县委书记 王溪", Byline("云溪县委", "王溪")),
        ("云溪县委组织部", Byline("云溪县委组织部")),
        ("县委常委、组织部部长 王溪", Byline(author="王溪")),
        ("雲溪縣委組織部 王溪", Byline("雲溪縣委組織部", "王溪")),
        ("作者为云溪县委组织部副部长 王溪", Byline("云溪县委组织部", "王溪")),
        ("此处省略", Byline()),
    ],
)
def test_unlabelled_senders(text, byline):
    assert read_sender(text) == byline


def test_the_bracket_that_closes_a_paragraph():
    text = "取得良好成效。（云溪县委组织部 王溪）"
    assert ending_bracket(text) == ("云溪县委组织部 王溪", 7)
    assert ending_bracket("（供稿：王溪）") == ("供稿：王溪", 0)
    assert ending_bracket("取得成效（见上表）") is None
    assert ending_bracket("取得成效。") is None
    assert read_bracket("供稿：王溪") == Byline(author="王溪")


@pytest.mark.parametrize(
    ("cells", "byline"),
    [
        (["报送单位", "望溪镇党委", "信息员", "王溪"], Byline("望溪镇党委", "王溪")),
        (["联 系 电 话", "0999-5550000"], Byline(phone="0999-5550000")),
        (["单位", "受理件数", "按期办结"], Byline()),
        (["单位", "人数"], Byline()),
        (["信息员", "职责"], Byline()),
    ],
)
def test_form_rows(cells, byline):
    assert read_cells(cells) == byline


def test_gaps_are_filled_from_the_weaker_source():
    strong, weak = Byline("甲镇", phone="1"), Byline("乙镇", "王溪")
    assert strong.over(weak) == Byline("甲镇", "王溪", "", "1")
    assert not Byline()


def test_whether_a_line_labels_the_unit():
    assert names_unit("供稿：王溪 单位：望溪镇")
    assert not names_unit("联系人：组织科 王溪")
