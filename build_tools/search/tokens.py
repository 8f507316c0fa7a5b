"""Words as search compares them, and one byte for how each is written.

A term is a word without marks ("cau"), or two neighbours ("cau giay"); how it is written ("cầu") is a code beside it,
so that one entry serves those who type marks and those who do not. The place of a tone in a word does not count:
"hoà" is "hòa". The other half is `overrides/assets/javascripts/search/tokens.js`; both read the table
`data/search.yaml`, and `tests/cases/folding.yaml` drives both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from build_tools.fold import fold
from build_tools.vocab import read


@cache
def table() -> dict[str, Any]:
    """Return the table that both languages read."""
    data: dict[str, Any] = read("search")
    return data


_MARK = re.compile("[\u0300-\u036f]")
_ALONE = re.compile(r"[^\W_]+")
_STOP = r"(?<=[^\W\d_]{3})[.!?…;:]+(?=\s)"
_SENTENCE = re.compile(_STOP)
"""Words on two sides of a full stop are no neighbours; one after "TP." or "5." parts nothing."""
_PARTS = re.compile(rf"[^\W_]+|{_STOP}")
_PLAIN = re.compile("[\x20-\x7e\xa0-\xac\xae-\u012f\u0131-\u02ff\u1e00-\u1eff\u2010-\u2027\u2030-\u205e]*\\Z")
"""Text of composed letters and common signs, in which words are what stands between the signs."""
_NUMBER = re.compile(r"[0-9]+")


def ways(letter: str) -> int:
    """Return in how many ways a bare letter can be written, tones aside."""
    known = table()
    return 2 if letter == known["stroke"]["letter"] else len(known["qualities"].get(letter, ())) + 1


def form(word: str) -> int:
    """Return how `word` (lower case) is written: 0 without marks, else tone and qualities in one number."""
    if word.isascii():
        return 0
    known = table()
    tone, scale, qualities = 0, 1, 0
    letter = ""
    radix = 1
    for character in unicodedata.normalize("NFD", word):
        if character in known["tones"]:
            if tone:
                return int(known["other_form"])
            tone = known["tones"][character]
        elif _MARK.match(character):
            value = known["qualities"].get(letter, {}).get(character)
            if value is None:
                return int(known["other_form"])
            qualities += value * scale
        else:
            scale *= radix
            stroked = character == known["stroke"]["with"]
            letter = known["stroke"]["letter"] if stroked else character
            radix = ways(letter)
            qualities += scale * stroked
    code = tone + 6 * qualities
    return code if code < known["other_form"] else int(known["other_form"])


@cache
def _normal(word: str) -> tuple[str, int]:
    """Return a lower-case word's term and form; a number has no leading zeros."""
    word = word[: table()["longest_word"]]
    if _NUMBER.fullmatch(word):
        return word.lstrip("0") or "0", 0
    return fold(word), form(word)


class _ByCategory(dict[int, str]):
    """A translation table that looks a character's Unicode category up once."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = changed = character if unicodedata.category(character)[0] in "LNM" else self._change(character)
        return changed


_WITHOUT_INVISIBLE = _ByCategory(lambda c: "" if unicodedata.category(c) == "Cf" else c)
_WORDS_ALONE = _ByCategory(lambda _: " ")


class Lexicon:
    """Numbers the words met so far: every way of writing one that has the same term and form has one number, from 1.

    0 stands where neighbours are parted: between two texts, and between two sentences.
    """

    def __init__(self) -> None:
        self._numbers = _Numbers()

    @property
    def words(self) -> list[tuple[str, int]]:
        """The words as (term, form), that of number 1 first."""
        return list(self._numbers.known)

    def add(self, text: str, out: list[int]) -> None:
        """Append the numbers of the words of `text`, in order, and a 0."""
        numbers = self._numbers
        if _PLAIN.match(text):
            out += [numbers[part] for part in _PARTS.findall(text.lower())]
        else:
            for sentence in _SENTENCE.split(text):
                out += [number for part in _cut(sentence) if (number := numbers[part])]
                out.append(0)
        out.append(0)


class _Numbers(dict[str, int]):
    """Finds a word's number; 0 when it holds no letter or digit."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], int] = {}

    def __missing__(self, part: str) -> int:
        term, code = _normal(part)
        self[part] = number = self.known.setdefault((term, code), len(self.known) + 1) if term else 0
        return number


def _cut(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text.translate(_WITHOUT_INVISIBLE).lower())
    return plain.translate(_WORDS_ALONE).split()


def words(text: str) -> list[tuple[str, int]]:
    """Return the words of `text` as (term, form), in order."""
    parts = _ALONE.findall(text.lower()) if _PLAIN.match(text) else _cut(text)
    return [word for part in parts if (word := _normal(part))[0]]
