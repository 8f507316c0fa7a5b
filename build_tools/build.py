"""The pipeline: the one module that knows every stage, and the only one that writes generated pages.

`build` gathers everything before anything is written; a clipping that fails is listed and never stops the rest.
`write` changes only the files that differ, and removes only what it wrote itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from build_tools import clean, corrections, directory, extract, indexes, near, pages, read, search, vocab
from build_tools.archive import Archive
from build_tools.brief import brief
from build_tools.errors import ArchiveError, ClippingError
from build_tools.model import Clipping, Page, Problem, RawClipping
from build_tools.paths import CORRECTION_SCHEMA

log = logging.getLogger(__name__)

MARKER = ".kho-bao"
"""Stands in every folder that this program writes, and lists (in the Markdown folder) what it wrote."""

MANY = 200
"""From how many clippings on more than one process is worth its start: each needs about a second for that."""

CLIPPINGS = "clippings"

Progress = Callable[[int, int], None]
"""Told how many clippings of how many have been read."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything the site publishes, and what needs an archivist's eye."""

    clippings: tuple[Clipping, ...] = ()
    pages: tuple[Page, ...] = ()
    documents: tuple[search.Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    stories: tuple[tuple[Clipping, ...], ...] = ()
    folder: str = ""
    """Where the clippings lie below the content folder, for messages: "clippings/" or nothing."""


@dataclass(frozen=True, slots=True)
class Written:
    """What `write` did: the files it wrote, left as they were, and removed."""

    changed: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = field(default=())


def build(content: Path, *, jobs: int | None = 1, progress: Progress | None = None) -> Result:
    """Turn a content folder into everything the site publishes; `jobs` None means "as many as it is worth"."""
    folder, prefix = clippings_folder(content)
    clippings, problems = read_all(folder, jobs=jobs, progress=progress)
    clippings, more = _corrected(folder, clippings)
    archive, collisions = Archive.of(map(brief, clippings), prefix)
    if not clippings and not problems:
        problems.append(Problem("", "there are no clippings yet", "put text files (.txt) into it", code="empty"))
    problems += [replace(problem, code="correction") for problem in more]
    problems += [replace(problem, code="address") for problem in collisions]
    problems = [replace(problem, path=f"{prefix}{problem.path}") for problem in problems]
    by_path = {clipping.raw.path.as_posix(): clipping for clipping in clippings}
    ordered = tuple(by_path[each.path] for each in archive.briefs)
    stories = near.stories(archive.briefs, lambda path: near.text(by_path[path]))
    settings = list(pages.settings(archive, stories))
    return Result(
        clippings=ordered,
        pages=(*map(pages.article, ordered, settings), *indexes.pages(archive), *directory.pages(archive)),
        documents=tuple(map(search.document, ordered, settings)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.message))),
        stories=tuple(tuple(by_path[each.path] for each in story) for story in stories),
        folder=prefix,
    )


def search_files(result: Result) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files of the search index, each with its place in the site."""
    return search.files(result.documents)


def data_files() -> dict[str, str]:
    """Return the files that the site offers to programs, each with its place in the site."""
    return {CORRECTION_SCHEMA: corrections.schema_text()}


def clippings_folder(content: Path) -> tuple[Path, str]:
    """Return the folder of clippings, and its name in messages: `content/clippings/`, or a bare folder of texts."""
    try:
        if (content / CLIPPINGS).is_dir() or (content / "pages").is_dir():
            return content / CLIPPINGS, f"{CLIPPINGS}/"
        if content.is_dir():
            return content, ""
    except OSError as error:
        raise ArchiveError(f"{error.filename}: cannot be read: {error.strerror} (check its permissions)") from error
    raise ArchiveError(f"{content}: no such folder (name the content folder, or make it and put clippings/ in it)")


def read_all(
    folder: Path, *, jobs: int | None = 1, progress: Progress | None = None
) -> tuple[list[Clipping], list[Problem]]:
    """Read every clipping below `folder`, as its text says it, each once; list those that cannot be read."""
    raws: list[RawClipping] = []
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for found in read.clippings(folder) if folder.is_dir() else ():
        if isinstance(found, Problem):
            problems.append(found)
        elif found.sha256 in first:
            problems.append(
                Problem(
                    str(found.path), f"is the same file as {first[found.sha256]}", "remove one of the two", code="twice"
                )
            )
        else:
            first[found.sha256] = str(found.path)
            raws.append(found)
    clippings: list[Clipping] = []
    for done, outcome in enumerate(_each(raws, jobs), 1):
        if isinstance(outcome, Problem):
            problems.append(outcome)
        else:
            clippings.append(outcome)
        if progress:
            progress(done, len(raws))
    return clippings, problems


def read_one(raw: RawClipping) -> Clipping | Problem:
    """Clean one clipping and draw its record from it, or say why that cannot be done."""
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


def _each(raws: list[RawClipping], jobs: int | None) -> Iterator[Clipping | Problem]:
    """Yield what becomes of each raw clipping, in order, from as many processes as are asked for and worth it."""
    vocab.load()
    jobs = os.cpu_count() or 1 if jobs is None else jobs
    if jobs <= 1 or len(raws) < MANY:
        yield from map(read_one, raws)
        return
    try:
        # Fresh processes: a forked one would inherit the locks of the preview's threads.
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            yield from pool.map(read_one, raws, chunksize=max(1, min(50, len(raws) // (jobs * 4))))
    except BrokenProcessPool as error:
        raise ArchiveError("a process that read clippings died (try again with --jobs 1)") from error


def _corrected(folder: Path, clippings: Iterable[Clipping]) -> tuple[list[Clipping], list[Problem]]:
    """Put the archivist's values in the place of what was read; list the files that cannot be used."""
    if not folder.is_dir():
        return [], []
    stems = {path.relative_to(folder).with_suffix("").as_posix() for path in read.paths(folder)}
    by_stem = {clipping.raw.path.with_suffix("").as_posix(): clipping for clipping in clippings}
    problems: list[Problem] = []
    for file in corrections.files(folder, (*read.paths(folder, ".yaml"), *read.paths(folder, ".yml"))):
        if isinstance(file, Problem):
            problems.append(file)
            continue
        stem = file.path.with_suffix("").as_posix()
        parsed = corrections.parse(file)
        if isinstance(parsed, list):
            problems += parsed
        elif stem in by_stem:
            by_stem[stem] = corrections.apply(by_stem[stem], parsed)
        if stem not in stems:
            name = file.path.with_suffix(".txt").name
            problems.append(Problem(str(file.path), f"corrects {name}, which is not there", "rename it or remove it"))
    return list(by_stem.values()), problems


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


def write(generated: Iterable[Page], folder: Path) -> Written:
    """Write pages below `folder`: those that changed; and remove those written before that are no more.

    Raises:
        ArchiveError: `folder` holds files but was not made by this program, or cannot be written.
    """
    texts = {page.uri: pages.markdown(page).encode() for page in generated}
    try:
        known = _known(folder)
        marker = folder / MARKER
        # Named before they are written, so that an interrupted build leaves nothing that the next cannot remove.
        _write_list(marker, known | texts.keys())
        changed = [uri for uri, text in texts.items() if _put(folder / uri, text)]
        removed = sorted(known - texts.keys())
        for uri in removed:
            _remove(folder, uri)
        _write_list(marker, texts)
    except OSError as error:
        raise ArchiveError(f"{error.filename}: cannot be written: {error.strerror}") from error
    return Written(tuple(changed), len(texts) - len(changed), tuple(removed))


def _known(folder: Path) -> set[str]:
    """Return the files that an earlier build wrote into `folder`; refuse a folder that is not ours."""
    marker = folder / MARKER
    if marker.is_file():
        lines = marker.read_text(encoding="utf-8").splitlines()
        return {line for line in lines if line and not PurePosixPath(line).is_absolute() and ".." not in line}
    if folder.is_dir() and any(folder.iterdir()):
        raise ArchiveError(
            f"{folder}: holds files that this program did not write (move them away, or choose another folder)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    return set()


def _write_list(marker: Path, uris: Iterable[str]) -> None:
    _put(marker, "".join(f"{uri}\n" for uri in sorted(uris)).encode())


def _put(path: Path, data: bytes) -> bool:
    """Write a file if it is not already so; tell whether it was written."""
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _remove(folder: Path, uri: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    path = folder / uri
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            return
        parent.rmdir()
