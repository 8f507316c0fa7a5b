"""Generated pages to HTML, by the theme's own templates, without rendering the theme's frame for every page.

What MkDocs does for a page, `Frames.html` does too, to the byte: the page's template, extended from Material's base,
with the same context. But of the base only four blocks differ from page to page; the rest, the frame, is rendered once
for all pages of one template in one folder. `kb-frame.html` is a page with marks in the place of these blocks, and
`kb-parts.html` a base that holds nothing but them. A template whose frame differs from page to page all the same, for
somebody edited it so, is found out by its second frame and rendered whole.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context as Rendering
from jinja2.runtime import Macro

from build_tools.reuse import citing, linked, pictures
from build_tools.reuse.plain import Site

MARK = "\N{SYMBOL FOR START OF TEXT}kb\N{SYMBOL FOR END OF TEXT}"
"""Stands in a frame where a part goes, and between the parts."""

FRAME, PARTS = "kb-frame.html", "kb-parts.html"
LANGUAGE = "partials/language.html"
"""What Material's base imports as `lang` for all its templates: the same words for every page."""

Context = Mapping[str, Any]


@dataclass(slots=True)
class Shown:
    """A page as templates see it: of MkDocs' own page what a template can ask of a generated one."""

    url: str
    meta: Mapping[str, Any]
    content: str
    title: str | None
    canonical_url: str | None = None
    abs_url: str | None = None
    markdown: str = ""
    toc: Sequence[Any] = ()
    is_homepage: bool = False
    is_page: bool = True
    is_section: bool = False
    is_link: bool = False
    is_top_level: bool = False
    active: bool = True
    edit_url: str | None = None
    parent: None = None
    children: None = None
    ancestors: Sequence[Any] = ()
    previous_page: None = None
    next_page: None = None


@dataclass(slots=True)
class _Frame:
    """The pieces of a frame between its parts; None when the template has to be rendered whole."""

    pieces: tuple[str, ...] | None
    first: str
    """The address of the page that it was made for."""
    proved: bool = False


@dataclass(slots=True)
class Frames:
    """Renders pages; `context` gives what templates know besides the page, for a page's address."""

    env: Environment
    context: Callable[[str], Context]
    _frames: dict[tuple[str, int, str, bool], _Frame] = field(default_factory=dict)
    _lang: TemplateModule | None = None

    def html(self, page: Shown) -> str:
        """Return a page as MkDocs would render it."""
        template = str(page.meta.get("template", "main.html"))
        context = {**self.context(page.url), "page": page}
        pieces = self._pieces(template, page, context)
        if pieces is None:
            return self.env.get_template(template).render(context)
        if self._lang is None:
            self._lang = self.env.get_template(LANGUAGE).make_module(context)
        parts = self.env.get_template(template).render(context, kb_base=PARTS, lang=self._lang).split(MARK)
        if len(parts) != PIECES - 1:  # the mark stands in a value, which is not forbidden
            return self.env.get_template(template).render(context)
        found = [pieces[0]]
        for part, piece in zip(parts, pieces[1:], strict=True):
            found += part, piece
        return "".join(found)

    def _pieces(self, template: str, page: Shown, context: Context) -> tuple[str, ...] | None:
        segments = page.url.split("/")
        key = template, len(segments), segments[0], len(segments) == 2 and not segments[1]
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = _Frame(self._frame(template, context), page.url)
        elif not frame.proved and frame.first != page.url:
            frame.proved = True
            if frame.pieces is not None and frame.pieces != self._frame(template, context):
                frame.pieces = None
        return frame.pieces

    def _frame(self, template: str, context: Context) -> tuple[str, ...] | None:
        pieces = self.env.get_template(FRAME).render(context, kb_of=template).split(MARK)
        return tuple(pieces) if len(pieces) == PIECES else None


def compiled(folder: Path, program: str) -> FileSystemBytecodeCache:
    """Return where templates lie as Python has compiled them, from build to build of one program.

    Jinja finds them by what stands in them; how they are compiled is told by `tune`, thus by the program.
    """
    own = folder / program
    for other in folder.iterdir() if folder.is_dir() else ():
        if other != own:
            shutil.rmtree(other, ignore_errors=True)
    own.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(own))


class _Template(Template):
    """A template that gives others what they import from it as Jinja does, and asks but once whether it may.

    Jinja compares, at each import, the names of all globals that the importing template has with its own. Macros that
    are imported without the page know nothing but their arguments: what they say of plain values is remembered.
    """

    _same: set[str] | None = None

    def _get_default_module(self, ctx: Rendering | None = None) -> TemplateModule:
        if ctx is not None and self._module is not None and ctx.globals_keys == self._same:
            return self._module
        module = super()._get_default_module(ctx)
        if ctx is not None and module is self._module:
            for name, value in vars(module).items():
                if isinstance(value, Macro) and not value.caller:
                    setattr(module, name, _remembering(value))
            self._same = ctx.globals_keys
        return module


_REMEMBERED = 4_096
"""Calls of a macro whose outcomes are kept: lists name the same clusters, newspapers and days over and over."""


def _remembering(macro: Macro) -> Callable[..., str]:
    """Return a macro that does not say again what it has said of the same plain values."""
    known = lru_cache(_REMEMBERED, typed=True)(macro)

    def call(*args: Any, **more: Any) -> str:
        plain = _PLAIN.issuperset(map(type, (*args, *more.values())))
        return str(known(*args, **more) if plain else macro(*args, **more))

    return call


_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What says all of itself: a list, a loop, a namespace may have changed the next time, or hold what is only equal."""


def tune(env: Environment) -> Environment:
    """Make an environment's templates faster: what they say stays the same, but for the white space around tags.

    Values in templates are nearly all mappings, in which Jinja looks for an attribute first; here a key comes first.
    No template escapes by itself, so that what is escaped need not be marked.
    """
    plain = env.getattr

    def getattr_(value: Any, name: str) -> Any:
        if type(value) is not dict:
            return plain(value, name)
        try:
            return value[name]
        except KeyError:
            return plain(value, name) if hasattr(dict, name) else env.undefined(obj=value, name=name)

    env.getattr = getattr_  # type: ignore[method-assign, assignment]
    env.filters["e"] = env.filters["escape"] = escape
    env.filters["kb_authors"] = _authors
    env.filters["kb_citations"] = _citations
    env.filters["kb_linked"] = linked.script
    env.filters["kb_picture"] = _picture
    env.template_class = _Template
    env.trim_blocks = env.lstrip_blocks = True
    return env


def _authors(byline: object) -> list[str]:
    """Return the names of who signed as reference managers read them: the family's, where known, before a comma."""
    return [author.inverted for author in citing.authors(byline)]


def _citations(page: Any, config: Any, edition: str) -> list[citing.Download]:
    """Return an article's citations to download, which name the edition if there is one."""
    return citing.downloads(page.meta, page.url, Site(str(config.site_name), config.site_url or None, edition))


def _picture(page: Any) -> str:
    """Return the address of the picture that stands for a page on other sites."""
    return pictures.of(page.meta, page.url)


def escape(value: object) -> str:
    """Return a value's text with what means something in HTML as entities, as Jinja's own `escape` writes them."""
    text = str(value)
    for mark, entity in _ENTITIES:
        if mark in text:
            text = text.replace(mark, entity)
    return text


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ('"', "&#34;"))

PIECES = 5
"""A frame has a piece before, between and behind its four parts."""

_SPACED = re.compile(r"<(?:pre|textarea)\b", re.IGNORECASE)


def compact(html: str) -> str:
    """Return a page without the white space that its templates leave at the ends of lines, and without empty lines."""
    if _SPACED.search(html):
        return html
    return "\n".join([bare for line in html.split("\n") if (bare := line.strip())]) + "\n"
