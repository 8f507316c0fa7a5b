"""The archive to its index pages: home, clusters, years, newspapers, search. Every clipping can be reached from each.

What has no cluster, year or newspaper stands on a page of its own, so that browsing misses nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise
from typing import TypeVar

from build_tools import labels, paths
from build_tools.archive import Archive, Meta
from build_tools.brief import Brief
from build_tools.model import ClusterName, Page
from build_tools.paths import ClusterKey

K = TypeVar("K", bound=Hashable)

LATEST = 10
"""How many clippings the home page lists."""

_HOME: Meta = {"kind": "home", "url": paths.HOME}
_CLUSTERS: Meta = {"kind": "clusters", "url": paths.CLUSTERS}
_YEARS: Meta = {"kind": "years", "url": paths.YEARS}
_SOURCES: Meta = {"kind": "sources", "url": paths.SOURCES}


def pages(archive: Archive) -> Iterator[Page]:
    """Yield every index page of the archive."""
    yield home(archive)
    yield search(archive)
    yield from by_cluster(archive)
    yield from by_year(archive)
    yield from by_source(archive)


def home(archive: Archive) -> Page:
    """Return the home page: what the archive holds, the newest clippings, and the ways in."""
    clusters = _cluster_groups(archive)
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
        clusters=clusters,
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


def by_cluster(archive: Archive) -> Iterator[Page]:
    """Yield the overview of clusters, and the page of each with its clippings by year."""
    yield _page(
        paths.CLUSTERS,
        "kb-clusters.html",
        labels.text("clusters.title"),
        labels.text("clusters.description"),
        [_HOME],
        groups=_cluster_groups(archive),
    )
    for key, clippings in _by_cluster(archive, archive.briefs).items():
        name = _name(archive, key)
        title = cluster_title(name)
        yield _page(
            _cluster_url(archive, key),
            "kb-cluster.html",
            title,
            labels.text("cluster.description", title=title, count=len(clippings)),
            [_HOME, _CLUSTERS],
            number=name.number if name else None,
            authority=name.authority if name else None,
            authority_url=paths.unit_url(key.authority) if key and key.authority else None,
            unassigned=name is None,
            count=len(clippings),
            years=[
                {"year": year, "url": paths.year_url(year), "entries": _entries(archive, members)}
                for year, members in _newest_first(_grouped((c.year, c) for c in clippings)).items()
            ],
        )


def by_year(archive: Archive) -> Iterator[Page]:
    """Yield the overview of campaign years, and the page of each by authority and cluster."""
    years = _years(archive)
    yield _page(
        paths.YEARS,
        "kb-years.html",
        labels.text("years.title"),
        labels.text("years.description"),
        [_HOME],
        years=_year_items(years),
    )
    known = [year for year in years if year is not None]
    newer = dict(pairwise(reversed(known)))
    older = dict(pairwise(known))
    for year, clippings in years.items():
        title = labels.text("year.unknown") if year is None else labels.text("year.title", year=year)
        yield _page(
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
                    "clusters": [
                        {**_cluster_item(archive, key), "entries": _entries(archive, members)} for key, members in group
                    ],
                }
                for authority, group in _authority_groups(archive, _by_cluster(archive, clippings))
            ],
            prev=_year_link(older.get(year) if year else None),
            next=_year_link(newer.get(year) if year else None),
        )


def by_source(archive: Archive) -> Iterator[Page]:
    """Yield the overview of newspapers, and the page of each with its clippings, newest first."""
    sources = _grouped((paths.source_key(brief.source), brief) for brief in archive.briefs)
    ordered = sorted(sources, key=lambda key: (key is None, paths.sort_key(archive.source_names[key] if key else "")))
    yield _page(
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
            }
            for key in ordered
        ],
    )
    for key in ordered:
        name = archive.source_names[key] if key else None
        title = labels.text("source.unknown") if name is None else name
        yield _page(
            archive.addresses.source(key),
            "kb-source.html",
            title,
            labels.text("source.description", title=title, count=len(sources[key])),
            [_HOME, _SOURCES],
            name=name,
            variants=_printed(sources[key]) if name else [],
            count=len(sources[key]),
            entries=_entries(archive, sources[key]),
        )


def _printed(clippings: Iterable[Brief]) -> list[Meta]:
    """Return the names under which a newspaper is printed, the most frequent first."""
    counts = Counter(brief.source for brief in clippings if brief.source is not None)
    return [{"text": text, "count": counts[text]} for text in sorted(counts, key=lambda text: (-counts[text], text))]


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
