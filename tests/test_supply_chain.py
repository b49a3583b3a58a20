"""What we are built from: pinned, hashed, newer than known holes; nothing runs what it reads."""

from __future__ import annotations

import ast
import importlib.metadata
import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from packaging.requirements import Requirement
from packaging.version import Version

from reports.official_style import TemplateError, open_template, sample
from scripts.sbom import bill, read_lock
from zugao import doctor

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: tuple[str, ...] = tuple(PROJECT["tool"]["mypy"]["packages"])
LOCKS = sorted(ROOT.glob("requirements*.lock"))

FLOORS = {
    "lxml": "6.1.0",  # CVE-2026-41066
    "python-multipart": "0.0.27",  # CVE-2026-24486, -40347, -42561
    "starlette": "1.3.0",  # CVE-2026-48710, PYSEC-2026-248
    "pysqlite3": "0.6.1",  # the SQLite in it has no WAL-reset bug
    "datasette": "0.65.2",  # CVE-2025-64481
    "jinja2": "3.1.6",  # CVE-2025-27516
}
"""The lowest version that none of the holes which we know of is in."""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed_and_has_no_address(lock: Path) -> None:
    pins = read_lock(lock.read_text("utf-8"))
    assert len(pins) > 50
    assert len({(pin.name, pin.marker) for pin in pins}) == len(pins)


@pytest.mark.parametrize(
    "line",
    [
        "lxml==6.1.0",
        "lxml>=6.1.0 --hash=sha256:" + "0" * 64,
        "lxml==6.1.0 --hash=sha256:" + "0" * 63,
        "lxml @ file://x --hash=sha256:" + "0" * 64,
        "lxml==1 --hash=sha256:" + "0" * 64 + " --find-links x://y",
        "--index-url somewhere",
    ],
)
def test_a_looser_line_is_noticed(line: str) -> None:
    with pytest.raises(ValueError, match="not a pinned"):
        read_lock(line + "\n")


def declared() -> dict[str, Requirement]:
    extras = PROJECT["project"]["optional-dependencies"]
    every = [
        *PROJECT["project"]["dependencies"],
        *(one for extra in extras.values() for one in extra),
    ]
    return {Requirement(one).name.lower(): Requirement(one) for one in every}


def admits_older(wanted: Requirement, floor: str) -> bool:
    lowest = [Version(s.version) for s in wanted.specifier if s.operator in (">=", "==", "~=")]
    return not lowest or max(lowest) < Version(floor)


@pytest.mark.parametrize("name", FLOORS)
def test_known_holes_are_below_what_we_accept(name: str) -> None:
    assert not admits_older(declared()[name], FLOORS[name])
    for lock in LOCKS:
        for pin in read_lock(lock.read_text("utf-8")):
            assert pin.name != name or Version(pin.version) >= Version(FLOORS[name]), lock.name
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        assert name in ("datasette", "pysqlite3")  # an extra; one platform only
    else:
        assert Version(installed) >= Version(FLOORS[name])


def test_a_bound_that_is_too_low_is_noticed() -> None:
    assert admits_older(Requirement("lxml>=5"), "6.1.0")
    assert admits_older(Requirement("lxml"), "6.1.0")
    assert not admits_older(Requirement("lxml>=6.1.0,<7"), "6.1.0")


def test_all_of_a_release_is_in_its_bill() -> None:
    pins = read_lock((ROOT / "requirements.lock").read_text("utf-8"))
    made = bill(pins, PROJECT["project"])
    assert [c["name"] for c in made["components"]] == [pin.name for pin in pins]
    direct = {re.split(r"[><=;\[ ]", one)[0].lower() for one in PROJECT["project"]["dependencies"]}
    (root,) = made["dependencies"]
    assert {ref.removeprefix("pkg:pypi/").split("@")[0] for ref in root["dependsOn"]} == direct
    assert bill(pins, PROJECT["project"]) == made
    assert bill(pins[1:], PROJECT["project"])["serialNumber"] != made["serialNumber"]


DANGEROUS_MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve", "joblib",
                     "yaml", "code", "codeop"}  # fmt: skip
DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__", "enable_load_extension",
                   "load_extension", "import_module", "run_path", "run_module",
                   "system"}  # fmt: skip


def dangers(source: str) -> Iterator[str]:
    """What could run what a file says: modules, calls, NumPy arrays of objects, shells."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            names = []
        yield from (name for name in names if name.split(".")[0] in DANGEROUS_MODULES)
        if isinstance(node, ast.Call):
            yield from _dangerous_call(node)


def _dangerous_call(node: ast.Call) -> Iterator[str]:
    function = node.func
    owner = function.value if isinstance(function, ast.Attribute) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    compiles_pattern = name == "compile" and isinstance(owner, ast.Name) and owner.id == "re"
    if name in DANGEROUS_CALLS and not compiles_pattern:
        yield name
    given = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
    if given.get("shell"):
        yield "shell"
    arrays = name == "load" and isinstance(owner, ast.Name) and owner.id in ("np", "numpy")
    if arrays and given.get("allow_pickle", True):
        yield "np.load"


def sources() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


def test_nothing_runs_what_it_reads() -> None:
    found = {
        str(file.relative_to(ROOT)): list(dangers(file.read_text("utf-8"))) for file in sources()
    }
    assert len(found) > 250
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "from joblib import load", "import yaml.loader", "eval(x)", "exec(x)",
        "compile(x, '', 'exec')", "np.load(x)", "np.load(x, allow_pickle=True)", "os.system(x)",
        "subprocess.run(x, shell=True)", "importlib.import_module(x)", "c.enable_load_extension(1)",
    ],
)  # fmt: skip
def test_code_that_would_is_noticed(code: str) -> None:
    assert len(list(dangers(code))) == 1
    assert list(dangers("re.compile('x'); np.load(x, allow_pickle=False); json.loads(x)")) == []


def test_the_linter_looks_for_it_too() -> None:
    rules = PROJECT["tool"]["ruff"]["lint"]
    assert "S" in rules["select"]
    assert not {"S301", "S302", "S307", "S506", "S102"} & set(rules["ignore"])


def test_only_two_places_open_a_word_file_to_write_on_it() -> None:
    """The annotated copy of an original, and the template that the office itself names."""
    opening = {
        str(file.relative_to(ROOT))
        for file in sources()
        if re.search(r"^\s*from docx import .*\bDocument\b", file.read_text("utf-8"), re.MULTILINE)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Document"
        and node.args
    }
    assert opening == {"reports/official_style.py", "word/annotate.py"}


MACRO = ("vbaProject.bin", "application/vnd.ms-office.vbaProject",
         "http://schemas.microsoft.com/office/2006/relationships/vbaProject")  # fmt: skip
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def test_a_template_that_is_only_looks_is_taken(tmp_path: Path) -> None:
    """The control of the two tests below, a hyperlink in it included."""
    sample(tmp_path / "own.docx")
    document = Document(str(tmp_path / "own.docx"))
    document.part.relate_to("x:y", OFFICE + "hyperlink", is_external=True)
    document.save(str(tmp_path / "linked.docx"))
    open_template(tmp_path / "linked.docx")


def test_a_template_with_macros_is_refused(tmp_path: Path) -> None:
    sample(tmp_path / "own.docx")
    document = Document(str(tmp_path / "own.docx"))
    name, kind, relation = MACRO
    part = Part(PackURI(f"/word/{name}"), kind, b"x", document.part.package)
    document.part.relate_to(part, relation)
    document.save(str(tmp_path / "macro.docx"))
    with pytest.raises(TemplateError, match="带有宏"):
        open_template(tmp_path / "macro.docx")
    dotm = (tmp_path / "own.docx").read_bytes()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(io.BytesIO(dotm)) as old, zipfile.ZipFile(tmp_path / "m.dotm", "w") as new:
        for one in old.namelist():
            told = old.read(one).replace(
                main.encode(), b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
            )
            new.writestr(one, told)
    with pytest.raises(TemplateError, match="不是 Word 文件"):
        open_template(tmp_path / "m.dotm")


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame"])
def test_a_template_that_refers_outside_is_refused(tmp_path: Path, kind: str) -> None:
    sample(tmp_path / "own.docx")
    document = Document(str(tmp_path / "own.docx"))
    document.part._settings_part.relate_to("x:y", OFFICE + kind, is_external=True)
    document.save(str(tmp_path / "outside.docx"))
    with pytest.raises(TemplateError, match="外部"):
        open_template(tmp_path / "outside.docx")


@pytest.mark.parametrize(
    ("version", "state"), [((3, 11, 13), "注意"), ((3, 11, 14), "正常"), ((3, 12, 0), "正常")]
)
def test_an_old_python_is_told_of(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], state: str
) -> None:
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=version))
    assert doctor._python().state == state
