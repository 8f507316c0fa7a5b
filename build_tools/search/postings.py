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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from build_tools.search.tokens import Lexicon

BOOSTS = (8.0, 2.0, 1.0)
"""What a word counts for in the title, in the facts (units, people, captions, newspaper), in the text."""

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation, the values lunr uses."""

CAPS = (3, 3, 15)
"""How often a term is counted in each field: together they fit one byte, and BM25 is nearly flat beyond."""
_SHIFTS = (6, 4, 0)

STEP = 1.04
"""Ratio of two neighbouring weights: a weight is stored to two parts in a hundred."""
SMALLEST = 0.05
"""The weight that is stored as 0."""

BATCH = 2_000
"""Documents counted at once; their numbers within a batch must fit two bytes."""

_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?…;:]+(?=\s)")
"""Words on two sides of a full stop are no neighbours; one after "TP." or "5." parts nothing."""

Fields = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""A document's texts: title, facts, text."""

Run = tuple[str, bytes, bytes, bytes]
"""A key's part of one batch: the term, its form, documents as two-byte offsets, one count a document."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A batch: how many words each document has in each field, and its postings of words and of pairs by key."""

    lengths: tuple[array[int], array[int], array[int]]
    words: list[Run]
    pairs: list[Run]


def count(documents: Iterable[Fields], lexicon: Lexicon) -> Counted:
    """Count the words and pairs of a batch of documents."""
    lengths = (array("I"), array("I"), array("I"))
    words: dict[str, tuple[array[int], bytearray]] = {}
    pairs: dict[str, tuple[array[int], bytearray]] = {}
    for place, fields in enumerate(documents):
        totals: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for length, texts, cap, shift in zip(lengths, fields, CAPS, _SHIFTS, strict=True):
            runs = [lexicon.words(part) for text in texts for part in _SENTENCE.split(text)]
            single = Counter(itertools.chain.from_iterable(runs))
            double = Counter(" ".join(pair) for run in runs for pair in itertools.pairwise(run))
            length.append(single.total())
            for total, found in zip(totals, (single, double), strict=True):
                for key, number in found.items():
                    total[key] = total.get(key, 0) | (min(number, cap) << shift)
        for index, total in zip((words, pairs), totals, strict=True):
            for key, code in total.items():
                entry = index.get(key)
                if entry is None:
                    entry = index[key] = (array("H"), bytearray())
                entry[0].append(place)
                entry[1].append(code)
    return Counted(lengths, _runs(words, lexicon), _runs(pairs, lexicon))


def _runs(index: dict[str, tuple[array[int], bytearray]], lexicon: Lexicon) -> list[Run]:
    """Return a batch's postings by term and form, in the order of the shards."""
    made = []
    for key, (places, counts) in index.items():
        parts = [lexicon.term(word) for word in key.split(" ")]
        term, form = " ".join([term for term, _ in parts]), bytes([form for _, form in parts])
        made.append((term, form, places.tobytes(), bytes(counts)))
    made.sort(key=itemgetter(0, 1))
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


Posting = tuple[str, bytes, list[int], bytes]
"""A term, its form, its documents in order, and the weight in each."""


def merged(batches: Sequence[tuple[int, Weights, Iterable[Run]]]) -> Iterator[Posting]:
    """Yield every term and form with its documents, from sorted runs of batches given in order of documents.

    A batch is (number of its first document, its weights, its runs).
    """
    streams = [
        ((term, form, number, places, counts) for term, form, places, counts in runs)
        for number, (_, _, runs) in enumerate(batches)
    ]
    for (term, form), group in itertools.groupby(heapq.merge(*streams), key=itemgetter(0, 1)):
        documents: list[int] = []
        weights = bytearray()
        for _, _, number, places, counts in group:
            first, weighing, _ = batches[number]
            offsets = array("H", places)
            tables = weighing.tables
            documents += [first + offset for offset in offsets]
            weights += bytes([tables[offset][code] for offset, code in zip(offsets, counts, strict=True)])
        yield term, form, documents, bytes(weights)
