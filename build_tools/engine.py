"""The archive to files: every stage in processes, nothing done again that has not changed.

What depends on what, each step known by a digest of all that goes into it, never by time:

    program (code, vocabularies, versions)   every clipping's record
    clipping, its correction                 its record: a brief, its page as set, its texts (`Store`)
    all briefs                               addresses, identities, stories: each clipping's setting
    record, setting                          its Markdown; its texts in a counted batch
    Markdown, theme, mkdocs.yml              its HTML (`Folder`)
    what briefs show, the names in them      pages of clusters, conferences, people, and their feeds (`facts`)
    briefs                                   other index pages, each known by its front matter; feeds by their entries
    record, setting                          what programs are given of it, in batches; of all, the files in du-lieu/
    counted batches                          the shards of the search index, each named by its content

So a build after a change does what a clean build would, for what changed alone, and leaves the same bytes.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path

from build_tools import (
    dossier,
    folder,
    labels,
    near,
    pages,
    paths,
    search,
    sketch,
    survey,
    workshop,
)
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.build import TOGETHER, Source, chunks, clippings_folder, data_files, planned, told
from build_tools.cluster import Cluster
from build_tools.editions import manifest, promises, refusal
from build_tools.editions import pages as edition_pages
from build_tools.errors import ArchiveError
from build_tools.facts import Facts, Plan, digest, written
from build_tools.folder import Folder, Made, Noted
from build_tools.last import Last, likeness, remember, remembered
from build_tools.lock import Lock
from build_tools.model import Page, Problem, Withdrawn
from build_tools.outline import Outline
from build_tools.pool import Died, Pool, aside, can_fork, count, not_collecting, seldom_collecting
from build_tools.recall import Found, Recall, Together
from build_tools.records import Keyed, Read, again, kept, one_by_one, program, read_one, read_together
from build_tools.render import Frames
from build_tools.reuse import exports, feeds, pictures, sitemap, writer
from build_tools.reuse.plain import Site
from build_tools.settings import settings
from build_tools.store import Store, packed, unpacked
from build_tools.workshop import Batch, Composed, DataOrder, Done, Looked, Order, Shelf, Stretch, Wanted, Workshop

SHELVED_TOGETHER = 60
"""Index pages that a process makes at once."""

FEW = 150
"""Below so many clippings to read, or pages to make, one process does it sooner than several that begin first."""

SURVEYED = 500
"""Clippings from which on another process looks for what changed: fewer are looked at before it has begun."""

PATIENCE = 0.3
"""Seconds of making pages after which several processes begin, where they are worth it."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many things of how many are."""

previewing = False
"""Whether this process shows a preview, and builds anew at each change."""


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
    memory: Memory | None = None
    """What a preview has kept in memory of its last build."""


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


@dataclass(slots=True)
class _Articles:
    """What came of the clippings: what was worked out of each, in time order, the files of counts and exports."""

    looked: list[Looked] = field(default_factory=list)
    counted: list[Path] = field(default_factory=list)
    exported: list[tuple[Stretch, Path]] = field(default_factory=list)


@dataclass(slots=True)
class Memory:
    """What a preview keeps from build to build: what the store told of each clipping, the outline, the last build.

    `compared` is what comparing found, by a program.
    """

    briefs: Together = field(default_factory=dict)
    outline: Outline | None = None
    known: Last = field(default_factory=Last)
    compared: tuple[str, near.Known | None] = ("", None)


MEMORIES: dict[Path, Memory] = {}
"""Of this process, by the folder of the cache."""


def _paths(stories: near.Stories) -> list[list[str]]:
    return [[one.path for one in story] for story in stories]


class Build:
    """One build: first `read`, then `publish`."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.report = Report()
        self.clippings, self.prefix = clippings_folder(options.content)
        self.store = Store(options.cache / "records.sqlite")
        self.outline = Outline("", self.prefix, ())
        self.stories: near.Stories = ()
        self.keys: dict[str, str] = {}
        self.plans: tuple[Plan, ...] = ()
        self.editions = manifest.Editions()
        self.edition: edition_pages.State | None = None
        self.withdrawn: list[Withdrawn] = []
        self.cluster = Cluster(options.scheduler, program) if options.scheduler else None
        self._last = Last()
        self._known = Last()
        self._sums: dict[str, str] = {}
        self._outlined = options.memory.outline if options.memory else None
        self._workshop = Workshop(self.clippings, self.store.path, Path(), Path(), None, Site())

    @property
    def archive(self) -> Archive:
        """The clippings in order, named and addressed."""
        return self.outline.archive

    @cached_property
    def program(self) -> str:
        """The digest of all that reads clippings, as it is when this build first asks."""
        return program()

    @cached_property
    def _recall(self) -> Recall:
        return Recall(self.options.cache / "briefs.bin", self.program)

    @property
    def _at_hand(self) -> Together | None:
        return self.options.memory.briefs if self.options.memory else None

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.report.seconds[name] = self.report.seconds.get(name, 0) + time.perf_counter() - begin

    @not_collecting()
    def read(self) -> None:
        """Read every clipping that changed, and work out what the archive is."""
        problems: list[Problem] = []
        with self._stage("read"):
            self.editions = manifest.load(self.options.content)
            briefs = self._briefs(problems)
        with self._stage("identify"):
            clippings = self.program, self.prefix, briefs, self.editions, self.withdrawn
            self.outline = self._outlined.of(*clippings) if self._outlined else Outline(*clippings)
            lost = self._lost(problems)
        with self._stage("compare"):
            compared = self._compared(briefs)
            self.stories, problems = compared.stories, [*problems, *compared.problems()]
        self.report.problems = (*told(problems, self.outline.collisions, self.prefix, empty=not briefs), *lost)
        self.report.clippings = len(self.archive.briefs)
        with self._stage("list pages"):
            self.plans = self.outline.plans
            self._editions()
        self.report.pages = len(self.archive.briefs) + len(self.plans) + 1
        if self.options.memory:
            self.options.memory.outline = self.outline

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
            urls = map(paths.page_url, self.uris())
            now = promises.now(self.archive, urls)
            self.report.promise = promises.Promise(self.editions, self.editions.last, now, self._manifest)

    def _of_last(self) -> Last:
        """Return what the last build worked out of an archive like this; nothing where names collide.

        Only where clippings have the addresses that they ask for, or an edition gave them, is what is shown of them
        told by themselves.
        """
        if self.outline.collisions:
            return Last()
        like = likeness(self.program, self.outline.shapes, self.outline.around_them, _paths(self.stories))
        memory = self.options.memory
        if memory and memory.known.likeness == like:
            return memory.known
        return Last.of(self._left, like)

    @property
    def _left(self) -> Path:
        return self.options.cache / "looked.bin"

    def unlisted(self) -> set[str]:
        """Return the Markdown files of pages that no map of the site names."""
        return {page.uri for page in edition_pages.ends(self.archive.ends)}

    def _briefs(self, problems: list[Problem]) -> list[Brief]:
        known, unchanged = self.store.keys(), set[str]()
        order = survey.Order(self.clippings, self.program, known, FEW)
        recalled, changes, changed = self._surveyed(order) if self._worth_a_survey(known) else ({}, None, [])
        if changes:
            self.withdrawn = changes.withdrawn
            problems += changes.problems
            unchanged |= known.keys() - changes.lost
            read: Iterable[Read] = self._added(changed)
        else:
            progress = partial(self.options.progress, "reading clippings")
            read = self._read(survey.changed(order, unchanged, problems, self.withdrawn, progress))
        found: dict[str, Found] = {}
        for done in read:
            problems += done.problems
            if done.small:
                self.keys[done.path] = done.key
                found[done.path] = pickle.loads(unpacked(done.small))  # noqa: S301 - our own process'
        recalled = recalled or self._recall.of(self.store, known, self._at_hand)
        for name, one in recalled.items():
            if name in unchanged:
                self.keys[name] = known[name]
                found[name] = one
                problems += one[1]
        for name in sorted(unchanged - found.keys()):  # what the store had of it is damaged
            found_again = again(self.clippings, name)
            if isinstance(found_again, Source):
                done = read_one(found_again, known[name])
                self.store.add([(name, done.key, done.small, done.large)])
                self.keys[name] = done.key
                found[name] = pickle.loads(unpacked(done.small))  # noqa: S301 - our own, just now
                problems += done.problems
        self.store.drop(known.keys() - self.keys.keys())
        self.store.save()
        together = {name: (self.keys[name], one) for name, one in found.items()}
        self._recall.keep(together, changed=self.report.read)
        if self.options.memory:
            self.options.memory.briefs = together
        return [one for one, _ in found.values()]

    def _worth_a_survey(self, known: dict[str, str]) -> bool:
        return len(known) >= SURVEYED and can_fork() and count(self.options.jobs) > 1 and not self.cluster

    def _surveyed(self, order: survey.Order) -> tuple[dict[str, Found], survey.Changes | None, list[Read]]:
        """Have another process look for what changed; recall meanwhile what was known, and outline it as it was."""
        recalled, changes, changed = dict[str, Found](), None, list[Read]()
        with suppress(Died), aside(_look, (order, self._data_folder)) as told:
            recalled = self._recall.of(self.store, order.known, self._at_hand)
            for one in told:
                if isinstance(one, survey.Seen):
                    self.options.progress("reading clippings", one.number, one.total)
                    if self._outlined is None and one.published == len(recalled):
                        self._outlined = self._outline_before(recalled, one.withdrawn)
                elif isinstance(one, survey.Changes):
                    changes = one
                elif isinstance(one, Read):
                    changed.append(one)
                else:
                    self._sums = one
            return recalled, changes, changed
        return recalled, None, []

    def _outline_before(self, recalled: dict[str, Found], withdrawn: Sequence[Withdrawn]) -> Outline:
        """Work out what the archive was before this change, for it may well be so after it."""
        briefs = [brief for brief, _ in recalled.values()]
        outline = Outline(self.program, self.prefix, briefs, self.editions, withdrawn)
        outline.fill()
        return outline

    def _read(self, changed: Iterator[Keyed]) -> Iterator[Read]:
        few = list(islice(changed, FEW))
        together = chunks(chain(few, changed), TOGETHER)
        with Pool(1 if len(few) < FEW else self.options.jobs) as pool:
            each = self.cluster.each if self.cluster else pool.each
            for several in each(read_together, together, one_by_one):
                yield from self._added(several)

    def _added(self, several: list[Read]) -> list[Read]:
        """Return what was read, when it is in the store."""
        self.store.add((done.path, done.key, done.small, done.large) for done in several if done.small)
        self.store.save()  # what has been read need not be read again if this is broken off
        self.report.read += len(several)
        return several

    def _compared(self, briefs: Iterable[Brief]) -> near.Compared:
        """Compare the texts of clippings; those that were so at the last build are not compared again."""
        at, memory = self.options.cache / "compared.bin", self.options.memory or Memory()
        program, before = memory.compared
        if program != self.program:
            before = remembered(at, self.program)
        compared = near.compared(briefs, self._text, before)
        memory.compared = self.program, compared.known
        if compared.known and (compared.known != before or not at.is_file()):
            remember(at, self.program, compared.known)
        return compared

    def _text(self, path: str) -> str:
        set_, _ = kept(self.store, path, self.keys[path], self.clippings)
        return sketch.folded(set_.body)

    def uris(self) -> Iterator[str]:
        """Yield the Markdown files of all generated pages."""
        yield from (paths.page_file(self.archive.addresses.article(one)) for one in self.archive.briefs)
        yield from (plan.uri for plan in self.plans)
        yield paths.page_file(paths.DATA)

    def pages_for(self, wanted: Callable[[str], bool]) -> Iterator[Page]:
        """Yield the pages whose Markdown files are wanted."""
        for position, one in enumerate(self.archive.briefs):
            if wanted(paths.page_file(self.archive.addresses.article(one))):
                setting = pages.setting(self.archive, position, self.outline.around, self._told_by.get(one.path, ()))
                set_, _ = kept(self.store, one.path, self.keys[one.path], self.clippings)
                yield pages.page(set_, setting)
        for plan in self.plans:
            if wanted(plan.uri):
                if plan.uri not in self.outline.overviews:
                    self.outline.overviews[plan.uri] = plan.make()
                yield self.outline.overviews[plan.uri]
        if wanted(paths.page_file(paths.DATA)):
            yield exports.page(self._data_at_once())

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
        self._last = self._of_last()
        shelf = Shelf(
            self.archive,
            self.outline.around,
            self._told_by,
            self.keys,
            self._last.looked,
            self.plans,
            docs,
            out,
            self._batches,
            theme,
            frozenset(files) if frames else None,
            feeds.Feeds(self.archive, self.options.site),
            self.outline.listed,
            self.program,
            exports.parts(self._data_folder),
            self._manifest,
        )
        self._workshop = Workshop(
            self.clippings, self.store.path, docs.path, out.path, frames, self.options.site, shelf
        )
        try:
            with Pool(self._jobs(), workshop.enter, self._workshop) as pool, workshop.entered(self._workshop):
                pool.patience = PATIENCE if self.report.read < FEW else 0
                data = self._data_there()
                with self._stage("articles"):
                    made = self._articles(shelf, pool, exporting=data is None)
                if self.report.read >= FEW:
                    pool.rest()  # what the next pages take would stand beside what these made it take
                begun = None if data is not None else self._data(made.exported, pool)
                with self._stage("index pages"):
                    self._shelve(shelf, made.looked, pool)
                if begun and self.report.read >= FEW:
                    with self._stage("data"):
                        data = begun()
                if data is not None:
                    pool.rest()
                with self._stage("search"):
                    self._search(out, [one.head for one in made.looked], made.counted, pool)
                with self._stage("data"):
                    self._for_programs(shelf, data or (begun() if begun else []))
        except Died as error:
            raise ArchiveError(
                f"{_told(error.task)}: {error} (try again, with --jobs 1 if it happens again)"
            ) from error
        with self._stage("close folders"):
            if self._known.likeness:
                self._known.save(self._left, self._last)
                if self.options.memory:
                    self.options.memory.known = self._known
            for name, path in files.items():
                out.put(name, path.read_bytes())
            for name, make in data_files().items():
                out.take(out.made(name, self.program, make))
            self.report.removed = len(out.finish())
            docs.finish()
            self.report.changed, self.report.files = len(out.changed), out.files()
            for file in set(self._batches.glob("*")) - {*made.counted, *(path for _, path in made.exported)}:
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
    def _data_folder(self) -> Path:
        return self.options.cache / "data"

    @property
    def _batches(self) -> Path:
        return self.options.cache / "batches"

    def _ledger(self, path: Path) -> Path:
        return self.options.cache / "ledgers" / f"{digest(path.resolve().as_posix())}.bin"

    def _articles(self, shelf: Shelf, pool: Pool, *, exporting: bool) -> _Articles:
        """Make what is not there of the clippings' pages, counts and, where they are wanted, exports."""
        made = _Articles()
        self._batches.mkdir(parents=True, exist_ok=True)
        some = [
            Stretch(some.start, some.stop, self.archive.briefs[some.start].path, exporting)
            for some in search.batches(self.archive.addresses.article(one) for one in self.archive.briefs)
        ]
        each = self._made_elsewhere(self.cluster, shelf, some) if self.cluster else pool.each(workshop.make, some)
        for stretch, done in zip(some, each, strict=True):
            made.looked += done.looked
            made.counted.append(done.counted)
            made.exported.append((stretch, done.exported))
            for noted in done.docs:
                shelf.docs.take(noted)
            for noted in done.site:
                shelf.site.take(noted)
            self.options.progress("making pages", stretch.stop, self.report.pages)
        return made

    def _made_elsewhere(self, cluster: Cluster, shelf: Shelf, some: list[Stretch]) -> Iterator[Done]:
        """Have pages composed and counted by the cluster, and write them here."""
        asked: deque[Batch] = deque()

        def orders() -> Iterator[Order]:
            for stretch in some:
                batch = workshop.look(stretch, shelf, self.options.site)
                asked.append(batch)
                yield Order(
                    tuple(
                        (item, batch.settings[item.path], packed(pickle.dumps(workshop.record_of(item.path))))
                        for item in batch.items
                        if item.path in batch.settings
                    ),
                    batch.counting,
                    self.options.site if batch.exporting else None,
                )

        for composed, counts, exported in cluster.each(workshop.compose, orders()):
            batch = asked.popleft()
            if batch.counting and counts:
                workshop.write_whole(batch.counted, counts)
            if batch.exporting and exported:
                workshop.write_whole(batch.exported, exported)
            made = iter(composed)
            yield workshop.put(
                batch, (next(made) if item.path in batch.settings else Composed() for item in batch.items)
            )

    def _shelve(self, shelf: Shelf, looked: Sequence[Looked], pool: Pool) -> None:
        """Make what is not there of the pages that are no clipping's, and their feeds."""
        last = self._last
        known = {one.path: one for one in looked}
        keys, told = last.keys, {path: one.told for path, one in known.items()}
        if told != last.told() or len(keys) != len(self.plans):
            facts = Facts(told)
            keys = [digest(self.program, plan.told(facts)) if plan.told else None for plan in self.plans]
        given = None if shelf.given is None else sorted(shelf.given)
        frame = digest(shelf.theme, written(given), repr(self.options.site))
        stood = {**last.stood} if last.frame == frame else {}
        wanted: list[Wanted] = []

        def take(docs: Iterable[Noted], site: Iterable[Noted]) -> None:
            for noted in docs:
                shelf.docs.take(noted)
            for noted in site:
                shelf.site.take(noted)

        for place, (plan, key) in enumerate(zip(self.plans, keys, strict=True)):
            before = stood.get(place)
            found = workshop.there(plan, key) if key else before and workshop.stands(shelf, before)
            if found:
                take(*found)
            else:
                wanted.append((place, key))
        done = self.report.pages - len(wanted) - 1
        some = list(chunks(wanted, SHELVED_TOGETHER))
        for part, made in zip(some, pool.each(workshop.shelve, some), strict=True):
            for (place, key), now in zip(part, made, strict=True):
                take(*now)
                if not key:
                    stood[place] = workshop.standing(now)
            done += len(part)
            self.options.progress("making pages", done, self.report.pages)
        self._known = Last(last.likeness, known, keys, frame, stood)

    def _data_there(self) -> list[exports.File] | None:
        """Return the files for programs if no clipping has changed since they were made.

        A preview goes on with those of its first build: they are all made anew, however little changes.
        """
        at = self._data_folder
        return exports.kept(at, self._data_key()) or (exports.kept(at, None) if previewing else None)

    def _data(self, stretches: Sequence[tuple[Stretch, Path]], pool: Pool) -> Callable[[], list[exports.File]]:
        """Begin to make the files for programs."""
        return pool.begin(
            workshop.make_data, DataOrder(self._data_key(), self._data_folder, tuple(stretches), self._sums)
        )

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
        at, key = self._data_folder, self._data_key()
        counts = {url: one.count for url, one in self.outline.listed.items()}
        some = chunks(self._exported(), SHELVED_TOGETHER)
        parts = (writer.Part("", partial(exports.fragment, part, self.options.site)) for part in some)
        return exports.kept(at, key) or exports.write(
            at, key, exports.Contents(self.archive, parts, counts, self.options.site, self._manifest)
        )

    def _exported(self) -> Iterator[exports.Article]:
        found = settings(self.archive, self.stories, self.outline.histories)
        for one, setting in zip(self.archive.briefs, found, strict=True):
            set_, _ = kept(self.store, one.path, self.keys[one.path], self.clippings)
            yield pages.meta(set_, setting), workshop.paragraphs(set_)

    @cached_property
    def _told_by(self) -> dict[str, Sequence[Brief]]:
        """All clippings that tell the story of each, by its path."""
        return {one.path: story for story in self.stories for one in story}

    def _for_programs(self, shelf: Shelf, files: list[exports.File]) -> None:
        """Put the files for programs in place with their page; where the site's address is known, pictures too."""
        site, out = self.options.site, shelf.site
        page = exports.page(files)
        markdown = pages.markdown(page).encode()
        shelf.docs.put(page.uri, markdown)
        html = shelf.html(page.uri, digest(markdown))
        if html and not out.current(*html):
            out.note(*html, workshop.write_page(page))
        for one in files:
            name = f"{paths.DATA}{one.name}"
            if not out.current(name, one.sha256):
                folder.copy(self._data_folder / one.name, out.path / name)
                out.note(name, one.sha256, Made(one.bytes, one.sha256))
        if site.url is not None:
            self._for_other_sites(site, out)

    def _for_other_sites(self, site: Site, out: Folder) -> None:
        """Put in place what others ask for by the site's address: its search, the pictures of clusters."""
        from build_tools.reuse import drawing  # noqa: PLC0415 - most sites are built without an address

        out.put("opensearch.xml", sitemap.opensearch(site, labels.text("search.description")))
        shown = {paths.HOME: site.name} | {
            self.archive.addresses.clusters[key]: dossier.cluster_title(name)
            for key, name in self.archive.cluster_names.items()
        }
        made_with = digest(site.name, drawing.made_with(), self.program)
        for url, title in sorted(shown.items()):
            name = pictures.NAME if url == paths.HOME else f"{url}{pictures.NAME}"
            key = digest(title, made_with)
            if not out.current(name, key):
                data = drawing.drawn(title, site.name)
                folder.write(out.path / name, data)
                out.note(name, key, folder.contents(data))

    def _search(self, out: Folder, heads: list[search.Document], counted: list[Path], pool: Pool) -> None:
        def key(name: str) -> str:  # a name tells the content; how that is packed, the program has a say in
            return f"{self.program}{name}"

        known = frozenset(name for name in out.known(search.FOLDER) if out.holds(name, key(name)))
        there = search.There(known, self.options.cache / "merged.bin", self.program, self._last.likeness)
        for name, data in search.merged(heads, counted, pool.each, there=there):
            if data is None:
                out.current(name, key(name))
            elif name == search.MANIFEST:
                out.put(name, data)
            elif not out.current(name, key(name)):
                folder.write(out.path / name, data)
                out.note(name, key(name), folder.contents(data))


def _look(what: tuple[survey.Order, Path], tell: Callable[[survey.Told | dict[str, str]], None]) -> None:
    """Look at clippings, and at the files for programs, which are to be what they were when they were written."""
    order, data = what
    if survey.survey(order, tell):
        tell(exports.sums(data))


def _told(task: object) -> str:
    """Return what a task was about, for messages."""
    if isinstance(task, Stretch):
        return f"{task.first} and the {task.stop - task.start - 1:,} clippings after it"
    if isinstance(task, list):
        return "index pages"
    return "the files for programs" if isinstance(task, DataOrder) else "the search index"
