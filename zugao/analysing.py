"""``zugao analysis``: a period on one page."""

from __future__ import annotations

from pathlib import Path

from zugao.settings import load_settings
from zugao.statistics import asked_period, reading


def write_analysis(home: Path, period: str, file: Path) -> None:
    """Write the page. Raises Problem for a bad period or a place that cannot be written."""
    from reports.analysis import analyse, analysis_page
    from zugao.exporting import target

    asked = asked_period(period)
    with reading(home) as db:
        found = analyse(db, asked)
    page = analysis_page(found, load_settings(home).office.name)
    with target(file) as out:
        out.write(page)
