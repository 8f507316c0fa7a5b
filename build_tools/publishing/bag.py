"""A bag for a store that keeps things: clippings and corrections as they are, and the files for other programs.

BagIt (RFC 8493) is a folder with the files in `data/`, a digest for each, and what they are as a whole. The library
`bagit` makes and checks it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from build_tools import paths
from build_tools.errors import ArchiveError, MissingLibraryError

LABELS = {
    "site_name": "Internal-Sender-Identifier",
    "site_description": "External-Description",
    "site_author": "Source-Organization",
    "site_url": "External-Identifier",
    "copyright": "Rights-Statement",
}
"""What a line of bag-info.txt is called that mkdocs.yml tells."""

DIGESTS = ("sha256", "sha512")


def bag(  # noqa: PLR0913 - what goes in, and what is told of it
    path: Path, clippings: Path, site: Path, told: Mapping[str, str], agent: str, *, moment: int | None = None
) -> tuple[int, int]:
    """Make a bag at `path`, which must not be there; return how many files are in it and their size in bytes.

    `told` is what mkdocs.yml says; `agent` names the program; `moment`, in seconds since 1970, gives the day.

    Raises:
        ArchiveError: there is something at `path`, or the bag is not what its own digests say.
        MissingLibraryError: bagit is not installed.
    """
    try:
        import bagit  # noqa: PLC0415  # is not always there
    except ModuleNotFoundError as error:
        raise MissingLibraryError("a bag needs bagit", "bag") from error
    path = path.absolute()
    if path.exists():
        raise ArchiveError(f"{path}: is there already (bags are kept: name another folder)")
    info = {label: " ".join(told[name].split()) for name, label in LABELS.items() if told.get(name)}
    info["Bag-Software-Agent"] = f"{agent}, bagit {bagit.VERSION}"
    half = path.with_name(f".{path.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        _gather(clippings, half / "clippings")
        _gather(site / paths.DATA, half / "du-lieu", "index.html", "index.html.gz")
        if not any(half.iterdir()):
            raise ArchiveError(f"{path}: there is nothing to put into it (no clipping in {clippings})")
        made = bagit.make_bag(str(half), info, checksums=list(DIGESTS))
        _date(made, moment)
        for digest in DIGESTS:  # listed as the file system lists them
            listed = half / f"tagmanifest-{digest}.txt"
            listed.write_text("".join(sorted(listed.read_text("utf-8").splitlines(True), key=_named)), "utf-8")
        bagit.Bag(str(half)).validate()
        half.replace(path)
    except bagit.BagError as error:
        raise ArchiveError(f"{path}: could not be bagged: {error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    size, _, count = made.info["Payload-Oxum"].partition(".")
    return int(count), int(size)


def _gather(source: Path, target: Path, *left_out: str) -> None:
    """Copy the files of a folder, those whose names begin with a dot left out; a link becomes what it leads to."""
    for at, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = target / Path(at).relative_to(source)
        for name in sorted(names):
            if not name.startswith(".") and name not in left_out:
                below.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(at, name), below / name)


def _date(made: Any, moment: int | None) -> None:
    """Say the day that the user gives; the library's own is that of the clock."""
    del made.info["Bagging-Date"]
    if moment is not None:
        made.info["Bagging-Date"] = time.strftime("%Y-%m-%d", time.gmtime(moment))
    made.save()


def _named(line: str) -> str:
    return line.split(maxsplit=1)[1]
