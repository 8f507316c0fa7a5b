"""Regular expressions made fast: alternatives as a trie, and patterns that are tried only where they can begin.

Python's engine tries a pattern at nearly every letter of a text, and a clipping is searched for a hundred patterns.
Each of them can begin with some words only, or holds one of some fragments wherever it matches. So all patterns share
one index: a text is read through once for the needles of them all, by one automaton (Aho-Corasick), and from then on
it is known for each pattern where in that text it may match, most often nowhere.

The needles are worked out of the parsed pattern itself, so the two can never disagree: a part of a pattern that is not
understood makes it slower, never wrong. A pattern is compiled when it is first used, and joins the index when it is
first searched for, so that one clipping is read without waiting for what it does not need.
"""

from __future__ import annotations

import itertools
import math
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import ahocorasick_rs

_MOST_NEEDLES = 1_000
"""Of a pattern that can begin in more ways only the first words are looked for."""
_LONGEST = 24
"""Characters of a needle; more of them tell nothing new."""
_MOST_HELD = 12
"""Fragments of which each match holds one: more are found in any text."""
_SMALL_CLASS = 4
_SHORT = 48
"""A text below this length is searched as fast as it is indexed."""
_REMEMBERED = 128
"""Texts whose places are remembered: more than the lines, passages and sentences of most clippings."""

_LONG = 200
"""Characters, white space aside, above which a text is tried with those patterns alone that match without end."""

_SPACES = r"\s+"
_DIGIT, _NUMBER = "0", "1"
"""The marks for any digit, and for the first one of a number."""
_NOWHERE: Sequence[int] = ()
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"[^\S ]")
_NO_WORD = re.compile(r"\W")
_MARKS = ".,()“”\"-–:;/%…!?'’+&"
"""The most frequent characters that are not of words."""


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


def _is_word(char: str) -> bool:
    r"""Whether `\w` matches a character."""
    return char.isalnum() or char == "_"


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


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_END: Any = ([(op.FAILURE, None)], 0, None)
"""A rest of a pattern of which nothing is known."""


_NUMBER_BEGINS, _BOUNDARY, _WORD_BEGINS = 1, 2, 3
"""What stands before a match: no digit, the edge of a word, nothing that is of words."""


def _edge_behind(tree: Any) -> int:
    """Return what a negative lookbehind tells of the beginning of a match."""
    kind, parts = tree[0] if len(tree) == 1 else (None, ())
    if kind is not op.IN or parts[0][0] is op.NEGATE:
        return 0
    return max({op.CATEGORY_DIGIT: _NUMBER_BEGINS, op.CATEGORY_WORD: _WORD_BEGINS}.get(part, 0) for _, part in parts)


def _is_end(kind: Any, value: Any) -> bool:
    r"""Whether a part that matches nothing is the end of a word: `\b` or `(?!\w)` behind a letter."""
    if kind is op.AT:
        return bool(value is op.AT_BOUNDARY)
    return kind is op.ASSERT_NOT and value[0] > 0 and _is_class(value[1], op.CATEGORY_WORD)


def _is_class(tree: Any, category: Any) -> bool:
    return list(tree) == [(op.IN, [(op.CATEGORY, category)])]


class _Reader:
    """Reads out of a parsed pattern how its matches begin and what they hold.

    A needle is a piece of text as `_spoken` gives it: a space in it is any character that is not of words.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        self._tree = _parser.parse(pattern, flags)
        self._needles: set[str] = set()
        self._marks: set[str] = set()
        self._known, self._words = True, 0

    def begins(self) -> tuple[set[str], set[str]]:
        """Return the needles and the single characters, "0" for any digit, of which one begins each match.

        There are none when a match may begin in other ways, too.
        """
        for self._words in (2, 1):
            self._known, self._needles, self._marks = True, set(), set()
            self._grow("", 0, (self._tree, 0, None))
            if self._known and len(self._needles) <= _MOST_NEEDLES:
                return _shortest(self._needles), self._marks
        return set(), set()

    def _grow(self, text: str, edge: int, rest: Any) -> None:
        """Follow one way to begin as far as it is known: `text` so far, what is behind it in `rest`.

        `edge` is what the parts before the text that match nothing say of its beginning.
        """
        while self._known:
            while rest is not None and rest[1] == len(rest[0]):
                rest = rest[2]
            if len(self._needles) > _MOST_NEEDLES:
                return
            if rest is None or len(text) >= _LONGEST:
                self._add(text, edge)
                return
            kind, value = rest[0][rest[1]]
            rest = (rest[0], rest[1] + 1, rest[2])
            if kind is op.LITERAL and _plain(chr(value)):
                text += chr(value)
            elif kind is op.SUBPATTERN:
                rest = (value[-1], 0, rest)
            elif kind is op.ATOMIC_GROUP:
                rest = (value, 0, rest)
            elif kind is op.BRANCH:
                for way in value[1]:
                    self._grow(text, edge, (way, 0, rest))
                return
            elif kind in _REPEATS:
                least, most, part = value
                if least and _is_class(part, op.CATEGORY_SPACE):
                    if not text or text.count(" ") + 1 >= self._words:
                        self._add(text, edge, right=True)
                        return
                    text += " "
                    continue
                if not least:
                    self._grow(text, edge, rest)
                rest = (part, 0, rest if most == 1 else _END)
            elif kind is op.IN and self._is_small(value):
                for _, code in value:
                    self._grow(text + chr(code), edge, rest)
                return
            elif kind is op.IN and value == [(op.CATEGORY, op.CATEGORY_DIGIT)] and not text:
                self._marks.add(_NUMBER if edge else _DIGIT)
                return
            elif kind is op.ASSERT_NOT and value[0] < 0 and not text:
                edge = max(edge, _edge_behind(value[1]))
            elif kind is op.AT and value is op.AT_BOUNDARY and not text:
                edge = max(edge, _BOUNDARY)
            elif text and _is_word(text[-1]) and _is_end(kind, value):
                self._add(text, edge, right=True)
                return
            elif kind not in (op.AT, op.ASSERT, op.ASSERT_NOT):
                self._add(text, edge)
                return

    @staticmethod
    def _is_small(parts: Any) -> bool:
        return len(parts) <= _SMALL_CLASS and all(kind is op.LITERAL and _plain(chr(code)) for kind, code in parts)

    def _add(self, text: str, edge: int, *, right: bool = False) -> None:
        if not text or text[0] == " ":
            self._known = False
            return
        if text == _DIGIT or not _is_word(text[0]):
            self._marks.add(text[0])
            return
        left = edge in (_BOUNDARY, _WORD_BEGINS)
        needle = _NO_WORD.sub(" ", one_case(text))
        self._needles.add(f"{' ' * left}{needle}{' ' * (right and needle[-1] != ' ')}")

    def held(self) -> set[str]:
        """Return needles of which each match holds at least one; none when not known."""
        found = self._held(self._tree, _is_needle)
        found = {one for one in found if not any(two in one for two in found - {one})}
        return {_NO_WORD.sub(" ", one) for one in found} if len(found) <= _MOST_HELD else set()

    def marks(self) -> frozenset[str]:
        """Return characters that are not of words, of which each match holds at least one; none when not known."""
        return self._held(self._tree, _is_mark)

    def most(self) -> float:
        """Return how many characters a match has at most, white space aside."""
        return self._most(self._tree)

    def _most(self, tree: Any) -> float:
        size = 0.0
        for kind, value in tree:
            if kind is op.BRANCH:
                size += max(map(self._most, value[1]))
            elif kind is op.SUBPATTERN:
                size += self._most(value[-1])
            elif kind is op.ATOMIC_GROUP:
                size += self._most(value)
            elif kind in _REPEATS:
                once = 0 if _is_class(value[2], op.CATEGORY_SPACE) else self._most(value[2])
                size += once * (math.inf if value[1] is op.MAXREPEAT else value[1]) if once else 0
            elif kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
                size += 1
            elif kind not in (op.AT, op.ASSERT, op.ASSERT_NOT):
                return math.inf
        return size

    def _held(self, tree: Any, tells: Callable[[str], bool]) -> frozenset[str]:
        """Return pieces of text that tell something, of which each match of `tree` holds at least one."""
        found: list[frozenset[str]] = []
        run = ""
        for kind, value in [*tree, (op.ANY, None)]:
            if kind is op.LITERAL and _plain(chr(value)):
                run += one_case(chr(value))
                continue
            found += [frozenset({run})] if tells(run) else []
            run = ""
            found.append(self._held_in(kind, value, tells))
        return min(filter(None, found), key=len, default=frozenset())

    def _held_in(self, kind: Any, value: Any, tells: Callable[[str], bool]) -> frozenset[str]:
        """Return what is held by one part of a pattern that is more than a character."""
        if kind is op.BRANCH:
            ways = [self._held(way, tells) for way in value[1]]
            return frozenset().union(*ways) if all(ways) else frozenset()
        if kind is op.IN:
            chars = {chr(code) if part is op.LITERAL else "" for part, code in value}
            return frozenset(chars) if all(map(tells, chars)) else frozenset()
        if kind is op.SUBPATTERN:
            return self._held(value[-1], tells)
        if kind is op.ASSERT and value[0] > 0:
            return self._held(value[1], tells)
        if kind in _REPEATS and value[0]:
            return self._held(value[2], tells)
        return frozenset()


def _is_needle(text: str) -> bool:
    """Whether a piece of text is rare enough to look for."""
    return len(text.strip()) > 1


def _is_mark(text: str) -> bool:
    return len(text) == 1 and text.isprintable() and text != " " and not _is_word(text)


def _shortest(needles: set[str]) -> set[str]:
    """Return those needles that do not begin with another one."""
    kept: list[str] = []
    for needle in sorted(needles):
        if not kept or not needle.startswith(kept[-1]):
            kept.append(needle)
    return set(kept)


class _Seen:
    """What the index knows of one text: which needles it holds, and where."""

    __slots__ = ("_digits", "_hits", "_index", "_places", "_text", "_where", "holds", "size")

    def __init__(self, text: str, hits: list[tuple[int, int, int]], index: _Index) -> None:
        self.size = len(index)
        """How many needles the index had when the text was read."""
        self.holds = 0
        """The needles that the text holds, one bit for each."""
        for needle in {hit[0] for hit in hits}:
            self.holds |= 1 << needle
        self._text, self._hits, self._index = text, hits, index
        self._where: dict[int, list[int]] = {}
        self._digits: list[tuple[int, int]] | None = None
        self._places: dict[Pattern, list[int]] = {}

    def places(self, pattern: Pattern, needles: frozenset[int], marks: str) -> list[int]:
        """Return where `needles` stand that the pattern begins with, and `marks`, of which "0" is for any digit."""
        if (known := self._places.get(pattern)) is not None:
            return known
        where = self._where
        if not where:
            for needle, start, _ in self._hits:
                where.setdefault(needle, []).append(start)
            for needle, starts in where.items():
                if not self._index.edged[needle]:
                    where[needle] = [start - 1 for start in starts]
        found: list[int] = []
        for needle in needles & where.keys():
            found += where[needle]
        for mark in marks:
            found += self._numbers(mark) if mark in (_DIGIT, _NUMBER) else _all(mark, self._text)
        found.sort()
        self._places[pattern] = found
        return found

    def _numbers(self, mark: str) -> Iterable[int]:
        """Return where the digits of the text stand, or for a number as `mark` the first ones of each number."""
        if self._digits is None:
            self._digits = [match.span() for match in _DIGITS.finditer(self._text)]
        if mark == _NUMBER:
            return [start for start, _ in self._digits]
        return itertools.chain.from_iterable(itertools.starmap(range, self._digits))


def _all(mark: str, text: str) -> Iterator[int]:
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)


class _Index:
    """The needles of all patterns that were searched for, and the automaton that finds them in one go."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.edged: list[bool] = []
        """Whether a needle begins at the edge of a word: with a space, one character before the pattern does."""
        self._find: Callable[..., list[tuple[int, int, int]]] | None = None

    def number(self, needle: str) -> int:
        """Return the number of a needle, which is entered when it is new."""
        if needle not in self._numbers:
            self._numbers[needle] = len(self._numbers)
            self.edged.append(needle[0] == " ")
            self._find = None
        return self._numbers[needle]

    def look(self, text: str) -> _Seen | None:
        """Read through `text` once, for all needles entered so far; None when white space in it is more than spaces."""
        if (spoken := _spoken(text)) is None:
            return None
        if self._find is None:
            self._find = ahocorasick_rs.AhoCorasick(list(self._numbers)).find_matches_as_indexes
        return _Seen(text, self._find(spoken, overlapping=True), self)

    def __len__(self) -> int:
        return len(self._numbers)


def _spoken(text: str) -> str | None:
    """Return the words of a text in one case with a space for each other character, and one at both ends.

    None when words stand further apart than by one space: needles do not tell how far.
    """
    if "  " in text or not (text.isprintable() or _BLANK.search(text) is None):
        return None
    words = one_case(text)
    for mark in _MARKS:
        words = words.replace(mark, " ")
    if not words.replace(" ", "").isalnum():
        words = _NO_WORD.sub(" ", words)
    return f" {words} "


_index = _Index()
_look = lru_cache(maxsize=_REMEMBERED)(_index.look)


class Pattern:
    """A compiled pattern that looks first, at little cost, where in a text it can match.

    It finds what `re.compile(pattern, flags)` finds, which is `plain`.
    """

    __slots__ = (
        "_begins",
        "_first",
        "_held",
        "_marks",
        "_since",
        "any_case",
        "flags",
        "fullmatch",
        "match",
        "pattern",
        "plain",
        "split",
    )

    plain: re.Pattern[str]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    split: Callable[..., list[str | Any]]
    _begins: frozenset[int]
    """The numbers of the needles that a match may begin with."""
    _marks: str
    """Characters that a match may begin with, too, "0" for any digit."""
    _first: int
    """The needles that a match may begin with, one bit for each; all bits when there are `_marks`."""
    _held: int
    """The needles of which each match holds one; 0 when there are none."""
    _since: int
    """The size of the index from which on it knows the pattern; 0 when the pattern has no needles."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.any_case = bool(flags & re.IGNORECASE) or "(?i" in pattern

    def __getattr__(self, name: str) -> Any:
        """Compile the pattern, or enter it into the index, when it is first asked for what this makes."""
        if name == "_since":
            self._enter()
        elif name in ("plain", "match", "fullmatch", "split"):
            self.plain = re.compile(self.pattern, self.flags)
            self.match, self.fullmatch, self.split = self.plain.match, self.plain.fullmatch, self.plain.split
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def _enter(self) -> None:
        reader = _Reader(self.pattern, self.flags)
        needles, marks = reader.begins()
        self._marks = "".join(sorted(marks))
        self._begins = frozenset(map(_index.number, sorted(needles)))
        self._first = -1 if marks else sum(1 << number for number in self._begins)
        held = reader.held() if marks or not needles else set()
        self._held = sum(1 << _index.number(needle) for needle in sorted(held))
        self._since = len(_index) if needles or marks or held else 0

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r}, {self.flags})"

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Yield the matches in `text[pos:endpos]` from left to right, none overlapping."""
        places = self.places(text)
        if places is None:
            return self.plain.finditer(text, pos, endpos)
        found = []
        for at in places:
            if pos <= at < endpos and (one := self.match(text, at, endpos)):
                found.append(one)
                pos = one.end()
        return iter(found)

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match in `text[pos:endpos]`."""
        places = self.places(text)
        if places is None:
            return self.plain.search(text, pos, endpos)
        for at in places[bisect_left(places, pos) :] if pos else places:
            if at >= endpos:
                break
            if found := self.match(text, at, endpos):
                return found
        return None

    def sub(self, repl: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Return `text` with `repl` in the place of the first `count` matches, of all when that is 0."""
        return text if self.places(text) == _NOWHERE else self.plain.sub(repl, text, count)

    def starts_in(self, text: str) -> Iterator[int]:
        """Yield where in `text` a match may begin, overlapping ones too; places where none does may be among them."""
        if (places := self.places(text)) is not None:
            yield from places
            return
        at = 0
        while found := self.plain.search(text, at):
            yield found.start()
            at = found.start() + 1

    def places(self, text: str) -> Sequence[int] | None:
        """Return where in `text` a match can begin, from left to right; None when that is not known."""
        since = self._since
        if not since or len(text) < _SHORT:
            return None
        seen = _look(text)
        if seen is None or seen.size < since:
            return None
        if (held := self._held) and not seen.holds & held:
            return _NOWHERE
        if not (first := self._first):
            return None
        return seen.places(self, self._begins, self._marks) if seen.holds & first or first < 0 else _NOWHERE


class AnyOf:
    """Several patterns that ignore case, of which a line may match any as a whole; its only white space are spaces.

    Only those are tried that begin with the line's first character and may be as long as it, as far as that is known;
    of the others those that hold a mark which stands in the line.
    """

    __slots__ = ("_tables", "patterns")

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        self._tables: tuple[_Table, _Table] | None = None

    def match(self, text: str) -> bool:
        """Whether one of the patterns matches the whole of `text`."""
        if self._tables is None:
            known = {pattern: _Reader(pattern, re.IGNORECASE) for pattern in self.patterns}
            endless = {pattern: reader for pattern, reader in known.items() if reader.most() > _LONG}
            self._tables = _Table(known), _Table(endless)
        return self._tables[len(text) > _LONG and len(text) - text.count(" ") > _LONG].match(text)


class _Table:
    """Patterns by the first character of what they match, and those that may begin with any by the marks they hold."""

    def __init__(self, readers: Mapping[str, _Reader]) -> None:
        by_first: dict[str, list[str]] = {}
        by_mark: dict[frozenset[str], list[str]] = {}
        for pattern, reader in readers.items():
            needles, marks = reader.begins()
            for first in {_first(needle.lstrip()) for needle in needles | marks}:
                by_first.setdefault(first, []).append(pattern)
            if not needles and not marks:
                by_mark.setdefault(reader.marks(), []).append(pattern)
        self._by_first = {first: _any_of(patterns) for first, patterns in by_first.items()}
        self._by_mark = [(marks, _any_of(patterns)) for marks, patterns in by_mark.items()]

    def match(self, text: str) -> bool:
        pattern = self._by_first.get(_first(one_case(text[:1])))
        if pattern and pattern.fullmatch(text):
            return True
        for marks, other in self._by_mark:
            if (not marks or any(mark in text for mark in marks)) and other.fullmatch(text):
                return True
        return False


def _first(text: str) -> str:
    """Return the first character of a text, all digits as one."""
    return _DIGIT if text[:1].isdecimal() else text[:1]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
