"""Old and foreign formats become .docx by headless LibreOffice, which reads them best.

LibreOffice is not trusted with more than it needs: a profile of its own for each run (two runs
that share one stop each other), macros off, links never updated, no way to the network, a time
limit that ends its whole process group, and an exit code that nobody believes (it is 0 for
garbage): only the file that came out counts.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from nlp.types import Refusal
from word.directory import MiB

FORMATS = ("doc", "wps", "rtf", "odt", "xml")
_EXTENSIONS = {"wps": "doc"}  # WPS writes Word's own binary format under its own suffix
_FIRST = 60.0  # seconds for the first file of a run, start included …
_NEXT = 10.0  # … and for each further one
_TOGETHER = 16  # files a run: starting costs seconds, converting tenths of one
_CPU_SECONDS = 240
_OUTPUT = 300 * MiB

_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # a proxy where nothing listens
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_REGISTRY = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">{}</oor:items>'
)
_ITEM = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>"
)


def find_office() -> str | None:
    """The path of LibreOffice's command, None if it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@contextmanager
def converted(files: Sequence[tuple[Path, str]]) -> Iterator[list[Path | Refusal]]:
    """For each (path, format of ``FORMATS``) the .docx made of it, or why there is none.

    The files exist until the context ends. Their kind must have been checked by content:
    LibreOffice "imports" any bytes as text.
    """
    with tempfile.TemporaryDirectory(prefix="zugao-") as room:
        yield _convert(list(files), Path(room))


def _convert(files: list[tuple[Path, str]], room: Path) -> list[Path | Refusal]:
    office = find_office()
    if office is None:
        return [Refusal("needs_libreoffice") for _ in files]
    results: list[Path | Refusal] = []
    for start in range(0, len(files), _TOGETHER):
        batch = room / str(start)
        results += _convert_batch(office, files[start : start + _TOGETHER], batch)
    return results


def _convert_batch(office: str, files: list[tuple[Path, str]], room: Path) -> list[Path | Refusal]:
    """Convert together; what did not come out gets a run of its own, so it harms no other."""
    results = _run(office, files, room)
    if len(files) == 1:
        return results
    for index, result in enumerate(results):
        if isinstance(result, Refusal):
            results[index] = _run(office, [files[index]], room / f"again{index}")[0]
    return results


def _run(office: str, files: list[tuple[Path, str]], room: Path) -> list[Path | Refusal]:
    inputs = []
    for folder in ("in", "out", "home/user"):
        (room / folder).mkdir(parents=True)
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (room / "home/user/registrymodifications.xcu").write_text(_REGISTRY.format(items))
    for index, (path, kind) in enumerate(files):
        copy = room / "in" / f"{index}.{_EXTENSIONS.get(kind, kind)}"
        shutil.copyfile(path, copy)
        inputs.append(copy)
    failure = _call(office, inputs, room, _FIRST + _NEXT * (len(inputs) - 1))
    outputs = [room / "out" / f"{copy.stem}.docx" for copy in inputs]
    return [path if path.is_file() and path.stat().st_size else failure for path in outputs]


def _call(office: str, inputs: list[Path], room: Path, seconds: float) -> Refusal:
    """Run LibreOffice; the reason that holds for every file which did not come out."""
    command = [
        office, f"-env:UserInstallation={(room / 'home').as_uri()}",
        "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(room / "out"),
        *map(str, inputs),
    ]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(room / "home"),
        "TMPDIR": str(room),
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=room,
        start_new_session=True,
    )
    try:
        _limit(process.pid)
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return Refusal("timeout", f"LibreOffice, {seconds:.0f} s")
    finally:
        _end_group(process)
    return Refusal("conversion_failed", f"LibreOffice exit {process.returncode}")


def _limit(pid: int) -> None:
    """Bounds that the office's later processes inherit; set at once, before it has started any."""
    with suppress(ProcessLookupError):  # it may have ended already
        resource.prlimit(pid, resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_OUTPUT, _OUTPUT))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group: the command only waits for the program it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
