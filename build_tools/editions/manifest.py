"""The manifest of an edition: `content/editions/ID.json`, an entry a line, so that two can be compared line by line.

The id is the day on which the edition was closed and the beginning of a digest of all that it holds. Values, titles and
reasons for corrections are known by their digests there: they can be taken out of a manifest, and of the one that the
site publishes they are, without the id ceasing to be right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from build_tools.errors import ArchiveError
from build_tools.formats import newer, refuse_newer
from build_tools.lasting import PAST, Past, Place
from build_tools.said import Meta

FOLDER = "editions"
"""Below the content folder."""

FORMAT = 1

_SECTIONS = ("clippings", "withdrawn", "former", "pages")
"""What an edition holds, each a mapping with an entry a line; what comes before them tells about the edition."""

_TOLD = frozenset({"title", "why", "corrected", "values"})
"""Of a clipping's entry, what is not told to all: its digests stand for it."""

_DIGITS = 8
"""Hexadecimal digits of an id's digest: two editions of one day have the same in one of four thousand million pairs."""

_REMEDY = "restore the file as it was closed, or remove it if the edition was never published"


@dataclass(frozen=True, slots=True)
class Entry:
    """A clipping in an edition.

    `sha256` and `correction` are the digests of its file and of its correction's, `said` that of `values`, which are
    the fields of its record that say something; `corrected` names those that the correction gives.
    """

    address: str
    sha256: str
    correction: str | None
    said: str
    title: str = ""
    corrected: tuple[str, ...] = ()
    why: str | None = None
    values: Meta = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grave:
    """A withdrawn clipping in an edition: its path, the reason, its addresses, the digest of what withdraws it."""

    path: str
    reason: str
    addresses: tuple[str, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class Head:
    """What an edition tells about itself: `changes` since the one before, `made_with` the versions that made it."""

    id: str
    number: int
    date: str
    previous: str | None
    made_with: Mapping[str, str]
    changes: Mapping[str, Any]
    clippings: int


@dataclass(frozen=True)
class Manifest:
    """All that an edition holds: clippings and withdrawn ones by path, former addresses, pages' digests by address."""

    clippings: Mapping[str, Entry]
    withdrawn: Mapping[str, Grave] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=dict)
    number: int = 1
    date: str = ""
    previous: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """The edition's name: its day, and the beginning of the digest of what is published of its manifest."""
        return f"{self.date}-{hashlib.sha256(self.published()).hexdigest()[:_DIGITS]}"

    def same(self, other: Manifest) -> bool:
        """Tell whether two editions hold the same, whenever and with whatever they were made."""
        return all(_section(self, name, _TOLD) == _section(other, name, _TOLD) for name in _SECTIONS)

    def past(self) -> Past:
        """Return the addresses that the next edition keeps."""
        return Past(
            {path: Place(one.address, one.sha256) for path, one in self.clippings.items()},
            {path: grave.addresses for path, grave in self.withdrawn.items()},
            self.former,
        )

    def published(self) -> bytes:
        """Return the manifest as all may have it, without what stands in clippings."""
        head = {
            "format": FORMAT,
            "number": self.number,
            "date": self.date,
            "previous": self.previous,
            "made_with": dict(sorted(self.made_with.items())),
        }
        return _written(head, ((name, _section(self, name, _TOLD)) for name in _SECTIONS))

    def whole(self) -> bytes:
        """Return the manifest as it is kept."""
        head = {
            "format": FORMAT,
            "id": self.id,
            "number": self.number,
            "date": self.date,
            "previous": self.previous,
            "made_with": dict(sorted(self.made_with.items())),
            "changes": self.changes,
            "count": len(self.clippings),
        }
        return _written(head, ((name, _section(self, name)) for name in _SECTIONS))


def _section(manifest: Manifest, name: str, left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    entries: Mapping[str, Any] = getattr(manifest, name)
    if name in ("former", "pages"):
        return dict(sorted(entries.items()))
    return {
        path: {
            n: value
            for n in one.__dataclass_fields__
            if n not in left_out and (value := getattr(one, n)) not in (None, (), {}, "")
        }
        for path, one in sorted(entries.items())
    }


def _written(head: Mapping[str, Any], sections: Iterable[tuple[str, Mapping[str, Any]]]) -> bytes:
    """Return a JSON document with an entry of each section on a line of its own."""
    lines = [f"{_json(name)}: {_several(value)}" for name, value in head.items()]
    lines += (f"{_json(name)}: {_several(entries)}" for name, entries in sections)
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "surrogatepass")


def _several(value: Any) -> str:
    if not isinstance(value, dict) or not value:
        return _json(value)
    return "{\n" + ",\n".join(f"{_json(name)}: {_lined(entry)}" for name, entry in value.items()) + "\n}"


def _lined(value: Any) -> str:
    """Return a list of mappings with each on a line of its own, all else on one line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_json, value)) + "\n]"
    return _json(value)


_json = json.JSONEncoder(ensure_ascii=False).encode


def read(path: Path) -> Manifest:
    """Return the manifest in a file, as it is kept or as it is published.

    Raises:
        ArchiveError: it cannot be read, or is not what was closed under its name.
    """
    said = _parsed(path, _bytes(path))
    try:
        manifest = Manifest(
            {name: Entry(**_tuples(one)) for name, one in said["clippings"].items()},
            {name: Grave(**_tuples(one)) for name, one in said["withdrawn"].items()},
            dict(said["former"]),
            dict(said["pages"]),
            dict(said["made_with"]),
            int(said["number"]),
            str(said["date"]),
            said["previous"],
            said.get("changes") or {},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArchiveError(f"{path}: is no manifest of an edition ({_REMEDY})") from error
    if said.get("id", manifest.id) != manifest.id:
        raise ArchiveError(f"{path}: has been changed since the edition was closed ({_REMEDY})")
    return manifest


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    lists = ("corrected", "addresses")
    return {"correction": None} | {n: tuple(value) if n in lists else value for n, value in entry.items()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read: {error.strerror} (check its permissions)") from error


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError as error:
        raise ArchiveError(f"{path}: is not JSON: {error} ({_REMEDY})") from error
    if isinstance(said, dict) and isinstance(found := said.get("format"), int) and found > FORMAT:
        raise ArchiveError(newer(f"{path}: this manifest", found, FORMAT))
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ArchiveError(f"{path}: is no manifest of an edition that this program reads ({_REMEDY})")
    return said


def _head(path: Path) -> Head:
    """Return what stands before the clippings, without reading those: editions become many, and are long."""
    lines: list[bytes] = []
    begin = b'"clippings": {'
    with path.open("rb") as stream:
        for line in stream:
            if line.startswith(begin):
                break
            lines.append(line)
    data = b"".join(lines).rstrip()
    said = _parsed(path, data.removesuffix(b",") + b"}" if not data.endswith(b"}") else data)
    try:
        return Head(
            said["id"],
            int(said["number"]),
            said["date"],
            said["previous"],
            said["made_with"],
            said["changes"],
            int(said["count"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(f"{path}: is no manifest of an edition ({_REMEDY})") from error


@dataclass(frozen=True, slots=True)
class Editions:
    """An archive's editions, the oldest first, and all that the last one holds; None when there is none."""

    heads: tuple[Head, ...] = ()
    last: Manifest | None = None

    @property
    def id(self) -> str:
        """The last edition's, "" when there is none."""
        return self.last.id if self.last else ""

    @property
    def past(self) -> Past:
        """The addresses of the last edition."""
        return self.last.past() if self.last else PAST


def load(content: Path) -> Editions:
    """Return the editions of a content folder.

    Raises:
        ArchiveError: a manifest cannot be read, or two are the last, or the folder is of a newer format.
    """
    refuse_newer(content)
    heads = sorted(_heads(content / FOLDER), key=lambda head: (head.number, head.id))
    if not heads:
        return Editions()
    for one, other in pairwise(heads):
        if one.number == other.number:
            both = f"{one.id} and {other.id} both are edition {one.number}"
            raise ArchiveError(f"{content / FOLDER}: {both} (remove one of the two files)")
    return Editions(tuple(heads), read(file_of(content, heads[-1].id)))


def _heads(folder: Path) -> Iterator[Head]:
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise ArchiveError(f"{path}: is no plain file ({_REMEDY})")
        head = _head(path)
        if head.id != path.stem:
            raise ArchiveError(f"{path}: is the manifest of {head.id} (name it {head.id}.json)")
        yield head


def file_of(content: Path, edition: str) -> Path:
    """Return where an edition's manifest is kept."""
    return content / FOLDER / f"{edition}.json"
