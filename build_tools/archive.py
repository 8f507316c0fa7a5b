"""The archive as a whole: every clipping in time order, with its address, and the short form that lists show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from build_tools import lasting, paths, said
from build_tools.brief import Brief
from build_tools.identity import newspapers
from build_tools.identity.registry import Identities, Names, identify
from build_tools.lasting import PAST, Ends, Past
from build_tools.model import ClusterName, Problem, Withdrawn
from build_tools.paths import Addresses, ClusterKey, NameKey

Meta = said.Meta
"""Front matter, or a part of it: what YAML can hold."""

values = said.values


@dataclass(frozen=True, slots=True)
class Archive:
    """The clippings in time order, the undated ones first, with the addresses and the names shown for them.

    `cluster_names` has of several spellings the most frequent one. `folder` is where the clippings lie below the
    content folder: "clippings/", or "" when they lie in it. `ends` are the addresses at which no clipping is any more.
    """

    briefs: tuple[Brief, ...]
    addresses: Addresses
    cluster_names: Mapping[ClusterKey, ClusterName] = field(default_factory=dict)
    source_names: Mapping[NameKey, str] = field(default_factory=dict)
    folder: str = "clippings/"
    identities: Identities = field(default_factory=Identities)
    ends: Ends = field(default_factory=Ends)
    _entries: dict[str, Meta] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        briefs: Iterable[Brief],
        folder: str = "clippings/",
        past: Past = PAST,
        withdrawn: Iterable[Withdrawn] = (),
    ) -> tuple[Archive, list[Problem]]:
        """Put clippings in order and give them their addresses; list the names that collide.

        `past` are the addresses of the last edition: they stay, whatever else would be given them.
        """
        ordered = tuple(sorted(briefs, key=_time_key))
        identities = identify(brief.names for brief in ordered)
        kept = lasting.keep(ordered, tuple(withdrawn), past)
        addresses, problems = Addresses.of(ordered, identities, kept.kept)
        ends, faults = lasting.ends(ordered, addresses.articles, kept, past)
        clusters = [cluster for brief in ordered for cluster in brief.clusters]
        labels = _spellings(cluster.number for cluster in clusters if isinstance(cluster.number, str))
        names = {}
        for key in {key for brief in ordered for key in addresses.keys(brief)}:
            number = labels.get(key.number, key.number) if isinstance(key.number, str) else key.number
            names[key] = ClusterName(number, identities.units[key.authority].unit.full if key.authority else None)
        return cls(ordered, addresses, names, _source_names(ordered), folder, identities, ends), [*problems, *faults]

    def cluster(self, key: ClusterKey) -> Meta:
        """Return a cluster as lists show it: its number, the name of its authority, and its page."""
        name = self.cluster_names[key]
        return {"number": name.number, "authority": name.authority, "url": self.addresses.clusters[key]}

    def names(self, brief: Brief) -> Names:
        """Return the ids of the units and people that a clipping names."""
        return self.identities.names[brief.path]

    def source(self, brief: Brief) -> Meta | None:
        """Return a clipping's newspaper and its page, or None."""
        key = paths.source_key(brief.source)
        return {"name": brief.source, "url": self.addresses.source(key)} if key else None

    def entry(self, brief: Brief) -> Meta:
        """Return the short form of a clipping that lists show, made once and shared by all of them."""
        if brief.path not in self._entries:
            self._entries[brief.path] = self._entry(brief)
        return self._entries[brief.path]

    def _entry(self, brief: Brief) -> Meta:
        return {
            "url": self.addresses.article(brief),
            "title": brief.title,
            "title_derived": brief.title_derived,
            "date": brief.date,
            "published": brief.published,
            "event_date": brief.event_date,
            "year": brief.year,
            "kind": brief.kind,
            "source": self.source(brief),
            "clusters": [self.cluster(key) for key in self.addresses.keys(brief)],
            "leads": [lead._asdict() for lead in brief.leads],
        }


def _time_key(brief: Brief) -> tuple[str, str, str]:
    return brief.date or "", brief.published or "", brief.path


def _source_names(briefs: Iterable[Brief]) -> dict[NameKey, str]:
    """Return the name to show for each newspaper: the one it is known by, else the most frequent spelling."""
    counts = Counter(brief.source for brief in briefs if brief.source)
    known = {printed: newspapers.known(printed) for printed in counts}
    others = Counter({printed: count for printed, count in counts.items() if not known[printed]})
    return _spellings(others.elements()) | {
        paths.name_key(newspaper.name): newspaper.name for newspaper in known.values() if newspaper
    }


def _spellings(names: Iterable[str]) -> dict[NameKey, str]:
    """Return the spelling to show for each name: the most frequent one, of equals the first in order."""
    counts = Counter(name for name in names if name.strip())
    shown: dict[NameKey, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], paths.sort_key(name))):
        shown.setdefault(paths.name_key(name), name)
    return shown
