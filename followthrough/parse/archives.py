"""Unpacks zip and gzip archives safely.

Archives are untrusted. Before anything is written, members outside the folder, links and passwords are
refused; the size of the output is limited while it is written.
"""

import errno
import gzip
import hashlib
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from followthrough.parse.file_errors import FileRefused

MAX_MEMBERS = 1_000
MAX_BYTES = 4 << 30
MAX_RATIO = 200
_FREE_BYTES = 16 << 20
"""Output up to this size is not checked for its ratio, as small files of equal lines compress very well."""

_CHUNK = 1 << 20
_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_NOISE = ("__MACOSX", ".DS_Store", "Thumbs.db")
_NAMES_OF_OLD = "gb18030"
_DAMAGE = (
    zipfile.BadZipFile,
    OSError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""Errors the library raises for damaged archives, depending on where the damage is."""


@dataclass(frozen=True)
class Member:
    """A file at ``path``; ``name`` is ``<archive>/<member>``, ``written_at`` its time in the archive."""

    name: str
    path: Path
    sha256: str
    written_at: datetime | None = None


def is_archive(path: Path) -> bool:
    """Whether the file is a gzip, or a zip other than a workbook."""
    with path.open("rb") as file:
        head = file.read(4)
    return head.startswith((_EMPTY_ZIP, _GZIP)) or (head == _ZIP and not is_workbook(path))


def is_workbook(path: Path) -> bool:
    """Whether a zip is an xlsx workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _DAMAGE as error:
        _raise_if_the_disks(error)
        return False


def refuse_bomb(path: Path) -> None:
    """Raise FileRefused if a workbook unpacks to over 4 GB, or over 16 MB and 200 times its size."""
    # The declared sizes are enough: the library never reads more than them.
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    limit = min(MAX_BYTES, max(_FREE_BYTES, path.stat().st_size * MAX_RATIO))
    if size > limit:
        raise FileRefused("oversized_workbook", limit=f"{limit >> 20} MB")


def unpack(path: Path, name: str, folder: Path) -> list[Member]:
    """Write the members of the archive into ``folder``; FileRefused if it is damaged, unsafe or empty."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    try:
        members = list(_gunzip(path, name, folder) if is_gzip else _unzip(path, name, folder))
    except _DAMAGE as error:
        _raise_if_the_disks(error)
        raise FileRefused("broken_archive", why=str(error)[:100]) from None
    if not members:
        raise FileRefused("empty_archive")
    return members


def _raise_if_the_disks(error: Exception) -> None:
    """Raise the error again if it is one of the disk, not of the archive."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error


def _gunzip(path: Path, name: str, folder: Path) -> Iterator[Member]:
    with gzip.open(path) as content:
        sha256, _ = _copy(content, folder / "0", path.stat().st_size, MAX_BYTES)
    yield Member(f"{name}/{name.removesuffix('.gz')}", folder / "0", sha256)


def _unzip(path: Path, name: str, folder: Path) -> Iterator[Member]:
    with _opened(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_noise(entry)]
        _refuse_hostile(entries)
        left = MAX_BYTES
        for place, entry in enumerate(entries):
            with archive.open(entry) as content:
                sha256, size = _copy(content, folder / str(place), entry.compress_size, left)
            left -= size
            yield Member(f"{name}/{entry.filename}", folder / str(place), sha256, _written_at(entry))


def _opened(path: Path) -> zipfile.ZipFile:
    """The opened zip; names without the UTF-8 flag are read as GB18030, or as cp437 if that fails."""
    # Chinese tools write such names in GBK.
    try:
        return zipfile.ZipFile(path, metadata_encoding=_NAMES_OF_OLD)
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _is_noise(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry is one that file managers add, such as ``.DS_Store``."""
    return any(part in _NOISE for part in PurePosixPath(entry.filename).parts)


def _refuse_hostile(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_MEMBERS:
        raise FileRefused("oversized_archive", limit=f"{MAX_MEMBERS} files")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if entry.flag_bits & 0x1:
            raise FileRefused("encrypted_archive")
        if ".." in parts or parts[:1] == ("/",) or ":" in (parts or ("",))[0]:
            raise FileRefused(
                "hostile_archive", member=entry.filename[:80], why="points out of it", why_zh="路径指向包外"
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FileRefused("hostile_archive", member=entry.filename[:80], why="is a link", why_zh="是链接")


def _copy(content: IO[bytes] | gzip.GzipFile, target: Path, packed_bytes: int, left: int) -> tuple[str, int]:
    """Write a member, up to its size limit; the hash and size of the output."""
    limit = min(left, max(_FREE_BYTES, packed_bytes * MAX_RATIO))
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FileRefused("oversized_archive", limit=f"{limit >> 20} MB")
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest(), size


def _written_at(entry: zipfile.ZipInfo) -> datetime | None:
    """The member's time (wall time of the platform), None if invalid or 1980, which stands for no time."""
    try:
        written = datetime(*entry.date_time)
    except ValueError:
        return None
    return written if written.year > 1980 else None
