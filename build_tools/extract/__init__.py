"""Turns a cleaned clipping into a record: each field from the rules of one subject, each value with its evidence."""

from __future__ import annotations

import itertools
import re

from build_tools.extract import awards, chairs, event, figures, header, layout, people, speech, units, venue
from build_tools.extract import clusters as cluster_rules
from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Cleaned, Clipping, Evidence, Found, RawClipping, Record
from build_tools.vocab import Vocab

_TITLE_MAX = 140
_TITLE_MIN = 80
"""A derived headline ends at a comma when one leaves this much of it, else between words."""
_PIPE = re.compile(r"\s*\|\s*$")
_PAUSE = re.compile(r"[,;:](?=\s)|\A")
_DATELINE = re.compile(r"^[\s\-–—•]+")


def clipping(raw: RawClipping, cleaned: Cleaned, vocab: Vocab) -> Clipping:
    """Return everything that the clipping says."""
    segments = layout.segments(cleaned.lines, vocab)
    passages = [Passage.of(segment, cleaned.lines[segment.line - 1]) for segment in segments]
    by_role: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.text.strip():
            by_role.setdefault(passage.role, []).append(passage)
    body, captions = by_role.get("body", []), by_role.get("caption", [])
    titles, kickers = by_role.get("title", []), by_role.get("kicker", [])

    published = _published(by_role.get("stamp", []), vocab)
    meeting = event.kind(titles, body, vocab)
    year = event.campaign_year(titles, body, meeting, vocab)
    day = event.event_date([*body[: event.LEAD_PASSAGES], *titles], published, year, meeting, vocab)
    year = year or event.year_of_day(day, published, meeting)
    members = units.members([*titles, *body], vocab)
    persons = people.people([*body, *captions], vocab)
    about = cluster_rules.clusters([*titles], body, kickers, members, vocab)
    record = Record(
        title=_joined(titles, "headline"),
        kicker=_joined(kickers[:1], "kicker"),
        published=published,
        source=_first(by_role.get("source", []), "newspaper", vocab),
        byline=_first(by_role.get("byline", []), "byline", vocab),
        event_date=day,
        year=year,
        kind=meeting,
        clusters=about,
        members=members,
        leads=cluster_rules.leads([*body, *captions], members, year, meeting, vocab),
        people=persons,
        captions=_each(captions, "caption"),
        noise=_each(by_role.get("furniture", []), "furniture"),
        place=venue.place(titles, body, vocab),
        awards=awards.awards([*body, *captions], persons, year, meeting, vocab),
        figures=figures.figures([*titles, *body, *captions], vocab),
        slogans=speech.slogans([*titles, *body, *captions], vocab),
        quotations=speech.quotations(body, persons, vocab),
        chairs=chairs.chairs([*body, *captions], persons, chairs.Conference.of(about, year, day, published), vocab),
    )
    return Clipping(raw, cleaned, segments, record, None if record.title else _derived_title(body))


def _whole(passage: Passage) -> tuple[int, int]:
    """Return the span of a passage's text without white space at its ends."""
    text = passage.text
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _joined(passages: list[Passage], rule: str) -> Found[str] | None:
    """Return passages as one value: a headline may take two lines."""
    if not passages:
        return None
    spans = [_whole(passage) for passage in passages]
    value = squeeze(" ".join(p.printed(*span) for p, span in zip(passages, spans, strict=True)).lstrip("•●▪ "))
    return Found(value, passages[0].evidence(*spans[0], rule)) if value else None


def _published(stamps: list[Passage], vocab: Vocab) -> Found[str] | None:
    """Return the publication stamp in ISO form, to the precision printed."""
    for passage in stamps:
        if found := header.stamp(passage.text, vocab.header):
            return Found(found.value, passage.evidence(found.start, found.end, "stamp"))
    return None


def _first(passages: list[Passage], rule: str, vocab: Vocab) -> Found[str] | None:
    """Return the first newspaper's name or byline, bare; a masthead may take two lines."""
    for passage, following in itertools.zip_longest(passages, passages[1:]):
        start, end = _whole(passage)
        if rule == "newspaper" and vocab.header.tagline.match(passage.text.strip()):
            continue
        if rule == "newspaper" and (found := header.source_prefix(passage.text + "Ngày", vocab)):
            start, end = found[0], found[1]
        elif rule == "newspaper" and (paper := layout.PAPER.match(passage.text)):
            start, end = paper.span("name")
        elif rule == "newspaper" and (named := vocab.header.attributed.match(passage.text.strip())):
            start += named.start("name")
        elif rule == "newspaper" and following and vocab.header.masthead_open.match(passage.text.strip()):
            return _joined([passage, following], rule)
        elif rule == "byline":
            start, end = header.byline_span(passage.text, vocab.header)
        if value := passage.printed(start, end):
            return Found(value, passage.evidence(start, end, rule))
    return None


def _each(passages: list[Passage], rule: str) -> tuple[Found[str], ...]:
    """Return passages as a list, a line printed twice only once, a trailing bar dropped."""
    found: dict[str, Found[str]] = {}
    for passage in passages:
        start, end = _whole(passage)
        value = passage.printed(start, end)
        if rule == "caption":
            value = _PIPE.sub("", value).lstrip("•●▪ ")
        value = value.lstrip("|").strip() if rule == "furniture" else value
        if value:
            found.setdefault(value.casefold(), Found(value, passage.evidence(start, end, rule)))
    return tuple(found.values())


def _derived_title(body: list[Passage]) -> Found[str] | None:
    """Make a headline of the lead's first sentence, cut between words."""
    if not body:
        return None
    start, end = next(iter(body[0].sentences()))
    text = squeeze(body[0].text[start:end])
    text = _DATELINE.sub("", text)
    if len(text) > _TITLE_MAX:
        pause = max(match.start() for match in _PAUSE.finditer(text, 0, _TITLE_MAX))
        between = text.rfind(" ", 0, _TITLE_MAX)
        text = text[: pause if pause > _TITLE_MIN else between].rstrip(" ,;:–-") + "…"
    evidence = body[0].evidence(start, end, "first_sentence")
    return Found(text.rstrip(". "), Evidence(evidence.rule, evidence.line, evidence.start, evidence.end, "worked-out"))
