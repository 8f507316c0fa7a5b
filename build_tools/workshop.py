"""Pages to files: what a process does that makes some of them, given what the archive is.

Everything here is told by its arguments and by the workshop of its process, so that any process can do it. A file that
is there as it would be written is not written again; what was done is noted, for the one that keeps the ledgers.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from build_tools import facts, folder, galley, pages, paths, prose, records, search
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.errors import ArchiveError
from build_tools.facts import Plan, digest, written
from build_tools.folder import Folder, Made, Noted
from build_tools.model import Page
from build_tools.records import Record
from build_tools.render import Frames, Shown, compact
from build_tools.reuse import exports, feeds, listed, writer
from build_tools.reuse.plain import Site
from build_tools.settings import Setting, Surroundings
from build_tools.store import Store, packed, unpacked


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a process needs to know of the archive, and of what is there already.

    `stories` has for each clipping (by path) all that tell its story, `keys` the key of its record, `looked` what was
    worked out of it already in an archive like this. `given` are files that stand as they are; without it, no HTML is
    wanted. `theme` tells all that has a say in how pages look. `exported` names the parts that the files for programs
    have already.
    """

    archive: Archive
    around: Surroundings
    stories: Mapping[str, Sequence[Brief]]
    keys: Mapping[str, str]
    looked: Mapping[str, Looked]
    plans: tuple[Plan, ...]
    docs: Folder
    site: Folder
    batches: Path
    theme: str
    given: frozenset[str] | None
    feeds: feeds.Feeds
    listed: Mapping[str, listed.Listed]
    program: str
    exported: frozenset[str]
    manifest: bytes | None = None

    def html(self, uri: str, key: str) -> tuple[str, str] | None:
        """Return the HTML file of a page and its key, None where it is not ours to make."""
        name = paths.html_file(uri)
        return None if self.given is None or name in self.given else (name, _seen(key, self.theme))


def _seen(key: str, how: str) -> str:
    """Return the key of what shows a page, by a digest of how; it is asked for tens of thousands in a build."""
    return f"{key}{how[:16]}"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a process needs to make pages: the folders, the store, the theme, the site it is for."""

    clippings: Path
    store: Path
    docs: Path
    site: Path
    frames: Frames | None
    about: Site
    shelf: Shelf | None = None


_AT: dict[str, Any] = {}
"""The workshop of this process, its store, and the digest of the site that it is for."""


def enter(workshop: Workshop) -> None:
    """Make this process one that makes pages."""
    leave()
    _AT.update(workshop=workshop, store=Store(workshop.store), about=digest(repr(workshop.about)))


def leave() -> None:
    """Close what this process opened to make pages."""
    if store := _AT.pop("store", None):
        store.close()
    _AT.clear()


@contextmanager
def entered(workshop: Workshop) -> Iterator[None]:
    """Be in a workshop for a while."""
    enter(workshop)
    try:
        yield
    finally:
        leave()


def _shelf() -> Shelf:
    shelf: Shelf | None = _AT["workshop"].shelf
    if shelf is None:
        raise ArchiveError("pages are made when the archive is known")
    return shelf


# Pages of clippings


class Stretch(NamedTuple):
    """Clippings in a row that are counted together: their places in time, the path of the first for messages."""

    start: int
    stop: int
    first: str
    exporting: bool

    @property
    def places(self) -> range:
        """The places in time of its clippings."""
        return range(self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Item:
    """A clipping: its page, what that is known by, and which of its files are wanted."""

    path: str
    uri: str
    key: str
    markdown: bool
    html: bool

    @property
    def wanted(self) -> bool:
        """Whether any of its files is to be made."""
        return self.markdown or self.html


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch looked at: its clippings, what was worked out of each, and what is to be made.

    `settings` are those of the clippings that something is to be made of. `counted` is the file for their counts,
    `exported` that for what programs are given of them; whether they are wanted stands beside them.
    """

    items: tuple[Item, ...]
    looked: tuple[Looked, ...]
    settings: Mapping[str, Setting]
    counted: Path
    exported: Path
    counting: bool
    exporting: bool


class Done(NamedTuple):
    """What became of a stretch: what was worked out of each of its clippings, its files."""

    looked: tuple[Looked, ...]
    docs: list[Noted]
    site: list[Noted]
    counted: Path
    exported: Path


class Looked(NamedTuple):
    """A clipping among the others: its record, what its page and its texts are known by, what search and pages show.

    `told` is the digest of what pages that list it may tell about it.
    """

    path: str
    record: str
    key: str
    words: str
    head: search.Document
    told: str


def look(some: Stretch, shelf: Shelf, about: Site) -> Batch:
    """Return what is to be made of a stretch."""
    found: list[Looked] = []
    settings: dict[str, Setting] = {}
    for place in some.places:
        brief = shelf.archive.briefs[place]
        one = shelf.looked.get(brief.path)
        if one is None or one.record != shelf.keys[brief.path]:
            one, settings[brief.path] = _looked(place, shelf)
        found.append(one)
    words = digest(*(one.words for one in found))
    counted = shelf.batches / f"{words}.batch"
    exported = shelf.batches / f"{digest(words, repr(about))}.export"
    counting = not search.whole(counted)
    exporting = some.exporting and exported.stem not in shelf.exported and not _whole(exported)
    items: list[Item] = []
    for place, one in enumerate(found, some.start):
        uri = paths.page_file(one.head.url)
        html = shelf.html(uri, one.key)
        wanted = html is not None and not shelf.site.holds(*html)
        item = Item(one.path, uri, one.key, not shelf.docs.holds(uri, one.key), wanted)
        items.append(item)
        if not (counting or exporting or item.wanted):
            settings.pop(one.path, None)
        elif one.path not in settings:
            settings[one.path] = _setting(place, shelf)
    return Batch(tuple(items), tuple(found), settings, counted, exported, counting, exporting)


def _setting(place: int, shelf: Shelf) -> Setting:
    story = shelf.stories.get(shelf.archive.briefs[place].path, ())
    return pages.setting(shelf.archive, place, shelf.around, story)


def _looked(place: int, shelf: Shelf) -> tuple[Looked, Setting]:
    brief, setting = shelf.archive.briefs[place], _setting(place, shelf)
    record = shelf.keys[brief.path]
    words = digest(record, written(setting.told))
    looked = Looked(
        brief.path,
        record,
        digest(words, written(setting.around.told)),
        words,
        search.head(brief, setting),
        facts.of_clipping(brief, setting, shelf.archive),
    )
    return looked, setting


@dataclass(frozen=True, slots=True)
class Composed:
    """A page to write: its Markdown, itself with its text in HTML; None for what is there."""

    markdown: bytes | None = None
    page: Page | None = None
    text: str | None = None


def make(some: Stretch) -> Done:
    """Make the pages of a stretch, and count its words."""
    batch = look(some, _shelf(), _AT["workshop"].about)
    texts: list[search.Fields] = []
    exported: list[tuple[Setting, Record]] = []

    def composed() -> Iterator[Composed]:
        for item in batch.items:
            setting = batch.settings.get(item.path)
            if setting is None:
                yield Composed()
                continue
            record = record_of(item.path)
            if batch.counting:
                texts.append(search.fields(record[1], setting))
            if batch.exporting:
                exported.append((setting, record))
            yield _composed(item, setting, record)

    done = put(batch, composed())
    if batch.counting:
        write_whole(batch.counted, search.count(texts).saved())
    if batch.exporting:
        write_whole(batch.exported, _fragment(exported, _AT["workshop"].about))
    return done


def put(batch: Batch, composed: Iterable[Composed]) -> Done:
    """Write the pages of a batch where they are wanted, and return what became of it."""
    docs, site, shelf = [], [], _shelf()
    for item, one in zip(batch.items, composed, strict=True):
        if one.markdown is not None:
            folder.write(shelf.docs.path / item.uri, one.markdown)
        docs.append((item.uri, item.key, None if one.markdown is None else folder.contents(one.markdown)))
        if html := shelf.html(item.uri, item.key):
            site.append((*html, _write_html(one.page, one.text) if one.page and one.text is not None else None))
    return Done(batch.looked, docs, site, batch.counted, batch.exported)


def record_of(path: str) -> Record:
    """Return a clipping's record from the store; one that is damaged there is read again."""
    return records.kept(_AT["store"], path, _shelf().keys[path], _AT["workshop"].clippings)


def _composed(item: Item, setting: Setting, record: Record) -> Composed:
    if not item.wanted:
        return Composed()
    set_, _ = record
    page = pages.page(set_, setting)
    return Composed(
        _markdown(page) if item.markdown else None,
        page,
        prose.html(set_.paragraphs, set_.short_forms) if item.html else None,
    )


@dataclass(frozen=True, slots=True)
class Order:
    """Clippings with settings and records (as the store packs them); whether to count them, the site to export for."""

    items: tuple[tuple[Item, Setting, bytes], ...]
    counting: bool
    exporting: Site | None


def compose(order: Order) -> tuple[list[Composed], bytes | None, bytes | None]:
    """Compose pages, count their words, export them; nothing but the order has a say in it."""
    found = [(item, setting, records.unpickled(unpacked(data))) for item, setting, data in order.items]
    counts = [search.fields(texts, setting) for _, setting, (_, texts) in found] if order.counting else None
    exported = [(setting, record) for _, setting, record in found]
    return (
        [_composed(*one) for one in found],
        search.count(counts).saved() if counts is not None else None,
        _fragment(exported, order.exporting) if order.exporting else None,
    )


def _fragment(found: Sequence[tuple[Setting, Record]], site: Site) -> bytes:
    """Return what programs are given of some clippings, packed for the cache."""
    return packed(pickle.dumps(exports.fragment(_articles(found), site), pickle.HIGHEST_PROTOCOL))


def _articles(found: Iterable[tuple[Setting, Record]]) -> Iterator[exports.Article]:
    return ((pages.meta(set_, setting), paragraphs(set_)) for setting, (set_, _) in found)


def paragraphs(set_: galley.Galley) -> tuple[str, ...]:
    """Return the text of a clipping, paragraph by paragraph."""
    return tuple(part.text for part in set_.paragraphs)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of the cache, whole or not at all."""
    half = path.with_suffix(".half")
    half.write_bytes(data)
    half.replace(path)


def _whole(path: Path) -> bool:
    """Tell whether a file of the cache is there as it was written."""
    try:
        unpacked(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


# Pages that are no clipping's


Wanted = tuple[int, str | None]
"""A page to make, by its place among the plans, and what it is known by; None where only the page itself tells."""


Stood = tuple[list[Noted], list[Noted]]
"""What is of a page in the folder of Markdown, and in the site."""


def stands(shelf: Shelf, some: Stood) -> Stood | None:
    """Return what was there of a page, None where some of it is not there any more."""
    docs, site = some
    if not all(shelf.docs.holds(uri, key) for uri, key, _ in docs):
        return None
    return some if all(shelf.site.holds(name, key) for name, key, _ in site) else None


def standing(made: Stood) -> Stood:
    """Return what is there of a page once it has been made."""
    docs, site = made
    return [(uri, key, None) for uri, key, _ in docs], [(name, key, None) for name, key, _ in site]


def there(plan: Plan, key: str) -> Stood | None:
    """Return what is there of a page known by `key`, None if it is to be made."""
    shelf = _shelf()
    names = feeds.names(paths.page_url(plan.uri)) if plan.feeds else ()
    site: list[Noted] = [(name, _seen(key, _AT["about"]), None) for name in names]
    site += [(*html, None) for html in [shelf.html(plan.uri, key)] if html]
    return stands(shelf, ([(plan.uri, key, None)], site))


def shelve(some: Sequence[Wanted]) -> list[Stood]:
    """Make some of the shelf's pages with their feeds; return what is there of each."""
    return [_shelved(*one) for one in some]


def _shelved(place: int, known: str | None) -> Stood:
    shelf = _shelf()
    page = shelf.plans[place].make()
    key = known or digest(shelf.program, written(page.meta), page.body)
    docs = [shelf.docs.made(page.uri, key, partial(_markdown, page))]
    site = []
    for feed in shelf.feeds.of(page, shelf.listed):
        feed_key = _seen(key, _AT["about"]) if known else digest(shelf.program, feed.name, feed.told)
        site.append(shelf.site.made(feed.name, feed_key, feed.make))
    if html := shelf.html(page.uri, key):
        site.append((*html, None if shelf.site.holds(*html) else _write_html(page, "")))
    return docs, site


def _markdown(page: Page) -> bytes:
    return pages.markdown(page).encode()


def write_page(page: Page) -> Made:
    """Write the HTML of a page that has no text of its own."""
    return _write_html(page, "")


def _write_html(page: Page, content: str) -> Made:
    workshop: Workshop = _AT["workshop"]
    if workshop.frames is None:
        raise ArchiveError("no HTML is made without the theme")
    data = compact(workshop.frames.html(shown(page, content, workshop.about.url)))
    whole = data.encode("utf-8", "xmlcharrefreplace")
    folder.write(workshop.site / paths.html_file(page.uri), whole)
    return folder.contents(whole)


def shown(page: Page, content: str, site_url: str | None) -> Shown:
    """Return a page as templates see it."""
    url = paths.page_url(page.uri)
    title = page.meta.get("title")
    return Shown(url, page.meta, content, str(title) if title else None, f"{site_url}{url}" if site_url else None)


# Files for programs


@dataclass(frozen=True, slots=True)
class DataOrder:
    """The files for programs to make: for which key, where, and out of which stretches' fragments.

    `found` are the SHA-256 that the files there were found to have in this build, if any were looked at.
    """

    key: str
    at: Path
    stretches: tuple[tuple[Stretch, Path], ...]
    found: Mapping[str, str]


def make_data(order: DataOrder) -> list[exports.File]:
    """Make the files for programs."""
    shelf = _shelf()
    counts = {url: one.count for url, one in shelf.listed.items()}
    about: Site = _AT["workshop"].about
    parts = (writer.Part(path.stem, partial(_loaded, path, some)) for some, path in order.stretches)
    contents = exports.Contents(shelf.archive, parts, counts, about, shelf.manifest)
    return exports.write(order.at, order.key, contents, order.found)


def _loaded(path: Path, some: Stretch) -> writer.Fragment:
    """Return what programs are given of a stretch; where the cache does not have it, it is made."""
    try:
        made: writer.Fragment = pickle.loads(unpacked(path.read_bytes()))  # noqa: S301 - our own cache
    except (OSError, ValueError):
        shelf = _shelf()
        found = [(_setting(place, shelf), record_of(shelf.archive.briefs[place].path)) for place in some.places]
        made = exports.fragment(_articles(found), _AT["workshop"].about)
    return made
