"""samples/README.md: what every sample is meant to show, written from the front matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from samples import kinds
from samples.broken import ALL
from samples.sources import Source

ASPECTS = {
    "A1": "农村党建", "A2": "社区党建·基层治理", "A3": "两新组织党建", "A4": "机关国企事业党建",
    "B1": "发展党员", "B2": "党员教育", "B3": "党员管理·作用发挥",
    "C1": "领导班子·选拔任用", "C2": "年轻干部", "C3": "干部教育培训", "C4": "干部监督",
    "C5": "考核激励",
    "D1": "人才引进", "D2": "人才培养·平台", "D3": "人才服务·体制机制",
    "E1": "公务员", "E2": "老干部", "E3": "自身建设·综合", "E4": "信访举报·舆情",
    "X0": "不属于组织工作",
}  # fmt: skip
GENRES = ("动态", "经验", "问题", "建议", "调研报告", "讲话", "通知", "评论", "信访")
FEATURES = {
    "overlong": "超过本体裁字数上限",
    "short": "一句话新闻，过短",
    "compilation": "一个文件汇编多篇",
    "resent": "同单位修改后重报",
    "identical": "同单位换个文件名原样再报",
    "trimmed": "删减后再报",
    "copied": "外单位换地名照抄",
    "borrowed": "借用他稿段落",
    "merged": "两篇并成一篇",
    "contains": "长稿里整篇收进一篇短稿",
    "similar": "外单位改几个说法再报",
    "quoting": "与他稿引用同一段讲话（不算重稿）",
    "auto_numbers": "自动编号标题",
    "table": "含表格",
    "tracked": "含修订痕迹",
    "textbox": "含文本框",
    "footnote": "含脚注",
    "traditional": "繁体字",
    "masks": "含XX、某某等掩码",
    "boilerplate": "夹带网页套话",
    "halfwidth": "半角标点",
    "personal": "含个人信息",
    "doc": "旧版Word（.doc）",
    "rtf": "RTF格式",
    "archive": "在GBK文件名的压缩包里",
    "flat": "平放在收件箱，单位写在文件名里",
    "alias": "文件夹用单位简称",
    "confusable": "主题容易混淆",
    "shouting": "全篇套话",
}
TABLE = ("| 文件 | 来源 | 主题 体裁 特点 | 说明什么 |", "|---|---|---|---|")
HEAD = """\
# 样稿：一个可以随手试的收件箱

`inbox/` 是一个收件箱的样子：{units}个报送单位两个季度（2026年4月至9月）报来的{files}个文件，
外加{broken}个坏文件。云泽市、各县区、各单位、人名、数字全是虚构的，文字都是为这里写的。

- `printed/*.md` 是印发的各期和刊发清单的来源，`issues/` 是由它们生成的文件（Word、文本、PDF、
  CSV、Excel）：56 条，有原样、改过、删过一半、三篇合一、改了标题的，也有 11 条与来稿无关；
  `printed/truth.json` 是每一条来自哪几篇、各占多少。`zugao match samples/issues` 可以试。
- `drafts/<单位>/*.md` 是来源，一篇一个文件，可以直接改；改完运行 `python -m samples.build`，
  `inbox/` 里的Word文件和这份说明就跟着变。
  `.doc` 和 `.rtf` 要靠LibreOffice转换，加 `--office` 才重做。
- `units.csv` 是单位名册（名称、组别、上级、别名；几个别名用“；”隔开）。
- `outlets.csv` 是刊物名册（四级，有的写了字数要求和别名），刊物也都是虚构的。
- `events.sh` 在这些稿件上记约稿、批示、课题、差错和一次补记，`make demo` 比对之后运行它；
  名册里的云泽市交通运输局党组一篇没报，通报里列为零报送。
- `tests/test_samples_build.py` 检查来源写得对不对、该有的样子有没有、`inbox/` 是不是最新。

## 来源怎么写

开头两行 `+++` 之间是说明（TOML）：

| 项 | 意思 |
|---|---|
| `file` | 收件箱里的文件名 |
| `unit` | 报送单位，须在 `units.csv` 里 |
| `shows` | 主题代码、体裁，然后是特点（见下表） |
| `note` | 这一篇用来说明什么 |
| `folder` | 收件箱里的文件夹，不写就是单位名，`""` 表示平放 |
| `archive` | 放进哪个压缩包 |
| `swap` | 引用别的来源时换掉的词，如 `{{ "甲县" = "乙县" }}` |
| `[word] look` | `office` 直接设字体（默认）、`styled` 用样式、`plain` 宋体小四 |
| `[word] auto_numbers` | 行首的一、（一）1. 变成Word自动编号 |
| `[word] tracked` | `{{++增++}}` `{{--删--}}` 变成修订痕迹 |
| `[word] format` | `docx`（默认）、`doc`、`rtf` |

正文一段一行：`# 标题`、`——副标题`、一、（一）1.小标题、`| 表格 |`、`{{box: 文本框}}`、`[^1]` 脚注，
落款和日期照常写在末尾。`<<< 单位/来源 2-5,8` 把另一篇的第2至5行和第8行搬过来（第1行是标题）。

## 特点

| 代码 | 意思 | 篇数 |
|---|---|---|
{features}

## 重稿的类别

`tests/test_samples_pipeline.py::test_pairs_and_their_kinds` 把全部样稿收进来，只应有下列重稿对；
每一类另有单独的测试（在 `tests/` 里）。

{kinds}

## 主题和体裁

| 主题 | 篇数 | | 体裁 | 篇数 |
|---|---|---|---|---|
{counts}

## 每一篇

"""


def render(sources: Sequence[Source]) -> str:
    """The whole README for ``sources``."""
    shown = Counter(code for source in sources for code in source.shows)
    features = [f"| `{code}` | {name} | {shown[code]} |" for code, name in FEATURES.items()]
    head = HEAD.format(
        units=len({source.unit for source in sources}),
        files=len(sources),
        broken=len(ALL),
        features="\n".join(features),
        kinds="\n".join(kinds.table()),
        counts="\n".join(_counts(shown)),
    )
    return head + "\n".join(_units(sources)) + "\n" + _broken()


def _counts(shown: Counter[str]) -> list[str]:
    genres = [*GENRES, *[""] * (len(ASPECTS) - len(GENRES))]
    return [
        f"| {code} {name} | {shown[code]} | | {genre} | {shown[genre] if genre else ''} |"
        for (code, name), genre in zip(ASPECTS.items(), genres, strict=True)
    ]


def _units(sources: Sequence[Source]) -> list[str]:
    lines: list[str] = []
    for unit in dict.fromkeys(source.unit for source in sources):
        lines += [f"### {unit}", "", *TABLE]
        lines += [_row(source) for source in sources if source.unit == unit]
        lines.append("")
    return lines


def _row(source: Source) -> str:
    place = f"{source.archive} › {source.file}" if source.archive else source.file
    slug = source.key.split("/")[1]
    return f"| {place} | `{slug}` | {' '.join(source.shows)} | {source.note} |"


def _broken() -> str:
    rows = [f"| {item.folder}/{item.file} | `{item.shows}` | {item.note} |" for item in ALL]
    head = ["## 坏文件", "", "| 文件 | 种类 | 应当怎样 |", "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"
