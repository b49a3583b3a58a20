"""A zip of drafts as Chinese file managers make them: member names in GBK, no UTF-8 flag."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from samples.docx_writer import EPOCH


class _GbkInfo(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        # zipfile itself can only write ASCII or UTF-8 names; this is the one place it asks.
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def gbk_zip(members: Mapping[str, bytes]) -> bytes:
    """A zip of ``members`` (name → bytes) in the given order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = _GbkInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
