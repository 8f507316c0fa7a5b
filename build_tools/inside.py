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


def size(folder: Path, within: str, of: str = "clippings folder") -> int:
    """Return the size in bytes of a plain file by its path from `folder`, which no link leads out of.

    Messages call the folder `of`.

    Raises:
        RefusedError: it is a link out of the folder or no plain file, or its name is no text.
        OSError: it cannot be looked at.
    """
    if not within.isascii() and printable(within) != within:
        raise RefusedError("has a name that is not UTF-8", "rename it")
    path = real(str(folder), within)
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        found = os.stat(path)  # noqa: PTH116 - see above; for a link to itself `resolve` has an error of its own
        refuse_out(folder, Path(path), of)
    if stat.S_ISDIR(found.st_mode):
        raise RefusedError("is a folder", "give it another name")
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError("is no plain file (a pipe, a device or the like)", "remove it")
    return found.st_size
