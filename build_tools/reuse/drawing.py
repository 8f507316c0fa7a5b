"""Draws the pictures that stand for pages elsewhere (`pictures`), where the site has an address to show them by.

Drawn with the fonts of the pages. The same words give the same bytes wherever the same library draws them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont, features
from PIL import __version__ as version

from build_tools.errors import ArchiveError
from build_tools.reuse.plain import plain

SIZE = 1200, 630
"""What networks ask for, in pixels."""

_MARGIN, _EDGE = 90, 24
_LINES, _SIZES = 4, (84, 72, 60, 50)
_BREAK = " – "
"""Between a cluster and its authority, where a line ends."""
_PAPER, _INK, _RED = (0xFB, 0xF8, 0xF1), (0x1F, 0x1B, 0x16), (0x9C, 0x1F, 0x1A)
_STEPS = 7
_WEIGHT = 600
_PACKAGE = Path(__file__).resolve().parents[1]
_VIETNAMESE = (
    (0x102, 0x103), (0x110, 0x111), (0x128, 0x129), (0x168, 0x169), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x300, 0x301),
    (0x303, 0x304), (0x308, 0x309), (0x323, 0x323), (0x329, 0x329), (0x1EA0, 0x1EF9), (0x20AB, 0x20AB),
)  # fmt: skip
_LATIN = (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x203A)
"""Characters of the two files of each font, as in kb.css; what is in neither is not drawn."""


class _Face(NamedTuple):
    """A font at a size in pixels."""

    family: str
    size: int


def made_with() -> str:
    """Return what else has a say in the bytes of a picture."""
    return f"{version} {features.version('freetype2')} {features.version('raqm')} {features.version('zlib')}"


def drawn(title: str, name: str) -> bytes:
    """Return a picture with a title and the site's name, as a PNG file.

    Raises:
        ArchiveError: the fonts are not there.
    """
    ink, red = (Image.new("L", SIZE, 0) for _ in range(2))
    canvas = ImageDraw.Draw(ink)
    size, lines = _fitted(title, SIZE[0] - 2 * _MARGIN)
    height = round(size * 1.3)
    top = (SIZE[1] - height * len(lines)) // 2 + size
    for number, line in enumerate(lines):
        _write(canvas, (_MARGIN, top + number * height), line, _Face("lora", size))
    canvas = ImageDraw.Draw(red)
    canvas.rectangle((0, 0, _EDGE, SIZE[1]), fill=255)
    if name != title:
        _write(canvas, (_MARGIN, SIZE[1] - _MARGIN // 2), _drawable(name), _Face("source-sans-3", 34))
    return _png(ink, red)


def _png(ink: Image.Image, red: Image.Image) -> bytes:
    """Return a picture of two colours on paper, each in so many steps that edges look smooth."""
    steps = [round(value * _STEPS / 255) for value in range(256)]
    image = ImageChops.lighter(ink.point(steps), red.point([step and step + _STEPS for step in steps]))
    image.putpalette([part for colour in (_INK, _RED) for part in _ramp(colour, begin=colour is _RED)])
    made = BytesIO()
    image.save(made, "PNG", compress_level=6, bits=4)
    return made.getvalue()


def _ramp(colour: tuple[int, int, int], *, begin: bool) -> Iterator[int]:
    """Yield the colours from the paper's (left out when it was begun before) to another."""
    for step in range(int(begin), _STEPS + 1):
        yield from (round(p + (c - p) * step / _STEPS) for p, c in zip(_PAPER, colour, strict=True))


def _drawable(text: str) -> str:
    composed = unicodedata.normalize("NFC", plain(text))
    return plain("".join(c if _in(_LATIN, c) or _in(_VIETNAMESE, c) else " " for c in composed))


def _in(ranges: Iterable[tuple[int, int]], character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _fitted(text: str, width: int) -> tuple[int, list[str]]:
    """Return a size and the lines at which a text fits: best a line a part; what does not fit at all is cut."""
    parts = [_drawable(part) for part in text.split(_BREAK)]
    for most, size in (*((len(parts), size) for size in _SIZES), *((_LINES, size) for size in _SIZES)):
        lines = [line for part in parts for line in _lines(part, size, width)]
        if len(lines) <= min(most, _LINES) and all(_width(line, _Face("lora", size)) <= width for line in lines):
            return size, lines
    cut = lines[:_LINES]
    while cut and _width(f"{cut[-1]}…", _Face("lora", size)) > width:
        cut[-1] = cut[-1][:-1]
    if cut:
        cut[-1] += "…"
    return size, cut


def _lines(text: str, size: int, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, _Face("lora", size)) > width:
            yield line
            line = word[:80]
        else:
            line = longer[:80]
    yield line


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text's stretches of one font file: (characters, "latin" or "vietnamese")."""
    start = 0
    kinds = ["vietnamese" if _in(_VIETNAMESE, c) else "latin" for c in text]
    for at in range(1, len(text) + 1):
        if at == len(text) or kinds[at] != kinds[start]:
            yield text[start:at], kinds[start]
            start = at


def _width(text: str, face: _Face) -> float:
    return sum(_font(face, kind).getlength(part) for part, kind in _runs(text))


def _write(canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: _Face) -> None:
    x, y = at
    for part, kind in _runs(text):
        canvas.text((round(x), y), part, fill=255, font=_font(face, kind), anchor="ls")
        x += _font(face, kind).getlength(part)


@cache
def _font(face: _Face, kind: str) -> ImageFont.FreeTypeFont:
    for folder in (_PACKAGE / "_project", _PACKAGE.parent):
        file = folder / "overrides" / "assets" / "fonts" / f"{face.family}-{kind}-wght-normal.woff2"
        if file.is_file():
            font = ImageFont.truetype(str(file), face.size, layout_engine=ImageFont.Layout.BASIC)
            font.set_variation_by_axes([_WEIGHT])
            return font
    raise ArchiveError(f"{face.family}-{kind}-wght-normal.woff2: is not in overrides/assets/fonts (install again)")
