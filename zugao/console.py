"""How commands speak: one sentence for a problem, a bar for a person, plain lines for a log."""

from __future__ import annotations

import datetime
import functools
import json
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, ParamSpec

import click

from nlp.masking import masked

P = ParamSpec("P")


AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
"""The option of every command that can answer a program."""


class Exit(IntEnum):
    """Exit codes, as ``docs/commands.md`` documents them. 2 is click's: the words were wrong."""

    OK = 0
    FAILED = 1
    REFUSED = 3
    BUSY = 4


class Problem(Exception):
    """Something the user can mend; the message is one Chinese sentence."""

    def __init__(self, sentence: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(sentence)
        self.code = code


def speak_plainly(command: Callable[P, Any]) -> Callable[P, Any]:
    """Turn every exception of a command into one sentence and an exit code.

    Known problems print their own sentence. Anything else is a defect: its traceback goes into a
    file that the sentence names, never onto the user's screen.
    """

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return command(*args, **kwargs)
        except Problem as problem:
            click.secho(str(problem), fg="red", err=True)
            sys.exit(problem.code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.secho("已中断。已经提交的不受影响，再次运行会接着做。", fg="yellow", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.exit(Exit.OK)
        except Exception as error:
            if (sentence := _known(error)) is not None:
                click.secho(sentence, fg="red", err=True)
            else:
                click.secho(_unexpected(error), fg="red", err=True)
            sys.exit(Exit.FAILED)

    return guarded


def _known(error: Exception) -> str | None:
    """The sentence of an error that the rooms below raise for people, else None."""
    from flows.cluster import ClusterError
    from flows.inbox import InboxError
    from points.profile import ProfileError
    from storage.decisions import DecisionError
    from storage.errors import RefusedError, StorageError
    from storage.units import UnitError
    from storage.users import UserError
    from zugao.settings import SettingsError

    known = (
        ClusterError,
        SettingsError,
        StorageError,
        InboxError,
        UnitError,
        DecisionError,
        UserError,
        RefusedError,
        ProfileError,
    )
    return str(error) if isinstance(error, known) else None


def _unexpected(error: Exception) -> str:
    note = masked("".join(traceback.format_exception(error)))
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S")
    path = Path(f"zugao-error-{stamp}.log").absolute()
    try:
        path.write_text(note, encoding="utf-8")
        where = f"详情已写入 {path}，请连同它一起反馈。"
    except OSError:
        where = f"原因：{type(error).__name__}: {masked(str(error))}"
    return f"程序出现未预料的错误，这次没有做完；已经提交的内容不受影响。{where}"


def print_json(value: Any) -> None:
    """One JSON document on standard output, Chinese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A callback ``(step, done, total)``: a bar on a terminal, lines of a log elsewhere."""
    if quiet:
        yield lambda step, done, total: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


def _lines() -> Callable[[str, int, int], None]:
    """At most one line per tenth of the work, with the time."""
    last: dict[str, int] = {}

    def show(step: str, done: int, total: int) -> None:
        tenth = done * 10 // max(total, 1)
        if last.get(step) != tenth:
            last[step] = tenth
            now = datetime.datetime.now().strftime("%H:%M:%S")
            click.echo(f"{now} {step} {done}/{total}", err=True)

    return show


def visible(text: str) -> str:
    """Text of strangers as it may be printed: personal numbers masked; no control codes, no marks
    that change the direction of writing."""
    text = masked(text)
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def safe(text: str) -> str:
    """Text of strangers for a rich console: shown, never taken for markup or control codes."""
    from rich.markup import escape

    return escape(visible(text))
