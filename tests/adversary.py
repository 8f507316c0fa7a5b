"""Texts made against a pattern, out of its own pieces: over and over, nearly matching, with nothing to end them."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import itertools
import math
import pkgutil
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import build_tools
from build_tools import patterns, vocab

ANYWHERE = ("a", "A", " ", "1", "Aa ", "a, ", "1.", "(")
"""Pieces that are tried on all patterns, beside their own."""
_CATEGORIES = {op.CATEGORY_DIGIT: "1", op.CATEGORY_WORD: "a", op.CATEGORY_SPACE: " ", op.CATEGORY_NOT_SPACE: "a"}
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_ENDS_NOTHING = "\x00"
_BLANK, _GAP = re.compile(r"\s"), re.compile(r" {5,}")
_MOST_PIECES = 10
_CALLED = ("search", "finditer", "findall", "sub", "split", "starts_in")
"""Methods that try a pattern all over a text."""

SIZES = (12, 16, 20, 25, 50, 200, 800, 3_200, 12_800, 51_200)
"""Characters of the texts that are compared; the first ones are close because of what doubles with each character."""
NOTHING = 0.0002
"""Seconds of CPU time below which a measurement says nothing."""
STEEP, SUSPECT = 9, 6
"""Times as long for four times the text; of a straight line 4, of a square 16."""
_ATTEMPTS, _HOPELESS = 5, 4
_SURE, _PAUSE = 4, 0.3
"""Times that a steep pattern has to be found steep, and the seconds between: a busy machine is busy for a while."""

Run = Callable[[str], object]


def compiled() -> dict[str, Any]:
    """Return every pattern of the vocabulary and of the modules by where it stands, each once."""
    found: dict[str, Any] = {}
    _walk(vocab.load(), "vocab", found)
    for info in pkgutil.walk_packages(build_tools.__path__, "build_tools."):
        if not info.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(info.name)).items():
                if not dataclasses.is_dataclass(value):
                    _walk(value, f"{info.name.removeprefix('build_tools.')}.{name}", found)
    distinct = {(one.pattern, one.flags): name for name, one in reversed(found.items())}
    return {name: found[name] for name in sorted(distinct.values())}


def _walk(value: Any, name: str, found: dict[str, Any]) -> None:
    if isinstance(value, patterns.Pattern) or (isinstance(value, re.Pattern) and isinstance(value.pattern, str)):
        found[name] = value
    elif isinstance(value, patterns.AnyOf):
        for i, pattern in enumerate(value.patterns):
            found[f"{name}[{i}]"] = re.compile(pattern, re.IGNORECASE)
    elif isinstance(value, tuple | list):
        for i, part in enumerate(value):
            _walk(part, f"{name}[{i}]", found)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _walk(part, f"{name}[{key}]", found)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            _walk(getattr(value, field.name), f"{name}.{field.name}", found)


def runs(found: Mapping[str, Any]) -> dict[str, Run]:
    """Return for each pattern what the program does with it: all matches in a text, or one at its beginning."""
    searched = _searched()
    return {
        name: (lambda text, one=one: list(one.finditer(text)))
        if re.sub(r"^vocab.*\.|\[.*", "", name) in searched
        else one.match
        for name, one in found.items()
    }


def _searched() -> set[str]:
    """Return the names of the patterns that the program looks for all over a text."""
    found = {"named", "campaign", "rules", "roles", "role_then_unit"}  # those in tuples, which loops give other names
    root = Path(build_tools.__path__[0])
    for path in root.rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in _CALLED:
                owner = node.value
                found |= {f"{module}.{owner.id}"} if isinstance(owner, ast.Name) else set()
                found |= {owner.attr} if isinstance(owner, ast.Attribute) else set()
    return found


def texts(pattern: str, flags: int) -> list[Callable[[int], str]]:
    """Return makers of texts of a given size that may make a pattern try again and again."""
    tree = _parser.parse(pattern, flags & ~re.DEBUG)
    samples = list(dict.fromkeys((*_samples(tree), *ANYWHERE)))
    own = list(itertools.islice((piece for piece in samples if piece), _MOST_PIECES + len(ANYWHERE)))
    whole = _sample(tree)
    units = [*own, *(one + other for one, other in itertools.permutations(own[:_MOST_PIECES], 2))]
    begins = dict.fromkeys(("", whole[: len(whole) // 2], whole[:-1]))
    return [lambda size, b=begin, u=unit: _filled(b, u, size) for begin in begins for unit in units]


def _filled(begin: str, unit: str, size: int) -> str:
    """Return a text as the program sees one: it has read over white space and left four spaces in a row at most."""
    text = _GAP.sub("    ", _BLANK.sub(" ", begin + unit * (size // len(unit) + 1)))
    return (text * (size // len(text) + 1) if text.strip() else text)[: size - 1] + _ENDS_NOTHING


def _samples(tree: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Yield what each repeated part, then each part at all, matches: the shortest text of it."""
    parts = list(_parts(tree))
    for kind, value in parts:
        if kind in _REPEATS and value[1] > 1:
            yield _sample(value[2])
            yield from (_sample([part]) for part in value[2])
    yield _sample(tree)
    for part in parts:
        yield _sample([part])


def _parts(tree: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of a pattern at every depth."""
    for kind, value in tree:
        yield kind, value
        if kind is op.BRANCH:
            for way in value[1][:3]:
                yield from _parts(way)
        elif kind is op.SUBPATTERN or kind in _REPEATS:
            yield from _parts(value[-1])
        elif kind is op.ATOMIC_GROUP:
            yield from _parts(value)


def _sample(tree: Iterable[tuple[Any, Any]]) -> str:
    """Return a text that a part of a pattern matches, as a rule."""
    made = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            made += chr(value)
        elif kind is op.IN:
            made += _of_class(value)
        elif kind in (op.ANY, op.NOT_LITERAL):
            made += "b"
        elif kind is op.BRANCH:
            made += max((_sample(way) for way in value[1][:3]), key=len)
        elif kind is op.SUBPATTERN:
            made += _sample(value[-1])
        elif kind is op.ATOMIC_GROUP:
            made += _sample(value)
        elif kind in _REPEATS:
            made += _sample(value[2]) * max(1, value[0])
        elif kind is op.ASSERT and value[0] > 0:
            made += _sample(value[1])
    return made


def _of_class(parts: list[tuple[Any, Any]]) -> str:
    """Return a character of a class."""
    kind, value = parts[0]
    if kind is op.NEGATE:
        taken = {chr(value) for kind, value in parts if kind is op.LITERAL}
        return next(char for char in "bB1 ~" if char not in taken)
    if kind is op.CATEGORY:
        return _CATEGORIES.get(value, "-")
    return chr(value if kind is op.LITERAL else value[0])


def seconds(run: Run, text: str) -> float:
    """Return the CPU time of this thread that one run over a text takes."""
    begin = time.thread_time()
    run(text)
    return time.thread_time() - begin


def worst(run: Run, makers: Iterable[Callable[[int], str]], size: int, most: int) -> list[Callable[[int], str]]:
    """Return the makers of those texts of a size that a run takes longest over."""
    return sorted(makers, key=lambda make: -seconds(run, make(size)))[:most]


def steep(run: Run, make: Callable[[int], str]) -> tuple[int, float] | None:
    """Return the size at which the time of a run grows much more than the text, and how many times; None if nowhere.

    What looks steep is measured again: the least of some times counts. One steep step alone is no proof, as it may be
    where a bounded repeat comes to its bound; the next one is, or one so steep that the next would not end. And it has
    to be so each time that it is looked at, with pauses: another program may have the processor for a moment.
    """
    told = None
    for attempt in range(_SURE):
        if attempt:
            time.sleep(_PAUSE)
        told = _steps(run, make)
        if told is None:
            return None
    return told


def _steps(run: Run, make: Callable[[int], str]) -> tuple[int, float] | None:
    """Return the second of two steep steps, one after the other, or the first that is hopeless."""
    told = False
    for small, large in itertools.pairwise(SIZES):
        if large == SIZES[-1] and not told:
            break  # the longest text is there to confirm what the one before it showed
        ratio, limit = _ratio(run, make, small, large), _limit(STEEP, large / small)
        if ratio >= limit and (told or ratio >= _HOPELESS * limit):
            return large, ratio
        told = ratio >= limit
    return None


def _ratio(run: Run, make: Callable[[int], str], small: int, large: int) -> float:
    """Return how many times as long a run over the large text takes; 0 when that is too short to tell."""
    suspect = _limit(SUSPECT, large / small)
    before, now = seconds(run, make(small)), seconds(run, make(large))
    for _ in range(_ATTEMPTS - 1):
        if now < NOTHING or now / max(before, NOTHING / STEEP) < suspect:
            break
        before, now = max(before, seconds(run, make(small))), min(now, seconds(run, make(large)))
    return now / max(before, NOTHING / STEEP) if now >= NOTHING else 0


def _limit(times: float, growth: float) -> float:
    """Return what `times` for the fourfold text are for one that grows by another factor."""
    return times ** (math.log(growth) / math.log(4))
