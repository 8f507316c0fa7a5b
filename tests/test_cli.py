"""The commands: what they print, and with which code they end."""

from __future__ import annotations

import errno
import gzip
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_tools import read
from build_tools.cli import cli
from build_tools.folder import MARKER
from build_tools.model import FIELDS

TEXT = """Cụm thi đua số 1 – Bộ Công an tổng kết phong trào thi đua năm 2022

17:41 24/11/2022

Ngày 23/11, tại Hải Phòng, cụm thi đua số 1 – Bộ Công an tổ chức hội nghị tổng kết phong trào thi đua năm 2022.

In trang
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without mkdocs.yml, with one good clipping; the working folder."""
    folder = tmp_path / "content" / "clippings" / "2022"
    folder.mkdir(parents=True)
    (folder / "mot.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="kho-bao")


def add_bad(home: Path) -> None:
    (home / "content/clippings/2022/rong.txt").write_text("")


def test_build_works_in_any_folder(home: Path) -> None:
    """Without an own mkdocs.yml the bundled settings, templates and pages are used."""
    done = run("build")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 clipping (1 read), ")
    assert (home / "site/bai/2022/mot/index.html").is_file()
    assert (home / "site/gioi-thieu/index.html").is_file()
    assert (home / "build/docs/bai/2022/mot.md").is_file()
    manifest = json.loads(gzip.decompress((home / "site/search/manifest.bin").read_bytes()))
    assert manifest["documents"] == 1


def test_build_twice_in_one_process(home: Path) -> None:
    assert run("build").exit_code == 0
    (home / "content/clippings/2022/mot.txt").rename(home / "content/clippings/2022/hai.txt")
    assert run("build").exit_code == 0
    assert (home / "site/bai/2022/hai/index.html").is_file()
    assert not (home / "site/bai/2022/mot").exists()
    assert not (home / "build/docs/bai/2022/mot.md").exists()


def test_build_lists_problems_and_goes_on(home: Path) -> None:
    add_bad(home)
    done = run("build")
    assert done.exit_code == 0
    assert "clippings/2022/rong.txt: is empty" in done.stderr
    assert "1 clipping (1 read), " in done.stdout
    assert "1 problem" in done.stdout


def test_build_strict_tells_of_problems_by_its_code(home: Path) -> None:
    assert run("build", "--strict").exit_code == 0
    add_bad(home)
    assert run("build", "--strict").exit_code == 1
    assert (home / "site/index.html").is_file()


def test_an_empty_archive_is_a_site_that_says_so(home: Path) -> None:
    (home / "content/clippings/2022/mot.txt").unlink()
    done = run("build")
    assert done.exit_code == 0
    assert "there are no clippings yet" in done.stderr
    assert (home / "site/index.html").is_file()


def test_a_site_folder_that_is_not_ours_is_never_emptied(home: Path) -> None:
    (home / "site").mkdir()
    (home / "site/mine.txt").write_text("mine")
    done = run("build")
    assert done.exit_code == 2
    assert "was not built by kho-bao" in done.stderr
    assert (home / "site/mine.txt").read_text() == "mine"


@pytest.mark.parametrize("site", ["content", "content/clippings", ".", "build", "build/docs", "build/docs/site"])
def test_a_site_folder_that_holds_the_work_is_refused(home: Path, site: str) -> None:
    """Even with the mark in it: emptying it would lose clippings."""
    for folder in (home, home / "content", home / "content/clippings"):
        (folder / MARKER).touch()
    done = run("build", "--site", site)
    assert done.exit_code == 2, done.output
    assert (home / "content/clippings/2022/mot.txt").is_file()


def test_an_own_mkdocs_yml_without_the_hook_is_a_sentence(home: Path) -> None:
    (home / "mkdocs.yml").write_text("site_name: x\ndocs_dir: content\n")
    done = run("build")
    assert done.exit_code == 2
    assert "hooks: [build_tools/hook.py]" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--content", "none"],
        ["check", "--content", "none"],
        ["extract", "none"],
        ["explain", "none"],
        ["bild"],
        ["build", "--jobs", "x"],
    ],
    ids=" ".join,
)
def test_what_cannot_run_ends_with_2_and_a_sentence(home: Path, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.output


def test_an_unreadable_folder_ends_with_2(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The denial is staged: root, as whom CI may run, reads everything."""
    real = os.scandir

    def denied(path: str = ".") -> object:
        if Path(path).name == "clippings":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", denied)
    done = run("build")
    assert done.exit_code == 2
    assert "check its permissions" in done.stderr


def test_an_unexpected_failure_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(read, "names", fail)
    done = run("check")
    assert done.exit_code == 2
    assert "RuntimeError: boom" in done.stderr
    assert "Traceback" not in done.output


def test_extract_prints_a_record_a_line(home: Path) -> None:
    done = run("extract", "content")
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert list(record) == ["file", *FIELDS]
    assert (record["file"], record["published"], record["year"]) == ("mot.txt", "2022-11-24T17:41", 2022)
    assert record["clusters"] == [{"number": 1, "authority": "Bộ Công an"}]


def test_extract_reads_the_text_alone(home: Path) -> None:
    (home / "content/clippings/2022/mot.yaml").write_text("year: 1999")
    assert json.loads(run("extract", "content/clippings/2022/mot.txt").stdout)["year"] == 2022


def test_extract_leaves_a_derived_headline_out(home: Path) -> None:
    (home / "content/clippings/2022/mot.txt").write_text(TEXT.split("\n", 4)[4], encoding="utf-8")
    assert json.loads(run("extract", "content").stdout)["title"] is None


def test_extract_goes_on_after_a_bad_clipping(home: Path) -> None:
    add_bad(home)
    done = run("extract", "content")
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
    assert "rong.txt: is empty" in done.stderr
    assert run("extract", "--strict", "content").exit_code == 1


def test_explain_shows_the_text_with_marks_and_each_value(home: Path) -> None:
    (home / "content/clippings/2022/mot.yaml").write_text('byline: "Bá Hiển"', encoding="utf-8")
    done = run("explain", "content/clippings/2022/mot.txt")
    assert done.exit_code == 0
    shown = done.stdout.splitlines()
    assert shown[shown.index("stamp     3 │ 17:41 24/11/2022") + 1].endswith("2 published ────")
    assert shown[shown.index("   2  published: 2022-11-24T17:41") + 1].endswith("line 3: 17:41 24/11/2022")
    assert shown[shown.index("      byline: Bá Hiển") + 1].strip() == "corrected by the archivist"
    assert any(row.startswith("The clipping does not say: ") and "source" in row for row in shown)


def test_explain_as_json(home: Path) -> None:
    done = run("explain", "--format", "json", "content/clippings/2022/mot.txt")
    assert done.exit_code == 0
    read = json.loads(done.stdout)
    assert read["record"]["published"] == "2022-11-24T17:41"
    assert [segment["role"] for segment in read["lines"][2]["segments"]] == ["stamp"]


def test_explain_a_bad_clipping(home: Path) -> None:
    add_bad(home)
    done = run("explain", "content/clippings/2022/rong.txt")
    assert done.exit_code == 1
    assert "is empty" in done.stderr


def test_check_lists_problems_and_writes_nothing(home: Path) -> None:
    assert run("check").exit_code == 0
    add_bad(home)
    done = run("check")
    assert done.exit_code == 1
    assert "clippings/2022/rong.txt: is empty" in done.stdout
    assert sorted(path.name for path in home.iterdir()) == ["content"]


def test_names_and_texts_cannot_drive_the_terminal(home: Path) -> None:
    (home / "content/clippings/2022/\x1b[31m.txt").write_text("")
    assert "\x1b" not in run("check").output


@pytest.mark.parametrize("command", ["build", "serve", "extract", "explain", "check", "correct", "schema"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in run("--help").output
    done = run(command, "--help")
    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 5


def test_version() -> None:
    assert run("--version").output.startswith("kho-bao, version ")
