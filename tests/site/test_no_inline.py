"""No page carries code or style of its own: a host may forbid both, and pages stay small."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import expect

POLICY = "default-src 'none'; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")
)
HEADER_HITS = "[data-quick-list] a[data-quick-hit]"


def _file(folder: Path, address: str) -> Path:
    path = folder / address
    return path / "index.html" if path.is_dir() else path


def _inline(found: Iterable) -> list[str]:
    """What of the elements holds code or style of its own."""
    wrong = []
    for element in found:
        data = element.attributes.get("type") in ("application/json", "application/ld+json")
        if element.name == "style" or (element.name == "script" and "src" not in element.attributes and not data):
            wrong.append(f"<{element.name}> {element.text[:60]}")
        for name, value in element.attributes.items():
            if name.startswith("on") or name == "style" or value.strip().lower().startswith("javascript:"):
                wrong.append(f'<{element.name} {name}="{value[:60]}">')
    return wrong


def test_no_code_and_no_style_in_the_page(kind: str, site, elements: Callable) -> None:
    """No script but by its address, data apart; no event handler, no style, neither element nor attribute."""
    assert not _inline(elements(_file(site.folder, kind).read_text(encoding="utf-8")))


def test_nor_in_what_the_header_search_fetches(site, elements: Callable) -> None:
    assert not _inline(elements((site.folder / "assets/tim-nhanh.txt").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "html",
    [
        "<script>let a</script>",
        "<script type=module>let a</script>",
        "<a onclick='a()'>",
        "<p style='color: red'>",
        "<style>p { color: red }</style>",
        "<a href=' javascript:a()'>",
    ],
)
def test_the_check_itself_sees_code_and_style(html: str, elements: Callable) -> None:
    assert len(_inline(elements(html))) == 1


@pytest.fixture(scope="module")
def strict(site, serve: Callable[[Path], str], kinds: dict, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the archive on a host that forbids all that does not come as a file from there."""
    folder = tmp_path_factory.mktemp("strict") / "site"
    shutil.copytree(site.folder, folder)
    for address in kinds.values():
        file = _file(folder, address)
        text = file.read_text(encoding="utf-8")
        assert "<head>" in text
        meta = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        file.write_text(text.replace("<head>", meta, 1), encoding="utf-8")
    return serve(folder)


@pytest.mark.browser
def test_pages_keep_to_a_strict_policy(kind: str, strict: str, look: Callable) -> None:
    """Nothing is refused: the visit itself fails on console errors. The script for light and dark has run."""
    page = look(strict + kind, color_scheme="dark")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.browser
def test_the_header_search_keeps_to_a_strict_policy(strict: str, look: Callable) -> None:
    page = look(strict)
    page.locator("[data-quick-input]").fill("cau giay")
    expect(page.locator(HEADER_HITS)).to_have_count(1)
