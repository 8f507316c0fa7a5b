"""A clipping to its page: front matter that holds every value with its evidence, and the text as Markdown.

The Markdown is plain: a paragraph per stretch of text, each with the id of its line, so that any site generator
that knows attribute lists can take it. All else that a template shows stands in the front matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import yaml

from build_tools import abbreviations, labels, paths
from build_tools.archive import Meta, values
from build_tools.escape import escape
from build_tools.fold import squeeze
from build_tools.model import Clipping, Evidence, Page, Record, Segment
from build_tools.settings import Neighbour, Setting, setting, settings
from build_tools.shown import Places, Stretch

__all__ = ["Setting", "article", "first_sentence", "markdown", "setting", "settings"]

DESCRIPTION_LENGTH = 200
"""Search engines cut a description at about 160 characters; a little more lets them choose where."""


def article(clipping: Clipping, setting: Setting) -> Page:
    """Return a clipping's page; nothing but the clipping and its setting has a say in it."""
    record = clipping.record
    paragraphs = list(_paragraphs(clipping))
    texts = [squeeze(segment.text) for segment, _ in paragraphs]
    short_forms = abbreviations.load().used([clipping.title, *texts])
    meta: Meta = {
        "template": "kb-article.html",
        "title": clipping.title,
        "description": _description(clipping),
        "crumbs": _crumbs(clipping, setting),
        "title_derived": clipping.title_derived,
        "id": paths.article_id(setting.url),
        "sha256": clipping.raw.sha256,
        "date": clipping.date,
        **{name: value for name, value in values(record).items() if name != "title"},
        "file": setting.file,
        "encoding": clipping.cleaned.encoding,
        "corrected": list(clipping.corrected),
        "links": {
            "source": setting.source[0] if setting.source else None,
            "year": paths.year_url(record.year.value) if record.year else None,
            "clusters": [cluster.url for cluster in setting.clusters],
            "members": list(setting.members),
            "leads": list(setting.leads),
            "people": list(setting.people),
        },
        "evidence": _evidence(clipping, paragraphs),
        "abbreviations": [{"short": short, "long": long} for short, long in short_forms.items()],
        "repairs": [{"line": r.line, "before": r.before, "after": r.after} for r in clipping.cleaned.repairs],
        "raw": list(clipping.cleaned.raw_lines),
        "same_story": [other._asdict() for other in setting.story],
        "prev": _neighbour(setting.older),
        "next": _neighbour(setting.newer),
    }
    return Page(paths.page_file(setting.url), meta, _body(paragraphs) + _definitions(short_forms, texts))


def _crumbs(clipping: Clipping, setting: Setting) -> list[Meta]:
    """Return the way down to the article: through its first cluster, else through its year."""
    home: Meta = {"kind": "home", "url": paths.HOME}
    year = clipping.record.year
    if setting.clusters:
        return [home, {"kind": "clusters", "url": paths.CLUSTERS}, {"kind": "cluster", **setting.clusters[0]._asdict()}]
    value = year.value if year else None
    years: Meta = {"kind": "years", "url": paths.YEARS}
    return [home, years, {"kind": "year", "year": value, "url": paths.year_url(value)}]


def _neighbour(other: Neighbour | None) -> Meta | None:
    return {"title": other.title, "url": other.url, "date": other.date} if other else None


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


def _body(paragraphs: list[tuple[Segment, str]]) -> str:
    blocks = []
    lede = next((anchor for segment, anchor in paragraphs if segment.role == "body"), None)
    for segment, anchor in paragraphs:
        text = squeeze(segment.text)
        if anchor == lede:
            end = first_sentence(text)
            rest = escape(text[end:])
            block = f"**{escape(text[:end])}**" + (f" {rest}" if rest else "")
            attributes = f"#{anchor} .kb-lede"
        else:
            block = escape(text)
            attributes = f"#{anchor} .kb-cap" if segment.role == "caption" else f"#{anchor}"
        blocks.append(f"{block}\n{{: {attributes} }}\n")
    return "\n".join(blocks)


def _definitions(short_forms: dict[str, str], texts: list[str]) -> str:
    """Return the Markdown that explains the short forms that stand in `texts`: "*[CATP]: Công an thành phố"."""
    lines = [f"*[{short}]: {long}\n" for short, long in short_forms.items() if any(short in text for text in texts)]
    return "".join(["\n", *lines]) if lines else ""


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


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # libyaml's, where there is one
    """Writes YAML without aliases, and with escapes wherever a line end of any kind stands in a text."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # the name is PyYAML's
        """Write equal lists out twice: a reader need not know YAML's references."""
        return True


_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    style = '"' if _ESCAPED.search(clean) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", clean, style=style)


_Dumper.add_representer(str, _text)


def markdown(page: Page) -> str:
    """Return a page as the Markdown file that is written: front matter, an empty line, the body."""
    meta = yaml.dump(
        page.meta, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=2**31 - 1
    )
    return f"---\n{meta}---\n\n{page.body}" if page.body else f"---\n{meta}---\n"
