"""What a unit's name means: one unit for all the ways in which it is printed, two units where only the words are alike.

A unit is known by its head ("Công an"), its place, and the province or the body that the place or the part belongs to.
What a name leaves out comes from the clipping around it (`Context`); what that leaves open stays open (`settled`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from build_tools import vocab
from build_tools.errors import VocabError
from build_tools.fold import slug
from build_tools.identity import places
from build_tools.identity.places import Change, Places, Province
from build_tools.identity.spelling import capital, even, key, letters

Level = Literal["central", "province", "district", "commune", "part", "other"]

LONGEST = 240
"""Characters of the longest name that is looked into; what is longer is no unit's name and is compared as it stands."""
_SLUG_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a name means.

    `key` is what two names of one unit share. `name` is the name written out, `where` the province or body that sets
    it apart from others of that name ("" when the name says it). `head` is what the name begins with, when that is
    known to stand at several places; `place` its own place with its level ("huyện Cao Lộc"). `province` is a label.
    `settled` is False when names of several units may have come together under it.
    """

    key: str
    name: str
    where: str = ""
    slug: str = ""
    level: Level = "other"
    head: str = ""
    place: str = ""
    province: str | None = None
    settled: bool = True

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Say how to read the unit back: as the same object wherever it is named, and fast."""
        return _kept, (
            self.key, self.name, self.where, self.slug, self.level, self.head, self.place, self.province, self.settled,
        )  # fmt: skip

    @property
    def full(self) -> str:
        """The name with what sets it apart."""
        return f"{self.name}, {self.where}" if self.where else self.name


@lru_cache(maxsize=65_536)
def _kept(*values: Any) -> Unit:
    return Unit(*values)


@dataclass(frozen=True, slots=True)
class Context:
    """What a clipping says around a name: its province (label) and district, the body of its clusters, its day."""

    province: str | None = None
    district: str | None = None
    body: Unit | None = None
    when: str | None = None


NOWHERE = Context()


@lru_cache(maxsize=65_536)
def around(
    province: str | None = None, district: str | None = None, body: Unit | None = None, when: str | None = None
) -> Context:
    """Return a context, and for the same words the same one: it is what units are looked up by."""
    return Context(province, district, body, when)


@dataclass(frozen=True)
class _Rules:
    """`data/names.yaml`, compiled."""

    places: Places
    short: tuple[tuple[re.Pattern[str], str], ...]
    heads: Mapping[str, str]
    levelless: frozenset[str]
    kinds: re.Pattern[str]
    district_levels: tuple[str, ...]
    urban_level: str
    province_end: re.Pattern[str]
    level_before: re.Pattern[str]
    kind_end: re.Pattern[str]
    local: re.Pattern[str]
    tail: re.Pattern[str]
    within: re.Pattern[str]
    part: re.Pattern[str]
    branch: re.Pattern[str]
    national_part: re.Pattern[str]
    national: re.Pattern[str]
    body: re.Pattern[str]


@lru_cache(maxsize=65_536)
def unit(name: str, context: Context = NOWHERE) -> Unit:
    """Return the unit that a printed name means in its context."""
    return _unit(even(name), context)


@lru_cache(maxsize=65_536)
def _unit(name: str, context: Context) -> Unit:
    rules = _rules()
    text = _written_out(name) if len(name) <= LONGEST else name
    if not key(text) or len(text) > LONGEST:
        return Unit(key(text) or text, text, slug=slug(text), settled=False)
    return (
        _in_a_body(text, context, rules)
        or _at_a_province(text, context, rules)
        or _at_a_district(text, None, context, rules)
        or _elsewhere(text, context, rules)
    )


@lru_cache(maxsize=65_536)
def _written_out(name: str) -> str:
    """Return a name with its short forms written out and nothing loose at its ends."""
    for pattern, long in _rules().short:
        name = pattern.sub(long, name)
    return capital(even(name).strip(" .,;:-–"))


def _in_a_body(text: str, context: Context, rules: _Rules) -> Unit | None:
    """Read "Phòng Cảnh sát giao thông (Công an tỉnh Lạng Sơn)": a part, and the body it belongs to.

    A national body known by its name alone needs none: "Trại giam số 5 (Bộ Công an)".
    """
    if not any(
        head.match(text) for head in (rules.part, rules.branch, rules.national_part, rules.within, rules.national)
    ):
        return None
    found = rules.body.match(text)
    if found is None:
        return None
    body = _unit(found["body"].rstrip(" )"), context)
    if rules.national.match(text) and not rules.part.match(text):
        return _alone(found["own"], context, rules) if body.level == "central" else None
    return _part(found["own"], body, rules)


def _part(own: str, body: Unit, rules: _Rules) -> Unit:
    if rules.within.match(own):
        return Unit(
            f"{key(own)} {body.key}", f"{own} {body.name}", body.where, _slug(f"{own} {body.slug}"),
            body.level, "", body.place, body.province, body.settled,
        )  # fmt: skip
    return Unit(
        f"{_compared(own)} | {body.key}", own, body.full, _slug(f"{own} {body.slug}"), "part",
        province=body.province, settled=body.settled,
    )  # fmt: skip


def _at_a_province(text: str, context: Context, rules: _Rules) -> Unit | None:
    """Read a name that ends with a province: its own, or the one that its district is in."""
    found = rules.province_end.search(text)
    if found is None or (not found["kind"] and rules.level_before.search(text, 0, found.start("name"))):
        return None
    province = rules.places.named(found["name"], found["kind"], context.when)
    if province is None and found["kind"] and found["kind"] not in rules.district_levels:
        # A head dealt out to all of a list: "the provinces A, B and Hải Phòng", which is a city.
        province = rules.places.named(found["name"], None, context.when)
    core = text[: found.start()].rstrip(" ,;(-")
    return _of_province(core, found["kind"], province, context, rules) if core and province else None


def _of_province(core: str, kind: str | None, province: Province, context: Context, rules: _Rules) -> Unit:
    """Return the unit that `core` and a province name; `kind` is None where the province's name stands alone."""
    head = rules.heads.get(_compared(core))
    if kind and province.city_of and (city := _city(head or core, province, context)):
        return city
    local = None if head in rules.levelless else _at_a_district(core, province, context, rules)
    if local or head or rules.kinds.match(core) or kind:
        return local or _province_unit(core, province, rules)
    name = f"{core} {province.name}"
    if rules.part.match(core) or rules.branch.match(core):
        body = context.body
        own = core if body and body.province == province.label and rules.part.match(core) else name
        return _part(own, body, rules) if body else _open(name)
    return Unit(f"{_compared(core)} {letters(province.name)}", name, slug=_slug(name), province=province.label)


def _city(head: str, city: Province, context: Context) -> Unit | None:
    """Return a unit of a city as it was before it stood beside the provinces; open when the day is not known."""
    if context.when is None and not city.bare:
        return _city_of_unknown_day(head, city)
    return None if city.stood(context.when) else _district_unit(head, city.kind, city.name, city.city_of)


def _city_of_unknown_day(head: str, city: Province) -> Unit:
    """Return a unit of a city that was part of a province until it stood beside it."""
    name = f"{head} {city.label}"
    unknown = f"{_compared(name)} ?"
    return Unit(unknown, name, slug=f"{_slug(name)}-chua-ro", head=head, settled=False)


def _province_unit(core: str, province: Province, rules: _Rules) -> Unit:
    head = rules.heads.get(_compared(core), core)
    place = province.name if head in rules.levelless else province.label
    name = f"{head} {place}"
    return Unit(
        f"{_compared(head)} @ {letters(province.label)}", name, "", _slug(name), "province", head, province.label,
        province.label,
    )  # fmt: skip


def _at_a_district(text: str, province: Province | None, context: Context, rules: _Rules) -> Unit | None:
    """Read a name that ends with a district or a commune, and perhaps with the district that the commune is in."""
    found = rules.local.match(text)
    if found is None:
        return None
    core = found["core"].rstrip(" ,(-")
    head = rules.heads.get(_compared(core), core)
    names = [part.strip(" )") for part in rules.tail.split(found["place"]) if part.strip(" )")]
    level, name, above = found["level"], names[0].title() if names[0].isupper() else names[0], names[1:]
    if level in rules.district_levels:
        said = province.label if province else context.province
        return _district_unit(head, level, name, _home(level, name, said, rules))
    district = next((part for part in above if part.startswith(rules.district_levels)), None)
    if district is None and province is None:
        district = context.district
    where = province.label if province else context.province
    if district and where is None:
        district_level, district_name = _level_of(district, rules)
        where = _home(district_level, district_name, None, rules)
    sets_apart = ", ".join(filter(None, (district, where)))
    full = f"{head} {level} {name}"
    return Unit(
        f"{_compared(head)} @ {level} {letters(name)} | {letters(district or '')} | {letters(where or '')}",
        full, sets_apart, _slug(f"{full} {district or ''} {_bare(where)}"), "commune", head, f"{level} {name}", where,
        where is not None,
    )  # fmt: skip


def _home(level: str, name: str, said: str | None, rules: _Rules) -> str | None:
    """Return the label of a district's province; the city of a province's own name is in it."""
    own = [place for place in rules.places.by_letters.get(letters(name), ()) if place.kind != level]
    if level == rules.district_levels[-1] and said is None and own:
        return own[0].label
    return rules.places.home(name, level, rules.urban_level, said)


def _level_of(place: str, rules: _Rules) -> tuple[str, str]:
    level = next(level for level in rules.district_levels if place.startswith(level))
    return level, place[len(level) :].strip()


def _district_unit(head: str, level: str, name: str, where: str | None) -> Unit:
    place = f"{level} {name}"
    full = f"{head} {place}"
    return Unit(
        f"{_compared(head)} @ {level} {letters(name)} | {letters(where or '')}",
        full, where or "", _slug(f"{full} {_bare(where)}"), "district", head, place, where, where is not None,
    )  # fmt: skip


def _elsewhere(text: str, context: Context, rules: _Rules) -> Unit:
    """Read a name without a place of its own: national, or at the place and in the body of the clipping."""
    here = rules.places.by_label.get(context.province or "")
    if kind := rules.kind_end.search(text):
        core = text[: kind.start()]
        head = rules.heads.get(_compared(core), core)
        return (
            _province_unit(core, here, rules) if here and here.kind == kind["kind"] else _open(f"{head} {kind['kind']}")
        )
    if _compared(text) in rules.heads or rules.kinds.match(text):
        return _province_unit(text, here, rules) if here else _open(rules.heads.get(_compared(text), text))
    if rules.branch.match(text):
        return _part(text, context.body, rules) if context.body else _open(text)
    if rules.national_part.match(text) or rules.within.fullmatch(text) or rules.part.match(text):
        body = context.body
        central = bool(rules.national_part.match(text))
        return _part(text, body, rules) if body and (body.level == "central") == central else _open(text)
    return _alone(text, context, rules)


def _alone(text: str, context: Context, rules: _Rules) -> Unit:
    """Return a body that is known by its name in the whole country, else in its province or district."""
    if rules.national.search(text):
        return Unit(_compared(text), text, "", _slug(text), "central")
    if context.province is None:
        return _open(text)
    where = ", ".join(filter(None, (context.district, context.province)))
    wanted = _slug(f"{text} {context.district or ''} {_bare(context.province)}")
    return Unit(f"{_compared(text)} | {letters(where)}", text, where, wanted, province=context.province)


def _open(text: str) -> Unit:
    return Unit(_compared(text), text, "", _slug(text), settled=False)


def _compared(text: str) -> str:
    """Return a name for comparing in which "và" and punctuation make no difference."""
    return " ".join(word for word in key(text).split() if word != _and())


def _slug(text: str) -> str:
    return slug(_compared(text), _SLUG_LENGTH)


def _bare(label: str | None) -> str:
    """Return a province's name without its kind."""
    province = places.load().by_label.get(label or "")
    return province.name if province else label or ""


@cache
def _and() -> str:
    return str(vocab.read("names")["and"])


@cache
def _rules() -> _Rules:
    data, known = vocab.read("names"), places.load()
    heads: dict[str, str] = {}
    for entry in data["territorial"]:
        for head in (entry["head"], *entry.get("same", ())):
            if heads.setdefault(_compared(head), entry["head"]) != entry["head"]:
                raise VocabError(f"names.yaml: {head} stands under two heads")
    province_kinds = "|".join(sorted({province.kind for province in known.by_label.values()}))
    levels = "|".join(map(re.escape, dict.fromkeys((*data["districts"], *data["communes"]))))
    not_levels = "".join(rf"(?<!{re.escape(' '.join(words.split()[:-1]))} )" for words in data["not_levels"])
    of = vocab.alternatives(data["of"])
    head = "|".join(_either_case(form) for form in _longest_first(_forms(data)))
    first = "|".join(_either_case(form) for form in _longest_first(data["national"]))
    here = rf"(?:{province_kinds}|{levels})(?!\w)"
    return _Rules(
        places=known,
        short=_short_forms(data),
        heads=heads,
        levelless=frozenset(entry["head"] for entry in data["territorial"] if not entry.get("level", True)),
        kinds=re.compile(rf"(?:{'|'.join(data['territorial_kinds'])})\s"),
        district_levels=tuple(data["districts"]),
        urban_level=data["urban"],
        province_end=re.compile(
            rf"[\s,;(-]*(?<!\w)(?:{of}\s)?(?:(?P<kind>{province_kinds})\s)?(?P<name>{known.pattern})\s?\)?$",
            re.IGNORECASE,
        ),
        level_before=re.compile(rf"(?<!\w)(?:{levels})\s$"),
        kind_end=re.compile(rf"\s(?P<kind>{province_kinds})$"),
        local=re.compile(
            rf"(?P<core>\S.*?)[\s,(]+{not_levels}(?P<level>{levels})\s(?P<place>(?:[{vocab.UPPER}]|(?:số )?\d).*)$"
        ),
        tail=re.compile(r"\s?[,;(]\s?|\s-\s(?=(?:" + levels + r")\s)"),
        within=_beginning(data["within"]),
        part=_beginning(data["parts"]),
        branch=_beginning(data["branches"]),
        national_part=_beginning(data["national_parts"]),
        national=re.compile(
            rf"^{vocab.alternatives(data['national'])}(?!\w)|\s{vocab.alternatives(data['national_ends'])}$"
        ),
        body=re.compile(
            rf"(?P<own>\S+\s.*?)[\s,(-]+(?:{of}\s)?"
            rf"(?P<body>(?:{head})(?=\s(?:{here}|{known.pattern}(?!\w))|\s?\)?$).*|(?:{first})\s(?=[{vocab.UPPER}\d]).*)$"
        ),
    )


def _forms(data: Mapping[str, list[Mapping[str, list[str]]]]) -> list[str]:
    return [form for entry in data["territorial"] for form in (str(entry["head"]), *entry.get("same", ()))]


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _either_case(words: str) -> str:
    return f"[{words[0]}{words[0].lower()}]{re.escape(words[1:])}"


def _beginning(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{vocab.alternatives(words)}(?!\w)")


def _short_forms(data: Mapping[str, Mapping[str, list[str]]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what to replace in order: short forms, the longest first, then levels before a place."""
    gap = rf"\s?(?:[-–&,]|{re.escape(str(data['and']))})?\s?"
    pairs = []
    for form in _longest_first(data["short"]):
        words = gap.join(re.escape(word) for word in form.split(" "))
        # A full stop, or the next word, may stand right behind capitals: "CATP.HCM", "CATPHCM".
        pairs.append((re.compile(rf"(?<!\w){words}(?!\w)\.?\s?"), f"{data['short'][form]} "))
    for level, listed in data["levels"].items():
        forms = {*listed, capital(level), level.upper()}
        shapes = "|".join(re.escape(form) + ("" if form.endswith(".") else r"\.?") for form in _longest_first(forms))
        pairs.append((re.compile(rf"(?<!\w)(?:{shapes})\s?(?=[{vocab.UPPER}\d])"), f"{level} "))
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class History:
    """What a unit was before it was so (`was`) and what it became (`became`), the oldest change first."""

    was: tuple[Change, ...] = ()
    became: tuple[Change, ...] = ()


def history(subject: Unit, date: str | None = None) -> History:
    """Return what a unit came from and became, as far as that had come about on `date` (ISO day); None asks for all."""
    known = places.load()
    if subject.level == "district" and subject.head in known.district_ends:
        end = known.district_ends[subject.head]
        ended = Change(end.date, (subject.name,), (), end.by)
        return History((), (ended,) if date is None or end.date <= date else ())
    changes: list[Change] = []
    if subject.level == "province" and subject.head in known.with_province:
        changes = [
            Change(
                change.date,
                tuple(f"{subject.head} {label}" for label in change.before),
                tuple(f"{subject.head} {label}" for label in change.after),
                change.by,
            )
            for change in known.changes
            if subject.province in (*change.before, *change.after)
        ]
    elif subject.level == "central":
        changes = list(places.body_changes(subject.name))
    changes = sorted((c for c in changes if date is None or c.date <= date), key=lambda change: change.date)
    wanted = _compared(subject.name)
    return History(
        tuple(c for c in changes if wanted in map(_compared, c.after)),
        tuple(c for c in changes if wanted in map(_compared, c.before)),
    )


def national_part(subject: Unit) -> str | None:
    """Return what a part of a national body is compared by when its body is left out: "Cục Cảnh sát giao thông"."""
    return _compared(subject.name) if _rules().national_part.match(subject.name) else None
