"""Reads web archives, WARC and WACZ: the web pages that a crawler or a browser stored, one after the other.

An archive is not trusted: what is unpacked is measured against the size of the file and against the lengths that its
records state, and the names of a WACZ's members only tell which of them are WARCs.
"""

from __future__ import annotations

import gzip
import importlib
import logging
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any

from build_tools import webpage
from build_tools.errors import ClippingError, MissingLibraryError

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000_000
MAX_MEMBERS = 10_000
"""Members of a WACZ; crawlers write a WARC each gigabyte."""
MAX_DIRECTORY = 10_000_000
"""Bytes of a WACZ's list of members, which is read as a whole."""
MAX_RECORDS = 1_000_000
MAX_RATIO = 100
"""Web pages shrink to a tenth, at best to a thirtieth; a bomb is packed a thousandfold."""
RATIO_FREE = 100_000_000
"""Unpacked bytes up to which the ratio does not matter."""
_SPARE = 1_000_000
"""Bytes that a record's own headers may take."""

_MEMBER = re.compile(r"archive/[^/]+\.warc(\.gz)?", re.IGNORECASE)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_GZIP = b"\x1f\x8b"
_TAIL = 66_000
"""Bytes at a ZIP's end that tell of its list of members: the longest comment and the records round it."""
_ELSEWHERE = 0xFFFFFFFF
"""Says that a size stands in another record."""
_SILENT = frozenset({"warcinfo", "request", "metadata"})
"""Records that go with others."""

Tell = Callable[[int], None]
"""Told how many bytes of the file have been read."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A stored web page: its address, its bytes as the server sent them, the encoding that the server named."""

    url: str
    data: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored web page that cannot be had, and why."""

    url: str
    message: str


class _Meter:
    """A stream that gives out no more than has been allowed."""

    def __init__(self, stream: IO[bytes], name: str, most: int) -> None:
        self.stream = stream
        self.name = name
        self.most = most
        self.given = 0
        self.allowed = 2 * _SPARE

    @classmethod
    def of(cls, file: IO[bytes], name: str, size: int) -> _Meter:
        """Return a meter for a WARC that takes `size` bytes, packed or not."""
        packed = file.read(2) == _GZIP
        file.seek(0)
        stream: Any = gzip.GzipFile(fileobj=file) if packed else file
        return cls(stream, name, min(MAX_BYTES, max(RATIO_FREE, MAX_RATIO * size)))

    def allow(self, length: int) -> None:
        """Allow a record of `length` bytes."""
        self.allowed += length + _SPARE
        if self.given + length > self.most:
            raise ClippingError(f"{self.name}: unpacks to more than {self.most:,} bytes; cut the archive")

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, some at least until the end."""
        if self.given > min(self.allowed, self.most):
            raise ClippingError(f"{self.name}: unpacks to more than its records state; store the pages anew")
        try:
            data = self.stream.read(size if 0 <= size <= _SPARE else _SPARE)
        except EOFError as error:  # for warcio that would be the end of the archive
            raise ClippingError(f"{self.name}: is broken: {error}; store the pages anew, or mend it") from error
        self.given += len(data)
        return data

    def close(self) -> None:
        """Close nothing: who opened the stream closes it."""


def require() -> Any:
    """Return warcio's archive iterator; web pages must be readable too.

    Raises:
        MissingLibraryError: when the extra `warc` is not installed.
    """
    try:
        module = importlib.import_module("warcio.archiveiterator")
        webpage.require()
    except (ImportError, MissingLibraryError) as error:
        raise MissingLibraryError("what reads web archives is not installed", "warc") from error
    return module.ArchiveIterator


def pages(path: Path, skipped: Counter[str], tell: Tell) -> Iterator[Payload | Unreadable]:
    """Yield the web pages of a WARC or WACZ in their order; count in `skipped` what else is stored, by kind.

    Raises:
        ClippingError: the archive is broken or unpacks to too much; the pages before that have been yielded.
        MissingLibraryError: the extra `warc` is not installed.
    """
    iterator = require()
    if path.stat().st_size > MAX_BYTES:
        raise ClippingError(f"{path.name}: is larger than an archive can be ({MAX_BYTES:,} bytes); cut it")
    with _sentences(path.name), path.open("rb") as file:
        for name, stream, size in _warcs(path, file):
            for found in _records(iterator, _Meter.of(stream, name, size)):
                tell(file.tell())
                if not isinstance(found, str):
                    yield found
                elif found:
                    skipped[found] += 1


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Turn what a broken archive raises into a sentence."""
    try:
        yield
    except ClippingError:
        raise
    except Exception as error:  # warcio raises many kinds on a bad record
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            raise
        log.debug("%s", name, exc_info=True)
        raise ClippingError(f"{name}: is broken: {error}; store the pages anew, or mend it") from error


def _warcs(path: Path, file: IO[bytes]) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield the WARCs of an archive: the name for messages, the stream, the bytes that it takes in the file."""
    if path.suffix.lower() != ".wacz":
        yield path.name, file, path.stat().st_size
        return
    if _directory(file) > MAX_DIRECTORY:
        raise ClippingError(f"{path.name}: has a list of members longer than {MAX_DIRECTORY:,} bytes; cut it")
    with zipfile.ZipFile(file) as archive:
        for member in _members(archive, path.name, path.stat().st_size):
            with archive.open(member) as stream:
                yield f"{path.name}/{member.filename}", stream, member.compress_size


def _directory(file: IO[bytes]) -> int:
    """Return how many bytes a ZIP's list of members takes, as the end of the file says it; 0 when it does not."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    tail = file.read()
    sizes = [
        int.from_bytes(tail[at + start : at + start + length], "little")
        for mark, start, length in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8))
        if (at := tail.rfind(mark)) >= 0
    ]
    return max((size for size in sizes if size != _ELSEWHERE), default=0)


def _members(archive: zipfile.ZipFile, name: str, size: int) -> list[zipfile.ZipInfo]:
    """Return the WARCs of a WACZ in sorted order."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ClippingError(f"{name}: has more than {MAX_MEMBERS:,} members; cut it")
    found = sorted((m for m in members if _MEMBER.fullmatch(m.filename)), key=lambda m: m.filename)
    for member in found:
        if member.filename.lower().endswith(".gz") and member.file_size > 2 * member.compress_size + _SPARE:
            raise ClippingError(f"{name}: {member.filename!r} is packed twice; store the pages anew")
    if sum(member.compress_size for member in found) > size:
        raise ClippingError(f"{name}: has members that overlap; store the pages anew")
    if not found:
        raise ClippingError(f"{name}: holds no archive/*.warc or *.warc.gz; it is no WACZ")
    return found


def _records(iterator: Any, meter: _Meter) -> Iterator[Payload | Unreadable | str]:
    """Yield the web pages of one WARC; for other records what they are."""
    for number, record in enumerate(iterator(meter)):
        if number >= MAX_RECORDS:
            raise ClippingError(f"{meter.name}: has more than {MAX_RECORDS:,} records; cut the archive")
        if record.length is None:
            raise ClippingError(f"{meter.name}: a record does not state its length; store the pages anew")
        meter.allow(record.length)
        yield _page(record)


def _page(record: Any) -> Payload | Unreadable | str:
    """Return the web page in a record, or what the record is instead; "" for one that only goes with others."""
    kind, headers = record.rec_type, record.http_headers
    status = headers.get_statuscode() if headers else "200"
    if kind in _SILENT:
        return ""
    if kind == "revisit":
        return "revisit"
    if status.startswith("3"):
        return "redirect"
    if status != "200":
        return "not status 200"
    return _html(record, headers) if kind in ("response", "resource") else "not HTML"


def _html(record: Any, headers: Any) -> Payload | Unreadable | str:
    content = Message()
    content["content-type"] = headers.get_header("Content-Type", "") if headers else record.content_type or ""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if content.get_content_type() not in _HTML or not url.lower().startswith(("http://", "https://")):
        return "not HTML"
    return _payload(record, url, content.get_content_charset())


def _payload(record: Any, url: str, charset: str | None) -> Payload | Unreadable:
    coding = (record.http_headers.get_header("Content-Encoding", "") if record.http_headers else "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        return Unreadable(url, f"is packed as {coding!r}, which is not read; store it unpacked or as gzip")
    stream = record.content_stream()
    data = bytearray()
    while part := stream.read(65_536):
        data += part
        if len(data) > webpage.MAX_BYTES:
            return Unreadable(url, f"is larger than a page can be ({webpage.MAX_BYTES:,} bytes)")
    return Payload(url, bytes(data), charset)
