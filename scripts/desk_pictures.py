"""Draw docs/images/desk-*.png: the pages of the desk over the samples, in a real browser.

Needs Debian's chromium and the test extras (playwright).

python -m scripts.desk_pictures
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ZUGAO = Path(sys.executable).with_name("zugao")
SIZE = {"width": 1366, "height": 768}
PASSWORD = "柳湾镇的桂花开得正好今年又香了"
FLAGS = (
    "--no-sandbox", "--headless", "--disable-gpu", "--no-first-run",
    "--disable-background-networking",
)  # fmt: skip

STEPS = (
    ("run", str(ROOT / "samples" / "inbox"), "--direct", "--no-wait"),
    ("backdate",),
    ("match", str(ROOT / "samples" / "issues"), "--no-wait"),
    ("commission", "秋收一线的党员", "临溪县", "--due", "2026-12-20"),
    ("issue", "new", "云泽组工信息", "--number", "25"),
)  # fmt: skip

PAGES = {
    "queue": "/queue", "draft": "/drafts/12", "compare": "/compare/81/4", "runs": "/runs",
    "adoption": "/adoption", "issue": "/issues/25", "issue-item": "/issues/25/items/8",
    "figures": "/figures?period=2026Q3", "bulletins": "/bulletins?period=2026Q3",
    "settings": "/settings/units", "analysts": "/analysts",
}  # fmt: skip
"""Name of a picture → what it shows to the only user of a desk without accounts."""


def main() -> None:
    """Make an office of the samples in a temporary folder and picture its desk."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "稿件库"
        samples = ROOT / "samples"
        tables = ["--units", samples / "units.csv", "--outlets", samples / "outlets.csv"]
        _run("init", home, "--name", "云泽市委组织部办公室", *tables)
        for step in STEPS:
            _run("--home", home, *step)
        for draft in (4, 6, 8, 12, 20, 33):
            _run("--home", home, "issue", "add", "25", draft, "--column", "基层党建")
        _run("--home", home, "issue", "edit", "25", "8", "--title", "三季度报送通知")
        with _desk(home) as url:
            _picture(url, PAGES)
        password = Path(scratch) / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        _run(
            "--home", home, "user", "add", "临溪", "--role", "submitter", "--unit",
            "临溪县委组织部", "--password-file", password,
        )  # fmt: skip
        with _desk(home) as url:
            _picture(url, {"mine": "/mine"}, name="临溪")


def _run(*words: object) -> None:
    done = subprocess.run([ZUGAO, *map(str, words)], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"zugao {' '.join(map(str, words))}: {done.stderr}")


@contextmanager
def _desk(home: Path) -> Iterator[str]:
    """A served desk; its address."""
    command = [str(ZUGAO), "--home", str(home), "desk", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        told = serving.stdout.readline()
        try:
            yield told.partition("：")[2].split()[0].rstrip("/")
        finally:
            serving.terminate()


def _picture(url: str, pages: dict[str, str], name: str = "") -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page(viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
        if name:
            page.goto(f"{url}/login")
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", PASSWORD)
            page.click("button.main")
        for picture, path in pages.items():
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            file = IMAGES / f"desk-{picture}.png"
            page.screenshot(path=str(file))
            _small(file)
        browser.close()


def _small(file: Path) -> None:
    """The picture with 128 colours: a quarter of the bytes, and nobody sees it."""
    with Image.open(file) as image:
        image.convert("RGB").quantize(128).save(file, optimize=True)


if __name__ == "__main__":
    main()
