"""Clippings broken as pasting breaks them: nothing crashes, no line is lost, nothing depends on chance."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_lines import assert_whole, read_bytes

from build_tools.archive import values
from build_tools.errors import ClippingError
from build_tools.fold import fold
from build_tools.model import Clipping

ROOT = Path(__file__).resolve().parents[1]
TEXTS = [
    path.read_text("utf-8-sig", "replace")
    for folder in (ROOT / "content" / "clippings", ROOT / "tests" / "clippings" / "own")
    for path in sorted(folder.rglob("*.txt"))
]
FURNITURE = ["In trang", "A- A A+", "Lượt xem: 12", "Trang chủ > Tin tức", "Chia sẻ", "Các tin khác", "- Một tin khác"]


def lines_changed(change: Callable[[random.Random, list[str]], list[str]]) -> Callable[[random.Random, str], str]:
    return lambda chance, text: "\n".join(change(chance, text.split("\n")))


def cut(chance: random.Random, lines: list[str]) -> list[str]:
    return [line for line in lines if chance.random() > 0.2]


def swap_blocks(chance: random.Random, lines: list[str]) -> list[str]:
    first, second = sorted(chance.randrange(len(lines) + 1) for _ in range(2))
    return lines[second:] + lines[first:second] + lines[:first]


def repeat_block(chance: random.Random, lines: list[str]) -> list[str]:
    first, second = sorted(chance.randrange(len(lines) + 1) for _ in range(2))
    return lines[:second] + lines[first:second] + lines[second:]


def glue(chance: random.Random, text: str) -> str:
    return "".join("" if c in " \n" and chance.random() < 0.05 else c for c in text)


def strip_marks(chance: random.Random, lines: list[str]) -> list[str]:
    return [fold(line) if chance.random() < 0.3 else line for line in lines]


def add_furniture(chance: random.Random, lines: list[str]) -> list[str]:
    for _ in range(5):
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(FURNITURE))
    return lines


def decompose(chance: random.Random, text: str) -> str:
    return unicodedata.normalize(chance.choice(["NFD", "NFKD"]), text)


def line_ends(chance: random.Random, text: str) -> str:
    return re.sub("\n", lambda _: chance.choice(["\n", "\r\n", "\r", "\u2028"]), text)


def one_line(chance: random.Random, text: str) -> str:
    return text.replace("\n", chance.choice([" ", ""])) * chance.choice([1, 3])


def shout(chance: random.Random, lines: list[str]) -> list[str]:
    return [line.upper() if chance.random() < 0.4 else line for line in lines]


MUTATIONS: dict[str, Callable[[random.Random, str], str]] = {
    "lines cut": lines_changed(cut),
    "blocks swapped": lines_changed(swap_blocks),
    "a block twice": lines_changed(repeat_block),
    "words glued": glue,
    "marks lost": lines_changed(strip_marks),
    "furniture strewn": lines_changed(add_furniture),
    "decomposed": decompose,
    "line ends mixed": line_ends,
    "one line": one_line,
    "capitals": lines_changed(shout),
}


def assert_sound(clipping: Clipping) -> None:
    """Assert that no line is lost, and that each value's evidence lies within its line."""
    assert_whole(clipping)
    lines = clipping.cleaned.raw_lines
    for name in clipping.record.__dataclass_fields__:
        found = getattr(clipping.record, name)
        for one in found if isinstance(found, tuple) else [found] if found else []:
            at = one.evidence
            assert 1 <= at.line <= len(lines), (name, one)
            assert 0 <= at.start <= at.end <= len(lines[at.line - 1]), (name, one)


@pytest.mark.parametrize("way", MUTATIONS)
@given(text=st.sampled_from(TEXTS), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_a_mangled_clipping_is_read_whole_and_the_same_twice(way: str, text: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # chance, not secrecy
    mangled = MUTATIONS[way](chance, text).encode("utf-8", "replace")
    clipping = read_bytes(mangled)
    assert_sound(clipping)
    assert values(read_bytes(mangled).record) == values(clipping.record)


@given(
    text=st.sampled_from(TEXTS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=5),
    end=st.floats(0.1, 1),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_random_bytes_are_read_or_refused_with_a_remedy(text: str, cuts: list[tuple[float, bytes]], end: float) -> None:
    """Bytes put in anywhere, and an end in the middle of a character."""
    data = bytearray(text.encode())
    for place, put in cuts:
        at = int(place * len(data))
        data[at:at] = put
    data = data[: int(end * len(data))]
    try:
        assert_sound(read_bytes(bytes(data)))
    except ClippingError as error:
        told = str(error)
    else:
        return
    assert "UTF-8" in told
