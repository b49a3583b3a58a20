"""Write docs/model-card.md: what the theme model is, its figures, and the command behind each.

python -m scripts.model_card            write it (about a minute)

The figures on real texts need the measuring texts beside the repository; without them that part
says that it was not measured.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import PAGE, describe
from nlp.evaluation import Evaluation
from nlp.taxonomy import Taxonomy
from nlp.themes import ThemeModel
from reports.evaluation import figures, markdown_table, named, tables
from zugao.evaluating import evaluate_file, evaluate_own

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "docs" / "model-card.md"
REAL = ROOT.parent / "shared" / "data" / "themes_dev" / "themes_dev.jsonl"
WEAK = 0.80
FEW = 10

TARGETS = (
    ("主要主题正确率", "themes.accuracy", 0.88),
    ("主要主题宏平均F1", "themes.macro_f1", 0.86),
    ("大类正确率", "category_accuracy", 0.94),
    ("前三个中有正确的", "top3", 0.98),
    ("查准率97%时可自动采信", "coverage.0.97", 0.60),
    ("辨认不属于任何方面（AUROC）", "abstention_auroc", 0.95),
    ("校准误差（ECE，越小越好）", "ece", 0.05),
    ("体裁宏平均F1", "genres.macro_f1", 0.85),
)


def card(model: ThemeModel, own: Evaluation, real: Evaluation | None) -> str:
    """The page as Markdown; ``real`` is None where the measuring texts are not at hand."""
    names = Taxonomy.load().names()
    facts = model.metadata
    lines = [
        "# 模型说明卡",
        "",
        "本页由 `python -m scripts.model_card` 生成，请勿手改。",
        "",
        "## 是什么",
        "",
        f"主题模型 {model.version}（{facts['made']}训练）：逻辑回归，输入为词、双字、"
        f"主题词表和标题词表，{len(model.codes) - 1} 个方面加“不属于任何方面”；"
        "概率经温度校准。体裁由结构和用语的规则判断，不经训练。",
        "",
        f"- 训练稿：{facts['samples']} 篇，全部为本项目自撰，地名、单位均为虚构，随程序提供。",
        f"- 训练稿、词表、主题体系的指纹（SHA-256）：`{facts['corpus']}`。",
        "- 用途：给编辑提示主题，拿不准的留给人；不用于评价单位或个人。",
        "- 模型文件只有数字和文字，不含程序（见[决定](decisions/)中“模型文件”一篇）。",
        "",
        "## 在真实文章上",
        "",
    ]
    lines += _real(real, names) if real else ["这次没有测量：旁边没有测量用的文章。"]
    lines += [
        "",
        "## 在自撰训练稿上（交叉验证）",
        "",
        "命令：`zugao evaluate`。每篇由没有见过它的模型判断；同一批人写的稿子，"
        "用语相近，这组数字偏高，只用来比较改动前后。",
        "",
        *markdown_table(("指标", "数值"), figures(own)),
        "",
        f"测于：{describe()}。速度随机器和负载变化。",
        "",
        "## 从改正中学习",
        "",
        "命令：`python -m benchmarks.learning --write`，正确率 / 宏平均F1，"
        "说明见[基准](benchmarks.md)。用全部训练稿起步时，改正这些公开文章带不来提高；"
        "从每个主题五篇起步（如自定的主题体系），100 次以内按 `zugao next` 的次序改正提高得较快，"
        "以后和按收到的先后改正相差不大。"
        "从部分训练稿起步时，改正的稿件里也有其余训练稿，所以能量到 400 次。",
        "",
        *_section("learning"),
        "",
        "单篇分类耗时、与其他做法的比较：`python -m benchmarks.themes`，见[基准](benchmarks.md)。",
        "",
    ]
    return "\n".join(lines)


def _section(name: str) -> list[str]:
    """The table of a part of docs/benchmarks.md, as it was last written."""
    text = PAGE.read_text(encoding="utf-8")
    part = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    return [line for line in part.splitlines() if line.startswith("|")] or ["这次没有测量。"]


def _real(found: Evaluation, names: dict[str, str]) -> list[str]:
    lines = [
        "命令：`zugao evaluate themes_dev.jsonl`。这些是公开刊物上的文章，一名读者标注，"
        "不参与训练；调整词表和体裁规则时看过其中一半的错误（另一半只看过几篇建议），"
        "所以在全新文章上的成绩可能略低，两半分开的成绩见[基准](benchmarks.md)。",
        "",
        *markdown_table(("指标", "目标", "实测", ""), [_target(found, *t) for t in TARGETS]),
        "",
        *markdown_table(("指标", "数值"), figures(found)),
        "",
        "### 弱项",
        "",
        *_weak(found, names),
    ]
    for title, columns, rows in tables(found, names):
        lines += ["", f"### {title}", "", *markdown_table(columns, rows)]
    return lines


def _target(found: Evaluation, name: str, path: str, wanted: float) -> tuple[str, str, str, str]:
    first, _, key = path.partition(".")
    part = getattr(found, first)
    value = part[key] if isinstance(part, dict) else getattr(part, key) if key else part
    met = value <= wanted if first == "ece" else value >= wanted
    return name, f"{wanted:.2f}", f"{value:.3f}", "达到" if met else "**未达到**"


def _weak(found: Evaluation, names: dict[str, str]) -> list[str]:
    """Aspects and genres below ``WEAK``, those with too few drafts to judge, those without any."""
    lines = []
    for labels in (found.themes, found.genres):
        for row in labels.each:
            few = "，篇数少，仅供参考" if row.drafts < FEW else ""
            if row.f1 < WEAK:
                lines.append(f"- {named(row.code, names)}：F1 {row.f1:.2f}（{row.drafts} 篇{few}）")
    absent = sorted(set(Taxonomy.load().codes) - {row.code for row in found.themes.each})
    if absent:
        lines.append(f"- 没有真实文章可测：{'、'.join(named(code, names) for code in absent)}")
    return lines or ["- 没有低于 0.80 的方面或体裁。"]


def main() -> None:
    """Measure and write."""
    home = ROOT / "no-settings"
    real = evaluate_file(home, REAL)[0] if REAL.exists() else None
    CARD.write_text(card(ThemeModel.load(), evaluate_own(home), real), encoding="utf-8")
    print(f"docs/{CARD.name}")


if __name__ == "__main__":
    main()
