"""Reads the index and answers queries: what the browser's engine must find, for tests and tools.

What a query means is said in `docs/search-index.md`. Nothing is fetched twice; a shard is read when it is asked for.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from build_tools.fold import fold
from build_tools.search import shards
from build_tools.search.index import EPOCH, FOLDER, MANIFEST, VERSION
from build_tools.search.postings import Scale
from build_tools.search.shards import Entry
from build_tools.search.tokens import table, ways, words

MAX_WORDS = 32
MOST_SHARDS = 3
"""Shards that are looked into for words with one beginning; of more only the first."""
BEGINNING = 0.5
"""What a word that only begins with what was typed is worth, against the word itself."""
WHOLE = 1e3
"""What lifts the word itself above words that only begin with it."""
ADJACENT, ANY_WORD = 1e6, 1e5
"""What lifts neighbours above all words, and documents with more of the words above those with fewer."""

Scores = dict[int, float]
"""What each document is worth, by its number."""


class Word(NamedTuple):
    """A word of a query: its term, how it is written (0: any way), and whether it is only a beginning."""

    term: str
    form: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Words that follow one another; of a phrase the neighbours are demanded."""

    words: tuple[Word, ...]
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks for; `fields` are (field, value) as typed."""

    runs: tuple[Run, ...] = ()
    without: tuple[tuple[Word, ...], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> list[Word]:
        """The words, each once, in order."""
        found: dict[tuple[str, int], Word] = {}
        for word in (word for run in self.runs for word in run.words):
            if word.open or word[:2] not in found:
                found[word[:2]] = word
        return list(found.values())

    @property
    def pairs(self) -> dict[tuple[Word, Word], bool]:
        """The neighbours, each once, and whether they are demanded."""
        found: dict[tuple[Word, Word], bool] = {}
        for run in self.runs:
            for pair in itertools.pairwise(run.words):
                found[pair] = found.get(pair, False) or run.phrase
        return found


_PART = re.compile(
    r"(?P<minus>(?:(?<=[\s(])|^)[-−–](?=[\"“”„«]|[^\W_]))?"
    r"(?:(?:(?P<field>[^\W\d_]{2,7}):(?=\S))?[\"“”„«](?P<quoted>[^\"“”„»]*)[\"“”„»]?"
    r"|(?:(?P<name>[^\W\d_]{2,7}):)?(?P<bare>[^\s\"“”„«»]+))"
)
_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?")
_YEAR = re.compile(r"[0-9]{4}")
_SHORT_NUMBER = re.compile(r"[0-9]{1,2}")
FIELDS = ("nam", "cum", "nguon", "loai", "nguoi", "donvi", "tu", "den")


def parse(text: str, *, typing: bool = True) -> Query:
    """Return what a query asks for; `typing`: its last word, when no space follows, is a beginning."""
    runs: list[Run] = []
    without: list[tuple[Word, ...]] = []
    fields: list[tuple[str, str]] = []
    room, joined = MAX_WORDS, False
    for part in _PART.finditer(text):
        name = part["field"] or part["name"]
        content = part["bare"] if part["quoted"] is None else part["quoted"]
        field = fold(name) if name else None
        if field in FIELDS and not part["minus"] and _can_be(field, content):
            fields.append((field, content.strip()))
            joined = False
            continue
        found = tuple(Word(*word) for word in words(f"{name}:{content}" if name else content)[:room])
        room -= len(found)
        if not found:
            continue
        if part["minus"]:
            without.append(found)
        elif part["quoted"] is not None:
            runs.append(Run(found, phrase=True))
        else:
            if (
                typing
                and part.end() == len(text)
                and text[-1].isalnum()
                and not _SHORT_NUMBER.fullmatch(found[-1].term)
            ):
                found = (*found[:-1], found[-1]._replace(open=True))
            runs = [*runs[:-1], Run(runs[-1].words + found)] if joined else [*runs, Run(found)]
        joined = not part["minus"] and part["quoted"] is None
    return Query(tuple(runs), tuple(without), tuple(fields))


def _can_be(field: str, content: str) -> bool:
    if field in ("tu", "den"):
        return _month(content, last=False) is not None
    return bool(_YEAR.fullmatch(content.strip())) if field == "nam" else bool(words(content))


def _month(text: str, *, last: bool) -> tuple[int, int] | None:
    """Return (year, month) of "2020-01"; of a year alone its first or last month."""
    found = _MONTH.fullmatch(text.strip())
    if not found:
        return None
    month = int(found[2]) if found[2] else 12 if last else 1
    return (int(found[1]), month) if 1 <= month <= 12 else None


class Hit(NamedTuple):
    """A document that was found, and what it is worth."""

    document: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query finds, best first, of equals the newest.

    `mode`: "browse" (no words: all documents), "all" (they have all words), "marks" (with other marks), "any" (some of
    the words), "none".
    """

    mode: str
    hits: tuple[Hit, ...] = ()

    @property
    def documents(self) -> list[int]:
        """The documents found, best first."""
        return [hit.document for hit in self.hits]


class IndexReadError(ValueError):
    """An index that cannot be read; the message names the file."""


class Index:
    """An index: a site's folder, or its files by their names in the site."""

    def __init__(self, source: Path | Mapping[str, bytes]) -> None:
        self._source = source
        self._shards: dict[str, dict[str, list[Entry]]] = {}
        self.read: list[str] = []
        """The files that were read, in order."""
        self.manifest: dict[str, Any] = self._json(MANIFEST)
        if self.manifest.get("version") != VERSION:
            raise IndexReadError(f"{MANIFEST}: not of version {VERSION} (build the site anew)")
        self.documents: int = self.manifest["documents"]
        scale = Scale(**self.manifest["weights"])
        self._weights = [scale.weight(number) for number in range(256)]

    def _bytes(self, name: str) -> bytes:
        try:
            data = self._source[name] if isinstance(self._source, Mapping) else (self._source / name).read_bytes()
            self.read.append(name)
            return shards.unpacked(data)
        except (OSError, EOFError, KeyError, ValueError) as error:
            raise IndexReadError(f"{name}: cannot be read (build the site anew): {error}") from error

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self._bytes(name))
        except ValueError as error:
            raise IndexReadError(f"{name}: cannot be read (build the site anew): {error}") from error

    def _shard(self, family: str, place: int) -> dict[str, list[Entry]]:
        name = self.manifest[family]["files"][place]
        if name not in self._shards:
            try:
                self._shards[name] = dict(shards.read(self._bytes(FOLDER + name), shards.WORDS[family]))
            except ValueError as error:
                raise IndexReadError(f"{name}: cannot be read (build the site anew): {error}") from error
        return self._shards[name]

    def entries(self, family: str, term: str) -> list[Entry]:
        """Return the entries of a term in "words" or "pairs"."""
        place = bisect_right(self.manifest[family]["firsts"], term) - 1
        return self._shard(family, place).get(term, []) if place >= 0 else []

    def beginnings(self, family: str, start: str) -> Iterator[tuple[str, list[Entry]]]:
        """Yield the terms that begin with `start`; when they stand in many shards, those of the first."""
        firsts = self.manifest[family]["firsts"]
        if not firsts:
            return
        first = max(0, bisect_right(firsts, start) - 1)
        others = itertools.takewhile(lambda place: firsts[place].startswith(start), range(first + 1, len(firsts)))
        places = [first, *itertools.islice(others, MOST_SHARDS)]
        for place in places if len(places) <= MOST_SHARDS else places[:1]:
            yield from ((term, found) for term, found in self._shard(family, place).items() if term.startswith(start))

    def card(self, document: int) -> list[Any]:
        """Return what a result shows of a document: address, title, and so on."""
        chunk = self.manifest["chunk"]
        return list(self._json(FOLDER + self.manifest["cards"][document // chunk])[document % chunk])

    @cached_property
    def _facets(self) -> dict[str, Any]:
        return {**self._json(FOLDER + self.manifest["facets"]), **self._json(FOLDER + self.manifest["names"])}

    # Lists of documents

    def _gather(self, parts: Iterable[tuple[Entry, float]]) -> Scores:
        sums: Scores = {}
        for entry, factor in parts:
            for document, weight in zip(entry.documents, entry.weights, strict=True):
                sums[document] = sums.get(document, 0.0) + self._weights[weight] * factor
        rarity = math.log(1 + (self.documents - len(sums) + 0.5) / (len(sums) + 0.5))
        return {document: score * rarity for document, score in sums.items()}

    def _list(self, family: str, term: str, opens: bool, fits: Callable[[bytes], bool]) -> Scores:
        if not opens:
            return self._gather((entry, 1.0) for entry in self.entries(family, term) if fits(entry.form))
        found = [(one == term, entry) for one, entries in self.beginnings(family, term) for entry in entries]
        parts = [(whole, entry) for whole, entry in found if fits(entry.form)]
        exact = self._gather((entry, 1.0) for whole, entry in parts if whole)
        begun = self._gather((entry, BEGINNING) for whole, entry in parts if not whole)
        return begun | {document: score + WHOLE for document, score in exact.items()}

    def word(self, word: Word) -> Scores:
        """Return the documents of a word."""
        return self._list("words", word.term, word.open, lambda form: fits(form[0], word))

    def pair(self, first: Word, second: Word) -> Scores:
        """Return the documents in which two words are neighbours."""
        first = first._replace(open=False)
        return self._list(
            "pairs",
            f"{first.term} {second.term}",
            second.open,
            lambda form: fits(form[0], first) and fits(form[1], second),
        )

    def _phrase(self, run: tuple[Word, ...]) -> Scores:
        return _all([self.pair(*pair) for pair in itertools.pairwise(run)] or [self.word(run[0])])

    # Answers

    def search(self, text: str, *, typing: bool = True) -> Answer:
        """Answer a query; without `typing`, its last word is a beginning only when it finds nothing as a word."""
        answer = self._answer(parse(text, typing=typing))
        if not typing and answer.mode in ("any", "none"):
            beginning = self._answer(parse(text))
            if beginning.mode in ("all", "marks"):
                return beginning
        return answer

    def _answer(self, query: Query) -> Answer:
        mode, scores = self._found(query)
        for run in query.without:
            gone = self._phrase(run)
            scores = {document: score for document, score in scores.items() if document not in gone}
        if query.fields:
            scores = {document: score for document, score in scores.items() if self._passes(document, query.fields)}
        if mode == "any" and not scores:
            mode = "none"
        return Answer(mode, tuple(Hit(*hit) for hit in sorted(scores.items(), key=lambda hit: (-hit[1], -hit[0]))))

    def _found(self, query: Query) -> tuple[str, Scores]:
        if not query.runs:
            asked = query.without or query.fields
            return ("browse", dict.fromkeys(range(self.documents), 0.0)) if asked else ("none", {})
        # A word that no document has with these marks may have others; when the words do not meet, all may.
        relaxed = {word: word if self.word(word) else word._replace(form=0) for word in query.words}
        if found := self.together(query, relaxed):
            return ("all" if all(word == meant for word, meant in relaxed.items()) else "marks"), found
        if found := self.together(query, {word: word._replace(form=0) for word in query.words}):
            return "marks", found
        scores: Scores = {}
        for word in relaxed.values():
            for document, score in self.word(word).items():
                scores[document] = scores[document] + score + ANY_WORD if document in scores else score + ANY_WORD
        return "any", scores

    def together(self, query: Query, meant: Mapping[Word, Word] | None = None, *, tiers: bool = True) -> Scores:
        """Return the documents with all words and every demanded neighbour, by the sum of words and pairs.

        Those with all neighbours stand above the others unless `tiers` is off. `meant` says how words are to be read.
        """
        as_ = {word[:2]: other for word, other in (meant or {}).items()}

        def read(word: Word) -> Word:
            return as_.get(word[:2], word)._replace(open=word.open)

        found = _all([self.word(read(word)) for word in query.words])
        pairs = {(read(one), read(two)): demanded for (one, two), demanded in query.pairs.items()}
        lists = {pair: self.pair(*pair) for pair in pairs}
        for pair, demanded in pairs.items():
            if demanded:
                found = {document: score for document, score in found.items() if document in lists[pair]}
        if not lists:
            return found
        single = [self.word(read(run.words[0])) for run in query.runs if len(run.words) == 1]
        beside = _all(list(lists.values()))
        both = {document: score + sum(one.get(document, 0.0) for one in single) for document, score in beside.items()}
        total = {
            document: score + sum(one.get(document, 0.0) for one in lists.values()) for document, score in found.items()
        }
        if not tiers:
            return total
        return {document: ADJACENT + both[document] if document in both else total[document] for document in found}

    def _passes(self, document: int, fields: Iterable[tuple[str, str]]) -> bool:
        wanted: dict[str, list[str]] = {}
        for field, value in fields:
            wanted.setdefault(field, []).append(value)
        return all(self._has(document, field, values) for field, values in wanted.items())

    def _has(self, document: int, field: str, values: list[str]) -> bool:
        if field in ("tu", "den"):
            day = self._facets["days"][document]
            month = _month(values[-1], last=field == "den")
            if day is None or month is None:
                return False
            year, number = month
            if field == "tu":
                return bool(day >= (date(year, number, 1) - EPOCH).days)
            return bool(day < (date(year + number // 12, number % 12 + 1, 1) - EPOCH).days)
        if field == "nam":
            return str(self._facets["years"][document]) in values
        if field == "loai":
            kind = self._facets["kinds"][document]
            return any(_named(kind or "", value) for value in values)
        column = self._facets[{"cum": "clusters", "nguon": "sources", "nguoi": "people", "donvi": "units"}[field]]
        own = [column["values"][place] for place in column["documents"][document]]
        return any(_named(text, value) for value in values for url, name in own for text in (name, key_of(url)))


def key_of(url: str) -> str:
    """Return a value's key in an address: its page's without the first folder and the last slash."""
    return url.strip("/").partition("/")[2]


def _named(text: str, value: str) -> bool:
    """Return whether a name has the words of a value side by side."""
    asked = [Word(*word) for word in words(value)]
    there = words(text)
    return any(
        all(term == word.term and fits(form, word) for (term, form), word in zip(there[at:], asked, strict=False))
        for at in range(len(there) - len(asked) + 1)
    )


def _all(lists: list[Scores]) -> Scores:
    """Return the documents of all lists, with the sum of what they are worth."""
    least, *others = sorted(lists, key=len)
    return {
        document: score + sum(other[document] for other in others)
        for document, score in least.items()
        if all(document in other for other in others)
    }


def fits(form: int, typed: Word) -> bool:
    """Return whether a word written in one form may be what was typed.

    Of a beginning, the last letter and the tone may still get their marks.
    """
    other = int(table()["other_form"])
    if typed.form in (0, form):
        return True
    if not typed.open or other in (form, typed.form) or (typed.form % 6 and typed.form % 6 != form % 6):
        return False
    asked, given = typed.form // 6, form // 6
    for place, letter in enumerate(typed.term):
        radix = ways(letter)
        value = asked % radix
        if given % radix != value and (value or place < len(typed.term) - 1):
            return False
        asked, given = asked // radix, given // radix
    return True
