"""Commands on what became of drafts: outlets, issues, adoption and its events."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
