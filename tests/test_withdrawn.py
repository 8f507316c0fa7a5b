"""The text of a clipping that was withdrawn and deleted does not come back by `add`, where an edition knew it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_editions import FIRST, SECOND, content, day, move, write
from test_intake import article

from build_tools import closing, intake, withdrawn
from build_tools.errors import ArchiveError
from build_tools.model import Problem

__all__ = ["content", "day"]

WITHDRAWS = 'withdrawn: "theo yêu cầu"\n'


@pytest.fixture
def text(content: Path, tmp_path: Path) -> Path:
    """A copy of the second clipping, out of the archive."""
    return shutil.copy(content / "clippings" / f"{SECOND}.txt", tmp_path / "lai.txt")


def added(content: Path, *files: Path) -> list[intake.Outcome]:
    return list(intake.add(files, content))


def withdraw(content: Path, name: str = SECOND) -> None:
    write(content, name, WITHDRAWS)
    (content / "clippings" / f"{name}.txt").unlink()


def closed_before(content: Path) -> None:
    closing.close(content)
    withdraw(content)


def closed_before_and_after(content: Path) -> None:
    closed_before(content)
    closing.close(content)


def renamed_in_between(content: Path) -> None:
    closing.close(content)
    (content / "clippings" / "2020").mkdir(exist_ok=True)
    move(content, SECOND, "2020/ten-moi")
    closing.close(content)
    withdraw(content, "2020/ten-moi")


def correction_lost(content: Path) -> None:
    closed_before_and_after(content)
    (content / "clippings" / f"{SECOND}.yaml").unlink()


def correction_damaged(content: Path) -> None:
    closed_before_and_after(content)
    (content / "clippings" / f"{SECOND}.yaml").write_bytes(b'"')


@pytest.mark.parametrize(
    "make",
    [closed_before, closed_before_and_after, renamed_in_between, correction_lost, correction_damaged],
    ids=lambda make: make.__name__,
)
def test_a_withdrawn_text_is_refused(make: Callable[[Path], object], content: Path, text: Path) -> None:
    make(content)
    before = sorted(content.rglob("*"))
    (outcome,) = added(content, text)
    assert isinstance(outcome, Problem)
    name = "2020/ten-moi" if make is renamed_in_between else SECOND
    assert outcome.path == str(text)
    assert outcome.message == f"is what clippings/{name}.txt was, which is withdrawn"
    assert f"take withdrawn out of clippings/{name}.yaml" in outcome.remedy
    assert sorted(content.rglob("*")) == before


def test_others_are_added_beside_it(content: Path, text: Path, tmp_path: Path) -> None:
    closed_before(content)
    other = tmp_path / "khac.txt"
    other.write_text("Cụm thi đua số 1 họp ngày 3/4/2021.\n", encoding="utf-8")
    assert [type(one) for one in added(content, other, text)] == [intake.Added, Problem]


def test_what_is_withdrawn_no_more_can_be_added(content: Path, text: Path) -> None:
    closed_before_and_after(content)
    write(content, SECOND, "year: 2020\n")
    assert [type(one) for one in added(content, text)] == [intake.Added]


def test_what_cannot_be_known_is_added(content: Path, text: Path, tmp_path: Path) -> None:
    """A text that was in no edition, and one of other bytes."""
    withdraw(content, FIRST)
    closing.close(content)
    withdraw(content)
    other = tmp_path / "windows.txt"
    other.write_bytes(text.read_bytes().replace(b"\n", b"\r\n"))
    first = shutil.copy(Path(__file__).parents[1] / "content" / "clippings" / f"{FIRST}.txt", tmp_path / "a.txt")
    assert [type(one) for one in added(content, other, first)] == [intake.Added, intake.Added]


def test_a_page_is_refused_by_its_text_and_by_its_bytes(content: Path, tmp_path: Path) -> None:
    page, other = tmp_path / "trang.html", tmp_path / "trang-2.html"
    page.write_text(article(), encoding="utf-8")
    other.write_text(article().replace("<body>", "<body >"), encoding="utf-8")
    (outcome,) = added(content, page)
    assert isinstance(outcome, intake.Added)
    closing.close(content)
    withdraw(content, outcome.path.relative_to("clippings").with_suffix("").as_posix())
    said = [one.message for one in added(content, page, other) if isinstance(one, Problem)]
    assert said == [f"is what {outcome.path} was, which is withdrawn"] * 2


def test_an_archive_without_editions_knows_none(content: Path) -> None:
    withdraw(content)
    assert withdrawn.texts(content) == {}


def test_a_manifest_that_cannot_be_read_stops_what_it_would_have_refused(content: Path, text: Path) -> None:
    closed_before_and_after(content)
    first, _ = sorted((content / "editions").iterdir(), key=lambda path: '"number": 2' in path.read_text("utf-8"))
    first.write_text(first.read_text("utf-8").replace(SECOND, FIRST), encoding="utf-8")
    with pytest.raises(ArchiveError, match="has been changed since the edition was closed"):
        added(content, text)
