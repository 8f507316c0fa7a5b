"""Each kind of page in Chromium: quiet, accessible in both schemes, fit for a phone, readable without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
OVERFLOW = """() => {
    const wide = [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed')
        .slice(0, 5).map(e => e.tagName + '.' + e.className);
    return document.documentElement.scrollWidth > innerWidth ? wide : [];
}"""


def _open_folds(page: Page) -> None:
    page.evaluate("document.querySelectorAll('article details, main details').forEach(d => { d.open = true })")


def _serious(page: Page, **options: object) -> list[str]:
    """What axe finds wrong that keeps readers out, with the elements that show it."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{v['impact']} {v['id']}: {v['help']}\n  " + "\n  ".join(n["html"][:200] for n in v["nodes"][:4])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_accessible_and_fit_for_desk_and_phone(kind: str, site, look: Callable) -> None:
    """At 1280 and 390 px, folds opened, axe reports nothing serious and nothing scrolls sideways; the visit itself
    fails on console errors and outside requests."""
    page = look(site.url + kind, color_scheme="light", viewport=DESK, reduced_motion="reduce")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    _open_folds(page)
    faults = {"1280 px": _serious(page)}
    page.set_viewport_size(PHONE)
    faults["390 px"] = _serious(page)
    faults["390 px, too wide"] = page.evaluate(OVERFLOW)
    assert not any(faults.values()), "\n".join(f"{where}:\n{w}" for where, what in faults.items() for w in what)


def test_accessible_in_the_dark(kind: str, site, look: Callable) -> None:
    """A reader whose system is dark gets a dark page. It differs in colours alone, so contrast is what axe looks at:
    everything, on the article, shows that this is so."""
    page = look(site.url + kind, color_scheme="dark", viewport=DESK, reduced_motion="reduce")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    _open_folds(page)
    faults = _serious(page) if kind.startswith("bai/2023/") else _serious(page, runOnly=["color-contrast"])
    page.set_viewport_size(PHONE)
    faults += _serious(page, runOnly=["color-contrast"])
    assert not faults, "\n".join(faults)


def test_readable_without_javascript(kind: str, site, look: Callable) -> None:
    """With JavaScript off the page shows its heading and text, and links that lead on."""
    page = look(site.url + kind, java_script_enabled=False)
    main = page.locator("main")
    assert page.locator("h1").first.is_visible()
    assert len(main.inner_text().split()) > 8
    assert page.locator("a[href]:visible").count() > 3


def test_article_shows_everything_without_javascript(site, kinds: dict, look: Callable) -> None:
    """Headline, stamp, record, text, caption, signature: all there with JavaScript off."""
    text = look(site.url + kinds["article"], java_script_enabled=False).locator("main").inner_text()
    for expected in (
        "Tổng kết phong trào thi đua “Vì An ninh Tổ quốc” quận Cầu Giấy năm 2023",
        "12/12/2023",
        "11/12/2023",
        "Công an thành phố Hà Nội",
        "Công an quận Bắc Từ Liêm",
        "Nguyễn Hồng Ky",
        "Thiếu tướng",
        "Sau khi nghe đồng chí Đại tá Thành Kiên Trung",
        "Trao cờ Cụm trưởng, Cụm phó cho Công an quận Bắc Từ Liêm và Nam Từ Liêm",
    ):
        assert expected.casefold() in text.casefold(), expected


def test_record_values_lead_to_their_index_pages(site, kinds: dict, visit: Callable) -> None:
    """Cluster, year, units and people in an article's record are links, and their pages link back."""
    page = visit(site.url + kinds["article"])
    for target in (
        "cum/cong-an-thanh-pho-ha-noi/9/",
        "nam/2023/",
        "don-vi/cong-an-quan-bac-tu-liem-ha-noi/",
        "nguoi/thanh-kien-trung/",
    ):
        page.goto(site.url + kinds["article"])
        link = page.locator(f'main a[href*="{target}"]').first
        link.click()
        page.wait_for_url(site.url + target)
        assert page.locator(f'main a[href*="{kinds["article"]}"]').count() >= 1


def test_derived_headline_is_marked(site, kinds: dict, visit: Callable) -> None:
    """A headline that the clipping does not print is shown as made by the archive."""
    derived = visit(site.url + kinds["article-derived-title"]).locator("main").inner_text()
    printed = visit(site.url + kinds["article"]).locator("main").inner_text()
    assert "nhan đề do kho" in derived.casefold()
    assert "nhan đề do kho" not in printed.casefold()


def test_articles_are_linked_in_time_order(site, kinds: dict, visit: Callable) -> None:
    """From the oldest clipping, `next` leads through all five; there is nothing after the newest."""
    page = visit(site.url + kinds["article-undated"])
    seen = [page.url]
    while page.locator('main a[rel~="next"]').count():
        page.locator('main a[rel~="next"]').first.click()
        page.wait_for_url(lambda url, last=seen[-1]: url != last)
        seen.append(page.url)
    years = [url.removeprefix(site.url).split("/")[1] for url in seen]
    assert years == ["2017", "2020", "2022", "2023", "2024"]


def test_print_shows_the_article_and_not_the_frame(site, kinds: dict, visit: Callable) -> None:
    """On paper there is the article under the archive's name, without navigation, search, switches and folds."""
    page = visit(site.url + kinds["article"])
    page.emulate_media(media="print")
    assert page.locator("h1").first.is_visible()
    assert page.get_by_text("Sau khi nghe đồng chí Đại tá").first.is_visible()
    for part in ("nav", "[data-quick]", ".kb-tone", "main details", "footer nav"):
        assert page.locator(part).locator("visible=true").count() == 0, part
