"""A folder that this program fills: what stands in it and why, so that only what changed is written anew.

A file is current when it was written for the same key (a digest of all that it is made of) and has the size that it
had then. The ledger of keys lies in the cache; the folder's marker names the ledger that it was left with. When the two
do not agree (the cache was deleted, the build was interrupted, the folder is another's copy), nothing is believed, and
every file is written again. Time stamps tell nothing here.

The ledger has the digest of each file as well: `altered` tells which files are no longer what was written.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from build_tools import lock
from build_tools.errors import ArchiveError

MARKER = ".kho-bao"
"""Stands in every folder that this program fills."""


class Made(NamedTuple):
    """What was written into a file: its size in bytes and their SHA-256."""

    size: int
    sha256: str


Entry = tuple[str, int, str]
"""A file's key, and what was written into it, as `Made` has it."""


_PLAIN = 0
"""The version of marshal that writes equal values alike, for the marker's text is made of it."""

Noted = tuple[str, str, Made | None]
"""A file, its key, and what was written; None when it was there."""


class Folder:
    """A folder to fill: ask `current`, write and `note` what is not, and `finish`, which removes what was not noted."""

    def __init__(self, path: Path, ledger: Path) -> None:
        """Open a folder, empty or left by an earlier build.

        Raises:
            ArchiveError: it holds files but no marker, or cannot be used.
        """
        self.path, self._ledger, self._prefix = path, ledger, f"{path}/"
        self._noted: dict[str, Entry] = {}
        self.changed: list[str] = []
        try:
            token = claimed(path)
            self._known = _read(ledger, token)
            self._before = set(self._known) if self._known else set(_walk(path))
            # Until it is finished, the folder agrees with no ledger.
            (path / MARKER).write_bytes(b"")
        except OSError as error:
            raise ArchiveError(f"{error.filename}: cannot be written: {error.strerror}") from error

    def current(self, uri: str, key: str) -> bool:
        """Tell whether a file is there as it would be written for `key`; if so, it stays."""
        if not self.holds(uri, key):
            return False
        self._noted[uri] = self._known[uri]
        return True

    def holds(self, uri: str, key: str) -> bool:
        """Tell whether a file is there as it would be written for `key`."""
        entry = self._known.get(uri)
        return entry is not None and entry[0] == key and size(f"{self._prefix}{uri}") == entry[1]

    def known(self, prefix: str) -> list[str]:
        """Return the files below `prefix` that an earlier build left."""
        return [uri for uri in self._known if uri.startswith(prefix)]

    def note(self, uri: str, key: str, written: Made) -> None:
        """Remember that a file was written for `key`, and what."""
        self._noted[uri] = key, *written
        self.changed.append(uri)

    def put(self, uri: str, data: bytes) -> bool:
        """Write a file whose content is its key, if it is not there so; tell whether it was written."""
        return self.take(self.made(uri, hashlib.sha256(data).hexdigest()[:32], lambda: data))

    def made(self, uri: str, key: str, make: Callable[[], bytes]) -> Noted:
        """Write a file for `key`, if it is not there so, and do not remember it: see `take`."""
        if self.holds(uri, key):
            return uri, key, None
        write(self.path / uri, data := make())
        return uri, key, contents(data)

    def take(self, noted: Noted) -> bool:
        """Remember what another process did, or found to be there; tell whether it was written."""
        uri, key, written = noted
        if written is None:
            self._noted[uri] = self._known[uri]
        else:
            self.note(uri, key, written)
        return written is not None

    def files(self) -> dict[str, Made]:
        """Return what was written into each file, in this build or in one before it."""
        return {uri: Made(size, sha256) for uri, (_, size, sha256) in self._noted.items()}

    def finish(self) -> list[str]:
        """Remove every file that was not noted, close the ledger, and return what was removed."""
        try:
            removed = sorted(self._before - self._noted.keys())
            for uri in removed:
                _remove(self.path, uri)
            token = _store(self._ledger, self._noted)
            (self.path / MARKER).write_bytes(token.encode())
        except OSError as error:
            raise ArchiveError(f"{error.filename}: cannot be written: {error.strerror}") from error
        return removed


def size(path: str) -> int | None:
    """Return a file's size in bytes, None when there is no such file."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - thousands of times in a build
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(path: Path, data: bytes) -> None:
    """Write a file, and make the folders above it."""
    try:
        _write(path, data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    except (IsADirectoryError, NotADirectoryError) as error:
        raise ArchiveError(f"{path}: a file and a folder have one name (remove it)") from error


def _write(path: Path, data: bytes) -> None:
    """Do what `Path.write_bytes` does, tens of thousands of times in a build.

    A file that is there is written over and then cut: to empty it first takes three times as long.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        os.ftruncate(file, len(data))
    finally:
        os.close(file)


def copy(source: Path, path: Path) -> None:
    """Copy a file, and make the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)


def contents(data: bytes) -> Made:
    """Return what is written when a file gets these bytes."""
    return Made(len(data), hashlib.sha256(data).hexdigest())


def read(path: Path) -> Made:
    """Return what is in a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Made(stream.tell(), digest)


def altered(path: Path, files: Mapping[str, Made]) -> Iterator[str]:
    """Yield a sentence for each of the `files` below `path` that is gone, cannot be read, or is not what was written.

    If there is one, the folder's marker is emptied, so that the next build believes nothing and writes all anew.
    """
    for uri, wanted in sorted(files.items()):
        try:
            found = read(path / uri)
        except OSError as error:
            said = "is gone" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        else:
            if found == wanted:
                continue
            sizes = f"{found.size:,} bytes of {wanted.size:,}" if found.size != wanted.size else "other bytes"
            said = f"holds {sizes}, not what the build wrote"
        (path / MARKER).write_bytes(b"")
        yield f"{uri}: {said}"


def claimed(path: Path) -> str:
    """Make a folder ours and return its marker's text.

    Raises:
        ArchiveError: it holds files but no marker, or cannot be used.
    """
    marker = path / MARKER
    if marker.is_file():
        return marker.read_text(encoding="ascii", errors="replace").strip()
    if path.is_dir() and any(one.name != lock.NAME for one in path.iterdir()):
        remedy = f"remove it, choose another, or put an empty file {MARKER} into it if it may be emptied"
        raise ArchiveError(f"{path}: is not empty and was not built by kho-bao ({remedy})")
    path.mkdir(parents=True, exist_ok=True)
    return ""


def _read(ledger: Path, token: str) -> dict[str, Entry]:
    known: dict[str, Entry] = {}
    try:
        data = ledger.read_bytes()
        if token and _token(data) == token:
            known = dict(marshal.loads(data))  # noqa: S302 - the marker names these bytes
    except (OSError, ValueError, TypeError, EOFError):
        pass
    return known


def _store(ledger: Path, entries: dict[str, Entry]) -> str:
    data = marshal.dumps(sorted(entries.items()), _PLAIN)
    ledger.parent.mkdir(parents=True, exist_ok=True)
    half = ledger.with_suffix(".half")
    half.write_bytes(data)
    half.replace(ledger)
    return _token(data)


def _token(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _walk(path: Path) -> Iterable[str]:
    """Yield every file below a folder but those whose names begin with a dot, as MkDocs leaves them alone too."""
    for at, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = PurePosixPath(Path(at).relative_to(path).as_posix())
        yield from ((below / name).as_posix() for name in names if not name.startswith("."))


def _remove(folder: Path, uri: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    path = folder / uri
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder:
            return
        try:
            parent.rmdir()
        except OSError:
            return
