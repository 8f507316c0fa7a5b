"""What was worked out of each clipping, kept from build to build under the digest of all that it was made of.

One SQLite file. Whatever becomes of it (deleted, cut short, of another version, a folder in its place), a build only
gets slower: what cannot be read is worked out again. Every value carries its own checksum.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

VERSION = 2

Row = tuple[str, str, bytes, bytes]
"""(name, key, small value, large value), the values as `packed` returns them."""

_TABLES = ("small", "large")


_SUM = 4
"""Bytes of a checksum."""


Data = TypeVar("Data", bytes, memoryview)


def packed(value: bytes) -> bytes:
    """Return a value as it is kept: behind its checksum."""
    return zlib.crc32(value).to_bytes(_SUM, "big") + value


def unpacked(kept: Data) -> Data:
    """Return what `packed` was given.

    Raises:
        ValueError: it is damaged.
    """
    value = kept[_SUM:]
    if len(kept) < _SUM or zlib.crc32(value).to_bytes(_SUM, "big") != kept[:_SUM]:
        raise ValueError("a value in the store is damaged")
    return value


class Summed:
    """A file to write to that sums up what is written, as `packed` does."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sum = file, 0

    def write(self, data: bytes) -> None:
        """Write what comes next."""
        self._sum = zlib.crc32(data, self._sum)
        self._file.write(data)

    def sum(self) -> bytes:
        """Return the checksum of all, which stands before it when it is `packed`."""
        return self._sum.to_bytes(_SUM, "big")


class Store:
    """Two values by name and key: a small one, read for many names at once, and a large one, read one by one."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`, or begin it."""
        self.path = path
        self._db = _opened(path)

    def keys(self) -> dict[str, str]:
        """Return the key of each name."""
        return dict(self._ask("SELECT name, key FROM small"))

    def small(self, names: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Yield (name, key, small value) of each name; what is not there, or damaged, is left out."""
        for name in names:
            for key, value in self._ask("SELECT key, value FROM small WHERE name = ?", (name,)):
                with contextlib.suppress(ValueError, TypeError):
                    yield name, key, unpacked(bytes(value))

    def large(self, name: str, key: str) -> bytes | None:
        """Return the large value of a name, None when it is not there or damaged."""
        for (value,) in self._ask("SELECT value FROM large WHERE name = ? AND key = ?", (name, key)):
            with contextlib.suppress(ValueError, TypeError):
                return unpacked(bytes(value))
        return None

    def add(self, rows: Iterable[Row]) -> None:
        """Put values in the place of what their names had."""
        kept = list(rows)
        self._do("REPLACE INTO small VALUES (?, ?, ?)", [(name, key, small) for name, key, small, _ in kept])
        self._do("REPLACE INTO large VALUES (?, ?, ?)", [(name, key, large) for name, key, _, large in kept])

    def drop(self, names: Iterable[str]) -> None:
        """Forget names."""
        gone = [(name,) for name in names]
        for table in _TABLES:
            self._do(f"DELETE FROM {table} WHERE name = ?", gone)  # noqa: S608 - the names of two tables

    def save(self) -> None:
        """Make what was put in last."""
        with contextlib.suppress(sqlite3.Error):
            self._db.commit()

    def close(self) -> None:
        """Save, and let go of the file."""
        self.save()
        self._db.close()

    def _ask(self, question: str, values: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(question, values)
        except sqlite3.Error:
            self._begin_again()

    def _do(self, order: str, rows: list[tuple[Any, ...]]) -> None:
        try:
            self._db.executemany(order, rows)
        except sqlite3.Error:
            self._begin_again()

    def _begin_again(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        _remove(self.path)
        self._db = _opened(self.path)


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _begun(path)
    except sqlite3.Error:
        _remove(path)
        return _begun(path)


def _begun(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    try:
        db.execute("PRAGMA synchronous = OFF")  # a cache that a power cut breaks is made again
        if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for table in _TABLES:
                db.execute(f"DROP TABLE IF EXISTS {table}")
                db.execute(f"CREATE TABLE {table} (name TEXT PRIMARY KEY, key TEXT, value BLOB)")
            db.execute("CREATE INDEX keys ON small (name, key)")  # to know them without a look at the values
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.commit()
        db.execute("SELECT name, key FROM small LIMIT 1").fetchall()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + "-journal")):
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        else:
            file.unlink(missing_ok=True)
