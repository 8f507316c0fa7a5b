"""Nothing that a link leads out of the folder of hand-written pages is published; each such link is listed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools import build, handwritten

UNTOLD = "Chuyện không ai được đọc."
OUT = "is a link out of the folder of pages"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "pages"
    (folder / "muc").mkdir(parents=True)
    (tmp_path / "content" / "clippings").mkdir()
    (folder / "index.md").write_text("# Trang\n", encoding="utf-8")
    (folder / "muc" / "trang.md").write_text("# Trang trong\n", encoding="utf-8")
    beside = tmp_path / "beside"
    (beside / "sau").mkdir(parents=True)
    for path in (beside / "ngoai.md", beside / "sau" / "ngoai.md", tmp_path / "content" / "goc.md"):
        path.write_text(f"# {UNTOLD}\n", encoding="utf-8")
    return folder


def trapped(pages: Path) -> list[str]:
    """Put links and a pipe among the pages; return what is to be said of them."""
    beside = pages.parents[1] / "beside"
    for name, target in {
        "muc-sau": beside / "sau",
        "muc/ngoai.md": beside / "ngoai.md",
        "muc/vong": Path("../muc"),
        "ngoai.md": Path("../../beside/ngoai.md"),
        "trong-kho.md": Path("../goc.md"),
        "dut.md": Path("khong-co.md"),
        ".#index.md": Path("someone@somewhere.123"),
        "cung-muc.md": Path("muc/trang.md"),
        "muc-lai": Path("muc"),
    }.items():
        (pages / name).symlink_to(target)
    os.mkfifo(pages / "ong.md")
    return [
        "pages/dut.md: cannot be read: No such file or directory (remove it, or check its permissions)",
        "pages/muc-lai: is a link to a folder (copy the folder itself)",
        f"pages/muc-sau: {OUT} (copy the file itself)",
        f"pages/ngoai.md: {OUT} (copy the file itself)",
        "pages/ong.md: is no plain file (a pipe, a device or the like) (remove it)",
        f"pages/trong-kho.md: {OUT} (copy the file itself)",
        f"pages/muc/ngoai.md: {OUT} (copy the file itself)",
        "pages/muc/vong: is a link to a folder (copy the folder itself)",
    ]


def test_a_folder_without_links_out_is_given_as_it_is(pages: Path, tmp_path: Path) -> None:
    (pages / "lai.md").symlink_to("muc/trang.md")
    (tmp_path / "copy").mkdir()
    assert handwritten.copied(pages, tmp_path / "copy") == (pages, ())
    assert not (tmp_path / "copy").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_what_leads_out_is_left_out_and_the_rest_is_there(pages: Path, tmp_path: Path) -> None:
    said = trapped(pages)
    for _ in range(2):  # over what an earlier build left
        folder, problems = handwritten.copied(pages, tmp_path / "copy")
        assert folder == tmp_path / "copy"
        assert list(map(str, problems)) == said
    there = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.md")}
    assert sorted(there) == ["cung-muc.md", "index.md", "muc/trang.md"]
    assert UNTOLD not in "".join(there.values())
    assert not any(path.is_symlink() for path in folder.rglob("*"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_check_lists_them(pages: Path) -> None:
    said = trapped(pages)
    found = [one for one in build.build(pages.parent).problems if one.code == "page"]
    assert list(map(str, found)) == said


def test_without_the_folder_nothing_is_said(tmp_path: Path) -> None:
    assert handwritten.problems(tmp_path / "pages") == ()


@pytest.mark.slow
@pytest.mark.parametrize("command", [("mkdocs", "build"), ("build_tools", "build")], ids=" ".join)
def test_a_site_has_nothing_from_outside(
    command: tuple[str, ...], project: Callable[[], Path], run: Callable, tmp_path: Path
) -> None:
    home = project()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "ngoai.md").write_text(f"# {UNTOLD}\n", encoding="utf-8")
    (outside / "ngoai.html").write_text(UNTOLD, encoding="utf-8")
    pages = home / "content" / "pages"
    (pages / "muc").symlink_to(outside)
    (pages / "rieng.md").symlink_to(outside / "ngoai.md")
    (pages / "them.md").write_text("# Trang thêm\n\n[x](gioi-thieu.md)\n", encoding="utf-8")
    done = run(*command, cwd=home)
    assert done.returncode == 0, done.stderr
    told = done.stdout + done.stderr
    for name in ("muc", "rieng.md"):
        assert f"pages/{name}: {OUT} (copy the file itself)" in told
    assert (home / "site" / "them" / "index.html").is_file()
    assert (home / "site" / "gioi-thieu" / "index.html").is_file()
    for path in (one for one in home.rglob("*") if one.is_file() and not one.is_symlink()):
        assert UNTOLD.encode() not in path.read_bytes(), path
