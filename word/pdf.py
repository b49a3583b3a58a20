"""PDF: the text layer, where there is one. A scan is said to be a scan, never guessed at."""

from __future__ import annotations

import io
import logging

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from nlp.types import Block, Reading
from word.lines import pages_cut, paragraphs
from word.reasons import Refused

MAX_PAGES = 300
_SCANNED = 20  # characters a page, or fewer: what a scanner's stamp or page number adds

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every oddity of a file


def read_pdf(data: bytes) -> Reading:
    """The paragraphs of the text layer of the first 300 pages.

    Raises:
        Refused: ``encrypted``, ``scan_needs_ocr`` or ``damaged_file``.
    """
    try:
        return _read(data)
    except (Refused, MemoryError):
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise Refused("encrypted", str(error)) from None
    except Exception as error:  # pypdf raises whatever a malformed object makes Python raise
        raise Refused("damaged_file", f"{type(error).__name__}: {error}") from None


def _read(data: bytes) -> Reading:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("encrypted", "password")
    count = len(reader.pages)
    pages = [reader.pages[index] for index in range(min(count, MAX_PAGES))]
    texts = [page.extract_text() for page in pages]
    characters = sum(len("".join(text.split())) for text in texts)
    if characters < _SCANNED * len(pages) and any(_has_image(page) for page in pages):
        raise Refused("scan_needs_ocr", f"{characters} characters on {len(pages)} pages")
    found = paragraphs(text.splitlines() for text in texts)
    blocks = tuple(Block("body", "", text) for text in found)
    return Reading("pdf", blocks, pages_cut(count, MAX_PAGES))


def _has_image(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return False
    return any(
        item.get_object().get("/Subtype") == "/Image" for item in objects.get_object().values()
    )
