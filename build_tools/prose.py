"""The text of a page as Markdown and, without the way through it, as the HTML that Python-Markdown makes of it.

A page's text is paragraphs of plain text, each with an id, one of them with its first sentence strong, and short forms
that are explained. For these few things HTML can be written at once, a hundred times as fast; tests hold the two
together, character by character.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from build_tools.escape import escape, escape_html

EXTENSIONS = frozenset({"toc", "tables", "fenced_code", "attr_list", "abbr"})
"""The Markdown extensions that read this Markdown to this HTML."""


class Paragraph(NamedTuple):
    """A paragraph: its id, its text with white space folded, its class ("" for none), how much of it is strong."""

    anchor: str
    text: str
    style: str = ""
    strong: int = 0


def markdown(paragraphs: Sequence[Paragraph], short_forms: Mapping[str, str]) -> str:
    """Return paragraphs as Markdown, with a definition for each short form that stands in them."""
    blocks = []
    for one in paragraphs:
        strong, rest = (escape(part) for part in _parts(one))
        block = f"**{strong}**{' ' if rest else ''}{rest}" if one.strong else rest
        blocks.append(f"{block}\n{{: #{one.anchor}{f' .{one.style}' if one.style else ''} }}\n")
    definitions = [f"*[{short}]: {long}\n" for short, long in _used(paragraphs, short_forms)]
    return "\n".join(blocks) + "".join(["\n", *definitions] if definitions else [])


def html(paragraphs: Sequence[Paragraph], short_forms: Mapping[str, str]) -> str:
    """Return what Python-Markdown makes of `markdown`'s text."""
    explain = _Explainer.of(tuple(_used(paragraphs, short_forms)))
    blocks = []
    for one in paragraphs:
        strong, rest = (explain.marked(part) if explain else escape_html(part) for part in _parts(one))
        block = f"<strong>{strong}</strong>{' ' if rest else ''}{rest}" if one.strong else rest
        style = f'class="{one.style}" ' if one.style else ""
        blocks.append(f'<p {style}id="{one.anchor}">{block}</p>')
    return "\n".join(blocks)


def _parts(one: Paragraph) -> tuple[str, str]:
    return one.text[: one.strong], one.text[one.strong :].lstrip()


def _used(paragraphs: Sequence[Paragraph], short_forms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((s, long) for s, long in short_forms.items() if any(s in one.text for one in paragraphs))


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Puts short forms into <abbr>, as Python-Markdown's `abbr` does."""

    pattern: re.Pattern[str]
    titles: Mapping[str, str]

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, short_forms: tuple[tuple[str, str], ...]) -> _Explainer | None:
        if not short_forms:
            return None
        longest_first = sorted(dict(short_forms), key=len, reverse=True)
        titles = {short: html_entities.escape(long.strip()).replace("&#x27;", "'") for short, long in short_forms}
        return cls(re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), titles)

    def marked(self, text: str) -> str:
        """Return a text as HTML with its short forms explained."""
        # In Markdown an underscore is escaped, and so ends a word.
        seen, done = text.replace("_", " "), 0
        found: list[str] = []
        for match in self.pattern.finditer(seen):
            found += escape_html(text[done : match.start()], begins=not done), self._abbr(match.group())
            done = match.end()
        return "".join((*found, escape_html(text[done:], begins=not done)))

    def _abbr(self, short: str) -> str:
        return f'<abbr title="{self.titles[short]}">{short.replace("&", "&amp;")}</abbr>'
