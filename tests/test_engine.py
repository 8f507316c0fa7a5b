"""The build in files: what it does again, what it keeps, and what becomes of a process that dies."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from changing import OWN, ROOT, changes, whole

from build_tools import closing, engine, workshop
from build_tools.search import shards

NAMES = [f"{number:03}.txt" for number in range(1, 31)]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "clippings"
    folder.mkdir(parents=True)
    for name in NAMES:
        shutil.copy(OWN / name, folder)
    return tmp_path / "content"


def opened(content: Path, **more: Any) -> engine.Build:
    work = content.parent / "build"
    return engine.Build(engine.Options(content, work / "docs", work / "cache", **more))


def test_only_what_changed_is_read(content: Path) -> None:
    assert whole(content).report.read == len(NAMES)
    assert whole(content).report.read == 0
    (content / "clippings" / "004.yaml").write_text('byline: "Người Viết"\n', encoding="utf-8")
    path = content / "clippings" / "005.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    os.utime(path, (0, 0))
    assert whole(content).report.read == 2


def test_a_problem_is_told_at_every_build(content: Path) -> None:
    """Also when the clipping it is about has not changed since."""
    (content / "clippings" / "004.yaml").write_text("year: no\n", encoding="utf-8")
    (content / "clippings" / "005.yml").write_text("year: 2020\n", encoding="utf-8")
    (content / "clippings" / "nobody.yaml").write_text("year: 2020\n", encoding="utf-8")
    (content / "clippings" / "empty.txt").write_text("", encoding="utf-8")
    shutil.copy(content / "clippings" / "006.txt", content / "clippings" / "twice.txt")
    first = whole(content).report.problems
    assert len(first) == 5
    assert whole(content).report.problems == first


def test_what_was_read_before_an_interruption_is_not_read_again(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FEW", 1)
    monkeypatch.setattr(engine, "TOGETHER", 5)

    def break_off(stage: str, done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened(content, jobs=1, progress=break_off).read()
    build = opened(content, jobs=1)
    build.read()
    assert build.report.clippings == len(NAMES)
    assert build.report.read <= 10


# Processes begin as copies of this one only where it has no other threads, so these builds have a process of their own.
DEADLY = """
import os, signal, sys
from pathlib import Path
from build_tools import engine, records, workshop
from build_tools.errors import ArchiveError
stage, content = sys.argv[1], Path(sys.argv[2])
here, engine.FEW, engine.TOGETHER = os.getpid(), 0, 4
place = records if stage == "read_source" else workshop
true = getattr(place, stage)
def deadly(first, *more):
    if first.path == "007.txt" and os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return true(first, *more)
setattr(place, stage, deadly)
work = content.parent / "build"
build = engine.Build(engine.Options(content, work / "docs", work / "cache", 2))
build.read()
for problem in build.report.problems:
    print(problem)
(work / "given").mkdir()
try:
    build.publish(content.parent / "site", "theme", None, work / "given")
except ArchiveError as error:
    print(error)
print(build.report.clippings, "clippings")
"""


def deadly(stage: str, content: Path) -> list[str]:
    """Build with a function that kills its process at one clipping; return what is said."""
    command = [sys.executable, "-c", DEADLY, stage, str(content)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="processes begin as copies on Linux alone")
def test_a_process_that_dies_at_a_clipping_costs_that_clipping_alone(content: Path) -> None:
    problem, count = deadly("read_source", content)
    assert problem.startswith("clippings/007.txt: a process died while it read it")
    assert count == f"{len(NAMES) - 1} clippings"


@pytest.mark.skipif(sys.platform != "linux", reason="processes begin as copies on Linux alone")
def test_a_death_while_pages_are_made_is_a_sentence(content: Path) -> None:
    told, _ = deadly("_composed", content)
    assert re.match(r"\d+\.txt and the \d+ clippings after it: a process died", told)
    assert whole(content).report.clippings == len(NAMES)


def files(content: Path) -> dict[str, bytes]:
    found = (path for place in ("build/docs", "site") for path in (content.parent / place).rglob("*"))
    return {
        path.relative_to(content.parent).as_posix(): path.read_bytes()
        for path in found
        if path.is_file() and path.name != ".kho-bao"
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """What clean builds leave of the archive after each change."""
    content = tmp_path_factory.mktemp("changed") / "content"
    (content / "clippings").mkdir(parents=True)
    for name in NAMES:
        shutil.copy(OWN / name, content / "clippings")
    found = []
    for change in changes(content):
        change()
        for place in ("build", "site"):
            shutil.rmtree(content.parent / place, ignore_errors=True)
        whole(content, jobs=1)
        found.append(files(content))
    return found


def same(ours: dict[str, bytes], theirs: dict[str, bytes], number: object) -> None:
    assert ours.keys() == theirs.keys(), number
    assert [name for name in ours if ours[name] != theirs[name]] == [], number


@pytest.mark.parametrize("memory", [engine.Memory(), None], ids=["in memory", "in a file"])
def test_a_build_goes_on_with_what_the_last_one_worked_out(
    content: Path, clean: list[dict[str, bytes]], memory: engine.Memory | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each change the pages are those of a clean build, whether the archive is as it was then or another."""
    look, looks = workshop._looked, []
    monkeypatch.setattr(workshop, "_looked", lambda place, shelf: looks.append(place) or look(place, shelf))
    whole(content, jobs=1, memory=memory)
    assert len(looks) == len(NAMES)
    kept = outlined = 0
    for number, change in enumerate(changes(content)):
        change()
        before = memory and memory.outline
        looks.clear()
        build = whole(content, jobs=1, memory=memory)
        kept += len(looks) < 2
        outlined += bool(before) and build.outline is before
        same(files(content), clean[number], number)
    assert 4 <= kept < len(clean) - 3
    assert (4 <= outlined < len(clean) - 3) if memory else not outlined


@pytest.mark.parametrize("memory", [engine.Memory(), None], ids=["in memory", "in a file"])
def test_an_archive_with_editions_goes_on_too(
    content: Path, tmp_path: Path, memory: engine.Memory | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its addresses have a past: of texts only one that has another name by now has a say in them."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    look, looks = workshop._looked, []
    monkeypatch.setattr(workshop, "_looked", lambda place, shelf: looks.append(place) or look(place, shelf))
    clippings = content / "clippings"
    (clippings / "020.yaml").write_text("withdrawn: Theo yêu cầu\n", encoding="utf-8")
    closing.close(content)
    text_of_003, text_of_021, *_ = (change for number, change in enumerate(changes(content)) if number in (0, 2))
    steps = {
        "nothing": lambda: None,
        "a text": text_of_003,
        "another text": text_of_021,
        "a name": lambda: (clippings / "004.txt").rename(clippings / "104.txt"),
        "a text where one was moved": lambda: text_of(clippings / "104.txt"),  # what it was no longer leads there
        "a text beside it": text_of_021,
        "another edition": lambda: closing.close(content, drop=True),
        "a text after it": text_of_021,
        "one shown again": (clippings / "020.yaml").unlink,
        "the older edition gone": lambda: oldest(content).unlink(),
    }
    looked = {}
    for step, change in steps.items():
        change()
        looks.clear()
        whole(content, jobs=1, memory=memory, drop=True)
        looked[step] = len(looks)
        clean = tmp_path / step
        shutil.copytree(content, clean / "content")
        whole(clean / "content", jobs=1, drop=True)
        same(files(content), files(clean / "content"), step)
    few = {step for step, number in looked.items() if number < 2}
    assert few == {"a text", "another text", "a text beside it", "a text after it"}


def text_of(path: Path) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\nMùa màng bội thu.\n", encoding="utf-8")


def oldest(content: Path) -> Path:
    editions = (content / "editions").glob("*.json")
    return min(editions, key=lambda path: json.loads(path.read_text(encoding="utf-8"))["number"])


@pytest.mark.skipif(sys.platform != "linux", reason="processes begin as copies on Linux alone")
def test_another_process_may_look_for_what_changed(
    content: Path, tmp_path: Path, clean: list[dict[str, bytes]]
) -> None:
    """The outline of the archive as it was serves where it is still that, and nowhere else."""
    command = [sys.executable, "tests/changing.py", content, tmp_path / "out"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    begin, *builds = map(json.loads, done.stdout.splitlines())
    assert begin == {"read": len(NAMES), "surveyed": True, "outlines": 1, "before": False}
    for number, build in enumerate(builds):
        assert build["surveyed"], number
        assert 1 <= build["outlines"] <= 2, number
        assert not build["before"] or build["outlines"] == 1, number
        same(files(tmp_path / "out" / str(number) / "content"), clean[number], number)
    assert [build["read"] for build in builds[:2]] == [1, 1]
    assert 4 <= sum(build["before"] for build in builds) < len(builds) - 3
    assert any(build["outlines"] == 2 for build in builds), "an outline that no longer held was never made"


@pytest.mark.parametrize("damage", [b"", b"x", None], ids=["empty", "other", "cut"])
def test_what_the_last_build_worked_out_may_be_damaged(content: Path, damage: bytes | None) -> None:
    whole(content, jobs=1)
    before, left = files(content), content.parent / "build" / "cache" / "looked.bin"
    left.write_bytes(left.read_bytes()[:-9] if damage is None else damage)
    shutil.rmtree(content.parent / "site")
    whole(content, jobs=1)
    assert files(content) == before


def test_a_folder_in_place_of_what_the_last_build_left_stops_nothing(content: Path) -> None:
    whole(content, jobs=1)
    before = files(content)
    for name in ("looked.bin", "compared.bin"):
        left = content.parent / "build" / "cache" / name
        left.unlink(missing_ok=True)
        left.mkdir()
    (content / "clippings" / "002.yaml").write_text("year: 2019\n", encoding="utf-8")
    whole(content, jobs=1)
    assert files(content) != before
    (content / "clippings" / "002.yaml").unlink()
    whole(content, jobs=1)
    assert files(content) == before


def test_a_preview_of_another_content_folder_begins_anew(content: Path) -> None:
    """The same clippings by the same names: only the folder that pages name is another."""
    memory = engine.Memory()
    whole(content, jobs=1, memory=memory)
    work = content.parent / "build"
    build = engine.Build(engine.Options(content / "clippings", work / "docs", work / "cache", jobs=1, memory=memory))
    build.read()
    assert build.archive.folder == ""
    build.close()


def test_what_another_program_worked_out_is_not_taken(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole(content, jobs=1)
    left = content.parent / "build" / "cache" / "looked.bin"
    before = left.read_bytes()
    monkeypatch.setattr(engine, "program", lambda: "another")
    whole(content, jobs=1)
    assert left.read_bytes() != before


def test_any_number_of_processes_leaves_the_same_files(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FEW", 0)
    found = []
    for jobs in (1, 3):
        shutil.rmtree(content.parent / "build", ignore_errors=True)
        shutil.rmtree(content.parent / "site", ignore_errors=True)
        whole(content, jobs=jobs)
        files = (path for place in ("build/docs", "site") for path in (content.parent / place).rglob("*"))
        found.append({path.name: path.read_bytes() for path in files if path.is_file()})
    assert found[0] == found[1]


def test_another_program_packs_the_index_anew(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard's name tells what is in it, not how that is packed."""
    whole(content)
    folder = content.parent / "site" / "search"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(engine, "program", lambda: "another")
    monkeypatch.setattr(shards.gz, "packed", lambda data, *_: gzip.compress(data, 1, mtime=0))
    whole(content, jobs=1)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after.keys() == before.keys()
    assert not [name for name in after if after[name] == before[name]]
