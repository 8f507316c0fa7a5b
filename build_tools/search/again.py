"""The index after a small change: only the shards that a changed clipping has to do with are merged again.

A clipping whose text was corrected keeps its number, and most words of its batch keep the weights that are stored for
them: the shards of all other terms are those of the last merge. Where anything else has changed (the program, a
clipping more or less, the average length, where a range begins or a shard would be cut), nothing is said here, and all
is merged. The files that show clippings, cards and columns, stay while what they show is known to be the same.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from build_tools.search import postings, shards
from build_tools.search.postings import FAMILIES, Kept, Numbers, Plan, Postings, Spool, Task
from build_tools.search.shared import Map, loaded, shared
from build_tools.store import packed, unpacked

MOST = 0.5
"""The share of shards from which on it is as well to merge all."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of postings: its family, first term, and name, and the number of its range.

    `data` is None when the caller knows the file.
    """

    family: str
    first: str
    name: str
    range: int
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What a merge left: the batches in order, what weights were reckoned with, where ranges begin, the shards.

    `program` tells all else that has a say in the shards. `columns` are the names of the files that show clippings, as
    the manifest has them, for clippings of this `likeness`.
    """

    program: str
    batches: tuple[str, ...]
    averages: tuple[float, ...]
    starts: tuple[tuple[str, str], ...]
    shards: tuple[Shard, ...]
    likeness: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, there: There, spool: Spool, plan: Plan, made: Sequence[Shard], columns: Mapping[str, Any]) -> Left:
        """Return what the merge of `spool` leaves; the shards are without their data."""
        return cls(
            there.program,
            tuple(file.name for file in spool.files),
            tuple(spool.averages.tolist()),
            _starts(plan),
            tuple(made),
            there.likeness,
            columns,
        )

    def save(self, path: Path) -> None:
        """Write it into the cache."""
        path.write_bytes(packed(json.dumps(asdict(self)).encode()))


@dataclass(frozen=True, slots=True)
class There:
    """What is there of an index: the files of the site, and the cache's file that says what the last merge left.

    `likeness` is a digest of all that has a say in how results show clippings; "" where it is not known.
    """

    files: Container[str] = frozenset()
    left: Path | None = None
    program: str = ""
    likeness: str = ""

    def last(self) -> Left | None:
        """Return what the last merge by this program left, None where that is not known."""
        try:
            found = json.loads(unpacked(self.left.read_bytes())) if self.left else None
            if not found or found["program"] != self.program:
                return None
            return Left(
                self.program,
                tuple(found["batches"]),
                tuple(found["averages"]),
                tuple(map(tuple, found["starts"])),
                tuple(Shard(**one) for one in found["shards"]),
                str(found["likeness"]),
                dict(found["columns"]),
            )
        except (OSError, ValueError, TypeError, KeyError):
            return None


def columns(last: Left | None, there: There, known: Container[str]) -> Mapping[str, Any] | None:
    """Return the names of the files that show clippings, None if they are to be made."""
    if not last or not there.likeness or last.likeness != there.likeness:
        return None
    names = [name for some in last.columns.values() for name in (some if isinstance(some, list) else [some])]
    return last.columns if all(name in known for name in names) else None


def _starts(plan: Plan) -> tuple[tuple[str, str], ...]:
    return tuple((task.family, plan.terms[task.start]) for task in plan.tasks)


def merged(last: Left, spool: Spool, plan: Plan, known: Container[str], each: Map = map) -> list[Shard] | None:
    """Return all shards, those that nothing has changed in as the last merge left them; None if all are to be merged.

    `known` are the names of the files that are still there; `each` may call in several processes.
    """
    changed = _changed(last, spool)
    if changed is None or _starts(plan) != last.starts:
        return None
    found: list[Shard] = []
    wanted: dict[int, tuple[Shard, Shard | None]] = {}
    for family in FAMILIES:
        own = [one for one in last.shards if one.family == family]
        firsts = [one.first for one in own]
        touched = {max(bisect_right(firsts, term) - 1, 0) for term in changed[family]}
        if len(touched) > MOST * len(own) or not all(one.name in known for one in own):
            return None
        for place in sorted(touched):
            wanted[len(found) + place] = own[place], own[place + 1] if place + 1 < len(own) else None
        found += own
    with shared((spool, _Words(plan.terms, shards.encoded(plan.terms)))) as saved:
        made = list(each(partial(_one, saved), wanted.values()))
    for place, shard in zip(wanted, made, strict=True):
        if shard is None:
            return None
        found[place] = shard
    return found


def _one(path: Path, wanted: tuple[Shard, Shard | None]) -> Shard | None:
    return _again(*wanted, *loaded(path))


def _again(shard: Shard, after: Shard | None, spool: Spool, words: _Words) -> Shard | None:
    """Return a shard made anew, None when it would not be cut as it was; `after` is the next of its family."""
    begin, end = words.places(shard.first), words.places(after.first) if after else None
    if begin is None or (after and end is None):
        return None
    whole = len(words.terms)
    task = Task(shard.family, begin[0], min(end[0] + 1, whole) if end else whole)
    found = _between(spool.merge(task), shard.family, begin, end)
    cut = list(shards.cut(found, shard.family, words.encoded))
    last = after is None or after.range != shard.range
    if len(cut) != 1 or cut[0].first != shard.first or not (last or cut[0].full):
        return None
    return replace(shard, name=shards.name(shard.family, cut[0].content), data=cut[0].packed)


@dataclass(frozen=True, slots=True)
class _Words:
    """The terms of an index in order."""

    terms: Sequence[str]
    encoded: shards.Terms

    def places(self, term: str) -> tuple[int, ...] | None:
        """Return the numbers of the words of a term; None when there is no such word any more."""
        found = [bisect_right(self.terms, word) - 1 for word in term.split(" ")]
        words = [self.terms[place] if place >= 0 else "" for place in found]
        return tuple(found) if " ".join(words) == term else None


def _between(found: Postings, family: str, begin: tuple[int, ...], end: tuple[int, ...] | None) -> Postings:
    """Return the postings of the terms from one up to but without another."""
    low = int(np.searchsorted(found.keys, postings.key(family, begin)))
    high = int(np.searchsorted(found.keys, postings.key(family, end))) if end else len(found.keys)
    ends = np.append(0, np.cumsum(found.sizes))
    some = slice(int(ends[low]), int(ends[high]))
    return Postings(found.keys[low:high], found.sizes[low:high], found.documents[some], found.weights[some])


def _changed(last: Left, spool: Spool) -> Mapping[str, set[str]] | None:
    """Return the terms, by family, whose postings are not those of the last merge; None when that cannot be told."""
    if len(last.batches) != len(spool.files) or last.averages != tuple(spool.averages.tolist()):
        return None
    changed: dict[str, set[str]] = {family: set() for family in FAMILIES}
    for name, file in zip(last.batches, spool.files, strict=True):
        if name == file.name:
            continue
        try:
            old, new = Kept(file.with_name(name)), Kept(file)
        except (OSError, ValueError):
            return None
        if not old.whole or len(old.array("lengths")) != len(new.array("lengths")):
            return None
        for family, term in _differences(old, new, spool):
            changed[family].add(term)
    return changed


def _differences(old: Kept, new: Kept, spool: Spool) -> Iterator[tuple[str, str]]:
    """Yield (family, term) of each term that is not stored alike for two batches of as many documents."""
    vocabularies = [kept.vocabulary() for kept in (old, new)]
    both = sorted({*vocabularies[0], *vocabularies[1]})
    number = {word: place for place, word in enumerate(both)}
    places = [np.array([number[word] for word in words], np.int64) for words in vocabularies]
    for family in FAMILIES:
        found = [_stored(kept, family, own, len(both), spool) for kept, own in zip((old, new), places, strict=True)]
        keys, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((values, keys))
        keys, values = keys[order], values[order]
        again = (keys[1:] == keys[:-1]) & (values[1:] == values[:-1])
        alone = ~(np.append(again, False) | np.append(False, again))
        for key in np.unique(keys[alone]).tolist():
            words = (key,) if family == "words" else divmod(key, len(both))
            yield family, " ".join(both[word][0] for word in words)


def _stored(kept: Kept, family: str, places: Numbers, words: int, spool: Spool) -> tuple[Numbers, Numbers]:
    """Return the key of each posting of a batch, and its document and stored weight as one number."""
    keys, sizes = kept.array(f"{family}.keys"), kept.array(f"{family}.sizes")
    if family == "words":
        own = places[keys]
    else:
        own = places[keys // max(len(places), 1)] * words + places[keys % max(len(places), 1)]
    documents = np.array(kept.array(f"{family}.places"))
    norms = postings.norms(kept.array("lengths"), spool.averages)[documents]
    weights = postings.weights(np.array(kept.array(f"{family}.counts")), norms, spool.scale.borders())
    return np.repeat(own, sizes), documents.astype(np.int64) << 8 | weights
