"""Clippings made by hand, for tests of the stages that come after reading."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from hypothesis import settings

from build_tools.model import (
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

settings.register_profile("here", deadline=None)  # a busy machine is slow, which is no fault of the code
settings.load_profile("here")

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
        **{name: found(value) for name, value in fields.items()},
    )
    raw = RawClipping(PurePosixPath(path), data, hashlib.sha256(data).hexdigest())
    return Clipping(raw, Cleaned(lines, "utf-8"), segments, record, found(derived))
