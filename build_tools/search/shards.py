"""The index's binary files: postings cut by term into shards, written here and, for tests and tools, read here.

The format is described in `docs/search-index.md`; the browser's reader is `overrides/assets/javascripts/search/`.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from build_tools import gz
from build_tools.search.postings import BITS, Numbers, Postings

WORDS = {"words": 1, "pairs": 2}
"""The families of terms, and how many words a term of each has."""

SHARD = 40_000
"""Bytes of a shard before compression from which the next term begins a new one."""

_BASE = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Entry:
    """How one term is written in one way: its form (a byte a word), its documents, and its weight in each."""

    form: bytes
    documents: tuple[int, ...]
    weights: bytes


def packed(data: bytes, text: int | None = None) -> bytes:
    """Return data compressed, the same bytes at any time; see `gz.packed` for `text`."""
    return gz.packed(data, 6, text)


def unpacked(data: bytes) -> bytes:
    """Return what `packed` was given."""
    return gzip.decompress(data)


def digest(data: bytes) -> str:
    """Return ten letters and digits that name a content: a file's name changes with its content only."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big")
    return "".join(_BASE[(number >> (5 * place)) & 31] for place in range(10))


def name(family: str, content: bytes) -> str:
    """Return the name of a shard's file."""
    return f"{family[0]}-{digest(content)}.bin"


@dataclass(frozen=True, slots=True)
class Cut:
    """A shard: its first term, its content, and whether it ends because it is full, not because the range does.

    Of the content so many bytes are `text`, then come numbers.
    """

    first: str
    content: bytes
    text: int
    full: bool

    @property
    def packed(self) -> bytes:
        """The content as it stands in the file."""
        return packed(self.content, self.text)


def cut(postings: Postings, family: str, terms: Terms, size: int = SHARD) -> Iterator[Cut]:
    """Yield each shard of a range of postings; `terms` is what `encoded` returns."""
    if not len(postings.keys):
        return
    ends = np.cumsum(postings.sizes)
    first = ends - postings.sizes
    distances = np.diff(postings.documents, prepend=np.uint32(0)).astype(np.uint32)
    distances[first] = postings.documents[first]
    deltas, widths = varints(distances)
    reaches = np.append(0, np.cumsum(widths))
    delta_ends = reaches[ends]
    lists, list_ends = _lists(postings, family, delta_ends - reaches[first])
    bare = _terms(postings.keys, family)
    starts = np.flatnonzero(np.append(True, bare[1:] != bare[:-1]))
    term_ends = np.append(starts[1:], len(bare))
    sizes = (
        list_ends[term_ends - 1] + delta_ends[term_ends - 1] + ends[term_ends - 1] + 4 * np.arange(1, len(starts) + 1)
    )
    cuts = [0]
    while cuts[-1] < len(starts):
        before = int(sizes[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(min(int(np.searchsorted(sizes, before + size)) + 1, len(starts)))
    names = _names(bare[starts], family, terms)
    heads, head_starts = _heads(
        names, cuts[:-1], term_ends - starts, lists, np.append(0, list_ends)[np.append(starts, len(bare))]
    )
    for begin, end in itertools.pairwise(cuts):
        low, high = int(first[starts[begin]]), int(ends[term_ends[end - 1] - 1])
        body = deltas[int(reaches[low]) : int(reaches[high])]
        counts = bytearray()
        _number(end - begin, counts)
        _number(len(body), counts)
        head = heads[int(head_starts[begin]) : int(head_starts[end])]
        content = b"".join((counts, head, body, postings.weights[low:high].tobytes()))
        reached = int(sizes[end - 1]) - (int(sizes[begin - 1]) if begin else 0)
        yield Cut(names[begin].decode(), content, len(counts) + len(head), reached >= size)


Terms = NDArray[np.bytes_]
"""Terms in UTF-8, in order."""


def encoded(terms: Sequence[str]) -> Terms:
    """Return terms as `cut` takes them."""
    return np.array([term.encode() for term in terms] or [b""], np.bytes_)


def _names(bare: Numbers, family: str, terms: Terms) -> Terms:
    """Return the terms that stand behind keys without forms."""
    if family == "words":
        return terms[bare]
    bits = np.uint64(BITS)
    first, second = terms[bare >> bits], terms[bare & ((np.uint64(1) << bits) - np.uint64(1))]
    joined: Terms = np.strings.add(np.strings.add(first, b" "), second)
    return joined


def _heads(names: Terms, cuts: list[int], forms: Numbers, lists: bytes, list_starts: Numbers) -> tuple[bytes, Numbers]:
    """Return what a shard says of each term before its postings, and where that begins for each term, and ends.

    Of a name it says how much it shares with the one before, and the rest; at a cut nothing is shared.
    """
    lengths = np.strings.str_len(names)
    letters = names.view(np.uint8).reshape(len(names), -1)
    shared = np.zeros(len(names), np.int64)
    same = letters[1:] == letters[:-1]
    shared[1:] = np.minimum(np.where(same.all(axis=1), lengths[1:], np.argmin(same, axis=1)), lengths[1:])
    continued = (letters[np.arange(len(names)), np.minimum(shared, letters.shape[1] - 1)] & 0xC0) == 0x80
    while continued.any():  # a name is not cut inside a letter of several bytes
        shared[continued] -= 1
        continued &= (letters[np.arange(len(names)), np.maximum(shared, 0)] & 0xC0) == 0x80
    shared[cuts] = 0
    rest = lengths - shared
    places = np.arange(letters.shape[1])
    rests = letters[(places >= shared[:, None]) & (places < lengths[:, None])]
    numbers = [varints(values) for values in (shared, rest, forms)]
    parts = [
        (np.frombuffer(numbers[0][0], np.uint8), numbers[0][1]),
        (np.frombuffer(numbers[1][0], np.uint8), numbers[1][1]),
        (rests, rest),
        (np.frombuffer(numbers[2][0], np.uint8), numbers[2][1]),
        (np.frombuffer(lists, np.uint8), np.diff(list_starts)),
    ]
    starts = np.append(0, np.cumsum(sum(widths for _, widths in parts)))
    out, at = np.zeros(int(starts[-1]), np.uint8), starts[:-1].copy()
    for data, widths in parts:
        out[np.repeat(at - np.cumsum(widths) + widths, widths) + np.arange(len(data))] = data
        at += widths
    return out.tobytes(), starts


def _terms(keys: Numbers, family: str) -> Numbers:
    """Return what is left of keys without their forms."""
    return keys >> np.uint64(8 * WORDS[family])


def _lists(postings: Postings, family: str, sizes: Numbers) -> tuple[bytes, Numbers]:
    """Return the heads of all forms (form, documents, bytes of distances), and where each ends."""
    shifts = range(8 * (WORDS[family] - 1), -1, -8)
    forms = [(postings.keys >> np.uint64(shift) & np.uint64(255)).astype(np.uint8) for shift in shifts]
    numbers = np.stack([postings.sizes, sizes], axis=1).ravel()
    packed, widths = varints(numbers)
    pair_widths = widths.reshape(-1, 2).sum(axis=1)
    ends = np.cumsum(pair_widths + len(forms))
    out = np.zeros(int(ends[-1]), np.uint8)
    starts = ends - pair_widths - len(forms)
    is_form = np.zeros(len(out), bool)
    for place, form in enumerate(forms):
        out[starts + place] = form
        is_form[starts + place] = True
    out[~is_form] = np.frombuffer(packed, np.uint8)
    return out.tobytes(), ends


def varints(numbers: Numbers) -> tuple[bytes, Numbers]:
    """Return numbers in groups of seven bits, the lowest first, all but the last marked; and their widths."""
    values = numbers.astype(np.uint64)
    long = np.flatnonzero(values > 127)
    rest, widths = values[long], np.ones(len(values), np.int64)
    for bits in range(7, 35, 7):
        widths[long] += rest >= 1 << bits
    ends = np.cumsum(widths)
    place = ends - widths
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    out[place] = values & np.uint64(127)
    at = place[long]
    while len(at):
        out[at] |= 128
        rest, at = rest >> np.uint64(7), at + 1
        out[at] = rest & np.uint64(127)
        more = rest > 127
        rest, at = rest[more], at[more]
    return out.tobytes(), widths


def _number(number: int, out: bytearray) -> None:
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def read(data: bytes, words: int) -> Iterator[tuple[str, list[Entry]]]:
    """Yield (term, its entries) of a shard's content; `words` is 1 for words and 2 for pairs.

    Raises:
        ValueError: when the content is not a whole shard.
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
    name = b""
    terms, distances = number(), number()
    for _ in range(terms):
        shared, size = number(), number()
        name = name[:shared] + data[at : at + size]
        at += size
        lists = []
        for _ in range(number()):
            form = data[at : at + words]
            at += words
            lists.append((form, number(), number()))
        heads.append((name.decode(), lists))
    weights = at + distances
    if weights + sum(count for _, lists in heads for _, count, _ in lists) != len(data):
        raise ValueError("not a whole shard")
    for term, lists in heads:
        entries: list[Entry] = []
        for form, count, size in lists:
            end, documents, last = at + size, [], 0
            while at < end:
                last += number()
                documents.append(last)
            if len(documents) != count:
                raise ValueError("not a whole shard")
            entries.append(Entry(form, tuple(documents), data[weights : weights + count]))
            weights += count
        yield term, entries
