"""The archive as files for programs: tables (CSV, a SQLite database), records (JSON, JSONL with texts), all citations.

Everything is written as it comes, so that memory does not grow with the archive. The files stand in the cache until
the site is filled; when a clipping has changed they are written again, out of what they had of the others.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from build_tools import gz, labels, paths
from build_tools.archive import Archive
from build_tools.model import FIELDS, Page
from build_tools.reuse import citing
from build_tools.reuse.plain import Site, plain
from build_tools.reuse.tables import TABLES, Cell, Row, Table, of_archive, of_article
from build_tools.reuse.writer import ALL, DATABASE, JSON, JSONL, LEVEL, Fragment, Last, Part, Writer, file_sum, in_csv
from build_tools.store import packed, unpacked

TEMPLATE = "kb-data.html"

PACKAGE = "datapackage.json"

MANIFEST = "manifest.json"
"""Of the last edition."""

MADE = "made.bin"
"""Says in the cache what the files are made of, and where each part stands in them."""

_UNTOLD = OSError, ValueError, TypeError, KeyError

_NEXT = "next"
"""Where the files are written while the last ones are read."""

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
        made = _made(folder)
        files = [File(**one) for one in made["files"]]
        whole = key in (None, made["key"]) and all((folder / one.name).stat().st_size == one.bytes for one in files)
    except _UNTOLD:
        return None
    return files if whole else None


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
        rows,
        {table: _csv(table, found) for table, found in rows.items()},
        ",\n".join(records),
        gz.packed("".join(lines).encode("utf-8", "replace"), LEVEL),
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
    parts: Iterable[Part]
    counts: Mapping[str, int]
    site: Site
    manifest: bytes | None = None


def write(folder: Path, key: str, contents: Contents, found: Mapping[str, str] | None = None) -> list[File]:
    """Write all files into `folder`, to be `kept` for `key`, and return them.

    What the files that stand there have of the same parts is not made again; `found` is what `sums` found of them.
    """
    new = folder / _NEXT
    _remove(new)
    new.mkdir(parents=True)
    last, site = _last(folder, found or {}), contents.site
    with ExitStack() as stack:
        writer = Writer(new, last, stack)
        rows: dict[str, list[Row]] = {}
        for table, row in of_archive(contents.archive, contents.counts, site):
            rows.setdefault(table, []).append(row)
        for table, several in rows.items():
            writer.rows(table, several, _csv(table, several))
        for each in contents.parts:
            writer.part(each)
        writer.close()
    counts = writer.counts
    files = [_file(new / f"{table.name}.csv", table.name, counts[table.name]) for table in TABLES]
    whole = counts["articles"]
    files += [_file(new / name, "records", whole) for name in (JSON, JSONL)]
    files.append(_file(new / DATABASE, "database", sum(counts.values())))
    files += [_file(new / name, "citations", whole) for name in ALL.values()]
    if contents.manifest is not None:
        (new / MANIFEST).write_bytes(contents.manifest)
        files.append(_file(new / MANIFEST, "manifest", 1))
    (new / PACKAGE).write_bytes(_package(files, site))
    files.append(_file(new / PACKAGE, "package", len(files)))
    for left in folder.iterdir():
        if left != new:
            _remove(left)
    for one in files:
        (new / one.name).replace(folder / one.name)
    new.rmdir()
    made = {"key": key, "files": [asdict(one) for one in files], "parts": writer.places}
    (folder / MADE).write_bytes(packed(json.dumps(made).encode()))
    return files


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _made(folder: Path) -> Any:
    """Return what was told of the files in `folder` when they were made; raises `_UNTOLD` if that is damaged."""
    return json.loads(unpacked((folder / MADE).read_bytes()))


def _last(folder: Path, found: Mapping[str, str]) -> Last:
    """Return the files that stand in `folder`, nothing where one of them is not what was written."""
    try:
        made = _made(folder)
        return Last.of(folder, made["parts"], {one["name"]: one["sha256"] for one in made["files"]}, found)
    except _UNTOLD:
        return Last()


def sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the files that stand in `folder` as they are now; of those that can be read."""
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with suppress(OSError):
            if path.is_file():
                found[path.name] = file_sum(path)
    return found


def parts(folder: Path) -> frozenset[str]:
    """Return the names of the parts that the files in `folder` have."""
    try:
        return frozenset(_made(folder)["parts"])
    except _UNTOLD:
        return frozenset()


def _file(path: Path, of: str, rows: int) -> File:
    return File(path.name, of, rows, path.stat().st_size, file_sum(path))


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
        "fields": [{"name": column.name, "type": column.type} for column in in_csv(table)],
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
