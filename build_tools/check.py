"""What needs an archivist's eye, worst first: what could not be used, what contradicts itself, what is missing or odd.

A finding is no judgement: the clipping may well say so. Findings about a field end when a correction gives it, and
each has a code by which programs know it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from build_tools import vocab
from build_tools.archive import Meta, values
from build_tools.build import Result
from build_tools.errors import VocabError
from build_tools.extract.units import unit_at
from build_tools.fold import squeeze
from build_tools.model import FIELDS, Clipping, Cluster, Evidence, Found, Lead
from build_tools.paths import ClusterKey, name_key, printed_key
from build_tools.vocab import LOWER, UPPER

VERSION = 1
"""Of the JSON form: a new field leaves it, a changed or removed one raises it."""

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

CODES: Mapping[str, Severity] = {
    "unreadable": "error",
    "correction": "error",
    "held": "error",
    "page": "error",
    "address": "error",
    "twice": "error",
    "capitals": "error",
    "empty": "error",
    "lost": "error",
    "crowded": "warning",
    "event-after-stamp": "warning",
    "year-off": "warning",
    "two-leads": "warning",
    "two-authorities": "warning",
    "lead-not-member": "warning",
    "dates-differ": "warning",
    "leads-differ": "warning",
    "no-cluster": "warning",
    "no-date": "warning",
    "unknown-unit": "note",
    "unknown-rank": "note",
    "furniture": "note",
    "same-story": "note",
    "guessed": "note",
}
"""Every code with its severity, worst first."""

REMEDIES: Mapping[str, str] = {
    "event-after-stamp": "correct one of the two dates",
    "year-off": "correct the year or the event's day",
    "two-leads": "correct leads: the unit, the role or the year",
    "two-authorities": "correct clusters",
    "lead-not-member": "correct leads or members",
    "dates-differ": "correct the wrong ones",
    "leads-differ": "correct the wrong one",
    "no-cluster": "give clusters in its correction, or [] when it names none",
    "no-date": "give one in its correction, or null for all three",
    "unknown-unit": "correct it, or add its beginning to build_tools/data/units.yaml",
    "unknown-rank": "correct people, or add it to build_tools/data/people.yaml",
    "furniture": "correct noise, byline or captions, or add a pattern to build_tools/data/furniture.yaml",
    "same-story": "both stay; remove one only if it is the same page kept twice",
    "guessed": "give the field in its correction, right or wrong",
}
"""What to do about a finding; a problem brings its own remedy."""

HALF_YEARLY = "so-ket"
"""Of this kind a cluster may have several meetings a year, a quarter apart at least."""
MEETINGS_APART = 45
"""Days by which two dates of such meetings differ when they are not two dates of one."""
OFTEN = frozenset({"kiem-tra", "khac"})
"""Kinds of which a cluster may have any number of meetings a year."""

SHORT_WORDS = 3
"""A line of the text with no more words and no full stop: of 59 labelled clippings none has one outside a list, of
3,000 news articles 1 in 60, and those are bylines and labels of the page."""
SHORT_LINE = 60
"""Characters: a longer line that a menu's words stand in may be a sentence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: its kind, where, what, and what to do.

    `path` is relative to the content folder, `line` 1-based or None when it is about the whole file; `related` are the
    paths of other clippings that have to do with it.
    """

    code: str
    severity: Severity
    path: str
    line: int | None
    message: str
    remedy: str = ""
    related: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}" + (f" ({self.remedy})" if self.remedy else "") + f" [{self.code}]"


def findings(result: Result) -> tuple[Finding, ...]:
    """Return all that needs an eye: errors first, then by code as in `CODES`, by path and by line."""
    found = [
        Finding(
            problem.code, CODES.get(problem.code, "error"), problem.path, problem.line, problem.message, problem.remedy
        )
        for problem in result.problems
    ]
    looker = _Looker(result.folder)
    found += (finding for clipping in result.clippings for finding in looker.clipping(clipping))
    found += looker.conferences(result.clippings)
    found += (looker.story(story) for story in result.stories)
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[int, int, str, int, str]:
    codes = list(CODES)
    rank = codes.index(finding.code) if finding.code in CODES else len(codes)
    return SEVERITIES.index(finding.severity), rank, finding.path, finding.line or 0, finding.message


def counts(found: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each code, worst first, without those there are none of."""
    seen = Counter(finding.code for finding in found)
    return {code: seen[code] for code in (*CODES, *sorted(seen.keys() - CODES)) if seen[code]}


def document(result: Result, found: Sequence[Finding]) -> Meta:
    """Return the findings as docs/check.md describes them for programs."""
    severities = Counter(finding.severity for finding in found)
    return {
        "version": VERSION,
        "clippings": len(result.clippings),
        "severities": {severity: severities[severity] for severity in SEVERITIES},
        "codes": counts(found),
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "path": finding.path,
                "line": finding.line,
                "message": finding.message,
                "remedy": finding.remedy,
                "related": list(finding.related),
            }
            for finding in found
        ],
    }


@dataclass(frozen=True)
class _Words:
    """What the program knows for this purpose: `data/check.yaml`, and the ranks of `data/people.yaml`."""

    rank_like: re.Pattern[str]
    known: frozenset[str]
    parts: frozenset[str]
    furniture: re.Pattern[str]


@cache
def _words() -> _Words:
    own, people = vocab.read("check"), vocab.read("people")
    try:
        surnames = vocab.alternatives(people["surnames"])
        ranks = [rank.casefold().split() for rank in people["ranks"]]
        known = [own["not_ranks"], *(people[key] for key in ("ranks", "titles", "address", "offices", "names_not"))]
        return _Words(
            # "Đại tả Nguyễn Văn Bình"
            rank_like=re.compile(
                rf"(?<!\w)([{UPPER}][{LOWER}]+\s+(?!{vocab.alternatives(own['joins'])}\s)[{LOWER}]+)"
                rf"\s+(?={surnames}\s+[{UPPER}]\w+)"
            ),
            known=frozenset(squeeze(word).casefold() for words in known for word in words),
            parts=frozenset({rank[0] for rank in ranks} | {rank[-1] for rank in ranks}),
            furniture=re.compile("|".join(entry["pattern"] for entry in own["furniture_words"]), re.IGNORECASE),
        )
    except KeyError as error:
        raise VocabError(f"check.yaml or people.yaml lacks the key {error}") from error


class _Looker:
    """Looks at the clippings of one content folder, whose name in messages is `folder`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._vocab = vocab.load()
        self._words = _words()

    def _path(self, clipping: Clipping) -> str:
        return f"{self._folder}{clipping.raw.path.as_posix()}"

    def _finding(
        self, code: str, clipping: Clipping, line: int | None, message: str, related: Iterable[Clipping] = ()
    ) -> Finding:
        others = tuple(self._path(other) for other in related)
        return Finding(code, CODES[code], self._path(clipping), line or None, message, REMEDIES[code], others)

    def clipping(self, clipping: Clipping) -> Iterator[Finding]:
        """Yield what is to be seen in one clipping."""
        yield from self._dates(clipping)
        yield from self._leads(clipping)
        yield from self._clusters(clipping)
        yield from self._names(clipping)
        yield from self._lines(clipping)
        yield from self._guesses(clipping)

    def _dates(self, clipping: Clipping) -> Iterator[Finding]:
        record, settled = clipping.record, set(clipping.corrected)
        day, stamp, year = record.event_date, record.published, record.year
        if not (day or stamp or year) and not {"event_date", "published", "year"} <= settled:
            message = "has no date: neither when it was published, nor the day of the event, nor the year"
            yield self._finding("no-date", clipping, None, message)
        if day and stamp and not {"event_date", "published"} <= settled:
            printed = stamp.value[:10]
            if day.value[: len(printed)] > printed:
                message = f"the event ({day.value}) is later than the publication ({stamp.value})"
                yield self._finding("event-after-stamp", clipping, day.evidence.line, message)
        if day and year and not {"event_date", "year"} <= settled and abs(int(day.value[:4]) - year.value) > 1:
            message = f"the campaign year {year.value} is more than a year from the event ({day.value})"
            yield self._finding("year-off", clipping, year.evidence.line, message)

    def _leads(self, clipping: Clipping) -> Iterator[Finding]:
        record = clipping.record
        if len(record.clusters) > 1:
            return  # a lead does not say whose it is
        by_year: defaultdict[int | None, list[Lead]] = defaultdict(list)
        for lead in record.leads:
            if lead.role == "truong" and not any(_same_unit(lead.unit, other.unit) for other in by_year[lead.year]):
                by_year[lead.year].append(lead)
        for year, leads in by_year.items():
            if len(leads) > 1 and "leads" not in clipping.corrected:
                units = " and ".join(f"{lead.unit} (line {lead.evidence.line})" for lead in leads)
                message = f"one cluster has {len(leads)} leaders in {year or 'a year not named'}: {units}"
                yield self._finding("two-leads", clipping, leads[1].evidence.line, message)
        if not record.members or "leads" in clipping.corrected:
            return
        for unit, evidence in {lead.unit: lead.evidence for lead in record.leads}.items():
            if not any(_same_unit(unit, member.value) for member in record.members):
                message = f"{unit} leads the cluster but is not among the {len(record.members)} members listed"
                yield self._finding("lead-not-member", clipping, evidence.line, message)

    def _clusters(self, clipping: Clipping) -> Iterator[Finding]:
        if "clusters" in clipping.corrected:
            return
        clusters = clipping.record.clusters
        if not clusters:
            yield self._finding("no-cluster", clipping, None, "names no cluster")
        for one, other in itertools.combinations(clusters, 2):
            first, second = printed_key(one), printed_key(other)
            if first.number is not None and first.number == second.number and first != second:
                whose = " and of ".join(cluster.authority or "an authority not named" for cluster in (one, other))
                message = f"cluster {one.number} is given twice, of {whose}"
                yield self._finding("two-authorities", clipping, other.evidence.line, message)

    def _names(self, clipping: Clipping) -> Iterator[Finding]:
        named = [(found.value, found.evidence) for found in clipping.record.members]
        named += [(lead.unit, lead.evidence) for lead in clipping.record.leads]
        for name, evidence in dict(reversed(named)).items():
            if evidence.grade != "corrected" and not self._begins_as_a_unit(name):
                message = f"{name} does not begin as a unit that is known"
                yield self._finding("unknown-unit", clipping, evidence.line, message)
        if "people" in clipping.corrected:
            return
        for segment in clipping.text():
            for match in self._words.rank_like.finditer(segment.text):
                rank = squeeze(match[1])
                if rank.casefold() in self._words.known or self._words.parts.isdisjoint(rank.casefold().split()):
                    continue
                message = f"{rank} stands before a name like a rank but is none that is known"
                yield self._finding("unknown-rank", clipping, segment.line, message)

    def _begins_as_a_unit(self, name: str) -> bool:
        """Whether a name begins as a unit's does; a list may leave out whose it is, as in "Trại tạm giam".

        A province or a district may be a member itself: "tỉnh An Giang".
        """
        if self._vocab.units.level_place.fullmatch(name):
            return True
        return any(unit_at(f"{name}{whose}", 0, self._vocab) for whose in ("", " A"))

    def _lines(self, clipping: Clipping) -> Iterator[Finding]:
        if "noise" in clipping.corrected:
            return
        listed = {member.evidence.line for member in clipping.record.members}
        for segment in clipping.segments:
            line = squeeze(segment.text)
            if segment.role != "body" or not line or segment.line in listed or not self._looks_like_furniture(line):
                continue
            message = f"this line of the text may be the page's: {line}"
            yield self._finding("furniture", clipping, segment.line, message)

    def _looks_like_furniture(self, line: str) -> bool:
        if not any(character.isalpha() for character in line):
            return True
        if len(line) > SHORT_LINE or _SENTENCE_END.search(line) or _LISTED.match(line):
            return False
        if self._words.furniture.search(line):
            return True
        return len(line.split()) <= SHORT_WORDS and not self._begins_as_a_unit(line)

    def _guesses(self, clipping: Clipping) -> Iterator[Finding]:
        shown = values(clipping.record)
        for name in FIELDS:
            for value, evidence in _each_value(getattr(clipping.record, name), shown[name]):
                if evidence.grade == "guessed":
                    message = f"guessed: {name} is {value}"
                    yield self._finding("guessed", clipping, evidence.line, message)

    def story(self, story: Sequence[Clipping]) -> Finding:
        """Return that several clippings tell one story."""
        first, *others = story
        message = f"tells the same story as {', '.join(map(self._path, others))}"
        return self._finding("same-story", first, None, message, others)

    def conferences(self, clippings: Iterable[Clipping]) -> Iterator[Finding]:
        """Yield what clippings on one conference, or one cluster and year, say differently."""
        meetings: defaultdict[tuple[ClusterKey, int, str], list[Clipping]] = defaultdict(list)
        leads: defaultdict[tuple[ClusterKey, int, str], dict[str, list[Clipping]]] = defaultdict(dict)
        names: dict[ClusterKey, str] = {}
        for clipping in sorted(clippings, key=self._path):
            record = clipping.record
            for cluster in filter(self._tells, record.clusters):
                key = printed_key(cluster)
                names.setdefault(key, f"cluster {cluster.number} of {cluster.authority}")
                if record.year and record.kind and record.event_date and record.kind.value not in OFTEN:
                    meetings[key, record.year.value, record.kind.value].append(clipping)
                if len(record.clusters) == 1:
                    for lead in record.leads:
                        if lead.year:
                            leads[key, lead.year, lead.role].setdefault(lead.unit, []).append(clipping)
        for (key, year, kind), group in meetings.items():
            yield from self._two_days(f"{names[key]}, {kind} {year}", kind, group)
        for (key, year, role), units in leads.items():
            yield from self._two_units(f"{names[key]}, {year}", role, units)

    def _tells(self, cluster: Cluster) -> bool:
        """Whether a cluster's number and authority say which one it is: "Công an tỉnh" alone is any province's."""
        key = printed_key(cluster)
        vague = (None, name_key(self._vocab.units.police_province))
        return key.number is not None and key.authority not in vague

    def _two_days(self, meeting: str, kind: str, group: Sequence[Clipping]) -> Iterator[Finding]:
        days: dict[str, Clipping] = {}
        for clipping in group:
            if clipping.record.event_date:
                days.setdefault(clipping.record.event_date.value, clipping)
        if all("event_date" in clipping.corrected for clipping in days.values()):
            return
        ordered = sorted(days)
        if kind == HALF_YEARLY:
            pairs = itertools.pairwise(map(date.fromisoformat, ordered))
            if not any((later - sooner).days < MEETINGS_APART for sooner, later in pairs):
                return
        if len(ordered) > 1:
            first, *others = sorted(days.values(), key=self._path)
            said = ", ".join(f"{day} ({self._path(days[day])})" for day in ordered)
            message = f"clippings give {len(ordered)} event dates for {meeting}: {said}"
            line = first.record.event_date.evidence.line if first.record.event_date else None
            yield self._finding("dates-differ", first, line, message, others)

    def _two_units(self, cluster: str, role: str, units: Mapping[str, Sequence[Clipping]]) -> Iterator[Finding]:
        """Yield that clippings name two units for one role, unless one names both (there may be two deputies)."""
        for one, other in itertools.combinations(units, 2):
            if _same_unit(one, other) or {c.raw.path for c in units[one]} & {c.raw.path for c in units[other]}:
                continue
            first, second = units[one][0], units[other][0]
            if "leads" in first.corrected and "leads" in second.corrected:
                continue
            said = f"{one} ({self._path(first)}), {other} ({self._path(second)})"
            evidence = next(lead.evidence for lead in first.record.leads if lead.unit == one and lead.role == role)
            message = f"clippings name two units as {role} of {cluster}: {said}"
            yield self._finding("leads-differ", first, evidence.line, message, [second])


_SENTENCE_END = re.compile(r"""[.!?…:;,]["'”’»)\]]*\Z""")
_LISTED = re.compile(r"[-–+*•]\s")


def _each_value(found: Any, shown: object) -> Iterator[tuple[str, Evidence]]:
    """Yield each value of a field as text, with its evidence."""
    if isinstance(found, Found):
        yield str(found.value), found.evidence
    elif isinstance(found, tuple) and isinstance(shown, list):
        for item, value in zip(found, shown, strict=True):
            yield (
                ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value),
                item.evidence,
            )


def _same_unit(one: str, other: str) -> bool:
    """Whether two names may be one unit's: one is the end of the other, "quận Ba Đình" of "Công an quận Ba Đình"."""
    first, second = sorted((name_key(one), name_key(other)), key=len)
    return first == second or second.endswith(f" {first}")
