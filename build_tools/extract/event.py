"""The meeting: its day, the campaign year under review or ahead, and what sort of meeting it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from build_tools.extract.header import iso_date
from build_tools.extract.passage import Passage
from build_tools.model import Found, Grade, Kind
from build_tools.vocab import Vocab

LEAD_PASSAGES = 4
"""Body passages in which the meeting's day may stand: the first sentences say when and where."""
_DAY_WITHIN = 2_000
"""Characters of a passage in which its day is looked for."""
_LATE = timedelta(days=1)
"""A day may be one ahead of its stamp (clocks of servers), not more."""


def kind(titles: Sequence[Passage], lead: Sequence[Passage], vocab: Vocab) -> Found[Kind] | None:
    """Return what sort of meeting it was; a signing decides, then the headline, then the lead."""
    rules = vocab.kinds
    places = [*titles, *lead[:2]]
    for passage in places:
        for signing in rules.signing.finditer(passage.text):
            if not rules.signing_not_after.search(passage.text, 0, signing.start()):
                return Found("ky-ket", passage.evidence(signing.start(), signing.end(), "kind_of_signing"))
    for passage in places:
        hits = [
            (match.start(), order, match.end())
            for order, (_, pattern) in enumerate(rules.named)
            if (match := pattern.search(passage.text))
        ]
        if hits:
            start, order, end = min(hits)
            return Found(rules.named[order][0], passage.evidence(start, end, "kind_named"))
    if places:
        return Found(rules.fallback, places[0].evidence(0, len(places[0].text), "kind_unnamed", "guessed"))
    return None


def campaign_year(
    titles: Sequence[Passage], body: Sequence[Passage], meeting: Found[Kind] | None, vocab: Vocab
) -> Found[int] | None:
    """Return the year the campaign ran in, from the words of the headline, else of the text."""
    rules = vocab.dates
    for passages in (titles, body[:2], body):
        for rule, kinds, pattern in rules.campaign:
            if meeting is None or meeting.value not in kinds:
                continue
            for passage in passages:
                for match in pattern.finditer(passage.text):
                    if rule == "year_named" and rules.not_campaign.search(passage.text, 0, match.start()):
                        continue
                    start, end = match.span("y")
                    return Found(int(match["y"]), passage.evidence(start, end, rule))
    return None


def year_of_day(day: Found[str] | None, published: Found[str] | None, meeting: Found[Kind] | None) -> Found[int] | None:
    """Work the campaign year out of the event's day, else the stamp; a review early in a year may be of either."""
    for found in (day, published):
        if found is None:
            continue
        year, month = int(found.value[:4]), int(found.value[5:7] or 12)
        if meeting is not None and meeting.value == "tong-ket" and month < 6:
            return None
        evidence = found.evidence
        return Found(year, type(evidence)("year_of_day", evidence.line, evidence.start, evidence.end, "worked-out"))
    return None


def event_date(
    passages: Sequence[Passage],
    published: Found[str] | None,
    year: Found[int] | None,
    meeting: Found[Kind] | None,
    vocab: Vocab,
) -> Found[str] | None:
    """Return the day of the meeting, of a span its first day; None when none can be worked out.

    `passages` are those that may name it: `lead` of the body, then the headline.
    """
    for passage in passages:
        for match, rule in _days(passage, vocab):
            printed = match.groupdict().get("y")
            value = (
                iso_date(printed, match["m"], match["d"])
                if printed
                else _day_in_year(int(match["d"]), int(match["m"]), published, year, meeting)
            )
            if value:
                grade: Grade = "stated" if printed else "worked-out"
                return Found(value, passage.evidence(match.start("d"), match.end(), rule, grade))
    return _relative_day(passages[:2], published, vocab)


def _days(passage: Passage, vocab: Vocab) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the days a passage names, in text order, those that are an anniversary or a document's left out."""
    rules = vocab.dates
    taken: list[tuple[int, int, re.Match[str], str]] = []
    for rule, pattern in rules.rules:
        for match in pattern.finditer(passage.text, 0, _DAY_WITHIN):
            if any(match.start() < end and start < match.end() for start, end, _, _ in taken):
                continue
            taken.append((match.start(), match.end(), match, rule))
    for start, _, match, rule in sorted(taken, key=lambda hit: hit[0]):
        if rule in ("numeric", "span_same_month"):
            worded_as_day = passage.text[start : match.start("d")].strip() or rules.before.search(
                passage.text, 0, start
            )
            if not worded_as_day and not match["y"]:
                continue
        if rules.not_event.search(passage.text, max(0, start - 80), start):
            continue
        yield match, rule


def _day_in_year(
    day: int, month: int, published: Found[str] | None, year: Found[int] | None, meeting: Found[Kind] | None
) -> str | None:
    """Return the day with the year that the stamp, else the campaign, gives it."""
    if published is not None:
        return _before_stamp(day, month, published.value)
    if year is None or year.evidence.grade != "stated":
        return None
    if meeting is not None and meeting.value == "tong-ket" and month < 9:
        return iso_date(str(year.value + 1), str(month), str(day)) if month <= 2 else None
    return iso_date(str(year.value), str(month), str(day))


def _before_stamp(day: int, month: int, stamp: str) -> str | None:
    """Return the last such day before the stamp, to the stamp's own precision."""
    stamp_year = int(stamp[:4])
    if len(stamp) == 4:
        return iso_date(str(stamp_year), str(month), str(day))
    if len(stamp) == 7:
        late = month > int(stamp[5:7])
        return iso_date(str(stamp_year - late), str(month), str(day))
    last = date.fromisoformat(stamp[:10]) + _LATE
    for year in (stamp_year, stamp_year - 1):
        value = iso_date(str(year), str(month), str(day))
        if value and date.fromisoformat(value) <= last:
            return value
    return None


def _relative_day(body: Sequence[Passage], published: Found[str] | None, vocab: Vocab) -> Found[str] | None:
    """Return the day that "hôm nay" or "hôm qua" is, when the stamp gives a day."""
    if published is None or len(published.value) < 10:
        return None
    stamp = date.fromisoformat(published.value[:10])
    for passage in body:
        for pattern, days in ((vocab.dates.yesterday, 1), (vocab.dates.today, 0)):
            if match := pattern.search(passage.text):
                value = (stamp - timedelta(days=days)).isoformat()
                return Found(value, passage.evidence(match.start(), match.end(), "day_beside_stamp", "worked-out"))
    return None
