"""Runs MkDocs for the command line: which mkdocs.yml, which folders, what became of it.

A folder with its own mkdocs.yml is built by that file. Anywhere else the installed package brings its own: settings,
templates and the pages about the archive, so that a folder of clippings is all that is needed.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's notice about another program is no reader's business

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from build_tools.engine import Progress, Report
from build_tools.errors import ArchiveError

_PACKAGE = Path(__file__).resolve().parent
_SETTINGS = "mkdocs.yml"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one archive, all absolute; None means "as mkdocs.yml says"."""

    config: Path
    content: Path
    docs: Path | None
    site: Path | None
    markdown: Path
    bundled: bool

    @classmethod
    def of(cls, content: Path | None, site: Path | None, markdown: Path | None = None) -> Folders:
        """Work out the folders from what was asked for and from the working folder."""
        here = Path.cwd()
        own = here / _SETTINGS
        bundled = not own.is_file()
        config = _bundled() if bundled else own
        chosen = here / (content or "content")
        if content is None and not bundled:
            docs = None
        else:
            docs = pages if (pages := chosen / "pages").is_dir() else config.parent / "content" / "pages"
        return cls(
            config=config,
            content=chosen,
            docs=docs,
            site=here / (site or "site") if site or bundled else None,
            markdown=here / (markdown or Path("build", "docs")),
            bundled=bundled,
        )

    def overrides(self) -> dict[str, Any]:
        """Return the settings that stand in place of those in mkdocs.yml."""
        settings: dict[str, Any] = {}
        if self.docs:
            settings["docs_dir"] = str(self.docs)
        if self.site:
            settings["site_dir"] = str(self.site)
        if self.bundled:
            settings["hooks"] = [str(_PACKAGE / "hook.py")]
        return settings


def _bundled() -> Path:
    """Return the mkdocs.yml that the package brings: in a wheel beside the code, in a checkout one folder up."""
    for config in (_PACKAGE / "_project" / _SETTINGS, _PACKAGE.parent / _SETTINGS):
        if config.is_file():
            return config
    raise ArchiveError(f"{_SETTINGS}: neither here nor in the package (go to the archive's folder, or install again)")


class _Warnings(logging.Handler):
    """Shows MkDocs' warnings and errors, and counts them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        sys.stderr.write(f"{record.levelname.lower()}: {record.getMessage()}\n")


@contextmanager
def _mkdocs() -> Iterator[_Warnings]:
    """Show what MkDocs warns of, and turn its ways of giving up into our own error."""
    logger = logging.getLogger("mkdocs")
    warnings = _Warnings()
    logger.addHandler(warnings)
    try:
        yield warnings
    except Abort as error:
        if isinstance(error.__cause__, ArchiveError):
            raise error.__cause__ from None
        raise ArchiveError(str(error) or "MkDocs gave up (see above)") from error
    except MkDocsException as error:
        raise ArchiveError(f"MkDocs: {error}") from error
    finally:
        logger.removeHandler(warnings)


def _settings(folders: Folders) -> MkDocsConfig:
    config = load_config(str(folders.config), **folders.overrides())
    hooks: Any = config.hooks  # a mapping of names to modules, whatever its annotation says
    if not any(Path(str(hook.__file__)).name == "hook.py" for hook in hooks.values()):
        raise ArchiveError(f"{folders.config}: does not run the archive's hook (add  hooks: [build_tools/hook.py])")
    return config


TOLD = ("site_name", "site_url", "site_description", "site_author", "copyright")
"""What mkdocs.yml tells of an archive as a whole."""


def told(folders: Folders) -> dict[str, str]:
    """Return what mkdocs.yml tells of the archive, by the names in `TOLD`; what it does not tell is left out."""
    with _mkdocs():
        config = _settings(folders)
    return {name: str(config[name]) for name in TOLD if config[name]}


def site(
    folders: Folders,
    jobs: int | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
    *,
    drop: bool = False,
) -> tuple[Path, int, Report]:
    """Build the site; return its folder, how often MkDocs warned, and what was done."""
    reports: list[Report] = []
    with _mkdocs() as warnings:
        config = _settings(folders)
        config.extra["kho_bao"] = {
            **(config.extra.get("kho_bao") or {}),
            "content": str(folders.content),
            "markdown": str(folders.markdown),
            "jobs": jobs,
            "scheduler": scheduler,
            "progress": progress,
            "keep": reports.append,
            "drop": drop,
        }
        mkdocs_build(config)
        return Path(config.site_dir), warnings.count, reports[0]


def serve(folders: Folders, address: str | None = None) -> None:
    """Preview the archive in a browser, and build it anew at each change, until interrupted."""
    from mkdocs.commands.serve import serve as mkdocs_serve  # noqa: PLC0415 - a build needs no server

    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.INFO)
    with _mkdocs():
        config = _settings(folders)
        own = {"content": str(folders.content), "markdown": str(folders.markdown)}
        extra = {**config.extra, "kho_bao": {**(config.extra.get("kho_bao") or {}), **own}}
        news = logging.StreamHandler()
        news.addFilter(lambda record: record.levelno < logging.WARNING)
        logger.addHandler(news)
        overrides = {name: value for name, value in folders.overrides().items() if name != "site_dir"}
        if address:
            overrides["dev_addr"] = address
        mkdocs_serve(str(folders.config), extra=extra, **overrides)
