"""A record as plain values under the names of the contract, and the digest by which two readings are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from build_tools.model import FIELDS, Found, Record

Meta = dict[str, object]
"""Front matter, or a part of it: what YAML can hold."""


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
        "chairs": [chair.value for chair in record.chairs],
    }


def _value(found: Found[Any] | None) -> object:
    return found.value if found else None


def stated(said: Mapping[str, Any]) -> Meta:
    """Return the fields of a record that say something."""
    return {name: said[name] for name in FIELDS if said.get(name) not in (None, [])}


def digest(said: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the fields of a record that say something, in hex."""
    return hashlib.sha256(json.dumps(stated(said), sort_keys=True, separators=(",", ":")).encode()).hexdigest()
