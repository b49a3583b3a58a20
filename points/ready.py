"""Profiles that come with the program: a default, and three in the manner of real offices."""

from __future__ import annotations

from importlib.resources import files

DEFAULT = "default"
DEFAULT_NAME = "默认计分办法"
"""Name that the default profile bears in the database."""


def ready_profiles() -> dict[str, str]:
    """The text of each by its short name, the default first."""
    found = {
        path.name.removesuffix(".toml"): path.read_text(encoding="utf-8")
        for path in files("points").joinpath("profiles").iterdir()
        if path.name.endswith(".toml")
    }
    return dict(sorted(found.items(), key=lambda one: (one[0] != DEFAULT, one[0])))
