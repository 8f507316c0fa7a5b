"""Publishes again and again, each time killed a step later than before, and looks at what readers see after that.

    python tests/killing.py FOLDER linked|renamed|adopted|back [SEED]

A step is anything that changes a file or a folder. Prints, as JSON, how many kills there were and what was seen after
them. With SEED, some kills at random moments follow.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from small_site import builder, seen

from build_tools import lock
from build_tools.publishing import places, publication

STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate"})
WRITING = os.O_WRONLY | os.O_RDWR
AT_RANDOM = 12


def child(work: Callable[[], object], step: int | None = None) -> int:
    """Start a process that works, and is killed before its step number `step`; return its id."""
    if pid := os.fork():
        return pid
    count = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event in STEPS and (event != "open" or int(arguments[2] or 0) & WRITING):
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

    if step is not None:
        sys.addaudithook(watch)
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - told, and the process ends
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> bool:
    """Wait for a process; tell whether it came to its end, and fail if that was a bad one."""
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def main(folder: Path, mode: str, seed: str | None = None) -> None:
    """Kill, look, publish again, look, go back, look."""
    lock.WATCH = 0  # no process of the dead one is left to wait for
    if mode == "renamed":
        places._links = lambda _: False
    cache = folder / "cache"
    path = folder / "at" / "public"

    def publish(edition: str) -> Callable[[], object]:
        return lambda: publication.publish(path, builder(edition, cache))

    def prepared() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        path.parent.mkdir(parents=True)
        if mode == "adopted":
            builder("old", cache)(path)
            return
        assert ended(child(publish("old")))
        if mode == "back":
            assert ended(child(publish("new")))

    def looked(work: Callable[[], object], whole: bool) -> None:
        found = seen(path)
        told[str(found)] += 1
        assert found in {"old", "new"} or (found is None and mode in {"renamed", "adopted"}), found
        if whole:
            assert found == ("old" if mode == "back" else "new")
        if mode == "back":
            if found == "new":
                assert ended(child(work))
            assert seen(path) == "old"
            assert ended(child(publish("newer")))
            assert seen(path) == "newer"
            assert ended(child(lambda: publication.back(path)))
            assert seen(path) == "old"
            return
        assert ended(child(work))
        assert seen(path) == "new"
        assert ended(child(lambda: publication.back(path)))
        # What was killed when it had been shown and was then published again is the site before, too.
        assert seen(path) == ("new" if found == "new" else "old")

    told: Counter[str] = Counter()
    work = (lambda: publication.back(path)) if mode == "back" else publish("new")
    step, whole = 0, False
    while not whole:
        prepared()
        begin = time.monotonic()
        whole = ended(child(work, step))
        took = time.monotonic() - begin
        looked(work, whole)
        step += 1
    chosen = random.Random(seed)  # noqa: S311 - moments, no secrets
    for _ in range(AT_RANDOM if seed else 0):
        prepared()
        pid = child(work)
        time.sleep(chosen.random() * took)
        os.kill(pid, signal.SIGKILL)
        looked(work, ended(pid))
    print(json.dumps({"kills": step - 1, **told}))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
