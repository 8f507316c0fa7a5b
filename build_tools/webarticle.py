"""Tells which lines of a web page are its article: headline, stamp, text, captions and signature, word for word.

Trafilatura's main text tells where the article is; what stands there is taken from the page itself, since the main
text lacks captions, stamps and signatures. Lines are left out only where they are plainly not the article's: links
that are no part of the main text, share bars, print buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from build_tools import vocab
from build_tools.errors import ClippingError
from build_tools.extract import header
from build_tools.fold import squeeze
from build_tools.vocab import Vocab, section_key
from build_tools.webpage import HEADINGS, SeenLine, WebPage, part_names

_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*$")
_MARKED = re.compile(r"[^\w\s\"“‘'(]|\d{1,2}[.)]")
_PROSE, _LONG = 60, 120
"""Characters from which a line is running text: with a full stop, and without one."""
_LEAST = 150
"""Characters of running text below which a page holds no article: a brief of one sentence has about as many."""
_SHARE = 0.8
"""The article is in the innermost part of the page that holds this share of the main text's running text."""
_AFTER = 0.3
"""Less than this share of the running text stands below the heading of related links or comments."""
_HEADLINE = range(15, 301)
_ABOVE, _SIGNED = 4, 5
"""Lines above a headline that may hold section or stamp; lines below the text that may hold a signature."""
_HEAD = 25
"""Lines from headline to text at most: share bars and font buttons are among them."""
_SHORT = 400
"""Patterns are tried on lines up to this length."""
_MARK = 60
_RUNS = 200
"""Runs of a line's pieces that are tried for a stamp."""
_TEASER = range(25, 201)
_TEASERS = 3
"""With so many linked headlines, running text under each, a page is a list of articles."""


class NoArticleError(ClippingError):
    """A web page without one article in it: a front page, a list, a gallery."""


def text(page: WebPage, name: str) -> str:
    """Return the article as a clipping's text: a paragraph a line, blank lines between, NFC.

    Raises:
        NoArticleError: there is no article on the page, or there are several.
        ClippingError: bytes that are damaged stand in the article.
    """
    lines = _Article(page, vocab.load()).lines()
    if not lines:
        remedy = "save the article's own page, or its text as .txt"
        raise NoArticleError(f"{name}: holds no article, or several ({remedy})")
    joined = "\n\n".join(lines) + "\n"
    if page.damage and "\ufffd" in joined:
        raise ClippingError(f"{name}: {page.damage}; save it as UTF-8")
    return joined


class _Article:
    """One page, while its article is sought; lines are told by their place in the page."""

    def __init__(self, page: WebPage, words: Vocab) -> None:
        self.page = page
        self.all = page.lines
        self.words = words
        self.kept = [bool(line.letters) and line.letters in page.main for line in page.lines]
        self.prose = [kept and _is_prose(line) for kept, line in zip(self.kept, page.lines, strict=True)]
        self.part = self._part()
        self.round = set() if self.part is None else {self.part, *self.part.iterancestors()}
        beside = {line.element.getparent() for line, prose in zip(self.all, self.prose, strict=True) if prose}
        for place, line in enumerate(self.all):  # trafilatura leaves out a paragraph here and there
            self.prose[place] |= _is_prose(line) and not self._apart(line) and line.element.getparent() in beside

    def lines(self) -> list[str]:
        """Return the article's lines in the order that clippings have; none when there is no one article."""
        places = [i for i, prose in enumerate(self.prose) if prose and _inside(self.all[i], self.part)]
        places = self._without_tail(places)
        headline = self._headline(places[0]) if places else None
        places = [place for place in places if headline is None or place > headline]
        if sum(len(self.all[i].text) for i in places) < _LEAST or self._is_list(places):
            return []
        first, last = places[0], places[-1]
        return [
            *self._head(headline, first),
            *self._body(first, last),
            *self._signature(last, self._common(headline, first)),
        ]

    def _part(self) -> Any:
        """Return the innermost element round nearly all of the running text, or None."""
        weights: dict[Any, int] = {}
        for line, prose in zip(self.all, self.prose, strict=True):
            for element in line.element.iterancestors() if prose else ():
                weights[element] = weights.get(element, 0) + len(line.text)
        whole = max(weights.values(), default=0)
        fit = [element for element, weight in weights.items() if weight >= _SHARE * whole]
        return max(fit, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)

    def _apart(self, line: SeenLine) -> bool:
        """Whether the page calls the line's part something beside an article; what holds the article is not meant."""
        return line.apart is not None and line.apart not in self.round

    def _without_tail(self, places: list[int]) -> list[int]:
        """Leave out running text below a heading such as "related" or "comments" near the end.

        What stands beside the text above that heading is the article's all the same: the heading is of a box in it.
        """
        whole = sum(len(self.all[i].text) for i in places)
        below, end = 0, len(places)
        for number in range(len(places) - 1, 0, -1):
            below += len(self.all[places[number]].text)
            if below >= _AFTER * whole:
                break
            if any(self._is_tail_mark(i) for i in range(places[number - 1] + 1, places[number])):
                end = number
        beside = {self.all[i].element.getparent() for i in places[:end]}
        return [*places[:end], *(i for i in places[end:] if self.all[i].element.getparent() in beside)]

    def _is_tail_mark(self, place: int) -> bool:
        line = self.all[place]
        return len(line.text) <= _MARK and bool(self.words.furniture.tail.match(line.text))

    def _is_furniture(self, place: int) -> bool:
        line = self.all[place]
        return len(line.text) <= _SHORT and bool(
            self.words.furniture.anywhere.match(line.text) or self.words.furniture.tail.match(line.text)
        )

    def _is_list(self, places: list[int]) -> bool:
        """Whether the running text is the teasers of several articles, each below its linked headline."""
        above = (self.all[place - 1] for place in places if place)
        return sum(line.is_link and not self._apart(line) and len(line.text) in _TEASER for line in above) >= _TEASERS

    def _headline(self, first: int) -> int | None:
        """Return the place of the headline: as the page calls itself, else the nearest heading over the text."""
        places = [
            i
            for i in range(max(0, first - _HEAD), first + 1)
            if len(self.all[i].text) in _HEADLINE and not self.all[i].caption
        ]
        named = [i for i in places if any(_same(self.all[i].letters, name) for name in self.page.names)]
        called = part_names().headline
        near = [
            i
            for i in places
            if i < first
            and not self.all[i].is_link
            and (_tag(self.all[i]) == "h1" or called.search(_called(self.all[i])))
        ]
        choices = (
            [i for i in named if _tag(self.all[i]) in HEADINGS],
            near,
            sorted(named, key=lambda i: len(self.all[i].text)),
            [i for i in places if i < first and _tag(self.all[i]) in HEADINGS and not self.kept[i]],
        )
        return next((choice[-1] for choice in choices if choice), None)

    def _head(self, headline: int | None, first: int) -> list[str]:
        """Return what stands over the running text: section, headline, stamp, names, lead photograph."""
        if headline is None:
            return self._stamps(self._above(first, first))
        found = [*self._section(headline), self.all[headline].text]
        stamps = self._stamps(range(headline + 1, first)) or self._stamps(self._above(headline, first))
        rest = (i for i in range(headline + 1, first) if self._in_head(i) and self.all[i].text not in stamps)
        return [*found, *stamps, *(self.all[i].text for i in rest)]

    def _common(self, headline: int | None, first: int) -> Any:
        """Return the innermost element round headline and text, or None when that is the whole page."""
        if headline is None:
            return None
        around = set(self.all[headline].element.iterancestors())
        common = next((e for e in self.all[first].element.iterancestors() if e in around), None)
        return None if common is None or common.tag in ("html", "body") else common

    def _above(self, headline: int, first: int) -> range:
        """Return the lines above the headline that share its part of the page with the text."""
        common, top = self._common(headline, first), headline
        while common is not None and top > max(0, headline - _ABOVE) and _inside(self.all[top - 1], common):
            top -= 1
        return range(top, headline)

    def _section(self, headline: int) -> list[str]:
        """Return the section's name over the headline."""
        named = (self.all[i] for i in range(max(0, headline - 2), headline))
        sections = self.words.header.sections
        return [
            line.text
            for line in named
            if len(line.text) <= _MARK
            and not self._apart(line)
            and _tag(line) != "li"
            and section_key(line.text) in sections
        ][-1:]

    def _stamps(self, places: Iterable[int]) -> list[str]:
        """Return the publication stamp among these lines, as printed; of a line with more on it the stamp and names."""
        for place in places:
            line = self.all[place]
            if len(line.text) > _SHORT or not header.stamp(line.text, self.words.header):
                continue
            runs = [line.pieces[a:b] for a in range(len(line.pieces)) for b in range(a + 1, len(line.pieces) + 1)]
            texts = [line.text, *(squeeze("".join(run)).strip(" |-–•") for run in runs[:_RUNS])]
            fit = [text for text in texts if self._is_stamp(text, furniture=False)] or texts[:1]
            best = max(fit, key=len)
            if self._is_stamp(best):
                names = (squeeze(piece) for piece in line.pieces if piece not in best)
                return [best, *(name for name in names if self._is_name(name))]
        return []

    def _is_stamp(self, text: str, *, furniture: bool = True) -> bool:
        """Whether a text is a stamp and nothing else, or nothing else but furniture."""
        rules = self.words.header
        found = header.stamp(text, rules)
        if not found:
            return False
        rest = (squeeze(part).strip(" |-–•") for part in (text[: found.start], text[found.end :]))
        extra = self.words.furniture.anywhere if furniture else rules.stamp_rest
        return all(rules.stamp_rest.match(part) or extra.match(part) for part in rest)

    def _in_head(self, place: int) -> bool:
        """Whether a line between headline and text is the article's."""
        line = self.all[place]
        if line.is_link or self._is_furniture(place) or self._is_stamp(line.text[:_SHORT]):
            return False
        prose = _is_prose(line) and not self._apart(line)
        return self.kept[place] or prose or line.caption or self._is_name(line.text)

    def _is_name(self, text: str) -> bool:
        """Whether a text names who wrote or published the article."""
        rules = self.words.header
        if len(text) > _MARK or self.words.furniture.anywhere.match(text):
            return False
        return header.is_byline(text, self.words) or bool(rules.masthead.match(text) or rules.domain.fullmatch(text))

    def _body(self, first: int, last: int) -> list[str]:
        """Return the running text with its captions; the items of a list that a colon announces get a dash."""
        found: list[str] = []
        listed: set[Any] = set()
        for place in range(first, last + 1):
            if not self._in_body(place):
                continue
            line = self.all[place]
            item = next((e for e in (line.element, *line.element.iterancestors("li")) if e.tag == "li"), None)
            announced = bool(found) and (found[-1].endswith(":") or found[-1].startswith("- "))
            dash = item is not None and item not in listed and announced and not _MARKED.match(line.text)
            listed.add(item)
            found.append(f"- {line.text}" if dash else line.text)
        return found

    def _in_body(self, place: int) -> bool:
        """Whether a line between the first and the last of the running text is the article's."""
        line = self.all[place]
        if self.prose[place] or (line.caption and not line.is_link):
            return True
        if line.is_link or self._is_furniture(place):
            return False
        return self.kept[place] or not self._apart(line)

    def _signature(self, last: int, common: object) -> list[str]:
        """Return the lines after the running text up to a signature: captions, names, what the main text has."""
        found: list[str] = []
        for place in range(last + 1, min(last + 1 + _SIGNED, len(self.all))):
            line = self.all[place]
            inside = _inside(line, self.part)
            if self._is_tail_mark(place) or not (inside or _inside(line, common)):
                break
            if line.is_link or self._is_furniture(place):
                continue
            named = self._is_name(line.text) and (inside or not self._apart(line))
            if named or (inside and (line.caption or (self.kept[place] and not self._apart(line)))):
                found.append(line.text)
            if named:
                break
        return found


def _is_prose(line: SeenLine) -> bool:
    if line.element.tag == "h1" or line.is_link or line.caption:
        return False
    return len(line.text) >= _LONG or (len(line.text) >= _PROSE and bool(_SENTENCE_END.search(line.text)))


def _inside(line: SeenLine, part: object) -> bool:
    return line.element is part or any(element is part for element in line.element.iterancestors())


def _same(letters: str, name: str) -> bool:
    """Whether a line is what the page calls itself; the site's name may stand before or behind it there."""
    return (
        name.startswith(letters) or name.endswith(letters) or (len(name) >= _HEADLINE[0] and letters.startswith(name))
    )


def _tag(line: SeenLine) -> str:
    """Return the heading that a line stands in, else its own block's name."""
    own = line.element
    return next((str(e.tag) for e in (own, *own.iterancestors(*HEADINGS)) if e.tag in HEADINGS), str(own.tag))


def _called(line: SeenLine) -> str:
    """Return the classes and ids of a line's element and of those in it."""
    return " ".join(f"{e.get('class', '')} {e.get('id', '')}" for e in islice(line.element.iter("*"), 3)).lower()
