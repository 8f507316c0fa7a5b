"""A folder that is filled: only what changed is written, only what nobody wants is removed, nothing of others."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest

from build_tools.errors import ArchiveError
from build_tools.folder import MARKER, Folder


def fill(path: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """Fill a folder; return what was written and what was removed."""
    folder = Folder(path, path.parent / "ledger.bin")
    for uri, text in files.items():
        folder.put(uri, text.encode())
    removed = folder.finish()
    return folder.changed, removed


def files(path: Path) -> list[str]:
    return sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())


def test_only_changed_files_are_written_and_stale_ones_removed(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1", "b/c.md": "2", "b/d/e.md": "3"})
    before = (place / "a.md").stat().st_mtime_ns
    assert fill(place, {"a.md": "1", "b/c.md": "other"}) == (["b/c.md"], ["b/d/e.md"])
    assert (place / "a.md").stat().st_mtime_ns == before
    assert files(place) == [MARKER, "a.md", "b/c.md"]
    assert not (place / "b/d").exists()


def test_a_file_that_is_gone_or_has_another_size_is_written_again(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1", "b.md": "2", "c.md": "3"})
    (place / "a.md").unlink()
    (place / "b.md").write_text("longer")
    assert fill(place, {"a.md": "1", "b.md": "2", "c.md": "3"}) == (["a.md", "b.md"], [])


@pytest.mark.parametrize("text", ["", "short", "as long as that", "longer than what was there before"])
def test_a_file_that_is_written_over_holds_nothing_else(tmp_path: Path, text: str) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "as long as this"})
    fill(place, {"a.md": text})
    assert (place / "a.md").read_text(encoding="utf-8") == text


def test_without_its_ledger_nothing_is_believed(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1", "b.md": "2"})
    (place / "left.md").write_text("over")
    (tmp_path / "ledger.bin").unlink()
    assert fill(place, {"a.md": "1"}) == (["a.md"], ["b.md", "left.md"])


@pytest.mark.parametrize("data", [b"", b"[]", marshal.dumps([]), marshal.dumps([("a.md", ("1", 1, "x"))]), b"\0"])
def test_another_ledger_is_not_believed(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1"})
    (tmp_path / "ledger.bin").write_bytes(data)
    assert fill(place, {"a.md": "1"}) == (["a.md"], [])


def test_an_interrupted_build_is_not_believed(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1"})
    Folder(place, tmp_path / "ledger.bin").put("a.md", b"half")
    assert fill(place, {"a.md": "1"}) == (["a.md"], [])


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "site"
    place.mkdir()
    (place / "mine.md").write_text("mine")
    with pytest.raises(ArchiveError, match="was not built by kho-bao"):
        fill(place, {"a.md": "1"})
    assert files(place) == ["mine.md"]


def test_a_ledger_that_was_tampered_with_removes_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    place = tmp_path / "site"
    fill(place, {"a.md": "1"})
    (tmp_path / "ledger.bin").write_bytes(marshal.dumps([("../mine.md", ("k", 4, "x"))]))
    fill(place, {})
    assert (tmp_path / "mine.md").exists()


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "site"
    fill(place, {"a.md": "1"})
    (place / ".nojekyll").write_text("")
    (tmp_path / "ledger.bin").unlink()
    fill(place, {"a.md": "1"})
    assert (place / ".nojekyll").exists()


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(ArchiveError, match="cannot be written"):
        fill(tmp_path / "site", {"a.md": "1"})
