"""From a content folder to its clippings as they are read, and to all that is made of them, in memory.

A clipping that fails is listed and never stops the rest. `engine` does the same in files, and only what changed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from build_tools import (
    clean,
    corrections,
    directory,
    dossier,
    events,
    formats,
    handwritten,
    indexes,
    near,
    pages,
    paths,
    read,
    search,
    vocab,
)
from build_tools.apart import Apart, apart, stem, unreadable
from build_tools.archive import Archive
from build_tools.brief import brief
from build_tools.editions import manifest, refusal
from build_tools.editions import pages as edition_pages
from build_tools.errors import ArchiveError, ClippingError
from build_tools.facts import Plan
from build_tools.filenames import in_capitals_only, real
from build_tools.history import Histories, histories
from build_tools.model import Clipping, Page, Problem, RawClipping, Withdrawn
from build_tools.paths import CORRECTION_SCHEMA
from build_tools.pool import Pool
from build_tools.settings import Setting

if TYPE_CHECKING:
    from build_tools.correction_fields import Correction

log = logging.getLogger(__name__)

TOGETHER = 40
"""Clippings that a process reads at once."""

T = TypeVar("T")

CLIPPINGS = "clippings"

Progress = Callable[[int, int], None]
"""Told how many clippings of how many have been read."""


@dataclass(frozen=True, slots=True)
class Result:
    """The clippings in time order, what needs an archivist's eye, and what pages are made of."""

    clippings: tuple[Clipping, ...] = ()
    problems: tuple[Problem, ...] = ()
    stories: tuple[tuple[Clipping, ...], ...] = ()
    folder: str = ""
    """Where the clippings lie below the content folder, for messages: "clippings/" or nothing."""
    archive: Archive | None = None
    settings: tuple[Setting, ...] = ()
    editions: manifest.Editions = field(default_factory=manifest.Editions)

    def pages(self) -> Iterator[Page]:
        """Yield every page that is generated."""
        yield from map(pages.article, self.clippings, self.settings)
        if self.archive:
            yield from (plan.make() for plan in plans(self.archive, histories(self.archive)))

    def documents(self) -> Iterator[search.Document]:
        """Yield every clipping as search sees it."""
        return map(search.document, self.clippings, self.settings)


def plans(archive: Archive, found: Histories) -> Iterator[Plan]:
    """Yield all pages but those of clippings."""
    yield from indexes.plans(archive, found)
    yield from dossier.plans(archive, found)
    yield from events.plans(archive, found)
    yield from directory.plans(archive, found)
    yield from map(planned, edition_pages.ends(archive.ends))


def planned(page: Page) -> Plan:
    """Return the plan of a page that is made already."""
    return Plan(page.uri, lambda: page)


def build(content: Path, *, jobs: int | None = 1, progress: Progress | None = None) -> Result:
    """Read a content folder; `jobs` None means one process a processor."""
    found = manifest.load(content)
    folder, prefix = clippings_folder(content)
    withdrawn: list[Withdrawn] = []
    clippings, problems = read_all(folder, jobs=jobs, progress=progress, withdrawn=withdrawn)
    archive, collisions = Archive.of(map(brief, clippings), prefix, found.past, withdrawn)
    by_path = {clipping.raw.path.as_posix(): clipping for clipping in clippings}
    found_alike = near.compared(archive.briefs, lambda path: near.text(by_path[path]))
    stories, problems = found_alike.stories, [*problems, *found_alike.problems()]
    return Result(
        clippings=tuple(by_path[each.path] for each in archive.briefs),
        problems=(
            *told(problems, collisions, prefix, empty=not clippings),
            *refusal.lost(archive.ends, found.id, prefix, problems),
            *handwritten.problems(content / handwritten.FOLDER),
        ),
        stories=tuple(tuple(by_path[each.path] for each in story) for story in stories),
        folder=prefix,
        archive=archive,
        settings=tuple(pages.settings(archive, stories)),
        editions=found,
    )


def told(
    problems: Iterable[Problem], collisions: Iterable[Problem], prefix: str, *, empty: bool
) -> tuple[Problem, ...]:
    """Return all problems of an archive in order, with paths from the content folder."""
    found = [*problems, *(replace(one, code="address") if one.code == "unreadable" else one for one in collisions)]
    if empty and not found:
        found = [Problem("", "there are no clippings yet", "put text files (.txt) into it", code="empty")]
    found = [replace(problem, path=f"{prefix}{problem.path}") for problem in found]
    return tuple(sorted(found, key=lambda problem: (problem.path, problem.line or 0, problem.message)))


def data_files() -> dict[str, Callable[[], bytes]]:
    """Return what makes the files about the program that the site offers to others, each with its place in the site."""
    return {CORRECTION_SCHEMA: _schema}


def _schema() -> bytes:
    from build_tools import correction_fields  # noqa: PLC0415 - asked for when the program has changed

    return correction_fields.schema_text().encode()


def clippings_folder(content: Path) -> tuple[Path, str]:
    """Return the folder of clippings, and its name in messages: `content/clippings/`, or a bare folder of texts.

    Raises:
        ArchiveError: there is no such folder, it cannot be read, or it is of a newer format.
    """
    try:
        formats.refuse_newer(content)
        if (content / CLIPPINGS).is_dir() or (content / "pages").is_dir():
            return content / CLIPPINGS, f"{CLIPPINGS}/"
        if content.is_dir():
            return content, ""
    except OSError as error:
        raise ArchiveError(f"{error.filename}: cannot be read: {error.strerror} (check its permissions)") from error
    raise ArchiveError(f"{content}: no such folder (name the content folder, or make it and put clippings/ in it)")


@dataclass(frozen=True, slots=True)
class Source:
    """A clipping to read: its path below the clippings folder, its bytes and their digest, those of its correction."""

    path: str
    data: bytes
    sha256: str
    correction: bytes | None = None


def sources(
    folder: Path, progress: Progress | None = None, withdrawn: list[Withdrawn] | None = None
) -> Iterator[Source | Problem]:
    """Yield every clipping below `folder`, each once, in sorted order, and what cannot be used there.

    A clipping that its correction withdraws, or may withdraw (`apart`), is not among them, nor a copy of it; those that
    are withdrawn are added to `withdrawn`.
    """
    if not folder.is_dir():
        return
    files = read.names(folder, ".txt")
    beside = read.names(folder, ".yaml", ".yml", folders_too=True)
    corrected = frozenset(beside)
    kept = apart(folder, beside, files)
    gone_for_good = withdrawals(folder, kept)
    if withdrawn is not None:
        withdrawn += gone_for_good
    yield from kept.problems
    yield from kept.held.values()
    yield from (_alike(name, other) for name, other in in_capitals_only(files))
    first = _waiting(folder, kept) | {one.sha256: one.path for one in gone_for_good if one.sha256}
    unseen = dict.fromkeys(kept.held, "not published") | dict.fromkeys(kept.withdrawn, "withdrawn")
    for number, name in enumerate(files, 1):
        if name in unseen:
            continue
        found = source(folder, name, corrected)
        if isinstance(found, Source) and found.sha256 in first:
            gone = unseen.get(first[found.sha256])
            message = f"is the same file as {first[found.sha256]}" + (f", which is {gone}" if gone else "")
            yield Problem(found.path, message, "remove it" if gone else "remove one of the two", code="twice")
        else:
            if isinstance(found, Source):
                first[found.sha256] = found.path
            yield found
        if progress:
            progress(number, len(files))
    yield from _unusable(folder, beside, {stem(name) for name in (*files, *kept.withdrawn)})


def _alike(name: str, other: str) -> Problem:
    message = f"has the name of {other} but for capital letters; on Windows and macOS there is room for one of the two"
    return Problem(name, message, "give one of them another name", code="capitals")


def withdrawals(folder: Path, found: Apart) -> list[Withdrawn]:
    """Return the withdrawn clippings among those that are kept apart, with what is known of them."""
    return [_withdrawal(folder, name, file, said) for name, (file, said) in found.withdrawn.items()]


def _withdrawal(folder: Path, name: str, file: corrections.CorrectionFile, said: Correction) -> Withdrawn:
    there = Path(real(str(folder), name)).exists()
    found = source(folder, name, {file.path.as_posix()}) if there else None
    known = found if isinstance(found, Source) else None
    clipping = read_source(known)[0] if known and not paths.year_of(name) else None
    return Withdrawn(
        name,
        said.withdrawn or "",
        tuple(said.formerly or ()),
        hashlib.sha256(file.data).hexdigest(),
        known.sha256 if known else None,
        clipping.date if clipping else None,
    )


def _waiting(folder: Path, found: Apart) -> dict[str, str]:
    """Return the texts of clippings that wait for their corrections, the path of each by its SHA-256."""
    raws = (read.named(folder, name) for name in found.held)
    return {raw.sha256: raw.path.as_posix() for raw in raws if isinstance(raw, RawClipping)}


def source(folder: Path, name: str, corrected: Container[str]) -> Source | Problem:
    """Return one clipping and its correction, or say why one of them cannot be read.

    `name` is its path from `folder`; `corrected` holds those of the correction files that are there.
    """
    data = read.contents(folder, name)
    if isinstance(data, Problem):
        return data
    sha256 = hashlib.sha256(data).hexdigest()
    beside = f"{stem(name)}.yaml"
    for file in corrections.files(folder, [folder / beside] if beside in corrected else []):
        if isinstance(file, Problem):
            return unreadable(name, file)
        return Source(name, data, sha256, file.data)
    return Source(name, data, sha256)


def _unusable(folder: Path, names: Iterable[str], clippings: Container[str]) -> Iterator[Problem]:
    """Yield what is wrong with correction files that no clipping is read with."""
    for file in corrections.files(folder, map(folder.joinpath, names)):
        if isinstance(file, Problem):
            yield replace(file, code="correction")
        elif stem(file.path.as_posix()) not in clippings:
            parsed = corrections.parse(file)
            for problem in parsed if isinstance(parsed, list) else ():
                yield replace(problem, code="correction")
            name = file.path.with_suffix(".txt").name
            message = f"corrects {name}, which is not there"
            yield Problem(str(file.path), message, "rename it or remove it", code="correction")


Outcome = tuple[Clipping | None, tuple[Problem, ...]]
"""What became of a clipping, and what is wrong with it or its correction."""


def read_source(found: Source) -> Outcome:
    """Read a clipping and put its correction's values in; nothing but the two has a say in it."""
    clipping = read_one(RawClipping(PurePosixPath(found.path), found.data, found.sha256))
    if isinstance(clipping, Problem):
        return None, (clipping,)
    if found.correction is None:
        return clipping, ()
    notes = replace(clipping.notes, correction=hashlib.sha256(found.correction).hexdigest())
    clipping = replace(clipping, notes=notes)
    file = corrections.CorrectionFile(PurePosixPath(found.path).with_suffix(".yaml"), found.correction)
    parsed = corrections.parse(file)
    if isinstance(parsed, list):
        problems = tuple(replace(problem, code="correction") for problem in parsed)
        if corrections.may_withdraw(file):
            return None, (*problems, unreadable(found.path, problems[0]))
        return clipping, problems
    return corrections.apply(clipping, parsed), ()


def read_all(
    folder: Path,
    *,
    jobs: int | None = 1,
    progress: Progress | None = None,
    withdrawn: list[Withdrawn] | None = None,
) -> tuple[list[Clipping], list[Problem]]:
    """Read every clipping below `folder`, with its correction; list what is wrong, and what is `withdrawn`."""
    problems: list[Problem] = []

    def found() -> Iterator[Source]:
        for one in sources(folder, progress, withdrawn):
            if isinstance(one, Problem):
                problems.append(one)
            else:
                yield one

    clippings = []
    with Pool(jobs) as pool:
        for several in pool.each(_read_several, chunks(found(), TOGETHER), _one_by_one):
            for clipping, wrong in several:
                problems += wrong
                if clipping:
                    clippings.append(clipping)
    return clippings, problems


def _read_several(several: list[Source]) -> list[Outcome]:
    return [read_source(one) for one in several]


def _one_by_one(several: list[Source]) -> list[Outcome]:
    with Pool(2) as pool:
        return [one for each in several for one in chain(*pool.each(_read_several, [[each]], _died))]


def _died(several: list[Source]) -> list[Outcome]:
    return [(None, (died(one.path),)) for one in several]


def died(path: str) -> Problem:
    """Return the problem of a clipping at which a process died, alone with it."""
    return Problem(path, "a process died while it read it (killed, or out of memory)", "try again; else report it")


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield things in lists of `size`, the last one perhaps shorter."""
    several: list[T] = []
    for thing in things:
        several.append(thing)
        if len(several) == size:
            yield several
            several = []
    if several:
        yield several


def read_one(raw: RawClipping) -> Clipping | Problem:
    """Clean one clipping and draw its record from it, or say why that cannot be done."""
    from build_tools import extract  # noqa: PLC0415 - most builds read nothing, or have another process do it

    try:
        words = vocab.load()
        cleaned = clean.clean(raw, words.syllables)
        if not any(line.text.strip() for line in cleaned.lines):
            return Problem(
                str(raw.path), "is empty: nothing in it can be seen", "paste the clipping's text, or remove it"
            )
        return extract.clipping(raw, cleaned, words)
    except ClippingError as error:
        message = str(error).removeprefix(f"{raw.path}: ").removeprefix(f"{raw.path.name}: ")
        return Problem(str(raw.path), message)
    except Exception as error:  # one clipping never stops the rest, whatever it does to the program
        log.debug("%s", raw.path, exc_info=True)
        message = f"the program failed on it ({type(error).__name__}: {error})"
        return Problem(str(raw.path), message, "please report this, with the file")


def each(paths: Iterable[Path]) -> Iterator[Clipping | Problem]:
    """Yield what becomes of each clipping among `paths`, files or folders, as its text says it."""
    for path in paths:
        for found in read.clippings(path) if path.is_dir() else (read.clipping(path, path.parent),):
            yield found if isinstance(found, Problem) else read_one(found)


def read_with_correction(path: Path) -> tuple[Clipping | None, list[Problem]]:
    """Read one clipping file and the correction beside it."""
    raw = read.clipping(path, path.parent)
    clipping = raw if isinstance(raw, Problem) else read_one(raw)
    if isinstance(clipping, Problem):
        return None, [clipping]
    beside = path.with_suffix(".yaml")
    for file in corrections.files(path.parent, [beside] if beside.exists() else []):
        parsed = [file] if isinstance(file, Problem) else corrections.parse(file)
        return (clipping, parsed) if isinstance(parsed, list) else (corrections.apply(clipping, parsed), [])
    return clipping, []
