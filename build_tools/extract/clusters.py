"""The cluster an article is about, whose numbering it is, and who leads it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_tools.extract import units
from build_tools.extract.passage import Passage
from build_tools.fold import squeeze
from build_tools.model import Cluster, Found, Grade, Kind, Lead, LeadRole
from build_tools.vocab import Vocab

_NAMED = 16
"""Characters of a named cluster's name before which no body's name can begin that it belongs to."""
_CLUSTER_COMMA = re.compile(r"\A\s*(?:[Cc]ụm|[Kk]hối)[^:]*[,–-]\s*\Z")
"""A leader's cluster, and a comma: what follows is whose cluster it is, not who leads it."""
_GUEST = 40
"""Characters before a cluster's name in which the words stand that make it a guest."""
_ROMAN = re.compile(r"[IVX]+\Z", re.IGNORECASE)
_OPENED = 111
"""Characters before a bracket in which the unit stands whose role is given in it."""
_NOT_OPENED = ",;:("


@dataclass(frozen=True, slots=True)
class _Mention:
    """A cluster named in a text, with the authority printed beside it."""

    number: int | str
    authority: str | None
    passage: Passage
    start: int
    end: int
    subject: bool = True
    """Whether the story may be about it: not one whose own meeting is told of in passing, nor a guest."""


def clusters(
    titles: Sequence[Passage],
    body: Sequence[Passage],
    others: Sequence[Passage],
    members: Sequence[Found[str]],
    vocab: Vocab,
) -> tuple[Cluster, ...]:
    """Return the clusters that headline and lead name; another one further down is named in passing."""
    first = [mention for passage in (*titles, *body[:2]) for mention in _mentions(passage, vocab) if mention.subject]
    rest = [mention for passage in (*others, *body[2:]) for mention in _mentions(passage, vocab)]
    about = first or rest[:1]
    if any(isinstance(m.number, int) or _ROMAN.match(str(m.number)) for m in about):
        about = [m for m in about if isinstance(m.number, int) or len(str(m.number)) < 6]
    chosen: dict[str, _Mention] = {}
    for mention in about:
        key = str(mention.number).casefold()
        running = key in chosen and chosen[key].passage.role == "title" and isinstance(mention.number, str)
        if key not in chosen or running:
            chosen[key] = mention
    if len(chosen) > 1 and not any(isinstance(m.number, int) for m in about):
        chosen = _longest_names(chosen)
    if not chosen:
        return ()
    everywhere = [*first, *rest]
    full = units.InFull("\n".join(p.text for p in (*titles, *body, *others)), vocab.units)
    made = []
    for key, mention in chosen.items():
        printed = [m.authority for m in everywhere if m.authority and str(m.number).casefold() == key]
        shared = [m.authority for m in about if m.authority]
        authority = max(printed or shared, key=_authority_key, default=None)
        authority = full.name(authority) if authority else _worked_out(titles, body, members, vocab)
        grade: Grade = "worked-out" if authority and not printed else "stated"
        evidence = mention.passage.evidence(mention.start, mention.end, "cluster_named", grade)
        made.append(Cluster(mention.number, authority, evidence))
    return tuple(made)


def _capitalised(match: re.Match[str]) -> str:
    """Return a matched word with a capital, and as long as it was."""
    word = match.group()
    return word[:1].upper() + word[1:]


def _authority_key(name: str) -> tuple[bool, int]:
    """Order the ways in which an authority is printed: a body before a branch ("ngành X"), the longest name first."""
    return not name[:1].islower(), len(name)


def _longest_names(chosen: dict[str, _Mention]) -> dict[str, _Mention]:
    """Keep one of several names of which one is part of another; the running text's name wins over the headline's."""
    body = {key: mention for key, mention in chosen.items() if mention.passage.role != "title"}
    kept = body or chosen
    first = next(iter(kept))
    key = max((key for key in kept if first in key or key in first), key=len)
    return {key: kept[key]}


def _mentions(passage: Passage, vocab: Vocab) -> Iterator[_Mention]:
    rules, text = vocab.clusters, passage.text
    if not rules.hint.search(text):
        return
    numbered = list(rules.numbered.finditer(text))
    for match in numbered:
        authority = _authority(text, match.end(), vocab)
        for label in (match["n"] or match["n2"], match["more"]):
            if label:
                number: int | str = int(label) if label.isdigit() else label.upper()
                subject = not _in_passing(text, match.start(), match.end(), vocab)
                yield _Mention(number, authority, passage, match.start(), match.end(), subject)
    if numbered:
        return
    for pattern in (rules.named, rules.lettered):
        for match in pattern.finditer(text):
            end = rules.name_end.search(text, match.start("name") + 4, match.end("name"))
            stop = end.start() if end else match.end("name")
            if body := rules.name_body.search(text, match.start("name") + _NAMED, stop):
                stop = body.start()
            name = squeeze(text[match.start("name") : stop])
            if len(name.split()) > (1 if pattern is rules.lettered else 3):
                name = name[0].upper() + name[1:]
                subject = not _in_passing(text, match.start("name"), stop, vocab)
                yield _Mention(name, _authority(text, stop, vocab), passage, match.start("name"), stop, subject)


def _in_passing(text: str, start: int, end: int, vocab: Vocab) -> bool:
    """Whether the cluster at `start` is a guest, or its own meeting is another one."""
    rules = vocab.clusters
    return bool(rules.in_passing.match(text, end) or rules.guest.search(text, max(0, start - _GUEST), start))


def _authority(text: str, end: int, vocab: Vocab) -> str | None:
    """Return the body whose cluster it is when it is printed right behind the cluster."""
    link = vocab.clusters.authority_link.match(text, end)
    unit = units.unit_at(text, link.end() if link else end, vocab)
    if unit is None:
        letters = vocab.units.acronyms.match(text, link.end() if link else end)
        return letters.group() if letters else None
    name = unit.name
    if name.startswith(vocab.units.police_head) and not vocab.units.police_body.match(name):
        return None
    return name


def _worked_out(
    titles: Sequence[Passage], body: Sequence[Passage], members: Sequence[Found[str]], vocab: Vocab
) -> str | None:
    """Work the authority out of what the text says: assigned by the Ministry, or made up of one body's own units."""
    rules = vocab.clusters
    texts = [passage.text for passage in (*titles, *body)]
    if any(rules.ministry_says.search(text) for text in texts):
        return rules.ministry
    for text in texts:
        if rules.hint.search(text) and (body_named := _assigning(text, vocab)):
            return body_named
    if members and all(vocab.units.police_local.match(member.value) for member in members):
        bodies = {
            unit.name for text in texts for unit in units.find(text, vocab) if vocab.units.police_body.match(unit.name)
        }
        full = {name for name in bodies if len(name.split()) > 3}
        if len(full) == 1:
            return full.pop()
        if not full and vocab.units.police_province in bodies:
            return vocab.units.police_province
    return None


def _assigning(text: str, vocab: Vocab) -> str | None:
    """Return the body that made the clusters: "do UBND tỉnh phân chia"."""
    rules = vocab.clusters
    for match in rules.assigned.finditer(text):
        unit = units.unit_at(text, match.end(), vocab)
        if unit and rules.assigned_verb.match(text, unit.end) and not unit.name.startswith(vocab.units.police_head):
            return unit.name
    return None


@dataclass(frozen=True, slots=True)
class _Role:
    role: LeadRole
    start: int
    end: int


def leads(
    passages: Sequence[Passage],
    members: Sequence[Found[str]],
    year: Found[int] | None,
    meeting: Found[Kind] | None,
    vocab: Vocab,
) -> tuple[Lead, ...]:
    """Return who leads the cluster, and to whom the lead is handed, one entry for each role, unit and year."""
    full = units.InFull("\n".join(passage.text for passage in passages), vocab.units)
    reader = _Leadership(tuple(member.value for member in members), year, meeting, vocab, full)
    found: dict[tuple[str, str, int | None], Lead] = {}
    for passage in passages:
        if not vocab.clusters.role_hint.search(passage.text):
            continue
        last: int | None = None
        for start, end in passage.sentences():
            stated = list(reader.read(passage, start, end, last))
            last = max((lead.year for lead in stated if lead.year is not None), default=None)
            for lead in stated:
                found.setdefault((lead.role, lead.unit.casefold(), lead.year), lead)
    dated = {(role, unit) for role, unit, lead_year in found if lead_year is not None}
    return tuple(
        lead for (role, unit, lead_year), lead in found.items() if lead_year is not None or (role, unit) not in dated
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    """A role tied to a unit, with the year printed beside them; `handed` when the role is new to the unit."""

    role: _Role
    unit: units.Unit
    year: int | None
    handed: bool


@dataclass(frozen=True, slots=True)
class _Leadership:
    """Reads who leads out of one sentence at a time, knowing the cluster's members and the campaign."""

    members: tuple[str, ...]
    year: Found[int] | None
    meeting: Found[Kind] | None
    vocab: Vocab
    full: units.InFull

    def read(self, passage: Passage, begin: int, stop: int, last: int | None) -> Iterator[Lead]:
        """Yield the leads that one sentence states; a deputy without a year takes `last`, its leader's before it."""
        if not self.vocab.clusters.role_hint.search(passage.text, begin, stop):
            return
        text = self.vocab.clusters.office_unit.sub(_capitalised, passage.text[begin:stop])
        tied, handing = self._ties(text)
        ties = [*self._years_dealt_out(tied), *handing]
        rules = self.vocab.clusters
        current = self.meeting is not None and self.meeting.value != "tong-ket"
        for tie in ties:
            rule = "lead_handed" if tie.handed else "lead_named"
            evidence = passage.evidence(begin + tie.unit.start, begin + tie.unit.end, rule)
            year = tie.year or (last if tie.role.role == "pho" else None)
            opening = rules.sentence_year.match(text)
            if year is None and not tie.handed and opening:
                year = int(opening["y"])
            if year is None and self.year is not None and (current or not tie.handed):
                evidence = dataclasses.replace(evidence, grade="worked-out")
                year = self.year.value
            yield Lead(tie.role.role, self._as_listed(self.full.name(tie.unit.name)), year, evidence)

    def _as_listed(self, name: str) -> str:
        """Return a unit's name as the list of members has it: "BĐBP Quảng Bình" where it says "BĐBP các tỉnh"."""
        inside = self.vocab.units.level_inside
        return next((member for member in self.members if inside.sub(" ", member, count=1) == name), name)

    def _roles(self, text: str) -> list[_Role]:
        """Return the roles that a sentence names; two side by side ("Cụm trưởng, Cụm phó") cannot be dealt out."""
        found = [
            _Role(role, match.start(), match.end())
            for role, pattern in self.vocab.clusters.roles
            for match in pattern.finditer(text)
        ]
        found.sort(key=lambda role: (role.start, -role.end))
        apart = [role for i, role in enumerate(found) if i == 0 or role.start >= found[i - 1].end]
        beside = {
            i + shift
            for i, (one, other) in enumerate(itertools.pairwise(apart))
            if self.vocab.clusters.beside.fullmatch(text, one.end, other.start)
            for shift in (0, 1)
        }
        return [role for i, role in enumerate(apart) if i not in beside]

    def _ties(self, text: str) -> tuple[list[_Tie], list[_Tie]]:
        """Return the units tied to the roles of a sentence, and those on the other side of a handover."""
        roles = self._roles(text)
        named = self._units(text) if roles else []
        bounds = [0, *(role.end for role in roles)], [*(role.start for role in roles[1:]), len(text)]
        ties: list[_Tie] = []
        handing: list[_Tie] = []
        for role, previous, following in zip(roles, *bounds, strict=False):
            tie = self._before(text, role, previous, named)
            if tie is None or not text[tie.unit.end : role.start].strip(" ,"):
                behind = self._after(text, role, following, named)
                dated = tie is not None and tie.year is not None and not tie.handed
                tie = tie if dated and behind and behind.handed else behind or tie
            if tie is not None:
                ties += [tie, *self._beside(text, tie, previous, following, named)]
                handing += self._handing_on(text, tie, (previous, following), named)
        return ties, handing

    def _units(self, text: str) -> list[units.Unit]:
        """Return the units of a sentence, and the members that it names without a head of their own."""
        named = [unit for unit in units.find(text, self.vocab) if not units.is_several(unit.name)]
        for member in self.members:
            at = text.find(member)
            if at >= 0 and not any(unit.start < at + len(member) and at < unit.end for unit in named):
                named.append(units.Unit(at, at + len(member), member))
        return sorted(named, key=lambda unit: unit.start)

    def _handing_on(self, text: str, tie: _Tie, bounds: tuple[int, int], named: Sequence[units.Unit]) -> Iterator[_Tie]:
        """Yield the other side of a handover: who led before, or to whom it goes on, both of the leader's role.

        "X bàn giao nhiệm vụ Cụm trưởng năm 2015 cho Y", "Y thay X làm Cụm trưởng": X led until then, in the campaign
        under review. "X hoàn thành nhiệm vụ Cụm trưởng và giao lại cho Y đảm nhận năm 2015": Y leads next.
        """
        rules, role = self.vocab.clusters, tie.role
        if role.role != "truong":
            return
        review = self.meeting is not None and self.meeting.value == "tong-ket" and self.year is not None
        for unit in named:
            if unit.end <= bounds[0] or unit.start >= bounds[1] or unit.name == tie.unit.name:
                continue
            alike = unit.name in self.members or unit.name.split()[:2] == tie.unit.name.split()[:2]
            alike = alike and not self.vocab.units.level_last.search(unit.name)
            gives = unit.end <= role.start < tie.unit.start and rules.outgoing.match(text[unit.end : role.start])
            replaced = tie.unit.end <= unit.start and rules.replaces.fullmatch(text[tie.unit.end : unit.start])
            if review and alike and tie.handed and (gives or replaced):
                assert self.year is not None  # noqa: S101  # for the type checker
                yield _Tie(role, unit, self.year.value, False)
            elif role.end <= unit.start and not tie.handed and rules.incoming.fullmatch(text[role.end : unit.start]):
                year = rules.role_year.match(text[unit.end :])
                yield _Tie(role, unit, int(year["y"]) if year else None, True)

    def _beside(
        self, text: str, tie: _Tie, previous: int, following: int, named: Sequence[units.Unit]
    ) -> Iterator[_Tie]:
        """Yield the second of two deputies: "X và Y làm Cụm phó"; a cluster has one leader."""
        if tie.role.role != "pho":
            return
        for unit in named:
            before = previous <= unit.start and unit.end <= tie.unit.start <= tie.role.start
            after = tie.role.end <= tie.unit.end <= unit.start < following
            between = text[unit.end : tie.unit.start] if before else text[tie.unit.end : unit.start]
            if (before or after) and self.vocab.clusters.beside.fullmatch(between):
                yield dataclasses.replace(tie, unit=unit)

    def _years_dealt_out(self, ties: list[_Tie]) -> list[_Tie]:
        """Give the year printed once for several: "A làm Cụm trưởng, B làm Cụm phó năm 2019"."""
        known: int | None = None
        for i in reversed(range(len(ties))):
            alike = i + 1 == len(ties) or ties[i].handed or not ties[i + 1].handed
            if ties[i].year is None and alike and known is not None:
                ties[i] = dataclasses.replace(ties[i], year=known)
            known = ties[i].year
        for i in range(1, len(ties)):
            if ties[i].year is None:
                ties[i] = dataclasses.replace(ties[i], year=ties[i - 1].year)
        return ties

    def _before(self, text: str, role: _Role, previous: int, named: Sequence[units.Unit]) -> _Tie | None:
        """Tie the unit that stands before the role, as in "X là Cụm trưởng"."""
        rules = self.vocab.clusters
        for unit in reversed(named):
            if not previous <= unit.end <= role.start:
                continue
            between = self.vocab.units.person_between.sub("", text[unit.end : role.start], count=1)
            if rules.unit_then_role.match(between):
                handed = rules.handover.search(between) or rules.handover.search(
                    text, max(0, unit.start - 40), unit.start
                )
                replaced = (one for one in named if rules.replaces.fullmatch(text[one.end : unit.start]))
                new = next(replaced, None)
                chosen = new or unit
                return _Tie(role, chosen, self._year_beside(text, role, chosen), bool(handed or new))
        opened = _opened(text, previous, role.start)
        if opened is None:
            return None
        stretch = text[slice(*opened)]
        begin = joined.end() if (joined := rules.beside.match(stretch)) else 0
        bare = squeeze(stretch[begin:]).casefold()
        for member in self.members:
            place = " ".join(member.casefold().split()[-2:])
            if bare.endswith((member.casefold(), f" {place}")) or member.casefold().endswith(f" {bare}"):
                unit = units.Unit(*opened, member)
                return _Tie(role, unit, self._year_beside(text, role, unit), False)
        return None

    def _after(self, text: str, role: _Role, following: int, named: Sequence[units.Unit]) -> _Tie | None:
        """Tie the unit that stands behind the role, as in "bàn giao đơn vị Cụm trưởng năm 2023 cho X"."""
        rules = self.vocab.clusters
        near, far = rules.role_then_unit
        handed = bool(rules.handover.search(text, max(0, role.start - 60), role.start))
        for unit in named:
            if not role.end <= unit.start < following:
                continue
            between = text[role.end : unit.start]
            if _CLUSTER_COMMA.search(between):
                continue
            new = handed or bool(rules.handover.search(between))
            spoken_for = rules.on_behalf.search(text, max(0, role.start - _GUEST), role.start)
            if (
                not between.strip()
                or near.match(between)
                or (new and far.match(between))
                or (spoken_for and rules.office_of.match(between))
            ):
                return _Tie(role, unit, self._year_beside(text, role, unit), new)
        return None

    def _year_beside(self, text: str, role: _Role, unit: units.Unit) -> int | None:
        """Return the year printed beside a role: behind it, or right before the unit."""
        rules = self.vocab.clusters
        if self.year is not None and rules.next_year.match(text[role.end :]):
            return self.year.value + 1
        match = rules.role_year.match(text[role.end :])
        if match is None and unit.start >= role.end:
            match = rules.role_year.match(text[unit.end :])
        match = match or rules.year_unit.search(text[: min(unit.start, role.start)])
        return int(match["y"]) if match else None


def _opened(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return the stretch before a bracket that `text[begin:end]` ends in: "Tổng cục II (" with nothing in between."""
    before = text[begin:end].rstrip()
    if not before.endswith("("):
        return None
    before = before[:-1].rstrip()
    start = max(len(before) - _OPENED, max(before.rfind(mark) for mark in _NOT_OPENED) + 1, 0)
    start += len(before[start:]) - len(before[start:].lstrip())
    return (begin + start, begin + len(before)) if start < len(before) else None
