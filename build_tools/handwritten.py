"""The folder of hand-written pages: what in it is not published, since it leads out or is no file.

MkDocs follows every link and opens whatever has a name, so it is given a copy of the folder without what is refused.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from build_tools import inside
from build_tools.model import Problem

FOLDER = "pages"
"""Below the content folder."""


def refused(folder: Path) -> Iterator[tuple[Path, Problem]]:
    """Yield what is refused of a folder, each with its problem; paths are from `folder`.

    No link to a folder is followed, not even within: two that lead to each other would have no end.
    """
    if not folder.is_dir():
        return
    for top, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(top, name).is_symlink()]
        for name in sorted([*links, *files]):
            path = Path(top, name).relative_to(folder)
            if problem := _problem(folder, path):
                yield path, problem


def _problem(folder: Path, path: Path) -> Problem | None:
    within = path.as_posix()
    shown = f"{FOLDER}/{inside.printable(within)}"
    whole = folder / path
    try:
        if whole.is_dir():
            inside.refuse_out(folder, whole, "folder of pages")
            return Problem(shown, "is a link to a folder", "copy the folder itself", code="page")
        inside.found(folder, within, "folder of pages")
    except inside.RefusedError as error:
        return Problem(shown, str(error), error.remedy, code="page")
    except OSError as error:
        return Problem(shown, f"cannot be read: {error.strerror}", "remove it, or check its permissions", code="page")
    return None


def problems(folder: Path) -> tuple[Problem, ...]:
    """Return the problems of what is refused, but for hidden files: editors leave such links, which are no pages."""
    return _told(refused(folder))


def _told(found: Iterable[tuple[Path, Problem]]) -> tuple[Problem, ...]:
    return tuple(problem for path, problem in found if not any(part.startswith(".") for part in path.parts))


def copied(folder: Path, to: Path) -> tuple[Path, tuple[Problem, ...]]:
    """Return a folder of pages that can be published, and the problems of what is left out of it.

    It is `folder` itself when nothing is refused, else a copy at `to`.
    """
    found = dict(refused(folder))
    shutil.rmtree(to, ignore_errors=True)
    if not found:
        return folder, ()

    def left_out(top: str, names: list[str]) -> list[str]:
        below = Path(top).relative_to(folder)
        return [name for name in names if below / name in found]

    shutil.copytree(folder, to, ignore=left_out)
    return to, _told(found.items())
