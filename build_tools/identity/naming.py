"""What the names of one clipping mean, each in the clipping's own context: no other clipping has a say in it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from build_tools.fold import squeeze
from build_tools.identity import people, places, units
from build_tools.identity.people import Mention
from build_tools.identity.units import Context, Unit
from build_tools.model import Clipping, Evidence

UnitRole = Literal["authority", "truong", "pho", "member"]


class Named(NamedTuple):
    """A unit that a clipping names: what it means, how it is printed, what it is there; `year` is that of a lead."""

    unit: Unit
    printed: str
    role: UnitRole
    year: int | None = None


class Naming(NamedTuple):
    """What the names of a clipping (a path) mean, each list beside that of its record; None for no authority."""

    clipping: str
    authorities: tuple[Named | None, ...] = ()
    members: tuple[Named, ...] = ()
    leads: tuple[Named, ...] = ()
    people: tuple[Mention, ...] = ()
    awards: tuple[str | None, ...] = ()
    """The keys of the units that recipients of awards would mean, were they units."""


def naming(clipping: Clipping) -> Naming:
    """Return what the names of a clipping mean."""
    path, record, date, around = clipping.raw.path.as_posix(), clipping.record, clipping.date, context(clipping)
    return Naming(
        path,
        tuple(_authority(cluster.authority, around) for cluster in record.clusters),
        tuple(Named(*_read(clipping, one.value, one.evidence, around), "member") for one in record.members),
        tuple(Named(*_read(clipping, one.unit, one.evidence, around), one.role, one.year) for one in record.leads),
        tuple(people.mention(path, date, person, around) for person in record.people),
        tuple(units.unit(award.recipient, around).key if award.recipient else None for award in record.awards),
    )


def context(clipping: Clipping) -> Context:
    """Return what a clipping says around its names: place and body of the clusters that it is about."""
    record, when = clipping.record, places.epoch(clipping.date)
    bare = units.around(when=when)
    said = (cluster.authority for cluster in record.clusters)
    printed = sorted({authority for authority in said if authority and authority.strip()})
    bodies = [units.unit(authority, bare) for authority in printed]
    provinces = {body.province for body in bodies if body.province}
    if not provinces and not any(body.level == "central" for body in bodies):
        around = [unit for person in record.people for _, unit in people.offices(person.role or "") if unit]
        around += [lead.unit for lead in record.leads] + [member.value for member in record.members]
        found = (units.unit(name, bare) for name in around)
        provinces = {unit.province for unit in found if unit.province and unit.level == "province"}
    province = provinces.pop() if len(provinces) == 1 else None
    body = units.unit(printed[0], units.around(province, when=when)) if len(printed) == 1 else None
    district = body.place if body and body.level == "district" else None
    return units.around(province, district, body, when)


def _authority(printed: str | None, around: Context) -> Named | None:
    if not printed or not printed.strip():
        return None
    alone = units.around(around.province, when=around.when)
    return Named(units.unit(printed, alone), squeeze(printed), "authority")


def _read(clipping: Clipping, value: str, evidence: Evidence, around: Context) -> tuple[Unit, str]:
    """Return what a name means, and the name as printed when that alone means the same, else as the record has it."""
    unit = units.unit(value, around)
    lines = clipping.cleaned.lines
    if evidence.grade == "corrected" or not 0 < evidence.line <= len(lines):
        return unit, squeeze(value)
    raw = squeeze(lines[evidence.line - 1].raw[evidence.start : evidence.end])
    same = raw and (raw == value or units.unit(raw, around).key == unit.key)
    return unit, raw if same else squeeze(value)
