"""A site is built beside the one that readers see, inspected, and shown in one step; a failure changes nothing.

Inspected are the pages, what the build wrote (a file that has become another since is caught), and what the last
edition promised.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from build_tools import folder, gz
from build_tools.closing import Verdict
from build_tools.errors import ArchiveError
from build_tools.lock import Lock
from build_tools.publishing import places
from build_tools.publishing.inspection import Inspected, Progress, inspect, silent

COMPRESSED = frozenset({".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".csv", ".ris", ".bib"})
"""Endings of the files that a host may have compressed."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says of a full disk."""


@dataclass(frozen=True, slots=True)
class Built:
    """What is to be known of a build: the site's address if it has one, the build's cache, and whom it tells.

    `files` is what it wrote; `compared` compares the site with the last edition, where there is one.
    """

    url: str | None
    cache: Path
    progress: Progress = silent
    files: Mapping[str, folder.Made] = field(default_factory=dict)
    compared: Callable[[Path], Verdict] | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What is shown now, what was found in it, and whether there is a site to go back to.

    `verdict` says what was compared with the last edition, None when there is none.
    """

    path: Path
    inspected: Inspected
    before: bool
    verdict: Verdict | None = None


def publish(
    path: Path, build: Callable[[Path], Built], *, keep: int = 2, compress: bool = False, jobs: int | None = None
) -> Published:
    """Have a site built beside `path`, inspect it, and show it there; `keep` sites stay, this one among them.

    `build` fills the folder that it is given. With `compress`, a file NAME.gz stands beside each NAME that is text.

    Raises:
        ArchiveError: it could not be built, or is not fit to be seen; readers see what they saw.
    """
    path = places.absolute(path)
    lock = Lock(places.shelf_of(path))
    try:
        lock.take()
        place = places.place(path)
        places.tidied(place.shelf)
        place.repair()
        inspected, verdict = _filled(place, build, compress, jobs)
        place.show()
    except (ArchiveError, OSError) as error:
        raise ArchiveError(f"{_told(error, path)}; {_as_it_was(path)}") from error
    else:
        with contextlib.suppress(OSError):  # what cannot be removed now is tried again next time
            place.keep(keep)
        return Published(path, inspected, place.before() is not None, verdict)
    finally:
        lock.free()


def back(path: Path) -> Path:
    """Show the site that was shown before, and return the place.

    Raises:
        ArchiveError: there is none.
    """
    path = places.absolute(path)
    if not places.shelf_of(path).is_dir():
        raise ArchiveError(f"{path}: nothing was published there")
    lock = Lock(places.shelf_of(path))
    lock.take()
    try:
        place = places.place(path)
        place.repair()
        if place.before() is None:
            raise ArchiveError(f"{path}: there is no site before the one that readers see")
        place.back()
    finally:
        lock.free()
    return path


def _filled(
    place: places.Place, build: Callable[[Path], Built], compress: bool, jobs: int | None
) -> tuple[Inspected, Verdict | None]:
    try:
        if place.live and not place.next.is_dir():
            places.copied(place.live, place.next)
        for packed in place.next.rglob("*.gz"):
            packed.unlink()
        built = build(place.next)
        _refuse_altered(built.files, place.next)
        inspected = inspect(place.next, built.url, built.cache / "inspected.pickle", jobs, built.progress)
        _refuse(inspected.faults, place.next)
        verdict = built.compared(place.next) if built.compared else None
        _refuse_broken(verdict, place.next)
        _refuse_altered(built.files, place.next)
        if compress:
            _compress(place.next)
    except (ArchiveError, OSError) as error:
        if _full(error):
            places.removed(place.next)
            places.removed(place.next.with_name("copy"))
        raise
    return inspected, verdict


def _refuse(faults: Sequence[str], site: Path) -> None:
    if faults:
        raise ArchiveError(f"{_first(faults)}; what was built stands in {site}")


def _refuse_altered(files: Mapping[str, folder.Made], site: Path) -> None:
    """Refuse a site in which a file is not what the build wrote, or has vanished."""
    if faults := list(folder.altered(site, files)):
        raise ArchiveError(f"{_first(faults)}; publish again: every file is then written anew")


def _refuse_broken(verdict: Verdict | None, site: Path) -> None:
    """Refuse a site that does not keep what the last edition promised; every difference is told."""
    if verdict and verdict.differences:
        told = "\n".join(verdict.differences)
        raise ArchiveError(f"{told}\nedition {verdict.edition} is not kept; what was built stands in {site}")


def _first(faults: Sequence[str]) -> str:
    return faults[0] + (f" (and {len(faults) - 1:,} more faults)" if len(faults) > 1 else "")


def _compress(site: Path) -> None:
    for file in sorted(site.rglob("*")):
        if file.suffix in COMPRESSED and file.is_file():
            file.with_name(f"{file.name}.gz").write_bytes(gz.packed(file.read_bytes()))


def _full(error: BaseException) -> bool:
    """Whether an error comes of a full disk."""
    while error.__cause__:
        error = error.__cause__
    return isinstance(error, OSError) and error.errno in FULL


def _told(error: ArchiveError | OSError, path: Path) -> str:
    if isinstance(error, ArchiveError):
        return str(error)
    return f"{error.filename or path}: {error.strerror or error}"


def _as_it_was(path: Path) -> str:
    return f"{path} is as it was" if path.exists() else "nothing was published"
