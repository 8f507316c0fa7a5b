"""A clipping set for its page: all that its page shows but for what the rest of the archive has a say in.

It is plain values throughout, so that it can be kept and sent anywhere at little cost; `pages` puts it in its setting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from build_tools import abbreviations, labels, paths
from build_tools.archive import Meta, values
from build_tools.fold import squeeze
from build_tools.model import Clipping, Evidence, Record, Segment
from build_tools.prose import Paragraph
from build_tools.shown import Places, Stretch

DESCRIPTION_LENGTH = 200
"""Search engines cut a description at about 160 characters; a little more lets them choose where."""

CAPTION, LEDE = "kb-cap", "kb-lede"


@dataclass(frozen=True, slots=True)
class Galley:
    """A clipping's front matter, with None where its setting has a say; its text; the short forms in it, with long."""

    meta: Meta
    paragraphs: tuple[Paragraph, ...]
    short_forms: Mapping[str, str]

    @property
    def body(self) -> Iterator[str]:
        """The texts of the paragraphs that are no captions."""
        return (one.text for one in self.paragraphs if one.style != CAPTION)


def galley(clipping: Clipping) -> Galley:
    """Return a clipping set for its page; nothing but the clipping has a say in it."""
    record = clipping.record
    paragraphs = list(_paragraphs(clipping))
    texts = [squeeze(segment.text) for segment, _ in paragraphs]
    short_forms = abbreviations.load().used([clipping.title, *texts])
    meta: Meta = {
        "template": "kb-article.html",
        "title": clipping.title,
        "description": _description(clipping),
        "crumbs": None,
        "title_derived": clipping.title_derived,
        "id": None,
        "sha256": clipping.raw.sha256,
        "date": clipping.date,
        **{name: value for name, value in values(record).items() if name != "title"},
        "file": None,
        "encoding": clipping.cleaned.encoding,
        "corrected": list(clipping.corrected),
        "links": {"source": None, "year": paths.year_url(record.year.value) if record.year else None},
        "abbreviations": [{"short": short, "long": long} for short, long in short_forms.items()],
        "repairs": [{"line": r.line, "before": r.before, "after": r.after} for r in clipping.cleaned.repairs],
        "same_story": None,
        "prev": None,
        "next": None,
        "evidence": _evidence(clipping, paragraphs),
        "raw": list(clipping.cleaned.raw_lines),
    }
    return Galley(meta, tuple(_set(paragraphs, texts)), short_forms)


def _set(paragraphs: list[tuple[Segment, str]], texts: list[str]) -> Iterator[Paragraph]:
    lede = next((anchor for segment, anchor in paragraphs if segment.role == "body"), None)
    for (segment, anchor), text in zip(paragraphs, texts, strict=True):
        if anchor == lede:
            yield Paragraph(anchor, text, LEDE, first_sentence(text))
        else:
            yield Paragraph(anchor, text, CAPTION if segment.role == "caption" else "")


def _evidence(clipping: Clipping, paragraphs: list[tuple[Segment, str]]) -> Meta:
    """Return where each value comes from: one entry for a single value, parallel entries for several."""
    places = Places(clipping, [*_heads(clipping), *(Stretch(a, squeeze(s.text), (s,)) for s, a in paragraphs)])
    shown: Meta = {}
    for name in Record.__dataclass_fields__:
        value = getattr(clipping.record, name)
        if name == "title" and value is None:
            value = clipping.derived_title
        if isinstance(value, tuple):
            shown[name] = [_place(item.evidence, places) for item in value]
        elif value is not None:
            shown[name] = _place(value.evidence, places)
    return shown


def _heads(clipping: Clipping) -> Iterator[Stretch]:
    """Yield the headline and the line above it, which the template shows from front matter."""
    for role, anchor, found in (
        ("title", "nhan-de", clipping.record.title),
        ("kicker", "tieu-muc", clipping.record.kicker),
    ):
        segments = tuple(segment for segment in clipping.segments if segment.role == role)
        if found and segments:
            yield Stretch(anchor, found.value, segments)


def _place(evidence: Evidence, places: Places) -> Meta:
    """Return one value's place: in the raw line, and (`from`, `to`) in the text of the element that shows it."""
    corrected = evidence.grade == "corrected" or evidence.line < 1
    shown = None if corrected else places.of(evidence)
    return {
        "line": None if corrected else evidence.line,
        "start": None if corrected else evidence.start,
        "end": None if corrected else evidence.end,
        "rule": evidence.rule,
        "grade": evidence.grade,
        "anchor": shown.anchor if shown else None,
        "from": shown.start if shown else None,
        "to": shown.end if shown else None,
    }


def _description(clipping: Clipping) -> str:
    """Return the beginning of the lead, cut between words; the headline when there is no text."""
    lead = next((squeeze(segment.text) for segment in clipping.text() if segment.role == "body"), "")
    text = lead[: first_sentence(lead)] or squeeze(clipping.title)
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[: DESCRIPTION_LENGTH + 1].rsplit(" ", 1)[0][:DESCRIPTION_LENGTH].rstrip(" ,;:-–") + "…"


def _paragraphs(clipping: Clipping) -> Iterator[tuple[Segment, str]]:
    """Yield each stretch of text with its id: its line, and its place in the line from the second on."""
    seen: Counter[int] = Counter()
    for segment in clipping.text():
        seen[segment.line] += 1
        place = seen[segment.line]
        yield segment, f"dong-{segment.line}" + (f"-{place}" if place > 1 else "")


_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]]*+(?=\s)""")
_NEXT = re.compile(r"""\s+["'“‘«(\[\-–—]*\s*(?P<first>[^\W_])""")
_DEPTH = {**dict.fromkeys("“«([‘", 1), **dict.fromkeys("”»)]’", -1)}
_LIST_MARK = 2
"""Digits of a number that may count the items of a list; a longer one, as a year, ends a sentence."""
_WORD_LENGTH = 20
"""No abbreviation is longer; looking further back would make a text without spaces quadratic."""


def first_sentence(text: str) -> int:
    """Return where the first sentence of `text` ends; its length when it has only one.

    A full stop ends no sentence after an abbreviation, a list's number or a single capital, before a small letter, or
    inside quotes and brackets. When a bracket never closes, brackets do not count.
    """
    return _sentence_end(text, nested=True) or _sentence_end(text, nested=False) or len(text)


def _sentence_end(text: str, *, nested: bool) -> int | None:
    depth = seen = 0
    quoted = False
    for found in _END.finditer(text):
        for mark in text[seen : found.end()] if nested else "":
            depth = max(0, depth + _DEPTH.get(mark, 0))
            quoted ^= mark == '"'
        seen = found.end()
        following = _NEXT.match(text, seen)
        if depth or quoted or (following and following["first"].islower()):
            continue
        if text[found.start()] != "." or not _unfinished(text[max(0, found.start() - _WORD_LENGTH) : found.start()]):
            return seen
    return None


def _unfinished(before: str) -> bool:
    """Tell whether a full stop after the text `before` belongs to its last word: "TP.", "5.", "N."."""
    word = re.split(r"""[\s"'“‘«(\[]""", before)[-1]
    alone = (word.isdigit() and len(word) <= _LIST_MARK) or (len(word) == 1 and word.isupper())
    return not word or alone or word.casefold() in labels.abbreviations()
