"""Feeds of the newest clippings, Atom 1.0 and JSON Feed 1.1, beside the pages that list them.

A feed tells no clock: a clipping's time is the newspaper's stamp, else the best day there is, in the time of Vietnam.
Ids are the addresses of pages where the site's is known, else names made of what they name, which stay the same too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from build_tools import paths
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.model import Page
from build_tools.reuse.listed import Listed
from build_tools.reuse.plain import Site, plain

ATOM, JSON = "feed.xml", "feed.json"

TEMPLATES = frozenset({"kb-home.html", "kb-cluster.html", "kb-year.html", "kb-unit.html", "kb-person.html"})
"""The templates of pages that have feeds."""

UNKNOWN = "1970-01-01T00:00:00Z"
"""Stands where a feed must have a time and the clipping tells none."""

_ZONE = "+07:00"
_PRECISE = {4: "-01-01T00:00:00", 7: "-01T00:00:00", 10: "T00:00:00", 16: ":00", 19: ""}
"""What a date of so many characters lacks of a time."""
_DAY = 10


def time(brief: Brief) -> tuple[str, bool]:
    """Return the best time of a clipping in RFC 3339, and whether its day is known."""
    best = brief.published or brief.date or ""
    try:
        stamp = f"{best}{_PRECISE[len(best)]}{_ZONE}"
        datetime.fromisoformat(stamp)
    except (KeyError, ValueError):
        return UNKNOWN, False
    return stamp, len(best) >= _DAY


def names(url: str) -> tuple[str, str]:
    """Return the files of the feeds of the page at `url`, "" for the home page."""
    return f"{url}{ATOM}", f"{url}{JSON}"


class Feed(NamedTuple):
    """A feed that is made when it is wanted: its file, all that is told in it, and what makes it."""

    name: str
    told: str
    make: Callable[[], bytes]


class Feeds:
    """Makes the feeds of a site; each clipping's entries are made once."""

    def __init__(self, archive: Archive, site: Site) -> None:
        self._archive, self._site = archive, site
        self._told: dict[str, str] = {}
        self._made: dict[str, tuple[str, str]] = {}

    def of(self, page: Page, listed: Mapping[str, Listed]) -> Iterator[Feed]:
        """Yield the feeds of a page, none where its kind has none."""
        if page.meta["template"] in TEMPLATES:
            url = "" if page.uri == "index.md" else f"{page.uri.removesuffix('.md')}/"
            found = listed.get(url or paths.HOME, Listed())
            title = plain(self._site.name if not url else f"{page.meta['title']} – {self._site.name}")
            told = "\n".join((repr((self._site, url, title, found.count)), *map(self._telling, found.newest)))
            atom, json_ = names(url)
            yield Feed(atom, told, partial(self._atom, url, title, found))
            yield Feed(json_, told, partial(self._json, url, title, found))

    def _telling(self, brief: Brief) -> str:
        """Return all that an entry tells of a clipping."""
        if brief.path not in self._told:
            address = self._archive.addresses.article(brief)
            self._told[brief.path] = repr((address, brief.title, brief.source, brief.published, brief.date))
        return self._told[brief.path]

    def _id(self, url: str) -> str:
        return self._site.at(url) or uuid.uuid5(uuid.NAMESPACE_URL, f"{self._site.name}\n{url}").urn

    def _atom(self, url: str, title: str, found: Listed) -> bytes:
        # Relative addresses are those of the site's root.
        base = "" if self._site.url else f" xml:base={quoteattr('../' * url.count('/') or './')}"
        updated = max((time(brief)[0] for brief in found.newest), default=UNKNOWN)
        own, page = quoteattr(self._at(f"{url}{ATOM}")), quoteattr(self._at(url) or ".")
        complete = found.count == len(found.newest)
        return "".join(
            (
                '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"',
                ' xmlns:fh="http://purl.org/syndication/history/1.0"' if complete else "",
                f'{base} xml:lang="vi">\n<id>{escape(self._id(url))}</id><title>{escape(title)}</title>',
                f"<updated>{updated}</updated><author><name>{escape(plain(self._site.name) or '-')}</name></author>",
                f'<link rel="self" href={own}/><link href={page}/>',
                "<fh:complete/>\n" if complete else "\n",
                *(self._entry(brief)[0] for brief in reversed(found.newest)),
                "</feed>\n",
            )
        ).encode()

    def _at(self, url: str) -> str:
        return self._site.at(url) or url

    def _json(self, url: str, title: str, found: Listed) -> bytes:
        head: dict[str, str] = {"version": "https://jsonfeed.org/version/1.1", "title": title, "language": "vi"}
        if home := self._site.at(url):
            head |= {"home_page_url": home, "feed_url": f"{home}{JSON}"}
        items = ",\n".join(self._entry(brief)[1] for brief in reversed(found.newest))
        return f'{_written(head)[:-1]},"items":[\n{items}\n]}}\n'.encode()

    def _entry(self, brief: Brief) -> tuple[str, str]:
        """Return a clipping's entry in Atom and in JSON."""
        if brief.path not in self._made:
            self._made[brief.path] = self._new(brief)
        return self._made[brief.path]

    def _new(self, brief: Brief) -> tuple[str, str]:
        url = self._archive.addresses.article(brief)
        name, title, paper = self._id(url), plain(brief.title), plain(brief.source or "")
        stamp, exact = time(brief)
        atom = "".join(
            (
                f"<entry><id>{escape(name)}</id><title>{escape(title)}</title><updated>{stamp}</updated>",
                f"<published>{stamp}</published>" if brief.published and exact else "",
                f"<author><name>{escape(paper)}</name></author>" if paper else "",
                f"<link href={quoteattr(self._at(url))}/></entry>\n",
            )
        )
        item: dict[str, object] = {"id": name, "title": title, "content_text": paper}
        if address := self._site.at(url):
            item["url"] = address
        if brief.published and exact:
            item["date_published"] = stamp
        return atom, _written(item)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
