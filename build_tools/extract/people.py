"""People with a rank or an office: a rank, a form of address or an office licenses the capitalised name beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from build_tools.extract import units
from build_tools.extract.passage import Passage
from build_tools.model import Evidence, Person
from build_tools.patterns import last_word, one_case
from build_tools.vocab import UPPER, Vocab

_OFFICE_SPAN = 170
"""Characters that an office may take: the longest of 86 in the labelled clippings has 84."""
_MIN_SYLLABLES, _MAX_SYLLABLES = 2, 4
_OFFICE_BEFORE = 80
"""Characters before a name in which an office with its unit stands."""
_LETTERS = re.compile(rf"[{UPPER}]{{3,}}(?!\w)")
_BEFORE = 40
"""Characters before a name in which its rank, form of address or office stands."""
_WORD = re.compile(r"\S+")
_LETTERS_AND_DIGITS = re.compile(r"\w+")
_JOINED = re.compile(rf"[{UPPER}]['’][{UPPER}]\w+")
"""A name of the highlands in one word: "K'Brêu"."""
_GOES_ON = re.compile(r"\s+\w")
_PAUSE = re.compile(r"\s*[,–—(-]")
"""What stands between a name and the office behind it."""


def people(passages: Sequence[Passage], vocab: Vocab) -> tuple[Person, ...]:
    """Return each person once, with the rank and the office of the first mention that has them."""
    found: dict[str, Person] = {}
    for passage in passages:
        for name, rank, role, evidence in sorted(_mentions(passage, vocab), key=lambda hit: hit[3].start):
            known = found.get(name.casefold())
            if known is None:
                found[name.casefold()] = Person(name, rank, role, evidence)
            elif (known.rank is None and rank) or (known.role is None and role):
                found[name.casefold()] = Person(known.name, known.rank or rank, known.role or role, known.evidence)
    return tuple(found.values())


def _mentions(passage: Passage, vocab: Vocab) -> Iterator[tuple[str, str | None, str | None, Evidence]]:
    """Yield (name, rank, office, evidence) for each run of capitalised words that something beside it makes a name."""
    rules, text, small = vocab.people, passage.text, one_case(passage.text)
    for run in rules.names.finditer(text):
        start, rank, addressed = _behind_unit(passage, run, vocab), None, False
        while _first_word(small, start) in rules.first_words and (lead := rules.leading.match(text, start, run.end())):
            start, rank, addressed = lead.end(), lead["rank"] or rank, True
        led = _led(small, start, vocab)
        before = rules.before.search(text, max(0, start - _BEFORE), start) if led else None
        held = None if addressed or before else _office_before(passage, start, vocab)
        if not (addressed or led or held or _PAUSE.match(text, run.end())):
            continue
        named = addressed or bool(held or (before and (before["rank"] or before["address"])))
        end = _name_end(text, start, run.end(), named, vocab)
        if end is None:
            continue
        rank = rank or (before["rank"] if before else None)
        known = text[start:end].split(maxsplit=1)[0] in rules.surnames
        office = _office(passage, end, vocab)
        if not rank and text[start:end] in vocab.units.provinces:
            continue
        if rank:
            rule = "person_ranked"
        elif office and (addressed or (before and before["address"])):
            rule = "person_addressed"
        elif office and known and not _is_place(text, start, end, vocab):
            rule = "person_listed"
        elif before and before["office"] and known:
            rule = "person_officed"
        elif known and held:
            rule, office = "person_officed", held
        else:
            continue
        role = office or (before["office"] if before else None)
        yield passage.printed(start, end), rank, role, passage.evidence(start, end, rule)


def _behind_unit(passage: Passage, run: re.Match[str], vocab: Vocab) -> int:
    """Return where a name begins in a run of capitals that an office's unit begins: "… tỉnh Tiền Giang Trần Văn A"."""
    if run.group().count(" ") < _MAX_SYLLABLES - 1:
        return run.start()
    words = list(_WORD.finditer(run.group()))
    for word in words[1:-1]:
        start = run.start() + word.start()
        if word.group() in vocab.people.surnames and _office_before(passage, start, vocab):
            return start
    return run.start()


def _office_before(passage: Passage, start: int, vocab: Vocab) -> str | None:
    """Return an office with its unit that stands right before a name: "Giám đốc Sở Nội vụ Đoàn Thị Kim Thoa"."""
    text = passage.text
    first = _WORD.match(text, start)
    if first is None or first.group() not in vocab.people.surnames:
        return None
    floor = max(0, start - _OFFICE_BEFORE)
    for office in vocab.people.held.finditer(text, floor, start):
        unit = units.unit_at(text, office.end(), vocab)
        end = unit.end if unit else None
        if end is None and (letters := _LETTERS.match(text, office.end())):
            end = letters.end()
        if end is not None and not text[end:start].strip() and end < start:
            return passage.printed(office.start(), end)
    return None


def _led(small: str, start: int, vocab: Vocab) -> bool:
    """Whether a rank, a form of address or an office may end right before `start`: its last word stands there.

    `small` is the text in one case.
    """
    return last_word(small[max(0, start - _BEFORE) : start]) in vocab.people.last_words


def _first_word(small: str, start: int) -> str:
    """Return the word that begins at `start`."""
    word = _LETTERS_AND_DIGITS.match(small, start)
    return word.group() if word else ""


def _is_place(text: str, start: int, end: int, vocab: Vocab) -> bool:
    """Whether what could be a name is a place's: a province, or behind "quận", or with an office in brackets."""
    rules = vocab.units
    placed = rules.level_before.search(text, max(0, start - _BEFORE), start)
    return bool(placed) or text[start:end] in rules.provinces or text[end : end + 2].lstrip()[:1] == "("


def _name_end(text: str, start: int, stop: int, addressed: bool, vocab: Vocab) -> int | None:
    """Return where a name ends within a run of capitalised words: before a body's or an office's first word.

    A word that is both a surname and a body's ("Đoàn") is the surname behind a rank or a form of address, and a
    given name where the run ends in it.
    """
    not_name, surnames = vocab.people.not_name, vocab.people.surnames
    words = list(_WORD.finditer(text, start, stop))
    if len(words) == 1 and addressed and _JOINED.fullmatch(words[0].group()):
        return words[0].end()
    if len(words) < _MIN_SYLLABLES or (
        not_name.match(text, start) and not (addressed and words[0].group() in surnames)
    ):
        return None
    last = 0
    for i, word in enumerate(words[1:_MAX_SYLLABLES], 1):
        given = i + 1 == len(words) and i > 1 and word.group() in surnames and not _GOES_ON.match(text, word.end())
        middle = i == 1 and addressed and i + 1 < len(words) and word.group() in vocab.people.names_also
        if not_name.match(text, word.start()) and not given and not middle:
            break
        last = i
    return words[last].end() if last else None


def _office(passage: Passage, end: int, vocab: Vocab) -> str | None:
    """Return the office printed behind a name, as printed, up to the words that end it."""
    rules, text = vocab.people, passage.text
    begin = rules.office.match(text, end)
    if not begin:
        return None
    limit = min(len(text), begin.end() + _OFFICE_SPAN)
    stop = limit
    at = begin.end()
    while ended := rules.office_end.search(text, at, limit):
        open_bracket = text.rfind("(", begin.end(), ended.start())
        if ended.group().strip() == ")" and open_bracket >= 0:
            at = ended.end()
            continue
        stop = ended.start()
        break
    if text.count("(", begin.end(), stop) > text.count(")", begin.end(), stop):
        stop = text.rfind("(", begin.end(), stop)
    return passage.printed(begin.end(), stop).strip(" ,-–—(") or None
