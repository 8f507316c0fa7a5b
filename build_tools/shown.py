"""Where the words of a value stand on the page: from columns of the raw line to characters of the text as shown.

The text as shown has its white space folded, its bullets dropped and its glued words apart; so places are counted in
visible characters, which are the same in both.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from build_tools.model import Clipping, Evidence, Line, Segment


class Stretch(NamedTuple):
    """A stretch of text as the page shows it: the id of its element, its text, the segments that make it up."""

    anchor: str
    text: str
    segments: tuple[Segment, ...]


class Place(NamedTuple):
    """The characters `start` to `end` (0-based, end excluded) of the text of the element `anchor`."""

    anchor: str
    start: int
    end: int


class _Part(NamedTuple):
    """What one raw line gives to a stretch: rising columns of `raw`, and the character shown for each."""

    anchor: str
    columns: Sequence[int]
    shown: Sequence[int]


class Places:
    """Finds the words of values in the stretches that a page shows, else in the raw lines."""

    def __init__(self, clipping: Clipping, stretches: Iterable[Stretch]) -> None:
        self._lines = {line.number: line for line in clipping.cleaned.lines}
        self._stretches: dict[int, list[Stretch]] = {}
        for stretch in stretches:
            segments = stretch.segments
            for number in {segment.line for segment in segments} if len(segments) > 1 else (segments[0].line,):
                self._stretches.setdefault(number, []).append(stretch)
        self._parts: dict[int, list[_Part]] = {}

    def of(self, evidence: Evidence) -> Place:
        """Return where the words of a value stand; without columns, all that its line shows."""
        number, start, end = evidence.line, evidence.start, evidence.end
        parts = self._parts.get(number)
        if parts is None:
            stretches = self._stretches.get(number, ())
            parts = self._parts[number] = [part for each in stretches for part in self._read(each, number)]
        whole = end <= start
        for anchor, columns, shown in parts:
            count = len(columns)
            if whole:
                first, last = 0, count
            elif isinstance(columns, range):
                first, last = max(start - columns.start, 0), min(end - columns.start, count)
            else:
                first, last = bisect_left(columns, start), bisect_left(columns, end)
            if first < last:
                return Place(anchor, shown[first], shown[last - 1] + 1)
        line = self._lines.get(number)
        return Place(f"goc-{number}", start, end if line is None or not whole else len(line.raw))

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
