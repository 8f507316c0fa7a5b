"""Every page says what it may load and run, keeps to it, and hosts are told the same."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
REPORT = """
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    violated(`${location.pathname}: ${violatedDirective}: ${blockedURI}`)
  })
"""


@pytest.fixture
def refused() -> list[str]:
    """What the policy of the pages that `strictly` opened has refused."""
    return []


@pytest.fixture
def strictly(browser: Browser, refused: list[str]) -> Iterator[Callable[[str], Page]]:
    """Open an address and listen for what its policy, or that of a page behind it, refuses."""
    with browser.new_context(locale="vi-VN") as context:
        context.set_default_timeout(60_000)
        context.expose_function("violated", lambda said: refused.append(said))  # noqa: PLW0108 - Playwright marks it
        context.add_init_script(REPORT)

        def open_page(url: str) -> Page:
            page = context.new_page()
            page.goto(url, wait_until="networkidle")
            return page

        yield open_page


def test_each_page_has_the_policy_before_all_that_it_loads(site) -> None:
    said = set()
    for page in sorted(site.folder.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        found = META.search(text)
        assert found, page
        assert not re.search(r"<(?:script|link|style)\b", text[: found.start()]), page
        said.add(found[1])
    (policy,) = said
    assert policy.startswith("default-src 'self'; ")
    assert not re.search(r"unsafe|https?:|\*|data:|blob:", policy)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["home", "article", "cluster", "search", "missing"])
def test_a_page_asks_for_nothing_that_its_policy_refuses(
    name: str, kinds: dict, site, strictly: Callable, refused: list[str]
) -> None:
    strictly(site.url + kinds[name])
    assert refused == []


@pytest.mark.browser
def test_the_search_page_and_the_lit_article_keep_to_it(site, strictly: Callable, refused: list[str]) -> None:
    page = strictly(f"{site.url}tim-kiem/?q=cau+giay")
    hit = page.locator("[data-search-hit]").first
    expect(hit).to_be_visible()
    hit.click()
    page.wait_for_url("**/bai/**tim=**", wait_until="networkidle")
    assert refused == []


@pytest.mark.browser
def test_the_header_search_keeps_to_it(site, strictly: Callable, refused: list[str]) -> None:
    page = strictly(site.url)
    page.locator("[data-quick-input]").fill("cau giay")
    expect(page.locator("[data-quick-list] a[data-quick-hit]")).to_have_count(1)
    assert refused == []


@pytest.mark.browser
def test_the_listener_hears_of_what_is_refused(site, strictly: Callable, refused: list[str]) -> None:
    page = strictly(site.url)
    page.evaluate("document.body.setAttribute('onclick', 'globalThis.ran = true'); document.body.click()")
    page.evaluate("globalThis.told = fetch('https://site.invalid/').catch(() => null)")
    page.wait_for_timeout(200)
    assert len(refused) == 2
    assert page.evaluate("globalThis.ran") is None


@pytest.mark.slow
@pytest.mark.browser
def test_a_preview_has_none_and_reloads(project: Callable[[], Path], browser: Browser) -> None:
    """MkDocs puts a script of its own into each page of a preview, which the policy would refuse."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    home = project()
    command = [sys.executable, "-m", "build_tools", "serve", "--address", address]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with browser.new_context() as context:
                page = context.new_page()
                _open(page, f"http://{address}/gioi-thieu/", process)
                assert page.locator("meta[http-equiv]").count() == 0
                about = home / "content" / "pages" / "gioi-thieu.md"
                about.write_text(about.read_text(encoding="utf-8") + "\nVừa thêm.\n", encoding="utf-8")
                expect(page.get_by_text("Vừa thêm.")).to_be_visible()
        finally:
            process.terminate()


def _open(page: Page, address: str, process: subprocess.Popen[bytes]) -> None:
    """Open an address once somebody answers there."""
    end = time.monotonic() + 120
    while True:
        try:
            page.goto(address)
        except Error:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.2)
        else:
            return
