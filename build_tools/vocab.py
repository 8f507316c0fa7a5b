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
from build_tools.patterns import AnyOf, Pattern, last_word, one_case, tokens, trie
from build_tools.syllables import Syllables

DATA = Path(__file__).parent / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader written in C where PyYAML has it: seven times as fast."""

_LETTERS = [chr(i) for i in range(0x41, 0x1EFA) if chr(i).isalpha() and (i < 0x250 or i >= 0x1E00)]
UPPER = "".join(c for c in _LETTERS if c.isupper())
"""Latin capital letters, for use inside a character class."""
LOWER = "".join(c for c in _LETTERS if c.islower())
"""Latin small letters, for use inside a character class."""
NAME_WORD = rf"[{UPPER}][\w'’]{{0,30}}+"
"""A word that begins with a capital; what is longer than any word is none."""


_WORD = re.compile(r"\w+")
_SECTION_MAX = 48
"""Characters of a line that may be the name of a section, the longest of which has 31."""


def alternatives(words: Iterable[str], any_case: bool = False) -> str:
    """Return a group that matches any of `words`, the longest first, any white space between their parts.

    `any_case` is for a pattern that ignores case: words that differ in case alone are one to it.
    """
    return f"(?:{trie(tokens(word.lower() if any_case else word) for word in words)})"


@dataclass(frozen=True)
class Furniture:
    """Whole-line patterns of page furniture."""

    anywhere: AnyOf
    tokens: Pattern
    tail: AnyOf
    before_caption: AnyOf


@dataclass(frozen=True)
class Header:
    """Stamps, mastheads, section names, sign-offs and captions."""

    stamp_prefix: Pattern
    stamp_rest: Pattern
    pm: frozenset[str]
    am: frozenset[str]
    masthead: Pattern
    domain: Pattern
    not_source: frozenset[str]
    sections: frozenset[str]
    masthead_open: Pattern
    tagline: Pattern
    masthead_unit: Pattern
    attributed: Pattern
    section_prefix: Pattern
    byline_label: Pattern
    byline_prefix: Pattern
    organ: Pattern
    caption_mark: Pattern
    scene: Pattern
    closing: Pattern
    act: Pattern
    prose: Pattern
    telling: Pattern


@dataclass(frozen=True)
class Dates:
    """How days and campaign years are written."""

    before: Pattern
    rules: tuple[tuple[str, Pattern], ...]
    today: Pattern
    yesterday: Pattern
    not_event: Pattern
    campaign: tuple[tuple[str, frozenset[str], Pattern], ...]
    not_campaign: Pattern


@dataclass(frozen=True)
class Kinds:
    """Which words name which kind of meeting."""

    signing: Pattern
    signing_not_after: Pattern
    named: tuple[tuple[Kind, Pattern], ...]
    fallback: Kind


@dataclass(frozen=True)
class People:
    """Ranks, forms of address and offices."""

    names: Pattern
    leading: Pattern
    before: Pattern
    held: Pattern
    office: Pattern
    office_end: Pattern
    not_name: Pattern
    surnames: frozenset[str]
    names_also: frozenset[str]
    person_next: Pattern
    first_words: frozenset[str]
    """The first words, in one case, of all that `leading` matches."""
    last_words: frozenset[str]
    """The last words, in one case, of all that may stand before a name and make it one."""


@dataclass(frozen=True)
class Units:
    """How names of units begin and end."""

    full: Pattern
    worded: Pattern
    worded_end: Pattern
    shared: Pattern
    shared_named: Pattern
    shared_levels: Pattern
    shared_bare: Pattern
    listed: Pattern
    short_places: Mapping[str, list[str]]
    level_names: tuple[str, ...]
    level_inside: Pattern
    level_last: Pattern
    counted: Pattern
    counted_hint: Pattern
    place: Pattern
    level_place: Pattern
    level_before: Pattern
    expand: Mapping[str, str]
    level_expand: Mapping[str, str]
    fixed: Mapping[str, str]
    provinces: frozenset[str]
    cities: frozenset[str]
    police_head: str
    police_province: str
    police_body: Pattern
    police_local: Pattern
    provinces_said: Pattern
    join: Pattern
    role_next: Pattern
    office_before: Pattern
    person_last: Pattern
    acronyms: Pattern
    person_between: Pattern
    body_word: Pattern


@dataclass(frozen=True)
class Clusters:
    """How clusters, their lists and their leadership are written."""

    numbered: Pattern
    named: Pattern
    lettered: Pattern
    name_end: Pattern
    authority_link: Pattern
    ministry: str
    ministry_says: Pattern
    member_list: Pattern
    present: Pattern
    roles: tuple[tuple[LeadRole, Pattern], ...]
    unit_then_role: Pattern
    role_then_unit: tuple[Pattern, ...]
    handover: Pattern
    role_year: Pattern
    role_hint: Pattern
    next_year: Pattern
    replaces: Pattern
    hint: Pattern
    year_unit: Pattern
    beside: Pattern
    award: Pattern
    assigned: Pattern
    assigned_verb: Pattern
    in_passing: Pattern
    sentence_year: Pattern
    name_body: Pattern
    guest: Pattern
    outgoing: Pattern
    incoming: Pattern
    office_unit: Pattern
    on_behalf: Pattern
    office_of: Pattern


@dataclass(frozen=True)
class Awards:
    """What awards are called, and the words round one that was given."""

    names: Pattern
    given: Pattern
    not_given: Pattern
    officer: Pattern
    body: Pattern
    of: Pattern
    gives: Pattern
    to: Pattern
    receives: Pattern
    counted: Pattern
    year: Pattern
    together: Pattern
    hands: Pattern
    passive: Pattern
    join: Pattern


@dataclass(frozen=True)
class Figures:
    """Numbers with what they count or measure."""

    number: Pattern
    measure: Pattern
    compound: Pattern
    noun: Pattern
    not_unit: Pattern
    not_before: Pattern
    and_before: Pattern
    ends: Pattern
    leads_in: Pattern
    clause: Pattern
    verb_first: Pattern
    verb_last: Pattern


@dataclass(frozen=True)
class Speech:
    """Quoted words: which are a motto, which are said by somebody."""

    movement: Pattern
    says: Pattern
    speaker: Pattern
    sentence: Pattern
    opens: Pattern


@dataclass(frozen=True)
class Venue:
    """How the place of a meeting is told."""

    at: Pattern
    building: Pattern
    name: Pattern
    not_place: Pattern
    time: Pattern
    meets: Pattern
    speaks: Pattern
    more: Pattern


@dataclass(frozen=True)
class Chairs:
    """Who presides: the verbs, what may stand round them, and what tells of another meeting."""

    verb: Pattern
    hint_words: frozenset[str]
    """Words, in one case, of which each text that tells of a chair has one."""
    hint: Pattern
    adverbs: Pattern
    task: Pattern
    no_object: Pattern
    meetings: Pattern
    purposes: Pattern
    purposes_alone: Pattern
    bare_after: Pattern
    own_after: Pattern
    own: Pattern
    purpose_bare: Pattern
    others: Pattern
    meeting_after: Pattern
    things: Pattern
    other_times: Pattern
    by: Pattern
    by_after: Pattern
    under: Pattern
    lists: Pattern
    list_before: Pattern
    not_subject: Pattern
    on_behalf: Pattern
    subject: Pattern
    attending: Pattern
    joins: Pattern
    years: Pattern
    days: Pattern
    numbers: Pattern
    title: Pattern
    """A rank, a form of address or an office, with which a person's mention begins."""
    beside: Pattern
    """What a piece beside a name may begin with: an office, a note, or a capital."""
    busy: Pattern
    """A word after which a stretch tells of more than an office."""


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
    chairs: Chairs
    syllables: Syllables

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker process as "load it there"."""
        return (load, ())


def read(name: str) -> Any:
    """Return the content of one data file.

    Raises:
        VocabError: when it is missing, no YAML, or holds an entry whose own example does not match.
    """
    return _read(DATA / f"{name}.yaml")


@functools.lru_cache(maxsize=8)
def _read(path: Path) -> Any:
    """Return the content of a data file, which several parts of the program may ask for and none changes."""
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506  # both loaders are safe
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


def _any_line(entries: Iterable[Mapping[str, Any]], where: str) -> AnyOf:
    """Join whole-line patterns into one."""
    return AnyOf(rf"(?:{compiled(entry['pattern'], where).pattern})\s*\|?\Z" for entry in entries)


def _furniture() -> Furniture:
    data = read("furniture")
    between = r"[\s\[\](){}|/•·»›>:,;+\-–—&_=.]*"
    token = alternatives(data["tokens"], any_case=True)
    return Furniture(
        anywhere=_any_line(data["anywhere"], "furniture.yaml"),
        tokens=Pattern(rf"{between}(?:(?>{token})(?!\w){between}+){{1,40}}+\Z", re.IGNORECASE),
        tail=_any_line(data["tail"], "furniture.yaml"),
        before_caption=_any_line(data["before_caption"], "furniture.yaml"),
    )


def section_key(name: str) -> str:
    """Return a section's name as it is compared: "An ninh - Quốc phòng" is "an ninh quốc phòng".

    What is longer than any section's name has none.
    """
    return " ".join(_WORD.findall(name.casefold())) if len(name) <= _SECTION_MAX else ""


def _header() -> Header:
    data, i = read("header"), re.IGNORECASE
    stamp, source, caption = data["stamp"], data["source"], data["caption"]
    sections = alternatives(data["sections"], any_case=True)
    return Header(
        stamp_prefix=Pattern(stamp["prefix"], i),
        stamp_rest=Pattern(rf"(?>{stamp['labels']}|{stamp['weekdays']}|{stamp['rest']})*+\Z", i),
        pm=frozenset(stamp["pm"]),
        am=frozenset(stamp["am"]),
        masthead=Pattern(rf"{source['masthead']}\Z", i),
        domain=Pattern(source["domain"], i),
        not_source=frozenset(source["not_names"]),
        sections=frozenset(section_key(name) for name in data["sections"]),
        tagline=Pattern(source["tagline"], i),
        masthead_open=Pattern(rf"{source['masthead_open']}\Z", i),
        masthead_unit=Pattern(rf"{alternatives(source['masthead_units'], any_case=True)}\s+\S", i),
        attributed=Pattern(source["attributed"], i),
        section_prefix=Pattern(rf"{sections}\s+(?=[{UPPER}])", i),
        byline_label=Pattern(rf"\(?{data['byline']['labels']}\s*:\s*", i),
        byline_prefix=Pattern(rf"{data['byline']['prefixes']}\Z", i),
        organ=Pattern(rf"{alternatives(data['byline']['organs'], any_case=True)}\b", i),
        caption_mark=Pattern(caption["marks"], i),
        scene=Pattern(rf"\W*{alternatives(caption['scenes'], any_case=True)}\b", i),
        closing=Pattern(rf"(?<!\w){caption['closings']}", i),
        act=Pattern(rf"\b{alternatives(caption['acts'], any_case=True)}\b", i),
        prose=Pattern(rf"\W*{alternatives(caption['prose'], any_case=True)}\b", i),
        telling=Pattern(rf"\b{alternatives(caption['telling'])}\b"),
    )


def _dates() -> Dates:
    data, i = read("dates"), re.IGNORECASE
    names = ("worded", "span_same_month", "numeric", "worded_no_year")
    return Dates(
        before=Pattern(rf"\b{data['day_before']}\s*(?:ngày\s*)?$", i),
        rules=tuple((name, Pattern(rf"(?<![\d/.,-]){data[name]}", i)) for name in names),
        today=Pattern(data["today"], i),
        yesterday=Pattern(data["yesterday"], i),
        not_event=Pattern(data["not_event"], i),
        campaign=tuple(
            (entry["rule"], frozenset(entry.get("kinds", KINDS)), Pattern(entry["pattern"], i))
            for entry in data["campaign_year"]
        ),
        not_campaign=Pattern(data["not_campaign"], i),
    )


def _kinds() -> Kinds:
    data, i = read("kinds"), re.IGNORECASE
    for entry in (*data["kinds"], data["signing"]):
        if entry["kind"] not in KINDS:
            raise VocabError(f"kinds.yaml: {entry['kind']!r} is no kind; it is one of {', '.join(KINDS)}")
    return Kinds(
        signing=Pattern(data["signing"]["pattern"], i),
        signing_not_after=Pattern(data["signing"]["not_after"], i),
        named=tuple((entry["kind"], Pattern(rf"\b(?:{entry['pattern']})", i)) for entry in data["kinds"]),
        fallback=data["fallback"],
    )


def _people() -> People:
    data = read("people")
    ranks, address = alternatives(data["ranks"], any_case=True), alternatives(data["address"], any_case=True)
    title = alternatives(data["titles"])
    office = alternatives(data["offices"], any_case=True)
    offices = rf"(?:(?i:{office}))"
    return People(
        names=Pattern(rf"[{UPPER}](?:[\w'’]{{0,30}}+(?:\s+{NAME_WORD})+|(?<!\w.)['’][{UPPER}]\w+)"),
        leading=Pattern(rf"(?:(?P<rank>(?i:{ranks}))|(?i:{address})|{title})[.,]?\s+(?=[{UPPER}])"),
        before=Pattern(
            rf"(?<!\w)(?:(?P<rank>(?i:{ranks}))[,.]?|(?P<address>(?i:{address}))|(?P<office>{offices}))\s+"
            rf"(?:(?i:{address})\s+)?(?:{title}\.?\s*)*$"
        ),
        held=Pattern(rf"(?<!\w){offices}\s+"),
        office=Pattern(rf"\s*[,–—(-]\s*(?={offices}\b)"),
        office_end=Pattern(
            rf"[;:.](?=\s|$|[^\w\s])|\s+{alternatives(data['office_ends'])}(?!\w)"
            rf"|\s*\((?=[^()]{{0,170}}(?i:cụm|khối)\s+(?i:trưởng|phó|thi đua))|,(?!\s*{offices}\b)"
            rf"|\s+(?i:và|cùng)\s+(?=(?i:{ranks}|{address}|các|lãnh đạo|đại diện|đông đảo)\b)"
            rf"|\s*[,–—-]?\s*(?=(?i:{ranks})\s+[{UPPER}])|\s*\)(?!\w)"
        ),
        not_name=Pattern(rf"(?i:{alternatives(data['names_not'], any_case=True)})(?!\w)"),
        surnames=frozenset(data["surnames"]),
        names_also=frozenset(data["names_also"]),
        person_next=Pattern(rf"\s*(?:(?i:{address}|{ranks})\s+)+[{UPPER}]"),
        first_words=frozenset(
            one_case(words.split()[0]) for part in ("ranks", "address", "titles") for words in data[part]
        ),
        last_words=frozenset(
            last_word(one_case(words)) for part in ("ranks", "address", "titles", "offices") for words in data[part]
        ),
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
        full=Pattern(
            rf"(?<!\w)(?:(?P<fixed>{fixed}|{fixed_capitals})(?!\w)"
            rf"|(?P<bare>(?:{over}{heads}\s+{bare_level}|{alone})(?!\w)(?!\s+(?:số\s+)?[{UPPER}\d]))"
            rf"|(?P<head>{over}{heads})\s+{branch}?(?:(?P<level>{levels})\s*)?(?P<place>{place}|{number})"
            rf"|(?P<named>{over}{named}\s+(?:(?:[-–]\s+)?{branch}?{place}|{number})))"
        ),
        worded=Pattern(rf"(?<!\w){worded}(?=\s+\w)(?!\s+(?i:trưởng|phó|cáo|nghị|thi|thao|thảo|diễn|trường)\b)"),
        worded_end=Pattern(
            rf"\s*[;:.()\"“”–—]|\s+-|,(?!\s+[{LOWER}]\w*\s+[{LOWER}]\w*\s*(?:[;,.)]|$))"
            rf"|,(?=\s+(?:{alternatives(data['ends'])}|và|các)(?!\w))"
            rf"|(?<!ăng)\s+(?:{alternatives(data['ends'])})(?!\w)"
            rf"|(?<!Quốc hội)(?<!ĐBQH)\s+và\s+(?=(?:các\s+)?(?:{worded}|{heads}|{named})(?!\w))"
            rf"|\s+về\s+(?:dự|ký|tham dự|họp|việc|thăm)(?!\w)|(?<!khu)(?<!oàn)(?<!số)(?<!vực)(?<!ùng)\s+\d+(?!\w)|$"
        ),
        shared=Pattern(
            rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?:\s*(?:,|và)\s*{levels})*"
            rf"(?:\s+{data['qualifiers']}(?:(?:\s+{NAME_WORD})*(?=\s*(?:gồm|là)?\s*:)|(?=\s+[{UPPER}])))?"
            rf"\s*(?:gồm|là)?\s*:?\s*(?=[{UPPER}]|\d{{1,2}}\s*,)"
        ),
        counted_hint=Pattern(rf"(?<!\w){count}\s+(?:đơn vị\s+)?(?:{levels}|{named})"),
        counted=Pattern(rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?!\w)"),
        shared_named=Pattern(
            rf"(?<!\w)(?i:các)\s+"
            rf"(?P<head>{_first_letter_free([*data['named'], *data['worded'], *data['territorial']])})"
            rf"\s*:?\s*(?=[{UPPER}]|(?:số\s+)?\d)"
        ),
        shared_levels=Pattern(
            rf"(?:{worded})\s+(?:[{UPPER}][\w&.-]*\s+){{0,3}}(?:các|\d{{1,2}})\s+(?P<level>{levels})(?:\s*(?:,|và)\s*{levels})*\s*:?\s+(?=[{UPPER}])"
        ),
        shared_bare=Pattern(rf"(?:các|\d{{1,2}})\s+(?P<level>{levels})\s*:\s*(?=[{UPPER}])"),
        listed=Pattern(
            rf"(?=[{UPPER}\d])[^;,.:()\n]{{2,90}}?(?=\s*[;,.()]|\s+(?:và|cùng)\s+(?:\w+\s+)?[{UPPER}]"
            rf"|\s+{alternatives(data['ends'])}(?!\w)|\s+[-–]\s+(?i:đơn vị|cụm|khối)|\s*$)"
        ),
        short_places=data["short_places"],
        level_names=tuple(level for level in data["levels"] if level not in data["level_expand"]),
        level_inside=Pattern(rf"\s{levels}\s"),
        level_last=Pattern(rf"\s{levels}\Z"),
        place=Pattern(rf"{place}|{number}"),
        level_before=Pattern(rf"(?<!\w){alternatives(data['levels'], any_case=True)}\s+$", re.IGNORECASE),
        level_place=Pattern(rf"(?P<level>{levels})\s*(?P<place>{place}|{number})"),
        expand=data["expand"],
        level_expand=data["level_expand"],
        fixed={name.upper(): name for name in data["fixed"]},
        provinces=frozenset(data["provinces"]),
        cities=frozenset(data["cities"]),
        police_head=data["police"]["head"],
        police_province=data["police"]["province"],
        police_body=Pattern(data["police"]["body"]),
        police_local=Pattern(data["police"]["local"]),
        provinces_said=Pattern(data["police"]["provinces_said"]),
        join=Pattern(data["join"]),
        role_next=Pattern(data["role_next"]),
        office_before=Pattern(rf"(?<!\w){alternatives(read('people')['offices'])}\s+\Z"),
        body_word=Pattern(rf"(?:(?:VP|PV|CTV)\s+)?(?:{heads}|{named}|{worded}|{alternatives(data['acronyms'])})(?!\w)"),
        person_between=Pattern(
            rf"\A\s+{alternatives(read('people')['surnames'])}(?:\s+{NAME_WORD}){{1,3}}(?=\s*[-–,(])"
        ),
        acronyms=Pattern(rf"{alternatives(data['acronyms'])}(?![\w-])(?!\s+(?:{levels}|[{UPPER}]))"),
        person_last=Pattern(rf"\s+(?P<name>{alternatives(read('people')['surnames'])}(?:\s+{NAME_WORD}){{1,3}})\Z"),
    )


def _first_letter_free(words: Iterable[str]) -> str:
    """Return alternatives whose first letter may be small: running text writes "công an 6 tỉnh"."""
    return trie(tokens(first + word[1:]) for word in words for first in {word[0], word[0].lower()})


def _clusters() -> Clusters:
    data, i = read("clusters"), re.IGNORECASE
    return Clusters(
        numbered=Pattern(rf"(?<!\w){data['numbered']}", i),
        named=Pattern(rf"(?<!\w){data['named']}"),
        lettered=Pattern(rf"(?<!\w){data['lettered']}"),
        name_end=Pattern(rf"\s+{alternatives(data['name_ends'], any_case=True)}(?!\w)", i),
        authority_link=Pattern(data["authority_link"]),
        ministry=data["ministry"]["name"],
        ministry_says=Pattern(data["ministry"]["says"]),
        member_list=Pattern(rf"(?<!\w){data['member_list']}", i),
        present=Pattern(rf"(?<!\w){data['present']}", i),
        roles=tuple((role, Pattern(rf"(?<!\w){data['lead_roles'][role]}(?!\w)", i)) for role in LEAD_ROLES),
        unit_then_role=Pattern(data["unit_then_role"]),
        role_then_unit=tuple(map(Pattern, data["role_then_unit"])),
        handover=Pattern(rf"(?<!\w){data['handover']}(?!\w)", i),
        role_year=Pattern(data["role_year"]),
        replaces=Pattern(data["replaces"]),
        next_year=Pattern(data["next_year"], i),
        role_hint=Pattern(data["role_hint"], i),
        hint=Pattern(data["hint"], i),
        year_unit=Pattern(data["year_unit"]),
        beside=Pattern(data["beside"]),
        award=Pattern(data["award"], i),
        assigned=Pattern(rf"(?<!\w){data['assigned']}"),
        assigned_verb=Pattern(data["assigned_verb"]),
        sentence_year=Pattern(data["sentence_year"]),
        name_body=Pattern(data["name_body"]),
        in_passing=Pattern(data["in_passing"], i),
        guest=Pattern(rf"(?<!\w){data['guest']}", i),
        outgoing=Pattern(data["outgoing"]),
        incoming=Pattern(data["incoming"]),
        office_unit=Pattern(data["office_unit"]),
        on_behalf=Pattern(data["on_behalf"], i),
        office_of=Pattern(data["office_of"]),
    )


def _awards() -> Awards:
    data = read("awards")
    return Awards(
        names=Pattern(rf"(?<!\w)(?:{'|'.join(entry['pattern'] for entry in data['names'])})"),
        given=Pattern(rf"(?<!\w){data['given']}"),
        not_given=Pattern(rf"(?<!\w){data['not_given']}"),
        officer=Pattern(rf"(?<!\w){alternatives(data['officers'])}\s+"),
        body=Pattern(rf"(?<!\w){alternatives(data['bodies'])}(?!\w)"),
        of=Pattern(data["of"]),
        gives=Pattern(data["gives"]),
        to=Pattern(data["to"]),
        receives=Pattern(data["receives"]),
        counted=Pattern(rf"(?<![\w.,]){data['counted']}", re.IGNORECASE),
        year=Pattern(data["year"]),
        together=Pattern(data["and"]),
        hands=Pattern(rf"(?<!\w){data['hands']}"),
        passive=Pattern(rf"(?<!\w){data['passive']}"),
        join=Pattern(data["join"]),
    )


def _figures() -> Figures:
    data, i = read("figures"), re.IGNORECASE
    word = rf"[{LOWER}]+"
    return Figures(
        number=Pattern(rf"(?<![\w/.,:\-–])(?P<v>{data['number']})(?P<gap>\s*)(?![\d/:]|[.,\-–]\d)"),
        measure=Pattern(rf"{alternatives(data['measures'])}(?!\w)"),
        compound=Pattern(rf"{alternatives(data['nouns'])}(?!\w)"),
        noun=Pattern(
            rf"{alternatives(data['nouns'])}(?!\w)|{alternatives(data['counters'])}(?!\w)"
            rf"|{word}(?!\w)(?:\s+(?!{alternatives(data['ends'])}(?!\w)){word}(?![\w]))?",
            i,
        ),
        not_unit=Pattern(rf"{alternatives(data['not_units'], any_case=True)}(?!\w)", i),
        not_before=Pattern(rf"(?<!\w){data['not_before']}"),
        and_before=Pattern(data["and_before"]),
        ends=Pattern(
            rf"\s+{alternatives(data['ends'])}(?!\w)|\s*[,;:.()“”\"–/…]|\s-\s|\s+\d|\s+{alternatives(data['ends_capital'])}|\s*\Z"
        ),
        leads_in=Pattern(rf"(?:^|\s+){alternatives(data['leads_in'], any_case=True)}\s*\Z", i),
        clause=Pattern(data["clause"]),
        verb_first=Pattern(rf"\s*{alternatives(data['verbs_first'], any_case=True)}(?!\w)\s*", i),
        verb_last=Pattern(rf"(?<!\w){alternatives(data['verbs'], any_case=True)}\s*\Z", i),
    )


def _speech() -> Speech:
    data = read("speech")
    return Speech(
        movement=Pattern(data["movement"]),
        says=Pattern(rf"(?<!\w){data['says']}"),
        speaker=Pattern(data["speaker_words"]),
        sentence=Pattern(data["sentence"]),
        opens=Pattern(data["opens"]),
    )


def _venue() -> Venue:
    data = read("venue")
    return Venue(
        at=Pattern(data["at"]),
        building=Pattern(rf"{alternatives(data['buildings'])}(?!\w)\s*"),
        name=Pattern(rf"{NAME_WORD}(?:\s+{NAME_WORD})*"),
        not_place=Pattern(data["not_places"]),
        time=Pattern(data["time"]),
        meets=Pattern(rf"(?<!\w){data['meets']}(?!\w)"),
        speaks=Pattern(data["speaks"]),
        more=Pattern(data["more"]),
    )


def _chairs() -> Chairs:
    data, people, i = read("chairs"), read("people"), re.IGNORECASE
    joined = re.compile(rf"(?:{data['verb']}|và|cùng)", i)
    named = alternatives(
        (*people["ranks"], *people["address"], *people["titles"], *people["offices"]),
        any_case=True,
    )
    busy = [*data["busy"], *(words for words in people["office_ends"] if not joined.match(words))]
    either_case = (
        *("verb", "hint", "no_object", "meetings", "purposes", "purposes_alone", "bare_after", "own_after", "own"),
        *("purpose_bare", "others", "meeting_after", "things", "other_times", "by", "by_after", "under", "lists"),
        *("list_before", "not_subject", "on_behalf", "subject", "attending", "joins", "task", "days", "numbers"),
    )
    return Chairs(
        **{name: Pattern(data[name], i) for name in either_case},
        hint_words=frozenset(map(one_case, data["hint_words"])),
        adverbs=Pattern(rf"(?<!\w){data['adverbs']}\Z", i),
        years=Pattern(data["years"]),
        title=Pattern(rf"(?<!\w)(?:{named})(?!\w)", i),
        beside=Pattern(rf"(?:(?i:{named}|{data['notes']})(?!\w)|[{UPPER}])"),
        busy=Pattern(rf"(?<!\w)(?!{data['not_busy']}){alternatives(busy)}(?!\w)"),
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
            _chairs(),
            Syllables.of(read("syllables")),
        )
    except KeyError as error:
        raise VocabError(f"a file of {DATA.name}/ lacks the key {error}") from error
