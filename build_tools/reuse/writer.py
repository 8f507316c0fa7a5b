"""The files for programs, written part by part: what a part has in the last ones is taken from there as it is.

A part is some articles, one after the other in time, and is known by all that has a say in it. Where the last files
hold a part, its bytes are copied and its rows go from one database into the other, in the order in which they would be
written anew: so the files are the same, byte for byte, whichever way they came about.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from build_tools import gz
from build_tools.reuse import citing
from build_tools.reuse.tables import TABLES, TEXT, Row, Table

DATABASE, JSON, JSONL = "kho.sqlite", "articles.json", "articles.jsonl.gz"
ALL = {citing.RIS: "all.ris", citing.BIBTEX: "all.bib", citing.CSL: "all.csl.json"}

LEVEL = 5
"""Of packing: half the time of the next one, and a fortieth more room."""

_LISTS = frozenset({JSON, ALL[citing.CSL]})
"""Files that are one list in JSON: each part but the first stands behind a comma."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some articles, one after the other in time, as the files for programs have them.

    `rows` are those of each table, `csv` the same as text. `json` and the citations (by form) are without what stands
    around all of them; `jsonl` is packed, and packed parts one after the other unpack to the whole.
    """

    rows: Mapping[str, list[Row]]
    csv: Mapping[str, str]
    json: str
    jsonl: bytes
    cited: Mapping[str, str]

    def texts(self) -> dict[str, bytes]:
        """Return what each file gets of the articles."""
        said = {_table_file(table): text for table, text in self.csv.items()}
        said |= {JSON: self.json} | {ALL[form]: text for form, text in self.cited.items()}
        return {name: _bytes(text) for name, text in said.items()} | {JSONL: self.jsonl}


class Part(NamedTuple):
    """A fragment that is loaded when it is needed; `name` tells all that has a say in it, "" if nothing does."""

    name: str
    load: Callable[[], Fragment]


class Place(NamedTuple):
    """Where a part stands: of each table its first row and how many, of each file its first byte and how many."""

    rows: Mapping[str, tuple[int, int]]
    bytes: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Last:
    """The files as they were written last: their folder, and where in them each part stands."""

    folder: Path = field(default_factory=Path)
    places: Mapping[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, places: object, sums: Mapping[str, str], found: Mapping[str, str]) -> Last:
        """Return what `Writer.places` told, read back, where the files still have their SHA-256; else nothing.

        `sums` are the wanted ones, `found` those that files were found to have in this build, if any were looked at.
        """
        try:
            if all((found.get(name) or file_sum(folder / name)) == wanted for name, wanted in sums.items()):
                return cls(folder, {name: Place(*one) for name, one in _items(places)})
        except (OSError, ValueError, TypeError):
            pass
        return cls()


def _items(value: object) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value.items()


def file_sum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class Writer:
    """Writes all files side by side into a folder."""

    def __init__(self, folder: Path, last: Last, stack: ExitStack) -> None:
        self.counts: Counter[str] = Counter()
        self.places: dict[str, Place] = {}
        self._last = last
        self._before: dict[str, IO[bytes]] = {}
        self._files: dict[str, IO[bytes]] = {}
        for name in (*map(_table_file, (table.name for table in TABLES)), JSON, JSONL, *ALL.values()):
            self._files[name] = stack.enter_context((folder / name).open("wb"))
            if last.places:
                self._before[name] = stack.enter_context((last.folder / name).open("rb"))
        for table in TABLES:
            heads = [column.name for column in in_csv(table)]
            self._files[_table_file(table.name)].write(",".join(heads).encode("utf-8-sig") + b"\r\n")  # Excel's mark
        self._db = _Database(folder / DATABASE, last.folder / DATABASE if last.places else None)
        stack.callback(self._db.close)

    def rows(self, table: str, rows: list[Row], text: str) -> None:
        """Write rows of a table; `text` is the same in CSV."""
        self.counts[table] += len(rows)
        self._db.add(table, rows)
        self._files[_table_file(table)].write(_bytes(text))

    def part(self, part: Part) -> None:
        """Write a part, or take it from the last files."""
        there = self._last.places.get(part.name)
        place = self._again(there) if there else self._new(part.load())
        if part.name:
            self.places[part.name] = place

    def _new(self, some: Fragment) -> Place:
        rows = {}
        for table, found in some.rows.items():
            rows[table] = self.counts[table], len(found)
            self.counts[table] += len(found)
            self._db.add(table, found)
        return Place(rows, {name: self._put(name, data) for name, data in some.texts().items()})

    def _again(self, there: Place) -> Place:
        rows = {}
        for table, (first, count) in there.rows.items():
            rows[table] = self.counts[table], count
            self.counts[table] += count
            self._db.copy(table, first, count)
        places = {}
        for name, (start, length) in there.bytes.items():
            before = self._before[name]
            before.seek(start)
            places[name] = self._put(name, before.read(length))
        return Place(rows, places)

    def _put(self, name: str, data: bytes) -> tuple[int, int]:
        file = self._files[name]
        if name in _LISTS:
            file.write(b",\n" if file.tell() else b"[\n")
        start = file.tell()
        file.write(data)
        return start, len(data)

    def close(self) -> None:
        """End what is open."""
        for name in _LISTS:
            self._files[name].write(b"\n]\n" if self._files[name].tell() else b"[]\n")
        if not self._files[JSONL].tell():
            self._files[JSONL].write(gz.packed(b"", LEVEL))
        self._db.finish()


def _table_file(table: str) -> str:
    return f"{table}.csv"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def in_csv(table: Table) -> list[Any]:
    """Return the columns of a table that its CSV has: texts stand in the database alone."""
    return [column for column in table.columns if table.name != "articles" or column.name != TEXT]


_SQL_TYPES = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"}


class _Database:
    """The tables in SQLite, with foreign keys; a full-text index is left to those who want one (`docs/reuse.md`)."""

    def __init__(self, path: Path, last: Path | None) -> None:
        """Begin the database at `path`; `last` is one to copy rows from."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        if last:
            self._db.execute("ATTACH ? AS last", (str(last),))
        self._db.execute("BEGIN")
        self._orders = {}
        for table in TABLES:
            columns = ", ".join(
                f'"{column.name}" {_SQL_TYPES[column.type]}'
                + (" PRIMARY KEY" if column.name == table.key else "")
                + (f' REFERENCES "{column.refers}" ("id")' if column.refers else "")
                for column in table.columns
            )
            self._db.execute(f'CREATE TABLE main."{table.name}" ({columns})')
            places = ", ".join("?" * len(table.columns))
            self._orders[table.name] = f'INSERT INTO main."{table.name}" VALUES ({places})'  # noqa: S608 - our own names

    def add(self, table: str, rows: list[Row]) -> None:
        """Add rows of a table."""
        self._db.executemany(self._orders[table], rows)

    def copy(self, table: str, first: int, count: int) -> None:
        """Add rows of the last database's table, from its row `first` (the first of all is 0)."""
        order = f'INSERT INTO main."{table}" SELECT * FROM last."{table}" WHERE rowid > ? AND rowid <= ? ORDER BY rowid'  # noqa: S608 - our own names
        self._db.execute(order, (first, first + count))

    def finish(self) -> None:
        """Write what waits, and the indexes of what refers."""
        for table in TABLES:
            for column in table.columns:
                if column.refers:
                    name = f"{table.name}_{column.name}"
                    self._db.execute(f'CREATE INDEX main."{name}" ON "{table.name}" ("{column.name}")')
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
