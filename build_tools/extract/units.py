"""Names of units: where one begins and ends in running text, how it is written in full, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Found
from build_tools.vocab import UPPER, Units, Vocab

_BULLET = re.compile(r"\s*[-–+*•]\s*")
_CLOSED = re.compile(rf"[{UPPER}][^;,.:()]{{2,80}}(?=;)")
_HEAD = re.compile(rf"(?P<head>[{UPPER}][^:;,.()]{{3,60}}):\s+(?=[{UPPER}])")
_MIN_LISTED = 2
_MAX_HEAD = 300
_MAX_NAME = 110


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name in a text: where it stands, its full name, and the part that a list may leave out."""

    start: int
    end: int
    name: str
    shared: str = ""
    known: bool = True
    """Whether the name begins as one of a unit does; a list may hold some that do not."""


def full_name(name: str, units: Units, provinces_are_tinh: bool = False) -> str:
    """Return a police unit's name with its short head written out; other names as printed."""
    name = squeeze(name)
    for short in sorted(units.expand, key=len, reverse=True):
        if name.startswith(short) and not name[len(short) : len(short) + 1].isalpha():
            name = f"{units.expand[short]} {name[len(short) :].lstrip(' .')}".strip()
            break
    size = len(units.police_head)
    head, place = name[:size], name[size + 1 :]
    if head.casefold() != units.police_head.casefold():
        return name
    if provinces_are_tinh and place in units.provinces and place not in units.cities:
        return f"{units.police_province} {place}"
    return units.police_head + name[size:]


def unit_at(text: str, start: int, vocab: Vocab) -> Unit | None:
    """Return the unit whose name begins at `start`, as far as the name goes."""
    units = vocab.units
    full = units.full.match(text, start)
    if full and full["fixed"]:
        name = squeeze(full["fixed"])
        return Unit(start, full.end(), units.fixed.get(name, name))
    worded = units.worded.match(text, start)
    if full and not (worded and (full["bare"] or full["named"])):
        level = squeeze(full["level"] or "")
        shared = f"{full['head']} {units.level_expand.get(level, level)}".strip() if full["head"] else ""
        return Unit(start, full.end(), full_name(full.group(), units), full_name(shared, units) if shared else "")
    if worded:
        end = units.worded_end.search(text, worded.end(), min(len(text), start + _MAX_NAME))
        stop = end.start() if end else min(len(text), start + _MAX_NAME)
        name = text[start:stop].rstrip(" ,")
        if len(name.split()) > 1:
            return Unit(start, start + len(name), full_name(name, units))
    return None


def find(text: str, vocab: Vocab) -> Iterator[Unit]:
    """Yield the units a text names, from left to right, none inside another."""
    units, at = vocab.units, 0
    while True:
        hits = [m for pattern in (units.full, units.worded) if (m := pattern.search(text, at))]
        if not hits:
            return
        start = min(hit.start() for hit in hits)
        unit = unit_at(text, start, vocab)
        if unit is None:
            at = start + 1
        else:
            yield unit
            at = max(unit.end, start + 1)


def enumeration(text: str, start: int, vocab: Vocab) -> list[Unit]:
    """Return the units listed from `start` on, a shared head dealt out: "Công an các quận: A, B" gives two.

    The head may stand further up in the sentence: "Công an 5 tỉnh thuộc Cụm thi đua số 10 gồm: A, B".
    """
    units = vocab.units
    found: list[Unit] = []
    shared, at = "", start
    if units.place.match(text, start) and (above := list(units.counted.finditer(text, *_sentence_before(text, start)))):
        shared = _shared_head(above[-1], units)
    while True:
        if head := units.shared.match(text, at) or units.shared_named.match(text, at):
            shared = _shared_head(head, units)
            at = head.end()
        elif not found and (head := _HEAD.match(text, at)) and unit_at(text, at, vocab):
            shared, at = full_name(head["head"], units), head.end()
        item = _item(text, at, shared, vocab)
        if item is None or units.role_next.match(text, item.end):
            break
        found.append(item)
        shared = shared if item.shared == "" else item.shared
        join = units.join.match(text, item.end)
        if not join:
            break
        at = join.end()
    return found


def _sentence_before(text: str, end: int) -> tuple[int, int]:
    """Return the stretch of the same sentence in which a list's head may stand."""
    begin = max(0, end - _MAX_HEAD)
    return max(begin, text.rfind(". ", begin, end) + 1), end


def _shared_head(match: re.Match[str], units: Units) -> str:
    """Return the head that a list shares, in the singular and written out."""
    level = squeeze(match.groupdict().get("level") or "")
    return full_name(f"{match['head']} {units.level_expand.get(level, level)}".strip(), units)


def _item(text: str, at: int, shared: str, vocab: Vocab) -> Unit | None:
    units = vocab.units
    if shared and (place := units.level_place.match(text, at)):
        level = units.level_expand.get(squeeze(place["level"]), squeeze(place["level"]))
        head = _without_level(shared, vocab)
        return Unit(at, place.end(), f"{head} {level} {squeeze(place['place'])}", f"{head} {level}")
    unit = unit_at(text, at, vocab)
    if unit and not _namesake(unit, shared):
        return unit
    if shared and (bare := units.place.match(text, at)):
        return Unit(at, bare.end(), f"{shared} {squeeze(bare.group())}")
    if closed := _CLOSED.match(text, at):
        return Unit(at, closed.end(), squeeze(closed.group()), known=False)
    return None


def _namesake(unit: Unit, shared: str) -> bool:
    """Whether what looks like a unit is a name under the shared head: "Trường Chinh" in a list of schools."""
    return (
        bool(shared)
        and not unit.shared
        and unit.name.split()[0] == shared.split(maxsplit=1)[0]
        and not unit.name.startswith(shared)
    )


def _without_level(shared: str, vocab: Vocab) -> str:
    words = shared.split()
    for size in (2, 1):
        if vocab.units.level_place.match(" ".join(words[-size:]) + " X"):
            return " ".join(words[:-size])
    return shared


def members(passages: Sequence[Passage], vocab: Vocab) -> tuple[Found[str], ...]:
    """Return the units that the clipping lists as making up its cluster, in text order."""
    units, rules = vocab.units, vocab.clusters
    found: dict[str, Found[str]] = {}
    provinces = _says_provinces(passages, vocab)
    for index, passage in enumerate(passages):
        text, taken = passage.text, 0
        for line, unit in _bullets(passages, index, vocab):
            name = full_name(unit.name, units, provinces)
            found.setdefault(name.casefold(), Found(name, line.evidence(unit.start, unit.end, "member_listed")))
        starts = {match.end(): True for match in rules.member_list.finditer(text)}
        for pattern in (units.shared, units.shared_named) if units.counted_hint.search(text) else ():
            starts |= {match.start(): False for match in pattern.finditer(text) if match.start() not in starts}
        for start in sorted(starts):
            if start < taken or rules.award.search(text, max(0, start - 100), start):
                continue
            listed = enumeration(text, start, vocab)
            if len(listed) < _MIN_LISTED or sum(unit.known for unit in listed) * 2 < len(listed):
                continue
            taken = listed[-1].end
            for unit in listed:
                name = full_name(unit.name, units, provinces)
                evidence = passage.evidence(unit.start, unit.end, "member_listed")
                found.setdefault(name.casefold(), Found(name, evidence))
    return tuple(found.values())


def _bullets(passages: Sequence[Passage], index: int, vocab: Vocab) -> Iterator[tuple[Passage, Unit]]:
    """Yield the units of a list that has one on each line, under a line that announces the members."""
    text = passages[index].text.rstrip()
    if not text.endswith(":") or not vocab.clusters.member_list.search(text, max(0, len(text) - _MAX_NAME)):
        return
    above = list(vocab.units.counted.finditer(text, max(0, len(text) - _MAX_NAME)))
    shared = _shared_head(above[-1], vocab.units) if above else ""
    for passage in passages[index + 1 :]:
        bullet = _BULLET.match(passage.text)
        item = _item(passage.text, bullet.end(), shared, vocab) if bullet else None
        if item is None:
            return
        yield passage, item


def _says_provinces(passages: Sequence[Passage], vocab: Vocab) -> bool:
    return any(vocab.units.provinces_said.search(passage.text) for passage in passages)
