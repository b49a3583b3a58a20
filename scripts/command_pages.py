"""Write docs/commands.md from the command line's own help, so that the two cannot disagree.

python -m scripts.command_pages            write it
python -m scripts.command_pages --check    fail if the file on disk is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zugao.cli import main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

HEAD = """# 命令手册

本页由 `make docs` 从程序自身的帮助生成，请勿手改。先看[使用手册](guide.md)更容易上手。

## 退出码

| 码 | 含义 |
|---|---|
| 0 | 全部正常 |
| 1 | 没有做成，屏幕上有一句说明 |
| 2 | 命令写错了 |
| 3 | 做完了，但有文件或行用不了（`run`、`read`、`classify`、`outlets`、`issues`、`match`） |
| 4 | 另一个收稿或比对任务正在运行，这次没有做（`run`、`match`） |
| 130 | 被 Ctrl+C 中断；已提交的不受影响 |
"""

SHAPES = """## `--json` 的字段

字段名是英文，稳定不变；新版本只会增加字段。

### `zugao run --json`

一个对象：`found` 收件箱文件数；`moving` 仍在写入、留待下次的文件名；
`notices` 关于本次运行的提示；`seconds` 用时；
`run` 本次运行（`id started_at ended_at how flow_run_id inbox outcome counts`）；
`new` 新登记文件数；
`read` 读出文件数；`drafts` 稿件数；`characters` 总字数；
`refused` 列表，每项 `manuscript_id name unit unit_given reason detail postponed sentence`；
`reasons` 列表 `reason files`；
`units` 列表 `unit_id unit unit_group drafts characters overlong duplicates`；
`themes` 列表 `code name category drafts mean_probability`（`code` 为 null 即无法判断）；
`genres` 列表 `genre drafts`；`focus` 列表 `name drafts`（报送重点）；
`flags` 列表 `kind severity drafts`；
`pairs` 列表 `kind cover shared_characters direction`
`draft_a draft_b title_a title_b unit_a unit_b`；
`pair_kinds` 列表 `kind pairs`。

### `zugao read --json`

一个对象：`file`；`refused` 为 null 或 `reason detail sentence`；读出时另有 `format`；
`blocks` 列表，每项 `layer label text style level align size bold`；
`notices` 列表 `code message count`；
`drafts` 列表，每项 `position title subtitle unit author signer phone dated attachments characters
notices paragraphs text`，`paragraphs` 每项 `role label text level`。

### `zugao show --json` 与 `zugao export --format jsonl`

每篇一个对象：`draft_id title subtitle unit unit_group unit_as_written author signer phone dated
attachments characters genre genre_probability theme theme_name theme_probability theme_source
category category_probability model_version position manuscript_id file_name format sha256
unit_given source received_at received_on run_id`；
`tags` 列表 `kind code name rank probability terms source model_version taxonomy_version made_at`，
`terms` 每项 `[词, 起, 止, 权重]`，起止是 `text` 里的字符位置；
主题为现行的：编辑定过的以编辑为准（`theme_source` 为 editor，把握为 null）；
`decisions` 列表 `decision_id kind theme_before theme_code theme secondary genre_before genre
who note decided holds undoes`；
`flags` 列表 `kind severity message start_offset end_offset count_value limit_value`
`source made_at`；
`notices` 列表 `code message count_value`；`pairs` 列表 `other_id other_title other_unit kind cover
other_cover shared_characters longest direction spans rules_version made_at`。
`show` 另有 `text`、`paragraphs`、`history`；`cluster`（null 即没有别的版本）`size earliest_draft_id
earliest_title earliest_unit position`；`merged_from` 列表 `source_id source_title source_unit share
used`；`outlets` 写明字数要求的刊物，列表 `outlet level floor soft hard fit`（`fits` 合适，`short`
不足下限，`long` 超过提醒线，`over` 超过上限）；`events` 同 `zugao events`，由先到后。

### `zugao decide --json`

`decision_id kind theme_before theme genre_before genre`
（`kind`：accept 同意，correct 改正，undo 撤销；主题为 null 即无法判断）。

### `zugao learn --json`、`zugao retag --json`

`learn --use`、`--built-in`：`version`。
`learn`：`state`（waiting 还没学，kept 仍用原来的模型，adopted 已换用）`sentence version decisions
held_out metrics`；`metrics` 为检验稿上的 `accuracy_before accuracy log_loss_before log_loss`。
`retag`：`drafts` 重判篇数，`changed` 主要主题有变的篇数，`model`；
`retag --focus`：`drafts`、`matched`；`retag --genre`：`drafts`、`changed` 体裁有变的篇数。

### `zugao next --json`

列表，每项 `draft_id title unit received_on theme_code theme theme_probability nearest`，
`nearest` 每项 `[代码, 名称, 把握]`。

### `zugao trends --json`

`now`、`before` 各为起止日（不含止日）；`drafts` 两期篇数；`rising` 列表
`theme name word now of_now before of_before score`：有此关键词的篇数和该主题的篇数。

### `zugao classify --json`

每篇一行：`file id title`；`themes`、`nearest` 列表 `code name probability terms`
（`themes` 为空即无法判断）；`category category_probability`；
`genre` `code probability cues`；`keywords`；`focus` 列表 `name probability`；`model`。
用不了的文件或行：`file id error`。

### `zugao evaluate --json`

一个对象：`model drafts none`（`none` 为标注不属于任何方面的篇数）；
`themes`、`genres` 各为 `drafts accuracy macro_f1 each confusions`，`each` 每项
`code drafts precision recall f1`，`confusions` 每项 `truth guess drafts`；
`category_accuracy top3`；`coverage` 查准率→可自动采信的比例；`tagged tagged_precision`；
`bins` 每项 `drafts confidence accuracy`；`ece abstention_auroc drafts_per_second skipped`。

### `zugao compare --json`

一个对象：`draft` 左稿，`sources` 右稿列表（按左稿使用的先后），各有 `draft_id`（文件为 null）
`label title unit dated text`；`sources` 每项另有 `kind`（null 即不值一提）`cover source_cover
shared_characters discounted_characters longest`、`direction`（`taken` 右稿在前，`given` 左稿在前，
空为无法判断）和 `passages`，每项 `number`（null 即引文或套话）`nature start end source_start
source_end changes`，`changes` 每项 `kind`（`name` 地名、单位、人名，`number` 数字，`words` 字句）
`start end source_start source_end text source_text`。各位置都是 `text` 里的字符位置。

### `zugao cut --json`

一个对象：`draft_id`（没入库的文件为 null）`file title genre limit before after reached`；
`outlet` 按哪家刊物压（null 即按体裁或指定的字数）；
`dropped` 列表，每项 `start end reason saved text`，起止是 `show` 的 `text` 里的字符位置；
`text` 是删后的稿子。

### `zugao annotate --json`

一个对象：`file` 写成的文件，`drafts` 稿件数，`comments` 批注条数。

### `zugao thresholds --json`

一个对象：`now`、`tried` 现在和试用的判定线（项名同设置文件的 `[reuse]`）；`pairs` 库里的重稿对数；
`kinds` 列表 `kind`（null 即不再提示）`now tried`；`changed` 类别会变的对，每项 `draft_a draft_b
title_a title_b cover_a cover_b shared_characters before after`。

### `zugao outlets --json`、`zugao issues --json`、`zugao items --json`

给了文件：`added changed unchanged`，`refused` 没有导入的行各一句说明。不给文件为列表：
刊物 `outlet_id name kind level tier points floor_chars soft_chars hard_chars retired aliases
issues adoptions`；各期 `issue_id outlet level year number published_on title state source items
adoptions waiting`（`state`：composing 正在编，printed 已印发）；条目 `item_id position title
column_name byline characters url origin adoptions`。

### `zugao events --json` 和各种记录

`events` 为列表；`adopt unadopt split undo instruct outcome commission deliver topic topic-stage
fault bonus` 为一个对象，`events` 是这次记下的。每项 `event_id kind happened_on unit draft_id
draft_title item_id printed_title outlet issue_number published_on issue_state level form share
person severity title due_on points note source confidence who refers_to undoes recorded holds`，
`warnings` 列表：`printed_before_received` 刊发早于收稿，`same_unit_twice` 同一条里已有同一单位的
另一篇，`shares_over` 各篇所占合计超过 100%，`unknown_unit` 单位不在单位表里，`returned`
稿件已退稿，`delivered_early` 来稿早于约稿。

### `zugao match --json`、`zugao proposals --json`

`match` 为一个对象：`files` 列表 `name items reason complaints`（`reason` 为空即全部读入）；
`moving` 还在写入的；`known` 读过的文件数；`matched` 比对的条数；`recorded` 记下的采用；
`waiting` 等确认的；`unmatched` 刊发而无来稿，每项 `item_id printed_title byline outlet level
issue_number published_on`；`refused sentence`。
`proposals` 为列表：`proposal_id item_id printed_title outlet level issue_number published_on
draft_id title unit form share used confidence evidence warnings`；
`evidence`：`shared longest title named why versions rivals`（相同字数、最长一段、标题相似、
署名相符、取舍的理由、同稿的其他稿件、别的单位的稿件），只有标题时没有前两项，转载的另有
`reprint_of`；`warnings`：`printed_before_received two_units same_unit_twice title_only
other_byline same_draft_twice`。`confirm`、`refuse` 同各种记录。

### `zugao rules --json`、`zugao points --json`

办法 `profile_id name version valid_from valid_to note rules`，`rules` 是各组规则的条数；
`rules check` 没有 `profile_id`。`points` 为一个对象：`profile start end`（不含 `end`）；
`settled` 列表，每个版本 `profile_id added reversed standing points`：新记、冲销、有效的笔数，
有效的合计；`points` 列出各笔的合计；`lines` 列表，每笔 `award_id profile profile_version unit_id
unit unit_group author rule points effective_on period note mark draft_id title item_id event_id
profile_id`。

### `zugao report --json`、`zugao bulletins --json`

`report` 为一个对象：`title number`，`frozen` 冻结后的编号，送审稿为 null；`start end`（不含 `end`）
`profile profile_version units adoptions files`。`bulletins` 为列表：`bulletin_id number title start
end profile profile_version who frozen_at sha256 sound`（`sound`：内容与校验码相符）；给了编号则为
写出的文件。`--format json` 写出的文件是通报全文：`sha256` 冻结内容的校验码；`head`；`units` 各单位
的数字（分为千分之一分）；`pieces commissions awards themes adjustments rules sections`；`ids`：
单位编号 → 数字 → 各行编号。

### `zugao issue … --json`、`zugao backdate --json`

`show` 为一个对象：`issue_id outlet_id outlet level year number title state published_on`，`items`
每项 `position column title text byline characters length edited`，`sources` 列表
`draft_id unit title`；`new`：`issue_id`；`print`：`adoptions file`；`backdate`：
`run_id changed unchanged`（文件数）。

### `zugao stats --json`

一个对象：`title`、`start`、`end`（不含）、`dated`（按什么日期）、`notes`、`rows`。按单位的
`rows` 每项 `unit_id unit unit_group submitted valid adopted adoptions rate by_class_level`
（如 `信息|县`，采用篇次）`commissions_due commissions_on_time commissions_late
commissions_missed instructions bonus deductions points points_before points_year_ago cumulative
rank rank_before`，分都是实际分数；
按信息员的 `author unit_id unit unit_group submitted valid adopted points target short`；
按级别、刊物的 `name adopted adoptions`；其余的 `key name submitted valid adopted adoptions rate`。
`--list`：各名单的字段见 `storage/statistics_lists.py`、`storage/statistics_kinds.py` 的说明。

### `zugao sql --json`、`zugao assess --json`

`sql`：列表，每项为列名和值。`assess`：`name start end weights`（部分和百分数）`units`，每项
`unit_id unit unit_group parts`（各部分的百分制得分，缺项为 null）`total rank`。

### `zugao user list --json`、`zugao audit verify --json`

列表 `id name role unit_id unit active made_at`；
`entries` 条数、`head` 最后一条（`序号:摘要`）、`broken` 第一条对不上的（null 即没有）、`known`
给出的那一条是否还在。

### `zugao backup --json`、`zugao restore --json`

`path made_at size originals new_originals missing removed`
（`missing` 原件库里缺的，有则退出码 1）；
`--list` 为列表 `name made size path`；`--check` 为 `path problems`；
`restore` 为 `folder backup originals files`。

### `zugao erase --json`

`drafts` 这次删去文字的稿件，`originals` 删去的原件个数，
`scrubbed` 数据库文件是否已不留痕迹，`lying` 还在收件箱里的原文件。
`--preview` 为 `bulletins` 印有它们的定稿通报，和 `drafts` 列表
`draft_id title unit received_on erased siblings copies bulletins printed`；
`--person` 时为 `written named printed bulletins`。

### `zugao units --json`、`zugao doctor --json`

`units added assigned`；列表 `name state found advice`（`state`：正常、注意、缺少、有误）。
"""


def _contexts(context: click.Context) -> list[click.Context]:
    """A command and, if it is a group, all below it."""
    found = [context]
    if isinstance(context.command, click.Group):
        for name, command in sorted(context.command.commands.items()):
            if not command.hidden:
                found += _contexts(click.Context(command, info_name=name, parent=context))
    return found


def page() -> str:
    """The whole page as Markdown."""
    settings = {**main.context_settings, "terminal_width": 90}
    contexts = _contexts(click.Context(main, info_name="zugao", **settings))
    parts = [
        f"### `{context.command_path}`\n\n```text\n{context.command.get_help(context)}\n```\n"
        for context in contexts
    ]
    return "\n".join([HEAD, "## 命令\n", *parts, SHAPES])


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else "docs/commands.md is stale")
    PAGE.write_text(page(), encoding="utf-8")
