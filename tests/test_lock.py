"""Who fills a folder holds its lock, others are told who that is, and a process that died holds nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from build_tools import folder, lock
from build_tools.errors import ArchiveError

ROOT = Path(__file__).resolve().parents[1]
HOLDER = """
import sys, time
from pathlib import Path
from build_tools.lock import Lock
from build_tools.pool import Pool
held = Lock(Path(sys.argv[1]))
held.take()
with Pool(2) as pool:
    print(*pool.each(abs, [1]), flush=True)
    sys.stdin.read()
held.free()
print("free", flush=True)
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a folder's lock, and has processes of its own, until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "1\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_next_is_told_who_has_it(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        with pytest.raises(ArchiveError) as caught:
            lock.Lock(tmp_path).take()
        owner = lock.owner_of(tmp_path)
        assert owner
        assert (owner.pid, owner.host) == (other.pid, socket.gethostname())
        assert (
            str(caught.value)
            == f"{tmp_path}: another build is at work in it, {owner} (wait until it is done, or stop it)"
        )
        other.communicate("")
    mine = lock.Lock(tmp_path)
    mine.take()
    mine.free()
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_leaves_the_lock_as_it_was(tmp_path: Path) -> None:
    first, second = lock.Lock(tmp_path), lock.Lock(tmp_path)
    first.take()
    for _ in range(2):
        with pytest.raises(ArchiveError, match=f"process {os.getpid()} on"):
            second.take()
        second.free()
    first.free()
    second.take()
    second.free()


def test_who_waits_gets_it_when_it_is_free(tmp_path: Path) -> None:
    told: list[str] = []
    with holder(tmp_path) as other:
        mine = lock.Lock(tmp_path)
        waiting = threading.Thread(target=mine.take, args=(told.append,))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        other.communicate("")
        waiting.join(60)
        assert not waiting.is_alive()
    assert len(told) == 1
    assert f"process {other.pid} on" in told[0]
    owner = lock.owner_of(tmp_path)
    assert owner
    assert owner.pid == os.getpid()
    mine.free()


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, though its own processes are still about; they are given the time to see it."""
    waited: list[float] = []
    monkeypatch.setattr(lock.time, "sleep", waited.append)
    with holder(tmp_path) as other:
        os.kill(other.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        other.wait()
        left = lock.owner_of(tmp_path)
        assert left
        assert left.pid == other.pid
        mine = lock.Lock(tmp_path)
        mine.take()
        assert waited == [2 * lock.WATCH]
        owner = lock.owner_of(tmp_path)
        assert owner
        assert owner.pid == os.getpid()
        mine.free()


@pytest.mark.parametrize("text", ["", "half {", " []", ' {"pid": 1}', "x" * 5000])
def test_what_stands_in_the_file_decides_nothing(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock.time, "sleep", lambda _: None)
    (tmp_path / lock.NAME).write_text(text, encoding="utf-8")
    assert lock.owner_of(tmp_path) is None
    mine = lock.Lock(tmp_path)
    mine.take()
    assert lock.owner_of(tmp_path)
    mine.free()
    mine.free()


def test_a_place_that_cannot_be_locked_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).mkdir()
    with pytest.raises(ArchiveError, match=r"\.kho-bao\.lock: cannot be locked: "):
        lock.Lock(tmp_path).take()


def test_a_folder_in_which_only_a_lock_was_left_is_ours(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).write_text("left", encoding="utf-8")
    assert folder.claimed(tmp_path) == ""
