"""Work in several processes: in order, bounded, and a process that dies is named with its task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_tools.pool import AHEAD, Died, Pool

ROOT = Path(__file__).resolve().parents[1]


def double(number: int) -> int:
    return number * 2


def die_at_seven(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def fail_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    with Pool(jobs) as pool:
        assert list(pool.each(double, range(30))) == [2 * number for number in range(30)]
        assert list(pool.each(double, [])) == []


# It begins as a copy of a process, which must have no other threads: these have a process of their own.
ASIDE = """
import os, signal, sys, time
from build_tools.pool import Died, aside
def tell(word, told):
    told((os.getpid(), word))
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "fail":
        raise ValueError(word)
    told((os.getpid(), word.upper()))
    if word == "stay":
        time.sleep(60)
try:
    with aside(tell, sys.argv[1]) as heard:
        for process, word in heard:
            print(word, process != os.getpid())
            if word == "STAY":
                break
except Died as error:
    print("died at", error.task)
try:
    os.kill(process, 0)
except ProcessLookupError:
    print("is gone")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes begin as copies on Linux alone")
@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("speak", ["speak True", "SPEAK True", "is gone"]),
        ("die", ["die True", "died at die", "is gone"]),
        ("fail", ["fail True", "died at fail", "is gone"]),
        ("stay", ["stay True", "STAY True", "is gone"]),
    ],
)
def test_a_process_aside_tells_what_it_does_and_is_left_behind_by_none(task: str, said: list[str]) -> None:
    command = [sys.executable, "-c", ASIDE, task]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines() == said
    assert not done.stderr


def test_a_thread_does_not_stop_it() -> None:
    """With another thread about, processes begin fresh: a copy of this one would keep that thread's locks."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        with Pool(2) as pool:
            assert list(pool.each(double, range(5))) == [0, 2, 4, 6, 8]
    finally:
        end.set()
        thread.join()


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with Pool(2) as pool:
        results = pool.each(double, tasks())
        next(results)
        assert len(taken) <= 2 * AHEAD + 1


def test_a_process_that_dies_costs_its_own_task_alone() -> None:
    with Pool(2) as pool:
        found = list(pool.each(die_at_seven, range(12), lambda number: -number))
    assert found == [-7 if number == 7 else 2 * number for number in range(12)]


def test_a_process_that_dies_is_told_with_its_task() -> None:
    with Pool(2) as pool, pytest.raises(Died) as told:
        list(pool.each(die_at_seven, range(12)))
    assert told.value.task == 7


def test_an_error_in_a_task_is_an_error_here() -> None:
    with Pool(2) as pool, pytest.raises(ValueError, match="seven"):
        list(pool.each(fail_at_seven, range(12)))


SLEEPERS = """
import sys, time
from build_tools.pool import Pool
def sleep(seconds):
    print(seconds, flush=True)
    time.sleep(seconds)
with Pool(2) as pool:
    list(pool.each(sleep, [60, 60]))
"""


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_its_parent(end: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", SLEEPERS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    for _ in range(2):
        parent.stdout.readline()
    children = _children(parent.pid)
    assert len(children) >= 2
    parent.send_signal(end)
    parent.wait()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and any(Path(f"/proc/{child}").exists() for child in children):
        time.sleep(0.1)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
