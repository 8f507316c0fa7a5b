"""The index as files: postings in shards, cards of results in chunks, columns to narrow results by, and a manifest.

Every file but the manifest is named by its content, so that it can be cached for ever. What each holds is described
in `docs/search-index.md`.
"""

from __future__ import annotations

import json
import multiprocessing
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from build_tools import abbreviations
from build_tools.search import former, shards
from build_tools.search.documents import Document, Name
from build_tools.search.postings import BATCH, FAMILIES, Fields, Plan, Scale, Spool, Task, count
from build_tools.search.tokens import table

FOLDER = "search/"
MANIFEST = f"{FOLDER}manifest.bin"
VERSION = 1

CHUNK = 64
"""Result cards in one file: twenty results stand in at most twenty files of about 3 KB."""

SCALE = Scale()
"""How weights are stored."""

MANY = 4_000
"""Documents from which on a second process is worth its start."""

EPOCH = date(1945, 1, 1)

Files = Iterator[tuple[str, bytes]]
"""(name in the site, content) of each file."""


def files(documents: Sequence[Document], jobs: int = 1, scale: Scale = SCALE) -> Files:
    """Yield every file of the index; the manifest, which names the others, comes last."""
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
    with (
        tempfile.TemporaryDirectory(prefix="kho-bao-", ignore_cleanup_errors=True) as folder,
        _pool(jobs if len(documents) >= MANY else 1) as each,
    ):
        spool = Spool(Path(folder), scale)
        for counted in each(count, ([fields(one) for one in batch] for batch in _batches(documents))):
            spool.add(counted)
        plan = spool.plan()
        made = each(partial(_range, _saved(spool, plan)), plan.tasks)
        for task, shards_of_range in zip(plan.tasks, made, strict=True):
            for first, name, data in shards_of_range:
                manifest[task.family]["firsts"].append(first)
                manifest[task.family]["files"].append(name)
                yield FOLDER + name, data
    yield from _chunks(documents, manifest)
    yield from _single("facets", _facets(documents), manifest)
    yield from _single("names", _names(documents), manifest)
    yield from _single("vocabulary", _vocabulary(plan), manifest)
    yield MANIFEST, shards.packed(_json(manifest))


Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
"""Calls a function for each argument, in one process or in several, and yields what it returns, in order."""


@contextmanager
def _pool(jobs: int) -> Iterator[Each]:
    if jobs <= 1:
        yield map
        return
    # Fresh processes: a forked one would inherit the locks of the preview's threads.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield partial(_spread, pool, jobs)


def _spread(pool: ProcessPoolExecutor, jobs: int, call: Callable[[Any], Any], todo: Iterable[Any]) -> Iterator[Any]:
    """Yield results in order, with no more tasks under way than keep the processes busy."""
    under_way: deque[Future[Any]] = deque()
    for one in todo:
        under_way.append(pool.submit(call, one))
        if len(under_way) > jobs + 1:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    return (documents[start : start + BATCH] for start in range(0, len(documents), BATCH))


def _saved(spool: Spool, plan: Plan) -> Path:
    """Put down what a process needs to merge a range."""
    path = spool.folder / "plan"
    path.write_bytes(pickle.dumps((spool, plan.terms), pickle.HIGHEST_PROTOCOL))
    return path


@lru_cache(maxsize=1)
def _loaded(path: Path) -> tuple[Spool, list[str]]:
    loaded: tuple[Spool, list[str]] = pickle.loads(path.read_bytes())  # noqa: S301 - written by `_saved` just before
    return loaded


def _range(path: Path, task: Task) -> list[tuple[str, str, bytes]]:
    """Return (first term, file name, content) of each shard of a range."""
    spool, terms = _loaded(path)
    return [
        (first, f"{task.family[0]}-{shards.digest(content)}.bin", shards.packed(content))
        for first, content in shards.cut(spool.merge(task), task.family, terms)
    ]


def fields(document: Document) -> Fields:
    """Return a document's texts by weight: title, facts, text."""
    return (document.title,), document.facts, document.paragraphs


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
