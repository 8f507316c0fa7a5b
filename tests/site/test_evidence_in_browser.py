"""The way back from a value to its words: by mouse, by keyboard, without the script; and what else the record shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

ARTICLE = "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/"
SHORT_FORMS = "bai/2022/tong-ket-cum-1-bo-cong-an/"
LIT = "() => [...document.querySelectorAll('mark.kb-lit')].map(mark => mark.textContent).join('')"
CORRECTION = """
place: Nhà khách <b>Công an</b> tỉnh
awards:
  - {name: Cờ thi đua, level: Bộ Công an, recipient: Phòng A, year: 2024}
  - {name: Bằng khen, level: UBND tỉnh, recipient: 27 tập thể}
  - {name: Cờ thi đua, level: Bộ Công an, recipient: Phòng B, year: 2024}
figures:
  - {value: "81,7", unit: "%", what: tỷ lệ điều tra khám phá án}
  - {value: "1.234", unit: đối tượng, what: truy nã}
  - {value: "3", unit: vụ}
  - {value: "4", unit: vụ}
  - {value: "5", unit: vụ}
  - {value: "6", unit: vụ}
  - {value: "7", unit: vụ}
slogans: [Vì an ninh Tổ quốc]
quotations:
  - {text: Các đơn vị cần phát huy kết quả., speaker: Nguyễn Hữu Đức}
chairs: [Trần <i>Sen</i> Đá]
"""


def source(page: Page, value: str) -> Locator:
    """The link from a value of the record to its words."""
    return page.locator(".kb-rec li, .kb-rec dd").filter(has_text=value).last.locator("a.kb-src")


def lit(page: Page) -> str:
    return page.evaluate(LIT)


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("11/12/2023", "11/12/2023"),
        ("Nguyễn Hồng Ky", "Nguyễn Hồng Ky"),
        ("Công an quận Nam Từ Liêm", "Công an quận Nam Từ Liêm"),
        ("Thành Kiên Trung", "Thành Kiên Trung"),
        ("Tổng kết", "Tổng kết"),
        ("09:28", "12/12/2023 | 09:28"),
    ],
    ids=["date", "before a repair", "behind a repair", "in a repaired line", "in the headline", "in the raw text"],
)
def test_a_click_lights_the_words_and_nothing_else(value: str, words: str, site, visit: Callable) -> None:
    page = visit(site.url + ARTICLE, reduced_motion="reduce")
    source(page, value).click()
    assert lit(page) == words
    expect(page.locator("mark.kb-lit").first).to_be_in_viewport()


def test_every_value_of_every_article_lights_the_words_of_its_line(site, visit: Callable) -> None:
    """What is lit is what stands at the value's columns of the raw line, white space and glued words apart."""
    page = visit(site.url, reduced_motion="reduce")
    for path in sorted((site.docs / "bai").glob("*/*.md")):
        meta = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        page.goto(f"{site.url}bai/{meta['id']}/")
        links = page.locator(".kb-rec a.kb-src")
        places = [p for v in meta["evidence"].values() for p in (v if isinstance(v, list) else [v])]
        lines = (site.project / "content" / meta["file"]).read_text(encoding="utf-8-sig").splitlines()
        raw = {lines[p["line"] - 1][p["start"] : p["end"]] for p in places if p["line"]}
        expected = {"".join(words.split()) for words in raw}
        assert links.count() > 5
        for index in range(links.count()):
            links.nth(index).click()
            assert "".join(lit(page).split()) in expected


def test_who_presides_is_told_beside_the_name(site, visit: Callable) -> None:
    page = visit(site.url + SHORT_FORMS, reduced_motion="reduce")
    told = page.locator(".kb-rec li", has_text="Vũ Thanh Chương").locator(".kb-rec__r", has_text="chủ trì")
    told.locator("a.kb-src").click()
    assert lit(page) == "Vũ Thanh Chương"
    assert page.locator(".kb-rec__r", has_text="chủ trì dòng").count() == 1


def test_another_value_takes_the_light_over(site, visit: Callable) -> None:
    page = visit(site.url + ARTICLE)
    first, second = source(page, "Nguyễn Hồng Ky"), source(page, "Thành Kiên Trung")
    before = page.locator(".kb-text").inner_html()
    first.click()
    assert first.get_attribute("aria-current") == "true"
    second.click()
    assert lit(page) == "Thành Kiên Trung"
    assert page.locator("[aria-current].kb-src").count() == 1
    assert second.get_attribute("aria-current") == "true"
    page.locator("mark.kb-lit").first.press("Escape")
    assert page.locator(".kb-text").inner_html() == before


def test_by_keyboard_alone(site, visit: Callable) -> None:
    """Enter lights the words and goes to them; Escape takes the light away and goes back to the value."""
    page = visit(site.url + ARTICLE)
    link = source(page, "Nguyễn Hồng Ky")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.kb-lit")).to_be_focused()
    expect(page.locator("[data-kb-said]")).to_contain_text("Nguyễn Hồng Ky")
    assert page.evaluate("location.hash") == "#dong-6"
    assert not serious(page)
    page.keyboard.press("Escape")
    assert lit(page) == ""
    expect(link).to_be_focused()
    assert link.get_attribute("aria-current") is None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.kb-rec') !== null")


def test_the_way_back_takes_the_light_away(site, visit: Callable) -> None:
    page = visit(site.url + ARTICLE)
    source(page, "Nguyễn Hồng Ky").click()
    page.go_back()
    expect(page.locator("mark.kb-lit")).to_have_count(0)
    assert page.url.endswith("/")


def test_words_that_the_article_does_not_show_are_lit_in_the_raw_text(site, visit: Callable) -> None:
    page = visit(site.url + ARTICLE)
    fold = page.locator("#ban-goc")
    assert fold.get_attribute("open") is None
    source(page, "09:28").click()
    assert fold.get_attribute("open") is not None
    assert page.locator("#goc-4 mark.kb-lit").inner_text() == "12/12/2023 | 09:28"


def test_all_values_at_once(site, visit: Callable) -> None:
    """The switch is off at first; it lights without changing the text, and a single value stays possible."""
    page = visit(site.url + ARTICLE)
    button = page.get_by_role("button", name="Hiện chỗ lấy tin")
    shown = "() => [...CSS.highlights.values()].flatMap(h => [...h]).map(String)"
    assert button.get_attribute("aria-pressed") == "false"
    before = page.locator("article").inner_html()
    button.click()
    assert "Nguyễn Hồng Ky" in page.evaluate(shown)
    assert page.locator("article").inner_html() == before
    source(page, "Nguyễn Hồng Ky").click()
    assert lit(page) == "Nguyễn Hồng Ky"
    assert "Nguyễn Hồng Ky" in page.evaluate(shown)
    button.click()
    assert page.evaluate(shown) == []


def test_without_javascript_the_paragraph_or_the_raw_line_is_lit(site, visit: Callable) -> None:
    page = visit(site.url + ARTICLE, java_script_enabled=False)
    assert page.get_by_role("button", name="Hiện chỗ lấy tin").count() == 0
    for value, target in (("Nguyễn Hồng Ky", "#dong-6"), ("Tổng kết", "#nhan-de"), ("09:28", "#goc-4")):
        link = source(page, value)
        assert link.get_attribute("href") == target
        link.click()
        assert page.url.endswith(target)
        expect(page.locator(f"{target}:target")).to_be_in_viewport()


def test_short_forms_have_their_long_ones(site, visit: Callable) -> None:
    """In the text as <abbr>, and in a fold for readers who cannot point at them."""
    page = visit(site.url + SHORT_FORMS)
    short = page.locator(".kb-text abbr")
    assert short.filter(has_text="CATP").first.get_attribute("title") == "Công an thành phố"
    fold = page.locator("details", has=page.get_by_text("Chữ viết tắt trong bài"))
    fold.locator("summary").click()
    listed = dict(zip(fold.locator("dt").all_inner_texts(), fold.locator("dd").all_inner_texts(), strict=True))
    assert listed["ANTQ"] == "an ninh Tổ quốc"
    assert set(short.all_inner_texts()) <= listed.keys()
    assert "*[" not in page.locator("main").inner_text()


@pytest.fixture(scope="module")
def corrected(run, project: Callable[[], Path], serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an archive of one clipping whose correction fills the fields that few clippings have."""
    folder, made = tmp_path_factory.mktemp("corrected"), project()
    shutil.copytree(made / "content/clippings/2024", folder / "content/clippings/2024")
    (folder / "content/clippings/2024/tong-ket-cum-5-cong-an-tinh.yaml").write_text(CORRECTION, encoding="utf-8")
    done = run("build_tools", "build", "--site", folder / "site", "--content", folder / "content", cwd=made)
    assert done.returncode == 0, done.stderr
    return serve(folder / "site")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_record_shows_what_a_correction_gives(scheme: str, corrected: str, visit: Callable) -> None:
    """Place, awards by kind, figures in a fold, mottos, quotations; each with its source, all accessible."""
    page = visit(corrected + "bai/2024/tong-ket-cum-5-cong-an-tinh/", color_scheme=scheme)
    record = page.locator(".kb-rec")
    folded = record.locator("details")
    assert folded.locator("summary").inner_text() == "7 con số trong bài"
    folded.locator("summary").click()
    text = " ".join(record.inner_text().split())
    for expected in (
        "Nơi diễn ra Nhà khách <b>Công an</b> tỉnh đã hiệu đính",
        "Cờ thi đua – Bộ Công an 2024: Phòng A đã hiệu đính 2024: Phòng B đã hiệu đính",
        "Bằng khen – UBND tỉnh 27 tập thể đã hiệu đính",
        "81,7% đã hiệu đính tỷ lệ điều tra khám phá án",
        "1.234 đối tượng đã hiệu đính truy nã",
        "“Vì an ninh Tổ quốc” đã hiệu đính",
        "“Các đơn vị cần phát huy kết quả.” đã hiệu đính Nguyễn Hữu Đức",
        "Trần <i>Sen</i> Đá chủ trì đã hiệu đính",
    ):
        assert expected in text
    assert not serious(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_raw_text_is_whole_once_it_is_opened(site, visit: Callable) -> None:
    """A line that stands in the article just so is sent once, and shown in both places."""
    page = visit(site.url + ARTICLE)
    (meta,) = (
        yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        for path in (site.docs / "bai").glob("*/*.md")
        if ARTICLE.endswith(f"{path.stem}/")
    )
    assert None in meta["raw"]
    page.locator("#ban-goc summary").click()
    page.locator(".kb-raw a").first.wait_for(state="detached")
    lines = (site.project / "content" / meta["file"]).read_text(encoding="utf-8-sig").splitlines()
    assert page.locator(".kb-raw li").evaluate_all("items => items.map(item => item.textContent)") == lines
