"""Another process looks for what changed, while the build recalls what it knew; the outcome is that of one process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from changing import OWN

from build_tools import survey
from build_tools.records import Read
from build_tools.survey import Changes, Order, Seen


@pytest.fixture
def clippings(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "clippings"
    folder.mkdir(parents=True)
    for number in range(1, 31):
        shutil.copy(OWN / f"{number:03}.txt", folder)
    return folder


def told(clippings: Path, known: dict[str, str], few: int = 100, program: str = "program") -> list[object]:
    heard: list[object] = []
    survey.survey(Order(clippings, program, known, few), heard.append)
    return heard


def found(clippings: Path, known: dict[str, str], **more: object) -> list[object]:
    return [one for one in told(clippings, known, **more) if not isinstance(one, Seen)]  # type: ignore[arg-type]


def keys(heard: list[object]) -> dict[str, str]:
    return {one.path: one.key for one in heard if isinstance(one, Read)}


def test_what_is_not_known_is_read(clippings: Path) -> None:
    changes, *read = found(clippings, {})
    assert isinstance(changes, Changes)
    assert not changes.lost
    assert keys(read).keys() == {path.name for path in clippings.iterdir()}


def test_what_is_known_is_not_read_again(clippings: Path) -> None:
    known = keys(told(clippings, {}))
    (clippings / "004.yaml").write_text("year: 2019\n", encoding="utf-8")
    (clippings / "005.txt").write_text("Hội nghị tổng kết Cụm thi đua số 1.", encoding="utf-8")
    (clippings / "006.txt").unlink()
    (clippings / "007.txt").write_text("", encoding="utf-8")
    (clippings / "008.yaml").write_text("withdrawn: Theo yêu cầu\n", encoding="utf-8")
    changes, *read = found(clippings, known)
    assert isinstance(changes, Changes)
    assert keys(read).keys() == {"004.txt", "005.txt"}
    assert changes.lost == {"004.txt", "005.txt", "006.txt", "007.txt", "008.txt"}
    assert [one.path for one in changes.problems] == ["007.txt"]
    assert [one.path for one in changes.withdrawn] == ["008.txt"]
    by_another = keys(told(clippings, known, program="another"))
    assert by_another.keys() == known.keys() - {"006.txt", "007.txt", "008.txt"}


def test_the_first_to_be_told_is_what_is_withdrawn(clippings: Path) -> None:
    (clippings / "008.yaml").write_text("withdrawn: Theo yêu cầu\n", encoding="utf-8")
    (clippings / "gone.yaml").write_text("withdrawn: Theo yêu cầu\n", encoding="utf-8")
    seen, *_ = told(clippings, {})
    assert isinstance(seen, Seen)
    assert [one.path for one in seen.withdrawn] == ["008.txt", "gone.txt"]
    assert (seen.total, seen.published) == (30, 29)


def test_a_correction_that_comes_and_goes_leaves_the_key(clippings: Path) -> None:
    """And one of nothing is not the same as none."""
    before = keys(told(clippings, {}))
    (clippings / "004.yaml").write_text("", encoding="utf-8")
    assert keys(told(clippings, before)).keys() == {"004.txt"}
    (clippings / "004.yaml").unlink()
    assert keys(told(clippings, before)) == {}


def test_many_changes_are_left_to_many_processes(clippings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "TOLD_EACH", 10)
    assert told(clippings, {}, few=29) == [Seen(1, 30), Seen(11, 30), Seen(21, 30)]
    assert len(keys(told(clippings, {}, few=30))) == 30
