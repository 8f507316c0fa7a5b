"""Short forms and what they stand for: `data/abbreviations.yaml`, read and checked once.

A short form with several meanings is explained in a text only where each of its occurrences stands in a context that
tells; else it is left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from build_tools.errors import VocabError
from build_tools.patterns import trie
from build_tools.vocab import compiled, read

_NAME = "abbreviations"
_SHORT = re.compile(r"[^\W\d_]+(?:[-&][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Short forms with their long ones.

    `always` are those with one meaning; `in_context` those that mean `long` where the pattern matches round them.
    `words` matches any short form that stands alone.
    """

    always: Mapping[str, str]
    in_context: tuple[tuple[str, str, re.Pattern[str]], ...]
    words: re.Pattern[str]

    def used(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the short forms that stand in `texts`, in order of appearance, with what they mean there."""
        together = "\n".join(texts)
        found = dict.fromkeys(self.words.findall(together))
        meant = {short: self.always.get(short) or self._in_context(short, together) for short in found}
        return {short: long for short, long in meant.items() if long}

    def _in_context(self, short: str, text: str) -> str | None:
        """Return the one meaning that every occurrence in `text` has by its context, or None."""
        places = {match.start() for match in self.words.finditer(text) if match.group() == short}
        for known, long, pattern in self.in_context:
            if known == short:
                told = (self.words.finditer(text, *match.span()) for match in pattern.finditer(text))
                if places <= {match.start() for matches in told for match in matches}:
                    return long
        return None


@cache
def load() -> Abbreviations:
    """Return the abbreviations, read and checked once in each process.

    Raises:
        VocabError: naming the entry that is wrong.
    """
    data = read(_NAME)
    try:
        always = {_text(short): _text(long) for short, long in data["always"].items()}
        in_context = tuple(
            (_text(entry["short"]), _text(entry["long"]), compiled(entry["pattern"], f"{_NAME}.yaml", 0))
            for entry in data["in_context"]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise VocabError(f"{_NAME}.yaml: lacks or misplaces {error}") from error
    shorts = sorted({*always, *(short for short, _, _ in in_context)}, key=lambda short: (-len(short), short))
    for short in shorts:
        if not _SHORT.fullmatch(short):
            raise VocabError(f"{_NAME}.yaml: {short!r} must be letters, joined by - or & at most")
    if twice := sorted({short for short, _, _ in in_context} & always.keys()):
        raise VocabError(f"{_NAME}.yaml: {', '.join(twice)} stands both under always and under in_context")
    return Abbreviations(MappingProxyType(always), in_context, _alone(shorts))


def _alone(shorts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words, standing alone; it looks at nothing but their first letters at first."""
    by_letter: defaultdict[str, list[list[str]]] = defaultdict(list)
    for short in shorts:
        by_letter[short[0]].append([re.escape(letter) for letter in short[1:]])
    ways = "|".join(rf"{first}(?<!\w.){trie(rest)}" for first, rest in sorted(by_letter.items()))
    return re.compile(rf"(?:{ways})\b")


def _text(value: object) -> str:
    """Return a text of the data file on one line in NFC, the form that clippings are compared in."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise VocabError(f"{_NAME}.yaml: {value!r} must be a text on one line (in quotes when YAML reads it otherwise)")
    return unicodedata.normalize("NFC", value.strip())
