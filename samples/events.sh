#!/bin/sh
# What else an office records in a quarter, on the drafts of this inbox; run in the demo's folder
# after the issues were matched. The numbers are those that the samples get every time.
set -e
test -z "$(ls 通报 2>/dev/null)" || exit 0 # recorded already

# The second quarter's bulletin went out; then an adoption in June was told.
zugao report --period 2026Q2 --freeze --number 云组办通〔2026〕5号 --who 王审读
zugao adopt 1 --outlet 望岚党员之家 --date 2026-06-26 --note 补记

# 约稿: in time, late, and not at all.
zugao commission 防汛抢险中的基层党组织 白芦县 --date 2026-07-02 --due 2026-07-10
zugao commission 离退休干部怎样服务社区 汀洲区 --date 2026-08-03 --due 2026-08-20
zugao commission 驻村岗位怎样培养年轻干部 市卫生健康委 市教育局 --date 2026-08-20 --due 2026-09-15
zugao deliver 52 125
zugao deliver 53 94
zugao deliver 54 27

# 批示, 成果, 课题, 差错, 加分.
zugao instruct 92 --person 市委主要领导 --level 市 --date 2026-08-26 --note 请市委组织部牵头研究堵住漏洞
zugao outcome 92 制度 --level 市 --title 领导干部兼职取酬管理办法 --date 2026-09-22
zugao topic 望岚县 村级后备力量怎么育 --person 周晓禾 --level 市 --date 2026-07-15 --due 2026-11-30
zugao topic-stage 61 中期 --date 2026-09-20
zugao fault 市信访局 迟报 --date 2026-09-12 --note 重要信访苗头晚报两天
zugao bonus 临溪县 --points 1 --date 2026-08-30 --note 承办全市组工信息培训班
