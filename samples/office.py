"""Turn a .docx into the older formats that some offices still send, through LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format", "pdf": "pdf"}


def available() -> bool:
    """Whether LibreOffice can be called."""
    return shutil.which("soffice") is not None


def convert(content: bytes, suffix: str) -> bytes:
    """The .docx ``content`` in one of ``FILTERS``; raises CalledProcessError or OSError."""
    with tempfile.TemporaryDirectory() as place:
        given = Path(place, "draft.docx")
        given.write_bytes(content)
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless",
             "--convert-to", FILTERS[suffix], "--outdir", place, str(given)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return given.with_suffix(f".{suffix}").read_bytes()
