"""The pages of editions, and those at addresses where no clipping is any more."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from build_tools import labels, paths
from build_tools.archive import Archive
from build_tools.editions.changes import KINDS
from build_tools.editions.manifest import Editions, Head, Manifest
from build_tools.lasting import Ends
from build_tools.model import Page
from build_tools.said import Meta

OVERVIEW, EDITION, MOVED, WITHDRAWN = "kb-editions.html", "kb-edition.html", "kb-moved.html", "kb-withdrawn.html"

_CRUMBS: list[Meta] = [{"kind": "home", "url": paths.HOME}]


class State(NamedTuple):
    """The edition of a site: its id and its page, and whether the site holds something else by now."""

    id: str
    url: str
    draft: bool

    def cited(self) -> str:
        """Return what a citation says of it."""
        return labels.text("edition.draft" if self.draft else "edition.cited", id=self.id)


def edition_url(edition: str) -> str:
    """Return the address of an edition's page."""
    return f"{paths.EDITIONS}{edition}/"


def state(editions: Editions, archive: Archive) -> State | None:
    """Return the edition of an archive, None when none has been closed."""
    if not editions.last:
        return None
    last = editions.last
    there = {
        brief.path: (archive.addresses.article(brief), brief.sha256, brief.correction, brief.said)
        for brief in archive.briefs
    }
    was = {path: (one.address, one.sha256, one.correction, one.said) for path, one in last.clippings.items()}
    gone = {one.path: one.correction for one in archive.ends.gone}
    graves = {path: one.correction for path, one in last.withdrawn.items()}
    draft = there != was or gone != graves or dict(archive.ends.former) != dict(last.former)
    return State(last.id, edition_url(last.id), draft)


def offered(editions: Editions, archive: Archive) -> Manifest | None:
    """Return the manifest that the site offers: the last edition's, unless it names what has been withdrawn since."""
    last = editions.last
    return None if last and any(one.path in last.clippings for one in archive.ends.gone) else last


def ends(found: Ends) -> Iterator[Page]:
    """Yield a page for each address at which no clipping is any more."""
    for url, target in found.former.items():
        yield Page(paths.page_file(url), {"template": MOVED, "title": labels.text("edition.moved"), "to": target})
    for url, stone in found.withdrawn.items():
        yield Page(
            paths.page_file(url),
            {
                "template": WITHDRAWN,
                "title": labels.text("edition.withdrawn"),
                "description": labels.text("edition.withdrawn"),
                "crumbs": _CRUMBS,
                "reason": stone.reason,
            },
        )


def pages(editions: Editions, archive: Archive) -> Iterator[Page]:
    """Yield the overview of the editions, and a page for each; none without editions."""
    now = state(editions, archive)
    if now is None:
        return
    yield Page(
        paths.page_file(paths.EDITIONS),
        {
            "template": OVERVIEW,
            "title": labels.text("edition.all"),
            "description": labels.text("edition.description"),
            "crumbs": _CRUMBS,
            "draft": now.draft,
            "published": offered(editions, archive) is not None,
            "editions": [_short(head) for head in reversed(editions.heads)],
        },
    )
    there = {*archive.addresses.articles.values(), *archive.ends.former}
    for head in editions.heads:
        yield _edition(head, there, archive.ends.withdrawn)


def _short(head: Head) -> Meta:
    counts = {kind: len(head.changes.get(kind, ())) for kind in KINDS if head.changes.get(kind)}
    return {
        "id": head.id,
        "number": head.number,
        "date": head.date,
        "url": edition_url(head.id),
        "clippings": head.clippings,
        "first": head.previous is None,
        "counts": counts,
    }


def _edition(head: Head, there: Container[str], withdrawn: Container[str]) -> Page:
    changes: Meta = {}
    for kind in KINDS:
        if shown := [_shown(one, there, withdrawn) for one in head.changes.get(kind, ())]:
            changes[kind] = shown
    return Page(
        paths.page_file(edition_url(head.id)),
        {
            "template": EDITION,
            "title": labels.text("edition.title", id=head.id),
            "description": labels.text("edition.page", id=head.id, count=head.clippings),
            "crumbs": [*_CRUMBS, {"kind": "editions", "title": labels.text("edition.all"), "url": paths.EDITIONS}],
            **_short(head),
            "previous": {"id": head.previous, "url": edition_url(head.previous)} if head.previous else None,
            "changes": changes,
            "pages": _pages(head.changes.get("pages")),
            "made_with": head.made_with,
        },
    )


def _pages(counted: Mapping[str, Any] | None) -> Meta | None:
    """Return how many pages came, changed and went; an address may hold a name that was withdrawn."""
    return {**counted, "gone": len(counted["gone"])} if counted else None


def _shown(one: Mapping[str, Any], there: Container[str], withdrawn: Container[str]) -> Meta:
    """Return a change as a page shows it; of a clipping that is withdrawn by now nothing but its address."""
    url = str(one["address"])
    if url in withdrawn and "reason" not in one:
        return {"address": url, "url": url, "gone": True}
    told = {name: value for name, value in one.items() if name not in ("old", "new")}
    if "field" in one:
        told |= {name: list(_texts(one[name])) for name in ("old", "new")}
    elif "old" in one:
        told["old"] = one["old"]
    return told | {"url": url if url in there or url in withdrawn else None}


def _texts(values: Iterable[Any]) -> Iterator[list[str]]:
    """Yield the parts of each value that say something; most have one."""
    for value in values:
        parts = value.values() if isinstance(value, dict) else (value,)
        yield [str(part) for part in parts if part is not None]
