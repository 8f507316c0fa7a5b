"""Clippings read and pages composed by the workers of a Dask scheduler: the same bytes, whatever becomes of a worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("distributed")

OWN = Path(__file__).resolve().parents[1] / "clippings" / "own"
ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _started(project: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a part of Dask that has the project's own program."""
    env = {**ENV, "PYTHONPATH": str(project)}
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    started = subprocess.Popen(command, cwd=project, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def build(project: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build_tools", "build", *more]
    return subprocess.run(command, cwd=project, env=ENV, capture_output=True, text=True, check=False)


def files(project: Path) -> dict[str, bytes]:
    paths = [path for place in ("site", "build/docs") for path in sorted((project / place).rglob("*"))]
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and path.name != ".kho-bao"
    }


def test_a_cluster_that_loses_a_worker_gives_the_same_site(project: Callable[[], Path], tmp_path: Path) -> None:
    here, there = project(), project()
    for one in (here, there):
        for path in sorted(OWN.glob("*.txt")):
            shutil.copy(path, one / "content" / "clippings" / path.name)
    assert build(here).returncode == 0
    address = f"tcp://127.0.0.1:{_port()}"
    worker = ("dask_worker", address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--no-nanny")
    scheduler = ("dask_scheduler", "--port", address.rpartition(":")[2], "--host", "127.0.0.1", "--no-dashboard")
    with (
        _started(there, *scheduler),
        _started(there, *worker, "--local-directory", str(tmp_path / "one")) as first,
        _started(there, *worker, "--local-directory", str(tmp_path / "two")),
    ):
        command = [sys.executable, "-m", "build_tools", "build", "--scheduler", address]
        run = subprocess.Popen(command, cwd=there, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        store = there / "build" / "cache" / "records.sqlite"
        end = time.monotonic() + 120
        while time.monotonic() < end and run.poll() is None and not (store.is_file() and store.stat().st_size > 50_000):
            time.sleep(0.02)
        assert run.poll() is None, run.communicate()[0]
        first.send_signal(signal.SIGKILL)
        output, _ = run.communicate(timeout=300)
        assert run.returncode == 0, output
    ours, theirs = files(here), files(there)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_a_worker_with_another_program_is_refused(project: Callable[[], Path], tmp_path: Path) -> None:
    ours, theirs = project(), project()
    with (theirs / "build_tools" / "data" / "labels.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# another version\n")
    address = f"tcp://127.0.0.1:{_port()}"
    with (
        _started(ours, "dask_scheduler", "--port", address.rpartition(":")[2], "--host", "127.0.0.1", "--no-dashboard"),
        _started(theirs, "dask_worker", address, "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)),
    ):
        done = build(ours, "--scheduler", address)
    assert done.returncode == 2
    assert "another version of kho-bao" in done.stderr
    assert not (ours / "site" / "index.html").exists()


def test_no_scheduler_is_a_sentence(project: Callable[[], Path]) -> None:
    done = build(project(), "--scheduler", f"tcp://127.0.0.1:{_port()}")
    assert done.returncode == 2
    assert "no scheduler answers" in done.stderr
    assert "Traceback" not in done.stderr
