"""Regular expressions made fast: alternatives as a trie, and patterns that are tried only where they can begin.

What a pattern can begin with and what each of its matches holds are worked out of the pattern itself, so a gate can
never disagree with its pattern. A part that is not understood makes a pattern slower, never wrong.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST_STARTS = 300
_MOST_WORDS = 8
"""Up to so many words are looked for one by one before a pattern is tried: more cost as much as trying it."""
_SMALL_CLASS = 4
_SPACES = r"\s+"
_DIGIT = r"\d"
_REMEMBERED = 512
"""Texts whose one-case form is remembered: more than the lines, passages and sentences of a clipping."""

Prefix = tuple[str, ...]
"""What a match begins with, one token a place: an escaped character, a digit, or a run of white space."""


@lru_cache(maxsize=_REMEMBERED)
def one_case(text: str) -> str:
    """Return `text` in one case, character for character, so that letters `re.IGNORECASE` holds equal are equal.

    That is so for the letters that `_plain` tells.
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower()[0] for c in text)
    return small.replace("ı", "i").replace("ſ", "s")


def _plain(char: str) -> bool:
    """Whether a character has no other case, or is a Latin letter of those that Vietnamese is written in."""
    return char.lower() == char.upper() or (char < "\u0180" and char != "µ") or char in "ƠơƯư" or "Ạ" <= char <= "ỹ"


def trie(words: Iterable[Sequence[str]]) -> str:
    """Return a pattern that matches any of `words`, each a sequence of tokens, a longer one before its beginnings.

    The tokens of one place must exclude each other; then the order is that of "the longest first".
    """
    return _branches(_tree(words))


def _tree(words: Iterable[Sequence[str]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for token in word:
            node = node.setdefault(token, {})
        node[""] = {}
    return root


def _branches(node: dict[str, Any]) -> str:
    if not node:
        return ""
    ways = [token + _branches(node[token]) for token in sorted(node, key=lambda token: (token == "", token))]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def tokens(words: str) -> list[str]:
    """Return words as tokens, any white space between them."""
    made: list[str] = []
    for word in words.split():
        made += [_SPACES, *map(re.escape, word)] if made else map(re.escape, word)
    return made


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """The ways in which a stretch of a pattern can begin; those in `open` go on with what follows the stretch."""

    open: frozenset[Prefix]
    closed: frozenset[Prefix] = frozenset()

    def then(self, other: _Beginnings) -> _Beginnings:
        """Return the ways in which the two stretches after each other can begin."""
        if len(self.open) * (len(other.open) + len(other.closed)) > _MOST_STARTS:
            return self.end()
        return _Beginnings(
            frozenset(one + two for one in self.open for two in other.open),
            self.closed | {one + two for one in self.open for two in other.closed},
        )

    def end(self) -> _Beginnings:
        """Return the same, with nothing known of what follows."""
        return _Beginnings(frozenset(), self.closed | self.open)

    def __or__(self, other: _Beginnings) -> _Beginnings:
        return _Beginnings(self.open | other.open, self.closed | other.closed)


_NOTHING = _Beginnings(frozenset({()}))
_UNKNOWN = _NOTHING.end()
_ZERO_WIDTH = (op.AT, op.ASSERT, op.ASSERT_NOT)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_SPACE_CLASS = [(op.CATEGORY, op.CATEGORY_SPACE)]
_DIGIT_CLASS = [(op.CATEGORY, op.CATEGORY_DIGIT)]
_NO_WORD_BEFORE = (op.ASSERT_NOT, (-1, [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])]))


class _Reader:
    """Reads out of a parsed pattern what a match begins with and holds; `fold` brings its letters into one case."""

    def __init__(self, tree: Any, any_case: bool) -> None:
        self.tree = tree
        self.any_case = any_case

    def starts(self) -> re.Pattern[str] | None:
        """Return a pattern that finds where a match can begin; None when nothing is known of that."""
        ways = self._beginnings(self.tree).end().closed
        if not ways or any(way[:1] in ((), (_SPACES,)) for way in ways):
            return None
        kept = {way for way in ways if not any(way[:size] in ways for size in range(1, len(way)))}
        tree = _tree(kept)
        first = list(self.tree)[0]
        apart = first[0] is op.ASSERT_NOT and [first[1][0], list(first[1][1])] == [*_NO_WORD_BEFORE[1]]
        word_start = r"(?<!\w.)" if apart else ""
        rest = "|".join(f"(?<={token}){_branches(tree[token])}" for token in sorted(tree))
        # The first character stands in front as a class, which the engine scans for much faster than for branches;
        # the rest is looked at and not taken, since the next beginning may lie in it.
        return re.compile(f"[{''.join(sorted(tree))}]{word_start}(?={rest})", re.DOTALL)

    def held(self) -> tuple[str, ...]:
        """Return words of which each match holds at least one; none when not known, or too many to be of use."""
        words = self._held(self.tree)
        return tuple(sorted(words)) if len(words) <= _MOST_WORDS else ()

    def _literal(self, code: int) -> str | None:
        """Return a character in the case that texts are looked at in; None when its other cases are not known."""
        char = chr(code)
        if not self.any_case:
            return char
        return one_case(char) if _plain(char) else None

    def _beginnings(self, tree: Any) -> _Beginnings:
        """Return how a match of a stretch begins; zero-width parts only narrow that down and are left out."""
        made = _NOTHING
        for kind, value in tree:
            if kind in _ZERO_WIDTH:
                continue
            made = made.then(self._of_part(kind, value))
            if not made.open:
                break
        return made

    def _of_part(self, kind: Any, value: Any) -> _Beginnings:
        if kind is op.LITERAL:
            return self._of_class([(kind, value)])
        if kind is op.IN:
            return self._of_class(value)
        if kind is op.BRANCH:
            made = _Beginnings(frozenset())
            for way in value[1]:
                made |= self._beginnings(way)
            return made
        if kind is op.SUBPATTERN:
            return self._beginnings(value[-1])
        if kind in _REPEATS:
            return self._of_repeat(*value)
        return _UNKNOWN

    def _of_class(self, parts: Any) -> _Beginnings:
        if parts == _DIGIT_CLASS:
            return _Beginnings(frozenset({(_DIGIT,)})).end()
        if len(parts) > _SMALL_CLASS or any(kind is not op.LITERAL for kind, _ in parts):
            return _UNKNOWN
        chars = [self._literal(code) for _, code in parts]
        return _UNKNOWN if None in chars else _Beginnings(frozenset((re.escape(char),) for char in chars if char))

    def _of_repeat(self, least: int, most: int, part: Any) -> _Beginnings:
        if least and list(part) == [(op.IN, _SPACE_CLASS)]:
            return _Beginnings(frozenset({(_SPACES,)}))
        once = self._beginnings(part)
        once = once if most == 1 else once.end()
        return once if least else once | _NOTHING

    def _held(self, tree: Any) -> frozenset[str]:
        found: list[frozenset[str]] = []
        run = ""
        for kind, value in [*tree, (op.ANY, None)]:
            char = self._literal(value) if kind is op.LITERAL else None
            if char:
                run += char
                continue
            found += [frozenset({run})] if run else []
            run = ""
            found.append(self._held_by(kind, value))
        known = [words for words in found if words and min(map(len, words)) > 1]
        return min(known, key=len, default=frozenset())

    def _held_by(self, kind: Any, value: Any) -> frozenset[str]:
        """Return what is held by one part of a pattern that is more than a character."""
        if kind is op.BRANCH:
            ways = [self._held(way) for way in value[1]]
            return frozenset().union(*ways) if all(ways) else frozenset()
        if kind is op.SUBPATTERN:
            return self._held(value[-1])
        if kind is op.ASSERT and value[0] > 0:
            return self._held(value[1])
        if kind in _REPEATS and value[0]:
            return self._held(value[2])
        return frozenset()


class Pattern:
    """A compiled pattern that looks first, at little cost, whether and where in a text it can match.

    It finds what `re.compile(pattern, flags)` finds. `held` are words of which any match holds one; `starts` finds
    where a match can begin. Both read the text in one case when the pattern ignores case, and both are empty when the
    pattern does not tell them.
    """

    __slots__ = ("any_case", "flags", "fullmatch", "held", "match", "pattern", "plain", "starts")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.plain = re.compile(pattern, flags)
        self.pattern, self.flags = pattern, flags
        self.match, self.fullmatch = self.plain.match, self.plain.fullmatch
        self.any_case = bool(self.plain.flags & re.IGNORECASE) or "(?i" in pattern
        reader = _Reader(_parser.parse(pattern, flags), self.any_case)
        self.held, self.starts = reader.held(), reader.starts()

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r}, {self.flags})"

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Yield the matches in `text[pos:endpos]` from left to right, none overlapping."""
        seen = one_case(text) if self.any_case else text
        if self.held and not self._holds_one(seen):
            return iter(())
        if self.starts is None:
            return self.plain.finditer(text, pos, endpos)
        return self._from(self.starts.finditer(seen, pos, endpos), text, endpos)

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match in `text[pos:endpos]`."""
        seen = one_case(text) if self.any_case else text
        if self.held and not self._holds_one(seen):
            return None
        if self.starts is None:
            return self.plain.search(text, pos, endpos)
        for start in self.starts.finditer(seen, pos, endpos):
            if found := self.match(text, start.start(), endpos):
                return found
        return None

    def _holds_one(self, seen: str) -> bool:
        for word in self.held:  # `any` with a generator takes three times as long
            if word in seen:
                return True
        return False

    def _from(self, starts: Iterator[re.Match[str]], text: str, endpos: int) -> Iterator[re.Match[str]]:
        done = 0
        for start in starts:
            at = start.start()
            if at >= done and (found := self.match(text, at, endpos)):
                yield found
                done = found.end()
