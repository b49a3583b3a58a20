"""One file in, a reading or a named reason out, whatever the file is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from nlp.types import Notice, Reading, Refusal
from word.convert import converted
from word.docx import read_docx
from word.guard import Parts, parse_xml, read_bytes
from word.ofd import read_ofd
from word.package import Package
from word.plain import decode, read_plain
from word.reasons import Refused
from word.sniff import kind_of, kind_of_parts

_UNREAD = {  # kinds that are recognised only to be refused with the right reason
    "docm": "macro",
    "doc_macro": "macro",
    "encrypted": "encrypted",
    "html": "unknown_format",
    "xml": "unknown_format",
    "office": "not_word",
    "image": "scan_needs_ocr",
    "zip": "archive_nested",
    "packed": "archive_format",
}
_TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".log", ".csv"})


@dataclass(frozen=True, slots=True)
class Office:
    """An answer that is not one yet: the file must first be converted by LibreOffice."""

    format: str  # of word.convert.FORMATS


def read_file(path: Path, name: str = "") -> Reading | Refusal:
    """Read ``path``, known to its sender as ``name``, in this process.

    Files from outside belong behind ``word.pool.ReaderPool``, which does the same in a child
    that may die.
    """
    answer = read_native(path, name)
    if not isinstance(answer, Office):
        return answer
    with converted([(path, answer.format)]) as [result]:
        if isinstance(result, Refusal):
            return result
        return after_conversion(read_native(result), answer.format)


def read_native(path: Path, name: str = "") -> Reading | Refusal | Office:
    """Read what needs no conversion; ``Office`` for what does."""
    try:
        answer = _read(read_bytes(path), PurePath(name or path.name).suffix.lower())
    except Refused as refused:
        return refused.refusal()
    except MemoryError:
        return Refusal("out_of_memory")
    except RecursionError:
        return Refusal("hostile_xml", "nested too deeply")
    if isinstance(answer, Reading) and not any(block.text.strip() for block in answer.blocks):
        return _without_text(answer)
    return answer


def after_conversion(answer: Reading | Refusal | Office, source: str) -> Reading | Refusal:
    """What was read of the .docx that LibreOffice made, named after its source format."""
    if isinstance(answer, Reading) and answer.format == "docx":
        said = "Word 2003 XML" if source == "xml" else f".{source}"
        notice = Notice("converted", f"由{said}经LibreOffice转换")
        kind = "doc" if source == "xml" else source  # which is how such files are named
        return replace(answer, format=kind, notices=(*answer.notices, notice))
    if not isinstance(answer, Refusal):
        return Refusal("conversion_failed", f"came out as {answer.format}")
    if answer.reason in ("no_text", "scan_needs_ocr", "timeout", "out_of_memory", "reader_died"):
        return answer
    return Refusal("conversion_failed", f"{answer.reason} {answer.detail}")


def _without_text(reading: Reading) -> Refusal:
    """Pictures and no text: a scan that was put into a Word file."""
    pictures = any(notice.code == "pictures" for notice in reading.notices)
    detail = "；".join([reading.format, *(notice.message for notice in reading.notices)])
    return Refusal("scan_needs_ocr" if pictures else "no_text", detail)


def _read(data: bytes, suffix: str) -> Reading | Office:
    if data.startswith(b"PK\3\4"):
        return _read_package(Parts(data))
    kind = kind_of(data)
    if kind in _UNREAD:
        raise Refused(_UNREAD[kind], kind)
    if kind == "doc":
        return Office("wps" if suffix == ".wps" else "doc")
    if kind == "rtf":
        return Office("rtf")
    if kind == "word_xml":
        parse_xml(data)  # LibreOffice is to see no more of XML than we would read ourselves
        return Office("xml")
    if kind == "pdf":
        from word.pdf import read_pdf  # takes longer to import than most files to read

        return read_pdf(data)
    if kind == "txt":
        return read_plain(data, markdown=suffix in (".md", ".markdown"))
    if suffix in _TEXT_SUFFIXES and decode(data) is None:
        raise Refused("unknown_encoding")
    raise Refused("unknown_format", data[:8].hex())


def _read_package(parts: Parts) -> Reading | Office:
    kind = kind_of_parts(parts)
    if kind in _UNREAD:
        raise Refused(_UNREAD[kind], kind)
    if kind == "odt":
        return Office("odt")
    return read_ofd(parts) if kind == "ofd" else read_docx(Package(parts))
