"""The work of `Pool` on other machines, by Dask Distributed (`pip install 'kho-bao[cluster]'`).

Tasks and their results travel; no worker needs the archive's files. A worker that is lost takes nothing with it: Dask
gives its tasks to another. Every worker must have the same program, since its bytes go into the site.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, TypeVar

from build_tools.errors import ArchiveError
from build_tools.pool import AHEAD, Died

A = TypeVar("A")
B = TypeVar("B")

PATIENCE = 10
"""Seconds to wait for a scheduler, and then for its first worker."""


class Cluster:
    """The workers of a scheduler."""

    def __init__(self, address: str, program: Callable[[], str]) -> None:
        """Connect to the scheduler at `address` ("tcp://HOST:8786"); `program` returns the digest workers must have.

        Raises:
            ArchiveError: Dask is not installed, or there is no scheduler or worker.
        """
        try:
            from distributed import Client  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise ArchiveError("--scheduler needs Dask (pip install 'kho-bao[cluster]')") from error
        try:
            connect: Any = Client
            self._client = connect(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{address}: no scheduler answers ({error}); start one with `dask scheduler`") from error
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            self.close()
            raise ArchiveError(f"{address}: has no workers (start some with `dask worker {address}`)") from error
        self._program, self._digest = program, program()

    def close(self) -> None:
        """Let go of the scheduler."""
        self._client.close()

    def each(self, call: Callable[[A], B], tasks: Iterable[A], lost: Callable[[A], B] | None = None) -> Iterator[B]:
        """Yield `call(task)` for each task, in order, as `Pool.each` does.

        Raises:
            ArchiveError: a worker has another program.
            Died: workers died at a task again and again, and there is no `lost`.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - see above

        remote = partial(_remote, self._program, self._digest, call)
        under_way: deque[tuple[A, Any]] = deque()

        def first() -> B:
            task, future = under_way.popleft()
            try:
                result: B = future.result()
            except KilledWorker as error:
                if lost is None:
                    raise Died(task) from error
                return lost(task)
            return result

        for task in tasks:
            under_way.append((task, self._client.submit(remote, task, pure=False)))
            if len(under_way) >= max(1, sum(self._client.nthreads().values())) * AHEAD:
                yield first()
        while under_way:
            yield first()


_ONE = threading.Lock()
"""A worker may have several threads; this program reads with one."""


def _remote(program: Callable[[], str], wanted: str, call: Callable[[A], B], task: A) -> B:
    with _ONE:
        if _here(program) != wanted:
            raise ArchiveError("a worker has another version of kho-bao, of its vocabularies or of a library")
        return call(task)


@lru_cache(maxsize=1)
def _here(program: Callable[[], str]) -> str:
    return program()
