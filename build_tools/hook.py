"""MkDocs events: reads the archive before MkDocs reads its pages, and fills the site when MkDocs has made its own.

With this in `hooks:`, `mkdocs build` and `mkdocs serve` do the whole job; `kho-bao` runs MkDocs with the same hook.
MkDocs makes the hand-written pages, the overviews in the navigation and all files of the theme, in a folder of its own
in the cache. The clippings' pages and the index pages, thousands of them, are made by the same templates (`render`), in
several processes, and only when they changed. Where something else has a say in every page, a plugin or a Markdown
extension, MkDocs makes them all.

Settings stand in `extra: kho_bao:` of mkdocs.yml: `content` (the content folder, else the parent of docs_dir) and
`markdown` (where generated Markdown goes, else build/docs), both relative to mkdocs.yml.
"""

# ruff: noqa: ARG001 - MkDocs gives every event its arguments by name
from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mkdocs
from jinja2 import FileSystemLoader
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import get_build_datetime, get_relative_url, normalize_url

try:
    from build_tools import engine, gz, handwritten, pages, paths, prose, records
except ModuleNotFoundError as error:  # only the dependencies are installed: the package stands beside this file
    if error.name != "build_tools":
        raise
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from build_tools import engine, gz, handwritten, pages, paths, prose, records
from build_tools.errors import ArchiveError
from build_tools.facts import digest
from build_tools.lock import Lock
from build_tools.model import Problem
from build_tools.render import Frames, compact, compiled, tune
from build_tools.reuse import sitemap
from build_tools.reuse.plain import Site

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page as MkDocsPage

log = logging.getLogger("mkdocs.hooks.kho_bao")

_OVERVIEWS = frozenset(map(paths.page_file, (paths.HOME, paths.CLUSTERS, paths.YEARS, paths.SOURCES, paths.SEARCH)))
"""The generated pages that may stand in the navigation. With articles in it, the build would be quadratic."""

EXTENSIONS = ("attr_list", "abbr")
"""What the generated Markdown needs to be read; added to a mkdocs.yml that does not name them."""

TEMPLATES = ("assets/stylesheets/kb-all.css", "assets/tim-nhanh.txt")
"""Files of the theme that are templates: what every page asks for, whatever mkdocs.yml says."""

PAGE_EVENTS = ("env", "pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")
"""Where others than this hook listen to these, every page goes through MkDocs."""

_ELSEWHERE = frozenset(
    {"config_file_path", "docs_dir", "site_dir", "hooks", "plugins", "theme", "extra", "mdx_configs"}
)
"""Settings that have no say in how a page looks, or are told in another way."""

SITEMAP = "sitemap.xml"

MAX_LISTED = 20
"""Problems shown in one build; `kho-bao check` shows them all."""


@dataclass(slots=True)
class _State:
    """What one build's events tell each other; every build starts with a new one."""

    build: engine.Build | None = None
    site: Path = Path()
    stage: Path = Path()
    pages: Path = Path()
    """The folder of hand-written pages; MkDocs may be given a copy of it."""
    alone: bool = True
    """Whether MkDocs was called by itself, so that nobody turns errors into sentences."""
    plain: bool = False
    """Whether nothing but this hook has a say in the pages."""
    env: Environment | None = None
    nav: Navigation | None = None
    files: list[File] = field(default_factory=list)
    metas: dict[str, dict[str, object]] = field(default_factory=dict)
    """The front matter of the generated pages that MkDocs makes."""
    locks: list[Lock] = field(default_factory=list)
    maps: list[sitemap.Map] = field(default_factory=list)


_STATE = _State()


def _build() -> engine.Build:
    if _STATE.build is None:
        raise Abort("MkDocs did not call on_config first")
    return _STATE.build


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a preview: MkDocs loads this file anew for each build of it."""
    engine.previewing = command == "serve"


def on_config(config: MkDocsConfig) -> None:
    """Find the folders; MkDocs calls this first in every build."""
    settings: dict[str, Any] = config.extra.get("kho_bao") or {}
    root = Path(config.config_file_path or ".").resolve().parent
    config.markdown_extensions += [name for name in EXTENSIONS if name not in config.markdown_extensions]
    config.theme.static_templates.update(TEMPLATES)
    _STATE.plain, _STATE.alone = _plain(config), not settings.get("keep")
    content = root / (settings.get("content") or Path(config.docs_dir).parent)
    markdown = root / (settings.get("markdown") or "build/docs")
    options = engine.Options(
        content, markdown, markdown.parent / "cache", settings.get("jobs"), settings.get("scheduler")
    )
    # A preview stands in a folder that is there at its next start: MkDocs' own is a new one each time.
    _STATE.site = options.cache / "preview" if engine.previewing else Path(config.site_dir).resolve()
    options.progress = settings.get("progress") or options.progress
    options.site = _site(config)
    options.drop = engine.previewing or bool(settings.get("drop"))
    if engine.previewing:
        options.memory = engine.MEMORIES.setdefault(options.cache, engine.Memory())
    try:
        _STATE.locks.append(engine.locked(options, _waiting()))
        _STATE.build = engine.Build(options)
        _refuse_shared(_STATE.site, _STATE.build.clippings, markdown)
    except ArchiveError as error:
        raise Abort(str(error)) from error
    if keep := settings.get("keep"):
        keep(_STATE.build.report)
    _STATE.stage, _STATE.pages = options.cache / "stage", Path(config.docs_dir)
    config.site_dir = str(_STATE.stage)


def _site(config: MkDocsConfig) -> Site:
    return Site(config.site_name, config.site_url or None)


def _plain(config: MkDocsConfig) -> bool:
    """Whether the pages can be made without MkDocs; say why when they cannot."""
    own = {event: [method for method in config.plugins.events[event] if not _ours(method)] for event in PAGE_EVENTS}
    others = sorted({getattr(method, "__module__", "?") for methods in own.values() for method in methods})
    more = sorted(set(config.markdown_extensions) - prose.EXTENSIONS)
    reason = ", ".join(others or more) or ("" if config.use_directory_urls else "use_directory_urls: false")
    if reason:
        log.info("every page goes through MkDocs, which takes its time, for mkdocs.yml has: %s", reason)
    return not reason


def _ours(method: object) -> bool:
    return getattr(method, "__globals__", {}).get("__file__") == __file__


def _refuse_shared(site: Path, *others: Path) -> None:
    """Refuse a site folder that shares its place with another: it is emptied of what the build did not make."""
    for other in (path.resolve() for path in others):
        if other.is_relative_to(site) or site.is_relative_to(other):
            raise ArchiveError(f"{site}: shares its place with {other} (choose another site folder)")


def on_pre_build(config: MkDocsConfig) -> None:
    """Read the archive, before MkDocs empties its folder."""
    build = _build()
    try:
        records.refresh()
        _STATE.locks.append(engine.claim(_STATE.site, _waiting()))
        build.read()
    except ArchiveError as error:
        raise Abort(str(error)) from error
    if not _STATE.pages.is_relative_to(Path(engine.__file__).parent):  # those of the package are not links of a user
        pages, problems = handwritten.copied(_STATE.pages, build.options.cache / "pages")
        config.docs_dir = str(pages)
        build.report.problems += problems
    config.theme.get_env = partial(_env, config.theme.get_env)  # type: ignore[method-assign]
    if not (config.extra.get("kho_bao") or {}).get("keep"):
        _list(build.report.problems)


class _Loader(FileSystemLoader):
    """Finds templates, but lists none in hidden folders: Material has 14,000 icons there, which MkDocs leaves out."""

    def list_templates(self) -> list[str]:
        found = set()
        for place in map(Path, self.searchpath):
            for folder, folders, names in os.walk(place, followlinks=self.followlinks):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found |= {(Path(folder).relative_to(place) / name).as_posix() for name in names}
        return sorted(found)


def _env(make: Callable[[], Environment]) -> Environment:
    """Return the theme's templates, found as fast as those that MkDocs asks for can be."""
    env = make()
    if type(env.loader) is FileSystemLoader:
        env.loader = _Loader(env.loader.searchpath, env.loader.encoding, env.loader.followlinks)
    return env


def _list(problems: tuple[Problem, ...]) -> None:
    """List problems as information: as warnings they would fail `mkdocs build --strict`."""
    for problem in problems[:MAX_LISTED]:
        log.info("%s", problem)
    if len(problems) > MAX_LISTED:
        log.info("… and %d more (see: kho-bao check)", len(problems) - MAX_LISTED)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages that MkDocs makes; a hand-written page at the same address wins."""
    build = _build()
    linked = {name for file in files.documentation_pages() for name in _NAMES.findall(file.content_string)}
    taken = {file.dest_uri: file.src_uri for file in files}
    for uri in build.uris():
        if own := taken.get(paths.html_file(uri)):
            log.info("%s: stands in place of a generated page", own)
        elif _STATE.plain and uri not in _OVERVIEWS and uri.rsplit("/", 1)[-1] in linked:
            files.append(_Linked(config, uri))

    def wanted(uri: str) -> bool:
        return (not _STATE.plain or uri in _OVERVIEWS) and paths.html_file(uri) not in taken

    for page in build.pages_for(wanted):
        # MkDocs reads YAML slowly: the front matter is there already, see `on_page_markdown`.
        head = {name: page.meta[name] for name in ("template", "title")}
        file = File.generated(config, page.uri, content=pages.markdown(replace(page, meta=head)))
        _STATE.metas[page.uri] = page.meta
        file.edit_uri = None
        if page.uri not in _OVERVIEWS:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(file)
    return files


_NAMES = re.compile(r"[^\s/()<>\[\]\"'#?]+")
"""What links have at their end: names of files, among all the words of a text."""


class _Linked(File):
    """A generated page that a hand-written one may lead to: MkDocs knows its address, and makes nothing of it."""

    def __init__(self, config: MkDocsConfig, uri: str) -> None:
        html = paths.html_file(uri)
        super().__init__(uri, None, config.site_dir, config.use_directory_urls, dest_uri=html)

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:
        pass


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Keep the navigation for the pages that MkDocs does not make."""
    _STATE.nav = nav


@event_priority(-100)
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Keep the templates for the pages that MkDocs does not make."""
    env.globals["kb_edition"] = _build().edition
    env.bytecode_cache = compiled(_build().options.cache / "templates", _build().program)
    _STATE.env, _STATE.files = tune(env), list(files.documentation_pages())
    env.globals["kb_preview"] = engine.previewing
    return env


@event_priority(100)
def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
    """Give a generated page its front matter, before anybody else reads it."""
    page.meta.update(_STATE.metas.get(page.file.src_uri, {}))


def on_template_context(context: dict[str, Any], template_name: str, config: MkDocsConfig) -> dict[str, Any]:
    """Give the site map its parts."""
    if template_name == SITEMAP and _STATE.build:
        own = {str(file.url) for file in _STATE.files}
        made = {paths.page_url(uri) for uri in _STATE.build.uris()}
        unlisted = {paths.page_url(uri) for uri in _STATE.build.unlisted()}
        urls = ("." if url in ("", "./") else url for url in (own | made) - unlisted)
        _STATE.maps = sitemap.maps(_site(config), set(urls), _STATE.build.outline.newest_days)
        context["kb_maps"] = _STATE.maps
    return context


def on_post_page(output: str, page: object, config: MkDocsConfig) -> str:
    """Leave out the white space of templates."""
    return compact(output)


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Fill the site: MkDocs' own files, the other pages, the search index, the files for programs."""
    build = _build()
    for file in _STATE.stage.glob(f"{SITEMAP}.gz"):  # MkDocs' tells the time in it
        file.write_bytes(gz.packed((_STATE.stage / SITEMAP).read_bytes()))
    for part in _STATE.maps:
        (_STATE.stage / part.name).write_bytes(part.data)
    frames = Frames(_STATE.env, partial(_context, config)) if _STATE.plain and _STATE.env else None
    try:
        build.publish(_STATE.site, _theme(config), frames, _STATE.stage)
    except ArchiveError as error:
        raise Abort(str(error)) from error
    finally:
        _free()
        config.site_dir, config.docs_dir = str(_STATE.site), str(_STATE.pages)


def on_build_error(error: Exception) -> None:
    """Let go of what the build held; what the system refuses is one sentence."""
    if _STATE.build:
        _STATE.build.close()
    _free()
    if _STATE.alone and isinstance(error, OSError):
        raise Abort(f"{error.filename or 'the system'}: {error.strerror or error}") from error


def _waiting() -> Callable[[str], None] | None:
    """Return whom to tell of a wait for another build: a preview waits for its turn, a build does not."""
    return log.info if engine.previewing else None


def _free() -> None:
    while _STATE.locks:
        _STATE.locks.pop().free()


def _context(config: MkDocsConfig, url: str) -> dict[str, Any]:
    """Return what templates know besides the page, as MkDocs gives it."""
    base_url = get_relative_url(".", url)
    return {
        "nav": _STATE.nav,
        "pages": _STATE.files,
        "base_url": base_url,
        "extra_css": [normalize_url(path, base=base_url) for path in config.extra_css],
        "extra_javascript": [normalize_url(str(script), base=base_url) for script in config.extra_javascript],
        "mkdocs_version": mkdocs.__version__,
        "build_date_utc": get_build_datetime(),
        "config": config,
    }


def _theme(config: MkDocsConfig) -> str:
    """Return a digest of all that has a say in how a page looks: settings, navigation, templates, versions."""
    said = {name: value for name, value in config.items() if name not in _ELSEWHERE}
    said |= {"theme": dict(config.theme), "extra": {n: value for n, value in config.extra.items() if n != "kho_bao"}}
    parts = [json.dumps(said, default=str, sort_keys=True), config.theme.name or "", str(_STATE.nav)]
    parts += [os.environ.get("SOURCE_DATE_EPOCH", ""), _build().program, str(engine.previewing)]
    parts.append(repr(_build().edition))
    own = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    for file in sorted(own.rglob("*")) if own else ():
        name = file.relative_to(own).as_posix() if own else ""
        if file.is_file() and not name.startswith("assets/"):  # any of them may be part of a template
            parts += [name, hashlib.sha256(file.read_bytes()).hexdigest()]
    return digest(*parts)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Rebuild when a clipping, a vocabulary or a template changes; never for what the build itself writes."""
    server.root = str(_STATE.site)
    server.error_handler = partial(_error_page, _STATE.site)
    data = Path(engine.__file__).parent / "data"
    for folder in (_build().options.content, data, Path(config.theme.custom_dir or "")):
        if folder.is_dir() and folder != Path():
            server.watch(str(folder))
    return server


def _error_page(site: Path, code: int) -> bytes | None:
    page = site / f"{code}.html"
    return page.read_bytes() if page.is_file() else None
