"""A stretch of a clipping's text that values are looked for in, and the way from a match back to the raw file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from build_tools.fold import squeeze
from build_tools.model import Evidence, Grade, Line, Segment, SegmentRole
from build_tools.vocab import LOWER

_SENTENCE_END = re.compile(rf"[.!?…;][\"”’)]*\s+(?=[^\s{LOWER}])")
_SENTENCE_MAX = 2_000
"""Characters that a sentence may have: the longest in 57,726 paragraphs of news has 1,888."""
_ABBREVIATION = 8
_REMEMBERED = 128
"""Passages whose sentences are remembered: more than a clipping has; several rules read it sentence by sentence."""
_ABBREVIATED = re.compile(r"(?:\b(?:TP|Tp|đ|GS|TS|ThS|PGS|BS|St|Q|P|H)|\b[A-ZĐ])\.$")


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment's text, with the line it stands in."""

    role: SegmentRole
    line: Line
    start: int
    text: str

    @classmethod
    def of(cls, segment: Segment, line: Line) -> Passage:
        """Make the passage of a segment."""
        return cls(segment.role, line, segment.start, line.text[segment.start : segment.end])

    def evidence(self, start: int, end: int, rule: str, grade: Grade = "stated") -> Evidence:
        """Return where `text[start:end]` stands in the raw file."""
        raw = self.line.raw_column
        last = max(start, end - 1)
        return Evidence(rule, self.line.number, raw(self.start + start), raw(self.start + last) + 1, grade)

    def printed(self, start: int, end: int) -> str:
        """Return `text[start:end]` as printed, white space folded."""
        return squeeze(self.line.printed(self.start + start, self.start + end))

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield where each sentence begins and ends; a semicolon before a capital ends one too."""
        return iter(_sentences(self.text))


@lru_cache(maxsize=_REMEMBERED)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.start() + 1
        if _ABBREVIATED.search(text, max(begin, end - _ABBREVIATION), end):
            continue
        found += _pieces(text, begin, end)
        begin = match.end()
    return (*found, *_pieces(text, begin, len(text)))


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long to be one between words, so that reading it stays linear."""
    while end - begin > _SENTENCE_MAX:
        cut = text.rfind(" ", begin + 1, begin + _SENTENCE_MAX)
        cut = cut if cut > begin else begin + _SENTENCE_MAX
        yield begin, cut
        begin = cut
    yield begin, end
