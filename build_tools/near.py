"""Groups clippings that tell the same story: a report that two newspapers printed, or one kept twice.

Two clippings belong together when their texts share enough word shingles and their records name no two conferences:
a body that reports every year in the same words is as alike as any reprint, and only its dates tell the years apart.
Candidates come from MinHash signatures and are verified by the exact Jaccard similarity, so that the outcome depends
neither on the order of the clippings nor, but for a pair at the threshold, on the signatures.

Signatures are rensa's (a 0.5 MB wheel without dependencies, released in 2026, 0.6 s for 10,000 clippings):
datasketch takes 12 s and 220 MB of numpy and scipy, simhash 13 s and numpy, and had its last release in 2022.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import rensa

from build_tools import paths
from build_tools.fold import fold
from build_tools.model import Clipping, Cluster, Found

THRESHOLD = 0.25
"""Of the 1,711 pairs of the 59 labelled clippings the closest has 0.095. Read anew from another newspaper's page they
have 0.71 with themselves at least, reworded throughout 0.57, with two sentences replaced 0.45, reworded and cut to 0.7
of their length 0.34, cut to a half 0.28. With only the years changed they have more than most of these: there the
record decides.
"""
SHINGLE = 3
"""Words: with two the closest strangers come to 0.144, with four a text reworded and cut loses a tenth of its share."""
MIN_SHINGLES = 12
"""A text of a sentence or less is no story: captions and notices are alike everywhere."""

SAME_DAYS = 7
"""Days between the event dates that two reports of one meeting give: one of them may be wrong."""
PRINTED_DAYS = 90
"""Days between two printings of one report. Meetings of one kind are half a year apart at least."""

_SIZE, _BANDS, _SEED = 192, 96, 1
"""Two slots a band: a pair at the threshold is found with a probability of 0.998, one at 0.35 of 0.999996."""
_ESTIMATE = 0.12
"""What the signatures must say before the texts are compared; at the threshold their estimate errs by 0.03."""


Stories = tuple[tuple[Clipping, ...], ...]
"""Groups of two and more clippings."""


def stories(clippings: Iterable[Clipping]) -> Stories:
    """Return the groups of two and more clippings that tell one story, each and all in the order of their paths."""
    texts = [(clipping, _text(clipping)) for clipping in sorted(clippings, key=_path)]
    groups: dict[int, list[int]] = {}
    for _, first, second in sorted(_pairs(texts)):
        one, other = groups.get(first, [first]), groups.get(second, [second])
        if one is other or any(told_apart(texts[a][0], texts[b][0]) for a in one for b in other):
            continue
        joined = one + other
        groups |= dict.fromkeys(joined, joined)
    found = {min(group): tuple(texts[member][0] for member in sorted(group)) for group in groups.values()}
    return tuple(found[first] for first in sorted(found))


def _path(clipping: Clipping) -> str:
    return clipping.raw.path.as_posix()


class _Folds(dict[int, str]):
    """What each character becomes for comparing: a letter or digit without marks and case, else a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = fold(character)
        self[code] = plain if character.isalnum() or not plain else " "
        return self[code]


_FOLDS = _Folds()


def _text(clipping: Clipping) -> str:
    """Return a clipping's text as folded words; captions are left out, for every newspaper has its own photos."""
    return " ".join(part.text for part in clipping.text() if part.role == "body").translate(_FOLDS)


def _shingles(text: str) -> set[str]:
    words = text.split()
    return set(map(" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))


def similarity(one: Clipping, other: Clipping) -> float:
    """Return how alike two texts are: the share of their word shingles that stand in both, from 0 to 1."""
    return _jaccard(_shingles(_text(one)), _shingles(_text(other)))


def _jaccard(one: set[str], other: set[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _pairs(texts: Sequence[tuple[Clipping, str]]) -> Iterator[tuple[float, int, int]]:
    """Yield (unlikeness, first, second) for each two texts that tell one story."""
    sketches = rensa.RMinHash.from_token_sets((_shingles(text) for _, text in texts), num_perm=_SIZE, seed=_SEED)
    index = rensa.RMinHashLSH(threshold=THRESHOLD, num_perm=_SIZE, num_bands=_BANDS)
    for second, (sketch, (clipping, text)) in enumerate(zip(sketches, texts, strict=True)):
        near = [first for first in set(index.query(sketch)) if sketches[first].jaccard(sketch) >= _ESTIMATE]
        index.insert(second, sketch)
        near = [first for first in near if not told_apart(texts[first][0], clipping)]
        ours = _shingles(text) if near else set()
        for first in near:
            theirs = _shingles(texts[first][1])
            alike = _jaccard(theirs, ours)
            if alike >= THRESHOLD and min(len(theirs), len(ours)) >= MIN_SHINGLES:
                yield 1 - alike, first, second


def told_apart(one: Clipping, other: Clipping) -> bool:
    """Whether two records are of different conferences: other clusters, another day, another year.

    The event date says more than the campaign year, and that more than the stamp. What a record leaves open tells
    nothing apart.
    """
    days = _days_between(one.record.event_date, other.record.event_date)
    if one.record.clusters and other.record.clusters and not _share_cluster(one, other, same_day=days == 0):
        return True
    if days is not None:
        return days > SAME_DAYS
    if one.record.year and other.record.year and one.record.year != other.record.year:
        return True
    days = _days_between(one.record.published, other.record.published)
    return days is not None and days > PRINTED_DAYS


def _share_cluster(one: Clipping, other: Clipping, *, same_day: bool) -> bool:
    return any(_may_be_one(a, b, same_day=same_day) for a in one.record.clusters for b in other.record.clusters)


def _may_be_one(one: Cluster, other: Cluster, *, same_day: bool) -> bool:
    """Whether two clusters may be one: the same number, and of the authorities one unsaid or less fully said.

    Of one number, one day and the same words, two authorities are two ways to name one.
    """
    first, second = paths.printed_key(one), paths.printed_key(other)
    if first.number != second.number:
        return False
    if same_day or first.authority is None or second.authority is None:
        return True
    return first.authority.startswith(second.authority) or second.authority.startswith(first.authority)


def _days_between(one: Found[str] | None, other: Found[str] | None) -> int | None:
    """Return how many days lie between two dates; None when one is unknown or not precise to the day."""
    days = [_day(found.value) for found in (one, other) if found]
    return abs((days[0] - days[1]).days) if len(days) == 2 and days[0] and days[1] else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
