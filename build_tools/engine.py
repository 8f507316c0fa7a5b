"""The archive to files: every stage in processes, nothing done again that has not changed.

What depends on what, each step known by a digest of all that goes into it, never by time:

    program (code, vocabularies, versions)   every clipping's record
    clipping, its correction                 its record: a brief, its page as set, its texts (`Store`)
    all briefs                               addresses, identities, stories: each clipping's setting
    record, setting                          its Markdown; its texts in a counted batch
    Markdown, theme, mkdocs.yml              its HTML (`Folder`)
    briefs                                   index pages, each known by its front matter; feeds by their entries
    record, setting                          what programs are given of it, in batches; of all, the files in du-lieu/
    counted batches                          the shards of the search index, each named by its content

So a build after a change does what a clean build would, for what changed alone, and leaves the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import pickle
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import _lru_cache_wrapper, cached_property, partial
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

from build_tools import (
    dossier,
    folder,
    galley,
    history,
    labels,
    near,
    pages,
    paths,
    prose,
    search,
    sketch,
)
from build_tools.archive import Archive
from build_tools.brief import Brief, brief
from build_tools.build import (
    TOGETHER,
    Source,
    chunks,
    clippings_folder,
    data_files,
    died,
    planned,
    plans,
    read_source,
    source,
    sources,
    told,
)
from build_tools.cluster import Cluster
from build_tools.editions import manifest, promises, refusal
from build_tools.editions import pages as edition_pages
from build_tools.errors import ArchiveError
from build_tools.filenames import real
from build_tools.folder import Folder, Made, Noted
from build_tools.lock import Lock
from build_tools.model import Page, Plan, Problem, Withdrawn
from build_tools.pool import Died, Pool, can_fork, seldom_collecting
from build_tools.render import Frames, Shown, compact
from build_tools.reuse import exports, feeds, listed, pictures, sitemap
from build_tools.reuse.plain import Site
from build_tools.settings import Setting, settings
from build_tools.store import Store, packed, unpacked

SHELVED_TOGETHER = 60
"""Index pages that a process makes at once."""

FEW = 150
"""Below so many clippings to read, or pages to make, one process does it sooner than several that begin first."""

PATIENCE = 0.3
"""Seconds of making pages after which several processes begin, where they are worth it."""

_MADE_WITH = ("markdown", "mkdocs", "mkdocs-material", "jinja2", "markupsafe", "pyyaml", "numpy", "rensa", "pydantic")
"""The distributions whose versions have a say in the bytes of a site."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many things of how many are."""


def digest(*parts: str | bytes) -> str:
    """Return a digest of texts and bytes, each kept apart from the next, as 32 hexadecimal digits."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()[:32]


def program() -> str:
    """Return a digest of all that reads clippings: the code, its data, Python, and what they are made with."""
    package = Path(__file__).resolve().parent
    parts: list[str | bytes] = [sys.version, unicodedata.unidata_version]
    for file in sorted((*package.rglob("*.py"), *package.glob("data/**/*.*"))):
        parts += file.relative_to(package).as_posix(), file.read_bytes()
    for name in _MADE_WITH:
        try:
            parts += name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            parts += name, ""
    return digest(*parts)


_SEEN: dict[str, str] = {}
"""What the vocabularies of this process were made of."""


def refresh() -> None:
    """Read the vocabularies again if their files have changed since this process read them."""
    data = Path(__file__).resolve().parent / "data"
    now = digest(*(file.read_bytes() for file in sorted(data.glob("**/*.*"))))
    if _SEEN.setdefault("data", now) != now:
        _SEEN["data"] = now
        for name, module in sorted(sys.modules.items()):
            for cached in list(vars(module).values()) if name.startswith("build_tools.") else ():
                if isinstance(cached, _lru_cache_wrapper):
                    cached.cache_clear()


previewing = False
"""Whether this process shows a preview, and builds anew at each change."""


# Reading


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a clipping: its record, packed for the store, or none; and what is wrong with it."""

    path: str
    key: str
    small: bytes = b""
    large: bytes = b""
    problems: tuple[Problem, ...] = ()


_AT_ONCE = 10
"""Clippings that are taken from step to step side by side."""

Record = tuple[galley.Galley, search.Texts]
"""What the store keeps of a clipping for its page and for search."""


Keyed = tuple[Source, str]
"""A clipping to read, and the digest of all that has a say in its record."""


def read_together(several: Sequence[Keyed]) -> list[Read]:
    """Return what becomes of clippings; nothing but themselves has a say in it."""
    return list(chain.from_iterable(map(_read, chunks(several, _AT_ONCE))))


def _read(several: Sequence[Keyed]) -> Iterator[Read]:
    """Take clippings from step to step side by side: what a step needs of the processor's cache is there for all."""
    read = [read_source(found) for found, _ in several]
    briefs = [clipping and brief(clipping) for clipping, _ in read]
    galleys = [clipping and galley.galley(clipping) for clipping, _ in read]
    texts = [clipping and search.texts(clipping) for clipping, _ in read]
    for (found, key), (_, problems), *made in zip(several, read, briefs, galleys, texts, strict=True):
        small, *large = made
        if small is None:
            yield Read(found.path, key, problems=problems)
        else:
            yield Read(found.path, key, _pickled((small, problems)), _pickled(tuple(large)), problems)


def _read_one(found: Source, key: str) -> Read:
    return next(_read([(found, key)]))


def _pickled(value: object) -> bytes:
    return packed(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))


def _one_by_one(several: Sequence[Keyed]) -> list[Read]:
    """Read clippings one by one, each in a process of its own, after a process died at one of them."""
    with Pool(2) as pool:
        return [done for one in several for found in pool.each(read_together, [[one]], _died) for done in found]


def _died(several: Sequence[Keyed]) -> list[Read]:
    return [Read(found.path, key, problems=(died(found.path),)) for found, key in several]


# Making pages


@dataclass(frozen=True, slots=True)
class Item:
    """A clipping whose page is to be made: where its record is, its setting, and which files are wanted."""

    path: str
    key: str
    setting: Setting
    markdown: bool
    html: bool

    @property
    def wanted(self) -> bool:
        """Whether any of its files is to be made."""
        return self.markdown or self.html


@dataclass(frozen=True, slots=True)
class Batch:
    """Clippings that are counted together, with the file for their counts, None when it is there."""

    items: tuple[Item, ...]
    counted: Path | None
    exported: Path | None = None
    """The file for what programs are given of them, None when it is there."""

    @property
    def wanted(self) -> bool:
        """Whether anything is to be made of them."""
        return bool(self.counted or self.exported) or any(item.wanted for item in self.items)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a process needs to make the pages that are no clipping's; `given` are files that stand as they are.

    Without `given`, no HTML is wanted.
    """

    archive: Archive
    plans: tuple[Plan, ...]
    docs: Folder
    site: Folder
    theme: str
    given: frozenset[str] | None
    feeds: feeds.Feeds
    listed: dict[str, listed.Listed]
    program: str
    manifest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a process needs to make pages: the folders, the store, the theme."""

    clippings: Path
    store: Path
    docs: Path
    site: Path
    frames: Frames | None
    archive: Site
    shelf: Shelf | None = None


_AT: dict[str, Any] = {}
"""The workshop of this process, and its store."""


def _enter(workshop: Workshop) -> None:
    leave()
    _AT.update(workshop=workshop, store=Store(workshop.store), frames=workshop.frames)


def leave() -> None:
    """Close what this process opened to make pages."""
    if store := _AT.pop("store", None):
        store.close()
    _AT.clear()


def _record(item: Item) -> Record:
    """Return a clipping's record from the store; one that is damaged there is read again."""
    return _kept(_AT["store"], item.path, item.key, _AT["workshop"].clippings)


def _kept(store: Store, path: str, key: str, clippings: Path) -> Record:
    data = store.large(path, key)
    if data is None:
        found = _again(clippings, path)
        done = _read_one(found, key) if isinstance(found, Source) else Read(path, key, problems=(found,))
        if not done.large:
            raise ArchiveError(f"{'; '.join(map(str, done.problems))} (it was there when the build began)")
        data = unpacked(done.large)
    return _unpickled(data)


def _again(clippings: Path, name: str) -> Source | Problem:
    """Return a clipping that was read before, with its correction."""
    beside = PurePosixPath(name).with_suffix(".yaml").as_posix()
    return source(clippings, name, {beside} if os.path.lexists(real(str(clippings), beside)) else ())


def _unpickled(data: bytes) -> Record:
    record: Record = pickle.loads(data)  # noqa: S301 - our own cache
    return record


Written = tuple[Made | None, Made | None]
"""A page's Markdown and HTML, None for what was not written."""

NOTHING: Written = None, None


@dataclass(frozen=True, slots=True)
class Composed:
    """A page to write: its Markdown, itself with its text in HTML; None for what is there."""

    markdown: tuple[str, bytes] | None = None
    page: Page | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Clippings with their records, as the store packs them; whether to count them, and the site to export them for."""

    items: tuple[tuple[Item, bytes], ...]
    counting: bool
    exporting: Site | None


def compose(order: Order) -> tuple[list[Composed], bytes | None, bytes | None]:
    """Compose pages, count their words, export them; nothing but the order has a say in it."""
    records = [(item, _unpickled(unpacked(data))) for item, data in order.items]
    counts = [search.fields(found, item.setting) for item, (_, found) in records] if order.counting else None
    return (
        [_composed(item, record) for item, record in records],
        search.count(counts).saved() if counts is not None else None,
        _fragment(records, order.exporting) if order.exporting else None,
    )


def _fragment(records: Sequence[tuple[Item, Record]], site: Site) -> bytes:
    """Return what programs are given of some clippings, packed for the cache."""
    articles = ((pages.meta(set_, item.setting), _paragraphs(set_)) for item, (set_, _) in records)
    return packed(pickle.dumps(exports.fragment(articles, site), pickle.HIGHEST_PROTOCOL))


def _paragraphs(set_: galley.Galley) -> tuple[str, ...]:
    return tuple(part.text for part in set_.paragraphs)


def _composed(item: Item, record: Record) -> Composed:
    if not item.wanted:
        return Composed()
    set_, _ = record
    page = pages.page(set_, item.setting)
    return Composed(
        (page.uri, _markdown(page)) if item.markdown else None,
        page,
        prose.html(set_.paragraphs, set_.short_forms) if item.html else None,
    )


def make(batch: Batch) -> list[Written]:
    """Make the pages of a batch, and count its words."""
    if not batch.wanted:
        return [NOTHING] * len(batch.items)
    written: list[Written] = []
    texts, records = [], []
    for item in batch.items:
        if batch.counted or batch.exported or item.wanted:
            record = _record(item)
            written.append(_write(_composed(item, record)))
            if batch.counted:
                texts.append(search.fields(record[1], item.setting))
            if batch.exported:
                records.append((item, record))
        else:
            written.append(NOTHING)
    if batch.counted:
        _write_whole(batch.counted, search.count(texts).saved())
    if batch.exported:
        _write_whole(batch.exported, _fragment(records, _AT["workshop"].archive))
    return written


def _write(composed: Composed) -> Written:
    if composed.markdown:
        uri, data = composed.markdown
        folder.write(_AT["workshop"].docs / uri, data)
    return (
        folder.contents(composed.markdown[1]) if composed.markdown else None,
        _write_html(composed.page, composed.text) if composed.page and composed.text is not None else None,
    )


def _write_whole(path: Path, data: bytes) -> None:
    half = path.with_suffix(".half")
    half.write_bytes(data)
    half.replace(path)


def shelve(some: range) -> tuple[list[Noted], list[Noted]]:
    """Make some of the shelf's pages with their feeds; return what is in the folder of Markdown, and in the site."""
    shelf: Shelf = _AT["workshop"].shelf
    docs: list[Noted] = []
    site: list[Noted] = []
    for plan in shelf.plans[some.start : some.stop]:
        page = plan.make()
        key = digest(shelf.program, repr(page))
        docs.append(shelf.docs.made(page.uri, key, partial(_markdown, page)))
        site += (
            shelf.site.made(feed.name, digest(shelf.program, feed.name, feed.told), feed.make)
            for feed in shelf.feeds.of(page, shelf.listed)
        )
        name, key = html_file(page.uri), digest(key, shelf.theme)
        if shelf.given is not None and name not in shelf.given:
            site.append((name, key, None if shelf.site.holds(name, key) else _write_html(page, "")))
    return docs, site


def _markdown(page: Page) -> bytes:
    return pages.markdown(page).encode()


@dataclass(frozen=True, slots=True)
class DataOrder:
    """The files for programs to make: for which key, where, and out of which fragments."""

    key: str
    at: Path
    fragments: tuple[Path, ...]


def make_data(order: DataOrder) -> list[exports.File]:
    """Make the files for programs."""
    workshop: Workshop = _AT["workshop"]
    shelf = workshop.shelf
    if shelf is None:
        raise ArchiveError("the files for programs are made together with the pages")
    counts = {url: one.count for url, one in shelf.listed.items()}
    contents = exports.Contents(shelf.archive, _fragments(order.fragments), counts, workshop.archive, shelf.manifest)
    return exports.write(order.at, order.key, contents)


def _fragments(files: Iterable[Path]) -> Iterator[exports.Fragment]:
    for path in files:
        made: exports.Fragment = pickle.loads(unpacked(path.read_bytes()))  # noqa: S301 - our own cache
        yield made


def _whole(path: Path) -> bool:
    """Tell whether a file of the cache is there as it was written."""
    try:
        unpacked(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _write_html(page: Page, content: str) -> Made:
    workshop: Workshop = _AT["workshop"]
    frames: Frames = _AT["frames"]
    data = compact(frames.html(shown(page, content, workshop.archive.url))).encode("utf-8", "xmlcharrefreplace")
    folder.write(workshop.site / html_file(page.uri), data)
    return folder.contents(data)


def shown(page: Page, content: str, site_url: str | None) -> Shown:
    """Return a page as templates see it."""
    url = html_file(page.uri).removesuffix("index.html")
    title = page.meta.get("title")
    return Shown(url, page.meta, content, str(title) if title else None, f"{site_url}{url}" if site_url else None)


def html_file(uri: str) -> str:
    """Return where the HTML of a Markdown file stands: "a/b.md" gives "a/b/index.html"."""
    name = uri.removesuffix(".md")
    return f"{name}.html" if name == "index" or name.endswith("/index") else f"{name}/index.html"


# A build


@dataclass(slots=True)
class Report:
    """What a build did: things, how many; seconds by stage; the problems.

    `files` is what is in the site, `promise` what it must keep of the last edition, None without editions.
    """

    clippings: int = 0
    read: int = 0
    pages: int = 0
    changed: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    files: dict[str, Made] = field(default_factory=dict)
    promise: promises.Promise | None = None


@dataclass(slots=True)
class Options:
    """Where a build reads and writes, with how many processes (None for one a processor), and whom it tells."""

    content: Path
    markdown: Path
    cache: Path
    jobs: int | None = None
    scheduler: str | None = None
    progress: Progress = lambda *_: None
    site: Site = field(default_factory=Site)
    drop: bool = False
    """Whether addresses of the last edition may vanish."""


def locked(options: Options, waiting: Callable[[str], object] | None) -> Lock:
    """Lock the cache for a build, before anything in it is opened; see `Lock.take`.

    Raises:
        ArchiveError: another build has it, or there is no content folder.
    """
    clippings_folder(options.content)
    lock = Lock(options.cache)
    lock.take(waiting)
    return lock


def claim(site: Path, waiting: Callable[[str], object] | None) -> Lock:
    """Refuse a site folder that holds files and is not ours, before anything is written into it, and lock it.

    Raises:
        ArchiveError: it is not ours, or another build has it.
    """
    folder.claimed(site)
    lock = Lock(site)
    lock.take(waiting)
    return lock


class Build:
    """One build: first `read`, then `publish`."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.report = Report()
        self.clippings, self.prefix = clippings_folder(options.content)
        self.store = Store(options.cache / "records.sqlite")
        self.archive = Archive.of((), self.prefix)[0]
        self.stories: near.Stories = ()
        self.keys: dict[str, str] = {}
        self.histories: history.Histories = {}
        self.plans: tuple[Plan, ...] = ()
        self.editions = manifest.Editions()
        self.edition: edition_pages.State | None = None
        self.withdrawn: list[Withdrawn] = []
        self.cluster = Cluster(options.scheduler, program) if options.scheduler else None
        self._workshop = Workshop(self.clippings, self.store.path, Path(), Path(), None, Site())

    @cached_property
    def program(self) -> str:
        """The digest of all that reads clippings, as it is when this build first asks."""
        return program()

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.report.seconds[name] = self.report.seconds.get(name, 0) + time.perf_counter() - begin

    @seldom_collecting()
    def read(self) -> None:
        """Read every clipping that changed, and work out what the archive is."""
        problems: list[Problem] = []
        with self._stage("read"):
            briefs = self._briefs(problems)
        with self._stage("identify"):
            self.editions = manifest.load(self.options.content)
            self.archive, collisions = Archive.of(briefs, self.prefix, self.editions.past, self.withdrawn)
            lost = self._lost(problems)
        with self._stage("compare"):
            compared = near.compared(self.archive.briefs, self._text)
            self.stories, problems = compared.stories, [*problems, *compared.problems()]
        self.report.problems = (*told(problems, collisions, self.prefix, empty=not briefs), *lost)
        self.report.clippings = len(self.archive.briefs)
        with self._stage("list pages"):
            self.histories = history.histories(self.archive)
            self.plans = tuple(plans(self.archive, self.histories))
            self._editions()
        self.report.pages = len(self.archive.briefs) + len(self.plans) + 1

    def _lost(self, problems: list[Problem]) -> list[Problem]:
        """Return the problems of addresses that vanish; refuse to build without them unless that is wanted.

        Raises:
            LostAddressesError: it is not.
        """
        found = refusal.lost(self.archive.ends, self.editions.id, self.prefix, problems)
        if not self.options.drop:
            refusal.refuse(found)
        return found

    def _editions(self) -> None:
        """Make the pages about editions, and name the edition in what is cited."""
        self.edition = edition_pages.state(self.editions, self.archive)
        if self.edition:
            self.plans += tuple(map(planned, edition_pages.pages(self.editions, self.archive)))
            self.options.site = replace(self.options.site, edition=self.edition.cited())
            self.report.problems += tuple(refusal.vanished(self.editions.last, self.uris()))
        if self.edition and self.editions.last:
            urls = (html_file(uri).removesuffix("index.html") for uri in self.uris())
            now = promises.now(self.archive, urls)
            self.report.promise = promises.Promise(self.editions, self.editions.last, now, self._manifest)

    def unlisted(self) -> set[str]:
        """Return the Markdown files of pages that no map of the site names."""
        return {page.uri for page in edition_pages.ends(self.archive.ends)}

    def _briefs(self, problems: list[Problem]) -> list[Brief]:
        known, unchanged = self.store.keys(), set[str]()
        changed = self._changed(known, unchanged, problems)
        found: dict[str, tuple[Brief, tuple[Problem, ...]]] = {}
        for done in self._read(changed):
            problems += done.problems
            if done.small:
                self.keys[done.path] = done.key
                found[done.path] = pickle.loads(unpacked(done.small))  # noqa: S301 - our own process'
        for name, key, small in self.store.small():
            if name in unchanged and known[name] == key:
                self.keys[name] = key
                found[name] = pickle.loads(small)  # noqa: S301 - our own cache
                problems += found[name][1]
        for name in sorted(unchanged - found.keys()):  # what the store had of it is damaged
            again = _again(self.clippings, name)
            if isinstance(again, Source):
                done = _read_one(again, known[name])
                self.store.add([(name, done.key, done.small, done.large)])
                self.keys[name] = done.key
                found[name] = pickle.loads(unpacked(done.small))  # noqa: S301 - our own, just now
                problems += done.problems
        self.store.drop(known.keys() - self.keys.keys())
        self.store.save()
        return [one for one, _ in found.values()]

    def _changed(self, known: dict[str, str], unchanged: set[str], problems: list[Problem]) -> Iterator[Keyed]:
        """Yield the clippings that are not in the store as they are now; gather the names of the others."""
        for one in sources(self.clippings, partial(self.options.progress, "reading clippings"), self.withdrawn):
            if isinstance(one, Problem):
                problems.append(one)
                continue
            correction = b"none" if one.correction is None else b"some" + one.correction
            key = digest(self.program, one.path, one.sha256, correction)
            if known.get(one.path) == key:
                unchanged.add(one.path)
            else:
                yield one, key

    def _read(self, changed: Iterator[Keyed]) -> Iterator[Read]:
        few = list(islice(changed, FEW))
        together = chunks(chain(few, changed), TOGETHER)
        with Pool(1 if len(few) < FEW else self.options.jobs) as pool:
            each = self.cluster.each if self.cluster else pool.each
            for several in each(read_together, together, _one_by_one):
                self.store.add((done.path, done.key, done.small, done.large) for done in several if done.small)
                self.store.save()  # what has been read need not be read again if this is broken off
                self.report.read += len(several)
                yield from several

    def _text(self, path: str) -> str:
        set_, _ = _kept(self.store, path, self.keys[path], self.clippings)
        return sketch.folded(set_.body)

    def uris(self) -> Iterator[str]:
        """Yield the Markdown files of all generated pages."""
        yield from (paths.page_file(self.archive.addresses.article(one)) for one in self.archive.briefs)
        yield from (plan.uri for plan in self.plans)
        yield paths.page_file(paths.DATA)

    def pages_for(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """Yield (uri, Markdown) of the pages whose Markdown files are wanted."""
        around = pages.Surroundings(self.archive, self.histories)
        with _workshop(self._workshop):
            for position, one in enumerate(self.archive.briefs):
                if wanted(paths.page_file(self.archive.addresses.article(one))):
                    story = next((story for story in self.stories if one in story), ())
                    setting = pages.setting(self.archive, position, around, story)
                    set_, _ = _record(Item(one.path, self.keys[one.path], setting, markdown=False, html=False))
                    page = pages.page(set_, setting)
                    yield page.uri, pages.markdown(page)
        for plan in self.plans:
            if wanted(plan.uri):
                yield plan.uri, pages.markdown(plan.make())
        if wanted(paths.page_file(paths.DATA)):
            page = exports.page(self._data_at_once())
            yield page.uri, pages.markdown(page)

    @seldom_collecting()
    def publish(self, site: Path, theme: str, frames: Frames | None, given: Path) -> None:
        """Write the Markdown, the site, and the search index; `given` is a folder of files that stand as they are.

        Of a page among `given`, that one stands. Without `frames` all HTML must be among them. `theme` is a digest of
        all that has a say in how pages look.
        """
        with self._stage("open folders"):
            docs = Folder(self.options.markdown, self._ledger(self.options.markdown))
            out = Folder(site, self._ledger(site))
            files = {path.relative_to(given).as_posix(): path for path in sorted(given.rglob("*")) if path.is_file()}
        made = files if frames else None
        shelf = Shelf(
            self.archive,
            self.plans,
            docs,
            out,
            theme,
            frozenset(files) if frames else None,
            feeds.Feeds(self.archive, self.options.site),
            self._listed,
            self.program,
            self._manifest,
        )
        self._workshop = Workshop(
            self.clippings, self.store.path, docs.path, out.path, frames, self.options.site, shelf
        )
        try:
            with Pool(self._jobs(), _enter, self._workshop) as pool:
                pool.patience = PATIENCE if self.report.read < FEW else 0
                data = self._data_there()
                with self._stage("articles"):
                    heads, counted, exported = self._articles(shelf, made, pool, exporting=data is None)
                begun = None if data else self._data(exported, pool)
                with self._stage("index pages"):
                    self._shelve(docs, out, pool)
                with self._stage("search"):
                    self._search(out, heads, counted, pool)
                with self._stage("data"):
                    self._for_programs(docs, out, theme, made, data or (begun() if begun else []))
        except Died as error:
            raise ArchiveError(
                f"{_told(error.task)}: {error} (try again, with --jobs 1 if it happens again)"
            ) from error
        with self._stage("close folders"):
            leave()
            for name, path in files.items():
                out.put(name, path.read_bytes())
            for name, text in data_files().items():
                out.put(name, text.encode())
            self.report.removed = len(out.finish())
            docs.finish()
            self.report.changed, self.report.files = len(out.changed), out.files()
            for file in set(self._batches.glob("*")) - {*counted, *exported}:
                file.unlink()
        self.close()

    def close(self) -> None:
        """Let go of the store and of the cluster."""
        self.store.close()
        if self.cluster:
            self.cluster.close()
            self.cluster = None

    def _jobs(self) -> int | None:
        """Return how many processes the pages are worth; each begins as a copy of this one, for it has the theme."""
        return self.options.jobs if can_fork() and self.report.pages > FEW else 1

    @property
    def _batches(self) -> Path:
        return self.options.cache / "batches"

    def _ledger(self, path: Path) -> Path:
        return self.options.cache / "ledgers" / f"{digest(path.resolve().as_posix())}.json"

    def _articles(
        self, shelf: Shelf, given: dict[str, Path] | None, pool: Pool, *, exporting: bool
    ) -> tuple[list[search.Document], list[Path], list[Path]]:
        """Make what is not there of the clippings' pages, counts and, where they are wanted, exports.

        Return their documents' heads, the files of the counts, and those of the exports.
        """
        docs, out, theme = shelf.docs, shelf.site, shelf.theme
        heads: list[search.Document] = []
        counted: list[Path] = []
        exported: list[Path] = []
        keyed: list[tuple[Item, str]] = []
        said: list[str] = []
        self._batches.mkdir(parents=True, exist_ok=True)

        def batches() -> Iterator[Batch]:
            known = settings(self.archive, self.stories, self.histories)
            for some in search.batches(self.archive.addresses.article(one) for one in self.archive.briefs):
                start = len(keyed)
                for one in self.archive.briefs[some.start : some.stop]:
                    setting = next(known)
                    heads.append(search.head(one, setting))
                    words = digest(self.keys[one.path], repr(setting))
                    key, uri = digest(words, repr(setting.around)), paths.page_file(setting.url)
                    html = given is not None and html_file(uri) not in given
                    html = html and not out.current(html_file(uri), digest(key, theme))
                    item = Item(one.path, self.keys[one.path], setting, not docs.current(uri, key), html)
                    keyed.append((item, key))
                    said.append(words)
                words = digest(*said[start:])
                counted.append(self._batches / f"{words}.batch")
                exported.append(self._batches / f"{digest(words, repr(self.options.site))}.export")
                items = tuple(item for item, _ in keyed[start:])
                yield Batch(
                    items,
                    None if search.whole(counted[-1]) else counted[-1],
                    exported[-1] if exporting and not _whole(exported[-1]) else None,
                )

        place = 0
        made = self._made_elsewhere(self.cluster, batches()) if self.cluster else pool.each(make, batches())
        for written in made:
            for markdown, html in written:
                item, key = keyed[place]
                uri = paths.page_file(item.setting.url)
                if markdown is not None:
                    docs.note(uri, key, markdown)
                if html is not None:
                    out.note(html_file(uri), digest(key, theme), html)
                place += 1
            self.options.progress("making pages", place, self.report.pages)
        return heads, counted, exported

    def _made_elsewhere(self, cluster: Cluster, batches: Iterator[Batch]) -> Iterator[list[Written]]:
        """Have pages composed and counted by the cluster, and write them here."""
        asked: list[Batch] = []

        def orders() -> Iterator[Order]:
            for batch in batches:
                asked.append(batch)
                yield Order(
                    tuple((item, packed(pickle.dumps(_record(item)))) for item in batch.items if batch.wanted),
                    batch.counted is not None,
                    self.options.site if batch.exported else None,
                )

        with _workshop(self._workshop):
            for number, (composed, counts, exported) in enumerate(cluster.each(compose, orders())):
                batch = asked[number]
                if batch.counted and counts:
                    _write_whole(batch.counted, counts)
                if batch.exported and exported:
                    _write_whole(batch.exported, exported)
                yield [_write(one) for one in composed] or [NOTHING] * len(batch.items)

    def _shelve(self, docs: Folder, out: Folder, pool: Pool) -> None:
        """Make what is not there of the pages that are no clipping's, and their feeds."""
        many = len(self.plans)
        some = [range(start, min(start + SHELVED_TOGETHER, many)) for start in range(0, many, SHELVED_TOGETHER)]
        for done, (markdown, site) in zip(some, pool.each(shelve, some), strict=True):
            for noted in markdown:
                docs.take(noted)
            for noted in site:
                out.take(noted)
            self.options.progress("making pages", len(self.archive.briefs) + done.stop, self.report.pages)

    def _data_there(self) -> list[exports.File] | None:
        """Return the files for programs if no clipping has changed since they were made.

        A preview goes on with those of its first build: they are all made anew, however little changes.
        """
        at = self.options.cache / "data"
        return exports.kept(at, self._data_key()) or (exports.kept(at, None) if previewing else None)

    def _data(self, fragments: Sequence[Path], pool: Pool) -> Callable[[], list[exports.File]]:
        """Begin to make the files for programs."""
        return pool.begin(make_data, DataOrder(self._data_key(), self.options.cache / "data", tuple(fragments)))

    def _data_key(self) -> str:
        clippings = (f"{one}\n{key}" for one, key in sorted(self.keys.items()))
        last = self.editions.last.id if self.editions.last and self._manifest else ""
        return digest(self.program, repr(self.options.site), last, self.prefix, *clippings)

    @cached_property
    def _manifest(self) -> bytes | None:
        """The manifest of the last edition, if the site offers it."""
        last = edition_pages.offered(self.editions, self.archive)
        return last.published() if last else None

    def _data_at_once(self) -> list[exports.File]:
        """Make the files for programs out of the store, where every page goes through MkDocs, this one too."""
        at, key = self.options.cache / "data", self._data_key()
        counts = {url: one.count for url, one in self._listed.items()}
        some = (exports.fragment(part, self.options.site) for part in chunks(self._exported(), SHELVED_TOGETHER))
        return exports.kept(at, key) or exports.write(
            at, key, exports.Contents(self.archive, some, counts, self.options.site, self._manifest)
        )

    def _exported(self) -> Iterator[exports.Article]:
        for one, setting in zip(self.archive.briefs, settings(self.archive, self.stories, self.histories), strict=True):
            set_, _ = _kept(self.store, one.path, self.keys[one.path], self.clippings)
            yield pages.meta(set_, setting), _paragraphs(set_)

    def newest_days(self) -> dict[str, str]:
        """Return the newest whole day that each page's clippings tell, by its address; "." is the home page's."""
        return listed.newest_days(self.archive, self._listed)

    @cached_property
    def _listed(self) -> dict[str, listed.Listed]:
        return listed.listed(self.archive)

    def _for_programs(
        self, docs: Folder, out: Folder, theme: str, given: dict[str, Path] | None, files: list[exports.File]
    ) -> None:
        """Put the files for programs in place with their page; where the site's address is known, pictures too."""
        site = self.options.site
        page = exports.page(files)
        markdown = pages.markdown(page).encode()
        docs.put(page.uri, markdown)
        name, key = html_file(page.uri), digest(markdown, theme)
        if given is not None and name not in given and not out.current(name, key):
            with _workshop(self._workshop):
                out.note(name, key, _write_html(page, ""))
        for name, key, path in exports.places(self.options.cache / "data", files):
            if not out.current(name, key):
                out.note(name, key, folder.copy(path, out.path / name))
        if site.url is None:
            return
        out.put("opensearch.xml", sitemap.opensearch(site, labels.text("search.description")))
        shown = {paths.HOME: site.name} | {
            self.archive.addresses.clusters[key]: dossier.cluster_title(name)
            for key, name in self.archive.cluster_names.items()
        }
        made_with = digest(site.name, pictures.made_with(), self.program)
        for url, title in sorted(shown.items()):
            name = pictures.NAME if url == paths.HOME else f"{url}{pictures.NAME}"
            key = digest(title, made_with)
            if not out.current(name, key):
                data = pictures.drawn(title, site.name)
                folder.write(out.path / name, data)
                out.note(name, key, folder.contents(data))

    def _search(self, out: Folder, heads: list[search.Document], counted: list[Path], pool: Pool) -> None:
        known = frozenset(name for name in out.known(search.FOLDER) if out.holds(name, name))
        for name, data in search.merged(heads, counted, pool.each, known=known):
            if data is None:
                out.current(name, name)
            elif name == search.MANIFEST:
                out.put(name, data)
            elif not out.current(name, name):
                folder.write(out.path / name, data)
                out.note(name, name, folder.contents(data))


def _told(task: object) -> str:
    """Return what a task was about, for messages."""
    if isinstance(task, Batch):
        return f"{task.items[0].path} and the {len(task.items) - 1:,} clippings after it"
    if isinstance(task, range):
        return "index pages"
    return "the files for programs" if isinstance(task, DataOrder) else "the search index"


@contextmanager
def _workshop(workshop: Workshop) -> Iterator[None]:
    _enter(workshop)
    try:
        yield
    finally:
        leave()
