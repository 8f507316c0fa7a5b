"""What a correction withdraws, or may withdraw, is not published: however the file was damaged or named."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from test_editions import FIRST, SECOND, built, content, day, write

from build_tools import build, closing, corrections, inside
from build_tools.errors import LostAddressesError
from build_tools.filenames import composed

__all__ = ["content", "day"]

TEXT = "Cụm thi đua số 1 tổng kết năm 2022.\n"
WITHDRAWS = 'withdrawn: "theo yêu cầu"\n'


@pytest.fixture
def clippings(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "clippings"
    folder.mkdir(parents=True)
    (folder / "bài.txt").write_text(TEXT, encoding="utf-8")
    return folder


def told(clippings: Path) -> tuple[list[str], list[str]]:
    """Return the paths of the clippings that are published, and the problems of those that wait."""
    result = build.build(clippings.parent)
    published = [one.raw.path.as_posix() for one in result.clippings]
    return published, [f"{one.path}: {one.message} ({one.remedy})" for one in result.problems if one.code == "held"]


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no pipes with names")
    os.mkfifo(path)


def linked_out(path: Path) -> None:
    (path.parents[2] / "ngoai.yaml").write_text(WITHDRAWS, encoding="utf-8")
    path.symlink_to(path.parents[2] / "ngoai.yaml")


def linked_folder(path: Path) -> None:
    (path.parents[2] / "ngoai").mkdir()
    path.symlink_to(path.parents[2] / "ngoai")


def forbidden(path: Path) -> None:
    path.write_text(WITHDRAWS, encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")


UNOPENED: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (pipe, "is no plain file"),
    "folder": (Path.mkdir, "is a folder"),
    "link out": (linked_out, "is a link out of the clippings folder"),
    "link to a folder": (linked_folder, "is a link out of the clippings folder"),
    "link to nothing": (lambda path: path.symlink_to("khong-co.yaml"), "cannot be read: No such file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "cannot be read: "),
    "no permission": (forbidden, "cannot be read: Permission denied"),
}


@pytest.mark.parametrize(("make", "said"), UNOPENED.values(), ids=UNOPENED)
@pytest.mark.parametrize("name", ["bài.yaml", "bài.yml"])
def test_a_clipping_waits_while_its_correction_cannot_be_opened(
    make: Callable[[Path], object], said: str, name: str, clippings: Path
) -> None:
    make(clippings / name)
    published, held = told(clippings)
    assert published == []
    assert len(held) == 1
    assert held[0].startswith(f"clippings/bài.txt: is not published: its correction {name} {said}")
    assert f"({name}: " in held[0]


def test_a_correction_that_the_system_does_not_give_holds_its_clipping_back(
    clippings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same by a stand-in, for those who may read everything."""
    (clippings / "bài.yaml").write_text(WITHDRAWS, encoding="utf-8")
    opening = inside.contents

    def refused(path: str, *more: int) -> bytes:
        if path.endswith(".yaml"):
            raise PermissionError(13, "Permission denied", path)
        return opening(path, *more)

    monkeypatch.setattr(inside, "contents", refused)
    remedy = "bài.yaml: check its permissions"
    why = "its correction bài.yaml cannot be read: Permission denied, and may withdraw it"
    assert told(clippings) == ([], [f"clippings/bài.txt: is not published: {why} ({remedy})"])


BROKEN = {
    "cut": b'title: "N\xe1\xba\xbf',
    "cut within a letter": b'why: "N\xe1\xba',
    "empty": b"",
    "no mapping": b"theo y\xc3\xaau c\xe1\xba\xa7u\n",
    "another encoding": 'withdrawn: "theo yêu cầu"\n'.encode("utf-16"),
    "zeros": bytes(40),
    "too long": b"# " + b"x" * corrections.MAX_BYTES,
    "bomb": b"a: &a [x]\nb: [*a, *a]\n",
    "misspelt": b"withdraw: yes\n",
    "in capitals": b"Withdrawn: theo yeu cau\n",
    "old tense": b"withdrew: theo yeu cau\n",
    "without a reason": b"withdrawn: \n  - x\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_clipping_waits_while_its_correction_cannot_be_read(data: bytes, clippings: Path) -> None:
    (clippings / "bài.yaml").write_bytes(data)
    published, (held,) = told(clippings)
    assert published == []
    assert held.startswith("clippings/bài.txt: is not published: its correction bài.yaml ")


@pytest.mark.parametrize("text", ["titel: x\n", "year: no\n", "why: x\nwith: y\n", "# withdrawn: x\nyear: 1\n"])
def test_a_faulty_correction_that_can_be_read_changes_nothing(text: str, clippings: Path) -> None:
    (clippings / "bài.yaml").write_text(text, encoding="utf-8")
    assert told(clippings) == (["bài.txt"], [])
    assert "correction" in {one.code for one in build.build(clippings.parent).problems}


NAMES = ["bài.yml", "bài.YAML", "Bài.yaml", "BÀI.YML", "bài.txt.yaml", "bài.TXT.yml"]


@pytest.mark.parametrize("name", NAMES)
def test_a_withdrawal_with_nearly_the_name_holds_its_clipping_back(name: str, clippings: Path) -> None:
    (clippings / name).write_text(WITHDRAWS, encoding="utf-8")
    why = f"{name} withdraws what has this name, and is not named as its correction is"
    remedy = f"rename {name} to bài.yaml, or take it away if it means another"
    assert told(clippings) == ([], [f"clippings/bài.txt: is not published: {why} ({remedy})"])


@pytest.mark.parametrize("name", NAMES)
def test_another_correction_with_nearly_the_name_holds_nothing_back(name: str, clippings: Path) -> None:
    (clippings / name).write_text("year: 2021\n", encoding="utf-8")
    assert told(clippings) == (["bài.txt"], [])


def test_a_withdrawal_beside_two_clippings_means_the_one_with_its_very_name(clippings: Path) -> None:
    (clippings / "Bài.txt").write_text(f"{TEXT}Bài khác.\n", encoding="utf-8")
    (clippings / "bài.yml").write_text(WITHDRAWS, encoding="utf-8")
    assert told(clippings)[0] == ["Bài.txt"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_withdrawal_whose_name_is_composed_otherwise_is_read(form: str, clippings: Path) -> None:
    (clippings / unicodedata.normalize(form, "bài.yaml")).write_text(WITHDRAWS, encoding="utf-8")
    result = build.build(clippings.parent)
    assert result.clippings == ()
    assert result.archive
    assert [one.path for one in result.archive.ends.gone] == ["bài.txt"]


def test_of_two_corrections_with_one_name_the_second_withdraws_too(clippings: Path) -> None:
    """On Linux, a name composed and the same name with its accents apart are two files."""
    apart = unicodedata.normalize("NFD", "bài.yaml")
    (clippings / "bài.yaml").write_text("year: 2021\n", encoding="utf-8")
    (clippings / apart).write_text(WITHDRAWS, encoding="utf-8")
    if len(list(clippings.glob("*.yaml"))) < 2:
        pytest.skip("the system has room for one of the two")
    assert composed(["bài.yaml", apart]) == ["bài.yaml", apart]
    published, (held,) = told(clippings)
    assert published == []
    assert apart in held


def test_a_clipping_whose_name_ends_in_capitals_is_withdrawn(clippings: Path) -> None:
    (clippings / "KHÁC.TXT").write_text(f"{TEXT}Khác.\n", encoding="utf-8")
    (clippings / "KHÁC.yaml").write_text(WITHDRAWS, encoding="utf-8")
    result = build.build(clippings.parent)
    assert [one.raw.path.name for one in result.clippings] == ["bài.txt"]
    assert result.archive
    assert [one.path for one in result.archive.ends.gone] == ["KHÁC.TXT"]


def test_a_copy_of_what_waits_is_not_published(clippings: Path) -> None:
    """Also when its name comes first."""
    shutil.copy(clippings / "bài.txt", clippings / "a.txt")
    (clippings / "bài.yaml").mkdir()
    result = build.build(clippings.parent)
    assert result.clippings == ()
    assert "is the same file as bài.txt, which is not published" in {one.message for one in result.problems}


def test_only_the_clipping_of_the_damaged_correction_waits(clippings: Path) -> None:
    (clippings / "khac.txt").write_text(f"{TEXT}Khác.\n", encoding="utf-8")
    (clippings / "khac.yaml").write_text("year: 2021\n", encoding="utf-8")
    (clippings / "bài.yaml").write_bytes(b"\xff")
    assert told(clippings)[0] == ["khac.txt"]


# Editions


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cannot be opened": lambda path: (path.unlink(missing_ok=True), path.mkdir()),
    "cannot be read": lambda path: path.write_bytes(b'title: "'),
    "is faulty": lambda path: path.write_text("withdrawn: x\nyear: no\n", encoding="utf-8"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_build_without_what_waits_is_refused_with_the_remedy(damage: Callable[[Path], object], content: Path) -> None:
    """The address is in the last edition, so it cannot be left out in silence."""
    closing.close(content)
    beside = content / "clippings" / f"{FIRST}.yaml"
    damage(beside)
    with pytest.raises(LostAddressesError) as raised:
        built(content)
    said, end = str(raised.value).splitlines()
    assert said.startswith(f"clippings/{FIRST}.txt: address /bai/{FIRST}/ is in edition ")
    assert f"would vanish: the file is not published: its correction {FIRST}.yaml " in said
    assert said.endswith(")")
    assert f"{FIRST}.yaml" in said.rpartition(" (")[2]
    assert end.startswith("nothing was built")
    assert built(content, drop=True).report.clippings == 4


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("with_text", [True, False])
def test_a_damaged_withdrawal_shows_nothing_again(
    damage: Callable[[Path], object], with_text: bool, content: Path
) -> None:
    write(content, SECOND, WITHDRAWS)
    closing.close(content)
    if not with_text:
        (content / "clippings" / f"{SECOND}.txt").unlink()
    damage(content / "clippings" / f"{SECOND}.yaml")
    with pytest.raises(LostAddressesError, match=rf"/bai/{SECOND}/ .*would vanish.*{SECOND}\.yaml"):
        built(content)
    assert built(content, drop=True).report.clippings == 4
