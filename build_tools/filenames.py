"""File names as they are meant: whether a system writes "ế" as one sign or as three, it is one name.

Linux keeps what it is given, some copies of a Mac's files have every accent apart, and a letter with two marks may be
written in several ways. The archive knows a file by its composed name (NFC); `real` finds it on the disk again.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise


def composed(names: Iterable[str]) -> list[str]:
    """Return file names, composed, in sorted order.

    Of two that are one when composed, the one that is not keeps its own name, behind the other.
    """
    found = set(names)
    return sorted((_composed(name, found) for name in found), key=lambda name: (_nfc(name), name != _nfc(name), name))


def _composed(name: str, found: set[str]) -> str:
    whole = _nfc(name)
    return name if whole in found else whole


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def real(folder: str, within: str) -> str:
    """Return the path of a file below `folder` by its name from there, composed or not, with slashes.

    Where there is none, the path that it would have.
    """
    path = os.path.join(folder, within)  # noqa: PTH118 - ten thousand times in a build
    if within.isascii() or os.path.lexists(path):
        return path
    at = folder
    for part in within.split("/"):
        step = os.path.join(at, part)  # noqa: PTH118 - see above
        at = step if os.path.lexists(step) else next(_alike(at, part), step)
    return at


def _alike(folder: str, name: str) -> Iterator[str]:
    """Yield the paths in a folder whose names are `name` when composed."""
    try:
        there = sorted(os.listdir(folder))  # noqa: PTH208 - names are wanted
    except OSError:
        return
    yield from (os.path.join(folder, one) for one in there if _nfc(one) == _nfc(name))  # noqa: PTH118 - see above


def in_capitals_only(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the names, each with one before it, that differ from it in capital letters or in composition alone."""
    ordered = sorted((_nfc(name).casefold(), _nfc(name), name) for name in names)
    return [(other, one) for (key, _, one), (same, _, other) in pairwise(ordered) if key == same]
