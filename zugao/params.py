"""What several commands take: days, who says it, a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from zugao.console import AS_JSON

C = TypeVar("C", bound=Callable[..., Any])


def day_option(*names: str, words: str, required: bool = False) -> Callable[[C], C]:
    """An option that is a day, as ``storage.periods.parse_day`` reads it; ``words`` is its help."""
    return click.option(
        *names, metavar="日期", callback=_to_day, required=required, default=None, help=words
    )


def _to_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    from storage.periods import parse_day

    try:
        return None if value is None else parse_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


DAY = day_option("--date", "day", words="哪一天，如 2026-09-15；缺省为今天。")
WHO = click.option("--who", default="", help="谁记的。")
NOTE = click.option("--note", default="", help="说明。")


def said(command: C) -> C:
    """The options of a command that records what a person says: --who, --note, --json."""
    return WHO(NOTE(AS_JSON(command)))
