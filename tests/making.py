"""Clippings made by hand, for tests of the stages that come after reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from hypothesis import settings as steady

from build_tools import near
from build_tools.archive import Archive
from build_tools.brief import brief
from build_tools.model import (
    Award,
    Cleaned,
    Clipping,
    Cluster,
    Evidence,
    Found,
    Lead,
    Line,
    Person,
    RawClipping,
    Record,
    Segment,
    SegmentRole,
)
from build_tools.settings import Setting, settings

steady.register_profile("here", steady(), deadline=None)  # a busy machine is slow, which is no fault of the code
steady.load_profile("here")

HERE = Evidence("test", 1, 0, 4)


def found(value: Any, line: int = 1) -> Any:
    return None if value is None else Found(value, Evidence("test", line, 0, 4))


def clipping(
    path: str = "2022/bai.txt",
    body: Sequence[str] = ("Sáng nay, hội nghị diễn ra. Mọi người vui.",),
    *,
    roles: Sequence[SegmentRole] = (),
    clusters: Sequence[tuple[int | str | None, str | None]] = (),
    leads: Sequence[tuple[Any, str, int | None]] = (),
    people: Sequence[tuple[str, str | None, str | None]] = (),
    members: Sequence[str] = (),
    chairs: Sequence[str] = (),
    awards: Sequence[tuple[str, str | None, str | None, int | None]] = (),
    derived: str | None = None,
    **fields: Any,
) -> Clipping:
    """Return a clipping whose lines are `body`, each a segment with the role given for it (else body)."""
    text = "\n".join(body)
    data = f"{path}\n{text}".encode("utf-8", "replace")
    lines = tuple(Line(number, line, line) for number, line in enumerate(body, 1))
    segments = tuple(
        Segment(
            roles[line.number - 1] if line.number <= len(roles) else "body", line.number, 0, len(line.text), line.text
        )
        for line in lines
    )
    record = Record(
        clusters=tuple(Cluster(number, authority, HERE) for number, authority in clusters),
        leads=tuple(Lead(role, unit, year, HERE) for role, unit, year in leads),
        people=tuple(Person(name, rank, role, HERE) for name, rank, role in people),
        members=tuple(found(member) for member in members),
        chairs=tuple(found(chair) for chair in chairs),
        awards=tuple(Award(*award, HERE) for award in awards),
        **{name: found(value) for name, value in fields.items()},
    )
    raw = RawClipping(PurePosixPath(path), data, hashlib.sha256(data).hexdigest())
    return Clipping(raw, Cleaned(lines, "utf-8"), segments, record, found(derived))


def archived(clippings: Iterable[Clipping], folder: str = "clippings/") -> Archive:
    """Return the archive of these clippings."""
    return Archive.of(map(brief, clippings), folder)[0]


def placed(clippings: Iterable[Clipping], folder: str = "clippings/") -> list[tuple[Clipping, Setting]]:
    """Return the clippings in time order, each with its setting among them."""
    by_path = {each.raw.path.as_posix(): each for each in clippings}
    archive = archived(by_path.values(), folder)
    told = near.stories(archive.briefs, lambda path: near.text(by_path[path]))
    return [
        (by_path[each.path], setting) for each, setting in zip(archive.briefs, settings(archive, told), strict=True)
    ]
