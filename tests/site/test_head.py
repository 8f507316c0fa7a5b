"""What a page's head says to programs, and the box with which readers cite."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
import yaml
from playwright.sync_api import expect

DATED = "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/"
UNDATED = "bai/2017/tong-ket-cum-2-bo-cong-an/"
DERIVED = "bai/2020/ky-giao-uoc-cum-6-ha-noi/"


@pytest.fixture
def head(elements: Callable) -> Callable[[str], dict[str, list[str]]]:
    """Read a page's meta elements: their contents by name and by property, as their readers do."""

    def read(html: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in elements(html):
            for key in {element.attributes.get("name"), element.attributes.get("property")} - {None}:
                if element.name == "meta":
                    found.setdefault(key, []).append(element.attributes["content"])
        return found

    return read


@pytest.mark.parametrize("folder", ["site", "hostile_site"])
def test_a_reference_manager_sees_a_newspaper_article(folder: str, request, head: Callable) -> None:
    """By the rules of Zotero's importer: no journal, no web site, and the archive is never the newspaper."""
    built = request.getfixturevalue(folder)
    for path in sorted((built.docs / "bai").rglob("*.md")):
        meta = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
        said = head(built.read(f"bai/{meta['id']}"))
        assert said["z:itemType"] == ["newspaperArticle"]
        assert said["og:type"] == ["article"]
        assert said["citation_title"] == said["og:title"] == [meta["title"]]
        assert "citation_journal_title" not in said
        assert said.get("DC.source") == ([meta["source"]] if meta["source"] else None)
        assert ("og:site_name" in said) == bool(meta["source"])
        day = [meta["published"][:10].replace("-", "/")] if meta["published"] else None
        assert said.get("citation_publication_date") == day
        assert ("citation_author" in said) == bool(meta["byline"])


def test_without_the_sites_address_nothing_has_a_full_one(site, kind: str, elements: Callable) -> None:
    path = site.folder / kind
    html = (path / "index.html" if path.is_dir() else path).read_text(encoding="utf-8")
    found = list(elements(html))
    assert not [e for e in found if e.attributes.get("rel") in ("canonical", "cite-as", "search")]
    assert not [e for e in found if e.attributes.get("property") in ("og:url", "og:image")]
    for element in found:
        if element.attributes.get("type") == "application/ld+json":
            assert element.text.replace("https://schema.org", "").count("://") == 0
            json.loads(element.text)


def test_a_hostile_value_stays_in_its_data(hostile_site, elements: Callable) -> None:
    """Each page has one piece of linked data, which reads as JSON and holds the headline as it is."""
    for path in sorted((hostile_site.docs / "bai").rglob("*.md")):
        meta = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
        page = elements(hostile_site.read(f"bai/{meta['id']}"))
        (data,) = [json.loads(e.text) for e in page if e.attributes.get("type") == "application/ld+json"]
        assert " ".join(data["@graph"][0]["headline"].split()) == " ".join(meta["title"].replace("\x00", " ").split())


def test_an_address_is_full_where_the_sites_is_known(
    run: Callable, project: Callable[[], Path], head: Callable, elements: Callable
) -> None:
    clone = project()
    settings = clone / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("# site_url:", "site_url:"), encoding="utf-8")
    done = run("build_tools", "build", cwd=clone)
    assert done.returncode == 0, done.stdout + done.stderr
    root, folder = "https://example.org/kho-bao/", clone / "site"
    for path in sorted(folder.rglob("index.html")):
        html = path.read_text(encoding="utf-8")
        url = root + path.relative_to(folder).as_posix().removesuffix("index.html")
        assert [e.attributes["href"] for e in elements(html) if e.attributes.get("rel") == "canonical"] == [url]
        said = head(html)
        assert said["og:url"] == [url]
        assert (folder / said["og:image"][0].removeprefix(root)).is_file()
    maps = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("sitemap-*.xml"))]
    assert sum(text.count("<loc>") for text in maps) == len(list(folder.rglob("index.html")))
    assert (folder / "sitemap.xml").read_text(encoding="utf-8").count("<loc>") == len(maps)


BOXES = {
    DATED: """
    CÔNG AN QUẬN, “Tổng kết phong trào thi đua ‘Vì An ninh Tổ quốc’ quận Cầu Giấy năm 2023”, báo chưa rõ,
    12/12/2023.
    Bản lưu trong Kho Báo, mã bài 2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi.
    | CÔNG AN QUẬN. (2023, 12 tháng 12). Tổng kết phong trào thi đua “Vì An ninh Tổ quốc” quận Cầu Giấy năm 2023.
    | CÔNG AN QUẬN. “Tổng kết phong trào thi đua ‘Vì An ninh Tổ quốc’ quận Cầu Giấy năm 2023.” 12 tháng 12 năm 2023.
    """,
    UNDATED: """
    “Cụm thi đua số 2 tổng kết phong trào thi đua ‘Vì an ninh Tổ quốc’”, báo chưa rõ, không rõ ngày đăng.
    Bản lưu trong Kho Báo, mã bài 2017/tong-ket-cum-2-bo-cong-an.
    | Cụm thi đua số 2 tổng kết phong trào thi đua “Vì an ninh Tổ quốc”. (n.d.).
    | “Cụm thi đua số 2 tổng kết phong trào thi đua ‘Vì an ninh Tổ quốc’.” n.d.
    """,
    DERIVED: """
    [Ngày 5/3, Cụm thi đua số 6, Công an thành phố Hà Nội gồm Công an các quận: Đống Đa, Thanh Xuân, Long Biên, Hai
    Bà Trưng…], ANTD.VN, tháng 3/2020. Bản lưu trong Kho Báo, mã bài 2020/ky-giao-uoc-cum-6-ha-noi.
    | [Ngày 5/3, Cụm thi đua số 6, Công an thành phố Hà Nội gồm Công an các quận: Đống Đa, Thanh Xuân, Long Biên,
    Hai Bà Trưng…]. (2020, tháng 3). ANTD.VN.
    | [Ngày 5/3, Cụm thi đua số 6, Công an thành phố Hà Nội gồm Công an các quận: Đống Đa, Thanh Xuân, Long Biên,
    Hai Bà Trưng…]. ANTD.VN, tháng 3 năm 2020.
    """,
}
"""What the box of an article says: as in Viet Nam, APA, Chicago."""


@pytest.mark.browser
@pytest.mark.parametrize("address", BOXES)
def test_the_box_says_what_the_clipping_says(address: str, site, visit: Callable) -> None:
    page = visit(site.url + address)
    page.locator("#trich-dan-bai summary").click()
    shown = [" ".join(text.split()) for text in page.locator(".kb-cite dd").all_text_contents()]
    assert shown == [" ".join(text.split()) for text in BOXES[address].split("|")]


@pytest.mark.browser
def test_a_citation_is_copied_where_scripts_run(site, visit: Callable) -> None:
    page = visit(site.url + DATED, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#trich-dan-bai summary").click()
    buttons = page.get_by_role("button", name="Chép")
    expect(buttons).to_have_count(3)
    buttons.nth(1).click()
    expect(page.locator("[data-kb-copy-said]")).to_have_text("Đã chép")
    assert page.evaluate("navigator.clipboard.readText()").startswith("CÔNG AN QUẬN. (2023, 12 tháng 12).")


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_citations_are_saved_as_files(site, visit: Callable, *, scripts: bool) -> None:
    page = visit(site.url + DATED, java_script_enabled=scripts)
    page.locator("#trich-dan-bai summary").click()
    saved = {}
    for form in ("RIS", "BibTeX", "CSL-JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=form, exact=True).click()
        saved[download.value.suggested_filename] = Path(download.value.path()).read_bytes().decode()
    name = DATED.removeprefix("bai/").strip("/").replace("/", "-")
    assert list(saved) == [f"{name}.ris", f"{name}.bib", f"{name}.json"]
    (entry,) = rispy.loads(saved[f"{name}.ris"])
    (item,) = json.loads(saved[f"{name}.json"])
    assert entry["title"] == item["title"]
    assert entry["title"] in saved[f"{name}.bib"]


@pytest.mark.browser
def test_without_scripts_there_is_no_button_that_does_nothing(site, visit: Callable) -> None:
    page = visit(site.url + DATED, java_script_enabled=False)
    page.locator("#trich-dan-bai summary").click()
    expect(page.locator(".kb-cite dd")).to_have_count(3)
    expect(page.locator(".kb-cite button:visible")).to_have_count(0)
