"""The header's search and the search page, as a Vietnamese reader types; and the keyboard."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
CAU_GIAY = "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/"
DONG_DA = "bai/2020/ky-giao-uoc-cum-6-ha-noi/"
LAO_CAI = "bai/2017/tong-ket-cum-2-bo-cong-an/"
HAI_PHONG = "bai/2022/tong-ket-cum-1-bo-cong-an/"
FIRST = [
    ("cau giay", CAU_GIAY),
    ("Cầu Giấy", CAU_GIAY),
    ("lao cai", LAO_CAI),
    ("Lào Cai", LAO_CAI),
    ("số 09", CAU_GIAY),
    ("2022", HAI_PHONG),
    ("đống đa", DONG_DA),
    ("dong da", DONG_DA),
]
RESULTS = "[data-quick-list] a[data-quick-hit]"
HITS = "[data-search-results] a[data-search-hit]"


def _paths(page: Page, links: str, site_url: str) -> list[str]:
    """The pages that results lead to, best first, each once."""
    hrefs = page.locator(links).evaluate_all("links => links.map(link => link.href)")
    return list(dict.fromkeys(href.removeprefix(site_url).partition("#")[0].partition("?")[0] for href in hrefs))


def _ask(page: Page, query: str) -> None:
    page.locator("[data-quick-input]").fill(query)
    expect(page.locator("[data-quick-said]")).to_contain_text("bài.")
    expect(page.locator(RESULTS).first).to_be_visible()


@pytest.mark.parametrize(("query", "first"), FIRST)
def test_header_search_puts_the_right_clipping_first(query: str, first: str, site, look: Callable) -> None:
    """What readers type finds what they mean, with accents or without."""
    page = look(site.url)
    _ask(page, query)
    assert _paths(page, RESULTS, site.url)[0] == first


@pytest.mark.parametrize("query", ["cau giay", "Cầu Giấy", "CẦU GIẤY", unicodedata.normalize("NFD", "Cầu Giấy")])
def test_header_search_finds_exactly_the_one_clipping(query: str, site, look: Callable) -> None:
    """All words are asked for, so nothing but the clipping on Cầu Giấy is listed; an NFD query counts the same."""
    page = look(site.url)
    _ask(page, query)
    assert _paths(page, RESULTS, site.url) == [CAU_GIAY]


@pytest.mark.parametrize(("query", "first"), FIRST)
def test_search_page_runs_the_query_of_its_address(query: str, first: str, site, look: Callable) -> None:
    """`/tim-kiem/?q=` answers at once, best first, and says how many there are."""
    page = look(f"{site.url}tim-kiem/?q={quote(query)}")
    status = page.locator("[data-search-status]")
    expect(status).to_have_attribute("data-state", "ready")
    assert status.get_attribute("aria-live")
    assert page.locator(HITS).count() == int(status.get_attribute("data-total"))
    assert _paths(page, HITS, site.url)[0] == first


def test_search_page_finds_exactly_the_one_clipping(site, look: Callable) -> None:
    """The search page asks for all words too."""
    page = look(f"{site.url}tim-kiem/?q=cau+giay")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-total", "1")
    assert _paths(page, HITS, site.url) == [CAU_GIAY]


def test_search_page_says_when_there_is_nothing(site, look: Callable) -> None:
    """No result is a result: ready, none."""
    page = look(f"{site.url}tim-kiem/?q=kh%C3%B4ngc%C3%B3t%E1%BB%ABn%C3%A0y")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-total", "0")
    assert page.locator(HITS).count() == 0


def test_search_page_typing_and_following_a_result(site, visit: Callable) -> None:
    """A reader types, presses Enter, and follows the first result with the keyboard."""
    page = visit(f"{site.url}tim-kiem/")
    page.locator("main input[name=q]").fill("dong da")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=dong+da")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    expect(page.locator(HITS).first).to_be_visible()
    page.locator(HITS).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{DONG_DA}**")


def test_home_search_box_leads_to_the_search_page(site, visit: Callable) -> None:
    """The box on the home page sends its words to /tim-kiem/."""
    page = visit(site.url)
    page.locator("main input[name=q]").fill("lào cai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=*")
    expect(page.locator("[data-search-status]")).to_have_attribute("data-state", "ready")
    assert _paths(page, HITS, site.url)[0] == LAO_CAI


def test_skip_link_is_the_first_stop_and_leads_to_the_text(site, visit: Callable) -> None:
    """The first Tab reaches the skip link; Enter on it moves on into the page's text."""
    page = visit(site.url + CAU_GIAY)
    page.keyboard.press("Tab")
    skip = page.locator("a.kb-skip")
    expect(skip).to_be_focused()
    target = skip.get_attribute("href")
    page.keyboard.press("Enter")
    assert target
    assert target.startswith("#")
    assert page.locator(f"main {target}, main:has({target})").count() >= 1


def test_slash_focuses_the_search_and_escape_leaves_it(site, visit: Callable) -> None:
    """`/` opens the header search, Escape closes it."""
    page = visit(site.url + CAU_GIAY)
    query = page.locator("[data-quick-input]")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    expect(query).to_be_focused()
    assert query.input_value() == ""
    page.keyboard.press("Escape")
    expect(query).not_to_be_focused()
    expect(page.locator("[data-quick-box]")).to_be_hidden()


def test_keys_in_the_header_search(site, visit: Callable) -> None:
    """The arrow leads to the first hit and Enter to the clipping; from the box Enter leads to the search page."""
    page = visit(site.url)
    _ask(page, "cau giay")
    page.keyboard.press("ArrowDown")
    expect(page.locator(RESULTS).first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{CAU_GIAY}**")
    page.go_back()
    page.locator("[data-quick-input]").fill("cau giay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=cau+giay")


def test_what_the_header_search_shows_is_fetched_when_it_is_wanted(site, visit: Callable) -> None:
    """Once, when the box is entered; a page that nobody searches on fetches nothing for it."""
    page = visit(site.url + CAU_GIAY)
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    assert page.locator("[data-quick-box]").count() == 0
    page.locator("[data-quick-input]").focus()
    page.locator("[data-quick-box]").wait_for(state="attached")
    _ask(page, "cau giay")
    _ask(page, "dong da")
    assert asked.count("assets/tim-nhanh.txt") == 1


def test_header_search_tries_again_what_could_not_be_fetched(browser: Browser, site) -> None:
    """Meanwhile nothing is shown; the form leads to the search page as it does without the script."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/tim-nhanh.txt", lambda route: route.fulfill(status=503))
        page.goto(site.url)
        with page.expect_response("**/tim-nhanh.txt"):
            page.locator("[data-quick-input]").press_sequentially("cau")
        page.wait_for_load_state("networkidle")
        assert page.locator("[data-quick-box]").count() == 0
        page.unroute("**/tim-nhanh.txt")
        page.locator("[data-quick-input]").press_sequentially(" giay")
        expect(page.locator(RESULTS)).to_have_count(1)
        expect(page.locator("[data-quick-box]")).to_have_count(1)


def test_focus_is_visible_on_links(site, visit: Callable) -> None:
    """A focused link in the text shows that it is."""
    page = visit(site.url)
    link = page.locator("main a[href]").first
    page.keyboard.press("Tab")
    link.focus()
    style = link.evaluate(
        "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.boxShadow, s.textDecorationLine] }"
    )
    assert style[0] != "none" or style[1] != "none" or style[2] != "none", style
