"""The threats that a stranger's file may carry, each with what it must come to.

A threat puts one entry into a folder; its ``expect`` is a reason of the closed list
(``word.reasons``) or "read". What is built is small on disk; what it would grow to is small as
well unless ``Scene.large`` is set, as ``benchmarks.hostile`` does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from threading import Thread
from zipfile import ZIP_DEFLATED

from tests.support_files import body_xml, docx_parts, paragraph, zipped

MB = 1 << 20
TEXT = "柳湾镇把议事桌摆到院坝里，三个月办成实事十二件。"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a threat is built: what it may try to reach, and whether at full size."""

    address: str = "http://127.0.0.1:9"  # of the canary
    secret: Path = Path("/etc/hostname")  # a file that nothing may read
    large: bool = False

    def size(self, quick: int, full: int) -> int:
        """A number that makes the threat quick to build, or as large as it was met."""
        return full if self.large else quick


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat: ``put`` makes an entry of the folder ``name`` + ``suffix``."""

    name: str
    expect: str  # several where either is right: "damaged_zip|hostile_zip"
    put: Callable[[Path, Scene], None]
    suffix: str = ".docx"
    office: bool = False  # needs LibreOffice

    def into(self, folder: Path, scene: Scene) -> Path:
        """Build it in ``folder``; returns its path."""
        path = folder / f"{self.name}{self.suffix}"
        self.put(path, scene)
        return path


def bytes_of(make: Callable[[Scene], bytes]) -> Callable[[Path, Scene], None]:
    """A threat that is a plain file with these bytes."""

    def put(path: Path, scene: Scene) -> None:
        path.write_bytes(make(scene))

    return put


def package(body: str = "", method: int = ZIP_DEFLATED) -> bytes:
    """A Word file with one honest paragraph and the given body; stored, no ratio betrays it."""
    return zipped(docx_parts(body_xml(paragraph(TEXT) + body)), method)


def noise(size: int, seed: int = 7) -> bytes:
    """Bytes that do not compress, the same each time."""
    return random.Random(seed).randbytes(size)


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and who has called there."""
    with create_server(("127.0.0.1", 0)) as server:
        calls: list[str] = []

        def listen() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                calls.append(str(address))
                caller.close()

        server.settimeout(None)
        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls


def all_threats() -> list[Threat]:
    """Every threat, in a fixed order."""
    from tests import threats_files, threats_word, threats_xml, threats_zip

    return [
        *threats_files.THREATS,
        *threats_zip.THREATS,
        *threats_xml.THREATS,
        *threats_word.THREATS,
    ]
