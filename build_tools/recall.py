"""What the store tells of each clipping in brief, kept together: read back at once in half the time of one by one.

The store stays what counts: of what was kept together only that is taken which the store has under the same key.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from build_tools.brief import Brief
from build_tools.build import chunks
from build_tools.last import STALE, remember, remembered_parts
from build_tools.model import Problem
from build_tools.store import Store

_TOGETHER = 1_000
"""Clippings that are written as one: what a thousand have in common is written once, and little is held for it."""

Found = tuple[Brief, tuple[Problem, ...]]
"""What the store tells of a clipping: it in brief, and what is wrong with it."""

Together = Mapping[str, tuple[str, Found]]
"""Clippings by path, each with its key."""


class Recall:
    """The clippings in brief, as the last builds of a program left them in a file and in the store."""

    def __init__(self, path: Path, program: str) -> None:
        self._path, self._program = path, program
        self._missed = 0

    def of(self, store: Store, known: Mapping[str, str], at_hand: Together | None = None) -> dict[str, Found]:
        """Return what is known of clippings that have these keys in the store.

        `at_hand` is what a preview has of them in memory.
        """
        together: Together = at_hand or dict(chain.from_iterable(remembered_parts(self._path, self._program)))
        found = {name: one for name, (key, one) in together.items() if known.get(name) == key}
        missed = sorted(known.keys() - found.keys())
        for name, key, small in store.small(missed):
            if key == known[name]:
                found[name] = pickle.loads(small)  # noqa: S301 - our own cache
        self._missed = 0 if at_hand else len(missed)
        return found

    def keep(self, together: Together, *, changed: int) -> None:
        """Keep clippings together, if many have changed since they were."""
        if not self._path.is_file() or self._missed + changed >= min(STALE, len(together)):
            remember(self._path, self._program, *chunks(together.items(), _TOGETHER))
