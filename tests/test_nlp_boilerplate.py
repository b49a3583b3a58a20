from __future__ import annotations

import pytest

from nlp.boilerplate import is_furniture, opens_link_list, placeholders, residues
from tests.support_text import prose


@pytest.mark.parametrize(
    "line",
    [
        "本文来自某公文网，转载请注明出处",
        "点击下载本文",
        "上一篇：某县人才工作汇报",
        "下一篇：没有了",
        "（责任编辑：某人）",
        "(责编：甲、乙)",
        "来源：某某日报",
        "2026年03月11日15:25   来源:某网",
        "第1页 共3页",
        "- 3 -",
        "12",
        "分享到：微信 微博",
        "使用微信“扫一扫”关注",
        "• 热门评论",
        "字体：大 中 小",
        "版权所有 某某网",
        "某ICP备0000号",
        "浏览次数：123",
        "发布时间：2026-09-30",
        "https://example.org/a.html",
        "false",
        "综合社区        注册",
        "【打印】【关闭】",
        "当前位置：首页 > 公文",
        "責任編輯：某人",
    ],
)
def test_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "来源于群众、服务于群众",
        "分享基层经验，推动整体提升",
        "阅读量突破十万次，群众反响热烈。",
        "使用微信群发布信息",
        "关注我们身边的困难党员",
        "第一页翻开，是老党员的入党誓词。",
        "附件：1.任务清单",
        "望溪镇党委",
        "2026年9月30日",
        "作者：王小溪",
        "三、下载与推广",
        "本文来自" + prose(100),
        "",
    ],
)
def test_lines_of_a_draft_are_no_furniture(line):
    assert not is_furniture(line)


def test_related_articles_open_a_link_list():
    assert opens_link_list("【某县经验材料】相关文章：")
    assert opens_link_list("推荐阅读")
    assert not opens_link_list("相关部门负责同志参加")


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("XX县XX镇", ["XX", "XX"]),
        ("X年X月X日", ["X年X月X"]),
        ("20××年", ["××"]),
        ("投入***万元", ["***"]),
        ("某某村支部", ["某某"]),
        ("负责人____", ["____"]),
        ("X县领导", ["X"]),
        ("某村党支部书记", []),
        ("iPhone X与maXX软件", []),
        ("4x100米接力，长3×4米", []),
        ("VX号", []),
        ("三会一课", []),
    ],
)
def test_masks(text, masks):
    assert [text[start:end] for start, end in placeholders(text)] == masks


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("好<br/>好&nbsp;好</p>", 3),
        ("请下载本文，责任编辑：甲", 2),
        ("a<b且b>c", 0),
        (prose(200), 0),
    ],
)
def test_residues_in_prose(text, count):
    assert len(residues(text)) == count


@pytest.mark.parametrize("text", ["X" * 20000, "<" * 20000, "<div " * 4000, "某_" * 10000])
def test_rules_stay_linear_on_hostile_text(text):
    placeholders(text)
    residues(text)
    is_furniture(text[:80])
