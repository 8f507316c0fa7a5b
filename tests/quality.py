"""Scores records against gold records made by hand: precision, recall and F1 for each field.

A scalar counts as a set of one, so that leaving it out costs recall and inventing it costs precision. Values are
compared after case, quotes, dashes and white space are folded, and short heads of units written out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCALARS = ("title", "kicker", "published", "source", "byline", "event_date", "year", "kind")
LISTS = ("clusters", "members", "leads", "people", "ranks", "captions", "noise")
BEYOND = ("place", "awards", "figures", "measured", "slogans", "quotations", "speakers", "chairs")
"""Fields beyond the base record; a gold record that lacks one of them is not scored in it."""
FIELDS = (*SCALARS, *LISTS, *BEYOND)
_PART_OF = {"ranks": "people", "measured": "figures", "speakers": "quotations"}

_SAME = {ord(c): '"' for c in "“”„«»"} | {ord(c): "'" for c in "‘’"} | {ord(c): "-" for c in "–—‐‑"}
_SHORT = ((r"\bcatp\b", "công an thành phố"), (r"\btp\b\.?\s*", "thành phố "), (r"\bhcm\b", "hồ chí minh"))


@dataclass(slots=True)
class Tally:
    """How many items of a field were right, invented and missed."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    def add(self, gold: set[Any], got: set[Any]) -> None:
        """Count one clipping's items."""
        self.right += len(gold & got)
        self.invented += len(got - gold)
        self.missed += len(gold - got)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 when there was nothing to find and nothing was found."""
        wrong = self.invented + self.missed
        return 2 * self.right / (2 * self.right + wrong) if self.right or wrong else 1.0


def folded(value: object) -> str:
    """Return a value in the form in which two are compared."""
    text = unicodedata.normalize("NFC", str(value)).translate(_SAME).casefold()
    return " ".join(text.split()).strip(" .,;:|-*•\"'()")


def unit(value: object) -> str:
    """Return a unit's name in the form in which two are compared."""
    text = folded(value)
    for pattern, full in _SHORT:
        text = re.sub(pattern, full, text)
    return " ".join(text.split())


def items(record: Mapping[str, Any], field: str) -> set[Any]:  # noqa: PLR0911 - a return for each sort of field
    """Return what a record holds in a field, as a set of comparable items."""
    value = record.get(_PART_OF.get(field, field)) or []
    if field in (*SCALARS, "place"):
        kept = str(value)[:16] if field == "published" else value
        return {folded(kept)} if value else set()
    match field:
        case "clusters":
            return {(folded(c["number"]).lstrip("0"), unit(c["authority"] or "")) for c in value}
        case "leads":
            return {(lead["role"], unit(lead["unit"]), lead["year"]) for lead in value}
        case "people":
            return {folded(person["name"]) for person in value}
        case "ranks":
            return {(folded(person["name"]), folded(person["rank"])) for person in value if person["rank"]}
        case "awards":
            return {(folded(a["name"]), unit(a["level"] or ""), unit(a["recipient"] or ""), a["year"]) for a in value}
        case "figures":
            return {(folded(f["value"]), folded(f["unit"])) for f in value}
        case "measured":
            return {(folded(f["value"]), folded(f["unit"]), folded(f["what"] or "")) for f in value}
        case "quotations":
            return {folded(q["text"]) for q in value}
        case "speakers":
            return {(folded(q["text"]), folded(q["speaker"])) for q in value if q["speaker"]}
        case "members":
            return {unit(name) for name in value}
        case _:
            return {folded(text) for text in value}


def score(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Tally]:
    """Return a tally for each field over (gold, got) pairs."""
    tallies = {field: Tally() for field in FIELDS}
    for gold, got in pairs:
        unsure = set(gold.get("ambiguous") or ())
        for field, tally in tallies.items():
            source = _PART_OF.get(field, field)
            unscored = source in unsure or (source in BEYOND and source not in gold)
            if not unscored:
                tally.add(items(gold, field), items(got, field))
    return tallies


def gold_records(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the gold records below a folder by their path without its ending."""
    return {
        path.relative_to(folder).with_suffix("").as_posix(): yaml.safe_load(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.yaml"))
    }
