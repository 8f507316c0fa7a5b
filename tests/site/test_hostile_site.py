"""Clippings that try to break out: what they hold comes out as text, wherever it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from playwright.sync_api import expect

CASES = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text(encoding="utf-8"))
ALERT = re.compile(r"alert\(|evil\.example")


def _plain(text: str) -> str:
    """Fold white space and drop the invisible, as a reader sees it."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


def _address(folder: Path, name: str) -> str:
    """The address of the article made from the file of this name."""
    return next(path for path in folder.glob(f"bai/*/{name}/")).relative_to(folder).as_posix() + "/"


def test_every_hostile_clipping_is_published(hostile_site) -> None:
    """Nothing is lost: an article for every file, the one with the hostile name too."""
    clippings = list((hostile_site.folder.parent / "content" / "clippings").glob("*.txt"))
    assert len(list(hostile_site.folder.glob("bai/*/*/index.html"))) == len(clippings)
    assert {path.parent.name for path in hostile_site.folder.glob("bai/*/*/index.html")} >= set(CASES)


def test_no_element_or_attribute_comes_from_a_clipping(hostile_site, elements: Callable) -> None:
    """No handler attribute, no javascript: link, no outside address, no script, style or frame of a clipping's."""
    found = []
    for page in sorted(hostile_site.folder.rglob("*.html")):
        for element in elements(page.read_text(encoding="utf-8")):
            bad = [n for n in element.attributes if n.startswith("on") or n == "srcdoc"]
            links = [element.attributes.get(n, "") for n in ("href", "src", "action", "data")]
            bad += [link for link in links if link.lower().startswith("javascript:") or "evil.example" in link]
            data = element.attributes.get("type") in ("application/json", "application/ld+json")
            if element.name == "script" and not data and ALERT.search(element.text):
                bad.append("script")
            if element.name in ("iframe", "svg") and "onload" in element.attributes:
                bad.append(element.name)
            if element.name == "style" and "display:none}" in element.text and "body{display" in element.text:
                bad.append("style")
            found += [f"{page.relative_to(hostile_site.folder)}: {element.name}: {what}" for what in bad]
    assert not found, "\n".join(found)


@pytest.mark.browser
@pytest.mark.parametrize("name", CASES)
def test_hostile_text_is_shown_as_text(name: str, hostile_site, look: Callable) -> None:
    """Headline, <title> and text show what the clipping says, letter by letter; no dialog, no error, no request."""
    case = CASES[name]
    page = look(hostile_site.url + _address(hostile_site.folder, name))
    if "title" in case:
        title, heading = _plain(case["title"]), _plain(page.locator("h1").first.inner_text())
        assert heading.casefold()[: len(title)] == title.casefold()
        assert _plain(page.title())[: len(title)] == title
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    shown = _plain(page.locator("main").inner_text())
    missing = [text for text in case["text"] if _plain(text).casefold() not in shown.casefold()]
    assert not missing, f"not shown: {missing}\nshown: {shown[:3000]}"


@pytest.mark.browser
def test_five_thousand_marks_stay_in_their_place(hostile_site, look: Callable) -> None:
    """A tower of combining marks is kept in the text and does not cover the page or widen it."""
    page = look(hostile_site.url + _address(hostile_site.folder, "combining"), viewport={"width": 390, "height": 844})
    assert "câu vẫn đi tiếp đến hết" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.parametrize("address", ["", "cum/", "nam/", "nam/2021/", "nguon/", "nguon/chua-ro/"])
def test_lists_show_hostile_headlines_as_text(address: str, hostile_site, look: Callable) -> None:
    """The lists hold hostile headlines and names too; a word without spaces does not widen a phone's page."""
    page = look(hostile_site.url + address, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if address == "nam/2021/":
        shown = _plain(page.locator("main").inner_text()).casefold()
        assert '<script>alert("tit")</script>' in shown
        assert "{{ config }} {{ 7 * 7 }}" in shown


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("alert", '<script>alert("tit")</script>'),
        ("onerror", "<img src=x onerror=alert("),
        ("config", "{{ config }}"),
        ("javascript", "javascript:alert("),
        ("entity", "&lt;img src=x onerror"),
    ],
)
def test_search_results_show_hostile_text_as_text(query: str, expected: str, hostile_site, look: Callable) -> None:
    """The header search and the search page print it; they do not run it."""
    page = look(hostile_site.url)
    page.locator("[data-quick-input]").fill(query)
    results = page.locator("[data-quick-list]")
    expect(results.locator("a").first).to_be_visible()
    quick = results.inner_text()
    assert results.locator("script, img, svg[onload], iframe, [onerror], a[href^='javascript']").count() == 0

    page.goto(f"{hostile_site.url}tim-kiem/?q={quote(query)}")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    listed = page.locator("[data-search-results]")
    expect(listed.locator("[data-search-snippet]").first).not_to_be_empty()
    assert expected in _plain(quick + listed.inner_text())
    assert listed.locator("script, img, iframe, [onerror], a[href^='javascript']").count() == 0


@pytest.mark.browser
def test_a_hostile_query_is_text_too(hostile_site, look: Callable) -> None:
    """Words in the address or in the box are never markup."""
    attack = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ config }}'
    page = look(f"{hostile_site.url}tim-kiem/?q={quote(attack)}")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    assert page.locator("main input[name=q]").input_value() == attack
    page.goto(hostile_site.url)
    page.locator("[data-quick-input]").fill(attack)
    page.wait_for_timeout(500)
    assert page.locator("img[onerror]").count() == 0


def test_front_matter_keeps_hostile_values(hostile_site) -> None:
    """The generated Markdown's front matter reads back to what the clipping says."""
    metas = {}
    for path in (hostile_site.docs / "bai").rglob("*.md"):
        _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
        metas[path.stem if path.stem != "index" else path.parent.name] = yaml.safe_load(front)
    assert metas["script"]["title"].startswith('<script>alert("tit")</script>')
    assert metas["hieu-dinh"]["byline"] == '<script>alert("byline")</script>'
    assert metas["hieu-dinh"]["corrected"]
    assert all(isinstance(meta["title"], str) and meta["template"] == "kb-article.html" for meta in metas.values())
