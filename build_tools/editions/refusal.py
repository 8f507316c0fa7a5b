"""What a build says of addresses of the last edition that would vanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from build_tools import paths
from build_tools.editions.manifest import FOLDER, Manifest
from build_tools.errors import LostAddressesError
from build_tools.lasting import Ends
from build_tools.model import Problem

_CLIPPING = ".txt"
_NAMED = 20
"""Pages named in one problem."""

_WATCHED = (paths.CLUSTERS, paths.UNITS, paths.PEOPLE)


def lost(ends: Ends, edition: str, folder: str, problems: Iterable[Problem] = ()) -> list[Problem]:
    """Return a problem for each address that would vanish; `problems` are those with the clippings and corrections."""
    wrong = {problem.path: problem for problem in problems}
    return [
        Problem(
            f"{folder}{was}" if was.endswith(_CLIPPING) else f"{FOLDER}/{edition}.json",
            f"address /{url} is in edition {edition} and would vanish" + _why(was, wrong),
            _remedy(url, was, folder, wrong),
            code="lost",
        )
        for url, was in ends.lost.items()
    ]


def _why(was: str, wrong: Mapping[str, Problem]) -> str:
    """Return what is wrong with the clipping, or with the correction of one whose text is not there, if anything."""
    if was in wrong:
        return f": the file {wrong[was].message}"
    return f": its correction {wrong[beside].message}" if (beside := _beside(was)) in wrong else ""


def _beside(was: str) -> str:
    return f"{was.removesuffix(_CLIPPING)}.yaml"


def _remedy(url: str, was: str, folder: str, wrong: Mapping[str, Problem]) -> str:
    if was in wrong and wrong[was].code == "held":
        return wrong[was].remedy
    if was not in wrong and _beside(was) in wrong:
        return f"{_beside(was)}: {wrong[_beside(was)].remedy}"
    if not was.endswith(_CLIPPING):
        return f"write  formerly: [{url.rstrip('/')}]  in the correction of the clipping that was to be found there"
    beside = f"{folder}{PurePosixPath(was).with_suffix('.yaml')}"
    return (
        f'put the file back; or write  withdrawn: "why"  in {beside}; or, if the clipping has another name now, write'
        f"  formerly: [{url.rstrip('/')}]  in that one's correction"
    )


def refuse(problems: list[Problem]) -> None:
    """Refuse to build without addresses of the last edition.

    Raises:
        LostAddressesError: there are such.
    """
    if problems:
        told = "\n".join(map(str, problems))
        raise LostAddressesError(f"{told}\nnothing was built (kho-bao build --drop lets these addresses go)")


def vanished(last: Manifest | None, uris: Iterable[str]) -> Iterator[Problem]:
    """Yield which pages of clusters, units and people the last edition had that are not among the Markdown files."""
    if last is None:
        return
    there = set(uris)
    for folder in _WATCHED:
        gone = [url for url in last.pages if url.startswith(folder) and paths.page_file(url) not in there]
        if gone:
            named = ", ".join(f"/{url}" for url in gone[:_NAMED]) + (" and more" if len(gone) > _NAMED else "")
            message = f"{len(gone)} pages of edition {last.id} are there no more, for no clipping names them: {named}"
            yield Problem(f"/{folder}", message, "nothing need be done if that is right", code="vanished")
