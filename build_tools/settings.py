"""What a clipping's page and its search document take from the rest of the archive.

That is its own address, the pages of what it names, and the clippings beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from build_tools import paths
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.history import Claim, Event, Histories, histories
from build_tools.model import Kind

Name = tuple[str, str]
"""A page's address and the name that stands for it."""


class ClusterPage(NamedTuple):
    """A cluster as lists show it: its number, the name of its authority, and its page."""

    number: int | str | None
    authority: str | None
    url: str


class Neighbour(NamedTuple):
    """Another clipping, as a page names it; its newspaper only where the page does."""

    url: str
    title: str
    source: str | None
    date: str | None


class Told(NamedTuple):
    """A unit that leads, and the first clipping that says so: its page and element, its best date."""

    name: str
    url: str
    said_at: str
    said_on: str | None


class Led(NamedTuple):
    """Who leads a cluster in a year, as the clippings of the archive tell it; several where they differ."""

    year: int
    units: tuple[Told, ...]


class Conference(NamedTuple):
    """A conference as a page names it."""

    kind: Kind
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a clipping's conference: who led then and next, what was held before and after, who tells.

    `conferences` are those that the clipping is about; `before` and `after` are the cluster's next to it. `others` are
    the other clippings on it, `people` some that name several of the same people. Search has no use for these.
    """

    led: tuple[Led, ...] = ()
    conferences: tuple[Conference, ...] = ()
    before: Conference | None = None
    after: Conference | None = None
    others: tuple[Neighbour, ...] = ()
    people: tuple[Neighbour, ...] = ()

    @property
    def told(self) -> tuple[object, ...]:
        """All of it."""
        return self.led, self.conferences, self.before, self.after, self.others, self.people


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a clipping stands in its archive.

    Two settings that are `told` alike give one clipping the same search document, and with one `around` the same page.
    `clusters`, `members`, `leads` and `people` stand beside those of its record, the last three as the addresses of
    their pages; `unit_names` and `person_names` are all units and people it names, once each. `source` is its
    newspaper's page. `older` and `newer` are its neighbours in time, `story` the other clippings that tell its story.
    """

    url: str
    file: str
    source: Name | None = None
    clusters: tuple[ClusterPage, ...] = ()
    members: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    unit_names: tuple[Name, ...] = ()
    person_names: tuple[Name, ...] = ()
    older: Neighbour | None = None
    newer: Neighbour | None = None
    story: tuple[Neighbour, ...] = ()
    around: Around = field(default_factory=Around)

    @property
    def shown(self) -> tuple[object, ...]:
        """What pages that list the clipping may tell of it, and its search document: what stands beside it left out."""
        return _SHOWN(self)

    @property
    def told(self) -> tuple[object, ...]:
        """All of it but what stands around the clipping's conference."""
        return _TOLD(self)


_BESIDE = ("older", "newer", "story")
_FIELDS = tuple(name for name in Setting.__dataclass_fields__ if name != "around")
_TOLD = attrgetter(*_FIELDS)
_SHOWN = attrgetter(*(name for name in _FIELDS if name not in _BESIDE))


def setting(archive: Archive, position: int, around: Surroundings, story: Sequence[Brief] = ()) -> Setting:
    """Return the setting of the clipping at `position` in time; `story` are all that tell the same, or none."""
    brief = archive.briefs[position]
    names, identities = archive.names(brief), archive.identities
    units = dict.fromkeys(chain(filter(None, names.authorities), names.members, names.leads))
    key = paths.source_key(brief.source)
    last = len(archive.briefs) - 1
    return Setting(
        url=archive.addresses.article(brief),
        file=f"{archive.folder}{brief.path}",
        source=(archive.addresses.source(key), archive.source_names[key]) if key else None,
        clusters=tuple(
            ClusterPage(*archive.cluster_names[key], archive.addresses.clusters[key])
            for key in archive.addresses.keys(brief)
        ),
        members=tuple(map(paths.unit_url, names.members)),
        leads=tuple(map(paths.unit_url, names.leads)),
        people=tuple(map(paths.person_url, names.people)),
        unit_names=tuple((paths.unit_url(one), identities.units[one].unit.full) for one in units),
        person_names=tuple((paths.person_url(one), identities.people[one].name) for one in dict.fromkeys(names.people)),
        older=_neighbour(archive.briefs[position - 1], archive) if position else None,
        newer=_neighbour(archive.briefs[position + 1], archive) if position < last else None,
        story=tuple(_neighbour(other, archive, other.source) for other in story if other.path != brief.path),
        around=around.of(brief, story),
    )


def settings(
    archive: Archive, stories: Iterable[Sequence[Brief]] = (), found: Histories | None = None
) -> Iterator[Setting]:
    """Yield the setting of every clipping, in time order; `stories` are the groups that tell the same."""
    same = {brief.path: story for story in stories for brief in story}
    around = Surroundings(archive, histories(archive) if found is None else found)
    for position, brief in enumerate(archive.briefs):
        yield setting(archive, position, around, same.get(brief.path, ()))


OTHERS, ALIKE = 8, 3
"""How many other clippings on a conference, and how many that name the same people, an article leads to."""
FEW_MENTIONS = 40
"""Who is named in more clippings than this tells little about any two of them."""


class Surroundings:
    """What the histories of an archive tell about each clipping."""

    def __init__(self, archive: Archive, found: Histories) -> None:
        self._archive, self._histories = archive, found
        self._beside: dict[str, list[tuple[Event, Event | None, Event | None]]] = {}
        for history in found.values():
            events = (None, *history.events, None)
            for before, event, after in zip(events, events[1:], events[2:], strict=False):
                for brief in event.clippings if event else ():
                    self._beside.setdefault(brief.path, []).append((event, before, after))  # type: ignore[arg-type]
        self._leads: dict[tuple[paths.ClusterKey, int], Led | None] = {}
        self._mentions: dict[str, list[Brief]] = {}
        for brief in archive.briefs:
            for person in dict.fromkeys(archive.names(brief).people):
                self._mentions.setdefault(person, []).append(brief)

    def of(self, brief: Brief, story: Sequence[Brief] = ()) -> Around:
        """Return what stands around a clipping; `story` are clippings that its page names anyway."""
        beside = self._beside.get(brief.path, [])
        known = {brief.path, *(other.path for other in story)}
        others = {other.path: other for event, _, _ in beside for other in event.clippings if other.path not in known}
        known |= others.keys()
        single = beside[0] if len(beside) == 1 else None
        return Around(
            self._led(brief),
            tuple(Conference(event.kind, event.year, event.url) for event, _, _ in beside),
            _conference(single[1]) if single else None,
            _conference(single[2]) if single else None,
            tuple(_neighbour(other, self._archive, other.source) for other in islice(others.values(), OTHERS)),
            tuple(_neighbour(other, self._archive, other.source) for other in self._same_people(brief, known)),
        )

    def _led(self, brief: Brief) -> tuple[Led, ...]:
        """Return who leads the clipping's cluster in its year and in the next; nothing where it is about several."""
        keys = set(self._archive.addresses.keys(brief))
        if len(keys) != 1 or brief.year is None:
            return ()
        key = keys.pop()
        return tuple(filter(None, (self._leads_in(key, year) for year in (brief.year, brief.year + 1))))

    def _leads_in(self, key: paths.ClusterKey, year: int) -> Led | None:
        if (key, year) not in self._leads:
            leads = self._histories[key].of(year).leads.get("truong", {})
            told = tuple(self._told(unit, leads[unit][0]) for unit in sorted(leads))
            self._leads[key, year] = Led(year, told) if told else None
        return self._leads[key, year]

    def _told(self, unit: str, claim: Claim) -> Told:
        url = self._archive.addresses.article(claim.brief)
        return Told(
            self._archive.identities.units[unit].unit.full,
            paths.unit_url(unit),
            f"{url}#{claim.mark.anchor}" if claim.mark else url,
            claim.brief.date,
        )

    def _same_people(self, brief: Brief, known: Container[str]) -> list[Brief]:
        """Return the clippings that name the most of the same people, two at least."""
        shared: Counter[str] = Counter()
        briefs: dict[str, Brief] = {}
        for person in dict.fromkeys(self._archive.names(brief).people):
            mentions = self._mentions[person]
            if len(mentions) <= FEW_MENTIONS:
                for other in mentions:
                    if other.path not in known:
                        shared[other.path] += 1
                        briefs[other.path] = other
        close = [path for path, count in shared.items() if count > 1]
        return [briefs[path] for path in sorted(close, key=lambda path: (-shared[path], path))[:ALIKE]]


def _conference(event: Event | None) -> Conference | None:
    return Conference(event.kind, event.year, event.url) if event else None


def _neighbour(brief: Brief, archive: Archive, source: str | None = None) -> Neighbour:
    return Neighbour(archive.addresses.article(brief), brief.title, source, brief.date)
