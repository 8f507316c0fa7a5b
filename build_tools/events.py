"""Each conference to its page: what all clippings on it say, each value with who says it, and what only one says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain

from build_tools import dossier, labels, paths
from build_tools.archive import Archive, Meta
from build_tools.brief import AwardName, Brief, Mark
from build_tools.dossier import Cited
from build_tools.facts import Plan
from build_tools.history import Claim, Event, Histories, History, chairs
from build_tools.model import LEAD_ROLES, Page

_HOME: Meta = {"kind": "home", "url": paths.HOME}
_CLUSTERS: Meta = {"kind": "clusters", "url": paths.CLUSTERS}
_EVENTS: Meta = {"kind": "events", "url": paths.EVENTS}


def overview(archive: Archive, histories: Histories) -> Page:
    """Return the page of all conferences: how many there are of each kind in each year."""
    years: dict[int, Counter[str]] = {}
    for event in _all(histories):
        years.setdefault(event.year, Counter())[event.kind] += 1
    return Page(
        paths.page_file(paths.EVENTS),
        {
            "template": "kb-events.html",
            "title": labels.text("events.title"),
            "description": labels.text("events.description"),
            "crumbs": [_HOME],
            "count": sum(found.total() for found in years.values()),
            "years": [
                {"year": year, "url": paths.year_url(year), "count": years[year].total(), "kinds": dict(years[year])}
                for year in sorted(years, reverse=True)
            ],
            "timeline": dossier.timeline(archive.briefs),
        },
    )


def _all(histories: Histories) -> Iterator[Event]:
    return chain.from_iterable(history.events for history in histories.values())


def plans(archive: Archive, histories: Histories) -> Iterator[Plan]:
    """Yield the overview of conferences, and the page of each."""
    yield Plan(paths.page_file(paths.EVENTS), partial(overview, archive, histories))
    for history in histories.values():
        events = list(history.events)
        for place, event in enumerate(events):
            before, after = events[place - 1] if place else None, events[place + 1] if place + 1 < len(events) else None
            make = partial(_page, archive, history, event, before, after)
            yield Plan(paths.page_file(event.url), make, partial(dossier.told, history))


def _page(archive: Archive, history: History, event: Event, before: Event | None, after: Event | None) -> Page:
    name, cited = archive.cluster_names[event.cluster], Cited(archive)
    cluster = dossier.cluster_title(name)
    title = labels.text(f"event.{event.kind}", year=event.year, cluster=cluster)
    for brief in reversed(event.clippings):
        cited.number(brief)
    facts = _facts(archive, event, cited)
    return Page(
        paths.page_file(event.url),
        {
            "template": "kb-event.html",
            "title": title,
            "description": labels.text("event.description", title=title, count=len(event.clippings)),
            "crumbs": [
                _HOME,
                _CLUSTERS,
                dossier.authority_crumb(archive, event.cluster.authority),
                {"kind": "cluster", "number": name.number, "authority": name.authority}
                | {"url": archive.addresses.clusters[event.cluster]},
            ],
            "kind": event.kind,
            "year": event.year,
            "year_url": paths.year_url(event.year),
            "number": name.number,
            "authority": name.authority,
            "cluster_url": archive.addresses.clusters[event.cluster],
            "count": len(event.clippings),
            "facts": facts,
            "leads": _leads(archive, history, event, cited),
            "only": _only(facts, len(event.clippings)),
            "shared": [number for number, brief in enumerate(reversed(event.clippings)) if _shared(archive, brief)],
            "clippings": cited.listed,
            "before": dossier.event_item(before) if before else None,
            "after": dossier.event_item(after) if after else None,
        },
    )


def _shared(archive: Archive, brief: Brief) -> bool:
    return len(set(archive.addresses.keys(brief))) > 1


def _leads(archive: Archive, history: History, event: Event, cited: Cited) -> list[Meta]:
    """Return who leads in the conference's year and in the next, as all clippings of the cluster tell it."""
    found: list[Meta] = []
    for year in (event.year, event.year + 1):
        of_year = history.of(year)
        leads = [dossier.lead(archive, of_year, role, cited) for role in LEAD_ROLES if of_year.leads.get(role)]
        found.append({"year": year, "leads": leads})
    return found


Values = list[Meta]
"""Values of one field, each with `said`, the places where it is said."""


def _facts(archive: Archive, event: Event, cited: Cited) -> dict[str, Values]:
    """Return what the clippings of a conference say, field by field."""
    clippings = event.clippings
    alone = [brief for brief in clippings if not _shared(archive, brief)]
    return {
        "dates": _single(clippings, cited, lambda brief: (brief.event_date, brief.marks.event_date)),
        "places": _single(clippings, cited, lambda brief: (brief.place, brief.marks.place)),
        "members": _members(archive, alone, cited),
        "people": _people(archive, clippings, cited),
        "awards": _awards(archive, alone, cited),
    }


def _single(
    clippings: Iterable[Brief], cited: Cited, value: Callable[[Brief], tuple[str | None, Mark | None]]
) -> Values:
    found: dict[str, list[Claim]] = {}
    for brief in clippings:
        text, mark = value(brief)
        if text:
            found.setdefault(text, []).append(Claim(brief, mark))
    return [{"text": text, "said": cited.places(found[text])} for text in sorted(found)]


def _members(archive: Archive, clippings: Iterable[Brief], cited: Cited) -> Values:
    found: dict[str, list[Claim]] = {}
    for brief in clippings:
        for one, mark in zip(archive.names(brief).members, brief.marks.members, strict=True):
            found.setdefault(one, []).append(Claim(brief, mark))
    return [dossier.unit(archive, one) | {"said": cited.places(found[one])} for one in dossier.units(archive, found)]


def _people(archive: Archive, clippings: Iterable[Brief], cited: Cited) -> Values:
    """Return the people in the order in which they are named, with what each clipping calls them."""
    claims: dict[str, list[Claim]] = {}
    called: dict[str, dict[tuple[str | None, str | None], None]] = {}
    chairing: dict[str, list[Claim]] = {}
    for brief in clippings:
        for one, claim in chairs(archive, brief):
            chairing.setdefault(one, []).append(claim)
        named = zip(archive.names(brief).people, brief.names.people, brief.marks.people, strict=True)
        for person, mention, mark in named:
            claims.setdefault(person, []).append(Claim(brief, mark))
            called.setdefault(person, {})[mention.rank, mention.role] = None
    return [
        {
            "name": archive.identities.people[person].name,
            "url": paths.person_url(person),
            "called": [{"rank": rank, "office": office} for rank, office in called[person] if rank or office],
            "said": cited.places(claims[person]),
            "chairs": cited.places(chairing.get(person, ())),
        }
        for person in claims
    ]


def _awards(archive: Archive, clippings: Iterable[Brief], cited: Cited) -> Values:
    found: dict[AwardName, list[Claim]] = {}
    for brief in clippings:
        for award, mark in zip(brief.awards, brief.marks.awards, strict=True):
            found.setdefault(award, []).append(Claim(brief, mark))
    return dossier.awards(archive, found, cited)


def _only(facts: Mapping[str, Values], count: int) -> list[Meta]:
    """Return for each of several clippings what no other says: how many values of which field, and their texts."""
    if count < 2:
        return []
    found: list[dict[str, list[object]]] = [{} for _ in range(count)]
    for name, values in facts.items():
        flat = [one for value in values for one in (value["to"] if name == "awards" else [value])]  # type: ignore[attr-defined]
        for value in flat:
            said = value["said"]
            if len(said) == 1 and said[0][0] < count:
                text = value.get("text") or value.get("name") or value.get("recipient")
                if text:
                    found[said[0][0]].setdefault(name, []).append(text)
    return list(found)  # type: ignore[arg-type]
