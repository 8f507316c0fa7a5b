"""What is wrong with the input is said in a sentence; nothing is lost and the rest is built."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

GOOD = """Cụm thi đua số {0} Công an tỉnh tổng kết phong trào thi đua năm 2021

15/12/2021, 08:00

Ngày 14/12, Cụm thi đua số {0} Công an tỉnh tổ chức hội nghị tổng kết phong trào thi đua năm 2021.
"""
HUGE = 50 * 1024 * 1024


@dataclass(frozen=True)
class Messy:
    """A build from a content folder where much is wrong."""

    site: Path
    content: Path
    output: str
    code: int

    def lines_about(self, name: str) -> list[str]:
        """What the program said about a file."""
        return [line for line in self.output.splitlines() if name in line]


def _content(root: Path, folder: Path) -> Path:
    """An empty content folder with the hand-written pages."""
    (folder / "clippings").mkdir(parents=True)
    shutil.copytree(root / "content" / "pages", folder / "pages")
    return folder


def _write(folder: Path) -> None:
    clippings = folder / "clippings"
    (clippings / "tot.txt").write_text(GOOD.format(1), encoding="utf-8")
    (clippings / "rong.txt").write_bytes(b"")
    (clippings / "trang.txt").write_text(" \n\ufeff\n\u200b\n", encoding="utf-8")
    (clippings / "nhi-phan.txt").write_bytes(bytes(range(256)) * 64)
    with (clippings / "to.txt").open("wb") as huge:
        huge.write(GOOD.format(2).encode())
        huge.truncate(HUGE)
    furniture = "In trang\n" * 10_000
    (clippings / "vun.txt").write_text(furniture + GOOD.format(3) + furniture, encoding="utf-8")
    (clippings / "khoa-la.txt").write_text(GOOD.format(4), encoding="utf-8")
    (clippings / "khoa-la.yaml").write_text("titel: Sai khóa\n", encoding="utf-8")
    (clippings / "ngay-sai.txt").write_text(GOOD.format(5), encoding="utf-8")
    (clippings / "ngay-sai.yaml").write_text('event_date: "31/02/2021"\n', encoding="utf-8")
    (clippings / "yaml-hong.txt").write_text(GOOD.format(6), encoding="utf-8")
    (clippings / "yaml-hong.yaml").write_text("title: [chưa đóng\n", encoding="utf-8")
    (clippings / "mo-coi.yaml").write_text("title: Không có bài\n", encoding="utf-8")
    for number, sub in enumerate(("a", "b"), 7):
        (clippings / sub).mkdir()
        (clippings / sub / "trung-ten.txt").write_text(GOOD.format(number), encoding="utf-8")
    (clippings / "trung-bai.txt").write_text(GOOD.format(1), encoding="utf-8")


@pytest.fixture(scope="module")
def messy(run: Callable, root: Path, project: Callable, tmp_path_factory: pytest.TempPathFactory) -> Messy:
    """Everything at once, built once."""
    folder = tmp_path_factory.mktemp("messy")
    content = _content(root, folder / "content")
    _write(content)
    done = run("build_tools", "build", "--content", content, "--site", folder / "site", cwd=project())
    (content / "clippings" / "to.txt").unlink()
    return Messy(folder / "site", content, done.stdout + done.stderr, done.returncode)


def test_problems_do_not_stop_the_build(messy: Messy) -> None:
    """Exit code 0 without --strict, no traceback, the good clippings published."""
    assert messy.code == 0, messy.output
    assert "Traceback" not in messy.output
    published = {path.parent.name for path in messy.site.glob("bai/*/*/index.html")}
    assert {"tot", "vun", "khoa-la", "ngay-sai", "trung-ten"} <= published or "trung-bai" in published
    assert not {"rong", "trang", "nhi-phan", "to", "yaml-hong"} & published


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rong.txt", "empty"),
        ("trang.txt", "empty"),
        ("nhi-phan.txt", "not text"),
        ("to.txt", "more than a clipping can have"),
        ("khoa-la.yaml", "titel"),
        ("ngay-sai.yaml", "event_date"),
        ("yaml-hong.yaml", "not YAML"),
        ("yaml-hong.txt", "is not published: its correction"),
        ("mo-coi.yaml", "not there"),
        ("trung-ten.txt", "address"),
        ("trung-bai.txt", "same file"),
    ],
)
def test_each_problem_is_named_with_its_file(messy: Messy, name: str, words: str) -> None:
    """A line of the output names the file and says what is wrong."""
    lines = messy.lines_about(name)
    assert lines, f"nothing said about {name}:\n{messy.output}"
    assert any(words in line for line in lines), lines


def test_two_clippings_with_one_name_are_both_published(messy: Messy) -> None:
    """The second gets an address of its own."""
    published = [p.parent.name for p in messy.site.glob("bai/*/*/index.html") if p.parent.name.startswith("trung-ten")]
    assert len(published) == 2


def test_the_same_clipping_twice_is_published_once(messy: Messy) -> None:
    """The bytes count, not the name."""
    published = {p.parent.name for p in messy.site.glob("bai/*/*/index.html")}
    assert len(published & {"tot", "trung-bai"}) == 1


def test_a_wrong_correction_does_not_lose_the_clipping(messy: Messy) -> None:
    """The clipping is shown as read, where the correction can be read."""
    for name in ("khoa-la", "ngay-sai"):
        page = next(messy.site.glob(f"bai/*/{name}/index.html")).read_text(encoding="utf-8")
        assert "tổng kết phong trào thi đua năm 2021" in page
        assert "Sai khóa" not in page


def test_furniture_lines_are_kept_out_of_the_text(messy: Messy) -> None:
    """Twenty thousand print buttons leave one entry; the raw text stays in its fold."""
    page = next(messy.site.glob("bai/*/vun/index.html")).read_text(encoding="utf-8")
    assert "Cụm thi đua số 3 Công an tỉnh tổ chức hội nghị" in page


def test_strict_turns_problems_into_an_exit_code(
    run: Callable, messy: Messy, project: Callable, tmp_path: Path
) -> None:
    """`--strict` ends with 1, and still builds the rest."""
    done = run("build_tools", "build", "--strict", "--content", messy.content, "--site", tmp_path / "s", cwd=project())
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(project: Callable) -> Path:
    """One copy of the project for the builds that stop early."""
    return project()


def _said(done: subprocess.CompletedProcess[str]) -> str:
    output = done.stdout + done.stderr
    assert "Traceback" not in output, output
    return output


def test_content_that_is_not_there(run: Callable, copy: Path, tmp_path: Path) -> None:
    """Exit code 2 and the folder's name."""
    done = run("build_tools", "build", "--content", tmp_path / "khong-co", "--site", tmp_path / "site", cwd=copy)
    assert done.returncode == 2, _said(done)
    assert "khong-co" in _said(done)
    assert not (tmp_path / "site").exists()


def test_content_that_is_a_file(run: Callable, copy: Path, tmp_path: Path) -> None:
    """The same when it is not a folder."""
    (tmp_path / "tep").write_text("x", encoding="utf-8")
    done = run("build_tools", "build", "--content", tmp_path / "tep", "--site", tmp_path / "site", cwd=copy)
    assert done.returncode == 2, _said(done)
    assert "tep" in _said(done)


def test_content_without_clippings(run: Callable, root: Path, copy: Path, tmp_path: Path) -> None:
    """Said in a sentence; what there is, is built."""
    content = _content(root, tmp_path / "content")
    done = run("build_tools", "build", "--content", content, "--site", tmp_path / "site", cwd=copy)
    assert "clipping" in _said(done).lower()
    assert done.returncode in (0, 2)
    if done.returncode == 0:
        assert (tmp_path / "site" / "index.html").exists()


@pytest.mark.parametrize("module", ["build_tools", "mkdocs"])
def test_a_folder_that_is_not_ours_is_not_emptied(run: Callable, copy: Path, tmp_path: Path, module: str) -> None:
    """A site folder with somebody's files in it is refused, untouched."""
    theirs = tmp_path / "tai-lieu"
    theirs.mkdir()
    (theirs / "luan-van.odt").write_text("mười năm", encoding="utf-8")
    option = "--site" if module == "build_tools" else "--site-dir"
    done = run(module, "build", option, theirs, cwd=copy)
    assert done.returncode != 0
    assert "tai-lieu" in _said(done)
    assert [p.name for p in theirs.iterdir()] == ["luan-van.odt"]


def test_an_unknown_option_is_a_usage_error(run: Callable, copy: Path) -> None:
    """Exit code 2."""
    assert run("build_tools", "build", "--khong-co", cwd=copy).returncode == 2
