"""The units and people of an archive: which names mean one, the name shown, the printed ones, and where they stand.

Nothing depends on the order of the clippings. What a name means depends on its own clipping alone; only the spelling
shown and the end of an id that two would share depend on the others.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, TypeVar

from build_tools.fold import slug
from build_tools.identity import people
from build_tools.identity.naming import Named, Naming, UnitRole
from build_tools.identity.people import Group
from build_tools.identity.spelling import key
from build_tools.identity.units import Unit

K = TypeVar("K")

ROLES: tuple[UnitRole, ...] = ("authority", "truong", "pho", "member")

_RESERVED = frozenset({"index", "chu-cai", "chua-ro", "chua-ro-cum"})
_DIGITS = 6

_InClipping = tuple[str, Named]
"""A clipping's path, and a unit that it names."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A name as printed: how many times, and in which clippings (paths, sorted)."""

    text: str
    count: int
    clippings: tuple[str, ...]


class Part(NamedTuple):
    """What a unit is in one clipping; `year` is that of a lead."""

    clipping: str
    role: UnitRole
    year: int | None = None


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit of the archive; `parts` are sorted by clipping."""

    id: str
    unit: Unit
    variants: tuple[Variant, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person of the archive; `namesakes` are the ids of all people of the name, this one's among them."""

    id: str
    name: str
    unit: Unit | None
    variants: tuple[Variant, ...]
    mentions: tuple[people.Mention, ...]
    namesakes: tuple[str, ...] = ()

    @property
    def alike(self) -> Iterator[str]:
        """The ids of the others of the name, who may be the same person."""
        return (other for other in self.namesakes if other != self.id)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of what one clipping names, each list beside that of its record; None for a cluster without authority."""

    authorities: tuple[str | None, ...] = ()
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identities:
    """All units and people by id, by clipping (path) what it names, and the id of each unit by its key."""

    units: Mapping[str, UnitEntry] = field(default_factory=dict)
    people: Mapping[str, PersonEntry] = field(default_factory=dict)
    names: Mapping[str, Names] = field(default_factory=dict)
    unit_ids: Mapping[str, str] = field(default_factory=dict)


def identify(namings: Iterable[Naming]) -> Identities:
    """Return the units and people that the clippings name."""
    ordered = sorted(namings, key=lambda naming: naming.clipping)
    unit_ids, entries = _unit_entries(ordered)
    person_ids, persons = _person_entries(one for naming in ordered for one in naming.people)
    names = {
        naming.clipping: Names(
            tuple(unit_ids[one.unit.key] if one else None for one in naming.authorities),
            tuple(unit_ids[one.unit.key] for one in naming.members),
            tuple(unit_ids[one.unit.key] for one in naming.leads),
            tuple(person_ids[one] for one in naming.people),
        )
        for naming in ordered
    }
    return Identities(entries, persons, names, unit_ids)


def _unit_entries(namings: Iterable[Naming]) -> tuple[dict[str, str], dict[str, UnitEntry]]:
    """Return the id of each unit by its key, and the units by id."""
    by_key: defaultdict[str, list[_InClipping]] = defaultdict(list)
    for naming in namings:
        path = naming.clipping
        for one in (*filter(None, naming.authorities), *naming.members, *naming.leads):
            by_key[one.unit.key].append((path, one))
    shown = {name: _shown(found) for name, found in by_key.items()}
    ids = _ids((name, unit.slug or "don-vi", name) for name, unit in shown.items())
    entries = {}
    for name in sorted(by_key, key=lambda name: ids[name]):
        parts = sorted(
            {Part(path, one.role, one.year) for path, one in by_key[name]},
            key=lambda part: (part.clipping, ROLES.index(part.role), part.year or 0),
        )
        variants = _variants((one.printed, path) for path, one in by_key[name])
        entries[ids[name]] = UnitEntry(ids[name], shown[name], variants, tuple(parts))
    return ids, entries


def _shown(found: Iterable[_InClipping]) -> Unit:
    """Return the unit with the name written out as most clippings have it; of equals the first in order."""
    counts = Counter(one.unit for _, one in found)
    return min(counts, key=lambda unit: (unit.name.isupper(), -counts[unit], unit.name, unit.where))


def _variants(printed: Iterable[tuple[str, str]]) -> tuple[Variant, ...]:
    counts: Counter[str] = Counter()
    places: defaultdict[str, set[str]] = defaultdict(set)
    for text, clipping in printed:
        counts[text] += 1
        places[text].add(clipping)
    ordered = sorted(counts, key=lambda text: (-counts[text], text))
    return tuple(Variant(text, counts[text], tuple(sorted(places[text]))) for text in ordered)


def _person_entries(
    mentions: Iterable[people.Mention],
) -> tuple[dict[people.Mention, str], dict[str, PersonEntry]]:
    """Return the id of the person of each mention, and the people by id."""
    by_name: defaultdict[str, list[people.Mention]] = defaultdict(list)
    for one in mentions:
        by_name[key(one.name) or one.name].append(one)
    wanted: list[tuple[tuple[str, int], str, str]] = []
    found: dict[tuple[str, int], Group] = {}
    for name in sorted(by_name):
        for number, group in enumerate(people.groups(by_name[name])):
            found[name, number] = group
    by_slug: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for person in found:
        by_slug[slug(person[0]) or "nguoi"].append(person)
    for part, persons in by_slug.items():
        for place, person in enumerate(sorted(persons, key=lambda person: _first(found[person]))):
            wanted.append(
                (person, part if place == 0 else f"{part}-{_apart(found[person])}", _digest_of(found[person]))
            )
    ids = _ids(wanted)
    namesakes = {
        name: tuple(sorted(ids[person] for person in persons))
        for name, persons in groupby(sorted(found), key=lambda person: person[0])
    }
    entries = {}
    for person in sorted(found, key=lambda person: ids[person]):
        name, group = person[0], found[person]
        variants = _variants((mention.name, mention.clipping) for mention in group.mentions)
        shown = min(variants, key=lambda variant: (variant.text.isupper(), -variant.count, variant.text)).text
        entries[ids[person]] = PersonEntry(
            ids[person], shown, group.unit, variants, tuple(group.mentions), namesakes[name]
        )
    return {mention: ids[person] for person, group in found.items() for mention in group.mentions}, entries


def _first(group: Group) -> tuple[str, str, str]:
    first = group.mentions[0]
    return first.date or "9999", first.clipping, first.name


def _apart(group: Group) -> str:
    """Return what sets a person apart from another of the name: the unit, else the first clipping."""
    unit = group.unit
    return (unit.slug if unit else "") or slug(group.mentions[0].clipping.removesuffix(".txt"))


def _digest_of(group: Group) -> str:
    return f"{group.mentions[0].clipping} {group.mentions[0].name}"


def _ids(wanted: Iterable[tuple[K, str, str]]) -> dict[K, str]:
    """Give each (key, wanted id, text to tell it by) an id; of two that want one, the first in order has it."""
    taken = set(_RESERVED)
    ids: dict[K, str] = {}
    for name, part, text in sorted(wanted, key=lambda each: (each[1], each[2])):
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        endings = (f"{part}-{digest[:length]}" for length in range(_DIGITS, len(digest) + 1))
        ids[name] = part if part not in taken else next(ending for ending in endings if ending not in taken)
        taken.add(ids[name])
    return ids
