"""The archive in one file: unpacked, Chromium reads and searches it without a host. No Firefox is asked."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Request, Browser, Page, expect

from build_tools.errors import ArchiveError
from build_tools.publishing import offline
from build_tools.publishing.inspection import POINTERS

ARTICLE = "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/index.html"


def _failed(request: Request) -> bool:
    """Whether a file could not be had; one that was still on its way when the page was left could."""
    return request.failure != "net::ERR_ABORTED"


@pytest.fixture(scope="module")
def packed(site, run: Callable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of five clippings as the command packs it."""
    file = tmp_path_factory.mktemp("zip") / "kho.zip"
    done = run("build_tools", "zip", file, "--site", site.folder, cwd=site.project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("unpacked, it opens with index.html\n")
    return file


@pytest.fixture(scope="module")
def unpacked(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that it is unpacked into, whose name means something in addresses."""
    folder = tmp_path_factory.mktemp("unpacked") / "Kho báo 100% #1"
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder / "kho"


@pytest.fixture
def opened(browser: Browser, unpacked: Path) -> Iterator[Callable[[str], Page]]:
    """Open a file of the unpacked archive; a console error, an exception or a request elsewhere fails the test."""
    faults: list[str] = []
    with browser.new_context(locale="vi-VN", offline=True) as context:
        context.set_default_timeout(60_000)

        def open_page(address: str) -> Page:
            page = context.new_page()
            page.on("console", lambda one: faults.append(one.text) if one.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda one: faults.append(one.url) if not one.url.startswith("file:") else None)
            page.on("requestfailed", lambda one: faults.append(f"{one.url}: {one.failure}") if _failed(one) else None)
            path, mark, rest = address.partition("?")
            page.goto((unpacked / path).as_uri() + mark + rest)
            return page

        yield open_page
    assert not faults, "\n".join(faults)


@pytest.mark.browser
def test_from_the_home_page_to_an_article_to_a_search_and_its_hit(opened: Callable[[str], Page]) -> None:
    page = opened("index.html")
    page.locator(f"a[href*='{ARTICLE}']").first.click()
    page.wait_for_url("**/index.html")
    expect(page.locator("h1")).to_contain_text("Cầu Giấy")
    page.locator("[data-quick-input]").fill("giao uoc")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/index.html?q=giao+uoc")
    hit = page.locator("[data-search-hit]").first
    expect(hit).to_be_visible()
    hit.click()
    page.wait_for_url("**/bai/**/index.html?tim=**")
    expect(page.locator("main mark").first).to_be_visible()


@pytest.mark.browser
def test_the_header_search_shows_hits_that_lead_to_pages(opened: Callable[[str], Page]) -> None:
    page = opened(ARTICLE)
    page.locator("[data-quick-input]").fill("cau giay")
    hits = page.locator("[data-quick-list] a[data-quick-hit]")
    expect(hits).to_have_count(1)
    hits.first.focus()
    assert urlsplit(hits.first.get_attribute("href") or "").path.endswith(f"/{ARTICLE}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html?tim=cau+giay")


@pytest.mark.browser
def test_a_result_has_its_passage_and_what_was_asked_stands_in_the_address(opened: Callable[[str], Page]) -> None:
    page = opened("tim-kiem/index.html?q=cau%20giay")
    expect(page.locator("[data-search-snippet] mark").first).to_be_visible()
    page.locator("[data-search-input]").fill("thi dua")
    page.wait_for_url("**/tim-kiem/index.html?q=thi+dua")
    expect(page.locator("[data-search-hit]")).to_have_count(5)
    page.locator("[data-search-order]").select_option("cu")
    page.wait_for_url("**/tim-kiem/index.html?q=thi+dua&xep=cu")
    page.go_back()
    page.wait_for_url("**/tim-kiem/index.html?q=thi+dua")


def test_every_link_names_a_file(unpacked: Path, elements: Callable) -> None:
    broken = []
    for page in sorted(unpacked.rglob("*.html")):
        for element in elements(page.read_text(encoding="utf-8")):
            target = element.attributes.get(POINTERS.get(element.name, ""), "")
            link = urlsplit(urljoin(page.as_uri(), target))
            if link.scheme == "file" and not Path(unquote(link.path)).is_file():
                broken.append(f"{page.relative_to(unpacked)}: {target}")
    assert not broken, "\n".join(broken)


def test_pages_say_what_the_site_s_pages_say(unpacked: Path, site) -> None:
    """Nothing but links, scripts and the policy differs; only hosts' files are left out."""
    names = {page.relative_to(unpacked).as_posix() for page in unpacked.rglob("*.html")}
    assert {page.relative_to(site.folder).as_posix() for page in site.folder.rglob("*.html")} - names == {"404.html"}
    tags = re.compile(r"<(?:a|link|form|script|meta)\b[^>]*>")
    for name in names:
        packed, served = ((folder / name).read_text(encoding="utf-8") for folder in (unpacked, site.folder))
        assert tags.sub("", packed) == tags.sub("", served)
    for data in (site.folder / "du-lieu").iterdir():
        if data.is_file() and data.suffix != ".html":
            assert (unpacked / "du-lieu" / data.name).read_bytes() == data.read_bytes()


def test_the_same_site_gives_the_same_bytes_wherever_it_is(packed: Path, site, tmp_path: Path) -> None:
    shutil.copytree(site.folder, tmp_path / "other", copy_function=shutil.copy)
    count, size = offline.pack(tmp_path / "other", tmp_path / "kho.zip")
    assert (tmp_path / "kho.zip").read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        entries = archive.infolist()
    assert (count, size) == (len(entries), packed.stat().st_size)
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_compressed_files_for_hosts_stay_out_of_it(packed: Path, site, tmp_path: Path) -> None:
    shutil.copytree(site.folder, tmp_path / "other")
    (tmp_path / "other" / "index.html.gz").write_bytes(b"x")
    offline.pack(tmp_path / "other", tmp_path / "kho.zip")
    assert (tmp_path / "kho.zip").read_bytes() == packed.read_bytes()


def test_the_time_of_the_files_can_be_given(site, run: Callable, tmp_path: Path) -> None:
    moment = {"SOURCE_DATE_EPOCH": "1700000000"}
    done = run("build_tools", "zip", tmp_path / "a.zip", "--site", site.folder, cwd=site.project, **moment)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_what_is_no_site_is_not_packed(run: Callable, root: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = run("build_tools", "zip", tmp_path / "a.zip", "--site", tmp_path / "folder", cwd=root)
    assert done.returncode == 2
    assert done.stderr == f"Error: {tmp_path / 'folder'}: is no built site (kho-bao build makes one)\n"
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("", ""),
        ("#a", "#a"),
        ("?q=a", "?q=a"),
        (".", "./index.html"),
        ("..", "../index.html"),
        ("../../", "../../index.html"),
        ("../nam/2022/?a=b/#c", "../nam/2022/index.html?a=b/#c"),
        ("feed.xml", "feed.xml"),
        ("../a/b.html#c/", "../a/b.html#c/"),
        ("https://example.org/", "https://example.org/"),
        ("//example.org/", "//example.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("/nam/", "/nam/"),
    ],
)
def test_links_to_folders_name_their_pages(url: str, named: str) -> None:
    assert offline.page(f'<a class="x" href="{url}">') == f'<a class="x" href="{named}">'


@pytest.mark.parametrize("line", ["import a from './a.js'", "export default 1", "const a = import.meta.env", "export { a }"])
def test_a_module_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(ArchiveError, match=r"a\.js: cannot stand in a script without modules: "):
        offline.bundle({"a.js": f"let a\n{line}\n"})
