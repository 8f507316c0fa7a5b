"""Closes editions, and compares folders with them: what stands in files against what a manifest says of it."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from build_tools import build as pipeline
from build_tools import paths, records, said
from build_tools.build import Progress, Result
from build_tools.editions import changes, manifest, promises, refusal
from build_tools.editions.manifest import Entry, Grave, Manifest
from build_tools.editions.pages import MOVED, WITHDRAWN
from build_tools.errors import ArchiveError
from build_tools.facts import digest
from build_tools.model import Problem
from build_tools.pages import markdown
from build_tools.reuse import exports, writer

_VERSIONS = ("kho-bao", "markdown", "pyyaml", "pydantic", "numpy", "rensa")


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of closing an edition: the edition, the file written or None, the lines to tell, the problems."""

    edition: Manifest
    path: Path | None
    told: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def close(content: Path, *, drop: bool = False, jobs: int | None = None, progress: Progress | None = None) -> Closed:
    """Close an edition of a content folder: write its manifest, unless it holds what the last one does.

    Raises:
        LostAddressesError: addresses of the last edition would vanish, and `drop` is not set.
        ArchiveError: there is nothing to close, or the manifests that are there cannot be read.
    """
    result = pipeline.build(content, jobs=jobs, progress=progress)
    if not drop:
        refusal.refuse([problem for problem in result.problems if problem.code == "lost"])
    if not result.clippings and not result.editions.last:
        raise ArchiveError(f"{content}: there are no clippings yet (put some into it before closing an edition)")
    last = result.editions.last
    made = held(result)
    if last and made.same(last):
        return Closed(last, None, problems=result.problems)
    found = changes.changes(last, made) if last else {}
    closed = replace(
        made,
        number=last.number + 1 if last else 1,
        date=today(),
        previous=last.id if last else None,
        changes=found,
    )
    path = manifest.file_of(content, closed.id)
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as stream:
        stream.write(closed.whole())
    return Closed(closed, path, tuple(changes.sentences(found)), result.problems)


def today() -> str:
    """Return the day of an edition: that of SOURCE_DATE_EPOCH, else the clock's, for closing one is an archivist's act.

    Raises:
        ArchiveError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(told) if told else time.time(), UTC if told else None).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise ArchiveError(f"SOURCE_DATE_EPOCH: {told!r} is no time (give seconds since 1970, or unset it)") from error


def held(result: Result) -> Manifest:
    """Return what an archive holds, as an edition of it would say."""
    archive = result.archive
    if archive is None:
        return Manifest({})
    addresses = archive.addresses.articles
    clippings = {}
    for clipping in result.clippings:
        path = clipping.raw.path.as_posix()
        values = said.stated(said.values(clipping.record))
        clippings[path] = Entry(
            addresses[path],
            clipping.raw.sha256,
            clipping.notes.correction,
            said.digest(values),
            clipping.title,
            clipping.corrected,
            clipping.notes.why,
            values,
        )
    graves: dict[str, list[str]] = {}
    for url, stone in archive.ends.withdrawn.items():
        graves.setdefault(stone.path, []).append(url)
    return Manifest(
        clippings,
        {
            one.path: Grave(one.path, one.reason, tuple(graves[one.path]), one.correction)
            for one in archive.ends.gone
            if one.path in graves
        },
        archive.ends.former,
        {
            paths.page_url(page.uri): hashlib.sha256(markdown(page).encode("utf-8", "surrogatepass")).hexdigest()
            for page in result.pages()
        },
        made_with(),
    )


def made_with() -> dict[str, str]:
    """Return the versions that have a say in what is read: the program and its data, Python, libraries."""
    package = Path(__file__).resolve().parent
    data = sorted(file for file in (package / "data").rglob("*") if file.is_file())
    found = {"python": platform.python_version(), "program": records.program()}
    found["data"] = digest(*(file.read_bytes() for file in data))
    for name in _VERSIONS:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


# Comparing


@dataclass(slots=True)
class Verdict:
    """What a folder was compared with, what was looked at, and every difference."""

    edition: str
    looked: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def look(self, kind: str, what: str, difference: str | None) -> None:
        """Take note that one thing was looked at, and how it differs, None when it does not."""
        self.looked[kind] = self.looked.get(kind, 0) + 1
        if difference:
            self.differences.append(f"{what}: {difference}")


def is_site(folder: Path) -> bool:
    """Tell whether a folder is a built site and not a content folder."""
    return (folder / "index.html").is_file()


def verify(
    folder: Path, edition: str | None = None, content: Path | None = None, progress: Progress | None = None
) -> Verdict:
    """Compare a site or a content folder with an edition, the last one unless another is named.

    Of a site that edition is the one it shows, and another is looked for in `content`.

    Raises:
        ArchiveError: there is no such edition or folder.
    """
    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder (name a site or a content folder)")
    if not is_site(folder):
        return _content(folder, _edition(folder, edition), progress)
    if edition is None:
        own = folder / paths.DATA / exports.MANIFEST
        if not own.is_file():
            raise ArchiveError(f"{own}: is not there (the site was built before an edition was closed; name --edition)")
        return _site(folder, manifest.read(own))
    return _site(folder, _edition(content or Path("content"), edition))


def _edition(content: Path, edition: str | None) -> Manifest:
    if edition is None:
        last = manifest.load(content).last
        if last is None:
            raise ArchiveError(f"{content}: has no edition to compare it with (close one: kho-bao edition)")
        return last
    path = manifest.file_of(content, edition)
    if "/" in edition or "\\" in edition or not path.is_file():
        known = ", ".join(head.id for head in manifest.load(content).heads) or "none"
        raise ArchiveError(f"{edition}: no such edition in {content / manifest.FOLDER} (there are: {known})")
    return manifest.read(path)


def _content(folder: Path, wanted: Manifest, progress: Progress | None) -> Verdict:
    verdict = Verdict(wanted.id)
    found = held(pipeline.build(folder, jobs=None, progress=progress))
    for path in sorted(found.clippings.keys() | wanted.clippings.keys()):
        verdict.look("clippings", path, _clipping(found.clippings.get(path), wanted.clippings.get(path)))
    for path in sorted(found.withdrawn.keys() | wanted.withdrawn.keys()):
        same = found.withdrawn.get(path) == wanted.withdrawn.get(path)
        verdict.look(
            "withdrawn clippings", path, None if same else "is withdrawn otherwise, or in one of the two alone"
        )
    _mappings(verdict, "former addresses", found.former, wanted.former, "leads elsewhere")
    _mappings(verdict, "pages", found.pages, wanted.pages, "its Markdown is another")
    for name, version in found.made_with.items():
        if wanted.made_with.get(name) != version:
            verdict.remarks.append(f"the edition was made with {name} {wanted.made_with.get(name)}, this is {version}")
    return verdict


def _clipping(found: Entry | None, wanted: Entry | None) -> str | None:
    if wanted is None:
        return "is not in the edition"
    if found is None:
        return "is not there, or cannot be read"
    pairs = (
        ("its file is another", found.sha256, wanted.sha256),
        ("its correction is another", found.correction, wanted.correction),
        ("other values are read in it", found.said, wanted.said),
        (f"its address is /{found.address}, not /{wanted.address}", found.address, wanted.address),
    )
    return "; ".join(words for words, one, other in pairs if one != other) or None


def _mappings(verdict: Verdict, kind: str, found: Mapping[str, str], wanted: Mapping[str, str], other: str) -> None:
    for url in sorted(found.keys() | wanted.keys()):
        missing = "is not there" if url not in found else "is not in the edition" if url not in wanted else None
        verdict.look(kind, f"/{url}", missing or (None if found[url] == wanted[url] else other))


_KIND = re.compile(r' id="da-(chuyen|rut)"')
"""On the heading of a page at an address where no clipping is any more."""

_KINDS = {"chuyen": MOVED, "rut": WITHDRAWN}


def _site(folder: Path, wanted: Manifest) -> Verdict:
    """Compare a site: which pages there are, what each is, the digests and values that it offers as data."""
    verdict = Verdict(wanted.id)
    _shown(verdict, folder, wanted, wanted.published())
    return verdict


def kept(site: Path, content: Path, promise: promises.Promise) -> Verdict:
    """Compare a site about to be shown with the last edition and with the archive that it was made of.

    Raises:
        ArchiveError: the manifest of an edition cannot be read.
    """
    verdict = Verdict(promise.last.id)
    ended = {url: grave.path for grave in promise.now.withdrawn.values() for url in grave.addresses}
    texts = promises.withdrawn_texts(content, promise.editions, ended)
    verdict.looked["promises"] = len(list(promise.last.past().urls()))
    verdict.differences += promises.broken(promise.last, promise.now, texts)
    _shown(verdict, site, promise.now, promise.offered, "archive")
    return verdict


def _shown(verdict: Verdict, folder: Path, wanted: Manifest, offered: bytes | None, of: str = "edition") -> None:
    """Compare a site with what an edition or an archive holds; `offered` is the manifest that it brings, if any."""
    graves = {url for grave in wanted.withdrawn.values() for url in grave.addresses}
    for url in sorted({*wanted.pages, *wanted.former, *graves}):
        kind = MOVED if url in wanted.former else WITHDRAWN if url in graves else None
        verdict.look("pages", f"/{url}", _page(folder / url / "index.html", kind))
    known = {*(one.address for one in wanted.clippings.values()), *wanted.former, *graves}
    for page in sorted((folder / paths.ARTICLES).rglob("index.html")):
        url = f"{page.parent.relative_to(folder).as_posix()}/"
        if url not in known:
            verdict.look("pages", f"/{url}", f"is not in the {of}")
    for name, difference in _data(folder / paths.DATA):
        verdict.look("data files", f"/{paths.DATA}{name}", difference)
    _records(verdict, folder / paths.DATA / writer.JSONL, wanted.clippings.values(), of)
    own = folder / paths.DATA / exports.MANIFEST
    if (own.read_bytes() if own.is_file() else None) != offered:
        verdict.look("data files", f"/{paths.DATA}{exports.MANIFEST}", "is not the edition's")


def _page(file: Path, kind: str | None) -> str | None:
    if not file.is_file():
        return "is not there"
    found = _KIND.search(file.read_text(encoding="utf-8", errors="replace"))
    if (_KINDS[found[1]] if found else None) == kind:
        return None
    return {MOVED: "does not lead on", WITHDRAWN: "is not withdrawn"}.get(kind or "", "is moved or withdrawn")


def _data(folder: Path) -> Iterator[tuple[str, str | None]]:
    """Yield each file that the data package lists, and how it differs from what is said of it there."""
    try:
        listed = json.loads((folder / exports.PACKAGE).read_bytes())["resources"]
    except (OSError, ValueError, KeyError, TypeError):
        yield exports.PACKAGE, "cannot be read"
        return
    for one in listed:
        path = folder / Path(str(one["path"])).name
        if not path.is_file():
            yield path.name, "is not there"
            continue
        with path.open("rb") as opened:
            same = one["hash"] == f"sha256:{hashlib.file_digest(opened, 'sha256').hexdigest()}"
        yield path.name, None if same else f"is not what {exports.PACKAGE} says"


def _records(verdict: Verdict, file: Path, wanted: Iterable[Entry], of: str) -> None:
    """Compare the records that a site offers with the entries: digests of clippings, and of their values."""
    found: dict[str, dict[str, Any]] = {}
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                one = json.loads(line)
                found[f"{paths.ARTICLES}{one['id']}/"] = one
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        verdict.look("records", f"/{paths.DATA}{file.name}", "cannot be read")
        return
    entries = {entry.address: entry for entry in wanted}
    for url in sorted(found.keys() | entries.keys()):
        verdict.look("records", f"/{url}", _record(found.get(url), entries.get(url), of))


def _record(found: Mapping[str, Any] | None, wanted: Entry | None, of: str) -> str | None:
    if found is None or wanted is None:
        return "its record is not there" if found is None else f"its record is not in the {of}"
    stated = {name: value for name, value in found.items() if name != "title" or not found.get("title_derived")}
    pairs = (
        ("its file was another", found.get("sha256"), wanted.sha256),
        ("other values were read in it", said.digest(stated), wanted.said),
    )
    return "; ".join(words for words, one, other in pairs if one != other) or None
