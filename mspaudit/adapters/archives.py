"""Zip containers (XLSX, DOCX, ODT) looked at without trusting them."""

import io
import struct
import zipfile
import zlib

MAX_ENTRIES = 2_000
MAX_DIRECTORY_BYTES = 1024 * 1024
STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")


class ArchiveRefused(ValueError):
    """Not a zip an office suite writes: damaged, encrypted, or made to hurt."""


class ArchiveTooLarge(ArchiveRefused):
    """It would unzip to more than was allowed."""


def directory(data: bytes) -> list[zipfile.ZipInfo]:
    """The entries of the zip. Its directory is measured before it is read. Raises `ArchiveRefused`."""
    start = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if start < 0 or len(data) < start + _END.size:
        raise ArchiveRefused("no end of directory")
    _, _, _, _, entries, size, _, _ = _END.unpack_from(data, start)
    if entries > MAX_ENTRIES or size > MAX_DIRECTORY_BYTES:
        raise ArchiveRefused("directory too large")
    try:
        found = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError, ValueError) as error:
        raise ArchiveRefused(str(error)) from error
    if len(found) > MAX_ENTRIES:
        raise ArchiveRefused("too many entries")
    return found


def check_unzipped(data: bytes, *, limit: int) -> None:
    """Make sure that unzipping everything gives at most `limit` bytes: declared first, then counted.

    Counted, because a directory may lie and the next reader may not believe it. Raises `ArchiveTooLarge`, or
    `ArchiveRefused` for what an office suite does not write.
    """
    entries = directory(data)
    if sum(entry.file_size for entry in entries) > limit:
        raise ArchiveTooLarge("too large once unzipped")
    left = limit
    for entry in entries:
        if entry.flag_bits & 1 or entry.compress_type not in (STORED, DEFLATED):
            raise ArchiveRefused("encrypted, or compressed in an unusual way")
        left -= _real_size(data, entry, left)
        if left < 0:
            raise ArchiveTooLarge("too large once unzipped")


def _real_size(data: bytes, entry: zipfile.ZipInfo, limit: int) -> int:
    if len(data) < entry.header_offset + _LOCAL.size:
        raise ArchiveRefused("entry outside the file")
    fields = _LOCAL.unpack_from(data, entry.header_offset)
    start = entry.header_offset + _LOCAL.size + fields[-2] + fields[-1]
    if entry.compress_type == STORED:
        return entry.compress_size
    inflater, size, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, data[start : start + entry.compress_size]
    try:
        while rest and not inflater.eof:
            size += len(inflater.decompress(rest, 1024 * 1024))
            rest = inflater.unconsumed_tail
            if size > limit:
                raise ArchiveTooLarge("too large once unzipped")
    except zlib.error as error:
        raise ArchiveRefused(str(error)) from error
    return size
