"""MkDocs events: builds the archive before MkDocs reads its pages, and gives it the generated ones.

With this in `hooks:`, `mkdocs build` and `mkdocs serve` do the whole job. `kho-bao` runs MkDocs with the same hook
and hands it the result it already has. Settings stand in `extra: kho_bao:` of mkdocs.yml: `content` (the content
folder, else the parent of docs_dir) and `markdown` (where generated Markdown goes, else build/docs), both relative
to mkdocs.yml.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel

try:
    from build_tools import abbreviations, build, paths, vocab
except ModuleNotFoundError as error:  # only the dependencies are installed: the package stands beside this file
    if error.name != "build_tools":
        raise
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from build_tools import abbreviations, build, paths, vocab
from build_tools.errors import ArchiveError
from build_tools.model import Problem

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks.kho_bao")

_OVERVIEWS = frozenset(map(paths.page_file, (paths.HOME, paths.CLUSTERS, paths.YEARS, paths.SOURCES, paths.SEARCH)))
"""The generated pages that may stand in the navigation. With articles in it, the build would be quadratic."""

EXTENSIONS = ("attr_list", "abbr")
"""What the generated Markdown needs to be read; added to a mkdocs.yml that does not name them."""

MAX_LISTED = 20
"""Problems shown in one build; `kho-bao check` shows them all."""


@dataclass(slots=True)
class _State:
    """What one build's events tell each other; every build starts with a new one."""

    content: Path = Path()
    markdown: Path = Path()
    result: build.Result | None = None


_STATE = _State()


def on_config(config: MkDocsConfig) -> None:
    """Find the folders; MkDocs calls this first in every build."""
    settings: dict[str, Any] = config.extra.get("kho_bao") or {}
    root = Path(config.config_file_path or ".").resolve().parent
    _STATE.content = root / (settings.get("content") or Path(config.docs_dir).parent)
    _STATE.markdown = root / (settings.get("markdown") or "build/docs")
    _STATE.result = settings.get("result")
    config.markdown_extensions += [name for name in EXTENSIONS if name not in config.markdown_extensions]


def on_pre_build(config: MkDocsConfig) -> None:
    """Build the archive and write its Markdown, before MkDocs empties the site folder."""
    try:
        _claim(Path(config.site_dir).resolve())
        if _STATE.result is None:
            vocab.load.cache_clear()
            abbreviations.load.cache_clear()
            _STATE.result = build.build(_STATE.content)
            _list(_STATE.result.problems)
        build.write(_STATE.result.pages, _STATE.markdown)
    except ArchiveError as error:
        raise Abort(str(error)) from error


def _list(problems: tuple[Problem, ...]) -> None:
    """List problems as information: as warnings they would fail `mkdocs build --strict`."""
    for problem in problems[:MAX_LISTED]:
        log.info("%s", problem)
    if len(problems) > MAX_LISTED:
        log.info("… and %d more (see: kho-bao check)", len(problems) - MAX_LISTED)


def _claim(site: Path) -> None:
    """Mark the site folder as ours; refuse one that holds anything and has no mark, for MkDocs empties it."""
    marker = site / build.MARKER
    clippings = build.clippings_folder(_STATE.content)[0].resolve()
    for folder in (clippings, _STATE.markdown.resolve()):
        if folder.is_relative_to(site) or site.is_relative_to(folder):
            raise ArchiveError(f"{site}: shares its place with {folder} (choose another site folder)")
    try:
        if not marker.exists() and site.exists() and any(site.iterdir()):
            remedy = f"remove it, choose another, or put an empty file {build.MARKER} into it if it may be emptied"
            raise ArchiveError(f"{site}: is not empty and was not built by kho-bao ({remedy})")
        site.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError as error:
        raise ArchiveError(f"{error.filename}: {error.strerror} (choose another site folder)") from error


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages; a hand-written page at the same address wins."""
    taken = {file.dest_uri: file.src_uri for file in files}
    for page in _STATE.result.pages if _STATE.result else ():
        file = File(page.uri, str(_STATE.markdown), config.site_dir, config.use_directory_urls)
        file.edit_uri = None
        if file.dest_uri in taken:
            log.info("%s: stands in place of a generated page", taken[file.dest_uri])
            continue
        if page.uri not in _OVERVIEWS:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        files.append(file)
    return files


@event_priority(100)
def on_page_context(context: dict[str, Any], page: Page, **_: object) -> dict[str, Any]:
    """Keep Material's search from reading pages: the index comes from the clippings themselves."""
    page.meta["search"] = {"exclude": True}
    return context


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Write both search indexes, over the one that Material's plugin has just written, and the files for programs."""
    if _STATE.result is None:
        return
    site = Path(config.site_dir)
    for name, text in {**build.search_files(_STATE.result), **build.data_files()}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Rebuild when a clipping, a vocabulary or a template changes; never for what the build itself writes."""
    data = Path(build.__file__).parent / "data"
    for folder in (_STATE.content, data, Path(config.theme.custom_dir or "")):
        if folder.is_dir() and folder != Path():
            server.watch(str(folder))
    return server
