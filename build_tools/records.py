"""Clippings to what the store keeps of each: its brief, its page as set, its texts, by all that has a say in them."""

from __future__ import annotations

import importlib.metadata
import os
import pickle
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from itertools import chain
from pathlib import Path, PurePosixPath

from build_tools import galley, search
from build_tools.brief import brief
from build_tools.build import Source, chunks, died, read_source, source
from build_tools.errors import ArchiveError
from build_tools.facts import digest
from build_tools.filenames import real
from build_tools.model import Problem
from build_tools.pool import Pool
from build_tools.store import Store, packed, unpacked

_MADE_WITH = ("markdown", "mkdocs", "mkdocs-material", "jinja2", "markupsafe", "pyyaml", "numpy", "rensa", "pydantic")
"""The distributions whose versions have a say in the bytes of a site."""


def program() -> str:
    """Return a digest of all that reads clippings: the code, its data, Python, and what they are made with."""
    package = Path(__file__).resolve().parent
    parts: list[str | bytes] = [sys.version, unicodedata.unidata_version]
    for file in sorted((*package.rglob("*.py"), *package.glob("data/**/*.*"))):
        parts += file.relative_to(package).as_posix(), file.read_bytes()
    for name in _MADE_WITH:
        try:
            parts += name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            parts += name, ""
    return digest(*parts)


_SEEN: dict[str, str] = {}
"""What the vocabularies of this process were made of."""


def refresh() -> None:
    """Read the vocabularies again if their files have changed since this process read them."""
    data = Path(__file__).resolve().parent / "data"
    now = digest(*(file.read_bytes() for file in sorted(data.glob("**/*.*"))))
    if _SEEN.setdefault("data", now) != now:
        _SEEN["data"] = now
        for name, module in sorted(sys.modules.items()):
            for cached in list(vars(module).values()) if name.startswith("build_tools.") else ():
                if isinstance(cached, _lru_cache_wrapper):
                    cached.cache_clear()


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a clipping: its record, packed for the store, or none; and what is wrong with it."""

    path: str
    key: str
    small: bytes = b""
    large: bytes = b""
    problems: tuple[Problem, ...] = ()


_AT_ONCE = 10
"""Clippings that are taken from step to step side by side."""

Record = tuple[galley.Galley, search.Texts]
"""What the store keeps of a clipping for its page and for search."""


Keyed = tuple[Source, str]
"""A clipping to read, and the digest of all that has a say in its record."""


def read_together(several: Sequence[Keyed]) -> list[Read]:
    """Return what becomes of clippings; nothing but themselves has a say in it."""
    return list(chain.from_iterable(map(_read, chunks(several, _AT_ONCE))))


def _read(several: Sequence[Keyed]) -> Iterator[Read]:
    """Take clippings from step to step side by side: what a step needs of the processor's cache is there for all."""
    read = [read_source(found) for found, _ in several]
    briefs = [clipping and brief(clipping) for clipping, _ in read]
    galleys = [clipping and galley.galley(clipping) for clipping, _ in read]
    texts = [clipping and search.texts(clipping) for clipping, _ in read]
    for (found, key), (_, problems), *made in zip(several, read, briefs, galleys, texts, strict=True):
        small, *large = made
        if small is None:
            yield Read(found.path, key, problems=problems)
        else:
            yield Read(found.path, key, pickled((small, problems)), pickled(tuple(large)), problems)


def read_one(found: Source, key: str) -> Read:
    """Return what becomes of one clipping."""
    return next(_read([(found, key)]))


def pickled(value: object) -> bytes:
    """Return a value as the store keeps it."""
    return packed(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))


def one_by_one(several: Sequence[Keyed]) -> list[Read]:
    """Read clippings one by one, each in a process of its own, after a process died at one of them."""
    with Pool(2) as pool:
        return [done for one in several for found in pool.each(read_together, [[one]], _died) for done in found]


def _died(several: Sequence[Keyed]) -> list[Read]:
    return [Read(found.path, key, problems=(died(found.path),)) for found, key in several]


def kept(store: Store, path: str, key: str, clippings: Path) -> Record:
    """Return a clipping's record from the store; one that is damaged there is read again."""
    data = store.large(path, key)
    if data is None:
        found = again(clippings, path)
        done = read_one(found, key) if isinstance(found, Source) else Read(path, key, problems=(found,))
        if not done.large:
            raise ArchiveError(f"{'; '.join(map(str, done.problems))} (it was there when the build began)")
        data = unpacked(done.large)
    return unpickled(data)


def again(clippings: Path, name: str) -> Source | Problem:
    """Return a clipping that was read before, with its correction."""
    beside = PurePosixPath(name).with_suffix(".yaml").as_posix()
    return source(clippings, name, {beside} if os.path.lexists(real(str(clippings), beside)) else ())


def unpickled(data: bytes) -> Record:
    """Return a record as the store keeps it."""
    record: Record = pickle.loads(data)  # noqa: S301 - our own cache
    return record
