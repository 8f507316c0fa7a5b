"""Search documents and the two indexes made from them: one for Material's header box, one for the search page.

Both boxes ask the same engine, `overrides/assets/javascripts/lunr/min/lunr.vi.min.js`. What that file makes of a text
and what this module makes of it are the same (`tests/cases/folding.yaml` drives both): words in lower case and NFC,
old tone places moved ("hoà" is "hòa"), numbers without leading zeros, each word also without marks, and each pair of
neighbouring words as a term of its own, so that neighbours can win.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lunr.builder import Builder

from build_tools import labels
from build_tools.fold import fold, squeeze
from build_tools.model import Clipping, Cluster
from build_tools.paths import roman

MATERIAL_FILE = "search/search_index.json"
PAGE_FILE = "search/kho-bao.json"

FIELDS: Mapping[str, int] = {"title": 8, "text": 1, "facts": 2}
"""What is searched, and how much more a word counts there. `facts` holds what the record says: newspaper, people,
units in full, cluster, dates; the text prints them in other places or cut short."""

SEPARATOR = (
    r"(?:&(?:amp|lt|gt|quot);"
    r"|[\s\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020])+"
)
"""Where Material's worker cuts words: at anything that is no letter, digit or mark, as far as a JavaScript pattern
without flags can say it; the engine cuts off what is left. Escaped marks ("&lt;") are no words."""

MAX_WORD = 40
"""Characters of a word that count; the longest Vietnamese syllable has seven."""

MIN_BLOCK = 80
"""Material shows two blocks with hits, whole: sentences, but none shorter than this unless the paragraph is."""

MAX_SHOWN_WORD = 200
MAX_BLOCKS = 2_000
MAX_TEXT = 400_000
"""Material's worker packs the place of a word into 32 bits: 10 for its length, 12 for the block, 20 for the start.
A clipping beyond these limits is found by what comes before them."""

_TONE_PLACES = {
    old + tone: new
    for pair in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
    for old, new in [(pair, pair[0] + tone + pair[1])]
}
_OLD_TONE = {unicodedata.normalize("NFC", old): unicodedata.normalize("NFC", new) for old, new in _TONE_PLACES.items()}
_NUMBER = re.compile(r"[0-9]+")
_LONG_WORD = re.compile(rf"(\S{{{MAX_SHOWN_WORD}}})\S+")
# Not after "TP." or "5.": four letters before the stop, so that hardly any neighbours are parted.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{4}[.;!?…]) ")
_PAIR = "_"


@dataclass(frozen=True, slots=True)
class Document:
    """A page as search sees it; all texts are plain, NFC, with white space folded.

    `date` is ISO to its true precision, None when unknown; `clusters` are labels as the reader sees them.
    """

    url: str
    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[str, ...] = ()
    title_derived: bool = False
    date: str | None = None
    source: str | None = None
    clusters: tuple[str, ...] = ()


def records(clippings: Iterable[Clipping], urls: Mapping[str, str]) -> list[Document]:
    """Return the document of every clipping that has an address; `urls` is keyed by the raw file's path."""
    return [
        _document(clipping, url)
        for clipping in clippings
        if (url := urls.get(clipping.raw.path.as_posix())) is not None
    ]


def _document(clipping: Clipping, url: str) -> Document:
    record = clipping.record
    return Document(
        url=url,
        title=_plain(clipping.title),
        paragraphs=tuple(_plain(segment.text) for segment in clipping.text()),
        facts=tuple(dict.fromkeys(text for fact in _facts(clipping) if (text := _plain(fact)))),
        title_derived=clipping.title_derived,
        date=clipping.date,
        source=_plain(record.source.value) if record.source else None,
        clusters=tuple(_plain(cluster_label(cluster)) for cluster in record.clusters),
    )


def _facts(clipping: Clipping) -> Iterator[str]:
    record = clipping.record
    yield from (found.value for found in (record.kicker, record.source, record.byline) if found)
    yield from (_reversed_date(found.value) for found in (record.published, record.event_date) if found)
    if record.year:
        yield str(record.year.value)
    yield from (cluster_label(cluster) for cluster in record.clusters if cluster.number and cluster.authority)
    yield from (cluster.authority for cluster in record.clusters if cluster.authority)
    yield from (found.value for found in record.members)
    yield from (lead.unit for lead in record.leads)
    for person in record.people:
        yield " ".join(filter(None, (person.rank, person.name, person.role)))


def _reversed_date(iso: str) -> str:
    """Return an ISO date in the order in which it is typed here: "2022-11-24T17:41" gives "24/11/2022"."""
    return "/".join(reversed(iso[:10].split("-")))


def cluster_label(cluster: Cluster) -> str:
    """Return a cluster's name as the reader sees it."""
    number = cluster.number
    if number is None:
        name = labels.text("cluster.unnumbered")
    elif isinstance(number, int) or roman(number) or len(number) <= 2:
        name = labels.text("cluster.numbered", number=number)
    else:
        name = number
    if cluster.authority is None:
        return labels.text("cluster.without_authority", cluster=name)
    return labels.text("cluster.with_authority", cluster=name, authority=cluster.authority)


def _plain(text: str) -> str:
    return _LONG_WORD.sub(r"\1…", squeeze(unicodedata.normalize("NFC", text)))


def words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: "Khoá 09" gives "khóa", "9"."""
    lowered = unicodedata.normalize("NFC", text.translate(_WITHOUT_INVISIBLE).lower())
    return [word for part in lowered.translate(_WORDS_ALONE).split() if _folded(word := _normal(part))]


class _ByCategory(dict[int, str]):
    """A translation table that looks a character's Unicode category up once."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = changed = character if unicodedata.category(character)[0] in "LNM" else self._change(character)
        return changed


_WITHOUT_INVISIBLE = _ByCategory(lambda c: "" if unicodedata.category(c) == "Cf" else c)
_WORDS_ALONE = _ByCategory(lambda _: " ")


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=1 << 16)
def _normal(word: str) -> str:
    word = word[:MAX_WORD]
    if _NUMBER.fullmatch(word):
        return word.lstrip("0") or "0"
    if word[-2:] in _OLD_TONE and not (word[-2] == "u" and word[-3:-2] == "q"):
        return word[:-2] + _OLD_TONE[word[-2:]]
    return word


def terms(text: str) -> list[str]:
    """Return what is indexed for a paragraph: each word without marks, as written, and with the word before it."""
    found = []
    before = None
    for word in words(text):
        bare = _folded(word)
        found.append(bare)
        if bare != word:
            found.append(word)
        if before is not None:
            found.append(f"{_PAIR}{before}{_PAIR}{bare}")
        before = bare
    return found


def _fields(document: Document) -> dict[str, tuple[str, ...]]:
    return {"title": (document.title,), "text": document.paragraphs, "facts": document.facts}


def material_index(documents: Sequence[Document]) -> str:
    """Return `search_index.json` as Material's worker reads it; it puts title and text into the page as HTML."""
    return _json(
        {
            "config": {
                "lang": ["vi"],
                "separator": SEPARATOR,
                "pipeline": [],
                "fields": {name: {"boost": boost} for name, boost in FIELDS.items()},
            },
            "docs": [
                {
                    "location": document.url,
                    "title": html.escape(document.title, quote=False),
                    "text": _blocks(document.paragraphs),
                    "facts": _blocks(document.facts),
                }
                for document in documents
            ],
        }
    )


def _blocks(paragraphs: Iterable[str]) -> str:
    """Return sentences as blocks, so that a result shows those with a hit; within the worker's limits."""
    kept: list[str] = []
    length = 0
    for sentence in (sentence for paragraph in paragraphs for sentence in _sentences(paragraph)):
        # The space parts the blocks where a style sheet sets them in one line.
        block = f"<p>{html.escape(sentence, quote=False)} </p>"
        length += len(block)
        if length > MAX_TEXT or len(kept) == MAX_BLOCKS:
            break
        kept.append(block)
    return "".join(kept)


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(paragraph):
        if end.start() - start >= MIN_BLOCK:
            yield paragraph[start : end.start()]
            start = end.end()
    if start < len(paragraph):
        yield paragraph[start:]


def index(documents: Sequence[Document]) -> dict[str, object]:
    """Return the lunr index of `documents` in the form that lunr.js loads; references are places in the sequence."""
    if not documents:
        return {"version": "2.3.9", "fields": list(FIELDS), "fieldVectors": [], "invertedIndex": [], "pipeline": []}
    builder = Builder()
    builder.pipeline.reset()
    builder.search_pipeline.reset()
    builder.ref("ref")
    for name, boost in FIELDS.items():
        builder.field(name, boost)
    for place, document in enumerate(documents):
        fields = {name: [t for text in texts for t in terms(text)] for name, texts in _fields(document).items()}
        builder.add({"ref": str(place), **fields})
    serialized: dict[str, object] = builder.build().serialize()
    inverted: list[tuple[str, object]] = serialized["invertedIndex"]  # type: ignore[assignment]
    # lunr.js demands the order of UTF-16, in which an emoji comes before some letters; Python's is by code point.
    serialized["invertedIndex"] = sorted(inverted, key=lambda entry: entry[0].encode("utf-16-be", "surrogatepass"))
    return serialized


def page_index(documents: Sequence[Document]) -> str:
    """Return the search page's file: the index, and what a result shows of each document."""
    return _json({"index": index(documents), "documents": [_shown(document) for document in documents]})


def _shown(document: Document) -> dict[str, object]:
    return {
        "url": document.url,
        "title": document.title,
        "title_derived": document.title_derived,
        "date": document.date,
        "source": document.source,
        "clusters": document.clusters,
        "text": document.paragraphs,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
