"""People: one person across clippings when the name and the office or unit agree and no rank fell; otherwise two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from build_tools import vocab
from build_tools.identity import units
from build_tools.identity.spelling import capital, even, key
from build_tools.identity.units import Context, Unit
from build_tools.model import Person


class Mention(NamedTuple):
    """A person in one clipping: name, rank and office as printed, the clipping's path and best date (ISO or None).

    `signs` are what two mentions of one person share, sorted; `unit` is the first unit of the office that is settled.
    """

    clipping: str
    name: str
    rank: str | None
    role: str | None
    date: str | None
    signs: tuple[str, ...] = ()
    unit: Unit | None = None


@dataclass(slots=True, eq=False)
class Group:
    """The mentions of one person, in time order.

    `first` has for each height of rank the first date on which it is printed, to the day, month or year (its length).
    """

    mentions: list[Mention] = field(default_factory=list)
    clippings: set[str] = field(default_factory=set)
    first: dict[tuple[int, int], str] = field(default_factory=dict)

    def add(self, one: Mention) -> None:
        """Take in a mention that is no earlier than those before."""
        self.mentions.append(one)
        self.clippings.add(one.clipping)
        rank = height(one.rank)
        if rank is not None and one.date:
            self.first.setdefault((rank, len(one.date)), one.date)

    @property
    def unit(self) -> Unit | None:
        """The first unit that the person is known to have belonged to."""
        return next((mention.unit for mention in self.mentions if mention.unit), None)


def mention(clipping: str, date: str | None, person: Person, context: Context) -> Mention:
    """Return a mention with the signs that its office gives in the clipping's context."""
    signs: set[str] = set()
    first: Unit | None = None
    for title, body in offices(person.role or ""):
        meant = units.unit(body, context) if body else context.body
        if meant is None:
            continue
        if meant.settled and (not body or meant.level == "central"):
            signs.add(f"{title} @ {meant.key}")
        elif meant.settled:
            signs.add(meant.key)
        if body and (own := units.national_part(meant)):
            signs.add(own)
        if first is None and meant.settled:
            first = meant
    return Mention(clipping, person.name, person.rank, person.role, date, tuple(sorted(signs)), first)


@lru_cache(maxsize=65_536)
def offices(role: str) -> tuple[tuple[str, str], ...]:
    """Return the offices that a printed role names, each as (title for comparing, unit as printed or "")."""
    split, title = _offices()
    found = []
    for part in split.split(even(role)):
        begin = title.match(part)
        if begin:
            found.append((key(begin.group()), capital(part[begin.end() :].strip(" ,()-"))))
    return tuple(found)


@cache
def _offices() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocab.alternatives(vocab.read("people")["offices"])
    split = re.compile(
        rf"\s?[,;]\s?(?={words}(?!\w))|\s{vocab.alternatives(vocab.read('names')['joins'])}\s", re.IGNORECASE
    )
    return split, re.compile(rf"(?:{words}(?!\w)\s?)+", re.IGNORECASE)


def groups(mentions: Iterable[Mention]) -> list[Group]:
    """Return mentions of one name as the people they are; the order in which they come makes no difference."""
    found: list[Group] = []
    by_sign: defaultdict[str, list[Group]] = defaultdict(list)
    for one in sorted(set(mentions), key=_order):
        near = [group for sign in one.signs for group in by_sign[sign]]
        home = next((group for group in near if _may_be(one, group)), None)
        if home is None:
            home = Group()
            found.append(home)
        home.add(one)
        for sign in one.signs:
            if home not in by_sign[sign]:
                by_sign[sign].append(home)
    return found


def _order(one: Mention) -> tuple[str, ...]:
    return one.date or "9999", one.clipping, one.name, one.rank or "", one.role or ""


def _may_be(one: Mention, group: Group) -> bool:
    """Whether a mention no earlier than the group's may be of its person: in another clipping, and no rank fell."""
    rank = height(one.rank)
    if one.clipping in group.clippings:
        return False
    if rank is None or not one.date:
        return True
    higher = (date for (other, _), date in group.first.items() if other > rank)
    return not any(_before(date, one.date) for date in higher)


def _before(date: str, other: str) -> bool:
    """Whether a date is surely before another; of the same year or month they may be one day."""
    length = min(len(date), len(other))
    return date[:length] < other[:length]


def height(rank: str | None) -> int | None:
    """Return how high a rank is, the lowest first; None for what is no rank."""
    return _ranks().get(key(rank or ""))


@cache
def _ranks() -> dict[str, int]:
    listed = vocab.read("names")["ranks"]
    return {key(rank): number for number, ranks in enumerate(listed) for rank in ranks}
