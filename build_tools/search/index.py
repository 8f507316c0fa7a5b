"""The index as files: postings in shards, cards of results in chunks, columns to narrow results by, and a manifest.

Every file but the manifest is named by its content, so that it can be cached for ever. What each holds is described
in `docs/search-index.md`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from build_tools import abbreviations
from build_tools.search import shards
from build_tools.search.documents import Document, Name
from build_tools.search.postings import BATCH, SMALLEST, STEP, Counted, Fields, Weights, count, merged
from build_tools.search.tokens import Lexicon, table

FOLDER = "search/"
MANIFEST = f"{FOLDER}manifest.bin"
VERSION = 1

CHUNK = 64
"""Result cards in one file: twenty results stand in at most twenty files of about 3 KB."""

MANY = 4_000
"""Documents from which on a second process is worth its start."""

_EPOCH = date(1945, 1, 1)

Files = Iterator[tuple[str, bytes]]
"""(name in the site, content) of each file."""


def files(documents: Sequence[Document], jobs: int = 1) -> Files:
    """Yield every file of the index; the manifest, which names the others, comes last."""
    manifest: dict[str, Any] = {
        "version": VERSION,
        "documents": len(documents),
        "table": table(),
        "weights": {"smallest": SMALLEST, "step": STEP},
        "short": dict(sorted(abbreviations.load().always.items())),
        "chunk": CHUNK,
    }
    batches = _counted(documents, jobs)
    averages = [_average(batch.lengths[field] for batch in batches) for field in range(3)]
    weighed = [Weights.of(batch.lengths, averages) for batch in batches]
    firsts = list(itertools.accumulate((len(batch.lengths[0]) for batch in batches), initial=0))
    frequent: dict[str, int] = {}
    for family in ("words", "pairs"):
        runs = [getattr(batch, family) for batch in batches]
        postings = merged(list(zip(firsts, weighed, runs, strict=False)))
        if family == "words":
            postings = _noting(postings, frequent)
        yield from _family(family, shards.cut(postings), manifest)
    yield from _chunks(documents, manifest)
    yield from _single("facets", _facets(documents), manifest)
    yield from _single("names", _names(documents), manifest)
    yield from _single("vocabulary", _vocabulary(frequent), manifest)
    yield MANIFEST, shards.packed(_json(manifest))


def _counted(documents: Sequence[Document], jobs: int) -> list[Counted]:
    batches = [documents[start : start + BATCH] for start in range(0, len(documents), BATCH)]
    if jobs == 1 or len(documents) < MANY:
        lexicon = Lexicon()
        return [count(map(fields, batch), lexicon) for batch in batches]
    with ProcessPoolExecutor(min(jobs, len(batches))) as pool:
        return list(pool.map(_count_batch, ([fields(one) for one in batch] for batch in batches)))


def _count_batch(batch: list[Fields]) -> Counted:
    return count(batch, Lexicon())


def fields(document: Document) -> Fields:
    """Return a document's texts by weight: title, facts, text."""
    return (document.title,), document.facts, document.paragraphs


def _average(columns: Iterable[Sequence[int]]) -> float:
    total = number = 0
    for column in columns:
        total, number = total + sum(column), number + len(column)
    return total / number if number else 0.0


def _noting(postings: Iterator[Any], frequent: dict[str, int]) -> Iterator[Any]:
    """Pass word postings on, and note in how many documents each term stands."""
    for posting in postings:
        frequent[posting[0]] = frequent.get(posting[0], 0) + len(posting[2])
        yield posting


def _family(name: str, cut: Iterable[tuple[str, bytes]], manifest: dict[str, Any]) -> Files:
    manifest[name] = {"firsts": [], "files": []}
    for first, content in cut:
        data = shards.packed(content)
        file = f"{name[0]}-{shards.digest(content)}.bin"
        manifest[name]["firsts"].append(first)
        manifest[name]["files"].append(file)
        yield FOLDER + file, data


def _single(name: str, content: object, manifest: dict[str, Any]) -> Files:
    data = _json(content)
    manifest[name] = f"{name[0]}-{shards.digest(data)}.bin"
    yield FOLDER + manifest[name], shards.packed(data)


def _chunks(documents: Sequence[Document], manifest: dict[str, Any]) -> Files:
    manifest["cards"] = []
    for start in range(0, len(documents), CHUNK):
        data = _json([_card(document) for document in documents[start : start + CHUNK]])
        file = f"c-{shards.digest(data)}.bin"
        manifest["cards"].append(file)
        yield FOLDER + file, shards.packed(data)


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
        return (date.fromisoformat(f"{iso[:10]}{'-01' * ((10 - len(iso[:10])) // 3)}") - _EPOCH).days
    except ValueError:
        return None


def _vocabulary(frequent: dict[str, int]) -> list[list[object]]:
    """Return the words that a misspelt one may stand for, with their documents: those in more than one."""
    longest = 8
    return [
        [term, number]
        for term, number in sorted(frequent.items())
        if number > 1 and len(term) <= longest and term.isalpha() and term.isascii()
    ]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
