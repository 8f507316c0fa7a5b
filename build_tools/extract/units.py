"""Names of units: where one begins and ends in running text, how it is written in full, and lists of them."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Found
from build_tools.vocab import LOWER, NAME_WORD, UPPER, Units, Vocab

_BULLET = re.compile(r"\s*(?:[-–+*•]|\(?\d{1,2}[.)])\s*")
_ITEM_MARK = re.compile(r"\(\d{1,2}\)\s*")
_HEAD = re.compile(rf"(?P<head>[{UPPER}][^:;,.()]{{3,60}}):\s+(?=[{UPPER}])")
_OF_MANY = re.compile(r"\scác\s")
_SEVERAL = re.compile(r"\s(?:và|các|cùng)\s")
_GOES_ON = re.compile(
    rf"\s+(?:[-–]\s+)?(?!(?i:đơn vị|cụm|khối|phó|trưởng)\b)[{UPPER}\d]|(?:\s+[{LOWER}]+){{1,2}}\s+[{UPPER}\d]"
)
"""What goes on behind a unit's name as far as it is known, and still belongs to it in a list."""
_TO_SEMICOLON = re.compile(rf"(?:,|\s+và)\s+[{LOWER}][^;.:(){UPPER}]{{0,60}}(?=;)")
"""The rest of a name with a comma in it, in a list whose names are set apart by semicolons."""
_CODED = re.compile(rf"(?P<head>.*\S)\s+[{UPPER}]{{1,3}}\d{{2}}")
_MANY = re.compile(r"\s+(?:các|\d{1,2})\s+\Z")
_MIN_LISTED = 2
_MIN_PRESENT = 3
"""Units of one kind named side by side among the guests from which they are the cluster's own."""
_MAX_HEAD = 300
_MAX_NAME = 110
_FULL_NAME = 3
"""Syllables from which what could be a place's name is taken for a person's."""
_OFFICE = 30
"""Characters before a unit's name in which the office stands whose holder may be named right behind it."""
_LEAD_PASSAGES = 5
"""Passages, the headline's among them, that name who takes part."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name in a text: where it stands, its full name, and the part that a list may leave out."""

    start: int
    end: int
    name: str
    shared: str = ""
    known: bool = True
    """Whether the name begins as one of a unit does; a list may hold some that do not."""
    headed: bool = False
    """Whether the name stands with its own head, so that the head shared so far is shared no more."""


def is_several(name: str) -> bool:
    """Whether what looks like one unit's name is several under one head: "Hạt Kiểm lâm các huyện Na Hang"."""
    return bool(_OF_MANY.search(name))


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
    if full and not full["fixed"] and units.office_before.search(text, max(0, start - _OFFICE), start):
        full = _without_person(full, vocab)
    if full and not (worded and (full["bare"] or full["named"])):
        level = squeeze(full["level"] or "")
        shared = f"{full['head']} {units.level_expand.get(level, level)}".strip() if full["head"] else ""
        return Unit(start, full.end(), full_name(full.group(), units), full_name(shared, units) if shared else "")
    if worded:
        end = units.worded_end.search(text, worded.end(), min(len(text), start + _MAX_NAME))
        stop = end.start() if end else min(len(text), start + _MAX_NAME)
        name = text[start:stop].rstrip(" ,")
        person = units.person_last.search(name)
        if person and units.office_before.search(text, max(0, start - _OFFICE), start):
            name = name[: person.start()]
        if len(name.split()) > 1:
            coded = _CODED.fullmatch(name)
            return Unit(start, start + len(name), full_name(name, units), coded["head"] if coded else "")
    return None


def _without_person(full: re.Match[str], vocab: Vocab) -> re.Match[str] | None:
    """Return a unit's match without the name of its head that runs on behind it: "Giám đốc Sở Nội vụ Đoàn Thị A"."""
    person = vocab.units.person_last.search(full.group())
    if person is None or len(person["name"].split()) < _FULL_NAME or person["name"] in vocab.units.provinces:
        return full
    return vocab.units.full.match(full.string, full.start(), full.start() + person.start())


def find(text: str, vocab: Vocab) -> Iterator[Unit]:
    """Yield the units a text names, from left to right, none inside another."""
    units, done = vocab.units, 0
    for at in sorted({*units.full.starts_in(text), *units.worded.starts_in(text)}):
        if at >= done and (unit := unit_at(text, at, vocab)):
            yield unit
            done = max(unit.end, at + 1)


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
        if mark := _ITEM_MARK.match(text, at):
            at = mark.end()
        if head := units.shared.match(text, at) or units.shared_named.match(text, at):
            shared = _shared_head(head, units)
            at = head.end()
        elif head := units.shared_levels.match(text, at):
            level = squeeze(head["level"])
            shared = f"{_before_many(head, text)} {units.level_expand.get(level, level)}"
            at = head.end()
        elif head := units.shared_bare.match(text, at):
            level = squeeze(head["level"])
            shared, at = units.level_expand.get(level, level), head.end()
        elif (
            not found
            and (head := _HEAD.match(text, at))
            and not _SEVERAL.search(head["head"])
            and unit_at(text, at, vocab)
        ):
            shared, at = full_name(head["head"], units), head.end()
        item = _item(text, at, shared, vocab)
        if item is None or units.role_next.match(text, item.end):
            break
        found.append(item)
        shared = item.shared if item.headed else shared
        join = units.join.match(text, item.end)
        if not join:
            break
        at = join.end()
    return found


def _before_many(head: re.Match[str], text: str) -> str:
    """Return the head before "các" or a count: "Sở GD&ĐT các tỉnh: " gives "Sở GD&ĐT"."""
    return squeeze(_MANY.split(text[head.start() : head.start("level")])[0])


def _sentence_before(text: str, end: int) -> tuple[int, int]:
    """Return the stretch of the same sentence in which a list's head may stand."""
    begin = max(0, end - _MAX_HEAD)
    return max(begin, text.rfind(". ", begin, end) + 1), end


def _shared_head(match: re.Match[str], units: Units) -> str:
    """Return the head that a list shares, in the singular and written out."""
    level = squeeze(match.groupdict().get("level") or "")
    name = match["head"][:1].upper() + match["head"][1:]
    return full_name(f"{name} {units.level_expand.get(level, level)}".strip(), units)


def _item(text: str, at: int, shared: str, vocab: Vocab) -> Unit | None:
    units = vocab.units
    if shared and (place := units.level_place.match(text, at)):
        level = units.level_expand.get(squeeze(place["level"]), squeeze(place["level"]))
        head = _without_level(shared, vocab)
        return Unit(at, place.end(), f"{head} {level} {squeeze(place['place'])}", f"{head} {level}")
    unit = unit_at(text, at, vocab)
    named = units.listed.match(text, at)
    if named and _is_person(named.group(), vocab):
        named = None
    if unit and not _namesake(unit, shared):
        if named and named.end() > unit.end and _GOES_ON.match(text, unit.end):
            return Unit(at, named.end(), full_name(named.group(), units), unit.shared, headed=True)
        if closed := _TO_SEMICOLON.match(text, unit.end):
            return Unit(at, closed.end(), squeeze(text[at : closed.end()]), headed=True)
        return dataclasses.replace(unit, headed=True)
    own_head = bool(shared) and text.startswith(" ".join(shared.split()[:2]), at)
    if shared and not own_head and (bare := units.place.match(text, at)):
        return Unit(at, bare.end(), f"{shared} {squeeze(bare.group())}")
    return Unit(at, named.end(), squeeze(named.group()), known=False, headed=True) if named else None


def _is_person(name: str, vocab: Vocab) -> bool:
    """Whether a listed name is a person's: a surname and nothing but capitalised words, or a form of address."""
    words = name.split()
    named = words[0] in vocab.people.surnames and len(words) <= 4 and all(word[:1].isupper() for word in words)
    return named or bool(vocab.people.person_next.match(name) or vocab.people.leading.match(name))


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

    @functools.cache
    def provinces() -> bool:
        return any(units.provinces_said.search(passage.text) for passage in passages)

    for index, passage in enumerate(passages):
        text, taken = passage.text, 0
        for line, unit in _bullets(passages, index, vocab):
            name = full_name(unit.name, units, provinces())
            found.setdefault(name.casefold(), Found(name, line.evidence(unit.start, unit.end, "member_listed")))
        starts = {match.end() for match in rules.member_list.finditer(text)}
        if units.counted_hint.search(text):
            starts.update(match.start() for one in (units.shared, units.shared_named) for match in one.finditer(text))
        for start in sorted(starts):
            if start < taken or rules.award.search(text, max(0, start - 100), start):
                continue
            listed = enumeration(text, start, vocab)
            sure = text[:start].rstrip()[-1:] in (":", "(") and len(listed) > _MIN_LISTED
            if len(listed) < _MIN_LISTED or sum(unit.known for unit in listed) * (3 if sure else 2) < len(listed):
                continue
            taken = listed[-1].end
            for unit in listed:
                name = full_name(unit.name, units, provinces())
                evidence = passage.evidence(unit.start, unit.end, "member_listed")
                found.setdefault(name.casefold(), Found(name, evidence))
    if not found:
        for passage in passages[:_LEAD_PASSAGES]:
            for unit in _present(passage.text, vocab):
                name = full_name(unit.name, units, provinces())
                evidence = passage.evidence(unit.start, unit.end, "member_present")
                found.setdefault(name.casefold(), Found(name, evidence))
    full = InFull("\n".join(passage.text for passage in passages), units, {one.value for one in found.values()})
    return tuple(Found(full.name(one.value), one.evidence) for one in found.values())


class InFull:
    """Writes out a unit's place where the clipping itself prints that unit in full somewhere."""

    def __init__(self, text: str, units: Units, taken: Collection[str] = ()) -> None:
        self._text, self._units, self._taken = text, units, taken

    def name(self, name: str) -> str:
        """Return the one full form that the text has of a name cut short, else the name as it is."""
        if self._units.level_last.search(name):
            fuller = set(re.findall(rf"{re.escape(name)} {NAME_WORD}(?: {NAME_WORD})*", self._text))
            return fuller.pop() if len(fuller) == 1 else name
        if not self._printed(name) and (inside := self._units.level_inside.search(name)):
            for level in self._units.level_names:
                other = f"{name[: inside.start()]} {level} {name[inside.end() :]}"
                if other not in self._taken and self._printed(other):
                    return other
        return self._long_place(name)

    def _printed(self, name: str) -> bool:
        return name in self._text

    def _long_place(self, name: str) -> str:
        for short, places in self._units.short_places.items():
            if name.endswith(f" {short}"):
                long = [f"{name.removesuffix(short)}{place}" for place in places]
                return next((form for form in long if self._printed(form)), name)
        return name


def _present(text: str, vocab: Vocab) -> list[Unit]:
    """Return units of one kind that are named side by side as taking part in the meeting."""
    for match in vocab.clusters.present.finditer(text):
        listed = enumeration(text, match.end(), vocab)
        if len(listed) < _MIN_PRESENT or not all(unit.known for unit in listed):
            continue
        kinds = {"" if vocab.units.level_place.match(unit.name.strip()) else unit.name.split()[0] for unit in listed}
        if len(kinds) == 1 or all(unit.shared for unit in listed):
            return listed
    return []


def _bullets(passages: Sequence[Passage], index: int, vocab: Vocab) -> Iterator[tuple[Passage, Unit]]:
    """Yield the units of a list that has one on each line, under a line that announces the members."""
    text = passages[index].text.rstrip()
    if not text.endswith(":") or not vocab.clusters.member_list.search(text, max(0, len(text) - _MAX_NAME)):
        return
    above = list(vocab.units.counted.finditer(text, max(0, len(text) - _MAX_NAME)))
    shared = _shared_head(above[-1], vocab.units) if above else ""
    for passage in passages[index + 1 :]:
        bullet = _BULLET.match(passage.text)
        items = _on_line(passage.text, bullet.end() if bullet else 0, shared, vocab)
        alone = bullet or (len(items) == 1 and items[0].known and not passage.text[items[0].end :].strip(" ;.,"))
        if not items or not alone:
            return
        yield from ((passage, item) for item in items)


def _on_line(text: str, at: int, shared: str, vocab: Vocab) -> list[Unit]:
    """Return the units of one line of a list: one, or several with commas between them."""
    items: list[Unit] = []
    while item := _item(text, at, shared, vocab):
        if items and not item.known:
            break
        items.append(item)
        join = vocab.units.join.match(text, item.end)
        if not join:
            break
        at = join.end()
    return items
