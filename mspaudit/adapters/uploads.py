"""What someone uploads, recognised by its content and never by what it says it is."""

import math
import re
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from filetype.types.archive import Pdf
from filetype.types.image import Heic, Jpeg, Png, Webp

from mspaudit.adapters.archives import ArchiveRefused, directory
from mspaudit.kernel.french import number, typo

MIB = 1024 * 1024
MAX_BYTES = 20 * MIB

ACCEPTED = "PDF, PNG, JPEG, WEBP, HEIC, CSV, TXT, XLSX, DOCX ou ODT"
_NAMES = {
    "pdf": "un PDF", "png": "une image PNG", "jpg": "une image JPEG", "webp": "une image WEBP",
    "heic": "une image HEIC", "xlsx": "un classeur XLSX", "docx": "un document DOCX",
    "odt": "un document ODT",
}  # fmt: skip
_SAME_TYPE = {"jpeg": "jpg", "jpe": "jpg", "heif": "heic", "text": "txt", "log": "txt", "tsv": "csv"}
_SIMPLE = (Pdf(), Png(), Jpeg(), Webp(), Heic())
_OFFICE = "application/vnd.openxmlformats-officedocument."
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class UploadRefused(ValueError):
    """The file is not taken; the message, in French, tells whoever sent it what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(typo(message))


@dataclass(frozen=True)
class Sniffed:
    """What a file is: `extension` has no dot."""

    mime: str
    extension: str


def sniff(data: bytes, declared_name: str, *, max_bytes: int = MAX_BYTES) -> Sniffed:
    """What `data` really is, when it is one of the accepted kinds and agrees with its name.

    Raises `UploadRefused` for an empty or too heavy file, for any other kind, for an office document with
    macros, and for a name that says something else.
    """
    if not data:
        raise UploadRefused("Ce fichier est vide. Vérifiez-le et envoyez-le à nouveau.")
    if len(data) > max_bytes:
        raise UploadRefused(too_heavy(len(data), max_bytes))
    declared = PurePath(declared_name).suffix.lower().removeprefix(".")
    declared = _SAME_TYPE.get(declared, declared)
    found = _recognise(data, declared)
    if found is None:
        raise UploadRefused(f"Ce type de fichier n’est pas accepté. Envoyez un fichier {ACCEPTED}.")
    if declared not in ("", found.extension):
        raise UploadRefused(
            f"Ce fichier se nomme « .{declared[:10]} » mais contient {_NAMES[found.extension]}. "
            "Enregistrez-le à nouveau dans le bon format."
        )
    return found


def too_heavy(size: int, limit: int) -> str:
    """What to say of a file over the limit; both in bytes. Rounded up: just over never looks like at it."""
    digits = 0 if size >= limit + MIB else 1
    shown = math.ceil(size / MIB * 10**digits) / 10**digits
    most = number(limit / MIB, 0 if limit % MIB == 0 else 1)
    return f"Ce fichier pèse {number(shown, digits)} Mo, la limite est {most} Mo. Une photo suffit."


def _recognise(data: bytes, declared: str) -> Sniffed | None:
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    kind = filetype.match(data[:8192], _SIMPLE)
    if kind is not None:
        return Sniffed(kind.mime, kind.extension)
    if declared in ("csv", "txt") and _is_text(data):
        return Sniffed("text/csv" if declared == "csv" else "text/plain", declared)
    return None


def _office(data: bytes) -> Sniffed | None:
    try:
        names = {entry.filename for entry in directory(data)}
    except ArchiveRefused:
        raise UploadRefused("Ce fichier est abîmé. Enregistrez-le à nouveau et renvoyez-le.") from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UploadRefused("Ce document contient des macros. Enregistrez-le sans macros (XLSX ou DOCX).")
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return Sniffed(_OFFICE + "spreadsheetml.sheet", "xlsx")
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return Sniffed(_OFFICE + "wordprocessingml.document", "docx")
    # OpenDocument requires this entry first and uncompressed, so that it can be read in place.
    if data[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.textPK") and "content.xml" in names:
        return Sniffed("application/vnd.oasis.opendocument.text", "odt")
    return None


def _is_text(data: bytes) -> bool:
    """Text in one of the encodings our imports read, without control characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if _decodes(data, "utf-8") else "cp1252"
    return _decodes(data, encoding) and not _UNPRINTABLE.search(data.decode(encoding))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
