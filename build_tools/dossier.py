"""The history of each cluster to its page: who led, who belonged, what was held and given, what is missing.

With them the pages that lead there: the clusters of one authority, and the grid of clusters and years.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from build_tools import labels, paths
from build_tools.archive import Archive, Meta
from build_tools.brief import AwardName, Brief
from build_tools.facts import Facts, Plan
from build_tools.history import Claim, Event, Histories, History, Year, chairs
from build_tools.model import KINDS, LEAD_ROLES, ClusterName, LeadRole, Page

FOLDED = 3
"""Empty years in a row that a grid still shows one by one."""
GRID = 40
"""Rows of a grid that a page of the whole archive shows; with more clusters it shows authorities."""

_HOME: Meta = {"kind": "home", "url": paths.HOME}
_CLUSTERS: Meta = {"kind": "clusters", "url": paths.CLUSTERS}

Place = list[object]
"""Where it is said: number of the clipping in the page's list, line, id of the element, grade; the number alone."""


@dataclass(slots=True)
class Cited:
    """The clippings that a page cites, each listed once."""

    archive: Archive
    short: bool = False
    """Whether the list has of each the least that names it."""
    listed: list[Meta] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, brief: Brief) -> int:
        """Return the place of a clipping in the list."""
        if brief.path not in self._numbers:
            self._numbers[brief.path] = len(self.listed)
            self.listed.append(short(self.archive, brief) if self.short else self.archive.entry(brief))
        return self._numbers[brief.path]

    def places(self, claims: Iterable[Claim]) -> list[Place]:
        """Return where something is said, once a clipping."""
        first = {claim.brief.path: claim for claim in reversed(list(claims))}
        return [[self.number(claim.brief), *(claim.mark or ())] for claim in reversed(list(first.values()))]


def short(archive: Archive, brief: Brief) -> Meta:
    """Return the least that names a clipping in a list."""
    return {"url": archive.addresses.article(brief), "title": brief.title, "date": brief.date}


def unit(archive: Archive, unit_id: str) -> Meta:
    """Return a unit as a page names it."""
    return {"name": archive.identities.units[unit_id].unit.full, "url": paths.unit_url(unit_id)}


def units(archive: Archive, ids: Iterable[str]) -> list[str]:
    """Return ids of units in the order of their names."""
    known = archive.identities.units
    return sorted(ids, key=lambda one: (paths.sort_key(known[one].unit.full), one))


def cluster_title(name: ClusterName | None) -> str:
    """Return a cluster's name as a page title: a number or a short label with the usual words before it."""
    if name is None:
        return labels.text("cluster.unassigned")
    number = name.number
    if number is None:
        cluster = labels.text("cluster.unnumbered")
    elif isinstance(number, int) or paths.roman(number) or len(number) <= 2:
        cluster = labels.text("cluster.numbered", number=number)
    else:
        cluster = number
    if name.authority is None:
        return labels.text("cluster.without_authority", cluster=cluster)
    return labels.text("cluster.with_authority", cluster=cluster, authority=name.authority)


def plans(archive: Archive, histories: Histories) -> Iterator[Plan]:
    """Yield the page of each authority's clusters, and of each cluster."""
    by_authority: defaultdict[str | None, list[History]] = defaultdict(list)
    for history in ordered(archive, histories):
        by_authority[history.cluster.authority].append(history)
    for authority, found in by_authority.items():
        yield Plan(paths.page_file(paths.authority_url(authority)), partial(_authority, archive, authority, found))
    for key, history in histories.items():
        uri = paths.page_file(archive.addresses.clusters[key])
        yield Plan(uri, partial(_cluster, archive, history), partial(told, history), feeds=True)


def told(history: History, facts: Facts) -> str:
    """Return the digest of all that the pages of a cluster and of its conferences tell."""
    return facts.once(history.cluster, lambda: (brief for year in history.years for brief in year.clippings))


def ordered(archive: Archive, histories: Histories) -> list[History]:
    """Return the histories by the name of the authority, the unknown one last, and by number."""

    def order(history: History) -> tuple[object, ...]:
        name = archive.cluster_names[history.cluster]
        return name.authority is None, paths.sort_key(name.authority or ""), paths.number_key(name.number)

    return sorted(histories.values(), key=order)


# The page of a cluster


def _cluster(archive: Archive, history: History) -> Page:
    key, name = history.cluster, archive.cluster_names[history.cluster]
    title, cited = cluster_title(name), Cited(archive)
    groups = []
    for year in _newest_first(history.years):
        start = len(cited.listed)
        for brief in reversed(year.clippings):
            cited.number(brief)
        if year.clippings:
            groups.append({"year": year.year, "url": paths.year_url(year.year), "from": start, "to": len(cited.listed)})
    count = len(cited.listed)
    return _page(
        archive.addresses.clusters[key],
        "kb-cluster.html",
        title,
        labels.text("cluster.description", title=title, count=count),
        [_HOME, _CLUSTERS, authority_crumb(archive, key.authority)],
        number=name.number,
        authority=name.authority,
        authority_url=paths.authority_url(key.authority),
        unit_url=paths.unit_url(key.authority) if key.authority else None,
        count=count,
        span=_span(history),
        chain=_chain(archive, history, cited),
        members=_members(archive, history, cited),
        awards=[
            {"year": year.year, "awards": awards(archive, year.awards, cited)}
            for year in _newest_first(history.years)
            if year.awards
        ],
        chairs=_chairs(archive, history, cited),
        people=_people(archive, history),
        years=groups,
        clippings=cited.listed,
    )


def _newest_first(years: Iterable[Year]) -> list[Year]:
    return sorted(years, key=lambda year: (year.year is None, -(year.year or 0)))


def _span(history: History) -> list[int]:
    """Return the first and the last year of which there is a clipping, or nothing."""
    first, last = history.span
    return [first, last] if first <= last else []


def _chain(archive: Archive, history: History, cited: Cited) -> list[Meta]:
    """Return the years of a cluster, the newest first: who led, what was held; missing years are there too.

    Years of which nothing is known are one entry when they follow each other.
    """
    known = [year for year in history.years if year.year is not None]
    chain: list[Meta] = []
    for number, year in enumerate(reversed(known)):
        chain.append(_link(archive, year, cited))
        older = known[len(known) - number - 2].year if number + 1 < len(known) else None
        if year.year is not None and older is not None and year.year - older > 1:
            chain.append({"gap": [older + 1, year.year - 1]})
    unknown = history.of(None)
    if any(unknown.leads.get(role) for role in LEAD_ROLES):
        chain.append(_link(archive, unknown, cited))
    return chain


def _link(archive: Archive, year: Year, cited: Cited) -> Meta:
    return {
        "year": year.year,
        "count": len(year.clippings),
        "leads": [lead(archive, year, role, cited) for role in LEAD_ROLES if year.leads.get(role)],
        "events": [event_item(event) for event in reversed(year.events)],
    }


def lead(archive: Archive, year: Year, role: LeadRole, cited: Cited) -> Meta:
    """Return who leads in a year: all units that clippings name, with the days of the meetings that chose them."""
    said = year.leads[role]
    return {
        "role": role,
        "units": [
            unit(archive, one) | {"said": cited.places(said[one]), "handed": _handed(year.year, said[one])}
            for one in units(archive, said)
        ],
    }


def _handed(year: int | None, claims: Iterable[Claim]) -> list[str]:
    """Return the days of the meetings of an earlier campaign year of which clippings name the lead of `year`."""
    days = {
        claim.brief.event_date
        for claim in claims
        if claim.brief.event_date and year is not None and claim.brief.year is not None and claim.brief.year < year
    }
    return sorted(days)


def event_item(event: Event) -> Meta:
    """Return a conference as lists show it."""
    places = dict.fromkeys(brief.place for brief in event.clippings if brief.place)
    return {
        "kind": event.kind,
        "year": event.year,
        "url": event.url,
        "date": event.date,
        "place": next(iter(places)) if len(places) == 1 else None,
        "count": len(event.clippings),
    }


def _members(archive: Archive, history: History, cited: Cited) -> Meta | None:
    """Return the members by year as a table: a row a unit, a column a year of which a clipping names members.

    Where all are said stands with the year; a cell has only what is said elsewhere.
    """
    years = [year for year in history.years if year.members and year.year is not None]
    if not years:
        return None
    there: list[dict[str, Meta]] = [_belonging(year, cited) for year in years]
    shared = [_most_said(cells) for cells in there]
    for said, cells in zip(shared, there, strict=True):
        for cell in cells.values():
            cell["said"] = [] if cell["said"] == said else cell["said"]
    rows = [
        unit(archive, one) | {"cells": [cells.get(one) for cells in there]}
        for one in units(archive, {one for cells in there for one in cells})
    ]
    changes = []
    for place in range(1, len(years)):
        before, now = years[place - 1].members, years[place].members
        came, went = units(archive, now.keys() - before.keys()), units(archive, before.keys() - now.keys())
        if came or went:
            changes.append(
                {"year": years[place].year, "since": years[place - 1].year}
                | {"came": [unit(archive, one) for one in came], "went": [unit(archive, one) for one in went]}
            )
    heads = [{"year": year.year, "said": said} for year, said in zip(years, shared, strict=True)]
    return {"years": heads, "rows": rows, "changes": changes[::-1]}


def _most_said(cells: Mapping[str, Meta]) -> object:
    """Return where most of the cells of a column are said: mostly all in one line."""
    return max((cell["said"] for cell in cells.values()), key=[cell["said"] for cell in cells.values()].count)


def _belonging(year: Year, cited: Cited) -> dict[str, Meta]:
    """Return what each unit that belongs to a cluster in a year is there, with where it is said."""
    cells: dict[str, Meta] = {}
    for role in LEAD_ROLES:
        for one, claims in year.leads.get(role, {}).items():
            cells.setdefault(one, {"role": role, "said": cited.places(claims)})
    for one, claims in year.members.items():
        cells.setdefault(one, {"role": "member", "said": cited.places(claims)})
    return cells


def awards(archive: Archive, given: Mapping[AwardName, Sequence[Claim]], cited: Cited) -> list[Meta]:
    """Return awards by name and level, each with who has it."""
    groups: dict[tuple[str, str | None], list[Meta]] = {}
    for award in sorted(given, key=_award_order):
        groups.setdefault((award.name, award.level), []).append(
            {"recipient": award.recipient, "url": recipient_url(archive, award, given[award][0].brief)}
            | {"said": cited.places(given[award])}
        )
    return [{"name": name, "level": level, "to": to} for (name, level), to in groups.items()]


def _award_order(award: AwardName) -> tuple[object, ...]:
    return paths.sort_key(award.name), award.level or "", award.recipient is None, paths.sort_key(award.recipient or "")


def recipient_url(archive: Archive, award: AwardName, brief: Brief) -> str | None:
    """Return the page of the unit or person that has an award, when the archive has one."""
    key = brief.names.awards[brief.awards.index(award)]
    if key and (unit_id := archive.identities.unit_ids.get(key)):
        return paths.unit_url(unit_id)
    for person, mention in zip(archive.names(brief).people, brief.names.people, strict=True):
        if mention.name == award.recipient:
            return paths.person_url(person)
    return None


def _chairs(archive: Archive, history: History, cited: Cited) -> list[Meta]:
    """Return who chaired the conferences of each year, the newest first."""
    found: list[Meta] = []
    for year in _newest_first(history.years):
        claims: dict[str, list[Claim]] = {}
        for brief in year.clippings:
            for one, claim in chairs(archive, brief):
                claims.setdefault(one, []).append(claim)
        if claims:
            people = [person(archive, one) | {"said": cited.places(claims[one])} for one in claims]
            found.append({"year": year.year, "people": people})
    return found


def person(archive: Archive, person_id: str) -> Meta:
    """Return a person as a page names them."""
    return {"name": archive.identities.people[person_id].name, "url": paths.person_url(person_id)}


PEOPLE = 24
"""How many people a cluster's page names."""


def _people(archive: Archive, history: History) -> list[Meta]:
    """Return who is named most in a cluster's clippings, with the office printed last and the years."""
    counts: Counter[str] = Counter()
    years: defaultdict[str, set[int]] = defaultdict(set)
    office: dict[str, str | None] = {}
    for year in history.years:
        for brief in year.clippings:
            for person, mention in zip(archive.names(brief).people, brief.names.people, strict=True):
                counts[person] += 1
                years[person] |= {year.year} if year.year else set()
                office[person] = mention.role or office.get(person)
    named = archive.identities.people
    return [
        {
            "name": named[person].name,
            "url": paths.person_url(person),
            "office": office[person],
            "count": counts[person],
            "span": [min(years[person]), max(years[person])] if years[person] else [],
        }
        for person in sorted(counts, key=lambda one: (-counts[one], paths.sort_key(named[one].name), one))[:PEOPLE]
    ]


# The clusters of an authority


def _authority(archive: Archive, authority: str | None, found: Sequence[History]) -> Page:
    name = archive.identities.units[authority].unit.full if authority else None
    title = labels.text("authority.title", authority=name) if name else labels.text("authority.unknown")
    count = len({brief.path for history in found for year in history.years for brief in year.clippings})
    return _page(
        paths.authority_url(authority),
        "kb-authority.html",
        title,
        labels.text("authority.description", title=title, count=len(found)),
        [_HOME, _CLUSTERS],
        authority=name,
        unit_url=paths.unit_url(authority) if authority else None,
        count=count,
        grid=grid(archive, found),
        clusters=[_latest(archive, history) for history in found],
    )


def authority_crumb(archive: Archive, authority: str | None) -> Meta:
    """Return the step down to the page of an authority's clusters."""
    name = archive.identities.units[authority].unit.full if authority else None
    return {"kind": "authority", "authority": name, "url": paths.authority_url(authority)}


def _latest(archive: Archive, history: History) -> Meta:
    """Return a cluster with the last lead that clippings name."""
    last = next((year for year in _newest_first(history.years) if year.leads.get("truong") and year.year), None)
    name = archive.cluster_names[history.cluster]
    return {
        "number": name.number,
        "authority": name.authority,
        "url": archive.addresses.clusters[history.cluster],
        "count": sum(len(year.clippings) for year in history.years),
        "span": _span(history),
        "lead": {"year": last.year, "units": [unit(archive, one) for one in units(archive, last.leads["truong"])]}
        if last
        else None,
    }


# The grid of clusters and years


def grid(archive: Archive, found: Sequence[History]) -> Meta:
    """Return clusters by year: in each cell how many clippings there are, of which kinds, and where they stand.

    Shape: `years` (None where more than `FOLDED` empty ones are left out), and `rows` with a cell for each of these
    and one for the clippings without a year; an empty cell is None.
    """
    rows = []
    for history in found:
        by_year = {year.year: year.clippings for year in history.years}
        name, url = archive.cluster_names[history.cluster], archive.addresses.clusters[history.cluster]
        rows.append((_named(name) | {"url": url}, by_year, url))
    return _grid(rows)


def grid_of_authorities(archive: Archive, histories: Histories) -> Meta:
    """Return authorities by year, of the same shape as `grid`."""
    rows: dict[str | None, tuple[Meta, dict[int | None, tuple[Brief, ...]], str]] = {}
    for history in ordered(archive, histories):
        authority, name = history.cluster.authority, archive.cluster_names[history.cluster]
        url = paths.authority_url(authority)
        _, by_year, _ = rows.setdefault(authority, ({"name": name.authority, "url": url}, {}, url))
        for year in history.years:
            both = {brief.path: brief for brief in (*by_year.get(year.year, ()), *year.clippings)}
            by_year[year.year] = tuple(both.values())
    return _grid(list(rows.values()))


def _named(name: ClusterName) -> Meta:
    return {"number": name.number, "authority": name.authority}


def _grid(rows: Sequence[tuple[Meta, Mapping[int | None, Sequence[Brief]], str]]) -> Meta:
    years = columns({year for _, by_year, _ in rows for year, found in by_year.items() if year and found})
    return {
        "years": years,
        "rows": [
            {
                **head,
                "cells": [_cell(by_year.get(year, ()), f"{url}#nam-{year}") if year else None for year in years],
                "unknown": _cell(by_year.get(None, ()), f"{url}#nam-khong-ro"),
            }
            for head, by_year, url in rows
        ],
        "unknown": any(by_year.get(None) for _, by_year, _ in rows),
    }


def _cell(found: Sequence[Brief], url: str) -> Meta | None:
    if not found:
        return None
    kinds = {brief.kind for brief in found}
    return {"count": len(found), "kinds": [kind for kind in KINDS if kind in kinds], "url": url}


def columns(years: Iterable[int]) -> list[int | None]:
    """Return the years from the first to the last; a run of many that are not there becomes one None."""
    ordered_ = sorted(years)
    found: list[int | None] = []
    for place, year in enumerate(ordered_):
        gap = year - ordered_[place - 1] - 1 if place else 0
        if gap > FOLDED:
            found.append(None)
        else:
            found += range(year - gap, year)
        found.append(year)
    return found


def timeline(briefs: Iterable[Brief]) -> Meta:
    """Return how many clippings each campaign year has, by kind: what a picture of the archive in time is drawn from.

    Shape: `years` as in `grid`, with `bars` beside them (`count`, `parts` of kind and count; None for a None), `most`
    the largest count, `unknown` the clippings without a year.
    """
    counts: defaultdict[int | None, Counter[str | None]] = defaultdict(Counter)
    for brief in briefs:
        counts[brief.year][brief.kind] += 1
    years = columns(year for year in counts if year)
    return {
        "years": years,
        "bars": [_bar(year, counts) if year else None for year in years],
        "most": max((found.total() for year, found in counts.items() if year), default=0),
        "unknown": counts[None].total() if None in counts else 0,
    }


def _bar(year: int, counts: Mapping[int | None, Counter[str | None]]) -> Meta:
    found = counts.get(year, Counter())
    parts = [{"kind": kind, "count": found[kind]} for kind in (*KINDS, None) if found[kind]]
    url = paths.year_url(year) if parts else None
    return {"year": year, "url": url, "count": found.total(), "parts": parts}


def _page(url: str, template: str, title: str, description: str, crumbs: list[Meta], **meta: object) -> Page:
    head: Meta = {"template": template, "title": title, "description": description, "crumbs": crumbs}
    return Page(paths.page_file(url), head | meta)
