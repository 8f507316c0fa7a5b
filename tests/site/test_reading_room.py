"""Reading in Chromium: from the home page to who led a cluster, a paragraph's link, paper, nothing that moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
ARTICLE = "bai/2022/tong-ket-cum-1-bo-cong-an/"
SHIFTS = """() => new Promise(done => {
    let sum = 0
    new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
        .observe({ type: "layout-shift", buffered: true })
    setTimeout(() => done(sum), 300)
})"""


def test_two_taps_from_home_to_who_led_after_whom(site, visit: Callable) -> None:
    """A reader on a phone asks who led the Ministry's cluster 1 after Hải Phòng."""
    page: Page = visit(site.url, viewport=PHONE)
    page.get_by_role("link", name="Cụm thi đua số 1 Bộ Công an").click()
    line = page.locator(".kb-chain > li")
    assert [year.split("\n")[0] for year in line.all_inner_texts()] == ["2023", "2022"]
    expect(line.nth(0)).to_contain_text("Công an thành phố Cần Thơ")
    expect(line.nth(1)).to_contain_text("Công an thành phố Hải Phòng")


def test_headings_and_links_alone_lead_there(site, visit: Callable) -> None:
    """A reader without sight finds the cluster by a heading and a link, and the years by the heading behind it."""
    page: Page = visit(site.url)
    expect(page.get_by_role("heading", name="Theo cụm thi đua")).to_be_visible()
    row = page.get_by_role("rowheader", name="Cụm thi đua số 1 Bộ Công an")
    cells = row.locator("xpath=..").get_by_role("cell").all()
    names = [cell.get_by_role("link").get_attribute("aria-label") if cell.get_by_role("link").count() else cell.inner_text() for cell in cells]
    assert names[-3] == "1 bài: tổng kết"
    assert names[-1] == "chưa có bài"
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Cụm trưởng qua các năm")).to_be_visible()


def test_what_is_said_leads_to_its_line(site, visit: Callable) -> None:
    page: Page = visit(site.url + "cum/bo-cong-an/1/")
    page.locator(".kb-chain a.kb-src").first.click()
    page.wait_for_url("**/bai/2022/tong-ket-cum-1-bo-cong-an/#dong-25")
    expect(page.locator("#dong-25")).to_be_visible()


@pytest.mark.parametrize("kind", ["", ARTICLE, "cum/bo-cong-an/1/", "nam/2022/", "su-kien/"])
def test_nothing_moves_while_a_page_loads(kind: str, site, visit: Callable) -> None:
    page: Page = visit(site.url + kind, viewport=PHONE)
    assert page.evaluate(SHIFTS) < 0.05


def test_a_paragraphs_link_is_copied(site, visit: Callable) -> None:
    """The link is there for whoever points at the paragraph, and for the keyboard; it adds nothing to the text."""
    page: Page = visit(site.url + ARTICLE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paragraph = page.locator("#dong-9")
    before = paragraph.inner_text()
    assert page.locator(".kb-pil").count() == 0
    paragraph.hover()
    paragraph.get_by_role("link", name="Chép liên kết tới đoạn này").click()
    expect(page.locator("[data-kb-said]")).to_have_text("Đã chép liên kết")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}{ARTICLE}#dong-9"
    assert paragraph.inner_text() == f"{before} ¶"
    page.keyboard.press("Tab")
    assert page.locator(".kb-pil").count() == page.locator(".kb-text > p").count()


def test_the_article_is_sent_to_the_printer(site, visit: Callable) -> None:
    page: Page = visit(site.url + ARTICLE)
    page.evaluate("window.print = () => { document.title = 'printing' }")
    page.get_by_role("button", name="In bài").click()
    assert page.title() == "printing"


def test_pictures_are_drawn_without_javascript(site, visit: Callable) -> None:
    page: Page = visit(site.url, java_script_enabled=False)
    bars = page.locator(".kb-time svg a")
    assert bars.count() == 5
    assert page.locator(".kb-grid .kb-cell").count() == 5
    bars.first.click()
    page.wait_for_url("**/nam/2017/")
