"""Clippings that are kept from the site because a correction withdraws them, or may withdraw them.

What was withdrawn must not be shown again since a file was damaged, may not be opened, or has not quite the right
name. So a clipping waits, not published, while its correction cannot be read as a whole; and a file that withdraws is
taken to mean the clipping whose name is its own but for capital letters, composition, or the name's end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from build_tools import corrections, inside
from build_tools.corrections import CorrectionFile
from build_tools.model import Problem

if TYPE_CHECKING:
    from build_tools.correction_fields import Correction

_CLIPPING = ".txt"


@dataclass(frozen=True, slots=True)
class Apart:
    """The clippings that are not published, by path.

    `withdrawn` are those that a correction withdraws, whether their text is there or not; `held` are the problems of
    those that one may withdraw; `problems` say what is wrong with the corrections.
    """

    withdrawn: dict[str, tuple[CorrectionFile, Correction]] = field(default_factory=dict)
    held: dict[str, Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Clippings:
    """The clippings of a folder, found by the names of files beside them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._own: dict[str, list[str]] = {}
        self._alike: dict[str, list[str]] = {}
        for name in names:
            self._own.setdefault(stem(name), []).append(name)
            self._alike.setdefault(_folded(stem(name)), []).append(name)

    def own(self, file: str) -> list[str]:
        """Return the clippings that a file beside them has the name of."""
        return self._own.get(stem(file), [])

    def meant(self, file: str) -> list[str]:
        """Return the clippings that a file beside them is meant for, by its name or by one that is nearly its own."""
        name = stem(file)
        whole = stem(name) if name.lower().endswith(_CLIPPING) else name
        return self.own(file) or self._alike.get(_folded(name)) or self._alike.get(_folded(whole)) or []


def stem(name: str) -> str:
    """Return a path without the end of its name: "2022/bai.txt" gives "2022/bai"."""
    return name.rpartition(".")[0]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def held(clipping: str, why: str, remedy: str) -> Problem:
    """Return the problem of a clipping that waits for its correction."""
    return Problem(inside.printable(clipping), f"is not published: {why}", remedy, code="held")


def unreadable(clipping: str, problem: Problem) -> Problem:
    """Return the problem of a clipping whose correction cannot be read, for what `problem` says of it."""
    why = f"its correction {problem.path} {problem.message}, and may withdraw it"
    return held(clipping, why, f"{problem.path}: {problem.remedy}")


def apart(folder: Path, beside: Iterable[str], clippings: Iterable[str]) -> Apart:
    """Return which clippings of a folder are not published; `beside` are the corrections there, by their paths too."""
    found, known = Apart(), _Clippings(clippings)
    for name in beside:
        file = corrections.opened(folder, name)
        if isinstance(file, Problem):
            found.held.update({one: unreadable(one, file) for one in known.meant(name)})
            continue
        said = corrections.withdrawal(file)
        if isinstance(said, list):
            _doubtful(found, name, said, known)
        elif said is not None:
            _withdrawn(found, file, said, known)
    return found


def _doubtful(found: Apart, name: str, problems: list[Problem], known: _Clippings) -> None:
    why = f"its correction {name} may withdraw it, and is faulty"
    found.held.update({one: held(one, why, f"mend {name}") for one in known.meant(name)})
    if known.own(name) and corrections.named_rightly(name):
        found.problems.extend(replace(problem, code="correction") for problem in problems)


def _withdrawn(found: Apart, file: CorrectionFile, said: Correction, known: _Clippings) -> None:
    name = str(file.path)
    right = corrections.named_rightly(name)
    if right:
        found.withdrawn.update(dict.fromkeys(known.own(name) or [f"{stem(name)}{_CLIPPING}"], (file, said)))
    if right and known.own(name):
        return
    for one in known.meant(name):
        why = f"{name} withdraws what has this name, and is not named as its correction is"
        found.held[one] = held(one, why, f"rename {name} to {stem(one)}.yaml, or take it away if it means another")
