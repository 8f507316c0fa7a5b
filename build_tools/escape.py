"""Plain text to Markdown that renders as exactly that text.

Clippings are hostile input: no character of theirs may become markup. Every mark that Markdown reads inside a
line is written so that it stands for itself, and so are the forms that mean something at the start of a line.
What HTML reads is an entity, and so is what Markdown extensions read; the rest has a backslash. White space is folded.
"""

from __future__ import annotations

import re

from build_tools.fold import squeeze

_INLINE = {
    **{mark: "\\" + mark for mark in "\\`*_[]"},
    "<": "&lt;",
    ">": "&gt;",
    "{": "&#123;",
    "|": "&#124;",
    "}": "&#125;",
    "~": "&#126;",
    # Python-Markdown marks its own place holders with U+0002 and U+0003; control characters show nothing anyway.
    **{chr(code): "�" for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))},
}
_MARK = re.compile(f"[{''.join(map(re.escape, _INLINE))}]")

_ENTITY = re.compile(r"(?<![^\W\d_a-z])&|&(?![^\W\d_a-z])|&(?=\w+;)")
"""Every "&" but one between letters other than a to z, as in "GD&ĐT": it begins no entity, and stays readable."""

_LINE_START = re.compile(r"(?P<number>\d+)(?=[.)])|(?=[#+\-=:!?%^$@/])")
"""A numbered item, a heading, an item, a rule, an underline, a definition, an admonition, a comment."""

_BACKSLASH = "#+-!"
"""The marks at the start of a line that Python-Markdown lets a backslash escape; the others need an entity."""


def escape(text: str) -> str:
    """Return one line of Markdown whose rendered text is `text`, with white space folded."""
    line = squeeze(text)
    if "&" in line:
        line = _ENTITY.sub("&amp;", line)
    line = _MARK.sub(lambda found: _INLINE[found[0]], line)
    found = _LINE_START.match(line)
    if not found:
        return line
    at = found.end()
    mark = line[at]
    if mark in _BACKSLASH or mark == ".":
        return f"{line[:at]}\\{line[at:]}"
    return f"{line[:at]}&#{ord(mark)};{line[at + 1 :]}"


_HTML = {mark: html for mark, html in _INLINE.items() if not html.startswith("\\")} | {"&": "&amp;"}
_HTML_MARK = re.compile(f"[{''.join(map(re.escape, _HTML))}]")


def escape_html(text: str, *, begins: bool = True) -> str:
    """Return what Python-Markdown makes of `escape`'s line; `text` has its white space folded.

    Without `begins`, the text is not at the start of its line, and keeps the spaces at its ends.
    """
    html = _as_html(text)
    found = _LINE_START.match(text) if begins else None
    if not found or text[found.end()] in (*_BACKSLASH, "."):
        return html
    return f"{text[: found.end()]}&#{ord(text[found.end()])};{_as_html(text[found.end() + 1 :])}"


def _as_html(text: str) -> str:
    return _HTML_MARK.sub(lambda found: _HTML[found[0]], text)
