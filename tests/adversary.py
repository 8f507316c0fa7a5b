"""Texts made against a pattern: its own pieces over and over, nearly matching, with nothing to end them."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import build_tools
from build_tools import patterns, vocab

CHARACTERS = ("a", "A", "Đ", "ộ", "1", " ", ",", ".", "(", ")", '"', "“", "-", ":", "|", "#", "/", "\u0301")
"""Repeated alone, and behind what a pattern begins with."""
ENDLESS = ("Aa ", "a ", "aa. ", "1.", "1 ", "12/12/2023 ", "Aa, ", "(a", "( ", '" ', "“a", "- ", "A.", "a-", "> a ")
_METHODS = {"search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn", "starts_in"}
_WAYS = 6
_RANGE = 3


def compiled() -> dict[str, re.Pattern[str]]:
    """Return every pattern of the vocabulary and of the modules, by where it stands."""
    found: dict[str, re.Pattern[str]] = {}
    _walk(vocab.load(), "vocab", found)
    for info in pkgutil.walk_packages(build_tools.__path__, "build_tools."):
        if not info.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(info.name)).items():
                _walk(value, f"{info.name.removeprefix('build_tools.')}.{name}", found, deep=False)
    distinct = {(pattern.pattern, pattern.flags): name for name, pattern in reversed(found.items())}
    return {name: found[name] for name in sorted(distinct.values())}


def gated() -> dict[str, patterns.Pattern]:
    """Return the vocabulary's patterns that look first where they can match."""
    found: dict[str, Any] = {}
    _walk(vocab.load(), "vocab", found, plain=False)
    return {name: pattern for name, pattern in found.items() if isinstance(pattern, patterns.Pattern)}


def _walk(value: Any, name: str, found: dict[str, Any], *, deep: bool = True, plain: bool = True) -> None:
    if isinstance(value, patterns.Pattern):
        found[name] = value.plain if plain else value
    elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        found[name] = value
    elif isinstance(value, patterns.AnyOf):
        _walk(value.patterns, name, found, plain=plain)
    elif isinstance(value, tuple | list):
        for i, part in enumerate(value):
            _walk(part, f"{name}[{i}]", found, plain=plain)
    elif isinstance(value, dict):
        for key, part in value.items():
            _walk(part, f"{name}[{key}]", found, plain=plain)
    elif deep and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            _walk(getattr(value, field.name), f"{name}.{field.name}", found, plain=plain)


def texts(pattern: re.Pattern[str], size: int) -> Iterator[tuple[str, str]]:
    """Yield (what it is, a text of `size` characters) that may make a pattern try again and again."""
    for char in CHARACTERS:
        yield f"{char!r} over and over", char * size
    for unit in ENDLESS:
        yield f"{unit!r} over and over", repeated(unit, size)
    for sample in samples(pattern):
        for piece in {sample, f"{sample} ", sample[:-1], sample[: len(sample) // 2], f"{sample[:-1]} "} - {""}:
            yield f"{piece!r} over and over", repeated(piece, size)
        for char in CHARACTERS[:8]:
            yield f"{sample!r} and {char!r} over and over", sample + char * (size - len(sample))


def repeated(unit: str, size: int) -> str:
    """Return `unit` over and over, `size` characters."""
    return (unit * (size // len(unit) + 1))[:size]


def samples(pattern: re.Pattern[str]) -> list[str]:
    """Return some texts that a pattern is likely to match, the same at each call."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    made = ["".join(_sample(tree, random.Random(seed))) for seed in range(_WAYS)]  # noqa: S311 - chance is no secret
    return list(dict.fromkeys(text for text in made if text))


def _sample(tree: Iterable[tuple[Any, Any]], chance: random.Random) -> Iterator[str]:
    for kind, value in tree:
        if kind is op.LITERAL:
            yield chr(value)
        elif kind is op.IN:
            yield _of_class(value, chance)
        elif kind in (op.ANY, op.NOT_LITERAL):
            yield chance.choice("aA 1")
        elif kind is op.BRANCH:
            yield from _sample(chance.choice(value[1]), chance)
        elif kind is op.SUBPATTERN:
            yield from _sample(value[-1], chance)
        elif kind is op.ATOMIC_GROUP:
            yield from _sample(value, chance)
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, part = value
            for _ in range(chance.randint(least, max(least, min(int(most), least + _RANGE)))):
                yield from _sample(part, chance)
        elif kind is op.ASSERT and value[0] > 0:
            yield from _sample(value[1], chance)


def _of_class(parts: list[tuple[Any, Any]], chance: random.Random) -> str:
    """Return a character of a class."""
    for _ in range(20):
        kind, value = chance.choice(parts)
        if kind is op.NEGATE:
            break
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.RANGE:
            return chr(chance.randint(*value))
        named = {op.CATEGORY_SPACE: " ", op.CATEGORY_DIGIT: "1", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_SPACE: "a"}
        if value in named:
            return named[value]
    taken = {chr(value) for kind, value in parts if kind is op.LITERAL}
    return next((char for char in "bB-1 ,;" if char not in taken), "b")


def methods() -> dict[str, set[str]]:
    """Return by which methods each name of a pattern is called somewhere in the program."""
    found: dict[str, set[str]] = {}
    for path in Path(build_tools.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in _METHODS
                and isinstance(node.value, ast.Name | ast.Attribute)
            ):
                name = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                found.setdefault(name, set()).add(node.attr)
    return found


def anchored(name: str, called: dict[str, set[str]]) -> bool:
    """Whether the program only ever matches the pattern at a given place and never searches for it."""
    own = called.get(re.sub(r"\[.*", "", name).rsplit(".", 1)[-1])
    return bool(own) and own <= {"match", "fullmatch"}
