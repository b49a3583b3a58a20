"""[backup] of the settings: where backups go, when, and which are kept."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from storage.backup_keeping import Keep
from zugao.cron import Cron


class BackupSettings(BaseModel):
    """[backup]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(
        "备份", description="备份放在哪个文件夹；最好在另一块磁盘上，并定期拷到另一台机器"
    )
    cron: Cron = Field("5 * * * *", description="定时备份的 cron 表达式；留空表示不用")
    hourly: int = Field(24, ge=0, le=1000, description="最近多少个小时各留最后一份")
    daily: int = Field(7, ge=0, le=1000, description="最近多少天各留最后一份")
    weekly: int = Field(5, ge=0, le=1000, description="最近多少周各留最后一份")
    monthly: int = Field(12, ge=0, le=1000, description="最近多少个月各留最后一份")

    def keep(self) -> Keep:
        """The policy as storage takes it."""
        return Keep(self.hourly, self.daily, self.weekly, self.monthly)
