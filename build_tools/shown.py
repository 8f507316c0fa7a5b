"""Where the words of a value stand on the page: from columns of the raw line to characters of the text as shown.

The text as shown has its white space folded, its bullets dropped and its glued words apart; so places are counted in
visible characters, which are the same in both.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from build_tools.model import Clipping, Evidence, Line, Segment


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text as the page shows it: the id of its element, its text, the segments that make it up."""

    anchor: str
    text: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The characters `start` to `end` (0-based, end excluded) of the text of the element `anchor`."""

    anchor: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What one raw line gives to a stretch: rising columns of `raw`, and the character shown for each."""

    anchor: str
    columns: Sequence[int]
    shown: Sequence[int]


class Places:
    """Finds the words of values in the stretches that a page shows, else in the raw lines."""

    def __init__(self, clipping: Clipping, stretches: Iterable[Stretch]) -> None:
        self._lines = {line.number: line for line in clipping.cleaned.lines}
        self._stretches: defaultdict[int, list[Stretch]] = defaultdict(list)
        for stretch in stretches:
            for number in dict.fromkeys(segment.line for segment in stretch.segments):
                self._stretches[number].append(stretch)
        self._parts: dict[int, list[_Part]] = {}

    def of(self, evidence: Evidence) -> Place:
        """Return where the words of a value stand; without columns, all that its line shows."""
        number = evidence.line
        if number not in self._parts:
            self._parts[number] = [part for each in self._stretches[number] for part in self._read(each, number)]
        whole = evidence.end <= evidence.start
        for part in self._parts[number]:
            first = 0 if whole else bisect_left(part.columns, evidence.start)
            last = len(part.columns) if whole else bisect_left(part.columns, evidence.end)
            if first < last:
                return Place(part.anchor, part.shown[first], part.shown[last - 1] + 1)
        line = self._lines.get(number)
        return Place(f"goc-{number}", evidence.start, evidence.end if line is None or not whole else len(line.raw))

    def _read(self, stretch: Stretch, number: int) -> list[_Part]:
        """Pair the visible characters of a stretch with those of its lines; none when the page shows other words."""
        segment, line = stretch.segments[0], self._lines.get(number)
        if line and line.columns is None and len(stretch.segments) == 1:
            start = segment.start  # most lines are shown just as they stand: a third of the time
            if line.text.startswith(stretch.text, start) and start + len(stretch.text) <= segment.end:
                same = range(len(stretch.text))
                return [_Part(stretch.anchor, range(start, start + len(same)), same)]
        shown = [place for place, character in enumerate(stretch.text) if not character.isspace()]
        visible = [(s.line, index) for s in stretch.segments for index in _visible(s, self._lines.get(s.line))]
        if [stretch.text[place] for place in shown] != [self._lines[line].text[index] for line, index in visible]:
            return []
        pairs = [(index, place) for (line, index), place in zip(visible, shown, strict=True) if line == number]
        columns = [self._lines[number].raw_column(index) for index, _ in pairs]
        return [_Part(stretch.anchor, columns, [place for _, place in pairs])]


def _visible(segment: Segment, line: Line | None) -> list[int]:
    """Return the offsets in `line.text` of the visible characters that the segment's own text kept."""
    if line is None:
        return []
    end = min(segment.end, len(line.text))
    offsets = [index for index in range(segment.start, end) if not line.text[index].isspace()]
    kept = sum(not character.isspace() for character in segment.text)
    return offsets[len(offsets) - kept :]
