"""Every address in one place: slugs, page files, URLs, and the order in which a Vietnamese reader looks for names.

Addresses are ASCII, lower case and stable: they come from the file's name and from the ids of units and people and the
names of newspapers. URLs are relative to the site's root, without a leading slash; the home page is ".".
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from build_tools.brief import Brief
from build_tools.fold import slug, squeeze
from build_tools.identity import newspapers, units
from build_tools.identity.registry import Identities, identify
from build_tools.model import Cluster, ClusterName, Problem

HOME = "."
CLUSTERS = "cum/"
YEARS = "nam/"
SOURCES = "nguon/"
UNITS = "don-vi/"
PEOPLE = "nguoi/"
EVENTS = "su-kien/"
ARTICLES = "bai/"
EDITIONS = "an-ban/"
SEARCH = "tim-kiem/"
DATA = "du-lieu/"
CORRECTION_SCHEMA = "du-lieu/correction.schema.json"
UNASSIGNED = "cum/chua-ro-cum/"
UNKNOWN_YEAR = "nam/khong-ro/"
UNKNOWN_SOURCE = "nguon/chua-ro/"

_UNKNOWN_FOLDER = "khong-ro"
_UNKNOWN_AUTHORITY = "chua-ro"
_UNNUMBERED = "khong-so"
_INDEX = "index"
"""A file of this name is the page of its folder, so nothing else may be called so."""
_RESERVED_SOURCES = frozenset({_INDEX, "chua-ro"})
_RESERVED_NUMBERS = frozenset({_INDEX, _UNNUMBERED})

_YEAR = re.compile(r"[0-9]{4}")
_DIGITS = re.compile(r"([0-9]+)")

NameKey = str
"""A name for comparing: NFC, no case, white space folded. Accents tell names apart."""


class ClusterKey(NamedTuple):
    """What makes two mentions one cluster: its authority (a unit's id) and its number (a label as a `NameKey`)."""

    authority: str | None
    number: int | NameKey | None


def page_file(url: str) -> str:
    """Return the Markdown file that MkDocs publishes at `url`: index files for overviews, else a file by its name."""
    if url == HOME:
        return "index.md"
    return (
        f"{url}index.md"
        if url in (CLUSTERS, YEARS, SOURCES, UNITS, PEOPLE, EVENTS, EDITIONS)
        else f"{url.rstrip('/')}.md"
    )


def html_file(uri: str) -> str:
    """Return where the HTML of a Markdown file stands: "a/b.md" gives "a/b/index.html"."""
    name = uri.removesuffix(".md")
    return f"{name}.html" if name == "index" or name.endswith("/index") else f"{name}/index.html"


def page_url(uri: str) -> str:
    """Return the address of a Markdown file's page from the site's root; "" is the home page's."""
    return html_file(uri).removesuffix("index.html")


def year_url(year: int | None) -> str:
    """Return the address of a campaign year's page."""
    return UNKNOWN_YEAR if year is None else f"{YEARS}{year}/"


def authority_url(authority: str | None) -> str:
    """Return the address of the page of an authority's clusters; of those whose authority is unknown for None."""
    return f"{CLUSTERS}{authority or _UNKNOWN_AUTHORITY}/"


def source_year_url(source: str, year: int | None) -> str:
    """Return the address of one year of a newspaper; of what has no date for None."""
    return f"{source}{year or _UNKNOWN_FOLDER}/"


def event_url(cluster: str, year: int, kind: str) -> str:
    """Return the address of a conference: "cum/x/2/", 2022 and "tong-ket" give "su-kien/x/2/2022-tong-ket/"."""
    return f"{EVENTS}{cluster.removeprefix(CLUSTERS)}{year}-{kind}/"


@lru_cache(maxsize=65_536)
def name_key(name: str) -> NameKey:
    """Return `name` as it is compared: two spellings that differ in case or spacing are one name."""
    return squeeze(unicodedata.normalize("NFC", name)).casefold()


def unit_url(unit_id: str) -> str:
    """Return the address of a unit's page."""
    return f"{UNITS}{unit_id}/"


def person_url(person_id: str) -> str:
    """Return the address of a person's page."""
    return f"{PEOPLE}{person_id}/"


def cluster_key(cluster: Cluster | ClusterName, authority: str | None) -> ClusterKey:
    """Return what identifies a cluster whose authority has this id; 9 and "09" are one number, a blank is no name."""
    number: int | str | None = cluster.number
    if isinstance(number, str):
        label = name_key(number)
        number = int(label) if label.isascii() and label.isdigit() and len(label) <= 9 else label or None
    return ClusterKey(authority, number)


def printed_key(cluster: Cluster | ClusterName) -> ClusterKey:
    """Return what identifies a cluster by its own words alone, the authority by its full name and not by an id."""
    return cluster_key(cluster, name_key(units.unit(cluster.authority).full) if cluster.authority else None)


@lru_cache(maxsize=4_096)
def source_key(printed: str | None) -> NameKey | None:
    """Return what identifies a newspaper by its printed name, or None; all names of a known one give one key."""
    if printed is None:
        return None
    known = newspapers.known(printed)
    return name_key(known.name if known else printed) or None


def unique_slugs(names: Iterable[str], reserved: frozenset[str] = frozenset(), prefix: str = "ten") -> dict[str, str]:
    """Give each name its own slug; of two names with one slug, the one first in order keeps it plain."""
    taken = set(reserved)
    slugs: dict[str, str] = {}
    for name in sorted(set(names)):
        slugs[name] = _free(slug(name) or prefix, hashlib.sha256(name.encode("utf-8", "replace")).hexdigest(), taken)
        taken.add(slugs[name])
    return slugs


def _free(wanted: str, digest: str, taken: Container[str]) -> str:
    """Return `wanted`, or `wanted` with as much of `digest` as sets it apart, six characters at least."""
    if wanted not in taken:
        return wanted
    return next(
        candidate for length in range(6, len(digest) + 1) if (candidate := f"{wanted}-{digest[:length]}") not in taken
    )


class Kept(NamedTuple):
    """Addresses that are given already: those that clippings (by path) keep, and the path to which each belongs.

    What belongs to one clipping is given to no other. Addresses end in a slash.
    """

    pins: Mapping[str, str]
    owners: Mapping[str, str]


NOTHING_KEPT = Kept({}, {})


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address of every clipping (by path), cluster and newspaper of an archive; `cluster_keys` of each clipping."""

    articles: Mapping[str, str]
    clusters: Mapping[ClusterKey, str]
    sources: Mapping[NameKey, str]
    cluster_keys: Mapping[str, tuple[ClusterKey, ...]]

    @classmethod
    def of(
        cls, briefs: Iterable[Brief], identities: Identities | None = None, kept: Kept = NOTHING_KEPT
    ) -> tuple[Addresses, list[Problem]]:
        """Give everything its address, and list the clippings whose names collide."""
        ordered = sorted(briefs, key=lambda brief: brief.path)
        names = (identities or identify(brief.names for brief in ordered)).names
        articles, problems = _article_urls(ordered, kept)
        keys = {brief.path: tuple(map(cluster_key, brief.clusters, names[brief.path].authorities)) for brief in ordered}
        clusters = _cluster_urls({key for found in keys.values() for key in found})
        return cls(articles, clusters, _source_urls(ordered), keys), problems

    def article(self, brief: Brief) -> str:
        """Return a clipping's address."""
        return self.articles[brief.path]

    def keys(self, brief: Brief) -> tuple[ClusterKey, ...]:
        """Return what identifies the clusters of a clipping, one beside each."""
        return self.cluster_keys[brief.path]

    def source(self, key: NameKey | None) -> str:
        """Return a newspaper's address; the page of unknown newspapers for None."""
        return UNKNOWN_SOURCE if key is None else self.sources[key]


def article_id(url: str) -> str:
    """Return the id of the article at `url`: "bai/2024/ten-bai/" gives "2024/ten-bai"."""
    return url.removeprefix("bai/").rstrip("/")


def year_folder(date: str | None) -> str:
    """Return the name of the folder for the best date of a clipping (ISO, or None)."""
    return date[:4] if date else _UNKNOWN_FOLDER


def year_of(path: str) -> str | None:
    """Return the year that the folder of a clipping is named by, None when it has another name."""
    parent = path.rpartition("/")[0].rpartition("/")[2]
    return parent if _YEAR.fullmatch(parent) else None


def article_url(year: str, name: str) -> str:
    """Return the address that a clipping asks for; `name` is its file's as a slug."""
    part = name or "bai"
    return f"{ARTICLES}{year}/{part if part != _INDEX else 'bai-index'}/"


def _article_urls(ordered: Iterable[Brief], kept: Kept) -> tuple[dict[str, str], list[Problem]]:
    urls: dict[str, str] = dict(kept.pins)
    owners: dict[str, str] = {url.rstrip("/"): path for url, path in kept.owners.items()}
    problems = []
    for brief in ordered:
        if brief.path in urls:
            continue
        wanted = article_url(year_of(brief.path) or year_folder(brief.date), brief.slug).rstrip("/")
        own = owners.get(wanted) == brief.path
        url = wanted if own else _free(wanted, brief.sha256, owners)
        if url != wanted:
            problems.append(
                Problem(
                    brief.path,
                    f"its address /{wanted}/ is taken by {owners[wanted]}, so it is published at /{url}/",
                    "give the file another name",
                )
            )
        owners[url] = brief.path
        urls[brief.path] = f"{url}/"
    return urls, problems


def _source_urls(briefs: Iterable[Brief]) -> dict[NameKey, str]:
    """Return the addresses of newspapers; what a known newspaper's is called, no other is."""
    known: dict[NameKey, str] = {}
    others: set[NameKey] = set()
    for printed in sorted({brief.source for brief in briefs if brief.source}):
        key = source_key(printed)
        if key is None:
            continue
        if newspaper := newspapers.known(printed):
            known[key] = newspaper.slug
        else:
            others.add(key)
    reserved = _RESERVED_SOURCES | newspapers.slugs() | frozenset(known.values())
    slugs = known | unique_slugs(others, reserved, "bao")
    return {key: f"{SOURCES}{part}/" for key, part in slugs.items()}


def _cluster_urls(keys: set[ClusterKey]) -> dict[ClusterKey, str]:
    urls: dict[ClusterKey, str] = {}
    for authority in {key.authority for key in keys}:
        folder = authority or _UNKNOWN_AUTHORITY
        numbers = {key.number for key in keys if key.authority == authority}
        plain = frozenset(str(number) for number in numbers if isinstance(number, int))
        labels = unique_slugs((n for n in numbers if isinstance(n, str)), _RESERVED_NUMBERS | plain, "cum")
        for number in numbers:
            part = _UNNUMBERED if number is None else labels[number] if isinstance(number, str) else str(number)
            urls[ClusterKey(authority, number)] = f"{CLUSTERS}{folder}/{part}/"
    return urls


# Vietnamese order. Letters first (a ă â b c d đ e ê …), tone marks only between words that are otherwise the same.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, 1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_OTHER = len(_ALPHABET) + 1

SortKey = tuple[tuple[tuple[int, int, str], ...], tuple[int, ...], str]


@lru_cache(maxsize=65_536)
def sort_key(text: str) -> SortKey:
    """Return the key that sorts names as a Vietnamese index does; numbers in them sort by value."""
    letters: list[tuple[int, int, str]] = []
    tones: list[int] = []
    for part in _DIGITS.split(squeeze(unicodedata.normalize("NFC", text)).casefold()):
        if part.isascii() and part.isdigit():
            # By length, then digit by digit: a very long number must not cost time.
            bare = part.lstrip("0")
            letters.append((0, 1 + len(bare), bare))
            tones.append(0)
            continue
        for character in part:
            letter, tone = _ranked(character)
            letters.append(letter)
            tones.append(tone)
    return tuple(letters), tuple(tones), text


@lru_cache(maxsize=4_096)
def _ranked(character: str) -> tuple[tuple[int, int, str], int]:
    """Return what a letter is sorted by, and its tone's rank."""
    letter, tone = _split(character)
    return (_RANK.get(letter, 0 if letter.isspace() else _OTHER), 0, letter), tone


def _split(character: str) -> tuple[str, int]:
    """Return a letter without its tone mark, and the tone's rank."""
    marks = unicodedata.normalize("NFD", character)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    bare = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", bare), tone


_LETTERS_APART = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
"""How letters that ASCII does not have are typed, so that each has an address of its own."""


def letter(name: str) -> str:
    """Return the letter of the alphabet under which an index lists a name, "#" for what begins with none."""
    first = squeeze(unicodedata.normalize("NFC", name)).casefold()[:1]
    bare = _split(first)[0] if first else ""
    return bare.upper() if bare in _RANK else "#"


def letter_url(folder: str, of: str) -> str:
    """Return the address of one letter's page in an index: "nguoi/" and "Ă" give "nguoi/chu-cai/aw/"."""
    part = of.casefold()
    return f"{folder}chu-cai/{_LETTERS_APART.get(part, part) if part in _RANK else 'khac'}/"


_ROMAN = re.compile(r"(?=[ivxl])(xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


def roman(label: str) -> int | None:
    """Return the value of a Roman numeral up to 89, or None."""
    if not _ROMAN.fullmatch(label):
        return None
    values = [_ROMAN_VALUES[letter] for letter in label.lower()]
    return sum(
        -value if following > value else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def number_key(number: int | str | None) -> tuple[int, int, SortKey]:
    """Return the key that sorts cluster numbers: numbers, Roman numerals, labels, none."""
    if number is None:
        return 3, 0, sort_key("")
    if isinstance(number, int):
        return 0, number, sort_key("")
    value = roman(number)
    return (2, 0, sort_key(number)) if value is None else (1, value, sort_key(""))
