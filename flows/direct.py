"""Intake without Prefect: the same steps, called one after the other."""

from __future__ import annotations

import time
from pathlib import Path

from flows import steps
from flows.office import Tally, begin, open_office, recorded, sole_run, summarise
from flows.steps import Report
from reports.summary import Summary
from zugao.settings import Settings


def intake_directly(
    settings: Settings, inbox: Path, report: Report, *, wait: bool = True
) -> Summary:
    """Take everything in that waits in ``inbox``; returns the summary of the run.

    With ``wait`` off, files that may still be written are taken as they are.
    Raises Busy, InboxError or StorageError, each with a Chinese sentence.
    """
    began = time.monotonic()
    with open_office(settings) as office, sole_run(office) as renew:
        run_id = begin(office, inbox, "direct")
        tally = Tally()
        with recorded(office, run_id, tally, began):
            steps.collect(office, inbox, run_id, tally, report, wait=wait)
            for outcomes in steps.work(office, report):
                steps.commit(office, run_id, outcomes, tally)
                renew()
        return summarise(office, run_id, tally, began)
