"""Form: what an editor sends a draft back for. Every kind of flag can be switched off.

The rules live in the modules ``nlp.quality`` and ``nlp.form_*``; this one runs them all. Digits
are looked for once and shared: most rules of numbers, dates and personal data begin at a digit.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlp.form_dates import date_flags
from nlp.form_numbers import digit_runs, number_flags
from nlp.form_order import order_flags
from nlp.form_personal import personal_flags
from nlp.form_substance import substance_flags
from nlp.form_words import word_flags
from nlp.quality import check_quality
from nlp.spans import lying
from nlp.text import Folded
from nlp.types import Draft, Flag

_JUDGED = frozenset({"title", "subtitle", "heading", "body"})

KINDS = {
    "placeholder": "占位符",
    "website_residue": "网页残留",
    "mojibake": "乱码",
    "zero_width": "隐藏字符",
    "bidi": "文字方向控制符",
    "control_characters": "控制字符",
    "odd_characters": "异形字符",
    "no_title": "缺标题",
    "missing_signature": "缺落款",
    "missing_signer": "缺签发人",
    "missing_contact": "缺联系人",
    "title_without_unit": "标题缺单位",
    "halfwidth_punctuation": "半角标点",
    "unbalanced_marks": "标点不成对",
    "doubled_punctuation": "标点重复",
    "nested_marks": "引号套用",
    "number_mark": "序号标点",
    "heading_order": "小标题层次",
    "heading_number": "序号不连续",
    "number_form": "数字用法",
    "document_number": "文号括号",
    "misspelling": "错别字",
    "no_facts": "缺事实",
    "stock_phrases": "套话",
    "repeated_sentence": "语句重复",
    "late_report": "迟报",
    "future_date": "日期超前",
    "impossible_date": "日期有误",
    "identity_number": "身份证号",
    "bank_card": "银行卡号",
    "private_phone": "个人电话",
}
"""Every kind of form flag with the name under which the settings and the reports know it."""

USUALLY_OFF = frozenset({"missing_signer", "missing_contact"})
"""Asked for by some offices only: most drafts of the others would carry these flags."""


@dataclass(frozen=True, slots=True)
class FormRules:
    """What is looked at and from when on it is said."""

    off: frozenset[str] = USUALLY_OFF  # kinds of ``KINDS`` that are not wanted
    late_days: int = 15  # between the event and the date line or receipt; 0 = never late
    stock_percent: int = 20  # of the content; 3 % of published texts reach it (benchmarks/form.py)

    def __post_init__(self) -> None:
        if unknown := self.off - KINDS.keys():
            raise ValueError(f"unknown kinds of flags: {sorted(unknown)}")


def check_form(
    draft: Draft, folded: Folded, rules: FormRules, *, genre: str, received: str = ""
) -> tuple[Flag, ...]:
    """All form flags of a draft that the rules want; at most one of a kind.

    ``folded`` is the folded content of ``draft.text`` (``nlp.text.fold`` with its ranges),
    ``received`` the ISO date on which the draft came in, "" if it is not known.
    """
    text = draft.text
    judged = draft.ranges(_JUDGED)
    runs = digit_runs(text)
    figures = any(lying(runs, draft.ranges()))  # no span is empty
    flags = (
        *check_quality(draft),
        *_asked_for(draft),
        *order_flags(draft),
        *number_flags(text, runs, judged),
        *word_flags(text, judged),
        *substance_flags(
            draft, text, folded, genre=genre, figures=figures, stock_percent=rules.stock_percent
        ),
        *date_flags(
            draft, text, runs, judged, genre=genre, received=received, late=rules.late_days
        ),
        *personal_flags(draft, text, runs),
    )
    return tuple(flag for flag in flags if flag.kind not in rules.off)


def _asked_for(draft: Draft) -> tuple[Flag, ...]:
    flags: tuple[Flag, ...] = ()
    if not draft.signer:
        flags += (Flag("missing_signer", "info", "没有签发人，请补签发领导"),)
    if not draft.author and not draft.phone:
        flags += (Flag("missing_contact", "info", "没有联系人和电话，请补信息员和电话"),)
    return flags
