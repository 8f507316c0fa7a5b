"""Breaks work off that takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Late(BaseException):
    """Time is up; libraries that catch every error of theirs do not catch this."""


@contextmanager
def within(seconds: float, late: Exception) -> Iterator[None]:
    """Raise `late` when what is done within takes longer; where no alarm can be set (Windows, a thread), never."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Late:
        raise late from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
