"""The site map: an index of maps, one for the articles of each year and one for all other pages.

`lastmod` is a day: the newest that the page's clippings tell. It is no promise that the page has not changed since, for
the archive keeps no record of that; a page whose clippings tell no day has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from build_tools.reuse.plain import Site, plain

_MOST = 40_000
"""Addresses in one map; search engines take 50,000."""
_OTHERS = "muc-luc"


@dataclass(frozen=True, slots=True)
class Map:
    """One map: its place in the site, its full address, the newest day in it, and its bytes."""

    name: str
    loc: str
    lastmod: str | None
    data: bytes


def maps(site: Site, urls: Iterable[str], days: Mapping[str, str]) -> list[Map]:
    """Return the maps of a site's pages; none when its address is not known. `days` are by the pages' addresses."""
    if site.url is None:
        return []
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for url in sorted(urls):
        parts = url.split("/")
        groups[parts[1] if parts[0] == "bai" and len(parts) > 2 else _OTHERS].append(url)
    made = []
    for group, members in sorted(groups.items()):
        for number, start in enumerate(range(0, len(members), _MOST), 1):
            name = f"sitemap-{group}{f'-{number}' if number > 1 else ''}.xml"
            some = members[start : start + _MOST]
            newest = max(filter(None, map(days.get, some)), default=None)
            made.append(Map(name, f"{site.url}{name}", newest, _map(site, some, days)))
    return made


def _map(site: Site, urls: Iterable[str], days: Mapping[str, str]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for url in urls:
        last = f"<lastmod>{days[url]}</lastmod>" if url in days else ""
        lines.append(f"<url><loc>{escape(site.at(url) or '')}</loc>{last}</url>")
    return "\n".join([*lines, "</urlset>\n"]).encode()


def opensearch(site: Site, description: str) -> bytes:
    """Return how browsers search the site; its address must be known."""
    name = plain(site.name)
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
            f"<ShortName>{escape(name[:16])}</ShortName><LongName>{escape(name[:48])}</LongName>",
            f"<Description>{escape(plain(description)[:1024])}</Description>",
            "<Language>vi</Language><InputEncoding>UTF-8</InputEncoding>",
            f'<Url type="text/html" template="{escape(site.url or "")}tim-kiem/?q={{searchTerms}}"/>',
            "</OpenSearchDescription>\n",
        )
    ).encode()
