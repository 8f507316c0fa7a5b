"""Which clippings each page of the archive lists, the newest of them, and the newest day that each page tells."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from build_tools import paths
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.reuse.plain import day

NEWEST = 50
"""Clippings in a feed."""


@dataclass(slots=True)
class Listed:
    """How many clippings a page lists, and the newest, the newest one last."""

    count: int = 0
    newest: deque[Brief] = field(default_factory=lambda: deque(maxlen=NEWEST))


def listed(archive: Archive) -> dict[str, Listed]:
    """Return, for the home page and each cluster, year, newspaper, unit and person, by address, what it lists."""
    pages: defaultdict[str, Listed] = defaultdict(Listed)
    for brief in archive.briefs:
        for url in dict.fromkeys(_pages(archive, brief)):
            page = pages[url]
            page.count += 1
            page.newest.append(brief)
    return dict(pages)


def _pages(archive: Archive, brief: Brief) -> Iterator[str]:
    """Yield the address of each page that lists a clipping."""
    yield paths.HOME
    keys = archive.addresses.keys(brief)
    yield from (archive.addresses.clusters[key] for key in keys)
    if not keys:
        yield paths.UNASSIGNED
    yield paths.year_url(brief.year)
    yield archive.addresses.source(paths.source_key(brief.source))
    names = archive.names(brief)
    yield from (paths.unit_url(unit) for unit in chain(filter(None, names.authorities), names.members, names.leads))
    yield from map(paths.person_url, names.people)


def newest_days(archive: Archive, pages: dict[str, Listed]) -> dict[str, str]:
    """Return, by address, the newest whole day that a page's clippings tell; pages without one are left out."""
    days = {archive.addresses.article(brief): found for brief in archive.briefs if (found := day(brief.date))}
    for url, page in pages.items():
        if found := max(filter(None, (day(brief.date) for brief in page.newest)), default=None):
            days[url] = found
    return days
