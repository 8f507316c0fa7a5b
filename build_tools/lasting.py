"""Addresses last: what the last edition named stays where it was, leads on, or says that it was withdrawn.

A clipping keeps the address that it had in the last edition while its file keeps its name, whatever is corrected in it.
A file of another name gets another address, and the former one leads there: when the bytes are the same, or when the
clipping's correction says `formerly`. A former address is never given to another clipping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from build_tools import paths
from build_tools.brief import Brief
from build_tools.fold import slug
from build_tools.model import Problem, Withdrawn
from build_tools.paths import Kept

T = TypeVar("T")


class Place(NamedTuple):
    """Where a clipping was in an edition, and the digest of its file."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Past:
    """The addresses of the last edition: its clippings and its withdrawn ones by path, its former addresses."""

    articles: Mapping[str, Place] = field(default_factory=dict)
    withdrawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)

    def urls(self) -> Iterator[tuple[str, str]]:
        """Yield every address with the path of the clipping that was there, or the address to which it led."""
        yield from ((place.url, path) for path, place in self.articles.items())
        yield from ((url, path) for path, urls in self.withdrawn.items() for url in urls)
        yield from self.former.items()


PAST = Past()
"""Of an archive without editions."""


class Tombstone(NamedTuple):
    """What an address says whose clipping is withdrawn; `path` is below the clippings folder."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ends:
    """Addresses at which no clipping is any more.

    `former` lead to clippings' addresses, `withdrawn` to nothing. `lost` are the last edition's that would vanish, each
    with the path or the address that it had there. `gone` are the withdrawn clippings.
    """

    former: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Mapping[str, Tombstone] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is settled before clippings get their addresses: what they keep, the tombstones, where files have gone."""

    kept: Kept
    withdrawn: Mapping[str, Tombstone]
    moved: Mapping[str, str]
    """The path at which a clipping of the last edition is now, by the address that it had."""
    gone: tuple[Withdrawn, ...] = ()
    nowhere: tuple[Withdrawn, ...] = ()
    """Those of the withdrawn clippings of which no address is known."""


def keep(briefs: Sequence[Brief], gone: Sequence[Withdrawn], past: Past) -> Keeping:
    """Return which addresses of the past, and which that corrections name, belong to whom."""
    graves: dict[str, Tombstone] = {}
    nowhere = []
    for one in sorted(gone, key=lambda one: one.path):
        urls = tuple(dict.fromkeys(graves_of(one, past)))
        nowhere += [] if urls else [one]
        graves |= {url: Tombstone(one.path, one.reason) for url in urls}
    here = {brief.path for brief in briefs}
    moved = {url: path for url, path in elsewhere(briefs, past).items() if url not in graves}
    pins = {path: place.url for path, place in past.articles.items() if path in here and place.url not in moved}
    for path, urls in past.withdrawn.items():
        if path in here and urls and urls[0] not in graves:
            pins.setdefault(path, urls[0])
    living = set(pins.values())
    graves = {url: stone for url, stone in graves.items() if url not in living}
    owners = {url: stone.path for url, stone in graves.items()}
    owners |= {url: path for path, url in pins.items()}
    owners |= moved
    for url, target in past.former.items():
        owners.setdefault(url, f"what is now /{target}")
    for brief in sorted(briefs, key=lambda brief: brief.path):
        for url in brief.formerly:
            owners.setdefault(url, brief.path)
            if owners[url].startswith("what is now "):
                owners[url] = brief.path
    return Keeping(Kept(pins, owners), graves, moved, tuple(gone), tuple(nowhere))


def elsewhere(briefs: Iterable[Brief], past: Past) -> dict[str, str]:
    """Return the clippings that have another name than in the last edition: their paths by the addresses they had.

    Nothing else of a clipping's bytes has a say in addresses.
    """
    if not past.articles:
        return {}
    by_content = {brief.sha256: brief.path for brief in briefs}
    found = ((place.url, path, by_content.get(place.sha256)) for path, place in past.articles.items())
    return {url: now for url, path, now in found if now and now != path and now not in past.articles}


def graves_of(one: Withdrawn, past: Past) -> Iterator[str]:
    """Yield the addresses of a withdrawn clipping, its own first; `past` are those of the last edition."""
    if one.path in past.articles:
        yield past.articles[one.path].url
    yield from past.withdrawn.get(one.path, ())
    if one.sha256:
        yield from (place.url for place in past.articles.values() if place.sha256 == one.sha256)
    yield from one.formerly
    if one.path in past.articles or one.path in past.withdrawn:
        return
    year = paths.year_of(one.path) or (paths.year_folder(one.date) if one.sha256 else None)
    if year:
        yield paths.article_url(year, slug(PurePosixPath(one.path).stem))


def ends(
    briefs: Iterable[Brief], articles: Mapping[str, str], keeping: Keeping, past: Past
) -> tuple[Ends, list[Problem]]:
    """Return what becomes of the addresses at which no clipping is, and what is wrong with those that are named.

    `articles` are the clippings' addresses by path.
    """
    live = set(articles.values())
    problems = [
        Problem(
            f"{one.path.removesuffix('.txt')}.yaml",
            "withdraws a clipping whose address is not known",
            "name its address: formerly: [bai/2022/ten-bai]",
            code="correction",
        )
        for one in keeping.nowhere
    ]
    former = {url: articles[path] for url, path in keeping.moved.items() if url not in live}
    for brief in briefs:
        for url in brief.formerly:
            if keeping.kept.owners.get(url) != brief.path:
                owner = keeping.kept.owners.get(url)
                message = f"its former address /{url} belongs to {owner}"
                problems.append(Problem(brief.path, message, "take it out of formerly", code="address"))
            elif url not in live:
                former[url] = articles[brief.path]
    withdrawn = {url: stone for url, stone in keeping.withdrawn.items() if url not in live}
    for url in past.former:
        if url in live or url in former or url in withdrawn:
            continue
        target = _followed(url, {**past.former, **former})
        if target in live:
            former[url] = target
        elif target in withdrawn:
            withdrawn[url] = withdrawn[target]
    known = live | former.keys() | withdrawn.keys()
    lost = {url: was for url, was in past.urls() if url not in known}
    return Ends(_sorted(former), _sorted(withdrawn), _sorted(lost), keeping.gone), problems


def _followed(url: str, former: Mapping[str, str]) -> str:
    """Return where an address leads in the end; of a circle any member."""
    seen = set[str]()
    while url in former and url not in seen:
        seen.add(url)
        url = former[url]
    return url


def _sorted(entries: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(entries.items()))
