"""What one clipping says and where: its lines with the values marked below the words, then the values one by one.

The markers stand below the text, not in it: values overlap (a cluster in a headline), and the text stays as found.
Whatever a clipping or a file name holds, what is printed cannot drive a terminal.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby

import click

from build_tools.archive import values
from build_tools.model import FIELDS, Clipping, Evidence, Grade, Line, SegmentRole

NARROWEST, WIDEST, PIPED = 60, 120, 100
"""Columns: a text is hard to follow in lines that are shorter or longer; and for a file or another program."""

LONGEST = 160
"""Characters of a value's words that are shown in the list; the whole stands in the text above it."""

MAX_MARKS = 4
"""Combining marks shown on a letter: Vietnamese needs two, a tower of them would cover the lines above."""

ROLES: dict[SegmentRole, str] = {"title": "headline"}
"""What the margin calls a role, where that is not its name."""

FILL: dict[Grade, str] = {"stated": "─", "worked-out": "╌", "guessed": "~"}
COLOUR: dict[Grade, str] = {"stated": "green", "worked-out": "yellow", "guessed": "magenta"}

_ROLE_WIDTH = 9
_UNPRINTABLE = re.compile(r"[^\n -~]")


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide the output may be, in columns, and whether it may have colours."""

    width: int = PIPED
    colour: bool = False

    @classmethod
    def here(cls) -> Terminal:
        """Return what standard output is: a terminal, whose user may have set NO_COLOR, or something else."""
        width = shutil.get_terminal_size((PIPED, 0)).columns
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(max(NARROWEST, min(width, WIDEST)), colour)


def printable(text: str) -> str:
    """Return `text` without what could drive a terminal or break its encoding; file names may hold anything."""
    return "".join(c if c.isprintable() else "�" for c in text)


def explained(clipping: Clipping) -> Iterator[tuple[str, str, Evidence | None]]:
    """Yield each value as text with its evidence; a field without a value too, for that is a finding."""
    shown = values(clipping.record)
    for name in FIELDS:
        found = getattr(clipping.record, name)
        if name == "title" and found is None and clipping.derived_title:
            yield "title (derived)", clipping.derived_title.value, clipping.derived_title.evidence
        elif found is None or found == ():
            yield name, "-", Evidence("correction", 0, grade="corrected") if name in clipping.corrected else None
        elif isinstance(found, tuple):
            listed = shown[name]
            assert isinstance(listed, list)  # noqa: S101  # for the type checker
            for item, value in zip(found, listed, strict=True):
                text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
                yield name, text, item.evidence
        else:
            yield name, str(found.value), found.evidence


@dataclass(frozen=True, slots=True)
class _Mark:
    """Words in a raw line (columns `start` to `end`) and the values read from them: a number and a name."""

    start: int
    end: int
    numbers: tuple[int, ...]
    name: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A value of the list; `number` is None when it stands nowhere in the text."""

    number: int | None
    name: str
    text: str
    evidence: Evidence


def report(clipping: Clipping, file: str, terminal: Terminal) -> Iterator[str]:
    """Yield the lines of the explanation: the text with its marks, the values, what is not said, the repairs."""
    found = _numbered(clipping)
    lines = clipping.cleaned.lines
    yield printable(f"{file}: {clipping.cleaned.encoding}, {len(lines):,} line{'' if len(lines) == 1 else 's'}")
    yield "Below the words, the number of the value: " + ", ".join(
        _styled(f"{fill}{fill} {grade}", grade, terminal) for grade, fill in FILL.items()
    )
    yield ""
    yield from _text(clipping, found, terminal)
    yield ""
    for value in found:
        number = "" if value.number is None else str(value.number)
        yield printable(f"{number:>4}  {value.name}: {value.text}")
        yield " " * 6 + _styled(printable(_place(value.evidence, clipping)), value.evidence.grade, terminal)
    unsaid = _unsaid(clipping)
    if unsaid:
        yield ""
        yield f"The clipping does not say: {', '.join(unsaid)}"
    if clipping.cleaned.repairs:
        yield ""
    for repair in clipping.cleaned.repairs:
        yield printable(f"repaired, line {repair.line}: {repair.before} -> {repair.after}")


def as_json(clipping: Clipping, file: str) -> str:
    """Return the explanation as one JSON object: the record, the evidence, and the lines with their segments.

    `start` and `end` of evidence are columns of the line's `raw`, those of a segment are columns of its `text`.
    """
    segments = defaultdict(list)
    for s in clipping.segments:
        segments[s.line].append({"role": s.role, "start": s.start, "end": s.end, "text": s.text})
    explanation = {
        "file": file,
        "encoding": clipping.cleaned.encoding,
        "record": values(clipping.record),
        "derived_title": clipping.derived_title.value if clipping.derived_title else None,
        "evidence": [_evidence(value, clipping) for value in _numbered(clipping)],
        "not_said": _unsaid(clipping),
        "corrected": list(clipping.corrected),
        "repairs": [{"line": r.line, "before": r.before, "after": r.after} for r in clipping.cleaned.repairs],
        "lines": [
            {"number": line.number, "raw": line.raw, "text": line.text, "segments": segments[line.number]}
            for line in clipping.cleaned.lines
        ],
    }
    text = json.dumps(explanation, ensure_ascii=False, indent=2)
    return _UNPRINTABLE.sub(lambda c: c[0] if c[0].isprintable() else json.dumps(c[0])[1:-1], text)


def _evidence(value: _Numbered, clipping: Clipping) -> dict[str, object]:
    evidence = value.evidence
    read = evidence.grade != "corrected"
    return {
        "number": value.number,
        "field": value.name.partition(" ")[0],
        "value": value.text,
        "grade": evidence.grade,
        "rule": evidence.rule,
        "line": evidence.line if read else None,
        "start": evidence.start if read else None,
        "end": evidence.end if read else None,
        "words": _words(evidence, clipping) if read else None,
    }


def _numbered(clipping: Clipping) -> list[_Numbered]:
    """Return the values in the order of the fields; those read from a line of the clipping have a number."""
    found: list[_Numbered] = []
    number = 0
    for name, text, evidence in explained(clipping):
        if evidence is not None:
            inside = evidence.grade != "corrected" and 0 < evidence.line <= len(clipping.cleaned.lines)
            number += inside
            found.append(_Numbered(number if inside else None, name, text, evidence))
    return found


def _unsaid(clipping: Clipping) -> list[str]:
    return [name for name, _, evidence in explained(clipping) if evidence is None]


def _place(evidence: Evidence, clipping: Clipping) -> str:
    if evidence.grade == "corrected":
        return "corrected by the archivist"
    words = _words(evidence, clipping)
    words = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    return f"{evidence.grade}, {evidence.rule}, line {evidence.line}: {words}"


def _words(evidence: Evidence, clipping: Clipping) -> str:
    lines = clipping.cleaned.raw_lines
    raw = lines[evidence.line - 1] if 0 < evidence.line <= len(lines) else ""
    return " ".join(raw[evidence.start : evidence.end].split()) or " ".join(raw.split())


def _styled(text: str, grade: Grade, terminal: Terminal, *, underline: bool = False) -> str:
    colour = COLOUR.get(grade) if terminal.colour else None
    return click.style(text, fg=colour, underline=underline or None) if colour else text


# The text with its marks.


def _text(clipping: Clipping, found: list[_Numbered], terminal: Terminal) -> Iterator[str]:
    """Yield the lines as found, each stretch with its role and its line number in the margin, marks below."""
    marks = _marks(clipping, found)
    roles = _roles(clipping)
    digits = len(str(len(clipping.cleaned.lines)))
    room = terminal.width - _ROLE_WIDTH - digits - 5
    below = f"{'':{_ROLE_WIDTH + digits + 1}} │ "
    for line in clipping.cleaned.lines:
        raw = _Raw(line.raw)
        number = str(line.number)
        for role, start, end in roles.get(line.number) or [("", 0, len(line.raw))]:
            margin = f"{role:<{_ROLE_WIDTH}}"
            for first, last in raw.rows(start, end, room):
                row = raw.styled(first, last, marks[line.number], terminal)
                yield f"{margin} {number:>{digits}} │ {row}".rstrip()
                margin, number = " " * _ROLE_WIDTH, ""
                yield from (below + lane for lane in raw.lanes(first, last, marks[line.number], terminal))


def _marks(clipping: Clipping, found: list[_Numbered]) -> defaultdict[int, list[_Mark]]:
    """Return the marks of each line, the long ones before the short ones; values from the same words share one."""
    same: defaultdict[tuple[int, int, int], list[_Numbered]] = defaultdict(list)
    for value in found:
        if value.number is not None:
            evidence = value.evidence
            length = len(clipping.cleaned.lines[evidence.line - 1].raw)
            whole = evidence.end <= evidence.start
            start, end = (0, length) if whole else (evidence.start, min(evidence.end, length))
            same[evidence.line, start, end].append(value)
    marks: defaultdict[int, list[_Mark]] = defaultdict(list)
    for (line, start, end), shared in sorted(same.items(), key=lambda item: (item[0][:2], -item[0][2])):
        names = ", ".join(dict.fromkeys(value.name for value in shared))
        numbers = tuple(value.number for value in shared if value.number is not None)
        marks[line].append(_Mark(start, end, numbers, names, shared[0].evidence.grade))
    return marks


def _roles(clipping: Clipping) -> dict[int, list[tuple[str, int, int]]]:
    """Return the stretches of each line: what its role is called, and its columns in the raw line."""
    lines: dict[int, Line] = {line.number: line for line in clipping.cleaned.lines}
    roles: dict[int, list[tuple[str, int, int]]] = {}
    for segment in clipping.segments:
        line = lines[segment.line]
        stretches = roles.setdefault(segment.line, [])
        start = stretches[-1][2] if stretches else 0
        end = line.raw_column(segment.end)
        stretches.append((ROLES.get(segment.role, segment.role), start, end))
    return roles


class _Raw:
    """A raw line on a terminal: what is shown for each of its characters, and at which column it stands."""

    def __init__(self, raw: str) -> None:
        self.glyphs: list[str] = []
        widths: list[int] = []
        piled = 0
        for character in raw:
            mark = unicodedata.category(character) in ("Mn", "Me")
            piled = piled + 1 if mark else 0
            shown = " " if character.isspace() else printable(character)
            self.glyphs.append("" if piled > MAX_MARKS else shown)
            widths.append(0 if mark else 2 if unicodedata.east_asian_width(character) in "WF" else 1)
        self.columns = list(accumulate(widths, initial=0))

    def rows(self, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
        """Yield the rows that `start` to `end` take, broken between words where there are any."""
        while self.columns[end] - self.columns[start] > room:
            cut = start
            while self.columns[cut + 1] - self.columns[start] <= room:
                cut += 1
            space = next((i for i in range(cut, start, -1) if self.glyphs[i] == " "), None)
            yield start, space or cut
            start = cut if space is None else space + 1
        yield start, end

    def styled(self, first: int, last: int, marks: list[_Mark], terminal: Terminal) -> str:
        """Return a row; on a terminal each character has the colour of the shortest mark that it stands in."""
        if not terminal.colour:
            return "".join(self.glyphs[first:last])
        grades: list[Grade | None] = [None] * (last - first)
        for mark in sorted(marks, key=lambda mark: mark.start - mark.end):
            for index in range(max(mark.start, first), min(mark.end, last)):
                grades[index - first] = mark.grade
        row = ""
        for grade, run in groupby(zip(grades, self.glyphs[first:last], strict=True), key=lambda pair: pair[0]):
            text = "".join(glyph for _, glyph in run)
            row += text if grade is None else _styled(text, grade, terminal, underline=True)
        return row

    def lanes(self, first: int, last: int, marks: list[_Mark], terminal: Terminal) -> Iterator[str]:
        """Yield the rows of marks below a row of text; marks that would touch stand in different ones."""
        lanes: list[tuple[int, str]] = []
        for mark in marks:
            start, end = max(mark.start, first), min(mark.end, last)
            if start >= end:
                continue
            left = self.columns[start] - self.columns[first]
            width = self.columns[end] - self.columns[start]
            label = ",".join(map(str, mark.numbers))
            named = f"{label} {mark.name} "
            text = (named if start == mark.start and len(named) <= width else label).ljust(width, FILL[mark.grade])
            place = next((i for i, (taken, _) in enumerate(lanes) if taken < left), len(lanes))
            if place == len(lanes):
                lanes.append((-1, ""))
            taken, lane = lanes[place]
            gap = " " * (left - max(taken, 0))
            lanes[place] = (left + len(text), lane + gap + _styled(text, mark.grade, terminal))
        yield from (lane for _, lane in lanes)
