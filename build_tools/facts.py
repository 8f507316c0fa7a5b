"""What things are known by: digests of all that has a say in them, and of what pages tell about clippings.

A page that lists clippings need not be made to know whether it would be the same: it is, when each of the clippings is
(its values, its address, the names that the archive shows for what it names) and what the page tells besides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.model import Page
from build_tools.settings import Setting


class Plan(NamedTuple):
    """A page that is made when it is wanted: its file, and what makes it.

    `told` gives the digest of all that has a say in it but the program, without making it; None where only the page
    itself tells. `feeds` says whether such a page has feeds.
    """

    uri: str
    make: Callable[[], Page]
    told: Callable[[Facts], str] | None = None
    feeds: bool = False


def digest(*parts: str | bytes) -> str:
    """Return a digest of texts and bytes, each kept apart from the next, as 32 hexadecimal digits."""
    whole: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole += len(data).to_bytes(8, "big"), data
    return hashlib.sha256(b"".join(whole)).hexdigest()[:32]


written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""Returns plain values as one text that tells them apart; named tuples stand as what they hold."""


def of_clipping(brief: Brief, setting: Setting, archive: Archive) -> str:
    """Return a digest of all that a page that lists a clipping may tell about it."""
    units = archive.identities.unit_ids
    awarded = [units.get(one or "") for one in brief.names.awards]
    return digest(brief.shape, written((setting.shown, awarded)))


class Facts:
    """The digests of an archive's clippings, and those of several of them together."""

    def __init__(self, told: Mapping[str, str]) -> None:
        """`told` has the digest of each clipping by its path."""
        self._told = told
        self._known: dict[object, str] = {}

    def of(self, briefs: Iterable[Brief | str], *more: object) -> str:
        """Return the digest of several clippings (or their paths) in order, and of plain values beside them."""
        paths = (one if isinstance(one, str) else one.path for one in briefs)
        return digest("".join([self._told[path] for path in paths]), written(more))

    def once(self, name: object, briefs: Callable[[], Iterable[Brief]]) -> str:
        """Return the digest of several clippings that `name` stands for; it is worked out once."""
        if name not in self._known:
            self._known[name] = self.of(briefs())
        return self._known[name]
