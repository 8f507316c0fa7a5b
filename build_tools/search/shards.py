"""The index's binary files: postings cut by term into shards, written here and, for tests and tools, read here.

The format is described in `docs/search-index.md`; the browser's reader is `overrides/assets/javascripts/search/`.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from build_tools.search.postings import Numbers, Postings, parted

WORDS = {"words": 1, "pairs": 2}
"""The families of terms, and how many words a term of each has."""

SHARD = 56_000
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
    return gzip.compress(data, 6, mtime=0)


def unpacked(data: bytes) -> bytes:
    """Return what `packed` was given."""
    return gzip.decompress(data)


def digest(data: bytes) -> str:
    """Return ten letters and digits that name a content: a file's name changes with its content only."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big")
    return "".join(_BASE[(number >> (5 * place)) & 31] for place in range(10))


def cut(postings: Postings, family: str, terms: Sequence[str], size: int = SHARD) -> Iterator[tuple[str, bytes]]:
    """Yield (first term, content) of each shard of a range of postings."""
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
    names = [parted(key, family, terms)[0] for key in postings.keys[starts].tolist()]
    shared = _shared(names)
    forms = (term_ends - starts).tolist()
    heads = np.append(0, list_ends)[np.append(starts, len(bare))].tolist()
    term = 0
    while term < len(names):
        before = int(sizes[term - 1]) if term else 0
        end = min(int(np.searchsorted(sizes, before + size)) + 1, len(names))
        head = bytearray()
        for one in range(term, end):
            name, begin = names[one], shared[one] if one > term else 0
            rest = name[begin:].encode()
            for number in (len(name[:begin].encode()), len(rest)):
                _number(number, head)
            head += rest
            _number(forms[one], head)
            head += lists[heads[one] : heads[one + 1]]
        entries = slice(int(starts[term]), int(term_ends[end - 1]))
        low, high = int(first[entries.start]), int(ends[entries.stop - 1])
        body = deltas[int(reaches[low]) : int(reaches[high])]
        counts = bytearray()
        _number(end - term, counts)
        _number(len(body), counts)
        yield names[term], b"".join((counts, head, body, postings.weights[low:high].tobytes()))
        term = end


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
    widths = np.ones(len(values), np.int64)
    for bits in range(7, 35, 7):
        widths += values >= 1 << bits
    ends = np.cumsum(widths)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    place = ends - widths
    todo = np.arange(len(values))
    while len(todo):
        rest = values[todo] >> np.uint64(7)
        out[place[todo]] = (values[todo] & np.uint64(127)) | (rest > 0).astype(np.uint64) << np.uint64(7)
        values[todo] = rest
        place[todo] += 1
        todo = todo[rest > 0]
    return out.tobytes(), widths


def _number(number: int, out: bytearray) -> None:
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _shared(names: list[str]) -> list[int]:
    """Return how many characters each of these different strings shares with the one before it."""
    letters = np.array(names)
    codes = letters.view(np.uint32).reshape(len(names), -1)
    return [0, *np.argmin(codes[1:] == codes[:-1], axis=1).tolist()]


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
