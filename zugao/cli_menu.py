"""The list of commands that ``zugao --help`` prints, by what people come to do."""

from __future__ import annotations

from typing import Final

import click

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "收稿": ("init", "run", "up", "serve", "files", "retry", "units", "backdate"),
    "看稿": ("desk", "show", "compare", "cut", "annotate", "next", "decide", "export", "register"),
    "采用": ("match", "proposals", "confirm", "refuse", "adopt", "unadopt", "split", "issue",
           "outlets", "issues", "items", "events", "undo"),
    "约稿、批示和其他": ("commission", "deliver", "instruct", "outcome", "topic", "topic-stage",
                "fault", "bonus"),
    "统计和通报": ("stats", "points", "rules", "report", "bulletins", "template", "assess",
             "analysis", "trends", "sql", "window"),
    "主题模型和查重": ("learn", "retag", "classify", "evaluate", "thresholds", "read"),
    "管理": ("doctor", "backup", "restore", "erase", "user", "audit"),
}  # fmt: skip
"""Heading → commands in the order in which one meets them."""

REST: Final = "其他"


class Menu(click.Group):
    """A group whose help lists its commands under headings; what stands in none comes last."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each heading with its commands; the column is as wide in all of them."""
        known = {name for names in SECTIONS.values() for name in names}
        rest = tuple(name for name in self.list_commands(ctx) if name not in known)
        width = max(map(len, self.commands), default=0)
        limit = formatter.width - width - 6
        for heading, names in {**SECTIONS, REST: rest}.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [
                (name.ljust(width), command.get_short_help_str(limit))
                for name, command in found
                if command is not None and not command.hidden
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)
