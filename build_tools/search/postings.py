"""Which words stand in which document: counted a batch at a time, merged term by term.

A batch is a pure function of its documents and can be made anywhere; merging streams sorted batches, so that memory
does not grow with the archive. The weight of a term in a document is that of BM25 [1] with a boost for each field,
summed over the fields, as lunr does it; what is left to the reader is the term's rarity.

[1] S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond. Foundations and Trends in
Information Retrieval 3 (2009), 333-389.
"""

from __future__ import annotations

import heapq
import itertools
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from build_tools.search.tokens import Lexicon

BOOSTS = (8.0, 2.0, 1.0)
"""What a word counts for in the title, in the facts (units, people, captions, newspaper), in the text."""

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation, the values lunr uses."""

CAPS = (3, 3, 15)
"""How often a term is counted in each field: together they fit one byte, and BM25 is nearly flat beyond."""
_SHIFTS = (6, 4, 0)
_ORDER = (2, 0, 1)
"""The fields, that with most words first."""

STEP = 1.35
"""Ratio of two neighbouring weights: a weight is stored to two parts in a hundred."""
SMALLEST = 0.25
"""The weight that is stored as 0."""

BATCH = 2_000
"""Documents counted at once; their numbers within a batch must fit two bytes."""

_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?…;:]+(?=\s)")
"""Words on two sides of a full stop are no neighbours; one after "TP." or "5." parts nothing."""

Fields = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""A document's texts: title, facts, text."""

Run = tuple[str, bytes, bytes]
"""A key's part of one batch: the term, its form, and for each document four bytes, its place << 8 | its counts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A batch: how many words each document has in each field, and its postings of words and of pairs by key."""

    lengths: tuple[array[int], array[int], array[int]]
    words: list[Run]
    pairs: list[Run]


def count(documents: Iterable[Fields], lexicon: Lexicon) -> Counted:
    """Count the words and pairs of a batch of documents."""
    lengths = (array("I"), array("I"), array("I"))
    words: defaultdict[str, array[int]] = defaultdict(partial(array, "I"))
    pairs: defaultdict[str, array[int]] = defaultdict(partial(array, "I"))
    for place, fields in enumerate(documents):
        single: dict[str, int] = {}
        double: dict[str, int] = {}
        for field in _ORDER:
            runs = [lexicon.words(part) for text in fields[field] for part in _SENTENCE.split(text)]
            lengths[field].append(sum(map(len, runs)))
            _add(single, Counter(itertools.chain.from_iterable(runs)), field)
            _add(double, Counter(itertools.chain.from_iterable(map(_pairs, runs))), field)
        shifted = place << 8
        for index, total in ((words, single), (pairs, double)):
            for key, code in total.items():
                index[key].append(shifted | code)
    return Counted(lengths, _runs(words, lexicon), _runs(pairs, lexicon))


def _pairs(run: list[str]) -> Iterator[str]:
    return map(" ".join, itertools.pairwise(run))


def _add(total: dict[str, int], found: Mapping[str, int], field: int) -> None:
    """Put the counts of one field into their bits of the codes."""
    cap, shift = CAPS[field], _SHIFTS[field]
    if not total:
        total.update({key: (min(cap, number)) << shift for key, number in found.items()})
        return
    for key, number in found.items():
        total[key] = total.get(key, 0) | (min(number, cap) << shift)


def _runs(index: Mapping[str, array[int]], lexicon: Lexicon) -> list[Run]:
    """Return a batch's postings by term and form, in the order of the shards."""
    term = {word: lexicon.term(word) for key in index for word in key.split(" ")}
    made = []
    for key, found in index.items():
        first, _, second = key.partition(" ")
        bare, form = term[first]
        if second:
            other, other_form = term[second]
            made.append((f"{bare} {other}", bytes((form, other_form)), found.tobytes()))
        else:
            made.append((bare, bytes((form,)), found.tobytes()))
    made.sort()
    return made


@dataclass(frozen=True, slots=True)
class Weights:
    """What a count weighs in each document of a batch, known once the average lengths of the archive are."""

    tables: list[list[int]]

    @classmethod
    def of(cls, lengths: tuple[array[int], ...], averages: Sequence[float]) -> Weights:
        """Make one table of 256 weights for each combination of lengths that is met."""
        made: dict[tuple[int, ...], list[int]] = {}
        tables = []
        for lens in zip(*lengths, strict=True):
            classes = tuple(_length_class(n, average) for n, average in zip(lens, averages, strict=True))
            table = made.get(classes)
            if table is None:
                table = made[classes] = [_weight(code, classes) for code in range(256)]
            tables.append(table)
        return cls(tables)


_LENGTH_STEPS = 8
"""Length classes to a doubling: a field's length is known to four parts in a hundred."""


def _length_class(length: int, average: float) -> int:
    """Return a field's length against the average as a step on a logarithmic scale."""
    return round(math.log2(max(length, 1) / average) * _LENGTH_STEPS) if average else 0


def _weight(code: int, classes: Sequence[int]) -> int:
    """Return the stored weight of a count code in a document with these length classes."""
    total = 0.0
    for boost, cap, shift, step in zip(BOOSTS, CAPS, _SHIFTS, classes, strict=True):
        number = (code >> shift) & cap
        norm = K1 * (1 - B + B * 2 ** (step / _LENGTH_STEPS))
        total += boost * (K1 + 1) * number / (norm + number)
    return min(255, max(0, round(math.log(max(total, SMALLEST) / SMALLEST) / math.log(STEP))))


def _numbered(number: int, runs: Iterable[Run]) -> Iterator[tuple[str, bytes, int, bytes]]:
    return ((term, form, number, found) for term, form, found in runs)


Posting = tuple[str, bytes, list[int], bytes]
"""A term, its form, its documents in order, and the weight in each."""


def merged(batches: Sequence[tuple[int, Weights, Iterable[Run]]]) -> Iterator[Posting]:
    """Yield every term and form with its documents, from sorted runs of batches given in order of documents.

    A batch is (number of its first document, its weights, its runs).
    """
    streams = [_numbered(number, runs) for number, (_, _, runs) in enumerate(batches)]
    for (term, form), group in itertools.groupby(heapq.merge(*streams), key=itemgetter(0, 1)):
        documents: list[int] = []
        weights = bytearray()
        for _, _, number, found in group:
            first, weighing, _ = batches[number]
            tables = weighing.tables
            packed = array("I", found)
            documents += [first + (one >> 8) for one in packed]
            weights += bytes([tables[one >> 8][one & 255] for one in packed])
        yield term, form, documents, bytes(weights)
