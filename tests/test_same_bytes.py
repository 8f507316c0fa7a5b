"""The same archive, built by other people on other systems, is the same to the byte; names of files do not part it."""

from __future__ import annotations

import gzip
import os
import unicodedata
from pathlib import Path

import pytest
import same

from build_tools import filenames, gz, read
from build_tools.build import build


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return same.built(tmp_path_factory.mktemp("first"), same.FIRST)


@pytest.mark.slow
@pytest.mark.parametrize("settings", same.OTHERS, ids=lambda settings: settings.name)
def test_settings_have_no_say_in_any_byte(settings: same.Settings, first: dict[str, str], tmp_path: Path) -> None:
    """Locale, zone, hash seed, folder, processes, order and rights of files, accents in names leave no trace."""
    again = same.built(tmp_path, settings)
    assert {"index.html", "sitemap.xml", "du-lieu/kho.sqlite", "du-lieu/articles.jsonl.gz", "hinh.png"} <= set(first)
    assert same.different(first, again) == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_a_name_is_the_same_however_its_accents_are_written(form: str, tmp_path: Path) -> None:
    """Addresses, order and paths are those of the composed names; of two alike the same one is first."""
    same.written(tmp_path / "composed", same.FIRST)
    same.written(tmp_path / "other", same.Settings("other", form=form))
    there = {name for _, _, names in os.walk(tmp_path / "other" / "clippings") for name in names}
    assert (unicodedata.normalize("NFC", "Hội nghị bả.txt") in there) == (form == "NFC")
    one, other = build(tmp_path / "composed"), build(tmp_path / "other")
    assert one.archive
    assert other.archive
    assert one.archive.addresses.articles == other.archive.addresses.articles
    assert "2022/Hội nghị bả.txt" in one.archive.addresses.articles
    assert [str(problem) for problem in one.problems] == [str(problem) for problem in other.problems]
    assert [clipping.raw for clipping in one.clippings] == [clipping.raw for clipping in other.clippings]
    assert [clipping.corrected for clipping in other.clippings].count(("year",)) == 1


def test_two_files_whose_names_are_one_when_composed_are_both_read(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "Bế mạc.txt")).write_text(f"Cụm thi đua {form}", encoding="utf-8")
    found = [raw.data for raw in read.clippings(tmp_path) if not isinstance(raw, read.Problem)]
    assert found == [b"C\xe1\xbb\xa5m thi \xc4\x91ua NFC", b"C\xe1\xbb\xa5m thi \xc4\x91ua NFD"]
    assert [problem.code for problem in build(tmp_path).problems] == ["capitals", "address"]


@pytest.mark.parametrize("other", ["2022/TONG-KET.txt", "2022/Tong-Ket.TXT"])
def test_names_that_differ_in_capitals_only_are_told(other: str, tmp_path: Path) -> None:
    """Elsewhere one would overwrite the other; both are published here, and the sentence names both."""
    (tmp_path / "2022").mkdir()
    (tmp_path / "2022" / "tong-ket.txt").write_text("Cụm thi đua số 1 tổng kết.", encoding="utf-8")
    if (tmp_path / other).exists():
        pytest.skip("this file system has room for one of the two")
    (tmp_path / other).write_text("Cụm thi đua số 2 tổng kết.", encoding="utf-8")
    done = build(tmp_path)
    told = next(problem for problem in done.problems if problem.code == "capitals")
    assert str(told).startswith(f"2022/tong-ket.txt: has the name of {other} but for capital letters")
    assert "give one of them another name" in str(told)
    assert len(done.clippings) == 2


def test_folders_that_differ_in_capitals_only_are_told() -> None:
    names = ["Tin/bai.txt", "tin/bai.txt", "tin/khac.txt"]
    assert filenames.in_capitals_only(names) == [("tin/bai.txt", "Tin/bai.txt")]


def test_a_file_that_is_not_there_has_the_path_it_would_have(tmp_path: Path) -> None:
    assert filenames.real(str(tmp_path), "thư mục/bài.txt") == str(tmp_path / "thư mục" / "bài.txt")


@pytest.mark.parametrize("text", [None, 0, 1, 60_000, 10**6])
@pytest.mark.parametrize("level", [1, 6, 9])
@pytest.mark.parametrize("data", [b"", "Cụm thi đua ".encode() * 10_000])
def test_packed_files_name_no_system(data: bytes, level: int, text: int | None) -> None:
    """The head is the same in every version of Python; anyone can unpack the rest."""
    packed = gz.packed(data, level, text)
    assert gzip.decompress(packed) == data
    assert packed[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2 if level == 9 else 0, 3])


def test_a_locale_that_the_machine_has_is_found() -> None:
    assert same.there(["xx_XX.UTF-8"]) == "C"
    assert same.there(["xx_XX.UTF-8", "C"]) == "C"
