"""A unit's older and newer names: what a clipping is also found by, and what the search page says of it."""

from __future__ import annotations

from functools import lru_cache

from build_tools.identity import places, units


def former_names(name: str, date: str | None) -> tuple[str, ...]:
    """Return what the unit of a full name was called before and what it became, its own name left out.

    What it was is told of a clipping of a known day (ISO), as far as that had come about by then; what it became is
    told of all.
    """
    bare, history = _history(name)
    was = (change for change in history.was if date and change.date <= date)
    others = [label for change in was for label in change.before] + [
        label for change in history.became for label in change.after
    ]
    return tuple(other for other in dict.fromkeys(others) if other != bare)


@lru_cache(maxsize=4096)
def _history(name: str) -> tuple[str, units.History]:
    """Return the bare name of the unit of a full name, and all that it came from and became."""
    subject = units.unit(name)
    return subject.name, units.history(subject)


def table() -> dict[str, list[str] | list[list[str]]]:
    """Return all changes for the index's manifest.

    `heads` are bodies that changed with their provinces, `places` and `bodies` [older, newer] names, `kinds` the words
    that a place's name may be typed without.
    """
    known = places.load()
    return {
        "heads": sorted(known.with_province),
        "kinds": sorted({province.kind for province in known.by_label.values()}),
        "places": _pairs(known.changes),
        "bodies": _pairs(known.bodies),
    }


def _pairs(changes: tuple[places.Change, ...]) -> list[list[str]]:
    found = dict.fromkeys(
        (old, new) for change in changes for old in change.before for new in change.after if old != new
    )
    return [list(pair) for pair in found]
