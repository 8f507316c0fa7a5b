"""Reads a folder of raw clippings, in sorted order; what cannot be read is a listed problem, never an exception.

Only `*.txt` files count, links are followed only inside the folder, and limits keep one odd file from stopping a build.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from build_tools.errors import ArchiveError
from build_tools.model import Problem, RawClipping

MAX_BYTES = 2_000_000
"""A clipping is a page of text; the longest of 10,000 news articles has 12 KB."""


def paths(folder: Path, suffix: str = ".txt") -> Iterator[Path]:
    """Yield the files below `folder` whose names end in `suffix`, hidden ones left out, in sorted order."""
    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder (give the folder that holds the clippings)")

    def refuse(error: OSError) -> None:
        raise ArchiveError(f"{error.filename}: cannot be listed: {error.strerror} (check its permissions)") from error

    found = []
    for top, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(top, name) for name in names if name.lower().endswith(suffix) and not name.startswith(".")]
    yield from sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def clipping(path: Path, folder: Path) -> RawClipping | Problem:
    """Read one clipping, or say why it cannot be read."""
    name = PurePosixPath(path.relative_to(folder).as_posix())
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return Problem(str(name), "is a link out of the clippings folder", "copy the file itself")
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Problem(
                str(name), f"{size:,} bytes is more than a clipping can have ({MAX_BYTES:,})", "cut it into articles"
            )
        data = path.read_bytes()
    except OSError as error:
        return Problem(str(name), f"cannot be read: {error.strerror}", "check its permissions")
    if not data.strip():
        return Problem(str(name), "is empty", "paste the clipping's text, or remove the file")
    return RawClipping(name, data, hashlib.sha256(data).hexdigest())


def clippings(folder: Path) -> Iterator[RawClipping | Problem]:
    """Yield each raw clipping below `folder` in sorted order, or the problem that keeps it from being read."""
    for path in paths(folder):
        yield clipping(path, folder)
