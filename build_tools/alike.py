"""Which texts are alike enough to be compared, by their sketches; the work grows with the texts, not with the pairs.

Sketches that agree in a band are candidates. A bucket of sketches that agree is gone through in the order of time, so
that reports of one meeting stand side by side, and a text is compared with `MAX_STEPS` after it in a bucket at most.
Texts that have `MAX_ALIKE` others each are not paired with each other any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from build_tools.sketch import SIZE

MAX_STEPS = 500
"""Of 10,000 generated clippings the largest bucket, of those with a sentence in common, has 207."""
MAX_ALIKE = 64
"""Texts that a text is compared with, word by word, though they have as many as well."""

BANDS = 96
"""Two slots a band: a pair at the threshold is found with a probability of 0.998, one at 0.35 of 0.999996."""
ESTIMATE = 0.12
"""What the signatures must say before the texts are compared; at the threshold their estimate errs by 0.03."""

_AT_ONCE = 10_000
"""Pairs whose sketches are compared at once: 16 MB."""
_FIRST_BANDS = 4
"""Bands that tell of most pairs whether they were found before."""

Numbers = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]

Apart = Callable[[Numbers, Numbers], Truths]
"""Tells of pairs of texts whether they are of two stories, whatever their words."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of texts to compare, as numbers, `second` above `first`, in order; and the texts not compared with all."""

    second: Numbers
    first: Numbers
    crowded: Numbers

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.second.tolist(), self.first.tolist(), strict=True)


def alike(slots: npt.NDArray[np.uint32], rank: Numbers, apart: Apart) -> Alike:
    """Return the pairs of sketches that agree in a band, are alike by estimate, and are not told `apart`.

    `slots` are the sketches one after the other, `rank` the place of each in time.
    """
    sketches = slots.reshape(-1, SIZE)
    bands = sketches.view("<u8")
    total = len(sketches)
    partners, crowded = np.zeros(total, np.intp), np.zeros(total, np.bool_)
    found = [np.empty(0, np.intp)]

    def full(one: Numbers, other: Numbers) -> Truths:
        told: Truths = (partners[one] >= MAX_ALIKE) & (partners[other] >= MAX_ALIKE)
        return told

    for band in range(BANDS):
        for one, other in _together(_agreeing(bands[:, band], rank, crowded)):
            asked = ~(crowded[one] & crowded[other] & full(one, other))
            second, first = np.maximum(one, other)[asked], np.minimum(one, other)[asked]
            new = _new(bands, band, second, first)
            second, first = second[new], first[new]
            left = full(second, first)
            crowded[second[left]] = crowded[first[left]] = True
            second, first = second[~left], first[~left]
            close = (sketches[first] == sketches[second]).mean(axis=1) >= ESTIMATE
            second, first = second[close], first[close]
            kept = ~apart(second, first)
            np.add.at(partners, second[kept], 1)
            np.add.at(partners, first[kept], 1)
            found.append(second[kept] * total + first[kept])
    second, first = np.divmod(np.sort(np.concatenate(found)), max(total, 1))
    return Alike(second, first, np.flatnonzero(crowded))


def again(
    slots: npt.NDArray[np.uint32], apart: Apart, kept: tuple[Numbers, Numbers], changed: Sequence[int]
) -> Alike | None:
    """Return what `alike` would, given its pairs of sketches that have not `changed`; None if any would be crowded.

    Where there is room for all, whether two sketches make a pair depends on nothing but these two.
    """
    sketches = slots.reshape(-1, SIZE)
    bands = sketches.view("<u8")
    total = len(sketches)
    second, first = kept
    found = [second * total + first]
    for one in changed:
        agreeing = bands == bands[one]
        if agreeing.sum(axis=0).max() > MAX_STEPS:
            return None
        others = np.flatnonzero(agreeing.any(axis=1))
        others = others[others != one]
        others = others[(sketches[others] == sketches[one]).mean(axis=1) >= ESTIMATE]
        second, first = np.maximum(others, one), np.minimum(others, one)
        found.append((second * total + first)[~apart(second, first)])
    second, first = np.divmod(np.unique(np.concatenate(found)), max(total, 1))
    partners = np.bincount(np.concatenate([second, first]), minlength=1)
    return None if partners.max() >= MAX_ALIKE else Alike(second, first, np.empty(0, np.intp))


def _agreeing(values: npt.NDArray[np.uint64], rank: Numbers, crowded: Truths) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield pairs of equal values, those next to each other in rank first; mark as `crowded` whose pairs are left."""
    order = np.lexsort((rank, values))
    values = values[order]
    near = np.arange(len(order))
    for step in range(1, len(order)):
        near = near[near < len(order) - step]
        near = near[values[near] == values[near + step]]
        if not near.size:
            return
        if step > MAX_STEPS:
            crowded[order[near]] = crowded[order[near + step]] = True
            return
        yield order[near], order[near + step]


def _together(pairs: Iterator[tuple[Numbers, Numbers]]) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the same pairs, `_AT_ONCE` at a time and some more."""
    ones, others, waiting = [], [], 0
    for one, other in pairs:
        ones.append(one)
        others.append(other)
        waiting += one.size
        if waiting >= _AT_ONCE:
            yield np.concatenate(ones), np.concatenate(others)
            ones, others, waiting = [], [], 0
    if ones:
        yield np.concatenate(ones), np.concatenate(others)


def _new(bands: npt.NDArray[np.uint64], band: int, second: Numbers, first: Numbers) -> Truths:
    """Tell which pairs agree in no band before this one."""
    early = min(band, _FIRST_BANDS)
    new: Truths = ~(bands[second, :early] == bands[first, :early]).any(axis=1)
    left = np.flatnonzero(new) if band > early else new[:0].nonzero()[0]
    if left.size:
        new[left] = ~(bands[second[left], early:band] == bands[first[left], early:band]).any(axis=1)
    return new
