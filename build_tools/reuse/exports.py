"""The archive as files for programs: tables (CSV, a SQLite database), records (JSON, JSONL with texts), all citations.

Everything is written as it comes, so that memory does not grow with the archive. The files stand in the cache until
the site is filled; they are made anew only when a clipping has changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from build_tools import gz, labels, paths
from build_tools.archive import Archive
from build_tools.model import FIELDS, Page
from build_tools.reuse import citing
from build_tools.reuse.plain import Site, plain
from build_tools.reuse.tables import TABLES, TEXT, Cell, Row, Table, of_archive, of_article

TEMPLATE = "kb-data.html"

DATABASE, JSON, JSONL, PACKAGE = "kho.sqlite", "articles.json", "articles.jsonl.gz", "datapackage.json"
ALL = {citing.RIS: "all.ris", citing.BIBTEX: "all.bib", citing.CSL: "all.csl.json"}

MANIFEST = "manifest.json"
"""Of the last edition."""

_LEVEL = 6
"""Of packing, as for the shards of the search index."""

MADE = "made.json"
"""Says in the cache what the files are made of."""

_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".gz": "application/gzip",
    ".sqlite": "application/vnd.sqlite3",
    ".ris": "application/x-research-info-systems",
    ".bib": "application/x-bibtex",
}
_WRITERS = {citing.RIS: citing.ris, citing.BIBTEX: citing.bibtex, citing.CSL: citing.csl}
_CSL_TYPE = "application/vnd.citationstyles.csl+json"

_LEFT_OUT = frozenset({"noise", "captions"})
"""Fields of a record that only stand with the full text."""

_DANGEROUS = tuple("=+-@\t\r＝＋－＠'")
"""What a spreadsheet runs when a cell begins with it; and the sign before it that tells that it is none."""


@dataclass(frozen=True, slots=True)
class File:
    """A file for programs: the table or form it holds, how many rows, bytes, and their SHA-256."""

    name: str
    of: str
    rows: int
    bytes: int
    sha256: str

    @property
    def type(self) -> str:
        """Its media type."""
        return _CSL_TYPE if self.name == ALL[citing.CSL] else _TYPES[Path(self.name).suffix]


Article = tuple[Mapping[str, Any], tuple[str, ...]]
"""An article's front matter and its paragraphs."""


def kept(folder: Path, key: str | None) -> list[File] | None:
    """Return the files in `folder` when they were made for `key` (None for any) and are whole, else None."""
    try:
        made = json.loads((folder / MADE).read_bytes())
        files = [File(**one) for one in made["files"]]
        whole = key in (None, made["key"]) and all((folder / one.name).stat().st_size == one.bytes for one in files)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return files if whole else None


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some articles, one after the other in time, as the files for programs have them.

    `rows` are those of each table, `csv` the same as text. `json` and the citations (by form) are without what stands
    around all of them; `jsonl` is packed, and packed parts one after the other unpack to the whole.
    """

    count: int
    rows: Mapping[str, list[Row]]
    csv: Mapping[str, str]
    json: str
    jsonl: bytes
    cited: Mapping[str, str]


def fragment(articles: Iterable[Article], site: Site) -> Fragment:
    """Return articles as the files for programs have them; nothing but themselves and the site has a say in it."""
    rows: dict[str, list[Row]] = {}
    records, lines = [], []
    cited: dict[str, list[str]] = {form: [] for form in ALL}
    for meta, paragraphs in articles:
        text = "\n\n".join(paragraphs)
        for table, row in of_article(meta, plain_lines(text), site):
            rows.setdefault(table, []).append(row)
        url = f"bai/{meta['id']}/"
        said = record(meta, site.at(url) or url)
        records.append(_written({name: value for name, value in said.items() if name not in _LEFT_OUT}))
        lines.append(f"{_written(said | {'text': text})}\n")
        citation = citing.citation(meta, url, site)
        for form, made in cited.items():
            made.append(_WRITERS[form](citation))
    return Fragment(
        len(records),
        rows,
        {table: _csv(table, found) for table, found in rows.items()},
        ",\n".join(records),
        gz.packed("".join(lines).encode("utf-8", "replace"), _LEVEL),
        {form: (",\n" if form == citing.CSL else "").join(made) for form, made in cited.items()},
    )


def _csv(table: str, rows: Iterable[Row]) -> str:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    for row in rows:
        writer.writerow(map(cell, row[:-1] if table == "articles" else row))
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is written: the archive, its articles in time order, how many clippings each page lists, and the site.

    `manifest` is that of the last edition, if there is one.
    """

    archive: Archive
    fragments: Iterable[Fragment]
    counts: Mapping[str, int]
    site: Site
    manifest: bytes | None = None


def write(folder: Path, key: str, contents: Contents) -> list[File]:
    """Write all files into `folder`, to be `kept` for `key`, and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    site = contents.site
    with ExitStack() as stack:
        writer = _Writer(folder, stack)
        rows: dict[str, list[Row]] = {}
        for table, row in of_archive(contents.archive, contents.counts, site):
            rows.setdefault(table, []).append(row)
        for table, several in rows.items():
            writer.rows(table, several, _csv(table, several))
        for each in contents.fragments:
            writer.articles(each)
        writer.close()
    counts = writer.counts
    files = [_file(folder / f"{table.name}.csv", table.name, counts[table.name]) for table in TABLES]
    whole = counts["articles"]
    files += [_file(folder / name, "records", whole) for name in (JSON, JSONL)]
    files.append(_file(folder / DATABASE, "database", sum(counts.values())))
    files += [_file(folder / name, "citations", whole) for name in ALL.values()]
    if contents.manifest is not None:
        (folder / MANIFEST).write_bytes(contents.manifest)
        files.append(_file(folder / MANIFEST, "manifest", 1))
    (folder / PACKAGE).write_bytes(_package(files, site))
    files.append(_file(folder / PACKAGE, "package", len(files)))
    (folder / MADE).write_text(json.dumps({"key": key, "files": [asdict(one) for one in files]}), encoding="utf-8")
    return files


def _file(path: Path, of: str, rows: int) -> File:
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return File(path.name, of, rows, path.stat().st_size, digest)


class _Writer:
    """Writes all files side by side."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.counts: Counter[str] = Counter()

        def text(name: str, encoding: str = "utf-8") -> IO[str]:
            return stack.enter_context((folder / name).open("w", encoding=encoding, errors="replace", newline=""))

        self._csv = {}
        for table in TABLES:
            self._csv[table.name] = text(f"{table.name}.csv", "utf-8-sig")  # Excel asks for the mark
            csv.writer(self._csv[table.name]).writerow(column.name for column in _in_csv(table))
        self._json = text(JSON)
        self._jsonl = stack.enter_context((folder / JSONL).open("wb"))
        self._all = {form: text(together) for form, together in ALL.items()}
        self._db = _Database(folder / DATABASE)
        stack.callback(self._db.close)

    def rows(self, table: str, rows: list[Row], text: str) -> None:
        """Write rows of a table; `text` is the same in CSV."""
        self.counts[table] += len(rows)
        self._db.add(table, rows)
        self._csv[table].write(text)

    def articles(self, some: Fragment) -> None:
        """Write articles: their rows, their records, their citations."""
        if not some.count:
            return
        between = ",\n" if self.counts["articles"] else "[\n"
        for table, found in some.rows.items():
            self.rows(table, found, some.csv[table])
        self._json.write(between + some.json)
        self._jsonl.write(some.jsonl)
        for form, made in some.cited.items():
            self._all[form].write(between + made if form == citing.CSL else made)

    def close(self) -> None:
        """End what is open."""
        for file in (self._json, self._all[citing.CSL]):
            file.write("\n]\n" if self.counts["articles"] else "[]\n")
        if not self.counts["articles"]:
            self._jsonl.write(gz.packed(b"", _LEVEL))
        self._db.finish()


def record(meta: Mapping[str, Any], page: str) -> dict[str, object]:
    """Return an article's record under the names of the contract, with the line of each value."""
    said: dict[str, object] = {"id": meta["id"], "page": page, "date": meta["date"]}
    said |= {name: meta[name] for name in ("title_derived", "corrected", "file", "sha256")}
    said |= {name: meta[name] for name in FIELDS}
    said["title"] = meta["title"]
    said["pages"] = {name: meta["links"][name] for name in ("clusters", "members", "leads", "people")}
    said["lines"] = {
        name: [one["line"] for one in found] if isinstance(found, list) else found["line"]
        for name, found in meta["evidence"].items()
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain_lines(text: str) -> str:
    """Return a text with its lines, each made plain."""
    return "\n".join(map(plain, text.split("\n")))


def cell(value: Cell) -> str:
    """Return a value as a cell of CSV: one that a spreadsheet would run stands behind an apostrophe.

    A cell that begins with an apostrophe has one more than its value, always.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_DANGEROUS) else text


def _in_csv(table: Table) -> list[Any]:
    return [column for column in table.columns if table.name != "articles" or column.name != TEXT]


_SQL_TYPES = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"}


class _Database:
    """The tables in SQLite, with foreign keys; a full-text index is left to those who want one (`docs/reuse.md`)."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("BEGIN")
        self._orders = {}
        for table in TABLES:
            columns = ", ".join(
                f'"{column.name}" {_SQL_TYPES[column.type]}'
                + (" PRIMARY KEY" if column.name == table.key else "")
                + (f' REFERENCES "{column.refers}" ("id")' if column.refers else "")
                for column in table.columns
            )
            self._db.execute(f'CREATE TABLE "{table.name}" ({columns})')
            places = ", ".join("?" * len(table.columns))
            self._orders[table.name] = f'INSERT INTO "{table.name}" VALUES ({places})'  # noqa: S608 - our own names

    def add(self, table: str, rows: list[Row]) -> None:
        """Add rows of a table."""
        self._db.executemany(self._orders[table], rows)

    def finish(self) -> None:
        """Write what waits, and the indexes of what refers."""
        for table in TABLES:
            for column in table.columns:
                if column.refers:
                    name = f"{table.name}_{column.name}"
                    self._db.execute(f'CREATE INDEX "{name}" ON "{table.name}" ("{column.name}")')
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _package(files: Iterable[File], site: Site) -> bytes:
    tables = {table.name: table for table in TABLES}
    resources = [_resource(one, tables.get(one.of)) for one in files]
    head: dict[str, object] = {"profile": "data-package", "name": "kho-bao", "title": plain(site.name)}
    if site.url:
        head["homepage"] = site.url
    return (json.dumps(head | {"resources": resources}, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(file: File, table: Table | None) -> dict[str, object]:
    said: dict[str, object] = {
        "name": file.name.replace(".", "-").replace("_", "-").lower() if not table else file.of.replace("_", "-"),
        "path": file.name,
        "format": file.name.removesuffix(".gz").rsplit(".", 1)[1],
        "mediatype": file.type,
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    return said | ({"profile": "tabular-data-resource", "schema": _schema(table)} if table else {})


def _schema(table: Table) -> dict[str, object]:
    said: dict[str, object] = {
        "fields": [{"name": column.name, "type": column.type} for column in _in_csv(table)],
        "missingValues": [""],
    }
    if table.key:
        said["primaryKey"] = table.key
    refers = [
        {"fields": column.name, "reference": {"resource": column.refers.replace("_", "-"), "fields": "id"}}
        for column in table.columns
        if column.refers
    ]
    return said | ({"foreignKeys": refers} if refers else {})


def page(files: Iterable[File]) -> Page:
    """Return the page that lists the files."""
    groups: dict[str, list[File]] = {}
    for file in files:
        groups.setdefault(file.of, []).append(file)
    return Page(
        paths.page_file(paths.DATA),
        {
            "template": TEMPLATE,
            "title": labels.text("data.title"),
            "description": labels.text("data.description"),
            "crumbs": [{"kind": "home", "url": paths.HOME}],
            "tables": [
                {"of": of, "rows": some[0].rows, "files": list(map(_shown, some))} for of, some in groups.items()
            ],
        },
    )


def _shown(file: File) -> dict[str, object]:
    url = f"{paths.DATA}{file.name}"
    return {"url": url, "type": file.type, "bytes": file.bytes, "sha256": file.sha256}


def places(folder: Path, files: Iterable[File]) -> Iterator[tuple[str, str, Path]]:
    """Yield for each file its place in the site, its digest, and where it stands now."""
    for file in files:
        yield f"{paths.DATA}{file.name}", file.sha256, folder / file.name
