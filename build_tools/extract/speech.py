"""Quoted words: mottos and names of movements on one side, direct speech with its speaker on the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Found, Person, Quotation
from build_tools.patterns import Pattern
from build_tools.vocab import UPPER, Vocab

_QUOTED = Pattern(r"[“«](?P<curly>[^“”«»]{2,1500})[”»]|[\"”](?P<plain>[^\"“”]{2,1500})[\"”]")
_OPENED = re.compile(r"\s*[-–]\s*(?P<said>\S.{30,1500}?[.!?…])\s*")
"""Speech that a dash opens, under a line that names the speaker."""
_DASHED = re.compile(r"\s*[-–]\s*(?P<said>\S.{30,1500}?)\s+[-–]\s+(?P<by>[^-–]{5,140})")
"""Speech that a dash opens and a dash closes, the speaker behind it."""
_BESIDE = re.compile(r"[”\"»]\s*(?:[,;]|và)\s*(?:và\s+)?[“\"«]\s*")
"""What stands between two mottos that are named together."""
_SPEECH_WORDS = 6
"""Words from which quoted text can be speech; shorter ones are names and mottos, unless a sentence ends in them."""
_NEAR = 160
"""Characters round a quotation in which its speaker stands."""
_MOTTO = 40
"""Characters before a motto in which the word stands that calls it one."""
_MOTTO_MAX = 160
_REMEMBERED = 128
"""Passages whose quotations are remembered: mottos and speech are looked for in the same."""


def slogans(passages: Sequence[Passage], vocab: Vocab) -> tuple[Found[str], ...]:
    """Return each motto or movement once, without its quotation marks."""
    found: dict[str, Found[str]] = {}
    for passage in passages:
        last = -1
        for start, end in _quoted(passage.text):
            before = passage.text[max(0, start - 1 - _MOTTO) : start - 1]
            named = vocab.speech.movement.search(before) or (last > 0 and _BESIDE.fullmatch(passage.text, last, start))
            if end - start <= _MOTTO_MAX and named:
                last = end
                value = passage.printed(start, end).strip(" .,;")
                evidence = passage.evidence(start, end, "slogan_quoted")
                found.setdefault(value.casefold(), Found(value, evidence))
    return tuple(found.values())


def quotations(passages: Sequence[Passage], people: Sequence[Person], vocab: Vocab) -> tuple[Quotation, ...]:
    """Return direct speech in text order, with the person who says it."""
    found = []
    for index, passage in enumerate(passages):
        above = passages[index - 1].text.rstrip() if index else ""
        if (
            (line := _OPENED.fullmatch(passage.text))
            and above.endswith(":")
            and not passage.text.rstrip().endswith(";")
        ):
            evidence = passage.evidence(*line.span("said"), "speech_dashed")
            speaker = _named(above, people)
            if speaker or vocab.speech.opens.search(above):
                found.append(Quotation(passage.printed(*line.span("said")), speaker, evidence))
                continue
        if spoken := _DASHED.fullmatch(passage.text):
            if vocab.speech.says.search(spoken["by"]):
                evidence = passage.evidence(*spoken.span("said"), "speech_dashed")
                speaker = _named(spoken["by"], people, first=True)
                found.append(Quotation(passage.printed(*spoken.span("said")), speaker, evidence))
            continue
        for start, end in _quoted(passage.text):
            if _is_speech(passage.text, start, end, vocab):
                evidence = passage.evidence(start, end, "speech_quoted")
                speaker = _speaker(passage.text, (start, end), above, people, vocab)
                found.append(Quotation(passage.printed(start, end), speaker, evidence))
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _quoted(text: str) -> tuple[tuple[int, int], ...]:
    """Return where quoted words begin and end, the marks left out."""
    found = []
    for match in _QUOTED.finditer(text):
        start, end = match.span("curly" if match["curly"] else "plain")
        bare = match.group()[1:-1]
        found.append((start + len(bare) - len(bare.lstrip()), end - (len(bare) - len(bare.rstrip()))))
    return tuple(found)


def _is_speech(text: str, start: int, end: int, vocab: Vocab) -> bool:
    """Whether quoted words are said: a sentence behind a colon, or one that a verb of saying leads in or follows."""
    rules, words = vocab.speech, text[start:end]
    before = text[max(0, start - 1 - _NEAR) : start - 1].rstrip()
    if rules.movement.search(before[-_MOTTO:]) or not re.match(rf"[{UPPER}\d…]", words):
        return False
    if len(words.split()) < _SPEECH_WORDS and not rules.sentence.search(words):
        return False
    behind = text[end + 1 : end + 1 + _NEAR]
    opened = not before or before[-1] in ":–-" or text[:start].strip() in ("“", '"', "-", "- “")
    said_behind = re.match(r"\s*[,.–-]?\s", behind) and rules.says.search(behind)
    return bool(opened or said_behind or (rules.says.search(before[-60:]) and rules.sentence.search(words)))


def _speaker(text: str, quoted: tuple[int, int], above: str, people: Sequence[Person], vocab: Vocab) -> str | None:
    """Return who says the words at `quoted`: a person named behind them with a verb of saying, else before them.

    `above` is the passage before, which may end in a colon and name the speaker.
    """
    start, end = quoted
    before, behind = text[max(0, start - 2 * _NEAR) : start], text[end + 1 : end + 1 + _NEAR]
    said = vocab.speech.says.search(behind.split(". ")[0])
    name = _named(behind, people, first=True) if said else None
    if name := name or _named(before, people):
        return name
    if called := vocab.speech.speaker.search(before) or vocab.speech.speaker.search(behind):
        return squeeze(called.group())
    return _named(above, people) if above.endswith(":") and not before.strip(' “"-–') else None


def _named(text: str, people: Sequence[Person], *, first: bool = False) -> str | None:
    """Return the person whose name stands last in `text`, or first."""
    places = [(text.find(p.name) if first else text.rfind(p.name), p.name) for p in people if p.name in text]
    if not places:
        return None
    return (min if first else max)(places)[1]
