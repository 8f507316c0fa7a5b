"""What has changed among the clippings, found by another process while the build recalls what it knew of them.

To find one changed clipping, every file must be read and its digest taken: a large part of a build in which nothing
else happens. Meanwhile the build works out the archive as it was, which most changes leave as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from build_tools.build import Source, sources
from build_tools.facts import digest
from build_tools.model import Problem, Withdrawn
from build_tools.records import Keyed, Read, read_together

TOLD_EACH = 500
"""Clippings from one telling of how many have been looked at to the next."""

Progress = Callable[[int, int], None]
"""Told how many clippings of how many have been looked at."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to look at: the folder of clippings, the key of each by its path as it was kept by a program.

    At more than `few` changed clippings the survey ends: to read so many, several processes are wanted.
    """

    clippings: Path
    program: str
    known: Mapping[str, str]
    few: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How many of all texts have been looked at; the withdrawn clippings, which are known from the first."""

    number: int
    total: int
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def published(self) -> int:
        """How many of the texts are not withdrawn."""
        return self.total - sum(one.sha256 is not None for one in self.withdrawn)


@dataclass(frozen=True, slots=True)
class Changes:
    """What was found: the known clippings that are not as they were, what is wrong in the folder, what is withdrawn.

    Little is told, so that nobody has to listen while it is: a pipe holds some 60 KB.
    """

    lost: frozenset[str]
    problems: list[Problem]
    withdrawn: list[Withdrawn]


Told = Seen | Changes | Read
"""What is told of a survey."""


def key_of(program: str, one: Source) -> str:
    """Return the digest of all that has a say in a clipping's record."""
    correction = "" if one.correction is None else digest(one.correction)
    parts = program, one.sha256, correction, one.path  # of known lengths, but for the last
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def changed(
    order: Order, unchanged: set[str], problems: list[Problem], withdrawn: list[Withdrawn], progress: Progress
) -> Iterator[Keyed]:
    """Yield the clippings whose keys are not known; gather the names of the others, and what cannot be used."""
    for one in sources(order.clippings, progress, withdrawn):
        if isinstance(one, Problem):
            problems.append(one)
            continue
        key = key_of(order.program, one)
        if order.known.get(one.path) == key:
            unchanged.add(one.path)
        else:
            yield one, key


def survey(order: Order, tell: Callable[[Told], None]) -> bool:
    """Tell what changed, and then each changed clipping, read; nothing of changes if they are not few.

    Returns whether there were changes, and few.
    """
    unchanged, problems, withdrawn = set[str](), list[Problem](), list[Withdrawn]()

    def seen(number: int, total: int) -> None:
        if number % TOLD_EACH == 1:
            tell(Seen(number, total, tuple(withdrawn)))

    found = list(islice(changed(order, unchanged, problems, withdrawn, seen), order.few + 1))
    if len(found) > order.few:
        return False
    lost = frozenset(order.known.keys() - unchanged)
    tell(Changes(lost, problems, withdrawn))
    for done in read_together(found):
        tell(done)
    return bool(found or lost)
