"""Tells what each line of a clipping is: headline, stamp, byline, body, caption or page furniture.

Nothing is dropped: the segments of a line, in order, make up the whole line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from build_tools.extract import header
from build_tools.fold import squeeze
from build_tools.model import Line, Segment, SegmentRole
from build_tools.vocab import LOWER, Vocab, section_key

_BULLET = re.compile(r"\A\s*[•●▪◦·]\s*")
_RELATED = re.compile(r"\s*(?:[-–—+*»›>]|>>)\s*\S")
_SENTENCE = re.compile(rf"[.!?…][\"”’)]*\s+[^\W\d_{LOWER}]")
_STOPS, _BEHIND_STOPS = frozenset(".!?…:;"), '"”’)/ '
"""What ends a sentence or a clause, and what may stand behind it at the end of a line."""
_WORDS = re.compile(r"[^\W\d_]+")
_THEN_CAPITALS = re.compile(
    rf"\s*[^\W\d{LOWER}][^\W\dA-Z]*(?:\s+[^\W\d_]+){{0,4}}?\s+(?=(?:[^{LOWER}\s]+\s+){{3,}}[^{LOWER}]+\Z)"
)
"""A section's name in small letters before a headline in capitals."""
_WIDE_SPACE = re.compile(r" {2,}")
_GLUED_STOP = re.compile(rf"[.\d](?:(?<=[^\W\d_]{{2}}\.)|(?<=\d{{4}}))(?=[^\W\d_{LOWER}][^\W\d_])")
PAPER = re.compile(r"(?P<name>[^\W\d_][\w .&]{2,28}?)\s+[-–|]\s")
_BARS = "|·•"
_BAR = re.compile(f"[{_BARS}]")
_CAPS_LABEL = re.compile(rf"(?P<label>[^:{LOWER}]{{8,}}:)\s+(?=\S)")

_PROSE = 90
"""Characters from which a line with a full stop is running text: 98 of 100 headlines of 10,000 articles are shorter."""
_LONG = 220
"""Characters from which a line is running text whatever its end: excerpts stop in mid-sentence."""
_CAPTION = 260
"""Characters up to which a line may be a caption: 99 of 100 of 16,457 captions have at most 198."""
_STAMP_LINE = 400
"""Characters up to which a line may hold a stamp beside a headline or furniture."""
_LONG_CAPTION = 180
_SECTION = 32
_LATE_STAMP = 4
"""Lines behind the first of the text in which a stamp may still stand."""
_TOOLBAR = 160
_CAPTION_WORDS = 3
_SURE_CAPTION = 4
"""Score from which words before a full stop without a space are a caption that lost its line end."""
_RELATED_MAX = 160


@dataclass(slots=True)
class _Item:
    """A line with something on it, while its role is being worked out."""

    line: Line
    text: str
    bare: str
    role: SegmentRole | None = None
    ended: bool = False
    """Whether the line ends as a sentence or a clause does."""

    def __post_init__(self) -> None:
        self.ended = _ends(self.bare)


def _ends(text: str) -> bool:
    """Whether a text ends as a sentence or a clause does; its only white space is a space."""
    return text.rstrip(_BEHIND_STOPS)[-1:] in _STOPS


class _Layout:
    """One pass over a clipping's lines; each step settles the lines that it is sure of."""

    def __init__(self, lines: tuple[Line, ...], vocab: Vocab) -> None:
        self.vocab = vocab
        self.items = [_Item(line, line.text, squeeze(line.text)) for line in lines if line.text.strip()]
        self.cuts: dict[int, list[tuple[int, SegmentRole]]] = {}
        self.lead = len(self.items)
        self.stamped = False

    def run(self) -> tuple[Segment, ...]:
        """Settle all lines and cut them into segments."""
        if self.items:
            self._furniture()
            self._head()
            self._tail()
            self._middle()
        return tuple(segment for item in self.items for segment in self._segments(item))

    def _segments(self, item: _Item) -> list[Segment]:
        cuts = self.cuts.get(item.line.number) or [(0, item.role or "body")]
        if len(cuts) == 1 and not item.line.inserted and not _BULLET.match(item.bare):
            return [Segment(cuts[0][1], item.line.number, 0, len(item.text), item.bare)]
        ends = [start for start, _ in cuts[1:]] + [len(item.text)]
        made = []
        for (start, role), end in zip(cuts, ends, strict=True):
            text = item.line.printed(start, end) if role != "body" else item.text[start:end]
            made.append(Segment(role, item.line.number, start, end, squeeze(_BULLET.sub("", text, count=1))))
        return made

    def _cut(self, item: _Item, cuts: list[tuple[int, SegmentRole]]) -> None:
        """Give one line several roles, each from an offset on; neighbours of one role are joined."""
        merged: list[tuple[int, SegmentRole]] = []
        for start, role in cuts:
            if not merged:
                merged.append((0, role))
            elif start >= len(item.text.rstrip()) or merged[-1][1] == role:
                continue
            elif not item.text[merged[-1][0] : start].strip():
                merged[-1] = (merged[-1][0], role)
            else:
                merged.append((start, role))
        item.role = merged[0][1]
        self.cuts[item.line.number] = merged

    def _furniture(self) -> None:
        match = self.vocab.furniture.anywhere.match
        for item in self.items:
            if section_key(item.bare) in self.vocab.header.sections:
                continue
            if match(item.bare) or self._is_menu(item.bare) or self._is_toolbar(item):
                item.role = "furniture"

    def _is_menu(self, bare: str) -> bool:
        """Whether a line is furniture between bars."""
        if not any(bar in bare for bar in _BARS):
            return False
        parts = [part for part in map(str.strip, _BAR.split(bare)) if part]
        return len(parts) > 1 and all(map(self.vocab.furniture.anywhere.match, parts))

    def _is_toolbar(self, item: _Item) -> bool:
        """Whether a line is nothing but words of menus and share bars, or a menu set apart by wide spaces."""
        if len(item.bare) <= _TOOLBAR and self.vocab.furniture.tokens.match(item.bare):
            return True
        if "  " not in item.text:  # the only white space of a clean line is a space
            return False
        chunks = _WIDE_SPACE.split(item.text.strip())
        return len(chunks) > 3 and all(len(chunk) <= _SECTION and not _ends(chunk) for chunk in chunks)

    # The head: all before the first line of running text.

    def _head(self) -> None:
        titles: list[int] = []
        for index, item in enumerate(self.items):
            if item.role == "furniture":
                continue
            if self._stamp(item, titled=bool(titles)):
                if self.cuts.get(item.line.number, [(0, "")])[-1][1] == "body":
                    self.lead = index
                    break
                if any(role == "title" for _, role in self.cuts.get(item.line.number, [])):
                    titles.append(index)
                continue
            if self._is_lead(index, item, titles):
                self.lead = index
                break
            if not self._head_line(item, titles):
                titles.append(index)
        self._titles(titles)

    def _stamp(self, item: _Item, titled: bool) -> bool:
        """Settle a line that holds a publication stamp; say whether it does."""
        rules = self.vocab.header
        short = len(item.text) <= _STAMP_LINE or rules.stamp_prefix.match(item.text)
        if self.stamped or not short or not (found := header.stamp(item.text, rules)):
            return False
        before, after = item.text[: found.start], item.text[found.end :]
        if prefix := rules.stamp_prefix.match(item.text):
            self.stamped = True
            self._after_prefix(item, prefix.end())
            return True
        furniture_from = self._furniture_after(after)
        rest = after if furniture_from is None else after[:furniture_from]
        if not rules.stamp_rest.match(rest.strip()):
            return False
        tail: list[tuple[int, SegmentRole]] = (
            [] if furniture_from is None else [(found.end + furniture_from, "furniture")]
        )
        if rules.stamp_rest.match(before.strip()):
            self._cut(item, [(0, "stamp"), *tail])
        elif self._names_paper(before):
            self._cut(item, [(0, "source"), (found.start, "stamp"), *tail])
        elif self._is_dateline(before):
            self._cut(item, [(0, "stamp"), *tail])
        elif not titled and "T" in found.value and len(before.strip()) > 15 and not _ends(before.strip()):
            self._cut(item, [(0, "title"), (found.start, "stamp"), *tail])
        elif self.vocab.furniture.anywhere.match(squeeze(before).strip(" |-–")):
            self._cut(item, [(0, "furniture"), (found.start, "stamp"), *tail])
        elif rules.masthead.match(squeeze(before).strip(" |-–,")) or rules.domain.fullmatch(before.strip(" |-–,")):
            self._cut(item, [(0, "source"), (found.start, "stamp"), *tail])
        else:
            return False
        self.stamped = True
        return True

    def _is_dateline(self, before: str) -> bool:
        """Whether a stamp has nothing before it but the place that a letter is dated from: "Bình Dương, ngày …"."""
        place, comma, rest = before.partition(",")
        known = place.strip() in self.vocab.units.provinces
        return known and bool(comma) and bool(self.vocab.header.stamp_rest.match(rest.strip()))

    def _names_paper(self, before: str) -> bool:
        """Whether what stands before a stamp is the name that a line of the text begins with, a dash behind it."""
        named = PAPER.match(before)
        return named is not None and any(
            item.text.lstrip().startswith((f"{named['name']} - ", f"{named['name']} – ")) for item in self.items
        )

    def _furniture_after(self, after: str) -> int | None:
        """Return where furniture begins behind a stamp, as in "| Lượt xem: 312"."""
        for match in re.finditer(r"\S+", after):
            if match.group() not in "|-–•/" and self.vocab.furniture.anywhere.match(squeeze(after[match.start() :])):
                return match.start()
        return None

    def _after_prefix(self, item: _Item, start: int) -> None:
        """Settle what follows a feed's date before the text: a section and headline, or the text itself."""
        rest = item.text[start:]
        bare = rest.strip()
        if len(bare) < _LONG and not _ends(bare) and not header.source_prefix(rest, self.vocab):
            cuts: list[tuple[int, SegmentRole]] = [(0, "stamp")]
            if capitals := _THEN_CAPITALS.match(rest):
                cuts += [(start, "kicker"), (start + capitals.end(), "title")]
            elif section := self.vocab.header.section_prefix.match(rest):
                cuts += [(start, "kicker"), (start + section.end(), "title")]
            else:
                cuts.append((start, "title"))
            self._cut(item, cuts)
            return
        self._cut(item, [(0, "stamp"), *self._source_cut(item, start)])

    def _source_cut(self, item: _Item, start: int) -> list[tuple[int, SegmentRole]]:
        """Return the cuts of a line of running text from `start` on that may begin with the newspaper's name."""
        if found := header.source_prefix(item.text[start:], self.vocab):
            return [(start, "source"), (start + found[2], "body")]
        return [(start, "body")]

    def _is_lead(self, index: int, item: _Item, titles: list[int]) -> bool:
        bare = item.bare
        if header.source_prefix(item.text, self.vocab) and len(bare) > 60:
            return True
        if not titles and self._stamp_follows(index):
            return False
        if _RELATED.match(item.text) and len(bare) <= _RELATED_MAX and not item.ended:
            return False
        if len(bare) >= _LONG:
            return True
        return item.ended and not bare.endswith(":") and (len(bare) >= _PROSE or bool(_SENTENCE.search(bare)))

    def _stamp_follows(self, index: int) -> bool:
        """Whether one of the next two lines is a stamp, so that this one stands above the article."""
        rules = self.vocab.header
        for item in self.items[index + 1 : index + 3]:
            found = header.stamp(item.text, rules) if len(item.bare) < _PROSE else None
            if found and rules.stamp_rest.match(item.text[: found.start].strip()):
                return True
        return False

    def _head_line(self, item: _Item, titles: list[int]) -> bool:
        """Settle a line of the head that is not a headline; say whether it was one of those."""
        rules, bare = self.vocab.header, item.bare
        if rules.masthead.match(bare) or rules.domain.fullmatch(bare):
            item.role = "source"
        elif section_key(bare) in rules.sections:
            item.role = "kicker"
        elif not titles and (rules.masthead_open.match(bare) or rules.tagline.match(bare) or self._is_masthead(item)):
            item.role = "source"
        elif _RELATED.match(item.text):
            item.role = "furniture"
        elif titles and header.is_byline(bare, self.vocab):
            item.role = "byline"
        elif not titles and bare.isupper() and bare.endswith(":"):
            item.role = "kicker"
        else:
            return False
        return True

    def _is_masthead(self, item: _Item) -> bool:
        """Whether a line of capitals names a body and nothing that it did: its portal's masthead."""
        rules = self.vocab
        return (
            item.text.isupper()
            and len(item.bare) <= _PROSE
            and bool(rules.header.masthead_unit.match(item.bare))
            and not rules.clusters.hint.search(item.bare)
            and not any(pattern.search(item.bare) for _, pattern in rules.kinds.named)
        )

    def _titles(self, titles: list[int]) -> None:
        """Tell kicker, headline and what else stands in the head apart."""
        if not titles:
            return
        first, *rest = titles
        if rest and self.items[first].text.isupper() and not any(self.items[i].text.isupper() for i in rest):
            self.items[first].role = "kicker"
            first, *rest = rest
        if rest and self._is_section(self.items[first], self.items[rest[0]]):
            self.items[first].role = "kicker"
            first, *rest = rest
        kickers = [i for i, item in enumerate(self.items[:first]) if item.role == "kicker"]
        if len(kickers) > 1 and not any(item.role == "source" for item in self.items):
            self.items[kickers[0]].role = "source"
        item = self.items[first]
        if item.role is None:
            label = _CAPS_LABEL.match(item.text)
            if label and not item.text[label.end() :].isupper():
                self._cut(item, [(0, "kicker"), (label.end(), "title")])
            else:
                item.role = "title"
        for index in rest:
            item = self.items[index]
            if item.role is not None:
                continue
            above = self.items[index - 1]
            if above.role == "title" and above.line.number == item.line.number - 1 and self._goes_on(above, item):
                item.role = "title"
            elif self._is_caption(item, index):
                item.role = "caption"
            else:
                item.role = "body"

    def _is_section(self, above: _Item, item: _Item) -> bool:
        """Whether a short line over a longer one names the paper's section: no cluster in it, no sentence going on."""
        short = len(above.bare) <= _SECTION and len(above.bare) < len(item.bare)
        named = self.vocab.clusters.hint.search(above.bare)
        return short and not named and not self._goes_on(above, item) and not item.ended

    def _goes_on(self, above: _Item, item: _Item) -> bool:
        """Whether a headline that takes two lines goes on in the second."""
        if above.bare.endswith(":") or item.bare[:1] in '“"':
            return True
        if above.ended:
            return False
        capitals = above.text.isupper() and item.text.isupper() and len(above.bare) > _SECTION
        opened = above.bare.count("“") > above.bare.count("”")
        return capitals or opened or item.bare[:1].islower() or above.text.rstrip()[-1:] in ",-–"

    # The tail: all after the last line of running text.

    def _is_prose(self, item: _Item) -> bool:
        bare = item.bare
        return len(bare) >= _LONG or (len(bare) >= _PROSE and item.ended)

    def _tail(self) -> None:
        tail = self.vocab.furniture.tail
        end = len(self.items)
        marks = [i for i in range(self.lead + 1, end) if tail.match(self.items[i].bare)]
        for mark in marks:
            if not any(self._is_prose(item) for item in self.items[mark + 1 :]):
                end = mark
                break
        last = max((i for i in range(min(self.lead, end), end) if self._is_prose(self.items[i])), default=self.lead)
        signed = next(
            (
                i
                for i in range(last + 1, end)
                if self.items[i].role is None and header.is_byline(self.items[i].bare, self.vocab)
            ),
            None,
        )
        if signed is not None:
            self.items[signed].role = "byline"
        self._attributed(last + 1, end)
        if signed is not None:
            for item in self.items[signed + 1 : end]:
                if item.role is None:
                    item.role = "caption" if self.vocab.header.caption_mark.search(item.bare) else "furniture"
        for item in self.items[end:]:
            item.role = "furniture"
        for item in (*self.items[last + 1 :], *self.items[self.lead + 1 : self.lead + _LATE_STAMP]):
            if item.role in (None, "furniture") and self._stamp(item, titled=True):
                break
        for mark in marks:
            if mark < end:
                self._inner_furniture(mark, end)

    def _attributed(self, start: int, end: int) -> None:
        """Settle a line below the text that names the newspaper: "Theo Báo X", or its web address."""
        rules = self.vocab.header
        for item in self.items[start:end]:
            named = rules.attributed.match(item.bare)
            if item.role is None and (named or rules.domain.fullmatch(item.bare)):
                item.role = "source"

    def _inner_furniture(self, mark: int, end: int) -> None:
        """Settle a box of related links in mid-article: its heading and the headlines under it."""
        self.items[mark].role = "furniture"
        last = self.items[mark].line.number
        for item in self.items[mark + 1 : end]:
            beside = item.line.number == last + 1 and len(item.bare) <= _RELATED_MAX
            if item.role is not None or item.ended or not (beside or _RELATED.match(item.text)):
                return
            item.role, last = "furniture", item.line.number

    # The middle: running text and captions.

    def _middle(self) -> None:
        for index in range(self.lead, len(self.items)):
            item = self.items[index]
            if item.role is not None:
                continue
            if index == self.lead:
                self._cut(item, self._source_cut(item, 0))
            elif _RELATED.match(item.text) and self._in_list(index):
                item.role = "body"
            elif _RELATED.match(item.text) and len(item.bare) <= _RELATED_MAX and not item.ended:
                item.role = "furniture"
            elif self._is_caption(item, index):
                item.role = "caption"
            elif seam := self._caption_seam(item):
                self._cut(item, [(0, "caption"), (seam, "body")])
            else:
                self._cut(item, self._source_cut(item, 0))
        self._glued_byline()

    def _in_list(self, index: int) -> bool:
        """Whether a line with a dash is an item of a list that running text announces with a colon."""
        for item in reversed(self.items[self.lead : index]):
            if not _RELATED.match(item.text):
                return item.role == "body" and item.bare.endswith(":")
        return False

    def _caption_seam(self, item: _Item) -> int | None:
        """Return where running text begins behind a caption that lost its line end."""
        for seam in sorted(item.line.inserted):
            before, after = item.text[:seam], item.text[seam + 1 :]
            if len(before) > _CAPTION or "." in before or not after[:1].isupper():
                continue
            if len(after) >= _PROSE and self._caption_score(squeeze(before)) >= 2:
                return seam
        glued = _GLUED_STOP.search(item.text, 0, _CAPTION)
        if glued and len(item.text) - glued.end() >= _PROSE:
            before = squeeze(item.text[: glued.end()].rstrip("."))
            told = self.vocab.header.act.search(before) or self.vocab.header.scene.match(before)
            if told and "." not in before.rstrip(".") and self._caption_score(before) >= _SURE_CAPTION:
                return glued.end()
        return None

    def _is_caption(self, item: _Item, index: int) -> bool:
        bare = item.bare
        if bare.endswith("|") or self.vocab.header.caption_mark.search(bare):
            return True
        if index and self.vocab.furniture.before_caption.match(self.items[index - 1].bare):
            return True
        if len(bare) > _CAPTION or _SENTENCE.search(bare) or len(_WORDS.findall(bare)) < _CAPTION_WORDS:
            return False
        ended = item.ended
        if not ended and index == len(self.items) - 1 and len(bare) > _PROSE:
            return False
        sure = 1 if not ended else 2 if self.vocab.header.scene.match(bare) else 3
        return self._caption_score(bare) >= sure

    def _caption_score(self, bare: str) -> int:
        """Return how much a short line reads like a photograph's caption: a scene, an act, no connective."""
        rules = self.vocab.header
        score = 0 if _ends(bare) else 2
        score += 2 if rules.scene.match(bare) else 0
        score += 2 if rules.act.search(bare) else 0
        score += 1 if self.vocab.people.person_next.match(bare) or self.vocab.units.full.match(bare) else 0
        told = self.vocab.people.person_next.match(bare) and rules.closing.search(bare)
        score += 1 if self.vocab.units.worded.match(bare) else 0
        score += 3 if told else -3 if rules.prose.match(bare) else 0
        score -= 2 if rules.telling.search(bare) else 0
        score -= 2 if len(bare) > _LONG_CAPTION else 0
        score -= 2 if bare.endswith((":", ";")) else 0
        return score

    def _glued_byline(self) -> None:
        """Cut off an author's name that stands behind the last sentence of the text."""
        if any(item.role == "byline" for item in self.items[self.lead :]):
            return
        bodies = [item for item in self.items if self.cuts.get(item.line.number, [(0, item.role)])[-1][1] == "body"]
        if bodies and (start := header.glued_byline(bodies[-1].text.rstrip(), self.vocab)) is not None:
            item = bodies[-1]
            cuts = self.cuts.get(item.line.number) or [(0, "body")]
            self._cut(item, [*cuts, (start, "byline")])


def segments(lines: tuple[Line, ...], vocab: Vocab) -> tuple[Segment, ...]:
    """Return every line that has something on it as segments, in reading order."""
    return _Layout(lines, vocab).run()
