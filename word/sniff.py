"""What a file is, by its content: names of drafts lie, by habit and on purpose."""

from __future__ import annotations

import io
from pathlib import Path

import olefile

from word.guard import Parts, read_bytes
from word.plain import decode
from word.reasons import Refused

_ZIP_TYPES = (  # content type of the main part → kind; the first that occurs
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"ms-word.document.macroEnabled", "docm"),
    (b"ms-word.template.macroEnabled", "docm"),
    (b"spreadsheetml.", "office"),
    (b"ms-excel.", "office"),
    (b"presentationml.", "office"),
    (b"ms-powerpoint.", "office"),
    (b"visio", "office"),
)
_MAGIC = (
    (b"{\\rt", "rtf"),
    (b"\xdb\xa5-\0", "doc"),  # Word 2
    (b"Rar!\x1a\x07", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\x1f\x8b", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\0", "packed"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"GIF8", "image"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"mime-version:")


def sniff(path: Path) -> str:
    """The kind of the file at ``path``, see ``kind_of``.

    Raises:
        Refused: as ``kind_of`` and ``word.guard.read_bytes``.
    """
    return kind_of(read_bytes(path))


def kind_of(data: bytes) -> str:
    """The kind of a file's bytes.

    Word text: ``docx`` (also templates), ``doc`` (Word 2 to 2003 and WPS), ``word_xml`` (Word
    2003's XML, which office systems like to write and to call .doc), ``rtf``, ``odt``, ``pdf``,
    ``ofd``, ``txt``. Word text that is not read: ``docm`` and ``doc_macro`` (macros),
    ``encrypted``, ``html``, ``xml``. Else ``zip`` (an archive of files), ``packed`` (other
    archives), ``office`` (sheets, slides, mail), ``image``, ``unknown``.

    Raises:
        Refused: ``damaged_zip``, ``hostile_zip`` or ``damaged_file`` if it cannot be told.
    """
    if data.startswith(b"PK\3\4"):
        return kind_of_parts(Parts(data))
    if data.startswith(b"PK\5\6"):
        return "zip"  # with nothing in it
    if data.startswith(_OLE):
        return _ole_kind(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return _text_kind(data)


def kind_of_parts(parts: Parts) -> str:
    """The kind of a zip file: one of the packages, or ``zip``, an archive of files.

    Raises:
        Refused: as ``Parts.read``.
    """
    if "[Content_Types].xml" in parts.names:
        return _package_kind(parts)
    if "mimetype" in parts.names:
        return _open_document_kind(parts)
    return "ofd" if "OFD.xml" in parts.names else "zip"


def _package_kind(parts: Parts) -> str:
    if any(name.casefold().endswith("vbaproject.bin") for name in parts.names):
        return "docm"
    types = parts.read("[Content_Types].xml").replace(b"\0", b"")  # may be UTF-16
    for sign, kind in _ZIP_TYPES:
        if sign in types:
            return kind
    # A package whose list of types was lost is still Word's if the text is where Word puts it.
    return "docx" if "word/document.xml" in parts.names else "office"


def _open_document_kind(parts: Parts) -> str:
    kind = parts.read("mimetype").strip()
    if not kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "office" if kind.startswith(b"application/vnd.") else "zip"
    manifest = "META-INF/manifest.xml"
    if manifest in parts.names and b"encryption-data" in parts.read(manifest):
        return "encrypted"
    return "odt"


def _ole_kind(data: bytes) -> str:
    """A compound file by the streams in it; a ``.doc`` says in its header if it is encrypted."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                return "encrypted"
            if not ole.exists("WordDocument"):
                return "office"
            header = ole.openstream("WordDocument").read(12)
            macro = ole.exists("Macros/VBA") or ole.exists("_VBA_PROJECT_CUR")
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise Refused("damaged_file", f"compound file: {error}") from None
    if len(header) < 12:
        raise Refused("damaged_file", "no Word header")
    if header[11] & 1:  # fEncrypted: bit 8 of the flags at offset 10 ([MS-DOC] 2.5.2)
        return "encrypted"
    return "doc_macro" if macro else "doc"


def _text_kind(data: bytes) -> str:
    start = data[:512].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if start.startswith(_HTML):
        return "html"
    if start.startswith(b"<?xml"):
        if b'progid="word.document"' in start and b"/word/2003/wordml" in data:
            return "word_xml"
        return "html" if b"<html" in start else "xml"
    return "txt" if decode(data) else "unknown"
