"""Which words stand in which document: counted a batch at a time, merged a range of terms at a time.

A batch is a pure function of its documents and can be counted anywhere; so can a range of terms be merged, since it is
fixed by the documents alone. Memory holds one batch or one range in each process, however large the archive. The weight
of a term in a document is that of BM25 [1] with a boost for each field, summed over the fields, as lunr does it; what
is left to the reader is the term's rarity.

[1] S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond. Foundations and Trends in
Information Retrieval 3 (2009), 333-389.
"""

from __future__ import annotations

import itertools
import json
import math
import mmap
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from build_tools.search.tokens import Lexicon

Numbers = NDArray[Any]

BOOSTS = (8.0, 2.0, 1.0)
"""What a word counts for in the title, in the facts (units, people, captions, newspaper), in the text."""

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation, the values lunr uses."""

CAPS = (15, 15, 255)
"""How often a term is counted in each field: together they fit two bytes, and BM25 is flat beyond."""
_SHIFTS = (12, 8, 0)

BATCH = 500
"""The most documents counted at once; their numbers within a batch must fit two bytes."""
_CUT = 64
"""Batches end behind one document in so many, by its address: what is put in or taken out moves no other's end."""

RANGE = 400_000
"""Postings from which on the next first word begins a new range of terms: a process merges one range at once."""

_AT_ONCE = 65_536
"""Postings whose weights are worked out at once: enough for numpy, little for memory."""

Fields = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""A document's texts: title, facts, text."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How weights are stored: 0 is `smallest`, each next number `step` times as much."""

    smallest: float = 0.25
    step: float = 1.2
    grain: float = 1 / 16
    """Averages are rounded to it, in octaves: one clipping more or less leaves nearly all weights as they are."""

    def borders(self) -> Numbers:
        """Return the weights halfway between two neighbouring numbers; made by multiplying alone, the same anywhere."""
        border, found = self.smallest * math.sqrt(self.step), []
        for _ in range(255):
            found.append(border)
            border *= self.step
        return np.array(found)

    def rounded(self, averages: Numbers) -> Numbers:
        """Return averages, all above zero, as weights are reckoned with."""
        return np.exp2(np.round(np.log2(averages) / self.grain) * self.grain) if self.grain else averages

    def weight(self, number: int) -> float:
        """Return the weight that a stored number stands for."""
        return float(self.smallest * self.step**number)


FAMILIES = ("words", "pairs")


@dataclass(frozen=True, slots=True)
class Runs:
    """A batch's postings by key, ascending: how many documents each key has, and all their places and counts."""

    keys: Numbers
    sizes: Numbers
    places: Numbers
    counts: Numbers


@dataclass(frozen=True, slots=True)
class Counted:
    """A batch: its words (term, form) in order, each document's words in each field, its postings.

    A key of `words` is a word's place; of `pairs`, the first's place times the number of words, plus the second's.
    """

    vocabulary: list[tuple[str, int]]
    lengths: Numbers
    words: Runs
    pairs: Runs

    def saved(self) -> bytes:
        """Return a batch as `Kept` reads it: a line of JSON that says what follows, the words, the arrays."""
        words = "\n".join(term for term, _ in self.vocabulary).encode()
        arrays = {
            "forms": np.array([form for _, form in self.vocabulary], np.uint8),
            "lengths": np.ascontiguousarray(self.lengths, np.int64),
            **{f"{one}.{name}": getattr(getattr(self, one), name) for one in FAMILIES for name in Runs.__slots__},
        }
        body = words + b"".join(array.tobytes() for array in arrays.values())
        shapes = {name: [array.dtype.str, *array.shape] for name, array in arrays.items()}
        head = {"words": len(words), "arrays": shapes, "size": len(body), "sum": zlib.crc32(body)}
        return json.dumps(head).encode() + b"\n" + body


class Kept:
    """A counted batch in a file; the arrays stay there until they are asked for."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            OSError, ValueError: it cannot be read, or is not whole.
        """
        with path.open("rb") as opened:  # numpy's own memmap takes several times as long, to begin and to slice
            data = np.frombuffer(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
        end = bytes(data[: 1 << 16]).find(b"\n") + 1
        head = json.loads(bytes(data[:end]))
        self._data, self._first = data[end:], int(head["words"])
        if len(self._data) != head["size"]:
            raise ValueError(f"{path}: is not a whole batch")
        self._sum = head["sum"]
        self._places: dict[str, tuple[int, str, list[int]]] = {}
        self._arrays: dict[str, Numbers] = {}
        at = self._first
        for name, (kind, *shape) in head["arrays"].items():
            self._places[name] = at, kind, shape
            at += np.dtype(kind).itemsize * math.prod(shape)

    @property
    def whole(self) -> bool:
        """Whether the file holds what was written; all of it is read for that."""
        return bool(zlib.crc32(self._data.data) == self._sum)

    def vocabulary(self) -> list[tuple[str, int]]:
        """Return the words (term, form) in order."""
        return [(term.decode(), form) for term, form in zip(self.terms(), self.array("forms").tolist(), strict=True)]

    def terms(self) -> list[bytes]:
        """Return the term of each word in UTF-8, in order, which is that of the texts too."""
        words = bytes(self._data[: self._first])
        return words.split(b"\n") if words else []

    def array(self, name: str) -> Numbers:
        """Return an array: "lengths", or one of a family's, as "pairs.keys"."""
        found = self._arrays.get(name)
        if found is None:
            at, kind, shape = self._places[name]
            found = self._data[at : at + np.dtype(kind).itemsize * math.prod(shape)].view(kind).reshape(shape)
            self._arrays[name] = found
        return found


def whole(path: Path) -> bool:
    """Tell whether a counted batch is there as it was written."""
    try:
        return Kept(path).whole
    except (OSError, ValueError, KeyError, TypeError):
        return False


def batches(urls: Iterable[str]) -> Iterator[range]:
    """Yield ranges of documents to count together, given their addresses in order."""
    start = end = 0
    for url in urls:
        end += 1
        if end - start == BATCH or zlib.crc32(url.encode()) % _CUT == 0:
            yield range(start, end)
            start = end
    if end > start:
        yield range(start, end)


def count(documents: Iterable[Fields]) -> Counted:
    """Count the words and pairs of a batch of documents."""
    lexicon = Lexicon()
    pieces: list[Numbers] = []
    ends: list[int] = []
    for number, text in enumerate(itertools.chain.from_iterable(documents)):
        found: list[int] = []
        for part in text:
            lexicon.add(part, found)
        pieces.append(np.array(found, dtype=np.int32))
        ends.append(len(found) + (ends[number - 1] if number else 0))
    tokens = np.concatenate([np.zeros(0, np.int32), *pieces])
    pieces.clear()
    vocabulary = lexicon.words
    order = sorted(range(len(vocabulary)), key=vocabulary.__getitem__)
    place = np.zeros(len(order) + 1, np.int64)
    place[np.array(order, dtype=np.int64) + 1] = np.arange(len(order))
    field = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    real = tokens > 0
    lengths = np.bincount(field[real], minlength=len(ends)).reshape(-1, 3)
    words = place[tokens]
    both = real[:-1] & real[1:] & (field[:-1] == field[1:])
    pairs = (words[:-1] * len(order) + words[1:])[both]
    return Counted(
        [vocabulary[number] for number in order],
        lengths,
        _runs(words[real], field[real], len(lengths)),
        _runs(pairs, field[:-1][both], len(lengths)),
    )


def _runs(keys: Numbers, field: Numbers, documents: int) -> Runs:
    """Return postings by key from one key and one field (3 × document + field) a token."""
    found, number = np.unique((keys * documents + field // 3) * 3 + field % 3, return_counts=True)
    posting, which = np.divmod(found, 3)
    codes = np.minimum(number, np.array(CAPS)[which]) << np.array(_SHIFTS)[which]
    starts = _starts(posting)
    codes = np.add.reduceat(codes, starts) if len(starts) else codes
    key, document = np.divmod(posting[starts], max(documents, 1))
    starts = _starts(key)
    sizes = np.diff(np.append(starts, len(key)))
    return Runs(key[starts], sizes.astype(np.uint16), document.astype(np.uint16), codes.astype(np.uint16))


def _by_first(kept: Kept, family: str, words: int) -> Numbers:
    """Return how many postings of a family begin with each of a batch's words."""
    scale = 1 if family == "words" else words
    borders = np.searchsorted(kept.array(f"{family}.keys"), np.arange(words + 1) * scale)
    ends = np.append(0, np.cumsum(kept.array(f"{family}.sizes"), dtype=np.int64))
    return np.diff(ends[borders])


def _starts(ordered: Numbers) -> Numbers:
    """Return where each value of an ordered array begins."""
    return np.flatnonzero(np.diff(ordered, prepend=-1) != 0) if len(ordered) else np.zeros(0, np.int64)


def _emptied(parts: list[Numbers]) -> Numbers:
    """Return arrays as one, and let go of them: the largest range says how much memory merging takes."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


BITS = 24
"""Bits of a term's number in a key; below the terms stand the forms, a byte each."""


@dataclass(frozen=True, slots=True)
class Task:
    """A range of terms to merge: the family and the numbers of first words, from `start` up to but without `end`."""

    family: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging needs to know of all batches: the terms in order, how many documents each has, the ranges."""

    terms: list[str]
    documents: list[int]
    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Postings:
    """A range of terms: (term's place or places, form) by key, ascending, and the documents and weights of each."""

    keys: Numbers
    sizes: Numbers
    documents: Numbers
    weights: Numbers


class Spool:
    """Counted batches in files, so that any process can take its range out of them."""

    def __init__(self, files: Sequence[Path], scale: Scale) -> None:
        """Take in batches in the order of their documents.

        Raises:
            OSError, ValueError: a file cannot be read, or is not whole.
        """
        self.files, self.scale = tuple(files), scale
        self.documents = 0
        self.averages: Numbers = np.ones(3)
        self._firsts: list[int] = []
        self._words: list[Numbers] = []
        self._norms: Numbers = np.zeros((0, 3))
        self._kept = [Kept(file) for file in files]

    def __getstate__(self) -> dict[str, Any]:
        """Leave the files' contents out: another process opens them itself."""
        return {name: value for name, value in self.__dict__.items() if name != "_kept"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Open the files again."""
        self.__dict__ |= state
        self._kept = [Kept(file) for file in self.files]

    def plan(self) -> Plan:
        """Number the terms of all batches and part them into ranges; `merge` needs it."""
        lengths = [kept.array("lengths") for kept in self._kept]
        self._firsts = list(itertools.accumulate(map(len, lengths), initial=0))
        self.documents = self._firsts.pop()
        words = [kept.terms() for kept in self._kept]
        encoded = sorted(set().union(*words))
        if len(encoded) >= 1 << BITS:
            raise ValueError(f"{len(encoded):,} different words are more than the index can number")
        place = {term: number for number, term in enumerate(encoded)}
        firsts = [np.fromiter(map(place.__getitem__, own), np.int64, len(own)) for own in words]
        self._words = [
            first.astype(np.uint64) << np.uint64(8) | kept.array("forms").astype(np.uint64)
            for first, kept in zip(firsts, self._kept, strict=True)
        ]
        terms = b"\n".join(encoded).decode().split("\n") if encoded else []
        total = sum((one.sum(axis=0) for one in lengths), np.zeros(3))
        self.averages = self.scale.rounded(np.maximum(total, 1) / max(self.documents, 1))
        self._norms = norms(np.concatenate([np.zeros((0, 3)), *lengths]), self.averages)
        documents, tasks = np.zeros(len(terms), np.int64), []
        for family in FAMILIES:
            sizes = np.zeros(len(terms), np.int64)
            for first, kept in zip(firsts, self._kept, strict=True):
                sizes += np.bincount(first, _by_first(kept, family, len(first)), len(terms)).astype(np.int64)
            if family == "words":
                documents = sizes
            tasks += [Task(family, start, end) for start, end in _ranges(sizes)]
        return Plan(terms, documents.tolist(), tasks)

    def merge(self, task: Task) -> Postings:
        """Return all postings of a range."""
        keys, documents, codes = [], [], []
        for number, known in enumerate(self._words):
            found = self._part(task, number, known)
            if found is None:
                continue
            key, place, code = found
            keys.append(key)
            documents.append(place.astype(np.uint32) + np.uint32(self._firsts[number]))
            codes.append(code)
        if not keys:
            empty = np.zeros(0, np.uint64)
            return Postings(empty, empty, empty, np.zeros(0, np.uint8))
        key = _emptied(keys)
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = _starts(key.view(np.int64))
        sizes = np.diff(np.append(starts, len(key)))
        key = key[starts]
        document, code = _emptied(documents)[order], _emptied(codes)[order]
        return Postings(key, sizes, document, self._weights(code, document))

    def _weights(self, codes: Numbers, documents: Numbers) -> Numbers:
        """Return the stored weight of each count code in its document."""
        borders, found = self.scale.borders(), np.zeros(len(codes), np.uint8)
        for start in range(0, len(codes), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            found[some] = weights(codes[some], self._norms[documents[some]], borders)
        return found

    def _part(self, task: Task, number: int, known: Numbers) -> tuple[Numbers, Numbers, Numbers] | None:
        """Return (key, place, counts) of each posting of a range in one batch."""
        ends = np.array([task.start << 8, task.end << 8], np.uint64)
        low, high = (int(value) for value in known.searchsorted(ends))
        keys = self._kept[number].array(f"{task.family}.keys")
        scale = 1 if task.family == "words" else len(known)
        start, end = (int(value) for value in keys.searchsorted([low * scale, high * scale]))
        if start == end:
            return None
        all_sizes = self._kept[number].array(f"{task.family}.sizes")
        sizes = np.asarray(all_sizes[start:end])
        first = int(all_sizes[:start].sum(dtype=np.int64))
        part = slice(first, first + int(sizes.sum(dtype=np.int64)))
        key = np.asarray(keys[start:end])
        if task.family == "words":
            whole = known[key]
        else:
            one, other = known[key // scale], known[key % scale]
            bits, eight, low_byte = np.uint64(BITS), np.uint64(8), np.uint64(255)
            whole = ((one >> eight) << bits | other >> eight) << np.uint64(16) | (one & low_byte) << eight
            whole |= other & low_byte
        kept = self._kept[number]
        places, counts = (np.array(kept.array(f"{task.family}.{name}")[part]) for name in ("places", "counts"))
        return np.repeat(whole, sizes), places, counts


def _ranges(sizes: Numbers) -> Iterator[tuple[int, int]]:
    """Part numbered things with sizes into ranges of at least `RANGE` (the last may be smaller)."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = int(ends[start - 1]) if start else 0
        end = min(int(np.searchsorted(ends, before + RANGE)) + 1, len(sizes))
        yield start, end
        start = end


def key(family: str, words: Sequence[int]) -> np.uint64:
    """Return the first key of a term of words with these numbers: that of no form."""
    if family == "words":
        return np.uint64(words[0] << 8)
    return np.uint64((words[0] << BITS | words[1]) << 16)


def norms(lengths: Numbers, averages: Numbers) -> Numbers:
    """Return the length normalisation of documents, one a field."""
    found: Numbers = K1 * (1 - B + B * lengths / averages)
    return found


def weights(codes: Numbers, norms: Numbers, borders: Numbers) -> Numbers:
    """Return the stored weight of each count code, in documents with these norms (one a field)."""
    total = np.zeros(len(codes))
    for field, (boost, cap, shift) in enumerate(zip(BOOSTS, CAPS, _SHIFTS, strict=True)):
        number = (codes >> np.uint16(shift)) & np.uint16(cap)
        total += boost * (K1 + 1) * number / (norms[:, field] + number)
    return np.searchsorted(borders, total).astype(np.uint8)
