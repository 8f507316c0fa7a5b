"""Reads web archives, WARC and WACZ: the web pages that a crawler or a browser stored, one after the other.

An archive is not trusted: what is unpacked is measured against the size of the file and against the lengths that its
records state, and the names of a WACZ's members only tell which of them are WARCs.
"""

from __future__ import annotations

import gzip
import importlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any

from build_tools import webpage
from build_tools.errors import ClippingError, MissingLibraryError

MAX_BYTES = 20_000_000_000
MAX_MEMBERS = 10_000
"""Members of a WACZ; crawlers write a WARC each gigabyte."""
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

    def allow(self, length: int) -> None:
        """Allow a record of `length` bytes."""
        self.allowed += length + _SPARE
        if self.given + length > self.most:
            raise ClippingError(f"{self.name}: unpacks to more than {self.most:,} bytes; cut the archive")

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, some at least until the end."""
        if self.given > min(self.allowed, self.most):
            raise ClippingError(f"{self.name}: unpacks to more than its records state; store the pages anew")
        data = self.stream.read(size if 0 <= size <= _SPARE else _SPARE)
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
        if path.suffix.lower() != ".wacz":
            yield from _records(iterator, file, path.name, path.stat().st_size, skipped, lambda: tell(file.tell()))
            return
        with zipfile.ZipFile(file) as archive:
            for member in _members(archive, path.name):
                with archive.open(member) as stream:
                    name = f"{path.name}/{member.filename}"
                    yield from _records(
                        iterator, stream, name, member.compress_size, skipped, lambda: tell(file.tell())
                    )


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Turn what a broken archive raises into a sentence."""
    try:
        yield
    except ClippingError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError, RuntimeError) as error:
        raise ClippingError(f"{name}: is broken: {error}; store the pages anew, or mend it") from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "warcio" and not isinstance(error, ValueError):
            raise
        raise ClippingError(f"{name}: is broken: {error}; store the pages anew, or mend it") from error


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Return the WARCs of a WACZ in sorted order."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ClippingError(f"{name}: has more than {MAX_MEMBERS:,} members; cut it")
    found = sorted((m for m in members if _MEMBER.fullmatch(m.filename)), key=lambda m: m.filename)
    for member in found:
        if member.filename.lower().endswith(".gz") and member.file_size > 2 * member.compress_size + _SPARE:
            raise ClippingError(f"{name}: {member.filename!r} is packed twice; store the pages anew")
    if not found:
        raise ClippingError(f"{name}: holds no archive/*.warc or *.warc.gz; it is no WACZ")
    return found


def _records(
    iterator: Any, file: IO[bytes], name: str, size: int, skipped: Counter[str], tell: Callable[[], None]
) -> Iterator[Payload | Unreadable]:
    """Yield the web pages of one WARC."""
    packed = file.peek(2)[:2] == _GZIP if hasattr(file, "peek") else False
    stream: Any = gzip.GzipFile(fileobj=file) if packed else file
    meter = _Meter(stream, name, min(MAX_BYTES, max(RATIO_FREE, MAX_RATIO * size)))
    for number, record in enumerate(iterator(meter)):
        if number >= MAX_RECORDS:
            raise ClippingError(f"{name}: has more than {MAX_RECORDS:,} records; cut the archive")
        if record.length is None:
            raise ClippingError(f"{name}: a record does not state its length; store the pages anew")
        meter.allow(record.length)
        found = _page(record)
        if isinstance(found, str):
            skipped[found] += found != ""
        else:
            yield found
        tell()


def _page(record: Any) -> Payload | Unreadable | str:
    """Return the web page in a record, or what the record is instead; "" for one that only goes with others."""
    kind, headers = record.rec_type, record.http_headers
    if kind in _SILENT:
        return ""
    if kind == "revisit":
        return "revisit"
    if kind not in ("response", "resource"):
        return "not HTML"
    status = headers.get_statuscode() if headers else "200"
    if status.startswith("3"):
        return "redirect"
    if status != "200":
        return "not status 200"
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
