"""Work in several processes: results in order, a bounded number under way, no process left behind.

A process that dies takes nothing with it but the task that killed it: the others are done again, and that one is named.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")

AHEAD = 2
"""Tasks under way for each process: one at work, one waiting for it."""

SELDOM = 50_000, 20, 20
"""When Python looks for garbage in cycles (`gc.set_threshold`): rarely, for work on records leaves next to none."""

WATCH = 1.0
"""Seconds between two looks of a process for its parent."""


class Died(Exception):  # noqa: N818 - it says what happened
    """A process died at a task."""

    def __init__(self, task: object) -> None:
        super().__init__("a process died at its work (killed, or out of memory)")
        self.task = task


def count(jobs: int | None) -> int:
    """Return how many processes are meant: None are one a processor."""
    return jobs or os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a process of ours can begin as a copy of this one: no thread of ours holds a lock that it would keep."""
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Have this process look for garbage as rarely as those of a pool do, until it has done its work."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def not_collecting() -> Iterator[None]:
    """Have this process look for no garbage until it has done its work, and take for lasting what came of it.

    For work that leaves no garbage in cycles, and much that stays, which would be looked through in vain.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # into the oldest of Python's generations
        if enabled:
            gc.enable()


class Pool:
    """`jobs` processes, begun when they are first needed; with one job, the work is done in this process."""

    patience = 0.0
    """Seconds of work that this process does by itself before it begins others: little is done sooner so."""

    def __init__(self, jobs: int | None = None, prepare: Callable[..., None] | None = None, *args: object) -> None:
        """`prepare(*args)` is called in each process before its first task; None jobs are one a processor."""
        self.jobs = count(jobs)
        self._worked = 0.0
        self._prepare, self._args = prepare, args
        self._executor: ProcessPoolExecutor | None = None
        self._prepared = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """End the processes, with all the memory that they came to hold; the next task begins others."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def each(self, call: Callable[[A], B], tasks: Iterable[A], lost: Callable[[A], B] | None = None) -> Iterator[B]:
        """Yield `call(task)` for each task, in order.

        A task at which a process dies again when it is alone gives `lost(task)`.

        Raises:
            Died: a process died, and there is no `lost`.
        """
        if self.jobs <= 1:
            self._here()
            yield from map(call, tasks)
            return
        under_way: deque[tuple[A, Future[B]]] = deque()
        for task in tasks:
            if self._executor is None and self._worked < self.patience:
                yield self._patiently(call, task)
                continue
            under_way.append((task, self._submit(call, task)))
            if len(under_way) >= self.jobs * AHEAD:
                yield self._first(call, under_way, lost)
        while under_way:
            yield self._first(call, under_way, lost)

    def begin(self, call: Callable[[A], B], task: A) -> Callable[[], B]:
        """Begin a task beside others; what is returned gives its outcome, and waits for it.

        Raises:
            Died: when asked for the outcome, for a process died twice at it.
        """
        if self.jobs <= 1:
            self._here()
            return lambda: call(task)
        under_way = deque([(task, self._submit(call, task))])
        return lambda: self._first(call, under_way, None)

    def _patiently(self, call: Callable[[A], B], task: A) -> B:
        self._here()
        begin = time.perf_counter()
        result = call(task)
        self._worked += time.perf_counter() - begin
        return result

    def _here(self) -> None:
        if self._prepare and not self._prepared:
            self._prepare(*self._args)
        self._prepared = True

    def _submit(self, call: Callable[[A], B], task: A) -> Future[B]:
        if self._executor is None:
            self._executor = self._begun(self.jobs)
        try:
            return self._executor.submit(call, task)
        except BrokenProcessPool as error:
            failed: Future[B] = Future()
            failed.set_exception(error)
            return failed

    def _begun(self, jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork" if can_fork() else "spawn")
        return ProcessPoolExecutor(jobs, context, _begin, (os.getpid(), self._prepare, self._args))

    def _first(self, call: Callable[[A], B], under_way: deque[tuple[A, Future[B]]], lost: Callable[[A], B] | None) -> B:
        task, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            # Which of the tasks under way it was nobody knows: each is done again, in a process of its own.
            self.rest()
            result = self._alone(call, task, lost)
            for place, (other, _) in enumerate(under_way):
                under_way[place] = other, self._submit(call, other)
            return result

    def _alone(self, call: Callable[[A], B], task: A, lost: Callable[[A], B] | None) -> B:
        try:
            with self._begun(1) as executor:
                return executor.submit(call, task).result()
        except BrokenProcessPool as error:
            if lost is None:
                raise Died(task) from error
            return lost(task)


@contextmanager
def aside(call: Callable[[A, Callable[[B], None]], None], task: A) -> Iterator[Iterator[B]]:
    """Have a copy of this process call `call(task, tell)`; what it tells comes out of the iterator, in order.

    The iterator raises `Died` when the process ends before `call` does, or in an error, of which nothing is said.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_aside, args=(there, os.getpid(), call, task), daemon=True)
    process.start()
    there.close()
    try:
        yield _heard(here, task)
    finally:
        process.kill()
        process.join()
        here.close()


def _heard(here: Connection, task: object) -> Iterator[Any]:
    try:
        while (told := here.recv()) is not None:
            yield told
    except EOFError:
        raise Died(task) from None


def _aside(there: Connection, parent: int, call: Callable[[A, Callable[[B], None]], None], task: A) -> None:
    _begin(parent, None, ())
    with suppress(Exception):  # whoever waits for it is told that it died
        call(task, there.send)
        there.send(None)


def _begin(parent: int, prepare: Callable[..., None] | None, args: tuple[object, ...]) -> None:
    """Set a process up: it leaves Ctrl+C to its parent, and ends when that is no more."""
    # What it has from its parent it need not look through for garbage, which would copy all of it.
    gc.freeze()
    gc.set_threshold(*SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if prepare:
        prepare(*args)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)
