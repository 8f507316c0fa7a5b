"""What the program says of itself, and what it refuses to read because a newer one has written it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_tools import formats, store
from build_tools.cli import cli
from build_tools.closing import made_with
from build_tools.editions import manifest
from build_tools.search import index

SEED = Path(__file__).resolve().parents[1] / "content" / "clippings"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(SEED / "2017", tmp_path / "content" / "clippings" / "2017")
    return tmp_path / "content"


def test_the_version_names_program_data_and_formats() -> None:
    done = run("--version")
    assert done.exit_code == 0
    first, second, third = done.output.splitlines()
    assert first.startswith("kho-bao, version ")
    made = made_with()
    said = re.fullmatch(r"program (\w{12}), data (\w{12})", second)
    assert said
    assert made["program"].startswith(said[1])
    assert made["data"].startswith(said[2])
    told = dict(part.rsplit(" ", 1) for part in third.removeprefix("formats: ").split(", "))
    assert {name: int(number) for name, number in told.items()} == {
        "record": formats.RECORD,
        "content": formats.CONTENT,
        "search index": index.VERSION,
        "manifest": manifest.FORMAT,
        "cache": store.VERSION,
    }


@pytest.mark.parametrize("command", ["build", "check", "verify", "edition"])
def test_a_content_folder_of_a_newer_format_is_refused(command: str, content: Path) -> None:
    (content / "format.txt").write_text("2\n", encoding="utf-8")
    done = run(command, content) if command == "verify" else run(command, "--content", content)
    assert done.exit_code == 2
    assert "this content folder is of format 2, which is newer than the 1 that this program reads" in done.output
    assert "upgrade kho-bao" in done.output


@pytest.mark.parametrize("said", ["", "two", "0", "-1", "²"])
def test_a_format_that_is_no_number_is_told(said: str, content: Path) -> None:
    (content / "format.txt").write_text(said, encoding="utf-8")
    done = run("check", "--content", content)
    assert done.exit_code == 2
    assert "format.txt: holds no number of a format (write 1, or remove the file)" in done.output


def test_a_content_folder_of_this_format_is_read(content: Path) -> None:
    (content / "format.txt").write_text("1\n", encoding="utf-8")
    assert run("check", "--content", content).exit_code == 0


def test_a_manifest_of_a_newer_format_is_refused(content: Path) -> None:
    (content / "editions").mkdir()
    file = content / "editions" / "2030-01-01-abcdef12.json"
    file.write_text(json.dumps({"format": 2, "clippings": {}}), encoding="utf-8")
    done = run("check", "--content", content)
    assert done.exit_code == 2
    assert "this manifest is of format 2, which is newer than the 1 that this program reads" in done.output
