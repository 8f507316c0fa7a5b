"""Reads a saved web page: the lines that a reader of the page sees, in its order, and its address.

What stands only in the page's machinery (meta elements, structured data, scripts, hidden parts) is not on it. Nothing
is fetched, and no entity, style or script of the page is carried out. Which lines are the article: `webarticle`.
"""

from __future__ import annotations

import codecs
import copy
import functools
import importlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from build_tools import clean, vocab
from build_tools.errors import ClippingError, MissingLibraryError
from build_tools.fold import squeeze
from build_tools.vocab import Vocab

MAX_BYTES = 20_000_000
"""Saved pages that carry their photographs inside have some megabytes."""
MAX_ELEMENTS = 50_000
MAX_LINES = 10_000
"""Pages of newspapers have up to 5,000 elements and 1,000 lines."""
MAX_DEPTH = 250
"""Elements within each other; the parser leaves out what is deeper than 256."""
MAX_SECONDS = 60.0
"""Seconds that reading one page may take; a page that the other limits let through takes few."""
MAX_URL = 2_000

HEADINGS = ("h1", "h2", "h3", "h4")

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
_UNSEEN = frozenset({
    "applet", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "map", "math", "meter",
    "noscript", "object", "option", "progress", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
})
# fmt: on
_APART_TAGS = frozenset({"aside", "nav"})
_CAPTION_TAGS = frozenset({"caption", "figcaption"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STYLE = 1_000
"""Characters of a class, id or style that are looked at."""
_ADDRESS = re.compile(r"https?://[^/\s<>\"'\\]+/[^\s<>\"'\\]+")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|saved with SingleFile\s+url:\s*(\S+)")
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4_096
_LEGACY = {"cp1258": "cp1258", "cp1252": "cp1252", "iso8859-1": "cp1252", "ascii": "cp1252"}
"""What browsers take a declared encoding for, by the name that Python has for it."""
_INSIDE = re.compile(r"data:[^\"'\s<>)]{200,}")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{5000,}")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(slots=True, eq=False)
class SeenLine:
    """A line as it is seen: the innermost block element round it, and its pieces by inline element.

    `text` has its white space folded; `letters` are its letters and digits, to compare by; `linked` is how many of
    them are links. `apart` is the innermost element round the line that the page calls something beside an article,
    or None; `caption` tells whether the page calls it a caption.
    """

    element: Any
    apart: Any
    caption: bool
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    text: str = ""
    letters: str = ""

    def add(self, text: str | None, is_link: bool) -> None:
        """Add what stands in one inline element."""
        if text:
            self.pieces.append(text)
            self.linked += len(letters(text)) if is_link else 0

    def finish(self) -> bool:
        """Settle the text; say whether anything can be seen."""
        self.text = squeeze(unicodedata.normalize("NFC", "".join(self.pieces)))
        self.letters = letters(self.text)
        return bool(self.text)

    @property
    def is_link(self) -> bool:
        """Whether the line is links and little else."""
        return self.linked > 0 and self.linked >= 0.8 * len(self.letters)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it is seen.

    `main` holds the letters of what trafilatura takes for its main text. `names` are the letters of what the page is
    called in its machinery; they only help to find the headline among the lines. `damage` says what is wrong with its
    bytes when some had to be replaced by U+FFFD.
    """

    lines: tuple[SeenLine, ...]
    main: str
    names: tuple[str, ...] = ()
    url: str | None = None
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class PartNames:
    """How pages name their parts."""

    apart: re.Pattern[str]
    caption: re.Pattern[str]
    headline: re.Pattern[str]


@functools.cache
def part_names() -> PartNames:
    """Return the words that pages use in the classes of their elements."""
    data = vocab.read("webpage")
    return PartNames(*(re.compile(vocab.alternatives(data[part])) for part in ("apart", "caption", "headline")))


@functools.cache
def _libraries() -> tuple[Any, Any, Any]:
    """Return trafilatura, lxml.html and lxml.etree, which come with the extra `html`."""
    try:
        names = ("trafilatura", "lxml.html", "lxml.etree")
        trafilatura, html, etree = (importlib.import_module(name) for name in names)
    except ImportError as error:
        raise MissingLibraryError("what reads web pages is not installed", "html") from error
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return trafilatura, html, etree


def require() -> None:
    """Check that web pages can be read.

    Raises:
        MissingLibraryError: when the extra `html` is not installed.
    """
    _libraries()


def read(data: bytes, name: str, charset: str | None = None) -> WebPage:
    """Return a saved page as it is seen; `charset` is what its server said.

    Raises:
        ClippingError: it is no HTML, in no known encoding, or too large.
        MissingLibraryError: the extra `html` is not installed.
    """
    trafilatura, html, etree = _libraries()
    if len(data) > MAX_BYTES:
        raise ClippingError(f"{name}: {len(data):,} bytes is more than a page can have ({MAX_BYTES:,}); cut it down")
    markup, damage = decode(data, name, vocab.load(), charset)
    root = _parse(html, _bearable(markup), name)
    lines = tuple(line for line in _lines(etree, root) if line.finish())
    if len(lines) > MAX_LINES:
        raise ClippingError(f"{name}: {len(lines):,} lines are more than a page can have ({MAX_LINES:,}); cut it down")
    return WebPage(lines, _main_text(trafilatura, root), tuple(_names(root)), _own_address(root), damage)


def decode(data: bytes, name: str, words: Vocab, charset: str | None = None) -> tuple[str, str | None]:
    """Return the page's markup, and what is wrong with its bytes when some had to be replaced.

    What the bytes prove goes before what server and page declare, for many declare wrongly.

    Raises:
        ClippingError: when neither tells the encoding.
    """
    try:
        return clean.decode(data, name, words.syllables)[0], None
    except ClippingError as error:
        failure = error
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    declared = (found[1] or found[2]).decode("ascii", "replace") if found else None
    for label in filter(None, (charset, declared)):
        try:
            codec = codecs.lookup(label.strip("\"' ")).name
        except (LookupError, ValueError):
            continue
        if codec == "utf-8" or codec in _LEGACY:
            return data.decode(_LEGACY.get(codec, codec), "replace"), f"is not {label} throughout, as it says it is"
    raise failure


def _bearable(markup: str) -> str:
    """Return the markup without photographs inside it and without tags that are longer than any page's.

    For a tag of many attributes the parser's time grows with their square.
    """
    return _LONG_TAG.sub("", _INSIDE.sub("data:", markup.replace("\x00", "")))


def letters(text: str) -> str:
    """Return the letters and digits of `text` without case, to compare by."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFC", text).casefold())


def address(candidate: str | None) -> str | None:
    """Return a page's whole web address if it is one; a site's front page is no clipping's address."""
    candidate = (candidate or "").strip()
    fit = len(candidate) <= MAX_URL and candidate.isprintable() and _ADDRESS.fullmatch(candidate)
    return candidate if fit else None


def _parse(html: Any, markup: str, name: str) -> Any:
    """Return the page as a tree: no network, no entities but HTML's own, no larger than a page is."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (ValueError, SyntaxError) as error:  # lxml's errors are one of them
        raise ClippingError(f"{name}: holds no HTML; save the page anew") from error
    if any(number >= MAX_ELEMENTS for number, _ in enumerate(root.iter())):
        raise ClippingError(f"{name}: has more elements than a page can have ({MAX_ELEMENTS:,}); cut it down")
    if _depth(root) > MAX_DEPTH:
        raise ClippingError(f"{name}: is nested deeper than a page can be ({MAX_DEPTH:,}); cut it down")
    return root


def _depth(root: Any) -> int:
    """Return how many elements stand within each other at most."""
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
    return depth


def _main_text(trafilatura: Any, root: Any) -> str:
    """Return the letters of what trafilatura takes for the page's main text."""
    own = copy.deepcopy(root)
    for element in own.iter("img", "source"):
        element.attrib.clear()
    found = trafilatura.bare_extraction(own, include_comments=False, include_tables=True, with_metadata=False)
    return letters(found.text) if found is not None and found.text else ""


def _own_address(root: Any) -> str | None:
    """Return the address the page gives itself: canonical, as saved, or as told to social networks."""
    candidates = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for comment in (*root.itersiblings(preceding=True), *root.itersiblings(), *root[:1]):
        saved = _SAVED_FROM.search((comment.text or "")[: 2 * MAX_URL]) if not isinstance(comment.tag, str) else None
        candidates += saved.groups() if saved else ()
    candidates += [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    return next((url for candidate in candidates if (url := address(candidate))), None)


def _names(root: Any) -> Iterator[str]:
    told = [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:title"]
    told += [element.text_content() for element in root.findall(".//head/title")]
    yield from filter(None, (letters((text or "")[:MAX_URL]) for text in told))


class _Walk:
    """Goes through a page once, and gathers what can be seen into lines."""

    def __init__(self, root: Any) -> None:
        self.names = part_names()
        self.blocks = [root]
        self.links = self.caption = 0
        self.apart: list[Any] = [None]
        self.open: list[tuple[bool, bool, bool]] = []
        self.line = self._new()

    def _new(self) -> SeenLine:
        return SeenLine(self.blocks[-1], self.apart[-1], self.caption > 0)

    def cut(self) -> Iterator[SeenLine]:
        """Yield the line so far, and begin the next."""
        yield self.line
        self.line = self._new()

    def enter(self, element: Any) -> Iterator[SeenLine]:
        """Begin an element."""
        tag = element.tag
        named = f"{element.get('class', '')} {element.get('id', '')}".lower()[:_STYLE] if tag != "body" else ""
        apart = tag in _APART_TAGS or bool(self.names.apart.search(named))
        caption = tag in _CAPTION_TAGS or bool(self.names.caption.search(named))
        self.open.append((apart, caption, tag == "a"))
        self.caption, self.links = self.caption + caption, self.links + (tag == "a")
        if apart:
            self.apart.append(element)
        if tag in _BLOCKS:
            self.blocks.append(element)
            yield from self.cut()
        self.line.add(element.text, self.links > 0)

    def leave(self, element: Any) -> Iterator[SeenLine]:
        """End an element."""
        apart, caption, link = self.open.pop()
        self.caption, self.links = self.caption - caption, self.links - link
        if apart:
            self.apart.pop()
        if element.tag in _BLOCKS:
            self.blocks.pop()
            yield from self.cut()


def _lines(etree: Any, root: Any) -> Iterator[SeenLine]:
    """Yield the page's lines, blank ones among them."""
    walk = _Walk(root)
    events = etree.iterwalk(root, events=("start", "end", "comment"))
    unseen = None
    for event, element in events:
        if event == "start":
            if element.tag in _UNSEEN or _is_hidden(element):
                unseen = element  # its end is the next event
                events.skip_subtree()
            else:
                yield from walk.enter(element)
            continue
        if event == "end" and element is not unseen:
            yield from walk.leave(element)
        walk.line.add(element.tail, walk.links > 0)
    yield walk.line


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")[:_STYLE]))
