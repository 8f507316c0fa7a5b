"""Figures: numbers in digits with the noun they count, or the measure they are in and the thing that is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Figure
from build_tools.vocab import Figures, Vocab

_BEFORE = 30
_CLAUSE = 90
"""Characters before a measure in which the thing that is measured stands."""
_KIND = 60
"""Characters behind a counted noun that say of what kind it is."""


def figures(passages: Sequence[Passage], vocab: Vocab) -> tuple[Figure, ...]:
    """Return each figure once, in text order; the same count of the same noun again is the same figure."""
    found: dict[tuple[str, str, str | None], Figure] = {}
    for passage in passages:
        for figure in _in_passage(passage, vocab.figures):
            what = figure.what if figure.evidence.rule == "figure_measured" else None
            found.setdefault((figure.value, figure.unit.casefold(), what), figure)
    return tuple(found.values())


def _in_passage(passage: Passage, rules: Figures) -> Iterator[Figure]:
    text = passage.text
    last: tuple[int, str | None] = (-1, None)
    for number in rules.number.finditer(text):
        start, end = number.span("v")
        before = text[max(0, start - _BEFORE) : start]
        compound = rules.compound.match(text, number.end())
        measure = None if compound else rules.measure.match(text, number.end())
        if measure:
            stop, what = measure.end(), _measured(text, start, last, rules)
            last = stop, what
        else:
            noun = rules.noun.match(text, number.end()) if number["gap"] else None
            if noun is None or (rules.not_unit.match(text, noun.start()) and not compound):
                continue
            if rules.not_before.search(before) and not rules.and_before.search(before):
                continue
            stop, what = noun.end(), _kind(text, noun.end(), rules)
        evidence = passage.evidence(start, stop, "figure_measured" if measure else "figure_counted")
        yield Figure(text[start:end], squeeze(text[number.end() : stop]), what, evidence)


def _kind(text: str, start: int, rules: Figures) -> str | None:
    """Return the words behind a counted noun that say of what kind it is."""
    ended = rules.ends.search(text, start, min(len(text), start + _KIND))
    return squeeze(text[start : ended.start()]) or None if ended else None


def _without_lead(text: str, rules: Figures) -> str:
    """Return `text` without the words at its end that lead to a number: "đạt", "tăng hơn"."""
    while leads := rules.leads_in.search(text):
        text = text[: leads.start()]
    return text.rstrip()


def _measured(text: str, end: int, last: tuple[int, str | None], rules: Figures) -> str | None:
    """Return the noun phrase before a measure, without the words that lead from it to the number.

    `last` is where the measure before it ends, and what that one measures: "đạt 83,4%, tăng 2,1%" is of one thing.
    """
    begin = max(0, end - _CLAUSE)
    pauses = [(begin, begin), *(pause.span() for pause in rules.clause.finditer(text, begin, end))]
    what = _without_lead(text[pauses[-1][1] : end], rules)
    if not what and len(pauses) > 1 and text[slice(*pauses[-1])] == ",":
        if last[0] == pauses[-1][0]:
            return last[1]
        what = _without_lead(text[pauses[-2][1] : pauses[-1][0]], rules)
    if rules.verb_last.search(what):
        return None
    while verb := rules.verb_first.match(what):
        what = what[verb.end() :]
    return squeeze(what) or None
