"""A value that many tasks need, told to each process once: by a file, not with every task."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Calls a function for each argument, in one process or in several, and yields what it returns, in order."""


@contextmanager
def shared(value: object) -> Iterator[Path]:
    """Keep a value in a file for as long as tasks ask for it with `loaded`."""
    with tempfile.TemporaryDirectory(prefix="kho-bao-", ignore_cleanup_errors=True) as folder:
        saved = Path(folder, "value")
        saved.write_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        yield saved


@lru_cache(maxsize=1)
def loaded(path: Path) -> Any:
    """Return the value that `shared` keeps; a process reads it once."""
    return pickle.loads(path.read_bytes())  # noqa: S301 - our own, just now
