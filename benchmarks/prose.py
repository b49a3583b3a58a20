"""Invented official prose from a seeded grammar: plausible in shape, endless in wording.

Phrases of three words each are drawn from some hundred thousand, and names and figures are
everywhere, so two generated drafts share about as little as two real ones. Wording and facts
are drawn from two dice: the same wording with other facts is 套写.
"""

# ruff: noqa: SIM905 (word lists are easier to read and change as text)

from __future__ import annotations

import random
from dataclasses import dataclass

_STEMS = (
    "云 柳 石 青 白 沙 溪 河 桥 松 竹 梅 榆 槐 杨 荷 莲 泉 湖 塘 山 岭 坪 坝 湾 坡 谷 原 林 苇 鹤 "
    "雁 鹿 龙 凤 金 银 铜 玉 砚 墨 书 琴 古 新 双 三 五 八 九 上 下 东 西 南 北 高 平 长 大 小 明"
).split()
_SURNAMES = "赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 尤 许 何 吕 施 张 孔 曹".split()
_GIVEN = "立 春 建 小 海 文 志 秀 玉 国 晓 明 远 平 满 冬 兰 芳 山 林 安 宁 佳 启 庆 长 桂".split()
_VERBS = (
    "细化 梳理 摸清 建好 用活 盘点 对照 拓宽 打通 补上 列出 晒出 排定 压实 推开 办好 管住 带动 "
    "调整 修订 试行 回访 选出 请来 邀约 汇总 公示 评定 兑现 串起 联通 厘清 扶持 培养 储备 走访 "
    "复查 督办 轮训 评比 改造 整修 腾出 配齐 理顺 归拢 上线 落地 接续 承接"
).split()
_QUALITIES = (
    "分级 到户 季度 月度 片区 村级 镇级 支部 楼栋 网格 院坝 田间 夜间 流动 线上 掌上 联合 结对 "
    "积分 红黄 清单 台账 公开 限时 首问 专项 重点 闲置 集体 特色 青年 老年 返乡 后备 骨干 驻点 "
    "跨村 定向 临时 共享 微型 移动 预约 循环 双向 包干 示范 薄弱 历史 新建"
).split()
_NOUNS = (
    "责任表 议事会 服务队 活动室 档案袋 任务书 联络点 意见簿 学习角 培训班 人才库 合作社 加工坊 "
    "冷链库 采摘园 用工站 调解室 帮办窗 评议团 考核表 津贴款 分红款 服务圈 充电棚 停车位 排水沟 "
    "路灯杆 健身场 食堂点 托管班 阅览室 广播站 微课堂 党课包 故事会 红色线 导师团 学徒岗 观摩会 "
    "擂台赛 承诺栏 示范户 联建项 账目表 合同册 低效田 茶园带 果蔬棚 养殖场 直播间 工具箱 需求单 "
    "心愿墙 信访件 矛盾点 隐患点 短板项 遗留项 堵点项 规划图 章程稿 议题库"
).split()
_LINKS = (
    "先是 随后 接着 同时 另外 在此基础上 与之配套 为此 到了年中 针对反馈 会后 当周 次月 一头"
).split()
_SCENES = (
    "老书记在会上算了一笔账 几名党员当场认领 群众代表逐条投票 有人提出不同看法 年轻人主动留下来 "
    "大家围着火塘讨论到深夜 镇里连夜派人对接 村民自己动手搭起棚架 商户把钥匙交给支部 "
    "驻村队员挨家核对数字 老人们坐在树下听讲 家长们把孩子送来听课"
).split()
_RESULTS = (
    "办结 受理 新增 修复 调处 回应 认领 销号 培训 走访 吸纳 带动 节约 增收 盘活 流转 结对 核实"
).split()
_UNITS = "件 户 人 处 名 次 亩 万元 项 个".split()
_TOPICS = (
    "党建联建 村级治理 干部培养 人才返乡 主题党日 积分管理 集体经济 社区服务 阵地建设 作风建设 "
    "老干部服务 流动党员 新业态党建 驻村帮扶 组织生活 发展党员 信访代办 教育培训"
).split()
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Piece:
    """One invented draft as plain paragraphs."""

    unit: str
    title: str
    lines: tuple[str, ...]  # headings "一、…" and body paragraphs
    signature: tuple[str, str]  # unit and date

    @property
    def characters(self) -> int:
        """Characters of headings and body."""
        return sum(map(len, self.lines))


@dataclass(frozen=True, slots=True)
class Writer:
    """Draws wording from one dice and names and figures from the other."""

    wording: random.Random
    facts: random.Random

    @classmethod
    def of(cls, wording: int, facts: int) -> Writer:
        """A writer from two seeds."""
        return cls(random.Random(wording), random.Random(facts))

    def piece(self, unit: str) -> Piece:
        """A draft of about 1,500 characters (700 to 3,500), in headed sections."""
        dice = self.wording
        title = f"{unit}{self._phrase()}推进{dice.choice(_TOPICS)}"
        wanted = min(3200, max(700, int(dice.lognormvariate(7.12, 0.35))))
        lines = [self.paragraph(3)]
        for number in _NUMERALS:
            lines.append(f"{number}、{self._phrase()}，{self._phrase()}")
            lines += [self.paragraph(dice.randrange(3, 6)) for _ in range(dice.randrange(2, 4))]
            if sum(map(len, lines)) >= wanted:
                break
        date = f"2026年{self.facts.randrange(4, 10)}月{self.facts.randrange(1, 29)}日"
        return Piece(unit, title, tuple(lines), (f"{unit}委组织部", date))

    def paragraph(self, sentences: int) -> str:
        """Sentences of 30 to 70 characters."""
        return "".join(self._sentence() for _ in range(sentences))

    def _sentence(self) -> str:
        phrase, link = self._phrase, self.wording.choice(_LINKS)
        shape = self.wording.randrange(4)
        if shape == 0:
            told = f"{self._place()}{phrase()}，{phrase()}"
            return f"{link}，{told}，{self._figure()}、{self._figure()}。"
        if shape == 1:
            scene = self.wording.choice(_SCENES)
            speaker = f"{self._place()}党支部书记{self._person()}说"
            return f"{speaker}，{scene}，{phrase()}，{phrase()}，{self._figure()}。"
        if shape == 2:
            since = f"{self.facts.randrange(1, 13)}月以来，{self._person()}等"
            people = f"{self.facts.randrange(3, 60)}名党员"
            return f"{since}{people}{phrase()}，{link}{phrase()}，{self._figure()}。"
        where = self._place(self.wording.choice(("镇", "乡", "社区")))
        return f"{where}{phrase()}，{phrase()}，由{self._person()}{phrase()}，{self._figure()}。"

    def _phrase(self) -> str:
        choose = self.wording.choice
        return choose(_VERBS) + choose(_QUALITIES) + choose(_NOUNS)

    def _figure(self) -> str:
        choose = self.wording.choice
        return f"{choose(_RESULTS)}{self.facts.randrange(2, 980)}{choose(_UNITS)}"

    def _place(self, kind: str = "村") -> str:
        return self.facts.choice(_STEMS) + self.facts.choice(_STEMS) + kind

    def _person(self) -> str:
        given = self.facts.sample(_GIVEN, self.facts.choice((1, 2)))
        return self.facts.choice(_SURNAMES) + "".join(given)
