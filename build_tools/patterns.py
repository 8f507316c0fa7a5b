"""Regular expressions made fast: alternatives as a trie, and patterns that are tried only where they can begin.

Python's engine tries a pattern at nearly every letter of a text. Most patterns here begin with one of some words, and
looking for words is cheap; which words these are is worked out of the pattern itself, so the two can never disagree.
A part of a pattern that is not understood makes it slower, never wrong.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST_WAYS = 400
"""Ways to begin that are told apart; a pattern with more is known by its first words alone."""
_MOST_FRAGMENTS = 12
"""Up to so many fragments are looked for one by one: more cost as much as trying the pattern."""
_SMALL_CLASS = 4
_REMEMBERED = 512
"""Texts whose one-case form and words are remembered: more than the lines and passages of a clipping."""

_SPACES, _DIGIT, _EDGE = r"\s+", r"\d", r"\b"
"""The tokens of a pattern that are no character: a run of white space, a digit, the edge of a word."""
_WORD = re.compile(r"\w+")
_ONE_DIGIT = re.compile(r"\d")

Way = tuple[str, ...]
"""A way to begin: its characters and other tokens, as far as they are known."""


@lru_cache(maxsize=_REMEMBERED)
def one_case(text: str) -> str:
    """Return `text` in one case, character for character, so that letters which `re.IGNORECASE` holds equal are equal.

    That is so for the letters that `_plain` tells.
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower()[0] for c in text)
    return small.replace("ı", "i").replace("ſ", "s")


def _plain(char: str) -> bool:
    """Whether a character has no other case, or is a Latin letter such as Vietnamese is written in."""
    return char.lower() == char.upper() or (char < "\u0180" and char != "µ") or char in "ƠơƯư" or "Ạ" <= char <= "ỹ"


@lru_cache(maxsize=_REMEMBERED)
def digits_of(text: str) -> tuple[int, ...]:
    """Return where the digits of `text` stand."""
    return tuple(match.start() for match in _ONE_DIGIT.finditer(text))


@lru_cache(maxsize=_REMEMBERED)
def words_of(text: str) -> frozenset[str]:
    r"""Return the words of `text`, as `\w+` finds them."""
    parts = set(text.split())
    parts.update(_WORD.findall(" ".join([part for part in parts if not part.isalnum()])))
    return frozenset(parts)


def last_word(text: str) -> str:
    """Return the last word of what stands behind the last white space inside `text`: "tá" of "Đại tá, "."""
    found = _WORD.findall("".join(text.rsplit(None, 1)[-1:]))
    return found[-1] if found else ""


def trie(words: Iterable[Sequence[str]]) -> str:
    """Return a pattern that matches any of `words`, each a sequence of tokens, a longer one before its beginnings.

    The tokens of one place must exclude each other; then the order is that of "the longest first".
    """
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for token in word:
            node = node.setdefault(token, {})
        node[""] = {}
    return _branches(root)


def _branches(node: dict[str, Any]) -> str:
    if not node:
        return ""
    ways = [token + _branches(node[token]) for token in sorted(node, key=lambda token: (token == "", token))]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def tokens(words: str) -> list[str]:
    """Return words as the tokens of a pattern, any white space between them."""
    made: list[str] = []
    for word in words.split():
        made += [_SPACES] if made else []
        made += map(re.escape, word)
    return made


@dataclass(frozen=True, slots=True)
class _Ways:
    """How a stretch of a pattern can begin; what follows the stretch goes on with those in `open`."""

    open: frozenset[Way]
    closed: frozenset[Way] = frozenset()

    def then(self, other: _Ways) -> _Ways:
        """Return how the two stretches after each other can begin; of too many the second is left out."""
        if () in self.open and len(self.open) > 1:
            return other | _Ways(self.open - {()}, self.closed).then(other)
        if len(self.open) * (len(other.open) + len(other.closed)) > _MOST_WAYS and () not in self.open:
            return self.end()
        return _Ways(
            frozenset(one + two for one in self.open for two in other.open),
            self.closed | {one + two for one in self.open for two in other.closed},
        )

    def end(self) -> _Ways:
        """Return the same, with nothing known of what follows."""
        return _Ways(frozenset(), self.closed | self.open)

    def __or__(self, other: _Ways) -> _Ways:
        return _Ways(self.open | other.open, self.closed | other.closed)


_NOTHING = _Ways(frozenset({()}))
_UNKNOWN = _NOTHING.end()
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _one(token: str) -> _Ways:
    return _Ways(frozenset({(token,)}))


def _is_class(tree: Any, category: Any) -> bool:
    return list(tree) == [(op.IN, [(op.CATEGORY, category)])]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads out of a parsed pattern how its matches begin and what they hold."""

    any_case: bool

    def ways(self, tree: Any) -> _Ways:
        """Return how a match of a stretch begins; zero-width parts but the edges of words are left out."""
        made = _NOTHING
        for kind, value in tree:
            made = made.then(self._of(kind, value))
            if not made.open:
                break
        return made

    def held(self, tree: Any) -> frozenset[str]:
        """Return fragments of which each match holds at least one; none when not known."""
        found: list[frozenset[str]] = []
        run = ""
        for kind, value in [*tree, (op.ANY, None)]:
            char = self._char(value) if kind is op.LITERAL else None
            if char:
                run += char
                continue
            found += [frozenset({run})] if self._tells(run) else []
            run = ""
            found.append(self._held_in(kind, value))
        return min(filter(None, found), key=len, default=frozenset())

    @staticmethod
    def _tells(run: str) -> bool:
        """Whether a fragment is rare enough to look for: any of two characters, or a mark."""
        return len(run) > 1 or (bool(run.strip()) and not run.isalnum())

    def _char(self, code: int) -> str | None:
        """Return a character in the case that texts are read in; None when its other cases are not known."""
        char = chr(code)
        if not self.any_case:
            return char
        return one_case(char) if _plain(char) else None

    def _of(self, kind: Any, value: Any) -> _Ways:  # noqa: PLR0911 - one return for each kind of part
        if kind is op.LITERAL:
            return self._of_class([(kind, value)])
        if kind is op.IN:
            return self._of_class(value)
        if kind is op.BRANCH:
            made = _Ways(frozenset())
            for way in value[1]:
                made |= self.ways(way)
            return made
        if kind is op.SUBPATTERN:
            return self.ways(value[-1])
        if kind in _REPEATS:
            return self._of_repeat(*value)
        if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
            return _one(_EDGE) if self._is_edge(kind, value) else _NOTHING
        return _UNKNOWN

    def _of_class(self, parts: Any) -> _Ways:
        if parts == [(op.CATEGORY, op.CATEGORY_DIGIT)]:
            return _one(_DIGIT).end()
        if len(parts) > _SMALL_CLASS or any(kind is not op.LITERAL for kind, _ in parts):
            return _UNKNOWN
        chars = [self._char(code) for _, code in parts]
        return _UNKNOWN if None in chars else _Ways(frozenset((char,) for char in chars if char))

    def _of_repeat(self, least: int, most: int, part: Any) -> _Ways:
        if least and _is_class(part, op.CATEGORY_SPACE):
            return _one(_SPACES)
        once = self.ways(part)
        once = once if most == 1 else once.end()
        return once if least else once | _NOTHING

    def _is_edge(self, kind: Any, value: Any) -> bool:
        r"""Whether a zero-width part is `\b`, `(?<!\w)`, `(?!\w)` or a look at white space to come."""
        if kind is op.AT:
            return bool(value is op.AT_BOUNDARY)
        if kind is op.ASSERT_NOT:
            return _is_class(value[1], op.CATEGORY_WORD)
        ways = self.ways(value[1]) if value[0] > 0 else _UNKNOWN
        return all(way[:1] == (_SPACES,) for way in ways.open | ways.closed)

    def _held_in(self, kind: Any, value: Any) -> frozenset[str]:
        """Return what is held by one part of a pattern that is more than a character."""
        if kind is op.BRANCH:
            ways = [self.held(way) for way in value[1]]
            return frozenset().union(*ways) if all(ways) else frozenset()
        if kind is op.IN:
            chars = {self._char(code) if part is op.LITERAL else None for part, code in value}
            return frozenset(char for char in chars if char and self._tells(char)) if None not in chars else frozenset()
        if kind is op.SUBPATTERN:
            return self.held(value[-1])
        if kind is op.ASSERT and value[0] > 0:
            return self.held(value[1])
        if kind in _REPEATS and value[0]:
            return self.held(value[2])
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Starts:
    """Where a pattern can begin: at a whole word, at a fragment wherever it stands, or at a digit.

    `words` are in one case, each with the ways in which the pattern writes it.
    """

    words: Mapping[str, tuple[str, ...]]
    fragments: tuple[str, ...]
    digits: bool

    @classmethod
    def of(cls, ways: Iterable[Way]) -> _Starts | None:
        """Sum up all ways in which a pattern can begin; None when one begins with anything or they are too many."""
        words: dict[str, set[str]] = {}
        fragments: set[str] = set()
        digits = False
        for way in ways:
            whole, rest = way[:1] == (_EDGE,), [token for i, token in enumerate(way) if i or token != _EDGE]
            known = "".join(itertools.takewhile(lambda token: len(token) == 1, rest))
            first = _WORD.match(known)
            ended = first is not None and first.end() < len(rest) and rest[first.end()] != _DIGIT
            if whole and ended and first:
                words.setdefault(one_case(first.group()), set()).add(first.group())
            elif known:
                fragments.add(known)
            elif rest[:1] == [_DIGIT]:
                digits = True
            else:
                return None
        short = [one for one in fragments if not any(one != two and one.startswith(two) for two in fragments)]
        if len(short) > _MOST_FRAGMENTS:
            return None
        return cls({word: tuple(sorted(words[word])) for word in sorted(words)}, tuple(sorted(short)), digits)


def _firsts(ways: Iterable[Way]) -> frozenset[str]:
    """Return the characters that the ways to begin have first; none when one begins with anything else."""
    firsts = {next((token for token in way if token != _EDGE), _SPACES) for way in ways}
    return frozenset() if _SPACES in firsts else frozenset(firsts)


class Pattern:
    """A compiled pattern that looks first, at little cost, where in a text it can match.

    It finds what `re.compile(pattern, flags)` finds. `starts` says where a match can begin, None when that is not
    known; `held` are fragments of which each match holds one, none when they are not known or of no use; `firsts` are
    the characters that a match begins with, a digit as its class, none when not known. All are for texts in one case
    when the pattern ignores case.
    """

    __slots__ = (
        "_words",
        "any_case",
        "firsts",
        "flags",
        "fullmatch",
        "held",
        "match",
        "pattern",
        "plain",
        "split",
        "starts",
    )

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.plain = re.compile(pattern, flags)
        self.pattern, self.flags = pattern, self.plain.flags
        self.match, self.fullmatch = self.plain.match, self.plain.fullmatch
        self.split = self.plain.split
        self.any_case = bool(self.plain.flags & re.IGNORECASE) or "(?i" in pattern
        reader, tree = _Reader(self.any_case), _parser.parse(pattern, flags)
        ways = reader.ways(tree).end().closed
        self.firsts = _firsts(ways)
        self.starts = _Starts.of(ways)
        self._words = frozenset(self.starts.words) if self.starts else frozenset()
        held = reader.held(tree) if self.starts is None or self.starts.digits else frozenset()
        self.held = tuple(sorted(one for one in held if not any(two in one for two in held - {one})))
        self.held = self.held if len(self.held) <= _MOST_FRAGMENTS else ()

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r}, {self.flags})"

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Yield the matches in `text[pos:endpos]` from left to right, none overlapping."""
        places = self.places(text, pos, endpos)
        if places is None:
            return self.plain.finditer(text, pos, endpos)
        return self._at(places, text, endpos) if places else iter(())

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match in `text[pos:endpos]`."""
        places = self.places(text, pos, endpos)
        if places is None:
            return self.plain.search(text, pos, endpos)
        for at in places:
            if found := self.match(text, at, endpos):
                return found
        return None

    def sub(self, repl: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Return `text` with `repl` in the place of the first `count` matches, of all when that is 0."""
        return text if self.places(text) == () else self.plain.sub(repl, text, count)

    def starts_in(self, text: str) -> Iterator[int]:
        """Yield where in `text` a match may begin, overlapping ones too; places where none does may be among them."""
        if (places := self.places(text)) is not None:
            yield from places
            return
        at = 0
        while found := self.plain.search(text, at):
            yield found.start()
            at = found.start() + 1

    def places(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Sequence[int] | None:
        """Return where in `text[pos:endpos]` a match can begin, from left to right; None when that is not known."""
        if self.starts is None and not self.held:
            return None
        if self.held and not self.may_match(text):
            return ()
        if self.starts is None:
            return None
        seen = one_case(text) if self.any_case else text
        sought = self.starts.fragments
        if self._words:
            for word in self._words & words_of(one_case(text)):
                sought += self.starts.words[word]
        if not sought and not self.starts.digits:
            return ()
        found: list[int] = []
        for fragment in sought:
            at = seen.find(fragment, pos, endpos)
            while at >= 0:
                found.append(at)
                at = seen.find(fragment, at + 1, endpos)
        if self.starts.digits:
            found += [at for at in digits_of(text) if pos <= at < endpos]
        found.sort()
        return found or ()

    def may_match(self, text: str) -> bool:
        """Whether `text` holds what each match does, as far as that is known."""
        seen = one_case(text) if self.any_case else text
        return not self.held or any(fragment in seen for fragment in self.held)

    def _at(self, places: Sequence[int], text: str, endpos: int) -> Iterator[re.Match[str]]:
        done = 0
        for at in places:
            if at >= done and (found := self.match(text, at, endpos)):
                yield found
                done = found.end()


class AnyOf:
    """Several patterns that ignore case, of which a text may match any from its beginning on.

    Those that begin with a known character are tried on texts that begin with it alone.
    """

    __slots__ = ("_by_first", "_others", "patterns")

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(Pattern(pattern, re.IGNORECASE) for pattern in patterns)
        self._others = [pattern for pattern in self.patterns if not pattern.firsts]
        by_first: dict[str, list[str]] = {}
        for pattern in self.patterns:
            for first in pattern.firsts:
                by_first.setdefault(first, []).append(pattern.pattern)
        self._by_first = {
            first: re.compile("|".join(f"(?:{one})" for one in ones), re.IGNORECASE) for first, ones in by_first.items()
        }

    def match(self, text: str) -> bool:
        """Whether one of the patterns matches from the beginning of `text` on."""
        seen = one_case(text)
        first = _DIGIT if seen[:1].isdecimal() else seen[:1]
        if (pattern := self._by_first.get(first)) and pattern.match(text):
            return True
        return any(one.match(text) for one in self._others if one.may_match(text))
