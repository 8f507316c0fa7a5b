"""The archive as a whole: every clipping in time order, with its address, and the short form that lists show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from build_tools import paths
from build_tools.identity import newspapers
from build_tools.identity.registry import Identities, Names, identify
from build_tools.model import Clipping, Found, Problem, Record
from build_tools.paths import Addresses, ClusterKey, NameKey

Meta = dict[str, object]
"""Front matter, or a part of it: what YAML can hold."""


@dataclass(frozen=True, slots=True)
class ClusterName:
    """A cluster as it is shown: of several spellings in the archive the most frequent one."""

    number: int | str | None
    authority: str | None


@dataclass(frozen=True, slots=True)
class Archive:
    """The clippings in time order, the undated ones first, with the addresses and the names shown for them.

    `folder` is where the clippings lie below the content folder: "clippings/", or "" when they lie in it.
    """

    clippings: tuple[Clipping, ...]
    addresses: Addresses
    cluster_names: Mapping[ClusterKey, ClusterName] = field(default_factory=dict)
    source_names: Mapping[NameKey, str] = field(default_factory=dict)
    folder: str = "clippings/"
    identities: Identities = field(default_factory=Identities)

    @classmethod
    def of(cls, clippings: Iterable[Clipping], folder: str = "clippings/") -> tuple[Archive, list[Problem]]:
        """Put clippings in order and give them their addresses; list the names that collide."""
        ordered = tuple(sorted(clippings, key=_time_key))
        identities = identify(ordered)
        addresses, problems = Addresses.of(ordered, identities)
        clusters = [cluster for clipping in ordered for cluster in clipping.record.clusters]
        labels = _spellings(cluster.number for cluster in clusters if isinstance(cluster.number, str))
        names = {}
        for key in {key for clipping in ordered for key in addresses.keys(clipping)}:
            number = labels.get(key.number, key.number) if isinstance(key.number, str) else key.number
            names[key] = ClusterName(number, identities.units[key.authority].unit.full if key.authority else None)
        return cls(ordered, addresses, names, _source_names(ordered), folder, identities), problems

    def cluster(self, key: ClusterKey) -> Meta:
        """Return a cluster as lists show it: its number, the name of its authority, and its page."""
        name = self.cluster_names[key]
        return {"number": name.number, "authority": name.authority, "url": self.addresses.clusters[key]}

    def clusters(self, clipping: Clipping) -> list[Meta]:
        """Return the clusters of a clipping as lists show them, in the order of its record."""
        return [self.cluster(key) for key in self.addresses.keys(clipping)]

    def names(self, clipping: Clipping) -> Names:
        """Return the ids of the units and people that a clipping names."""
        return self.identities.names[clipping.raw.path.as_posix()]

    def source(self, clipping: Clipping) -> Meta | None:
        """Return a clipping's newspaper and its page, or None."""
        found, key = clipping.record.source, paths.source_key(clipping)
        return {"name": found.value, "url": self.addresses.source(key)} if found and key else None

    def entry(self, clipping: Clipping) -> Meta:
        """Return the short form of a clipping that lists show."""
        record = clipping.record
        return {
            "url": self.addresses.article(clipping),
            "title": clipping.title,
            "title_derived": clipping.title_derived,
            "date": clipping.date,
            "published": record.published.value if record.published else None,
            "event_date": record.event_date.value if record.event_date else None,
            "year": record.year.value if record.year else None,
            "kind": record.kind.value if record.kind else None,
            "source": self.source(clipping),
            "clusters": self.clusters(clipping),
            "leads": [{"role": lead.role, "unit": lead.unit, "year": lead.year} for lead in record.leads],
        }


def _time_key(clipping: Clipping) -> tuple[str, str, str]:
    published = clipping.record.published
    return clipping.date or "", published.value if published else "", clipping.raw.path.as_posix()


def _source_names(clippings: Iterable[Clipping]) -> dict[NameKey, str]:
    """Return the name to show for each newspaper: the one it is known by, else the most frequent spelling."""
    printed = [clipping.record.source.value for clipping in clippings if clipping.record.source]
    known = {
        paths.name_key(newspaper.name): newspaper.name for newspaper in map(newspapers.known, printed) if newspaper
    }
    return _spellings(name for name in printed if not newspapers.known(name)) | known


def _spellings(names: Iterable[str]) -> dict[NameKey, str]:
    """Return the spelling to show for each name: the most frequent one, of equals the first in order."""
    counts = Counter(name for name in names if name.strip())
    shown: dict[NameKey, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], paths.sort_key(name))):
        shown.setdefault(paths.name_key(name), name)
    return shown


def values(record: Record) -> Meta:
    """Return what a clipping says under the names of the contract, without the evidence."""
    return {
        "url": _value(record.url),
        "title": _value(record.title),
        "kicker": _value(record.kicker),
        "published": _value(record.published),
        "source": _value(record.source),
        "byline": _value(record.byline),
        "event_date": _value(record.event_date),
        "year": _value(record.year),
        "kind": _value(record.kind),
        "clusters": [{"number": c.number, "authority": c.authority} for c in record.clusters],
        "members": [member.value for member in record.members],
        "leads": [{"role": lead.role, "unit": lead.unit, "year": lead.year} for lead in record.leads],
        "people": [{"name": p.name, "rank": p.rank, "role": p.role} for p in record.people],
        "captions": [caption.value for caption in record.captions],
        "noise": [line.value for line in record.noise],
        "place": _value(record.place),
        "awards": [{"name": a.name, "level": a.level, "recipient": a.recipient, "year": a.year} for a in record.awards],
        "figures": [{"value": f.value, "unit": f.unit, "what": f.what} for f in record.figures],
        "slogans": [slogan.value for slogan in record.slogans],
        "quotations": [{"text": q.text, "speaker": q.speaker} for q in record.quotations],
    }


def _value(found: Found[Any] | None) -> object:
    return found.value if found else None
