"""What a clipping's page and its search document take from the rest of the archive.

That is its own address, the pages of what it names, and the clippings beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from build_tools import paths
from build_tools.archive import Archive
from build_tools.brief import Brief

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


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a clipping stands in its archive.

    Two settings with one `repr` give one clipping the same page and the same search document. `clusters`, `members`,
    `leads` and `people` stand beside those of its record, the last three as the addresses of their pages; `unit_names`
    and `person_names` are all units and people it names, once each. `source` is its newspaper's page. `older` and
    `newer` are its neighbours in time, `story` the other clippings that tell its story.
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


def setting(archive: Archive, position: int, story: Sequence[Brief] = ()) -> Setting:
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
    )


def settings(archive: Archive, stories: Iterable[Sequence[Brief]] = ()) -> Iterator[Setting]:
    """Yield the setting of every clipping, in time order; `stories` are the groups that tell the same."""
    same = {brief.path: story for story in stories for brief in story}
    for position, brief in enumerate(archive.briefs):
        yield setting(archive, position, same.get(brief.path, ()))


def _neighbour(brief: Brief, archive: Archive, source: str | None = None) -> Neighbour:
    return Neighbour(archive.addresses.article(brief), brief.title, source, brief.date)
