"""组稿 zugao: the front door (command line, settings file, doctor)."""

__version__ = "0.1.0"
