"""Turns raw bytes into lines that every later stage can rely on: decoded, NFC, visible, words apart.

It changes and lists, it never throws away: each line keeps its raw form, each clean character its raw column.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata

from build_tools.errors import ClippingError
from build_tools.model import Cleaned, Line, RawClipping, Repair
from build_tools.syllables import Syllables

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_DROP = re.compile(f"[{_INVISIBLE}\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\uffff]")
_SPACE = re.compile("[\t\x0b\x0c\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_ODD = re.compile(
    f"[{_INVISIBLE}\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xa0\u0300-\u036f\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ud800-\udfff\ufff9-\uffff]"
)
"""All that `_DROP`, `_SPACE` and `_CLUSTERED` look for, so that a text that has none of it is read over once."""
_CLUSTER = re.compile(r".[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]*", re.DOTALL)
_MAX_MARKS = 4
"""Vietnamese needs two marks on a letter; a longer pile is decoration and hides the lines around it."""

_GAP = " " * 5
"""One space more than a clean line has in a row: it is layout, and patterns would try each space of it again."""

_PROOF_WORDS, _PROOF_SHARE = 5, 0.9
"""Of the accented words of 300 articles in Windows-1258, at least 96 % read as syllables; of French in 1252, 12 %."""


def decode(data: bytes, name: str, syllables: Syllables) -> tuple[str, str]:
    """Return the text of `data` and its encoding, told by byte order mark or by proof.

    Raises:
        ClippingError: when neither a mark nor a proof tells the encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ClippingError(
                    f"{name}: begins as {encoding.upper()} but is broken at byte {error.start + len(bom)}"
                ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        failed = error.start
    else:
        if "\x00" not in text:
            return text, "utf-8"
        failed = data.index(0)
    for encoding in ("utf-16-le", "utf-16-be") if b"\x00" in data else ("cp1258",):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        words, share = syllables.share(text)
        if words >= _PROOF_WORDS and share >= _PROOF_SHARE:
            return text, "windows-1258" if encoding == "cp1258" else encoding
    what = "not text" if b"\x00" in data else "neither UTF-8, UTF-16 nor Windows-1258"
    raise ClippingError(f"{name}: {what} (byte {failed}); save it as UTF-8")


def _visible(raw: str) -> tuple[str, list[int]]:
    """Return `raw` in NFC without invisible characters, and the raw column of each character kept."""
    text: list[str] = []
    columns: list[int] = []
    kept = [(i, c) for i, c in enumerate(raw) if not _DROP.match(c)]
    joined = "".join(c for _, c in kept)
    for match in _CLUSTER.finditer(_SPACE.sub(" ", joined)):
        cluster = unicodedata.normalize("NFC", match.group()[: 1 + _MAX_MARKS])
        text.append(cluster)
        columns += [kept[match.start()][0]] * len(cluster)
    return "".join(text), columns


def _odd(text: str) -> bool:
    """Whether a text, line ends aside, may be other than `_line` would make it before it parts glued words."""
    return _GAP in text or bool(_ODD.search(text)) or not unicodedata.is_normalized("NFC", text)


def _line(number: int, raw: str, syllables: Syllables) -> tuple[Line, list[Repair]]:
    """Clean one raw line."""
    columns: list[int] | None = None
    text = raw
    if not _odd(raw):
        pass
    elif _DROP.search(raw) or not unicodedata.is_normalized("NFC", raw) or _CLUSTERED.search(raw):
        text, columns = _visible(raw)
    else:
        text = _SPACE.sub(" ", raw)
    if _GAP in text:
        kept = [i for i in range(len(text)) if not text.startswith(_GAP, max(0, i + 1 - len(_GAP)), i + 1)]
        columns = [columns[i] for i in kept] if columns is not None else kept
        text = "".join(text[i] for i in kept)
    seams = [] if text.isascii() else list(syllables.seams(text))
    if not seams:
        return Line(number, raw, text, tuple(columns) if columns is not None else None), []
    columns = columns if columns is not None else list(range(len(text)))
    repairs, parts, spaces, places = [], [], [], []
    last = 0
    for word, start, cuts in seams:
        ends = [0, *cuts, len(word)]
        repairs.append(Repair(number, word, " ".join(word[a:b] for a, b in itertools.pairwise(ends))))
        for cut in cuts:
            parts.append(text[last : start + cut])
            places += [*columns[last : start + cut], columns[start + cut]]
            spaces.append(len(places) - 1)
            last = start + cut
    places += columns[last:]
    return Line(number, raw, " ".join([*parts, text[last:]]), tuple(places), frozenset(spaces)), repairs


_CLUSTERED = re.compile(rf"[\u0300-\u036f]{{{_MAX_MARKS + 1}}}")


def clean(raw: RawClipping, syllables: Syllables) -> Cleaned:
    """Return the clipping as clean lines, with the encoding it had and each repair made.

    Raises:
        ClippingError: when the bytes are not text in a known encoding.
    """
    text, encoding = decode(raw.data, str(raw.path), syllables)
    lines, repairs = [], []
    raw_lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if raw_lines[-1] == "":
        raw_lines.pop()
    glued = None if _odd(text) else syllables.glued(text).keys()
    if glued is not None and not glued:
        return Cleaned(tuple(Line(number, line, line) for number, line in enumerate(raw_lines, 1)), encoding)
    for number, raw_line in enumerate(raw_lines, 1):
        if glued is not None and not any(word in raw_line for word in glued):
            lines.append(Line(number, raw_line, raw_line))
            continue
        line, mended = _line(number, raw_line, syllables)
        lines.append(line)
        repairs += mended
    return Cleaned(tuple(lines), encoding, tuple(repairs))
