"""The pipeline lists what fails and goes on; it writes what changed and removes only what it wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_tools import build, extract
from build_tools.errors import ArchiveError, ClippingError

TEXT = "Cụm thi đua số 1 – Bộ Công an tổng kết năm 2022\n\nNgày 23/11/2022, hội nghị diễn ra tại Hải Phòng.\n"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "clippings" / "2022"
    folder.mkdir(parents=True)
    (folder / "mot.txt").write_text(TEXT, encoding="utf-8")
    (folder / "hai.txt").write_text(TEXT.replace("số 1", "số 2"), encoding="utf-8")
    return tmp_path / "content"


def problems(content: Path) -> list[str]:
    return [str(problem) for problem in build.build(content).problems]


def articles(result: build.Result) -> list[str]:
    return [page.uri for page in result.pages() if page.uri.startswith("bai/")]


def test_a_folder_of_clippings_becomes_pages(content: Path) -> None:
    result = build.build(content)
    assert articles(result) == ["bai/2022/hai.md", "bai/2022/mot.md"]
    assert result.problems == ()
    assert [document.url for document in result.documents()] == ["bai/2022/hai/", "bai/2022/mot/"]


def test_the_same_file_twice_is_published_once(content: Path) -> None:
    shutil.copy(content / "clippings/2022/mot.txt", content / "clippings/2022/sao.txt")
    result = build.build(content)
    assert articles(result) == ["bai/2022/hai.md", "bai/2022/mot.md"]
    assert [problem.path for problem in result.problems] == ["clippings/2022/sao.txt"]
    assert "2022/mot.txt" in result.problems[0].message


@pytest.mark.parametrize(
    ("error", "message"),
    [(ClippingError("2022/mot.txt: not UTF-8 at byte 9"), "not UTF-8 at byte 9"), (KeyError("x"), "KeyError")],
    ids=["expected", "unexpected"],
)
def test_one_failing_clipping_never_stops_the_rest(
    content: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    true = extract.clipping

    def fail(raw, cleaned, words):  # type: ignore[no-untyped-def]
        if raw.path.name == "mot.txt":
            raise error
        return true(raw, cleaned, words)

    monkeypatch.setattr(extract, "clipping", fail)
    result = build.build(content)
    assert articles(result) == ["bai/2022/hai.md"]
    assert [problem.path for problem in result.problems] == ["clippings/2022/mot.txt"]
    assert message in result.problems[0].message
    assert result.problems[0].message.count("mot.txt") == 0


def test_a_clipping_of_invisible_characters_is_empty(content: Path) -> None:
    (content / "clippings/2022/trang.txt").write_text(" \n\ufeff\n\u200b\n", encoding="utf-8")
    assert "clippings/2022/trang.txt: is empty" in problems(content)[0]


def test_a_correction_wins(content: Path) -> None:
    (content / "clippings/2022/mot.yaml").write_text("year: 2021\n", encoding="utf-8")
    (page,) = (page for page in build.build(content).pages() if page.uri == "bai/2022/mot.md")
    assert (page.meta["year"], page.meta["corrected"]) == (2021, ["year"])


def test_a_faulty_correction_changes_nothing_and_is_listed(content: Path) -> None:
    (content / "clippings/2022/mot.yaml").write_text('byline: "X"\nyear: no\n', encoding="utf-8")
    result = build.build(content)
    (page,) = (page for page in result.pages() if page.uri == "bai/2022/mot.md")
    assert page.meta["corrected"] == []
    assert [(problem.path, problem.line) for problem in result.problems] == [("clippings/2022/mot.yaml", 2)]


def test_a_correction_without_its_clipping_is_listed(content: Path) -> None:
    (content / "clippings/2022/ba.yaml").write_text("year: 2021\n", encoding="utf-8")
    assert problems(content) == ["clippings/2022/ba.yaml: corrects ba.txt, which is not there (rename it or remove it)"]


def test_colliding_addresses_are_listed(content: Path) -> None:
    (content / "clippings/2022/Một.txt").write_text("Khác hẳn.\n", encoding="utf-8")
    result = build.build(content)
    assert len(articles(result)) == 3
    assert len(result.problems) == 1


def test_no_clippings_make_an_empty_site(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    result = build.build(tmp_path)
    assert articles(result) == []
    assert [page.uri for page in result.pages()][:1] == ["index.md"]
    assert "no clippings" in str(result.problems[0])
    assert not (tmp_path / "clippings").exists()


def test_a_bare_folder_of_texts_will_do(content: Path) -> None:
    result = build.build(content / "clippings")
    assert [page.meta["file"] for page in result.pages() if page.uri == "bai/2022/mot.md"] == ["2022/mot.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such folder"):
        build.build(tmp_path / "none")


@pytest.mark.slow
def test_several_processes_give_the_same(content: Path) -> None:
    for number in range(100):
        name = content / "clippings" / "2020" / f"{number}.txt"
        name.parent.mkdir(exist_ok=True)
        name.write_text(f"Bài {number}\n\n{TEXT}", encoding="utf-8")
    (content / "clippings/2020/rong.txt").write_text("")
    seen: list[tuple[int, int]] = []
    assert build.build(content, jobs=2, progress=lambda *at: seen.append(at)) == build.build(content)
    assert seen[-1] == (103, 103)
