"""The site of an archive whose edition is closed: what its pages say of it, and what stands at addresses that ended."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

OLD, NEW = "bai/2022/tong-ket-cum-1-bo-cong-an/", "bai/2022/tong-ket-cum-mot/"
GONE = "bai/2020/ky-giao-uoc-cum-6-ha-noi/"
REASON = 'Toà soạn <script>alert(1)</script> & "yêu cầu"'
DAY = {"SOURCE_DATE_EPOCH": "1700000000"}


@dataclass(frozen=True)
class Closed:
    """A project with an edition; `closed` is its site right after, `draft` after a renaming and a withdrawal."""

    project: Path
    closed: Path
    draft: Path
    edition: str


def html(folder: Path, url: str = "") -> str:
    return (folder / url / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(run: Callable, project: Callable[[], Path]) -> Closed:
    here = project()
    settings = here / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("# site_url:", "site_url:")
    settings.write_text(text, encoding="utf-8")
    for command in ("edition", "build"):
        done = run("build_tools", command, cwd=here, **DAY)
        assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(here / "site", here / "closed")
    clippings = here / "content" / "clippings"
    (clippings / f"{OLD[4:-1]}.txt").rename(clippings / f"{NEW[4:-1]}.txt")
    text = "withdrawn: '" + REASON + "'\n"
    (clippings / f"{GONE[4:-1]}.yaml").write_text(text, encoding="utf-8")
    (clippings / f"{GONE[4:-1]}.txt").unlink()
    done = run("build_tools", "build", cwd=here, **DAY)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = (here / "content" / "editions").iterdir()
    return Closed(here, here / "closed", here / "site", file.stem)


def test_every_page_names_the_edition(made: Closed) -> None:
    for folder, words in ((made.closed, "Ấn bản"), (made.draft, "Bản nháp sau ấn bản")):
        pages = [*folder.rglob("index.html"), folder / "404.html"]
        assert len(pages) > 60
        for page in pages:
            footer = page.read_text(encoding="utf-8").partition('<footer class="kb-foot">')[2]
            assert re.search(rf"<p>{words} <a [^>]*>{made.edition}</a></p>", footer), page


def test_a_citation_names_the_edition(made: Closed) -> None:
    for folder, words in ((made.closed, "ấn bản"), (made.draft, "bản nháp sau ấn bản")):
        box = html(folder, "bai/2017/tong-ket-cum-2-bo-cong-an/").partition('class="kb-cite"')[2].partition("</dl>")[0]
        assert box.count(f", {words} {made.edition}") == 3


def test_the_page_on_citing_tells_how_an_edition_is_cited(made: Closed, site) -> None:
    example = "mã bài 2022/tong-ket-cum-1-bo-cong-an, "
    for folder, words in ((made.closed, "ấn bản"), (made.draft, "bản nháp sau ấn bản")):
        page = html(folder, "trich-dan/")
        assert f"{example}{words} {made.edition}." in page
        whole = f"Kho Báo, ấn bản {made.edition}, https://example.org/kho-bao/an-ban/{made.edition}/."
        assert f"<blockquote><p>{whole}</p></blockquote>" in page
    assert "ấn bản" not in html(site.folder, "trich-dan/").lower()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_on_citing_fits(made: Closed, serve: Callable, visit: Callable, width: int) -> None:
    page = visit(serve(made.draft) + "trich-dan/#an-ban", viewport={"width": width, "height": 900})
    heading = page.locator("#an-ban")
    assert heading.bounding_box()["x"] == page.locator("#dia-chi").bounding_box()["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_former_address_leads_on(made: Closed) -> None:
    page = html(made.draft, OLD)
    assert '<meta http-equiv="refresh" content="0; url=../tong-ket-cum-mot/">' in page
    assert f'<link rel="canonical" href="https://example.org/kho-bao/{NEW}">' in page
    assert page.count('rel="canonical"') == 1
    assert '<meta name="robots" content="noindex">' in page
    assert f'<a href="../tong-ket-cum-mot/">/{NEW}</a>' in page


def test_a_former_address_leads_on_without_scripts(made: Closed, serve: Callable, visit: Callable) -> None:
    page = visit(serve(made.draft) + OLD, java_script_enabled=False)
    page.wait_for_url(f"**/{NEW}")
    assert "Cụm thi đua số 1" in page.locator("h1").inner_text()


def test_a_withdrawn_clipping_leaves_its_reason(made: Closed) -> None:
    page = html(made.draft, GONE)
    assert "Toà soạn &lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;yêu cầu&#34;" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Nhan đề" not in page
    assert sorted(path.name for path in (made.draft / GONE).iterdir()) == ["index.html"]


def test_no_map_names_what_ended(made: Closed) -> None:
    maps = "".join(path.read_text(encoding="utf-8") for path in sorted(made.draft.glob("sitemap*.xml")))
    assert NEW in maps
    assert f"an-ban/{made.edition}/" in maps
    assert OLD not in maps
    assert GONE not in maps


def test_no_page_leads_to_what_ended(made: Closed) -> None:
    for page in sorted(made.draft.rglob("*.html")):
        if "an-ban" not in page.parts and page.parent not in (made.draft / OLD, made.draft / GONE):
            links = " ".join(re.findall('href="([^"]*)"', page.read_text(encoding="utf-8")))
            assert GONE[4:-1] not in links, page
            assert OLD[4:-1] not in links, page


def test_a_site_is_compared_with_its_edition(made: Closed, run: Callable, tmp_path: Path) -> None:
    done = run("build_tools", "verify", made.closed, cwd=made.project)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout
    changed = tmp_path / "site"
    shutil.copytree(made.closed, changed)
    (changed / OLD / "index.html").unlink()
    (changed / "bai" / "2022" / "moi").mkdir()
    (changed / "bai" / "2022" / "moi" / "index.html").write_text("x", encoding="utf-8")
    (changed / "du-lieu" / "units.csv").write_bytes(b"x")
    done = run("build_tools", "verify", changed, cwd=made.project)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:-1] == [
        f"/{OLD}: is not there",
        "/bai/2022/moi/: is not in the edition",
        "/du-lieu/units.csv: is not what datapackage.json says",
    ]
    done = run("build_tools", "verify", made.draft, "--edition", made.edition, cwd=made.project)
    assert done.returncode == 1
    assert f"/{GONE}: is moved or withdrawn\n" in done.stdout
    assert f"/{NEW}: its record is not in the edition\n" in done.stdout


def test_a_build_that_would_drop_an_address_ends_with_1(made: Closed, run: Callable, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(made.project / "content", content)
    (content / "clippings" / "2017" / "tong-ket-cum-2-bo-cong-an.txt").unlink()
    asked = ("build_tools", "build", "--content", content, "--site", tmp_path / "site", "--markdown", tmp_path / "b" / "d")
    done = run(*asked, cwd=made.project)
    assert done.returncode == 1
    assert "address /bai/2017/tong-ket-cum-2-bo-cong-an/ is in edition" in done.stderr
    assert not (tmp_path / "site" / "index.html").exists()
    done = run(*asked, "--drop", cwd=made.project)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "index.html").is_file()
