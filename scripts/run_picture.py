"""Draw docs/images/run.png: what a run on the samples prints. Needs Debian's chromium.

python -m scripts.run_picture
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from flows.direct import intake_directly
from zugao.setting_up import set_up
from zugao.settings import load_settings
from zugao.summary import WIDTH, print_summary

ROOT = Path(__file__).resolve().parent.parent
PAGE = """<meta charset="utf-8"><body style="margin:16px;background:#fff">
<pre style="font:15px/1.45 'Noto Sans Mono CJK SC',monospace">{code}</pre>"""
SIZE = "820,2120"


def main() -> None:
    """Run on the samples in a temporary folder and take a picture of the summary."""
    browser = shutil.which("chromium")
    if browser is None:
        sys.exit("chromium is missing: apt-get install chromium")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "稿件库"
        list(set_up(home, units=ROOT / "samples" / "units.csv"))
        settings = load_settings(home)
        summary = intake_directly(
            settings, ROOT / "samples" / "inbox", lambda *step: None, wait=False
        )
        print_summary(summary, home=Path("稿件库"), console=console)
        page = Path(scratch) / "run.html"
        page.write_text(
            console.export_html(theme=DEFAULT_TERMINAL_THEME, code_format=PAGE, inline_styles=True),
            encoding="utf-8",
        )
        target = ROOT / "docs" / "images" / "run.png"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options += ["--no-first-run", "--disable-background-networking", "--disable-sync"]
        options += [f"--user-data-dir={scratch}/profile", f"--window-size={SIZE}"]
        subprocess.run(
            [browser, *options, f"--screenshot={target}", page.as_uri()],
            check=True,
            stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    main()
