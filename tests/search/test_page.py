"""The search page in a browser: the address, what a result shows, and what is said when there is nothing to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
INPUT = "[data-search-input]"
STATUS = "[data-search-status]"
HITS = "[data-search-results] a[data-search-hit]"
SNIPPET = "[data-search-results] [data-search-snippet]"


def _answered(page: Page, options: dict[str, Any]) -> Page:
    if options.get("java_script_enabled", True):
        expect(page.locator(STATUS)).to_have_attribute("data-state", "ready")
    return page


def _address(site: Any, query: str) -> str:
    return f"{site.url}tim-kiem/" + (f"?q={quote(query)}" if query else "")


@pytest.fixture
def search(site: Any, look: Callable[..., Page]) -> Callable[..., Page]:
    """Open the search page with a query and wait until it has answered."""
    return lambda query, **options: _answered(look(_address(site, query), **options), options)


@pytest.fixture
def fresh(site: Any, visit: Callable[..., Page]) -> Callable[..., Page]:
    """Do the same in a browser that has fetched nothing yet, and whose net the test may change."""
    return lambda query, **options: _answered(visit(_address(site, query), **options), options)


def test_marks_fall_on_the_words_as_written(search: Callable[..., Page]) -> None:
    """A query without marks lights up the words with theirs, and only where they stand together."""
    page = search("dong da")
    marks = page.locator("[data-search-results] > li").first.locator("mark").all_inner_texts()
    assert "Đống Đa" in marks
    assert {*marks} <= {"Đống Đa", "Đông đã"}  # "Hà Đông đã tổ chức" is what was typed, too


def test_result_says_what_it_is(search: Callable[..., Page]) -> None:
    """A result shows headline, date, cluster, newspaper, and a piece of the text."""
    item = search("antd đống đa").locator("[data-search-results] > li").first
    expect(item.locator("time")).to_have_text("tháng 3/2020")
    expect(item).to_contain_text("Cụm thi đua số 6 – Công an thành phố Hà Nội")
    expect(item).to_contain_text("An ninh Thủ đô")
    expect(item).to_contain_text("nhan đề do kho đặt")
    expect(item.locator("[data-search-snippet] mark").first).to_be_visible()


def test_typing_answers_and_keeps_the_address(search: Callable[..., Page]) -> None:
    """While words are typed the results follow, and the address can be copied."""
    page = search("")
    page.locator(INPUT).press_sequentially("lào cai", delay=20)
    expect(page.locator(STATUS)).to_have_attribute("data-total", "1")
    page.wait_for_url("**/tim-kiem/?q=l%C3%A0o+cai")
    page.locator(INPUT).fill("")
    page.wait_for_url("**/tim-kiem/")
    expect(page.locator(STATUS)).to_contain_text("bài trong kho")


def test_back_from_a_result(fresh: Callable[..., Page]) -> None:
    """The way back from an article leads to the same results."""
    page = fresh("cau giay")
    page.locator(INPUT).fill("2022")
    expect(page.locator(HITS).first).to_have_attribute(
        "href", re.compile("/bai/2022/")
    )  # the first query had one hit, too
    page.wait_for_url("**/tim-kiem/?q=2022")
    page.locator(HITS).first.click()
    page.wait_for_url("**/bai/2022/**")
    page.go_back()
    expect(page.locator(INPUT)).to_have_value("2022")
    expect(page.locator(HITS)).to_have_count(1)


def test_back_to_the_query_before(fresh: Callable[..., Page]) -> None:
    """A new query is one step that Back undoes, however many letters it took."""
    page = fresh("cau giay")
    page.locator(INPUT).fill("lào c")
    page.wait_for_url("**/tim-kiem/?q=l%C3%A0o+c")
    page.locator(INPUT).fill("lào cai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=l%C3%A0o+cai")
    page.go_back()
    expect(page.locator(INPUT)).to_have_value("cau giay")
    expect(page.locator(SNIPPET).first).to_contain_text("Cầu Giấy")


def test_empty_query_browses(fresh: Callable[..., Page]) -> None:
    """Without a query everything is listed, the newest first, and the box is ready for typing."""
    page = fresh("")
    expect(page.locator(STATUS)).to_contain_text("bài trong kho, mới nhất trước")
    expect(page.locator(HITS)).to_have_count(int(page.locator(STATUS).get_attribute("data-total") or 0))
    expect(page.locator(INPUT)).to_be_focused()
    dates = page.locator("[data-search-results] time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates == sorted(dates, reverse=True)


def test_choosing_narrows_and_stands_in_the_address(fresh: Callable[..., Page]) -> None:
    """A chosen value narrows at once, its address shows the same again, and Back undoes it."""
    page = fresh("")
    every = page.locator(HITS).count()
    year = page.locator("[data-search-facet=nam] input[value='2022']")
    year.check()
    page.wait_for_url("**/tim-kiem/?nam=2022")
    expect(page.locator(HITS)).to_have_count(1)
    assert page.locator("[data-search-facet=nam] input").count() > 1
    page.reload()
    expect(page.locator(HITS)).to_have_count(1)
    expect(year).to_be_checked()
    page.go_back()
    expect(page.locator(HITS)).to_have_count(every)
    expect(year).not_to_be_checked()


def test_range_and_order(search: Callable[..., Page]) -> None:
    """The months from and to narrow; the order can be turned; all is in the address."""
    page = search("")
    page.locator("[name=tu]").fill("2020-01")
    page.locator("[name=den]").fill("2022-12")
    page.locator("[data-search-order]").select_option("cu")
    page.wait_for_url("**/tim-kiem/?tu=2020-01&den=2022-12&xep=cu")
    expect(page.locator(STATUS)).to_have_attribute("data-state", "ready")
    dates = page.locator("[data-search-results] time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates
    assert dates == sorted(dates)
    assert all("2020" <= date < "2023" for date in dates)
    page.locator("[data-search-clear]").click()
    expect(page.locator("[name=tu]")).to_have_value("")


def test_units_and_people_come_when_asked_for(fresh: Callable[..., Page]) -> None:
    """Their names are fetched only when the reader opens that list."""
    page = fresh("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("[data-search-facet=nguoi]")).to_be_hidden()
    page.locator("[data-search-names] > summary").click()
    expect(page.locator("[data-search-facet=nguoi] input").first).to_be_visible()
    assert [url for url in asked if "/search/n-" in url]


def test_hits_are_lit_on_the_article(search: Callable[..., Page]) -> None:
    """After the click the words are marked in the article, with their own accents."""
    page = search("dong da")
    page.locator(HITS).first.click()
    page.wait_for_url("**/bai/**")
    expect(page.locator("mark.kb-found").first).to_be_visible()
    assert "Đống Đa" in page.locator("mark.kb-found").all_inner_texts()


def test_what_may_have_been_meant(search: Callable[..., Page]) -> None:
    """A misspelt word leads to a proposal that can be followed; short forms found too are named."""
    page = search("hoi nghij")
    expect(page.locator("[data-search-notes]")).to_have_text("Ý bạn là “hội nghị”?")
    page.locator("[data-search-notes] a").click()
    page.wait_for_url("**/tim-kiem/?q=h%E1%BB%99i+ngh%E1%BB%8B")
    expect(page.locator("[data-search-notes]")).to_be_hidden()
    page.locator(INPUT).fill("CATP ")
    expect(page.locator("[data-search-notes]")).to_contain_text("CATP: tìm cả “Công an thành phố”")


def test_phrase_that_no_article_has(search: Callable[..., Page]) -> None:
    """Where the words are there but not the phrase, nobody says that the words are not."""
    page = search("“giấy cầu”")
    expect(page.locator(STATUS)).to_contain_text("Không bài nào có đúng cụm từ")
    expect(page.locator(HITS)).not_to_have_count(0)


def test_phrase_that_only_its_pairs_have(search: Callable[..., Page]) -> None:
    """A result in which the words of a phrase stand side by side two by two, but not all together, is called so."""
    called = "[data-search-scattered]"
    page = search("“cong thanh xuat”")
    expect(page.locator(HITS)).to_have_count(1)
    expect(page.locator(called).first).to_be_visible()
    page.locator(INPUT).fill("“quan cau giay”")
    expect(page.locator(SNIPPET).first).to_contain_text("Cầu Giấy")
    expect(page.locator(called).first).to_be_hidden()


def test_short_beginning_asks_for_more_only_where_it_must(search: Callable[..., Page]) -> None:
    """In a small archive one letter is looked up everywhere, and nothing more is asked for."""
    page = search("")
    page.locator(INPUT).fill("n")
    expect(page.locator(STATUS)).to_contain_text("có đủ các từ “n”")
    expect(page.locator(STATUS)).not_to_contain_text("Gõ thêm")


def test_accessible(search: Callable[..., Page]) -> None:
    """axe finds nothing wrong with the page, its choices open."""
    page = search("cong an")
    page.locator("[data-search-names] > summary").click()
    expect(page.locator("[data-search-facet=nguoi] input").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_some_of_the_words(search: Callable[..., Page]) -> None:
    """When nothing has all the words, what has some is shown and called so."""
    page = search("giấy xyzzy")
    expect(page.locator(STATUS)).to_contain_text("Không bài nào có đủ các từ “giấy xyzzy”")
    expect(page.locator(HITS)).not_to_have_count(0)


@pytest.mark.parametrize(
    "query",
    ["!!!", "🎉", "title:", "+ - ~ ^ *", "a" * 9000, "công an " * 1250, "<b>{{ x }}</b>", "سلام \u202eabc", "-"],
)
def test_hostile_queries(query: str, search: Callable[..., Page]) -> None:
    """Whatever is typed, the page answers."""
    page = search(query)
    expect(page.locator(STATUS)).not_to_be_empty()
    assert page.locator("main b").count() == 0


@pytest.mark.parametrize("file", ["manifest", "p-*", "w-*"])
@pytest.mark.parametrize("body", ["", '{"version": 99}', "<!doctype html>", b"\x1f\x8b\x08\x00half"])
def test_index_that_cannot_be_read(body: str | bytes, file: str, fresh: Callable[..., Page]) -> None:
    """A broken index is said in a sentence, and in no other way."""
    page = fresh("cau giay")
    page.route(f"**/search/{file}.bin", lambda route: route.fulfill(status=200, body=body))
    page.reload()
    expect(page.locator(STATUS)).to_have_attribute("data-state", "error")
    expect(page.locator(STATUS)).to_contain_text("Không mở được kho")


def test_without_scripts(search: Callable[..., Page]) -> None:
    """Without JavaScript the page leads to the ways that need none."""
    page = search("", java_script_enabled=False)
    expect(page.locator("noscript a")).to_have_count(2)


def test_phone(search: Callable[..., Page]) -> None:
    """Nothing is wider than a phone."""
    page = search("cong an", viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(SNIPPET).first).to_be_visible()


@pytest.mark.parametrize(
    ("page_url", "field"),
    [
        ("cum/cong-an-thanh-pho-ha-noi/9/", "cum"),
        ("nam/2022/", "nam"),
        ("nguon/chua-ro/", "nguon"),
        ("don-vi/cong-an-thanh-pho-hai-phong/", "donvi"),
        ("nguoi/vu-thanh-chuong/", "nguoi"),
    ],
)
def test_searching_within(page_url: str, field: str, site: Any, look: Callable[..., Page]) -> None:
    """A page of a cluster, a year, a newspaper, a unit or a person leads to the search among its clippings."""
    page = look(site.url + page_url)
    page.locator(f"main a[href*='tim-kiem/?{field}=']").click()
    expect(page.locator(STATUS)).to_have_attribute("data-state", "ready")
    expect(page.locator(STATUS)).not_to_have_attribute("data-total", "0")
    expect(page.locator(f"[data-search-facet={field}] input:checked")).to_have_count(1)


def test_offline_in_mid_query(fresh: Callable[..., Page]) -> None:
    """Without a net what was fetched still answers, and with it again everything."""
    page = fresh("cau giay")
    page.context.set_offline(True)
    page.locator(INPUT).fill("giay ")
    expect(page.locator(STATUS)).to_have_attribute("data-total", "1")
    page.context.set_offline(False)
    page.locator(INPUT).fill("lao cai")
    expect(page.locator(STATUS)).to_have_attribute("data-total", "1")
