"""[adoption] of the settings: where printed issues lie, and who records what is sure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from zugao.cron import Cron


class AdoptionSettings(BaseModel):
    """[adoption]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(
        "刊发", description="刊发文件夹：印发的各期和媒体监测清单；相对路径从本文件所在文件夹算起"
    )
    record_sure: bool = Field(
        default=True,
        description="有把握的采用是否直接记下；false 表示都等编辑用 zugao confirm 确认",
    )
    cron: Cron = Field("15 8-18 * * 1-5", description="定时比对的 cron 表达式；留空表示不用")
