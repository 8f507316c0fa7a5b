"""Which formats this program writes and reads, and the refusal of a folder that a newer one has written."""

from __future__ import annotations

from pathlib import Path

from build_tools.errors import ArchiveError

RECORD = 1
"""Of the record (docs/record.md): a new field leaves it, a changed or removed one raises it."""

CONTENT = 1
"""Of a content folder: raised when an older program would read wrongly what a newer one keeps there."""

FILE = "format.txt"
"""Holds the number of a content folder's format; one without it is of the first."""


def refuse_newer(content: Path) -> None:
    """Do nothing if this program reads a content folder's format.

    Raises:
        ArchiveError: it is of a newer format, or its file does not say which.
    """
    file = content / FILE
    if not file.is_file():
        return
    said = file.read_text(encoding="utf-8", errors="replace").strip()
    if not (said.isascii() and said.isdecimal() and int(said)):
        raise ArchiveError(f"{file}: holds no number of a format (write {CONTENT}, or remove the file)")
    if int(said) > CONTENT:
        raise ArchiveError(newer(f"{content}: this content folder", int(said), CONTENT))


def newer(what: str, found: int, known: int) -> str:
    """Return the sentence about something whose format is newer than the one that this program reads."""
    return f"{what} is of format {found}, which is newer than the {known} that this program reads (upgrade kho-bao)"
