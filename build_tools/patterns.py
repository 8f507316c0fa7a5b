"""Regular expressions made fast: alternatives as a trie, and patterns that are tried only where they can match.

Python's engine tries a pattern at nearly every letter of a text, and a clipping is searched for a hundred patterns,
most of which stand nowhere in it. So two things are worked out of each pattern itself, and can never disagree with it:
the words that its matches begin with, and words of which each match holds one. The words of a text are a set that is
made once; whether it has one of a pattern's words is a question of some nanoseconds, and most often the last one.

A part of a pattern that is not understood makes it slower, never wrong. A pattern is compiled when it is first used,
so that one clipping is read without waiting for what it does not need.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import filterfalse
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_MOST_FRAGMENTS = 6
"""Up to so many fragments that are no words are looked for: more cost as much as trying the pattern."""
_MOST_WORDS = 150
"""A pattern that can begin in more ways is tried everywhere."""
_LONGEST = 16
"""Characters of a beginning; more of them tell nothing new."""
_SMALL_CLASS = 4
_SHORT = 48
"""In a text below this length a pattern is tried as fast as its words are looked for."""
_LONG = 200
"""Characters, white space aside, above which a line is tried with those patterns alone that match without end."""
_REMEMBERED = 512
"""Texts whose words and numbers are remembered: more than the lines and passages of a clipping."""

_SPACES = r"\s+"
_DIGIT, _NUMBER = "\0", "\1"
"""In the place of a beginning: any digit, and the first one of a number."""
_MOST_SETS, _TELLING = 3, 0.5
"""So many sets of words that a match must hold are asked for, none that most texts are guessed to have."""
_OFTEN = 100
"""Texts in which a pattern has been looked for when those sets are worth reading out of it."""
_NOWHERE: Sequence[int] = ()
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=_REMEMBERED)
def one_case(text: str) -> str:
    """Return `text` in one case, character for character, so that letters which `re.IGNORECASE` holds equal are equal.

    That is so for the letters that `_plain` tells.
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower()[0] for c in text)
    return small.replace("ı", "i").replace("ſ", "s")


def _is_word(char: str) -> bool:
    r"""Whether `\w` matches a character."""
    return char.isalnum() or char == "_"


def _plain(char: str) -> bool:
    """Whether a character has no other case, or is a Latin letter such as Vietnamese is written in."""
    return char.lower() == char.upper() or (char < "\u0180" and char != "µ") or char in "ƠơƯư" or "Ạ" <= char <= "ỹ"


@lru_cache(maxsize=_REMEMBERED)
def words_of(text: str) -> Set[str]:
    r"""Return the words of `text` in one case, as `\w+` finds them."""
    words = set(one_case(text).replace(",", " ").replace(".", " ").split())
    words.update(_WORD.findall(" ".join(filterfalse(str.isalnum, words))))
    return words


@lru_cache(maxsize=_REMEMBERED)
def _numbers(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the numbers of `text` begin and end."""
    return tuple(match.span() for match in _DIGITS.finditer(text))


def _digits(text: str, which: str, pos: int, endpos: int) -> list[int]:
    """Return where the digits of `text[pos:endpos]` stand, or the first ones of its numbers alone."""
    if which == _NUMBER:
        return [at for at, _ in _numbers(text) if pos <= at < endpos]
    return [at for span in _numbers(text) for at in range(*span) if pos <= at < endpos]


def last_word(text: str) -> str:
    """Return the last word of what stands behind the last white space inside `text`: "tá" of "Đại tá, "."""
    if not (parts := text.rsplit(None, 1)):
        return ""
    if parts[-1].isalnum():
        return parts[-1]
    found = _WORD.findall(parts[-1])
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


class _Begin(NamedTuple):
    """How a pattern can begin: with `text`, which is a whole word where `word` says so."""

    text: str
    word: bool


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_UNKNOWN: Any = ([(op.FAILURE, None)], 0, None)
"""A rest of a pattern of which nothing is known."""
_NUMBER_BEGINS, _BOUNDARY, _WORD_BEGINS = 1, 2, 3
"""What stands before a match: no digit, the edge of a word, nothing that is of words."""


def _is_class(tree: Any, category: Any) -> bool:
    return list(tree) == [(op.IN, [(op.CATEGORY, category)])]


def _edge_before(kind: Any, value: Any) -> int:
    """Return what a part that matches nothing says of the beginning of what follows it."""
    if kind is op.AT:
        return _BOUNDARY if value is op.AT_BOUNDARY else 0
    if kind is not op.ASSERT_NOT or value[0] > 0 or len(value[1]) != 1 or value[1][0][0] is not op.IN:
        return 0
    parts = value[1][0][1]
    if parts[0][0] is op.NEGATE:
        return 0
    return max({op.CATEGORY_DIGIT: _NUMBER_BEGINS, op.CATEGORY_WORD: _WORD_BEGINS}.get(part, 0) for _, part in parts)


def _ends_word(kind: Any, value: Any) -> bool:
    """Whether behind a letter a part says that its word ends."""
    if kind is op.AT:
        return value is op.AT_BOUNDARY
    if kind is op.ASSERT_NOT:
        return value[0] > 0 and _is_class(value[1], op.CATEGORY_WORD)
    return (kind is op.LITERAL and not _is_word(chr(value))) or (
        kind in _REPEATS and value[0] > 0 and _is_class(value[2], op.CATEGORY_SPACE)
    )


class _Reader:
    """Reads out of a parsed pattern how its matches begin and what they hold."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.any_case = bool(flags & re.IGNORECASE) or "(?i" in pattern
        self._flags = int(flags)  # to test bits of an enum takes ten times as long
        self._tree = _parser.parse(pattern, self._flags)

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern as `re.compile` makes it, but for its text, without parsing it again."""
        made: re.Pattern[str] = _compiler.compile(self._tree, self._flags)
        return made

    def begins(self) -> set[_Begin]:
        """Return how a match of the pattern can begin; nothing when that is not known."""
        found: set[_Begin] = set()
        return found if self._grow("", 0, (self._tree, 0, None), found) else set()

    def _grow(self, text: str, edge: int, rest: Any, found: set[_Begin]) -> bool:
        """Follow one way to begin as far as it is known: `text` so far, what is behind it in `rest`.

        `edge` is what stands before it. Return whether all ways that go on from here are known.
        """
        ended = False
        while len(text) < _LONGEST:
            while rest is not None and rest[1] == len(rest[0]):
                rest = rest[2]
            if rest is None:
                break
            kind, value = rest[0][rest[1]]
            rest = (rest[0], rest[1] + 1, rest[2])
            if text and _is_word(text[-1]) and _ends_word(kind, value):
                ended = True
                break
            if char := self._char(kind, value):
                text += char
            elif ways := self._ways(text, kind, value, rest):
                return all(self._grow(way, edge, behind, found) for way, behind in ways)
            elif kind is op.IN and value == [(op.CATEGORY, op.CATEGORY_DIGIT)] and not text:
                text = _NUMBER if edge else _DIGIT
                break
            elif not text and (before := _edge_before(kind, value)):
                edge = max(edge, before)
            elif kind not in (op.AT, op.ASSERT, op.ASSERT_NOT):
                break
        whole = ended and edge >= _BOUNDARY and text.isalnum()
        found.add(_Begin(one_case(text) if whole else text, whole))
        return bool(text.strip()) and len(found) <= _MOST_WORDS

    def _char(self, kind: Any, value: Any) -> str:
        """Return the character that a part matches; none when it matches several, or one whose cases are unknown."""
        if kind is not op.LITERAL or not _plain(chr(value)):
            return ""
        return one_case(chr(value)) if self.any_case else chr(value)

    def _ways(self, text: str, kind: Any, value: Any, rest: Any) -> list[tuple[str, Any]]:
        """Return the ways to go on through one part of a pattern; none when it is no fork."""
        if kind is op.SUBPATTERN:
            return [(text, (value[-1], 0, rest))]
        if kind is op.ATOMIC_GROUP:
            return [(text, (value, 0, rest))]
        if kind is op.BRANCH:
            return [(text, (way, 0, rest)) for way in value[1]]
        if kind is op.IN and len(value) <= _SMALL_CLASS and all(map(self._char, *zip(*value, strict=True))):
            return [(text + self._char(*part), rest) for part in value]
        if kind in _REPEATS and not (value[0] and _is_class(value[2], op.CATEGORY_SPACE)):
            least, most, part = value
            once = (text, (part, 0, rest if most == 1 else _UNKNOWN))
            return [once] if least else [(text, rest), once]
        return []

    def held(self) -> list[frozenset[str]]:
        """Return sets of words in one case, each match holds one of each set; those that tell most come first."""
        return sorted(set(self._held(self._tree, None, 0)), key=lambda words: (_share(words), sorted(words)))

    def _held(self, tree: Any, rest: Any, edge: int) -> list[frozenset[str]]:
        found: list[frozenset[str]] = []
        for i, (kind, value) in enumerate(tree):
            begins: set[_Begin] = set()
            if edge >= _BOUNDARY and self._grow("", edge, (tree, i, rest), begins) and all(one.word for one in begins):
                found.append(frozenset(one.text for one in begins))
            found += self._held_in(kind, value, (tree, i + 1, rest), edge)
            edge = self._edge_behind(kind, value, edge)
        return found

    def _held_in(self, kind: Any, value: Any, rest: Any, edge: int) -> list[frozenset[str]]:
        """Return what is held by one part of a pattern that is more than a character."""
        if kind is op.BRANCH:
            ways = [self._held(way, rest, edge) for way in value[1]]
            return [frozenset().union(*(min(way, key=_share) for way in ways))] if all(ways) else []
        if kind is op.SUBPATTERN:
            return self._held(value[-1], rest, edge)
        if kind is op.ATOMIC_GROUP:
            return self._held(value, rest, edge)
        if kind is op.ASSERT and value[0] > 0:
            return self._held(value[1], None, edge)
        if kind in _REPEATS and value[0]:
            return self._held(value[2], rest if value[1] == 1 else _UNKNOWN, edge)
        return []

    @staticmethod
    def _edge_behind(kind: Any, value: Any, edge: int) -> int:
        """Return what a part says of the beginning of what follows it; `edge` is what stands before it."""
        if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
            return max(edge, _edge_before(kind, value))
        space = kind in _REPEATS and value[0] > 0 and _is_class(value[2], op.CATEGORY_SPACE)
        return _WORD_BEGINS if space or (kind is op.LITERAL and not _is_word(chr(value))) else 0

    def marks(self) -> frozenset[str]:
        """Return characters without case of which each match holds one; none when not known."""
        return self._marks(self._tree)

    def _marks(self, tree: Any) -> frozenset[str]:
        found = []
        for kind, value in tree:
            if kind is op.LITERAL and not _is_word(chr(value)) and not chr(value).isspace():
                return frozenset(chr(value))
            if kind is op.BRANCH:
                ways = [self._marks(way) for way in value[1]]
                found += [frozenset().union(*ways)] if all(ways) else []
            elif kind is op.SUBPATTERN:
                found.append(self._marks(value[-1]))
            elif kind in _REPEATS and value[0]:
                found.append(self._marks(value[2]))
        return next(filter(None, found), frozenset())

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


def _share(words: Iterable[str]) -> float:
    """Return a guess at the share of texts that hold one of some words: long ones are rare."""
    return sum(0.5 ** len(word) for word in words)


def _shortest(fragments: Iterable[str]) -> list[str]:
    """Return those fragments that do not begin with another one."""
    kept: list[str] = []
    for fragment in sorted(fragments):
        if not kept or not fragment.startswith(kept[-1]):
            kept.append(fragment)
    return kept


class _Signs:
    """What tells, before a pattern is tried, whether it can match in a text and where: see `Pattern.places`."""

    __slots__ = ("fragments", "held", "known", "numbers", "words")

    def __init__(self, reader: _Reader) -> None:
        begins = reader.begins()
        others = {one_case(one.text) for one in begins if not one.word}
        self.words = frozenset(one.text for one in begins if one.word)
        self.numbers = "".join(sorted(others & {_DIGIT, _NUMBER}))
        """Whether a match may begin with any digit, or with the first one of a number."""
        self.fragments = _shortest(others - {_DIGIT, _NUMBER})
        """What a match may begin with that is not a word for sure."""
        self.known = bool(begins) and len(self.fragments) <= _MOST_FRAGMENTS
        """Whether a match begins in one of these ways."""
        self.held: Sequence[frozenset[str]] = ()
        """Sets of words: each match holds one of each set."""

    def read_held(self, reader: _Reader) -> None:
        """Read the sets of words out of the pattern: that takes longest, and so waits until it is worth it."""
        own = self.words if self.known and not self.numbers and not self.fragments else frozenset()
        self.held = [words for words in reader.held() if _share(words) <= _TELLING and words != own][:_MOST_SETS]


class Pattern:
    """A compiled pattern that looks first, at little cost, where in a text it can match.

    It finds what `re.compile(pattern, flags)` finds, which is `plain`.
    """

    __slots__ = ("_asked", "_reader", "_signs", "flags", "fullmatch", "match", "pattern", "plain", "split")

    plain: re.Pattern[str]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    split: Callable[..., list[str | Any]]
    _signs: _Signs

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags, self._asked = pattern, flags, 0
        self._reader: _Reader | None = None
        """What was read to tell the signs, until the pattern is compiled."""

    def __getattr__(self, name: str) -> Any:
        """Compile the pattern, or read its signs, when it is first used."""
        if name == "_signs":
            self._reader = _Reader(self.pattern, self.flags)
            self._signs = _Signs(self._reader)
        elif name in ("plain", "match", "fullmatch", "split"):
            reader = self._reader or _Reader(self.pattern, self.flags)
            self.plain, self._reader = reader.compiled(), None
            self.match, self.fullmatch, self.split = self.plain.match, self.plain.fullmatch, self.plain.split
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r}, {self.flags})"

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Yield the matches in `text[pos:endpos]` from left to right, none overlapping."""
        places = self.places(text, pos, endpos)
        if places is None:
            return self.plain.finditer(text, pos, endpos)
        found = []
        for at in places:
            if at >= pos and (one := self.match(text, at, endpos)):
                found.append(one)
                pos = one.end()
        return iter(found)

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
        places = self.places(text)
        return text if places is not None and not places else self.plain.sub(repl, text, count)

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
        if len(text) < _SHORT or (endpos < len(text) and _is_word(text[endpos])):  # which may cut a word short
            return None
        signs, words = self._signs, words_of(text)
        if self._asked < _OFTEN:
            self._asked += 1
            if self._asked == _OFTEN:
                signs.read_held(_Reader(self.pattern, self.flags))
        for held in signs.held:
            if held.isdisjoint(words):
                return _NOWHERE
        if not signs.known:
            return None
        if signs.words.isdisjoint(words):
            if not signs.fragments and not signs.numbers:
                return _NOWHERE
            sought: Collection[str] = signs.fragments
        else:
            sought = (*(signs.words & words), *signs.fragments)
        small = one_case(text)
        found = _digits(text, signs.numbers, pos, endpos) if signs.numbers else []
        for fragment in sought:
            at = small.find(fragment, pos, endpos)
            while at >= 0:
                found.append(at)
                at = small.find(fragment, at + 1, endpos)
        found.sort()
        return found


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
            begins = reader.begins()
            for first in {_first(one.text) for one in begins}:
                by_first.setdefault(first, []).append(pattern)
            if not begins:
                by_mark.setdefault(reader.marks(), []).append(pattern)
        self._by_first = {first: _any_of(patterns) for first, patterns in by_first.items()}
        self._by_mark = [(sorted(marks), _any_of(patterns)) for marks, patterns in by_mark.items()]

    def match(self, text: str) -> bool:
        pattern = self._by_first.get(_first(one_case(text[:1])))
        if pattern and pattern.fullmatch(text):
            return True
        for marks, other in self._by_mark:
            if (not marks or any(map(text.__contains__, marks))) and other.fullmatch(text):
                return True
        return False


@lru_cache(maxsize=_REMEMBERED)
def _first(text: str) -> str:
    """Return the first character of a text, all digits as one."""
    return _DIGIT if text[:1].isdecimal() or text[:1] == _NUMBER else text[:1]


def _any_of(patterns: Iterable[str]) -> Pattern:
    return Pattern("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
