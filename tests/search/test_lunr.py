"""What is found, and in which order, against lunr on the same words.

lunr is what MkDocs and Material search with, and its scores are those the index promises: BM25 with boosts, summed over
the fields. Two things of lunr's are set right for the comparison, where it counts differently: a document that has a
term in two fields is one document to its rarity here and two there; a field's length is its words here, and its words
and pairs there. Weights are stored finely (a step of 1.02), so that what is left is rounding: a weight is half a step
off at most, lunr's score by half a thousandth, and in that margin two documents may change places.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lunr.builder
import lunr.index
import pytest
from lunr.builder import Builder
from lunr.field_ref import FieldRef
from lunr.query import Query, QueryPresence

from build_tools.search import Document, index
from build_tools.search.postings import BOOSTS, Scale
from build_tools.search.reader import Index, Run, Word
from build_tools.search.reader import Query as Asked
from build_tools.search.tokens import words

ROOT = Path(__file__).resolve().parents[2]
NEWS = Path(__file__).resolve().parents[3] / "shared" / "news" / "articles.jsonl.gz"
FINE = Scale(0.03, 1.03, 0)
FIELDS = ("title", "facts", "text")
Token = tuple[str, int]


def _idf(posting: dict[str, Any], document_count: int) -> float:
    documents = {document for field, found in posting.items() if field != "_index" for document in found}
    return math.log(1 + abs((document_count - len(documents) + 0.5) / (len(documents) + 0.5)))


def _word(word: Token) -> str:
    return f"{word[0]}\t{word[1]}"


def _terms(texts: Sequence[str], *, marked: bool) -> tuple[list[str], int]:
    """The words and pairs of a field, and how many of them are words."""
    found: list[str] = []
    length = 0
    for text in texts:
        run = [(term, code if marked else 0) for term, code in words(text)]
        length += len(run)
        found += map(_word, run)
        found += [f"{_word(one)} {_word(other)}" for one, other in itertools.pairwise(run)]
    return found, length


def reference(documents: Sequence[Document], monkeypatch: pytest.MonkeyPatch, *, marked: bool) -> lunr.index.Index:
    """A lunr index of the same words, pairs, boosts and lengths."""
    monkeypatch.setattr(lunr.builder, "Idf", _idf)
    builder = Builder()
    builder.pipeline.reset()
    builder.search_pipeline.reset()
    builder.ref("ref")
    for name, boost in zip(FIELDS, BOOSTS, strict=True):
        builder.field(name, boost)
    lengths = {}
    for place, document in enumerate(documents):
        terms = {name: _terms(texts, marked=marked) for name, texts in zip(FIELDS, index.fields(document), strict=True)}
        builder.add({"ref": str(place), **{name: found for name, (found, _) in terms.items()}})
        lengths.update({str(FieldRef(str(place), name)): length for name, (_, length) in terms.items()})
    assert {*builder.field_lengths} == {*lengths}
    builder.field_lengths = lengths
    return builder.build()


def ask(engine: lunr.index.Index, asked: Asked) -> list[tuple[int, float]]:
    """What lunr finds: all words, and the pairs as they come."""
    query = Query(list(FIELDS))
    for term, code, _ in asked.words:
        query.clause(_word((term, code)), presence=QueryPresence.REQUIRED, use_pipeline=False)
    for one, other in asked.pairs:
        query.clause(f"{_word(one[:2])} {_word(other[:2])}", use_pipeline=False)
    return [(int(result["ref"]), result["score"]) for result in engine.query(query)]


def compare(documents: Sequence[Document], monkeypatch: pytest.MonkeyPatch, number: int, *, marked: bool) -> None:
    """Ask both engines about neighbouring words of the documents."""
    if not marked:
        documents = [bare(document) for document in documents]
    engine = reference(documents, monkeypatch, marked=marked)
    read = Index(dict(index.files(documents, scale=FINE)))
    draw = random.Random(11)  # noqa: S311 - the same queries each time
    asked = 0
    while asked < number:
        runs = words(draw.choice(index.fields(draw.choice(documents))[draw.choice((0, 2))] or ("",)))
        size = draw.randint(1, 4)
        if len(runs) <= size:
            continue
        start = draw.randrange(len(runs) - size)
        run = runs[start : start + size]
        if marked and not all(code for _, code in run):
            continue  # a word typed without marks stands for those with marks too, which lunr is not told
        query = Asked((Run(tuple(Word(*word) for word in run)),))
        theirs = ask(engine, query)
        ours = read.together(query, tiers=False)
        assert {document for document, _ in theirs} == {*ours}, query
        # lunr divides by the length of the query's vector, which is the same for all documents.
        scores = {document: score * math.sqrt(len(query.words) + len(query.pairs)) for document, score in theirs}
        best = sorted(ours.items(), key=lambda hit: (-hit[1], -hit[0]))[:10]
        for (document, score), (_, lunrs) in zip(best, theirs, strict=False):
            assert scores[document] == pytest.approx(score, rel=0.016, abs=0.01), query
            assert score >= lunrs * math.sqrt(len(query.words) + len(query.pairs)) * (1 - 0.016) - 0.01, query
        asked += 1


def bare(document: Document) -> Document:
    """The document as one types it without marks."""

    def fold(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(" ".join(term for term, _ in words(text)) for text in texts)

    title, facts, text = map(fold, index.fields(document))
    return Document(document.url, title[0], text, facts)


def unbroken(text: str) -> str:
    """A text without the signs that part neighbours: lunr is given one run a text."""
    return "".join(" " if sign in ".!?…;:" else sign for sign in text)


@pytest.fixture(scope="module")
def mixed() -> list[Document]:
    """The tests' clippings, and documents drawn from their lines until there are 300."""
    clippings = [
        [unbroken(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for path in sorted((ROOT / "tests" / "clippings").glob("*/[0-9]*.txt"))
    ]
    draw = random.Random(5)  # noqa: S311 - the same documents each time
    lines = [line for text in clippings for line in text]
    clippings += [draw.choices(lines, k=draw.randint(3, 12)) for _ in range(300 - len(clippings))]
    return [Document(str(place), title, tuple(text), (fact,)) for place, (title, fact, *text) in enumerate(clippings)]


@pytest.mark.parametrize("marked", [False, True], ids=["without marks", "with marks"])
def test_finds_and_orders_as_lunr(mixed: list[Document], monkeypatch: pytest.MonkeyPatch, marked: bool) -> None:
    compare(mixed, monkeypatch, 100, marked=marked)


@pytest.mark.slow
@pytest.mark.skipif(not NEWS.is_file(), reason="the news articles are not on this machine")
def test_finds_and_orders_as_lunr_in_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = []
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 1_000):
            article = json.loads(line)
            texts = [article["title"], *article["captions"], article["abstract"], *article["paragraphs"]]
            title, *texts = map(unbroken, texts)
            facts = len(article["captions"])
            documents.append(Document(str(len(documents)), title, tuple(texts[facts:]), tuple(texts[:facts])))
    compare(documents, monkeypatch, 300, marked=True)
