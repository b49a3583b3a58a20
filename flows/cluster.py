"""A crew on other machines: batches through a Dask cluster.

What findings depend on travels with the work (settings, the office's own word lists, the learned
model), and a worker whose code is not ours refuses, so that the rows are those of a serial run.
Files travel with their batch, or are read from a folder that all machines share. Nothing here
imports Dask before a cluster is asked for.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import sys
import tempfile
import threading
import time
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.workshop import Bench, Promise, Recipe, Task
from zugao.settings import Settings, SettingsError, ThemeSettings

if TYPE_CHECKING:
    from storage.commit import Outcome

CONNECT_SECONDS = 30
"""How long a scheduler, and then a first worker, is waited for."""

PATIENCE_SECONDS = 60.0
"""How long a cluster may be without any worker before the run ends."""

LOOK_SECONDS = 5.0
"""How often a wait for a batch looks whether anybody is still there."""

LIBRARIES = ("jieba", "lxml", "numpy", "olefile", "opencc", "pypdf", "rjieba")
"""What reading and judging use; another version may find something else."""


class ClusterError(Exception):
    """A cluster that cannot be used or was lost; the message is one Chinese sentence."""


class OtherCode(Exception):
    """A worker whose program or libraries are not those of the office."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a worker must know: settings, the office's own files, which code to be."""

    settings: Settings
    files: Mapping[str, bytes]  # "model", "taxonomy", "dictionary", "lexicon": those in use
    code: str
    key: str  # digest of it all

    @classmethod
    def of(cls, settings: Settings, model: Path | None) -> Parcel:
        """Pack what the settings name. Raises SettingsError for a file that cannot be read."""
        themes = settings.themes.model_dump()
        named = {name: settings.under_home(given) for name, given in themes.items()}
        files = {n: _content(p) for n, p in {**named, "model": model}.items() if p is not None}
        digest = hashlib.sha256(settings.model_dump_json().encode())
        for name, content in sorted(files.items()):
            digest.update(name.encode() + hashlib.sha256(content).digest())
        return cls(settings, files, code_digest(), digest.hexdigest())

    def unpack(self, folder: Path) -> Recipe:
        """How to work by it, its files laid into ``folder``."""
        from flows.models import make_analyst
        from flows.steps import make_readers

        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        themes = {name: name for name in ThemeSettings.model_fields if name in self.files}
        settings = self.settings.model_copy(
            update={"home": folder, "themes": ThemeSettings(**themes)}
        )
        model = folder / "model" if "model" in self.files else None
        return Recipe(partial(make_analyst, settings, model), partial(make_readers, settings))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise SettingsError(f"文件 {path} 读不了，请检查设置 [themes] 和文件权限。") from None


@cache
def code_digest() -> str:
    """SHA-256 over the text and Word rooms with their data, and the versions of what they use."""
    import nlp
    import word

    digest = hashlib.sha256(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    for library in LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    for room in (nlp, word):
        folder = Path(str(room.__file__)).parent
        files = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for path in sorted(files):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


# ── on a worker ──────────────────────────────────────────────────────────────────────────────────

_one_at_a_time = threading.Lock()  # a worker may have threads; a bench has one reading child
_benches: dict[str, Bench] = {}


def _same(parcel: Parcel) -> Parcel:
    """A task of the cluster, so that a parcel whose holder died is made again by itself."""
    return parcel


def _work(parcel: Parcel, tasks: Sequence[Task], contents: Sequence[bytes] | None) -> list[Outcome]:
    """Do a batch on a worker; whatever it raises, the batch is done by who asked."""
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="zugao-") as room:
        if contents is not None:
            tasks = [_laid(task, Path(room), content) for task, content in zip(
                tasks, contents, strict=True)]  # fmt: skip
        return _bench_of(parcel).work(tasks)


def _laid(task: Task, room: Path, content: bytes) -> Task:
    path = room / str(task.manuscript_id)
    path.write_bytes(content)
    return replace(task, path=path)


def _bench_of(parcel: Parcel) -> Bench:
    """The bench of this worker; a new model or other settings make a new one."""
    if parcel.key not in _benches:
        if parcel.code != code_digest():
            raise OtherCode
        for bench in _benches.values():
            bench.close()
        _benches.clear()
        with tempfile.TemporaryDirectory(prefix="zugao-") as folder:
            _benches[parcel.key] = Bench(parcel.unpack(Path(folder)))
    return _benches[parcel.key]


# ── in the run ───────────────────────────────────────────────────────────────────────────────────


class Cluster:
    """The workers of a Dask cluster. Raises ClusterError when there is none to work with."""

    def __init__(self, settings: Settings, model: Path | None) -> None:
        self._settings = settings.cluster
        parcel = Parcel.of(settings, model)
        self._client = _connect(settings.cluster.address)
        self._parcel = self._client.submit(_same, parcel, pure=False)

    def width(self) -> int:
        """Threads of all workers that are there now, at least one."""
        return max(1, sum(self._nthreads().values()))

    def submit(self, batch: Sequence[Task]) -> Promise:
        """Hand a batch to the scheduler, its files with it unless all machines share them."""
        contents = None
        if self._settings.send_files:
            contents = [task.path.read_bytes() for task in batch]
        try:
            with warnings.catch_warnings():
                # A batch of large files is meant to be large; it is bounded by MAX_BATCH.
                warnings.filterwarnings("ignore", message="Sending large graph")
                future = self._client.submit(_work, self._parcel, batch, contents, pure=False)
        except Exception as error:  # whatever Dask says of a scheduler that is gone
            raise self._lost() from error
        return lambda: self._result(future)

    def _result(self, future: Any) -> list[Outcome] | None:
        alone = time.monotonic()
        while True:
            try:
                done: list[Outcome] = future.result(timeout=LOOK_SECONDS)
            except BaseException as error:
                # What a batch raises must not be taken for what the connection raises.
                if future.status == "error":
                    return None
                if not isinstance(error, TimeoutError):
                    if isinstance(error, KeyboardInterrupt | SystemExit):
                        raise
                    raise self._lost() from error
                if self._nthreads():
                    alone = time.monotonic()
                elif time.monotonic() - alone > PATIENCE_SECONDS:
                    raise self._nobody() from None
            else:
                # LibreOffice may be missing there and not here.
                lacks = any(o.refusal and o.refusal.reason == "needs_libreoffice" for o in done)
                return None if lacks else done

    def _nthreads(self) -> Mapping[str, int]:
        try:
            return dict(self._client.nthreads())
        except Exception as error:
            raise self._lost() from error

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"与集群 {self._settings.address} 的联系断了，这次没有做完；已入库的不受影响。"
            "集群恢复后再运行一次即可接着做，或者把设置 cluster.address 留空在本机做。"
        )

    def _nobody(self) -> ClusterError:
        return _without_workers(self._settings.address)

    def close(self, *, failed: bool) -> None:
        """Leave the cluster; what is still in work there is cancelled."""
        with suppress(Exception):  # it may be gone
            self._client.close(timeout=1 if failed else 10)


def _without_workers(address: str) -> ClusterError:
    return ClusterError(
        f"集群 {address} 上没有工作进程，这次没有做完；已入库的不受影响。请在各台机器上启动"
        "dask worker 后再运行一次，或者把设置 cluster.address 留空在本机做。"
    )


def _connect(address: str) -> Any:
    """A client of the cluster with at least one worker."""
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "设置里写了 cluster.address，但这台机器没有装集群组件；"
            "请安装 zugao[cluster]，或者把 cluster.address 留空在本机做。"
        ) from None
    # What is wrong is said by us, in Chinese and once.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError
        raise ClusterError(
            f"连不上集群 {address}，这次没有做；请检查设置 cluster.address 和调度器是否已启动，"
            "或者把它留空在本机做。"
        ) from error
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close(timeout=1)
        raise _without_workers(address) from None
    return client
