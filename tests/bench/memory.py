"""How much memory a process and its children have at their peak, for the benchmarks beside this file."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

SHARE = 0.02
"""How much of the time is spent on looking: the system holds a process up while it walks through all its pages."""


class Peak:
    """Looks again and again how much memory a process and its children have, where there is /proc."""

    def __init__(self, process: int) -> None:
        self._process, self._most, self._over = process, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        pause = 0.05
        while not self._over.wait(pause):
            begin = time.perf_counter()
            self._most = max(self._most, sum(map(_resident, _family(self._process))))
            pause = max(0.05, (time.perf_counter() - begin) / SHARE)

    def end(self) -> float:
        """Look no more, and return the most that was seen, in MB."""
        self._over.set()
        self._thread.join()
        return self._most / 1e6


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident(process: int) -> int:
    """Return the memory of a process in bytes; what it shares with others is shared out among them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
