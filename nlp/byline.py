"""Who sent a draft: unit, author, signer and telephone in labelled lines, brackets and 落款.

Lines in Traditional script are matched by their Simplified form; what is taken from them stays
as written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.text import simplify_line

_LONGEST_LINE = 100
_LONGEST_UNIT = 40

_FIELDS = {
    "unit": "报送单位 供稿单位 来稿单位 投稿单位 选送单位 作者单位 单位名称 供稿部门 报送部门 单位",
    "author": "作者姓名 作者 信息员 供稿人 供稿 撰稿人 撰稿 通讯员 报送人 报送员 执笔人 执笔 拟稿人"
    " 拟稿 联系人 投稿人",
    "signer": "签发领导 签发人 签发 审核人 审核领导 审核 审签人 审签 核稿人 核稿 分管领导"
    " 初审 复审 终审 审定",
    "phone": "联系电话 联系方式 电话号码 手机号码 手机号 手机 电话",
}
_FIELD_OF = {label: field for field, labels in _FIELDS.items() for label in labels.split()}
_LABELS = "|".join(sorted(_FIELD_OF, key=len, reverse=True))
_LABEL = re.compile(rf"(?P<label>{_LABELS})\s{{0,4}}[:：]\s{{0,8}}")
_LABEL_START = re.compile(rf"[（(【\[［]?\s{{0,4}}(?:{_LABELS})\s{{0,4}}[:：]")
_VALUE_EDGE = " \u3000\t，,；;、|/（）()【】[]［］"
_LONG_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}[-—－ ]?\d{7,8}|\d{7,8}")
_PHONE = re.compile(rf"{_LONG_PHONE.pattern}|\d{{3,6}}")

_UNIT_END = (
    "组织部|宣传部|统战部|政法委|纪委|监委|纪工委|党委|党工委|党总支|党支部|总支部|支部委员会|党组"
    "|工委|委员会|县委|市委|区委|旗委|州委|省委|镇委|乡委|办公室|委办|府办|党校|老干部局|公务员局"
    "|人才办|人才局|编办|组织办|党建办|党群办|党政办|综合办|组织科|组织处|人事科|人事处|工作部|工作处"
    "|研究室|信息科|干部科|工作局|指挥部|专班|工作队|局|中心|街道|办事处|管委会|镇|乡|苏木|社区|村"
    "|村委会|居委会|集团|公司|学院|大学|中学|小学|学校|医院|卫生院|银行|支行|分行|联合会|协会|商会"
    "|总工会|妇联|团委|共青团|工商联|供电所|分公司|合作社|人民政府|政府|开发区|园区|高新区|林场|农场"
    "|研究院|政治部|杂志社|报社|机关工委|科|股|调研组|课题组|工作组"
)
_UNIT_ENDS = tuple(_UNIT_END.split("|"))
_UNIT = re.compile(r"[一-鿿][一-鿿（）()·、\d]*")
_NOT_A_UNIT = re.compile(
    r"[一二三四五六七八九十]{1,3}、|.*(?:格局|全局|新局|大局|布局|结局|变局|中心城镇)$|.*(?:常委|书记|部长)、"
)
_OFFICE = re.compile(r"[^县市区镇乡]{1,6}[科股]")
_TITLE_OF_PERSON = re.compile(
    r"(?:副?书记|副?部长|副?主任|副?县长|副?市长|副?局长|副?院长|副?校长|副?教授|委员|副?科长|副?处长|副?主席)$"
)
_NAME = re.compile(r"[一-鿿·]{2,6}")
_ENDING_BRACKET = re.compile(
    r"(?:[（(]([^（）()\n]{2,60})[）)]|[［\[]([^［］\n]{2,60})[］\]])\s{0,4}$"
)
_BREAK = re.compile(r"[\s，,：:/]+")
_CLOSING = frozenset("）)］]")
_AUTHOR_IS = re.compile(r"(?:作者|执笔人?|单位)\s{0,2}(?:单位)?\s{0,2}(?:系|为|是)\s{0,2}")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫"
    "孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌"
    "毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦傅"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What one or several lines say of the sender; "" where they say nothing."""

    unit: str = ""
    author: str = ""
    signer: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.unit or self.author or self.signer or self.phone)

    def over(self, other: Byline) -> Byline:
        """This by-line, with its gaps filled from the other one."""
        return Byline(
            self.unit or other.unit,
            self.author or other.author,
            self.signer or other.signer,
            self.phone or other.phone,
        )


def is_labelled(line: str) -> bool:
    """Whether a line begins with a sender's label: "信息员：…", "（联系电话：…"."""
    if len(line) > _LONGEST_LINE or not (":" in line or "：" in line):
        return False
    return bool(_LABEL_START.match(simplify_line(line.strip())))


def read_labelled(line: str) -> Byline:
    """Every labelled field of a line, in any order: "供稿：某科 张三  审核：李四  电话：…"."""
    matches = list(_LABEL.finditer(simplify_line(line)))
    ends = [match.start() for match in matches[1:]] + [len(line)]
    fields: dict[str, str] = {}
    for match, end in zip(matches, ends, strict=True):
        value = line[match.end() : end].strip(_VALUE_EDGE)
        _put(fields, _FIELD_OF[match["label"]], value)
    return Byline(**fields)


def read_cells(cells: Sequence[str]) -> Byline:
    """Fields of a row of a submission form, label before value: 单位 | 某镇 | 信息员 | 张三.

    The head of an ordinary table (单位 | 人数) is not such a row: a unit must look like one, a
    person like a name, a telephone like a number.
    """
    fields: dict[str, str] = {}
    for label, value in zip(cells[::2], cells[1::2], strict=False):
        key = simplify_line("".join(label.split()).rstrip(":："))
        field = _FIELD_OF.get(key, "")
        if field == "unit":
            fits = is_unit(value)
        elif field == "phone":
            fits = bool(_LONG_PHONE.search(value))
        else:
            fits = bool(field) and (is_name(value) or bool(read_sender(value)))
        if fits:
            _put(fields, field, value.strip())
    return Byline(**fields)


def _put(fields: dict[str, str], field: str, value: str) -> None:
    """Enter a field that is still empty; a person's value may hold unit and telephone as well."""
    if field == "unit":
        sender = read_sender(value)
        if sender.author:
            fields.setdefault("author", sender.author)
            value = sender.unit
    else:
        phone = (_PHONE if field == "phone" else _LONG_PHONE).search(value)
        if phone:
            fields.setdefault("phone", phone[0])
        if field == "phone":
            return
        if phone:
            value = value[: phone.start()].strip(_VALUE_EDGE).removesuffix("电话")
        sender = _read_people(value)
        if sender.unit:
            fields.setdefault("unit", sender.unit)
        value = sender.author
    if value:
        fields.setdefault(field, value)


def _read_people(value: str) -> Byline:
    """The value of a person's label: names, after a unit or an office (党建科 张三) perhaps."""
    if (sender := read_sender(value)).unit:
        return replace(sender, unit="") if _OFFICE.fullmatch(sender.unit) else sender
    names = read_names(value)
    people = [name for name in names.split("、") if is_name(name)]
    return Byline(author="、".join(people) or names)


def names_unit(line: str) -> bool:
    """Whether a line has a label for the unit itself, not only for persons."""
    return any(
        _FIELD_OF[match["label"]] == "unit" for match in _LABEL.finditer(simplify_line(line))
    )


def is_unit(line: str) -> bool:
    """Whether a line is shaped like the name of a party or state body, or a village."""
    if len(line) > 2 * _LONGEST_UNIT:
        return False
    bare = simplify_line("".join(line.split()))
    if len(bare) > _LONGEST_UNIT or not bare.endswith(_UNIT_ENDS, 2) or not _UNIT.fullmatch(bare):
        return False
    return not _NOT_A_UNIT.match(bare)


def is_name(line: str) -> bool:
    """Whether a line is shaped like one or several persons' names: a common surname first."""
    names = read_names(simplify_line(line)).split("、") if len(line) <= _LONGEST_UNIT else []
    return 0 < len(names) <= 4 and all(
        2 <= len(name) <= 4 and name[0] in _SURNAMES and _NAME.fullmatch(name) for name in names
    )


def read_sender(text: str) -> Byline:
    """Unit and names of an unlabelled sender: "中共临溪县委组织部 张 三" → unit and 张三.

    Before the names may stand an office held (县委常委、组织部部长 张三). Nothing is taken from a
    text that begins with neither.
    """
    text = _AUTHOR_IS.sub("", text.strip(_VALUE_EDGE), count=1)
    first, *rest = _BREAK.split(text, maxsplit=8)
    unit = first if is_unit(first) else _TITLE_OF_PERSON.sub("", first)
    if not is_unit(unit):
        held = unit != first and len(rest) > 0 and is_name(" ".join(rest))
        return Byline(author=_names(rest)) if held else Byline()
    while rest and len(rest[0]) > 3 and is_unit(rest[0]):
        unit += " " + rest.pop(0)
    if rest and _TITLE_OF_PERSON.search(rest[0]):
        rest.pop(0)
    names = _names(rest)
    return Byline(unit, names if _are_names(names) else "")


def ending_bracket(text: str) -> tuple[str, int] | None:
    """The bracket that closes a paragraph, if it names the sender: (its content, its start)."""
    if text.rstrip()[-1:] not in _CLOSING:
        return None
    match = _ENDING_BRACKET.search(text, max(0, len(text) - 66))
    if not match:
        return None
    content = match[1] or match[2]
    if read_bracket(content) or _AUTHOR_IS.match(content.strip()):
        return content, match.start()
    return None


def read_bracket(content: str) -> Byline:
    """Sender in the bracket after a piece: "某县委组织部 张三", "作者：张三", "作者单位：某校"."""
    return read_labelled(content) if is_labelled(content) else read_sender(content)


def read_names(text: str) -> str:
    """Names that a line lists, joined by 、: "张 三 李四" → "张三、李四"."""
    return _names(text.split())


def _names(parts: list[str]) -> str:
    """Names of a split line joined by 、; a name set with a space (张 三) is made whole."""
    names: list[str] = []
    pending = ""
    for part in parts:
        if len(part) == 1 and "\u4e00" <= part <= "\u9fff":
            pending += part
            if len(pending) < 2:
                continue
            part, pending = pending, ""
        names.append(part.strip(_VALUE_EDGE))
    return "、".join(name for name in [*names, pending] if name)


def _are_names(joined: str) -> bool:
    return all(_NAME.fullmatch(name) for name in joined.split("、"))
