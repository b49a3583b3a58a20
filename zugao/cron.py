"""Cron expressions of the settings, checked as the scheduler will read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def _understood(expression: str) -> str:
    """A cron expression that the scheduler will take; "" for none."""
    from cronsim import CronSim, CronSimError

    try:
        if expression:
            CronSim(expression, datetime.now(UTC))
    except CronSimError:
        raise ValueError(f"看不懂的 cron 表达式“{expression}”，写法如 */30 8-18 * * 1-5") from None
    return expression


Cron = Annotated[str, AfterValidator(_understood)]
