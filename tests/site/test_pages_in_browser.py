"""Each kind of page in Chromium: quiet, accessible in both schemes, fit for a phone, readable without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
OVERFLOW = """() => {
    const wide = [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed')
        .slice(0, 5).map(e => e.tagName + '.' + e.className);
    return document.documentElement.scrollWidth > innerWidth ? wide : [];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_axe_finds_nothing_serious(kind: str, scheme: str, size: dict, site, visit: Callable) -> None:
    """axe reports no serious or critical violation; the visit itself fails on console errors and outside requests."""
    page = visit(site.url + kind, color_scheme=scheme, viewport=size)
    page.wait_for_load_state("networkidle")
    expected = "slate" if scheme == "dark" else "default"
    assert page.evaluate("document.body.dataset.mdColorScheme") == expected
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        f"{v['impact']} {v['id']}: {v['help']}\n  " + "\n  ".join(n["html"][:200] for n in v["nodes"][:4])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)


def test_nothing_scrolls_sideways_on_a_phone(kind: str, site, visit: Callable) -> None:
    """At 390 px a page is no wider than the screen, folds opened too."""
    page = visit(site.url + kind, viewport=PHONE)
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    assert page.evaluate(OVERFLOW) == []


def test_readable_without_javascript(kind: str, site, visit: Callable) -> None:
    """With JavaScript off the page shows its heading and text, and links that lead on."""
    page = visit(site.url + kind, java_script_enabled=False)
    main = page.locator("main")
    assert page.locator("h1").first.is_visible()
    assert len(main.inner_text().split()) > 8
    assert page.locator("a[href]:visible").count() > 3


def test_article_shows_everything_without_javascript(site, kinds: dict, visit: Callable) -> None:
    """Headline, stamp, record, text, caption, signature: all there with JavaScript off."""
    text = visit(site.url + kinds["article"], java_script_enabled=False).locator("main").inner_text()
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
    """Cluster and year in an article's record are links, and their pages link back."""
    page = visit(site.url + kinds["article"])
    for target in ("cum/cong-an-thanh-pho-ha-noi/9/", "nam/2023/"):
        page.goto(site.url + kinds["article"])
        link = page.locator(f'main a[href*="{target}"]').first
        link.click()
        page.wait_for_url(site.url + target)
        assert page.locator(f'main a[href*="{kinds["article"]}"]').count() >= 1


def test_derived_headline_is_marked(site, kinds: dict, visit: Callable) -> None:
    """A headline that the clipping does not print is shown as made by the archive."""
    derived = visit(site.url + kinds["article-derived-title"]).locator("main").inner_text()
    printed = visit(site.url + kinds["article"]).locator("main").inner_text()
    assert "tiêu đề" in derived.casefold()
    assert "tiêu đề do" not in printed.casefold()


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
    """On paper there is the article, without header, navigation and search."""
    page = visit(site.url + kinds["article"])
    page.emulate_media(media="print")
    assert page.locator("h1").first.is_visible()
    assert not page.locator("header.md-header").is_visible()
    assert not page.locator(".md-search__form").is_visible()
