"""Looks at a file below a folder that others may write to, before it is opened.

A link may lead out of the folder to what must not be published; a pipe or a device would keep a build waiting forever.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from build_tools.filenames import real


class RefusedError(Exception):
    """The file is not to be opened; the message says what it is, `remedy` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def printable(within: str) -> str:
    """Return a file's path for messages: bytes in it that are no text are spelled out."""
    return within.encode("utf-8", "backslashreplace").decode()


def refuse_out(folder: Path, path: Path, of: str) -> None:
    """Refuse a path that leads out of `folder`, which messages call `of`.

    Raises:
        RefusedError: it does.
    """
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RefusedError(f"is a link out of the {of}", "copy the file itself")


def found(folder: Path, within: str, of: str = "clippings folder") -> tuple[str, int]:
    """Return where a plain file is, by its path from `folder`, and its size in bytes; no link leads out of the folder.

    Messages call the folder `of`.

    Raises:
        RefusedError: it is a link out of the folder or no plain file, or its name is no text.
        OSError: it cannot be looked at.
    """
    if not within.isascii() and printable(within) != within:
        raise RefusedError("has a name that is not UTF-8", "rename it")
    path = real(str(folder), within)
    there = os.lstat(path)
    if stat.S_ISLNK(there.st_mode):
        there = os.stat(path)  # noqa: PTH116 - see above; for a link to itself `resolve` has an error of its own
        refuse_out(folder, Path(path), of)
    if stat.S_ISDIR(there.st_mode):
        raise RefusedError("is a folder", "give it another name")
    if not stat.S_ISREG(there.st_mode):
        raise RefusedError("is no plain file (a pipe, a device or the like)", "remove it")
    return path, there.st_size


def contents(path: str, size: int, most: int) -> bytes:
    """Return what a file has in it, which had `size` bytes when it was looked at; no more than `most`.

    Ten thousand of them are read in each build: asking for what is there takes a tenth of asking for the most there
    could be, for which room is made first.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        data = os.read(descriptor, min(size, most) + 1)
        while len(data) != size and len(data) < most and (more := os.read(descriptor, most - len(data))):
            data += more  # it has another size by now, or a network drive gives it in pieces
        return data[:most]
    finally:
        os.close(descriptor)
