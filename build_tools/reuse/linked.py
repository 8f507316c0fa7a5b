"""A page's front matter as linked data of schema.org (JSON-LD), and the addresses of what describes the page.

Nothing but front matter has a say in it. Where the site's address is not known, addresses are relative to the page, as
JSON-LD allows, and what must have a full one is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from build_tools import labels
from build_tools.dossier import cluster_title
from build_tools.model import ClusterName
from build_tools.reuse.citing import authors, is_name
from build_tools.reuse.plain import Site, plain, web

Node = dict[str, object]
Meta = Mapping[str, Any]

MENTIONS = 30
"""People and leading units that an article's data refers to, each by the address of its page; a page names them all."""

_LISTS = frozenset(
    f"kb-{kind}.html"
    for kind in (
        *("clusters", "authority", "cluster", "years", "year", "events", "sources", "source", "units", "people"),
    )
)
_SCRIPT_SAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


class Shown(Protocol):
    """What is asked of a page, MkDocs' own or a generated one."""

    url: str
    meta: Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: its site, and the way from the page to the site's root."""

    site: Site
    base: str

    def at(self, url: str) -> str:
        """Return the address of a page or file of the site: full if that is known, else relative to the page."""
        return self.site.at(url) or ("/".join((self.base, url)) if url not in ("", ".") else f"{self.base}/")


def script(page: Shown, config: Any, base_url: str) -> str:
    """Return a page's linked data, to stand in a script element: nothing in it can end the element."""
    place = Place(Site(str(config.site_name), config.site_url or None), base_url)
    nodes = [_bare(node) for node in graph(page.meta, page.url, place)]
    data: Node = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_SCRIPT_SAFE).encode("utf-8", "replace").decode()


def graph(meta: Meta, url: str, place: Place) -> Iterator[Node]:
    """Yield what a page's front matter says, and the way to the page."""
    template = str(meta.get("template"))
    own = place.site.at(url or ".") or "./"
    if template == "kb-article.html":
        yield _article(meta, own, place)
    elif template == "kb-event.html":
        yield _event(meta, own, place)
    elif template == "kb-unit.html":
        yield _unit(meta, own)
    elif template == "kb-person.html":
        yield _person(meta, own)
    elif template == "kb-home.html":
        yield _home(meta, place)
    elif template == "kb-data.html":
        yield _data(meta, own, place)
    else:
        kind = "CollectionPage" if template in _LISTS or meta.get("entries") else "WebPage"
        node: Node = {"@type": kind, "@id": own, "name": _title(meta), "description": _text(meta, "description")}
        if template == "kb-cluster.html" and not meta.get("unassigned"):
            node["about"] = {"@type": "EventSeries", "name": _title(meta), "subEvent": list(_held(meta, place))}
        yield node | _within(place)
    if crumbs := list(_crumbs(meta.get("crumbs") or (), place)):
        items = [{"@type": "ListItem", "position": n} | crumb for n, crumb in enumerate(crumbs, 1)]
        yield {"@type": "BreadcrumbList", "itemListElement": items}


def _article(meta: Meta, own: str, place: Place) -> Node:
    links: Meta = meta.get("links") or {}
    newspaper = _text(meta, "source")
    paper: Node | None = {"@type": "Newspaper", "name": newspaper} if newspaper else None
    if paper and links.get("source"):
        paper["@id"] = place.at(str(links["source"]))
    clusters = _named(map(_cluster_name, meta.get("clusters") or ()), links.get("clusters"), "Organization", place)
    mentioned = (str(url) for url in (*(links.get("people") or ()), *(links.get("leads") or ())) if url)
    return {
        "@type": "NewsArticle",
        "@id": own,
        "headline": _title(meta),
        "articleSection": _text(meta, "kicker"),
        "datePublished": _zoned(_text(meta, "published")),
        "author": [
            {"@type": "Person", "name": one.name} if is_name(one.name) else {"name": one.name}
            for one in authors(meta.get("byline"))
        ],
        "isPartOf": paper,
        "publisher": {"@type": "NewsMediaOrganization", "name": newspaper} if newspaper else None,
        "inLanguage": "vi",
        "identifier": _text(meta, "id"),
        "contentLocation": {"@type": "Place", "name": meta_place} if (meta_place := _text(meta, "place")) else None,
        "about": clusters,
        "mentions": [{"@id": place.at(url)} for url in list(dict.fromkeys(mentioned))[:MENTIONS]],
        "isBasedOn": web(meta.get("url")),
        "sdPublisher": {"@type": "Organization", "name": plain(place.site.name)},
    }


def _cluster_name(cluster: Meta) -> str:
    return plain(cluster_title(ClusterName(cluster.get("number"), cluster.get("authority"))))


def _named(names: Iterable[object], urls: Iterable[object] | None, kind: str, place: Place) -> list[Node]:
    """Return things with pages, each page once."""
    found: dict[str, Node] = {}
    for name, url in zip(names, urls or (), strict=False):
        if name and url:
            found.setdefault(str(url), {"@type": kind, "@id": place.at(str(url)), "name": plain(name)})
    return list(found.values())


def _zoned(stamp: str | None) -> str | None:
    """Return a newspaper's stamp as it is precise: a time is that of Vietnam, where it was printed."""
    return f"{stamp}+07:00" if stamp and "T" in stamp else stamp


def _held(meta: Meta, place: Place) -> Iterator[Node]:
    """Yield the conferences of a cluster, each by the address of its page."""
    for link in meta.get("chain") or ():
        for event in link.get("events") or ():
            yield {"@type": "Event", "@id": place.at(str(event["url"]))}


def _event(meta: Meta, own: str, place: Place) -> Node:
    """Return a conference; a day or a place on which its clippings do not agree is not said."""
    facts: Meta = meta.get("facts") or {}
    days, places = ([one["text"] for one in facts.get(name) or ()] for name in ("dates", "places"))
    own_clippings = (meta.get("clippings") or ())[: meta.get("count") or 0]
    return {
        "@type": "Event",
        "@id": own,
        "name": _title(meta),
        "startDate": days[0] if len(days) == 1 else None,
        "location": {"@type": "Place", "name": plain(places[0])} if len(places) == 1 else None,
        "superEvent": {"@type": "EventSeries", "@id": place.at(str(meta["cluster_url"])), "name": _cluster_name(meta)},
        "subjectOf": [{"@id": place.at(str(one["url"]))} for one in own_clippings],
        "inLanguage": "vi",
    }


def _unit(meta: Meta, own: str) -> Node:
    awards = dict.fromkeys(plain(one.get("name")) for one in meta.get("awards") or ())
    return {"@type": "Organization", "@id": own, "name": _text(meta, "name"), "award": list(awards)} | _also(meta)


def _person(meta: Meta, own: str) -> Node:
    person = {"@type": "Person", "@id": own, "name": _text(meta, "name")} | _also(meta)
    return {"@type": "ProfilePage", "name": _title(meta), "mainEntity": person}


def _also(meta: Meta) -> Node:
    """Return the other names under which a unit or a person is printed."""
    names = [plain(one.get("text")) for one in meta.get("variants") or ()]
    return {"alternateName": [name for name in dict.fromkeys(names) if name != _text(meta, "name")]}


def _home(meta: Meta, place: Place) -> Node:
    node: Node = {"@type": "WebSite", "@id": place.at("."), "name": plain(place.site.name), "inLanguage": "vi"}
    node["description"] = _text(meta, "description")
    if search := place.site.at("tim-kiem/"):
        node["url"] = place.at(".")
        target = {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"}
        node["potentialAction"] = {
            "@type": "SearchAction",
            "target": target,
            "query-input": "required name=search_term_string",
        }
    return node


def _data(meta: Meta, own: str, place: Place) -> Node:
    files = [file for group in meta.get("tables") or () for file in group.get("files") or ()]
    return {
        "@type": "Dataset",
        "@id": own,
        "name": _title(meta),
        "description": _text(meta, "description"),
        "inLanguage": "vi",
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": place.at(str(file["url"])),
                "encodingFormat": file["type"],
                "contentSize": str(file["bytes"]),
                "sha256": file["sha256"],
            }
            for file in files
        ],
    } | _within(place)


def _within(place: Place) -> Node:
    return {"inLanguage": "vi", "isPartOf": {"@type": "WebSite", "@id": place.at("."), "name": plain(place.site.name)}}


def _crumbs(crumbs: Iterable[Meta], place: Place) -> Iterator[Node]:
    for crumb in crumbs:
        if (name := _crumb_name(crumb)) and crumb.get("url"):
            yield {"name": name, "item": place.at(str(crumb["url"]))}


def _crumb_name(crumb: Meta) -> str | None:
    kind = crumb.get("kind")
    if kind == "cluster":
        return _cluster_name(crumb)
    if kind == "authority":
        authority = crumb.get("authority")
        return plain(authority) if authority else labels.text("authority.unknown")
    if kind == "year":
        year = crumb.get("year")
        return labels.text("year.unknown") if year is None else labels.text("year.title", year=year)
    named = crumb.get("title") or crumb.get("name") or labels.load().get(f"{kind}.title")
    return plain(named) if named else None


def _title(meta: Meta) -> str:
    return plain(meta.get("title") or "")


def _text(meta: Meta, name: str) -> str | None:
    return plain(meta[name]) if meta.get(name) else None


def _bare(node: Node) -> Node:
    """Return a node without what it does not say."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
