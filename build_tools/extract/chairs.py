"""Who presides over the conference: persons beside a verb of presiding, said of this meeting and of no other.

A wrong chair is worse than a missing one: a sentence in which anything points elsewhere gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from build_tools.extract.passage import Passage
from build_tools.model import Cluster, Evidence, Found, Person
from build_tools.patterns import words_of
from build_tools.vocab import UPPER, Vocab

_BRACKETS = re.compile(r"\([^()]{0,120}\)")
_CAPITALISED = re.compile(rf"(?<!\w)[{UPPER}]\w*")
_BULLET = re.compile(r"\s*[-–—+•*]\s*")
_CLAUSE_END = re.compile(r"[.;](?=\s|\Z)")
_PHRASE = 250
"""Characters behind a meeting's name in which stands whose meeting it is."""
_BESIDE = 260
"""Characters between a name and what it belongs to: an office of 170, a note and the next person's office."""
_ADVERBS = 80
_DAYS = 3
"""Days that a conference may last, and by which a day in a sentence may differ from its first."""
_SENTENCE_MAX = 4_000
"""Characters of sentences that semicolons join; the longest single one in 57,726 paragraphs of news has 1,888."""
_VERBS = 6
"""Verbs that are looked at in a sentence; those of the labelled clippings and of 1,002 news articles have up to 4."""
_FULL_DATE = len("2023-12-31")


@dataclass(frozen=True, slots=True)
class Conference:
    """What is known of the meeting that is told of: its clusters' numbers, its first day, years it may be named by."""

    numbers: frozenset[int]
    years: frozenset[int]
    day: date | None

    @classmethod
    def of(
        cls,
        clusters: Sequence[Cluster],
        year: Found[int] | None,
        day: Found[str] | None,
        published: Found[str] | None,
    ) -> Conference:
        """Make it of the fields of a record; clusters below the line that names the first are named in passing."""
        line = min((cluster.evidence.line for cluster in clusters), default=0)
        named = (cluster.number for cluster in clusters if cluster.evidence.line == line)
        numbers = frozenset(number for number in named if isinstance(number, int))
        years = {int(found.value[:4]) for found in (day, published) if found} | ({year.value} if year else set())
        first = date.fromisoformat(day.value) if day and len(day.value) == _FULL_DATE else None
        return cls(numbers, frozenset(years), first)


def chairs(
    passages: Sequence[Passage], people: Sequence[Person], meeting: Conference, vocab: Vocab
) -> tuple[Found[str], ...]:
    """Return the names of those who preside, each once, in the order of the text."""
    hints = vocab.chairs.hint_words
    first = next((i for i, passage in enumerate(passages) if not hints.isdisjoint(words_of(passage.text))), None)
    if first is None or not people:
        return ()
    found: dict[str, Found[str]] = {}
    names, listed = _People.of(people), False
    for passage in passages[first:]:
        bullet = _BULLET.match(passage.text) if listed else None
        if bullet:
            for hit in _Sentence.of(passage.text, names, meeting, vocab).bulleted(bullet.end()):
                found.setdefault(hit.name, Found(hit.name, passage.evidence(hit.start, hit.end, "chair_listed")))
        listed = bullet is not None
        if hints.isdisjoint(words_of(passage.text)):
            continue
        for name, evidence in _told(passage, names, meeting, vocab):
            found.setdefault(name, Found(name, evidence))
        listed = passage.text.rstrip().endswith(":") and _opens_list(passage, meeting, vocab)
    return tuple(found.values())


def _told(passage: Passage, names: _People, meeting: Conference, vocab: Vocab) -> Iterator[tuple[str, Evidence]]:
    for begin, stop in _sentences(passage):
        if vocab.chairs.hint.search(passage.text, begin, stop):
            sentence = _Sentence.of(passage.text[begin:stop], names, meeting, vocab)
            for rule, hit in sorted(sentence.hits(), key=lambda pair: pair[1].start):
                yield hit.name, passage.evidence(begin + hit.start, begin + hit.end, rule)


def _opens_list(passage: Passage, meeting: Conference, vocab: Vocab) -> bool:
    """Whether a passage that ends in a colon says that those who preside are listed below it."""
    begin, stop = list(_sentences(passage))[-1]
    return _Sentence.of(passage.text[begin:stop], _People.of(()), meeting, vocab).opens()


def _sentences(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end; a semicolon ends none, for lists of persons go on behind it."""
    first: int | None = None
    for begin, end in passage.sentences():
        first = begin if first is None else first
        if end - first > _SENTENCE_MAX or not passage.text[begin:end].rstrip().endswith(";"):
            yield first, end
            first = None
    if first is not None:
        yield first, end


@dataclass(frozen=True, slots=True)
class _People:
    """The names of a record's people, and for the first word of each how long the names are that begin with it."""

    names: frozenset[str]
    lengths: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, people: Sequence[Person]) -> _People:
        lengths: dict[str, set[int]] = {}
        for person in people:
            if first := _CAPITALISED.match(person.name):
                lengths.setdefault(first.group(), set()).add(len(person.name))
        names = frozenset(person.name for person in people)
        return cls(names, {first: sorted(several, reverse=True) for first, several in lengths.items()})

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a name begins and ends in a text, the longest of those that begin at one word."""
        floor = 0
        for word in _CAPITALISED.finditer(text):
            start = word.start()
            for length in self.lengths.get(word.group(), ()) if start >= floor else ():
                end = start + length
                if text[start:end] in self.names and not text[end : end + 1].isalnum():
                    yield start, end
                    floor = end
                    break


@dataclass(frozen=True, slots=True)
class _Name:
    """A person's name in a sentence; `head` is where the rank or office before it begins."""

    name: str
    head: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its brackets blanked, the persons in it, and what it must not contradict."""

    text: str
    names: tuple[_Name, ...]
    meeting: Conference
    vocab: Vocab

    @classmethod
    def of(cls, printed: str, people: _People, meeting: Conference, vocab: Vocab) -> _Sentence:
        """Find the persons in a sentence."""
        text = _BRACKETS.sub(lambda match: " " * len(match.group()), printed)
        names: list[_Name] = []
        floor = 0
        for start, end in people.places(text):
            names.append(_Name(text[start:end], _head(text, floor, start, vocab), start, end))
            floor = end
        return cls(text, tuple(names), meeting, vocab)

    def hits(self) -> Iterator[tuple[str, _Name]]:
        """Yield the rule and the person for each who presides; one may come twice."""
        rules = self.vocab.chairs
        if not self.names:
            return
        for under in islice(rules.under.finditer(self.text), _VERBS):
            held = self._under(under.start(), under.end())
            if held and self._fits(under.start(), under.end()):
                yield from (("chair_under", name) for name in held)
        for verb in islice(rules.verb.finditer(self.text), _VERBS):
            start, end = self._verb(verb), verb.end()
            rule, told = "chair_listed", self._listed(start, end)
            if not told:
                rule, told = self._acting(start, end)
            if told and not rules.task.search(self.text, 0, start) and self._fits(start, end):
                yield from ((rule, name) for name in told)

    def _verb(self, verb: re.Match[str]) -> int:
        """Return where a verb begins with the words that lead it in: "đến dự và chủ trì"."""
        led = self.vocab.chairs.adverbs.search(self.text, max(0, verb.start() - _ADVERBS), verb.start())
        return led.start() if led else verb.start()

    def bulleted(self, start: int) -> tuple[_Name, ...]:
        """Return the person who is named first in a line of a list."""
        return self.names[:1] if self.names and self.names[0].head <= start else ()

    def opens(self) -> bool:
        """Whether the sentence ends in the words that open a list of those who preside."""
        return any(
            self._opens(start := self._verb(verb), verb.end(), len(self.text)) and self._fits(start, verb.end())
            for verb in islice(self.vocab.chairs.verb.finditer(self.text), _VERBS)
        )

    def _fits(self, start: int, end: int) -> bool:
        """Whether nothing tells of another conference: its year, its cluster, another time round the verb."""
        years = {int(match.group()) for match in self.vocab.chairs.years.finditer(self.text)}
        numbers = {int(match["n"]) for match in self.vocab.chairs.numbers.finditer(self.text)}
        known = self.meeting
        other_year = years and known.years and not years & known.years
        other_cluster = numbers and known.numbers and not numbers & known.numbers
        return not other_year and not other_cluster and self._same_time(start, end)

    def _same_time(self, start: int, end: int) -> bool:
        """Whether nothing in the clause round `start` to `end` tells of another time, nor before it of another day."""
        rules = self.vocab.chairs
        floor, ceiling = self._clause(start), self._clause_end(end)
        if rules.other_times.search(self.text, floor, ceiling):
            return False
        first = self.meeting.day
        days = [_day(first.year, match) for match in rules.days.finditer(self.text, 0, start)] if first else []
        told = [day for day in days if day]
        return not (first and told) or any(abs((day - first).days) <= _DAYS for day in told)

    def _clause(self, at: int) -> int:
        """Return where the clause begins in which `at` stands."""
        return max((match.end() for match in _CLAUSE_END.finditer(self.text, 0, at)), default=0)

    def _clause_end(self, at: int) -> int:
        ended = _CLAUSE_END.search(self.text, at)
        return ended.start() if ended else len(self.text)

    def _acting(self, start: int, end: int) -> tuple[str, tuple[_Name, ...]]:
        """Return those who preside before a verb: "A và B đồng chủ trì hội nghị", "hội nghị do A chủ trì"."""
        rules = self.vocab.chairs
        subjects = self._subjects(start)
        if not subjects:
            return "", ()
        head = subjects[0].head
        clause = self._clause(head)
        alone = rules.no_object.match(self.text, end)
        if by := rules.by.search(self.text, clause, head):
            said = (alone or rules.by_after.match(self.text, end)) and self._meeting_before(clause, by.start())
            return "chair_by", subjects if said else ()
        said = self._object(end) or (alone and not rules.things.search(self.text, clause, head))
        return "chair_acts", subjects if said else ()

    def _subjects(self, at: int) -> tuple[_Name, ...]:
        """Return the persons of whom the verb at `at` is said, in the order of the text."""
        rules = self.vocab.chairs
        run: list[_Name] = []
        edge = at
        for name in reversed([name for name in self.names if name.end <= at]):
            if not self._beside(name.end, edge):
                break
            run.insert(0, name)
            edge = name.head
        if not run:
            return ()
        first, rest = run[0], tuple(run[1:])
        apart = bool(rest) and self.text[first.end : rest[0].head].rstrip()[-1:] in (",", ";")
        clause = self._clause(first.head)
        before = self.text[clause : first.head]
        if behalf := rules.on_behalf.search(before):
            if rest or not before[: behalf.start()].strip():
                return rest if apart else ()
            return self._subjects(clause + behalf.start())
        if rules.not_subject.search(before):
            return rest if apart else ()
        if rest and rules.attending.search(before):
            return rest[-1:] if apart else ()
        return (first, *rest) if rules.subject.search(before) else ()

    def _beside(self, start: int, stop: int) -> bool:
        """Whether nothing but offices, notes and joining words stands from a name's end to `stop`."""
        rules = self.vocab.chairs
        if stop - start > _BESIDE:
            return False
        first, *pieces = rules.joins.split(self.text[start:stop])
        return not first.strip() and all(self._is_office(piece.strip()) for piece in pieces)

    def _is_office(self, piece: str) -> bool:
        rules = self.vocab.chairs
        if not piece:
            return True
        small = piece[0].lower() + piece[1:]
        return bool(rules.beside.match(piece)) and not rules.busy.search(small)

    def _listed(self, start: int, end: int) -> tuple[_Name, ...]:
        """Return those who are listed behind a verb and its meeting: "Chủ trì hội nghị có các đồng chí: A; B"."""
        first = next((name for name in self.names if name.start >= end), None)
        if first is None:
            return ()
        if self._opens(start, end, first.head):
            return self._following(first, joined=("và", ",", ";"))
        led = self.text[end : first.head].rstrip()
        if led.endswith(",") and self._opens_clause(start) and self._told(end, end + len(led) - 1):
            return (first,)
        return ()

    def _opens_clause(self, start: int) -> bool:
        return bool(self.vocab.chairs.list_before.search(self.text, 0, start))

    def _opens(self, start: int, end: int, stop: int) -> bool:
        """Whether a list of those who preside begins at `stop`, in a clause that opens with the verb."""
        rules = self.vocab.chairs
        if not self._opens_clause(start):
            return False
        for opened in rules.lists.finditer(self.text, end, stop):
            if not self.text[opened.end() : stop].strip():
                return not self.text[end : opened.start()].strip() or self._told(end, opened.start())
        return False

    def _following(self, first: _Name, joined: Sequence[str]) -> tuple[_Name, ...]:
        """Return a person and those who are joined to it; one of whom something else is told ends the list."""
        taken = [first]
        for name in self.names:
            last = taken[-1]
            if name.start <= last.end:
                continue
            words = self.text[last.end : name.head].strip()
            if not words.endswith(tuple(joined)) or not self._beside(last.end, name.head) or self._tells(name):
                break
            taken.append(name)
        return tuple(taken)

    def _tells(self, name: _Name) -> bool:
        """Whether more than an office is said of a person: "B, Phó Giám đốc tham dự"."""
        rules = self.vocab.chairs
        stop = min(self._clause_end(name.end), name.end + _BESIDE)
        pieces = rules.joins.split(self.text[name.end : stop])[:2]
        return bool(pieces[0].strip()) or any(rules.busy.search(piece) for piece in pieces[1:])

    def _under(self, start: int, end: int) -> tuple[_Name, ...]:
        """Return those under whom the meeting was held: "dưới sự chủ trì của A và B"."""
        rules = self.vocab.chairs
        first = next((name for name in self.names if name.start >= end), None)
        if first is None or self.text[end : first.head].strip(" :"):
            return ()
        clause = self._clause(start)
        if self.text[clause:start].strip():
            held = self._meeting_before(clause, start) or (
                rules.own.search(self.text, clause, start) and not rules.things.search(self.text, clause, start)
            )
            return self._following(first, joined=("và", ",", ";")) if held else ()
        taken = self._following(first, joined=("và",))
        main = self.text[taken[-1].end : self._clause_end(taken[-1].end)]
        return taken if rules.meetings.search(main) or rules.own.search(main) else ()

    def _object(self, end: int) -> bool:
        """Whether what is presided over, behind the verb, is the meeting that is told of."""
        start = _past_space(self.text, end)
        return self._told(end, len(self.text)) or bool(self.vocab.chairs.purposes_alone.match(self.text, start))

    def _told(self, end: int, stop: int) -> bool:
        """Whether the words from `end` on name the meeting that is told of."""
        text = self.text[:stop]
        meeting = self.vocab.chairs.meetings.match(text, _past_space(text, end))
        return meeting is not None and self._is_own(text, meeting.end())

    def _is_own(self, text: str, end: int) -> bool:
        """Whether the meeting whose name ends at `end` is not told to be another: by its purpose, or by its body."""
        rules = self.vocab.chairs
        if rules.bare_after.match(text, end) or rules.own_after.match(text, end):
            return True
        purpose = rules.purposes.match(text, _past_space(text, end))
        if not purpose:
            return False
        if rules.purpose_bare.match(text, purpose.end()):
            return True
        phrase = text[end : min(self._clause_end(end), end + _PHRASE)]
        return bool(rules.own.search(phrase)) and not rules.others.search(phrase)

    def _meeting_before(self, start: int, stop: int) -> bool:
        """Whether a clause tells of the meeting, and of nothing else behind it that could be presided over."""
        rules = self.vocab.chairs
        clause = self.text[start:stop]
        last = next(reversed(list(rules.meetings.finditer(clause))), None)
        return (
            last is not None
            and bool(rules.meeting_after.search(clause[: last.start()]))
            and self._is_own(clause, last.end())
            and not rules.things.search(clause, last.end())
        )


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _day(year: int, match: re.Match[str]) -> date | None:
    """Return the day that a match names in a year, None when there is no such day."""
    try:
        return date(year, int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _head(text: str, floor: int, start: int, vocab: Vocab) -> int:
    """Return where the rank, form of address or office begins that stands right before a name."""
    rules = vocab.chairs
    floor = max(floor, start - _BESIDE)
    floor = max(floor, text.rfind(".", floor, start) + 1)
    for joined in rules.joins.finditer(text, floor, start):
        floor = joined.end()
    for title in rules.title.finditer(text, floor, start):
        if not rules.busy.search(text, title.end(), start):
            return title.start()
    return start
