"""Awards: what was given or proposed, by whom, to whom and for which year, one entry for each recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_tools.extract import units
from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Award, Found, Kind, Person
from build_tools.vocab import UPPER, Vocab

_BULLET = re.compile(r"\s*(?:[-–+*•]|\d{1,2}[.)])\s*")
_LETTERS = re.compile(rf"[{UPPER}]{{3,}}(?!\w)")
_QUOTES = '“”" '
_GIVER_BEFORE = 120
"""Characters before an award in which its giver stands: "được Giám đốc Công an tỉnh tặng Giấy khen"."""


def awards(
    passages: Sequence[Passage],
    people: Sequence[Person],
    year: Found[int] | None,
    meeting: Found[Kind] | None,
    vocab: Vocab,
) -> tuple[Award, ...]:
    """Return the awards that the clipping tells of; a review's award without a printed year is of its campaign."""
    review = year.value if year and meeting and meeting.value in ("tong-ket", "so-ket") else None
    reader = _Reader(tuple(person.name for person in people), review, vocab)
    found: dict[tuple[str, str | None, str | None, int | None], Award] = {}
    announced = False
    for passage in passages:
        announced = reader.announces(passage, announced)
        for award in reader.read(passage, announced=announced):
            found.setdefault((award.name.casefold(), award.level, award.recipient, award.year), award)
    named = {(award.name.casefold(), award.year) for award in found.values() if award.recipient}
    return tuple(a for a in found.values() if a.recipient or (a.name.casefold(), a.year) not in named)


@dataclass(frozen=True, slots=True)
class _Named:
    """An award's name in a sentence, with the stretch before and behind it that is its own."""

    name: str
    start: int
    end: int
    floor: int
    ceiling: int


@dataclass(frozen=True, slots=True)
class _Reader:
    people: tuple[str, ...]
    year: int | None
    vocab: Vocab

    def announces(self, passage: Passage, before: bool) -> bool:
        """Whether awards are listed from this passage on, one on a line: "Hội nghị đề nghị:"."""
        text = passage.text.rstrip()
        if text.endswith(":"):
            return bool(self.vocab.awards.given.search(text))
        return before and bool(_BULLET.match(text))

    def read(self, passage: Passage, *, announced: bool = False) -> Iterator[Award]:
        """Yield the awards of one passage; in a list that is announced no word of giving is needed."""
        rules = self.vocab.awards
        if not rules.names.search(passage.text):
            return
        for begin, stop in passage.sentences():
            text = passage.text[begin:stop]
            if not announced and not rules.given.search(text):
                continue
            giver: str | None = None
            for group in self._groups(text):
                recipients = self._recipients(text, group)
                if announced and not recipients:
                    recipients = self._names(text, group[0].floor, group[0].start)
                giver = self._level(text, group, group[0]) or (giver if self._hands(text, group[0]) else None)
                for named in group:
                    if rules.not_given.search(text, 0, named.start):
                        continue
                    level = self._level(text, group, named) or giver
                    year = self._year(text, named)
                    evidence = passage.evidence(begin + named.start, begin + named.end, "award_named")
                    yield from (Award(named.name, level, one, year, evidence) for one in recipients or (None,))

    def _groups(self, text: str) -> list[list[_Named]]:
        """Return the awards of a sentence, those that are given together in one group."""
        hits = list(self.vocab.awards.names.finditer(text))
        groups: list[list[_Named]] = []
        for i, hit in enumerate(hits):
            floor = hits[i - 1].end() if i else 0
            ceiling = hits[i + 1].start() if i + 1 < len(hits) else len(text)
            name = squeeze(hit.group().strip(_QUOTES))
            named = _Named(name, hit.start(), hit.end(), floor, ceiling)
            if groups and self._together(text, groups[-1][-1], named):
                groups[-1].append(named)
            else:
                groups.append([named])
        return groups

    def _together(self, text: str, one: _Named, other: _Named) -> bool:
        """Whether nothing stands between two awards but a giver and a joining word; two ranks of one are apart."""
        giver = self._giver_behind(text, one.end)
        between = text[giver[1] if giver else one.end : other.start].strip(_QUOTES)
        ranks = one.name.split()[0].casefold() == other.name.split()[0].casefold()
        return not ranks and bool(self.vocab.awards.together.fullmatch(between))

    def _giver(self, text: str, start: int) -> int | None:
        """Return where the giver's name that begins at `start` ends."""
        rules = self.vocab.awards
        if body := rules.body.match(text, start):
            return body.end()
        officer = rules.officer.match(text, start)
        unit = units.unit_at(text, officer.end() if officer else start, self.vocab)
        if unit:
            return unit.end
        if officer and (body := rules.body.match(text, officer.end()) or _LETTERS.match(text, officer.end())):
            return body.end()
        return None

    def _hands(self, text: str, named: _Named) -> bool:
        """Whether somebody hands the award over, so that who stands before it does not receive it."""
        before = text[named.floor : named.start]
        return bool(self.vocab.awards.hands.search(before)) and not self.vocab.awards.passive.search(before)

    def _giver_behind(self, text: str, end: int) -> tuple[int, int] | None:
        link = self.vocab.awards.of.match(text, end)
        stop = self._giver(text, link.end()) if link else None
        return (link.end(), stop) if link and stop else None

    def _level(self, text: str, group: Sequence[_Named], named: _Named) -> str | None:
        """Return the giver: behind the award or the last of its group, else before a verb of giving."""
        for one in (named, group[-1]):
            if behind := self._giver_behind(text, one.end):
                return squeeze(text[slice(*behind)])
        before = self._giver_before(text, group[0])
        return squeeze(text[slice(*before)]) if before else None

    def _giver_before(self, text: str, first: _Named) -> tuple[int, int] | None:
        """Return where the last giver with a verb of giving stands before an award."""
        rules = self.vocab.awards
        floor = max(first.floor, first.start - _GIVER_BEFORE)
        found = None
        starts = {
            m.start() for pattern in (rules.body, rules.officer) for m in pattern.finditer(text, floor, first.start)
        }
        starts |= {floor + unit.start for unit in units.find(text[floor : first.start], self.vocab)}
        for start in sorted(starts):
            stop = self._giver(text, start)
            if stop and stop < first.start and rules.gives.match(text, stop, first.start):
                found = found if found and found[1] == stop else (start, stop)
        return found

    def _recipients(self, text: str, group: Sequence[_Named]) -> list[str]:
        """Return who is given the awards of a group: behind "cho", else between the verb and it, else before it."""
        first, last = group[0], group[-1]
        behind = text[last.end : last.ceiling]
        if (to := self.vocab.awards.to.match(behind)) and (
            named := self._names(text, last.end + to.end(), last.ceiling)
        ):
            return named
        giver = self._giver_before(text, first)
        if giver:
            between = self._names(text, giver[1], first.start)
            return between or self._subject(text, first.floor, giver[0])
        return [] if self._hands(text, first) else self._subject(text, first.floor, first.start)

    def _subject(self, text: str, floor: int, end: int) -> list[str]:
        """Return who stands before "được tặng", "giành", "đạt"."""
        return self._names(text, floor, end, tail=True)

    def _names(self, text: str, start: int, end: int, *, tail: bool = False) -> list[str]:
        """Return units, persons and counted groups of a stretch, in text order."""
        stretch = text[start:end]
        if tail and not self.vocab.awards.receives.search(stretch):
            proposed = self.vocab.awards.given.search(stretch)
            if proposed is None:
                return []
        hits: dict[int, tuple[int, str]] = {
            m.start(): (m.end(), squeeze(m.group())) for m in self.vocab.awards.counted.finditer(stretch)
        }
        listed = [] if tail else units.enumeration(text, start, self.vocab)
        for unit in listed or units.find(stretch, self.vocab):
            at = unit.start - start if listed else unit.start
            if listed and unit.start >= end:
                continue
            hits.setdefault(at, (at + unit.end - unit.start, units.full_name(unit.name, self.vocab.units)))
        for name in self.people:
            if (at := stretch.find(name)) >= 0:
                hits.setdefault(at, (at + len(name), name))
        named: list[str] = []
        last = 0
        for at in sorted(hits):
            if at < last or (named and not self.vocab.awards.join.fullmatch(stretch, last, at)):
                break
            last, name = hits[at]
            named.append(name)
        return named

    def _year(self, text: str, named: _Named) -> int | None:
        match = self.vocab.awards.year.match(text[named.end : named.ceiling])
        return int(match["y"]) if match else self.year
