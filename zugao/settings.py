"""The settings file ``zugao.toml``: one validated model, and its commented default.

Every key carries its Chinese description here; ``default_toml`` writes them out, so the file that
``zugao init`` makes documents itself and cannot disagree with the code.
"""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nlp.focus import Focus
from nlp.form import KINDS, USUALLY_OFF, FormRules
from nlp.length import LengthRules, Limits, default_limits
from zugao.adoption_settings import AdoptionSettings
from zugao.backup_settings import BackupSettings
from zugao.cron import Cron
from zugao.report_settings import ReportSettings
from zugao.retention_settings import RetentionSettings
from zugao.reuse_settings import ReuseSettings

FILE_NAME = "zugao.toml"
GENRES = tuple(default_limits())


class SettingsError(Exception):
    """A settings file that cannot be used; the message is one Chinese sentence for people."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficeSettings(_Section):
    """[office]."""

    name: str = Field("组织部办公室", description="本单位名称，印在汇总和通报上")


class IntakeSettings(_Section):
    """[intake]."""

    inbox: str = Field("收件箱", description="定时收稿的文件夹；相对路径从本文件所在文件夹算起")
    settle_seconds: float = Field(
        5.0, ge=0, le=3600, description="文件大小和修改时间静止多少秒后才收，防止收进没写完的文件"
    )
    wait_minutes: float = Field(
        10.0, ge=0, le=1440, description="内容不完整的文件最多等多少分钟，仍不完整则按“不完整”退回"
    )
    batch: int = Field(200, ge=1, le=5000, description="一批处理多少个文件，一批一次提交")
    workers: int = Field(
        0, ge=0, le=64, description="同时处理的进程数；0 表示按本机处理器数量自动决定"
    )


class ClusterSettings(_Section):
    """[cluster]."""

    address: str = Field("", description="Dask 调度器地址，如 tcp://10.0.0.5:8786；留空在本机处理")
    send_files: bool = Field(
        True,  # noqa: FBT003
        description="原件随任务发给各台机器；各台机器都能按同一路径读到工作目录时可设为 false",
    )


class ScheduleSettings(_Section):
    """[schedule]."""

    cron: Cron = Field("*/30 8-18 * * 1-5", description="定时收稿的 cron 表达式；留空表示不用")
    poll_seconds: int = Field(0, ge=0, le=86400, description="另按固定间隔（秒）收稿；0 表示不用")
    api_url: str = Field(
        "http://127.0.0.1:4200/api", description="Prefect 服务地址；zugao serve 会在本机启动它"
    )


class Limit(_Section):
    """One genre's limits in 字."""

    floor: int = Field(0, ge=0, description="下限，低于它标“过短”")
    soft: int = Field(0, ge=0, description="提醒线")
    hard: int = Field(0, ge=0, description="上限，超过它标“超长”")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.floor <= self.soft <= self.hard:
            raise ValueError("应当 floor ≤ soft ≤ hard")
        return self


class LengthSettings(_Section):
    """[length]."""

    title: int = Field(30, ge=1, description="标题字数提醒线")
    paragraph: int = Field(500, ge=1, description="单个自然段字数提醒线")
    sentence: int = Field(140, ge=1, description="单句字数提醒线")
    subtitle: int = Field(40, ge=1, description="副标题字数提醒线")


class FormSettings(_Section):
    """[form]."""

    off: tuple[str, ...] = Field(
        tuple(KINDS[kind] for kind in KINDS if kind in USUALLY_OFF),
        description="不需要的提醒；可填：" + "、".join(KINDS.values()),
    )
    late_days: int = Field(
        15, ge=0, description="动态所报的事距成文日期（没写则距收稿）超过多少天算迟报；0 表示不查"
    )
    stock_percent: int = Field(
        20, ge=1, le=100, description="套话占正文百分之多少时提醒；发表的文章约 3% 达到 20"
    )

    @model_validator(mode="after")
    def _known_kinds(self) -> Self:
        unknown = [name for name in self.off if name not in KINDS.values()]
        if unknown:
            raise ValueError(f"不认识的提醒：{'、'.join(unknown)}")
        return self

    def rules(self) -> FormRules:
        """The rules as the text room takes them."""
        off = frozenset(kind for kind, name in KINDS.items() if name in self.off)
        return FormRules(off, self.late_days, self.stock_percent)


class LearningSettings(_Section):
    """[learning]."""

    cron: Cron = Field("30 2 * * *", description="定时学习的 cron 表达式；留空表示不用")
    least_new: int = Field(
        30, ge=1, le=100_000, description="新的审核意见满多少条才重新学习；更好才换用"
    )


class DeskSettings(_Section):
    """[desk]."""

    port: int = Field(8765, ge=1, le=65535, description="编辑台的端口")
    hosts: tuple[str, ...] = Field(
        (), description="本机名称和127.0.0.1之外，编辑用来访问的主机名或IP"
    )
    https: bool = Field(
        False,  # noqa: FBT003
        description="前面有反向代理提供HTTPS时设为true，登录凭证就只走HTTPS",
    )
    sure: float = Field(0.9, ge=0.5, le=1, description="批量采信时，主题把握不低于多少")
    return_reasons: tuple[str, ...] = Field(
        ("内容与已报稿件重复", "时效已过", "篇幅不合要求", "事例和数据不足", "缺少做法和成效",
         "属活动报道，信息量不够", "格式不合要求", "不属组织工作范围"),
        description="退稿理由，供编辑勾选",
    )  # fmt: skip


class ThemeSettings(_Section):
    """[themes]."""

    taxonomy: str = Field("", description="本单位的主题体系文件（TOML）；留空用随程序提供的")
    dictionary: str = Field("", description="本单位补充词典文件，每行一个词；留空表示不用")
    lexicon: str = Field("", description="本单位补充主题词表（TOML）；留空表示不用")


class FocusSettings(_Section):
    """One [[focus]]: a topic that the office wants."""

    name: str = Field(min_length=1)
    sentence: str = ""
    terms: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"报送重点“{self.name}”的 since 晚于 until")
        if not self.sentence and not self.terms:
            raise ValueError(f"报送重点“{self.name}”要有 sentence 或 terms")
        return self


def _default_limits() -> dict[str, Limit]:
    return {
        genre: Limit(floor=limit.floor, soft=limit.soft, hard=limit.hard)
        for genre, limit in default_limits().items()
    }


class Settings(_Section):
    """The whole file. ``home`` is the folder it lies in; it is not written into the file."""

    home: Path = Field(Path(), exclude=True)
    office: OfficeSettings = OfficeSettings()
    intake: IntakeSettings = IntakeSettings()
    cluster: ClusterSettings = ClusterSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    length: LengthSettings = LengthSettings()
    form: FormSettings = FormSettings()
    limits: dict[str, Limit] = Field(default_factory=_default_limits)
    reuse: ReuseSettings = ReuseSettings()
    themes: ThemeSettings = ThemeSettings()
    learning: LearningSettings = LearningSettings()
    adoption: AdoptionSettings = AdoptionSettings()
    reports: ReportSettings = ReportSettings()
    desk: DeskSettings = DeskSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    focus: tuple[FocusSettings, ...] = ()

    @model_validator(mode="after")
    def _known_genres(self) -> Self:
        unknown = sorted(set(self.limits) - set(GENRES))
        if unknown:
            raise ValueError(f"不认识的体裁：{'、'.join(unknown)}（可用：{'、'.join(GENRES)}）")
        return self

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.home / "zugao.db"

    @property
    def originals(self) -> Path:
        """The content-addressed store of originals."""
        return self.home / "originals"

    @property
    def inbox(self) -> Path:
        """The inbox of scheduled runs."""
        return self.home / self.intake.inbox

    @property
    def issues(self) -> Path:
        """The folder of printed issues and lists of published titles."""
        return self.home / self.adoption.folder

    def length_rules(self) -> LengthRules:
        """The limits as the text room takes them."""
        genres = {
            g: Limits(limit.floor, limit.soft, limit.hard) for g, limit in self.limits.items()
        }
        plan = self.length
        return LengthRules(genres, plan.title, plan.paragraph, plan.sentence, plan.subtitle)

    def topics(self) -> tuple[Focus, ...]:
        """报送重点 as the text room takes them."""
        return tuple(
            Focus(f.name, f.sentence, f.terms, _day(f.since), _day(f.until)) for f in self.focus
        )

    def under_home(self, given: str) -> Path | None:
        """A path named in the file, taken from its folder; None if the key is empty."""
        return self.home / given if given else None


TITLES = {
    "office": "本单位",
    "intake": "收稿",
    "cluster": "多台机器（Dask 集群；只在可信的内网里用）",
    "schedule": "定时收稿（zugao serve）",
    "length": "标题、段落、句子的长度提醒",
    "form": "形式检查",
    "reuse": "查重的判定线（zugao thresholds 可以试）",
    "themes": "主题与词典",
    "learning": "从审核意见学习",
    "adoption": "采用：刊发文件夹（zugao match）",
    "reports": "通报（zugao report）",
    "desk": "编辑台（zugao desk）",
    "backup": "备份（zugao backup）",
    "retention": "保存年限（zugao erase --expired）",
}


FOCUS = """\
# ── 报送重点：当前想要的题目，可写多项；每项去掉行首的 # 即生效，改后用 zugao retag --focus 重配 ──
# [[focus]]
# name = "村级集体经济"
# sentence = "发展壮大村级集体经济的做法和成效"
# terms = ["村级集体经济", "强村公司", "党支部领办合作社"]
# since = 2026-07-01
# until = 2026-09-30
"""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def default_toml(name: str = "") -> str:
    """The commented default settings file, with the office's name if given."""
    lines = ["# 组稿 zugao 设置。改完后用 zugao doctor 检查。", ""]
    for key, title in TITLES.items():
        section: type[BaseModel] = Settings.model_fields[key].annotation  # type: ignore[assignment]
        lines += [f"# ── {title} ──", f"[{key}]"]
        for field, info in section.model_fields.items():
            value = name if (key, field, bool(name)) == ("office", "name", True) else info.default
            lines += [f"# {info.description}", f"{field} = {_toml(value)}"]
        lines.append("")
    lines.append("# ── 各体裁的字数：floor 下限，soft 提醒线，hard 上限 ──")
    for genre, limit in _default_limits().items():
        values = ", ".join(f"{k} = {v}" for k, v in limit.model_dump().items())
        lines.append(f'limits."{genre}" = {{ {values} }}')
    # A dotted key after a table header would belong to that table: the limits go first.
    head, limits = lines[:2], lines[-len(GENRES) - 1 :]
    return "\n".join([*head, *limits, "", *lines[2 : -len(GENRES) - 1]]).rstrip() + "\n\n" + FOCUS


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def load_settings(home: Path) -> Settings:
    """Read ``home/zugao.toml``.

    Raises SettingsError with one Chinese sentence naming the file, the key and the remedy.
    """
    path = home / FILE_NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"没有找到设置文件 {path}。请先运行 zugao init {home} 建立工作目录，"
            "或用 --home 指明工作目录。"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"设置文件 {path} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None
    except NotADirectoryError:
        raise SettingsError(f"{home} 不是文件夹；--home 应当指向工作目录。") from None
    except OSError:
        raise SettingsError(f"设置文件 {path} 读不了，请检查它的访问权限。") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"设置文件 {path} {_place(str(error))}写得不对，请改正后重试"
            "（文字要加引号，中文的项名也要加引号）。"
        ) from None
    return settings_from(raw, home)


def _place(complaint: str) -> str:
    """Where tomllib stopped, in Chinese; its own words are English and end with the place."""
    found = re.search(r"line (\d+), column (\d+)", complaint)
    return f"第 {found[1]} 行第 {found[2]} 列附近" if found else "末尾"


def settings_from(raw: dict[str, Any], home: Path) -> Settings:
    """Validate parsed TOML; genres that the file does not name keep their default limits."""
    if isinstance(raw.get("limits"), dict):
        defaults = {genre: limit.model_dump() for genre, limit in _default_limits().items()}
        raw = {**raw, "limits": {**defaults, **raw["limits"]}}
    try:
        return Settings(**{**raw, "home": home})
    except ValidationError as error:
        problems = "；".join(_problem(e) for e in error.errors(include_url=False))
        raise SettingsError(f"设置文件 {home / FILE_NAME} 有误：{problems}。") from None


def _problem(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "整个文件"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{where} 不是设置项，请删去或检查拼写"
    if kind == "value_error":
        return f"{where}：{context['error']}"
    bounds = {"greater_than_equal": ("ge", "不能小于"), "less_than_equal": ("le", "不能大于")}
    if kind in bounds:
        name, words = bounds[kind]
        return f"{where} {words} {context[name]}（现在是 {error['input']}）"
    return f"{where} 的值 {error['input']!r} 类型不对"
