"""Groups clippings that tell the same story: a report that two newspapers printed, or one kept twice.

Two clippings belong together when their texts share enough word shingles and their records name no two conferences:
a body that reports every year in the same words is as alike as any reprint, and only its dates tell the years apart.
Candidates come from MinHash signatures (`alike`) and are verified by the exact Jaccard similarity, so that the outcome
depends neither on the order of the clippings nor, but for a pair at the threshold, on the signatures. Where more texts
are alike than a story can have, not all are compared, and the archivist is told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np

from build_tools import paths
from build_tools.alike import Alike, Numbers, Truths, again, alike
from build_tools.brief import Brief
from build_tools.model import Clipping, ClusterName, Problem
from build_tools.sketch import MIN_SHINGLES, jaccard, shingles, text

__all__ = ["THRESHOLD", "Compared", "Stories", "TextOf", "compared", "similarity", "stories", "text", "told_apart"]

THRESHOLD = 0.25
"""Of the 1,711 pairs of the 59 labelled clippings the closest has 0.095. Read anew from another newspaper's page they
have 0.71 with themselves at least, reworded throughout 0.57, with two sentences replaced 0.45, reworded and cut to 0.7
of their length 0.34, cut to a half 0.28. With only the years changed they have more than most of these: there the
record decides.
"""
SAME_DAYS = 7
"""Days between the event dates that two reports of one meeting give: one of them may be wrong."""
PRINTED_DAYS = 90
"""Days between two printings of one report. Meetings of one kind are half a year apart at least."""

MAX_STORY = 100
"""Clippings that one story has; each of their pages names all others."""

_HELD = 1_000
"""Texts that are held while pairs are compared."""

Stories = tuple[tuple[Brief, ...], ...]
"""Groups of two and more clippings."""

TextOf = Callable[[str], str]
"""Gives the text of a clipping (by path) as `text` returns it; it is asked for few."""


@dataclass(frozen=True, slots=True)
class Known:
    """What comparing needs not find out again: what tells each clipping from any other text or record, and the pairs.

    `unlike` has of each pair of paths that was compared word by word how unlike they are, None for two that tell no
    story together.
    """

    prints: Mapping[str, str] = field(default_factory=dict)
    unlike: Mapping[tuple[str, str], float | None] = field(default_factory=dict)


FEW = 50
"""Clippings that are compared with all others one by one; of more, all are compared anew."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The stories, and the paths of the clippings that were not compared with all that are as alike, or left out.

    `known` is for the next time; there is none where not all were compared.
    """

    stories: Stories = ()
    crowded: tuple[str, ...] = ()
    known: Known | None = None

    def problems(self) -> list[Problem]:
        """Return what an archivist is told when not all were compared."""
        if not self.crowded:
            return []
        more = f", {self.crowded[1]} and others" if len(self.crowded) > 1 else ""
        message = (
            f"{len(self.crowded):,} clippings are as alike as one story is to itself, this one{more}: not all were "
            f"compared with each other, and a story has {MAX_STORY} of them at most"
        )
        remedy = "remove those that are one page kept many times, or correct what tells them apart: clusters, dates"
        return [Problem(self.crowded[0], message, remedy, code="crowded")]


def stories(briefs: Iterable[Brief], text_of: TextOf) -> Stories:
    """Return the groups of two and more clippings that tell one story, each and all in the order of their paths."""
    return compared(briefs, text_of).stories


def compared(briefs: Iterable[Brief], text_of: TextOf, known: Known | None = None) -> Compared:
    """Compare clippings, and return what came of it; what is `known` from the last time is not found out again."""
    ordered = sorted((brief for brief in briefs if brief.sketch), key=lambda brief: brief.path)
    if not ordered:
        return Compared()
    records = _Records(ordered)
    slots = np.frombuffer(b"".join(brief.sketch for brief in ordered), "<u4")
    prints = {brief.path: f"{brief.sha256}{brief.shape}" for brief in ordered}
    known = known or Known()
    kept = _kept(known, prints)
    changed = [place for place, (path, one) in enumerate(prints.items()) if known.prints.get(path) != one]
    candidates = again(slots, records.apart, _numbers(kept, prints), changed) if len(changed) <= FEW else None
    if candidates is None:
        candidates = alike(slots, records.rank, records.apart)
    unlike = dict(_unlike(ordered, candidates, text_of, kept))
    crowded = set(candidates.crowded.tolist())
    groups: dict[int, _Group] = {}
    for _, first, second in sorted((much, *pair) for pair, much in unlike.items() if much is not None):
        one = groups.get(first) or _Group([first], {records.kind[first]})
        other = groups.get(second) or _Group([second], {records.kind[second]})
        if one is other or any(records.kinds_apart(a, b) for a in one.kinds for b in other.kinds):
            continue
        if len(one.members) + len(other.members) > MAX_STORY:
            crowded |= {first, second}
            continue
        large, small = (one, other) if len(one.members) >= len(other.members) else (other, one)
        large.members += small.members
        large.kinds |= small.kinds
        groups |= dict.fromkeys(small.members, large)
        groups.setdefault(large.members[0], large)
    found = {min(group.members): tuple(ordered[one] for one in sorted(group.members)) for group in groups.values()}
    left = tuple(ordered[one].path for one in sorted(crowded))
    told = None
    if not candidates.crowded.size:
        told = Known(prints, {(ordered[one].path, ordered[other].path): much for (one, other), much in unlike.items()})
    return Compared(tuple(found[first] for first in sorted(found)), left, told)


def _kept(known: Known, prints: Mapping[str, str]) -> dict[tuple[str, str], float | None]:
    """Return the pairs of which neither has changed."""
    same = {path for path, one in known.prints.items() if prints.get(path) == one}
    return {pair: much for pair, much in known.unlike.items() if pair[0] in same and pair[1] in same}


def _numbers(pairs: Iterable[tuple[str, str]], paths: Iterable[str]) -> tuple[Numbers, Numbers]:
    """Return pairs of paths as two arrays of numbers, the second of each pair and the first."""
    place = {path: number for number, path in enumerate(paths)}
    both = np.array([(place[second], place[first]) for first, second in pairs], np.intp).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@dataclass(slots=True)
class _Group:
    """Clippings of one story, and the kinds of their records."""

    members: list[int]
    kinds: set[int]


def similarity(one: Clipping, other: Clipping) -> float:
    """Return how alike two texts are: the share of their word shingles that stand in both, from 0 to 1."""
    return jaccard(shingles(text(one)), shingles(text(other)))


def _unlike(
    briefs: Sequence[Brief], found: Alike, text_of: TextOf, kept: Mapping[tuple[str, str], float | None]
) -> Iterator[tuple[tuple[int, int], float | None]]:
    """Yield (first, second) and how unlike they are for each two texts to compare, None if they tell no one story."""
    shingles_of = lru_cache(maxsize=_HELD)(lambda number: shingles(text_of(briefs[number].path)))
    for second, first in found:
        pair = briefs[first].path, briefs[second].path
        if pair in kept:
            yield (first, second), kept[pair]
            continue
        theirs, ours = shingles_of(first), shingles_of(second)
        same = jaccard(theirs, ours)
        alone = same < THRESHOLD or min(len(theirs), len(ours)) < MIN_SHINGLES
        yield (first, second), None if alone else 1 - same


class _Records:
    """What records tell of conferences, as arrays: `told_apart` for many pairs, and once for equal records."""

    def __init__(self, briefs: Sequence[Brief]) -> None:
        self._briefs = briefs
        self._clusters, self._examples = _numbered(brief.clusters for brief in briefs)
        self._events = np.array([_ordinal(brief.event_date) for brief in briefs])
        self._years = np.array([brief.year or 0 for brief in briefs])
        self._printed = np.array([_ordinal(brief.published) for brief in briefs])
        rows = zip(self._clusters, self._events, self._years, self._printed, strict=True)
        kinds, self._kinds = _numbered(tuple(map(int, row)) for row in rows)
        self.kind: list[int] = kinds.tolist()
        self._known: dict[int, bool] = {}
        self._told: dict[tuple[int, int], bool] = {}

    @property
    def rank(self) -> Numbers:
        """The place of each clipping in time: by the event, else by the stamp, else by the year."""
        return np.lexsort((self._years, np.where(self._events, self._events, self._printed))).argsort()

    def apart(self, one: Numbers, other: Numbers) -> Truths:
        """Tell of pairs of clippings whether their records are of different conferences."""
        days = np.abs(self._events[one] - self._events[other])
        dated = (self._events[one] > 0) & (self._events[other] > 0)
        years, others = self._years[one], self._years[other]
        printed, again = self._printed[one], self._printed[other]
        years_differ = (years != 0) & (others != 0) & (years != others)
        long_after = (printed > 0) & (again > 0) & (np.abs(printed - again) > PRINTED_DAYS)
        by_date = np.where(dated, days > SAME_DAYS, years_differ | long_after)
        told: Truths = by_date | self._other_clusters(one, other, dated & (days == 0))
        return told

    def _other_clusters(self, one: Numbers, other: Numbers, same_day: Truths) -> Truths:
        first, second = self._clusters[one], self._clusters[other]
        pairs = (np.minimum(first, second) * len(self._examples) + np.maximum(first, second)) * 2 + same_day
        asked, places = np.unique(pairs, return_inverse=True)
        return np.array([self._differ(pair) for pair in asked.tolist()], np.bool_)[places]

    def _differ(self, pair: int) -> bool:
        known = self._known.get(pair)
        if known is None:
            both, same_day = divmod(pair, 2)
            first, second = divmod(both, len(self._examples))
            one, other = self._briefs[self._examples[first]], self._briefs[self._examples[second]]
            known = bool(one.clusters and other.clusters and not _share_cluster(one, other, same_day=bool(same_day)))
            self._known[pair] = known
        return known

    def kinds_apart(self, one: int, other: int) -> bool:
        """Tell of two kinds of records whether they are of different conferences."""
        told = self._told.get((one, other))
        if told is None:
            told = told_apart(self._briefs[self._kinds[one]], self._briefs[self._kinds[other]])
            self._told[one, other] = self._told[other, one] = told
        return told


def _numbered(things: Iterable[Hashable]) -> tuple[Numbers, list[int]]:
    """Return a number for each thing, the same for equal ones, and for each number the place of its first thing."""
    numbers: dict[Hashable, int] = {}
    examples: list[int] = []
    found = []
    for place, thing in enumerate(things):
        if thing not in numbers:
            numbers[thing] = len(examples)
            examples.append(place)
        found.append(numbers[thing])
    return np.array(found, np.intp), examples


def _ordinal(value: str | None) -> int:
    """Return a day as a number, 0 when it is not known."""
    day = _day(value) if value else None
    return day.toordinal() if day else 0


def told_apart(one: Brief, other: Brief) -> bool:
    """Whether two records are of different conferences: other clusters, another day, another year.

    The event date says more than the campaign year, and that more than the stamp. What a record leaves open tells
    nothing apart.
    """
    days = _days_between(one.event_date, other.event_date)
    if one.clusters and other.clusters and not _share_cluster(one, other, same_day=days == 0):
        return True
    if days is not None:
        return days > SAME_DAYS
    if one.year and other.year and one.year != other.year:
        return True
    days = _days_between(one.published, other.published)
    return days is not None and days > PRINTED_DAYS


def _share_cluster(one: Brief, other: Brief, *, same_day: bool) -> bool:
    return any(_may_be_one(a, b, same_day=same_day) for a in one.clusters for b in other.clusters)


def _may_be_one(one: ClusterName, other: ClusterName, *, same_day: bool) -> bool:
    """Whether two clusters may be one: the same number, and of the authorities one unsaid or less fully said.

    Of one number, one day and the same words, two authorities are two ways to name one.
    """
    first, second = paths.printed_key(one), paths.printed_key(other)
    if first.number != second.number:
        return False
    if same_day or first.authority is None or second.authority is None:
        return True
    return first.authority.startswith(second.authority) or second.authority.startswith(first.authority)


def _days_between(one: str | None, other: str | None) -> int | None:
    """Return how many days lie between two dates; None when one is unknown or not precise to the day."""
    days = [_day(when) for when in (one, other) if when]
    return abs((days[0] - days[1]).days) if len(days) == 2 and days[0] and days[1] else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
