"""Any text comes out of Markdown as itself."""

from __future__ import annotations

import html
import re

import making  # noqa: F401 - sets how examples are made
import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.escape import escape
from build_tools.fold import squeeze

EXTENSIONS = ["toc", "tables", "fenced_code", "attr_list", "abbr"]  # MkDocs' own, and the site's

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)
MARKUP = st.text(st.sampled_from("\\`*_{}[]()#+-.!:|~<>=&;'\"/@^$%1a đĐT\n"), max_size=60)


def render(text: str) -> str:
    return markdown.markdown(text, extensions=EXTENSIONS)


def paragraph(text: str) -> str:
    """Return what a reader sees when `text` is a paragraph of a page."""
    page = render(f"Trước.\n{{: #a }}\n\n{escape(text)}\n{{: #dong-5 .kb-cap }}\n\nSau.\n{{: #b }}\n")
    match = re.fullmatch(
        r'<p id="a">Trước\.</p>\n<p class="kb-cap" id="dong-5">(.*)</p>\n<p id="b">Sau\.</p>', page, re.DOTALL
    )
    assert match, page
    assert "<" not in match[1]
    return html.unescape(match[1])


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "jinja": "{{ config }} {% include 'x' %} {# no #}",
    "link": "[x](javascript:alert(1))",
    "picture": "![x](javascript:alert(1))",
    "reference": "[x]: javascript:alert(1)",
    "footnote": "[^1]: text",
    "abbreviation": "*[HTML]: Hyper",
    "abbreviation-script": "*[CATP]: <script>alert(1)</script>",
    "ampersands": "GD&ĐT GD&DT; A&AMP;B &AMP; A&amp;B R&D x&y &&",
    "rule": "---",
    "stars": "* * *",
    "underscores": "___",
    "heading": "# Tiêu đề",
    "many-hashes": "####### x",
    "item": "- Cụm thi đua",
    "plus": "+ x",
    "star": "* x",
    "number": "5. Hội nghị",
    "long-number": "12345678901. x",
    "number-bracket": "5) x",
    "quote": "> lời",
    "table": "| a | b | --- | 1 |",
    "fence": "```html",
    "tildes": "~~~ x",
    "comment": "<!-- never closed",
    "cdata": "<![CDATA[ x",
    "instruction": "<?php x",
    "doctype": "<!DOCTYPE html",
    "entity": "&lt;b&gt; &#60; &nbsp; &",
    "attributes": "text {: #id .class onclick=alert(1) }",
    "attributes-alone": "{: #id }",
    "marks": "**a** __b__ *c* _d_ `e` ~~f~~ ==g== ^^h^^",
    "backslashes": "\\* \\\\ \\",
    "backslash-at-end": "x\\",
    "toc": "[TOC]",
    "setext": "===",
    "definition": ": x",
    "admonition": "!!! note",
    "details": "??? note",
    "mail": "<a@b.example>",
    "address": "<https://example.org>",
    "placeholder": "klzzwxh:0001 wzxhzdk:0 amp",
    "combining": "a" + "\u0301" * 5000,
    "indented": "        code",
    "html-in-words": "a<b>c</b>",
    "div": "</div></article>",
    "front-matter": "--- title: x ---",
    "line-separators": "a\u2028b\u2029c\x85d",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text(text: str) -> None:
    assert paragraph(text) == squeeze(text)


@given(TEXTS | MARKUP)
def test_any_text_renders_as_itself(text: str) -> None:
    if squeeze(text):
        assert squeeze(paragraph(text)) == squeeze(text)


@given(MARKUP, MARKUP)
def test_bold_and_plain_text_side_by_side(first: str, rest: str) -> None:
    """The first sentence of a lead is bold, whatever it begins and ends with."""
    first, rest = squeeze(first), squeeze(rest)
    if first:
        page = render(f"**{escape(first)}**" + (f" {escape(rest)}" if rest else "") + "\n{: #dong-1 }\n")
        match = re.fullmatch(r'<p id="dong-1"><strong>([^<]*)</strong>([^<]*)</p>', page)
        assert match, page
        assert html.unescape(match[1]) == first
        assert html.unescape(match[2]).strip() == rest


@given(st.text(st.characters(categories=("Cc", "Cs", "L")), max_size=30))
def test_control_characters_never_reach_the_page(text: str) -> None:
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", escape(text))
