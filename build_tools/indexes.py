"""The archive to its index pages: home, clusters, years, newspapers, search. Every clipping can be reached from each.

What has no cluster, year or newspaper stands on a page of its own, so that browsing misses nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import TypeVar

from build_tools import dossier, labels, paths
from build_tools.archive import Archive, Meta
from build_tools.brief import Brief
from build_tools.dossier import Cited
from build_tools.facts import Plan
from build_tools.history import Histories
from build_tools.model import LEAD_ROLES, ClusterName, Page
from build_tools.paths import ClusterKey, NameKey

K = TypeVar("K", bound=Hashable)

LATEST = 10
"""How many clippings the home page lists."""
A_PAGE = 400
"""How many clippings a newspaper's page lists; with more, each year has a page of its own."""

_HOME: Meta = {"kind": "home", "url": paths.HOME}
_CLUSTERS: Meta = {"kind": "clusters", "url": paths.CLUSTERS}
_YEARS: Meta = {"kind": "years", "url": paths.YEARS}
_SOURCES: Meta = {"kind": "sources", "url": paths.SOURCES}


def plans(archive: Archive, histories: Histories) -> Iterator[Plan]:
    """Yield every index page of the archive."""
    yield Plan(paths.page_file(paths.HOME), partial(home, archive, histories))
    yield Plan(paths.page_file(paths.SEARCH), partial(search, archive))
    yield from by_cluster(archive, histories)
    yield from by_year(archive, histories)
    yield from by_source(archive)


def home(archive: Archive, histories: Histories) -> Page:
    """Return the home page: what the archive holds, the newest clippings, and the ways in."""
    years = _years(archive)
    known = [year for year in years if year is not None]
    return _page(
        paths.HOME,
        "kb-home.html",
        labels.text("home.title"),
        labels.text("home.description", count=len(archive.briefs)),
        [],
        count=len(archive.briefs),
        cluster_count=len(archive.cluster_names),
        source_count=len(archive.source_names),
        first_year=min(known, default=None),
        last_year=max(known, default=None),
        latest=[archive.entry(brief) for brief in archive.briefs[: -LATEST - 1 : -1]],
        grid=_grid(archive, histories),
        timeline=dossier.timeline(archive.briefs),
        unassigned=sum(not archive.addresses.keys(brief) for brief in archive.briefs),
        years=_year_items(years),
    )


def search(archive: Archive) -> Page:
    """Return the search page; its template and script do the rest."""
    return _page(
        paths.SEARCH,
        "tim-kiem.html",
        labels.text("search.title"),
        labels.text("search.description"),
        [_HOME],
        count=len(archive.briefs),
    )


def by_cluster(archive: Archive, histories: Histories) -> Iterator[Plan]:
    """Yield the overview of clusters, and the page of the clippings about none."""
    yield Plan(paths.page_file(paths.CLUSTERS), partial(_clusters, archive, histories))
    lost = [brief for brief in archive.briefs if not archive.addresses.keys(brief)]
    if lost:
        yield Plan(paths.page_file(paths.UNASSIGNED), partial(_unassigned, archive, lost))


def _clusters(archive: Archive, histories: Histories) -> Page:
    return _page(
        paths.CLUSTERS,
        "kb-clusters.html",
        labels.text("clusters.title"),
        labels.text("clusters.description"),
        [_HOME],
        grid=_grid(archive, histories),
        groups=_cluster_groups(archive),
    )


def _unassigned(archive: Archive, lost: list[Brief]) -> Page:
    title, cited, years = dossier.cluster_title(None), Cited(archive), []
    for year, members in _newest_first(_grouped((brief.year, brief) for brief in lost)).items():
        place = len(cited.listed)
        for brief in reversed(members):
            cited.number(brief)
        years.append({"year": year, "url": paths.year_url(year), "from": place, "to": len(cited.listed)})
    return _page(
        paths.UNASSIGNED,
        "kb-cluster.html",
        title,
        labels.text("cluster.description", title=title, count=len(lost)),
        [_HOME, _CLUSTERS],
        unassigned=True,
        count=len(lost),
        years=years,
        clippings=cited.listed,
    )


def _grid(archive: Archive, histories: Histories) -> Meta:
    """Return the clusters by year, or where they are too many for one look, the authorities by year."""
    if len(histories) <= dossier.GRID:
        return dossier.grid(archive, dossier.ordered(archive, histories))
    return dossier.grid_of_authorities(archive, histories)


def by_year(archive: Archive, histories: Histories) -> Iterator[Plan]:
    """Yield the overview of campaign years, and the page of each by authority and cluster."""
    years = _years(archive)
    yield Plan(paths.page_file(paths.YEARS), partial(_all_years, archive, years))
    known = [year for year in years if year is not None]
    newer = dict(pairwise(reversed(known)))
    older = dict(pairwise(known))
    for year, clippings in years.items():
        beside = (older.get(year), newer.get(year)) if year else (None, None)
        yield Plan(paths.page_file(paths.year_url(year)), partial(_year, archive, histories, year, clippings, beside))


def _all_years(archive: Archive, years: dict[int | None, list[Brief]]) -> Page:
    return _page(
        paths.YEARS,
        "kb-years.html",
        labels.text("years.title"),
        labels.text("years.description"),
        [_HOME],
        years=_year_items(years),
        timeline=dossier.timeline(archive.briefs),
    )


def _year(
    archive: Archive,
    histories: Histories,
    year: int | None,
    clippings: list[Brief],
    beside: tuple[int | None, int | None],
) -> Page:
    spans = {key: history.span for key, history in histories.items()}
    title = labels.text("year.unknown") if year is None else labels.text("year.title", year=year)
    cited = Cited(archive)
    for brief in reversed(clippings):
        cited.number(brief)
    clusters = _by_cluster(archive, clippings)
    for key, (first, last) in spans.items():
        if year is not None and first <= year <= last:
            clusters.setdefault(key, [])
    return _page(
        paths.year_url(year),
        "kb-year.html",
        title,
        labels.text("year.description", title=title, count=len(clippings)),
        [_HOME, _YEARS],
        year=year,
        count=len(clippings),
        groups=[
            {
                "authority": authority,
                "url": paths.authority_url(group[0][0].authority) if group[0][0] else None,
                "clusters": [
                    _cluster_item(archive, key)
                    | {"items": [cited.number(brief) for brief in reversed(members)]}
                    | (_in_year(archive, histories, key, year, cited) if key and year is not None else {})
                    for key, members in group
                ],
            }
            for authority, group in _authority_groups(archive, clusters)
        ],
        clippings=cited.listed,
        prev=_year_link(beside[0]),
        next=_year_link(beside[1]),
    )


def _in_year(archive: Archive, histories: Histories, key: ClusterKey, year: int, cited: Cited) -> Meta:
    """Return a cluster in a year: who leads, who follows, what was held, how many awards clippings tell of."""
    this, following = histories[key].of(year), histories[key].of(year + 1)
    return {
        "leads": [dossier.lead(archive, this, role, cited) for role in LEAD_ROLES if this.leads.get(role)],
        "next": dossier.lead(archive, following, "truong", cited) if following.leads.get("truong") else None,
        "events": [dossier.event_item(event) for event in this.events],
        "awards": len(this.awards),
    }


def by_source(archive: Archive) -> Iterator[Plan]:
    """Yield the overview of newspapers, and the page of each with its clippings, newest first."""
    sources = _grouped((paths.source_key(brief.source), brief) for brief in archive.briefs)
    ordered = sorted(sources, key=lambda key: (key is None, paths.sort_key(archive.source_names[key] if key else "")))
    yield Plan(paths.page_file(paths.SOURCES), partial(_sources, archive, ordered, sources))
    for key in ordered:
        yield from _by_source(archive, key, sources[key])


def _sources(archive: Archive, ordered: list[NameKey | None], sources: dict[NameKey | None, list[Brief]]) -> Page:
    return _page(
        paths.SOURCES,
        "kb-sources.html",
        labels.text("sources.title"),
        labels.text("sources.description"),
        [_HOME],
        sources=[
            {
                "name": archive.source_names[key] if key else None,
                "url": archive.addresses.source(key),
                "count": len(sources[key]),
                **_first_and_last(sources[key]),
            }
            for key in ordered
        ],
    )


def _first_and_last(clippings: Iterable[Brief]) -> Meta:
    years = [year for brief in clippings if (year := _year_of(brief))]
    return {"first_year": min(years, default=None), "last_year": max(years, default=None)}


def _by_source(archive: Archive, key: NameKey | None, clippings: list[Brief]) -> Iterator[Plan]:
    """Yield a newspaper's page; where its clippings are too many for one, each year has a page of its own."""
    url = archive.addresses.source(key)
    years = _newest_first(_grouped((_year_of(brief), brief) for brief in clippings))
    apart = len(clippings) > A_PAGE
    yield Plan(paths.page_file(url), partial(_source, archive, key, clippings, years, apart))
    for year, members in years.items() if apart else ():
        at = paths.source_year_url(url, year)
        yield Plan(paths.page_file(at), partial(_source_year, archive, key, year, members))


def _source_title(archive: Archive, key: NameKey | None) -> str:
    return archive.source_names[key] if key else labels.text("source.unknown")


def _source(
    archive: Archive, key: NameKey | None, clippings: list[Brief], years: dict[int | None, list[Brief]], apart: bool
) -> Page:
    url, title = archive.addresses.source(key), _source_title(archive, key)
    return _page(
        url,
        "kb-source.html",
        title,
        labels.text("source.description", title=title, count=len(clippings)),
        [_HOME, _SOURCES],
        name=title if key else None,
        variants=_printed(clippings) if key else [],
        count=len(clippings),
        years=[
            {"year": year, "url": paths.source_year_url(url, year) if apart else None, "count": len(members)}
            | {"entries": [] if apart else _entries(archive, members)}
            for year, members in years.items()
        ],
    )


def _source_year(archive: Archive, key: NameKey | None, year: int | None, members: list[Brief]) -> Page:
    whole = _source_title(archive, key)
    title = labels.text("source.year", title=whole, year=year) if year else labels.text("source.undated", title=whole)
    name, url = whole if key else None, archive.addresses.source(key)
    return _page(
        paths.source_year_url(url, year),
        "kb-source.html",
        title,
        labels.text("source.description", title=title, count=len(members)),
        [_HOME, _SOURCES, {"kind": "source", "name": name, "url": url}],
        name=name,
        part=True,
        count=len(members),
        years=[{"year": year, "url": None, "count": len(members), "entries": _entries(archive, members)}],
    )


def _year_of(brief: Brief) -> int | None:
    """Return the year of a clipping's best date."""
    return int(brief.date[:4]) if brief.date else None


def _printed(clippings: Iterable[Brief]) -> list[Meta]:
    """Return the names under which a newspaper is printed, the most frequent first."""
    counts = Counter(brief.source for brief in clippings if brief.source is not None)
    return [{"text": text, "count": counts[text]} for text in sorted(counts, key=lambda text: (-counts[text], text))]


def _page(url: str, template: str, title: str, description: str, crumbs: list[Meta], **meta: object) -> Page:
    head: Meta = {"template": template, "title": title, "description": description, "crumbs": crumbs}
    return Page(paths.page_file(url), head | meta)


def _grouped(items: Iterable[tuple[K, Brief]]) -> dict[K, list[Brief]]:
    groups: defaultdict[K, list[Brief]] = defaultdict(list)
    for key, clipping in items:
        groups[key].append(clipping)
    return dict(groups)


def _newest_first(years: dict[int | None, list[Brief]]) -> dict[int | None, list[Brief]]:
    return {year: years[year] for year in sorted(years, key=lambda year: (year is None, -(year or 0)))}


def _years(archive: Archive) -> dict[int | None, list[Brief]]:
    """Return the clippings by campaign year, the newest year first, the unknown year last."""
    return _newest_first(_grouped((brief.year, brief) for brief in archive.briefs))


def _year_items(years: dict[int | None, list[Brief]]) -> list[Meta]:
    return [{"year": year, "url": paths.year_url(year), "count": len(members)} for year, members in years.items()]


def _year_link(year: int | None) -> Meta | None:
    return None if year is None else {"year": year, "url": paths.year_url(year)}


def _entries(archive: Archive, briefs: Iterable[Brief]) -> list[Meta]:
    """Return the short forms of `briefs`, which are in time order, newest first."""
    return [archive.entry(brief) for brief in reversed(list(briefs))]


def _by_cluster(archive: Archive, briefs: Iterable[Brief]) -> dict[ClusterKey | None, list[Brief]]:
    """Return clippings by cluster, once each; those about no cluster under None."""
    return _grouped((key, brief) for brief in briefs for key in dict.fromkeys(archive.addresses.keys(brief)) or (None,))


def _name(archive: Archive, key: ClusterKey | None) -> ClusterName | None:
    return archive.cluster_names[key] if key else None


def _cluster_url(archive: Archive, key: ClusterKey | None) -> str:
    return archive.addresses.clusters[key] if key else paths.UNASSIGNED


def _cluster_item(archive: Archive, key: ClusterKey | None) -> Meta:
    name = _name(archive, key)
    return {
        "number": name.number if name else None,
        "authority": name.authority if name else None,
        "url": _cluster_url(archive, key),
        "unassigned": name is None,
    }


Group = tuple[str | None, list[tuple[ClusterKey | None, list[Brief]]]]


def _authority_groups(archive: Archive, clusters: dict[ClusterKey | None, list[Brief]]) -> list[Group]:
    """Return clusters by authority: authorities in alphabetical order, then the unknown one, then "no cluster"."""

    def order(key: ClusterKey | None) -> tuple[object, ...]:
        name = _name(archive, key)
        authority = name.authority if name else None
        return (
            name is None,
            authority is None,
            paths.sort_key(authority or ""),
            paths.number_key(name.number if name else None),
        )

    groups: list[Group] = []
    for key in sorted(clusters, key=order):
        name = _name(archive, key)
        authority = name.authority if name else None
        previous = groups[-1][1][-1][0] if groups else None
        if groups and groups[-1][0] == authority and (previous is None) == (key is None):
            groups[-1][1].append((key, clusters[key]))
        else:
            groups.append((authority, [(key, clusters[key])]))
    return groups


def _cluster_groups(archive: Archive) -> list[Meta]:
    """Return all clusters by authority, each with its page, its size and the years it is heard of."""
    groups: list[Meta] = []
    for authority, clusters in _authority_groups(archive, _by_cluster(archive, archive.briefs)):
        items = []
        for key, clippings in clusters:
            years = [brief.year for brief in clippings if brief.year is not None]
            items.append(
                _cluster_item(archive, key)
                | {
                    "count": len(clippings),
                    "first_year": min(years, default=None),
                    "last_year": max(years, default=None),
                }
            )
        groups.append({"authority": authority, "items": items})
    return groups
