"""Brings clippings into the archive: text files, saved web pages, web archives.

Each becomes `clippings/YYYY/slug.txt`. A text file is copied byte for byte and so is its own original; of a web page
the article's lines are written down, the page itself is kept below `originals/` under the same name, and its address
goes into the correction file beside the clipping. What is already there is refused by the hash of its bytes.

The original is written first and the clipping last, each under another name until it is whole: an intake that was
interrupted is finished by running it again.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml

from build_tools import build, paths, patience, read, webarchive, webarticle, webpage, withdrawn
from build_tools.errors import ArchiveError, ClippingError, MissingLibraryError
from build_tools.fold import slug
from build_tools.model import Clipping, Problem, RawClipping

log = logging.getLogger(__name__)

ORIGINALS = "originals"

TEXTS = (".txt",)
PAGES = (".html", ".htm", ".xhtml")
ARCHIVES = (".warc", ".warc.gz", ".wacz")

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read."""


@dataclass(frozen=True, slots=True)
class Added:
    """A clipping brought in: where it came from, its place below the content folder, what it says."""

    origin: str
    path: PurePosixPath
    clipping: Clipping


@dataclass(frozen=True, slots=True)
class Present:
    """A clipping refused since the same bytes or the same text are there already, at `path`."""

    origin: str
    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class Skipped:
    """What an archive holds besides articles, counted by kind."""

    origin: str
    kinds: tuple[tuple[str, int], ...]


Outcome = Added | Present | Skipped | Problem


@dataclass(frozen=True, slots=True)
class _Item:
    """A clipping to bring in: its text, and for a web page the page itself, its name's end, its address."""

    origin: str
    text: bytes
    original: bytes | None = None
    suffix: str = ""
    url: str | None = None


def add(
    sources: Iterable[Path], content: Path, *, dry_run: bool = False, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Bring in what `sources`, files and folders, hold; yield what becomes of each clipping, in sorted order.

    Raises:
        ArchiveError: there is no such content folder.
        MissingLibraryError: nothing can be read without a library that is not installed.
    """
    folder, prefix = build.clippings_folder(content)
    found = list(files(sources))
    _require(found)
    shelf = _Shelf(folder, content / ORIGINALS, PurePosixPath(prefix), dry_run, withdrawn.texts(content))
    sizes = [0 if isinstance(file, Problem) else _size(file) for file in found]
    done, total = 0, sum(sizes)

    def tell(within: int) -> None:
        if progress and total:
            progress(min(done + within, total), total)

    for file, size in zip(found, sizes, strict=True):
        for item in [file] if isinstance(file, Problem) else _items(file, shelf, tell):
            yield shelf.put(item) if isinstance(item, _Item) else item
        done += size
        tell(0)


def files(sources: Iterable[Path]) -> Iterator[Path | Problem]:
    """Yield the files to read: those named, and below folders those of a kind that is read, in sorted order."""
    for source in sources:
        if source.is_dir():
            below = sorted(_below(source), key=lambda path: path.relative_to(source).as_posix())
            yield from below
            if not below:
                yield Problem(str(source), "holds nothing that can be brought in", f"it reads {_kinds()}")
        elif not source.is_file():
            yield Problem(str(source), "is no file and no folder", "name a file or a folder")
        elif _kind(source) is None:
            yield Problem(str(source), "is of no kind that can be brought in", f"it reads {_kinds()}")
        else:
            yield source


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; not hidden ones, links, or what browsers save beside a page."""
    for top, folders, names in os.walk(folder):
        stems = {name.rpartition(".")[0] for name in names if name.lower().endswith(PAGES)}
        folders[:] = [
            name for name in folders if not name.startswith(".") and name.removesuffix("_files") not in stems - {name}
        ]
        for name in names:
            path = Path(top, name)
            if not name.startswith(".") and _kind(path) and path.is_file() and not path.is_symlink():
                yield path


def _kind(path: Path) -> tuple[str, ...] | None:
    name = path.name.lower()
    return next((kind for kind in (TEXTS, PAGES, ARCHIVES) if name.endswith(kind)), None)


def _kinds() -> str:
    return ", ".join((*TEXTS, *PAGES, *ARCHIVES))


def _require(found: Iterable[Path | Problem]) -> None:
    """Raise when every file there is needs a library that is not installed."""
    kinds = {_kind(file) for file in found if isinstance(file, Path)}
    if kinds and kinds <= {PAGES, ARCHIVES}:
        missing = [error for kind in sorted(filter(None, kinds)) if (error := _missing(kind))]
        if len(missing) == len(kinds):
            raise missing[0]


def _missing(kind: tuple[str, ...]) -> MissingLibraryError | None:
    try:
        if kind == ARCHIVES:
            webarchive.require()
        elif kind == PAGES:
            webpage.require()
    except MissingLibraryError as error:
        return error
    return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _items(path: Path, shelf: _Shelf, tell: Callable[[int], None]) -> Iterator[_Item | Outcome]:
    """Yield the clippings in one file, or what keeps them from being read."""
    kind = _kind(path)
    try:
        if kind == ARCHIVES:
            yield from _archived(path, shelf, tell)
        elif kind == PAGES:
            stored = webarchive.Payload("", _load(path, webpage.MAX_BYTES), None)
            yield _page(str(path), stored, path.suffix.lower(), shelf)
        else:
            yield _Item(str(path), _load(path, read.MAX_BYTES))
    except OSError as error:
        yield Problem(str(path), f"cannot be read: {error.strerror}", "check its permissions")
    except ArchiveError as error:
        yield _problem(str(path), path.name, error)


def _load(path: Path, most: int) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ClippingError(f"{path.name}: is larger than such a file can be ({most:,} bytes); cut it into articles")
    return data


def _archived(path: Path, shelf: _Shelf, tell: Callable[[int], None]) -> Iterator[_Item | Outcome]:
    """Yield the articles of a web archive, and at its end what else it holds."""
    skipped: Counter[str] = Counter()
    try:
        for stored in webarchive.pages(path, skipped, tell):
            origin = f"{path}: {stored.url}"
            if isinstance(stored, webarchive.Unreadable):
                yield Problem(origin, stored.message)
                continue
            try:
                yield _page(origin, stored, ".html", shelf)
            except webarticle.NoArticleError:
                skipped["without an article"] += 1
            except ClippingError as error:
                yield _problem(origin, stored.url, error)
    finally:
        if skipped:
            yield Skipped(str(path), tuple(sorted(skipped.items())))


def _page(origin: str, stored: webarchive.Payload, suffix: str, shelf: _Shelf) -> _Item | Outcome:
    """Return the article of a web page as a clipping to bring in."""
    if (there := shelf.find(stored.data)) is not None:
        return Present(origin, there)
    if (gone := shelf.refused(origin, stored.data)) is not None:
        return gone
    name = PurePosixPath(origin).name
    try:
        with patience.within(webpage.MAX_SECONDS, _late(name)):
            page = webpage.read(stored.data, name, stored.charset)
            text = webarticle.text(page, name).encode()
    except ArchiveError:
        raise
    except Exception as error:  # one page never stops the rest, whatever it does to the libraries
        log.debug("%s", origin, exc_info=True)
        message = f"the program failed on it ({type(error).__name__}: {error})"
        return Problem(origin, message, "please report this, with the file")
    return _Item(origin, text, stored.data, suffix, webpage.address(stored.url) or page.url)


def _late(name: str) -> ClippingError:
    return ClippingError(f"{name}: takes more than {webpage.MAX_SECONDS:g} seconds to read; save its text as .txt")


def _problem(origin: str, name: str, error: ArchiveError) -> Problem:
    return Problem(origin, str(error).removeprefix(f"{origin}: ").removeprefix(f"{name}: "))


@dataclass(slots=True)
class _Entry:
    """A file that is there, or would be: `clipping` is the place of the clipping that it belongs to."""

    file: Path
    clipping: PurePosixPath
    sha256: str | None = None

    def same(self, digest: str) -> bool:
        """Whether the file's bytes have this hash; read when first asked."""
        if self.sha256 is None:
            self.sha256 = _digest(self.file.read_bytes())
        return self.sha256 == digest


@dataclass(slots=True)
class _Shelf:
    """The clippings and originals that are there. `shown` stands before a clipping's path in messages.

    `withdrawn` are the files that must not come back, the path of the withdrawn clipping by the SHA-256 of each.
    """

    clippings: Path
    originals: Path
    shown: PurePosixPath
    dry_run: bool
    withdrawn: dict[str, str] = field(default_factory=dict)
    by_size: dict[int, list[_Entry]] = field(default_factory=dict)
    planned: dict[Path, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in filter(Path.is_file, read.paths(self.clippings) if self.clippings.is_dir() else ()):
            self._note(path, path.relative_to(self.clippings), _size(path))
        gone = set(self.withdrawn.values())
        for suffix in PAGES if self.originals.is_dir() else ():
            for path in filter(Path.is_file, read.paths(self.originals, suffix)):
                place = path.relative_to(self.originals).with_suffix(".txt")
                if (self.clippings / place).is_file():  # else its intake was interrupted, or the clipping removed
                    self._note(path, place, _size(path))
                elif place.as_posix() in gone:
                    self.withdrawn[_digest(path.read_bytes())] = place.as_posix()

    def _note(self, file: Path, place: Path, size: int, digest: str | None = None) -> None:
        self.by_size.setdefault(size, []).append(_Entry(file, self.shown / place.as_posix(), digest))

    def find(self, data: bytes) -> PurePosixPath | None:
        """Return the clipping that these bytes are the text or the original of, or None."""
        candidates = self.by_size.get(len(data), ())
        digest = _digest(data) if candidates else ""
        return next((entry.clipping for entry in candidates if entry.same(digest)), None)

    def refused(self, origin: str, data: bytes) -> Problem | None:
        """Return the problem of a text or an original that is withdrawn, None when it is not."""
        path = self.withdrawn.get(_digest(data)) if self.withdrawn else None
        if path is None:
            return None
        place = self.shown / path
        remedy = f"leave it; to show it again, take withdrawn out of {place.with_suffix('.yaml')} and put it back there"
        return Problem(origin, f"is what {place} was, which is withdrawn", remedy)

    def put(self, item: _Item) -> Outcome:
        """Bring in one clipping, unless it is there, withdrawn, or cannot be read."""
        if (there := self.find(item.text)) is not None:
            return Present(item.origin, there)
        if (gone := self.refused(item.origin, item.text)) is not None:
            return gone
        raw = RawClipping(PurePosixPath(PurePosixPath(item.origin).name or "bai"), item.text, _digest(item.text))
        clipping = build.read_one(raw)
        if isinstance(clipping, Problem):
            return Problem(item.origin, clipping.message, clipping.remedy, clipping.line)
        place, written = self._place(item, clipping)
        for file, data in written.items():
            if self.dry_run:
                self.planned[file] = data
            else:
                _write(file, data)
        self._note(self.clippings / place, place, len(item.text), _digest(item.text))
        if item.original is not None:
            original = (self.originals / place).with_suffix(item.suffix)
            self._note(original, place, len(item.original), _digest(item.original))
        return Added(item.origin, self.shown / place.as_posix(), clipping)

    def _place(self, item: _Item, clipping: Clipping) -> tuple[Path, dict[Path, bytes]]:
        """Return the clipping's place, and the files to write in their order; a taken name gets a part of the hash."""
        name = slug(clipping.title) or "bai"
        digest = _digest(item.original or item.text)
        for length in (0, *range(6, len(digest) + 1)):
            place = Path(paths.year_folder(clipping.date), f"{name}-{digest[:length]}.txt" if length else f"{name}.txt")
            clip = self.clippings / place
            beside = clip.with_suffix(".yaml")
            files: dict[Path, bytes] = {}
            if item.original is not None:
                files[(self.originals / place).with_suffix(item.suffix)] = item.original
            if item.url:
                files[beside] = yaml.safe_dump({"url": item.url}, allow_unicode=True, width=10_000).encode()
            taken = self._exists(clip) or self._exists(clip.with_suffix(".yml"))
            taken = taken or (beside not in files and self._exists(beside))
            if not taken and all(self._fits(file, data) for file, data in files.items()):
                return place, {**files, clip: item.text}
        raise ArchiveError(f"{item.origin}: every name for it is taken (look into {self.clippings / place.parent})")

    def _exists(self, file: Path) -> bool:
        return file in self.planned or os.path.lexists(file)

    def _fits(self, file: Path, data: bytes) -> bool:
        """Whether a file is absent, or as it would be written: left by an intake that was interrupted."""
        if file in self.planned:
            return self.planned[file] == data
        return not os.path.lexists(file) or (file.is_file() and file.read_bytes() == data)


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
