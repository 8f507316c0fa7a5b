"""Same clippings, same bytes: on another machine, in another folder, on another day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)}


@pytest.fixture(scope="module")
def again(run: Callable, project: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A second build of the same clippings where everything that may vary does; gives site and Markdown."""
    copy = project()
    content = tmp_path_factory.mktemp("elsewhere") / "noi dung"
    (copy / "content").rename(content)
    out = tmp_path_factory.mktemp("again") / "kết quả"
    done = run(
        *("build_tools", "build", "--site", out, "--content", content),
        cwd=copy,
        PYTHONHASHSEED="4242",
        TZ="Asia/Ho_Chi_Minh",
        LC_ALL="C",
        LANG=None,
        COLUMNS="40",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out, copy / "build" / "docs"


def test_two_builds_are_equal_byte_for_byte(site, again: tuple[Path, Path]) -> None:
    """Hash seed, time zone, locale, folder and content folder leave no trace in the site."""
    first, second = _digests(site.folder), _digests(again[0])
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_generated_markdown_is_equal_too(site, again: tuple[Path, Path]) -> None:
    """The Markdown on disk is the same as well."""
    assert _digests(site.docs) == _digests(again[1])


def test_nothing_tells_when_or_where_it_was_built(site) -> None:
    """No file holds today's date, and none a path of the machine that built it."""
    today = datetime.now(UTC).date().isoformat()
    place = re.compile(re.escape(today) + "|" + re.escape(str(site.project)) + "|" + re.escape(str(site.folder)))
    texts = (p for p in site.folder.rglob("*") if p.suffix in {".html", ".xml", ".json", ".txt", ".js", ".css"})
    assert [str(p) for p in texts if place.search(p.read_text(encoding="utf-8"))] == []


def test_a_second_build_in_place_changes_nothing(run: Callable, site) -> None:
    """Building again into the same folder leaves the same bytes."""
    before = _digests(site.folder), _digests(site.docs)
    done = run("build_tools", "build", "--site", site.folder, "--content", "content", cwd=site.project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (_digests(site.folder), _digests(site.docs)) == before
