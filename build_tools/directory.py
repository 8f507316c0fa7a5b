"""The archive to the pages of its units and people: an index of each by the alphabet, and a page for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from build_tools import dossier, labels, paths
from build_tools.archive import Archive, Meta
from build_tools.brief import Brief
from build_tools.dossier import Cited
from build_tools.facts import Facts, Plan
from build_tools.fold import squeeze
from build_tools.history import Claim, Event, Given, Histories, Stay, given, stays
from build_tools.identity import units
from build_tools.identity.people import Mention
from build_tools.identity.places import Change
from build_tools.identity.registry import PersonEntry, UnitEntry
from build_tools.identity.units import Context
from build_tools.model import Page

A_PAGE = 1_000
"""How many names an index shows on one page; with more, each letter has a page of its own."""
ALIKE = 20
"""How many others of one name a person's page names."""

SEEN = 60
"""How many people a unit's page names."""

_TODAY = Context(when="9999-12-31")
"""The names in a history mean what they mean since: Huế is the city beside the provinces."""

_HOME: Meta = {"kind": "home", "url": paths.HOME}
_UNITS: Meta = {"kind": "units", "url": paths.UNITS}
_PEOPLE: Meta = {"kind": "people", "url": paths.PEOPLE}


_Conferences = Callable[[], Mapping[str, list[Event]]]
"""Gives the conferences that each clipping (by path) is about; they are worked out when a page asks."""


def plans(archive: Archive, found: Histories) -> Iterator[Plan]:
    """Yield the pages of units and of people, the indexes first."""
    clippings = {brief.path: brief for brief in archive.briefs}
    yield from _units(archive, found, clippings)
    yield from _people(archive, clippings, cache(partial(_conferences, found)))


@dataclass(frozen=True, slots=True)
class _Item:
    """A name in an index: what it is sorted by, and what is shown."""

    sorted_by: str
    shown: Meta


def _units(archive: Archive, found: Histories, clippings: Mapping[str, Brief]) -> Iterator[Plan]:
    lives = cache(partial(_lives, archive, found))
    entries = archive.identities.units
    titles = _titles((entry.id, _unit_title(entry)) for entry in entries.values())
    items = [
        _Item(
            entry.unit.full,
            {"name": entry.unit.name, "where": entry.unit.where, "settled": entry.unit.settled}
            | {"url": paths.unit_url(entry.id), "count": len({part.clipping for part in entry.parts})},
        )
        for entry in entries.values()
    ]
    yield from _index("units", paths.UNITS, items)
    for entry in entries.values():
        uri = paths.page_file(paths.unit_url(entry.id))
        yield Plan(uri, partial(_unit, entry, titles[entry.id], archive, clippings, lives))


@dataclass(frozen=True, slots=True)
class _Lives:
    """What is told of units (by id): their clusters, their awards, the people seen there."""

    stays: Mapping[str, list[Stay]]
    given: Mapping[str, list[Given]]
    seen: Mapping[str, list[_Seen]]


def _lives(archive: Archive, found: Histories) -> _Lives:
    return _Lives(stays(found), given(archive, found), _seen(archive))


class _Seen(NamedTuple):
    """A person who holds an office in a unit, in a clipping."""

    person: str
    mention: Mention
    claim: Claim


def _seen(archive: Archive) -> Mapping[str, list[_Seen]]:
    """Return who is named with an office in each unit, in time order."""
    units_: defaultdict[str, list[_Seen]] = defaultdict(list)
    for brief in archive.briefs:
        named = zip(archive.names(brief).people, brief.names.people, brief.marks.people, strict=True)
        for person, mention, mark in named:
            if mention.unit and (unit := archive.identities.unit_ids.get(mention.unit.key)):
                units_[unit].append(_Seen(person, mention, Claim(brief, mark)))
    return units_


def _in_office(archive: Archive, seen: Iterable[_Seen], cited: Cited) -> list[Meta]:
    """Return the people of a unit, the one named last first, each with the offices in time order."""
    people: dict[str, dict[tuple[str | None, str | None], list[Claim]]] = {}
    for one in seen:
        offices = people.pop(one.person, {})
        people[one.person] = offices
        offices.setdefault((one.mention.rank, one.mention.role), []).append(one.claim)
    return [
        {
            "name": archive.identities.people[person].name,
            "url": paths.person_url(person),
            "offices": [
                {"rank": rank, "office": office, "said": cited.places(claims)}
                for (rank, office), claims in people[person].items()
            ],
        }
        for person in islice(reversed(people), SEEN)
    ]


def _stay(stay: Stay, archive: Archive, cited: Cited) -> Meta:
    cluster = archive.cluster(stay.cluster)
    return {"year": stay.year, "cluster": cluster, "role": stay.role, "said": cited.places(stay.claims)}


def _unit(
    entry: UnitEntry, title: str, archive: Archive, clippings: Mapping[str, Brief], lives_of: Callable[[], _Lives]
) -> Page:
    lives, printed = lives_of(), _printed_in(entry)
    roles: defaultdict[str, list[Meta]] = defaultdict(list)
    for part in entry.parts:
        roles[part.clipping].append({"role": part.role, "year": part.year})
    found = _newest_first(roles, clippings)
    cited = Cited(archive, short=True)
    for path in found:
        cited.number(clippings[path])
    return _page(
        paths.unit_url(entry.id),
        "kb-unit.html",
        title,
        labels.text("unit.description", title=title, count=len(found)),
        [_HOME, _UNITS],
        id=entry.id,
        name=entry.unit.name,
        where=entry.unit.where,
        settled=entry.unit.settled,
        variants=[{"text": variant.text, "count": variant.count} for variant in entry.variants],
        history=[_change(change, entry, archive) for change in _changes(entry)],
        authority_url=paths.authority_url(entry.id) if any(part.role == "authority" for part in entry.parts) else None,
        stays=[_stay(stay, archive, cited) for stay in reversed(lives.stays.get(entry.id, ()))],
        awards=[
            {"year": one.year, "name": one.award.name, "level": one.award.level, "said": cited.places(one.claims)}
            for one in reversed(lives.given.get(entry.id, ()))
        ],
        people=_in_office(archive, lives.seen.get(entry.id, ()), cited),
        entries=[{"roles": roles[path], "printed": sorted(printed[path])} for path in found],
        clippings=cited.listed,
    )


def _unit_title(entry: UnitEntry) -> str:
    full = entry.unit.full
    return full if entry.unit.settled else labels.text("unit.unsettled", unit=full)


def _printed_in(entry: UnitEntry) -> Mapping[str, list[str]]:
    printed: defaultdict[str, list[str]] = defaultdict(list)
    for variant in entry.variants:
        for path in variant.clippings:
            printed[path].append(variant.text)
    return printed


def _changes(entry: UnitEntry) -> list[Change]:
    history = units.history(entry.unit)
    return sorted(set(history.was + history.became), key=lambda change: (change.date, change.before))


def _change(change: Change, entry: UnitEntry, archive: Archive) -> Meta:
    return {
        "date": change.date,
        "before": [_unit_named(name, entry, archive) for name in change.before],
        "after": [_unit_named(name, entry, archive) for name in change.after],
        "by": change.by,
    }


def _unit_named(name: str, here: UnitEntry, archive: Archive) -> Meta:
    """Return a unit by its full name, with its page when the archive has another than the one `here`."""
    unit_id = archive.identities.unit_ids.get(units.unit(name, _TODAY).key)
    return {"name": name, "url": paths.unit_url(unit_id) if unit_id and unit_id != here.id else None}


def _conferences(found: Histories) -> Mapping[str, list[Event]]:
    """Return the conferences that each clipping (by path) is about."""
    events: defaultdict[str, list[Event]] = defaultdict(list)
    for history in found.values():
        for event in history.events:
            for brief in event.clippings:
                events[brief.path].append(event)
    return events


def _people(archive: Archive, clippings: Mapping[str, Brief], conferences: _Conferences) -> Iterator[Plan]:
    entries = archive.identities.people
    titles = _titles((entry.id, _person_title(entry, clippings)) for entry in entries.values())
    items = [
        _Item(
            _given_name_first(entry.name),
            {"name": entry.name, "where": _apart(entry, clippings) if len(entry.namesakes) > 1 else ""}
            | {"url": paths.person_url(entry.id), "count": len({m.clipping for m in entry.mentions})},
        )
        for entry in entries.values()
    ]
    yield from _index("people", paths.PEOPLE, items)
    for entry in entries.values():
        uri = paths.page_file(paths.person_url(entry.id))
        make = partial(_person, entry, titles[entry.id], archive, clippings, conferences)
        yield Plan(uri, make, partial(_told, entry, titles[entry.id], archive, clippings), feeds=True)


def _told(entry: PersonEntry, title: str, archive: Archive, clippings: Mapping[str, Brief], facts: Facts) -> str:
    """Return the digest of all that a person's page tells: of their clippings, of their unit, of others of the name."""
    unit_id = _unit_of(entry, archive)
    return facts.of(
        (mention.clipping for mention in entry.mentions),
        title,
        unit_id and archive.identities.units[unit_id].unit.full,
        entry.namesakes,
        [(other.name, _apart(other, clippings)) for other in _alike(entry, archive)],
    )


def _alike(entry: PersonEntry, archive: Archive) -> list[PersonEntry]:
    """Return the others of the name that a person's page names."""
    return [archive.identities.people[other] for other in islice(entry.alike, ALIKE)]


def _person(
    entry: PersonEntry,
    title: str,
    archive: Archive,
    clippings: Mapping[str, Brief],
    conferences: _Conferences,
) -> Page:
    by_path = {mention.clipping: mention for mention in entry.mentions}
    found = _newest_first(by_path, clippings)
    return _page(
        paths.person_url(entry.id),
        "kb-person.html",
        title,
        labels.text("person.description", title=title, count=len(found)),
        [_HOME, _PEOPLE],
        id=entry.id,
        name=entry.name,
        variants=[{"text": variant.text, "count": variant.count} for variant in entry.variants],
        unit=dossier.unit(archive, unit_id) if (unit_id := _unit_of(entry, archive)) else None,
        entries=[
            _short(clippings[path], archive)
            | {"rank": by_path[path].rank, "office": by_path[path].role}
            | {"chairs": by_path[path].name in clippings[path].chairs}
            | {"place": _place(clippings[path], by_path[path])}
            | {"events": [_conference(event, archive) for event in conferences().get(path, ())]}
            for path in found
        ],
        alike=[
            {"name": other.name, "where": _apart(other, clippings), "url": paths.person_url(other.id)}
            for other in _alike(entry, archive)
        ],
        more_alike=max(0, len(entry.namesakes) - 1 - ALIKE),
    )


def _unit_of(entry: PersonEntry, archive: Archive) -> str | None:
    return archive.identities.unit_ids.get(entry.unit.key) if entry.unit else None


def _place(brief: Brief, mention: Mention) -> list[object] | None:
    """Return the line, the element and the grade of a mention on its clipping's page."""
    mark = brief.marks.people[brief.names.people.index(mention)]
    return [*mark] if mark else None


def _conference(event: Event, archive: Archive) -> Meta:
    return {"kind": event.kind, "year": event.year, "url": event.url, "cluster": archive.cluster(event.cluster)}


def _person_title(entry: PersonEntry, clippings: Mapping[str, Brief]) -> str:
    if len(entry.namesakes) == 1:
        return entry.name
    return labels.text("person.apart", person=entry.name, apart=_apart(entry, clippings))


def _apart(entry: PersonEntry, clippings: Mapping[str, Brief]) -> str:
    """Return what tells a person from another of the name: the unit, else what is printed, else the first clipping."""
    if entry.unit:
        return entry.unit.full
    first = entry.mentions[0]
    return squeeze(first.role or "") or squeeze(first.rank or "") or clippings[first.clipping].title


def _given_name_first(name: str) -> str:
    """Return a name as an index of people sorts it: the given name, which stands last, then the rest."""
    words = name.split()
    return " ".join((*words[-1:], *words[:-1]))


def _titles(wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a title for each id, no two the same."""
    titles: dict[str, str] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    for name, title in sorted(wanted):
        seen[title] += 1
        again = seen[title] > 1
        titles[name] = labels.text("person.again", title=title, number=seen[title]) if again else title
    return titles


def _index(kind: str, url: str, items: Iterable[_Item]) -> Iterator[Plan]:
    """Yield the index of units or people: one page of all by letters, or of the letters with a page each."""
    ordered = sorted(items, key=lambda item: (paths.sort_key(item.sorted_by), str(item.shown["url"])))
    by_letter: defaultdict[str, list[Meta]] = defaultdict(list)
    for item in ordered:
        by_letter[paths.letter(item.sorted_by)].append(item.shown)
    apart = len(ordered) > A_PAGE
    template, head = f"kb-{kind}.html", (labels.text(f"{kind}.title"), labels.text(f"{kind}.description"))
    letters: list[Meta] = [
        {"letter": letter, "count": len(found), "url": paths.letter_url(url, letter) if apart else None}
        | {"entries": [] if apart else found}
        for letter, found in by_letter.items()
    ]
    whole: Meta = {"count": len(ordered), "letters": letters, "letter": None}
    yield Plan(paths.page_file(url), partial(_letters, url, (template, *head), [_HOME], whole))
    for letter, found in by_letter.items() if apart else ():
        at = paths.letter_url(url, letter)
        above: list[Meta] = [_HOME, {"kind": kind, "url": url}]
        one: Meta = {"letter": letter, "count": len(found), "url": None, "entries": found}
        part: Meta = {"count": len(found), "letters": [one], "letter": letter}
        title = labels.text(f"{kind}.letter", letter=letter)
        yield Plan(paths.page_file(at), partial(_letters, at, (template, title, head[1]), above, part))


def _letters(url: str, head: tuple[str, str, str], crumbs: list[Meta], meta: Meta) -> Page:
    template, title, description = head
    return _page(url, template, title, description, crumbs, **meta)


def _newest_first(paths_: Iterable[str], clippings: Mapping[str, Brief]) -> list[str]:
    return sorted(paths_, key=lambda path: (clippings[path].date or "", path), reverse=True)


def _short(brief: Brief, archive: Archive) -> Meta:
    """Return the least that names a clipping in a list; units and people stand in very many."""
    return dossier.short(archive, brief)


def _page(url: str, template: str, title: str, description: str, crumbs: list[Meta], **meta: object) -> Page:
    head: Meta = {"template": template, "title": title, "description": description, "crumbs": crumbs}
    return Page(paths.page_file(url), head | meta)
