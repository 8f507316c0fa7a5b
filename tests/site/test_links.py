"""Every internal link and anchor of the built sites leads somewhere, and the HTML is sound."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from justhtml import JustHTML

BASE = "http://site.invalid/"
NAMED = {"canonical", "cite-as", "schema.DC", "schema.DCTERMS"}
"""What a link says of the page; a browser fetches nothing for it."""
POINTERS = {
    "a": "href",
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "form": "action",
    "use": "href",
}


@pytest.fixture(params=["site", "hostile_site"])
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of a built site."""
    return request.getfixturevalue(request.param).folder


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def _address(folder: Path, page: Path) -> str:
    return BASE + page.relative_to(folder).as_posix().removesuffix("index.html")


def test_links_and_anchors_lead_somewhere(folder: Path, elements: Callable) -> None:
    """A link without a host ends at a file of the site, and its anchor at an id of that page."""
    read = {page: list(elements(page.read_text(encoding="utf-8"))) for page in _pages(folder)}
    anchors = {
        page: {e.attributes.get("id") or e.attributes.get("name") for e in found} for page, found in read.items()
    }
    broken = []
    for page, found in read.items():
        for element in found:
            target = element.attributes.get(POINTERS.get(element.name, ""))
            if target is None or target.startswith(("data:", "mailto:")):
                continue
            link = urlsplit(urljoin(_address(folder, page), target))
            if not link.geturl().startswith(BASE):
                continue
            file = folder / unquote(link.path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                broken.append(f"{page.relative_to(folder)}: {target}")
            elif link.fragment and file in anchors and unquote(link.fragment) not in {*anchors[file], "top"}:
                broken.append(f"{page.relative_to(folder)}: {target}: no such anchor")
    assert not broken, "\n".join(broken)


def test_nothing_is_loaded_from_another_host(folder: Path, elements: Callable) -> None:
    """No page and no style sheet names a script, style, font or image of another host."""
    outside = re.compile(r"^(?:https?:)?//")
    found = [
        f"{page.relative_to(folder)}: {target}"
        for page in _pages(folder)
        for element in elements(page.read_text(encoding="utf-8"))
        if element.name in POINTERS and element.name != "a" and element.attributes.get("rel") not in NAMED
        if outside.match(target := element.attributes.get(POINTERS[element.name], ""))
    ]
    for sheet in sorted(folder.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        found += [f"{sheet.name}: {url}" for url in re.findall(r"url\([\"']?((?:https?:)?//[^)]+)", text)]
    assert not found, "\n".join(found)


def test_every_page_is_reachable_from_the_home_page(folder: Path, elements: Callable) -> None:
    """A reader who only follows links from the home page finds every page but the one for missing pages."""
    waiting, seen = [folder / "index.html"], set()
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for element in elements(page.read_text(encoding="utf-8")):
            link = urlsplit(urljoin(_address(folder, page), element.attributes.get("href", "")))
            if element.name != "a" or not link.geturl().startswith(BASE):
                continue
            target = folder / unquote(link.path).lstrip("/")
            target = target / "index.html" if target.is_dir() else target
            if target.suffix == ".html" and target.is_file():
                waiting.append(target)
    assert set(_pages(folder)) - seen == {folder / "404.html"}


def test_ids_are_unique_on_their_page(folder: Path, elements: Callable) -> None:
    """An id twice on a page makes an anchor ambiguous."""
    twice = []
    for page in _pages(folder):
        count = Counter(e.attributes["id"] for e in elements(page.read_text(encoding="utf-8")) if "id" in e.attributes)
        twice += [f"{page.relative_to(folder)}: {name}" for name, times in count.items() if times > 1]
    assert not twice, "\n".join(twice)


def test_html_parses_without_errors(folder: Path) -> None:
    """The pages follow the HTML standard's grammar."""
    errors = Counter()
    example = {}
    for page in _pages(folder):
        for error in JustHTML(page.read_text(encoding="utf-8"), collect_errors=True, sanitize=False).errors:
            errors[error.code] += 1
            example.setdefault(error.code, f"{page.relative_to(folder)}: {error}")
    assert not errors, "\n".join(f"{code}: {count} times, e.g. {example[code]}" for code, count in errors.items())


def test_every_page_has_language_title_and_one_main_heading(folder: Path, elements: Callable) -> None:
    """Each page says that it is Vietnamese, has a title of its own and one h1."""
    titles, wrong = Counter(), []
    for page in _pages(folder):
        found = list(elements(page.read_text(encoding="utf-8")))
        language = next(e.attributes.get("lang") for e in found if e.name == "html")
        title = next(e.text.strip() for e in found if e.name == "title")
        titles[title] += 1
        if language != "vi" or not title or sum(e.name == "h1" for e in found) != 1:
            wrong.append(f"{page.relative_to(folder)}: lang={language} title={title!r}")
    assert not wrong, "\n".join(wrong)
    assert all(count == 1 for title, count in titles.items()), titles.most_common(3)
