"""A clipping in brief: what the archive as a whole needs of it, without its text and its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from build_tools.fold import slug
from build_tools.identity.naming import Naming, naming
from build_tools.model import Clipping, ClusterName, Kind, LeadName
from build_tools.sketch import sketch


@dataclass(frozen=True, slots=True)
class Brief:
    """A clipping in brief; the values are those of the clipping and of its record, names as printed.

    `path` is relative to the clippings folder; `slug` is what its address wants to end in; `names` is what the names
    mean in the clipping's own context; `sketch` is that of its text (`build_tools.sketch`).
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
    sketch: bytes = b""


def brief(clipping: Clipping) -> Brief:
    """Return a clipping in brief; nothing but the clipping has a say in it."""
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
        sketch(clipping),
    )
