"""What the views of statistics and the tables of assessments mean, in Chinese."""

from __future__ import annotations

from typing import Final

_DRAFT = "稿件编号"
_UNIT = "报送单位编号"
_RECEIVED = "收到日期（北京时间）"
_PRINTED = "印发日期（北京时间）"
_CLASS = "报送类别：信息、调研、宣传、信访、其他（由体裁归并，计分办法可另定）"
_WHOLE = "实际分数，不是千分之一分"

_UNITS: Final = {"unit_id": _UNIT, "unit": "报送单位", "unit_group": "组别"}

TABLES: Final[dict[str, dict[str, str]]] = {
    "assessment": {
        "": "综合考核：由几个部分按权重合成",
        "id": "考核编号",
        "name": "名称，如 2026年度组工信息考核",
        "period_start": "期间的第一天",
        "period_end": "期间的最后一天的次日",
        "who": "谁建立的",
        "made_at": "建立时间（UTC）",
    },
    "assessment_part": {
        "": "考核的组成部分，权重合计为1",
        "id": "部分编号",
        "assessment_id": "考核编号",
        "position": "次序，从1起",
        "name": "名称，如 群众评价",
        "weight": "权重（0–1）",
        "full_score": "这一部分的满分",
        "profile_id": "由积分台账折算的部分按哪个计分办法；由外来表格打分的为空",
        "full_points": "积分多少折算为满分，更多的仍为满分；空为本组积分最高的折算为满分",
    },
    "assessment_score": {
        "": "外来表格的打分，一个单位一行",
        "part_id": "部分编号",
        "unit_id": _UNIT,
        "score": "得分，不超过该部分的满分",
    },
}

VIEWS: Final[dict[str, dict[str, str]]] = {
    "submissions": {
        "": "报送：每篇稿件一行，是否算有效报送；统计报送数用它",
        "draft_id": _DRAFT,
        **_UNITS,
        "title": "标题",
        "author": "作者、信息员，几个人用顿号隔开",
        "characters": "正文字数",
        "genre": "体裁",
        "report_class": _CLASS,
        "theme_code": "主要主题代码，无法判断则为空",
        "theme": "主要主题",
        "category_code": "大类代码",
        "category": "大类",
        "received_on": _RECEIVED,
        "received_month": "收到月份，如 2026-09",
        "invalid_reason": "不算有效报送的原因：退稿、重复报送（与本单位先报的完全相同或重复）、"
        "过短（低于该体裁下限）；有效则为空文本",
        "valid": "是否有效报送：1 是，0 否",
    },
    "instructions": {
        "": "有效的批示；批在刊发条目上的，来稿的每个单位各一行，"
        "计件数用 count(DISTINCT instruction_id)",
        "instruction_id": "批示的事件编号",
        **_UNITS,
        "draft_id": _DRAFT,
        "title": "来稿标题",
        "item_id": "刊发条目编号",
        "level": "级别：县、市、省、中央",
        "person": "批示领导",
        "happened_on": "批示日期",
        "note": "批示内容",
    },
    "author_drafts": {
        "": "信息员的稿件：几个人合写的，每人一行",
        "author": "作者、信息员",
        **_UNITS,
        "draft_id": _DRAFT,
        "title": "标题",
        "genre": "体裁",
        "report_class": _CLASS,
        "received_on": _RECEIVED,
        "received_month": "收到月份",
        "valid": "是否有效报送：1 是，0 否",
    },
    "print_times": {
        "": "从收到到印发用了几天，一次采用一行",
        "adoption_id": "采用的事件编号",
        "draft_id": _DRAFT,
        **_UNITS,
        "outlet": "刊物",
        "level": "级别",
        "received_on": _RECEIVED,
        "published_on": _PRINTED,
        "days": "天数；印发早于收稿的为负",
    },
    "register": {
        "": "台账：每篇稿件和它现在的状态",
        "draft_id": _DRAFT,
        "received_on": _RECEIVED,
        **_UNITS,
        "title": "标题",
        "author": "作者、信息员",
        "characters": "正文字数",
        "genre": "体裁",
        "report_class": _CLASS,
        "theme_code": "主要主题代码",
        "theme": "主要主题",
        "state": "状态：已采用、待刊发（已编入还没印发的一期）、预采用、退稿、采用待确认"
        "（有等编辑答复的采用建议）、收到",
        "invalid_reason": "不算有效报送的原因，有效则为空文本",
        "adopted_in": "在哪里采用，几处用分号隔开",
        "first_printed_on": "最早的印发日期",
        "adoptions": "采用次数",
    },
    "months": {"": "有来稿、刊发或得分的月份，从最早到最晚，一个不缺", "month": "月份，如 2026-09"},
    "unit_months": {
        "": "单位按月：报送按收到日期，刊用按印发日期；没有报送的单位和月份也有一行零",
        **_UNITS,
        "month": "月份",
        "submitted": "报送篇数（按收到日期）",
        "valid": "有效报送篇数（按收到日期）",
        "submitted_adopted": "这个月收到的稿件中，到现在已被采用的篇数（按收到日期）",
        "printed_adopted": "这个月印发的采用篇数，一篇多处采用只算一篇（按印发日期）",
        "printed_adoptions": "这个月印发的采用次数，一篇多处采用分别计算（按印发日期）",
        "instructions": "批示件数（按批示日期）",
    },
    "theme_months": {
        "": "主题按月：报得多的和用得多的对比；无法判断的不在内",
        "theme_code": "主题代码",
        "theme": "主题",
        "category": "大类",
        "month": "月份",
        "submitted": "报送篇数（按收到日期）",
        "valid": "有效报送篇数（按收到日期）",
        "printed_adopted": "采用篇数（按印发日期）",
        "printed_adoptions": "采用次数（按印发日期）",
    },
    "author_months": {
        "": "信息员按月（按收到日期）",
        "author": "作者、信息员",
        **_UNITS,
        "month": "收到月份",
        "submitted": "报送篇数",
        "valid": "有效报送篇数",
        "submitted_adopted": "其中到现在已被采用的篇数",
    },
    "profile_days": {
        "": "计分办法的各版本适用的日子",
        "profile_id": "计分办法编号",
        "profile": "名称",
        "version": "版本",
        "first_day": "从哪天起",
        "end_day": "到哪天为止（不含）；没有写的到下一版本起，没有下一版本为 9999-12-31",
    },
    "rankings": {
        "": "单位每月得分和组内排名，按计分办法分别排；没有得分的单位也在内，同分同名次",
        "profile": "计分办法的名称；各版本只计它适用的日子",
        **_UNITS,
        "month": "月份，按积分计入的日期",
        "points": "得分，" + _WHOLE,
        "bonus": "其中采用以外的加分，" + _WHOLE,
        "deductions": "其中采用以外的扣分，为负，" + _WHOLE,
        "rank": "在本组的名次",
        "cumulative": "当年一月以来的累计得分，" + _WHOLE,
    },
    "unit_duplicates": {
        "": "各单位的重稿：每篇后来的稿件与先来的每一对，不含引用",
        "draft_id": "后来的稿件",
        **_UNITS,
        "title": "后来稿件的标题",
        "received_on": _RECEIVED,
        "kind": "类别，同表 duplicate_pair",
        "cover": "重合比例（0–1）",
        "earlier_draft_id": "先来的稿件",
        "earlier_unit_id": "先来稿件的单位",
        "same_unit": "是否同一单位：1 是，0 否",
    },
}
