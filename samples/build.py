"""Build samples/inbox, samples/issues and samples/README.md from samples/drafts and printed.

``python -m samples.build`` makes the .docx files, archives, broken files, the printed issues with
the truth about them and the README; with ``--office`` (needs LibreOffice) the .doc, .rtf and
.pdf files are made again too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from samples import broken, office, printed, printed_files, readme
from samples.archive import gbk_zip
from samples.docx_writer import write
from samples.sources import Source, load

HERE = Path(__file__).parent
DRAFTS, INBOX = HERE / "drafts", HERE / "inbox"
PRINTED, ISSUES, TRUTH = HERE / "printed", HERE / "issues", HERE / "printed" / "truth.json"


def planned(sources: Sequence[Source]) -> tuple[dict[str, bytes], dict[str, Source]]:
    """What the inbox holds: place → bytes, and place → source for what LibreOffice converts."""
    files: dict[str, bytes] = {}
    converted: dict[str, Source] = {}
    archives: dict[str, dict[str, bytes]] = {}
    for source in sources:
        if source.word.format != "docx":
            converted[source.place] = source
        elif source.archive:
            archives.setdefault(source.place, {})[source.file] = write(source)
        elif source.place in files:
            raise ValueError(f"{source.key}：收件箱里已有 {source.place}")
        else:
            files[source.place] = write(source)
    files |= {place: gbk_zip(members) for place, members in archives.items()}
    sound = write(sources[0])
    files |= {item.place: item.make(sound) for item in broken.ALL}
    return files, converted


def build(sources: Sequence[Source], inbox: Path, *, convert_again: bool = False) -> list[str]:
    """Write the inbox; returns what a person should be told.

    Files that no source makes any more are removed from ``inbox``.
    """
    files, converted = planned(sources)
    told: list[str] = []
    for place, source in converted.items():
        target = inbox / place
        if target.exists() and not convert_again:
            files[place] = target.read_bytes()
        elif office.available():
            files[place] = office.convert(write(source), source.word.format)
        else:
            told.append(f"没有安装LibreOffice，{place} 未生成")
    _write(files, inbox)
    stale = _stale(inbox, {*files, *converted})
    for path in stale:
        path.unlink()
    return [*told, f"收件箱共{len(files)}个文件，清除{len(stale)}个旧文件"]


def build_issues(
    sources: Sequence[Source], folder: Path, *, convert_again: bool = False
) -> tuple[list[str], str]:
    """Write the printed issues; returns what a person should be told, and the truth as JSON."""
    issues = printed.load(PRINTED, sources)
    files: dict[str, bytes] = {}
    told: list[str] = []
    for issue in issues:
        target = folder / issue.file
        if issue.format != "pdf":
            files[issue.file] = printed_files.write(issue)
        elif target.exists() and not convert_again:
            files[issue.file] = target.read_bytes()
        elif office.available():
            files[issue.file] = office.convert(printed_files.write(issue), "pdf")
        else:
            told.append(f"没有安装LibreOffice，{issue.file} 未生成")
    _write(files, folder)
    for path in _stale(folder, {issue.file for issue in issues}):
        path.unlink()
    truth = json.dumps(printed.truth(issues, sources), ensure_ascii=False, indent=1)
    return [*told, f"刊发文件夹共{len(files)}个文件"], truth + "\n"


def _write(files: Mapping[str, bytes], inbox: Path) -> None:
    for place, content in files.items():
        target = inbox / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)


def _stale(inbox: Path, kept: set[str]) -> list[Path]:
    found = [path for path in inbox.rglob("*") if path.is_file()]
    return [path for path in found if path.relative_to(inbox).as_posix() not in kept]


def main() -> None:
    """Build what the repository holds."""
    parser = argparse.ArgumentParser(description="由 samples/drafts 生成收件箱和说明")
    parser.add_argument(
        "--office", action="store_true", help="重做 .doc、.rtf 和 .pdf（需LibreOffice）"
    )
    options = parser.parse_args()
    sources = load(DRAFTS)
    for line in build(sources, INBOX, convert_again=options.office):
        print(line)
    told, truth = build_issues(sources, ISSUES, convert_again=options.office)
    print(*told, sep="\n")
    TRUTH.write_text(truth, encoding="utf-8")
    (HERE / "README.md").write_text(readme.render(sources), encoding="utf-8")


if __name__ == "__main__":
    main()
