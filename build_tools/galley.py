"""A clipping set for its page: all that its page shows but for what the rest of the archive has a say in.

It is plain values throughout, so that it can be kept and sent anywhere at little cost; `pages` puts it in its setting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from build_tools import abbreviations, labels, paths
from build_tools.archive import Meta, values
from build_tools.brief import KICKER, TITLE
from build_tools.fold import squeeze
from build_tools.model import Clipping, Evidence, Record, Segment
from build_tools.prose import Paragraph
from build_tools.shown import Places, Stretch

DESCRIPTION_LENGTH = 200
"""Search engines cut a description at about 160 characters; a little more lets them choose where."""

A_MINUTE = 220
"""Syllables that a reader of Vietnamese reads in a minute, at an ordinary pace."""
LONG = 4
"""Minutes from which on a text has a table of contents, when lines head its parts."""
HEAD = 90
"""Characters of a line that may head a part."""

CAPTION, LEDE = "kb-cap", "kb-lede"
_STYLES = {"body": "", "caption": CAPTION}

_NOWHERE: Meta = dict.fromkeys(("line", "start", "end", "rule", "grade", "anchor", "from", "to"))


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
    stretches = list(_stretches(clipping))
    lede = next((each for each in stretches if each.segment.role == "body"), None)
    sentence = first_sentence(lede.text) if lede else 0
    short_forms = abbreviations.load().used([clipping.title, *(each.text for each in stretches)])
    minutes = math.ceil(sum(len(each.text.split()) for each in stretches) / A_MINUTE)
    meta: Meta = {
        "template": "kb-article.html",
        "title": clipping.title,
        "description": _description(lede.text[:sentence] if lede else squeeze(clipping.title)),
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
        "minutes": minutes,
        "contents": _contents(stretches) if minutes >= LONG else [],
        "same_story": None,
        "prev": None,
        "next": None,
        "evidence": _evidence(clipping, stretches),
        "raw": _raw(clipping, stretches),
    }
    paragraphs = (
        Paragraph(anchor, text, *((LEDE, sentence) if lede and anchor == lede.anchor else (_STYLES[segment.role],)))
        for segment, text, anchor in stretches
    )
    return Galley(meta, tuple(paragraphs), short_forms)


def _evidence(clipping: Clipping, stretches: list[_Stretch]) -> Meta:
    """Return where each value comes from: one entry for a single value, parallel entries for several."""
    shown_ = (Stretch(each.anchor, each.text, (each.segment,)) for each in stretches)
    places = Places(clipping, [*_heads(clipping), *shown_])
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


def _contents(stretches: list[_Stretch]) -> list[Meta]:
    """Return the lines that head the parts of a text: short, no sentence, and a longer one after it; two at least."""
    found: list[Meta] = [
        {"text": each.text, "anchor": each.anchor}
        for each, after in pairwise(stretches)
        if each.segment.role == after.segment.role == "body"
        and len(each.text) <= HEAD < len(after.text)
        and each.text[-1].isalnum()
    ]
    return found if len(found) > 1 else []


def _heads(clipping: Clipping) -> Iterator[Stretch]:
    """Yield the headline and the line above it, which the template shows from front matter."""
    for role, anchor, found in (
        ("title", TITLE, clipping.record.title),
        ("kicker", KICKER, clipping.record.kicker),
    ):
        segments = tuple(segment for segment in clipping.segments if segment.role == role)
        if found and segments:
            yield Stretch(anchor, found.value, segments)


def _place(evidence: Evidence, places: Places) -> Meta:
    """Return one value's place: in the raw line, and (`from`, `to`) in the text of the element that shows it."""
    if evidence.grade == "corrected" or evidence.line < 1:
        return _NOWHERE | {"rule": evidence.rule, "grade": evidence.grade}
    anchor, start, end = places.of(evidence)
    return {
        "line": evidence.line,
        "start": evidence.start,
        "end": evidence.end,
        "rule": evidence.rule,
        "grade": evidence.grade,
        "anchor": anchor,
        "from": start,
        "to": end,
    }


def _description(text: str) -> str:
    """Return a sentence cut between words to the length of a description."""
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[: DESCRIPTION_LENGTH + 1].rsplit(" ", 1)[0][:DESCRIPTION_LENGTH].rstrip(" ,;:-–") + "…"


def _raw(clipping: Clipping, stretches: list[_Stretch]) -> list[str | None]:
    """Return the lines of the file, None for a line that stands in the text just so, under the id of its number."""
    shown = {each.anchor: each.text for each in stretches}
    lines = enumerate(clipping.cleaned.raw_lines, 1)
    return [None if line and shown.get(f"dong-{number}") == line else line for number, line in lines]


class _Stretch(NamedTuple):
    """A stretch of text as the page shows it, and the id of its element."""

    segment: Segment
    text: str
    anchor: str


def _stretches(clipping: Clipping) -> Iterator[_Stretch]:
    """Yield each stretch of text with its id: its line, and its place in the line from the second on."""
    seen: dict[int, int] = {}
    for segment in clipping.text():
        place = seen[segment.line] = seen.get(segment.line, 0) + 1
        anchor = f"dong-{segment.line}-{place}" if place > 1 else f"dong-{segment.line}"
        yield _Stretch(segment, squeeze(segment.text), anchor)


_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]]*+(?=\s)""")
_NEXT = re.compile(r"""\s+["'“‘«(\[\-–—]*\s*(?P<first>[^\W_])""")
_DEPTH = {**dict.fromkeys("“«([‘", 1), **dict.fromkeys("”»)]’", -1)}
_MARK = re.compile(f'[{re.escape("".join(_DEPTH))}"]')
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
        for mark in _MARK.findall(text, seen, found.end()) if nested else ():
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
