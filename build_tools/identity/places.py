"""Provinces and districts, their spellings, and what became of them: `data/places.yaml`, `data/districts.yaml`."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from build_tools import vocab
from build_tools.errors import VocabError
from build_tools.identity.spelling import key, letters

_DAY = len("2025-07-01")
_PARTS = re.compile(r"[\s.–—-]+")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[A-ZĐ][a-zà-ỹ])")


@dataclass(frozen=True, slots=True)
class Province:
    """A province or a city under the central government; `since` and `until` are ISO days, None for no record.

    `city_of` names the province of which a city of this name was part before `since`.
    """

    kind: str
    name: str
    since: str | None = None
    until: str | None = None
    city_of: str | None = None
    bare: bool = True

    @property
    def label(self) -> str:
        """The name with its kind: "tỉnh Lạng Sơn"."""
        return f"{self.kind} {self.name}"

    def stood(self, when: str | None) -> bool:
        """Whether it was there on a day (ISO to any precision); of an unknown day, whether it is there now."""
        if when is None:
            return self.until is None
        since, until = (self.since or "")[: len(when)], (self.until or "9999-12-31")[: len(when)]
        return since <= when and (when < until or (when == until and len(when) < _DAY))


def epoch(when: str | None) -> str | None:
    """Return a day on which the same provinces stood as on `when`, the same for as many days as can be.

    A year, a month and None are returned as they are.
    """
    if when is None or len(when) != _DAY:
        return when
    days = _boundaries()
    return days[max(0, bisect_right(days, when) - 1)]


@cache
def _boundaries() -> tuple[str, ...]:
    provinces = load().by_label.values()
    days = {day for province in provinces for day in (province.since, province.until) if day}
    return ("0001-01-01", *sorted(days))


@dataclass(frozen=True, slots=True)
class Change:
    """On `date` (ISO) the `before` ceased and the `after` took their place, by the document `by`.

    `after` is empty when nothing of their kind followed.
    """

    date: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    by: str | None = None


@dataclass(frozen=True)
class Places:
    """All that is known of places, ready for looking up."""

    by_letters: Mapping[str, tuple[Province, ...]]
    by_label: Mapping[str, Province]
    pattern: str
    urban: Mapping[str, frozenset[str]]
    others: Mapping[str, frozenset[str]]
    changes: tuple[Change, ...]
    bodies: tuple[Change, ...]
    with_province: frozenset[str]
    district_ends: Mapping[str, Change]

    def named(self, name: str, kind: str | None, when: str | None) -> Province | None:
        """Return the province that a name means; without a kind only when one alone can be meant."""
        known = self.by_letters.get(letters(name), ())
        if kind is not None:
            return next((place for place in known if place.kind == kind), None)
        fit = [place for place in known if place.stood(when)] or list(known)
        return fit[0] if len(fit) == 1 and fit[0].bare else None

    def home(self, name: str, level: str, urban_level: str, province: str | None) -> str | None:
        """Return the label of the province of a district: the one said, else the one that its name alone settles."""
        if level == urban_level:
            home = self.urban.get(letters(name), frozenset())
            return province if not home or province in home or len(home) > 1 else next(iter(home))
        home = self.others.get(letters(name), frozenset())
        if province is None:
            return next(iter(home)) if len(home) == 1 else None
        return (
            next((one for one in home if self._joined(province, one)), province) if province not in home else province
        )

    def _joined(self, province: str, other: str) -> bool:
        return any(province in change.before and change.after == (other,) for change in self.changes)


@cache
def load() -> Places:
    """Return the places; what the files say is checked.

    Raises:
        VocabError: an entry lacks what it must have, or names a province that is not listed.
    """
    data, districts = vocab.read("places"), vocab.read("districts")
    provinces = [_province(entry) for entry in data["provinces"]]
    by_letters: defaultdict[str, list[Province]] = defaultdict(list)
    spellings = []
    for entry, province in zip(data["provinces"], provinces, strict=True):
        for name in (province.name, *entry.get("also", ())):
            spellings.append(name)
            if province not in by_letters[letters(name)]:
                by_letters[letters(name)].append(province)
    by_label = {province.label: province for province in provinces}
    changes = tuple(map(_change, data["changes"]))
    for label in (label for change in changes for label in (*change.before, *change.after)):
        if label not in by_label:
            raise VocabError(f"places.yaml: {label} changed but is not among the provinces")
    return Places(
        by_letters={name: tuple(known) for name, known in by_letters.items()},
        by_label=by_label,
        pattern=_pattern(spellings),
        urban=_homes(districts["urban"], provinces),
        others=_homes(districts["others"], provinces),
        changes=changes,
        bodies=tuple(map(_change, data["bodies"])),
        with_province=frozenset(data["with_province"]),
        district_ends={entry["head"]: _change({"before": [], "after": [], **entry}) for entry in data["district_ends"]},
    )


def _province(entry: Mapping[str, Any]) -> Province:
    return Province(
        entry["kind"],
        entry["name"],
        _day(entry.get("from")),
        _day(entry.get("until")),
        entry.get("city_of"),
        entry.get("bare", True),
    )


def _day(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dt.date):
        raise VocabError(f"places.yaml: {value!r} is no day; write it as 2025-07-01")
    return value.isoformat()


def _change(entry: Mapping[str, Any]) -> Change:
    day = _day(entry["date"])
    if day is None:
        raise VocabError(f"places.yaml: a change has no date: {entry}")
    return Change(day, tuple(entry["before"]), tuple(entry["after"]), entry.get("by"))


def _homes(listed: Mapping[str, Iterable[str]], provinces: Iterable[Province]) -> dict[str, frozenset[str]]:
    """Return the labels of the provinces that have a district of a name."""
    labels: dict[str, str] = {}
    for province in provinces:
        labels.setdefault(province.name, province.label)
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for province_name, districts in listed.items():
        if province_name not in labels:
            raise VocabError(f"districts.yaml: {province_name} is not among the provinces of places.yaml")
        for district in districts:
            homes[letters(str(district))].add(labels[province_name])
    return {name: frozenset(found) for name, found in homes.items()}


def _pattern(spellings: Iterable[str]) -> str:
    """Return a pattern for any of the names, their words apart, joined or with dashes or full stops between them."""
    gap = r"[\s.]{0,2}(?:[–—-]\s?)?"
    parts = {tuple(_PARTS.split(_HUMP.sub(" ", name))) for name in spellings}
    ordered = sorted(parts, key=lambda words: (-sum(map(len, words)), words))
    return "(?:" + "|".join(gap.join(map(re.escape, words)) for words in ordered) + ")"


def body_changes(name: str) -> tuple[Change, ...]:
    """Return what became of national bodies called `name`."""
    wanted = key(name)
    return tuple(
        change for change in load().bodies if wanted in {key(other) for other in (*change.before, *change.after)}
    )
