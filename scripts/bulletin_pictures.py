"""Draw docs/images/bulletin.png and workbook.png: a bulletin of the samples in LibreOffice.

Needs Debian's libreoffice-writer, libreoffice-calc and poppler-utils.

python -m scripts.bulletin_pictures
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from reports.official_style import FANG, HEI, KAI, SONG

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ZUGAO = Path(sys.executable).with_name("zugao")

EVENTS = ROOT / "samples" / "events.sh"
STEPS = (
    ("run", str(ROOT / "samples" / "inbox"), "--direct", "--no-wait"),
    ("backdate",),
    ("match", str(ROOT / "samples" / "issues"), "--no-wait"),
    *(shlex.split(line)[1:] for line in EVENTS.read_text("utf-8").splitlines()
      if line.startswith("zugao ")),
    ("report", "--period", "2026Q3", "--freeze", "--number", "云组办通〔2026〕7号"),
)  # fmt: skip

# Fonts that a Chinese office has and this machine may not; free ones of the same build stand in.
STAND_INS = {
    SONG: "Noto Serif CJK SC", FANG: "Noto Serif CJK SC", KAI: "Noto Serif CJK SC",
    HEI: "Noto Sans CJK SC", "宋体": "Noto Serif CJK SC",
}  # fmt: skip
MATCH = """<match target="pattern"><test name="family"><string>{}</string></test>
<edit name="family" mode="assign" binding="strong"><string>{}</string></edit></match>"""


def main() -> None:
    """Make the bulletin in a temporary folder and picture it."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "稿件库"
        samples = ROOT / "samples"
        tables = ["--units", samples / "units.csv", "--outlets", samples / "outlets.csv"]
        _run("init", home, "--name", "云泽市委组织部办公室", *tables)
        for step in STEPS:
            _run("--home", home, *step)
        environment = _fonts(Path(scratch))
        pages = {
            form: list(_pages(next((home / "通报").glob(f"*第三季度*.{form}")), environment))
            for form in ("docx", "xlsx")
        }
        _beside(pages["docx"][:3]).save(IMAGES / "bulletin.png", optimize=True)
        _trimmed(pages["xlsx"][0]).save(IMAGES / "workbook.png", optimize=True)


def _run(*words: object) -> None:
    done = subprocess.run([ZUGAO, *map(str, words)], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"zugao {' '.join(map(str, words))}: {done.stderr}")


def _fonts(folder: Path) -> dict[str, str]:
    """An environment in which the stand-ins serve."""
    rules = "".join(MATCH.format(*pair) for pair in STAND_INS.items())
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>'
        f"{rules}</fontconfig>",
        encoding="utf-8",
    )
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


def _pages(file: Path, environment: dict[str, str]) -> Iterator[Image.Image]:
    folder = file.parent / file.suffix[1:]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file]
    subprocess.run(convert, check=True, capture_output=True, env=environment)
    draw = ["pdftoppm", "-r", "70", "-png", folder / f"{file.stem}.pdf", folder / "page"]
    subprocess.run(draw, check=True, env=environment)
    for picture in sorted(folder.glob("page-*.png")):
        with Image.open(picture) as page:
            yield page.convert("RGB")


def _beside(pages: list[Image.Image]) -> Image.Image:
    gap, height = 12, max(page.height for page in pages)
    whole = Image.new("RGB", (sum(p.width + gap for p in pages) + gap, height + 2 * gap), "#8a8a8a")
    left = gap
    for page in pages:
        whole.paste(page, (left, gap))
        left += page.width + gap
    return whole.quantize(64)


def _trimmed(page: Image.Image) -> Image.Image:
    """Without the page number and the white around."""
    page = page.crop((0, 0, page.width, page.height * 9 // 10))
    box = Image.eval(page.convert("L"), lambda value: 255 - value).getbbox() or (0, 0, *page.size)
    left, top, right, bottom = box
    margin = 20
    return page.crop(
        (left - margin, max(top - margin, 0), right + margin, min(bottom + margin, page.height))
    ).quantize(64)


if __name__ == "__main__":
    main()
