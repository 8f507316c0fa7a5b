"""What the last build worked out of an archive: the next one need not do it again while the archive is like that.

What a clipping's page shows of the others (neighbours, names, stories) takes the whole archive to find out, and changes
when any clipping does in more than its running text. So it is kept with a digest of everything that has a say in it,
and taken only where that is the same.
"""

from __future__ import annotations

import contextlib
import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from build_tools.facts import digest, written
from build_tools.store import Summed, packed, unpacked
from build_tools.workshop import Looked, Stood

STALE = 150
"""Clippings looked at anew from which on what was kept is written again: so many are looked at in a moment."""


def likeness(program: str, shapes: Mapping[str, str], *around: object) -> str:
    """Return the digest of an archive but for its running texts, given the shape of each clipping by its path.

    `around` are plain values that have a say in pages besides.
    """
    return digest(program, written(sorted(shapes.items())), *map(written, around))


def remembered(path: Path, key: str) -> Any:
    """Return the value that a file of the cache keeps for a digest; None if it is of another, or damaged."""
    return next(iter(remembered_parts(path, key)), None)


def remembered_parts(path: Path, key: str) -> list[Any]:
    """Return the values that a file of the cache keeps for a digest; none if it is of another, or damaged."""
    try:
        data, begin = path.read_bytes(), len(packed(key.encode()))
        if unpacked(memoryview(data))[: len(key)] != key.encode():
            return []
        file = io.BytesIO(data)
        file.seek(begin)
        return [pickle.load(file) for _ in range(pickle.load(file))]  # noqa: S301 - our own cache
    except (OSError, ValueError):
        return []


def remember(path: Path, key: str, *values: object) -> None:
    """Keep values for a digest in a file of the cache, if that can be written; they go there as they are packed."""
    half = path.with_suffix(".half")
    with contextlib.suppress(OSError):
        with half.open("wb") as file:
            file.write(packed(b""))
            summed = Summed(file)
            summed.write(key.encode())
            for value in (len(values), *values):
                pickle.dump(value, summed, pickle.HIGHEST_PROTOCOL)
            file.seek(0)
            file.write(summed.sum())
        half.replace(path)


@dataclass(slots=True)
class Last:
    """What was worked out of the clippings of an archive of this likeness, and what its index pages are known by.

    `keys` has one a plan, None where only the page itself tells; `stood` has of such pages, by their places among the
    plans, what the site had of them in the `frame` (a digest of all that has a say in how pages look). `stale` counts
    the clippings of which a file keeps something older.
    """

    likeness: str = ""
    looked: Mapping[str, Looked] = field(default_factory=dict)
    keys: list[str | None] = field(default_factory=list)
    frame: str = ""
    stood: Mapping[int, Stood] = field(default_factory=dict)
    stale: int = 0

    @classmethod
    def of(cls, path: Path, likeness: str) -> Last:
        """Return what a file keeps of an archive of this likeness; nothing if it is of another, or damaged."""
        return cls(likeness, *(remembered(path, likeness) or ()))

    def told(self) -> dict[str, str]:
        """Return what pages tell of each clipping."""
        return {path: one.told for path, one in self.looked.items()}

    def save(self, path: Path, before: Last) -> None:
        """Keep it in a file, unless that keeps `before`, which serves nearly as well."""
        records = {name: one.record for name, one in before.looked.items()}
        self.stale = before.stale + sum(records.get(name) != one.record for name, one in self.looked.items())
        same = (self.keys, self.frame) == (before.keys, before.frame) and path.is_file()
        if not same or self.stale >= min(STALE, len(self.looked)):
            remember(path, self.likeness, (self.looked, self.keys, self.frame, self.stood))
            self.stale = 0
