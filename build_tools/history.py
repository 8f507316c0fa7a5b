"""The archive by cluster and year: who led, who belonged, what was held and given, each said by which clippings.

Nothing is resolved: where clippings differ, all they say stands side by side. What a clipping about several clusters
says of leads, members and awards is nobody's, for it does not tell whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from build_tools import paths
from build_tools.archive import Archive
from build_tools.brief import AwardName, Brief, Mark
from build_tools.model import KINDS, LEAD_ROLES, Kind, LeadRole
from build_tools.paths import ClusterKey


class Claim(NamedTuple):
    """A clipping says so, at a place; None for what an archivist put in."""

    brief: Brief
    mark: Mark | None


def chairs(archive: Archive, brief: Brief) -> Iterator[tuple[str, Claim]]:
    """Yield the people (ids) who chair a clipping's conference, with where that is said."""
    ids = {mention.name: one for one, mention in zip(archive.names(brief).people, brief.names.people, strict=True)}
    for name, mark in zip(brief.chairs, brief.marks.chairs, strict=True):
        if name in ids:
            yield ids[name], Claim(brief, mark)


Said = Mapping[str, tuple[Claim, ...]]
"""What is said (a unit's id, a person's id, a date), each with who says so, in time order."""


@dataclass(frozen=True, slots=True)
class Event:
    """One conference: a cluster, a campaign year and a kind, with all clippings on it in time order."""

    cluster: ClusterKey
    year: int
    kind: Kind
    url: str
    clippings: tuple[Brief, ...]

    @property
    def date(self) -> str | None:
        """The first day that a clipping gives it, or None."""
        return min((brief.event_date for brief in self.clippings if brief.event_date), default=None)


@dataclass(frozen=True, slots=True)
class Year:
    """A cluster in one campaign year; None for what is said without a year."""

    year: int | None
    clippings: tuple[Brief, ...] = ()
    events: tuple[Event, ...] = ()
    leads: Mapping[LeadRole, Said] = field(default_factory=dict)
    members: Said = field(default_factory=dict)
    awards: Mapping[AwardName, tuple[Claim, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """A cluster's years, the oldest first, those of which nothing is known left out; the unknown year is last."""

    cluster: ClusterKey
    years: tuple[Year, ...]

    @property
    def events(self) -> Iterator[Event]:
        """The conferences in time order."""
        return (event for year in self.years for event in year.events)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last year of which there is a clipping; an empty span where no clipping has a year."""
        years = [year.year for year in self.years if year.year is not None and year.clippings]
        return (min(years), max(years)) if years else (1, 0)

    def of(self, year: int | None) -> Year:
        """Return what is known of a year, if it is nothing."""
        return next((one for one in self.years if one.year == year), Year(year))


Histories = Mapping[ClusterKey, History]


class Stay(NamedTuple):
    """A unit in a cluster in a year: what it is there (leads before members), and who says so."""

    cluster: ClusterKey
    year: int | None
    role: Literal["truong", "pho", "member"]
    claims: tuple[Claim, ...]


def stays(found: Histories) -> Mapping[str, list[Stay]]:
    """Return the clusters of each unit (by id), the oldest year first; a unit that leads is no member besides."""
    units: defaultdict[str, list[Stay]] = defaultdict(list)
    for key, history in found.items():
        for year in history.years:
            said: dict[str, Stay] = {}
            for role in LEAD_ROLES:
                for unit, claims in year.leads.get(role, {}).items():
                    said.setdefault(unit, Stay(key, year.year, role, claims))
            for unit, claims in year.members.items():
                said.setdefault(unit, Stay(key, year.year, "member", claims))
            for unit, stay in said.items():
                units[unit].append(stay)
    for several in units.values():
        several.sort(key=lambda stay: (stay.year is None, stay.year or 0))
    return units


class Given(NamedTuple):
    """An award in a cluster's year, and who says so."""

    year: int | None
    award: AwardName
    claims: tuple[Claim, ...]


def given(archive: Archive, found: Histories) -> Mapping[str, list[Given]]:
    """Return the awards of each unit (by id), the oldest first."""
    units: defaultdict[str, list[Given]] = defaultdict(list)
    for history in found.values():
        for year in history.years:
            for award, claims in year.awards.items():
                brief = claims[0].brief
                unit = archive.identities.unit_ids.get(brief.names.awards[brief.awards.index(award)] or "")
                if unit:
                    units[unit].append(Given(year.year, award, claims))
    for several in units.values():
        several.sort(key=lambda one: (one.year is None, one.year or 0, one.award.name))
    return units


def histories(archive: Archive) -> Histories:
    """Return the history of every cluster."""
    found: defaultdict[ClusterKey, list[Brief]] = defaultdict(list)
    for brief in archive.briefs:
        for key in dict.fromkeys(archive.addresses.keys(brief)):
            found[key].append(brief)
    return {key: _history(archive, key, briefs) for key, briefs in found.items()}


def _history(archive: Archive, key: ClusterKey, briefs: Iterable[Brief]) -> History:
    clippings: defaultdict[int | None, list[Brief]] = defaultdict(list)
    leads: defaultdict[int | None, dict[LeadRole, _Gathered]] = defaultdict(lambda: {role: {} for role in LEAD_ROLES})
    members: defaultdict[int | None, _Gathered] = defaultdict(dict)
    awards: defaultdict[int | None, dict[AwardName, list[Claim]]] = defaultdict(dict)
    for brief in briefs:
        clippings[brief.year].append(brief)
        if len(set(archive.addresses.keys(brief))) > 1:
            continue
        names, marks = archive.names(brief), brief.marks
        for lead, unit, mark in zip(brief.leads, names.leads, marks.leads, strict=True):
            leads[lead.year][lead.role].setdefault(unit, []).append(Claim(brief, mark))
        for unit, mark in zip(names.members, marks.members, strict=True):
            members[brief.year].setdefault(unit, []).append(Claim(brief, mark))
        for award, mark in zip(brief.awards, marks.awards, strict=True):
            awards[award.year or brief.year].setdefault(award, []).append(Claim(brief, mark))
    years = sorted({*clippings, *leads, *members, *awards}, key=lambda year: (year is None, year or 0))
    return History(
        key,
        tuple(
            Year(
                year,
                tuple(clippings[year]),
                tuple(_events(archive, key, year, clippings[year])),
                {role: _fixed(said) for role, said in leads[year].items()},
                _fixed(members[year]),
                {award: tuple(claims) for award, claims in awards[year].items()},
            )
            for year in years
        ),
    )


_Gathered = dict[str, list[Claim]]


def _fixed(gathered: _Gathered) -> Said:
    return {name: tuple(claims) for name, claims in gathered.items()}


def _events(archive: Archive, key: ClusterKey, year: int | None, briefs: Iterable[Brief]) -> Iterator[Event]:
    """Yield the conferences of a year by their first day; those without a day stand in the order of their kinds."""
    if year is None:
        return
    kinds: defaultdict[Kind, list[Brief]] = defaultdict(list)
    for brief in briefs:
        if brief.kind:
            kinds[brief.kind].append(brief)
    found = [
        Event(key, year, kind, paths.event_url(archive.addresses.clusters[key], year, kind), tuple(several))
        for kind, several in kinds.items()
    ]
    yield from sorted(found, key=lambda event: (event.date or f"{year}~", KINDS.index(event.kind)))
