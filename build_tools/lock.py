"""One build at a time in a folder: a build holds the folder's lock while it fills it; the next is told whose it is.

The system keeps the lock and lets go of it when the process ends, however it ends. The file tells only who has it, for
the message: it is removed with the lock, and what a process left that died is written over.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from build_tools.errors import ArchiveError
from build_tools.pool import WATCH

NAME = ".kho-bao.lock"
"""The file in a folder that is being filled."""

POLL = 0.1
"""Seconds between two looks at a lock that is waited for."""

_UNKNOWN = frozenset({errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK})
"""What a file system says that knows no locks."""

_HEAD = b" "
"""Stands before the owner: on Windows the first byte of a locked file cannot be read."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock: a process, the machine it runs on, when it took the lock (local time)."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"


class Lock:
    """The lock of a folder, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / NAME
        self._left = False
        self._file: FileLock | None = None

    def take(self, waiting: Callable[[str], object] | None = None) -> None:
        """Take the lock; with `waiting`, tell it whose the lock is and wait until that build is done.

        Where the file system knows no locks, there is none.

        Raises:
            ArchiveError: another build has it (without `waiting`), or the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._taken(0):
                if waiting is None:
                    raise ArchiveError(f"{self._told()} (wait until it is done, or stop it)")
                waiting(f"{self._told()}; waiting until it is done")
                self._taken(-1)
        except OSError as error:
            if error.errno in _UNKNOWN:
                return
            raise ArchiveError(f"{error.filename or self._path}: cannot be locked: {error.strerror}") from error
        if self._left:
            time.sleep(2 * WATCH)  # the processes of a build that died end when they see it

    def free(self) -> None:
        """Let go of the lock, if it is held."""
        if self._file is None:
            return
        if os.name == "posix":  # elsewhere the library removes the file, which nobody may while it is open
            with contextlib.suppress(OSError):
                self._path.unlink()
        self._file.release()
        self._file = None

    def _taken(self, timeout: float) -> bool:
        lock = FileLock(self._path, timeout, poll_interval=POLL, thread_local=False, on_acquired=self._sign)
        try:
            lock.acquire()
        except Timeout:
            return False
        self._file = lock
        return True

    def _sign(self, file: int) -> None:
        """Write down whose the lock is, and remember whether it was left by a process that died."""
        self._left = os.fstat(file).st_size > 0
        owner = Owner(os.getpid(), socket.gethostname(), time.strftime("%Y-%m-%d %H:%M:%S"))
        os.truncate(file, 0)
        os.write(file, _HEAD + json.dumps(asdict(owner)).encode())

    def _told(self) -> str:
        owner = owner_of(self._folder)
        return f"{self._folder}: another build is at work in it" + (f", {owner}" if owner else "")


def owner_of(folder: Path) -> Owner | None:
    """Return who holds a folder's lock, or held it when it died; None when nobody does or the file does not say."""
    try:
        with (folder / NAME).open("rb", buffering=0) as file:
            file.seek(len(_HEAD))
            return Owner(**json.loads(file.read(1000)))
    except (OSError, ValueError, TypeError):
        return None
