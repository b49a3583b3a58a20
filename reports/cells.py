"""Cells of tables that spreadsheets open."""

from __future__ import annotations


def harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10, full-width included)."""
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in tuple("=+-@\t\r\n\0＝＋－＠"):
        return "'" + value
    return value
