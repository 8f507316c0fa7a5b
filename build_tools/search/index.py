"""The index as files: postings in shards, cards of results in chunks, columns to narrow results by, and a manifest.

Every file but the manifest is named by its content, so that it can be cached for ever. What each holds is described
in `docs/search-index.md`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from build_tools import abbreviations
from build_tools.search import again, former, postings, shards
from build_tools.search.again import Left, Shard, There
from build_tools.search.documents import Document, Name
from build_tools.search.postings import FAMILIES, Fields, Plan, Scale, Spool, Task, count
from build_tools.search.shared import Map, loaded, shared
from build_tools.search.tokens import table

FOLDER = "search/"
MANIFEST = f"{FOLDER}manifest.bin"
VERSION = 1

CHUNK = 64
"""Result cards in one file: twenty results stand in at most twenty files of about 3 KB."""

SCALE = Scale()
"""How weights are stored."""

EPOCH = date(1945, 1, 1)

NOTHING = There()
"""Of an index that is made for the first time."""

Files = Iterator[tuple[str, bytes | None]]
"""(name in the site, content) of each file, without the content when the caller knows the file."""


def files(documents: Sequence[Document], each: Map = map, scale: Scale = SCALE) -> Files:
    """Yield every file of the index of documents; the manifest, which names the others, comes last."""
    with tempfile.TemporaryDirectory(prefix="kho-bao-", ignore_cleanup_errors=True) as folder:
        ranges = postings.batches(document.url for document in documents)
        counted = []
        for number, batch in enumerate(each(count, ([fields(documents[one]) for one in some] for some in ranges))):
            counted.append(Path(folder, f"{number}.batch"))
            counted[-1].write_bytes(batch.saved())
        yield from merged(documents, counted, each, scale)


def merged(
    documents: Sequence[Document],
    counted: Sequence[Path],
    each: Map = map,
    scale: Scale = SCALE,
    there: There = NOTHING,
) -> Files:
    """Yield every file of the index, given the files of its counted batches; of files that are there no data.

    Of the documents only what cards and columns show is needed, not their texts.

    Raises:
        OSError, ValueError: a counted batch cannot be read, or is not whole.
    """
    manifest: dict[str, Any] = {
        "version": VERSION,
        "documents": len(documents),
        "table": table(),
        "weights": {"smallest": scale.smallest, "step": scale.step},
        "short": dict(sorted(abbreviations.load().always.items())),
        "former": former.table(),
        "chunk": CHUNK,
        **{family: {"firsts": [], "files": []} for family in FAMILIES},
    }
    spool = Spool(counted, scale)
    plan = spool.plan()
    last, known = there.last(), there.files
    whole = last and again.merged(last, spool, plan, _Named(known), each)
    columns = again.columns(last, there, _Named(known))
    made: list[Shard] = []
    for shard in whole or _shards(spool, plan, each, known):
        manifest[shard.family]["firsts"].append(shard.first)
        manifest[shard.family]["files"].append(shard.name)
        made.append(replace(shard, data=None))
        yield FOLDER + shard.name, shard.data
    if columns is None:
        yield from _chunks(documents, manifest, known)
        yield from _single("facets", _facets(documents), manifest)
        yield from _single("names", _names(documents), manifest)
        columns = {name: manifest[name] for name in ("cards", "facets", "names")}
    else:
        manifest |= columns
        for name in (*columns["cards"], columns["facets"], columns["names"]):
            yield FOLDER + name, None
    if there.left:
        Left.of(there, spool, plan, made, columns).save(there.left)
    yield from _single("vocabulary", _vocabulary(plan), manifest)
    yield MANIFEST, shards.packed(_json(manifest))


@dataclass(frozen=True, slots=True)
class _Named:
    """Names of shards, where the caller knows files of the site."""

    known: Container[str]

    def __contains__(self, name: object) -> bool:
        return f"{FOLDER}{name}" in self.known


def _shards(spool: Spool, plan: Plan, each: Map, known: Container[str]) -> Iterator[Shard]:
    """Yield all shards, merged a range at a time."""
    with shared((spool, shards.encoded(plan.terms), known)) as saved:
        for several in each(partial(_range, saved), enumerate(plan.tasks)):
            yield from several


def _range(path: Path, numbered: tuple[int, Task]) -> list[Shard]:
    """Return the shards of a range, packed."""
    spool, terms, known = loaded(path)
    number, task = numbered
    found = []
    for one in shards.cut(spool.merge(task), task.family, terms):
        name = shards.name(task.family, one.content)
        data = None if FOLDER + name in known else one.packed
        found.append(Shard(task.family, one.first, name, number, data))
    return found


def fields(document: Document) -> Fields:
    """Return a document's texts by weight: title, facts, text."""
    return (document.title,), document.facts, document.paragraphs


def _single(name: str, content: object, manifest: dict[str, Any]) -> Files:
    data = _json(content)
    manifest[name] = f"{name[0]}-{shards.digest(data)}.bin"
    yield FOLDER + manifest[name], shards.packed(data)


def _chunks(documents: Sequence[Document], manifest: dict[str, Any], known: Container[str]) -> Files:
    manifest["cards"] = []
    for start in range(0, len(documents), CHUNK):
        data = _json([_card(document) for document in documents[start : start + CHUNK]])
        file = f"c-{shards.digest(data)}.bin"
        manifest["cards"].append(file)
        yield FOLDER + file, None if FOLDER + file in known else shards.packed(data)


def _card(document: Document) -> list[object]:
    """Return what a result shows: address, title, whether the title is derived, date, clusters, newspaper."""
    clusters = [label for _, label, _ in document.clusters]
    source = document.source[1] if document.source else None
    return [document.url, document.title, int(document.title_derived), document.date, clusters, source]


@dataclass(slots=True)
class _Column:
    """A facet of several values: the values as (address, name), and for each document the places of its own."""

    values: dict[Name, int]
    documents: list[list[int]]

    @classmethod
    def of(cls, documents: Iterable[Document], get: Callable[[Document], Iterable[Name]]) -> _Column:
        values: dict[Name, int] = {}
        return cls(values, [[values.setdefault(value, len(values)) for value in get(one)] for one in documents])

    def plain(self) -> dict[str, object]:
        return {"values": [list(value) for value in self.values], "documents": self.documents}


def _facets(documents: Sequence[Document]) -> dict[str, object]:
    """Return the columns that every search shows: day, year, kind, cluster, newspaper."""
    return {
        "days": [_days(document.date) for document in documents],
        "years": [document.year for document in documents],
        "kinds": [document.kind for document in documents],
        "clusters": _Column.of(documents, lambda one: [(url, label) for url, label, _ in one.clusters]).plain(),
        "sources": _Column.of(documents, lambda one: [one.source] if one.source else []).plain(),
    }


def _names(documents: Sequence[Document]) -> dict[str, object]:
    """Return the columns that are fetched when they are asked for: units and people."""
    return {
        "units": _Column.of(documents, lambda one: one.units).plain(),
        "people": _Column.of(documents, lambda one: one.people).plain(),
    }


def _days(iso: str | None) -> int | None:
    """Return a date as days since 1 January 1945, of a year or a month its first; None when unknown."""
    if iso is None:
        return None
    try:
        return (date.fromisoformat(f"{iso[:10]}{'-01' * ((10 - len(iso[:10])) // 3)}") - EPOCH).days
    except ValueError:
        return None


def _vocabulary(plan: Plan) -> list[list[object]]:
    """Return the words that a misspelt one may stand for, with their documents: those in more than one."""
    longest = 8
    return [
        [term, number]
        for term, number in zip(plan.terms, plan.documents, strict=True)
        if number > 1 and len(term) <= longest and term.isalpha() and term.isascii()
    ]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
