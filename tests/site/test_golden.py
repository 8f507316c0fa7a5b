"""All that is generated from the five clippings, compared with tests/golden; `make golden` writes that anew."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
HASH = re.compile(r"\.[0-9a-f]{8}\.")
MADE_HERE = re.compile(r'"bytes": ?\d+, ?"sha256": ?"[0-9a-f]+"')
"""Of files whose bytes the versions of SQLite and zlib have a say in, on the page that lists them."""


def _markdown(folder: Path) -> dict[str, str]:
    texts = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.md"))}
    return texts | {name: MADE_HERE.sub("", text) for name, text in texts.items() if name == "du-lieu.md"}


def _own_files(folder: Path) -> list[str]:
    """The site's files, without those that the theme brings (another version of it brings others)."""
    spec = find_spec("material")
    assert spec
    assert spec.origin
    theme = Path(spec.origin).parent / "templates"
    names = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file())
    return [HASH.sub(".HASH.", name) for name in names if not (theme / name).exists()]


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether the expected files are to be written anew."""
    return request.config.getoption("--refresh-golden")


def test_generated_markdown(site, refresh: bool) -> None:
    """Every generated page, byte for byte."""
    if refresh:
        shutil.rmtree(GOLDEN / "docs", ignore_errors=True)
        for name, text in _markdown(site.docs).items():
            (GOLDEN / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / "docs" / name).write_text(text, encoding="utf-8", newline="\n")
    expected, found = _markdown(GOLDEN / "docs"), _markdown(site.docs)
    assert sorted(found) == sorted(expected)
    for name, text in found.items():
        assert text == expected[name], f"{name} changed; if on purpose: make golden, and read the diff"


def test_site_files(site, refresh: bool) -> None:
    """Every file of the site but the theme's."""
    listed = "\n".join(_own_files(site.folder)) + "\n"
    if refresh:
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / "site.txt").write_text(listed, encoding="utf-8", newline="\n")
    assert listed.splitlines() == (GOLDEN / "site.txt").read_text(encoding="utf-8").splitlines()
