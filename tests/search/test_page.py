"""The search page in a browser: the address, what a result shows, and what is said when there is nothing to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
INPUT = "[data-search-input]"
STATUS = "[data-search-status]"
HITS = "[data-search-results] a[data-search-hit]"
SNIPPET = "[data-search-results] [data-search-snippet]"


@pytest.fixture
def search(site: Any, visit: Callable[..., Page]) -> Callable[..., Page]:
    """Open the search page with a query and wait until it has answered."""

    def open_page(query: str, **options: Any) -> Page:
        page = visit(f"{site.url}tim-kiem/" + (f"?q={quote(query)}" if query else ""), **options)
        if options.get("java_script_enabled", True):
            expect(page.locator(STATUS)).to_have_attribute("data-state", "ready")
        return page

    return open_page


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
    expect(item).to_contain_text("ANTD.VN")
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
    expect(page.locator(HITS)).to_have_count(0)


def test_back_from_a_result(search: Callable[..., Page]) -> None:
    """The way back from an article leads to the same results."""
    page = search("cau giay")
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


def test_back_to_the_query_before(search: Callable[..., Page]) -> None:
    """A new query is one step that Back undoes, however many letters it took."""
    page = search("cau giay")
    page.locator(INPUT).fill("lào c")
    page.wait_for_url("**/tim-kiem/?q=l%C3%A0o+c")
    page.locator(INPUT).fill("lào cai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=l%C3%A0o+cai")
    page.go_back()
    expect(page.locator(INPUT)).to_have_value("cau giay")
    expect(page.locator(SNIPPET).first).to_contain_text("Cầu Giấy")


def test_empty_query_says_what_to_do(search: Callable[..., Page]) -> None:
    """Without a query there is a sentence and no result, and the box is ready for typing."""
    page = search("")
    expect(page.locator(STATUS)).to_contain_text("Gõ từ cần tìm")
    expect(page.locator(STATUS)).to_have_attribute("data-total", "0")
    expect(page.locator(INPUT)).to_be_focused()


def test_some_of_the_words(search: Callable[..., Page]) -> None:
    """When nothing has all the words, what has some is shown and called so."""
    page = search("giấy xyzzy")
    expect(page.locator(STATUS)).to_contain_text("Không bài nào có đủ các từ “giấy xyzzy”")
    expect(page.locator(HITS)).not_to_have_count(0)


@pytest.mark.parametrize("query", ["!!!", "🎉", "title:", "+ - ~ ^ *", "a" * 1500, "công an " * 200, "<b>{{ x }}</b>"])
def test_hostile_queries(query: str, search: Callable[..., Page]) -> None:
    """Whatever is typed, the page answers."""
    page = search(query)
    expect(page.locator(STATUS)).not_to_be_empty()
    assert page.locator("main b").count() == 0


@pytest.mark.parametrize("body", ["", "{}", "<!doctype html>"])
def test_index_that_cannot_be_read(body: str, search: Callable[..., Page]) -> None:
    """A broken index is said in a sentence."""
    page = search("cau giay")
    page.route("**/search/kho-bao.json", lambda route: route.fulfill(status=200, body=body))
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
