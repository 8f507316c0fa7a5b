"""A clipping in brief: what the archive as a whole needs of it, without its text and its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from build_tools import said
from build_tools.fold import slug
from build_tools.identity.naming import Naming, naming
from build_tools.model import Clipping, ClusterName, Evidence, Found, Grade, Kind, LeadName
from build_tools.sketch import sketch

TITLE, KICKER = "nhan-de", "tieu-muc"
"""The ids of the elements of a page that show the headline and the line above it."""


class Mark(NamedTuple):
    """Where a clipping says something: the 1-based line, the id of the element of its page, how sure that is."""

    line: int
    anchor: str
    grade: Grade


class Marks(NamedTuple):
    """The marks of a clipping's values, those of lists beside their values; None for what an archivist put in."""

    event_date: Mark | None = None
    year: Mark | None = None
    kind: Mark | None = None
    place: Mark | None = None
    clusters: tuple[Mark | None, ...] = ()
    members: tuple[Mark | None, ...] = ()
    leads: tuple[Mark | None, ...] = ()
    people: tuple[Mark | None, ...] = ()
    awards: tuple[Mark | None, ...] = ()
    chairs: tuple[Mark | None, ...] = ()


class AwardName(NamedTuple):
    """An award without its evidence."""

    name: str
    level: str | None
    recipient: str | None
    year: int | None


class Brief(NamedTuple):
    """A clipping in brief; the values are those of the clipping and of its record, names as printed.

    `path` is relative to the clippings folder; `slug` is what its address wants to end in; `names` is what the names
    mean in the clipping's own context; `sketch` is that of its text (`build_tools.sketch`). `formerly` are addresses
    that the clipping had; `correction` is the digest of its correction file, `said` that of all its values. `shape` is
    the digest of all but what tells of bytes and texts: two briefs of one shape are the same to every page that lists
    the clipping.
    """

    path: str
    sha256: str
    title: str
    slug: str
    names: Naming
    title_derived: bool = False
    date: str | None = None
    published: str | None = None
    event_date: str | None = None
    year: int | None = None
    kind: Kind | None = None
    source: str | None = None
    clusters: tuple[ClusterName, ...] = ()
    leads: tuple[LeadName, ...] = ()
    place: str | None = None
    awards: tuple[AwardName, ...] = ()
    chairs: tuple[str, ...] = ()
    marks: Marks = Marks()
    sketch: bytes = b""
    formerly: tuple[str, ...] = ()
    correction: str | None = None
    said: str = ""
    shape: str = ""


_OF_BYTES: dict[str, Any] = {"sha256": "", "sketch": b"", "correction": None, "said": ""}
"""What a shape leaves out, with the values that stand for it."""


def brief(clipping: Clipping) -> Brief:
    """Return a clipping in brief; nothing but the clipping has a say in it."""
    found = _brief(clipping)
    shape = repr(found._replace(**_OF_BYTES))
    return found._replace(shape=hashlib.sha256(shape.encode("utf-8", "surrogatepass")).hexdigest()[:32])


def _brief(clipping: Clipping) -> Brief:
    record = clipping.record
    names = naming(clipping)
    return Brief(
        names.clipping,
        clipping.raw.sha256,
        clipping.title,
        slug(clipping.raw.path.stem),
        names,
        clipping.title_derived,
        clipping.date,
        record.published.value if record.published else None,
        record.event_date.value if record.event_date else None,
        record.year.value if record.year else None,
        record.kind.value if record.kind else None,
        record.source.value if record.source else None,
        tuple(ClusterName(cluster.number, cluster.authority) for cluster in record.clusters),
        tuple(LeadName(lead.role, lead.unit, lead.year) for lead in record.leads),
        record.place.value if record.place else None,
        tuple(AwardName(award.name, award.level, award.recipient, award.year) for award in record.awards),
        tuple(chair.value for chair in record.chairs),
        _marks(clipping),
        sketch(clipping),
        clipping.notes.formerly,
        clipping.notes.correction,
        said.digest(said.values(record)),
    )


def _marks(clipping: Clipping) -> Marks:
    record, at = clipping.record, _finder(clipping)

    def one(found: Found[Any] | None) -> Mark | None:
        return at(found.evidence) if found else None

    return Marks(
        one(record.event_date),
        one(record.year),
        one(record.kind),
        one(record.place),
        *(
            tuple(at(value.evidence) for value in several)
            for several in (
                record.clusters,
                record.members,
                record.leads,
                record.people,
                record.awards,
                record.chairs,
            )
        ),
    )


def _finder(clipping: Clipping) -> Callable[[Evidence], Mark | None]:
    """Return what finds the element of the page in which a value stands; the raw line when no text shows it."""
    heads = {segment.line: {"title": TITLE, "kicker": KICKER}.get(segment.role) for segment in clipping.segments}
    lines = {line.number: line for line in clipping.cleaned.lines}
    stretches: dict[int, list[tuple[int, int]]] = {}
    for segment in clipping.text():
        line = lines.get(segment.line)
        ends = (line.raw_column(segment.start), line.raw_column(segment.end)) if line else (segment.start, segment.end)
        stretches.setdefault(segment.line, []).append(ends)

    def anchor(evidence: Evidence) -> str:
        for place, (start, end) in enumerate(stretches.get(evidence.line, ()), 1):
            if start <= evidence.start < end:
                return f"dong-{evidence.line}-{place}" if place > 1 else f"dong-{evidence.line}"
        return heads.get(evidence.line) or f"goc-{evidence.line}"

    def mark(evidence: Evidence) -> Mark | None:
        if evidence.grade == "corrected" or evidence.line < 1:
            return None
        return Mark(evidence.line, anchor(evidence), evidence.grade)

    return mark
