"""A clipping as search sees it: its texts by how much they weigh, and the values that results are narrowed by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from build_tools import abbreviations, labels, paths
from build_tools.archive import Archive
from build_tools.fold import squeeze
from build_tools.model import Clipping, Cluster
from build_tools.paths import roman
from build_tools.search.former import former_names
from build_tools.vocab import alternatives

Name = tuple[str, str]
"""A page's address and the name that stands for it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page as search sees it; all texts are plain, NFC, with white space folded.

    `facts` are texts that weigh more than the running text: what the record says, captions, and the running text's
    short forms written out, its long forms shortened, each with its neighbours. `date` is ISO to its true precision.
    """

    url: str
    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...] = ()
    title_derived: bool = False
    date: str | None = None
    year: int | None = None
    kind: str | None = None
    source: Name | None = None
    clusters: tuple[tuple[str, str, str], ...] = ()
    units: tuple[Name, ...] = ()
    people: tuple[Name, ...] = ()


def records(archive: Archive) -> Iterator[Document]:
    """Yield the document of every clipping, in time order."""
    for clipping in archive.clippings:
        yield document(clipping, archive)


def document(clipping: Clipping, archive: Archive) -> Document:
    """Return a clipping as search sees it."""
    record = clipping.record
    names = archive.names(clipping)
    unit_ids = dict.fromkeys([*filter(None, names.authorities), *names.members, *names.leads])
    units = tuple((paths.unit_url(one), archive.identities.units[one].unit.full) for one in unit_ids)
    people = tuple((paths.person_url(one), archive.identities.people[one].name) for one in dict.fromkeys(names.people))
    key = paths.source_key(clipping)
    source = (archive.addresses.source(key), archive.source_names[key]) if key else None
    clusters = tuple(
        (archive.addresses.clusters[key], _label(cluster), cluster.authority or "")
        for key, cluster in zip(archive.addresses.keys(clipping), record.clusters, strict=True)
    )
    body = tuple(_plain(segment.text) for segment in clipping.text())
    facts = [
        *_facts(clipping),
        *(name for _, name in units),
        *(other for _, name in units for other in former_names(name, clipping.date)),
        *([source[1]] if source else ()),
        *(label for _, label, _ in clusters),
        *(variant for text in (clipping.title, *body) for variant in variants(text)),
    ]
    return Document(
        url=archive.addresses.article(clipping),
        title=_plain(clipping.title),
        paragraphs=body,
        facts=tuple(dict.fromkeys(text for fact in facts if (text := _plain(fact)))),
        title_derived=clipping.title_derived,
        date=clipping.date,
        year=record.year.value if record.year else None,
        kind=record.kind.value if record.kind else None,
        source=source,
        clusters=clusters,
        units=units,
        people=people,
    )


def _facts(clipping: Clipping) -> Iterator[str]:
    record = clipping.record
    yield from (found.value for found in (record.kicker, record.source, record.byline, record.place) if found)
    yield from (_reversed_date(found.value) for found in (record.published, record.event_date) if found)
    if record.year:
        yield str(record.year.value)
    yield from (found.value for found in record.members)
    yield from (lead.unit for lead in record.leads)
    yield from (" ".join(filter(None, (person.rank, person.name, person.role))) for person in record.people)
    yield from (" ".join(filter(None, (award.name, award.level, award.recipient))) for award in record.awards)
    yield from (caption.value for caption in record.captions)
    yield from (slogan.value for slogan in record.slogans)


def _reversed_date(iso: str) -> str:
    """Return an ISO date in the order in which it is typed here: "2022-11-24T17:41" gives "24/11/2022"."""
    return "/".join(reversed(iso[:10].split("-")))


def _label(cluster: Cluster) -> str:
    """Return a cluster's name as the reader sees it."""
    number = cluster.number
    if number is None:
        name = labels.text("cluster.unnumbered")
    elif isinstance(number, int) or roman(number) or len(number) <= 2:
        name = labels.text("cluster.numbered", number=number)
    else:
        name = number
    if cluster.authority is None:
        return labels.text("cluster.without_authority", cluster=name)
    return labels.text("cluster.with_authority", cluster=name, authority=cluster.authority)


MAX_SHOWN_WORD = 200
"""Characters of a word that a list shows."""
_LONG_WORD = re.compile(rf"(\S{{{MAX_SHOWN_WORD}}})\S+")


def _plain(text: str) -> str:
    return _LONG_WORD.sub(r"\1…", squeeze(unicodedata.normalize("NFC", text)))


# Short and long forms find each other: "CATP Hải Phòng" is found by "công an thành phố hải phòng", and back.

_BEFORE = re.compile(r"[^\W_]+\W*\Z")
_AFTER = re.compile(r"\W*[^\W_]+")
_NEAR = 24


def variants(text: str) -> Iterator[str]:
    """Yield each short form of `text` written out, and each long form shortened, with the words beside it."""
    shorts, by_long, longs = _forms()
    for pattern, other in ((shorts.words, shorts.always), (longs, by_long)):
        for match in pattern.finditer(text):
            found = other.get(match.group()) or other.get(squeeze(match.group()).casefold())
            if found:
                before = _BEFORE.search(text[max(0, match.start() - _NEAR) : match.start()])
                after = _AFTER.match(text, match.end(), match.end() + _NEAR)
                yield " ".join(filter(None, (before and before.group(), found, after and after.group())))


@cache
def _forms() -> tuple[abbreviations.Abbreviations, dict[str, str], re.Pattern[str]]:
    known = abbreviations.load()
    by_long: dict[str, str] = {}
    for short, long in sorted(known.always.items()):
        by_long.setdefault(long.casefold(), short)
    return known, by_long, re.compile(rf"(?<!\w){alternatives(by_long)}(?!\w)", re.IGNORECASE)
