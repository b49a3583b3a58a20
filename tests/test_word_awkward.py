"""Files that break readers: each ends as a reading or a named reason, in good time."""

from __future__ import annotations

import csv
import http.server
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.types import Reading, Refusal
from tests.support_files import zipped
from word.convert import converted, find_office
from word.pool import Job, ReaderPool
from word.read import Office, read_file, read_native
from word.reasons import REASONS

NAMED = {  # what a kind of the collection must come to, where its name says so
    "encrypted_or_protected;ext_mismatch:ole": {"encrypted"},
    "macro": {"macro"},
    "broken_zip": {"damaged_zip"},
}
READ = ("tracked_changes", "textbox", "chinese", "comments", "hidden_text", "nested_table")


@pytest.fixture(scope="module")
def awkward(shared: Path) -> list[tuple[str, Path]]:
    root = shared / "awkward_word"
    with (root / "index.csv").open(encoding="utf-8") as file:
        return [(row["kind"], root / row["file"]) for row in csv.DictReader(file)]


@pytest.mark.shared_data
def test_all_of_the_collection(
    awkward: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch, record_property: object
) -> None:
    """Without LibreOffice, so that this takes a second; then no reading may be missing."""
    monkeypatch.setattr("word.convert.find_office", lambda: None)
    began = time.monotonic()
    with ReaderPool(2) as pool:
        answers = pool.read([Job(path, path.name) for _, path in awkward])
    assert time.monotonic() - began < 60
    tally = Counter(a.reason if isinstance(a, Refusal) else a.format for a in answers)
    record_property("tally", dict(tally))  # type: ignore[operator]
    print(dict(sorted(tally.items())))  # noqa: T201
    for (kind, path), answer in zip(awkward, answers, strict=True):
        if isinstance(answer, Refusal):
            assert answer.reason in REASONS, path
            assert answer.reason not in ("reader_died", "timeout", "out_of_memory"), path
            assert kind not in READ, (path, answer)
        else:
            assert any(block.text.strip() for block in answer.blocks), path
        if kind in NAMED:
            assert isinstance(answer, Refusal), path
            assert answer.reason in NAMED[kind], path
    assert tally["docx"] >= 170


@pytest.mark.office
@pytest.mark.shared_data
def test_old_files_of_the_collection(awkward: list[tuple[str, Path]]) -> None:
    """Three of them together, one of which is Word 2's, in one run of LibreOffice."""
    old = [path for kind, path in awkward if kind in ("legacy_doc", "rtf")]
    word2 = [path for kind, path in awkward if kind.startswith("ext_mismatch:other:b'\\xdb\\xa5")]
    chosen = [old[1], next(path for path in old if path.suffix == ".rtf"), *word2]
    with ReaderPool() as pool:
        answers = pool.read([Job(path, path.name) for path in chosen])
    for answer in answers:
        assert isinstance(answer, Reading)
        assert "converted" in [notice.code for notice in answer.notices]


RTF = "{\\rtf1\\ansi\\ansicpg936\\deff0 \\u20826?\\u24314?\\u24341?\\u39046?\\par %s}"
FIELD = '{\\field{\\*\\fldinst INCLUDETEXT "%s"}{\\fldrslt old}}'
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
ODT = f"""<o:document-content xmlns:o="{_NS}office:1.0" xmlns:t="{_NS}text:1.0"
 xmlns:d="{_NS}drawing:1.0" xmlns:s="{_NS}svg-compatible:1.0"
 xmlns:x="http://www.w3.org/1999/xlink" o:version="1.2"><o:body><o:text><t:p>开头</t:p>
<t:section t:name="s"><t:section-source x:href="%s" x:type="simple"/><t:p>旧文</t:p></t:section>
<t:p><d:frame s:width="2cm" s:height="2cm" t:anchor-type="as-char"><d:image x:href="%s"
 x:type="simple" x:show="embed" x:actuate="onLoad"/></d:frame></t:p>
</o:text></o:body></o:document-content>"""
MANIFEST = f"""<m:manifest xmlns:m="{_NS}manifest:1.0"><m:file-entry m:full-path="/"
 m:media-type="application/vnd.oasis.opendocument.text"/><m:file-entry
 m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>"""


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """The address of a web server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.office
def test_conversion_reads_no_other_file_and_no_network(
    tmp_path: Path, visits: tuple[str, list[str]]
) -> None:
    address, asked = visits
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    odt = tmp_path / "a.odt"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": MANIFEST,
        "content.xml": ODT % (secret.as_uri(), address + "/picture.png"),
    }
    odt.write_bytes(zipped({name: text.encode() for name, text in parts.items()}))
    rtf = tmp_path / "a.rtf"
    rtf.write_text(RTF % (FIELD % secret.as_uri()))
    with ReaderPool() as pool:
        answers = pool.read([Job(odt, "甲.docx"), Job(rtf, "乙.doc"), Job(rtf, "丙")])
    read = []
    for answer in answers:
        assert isinstance(answer, Reading)
        read.append((answer.format, " ".join(block.text for block in answer.blocks)))
    assert read == [("odt", "开头 旧文"), ("rtf", "党建引领 old"), ("rtf", "党建引领 old")]
    assert asked == []
    # Positive control: with a profile as it comes, the picture is asked for.
    office = find_office()
    assert office
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    plain = [office, profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path)]
    subprocess.run([*plain, str(odt)], capture_output=True, check=True, timeout=120)
    assert "/picture.png" in asked


class TestConverterThatFails:
    """Stand-ins for LibreOffice: a script on the search path."""

    def install(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
        bin_folder = tmp_path / "bin"
        bin_folder.mkdir()
        command = bin_folder / "soffice"
        command.write_text("#!/bin/sh\n" + script)
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{bin_folder}:/usr/bin:/bin")

    def convert(self, tmp_path: Path, count: int = 1) -> list[Path | Refusal]:
        files = []
        for i in range(count):
            path = tmp_path / f"{i}.rtf"
            path.write_text(RTF % i)
            files.append((path, "rtf"))
        with converted(files) as results:
            return results

    def test_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        rtf = tmp_path / "a.doc"
        rtf.write_text(RTF % "")
        assert read_native(rtf) == Office("rtf")
        assert read_file(rtf) == Refusal("needs_libreoffice")
        with ReaderPool() as pool:
            assert pool.read([Job(rtf)]) == [Refusal("needs_libreoffice")]

    def test_ends_well_but_writes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.install(tmp_path, monkeypatch, "exit 0\n")
        assert self.convert(tmp_path) == [Refusal("conversion_failed", "LibreOffice exit 0")]

    def test_hangs_with_everything_it_started(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("word.convert._FIRST", 0.5)
        left = tmp_path / "pid"
        self.install(tmp_path, monkeypatch, f"sleep 600 & echo $! > {left}\nwait\n")
        assert self.convert(tmp_path) == [Refusal("timeout", "LibreOffice, 0 s")]
        pid = int(left.read_text())
        deadline = time.monotonic() + 5
        while _state(pid) not in ("", "Z") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert _state(pid) in ("", "Z")

    def test_one_file_that_stops_it_harms_no_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script = (
            'while [ "$1" != --outdir ]; do shift; done; out=$2; shift 2\n'
            'for f in "$@"; do grep -q " 1}" "$f" && exit 1\n'
            'cp "$f" "$out/$(basename "$f" .rtf).docx"; done\n'
        )
        self.install(tmp_path, monkeypatch, script)
        first, second, third = self.convert(tmp_path, 3)
        assert isinstance(first, Path)
        assert second == Refusal("conversion_failed", "LibreOffice exit 1")
        assert isinstance(third, Path)
        assert not first.exists()  # the context has ended

    def test_writes_nonsense(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        script = 'while [ "$1" != --outdir ]; do shift; done; echo "PK" > "$2/0.docx"\n'
        self.install(tmp_path, monkeypatch, script)
        rtf = tmp_path / "a.rtf"
        rtf.write_text(RTF % "")
        with ReaderPool() as pool:
            (answer,) = pool.read([Job(rtf)])
        assert answer == Refusal("conversion_failed", "came out as txt")


def _state(pid: int) -> str:
    """R, S, Z …, empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return ""
