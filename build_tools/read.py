"""Reads a folder of raw clippings, in sorted order; what cannot be read is a listed problem, never an exception.

Only `*.txt` files count, links are followed only inside the folder, and limits keep one odd file from stopping a build.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from build_tools import inside
from build_tools.errors import ArchiveError
from build_tools.filenames import composed, real
from build_tools.model import Problem, RawClipping

MAX_BYTES = 2_000_000
"""A clipping is a page of text; the longest of 10,000 news articles has 12 KB."""


def names(folder: Path, *suffixes: str, folders_too: bool = False) -> list[str]:
    """Return the files below `folder` whose names end in one of `suffixes`, hidden ones left out, in sorted order.

    They are paths from `folder`, with slashes, their letters composed. With `folders_too`, folders of such names are
    among them, for they may stand where a file was meant.
    """
    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder (give the folder that holds the clippings)")

    def refuse(error: OSError) -> None:
        raise ArchiveError(f"{error.filename}: cannot be listed: {error.strerror} (check its permissions)") from error

    found, length = [], len(str(folder))
    for top, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = top[length:].replace(os.sep, "/").strip("/")
        begin = f"{below}/" if below else ""
        there = files + folders if folders_too else files
        found += [begin + name for name in there if name.lower().endswith(suffixes) and not name.startswith(".")]
    return composed(found)


def paths(folder: Path, suffix: str = ".txt") -> Iterator[Path]:
    """Yield the files below `folder` whose names end in `suffix`, hidden ones left out, in sorted order."""
    return (Path(real(str(folder), name)) for name in names(folder, suffix))


def clipping(path: Path, folder: Path) -> RawClipping | Problem:
    """Read one clipping, or say why it cannot be read."""
    return named(folder, path.relative_to(folder).as_posix())


def named(folder: Path, within: str) -> RawClipping | Problem:
    """Read one clipping by its path from `folder`, or say why it cannot be read."""
    data = contents(folder, within)
    if isinstance(data, Problem):
        return data
    return RawClipping(PurePosixPath(within), data, hashlib.sha256(data).hexdigest())


def contents(folder: Path, within: str) -> bytes | Problem:
    """Return what is in the file of a clipping, by its path from `folder`, or say why it cannot be read."""
    try:
        path, size = inside.found(folder, within)
        if size > MAX_BYTES:
            return Problem(
                within,
                f"{size:,} bytes is more than a clipping can have ({MAX_BYTES:,})",
                "cut it into articles",
            )
        data = inside.contents(path, size, MAX_BYTES)
    except inside.RefusedError as error:
        return Problem(inside.printable(within), str(error), error.remedy)
    except OSError as error:
        return Problem(within, f"cannot be read: {error.strerror}", "check its permissions")
    if not data.strip():
        return Problem(within, "is empty", "paste the clipping's text, or remove the file")
    return data


def clippings(folder: Path) -> Iterator[RawClipping | Problem]:
    """Yield each raw clipping below `folder` in sorted order, or the problem that keeps it from being read."""
    for path in paths(folder):
        yield clipping(path, folder)
