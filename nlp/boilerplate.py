"""Furniture of websites and page makers, and the masks that stand for something to fill in.

Only short lines can be furniture as a whole; a long paragraph that contains a residue keeps its
role and is reported by ``nlp.quality``. Rules: lines seen at the head and tail of drafts that
units copy from portals and from document-sharing sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.text import simplify_line

LONGEST_FURNITURE = 80
"""Characters; a longer line is prose."""

_BRACKETS = " \u3000\t【】[]（）()《》<>〔〕|｜·•-—>»"

_START = re.compile(
    r"""
    本文(?:来自|来源|转自|由.{1,20}(?:整理|发布|提供|收集)|地址|链接|关键词|标签)
    |(?:文章|稿件|信息|内容|新闻|图片|资料)来源\s?[:：]
    |来源\s?[:：]
    |转载(?:请|自|须|于|时)|原文(?:链接|地址|标题)|更多(?:相关|精彩|文章|资讯|范文)
    |(?:点击|免费|立即|马上)?下载(?:本文|全文|文档|地址|Word|word|WORD|此文)
    |(?:查看|阅读|点击|展开)(?:全文|更多|原文|余下|全部)|(?:点击)?(?:全文阅读|阅读原文)
    |[上下]一[篇页条](?:\s?[:：].*)?|返回(?:首页|顶部|列表|目录|上页)
    |(?:责任编辑|责编|网络编辑|美编|版面编辑|编辑|编审|排版|校对)\s?[:：]
    |(?:长按|微信|手机|请用微信)?(?:扫一扫|扫码|扫描(?:下方)?二维码|识别二维码)|使用微信.{0,2}扫
    |(?:一键)?分享(?:到|至|给)?\s?[:：]|欢迎关注|关注.{0,12}公众号|添加收藏|加入收藏
    |热点关键词|热搜词|热词\s?[:：]|热门(?:评论|标签|文章|推荐)|最新(?:评论|文章|资讯)
    |相关(?:文章|阅读|链接|新闻|推荐|范文|热词|搜索)|推荐阅读|延伸阅读|猜你喜欢|看过本文的人
    |(?:查看|发表|网友)(?:全部)?(?:留言|评论)|我要(?:评论|纠错|举报)|评论\(\d
    |版权(?:所有|声明)|[Cc]opyright|©|免责声明|.{0,6}ICP备|.{0,6}公网安备
    |(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s?[:：]\s?\d*|人气\s?[:：]?\s?\d+
    |(?:字体|字号)\s?[:：]|(?:发布|更新|发表)(?:时间|日期|于)\s?[:：]
    |(?:您|你)?(?:的|现在|当前)(?:位置|的位置)\s?[:：]|首页\s?[>＞»]|作者\s?[:：]\s?(?:佚名|网络|未知)
    """,
    re.VERBOSE,
)
_WHOLE = re.compile(
    r"""
    第\s?\d{1,4}\s?页(?:[\s,，/]{0,2}共\s?\d{1,4}\s?页)?|共\s?\d{1,4}\s?页
    |\d{1,3}\s?/\s?\d{1,3}|\d{1,3}|Page\s?\d{1,3}(?:\s?of\s?\d{1,3})?
    |true|false|null|undefined|打印(?:本页)?|关闭(?:窗口)?|收藏|举报|纠错|注册|登录|大|中|小
    |(?:打印|关闭|收藏|分享|举报|纠错|注册|登录|大|中|小|[\s【】\[\]|]){2,20}
    |(?:https?://|www\.)[!-~]{3,80}|\S{1,20}\s{2,20}(?:注册|登录)(?:\s{1,20}\S{1,6})?
    |(?:来源|作者|编辑|时间|点击|浏览)\s?[:：]
    """,
    re.VERBOSE,
)
_STAMP = re.compile(  # a portal's time of publication, alone or with its source
    r"(?:19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?\s{0,3}\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\s.{0,40})?"
)
_LINKS_HEAD = re.compile(
    r"(?:【[^【】]{1,60}】)?(?:相关(?:文章|阅读|链接|新闻|推荐|范文)|推荐阅读|延伸阅读|猜你喜欢|更多相关)"
)
_RESIDUE = re.compile(
    r"[<&本下点免责来](?:"
    r"(?<=<)/?(?:div|p|span|br|a|img|table|tr|td|font|strong|style|script)\b[^<>]{0,200}>"
    r"|(?<=&)(?:nbsp|quot|amp|lt|gt|ldquo|rdquo|middot|mdash);"
    r"|(?<=本)文(?:来自|由[^。\n]{1,20}(?:整理|收集))|(?<=下)载本文|(?<=点)击下载|(?<=免)费下载"
    r"|(?<=责)任编辑\s?[:：]|(?<=来)自文秘)"
)
_MASK = re.compile(r"[XxＸｘ×✕＊*某_＿○△□][XxＸｘ×✕＊*某_＿○△□]*")
_SINGLE_MASKS = frozenset("XxＸ×✕＊*△")
_SINGLE_CONTEXT = frozenset("年月日县市区镇乡村名人个元万亿省")
_LETTER = re.compile("[A-Za-z]")


def is_furniture(line: str) -> bool:
    """Whether a whole line is website or page furniture rather than part of a draft."""
    if len(line) > LONGEST_FURNITURE:
        return False
    bare = simplify_line(line.strip(_BRACKETS))
    if not bare:
        return False
    return bool(_START.match(bare) or _WHOLE.fullmatch(bare) or _STAMP.fullmatch(bare))


def opens_link_list(line: str) -> bool:
    """Whether a line announces related articles: the short lines after it are links."""
    return len(line) <= LONGEST_FURNITURE and bool(_LINKS_HEAD.match(simplify_line(line.strip())))


def residues(text: str) -> list[tuple[int, int]]:
    """Half-open ranges of HTML tags, entities and site phrases inside a text."""
    return [match.span() for match in _RESIDUE.finditer(text)]


def placeholders(text: str) -> list[tuple[int, int]]:
    """Half-open ranges of masks: XX, ×××, **, 某某, ____, X年X月X日.

    A lone 某 ("某村") and letters inside a Latin word are prose, not masks.
    """
    return list(_join(text, _masks(text)))


def _masks(text: str) -> Iterator[tuple[int, int]]:
    for match in _MASK.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        if match[0][0] in "Xx" and (_LETTER.match(before) or _LETTER.match(after)):
            continue
        if end - start > 1 or (match[0] in _SINGLE_MASKS and after in _SINGLE_CONTEXT):
            yield start, end


def _join(text: str, found: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """One range for a masked date: X年X月X日 is one thing to fill in."""
    start = end = -1
    for next_start, next_end in found:
        if start >= 0 and next_start - end == 1 and text[end] in "年月":
            end = next_end
            continue
        if start >= 0:
            yield start, end
        start, end = next_start, next_end
    if start >= 0:
        yield start, end
