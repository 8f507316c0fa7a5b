"""The index's binary files: postings cut by term into shards, written here and, for tests and tools, read here.

The format is described in `docs/search-index.md`; the browser's reader is `overrides/assets/javascripts/search/`.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.search.postings import Posting

SHARD = 40_000
"""Bytes of a shard before compression from which the next term begins a new one."""

_BASE = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Entry:
    """How one term is written in one way: its form (a byte a word), its documents, and its weight in each."""

    form: bytes
    documents: tuple[int, ...]
    weights: bytes


def packed(data: bytes) -> bytes:
    """Return data compressed, the same bytes at any time."""
    return gzip.compress(data, 9, mtime=0)


def unpacked(data: bytes) -> bytes:
    """Return what `packed` was given."""
    return gzip.decompress(data)


def digest(data: bytes) -> str:
    """Return ten letters and digits that name a content: a file's name changes with its content only."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big")
    return "".join(_BASE[(number >> (5 * place)) & 31] for place in range(10))


def varint(number: int, out: bytearray) -> None:
    """Append a number in groups of seven bits, the lowest first, the last without the high bit."""
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def cut(postings: Iterable[Posting], size: int = SHARD) -> Iterator[tuple[str, bytes]]:
    """Yield (first term, content) of each shard, from postings in order of terms."""
    shard = _Shard()
    last = ""
    for term, form, documents, weights in postings:
        if term != last and shard.size >= size:
            yield shard.first, shard.content()
            shard = _Shard()
        shard.add(term, form, documents, weights)
        last = term
    if shard.terms:
        yield shard.first, shard.content()


class _Shard:
    """A shard while it fills."""

    def __init__(self) -> None:
        self.first = ""
        self.terms = 0
        self.size = 0
        self._head = bytearray()
        self._deltas = bytearray()
        self._weights = bytearray()
        self._last = ""
        self._forms = 0
        self._lists = bytearray()

    def add(self, term: str, form: bytes, documents: Sequence[int], weights: bytes) -> None:
        """Add the next form of the next term."""
        if not self.terms:
            self.first = term
        if not self.terms or term != self._last:
            self._close()
            self._term(term)
        deltas = _deltas(documents)
        self._lists += form
        varint(len(documents), self._lists)
        varint(len(deltas), self._lists)
        self._forms += 1
        self._deltas += deltas
        self._weights += weights
        self.size += len(deltas) + len(weights) + len(form) + 2

    def _term(self, term: str) -> None:
        shared = 0
        for one, other in zip(term, self._last, strict=False):
            if one != other:
                break
            shared += 1
        suffix = term[shared:].encode()
        varint(shared, self._head)
        varint(len(suffix), self._head)
        self._head += suffix
        self.terms += 1
        self.size += len(suffix) + 3
        self._last = term

    def _close(self) -> None:
        if self._forms:
            varint(self._forms, self._head)
            self._head += self._lists
        self._forms, self._lists = 0, bytearray()

    def content(self) -> bytes:
        """Return the finished shard."""
        self._close()
        count = bytearray()
        varint(self.terms, count)
        size = bytearray()
        varint(len(self._deltas), size)
        return bytes(count + size + self._head + self._deltas + self._weights)


def _deltas(documents: Sequence[int]) -> bytes:
    """Return ascending numbers as distances from one to the next, the first from zero."""
    if len(documents) == 1:
        first = documents[0]
        if first < 128:
            return bytes((first,))
    distances = [documents[0], *(b - a for a, b in itertools.pairwise(documents))]
    if max(distances) < 128:
        return bytes(distances)
    out = bytearray()
    for distance in distances:
        varint(distance, out)
    return bytes(out)


def read(data: bytes, words: int) -> Iterator[tuple[str, list[Entry]]]:
    """Yield (term, its entries) of a shard's content; `words` is 1 for words and 2 for pairs.

    Raises:
        ValueError: when the content ends too early.
    """
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            if at >= len(data):
                raise ValueError("the shard ends too early")
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    heads: list[tuple[str, list[tuple[bytes, int, int]]]] = []
    term = ""
    for _ in range(number()):
        shared, size = number(), number()
        term = term[:shared] + data[at : at + size].decode()
        at += size
        lists = []
        for _ in range(number()):
            form = data[at : at + words]
            at += words
            lists.append((form, number(), number()))
        heads.append((term, lists))
    for term, lists in heads:
        entries = []
        for form, count, size in lists:
            end = at + size
            documents, last = [], 0
            while at < end:
                last += number()
                documents.append(last)
            weights = data[at : at + count]
            if len(documents) != count or len(weights) != count:
                raise ValueError("the shard ends too early")
            at += count
            entries.append(Entry(form, tuple(documents), weights))
        yield term, entries


def shard_of(term: str, firsts: Sequence[str]) -> int:
    """Return the place of the shard in which a term stands, given the first terms of all."""
    return max(0, bisect_right(firsts, term) - 1)
