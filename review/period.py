"""The period of a page: as it is written in the address, and by which day adoptions count."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from reports.wording import period_words
from review.desk import Unable
from review.visit import Visit
from storage.evidence import Base
from storage.periods import Period, begun, today


def asked(visit: Visit) -> tuple[str, Base]:
    """The period as it is written, this quarter if none is; and by which day adoptions count."""
    now = today()
    given = visit.query.get("period", "").strip()[:40] or visit.said("period")[:40]
    period = given or f"{now.year}Q{(now.month + 2) // 3}"
    period_of(period)
    base = "received" if visit.query.get("base") == "received" else "published"
    return period, cast(Base, base)


def period_of(text: str) -> Period:
    """The days that a period names. Raises Unable."""
    try:
        return begun(text)
    except ValueError as error:
        raise Unable(str(error)) from None


def common(period: str, base: str) -> dict[str, Any]:
    """What the head of such a page shows: the period, others to choose from, the query."""
    now = today()
    quarters = [(now.year * 4 + (now.month - 1) // 3) - n for n in range(5)]
    choice = [f"{q // 4}Q{q % 4 + 1}" for q in quarters]
    choice += [f"{now.year}-{now.month:02}", str(now.year), str(now.year - 1)]
    return {
        "period": period,
        "base": base,
        "query": urlencode({"period": period, **({"base": base} if base == "received" else {})}),
        "periods": [(one, period_words(period_of(one))) for one in choice],
        "period_name": period_words(period_of(period)),
    }
