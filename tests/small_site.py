"""A site of two articles with a true index, made in no time: what is published in tests that are not about building."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from build_tools import folder
from build_tools.publishing.publication import Built
from build_tools.search import index
from build_tools.search.documents import Document

PAGE = """<!doctype html><html lang="vi"><head><title>{title}</title></head>
<body><h1 id="top">{title}</h1><p id="edition">{edition}</p><p><a href="{link}">link</a></p></body></html>
"""
TITLES = {"bai/mot/": "Tổng kết Cụm 5", "bai/hai/": "Ký giao ước thi đua"}


@cache
def files(edition: str) -> Mapping[str, bytes]:
    """Return the files of an edition; all of them say which it is."""
    documents = [Document(url, title, (f"{title} {edition}",)) for url, title in TITLES.items()]
    pages = {
        f"{url}index.html": PAGE.format(title=title, edition=edition, link="../../#edition")
        for url, title in TITLES.items()
    }
    home = PAGE.format(title="Kho", edition=edition, link="bai/mot/#top")
    made = {"index.html": home, **pages, "du-lieu.json": json.dumps(edition)}
    return {name: text.encode() for name, text in made.items()} | dict(index.files(documents))


def builder(edition: str, cache_folder: Path, **changed: str) -> Callable[[Path], Built]:
    """Return what fills a folder with an edition as the engine does; `changed` are texts of pages that are not so."""

    def build(site: Path) -> Built:
        out = folder.Folder(site, cache_folder / "ledger.bin")
        for name, data in files(edition).items():
            out.put(name, data)
        for name, text in changed.items():
            out.put(f"{name}.html", text.encode())
        out.finish()
        return Built(None, cache_folder, files=out.files())

    return build


def seen(site: Path) -> str | None:
    """Return which edition readers see, None when there is none.

    Raises:
        AssertionError: they see a part of one, or of two.
    """
    if not site.is_dir():
        return None
    edition = json.loads((site / "du-lieu.json").read_bytes())
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    found.pop(folder.MARKER)
    compressed = [name for name in found if name.endswith(".gz")]
    expected = files(edition)
    assert sorted(found.keys() - compressed) == sorted(expected)
    assert all(found[name].read_bytes() == data for name, data in expected.items())
    return str(edition)
