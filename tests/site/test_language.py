"""The site speaks Vietnamese: no English word is left for the reader, not even in a label for the blind."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# English words that a Vietnamese page has no use for; those spelt like a Vietnamese word (in, an, to, on, the) are not
# in the file.
ENGLISH = frozenset(Path(__file__).with_name("english.txt").read_text(encoding="utf-8").split())
COLLECT = """root => {
    const texts = [document.title];
    for (const e of document.querySelectorAll('[aria-label],[title],[placeholder],[alt],[aria-description]')) {
        for (const a of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) {
            if (e.hasAttribute(a)) texts.push(e.getAttribute(a));
        }
    }
    for (const m of document.querySelectorAll('meta[name=description], meta[property^="og:"]')) {
        if (!/locale|type|url|image/.test(m.getAttribute('property') || '')) texts.push(m.content);
    }
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        if (!n.parentElement.closest('script, style, template, noscript')) texts.push(n.textContent);
    }
    return texts.map(t => t.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


@pytest.fixture(scope="session")
def clipped(root: Path) -> frozenset[str]:
    """The words of the clippings themselves: newspapers print "View count"."""
    texts = [p.read_text(encoding="utf-8") for p in (root / "content" / "clippings").rglob("*.txt")]
    return frozenset(re.findall(r"[a-z]+", " ".join(texts).lower()))


@pytest.fixture(scope="session")
def theme_phrases() -> frozenset[str]:
    """The English of Material's interface."""
    spec = find_spec("material")
    assert spec
    assert spec.origin
    source = Path(spec.origin).parent / "templates" / "partials" / "languages" / "en.html"
    phrases = re.findall(r'":\s*"([^"]+)"', source.read_text(encoding="utf-8"))
    return frozenset(p.lower() for p in phrases if " " in p or p[0].isupper())


def _english(texts: list[str], clipped: frozenset[str], phrases: frozenset[str]) -> list[str]:
    unwanted = ENGLISH - clipped
    return [
        text
        for text in texts
        if text.lower() in phrases or unwanted & set(re.findall(r"(?<![\w/.-])[a-z]+(?![\w/@-])", text.lower()))
    ]


def _check(page: Page, clipped: frozenset[str], phrases: frozenset[str]) -> None:
    found = _english(page.evaluate(COLLECT), clipped, phrases)
    assert not found, found


def test_no_english_on_any_kind_of_page(kind: str, site, look: Callable, clipped, theme_phrases) -> None:
    """Text, titles, labels and descriptions are Vietnamese."""
    page = look(site.url + kind)
    assert page.locator("html").get_attribute("lang") == "vi"
    _check(page, clipped, theme_phrases)


@pytest.mark.parametrize("query", ["cau giay", "công an", "khôngcótừnày"])
def test_no_english_in_the_header_search(query: str, site, look: Callable, clipped, theme_phrases) -> None:
    """Nor with results, with many, with none."""
    page = look(site.url)
    page.locator("[data-quick-input]").fill(query)
    page.wait_for_timeout(700)
    _check(page, clipped, theme_phrases)


@pytest.mark.parametrize("query", ["cau giay", "công an", "khôngcótừnày", ""])
def test_no_english_on_the_search_page(query: str, site, look: Callable, clipped, theme_phrases) -> None:
    """Nor on the search page after its answer."""
    page = look(f"{site.url}tim-kiem/?q={query}")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    _check(page, clipped, theme_phrases)


def test_the_check_itself_sees_english(clipped, theme_phrases) -> None:
    """A check that finds nothing must be able to find something."""
    texts = ["Back to top", "Trang chủ", "3 results", "Tổng kết", "Skip to content", "Bá Hiển – Table of contents"]
    assert _english(texts, clipped, theme_phrases) == [texts[0], texts[2], texts[4], texts[5]]
