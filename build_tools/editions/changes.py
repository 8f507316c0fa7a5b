"""What changed from one edition to the next, clipping by clipping and value by value."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from build_tools.editions.manifest import Entry, Manifest
from build_tools.model import FIELDS
from build_tools.said import Meta, digest

KINDS = ("added", "values", "leads", "awards", "texts", "moved", "withdrawn", "dropped")
"""The kinds of changes of clippings, as pages and messages list them."""

_SILENT = digest({})

_APART = ("leads", "awards")
"""Fields whose changes are listed apart: who leads a cluster, who was rewarded."""


def changes(before: Manifest, now: Manifest) -> dict[str, Any]:
    """Return what changed, lists by kind without empty ones; beside them the pages that came, went or are others.

    Every entry has the clipping's `address`, and where it is published its `title`. One of `values`, `leads` and
    `awards` has the `field`, what it said no longer (`old`) and says now (`new`), why when the correction tells, and by
    what it changed: `correction`, `text` or `program`.
    """
    found: dict[str, list[Meta]] = {kind: [] for kind in KINDS}
    places = {one.address: path for path, one in before.clippings.items()}
    for path, entry in now.clippings.items():
        was = before.clippings.get(path) or _formerly(entry, before, now, places)
        if was is None:
            found["added"].append(_named(entry))
            continue
        if was.address != entry.address:
            found["moved"].append(_named(entry) | {"old": was.address})
        if was.sha256 != entry.sha256:
            found["texts"].append(_named(entry))
        for name, old, new in _values(was, entry):
            kind = name if name in _APART else "values"
            told: Meta = {"field": name, "old": old, "new": new, "by": _cause(name, was, entry)}
            found[kind].append(_named(entry) | told | ({"why": entry.why} if entry.why else {}))
    for path, grave in now.withdrawn.items():
        if path not in before.withdrawn:
            found["withdrawn"].append({"address": grave.addresses[0], "reason": grave.reason})
    known = {one.address for one in now.clippings.values()} | now.former.keys() | _graves(now)
    dropped = sorted(url for url, _ in before.past().urls() if url not in known)
    found["dropped"] = [{"address": url} for url in dropped]
    return {kind: some for kind, some in found.items() if some} | _pages(before, now) | _made_with(before, now)


def _formerly(entry: Entry, before: Manifest, now: Manifest, places: Mapping[str, str]) -> Entry | None:
    """Return the entry of a clipping that had another path, by the address that leads to it."""
    olds = sorted(old for old, new in now.former.items() if new == entry.address and old in places)
    return before.clippings[places[olds[0]]] if olds else None


def _graves(manifest: Manifest) -> set[str]:
    return {url for grave in manifest.withdrawn.values() for url in grave.addresses}


def _named(entry: Entry) -> Meta:
    return {"address": entry.address, "title": entry.title}


def _values(was: Entry, entry: Entry) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Yield each field that differs, with what it said no longer and what it says now."""
    if was.said == entry.said or (not was.values and was.said != _SILENT):  # taken out of the manifest by hand
        return
    for name in FIELDS:
        old, new = _listed(was.values.get(name)), _listed(entry.values.get(name))
        if old == new:
            continue
        left, come = _without(old, new), _without(new, old)
        yield (name, left, come) if left or come else (name, old, new)


def _listed(value: object) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _without(these: list[Any], those: list[Any]) -> list[Any]:
    """Return the items of one list that the other has not, each as often as it is missing there."""
    rest = Counter(json.dumps(item, sort_keys=True) for item in those)
    left = []
    for item in these:
        key = json.dumps(item, sort_keys=True)
        if rest[key]:
            rest[key] -= 1
        else:
            left.append(item)
    return left


def _cause(name: str, was: Entry, entry: Entry) -> str:
    if was.correction != entry.correction and name in {*was.corrected, *entry.corrected}:
        return "correction"
    return "text" if was.sha256 != entry.sha256 else "program"


def _pages(before: Manifest, now: Manifest) -> Meta:
    """Return how many pages are new, gone and others, and which are gone."""
    gone = sorted(before.pages.keys() - now.pages.keys())
    other = sum(now.pages[url] != digest for url, digest in before.pages.items() if url in now.pages)
    new = len(now.pages.keys() - before.pages.keys())
    counts = {"new": new, "changed": other, "gone": gone}
    return {"pages": counts} if any(counts.values()) else {}


def _made_with(before: Manifest, now: Manifest) -> Meta:
    names = sorted(before.made_with.keys() | now.made_with.keys())
    other = {
        name: [before.made_with.get(name), now.made_with.get(name)]
        for name in names
        if before.made_with.get(name) != now.made_with.get(name)
    }
    return {"made_with": other} if other else {}


def sentences(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the changes as lines for the command line."""
    for kind in KINDS:
        for one in found.get(kind, ()):
            yield f"{_WORDS[kind]} /{one['address']}{_detail(one)}"
    if pages := found.get("pages"):
        yield f"pages: {pages['new']} new, {pages['changed']} changed, {len(pages['gone'])} gone"
    for name, (old, new) in (found.get("made_with") or {}).items():
        yield f"made with {name} {_shown(new)}, before with {_shown(old)}"


_WORDS = {
    "added": "added",
    "values": "value",
    "leads": "lead",
    "awards": "award",
    "texts": "text",
    "moved": "moved",
    "withdrawn": "withdrawn",
    "dropped": "dropped",
}


def _detail(one: Mapping[str, Any]) -> str:
    if "field" in one:
        why = f" ({one['why']})" if one.get("why") else ""
        return f" {one['field']}: {_shown(one['old'])} -> {_shown(one['new'])} by {one['by']}{why}"
    if "old" in one:
        return f" from /{one['old']}"
    return f": {one['reason']}" if "reason" in one else ""


def _shown(value: object) -> str:
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
