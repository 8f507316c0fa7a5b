"""Where a site is published: the folder that a host serves, and beside it the sites that stood and will stand there.

For the folder `public` these are in `.public.sites/`: the one being built is `next`, the others are numbers, which
rise. Where the system has symbolic links, `public` is one, and leads to a number: another site is shown by renaming a
new link over it, which is one step for everybody. Elsewhere `public` is the site itself, and is exchanged by two
renames: between them there is none. `repair` mends what a process that died there has left.
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from build_tools import folder, lock
from build_tools.errors import ArchiveError


class Place(ABC):
    """The folder `path` that is served, and `shelf`, the folder beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shelf = shelf_of(path)
        self.next = self.shelf / "next"

    @property
    @abstractmethod
    def live(self) -> Path | None:
        """The folder with the files that readers see, None when there are none."""

    @abstractmethod
    def repair(self) -> None:
        """Mend what a process that died while it showed a site has left.

        Raises:
            ArchiveError: what is served was not made by this program.
        """

    @abstractmethod
    def show(self) -> None:
        """Show `next`; the site that was shown becomes the one before."""

    @abstractmethod
    def before(self) -> Path | None:
        """Return the site that was shown before the one that readers see."""

    @abstractmethod
    def back(self) -> None:
        """Show the site that was shown before; there must be one."""

    @abstractmethod
    def keep(self, most: int) -> None:
        """Remove the oldest sites until `most` are left, the one that readers see among them."""

    def numbers(self) -> list[int]:
        """Return the numbers of the sites on the shelf, the oldest first."""
        if not self.shelf.is_dir():
            return []
        return sorted(int(one.name) for one in self.shelf.iterdir() if one.name.isdecimal() and one.is_dir())

    def _number(self, number: int) -> Path:
        return self.shelf / str(number)

    def _after(self) -> Path:
        return self._number(max(self.numbers(), default=0) + 1)

    def _refuse_others(self) -> None:
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / folder.MARKER).is_file():
            raise ArchiveError(
                f"{self.path}: holds what kho-bao did not build (choose another folder, or move it away)"
            )
        if self.path.exists() and not self.path.is_dir():
            raise ArchiveError(f"{self.path}: is a file (choose a folder)")


class Linked(Place):
    """A symbolic link to a numbered site. A folder that `kho-bao build` made becomes the first of them."""

    @property
    def live(self) -> Path | None:
        """The folder that the link leads to."""
        number = self._shown()
        return None if number is None else self._number(number)

    def repair(self) -> None:
        """Make a link of a folder, or of nothing where there are sites."""
        if not self.path.is_symlink():
            self._refuse_others()
            if self.path.is_dir() and any(self.path.iterdir()):
                self.path.replace(self._after())
            elif self.path.is_dir():
                self.path.rmdir()
            if numbers := self.numbers():
                self._link(numbers[-1])
        elif self._shown() is None:
            raise ArchiveError(f"{self.path}: is a link to another place (choose another folder, or remove the link)")

    def show(self) -> None:
        """Show `next`, under the number after the one that is shown; sites that were taken back go."""
        shown = self._shown() or 0
        for number in self.numbers():
            if number > shown:
                removed(self._number(number))
        self.next.replace(self._number(shown + 1))
        self._link(shown + 1)

    def before(self) -> Path | None:
        """Return the site with the next lower number."""
        lower = [number for number in self.numbers() if number < (self._shown() or 0)]
        return self._number(lower[-1]) if lower else None

    def back(self) -> None:
        """Show the site with the next lower number; the newer one stays until the next is published."""
        if site := self.before():
            self._link(int(site.name))

    def keep(self, most: int) -> None:
        """Remove sites with low numbers."""
        old = [number for number in self.numbers() if number <= (self._shown() or 0)][:-most]
        for number in old:
            removed(self._number(number))

    def _shown(self) -> int | None:
        """Return the number that the link leads to, None when there is no link or it leads elsewhere."""
        if not self.path.is_symlink():
            return None
        target = self.path.readlink()
        ours = target.parent == Path(self.shelf.name) and target.name.isdecimal()
        return int(target.name) if ours and (self.shelf / target.name).is_dir() else None

    def _link(self, number: int) -> None:
        link = self.shelf / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(self.shelf.name) / str(number), target_is_directory=True)
        link.replace(self.path)


class Renamed(Place):
    """The site itself; those before it are on the shelf."""

    @property
    def live(self) -> Path | None:
        """The served folder."""
        return self.path if (self.path / folder.MARKER).is_file() else None

    def repair(self) -> None:
        """Put the newest site back when there is none."""
        self._refuse_others()
        if self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()
        if not self.path.is_dir() and (numbers := self.numbers()):
            self._number(numbers[-1]).replace(self.path)

    def show(self) -> None:
        """Put the served folder on the shelf, and `next` in its place."""
        removed(self.shelf / "undone")
        if self.path.is_dir():
            self.path.replace(self._after())
        self.next.replace(self.path)

    def before(self) -> Path | None:
        """Return the newest site on the shelf."""
        numbers = self.numbers()
        return self._number(numbers[-1]) if numbers else None

    def back(self) -> None:
        """Put the served folder away until the next is published, and the newest on the shelf in its place."""
        if site := self.before():
            removed(self.shelf / "undone")
            self.path.replace(self.shelf / "undone")
            site.replace(self.path)

    def keep(self, most: int) -> None:
        """Remove sites with low numbers."""
        for number in self.numbers()[: -(most - 1) or None]:
            removed(self._number(number))


def shelf_of(path: Path) -> Path:
    """Return the folder beside a served one in which its sites are."""
    return path.parent / f".{path.name}.sites"


def place(path: Path) -> Place:
    """Return a folder as a place to publish at; its shelf must be there.

    Raises:
        ArchiveError: it cannot be one.
    """
    if path.is_symlink():
        return Linked(path)
    as_renamed = Renamed(path)
    if path.is_dir() and as_renamed.numbers():
        return as_renamed
    return Linked(path) if _links(as_renamed.shelf) else as_renamed


def _links(shelf: Path) -> bool:
    """Whether symbolic links can be made in a folder."""
    link = shelf / "link"
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(Path("nowhere"), target_is_directory=True)
        link.unlink()
    except OSError:
        return False
    return True


def copied(site: Path, path: Path) -> None:
    """Copy a site to begin with, so that a build writes only what changed; what was compressed for a host is not."""
    half = path.with_name("copy")
    shutil.copytree(site, half, ignore=shutil.ignore_patterns("*.gz", lock.NAME))
    half.replace(path)


def tidied(shelf: Path) -> None:
    """Remove what a process that died was about to remove, or had copied in part."""
    for name in ("waste", "copy"):
        if (shelf / name).is_dir():
            shutil.rmtree(shelf / name)


def removed(path: Path) -> None:
    """Remove a folder, if it is there: under another name first, so that nobody takes the rest of it for a site."""
    waste = path.with_name("waste")
    shutil.rmtree(waste, ignore_errors=True)
    if path.is_dir():
        path.replace(waste)
        shutil.rmtree(waste)


def absolute(path: Path) -> Path:
    """Return a path without a look at links.

    Raises:
        ArchiveError: it has no name of its own.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the link that is served
    if not whole.name:
        raise ArchiveError(f"{path}: cannot be published to (name a folder in it)")
    return whole
