"""Limits are as documented; what goes beyond them is refused in a sentence, and what waits forever is not opened."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import struct
import sys
import time
import zipfile
from pathlib import Path

import pytest
from test_intake import STORED, add, article, tree, wacz, warc

from build_tools import build, corrections, inside, intake, patience, read, webarchive, webpage
from build_tools.editions import manifest
from build_tools.errors import ArchiveError, ClippingError
from build_tools.model import Problem

DOC = (Path(__file__).resolve().parents[1] / "docs" / "limits.md").read_text(encoding="utf-8")
TOLD = {name: float(value) for name, value in re.findall(r"^\| `([\w.]+)` \| (\d+) \|", DOC, re.MULTILINE)}
MODULES = ("read", "corrections", "alike", "near", "webpage", "webarchive")
UNTOLD = {"webpage.MAX_URL"}  # a longer address is no address, and nothing is refused


def test_documented_limits_are_those_of_the_code() -> None:
    ours = {
        f"{module}.{name}": value
        for module in MODULES
        for name, value in vars(importlib.import_module(f"build_tools.{module}")).items()
        if name.startswith("MAX_") or name == "RATIO_FREE"
    }
    assert {name: value for name, value in ours.items() if name not in UNTOLD} == TOLD


@pytest.fixture
def clippings(tmp_path: Path) -> Path:
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "tot.txt").write_text("Cụm thi đua số 1 tổng kết năm 2022.\n", encoding="utf-8")
    return tmp_path / "clippings"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_pipes_are_not_waited_for(clippings: Path) -> None:
    for name in ("ong.txt", "ong.yaml", "tot.yaml"):
        os.mkfifo(clippings / name)
    (clippings / "sang-ong.txt").symlink_to("ong.txt")
    said = [f"{one.path}: {one.message}" for one in build.build(clippings.parent).problems]
    pipe = "is no plain file (a pipe, a device or the like)"
    assert said == [
        f"clippings/ong.txt: is not published: its correction ong.yaml {pipe}, and may withdraw it",
        f"clippings/ong.yaml: {pipe}",
        f"clippings/sang-ong.txt: {pipe}",
        f"clippings/tot.txt: is not published: its correction tot.yaml {pipe}, and may withdraw it",
        f"clippings/tot.yaml: {pipe}",
    ]
    assert [type(one) for one in intake.add([clippings / "tot.txt"], clippings.parent)] == [intake.Present]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_for_a_manifest_is_refused(clippings: Path) -> None:
    (clippings.parent / manifest.FOLDER).mkdir()
    os.mkfifo(clippings.parent / manifest.FOLDER / "2022-01-01-x.json")
    with pytest.raises(ArchiveError, match=r"x\.json: is no plain file"):
        manifest.load(clippings.parent)


def test_a_correction_that_is_a_link_out_of_the_folder_is_not_read(clippings: Path) -> None:
    (clippings.parent / "ngoai.yaml").write_text('title: "Ở ngoài"\n', encoding="utf-8")
    (clippings / "tot.yaml").symlink_to("../ngoai.yaml")
    found = build.build(clippings.parent)
    out, waits = "is a link out of the clippings folder", "is not published: its correction"
    assert [str(one) for one in found.problems] == [
        f"clippings/tot.txt: {waits} tot.yaml {out}, and may withdraw it (tot.yaml: copy the file itself)",
        f"clippings/tot.yaml: {out} (copy the file itself)",
    ]
    assert found.clippings == ()


def test_a_link_to_itself_is_listed(clippings: Path) -> None:
    (clippings / "vong.txt").symlink_to("vong.txt")
    assert isinstance(found := read.named(clippings, "vong.txt"), Problem)
    assert found.message.startswith("cannot be read: ")


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_no_text_is_listed(clippings: Path) -> None:
    for end in (b".txt", b".yaml"):
        Path(os.fsdecode(os.fsencode(clippings) + b"/\xff" + end)).write_text("x", encoding="utf-8")
    said = [str(one) for one in build.build(clippings.parent).problems]
    why, remedy = "has a name that is not UTF-8", "(\\udcff.yaml: rename it)"
    assert said == [
        f"clippings/\\udcff.txt: is not published: its correction \\udcff.yaml {why}, and may withdraw it {remedy}",
        f"clippings/\\udcff.yaml: {why} (rename it)",
    ]
    assert inside.printable("ộ.txt") == "ộ.txt"


@pytest.mark.parametrize("text", ["a: &a [x]\nb: [*a, *a]\n", "title: " + "[" * 60_000, "- " * 30_000, "x" * 70_000])
def test_bombs_among_corrections_are_refused(clippings: Path, text: str) -> None:
    (clippings / "tot.yaml").write_text(text, encoding="utf-8")
    (file,) = corrections.files(clippings, [clippings / "tot.yaml"])
    assert isinstance(file, corrections.CorrectionFile)
    assert isinstance(corrections.parse(file), list)


@pytest.mark.parametrize(("depth", "refused"), [(200, False), (300, True), (40_000, True)])
def test_a_page_that_is_nested_too_deep_is_refused(depth: int, refused: bool) -> None:
    data = ("<div>" * depth + "<p>Hội nghị</p>" + "</div>" * depth).encode()
    if not refused:
        assert len(webpage.read(data, "a.html").lines) == 1
        return
    with pytest.raises(ClippingError, match="nested deeper than a page can be"):
        webpage.read(data, "a.html")


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no alarm")
def test_work_that_takes_too_long_is_broken_off() -> None:
    """Even when what is at work catches every error that there is."""

    def stubborn() -> None:
        with patience.within(0.05, ClippingError("late")):
            while True:
                with contextlib.suppress(Exception):
                    time.sleep(0.01)

    with pytest.raises(ClippingError, match="late"):
        stubborn()
    with patience.within(0.05, ClippingError("late")):
        pass
    time.sleep(0.1)  # no alarm is left behind


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "content" / "clippings").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no alarm")
def test_a_page_that_takes_too_long_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpage, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(webpage, "read", lambda *_: time.sleep(30))
    (home / "a.html").write_text(article(), encoding="utf-8")
    done = add("a.html")
    assert done.exit_code == 1
    assert "a.html: takes more than 0.05 seconds to read; save its text as .txt" in done.stderr
    assert tree(home / "content") == {}


def test_a_list_of_members_that_is_too_long_is_refused_unread(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = wacz({"archive/a.warc.gz": warc(STORED[:1])} | {f"x{number}": b"" for number in range(50)})
    (home / "a.wacz").write_bytes(made)
    monkeypatch.setattr(webarchive, "MAX_DIRECTORY", 1_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    done = add("a.wacz")
    assert done.exit_code == 1
    assert "a.wacz: has a list of members longer than 1,000 bytes; cut it" in done.stderr


def test_members_that_share_their_bytes_are_refused(home: Path) -> None:
    """Many entries of one long member would be unpacked many times."""
    made = wacz({"archive/a.warc.gz": warc(STORED[:1])})
    entry = made.index(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entries = b"".join(made[entry:end].replace(b"/a.warc", b"/%c.warc" % letter) for letter in b"abcdefgh")
    head = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 8, 8, len(entries), entry, 0)
    (home / "a.wacz").write_bytes(made[:entry] + entries + head)
    done = add("a.wacz")
    assert done.exit_code == 1
    assert "has members that overlap" in done.stderr
