"""[retention] of the settings: how long texts are kept."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from zugao.cron import Cron


class RetentionSettings(BaseModel):
    """[retention]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep_texts_years: int = Field(
        0,
        ge=0,
        le=100,
        description="稿件文字和原件从收到起保存多少年，到期删去（统计不变）；0 表示一直保存",
    )
    cron: Cron = Field(
        "30 3 * * 6", description="到期删除的 cron 表达式，只在设了年限时用；留空表示只手工删"
    )
