"""The Vietnamese syllable as a grammar: tells a written syllable from anything else, and glued words apart.

A syllable is onset + rhyme + tone, which is a closed set of some thousands of forms; so text can be proved to be
Vietnamese (used to tell encodings), and a word that is no syllable but two of them in a row has lost its space.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOP_TONES = {"\u0301", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_SHORTEST_GLUED = 4
_REMEMBERED = 30_000
"""So many are remembered as whole: 3,000 clippings of news have 20,000 that differ."""
_LONGEST = 7
"""Letters in the longest syllable, "nghiêng"; a glued word of two has at most twice as many."""


@functools.lru_cache(maxsize=16_384)
def _toneless(word: str) -> tuple[str, str]:
    """Return a word without its tone, and the tone mark; two tones make no word."""
    tone, letters = "", []
    for mark in unicodedata.normalize("NFD", word):
        if mark in _TONES:
            if tone:
                return "", ""
            tone = mark
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@dataclass(frozen=True)
class Syllables:
    """The grammar, closed over its data file."""

    forms: frozenset[tuple[str, bool]] = field(repr=False)
    whole: set[str] = field(default_factory=set, repr=False, compare=False)
    """What was met before between two spaces and has no word in it that lost one."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Syllables:
        """Build the set of (letters without tone, ends in a stop) from the data file's onsets and rhymes."""
        front, stops = set(data["front_vowels"]), tuple(data["stops"])
        forms: set[tuple[str, bool]] = set()
        for rhyme in " ".join(data["rhymes"]).split():
            for onset in data["onsets"]:
                before_front = rhyme[0] in front
                if onset in data["front_only"] and not before_front:
                    continue
                if onset in data["back_only"] and before_front and not (onset == "g" and rhyme[0] == "i"):
                    continue
                forms.add((onset + rhyme, rhyme.endswith(stops)))
        return cls(frozenset(forms))

    def is_syllable(self, word: str) -> bool:
        """Whether `word` (any case, NFC) is a possible written syllable, its tone included."""
        if len(word) > _LONGEST:
            return False
        bare, tone = _toneless(word.lower())
        if (bare, False) in self.forms:
            return True
        return tone in _STOP_TONES and (bare, True) in self.forms

    def share(self, text: str) -> tuple[int, float]:
        """Return how many words of `text` have a letter beyond ASCII, and which share of them are syllables."""
        words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
        return len(words), (sum(map(self.is_syllable, words)) / len(words) if words else 0.0)

    def splits(self, word: str) -> tuple[int, ...]:
        """Return where `word` has lost a space: offsets of the second and later parts; () when it has not.

        Only a word with a Vietnamese letter is touched, never one all in capitals. A change from small to capital
        letter is a seam when all parts are syllables; else exactly one two-way split must be possible.
        """
        if (
            word.isascii()
            or word.isupper()
            or len(word) < _SHORTEST_GLUED
            or len(word) > 4 * _LONGEST
            or self.is_syllable(word)
        ):
            return ()
        seams = [i for i in range(1, len(word)) if word[i - 1].islower() and word[i].isupper()]
        if seams:
            parts = [word[a:b] for a, b in zip([0, *seams], [*seams, len(word)], strict=True)]
            return tuple(seams) if all(map(self.is_syllable, parts)) else ()
        cuts = [i for i in range(2, len(word) - 1) if self.is_syllable(word[:i]) and self.is_syllable(word[i:])]
        return (cuts[0],) if len(cuts) == 1 else ()

    def glued(self, text: str) -> dict[str, tuple[int, ...]]:
        """Return each word of `text` that has lost a space, with where it splits."""
        found: dict[str, tuple[int, ...]] = {}
        for token in set(itertools.filterfalse(self.whole.__contains__, text.split())):
            cut = {word: cuts for word in _LONG_WORD.findall(token) if (cuts := self.splits(word))}
            if not cut:
                self.whole.add(token)
            found |= cut
        if len(self.whole) > _REMEMBERED:
            self.whole.clear()
        return found

    def seams(self, text: str) -> Iterator[tuple[str, int, tuple[int, ...]]]:
        """Yield (word, its start, where it splits) for each glued word of `text`."""
        if found := self.glued(text):
            for match in _LONG_WORD.finditer(text):
                if cuts := found.get(match.group()):
                    yield match.group(), match.start(), cuts
