"""A bag holds the sources and the data as they are, says what it is, and is sound by its own validator."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from build_tools.errors import ArchiveError, MissingLibraryError
from build_tools.publishing.bag import bag


@pytest.fixture(scope="module")
def home(project: Callable[[], Path]) -> Path:
    """A project with a correction and a clipping whose name needs care."""
    folder = project()
    clippings = folder / "content" / "clippings"
    first = clippings / "2024" / "tong-ket-cum-5-cong-an-tinh.txt"
    first.with_suffix(".yaml").write_text('source: "Báo Quảng Trị"\n', encoding="utf-8")
    (clippings / "2024" / "bài 100% mới.txt").write_bytes(first.read_bytes() + b"x\n")
    config = folder / "mkdocs.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("# site_url:", "site_url:") + "site_author: Thư viện\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def bagged(home: Path, run: Callable) -> Path:
    """The bag that the command makes."""
    done = run("build_tools", "bag", "kept/bag", cwd=home, SOURCE_DATE_EPOCH="1700000000")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("MB, as its digests say\n")
    return home / "kept" / "bag"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_its_own_validator_accepts_it_and_sees_damage(bagged: Path, tmp_path: Path) -> None:
    assert bagit.Bag(str(bagged)).validate(processes=1)
    shutil.copytree(bagged, tmp_path / "bag")
    with (tmp_path / "bag" / "data" / "du-lieu" / "articles.csv").open("ab") as file:
        file.write(b"x")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(tmp_path / "bag")).validate()


def test_it_holds_the_sources_and_the_data_byte_for_byte(bagged: Path, home: Path) -> None:
    assert _bytes(bagged / "data" / "clippings") == _bytes(home / "content" / "clippings")
    data = _bytes(home / "site" / "du-lieu")
    del data["index.html"]
    assert _bytes(bagged / "data" / "du-lieu") == data
    assert {one.name for one in (bagged / "data").iterdir()} == {"clippings", "du-lieu"}


def test_it_says_what_mkdocs_yml_says(bagged: Path) -> None:
    info = bagit.Bag(str(bagged)).info
    assert info["Internal-Sender-Identifier"] == "Kho Báo"
    assert info["Source-Organization"] == "Thư viện"
    assert info["External-Identifier"] == "https://example.org/kho-bao/"
    assert info["External-Description"].startswith("Kho lưu trữ")
    assert info["Bag-Software-Agent"].startswith("kho-bao ")
    assert info["Bagging-Date"] == "2023-11-14"


def test_the_same_archive_gives_the_same_bytes_and_no_date_of_its_own(
    home: Path, run: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bags = [tmp_path / "one", tmp_path / "two"]
    listing = os.listdir
    for place in bags:
        bag(place, home / "content" / "clippings", home / "site", {"site_name": "Kho\nBáo"}, "kho-bao")
        monkeypatch.setattr(os, "listdir", lambda *path: sorted(listing(*path), reverse=True))
    assert _bytes(bags[0]) == _bytes(bags[1])
    info = (bags[0] / "bag-info.txt").read_text(encoding="utf-8")
    assert "Bagging-Date" not in info
    assert "Internal-Sender-Identifier: Kho Báo\n" in info


def test_a_bag_is_never_written_over(bagged: Path, home: Path, run: Callable) -> None:
    before = _bytes(bagged)
    done = run("build_tools", "bag", "kept/bag", cwd=home)
    assert done.returncode == 2
    assert "kept/bag: is there already" in done.stderr
    assert _bytes(bagged) == before


def test_a_bag_that_cannot_be_finished_leaves_nothing(
    bagged: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        bag(tmp_path / "bag", home / "content" / "clippings", home / "site", {}, "kho-bao")
    assert not list(tmp_path.iterdir())


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bagit", None)
    with pytest.raises(MissingLibraryError, match=r'pip install "kho-bao\[bag\]"'):
        bag(tmp_path / "bag", tmp_path, tmp_path, {}, "kho-bao")


def test_an_empty_folder_makes_no_bag_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is nothing to put into it"):
        bag(tmp_path / "bag", tmp_path, tmp_path / "site", {}, "kho-bao")
