"""A clipping as search sees it: its texts by how much they weigh, and the values that results are narrowed by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from build_tools import abbreviations, labels
from build_tools.brief import Brief
from build_tools.fold import squeeze
from build_tools.model import Clipping, Cluster, ClusterName
from build_tools.paths import roman
from build_tools.search.former import former_names
from build_tools.search.postings import Fields
from build_tools.settings import Name, Setting
from build_tools.vocab import alternatives

__all__ = ["Document", "Name", "Texts", "document", "fields", "head", "texts"]


class Document(NamedTuple):
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


def head(brief: Brief, setting: Setting) -> Document:
    """Return a clipping as results show it and as they are narrowed by: its document without its texts."""
    return Document(
        url=setting.url,
        title=_plain(brief.title),
        paragraphs=(),
        title_derived=brief.title_derived,
        date=brief.date,
        year=brief.year,
        kind=brief.kind,
        source=setting.source,
        clusters=tuple(
            (page.url, _label(cluster), cluster.authority or "")
            for page, cluster in zip(setting.clusters, brief.clusters, strict=True)
        ),
        units=setting.unit_names,
        people=setting.person_names,
    )


def document(clipping: Clipping, setting: Setting) -> Document:
    """Return a clipping as search sees it; nothing but the clipping and its setting has a say in it."""
    found = texts(clipping)
    (title,), facts, paragraphs = fields(found, setting)
    record = clipping.record
    return Document(
        url=setting.url,
        title=title,
        paragraphs=tuple(paragraphs),
        facts=tuple(facts),
        title_derived=clipping.title_derived,
        date=clipping.date,
        year=record.year.value if record.year else None,
        kind=record.kind.value if record.kind else None,
        source=setting.source,
        clusters=tuple(
            (page.url, label, cluster.authority or "")
            for page, label, cluster in zip(setting.clusters, found.clusters, record.clusters, strict=True)
        ),
        units=setting.unit_names,
        people=setting.person_names,
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """What of a clipping can be found but for what the rest of the archive has a say in; all texts are plain.

    `date` is its best one; `clusters` are the names of its clusters, `variants` its short forms written out and its
    long forms shortened.
    """

    title: str
    date: str | None
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...]
    clusters: tuple[str, ...]
    variants: tuple[str, ...]


def texts(clipping: Clipping) -> Texts:
    """Return what of a clipping can be found; nothing but the clipping has a say in it."""
    body = tuple(_plain(segment.text) for segment in clipping.text())
    return Texts(
        _plain(clipping.title),
        clipping.date,
        body,
        tuple(map(_plain, _facts(clipping))),
        tuple(map(_label, clipping.record.clusters)),
        tuple(_plain(variant) for text in (clipping.title, *body) for variant in variants(text)),
    )


def fields(found: Texts, setting: Setting) -> Fields:
    """Return what of a clipping can be found by weight: title, facts, text."""
    facts = [
        *found.facts,
        *(_plain(name) for _, name in setting.unit_names),
        *(_plain(other) for _, name in setting.unit_names for other in former_names(name, found.date)),
        *([_plain(setting.source[1])] if setting.source else ()),
        *map(_plain, found.clusters),
        *found.variants,
    ]
    return (found.title,), tuple(filter(None, dict.fromkeys(facts))), found.paragraphs


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


def _label(cluster: Cluster | ClusterName) -> str:
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
    plain = squeeze(unicodedata.normalize("NFC", text))
    return _LONG_WORD.sub(r"\1…", plain) if _has_long_word(plain) else plain


def _has_long_word(plain: str) -> bool:
    """Whether a word is longer than a list shows; as fast as looking at each two hundredth character."""
    at = 0
    while len(plain) - at > MAX_SHOWN_WORD:
        at = plain.rfind(" ", at, at + MAX_SHOWN_WORD + 1) + 1
        if not at:
            return True
    return False


# Short and long forms find each other: "CATP Hải Phòng" is found by "công an thành phố hải phòng", and back.

_BEFORE = re.compile(r"[^\W_]+\W*\Z")
_AFTER = re.compile(r"\W*[^\W_]+")
_NEAR = 24


def variants(text: str) -> Iterator[str]:
    """Yield each short form of `text` written out, and each long form shortened, with the words beside it."""
    shorts, by_long, longs = _forms()
    for match in shorts.words.finditer(text):
        if match.group() in shorts.always:
            yield _beside(text, match.start(), match.end(), shorts.always[match.group()])
    for match in longs.finditer(f"\n{_lower(text)}"):
        found = by_long.get(squeeze(match.group(1)).casefold())
        if found:
            yield _beside(text, match.start(1) - 1, match.end(1) - 1, found)


def _beside(text: str, start: int, end: int, other: str) -> str:
    """Return another form of the words from `start` to `end`, between the words beside them."""
    before, after = _BEFORE.search(text[max(0, start - _NEAR) : start]), _AFTER.match(text, end, end + _NEAR)
    return " ".join(filter(None, (before and before.group(), other, after and after.group())))


def _lower(text: str) -> str:
    """Return a text in lower case with every character at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


@cache
def _forms() -> tuple[abbreviations.Abbreviations, dict[str, str], re.Pattern[str]]:
    known = abbreviations.load()
    by_long: dict[str, str] = {}
    for short, long in sorted(known.always.items()):
        by_long.setdefault(long.casefold(), short)
    # With the character before them, for a search that begins with a look back is slower.
    return known, by_long, re.compile(rf"\W({alternatives(by_long)})(?!\w)")
