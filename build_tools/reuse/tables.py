"""The archive as tables: their columns, and the rows that a clipping gives, each value with its clipping and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from build_tools import paths
from build_tools.archive import Archive
from build_tools.dossier import cluster_title
from build_tools.reuse.plain import Site, plain, web

Meta = Mapping[str, Any]
Cell = str | int | bool | None
Row = tuple[Cell, ...]
Type = Literal["string", "integer", "boolean"]

TEXT = "text"
"""The column that is in the database alone: CSV is for values."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and type, and the table to whose `id` it refers."""

    name: str
    type: Type = "string"
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `id`, where it has one, is its key."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str | None:
        """The column that is unique in each row, None when there is none."""
        return "id" if self.columns[0].name == "id" else None


def _columns(*names: str) -> tuple[Column, ...]:
    """Return columns: "year:integer" has its type, "unit>units" refers to a table; others are plain texts."""
    made = []
    for name in names:
        bare, _, refers = name.partition(">")
        bare, _, kind = bare.partition(":")
        made.append(Column(bare, "integer" if kind == "integer" else "boolean" if kind else "string", refers or None))
    return tuple(made)


_SINGLE = "kicker", "published", "source", "byline", "event_date", "year", "kind", "place"
_PLACE = "line:integer", "grade"

TABLES = (
    Table(
        "articles",
        _columns(
            *("id", "page", "title", "title_derived:boolean", "date", "kicker", "published", "source", "byline"),
            *("event_date", "year:integer", "kind", "place", "url", "file", "encoding", "sha256", "corrected", TEXT),
        ),
    ),
    Table("units", _columns("id", "page", "name", "within", "settled:boolean", "articles:integer")),
    Table("people", _columns("id", "page", "name", "articles:integer")),
    Table("clusters", _columns("id", "page", "name", "number", "authority>units", "articles:integer")),
    Table("article_clusters", _columns("article>articles", "cluster>clusters", "number", "authority", *_PLACE)),
    Table("members", _columns("article>articles", "unit>units", "name", *_PLACE)),
    Table("roles", _columns("article>articles", "unit>units", "name", "role", "year:integer", *_PLACE)),
    Table("mentions", _columns("article>articles", "person>people", "name", "rank", "role", *_PLACE)),
    Table("awards", _columns("article>articles", "name", "level", "recipient", "year:integer", *_PLACE)),
    Table("figures", _columns("article>articles", "value", "unit", "what", *_PLACE)),
    Table("quotations", _columns("article>articles", "text", "speaker", *_PLACE)),
    Table("facets", _columns("article>articles", "field", "value", *_PLACE)),
)


def of_archive(archive: Archive, counts: Mapping[str, int], site: Site) -> Iterator[tuple[str, Row]]:
    """Yield the rows of what clippings share; `counts` says how many clippings each page lists, by its address."""

    def at(url: str) -> str:
        return site.at(url) or url

    for unit_id, unit in sorted(archive.identities.units.items()):
        url = paths.unit_url(unit_id)
        named = unit.unit
        yield (
            "units",
            (unit_id, at(url), plain(named.name), plain(named.where) or None, named.settled, counts.get(url, 0)),
        )
    for person_id, person in sorted(archive.identities.people.items()):
        url = paths.person_url(person_id)
        yield "people", (person_id, at(url), plain(person.name), counts.get(url, 0))
    for key, url in sorted(archive.addresses.clusters.items(), key=lambda item: item[1]):
        name = archive.cluster_names[key]
        number = None if name.number is None else plain(name.number)
        yield (
            "clusters",
            (_id(url, paths.CLUSTERS), at(url), plain(cluster_title(name)), number, key.authority, counts.get(url, 0)),
        )


def of_article(meta: Meta, text: str, site: Site) -> Iterator[tuple[str, Row]]:
    """Yield the rows of an article's front matter, its own first."""
    article = plain(meta["id"])
    url = f"bai/{article}/"
    proof: Meta = meta["evidence"]
    links: Meta = meta["links"]
    yield (
        "articles",
        (
            *(article, site.at(url) or url, _text(meta["title"]), bool(meta["title_derived"]), meta["date"]),
            *(_cell(meta[name]) for name in _SINGLE),
            *(web(meta["url"]), _text(meta["file"]), meta["encoding"], meta["sha256"]),
            *(" ".join(meta["corrected"]) or None, text),
        ),
    )
    parts = (
        ("article_clusters", "clusters", ("number", "authority"), links["clusters"], paths.CLUSTERS),
        ("members", "members", (), links["members"], paths.UNITS),
        ("roles", "leads", ("unit", "role", "year"), links["leads"], paths.UNITS),
        ("mentions", "people", ("name", "rank", "role"), links["people"], paths.PEOPLE),
        ("awards", "awards", ("name", "level", "recipient", "year"), None, ""),
        ("figures", "figures", ("value", "unit", "what"), None, ""),
        ("quotations", "quotations", ("text", "speaker"), None, ""),
    )
    for table, field, names, urls, folder in parts:
        for number, value in enumerate(meta[field]):
            refers: Row = (_id(urls[number], folder),) if urls is not None else ()
            values = tuple(_cell(value[name]) for name in names) if names else (_text(value),)
            if table == "article_clusters":
                values = (None if values[0] is None else str(values[0]), *values[1:])
            yield table, (article, *refers, *values, *_place(proof.get(field), number))
    for name in ("title", "url", *_SINGLE):
        if meta[name] is not None:
            yield "facets", (article, name, str(_cell(meta[name])), *_place([proof.get(name)], 0))
    for number, slogan in enumerate(meta["slogans"]):
        yield "facets", (article, "slogans", _text(slogan), *_place(proof.get("slogans"), number))


def _place(proof: Iterable[Meta | None] | None, number: int) -> Row:
    """Return the line from which a value was read, and how sure it is; both None when an archivist cleared it."""
    found = dict(enumerate(proof or ())).get(number)
    return (found["line"], found["grade"]) if found else (None, None)


def _id(url: object, folder: str) -> str:
    return str(url).removeprefix(folder).rstrip("/")


def _text(value: object) -> str | None:
    return None if value is None else plain(value)


def _cell(value: object) -> Cell:
    return value if isinstance(value, bool | int) or value is None else plain(value)
