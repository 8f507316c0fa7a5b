"""Loads what the program knows: `data/*.yaml` as one frozen `Vocab`, checked and compiled once.

Words and patterns stand in the data files; this module only joins them into regular expressions and refuses bad data
with the file and the entry named.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from build_tools.errors import VocabError
from build_tools.model import KINDS, LEAD_ROLES, Kind, LeadRole
from build_tools.syllables import Syllables

DATA = Path(__file__).parent / "data"

_LETTERS = [chr(i) for i in range(0x41, 0x1EFA) if chr(i).isalpha() and (i < 0x250 or i >= 0x1E00)]
UPPER = "".join(c for c in _LETTERS if c.isupper())
"""Latin capital letters, for use inside a character class."""
LOWER = "".join(c for c in _LETTERS if c.islower())
"""Latin small letters, for use inside a character class."""
NAME_WORD = rf"[{UPPER}][\w'’]*"
"""A word that begins with a capital."""


def alternatives(words: Iterable[str]) -> str:
    """Return a group that matches any of `words`, the longest first, any white space between their parts."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered) + ")"


@dataclass(frozen=True)
class Furniture:
    """Whole-line patterns of page furniture."""

    anywhere: re.Pattern[str]
    tokens: re.Pattern[str]
    tail: re.Pattern[str]
    before_caption: re.Pattern[str]


@dataclass(frozen=True)
class Header:
    """Stamps, mastheads, section names, sign-offs and captions."""

    stamp_prefix: re.Pattern[str]
    stamp_rest: re.Pattern[str]
    pm: frozenset[str]
    am: frozenset[str]
    masthead: re.Pattern[str]
    domain: re.Pattern[str]
    not_source: frozenset[str]
    sections: frozenset[str]
    masthead_open: re.Pattern[str]
    tagline: re.Pattern[str]
    masthead_unit: re.Pattern[str]
    attributed: re.Pattern[str]
    section_prefix: re.Pattern[str]
    byline_label: re.Pattern[str]
    byline_prefix: re.Pattern[str]
    organ: re.Pattern[str]
    caption_mark: re.Pattern[str]
    scene: re.Pattern[str]
    act: re.Pattern[str]
    prose: re.Pattern[str]
    telling: re.Pattern[str]


@dataclass(frozen=True)
class Dates:
    """How days and campaign years are written."""

    before: re.Pattern[str]
    rules: tuple[tuple[str, re.Pattern[str]], ...]
    today: re.Pattern[str]
    yesterday: re.Pattern[str]
    not_event: re.Pattern[str]
    campaign: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]
    not_campaign: re.Pattern[str]


@dataclass(frozen=True)
class Kinds:
    """Which words name which kind of meeting."""

    signing: re.Pattern[str]
    signing_not_after: re.Pattern[str]
    named: tuple[tuple[Kind, re.Pattern[str]], ...]
    fallback: Kind


@dataclass(frozen=True)
class People:
    """Ranks, forms of address and offices."""

    names: re.Pattern[str]
    leading: re.Pattern[str]
    before: re.Pattern[str]
    held: re.Pattern[str]
    office: re.Pattern[str]
    office_end: re.Pattern[str]
    not_name: re.Pattern[str]
    surnames: frozenset[str]
    person_next: re.Pattern[str]


@dataclass(frozen=True)
class Units:
    """How names of units begin and end."""

    full: re.Pattern[str]
    worded: re.Pattern[str]
    worded_end: re.Pattern[str]
    shared: re.Pattern[str]
    shared_named: re.Pattern[str]
    shared_levels: re.Pattern[str]
    shared_bare: re.Pattern[str]
    listed: re.Pattern[str]
    short_places: Mapping[str, list[str]]
    level_names: tuple[str, ...]
    level_inside: re.Pattern[str]
    level_last: re.Pattern[str]
    counted: re.Pattern[str]
    counted_hint: re.Pattern[str]
    place: re.Pattern[str]
    level_place: re.Pattern[str]
    level_before: re.Pattern[str]
    expand: Mapping[str, str]
    level_expand: Mapping[str, str]
    fixed: Mapping[str, str]
    provinces: frozenset[str]
    cities: frozenset[str]
    police_head: str
    police_province: str
    police_body: re.Pattern[str]
    police_local: re.Pattern[str]
    provinces_said: re.Pattern[str]
    join: re.Pattern[str]
    role_next: re.Pattern[str]
    office_before: re.Pattern[str]
    person_last: re.Pattern[str]
    acronyms: re.Pattern[str]
    person_between: re.Pattern[str]
    body_word: re.Pattern[str]


@dataclass(frozen=True)
class Clusters:
    """How clusters, their lists and their leadership are written."""

    numbered: re.Pattern[str]
    named: re.Pattern[str]
    lettered: re.Pattern[str]
    name_end: re.Pattern[str]
    authority_link: re.Pattern[str]
    ministry: str
    ministry_says: re.Pattern[str]
    member_list: re.Pattern[str]
    present: re.Pattern[str]
    roles: tuple[tuple[LeadRole, re.Pattern[str]], ...]
    unit_then_role: re.Pattern[str]
    role_then_unit: tuple[re.Pattern[str], ...]
    handover: re.Pattern[str]
    role_year: re.Pattern[str]
    role_hint: re.Pattern[str]
    next_year: re.Pattern[str]
    replaces: re.Pattern[str]
    hint: re.Pattern[str]
    year_unit: re.Pattern[str]
    beside: re.Pattern[str]
    award: re.Pattern[str]
    assigned: re.Pattern[str]
    assigned_verb: re.Pattern[str]
    in_passing: re.Pattern[str]
    sentence_year: re.Pattern[str]
    name_body: re.Pattern[str]
    guest: re.Pattern[str]
    outgoing: re.Pattern[str]
    incoming: re.Pattern[str]
    office_unit: re.Pattern[str]
    on_behalf: re.Pattern[str]
    office_of: re.Pattern[str]


@dataclass(frozen=True)
class Awards:
    """What awards are called, and the words round one that was given."""

    names: re.Pattern[str]
    given: re.Pattern[str]
    not_given: re.Pattern[str]
    officer: re.Pattern[str]
    body: re.Pattern[str]
    of: re.Pattern[str]
    gives: re.Pattern[str]
    to: re.Pattern[str]
    receives: re.Pattern[str]
    counted: re.Pattern[str]
    year: re.Pattern[str]
    together: re.Pattern[str]
    hands: re.Pattern[str]
    passive: re.Pattern[str]
    join: re.Pattern[str]


@dataclass(frozen=True)
class Figures:
    """Numbers with what they count or measure."""

    number: re.Pattern[str]
    measure: re.Pattern[str]
    compound: re.Pattern[str]
    noun: re.Pattern[str]
    not_unit: re.Pattern[str]
    not_before: re.Pattern[str]
    and_before: re.Pattern[str]
    ends: re.Pattern[str]
    leads_in: re.Pattern[str]
    clause: re.Pattern[str]
    verb_first: re.Pattern[str]
    verb_last: re.Pattern[str]


@dataclass(frozen=True)
class Speech:
    """Quoted words: which are a motto, which are said by somebody."""

    movement: re.Pattern[str]
    says: re.Pattern[str]
    speaker: re.Pattern[str]
    sentence: re.Pattern[str]
    opens: re.Pattern[str]


@dataclass(frozen=True)
class Venue:
    """How the place of a meeting is told."""

    at: re.Pattern[str]
    building: re.Pattern[str]
    name: re.Pattern[str]
    not_place: re.Pattern[str]
    time: re.Pattern[str]
    meets: re.Pattern[str]
    speaks: re.Pattern[str]
    more: re.Pattern[str]


@dataclass(frozen=True)
class Vocab:
    """Everything the program knows, one part per data file."""

    furniture: Furniture
    header: Header
    dates: Dates
    kinds: Kinds
    people: People
    units: Units
    clusters: Clusters
    awards: Awards
    figures: Figures
    speech: Speech
    venue: Venue
    syllables: Syllables

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker process as "load it there"."""
        return (load, ())


def read(name: str) -> Any:
    """Return the content of one data file.

    Raises:
        VocabError: when it is missing, no YAML, or holds an entry whose own example does not match.
    """
    path = DATA / f"{name}.yaml"
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise VocabError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(data, dict) or not data:
        raise VocabError(f"{path.name}: must be a mapping with at least one key")
    for entry in _entries(data):
        for seen in (entry.get("seen"), entry.get("seen_also")):
            if seen and not compiled(entry["pattern"], path.name).search(seen):
                raise VocabError(f"{path.name}: pattern {entry['pattern']!r} does not match its own example {seen!r}")
    return data


def _entries(data: Any) -> Iterable[Mapping[str, Any]]:
    """Yield every mapping with a pattern, however deep."""
    if isinstance(data, dict):
        if "pattern" in data:
            yield data
        for value in data.values():
            yield from _entries(value)
    elif isinstance(data, list):
        for value in data:
            yield from _entries(value)


def compiled(pattern: str, where: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern from a data file.

    Raises:
        VocabError: when it is no regular expression or matches the empty string.
    """
    try:
        made = re.compile(pattern, flags)
    except re.error as error:
        raise VocabError(f"{where}: {pattern!r} is no regular expression: {error}") from error
    if not pattern.endswith("$") and made.fullmatch(""):
        raise VocabError(f"{where}: {pattern!r} matches the empty string")
    return made


def _any_line(entries: Iterable[Mapping[str, Any]], where: str) -> re.Pattern[str]:
    """Join whole-line patterns into one."""
    patterns = [entry["pattern"] for entry in entries]
    for pattern in patterns:
        compiled(pattern, where)
    return re.compile("(?:" + "|".join(f"(?:{p})" for p in patterns) + r")\s*\|?\Z", re.IGNORECASE)


def _furniture() -> Furniture:
    data = read("furniture")
    between = r"[\s\[\](){}|/•·»›>:,;+\-–—&_=.]*"
    token = alternatives(data["tokens"])
    return Furniture(
        anywhere=_any_line(data["anywhere"], "furniture.yaml"),
        tokens=re.compile(rf"{between}(?:(?>{token})(?!\w){between}+){{1,40}}+\Z", re.IGNORECASE),
        tail=_any_line(data["tail"], "furniture.yaml"),
        before_caption=_any_line(data["before_caption"], "furniture.yaml"),
    )


def section_key(name: str) -> str:
    """Return a section's name as it is compared: "An ninh - Quốc phòng" is "an ninh quốc phòng"."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def _header() -> Header:
    data, i = read("header"), re.IGNORECASE
    stamp, source, caption = data["stamp"], data["source"], data["caption"]
    sections = alternatives(data["sections"])
    rest = rf"(?:{stamp['labels']}|{stamp['weekdays']}|{stamp['rest']})+"
    return Header(
        stamp_prefix=re.compile(stamp["prefix"], i),
        stamp_rest=re.compile(rf"(?:{rest})?\Z", i),
        pm=frozenset(stamp["pm"]),
        am=frozenset(stamp["am"]),
        masthead=re.compile(rf"{source['masthead']}\Z", i),
        domain=re.compile(source["domain"], i),
        not_source=frozenset(source["not_names"]),
        sections=frozenset(section_key(name) for name in data["sections"]),
        tagline=re.compile(source["tagline"], i),
        masthead_open=re.compile(rf"{source['masthead_open']}\Z", i),
        masthead_unit=re.compile(rf"{alternatives(source['masthead_units'])}\s+\S", i),
        attributed=re.compile(source["attributed"], i),
        section_prefix=re.compile(rf"{sections}\s+(?=[{UPPER}])", i),
        byline_label=re.compile(rf"\(?{data['byline']['labels']}\s*:\s*", i),
        byline_prefix=re.compile(rf"{data['byline']['prefixes']}\Z", i),
        organ=re.compile(rf"{alternatives(data['byline']['organs'])}\b", i),
        caption_mark=re.compile(caption["marks"], i),
        scene=re.compile(rf"\W*{alternatives(caption['scenes'])}\b", i),
        act=re.compile(rf"\b{alternatives(caption['acts'])}\b", i),
        prose=re.compile(rf"\W*{alternatives(caption['prose'])}\b", i),
        telling=re.compile(rf"\b{alternatives(caption['telling'])}\b"),
    )


def _dates() -> Dates:
    data, i = read("dates"), re.IGNORECASE
    names = ("worded", "span_same_month", "numeric", "worded_no_year")
    return Dates(
        before=re.compile(rf"\b{data['day_before']}\s*(?:ngày\s*)?$", i),
        rules=tuple((name, re.compile(rf"(?<![\d/.,-]){data[name]}", i)) for name in names),
        today=re.compile(data["today"], i),
        yesterday=re.compile(data["yesterday"], i),
        not_event=re.compile(data["not_event"], i),
        campaign=tuple(
            (entry["rule"], frozenset(entry.get("kinds", KINDS)), re.compile(entry["pattern"], i))
            for entry in data["campaign_year"]
        ),
        not_campaign=re.compile(data["not_campaign"], i),
    )


def _kinds() -> Kinds:
    data, i = read("kinds"), re.IGNORECASE
    for entry in (*data["kinds"], data["signing"]):
        if entry["kind"] not in KINDS:
            raise VocabError(f"kinds.yaml: {entry['kind']!r} is no kind; it is one of {', '.join(KINDS)}")
    return Kinds(
        signing=re.compile(data["signing"]["pattern"], i),
        signing_not_after=re.compile(data["signing"]["not_after"], i),
        named=tuple((entry["kind"], re.compile(rf"\b(?:{entry['pattern']})", i)) for entry in data["kinds"]),
        fallback=data["fallback"],
    )


def _people() -> People:
    data = read("people")
    ranks, address = alternatives(data["ranks"]), alternatives(data["address"])
    title = alternatives(data["titles"])
    office = alternatives(data["offices"])
    offices = rf"(?:(?i:{office}))"
    return People(
        names=re.compile(rf"{NAME_WORD}(?:\s+{NAME_WORD})+|(?<!\w)[{UPPER}]['’][{UPPER}]\w+"),
        leading=re.compile(rf"(?:(?P<rank>(?i:{ranks}))|(?i:{address})|{title})[.,]?\s+(?=[{UPPER}])"),
        before=re.compile(
            rf"(?<!\w)(?:(?P<rank>(?i:{ranks}))[,.]?|(?P<address>(?i:{address}))|(?P<office>{offices}))\s+"
            rf"(?:(?i:{address})\s+)?(?:{title}\.?\s*)*$"
        ),
        held=re.compile(rf"(?<!\w){offices}\s+"),
        office=re.compile(rf"\s*[,–—(-]\s*(?={offices}\b)"),
        office_end=re.compile(
            rf"[;:.](?=\s|$|[^\w\s])|\s+{alternatives(data['office_ends'])}(?!\w)"
            rf"|\s*\((?=[^)]*(?i:cụm|khối)\s+(?i:trưởng|phó|thi đua))|,(?!\s*{offices}\b)"
            rf"|\s+(?i:và|cùng)\s+(?=(?i:{ranks}|{address}|các|lãnh đạo|đại diện|đông đảo)\b)"
            rf"|\s*[,–—-]?\s*(?=(?i:{ranks})\s+[{UPPER}])|\s*\)(?!\w)"
        ),
        not_name=re.compile(rf"(?i:{alternatives(data['names_not'])})(?!\w)"),
        surnames=frozenset(data["surnames"]),
        person_next=re.compile(rf"\s*(?:(?i:{address}|{ranks})\s+)+[{UPPER}]"),
    )


def _units() -> Units:
    data = read("units")
    levels = alternatives(data["levels"])
    places = alternatives([*data["provinces"], *data["cities"]])
    number = r"(?:[Ss]ố\s+)?\d{1,3}(?![\d.,]*\d)"
    code = rf"[{UPPER}]{{1,3}}\d{{2}}(?!\w)"
    bodies = alternatives(head for head in data["territorial"] if " " in head)
    place = rf"(?:{places}(?!\w)|{code}|(?!{bodies}(?!\w)|[Ss]ố\s+\d){NAME_WORD}(?:\s+{NAME_WORD}){{0,3}})"
    heads = rf"(?:{_first_letter_free(data['territorial'])})"
    named = rf"(?:{_first_letter_free(data['named'])})"
    branch = rf"(?:(?:[Cc]hi nhánh|CN)\s+(?:{levels}\s*)?)"
    over = rf"(?:{alternatives(data['over'])}\s+)?"
    worded = over + alternatives(data["worded"])
    fixed = alternatives(data["fixed"])
    alone = alternatives(data["alone"])
    bare_level = alternatives(data["bare_levels"])
    fixed_capitals = alternatives(name.upper() for name in data["fixed"])
    count = data["count"]
    return Units(
        full=re.compile(
            rf"(?<!\w)(?:(?P<fixed>{fixed}|{fixed_capitals})(?!\w)"
            rf"|(?P<bare>(?:{over}{heads}\s+{bare_level}|{alone})(?!\w)(?!\s+(?:số\s+)?[{UPPER}\d]))"
            rf"|(?P<head>{over}{heads})\s+{branch}?(?:(?P<level>{levels})\s*)?(?P<place>{place}|{number})"
            rf"|(?P<named>{over}{named}\s+(?:(?:[-–]\s+)?{branch}?{place}|{number})))"
        ),
        worded=re.compile(rf"(?<!\w){worded}(?=\s+\w)(?!\s+(?i:trưởng|phó|cáo|nghị|thi|thao|thảo|diễn|trường)\b)"),
        worded_end=re.compile(
            rf"\s*[;:.()\"“”–—]|\s+-|,(?!\s+[{LOWER}]\w*\s+[{LOWER}]\w*\s*(?:[;,.)]|$))"
            rf"|,(?=\s+(?:{alternatives(data['ends'])}|và|các)(?!\w))"
            rf"|(?<!ăng)\s+(?:{alternatives(data['ends'])})(?!\w)"
            rf"|(?<!Quốc hội)(?<!ĐBQH)\s+và\s+(?=(?:các\s+)?(?:{worded}|{heads}|{named})(?!\w))"
            rf"|\s+về\s+(?:dự|ký|tham dự|họp|việc|thăm)(?!\w)|(?<!khu)(?<!oàn)(?<!số)(?<!vực)(?<!ùng)\s+\d+(?!\w)|$"
        ),
        shared=re.compile(
            rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?:\s*(?:,|và)\s*{levels})*"
            rf"(?:\s+{data['qualifiers']}(?:(?:\s+{NAME_WORD})*(?=\s*(?:gồm|là)?\s*:)|(?=\s+[{UPPER}])))?"
            rf"\s*(?:gồm|là)?\s*:?\s*(?=[{UPPER}]|\d{{1,2}}\s*,)"
        ),
        counted_hint=re.compile(rf"(?<!\w){count}\s+(?:đơn vị\s+)?(?:{levels}|{named})"),
        counted=re.compile(rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?!\w)"),
        shared_named=re.compile(
            rf"(?<!\w)(?i:các)\s+"
            rf"(?P<head>{_first_letter_free([*data['named'], *data['worded'], *data['territorial']])})"
            rf"\s*:?\s*(?=[{UPPER}]|(?:số\s+)?\d)"
        ),
        shared_levels=re.compile(
            rf"(?:{worded})\s+(?:[{UPPER}][\w&.-]*\s+){{0,3}}(?:các|\d{{1,2}})\s+(?P<level>{levels})(?:\s*(?:,|và)\s*{levels})*\s*:?\s+(?=[{UPPER}])"
        ),
        shared_bare=re.compile(rf"(?:các|\d{{1,2}})\s+(?P<level>{levels})\s*:\s*(?=[{UPPER}])"),
        listed=re.compile(
            rf"(?=[{UPPER}\d])[^;,.:()\n]{{2,90}}?(?=\s*[;,.()]|\s+(?:và|cùng)\s+(?:\w+\s+)?[{UPPER}]"
            rf"|\s+{alternatives(data['ends'])}(?!\w)|\s+[-–]\s+(?i:đơn vị|cụm|khối)|\s*$)"
        ),
        short_places=data["short_places"],
        level_names=tuple(level for level in data["levels"] if level not in data["level_expand"]),
        level_inside=re.compile(rf"\s{levels}\s"),
        level_last=re.compile(rf"\s{levels}\Z"),
        place=re.compile(rf"{place}|{number}"),
        level_before=re.compile(rf"(?<!\w){levels}\s+$", re.IGNORECASE),
        level_place=re.compile(rf"(?P<level>{levels})\s*(?P<place>{place}|{number})"),
        expand=data["expand"],
        level_expand=data["level_expand"],
        fixed={name.upper(): name for name in data["fixed"]},
        provinces=frozenset(data["provinces"]),
        cities=frozenset(data["cities"]),
        police_head=data["police"]["head"],
        police_province=data["police"]["province"],
        police_body=re.compile(data["police"]["body"]),
        police_local=re.compile(data["police"]["local"]),
        provinces_said=re.compile(data["police"]["provinces_said"]),
        join=re.compile(data["join"]),
        role_next=re.compile(data["role_next"]),
        office_before=re.compile(rf"(?<!\w){alternatives(read('people')['offices'])}\s+\Z"),
        body_word=re.compile(
            rf"(?:(?:VP|PV|CTV)\s+)?(?:{heads}|{named}|{worded}|{alternatives(data['acronyms'])})(?!\w)"
        ),
        person_between=re.compile(
            rf"\A\s+{alternatives(read('people')['surnames'])}(?:\s+{NAME_WORD}){{1,3}}(?=\s*[-–,(])"
        ),
        acronyms=re.compile(rf"{alternatives(data['acronyms'])}(?![\w-])(?!\s+(?:{levels}|[{UPPER}]))"),
        person_last=re.compile(rf"\s+(?P<name>{alternatives(read('people')['surnames'])}(?:\s+{NAME_WORD}){{1,3}})\Z"),
    )


def _first_letter_free(words: Iterable[str]) -> str:
    """Return alternatives whose first letter may be small: running text writes "công an 6 tỉnh"."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(
        f"[{word[0]}{word[0].lower()}]" + r"\s+".join(map(re.escape, word[1:].split(" "))) for word in ordered
    )


def _clusters() -> Clusters:
    data, i = read("clusters"), re.IGNORECASE
    return Clusters(
        numbered=re.compile(rf"(?<!\w){data['numbered']}", i),
        named=re.compile(rf"(?<!\w){data['named']}"),
        lettered=re.compile(rf"(?<!\w){data['lettered']}"),
        name_end=re.compile(rf"\s+{alternatives(data['name_ends'])}(?!\w)", i),
        authority_link=re.compile(data["authority_link"]),
        ministry=data["ministry"]["name"],
        ministry_says=re.compile(data["ministry"]["says"]),
        member_list=re.compile(rf"(?<!\w){data['member_list']}", i),
        present=re.compile(rf"(?<!\w){data['present']}", i),
        roles=tuple((role, re.compile(rf"(?<!\w){data['lead_roles'][role]}(?!\w)", i)) for role in LEAD_ROLES),
        unit_then_role=re.compile(data["unit_then_role"]),
        role_then_unit=tuple(map(re.compile, data["role_then_unit"])),
        handover=re.compile(rf"(?<!\w){data['handover']}(?!\w)", i),
        role_year=re.compile(data["role_year"]),
        replaces=re.compile(data["replaces"]),
        next_year=re.compile(data["next_year"], i),
        role_hint=re.compile(data["role_hint"], i),
        hint=re.compile(data["hint"], i),
        year_unit=re.compile(data["year_unit"]),
        beside=re.compile(data["beside"]),
        award=re.compile(data["award"], i),
        assigned=re.compile(rf"(?<!\w){data['assigned']}"),
        assigned_verb=re.compile(data["assigned_verb"]),
        sentence_year=re.compile(data["sentence_year"]),
        name_body=re.compile(data["name_body"]),
        in_passing=re.compile(data["in_passing"], i),
        guest=re.compile(rf"(?<!\w){data['guest']}", i),
        outgoing=re.compile(data["outgoing"]),
        incoming=re.compile(data["incoming"]),
        office_unit=re.compile(data["office_unit"]),
        on_behalf=re.compile(data["on_behalf"], i),
        office_of=re.compile(data["office_of"]),
    )


def _awards() -> Awards:
    data = read("awards")
    return Awards(
        names=re.compile(rf"(?<!\w)(?:{'|'.join(entry['pattern'] for entry in data['names'])})"),
        given=re.compile(rf"(?<!\w){data['given']}"),
        not_given=re.compile(rf"(?<!\w){data['not_given']}"),
        officer=re.compile(rf"(?<!\w){alternatives(data['officers'])}\s+"),
        body=re.compile(rf"(?<!\w){alternatives(data['bodies'])}(?!\w)"),
        of=re.compile(data["of"]),
        gives=re.compile(data["gives"]),
        to=re.compile(data["to"]),
        receives=re.compile(data["receives"]),
        counted=re.compile(rf"(?<![\w.,]){data['counted']}", re.IGNORECASE),
        year=re.compile(data["year"]),
        together=re.compile(data["and"]),
        hands=re.compile(rf"(?<!\w){data['hands']}"),
        passive=re.compile(rf"(?<!\w){data['passive']}"),
        join=re.compile(data["join"]),
    )


def _figures() -> Figures:
    data, i = read("figures"), re.IGNORECASE
    word = rf"[{LOWER}]+"
    return Figures(
        number=re.compile(rf"(?<![\w/.,:\-–])(?P<v>{data['number']})(?P<gap>\s*)(?![\d/:]|[.,\-–]\d)"),
        measure=re.compile(rf"{alternatives(data['measures'])}(?!\w)"),
        compound=re.compile(rf"{alternatives(data['nouns'])}(?!\w)"),
        noun=re.compile(
            rf"{alternatives(data['nouns'])}(?!\w)|{alternatives(data['counters'])}(?!\w)"
            rf"|{word}(?!\w)(?:\s+(?!{alternatives(data['ends'])}(?!\w)){word}(?![\w]))?",
            i,
        ),
        not_unit=re.compile(rf"{alternatives(data['not_units'])}(?!\w)", i),
        not_before=re.compile(rf"(?<!\w){data['not_before']}"),
        and_before=re.compile(data["and_before"]),
        ends=re.compile(
            rf"\s+{alternatives(data['ends'])}(?!\w)|\s*[,;:.()“”\"–/…]|\s-\s|\s+\d|\s+{alternatives(data['ends_capital'])}|\s*\Z"
        ),
        leads_in=re.compile(rf"(?:^|\s+){alternatives(data['leads_in'])}\s*\Z", i),
        clause=re.compile(data["clause"]),
        verb_first=re.compile(rf"\s*{alternatives(data['verbs_first'])}(?!\w)\s*", i),
        verb_last=re.compile(rf"(?<!\w){alternatives(data['verbs'])}\s*\Z", i),
    )


def _speech() -> Speech:
    data = read("speech")
    return Speech(
        movement=re.compile(data["movement"]),
        says=re.compile(rf"(?<!\w){data['says']}"),
        speaker=re.compile(data["speaker_words"]),
        sentence=re.compile(data["sentence"]),
        opens=re.compile(data["opens"]),
    )


def _venue() -> Venue:
    data = read("venue")
    return Venue(
        at=re.compile(data["at"]),
        building=re.compile(rf"{alternatives(data['buildings'])}(?!\w)\s*"),
        name=re.compile(rf"{NAME_WORD}(?:\s+{NAME_WORD})*"),
        not_place=re.compile(data["not_places"]),
        time=re.compile(data["time"]),
        meets=re.compile(rf"(?<!\w){data['meets']}(?!\w)"),
        speaks=re.compile(data["speaks"]),
        more=re.compile(data["more"]),
    )


@functools.cache
def load() -> Vocab:
    """Return the vocabulary, read and checked once in each process.

    Raises:
        VocabError: naming the file and the entry that is wrong.
    """
    try:
        return Vocab(
            _furniture(),
            _header(),
            _dates(),
            _kinds(),
            _people(),
            _units(),
            _clusters(),
            _awards(),
            _figures(),
            _speech(),
            _venue(),
            Syllables.of(read("syllables")),
        )
    except KeyError as error:
        raise VocabError(f"a file of {DATA.name}/ lacks the key {error}") from error
