"""Why a file could not be read: a closed list, each reason with one clear Chinese sentence.

Code raises ``Refused``; ``nlp.types.Refusal`` is the same thing as a plain value that travels.
``retry`` marks what may succeed another time (memory, time, a busy disk); hostile and damaged
files are never tried again by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nlp.types import Refusal


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for refusing a file."""

    code: str
    sentence: str  # what is wrong with the file, a clause that follows its name
    remedy: str  # what the reader of the message should do, a clause
    retry: bool = False


class Refused(Exception):
    """A file that is not read; ``reason`` is a code of ``REASONS``, ``detail`` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        if reason not in REASONS:
            raise ValueError(f"not a reason of the closed list: {reason}")
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def refusal(self) -> Refusal:
        """The same as a plain value."""
        return Refusal(self.reason, self.detail)


_RESEND = "请联系报送单位重新发送"
_REPAIR = _RESEND + "，或用Word打开修复后另存"
_VERIFY = "请向报送单位核实来源"
_INBOX = "请先解压，再把文稿直接放入收稿文件夹"
_SAVE_AS = "请用Word或WPS打开后另存为.docx再报送"

_LIST = (
    Reason("empty_file", "是空文件（0字节）", _RESEND),
    Reason("not_regular_file", "不是普通文件（是文件夹、链接或设备）", "请放入文件本身"),
    Reason("too_large", "太大（文件超过50 MB，或纯文本超过8 MB）", "请压缩图片，或把附件分开报送"),
    Reason(
        "unreadable", "打不开（没有读取权限或磁盘出错）", "请检查文件权限和磁盘后重试", retry=True
    ),
    Reason(
        "incomplete", "还没有写完（可能正在复制或上传）", "请等复制完成，下次运行会再读", retry=True
    ),
    Reason("unknown_format", "不是能识别的文稿格式", _SAVE_AS),
    Reason("unknown_encoding", "是文本文件，但认不出文字编码", "请用记事本另存为UTF-8编码再报送"),
    Reason("damaged_zip", "已损坏（文件不完整或校验不符）", _RESEND),
    Reason(
        "hostile_zip",
        "的压缩结构异常，像是压缩炸弹或被改动过，为安全起见没有打开",
        _VERIFY,
    ),
    Reason("zip_method", "用了不常见的压缩方式", "请改用普通zip方式压缩后再报送"),
    Reason("damaged_file", "已损坏，读不出内容", _RESEND),
    Reason("damaged_xml", "的内部内容已损坏", _REPAIR),
    Reason(
        "hostile_xml",
        "的内部结构异常，可能被人为构造，为安全起见没有读取",
        _VERIFY,
    ),
    Reason("not_word", "是表格、演示或其他文件，不是Word文稿", "请报送Word文稿"),
    Reason("macro", "带有宏，为安全起见没有读取", "请另存为不带宏的.docx再报送"),
    Reason("encrypted", "已加密或设了打开密码", "请去掉密码后再报送"),
    Reason("no_text", "里没有可读的文字", "请检查是否发错了文件，或只有图表、嵌入内容"),
    Reason("scan_needs_ocr", "是扫描件，需OCR", "请报送电子版文稿，或先做文字识别"),
    Reason(
        "needs_libreoffice",
        "需要LibreOffice转换，这台机器上没有安装",
        "请管理员运行scripts/install-debian.sh"
        "（或apt-get install libreoffice-writer-nogui），或另存为.docx再报送",
        retry=True,
    ),
    Reason("conversion_failed", "转换失败，LibreOffice没有给出可读的结果", _SAVE_AS),
    Reason("timeout", "读取超时，已中止", "请检查文件是否异常，或拆分后再报送", retry=True),
    Reason(
        "out_of_memory",
        "读取时占用内存过多，已中止",
        "请检查文件是否异常，或拆分后再报送",
        retry=True,
    ),
    Reason(
        "reader_died", "读取时程序意外中断", "请把文件另存为新的.docx再试，并告知管理员", retry=True
    ),
    Reason("archive_nested", "是压缩包里的压缩包", _INBOX),
    Reason("archive_too_large", "里的文件太多或解压后太大", "请分成几个压缩包报送"),
    Reason("archive_format", "是rar、7z等压缩包，无法打开", "请解压后报送，或改用zip压缩"),
)

_TO_SENDER = {
    _RESEND: "请重新保存后再发",
    _REPAIR: "请用Word打开修复后另存，再报送",
    _VERIFY: "请核实文件来源，用Word或WPS打开后另存为.docx再报送",
    _INBOX: "请先解压，再把文稿直接报送",
}
"""The same remedies for the unit that sent the file, which need not be told to ask itself."""

REASONS: Mapping[str, Reason] = MappingProxyType({reason.code: reason for reason in _LIST})


def sentence(refusal: Refusal | Refused, name: str, *, to_sender: bool = False) -> str:
    """One Chinese sentence for people: which file, what happened, what to do.

    ``to_sender``: the reader is the unit that sent the file, not the office that received it.

    Raises:
        KeyError: if the reason is not of the closed list.
    """
    reason = REASONS[refusal.reason]
    remedy = _TO_SENDER.get(reason.remedy, reason.remedy) if to_sender else reason.remedy
    return f"“{name}”{reason.sentence}。{remedy}。"
