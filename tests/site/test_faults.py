"""What happens to a build from without: it is killed, files change under it, nothing can be written, no net is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

KILLS, MANY_KILLS = 12, 50
KILLING = Path(__file__).resolve().parents[1] / "killing_builds.py"
NO_NET = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        raise RuntimeError(f"network: {event} {arguments}")

sys.addaudithook(refuse)
"""
MEDDLING = """
from pathlib import Path

def on_nav(nav, config, files):
    clippings = Path("content/clippings")
    for path in sorted(clippings.rglob("*.txt"))[:2]:
        path.unlink()
    changed = sorted(clippings.rglob("*.txt"))[0]
    changed.write_bytes(changed.read_bytes() + "\\nVừa thêm.\\n".encode())
    (clippings / "moi.txt").write_text("Cụm thi đua số 3 tổng kết năm 2021.\\n", encoding="utf-8")
    for path in Path("build/cache").glob("records.sqlite*"):
        path.unlink()
"""


@pytest.fixture
def home(root: Path, tmp_path: Path) -> Path:
    """A folder with the clippings of the project, built with what comes with the program."""
    shutil.copytree(root / "content", tmp_path / "home" / "content")
    return tmp_path / "home"


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence that a build ended with."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(said) == 1, done.stderr
    return said[0]


def test_a_build_needs_no_network(run: Callable, root: Path, home: Path, tmp_path: Path) -> None:
    """Not a socket is made in any of its processes, not a name looked up."""
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "sitecustomize.py").write_text(NO_NET, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path / "hooks"), str(root)))
    command = [sys.executable, "-c", "import socket; socket.socket()"]
    tried = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False)
    assert b"RuntimeError: network: socket.__new__" in tried.stderr
    done = run("build_tools", "build", cwd=home, PYTHONPATH=path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "network" not in done.stdout + done.stderr
    assert (home / "site" / "index.html").is_file()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of itself")
def test_after_a_kill_at_any_moment_the_next_build_is_a_clean_one(
    root: Path, tmp_path: Path, thorough: bool
) -> None:
    for name in ("ours", "clean"):
        shutil.copytree(root / "content", tmp_path / name / "content")
    count, each = (MANY_KILLS, 1) if thorough else (KILLS, 4)
    command = [sys.executable, str(KILLING), str(tmp_path), str(count), str(each), "2021"]
    env = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=3_000)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["killed"] >= count // 2
    assert told["compared"] == count // each


def test_files_that_change_under_a_build_do_not_break_it(run: Callable, project: Callable) -> None:
    """What was read is published, or the build says what is gone; the next one shows what is there."""
    home = project()
    (home / "meddling.py").write_text(MEDDLING, encoding="utf-8")
    settings = home / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("\nhooks:\n", "\nhooks:\n  - meddling.py\n"), encoding="utf-8")
    done = run("build_tools", "build", cwd=home)
    assert done.returncode in (0, 2), done.stderr
    if done.returncode == 2:
        sentence(done)
    settings.write_text(text, encoding="utf-8")
    assert run("build_tools", "build", cwd=home).returncode == 0
    ours = state(home / "site")
    shutil.rmtree(home / "build")
    shutil.rmtree(home / "site")
    assert run("build_tools", "build", cwd=home).returncode == 0
    clean = state(home / "site")
    assert {name for name in clean.keys() | ours.keys() if ours.get(name) != clean.get(name)} <= {".kho-bao"}


@pytest.mark.parametrize("part", ["--site", "--markdown"])
def test_a_full_disk_is_one_sentence(part: str, run: Callable, home: Path, disk: Callable[[int], Path]) -> None:
    """Wherever it is the site's or the cache's; the clippings stay, and with room again the build is whole."""
    before = state(home / "content")
    place = disk(300_000)
    said = sentence(run("build_tools", "build", part, place / "x" / "docs", cwd=home))
    assert "No space left on device" in said, said
    assert state(home / "content") == before
    subprocess.run(["mount", "-o", "remount,size=50m", str(place)], check=True)
    done = run("build_tools", "build", part, place / "x" / "docs", cwd=home)
    assert done.returncode == 0, done.stderr


def test_a_full_disk_is_one_sentence_of_mkdocs_too(
    run: Callable, project: Callable, disk: Callable[[int], Path]
) -> None:
    done = run("mkdocs", "build", "-q", "-d", disk(300_000) / "site", cwd=project())
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left on device" in done.stdout + done.stderr


@pytest.mark.parametrize("part", ["--site", "--markdown"])
def test_a_disk_that_may_not_be_written_is_one_sentence(
    part: str, run: Callable, home: Path, disk: Callable[[int], Path]
) -> None:
    place = disk(1_000_000)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    assert "Read-only file system" in sentence(run("build_tools", "build", part, place / "x" / "docs", cwd=home))


def test_content_on_a_disk_that_may_not_be_written_is_built(
    run: Callable, home: Path, disk: Callable[[int], Path]
) -> None:
    place = disk(10_000_000)
    shutil.copytree(home / "content", place / "content")
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    done = run("build_tools", "build", "--content", place / "content", cwd=home)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read and write everything")
@pytest.mark.parametrize("place", ["site", "build", "content/clippings"])
def test_folders_without_permission_are_one_sentence(place: str, run: Callable, home: Path) -> None:
    (home / place).mkdir(parents=True, exist_ok=True)
    (home / place).chmod(0)
    try:
        assert "ermission" in sentence(run("build_tools", "build", cwd=home))
    finally:
        (home / place).chmod(0o700)


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit of the system")
def test_too_little_memory_is_a_sentence_and_loses_nothing(root: Path, home: Path) -> None:
    before = state(home / "content")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY));"
    code = (
        f"{limit} from build_tools import publish, engine, cli\n"
        "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + 2_000_000, resource.RLIM_INFINITY))\n"
        "cli.cli(['build', '--jobs', '1'])"
    )
    env = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert "MemoryError" in sentence(done)
    assert state(home / "content") == before
