"""Month by month, and the days between receipt and print."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlite_utils import Database

from storage.connection import raw
from storage.evidence import days
from storage.periods import Period
from storage.questions import Row

SENT: Final = """
SELECT received_month AS month, count(*) AS submitted, sum(valid) AS valid FROM submissions
WHERE received_on >= :start AND received_on < :end GROUP BY received_month
"""

PRINTED: Final = """
SELECT substr(adoptions.published_on, 1, 7) AS month,
  count(DISTINCT adoptions.draft_id) AS adopted, count(*) AS adoptions
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
WHERE issue.published_on >= :start AND issue.published_on < :end
GROUP BY substr(adoptions.published_on, 1, 7)
"""

DAYS: Final = """
SELECT print_times.days
FROM issue CROSS JOIN adoptions ON adoptions.issue_id = issue.id
JOIN print_times ON print_times.adoption_id = adoptions.adoption_id
WHERE issue.published_on >= :start AND issue.published_on < :end
"""


def months_until(db: Database, period: Period, count: int) -> list[Row]:
    """The ``count`` months that end with the last of the period, empty ones too.

    ``month submitted valid`` by day of receipt, ``adopted adoptions`` by day of print.
    """
    last = period.end - timedelta(days=1)
    numbers = range(12 * last.year + last.month - count, 12 * last.year + last.month)
    firsts = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    after = 12 * last.year + last.month
    asked = days(Period(firsts[0], date(after // 12, after % 12 + 1, 1)))
    nothing = {"submitted": 0, "valid": 0, "adopted": 0, "adoptions": 0}
    months: dict[object, Row] = {
        f"{first:%Y-%m}": {"month": f"{first:%Y-%m}", **nothing} for first in firsts
    }
    for sql in (SENT, PRINTED):
        for row in db.query(sql, asked):
            months[row["month"]].update(row)
    return list(months.values())


def days_to_print(db: Database, period: Period) -> list[int]:
    """Days from receipt to each print of the period; below zero: printed before it came."""
    return [int(taken) for (taken,) in raw(db).execute(DAYS, days(period))]
