"""People with a rank or an office: a rank, a form of address or an office licenses the capitalised name beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from build_tools.extract.passage import Passage
from build_tools.model import Evidence, Person
from build_tools.vocab import Vocab

_OFFICE_SPAN = 170
"""Characters that an office may take: the longest seen, of three offices and a body in brackets, has 126."""
_MAX_SYLLABLES = 4


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
    rules, text = vocab.people, passage.text
    taken: list[tuple[int, int]] = []
    for rule, pattern in (
        ("person_ranked", rules.ranked),
        ("person_addressed", rules.addressed),
        ("person_listed", rules.listed),
        ("person_officed", rules.officed),
    ):
        for match in pattern.finditer(text):
            start, end = _name_span(match, vocab)
            if end <= start or any(start < b and a < end for a, b in taken):
                continue
            taken.append((start, end))
            rank = match.groupdict().get("rank")
            before = match.groupdict().get("office")
            role = _office(passage, end, vocab) or before
            if rank or role:
                yield passage.printed(start, end), rank, role, passage.evidence(start, end, rule)


def _name_span(match: re.Match[str], vocab: Vocab) -> tuple[int, int]:
    """Cut a run of capitalised words where it stops being a name: at a body's or an office's first word."""
    start, end = match.span("name")
    words = list(re.finditer(r"\S+", match["name"]))
    for i, word in enumerate(words):
        if i == _MAX_SYLLABLES or (i and vocab.people.not_name.match(match.string, start + word.start())):
            end = start + words[i - 1].end()
            words = words[:i]
            break
    if len(words) < 2 or vocab.people.not_name.match(match.string, start):
        return start, start
    return start, end


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
    return passage.printed(begin.end(), stop).strip(" ,-–—(") or None
