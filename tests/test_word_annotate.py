"""Comments stand at exactly the passages they speak of, and the copy reads as the original does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from nlp.splitting import split
from nlp.trim import split_sentences
from nlp.types import Draft, Reading
from tests.support_docx import box, members, para, relationship, row, run, table, zipped
from word.annotate import AUTHOR, NotAnnotatable, Remark, annotate
from word.ooxml import ID, MC, W
from word.read import read_file

INBOX = Path(__file__).resolve().parent.parent / "samples" / "inbox"
CONTENT = frozenset({"title", "heading", "body", "table"})


def drafts(path: Path) -> tuple[Draft, ...]:
    answer = read_file(path)
    assert isinstance(answer, Reading)
    return split(answer)


def squeezed(text: str) -> str:
    return "".join(text.split())


def commented(path: Path) -> dict[str, tuple[str, bool]]:
    """By message: the text between the marks of its comment, and whether a drawing is in it."""
    with zipfile.ZipFile(path) as package:
        main = etree.fromstring(package.read("word/document.xml"))
        part = etree.fromstring(package.read("word/comments.xml"))
    messages = {}
    for comment in part.iter(W + "comment"):
        if comment.get(W + "author") == AUTHOR:
            lines = ("".join(t.text for t in p.iter(W + "t")) for p in comment.iter(W + "p"))
            messages[comment.get(ID)] = "\n".join(lines)
    found: dict[str, tuple[str, bool]] = {}
    open_: dict[str, list[str]] = {}
    drawn: set[str] = set()
    for element in main.iter():
        if element.tag == W + "commentRangeStart" and element.get(ID) in messages:
            open_[element.get(ID)] = []
        elif element.tag == W + "commentRangeEnd" and element.get(ID) in open_:
            name = element.get(ID)
            found[messages[name]] = ("".join(open_.pop(name)), name in drawn)
        elif element.tag == W + "t" and not list(element.iterancestors(MC + "Fallback")):
            for texts in open_.values():
                texts.append(element.text or "")
            if list(element.iterancestors(W + "txbxContent")):
                drawn |= open_.keys()
    assert not open_
    return found


def passages(found: tuple[Draft, ...]) -> Iterator[Remark]:
    """Every sentence of every draft, and of each one something from its middle."""
    for number, draft in enumerate(found):
        for start, end in draft.ranges(CONTENT):
            for a, b in split_sentences(draft.text, start, end):
                yield Remark(number, a, b, f"{number}:{a}-{b}")
                if b - a > 8:
                    yield Remark(number, a + 3, b - 2, f"{number}:{a + 3}-{b - 2}")


def check(source: Path, target: Path) -> int:
    """Comment on all passages; each comment must cover its passage, and nothing else but the
    number that Word makes (which stands in no run) may be missing.
    """
    found = drafts(source)
    before = source.read_bytes()
    wanted = list(passages(found))
    texts = [draft.text for draft in found]
    assert annotate(source, target, texts, wanted) == len(wanted)
    assert source.read_bytes() == before
    labels = {squeezed(p.label) for draft in found for p in draft.paragraphs} | {""}
    covered = commented(target)
    for remark in wanted:
        passage = squeezed(texts[remark.text][remark.start : remark.end])
        shown, drawn = covered[remark.message]
        shown = squeezed(shown)
        if drawn:
            assert passage in shown
        else:
            missing = passage.removesuffix(shown)
            assert passage.endswith(shown)
            assert any(label.endswith(missing) for label in labels), (passage, shown)
    same_text(source, target)
    return len(wanted)


def same_text(source: Path, target: Path) -> None:
    original, copy = read_file(source), read_file(target)
    assert isinstance(original, Reading)
    assert isinstance(copy, Reading)
    ours = [b for b in copy.blocks if b.layer != "comment"]
    assert ours == [b for b in original.blocks if b.layer != "comment"]


@pytest.mark.parametrize(
    "name",
    [
        "白芦县委组织部/白芦县优化考核方式为基层干部减负增效（领导修改稿）.docx",  # tracked
        "汀洲区/*.docx",  # text box, footnote
        "云泽市委党校/*调研报告*.docx",  # table, automatic numbers
        "云泽市委直属机关工委/*通知.docx",  # table
        "清漪区委组织部/*.docx",  # compilations
        "云泽市教育局党组/*.docx",
    ],
)
def test_every_passage_of_the_samples(tmp_path: Path, name: str):
    files = [f for f in sorted(INBOX.glob(name)) if isinstance(read_file(f), Reading)]
    assert files
    for file in files:
        assert check(file, tmp_path / "copy.docx") > 3


def document(tmp_path: Path, body: str, **more: str) -> Path:
    path = tmp_path / "来稿.docx"
    path.write_bytes(zipped(members(body, **more)))
    return path


LONG = "望溪镇把支部建在网格上，党员带头入户走访，收集群众意见，逐条登记办理并按月公开结果。"


def covered_by(source: Path, *passages_: str) -> list[str]:
    found = drafts(source)
    text = found[0].text
    remarks = [
        Remark(0, text.index(p), text.index(p) + len(p), f"第{n}条")
        for n, p in enumerate(passages_)
    ]
    target = source.with_name("批注.docx")
    assert annotate(source, target, [d.text for d in found], remarks) == len(remarks)
    same_text(source, target)
    return [commented(target)[f"第{n}条"][0] for n in range(len(passages_))]


def test_runs_are_split_at_the_characters(tmp_path: Path):
    body = para("望溪镇抓实", run("网格党建", "<w:b/>")) + para(LONG)
    path = document(tmp_path, body)
    assert covered_by(path, "抓实网格", "党员带头", "，收集群众意见，", "望溪镇把支部") == [
        "抓实网格",
        "党员带头",
        "，收集群众意见，",
        "望溪镇把支部",
    ]


def test_overlapping_comments_and_spaces_at_the_edges(tmp_path: Path):
    loose = '<w:r><w:t xml:space="preserve"> 抓 好 </w:t></w:r><w:r><w:t> 三件 </w:t></w:r>'
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG, loose, LONG))
    assert covered_by(path, "公开结果。 抓", "好 三件望溪", "抓 好 三件") == [
        "公开结果。 抓",
        "好 三件望溪",
        "抓 好 三件",
    ]


def test_inside_insertions_links_and_controls(tmp_path: Path):
    inserted = f'<w:ins w:id="7" w:author="甲">{run("新增的内容有十二个字哦。")}</w:ins>'
    deleted = '<w:del w:id="8" w:author="甲"><w:r><w:delText>旧话</w:delText></w:r></w:del>'
    link = f"<w:hyperlink>{run('网上的链接文字')}</w:hyperlink>"
    control = f"<w:sdt><w:sdtContent>{run('控件里的文字')}</w:sdtContent></w:sdt>"
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG, inserted, deleted, link, control))
    assert covered_by(path, "结果。新增", "哦。网上", "链接文字控件", "有十二个") == [
        "结果。新增",
        "哦。网上",
        "链接文字控件",
        "有十二个",
    ]


def test_a_run_with_more_than_text_is_taken_whole(tmp_path: Path):
    mixed = "<w:r><w:t>第一行文字</w:t><w:tab/><w:t>第二行文字</w:t></w:r>"
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG, mixed))
    assert covered_by(path, "第一行", "果。第一行") == [
        "第一行文字第二行文字",
        "果。第一行文字第二行文字",
    ]


def test_a_text_box_is_commented_on_as_a_drawing(tmp_path: Path):
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG, box(para("框里的一句话"))))
    (shown,) = covered_by(path, "框里的")
    assert "框里的一句话" in shown
    with zipfile.ZipFile(path.with_name("批注.docx")) as package:
        main = etree.fromstring(package.read("word/document.xml"))
    marks = list(main.iter(W + "commentRangeStart", W + "commentReference"))
    assert len(marks) == 2
    assert not any(list(mark.iterancestors(W + "txbxContent")) for mark in marks)


def test_cells_of_a_table(tmp_path: Path):
    rows = table(row("项目", "数量"), row("网格", "十八个"))
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG) + rows)
    assert covered_by(path, "项目\t数量", "十八") == ["项目数量", "十八"]


def test_what_stands_in_no_run_is_said_nearby(tmp_path: Path):
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG))
    found = drafts(path)
    end = len(found[0].title)
    target = tmp_path / "批注.docx"
    remarks = [Remark(0, end, end + 1, "行末"), Remark(0, 0, 0, "全文")]
    assert annotate(path, target, [found[0].text], remarks) == 2
    assert set(commented(target)) == {"行末", "全文"}


def test_a_template_elsewhere_is_left_out_of_the_copy(tmp_path: Path):
    files = members(para("望溪镇抓网格") + para(LONG), settings="<w:attachedTemplate r:id='rId9'/>")
    link = relationship("rId9", "attachedTemplate", "http://example.org/evil.dotm", "External")
    files["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{link}</Relationships>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
    override = f'<Override PartName="/word/settings.xml" ContentType="{kind}"/></Types>'
    types = str(files["[Content_Types].xml"])
    files["[Content_Types].xml"] = types.replace("</Types>", override)
    path, target = tmp_path / "来稿.docx", tmp_path / "批注.docx"
    path.write_bytes(zipped(files))
    assert "example.org" in _all(path)
    annotate(path, target, [d.text for d in drafts(path)], [Remark(0, 0, 3, "好")])
    assert "example.org" not in _all(target)
    assert "attachedTemplate" not in _all(target)


def _all(path: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_a_damaged_part_is_one_sentence(tmp_path: Path):
    path = document(tmp_path, para("望溪镇抓网格") + para(LONG))
    texts = [d.text for d in drafts(path)]
    files = members(para("望溪镇抓网格") + para(LONG), settings="<w:open>")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
    override = f'<Override PartName="/word/settings.xml" ContentType="{kind}"/></Types>'
    types = str(files["[Content_Types].xml"])
    files["[Content_Types].xml"] = types.replace("</Types>", override)
    path.write_bytes(zipped(files))
    with pytest.raises(NotAnnotatable, match="另存为"):
        annotate(path, tmp_path / "批注.docx", texts, [Remark(0, 0, 1, "好")])


def test_what_is_no_word_file_is_one_sentence(tmp_path: Path):
    path = tmp_path / "来稿.docx"
    path.write_bytes(b"no zip at all")
    with pytest.raises(NotAnnotatable, match="另存为"):
        annotate(path, tmp_path / "批注.docx", ["文"], [Remark(0, 0, 1, "好")])
    assert not (tmp_path / "批注.docx").exists()
