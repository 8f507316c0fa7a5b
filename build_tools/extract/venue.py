"""Where the meeting was held: the place behind "tại" in the sentence that opens the story, or in the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from build_tools.extract import units
from build_tools.extract.passage import Passage
from build_tools.model import Found
from build_tools.vocab import Vocab

_LEAD_PASSAGES = 3
"""Body passages that may place the meeting; further down, "tại" places what was done in the year."""
_WITHIN = 2_000
"""Characters of a passage in which its place is looked for."""
_BEFORE = 140
"""Characters before "tại" in which the clause that it belongs to is looked at."""


def place(titles: Sequence[Passage], body: Sequence[Passage], vocab: Vocab) -> Found[str] | None:
    """Return the first place that lead, then headline, give for the meeting itself."""
    for passage in (*body[:_LEAD_PASSAGES], *titles):
        for start, end in _places(passage, vocab):
            return Found(passage.printed(start, end), passage.evidence(start, end, "place_of_meeting"))
    return None


def _places(passage: Passage, vocab: Vocab) -> Iterator[tuple[int, int]]:
    rules, text = vocab.venue, passage.text
    for begin, stop in passage.sentences():
        if begin > _WITHIN:
            return
        for match in rules.at.finditer(text, begin, stop):
            before = text[max(begin, match.start() - _BEFORE) : match.start()]
            told = rules.time.search(before) or rules.meets.search(before)
            if not told or rules.speaks.search(before) or rules.not_place.match(text, match.end()):
                continue
            if end := _end(text, match.end(), stop, vocab):
                yield match.end(), end


def _end(text: str, start: int, stop: int, vocab: Vocab) -> int | None:
    """Return where the place that begins at `start` ends, a place of a higher level behind it included."""
    rules = vocab.venue
    end = _name_end(text, start, vocab)
    if building := rules.building.match(text, start):
        inner = _name_end(text, building.end(), vocab)
        end = max(end or 0, inner or 0) or len(text[: building.end()].rstrip())
    if end is None:
        return None
    while more := rules.more.match(text, end, stop):
        inner = _name_end(text, more.end(), vocab)
        if inner is None:
            break
        closes = "(" in more.group() and text[inner : inner + 1] == ")"
        end = inner + closes
    return end


def _name_end(text: str, start: int, vocab: Vocab) -> int | None:
    """Return where a unit's name, a place with its level, or a bare name ends."""
    if unit := units.unit_at(text, start, vocab):
        return unit.end
    named: re.Match[str] | None = vocab.units.level_place.match(text, start)
    if named is None or named["place"][0].isdigit():
        named = vocab.units.place.match(text, start) or vocab.venue.name.match(text, start)
    return named.end() if named and not text[start].isdigit() else None
