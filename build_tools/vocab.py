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
from build_tools.patterns import Pattern, last_word, one_case, tokens, trie
from build_tools.syllables import Syllables

DATA = Path(__file__).parent / "data"

_LETTERS = [chr(i) for i in range(0x41, 0x1EFA) if chr(i).isalpha() and (i < 0x250 or i >= 0x1E00)]
UPPER = "".join(c for c in _LETTERS if c.isupper())
"""Latin capital letters, for use inside a character class."""
LOWER = "".join(c for c in _LETTERS if c.islower())
"""Latin small letters, for use inside a character class."""
NAME_WORD = rf"[{UPPER}][\w'’]*"
"""A word that begins with a capital."""


def alternatives(words: Iterable[str], any_case: bool = False) -> str:
    """Return a group that matches any of `words`, the longest first, any white space between their parts.

    `any_case` is for a pattern that ignores case: words that differ in case alone are one to it.
    """
    return f"(?:{trie(tokens(word.lower() if any_case else word) for word in words)})"


@dataclass(frozen=True)
class Furniture:
    """Whole-line patterns of page furniture."""

    anywhere: Pattern
    tail: Pattern
    before_caption: Pattern


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
    sections: Pattern
    section_prefix: Pattern
    byline_label: Pattern
    byline_prefix: Pattern
    organ: Pattern
    caption_mark: Pattern
    scene: Pattern
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
    office: Pattern
    office_end: Pattern
    not_name: Pattern
    surnames: frozenset[str]
    person_next: Pattern
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


def _any_line(entries: Iterable[Mapping[str, Any]], where: str) -> Pattern:
    """Join whole-line patterns into one."""
    patterns = [entry["pattern"] for entry in entries]
    for pattern in patterns:
        compiled(pattern, where)
    return Pattern("(?:" + "|".join(f"(?:{p})" for p in patterns) + r")\s*\|?\Z", re.IGNORECASE)


def _furniture() -> Furniture:
    data = read("furniture")
    return Furniture(*(_any_line(data[part], "furniture.yaml") for part in ("anywhere", "tail", "before_caption")))


def _header() -> Header:
    data, i = read("header"), re.IGNORECASE
    stamp, source, caption = data["stamp"], data["source"], data["caption"]
    sections = alternatives(data["sections"], any_case=True)
    rest = rf"(?:{stamp['labels']}|{stamp['weekdays']}|{stamp['rest']})+"
    return Header(
        stamp_prefix=Pattern(stamp["prefix"], i),
        stamp_rest=Pattern(rf"(?:{rest})?\Z", i),
        pm=frozenset(stamp["pm"]),
        am=frozenset(stamp["am"]),
        masthead=Pattern(rf"{source['masthead']}\Z", i),
        domain=Pattern(source["domain"], i),
        not_source=frozenset(source["not_names"]),
        sections=Pattern(rf"{sections}\s*[:|]?\Z", i),
        section_prefix=Pattern(rf"{sections}\s+(?=[{UPPER}])", i),
        byline_label=Pattern(rf"\(?{data['byline']['labels']}\s*:\s*", i),
        byline_prefix=Pattern(rf"{data['byline']['prefixes']}\Z", i),
        organ=Pattern(rf"{alternatives(data['byline']['organs'], any_case=True)}\b", i),
        caption_mark=Pattern(caption["marks"], i),
        scene=Pattern(rf"\W*{alternatives(caption['scenes'], any_case=True)}\b", i),
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
        names=Pattern(rf"{NAME_WORD}(?:\s+{NAME_WORD})+"),
        leading=Pattern(rf"(?:(?P<rank>(?i:{ranks}))|(?i:{address})|{title})[.,]?\s+(?=[{UPPER}])"),
        before=Pattern(
            rf"(?<!\w)(?:(?P<rank>(?i:{ranks}))[,.]?|(?P<address>(?i:{address}))|(?P<office>{offices}))\s+"
            rf"(?:(?i:{address})\s+)?(?:{title}\.?\s*)*$"
        ),
        office=Pattern(rf"\s*[,–—(-]\s*(?={offices}\b)"),
        office_end=Pattern(
            rf"[;:.](?=\s|$|[^\w\s])|\s+{alternatives(data['office_ends'])}(?!\w)"
            rf"|\s*\((?=[^)]*(?i:cụm|khối)\s+(?i:trưởng|phó|thi đua))|,(?!\s*{offices}\b)"
            rf"|\s+(?i:và|cùng)\s+(?=(?i:{ranks}|{address}|các|lãnh đạo|đại diện|đông đảo)\b)"
            rf"|\s*[,–—-]?\s*(?=(?i:{ranks})\s+[{UPPER}])|\s*\)(?!\w)"
        ),
        not_name=Pattern(rf"(?i:{alternatives(data['names_not'], any_case=True)})(?!\w)"),
        surnames=frozenset(data["surnames"]),
        person_next=Pattern(rf"\s*(?:(?i:{address}|{ranks})\s+)+[{UPPER}]"),
        last_words=frozenset(
            last_word(one_case(words)) for part in ("ranks", "address", "titles", "offices") for words in data[part]
        ),
    )


def _units() -> Units:
    data = read("units")
    levels = alternatives(data["levels"])
    places = alternatives([*data["provinces"], *data["cities"]])
    place = rf"(?:{places}(?!\w)|{NAME_WORD}(?:\s+{NAME_WORD}){{0,3}})"
    number = r"(?:[Ss]ố\s+)?\d{1,3}(?!\d)"
    heads = rf"(?:{_first_letter_free(data['territorial'])})"
    named = rf"(?:{_first_letter_free(data['named'])})"
    branch = rf"(?:(?:[Cc]hi nhánh|CN)\s+(?:{levels}\s*)?)"
    over = rf"(?:{alternatives(data['over'])}\s+)?"
    worded = over + alternatives(data["worded"])
    fixed = alternatives(data["fixed"])
    alone = alternatives(data["alone"])
    fixed_capitals = alternatives(name.upper() for name in data["fixed"])
    count = data["count"]
    return Units(
        full=Pattern(
            rf"(?<!\w)(?:(?P<fixed>{fixed}|{fixed_capitals})(?!\w)"
            rf"|(?P<bare>(?:{heads}\s+(?:tỉnh|thành phố|quận|huyện|thị xã|xã|phường)|{alone})(?!\w)(?!\s+[{UPPER}]))"
            rf"|(?P<head>{heads})\s+(?:(?P<level>{levels})\s*)?(?P<place>{place}|{number})"
            rf"|(?P<named>{over}{named}\s+(?:{branch}?{place}|{number})))"
        ),
        worded=Pattern(rf"(?<!\w){worded}(?=\s+\w)(?!\s+(?i:trưởng|phó|cáo)\b)"),
        worded_end=Pattern(
            rf"\s*[;:.()\"“”–—]|\s+-|,(?!\s+[{LOWER}]\w*\s+[{LOWER}]\w*\s*(?:[;,.)]|$))|,(?=\s+(?:{alternatives(data['ends'])}|và|các)(?!\w))"
            rf"|(?<!ăng)\s+(?:{alternatives(data['ends'])})(?!\w)|\s+và\s+(?=(?:các\s+)?(?:{worded}|{heads}|{named})(?!\w))"
            rf"|\s+về\s+(?:dự|ký|tham dự|họp|việc|thăm)(?!\w)|(?<!khu)(?<!oàn)(?<!số)(?<!vực)(?<!ùng)\s+\d+(?!\w)|$"
        ),
        shared=Pattern(
            rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?:\s*,\s*{levels})*"
            rf"(?:\s+(?:phía|miền|khu vực|vùng|ven)\s+{NAME_WORD}(?:\s+{NAME_WORD})*)?"
            rf"\s*(?:gồm|là)?\s*:?\s*(?=[{UPPER}])"
        ),
        counted_hint=Pattern(rf"(?<!\w){count}\s+(?:đơn vị\s+)?(?:{levels}|{named})"),
        counted=Pattern(rf"(?<!\w)(?P<head>{heads})\s+{count}\s+(?:đơn vị\s+)?(?P<level>{levels})(?!\w)"),
        shared_named=Pattern(rf"(?<!\w)(?i:các)\s+(?P<head>{named})\s*:?\s*(?=[{UPPER}]|(?:số\s+)?\d)"),
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
            Syllables.of(read("syllables")),
        )
    except KeyError as error:
        raise VocabError(f"a file of {DATA.name}/ lacks the key {error}") from error
