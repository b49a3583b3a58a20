"""[reports] of the settings: what a bulletin says of the office, whom it praises, when."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reports.standard import Office, Standard
from storage.periods import Period
from zugao.cron import Cron

Span = Literal["月", "季度", "半年", "年"]


class ReportSettings(BaseModel):
    """[reports]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str = Field("组工信息", description="通报的是什么，用在标题里")
    to: str = Field("各报送单位", description="主送机关，通报发给谁")
    copy_to: str = Field("", description="抄送机关；留空表示不写")
    profile: str = Field("", description="用哪个计分办法；只有一个时可留空")
    template: str = Field(
        "", description="本单位的 Word 模板（zugao template 写出样例）；留空用自带的"
    )
    folder: str = Field("通报", description="通报送审稿放在哪个文件夹")
    praised: int = Field(3, ge=0, le=100, description="每组表扬前几名")
    least_a_month: float = Field(
        1.0, ge=0, le=1000, description="平均每月有效报送不足多少条的，排名再高也不表扬"
    )
    low_rate: float = Field(0.1, ge=0, le=1, description="采用率低于多少时点名")
    cron: Cron = Field("0 7 1 * *", description="定时出送审稿的 cron 表达式；留空表示不用")
    spans: tuple[Span, ...] = Field(
        ("月", "季度", "半年", "年"), description="定时出哪几种；可填：月、季度、半年、年"
    )

    def office(self, name: str, period: Period) -> Office:
        """As the reports room takes it; the least of a period grows with its months."""
        start, end = period.start, period.end
        months = 12 * (end.year - start.year) + end.month - start.month or 1
        standard = Standard(self.praised, round(self.least_a_month * months), self.low_rate)
        return Office(name, self.subject, self.to, self.copy_to, standard)
