"""Pages put together of a frame and parts are the pages that their templates make."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from build_tools.render import FRAME, LANGUAGE, PARTS, Frames, Shown, compact, escape, tune

BASE = (
    "<html><head>{% block site_meta %}{% endblock %}{% block htmltitle %}{% endblock %}{% block extrahead %}"
    "{% endblock %}</head><body class='{{ frame }}'>{% block header %}H{% endblock %}"
    "{% block container %}{% endblock %}<i>{{ base_url }}</i></body></html>"
)
MAIN = (
    '{% extends kb_base or "base.html" %}{% block htmltitle %}<title>{{ page.meta.title | e }}</title>{% endblock %}'
    "{% block container %}<h1>{{ page.meta.title | e }}</h1>{% block content %}{{ page.content }}{% endblock %}"
    "{% endblock %}"
)
LEAF = '{% extends "main.html" %}{% set word = "leaf" %}{% block content %}{{ word }}: {{ page.content }}{% endblock %}'
ODD = '{% extends "main.html" %}{% block header %}H {{ page.meta.title }}{% endblock %}'


def frames(**more: str) -> Frames:
    parts = "".join(f"{{% block {name} %}}{{% endblock %}}␂kb␃" for name in ("site_meta", "htmltitle", "extrahead"))
    marks = "".join(
        f"{{% block {name} %}}␂kb␃{{% endblock %}}" for name in ("site_meta", "htmltitle", "extrahead", "container")
    )
    templates = {
        "base.html": BASE,
        LANGUAGE: "{% macro t(key) %}{{ key }}{% endmacro %}",
        "main.html": MAIN,
        "leaf.html": LEAF,
        "odd.html": ODD,
        PARTS: parts + "{% block container %}{% endblock %}",
        FRAME: "{% extends kb_of %}" + marks,
        **more,
    }
    environment = tune(Environment(loader=DictLoader(templates)))  # noqa: S701 - as MkDocs' own
    return Frames(environment, lambda url: {"frame": "f", "base_url": "../" * url.count("/")})


def page(url: str, title: str, template: str = "leaf.html") -> Shown:
    return Shown(url, {"template": template, "title": title}, f"<p>{title}</p>", title)


def whole(made: Frames, one: Shown) -> str:
    context: dict[str, Any] = {**made.context(one.url), "page": one}
    return made.env.get_template(str(one.meta["template"])).render(context)


@pytest.mark.parametrize("template", ["main.html", "leaf.html", "odd.html"])
def test_pages_are_what_their_templates_make(template: str) -> None:
    """Of each template several pages, in several folders, at several depths; one's frame differs from page to page."""
    made = frames()
    for url in ("a/b/c/", "a/b/d/", "a/b/", "b/c/d/", "", "a/b/e/", "a/b/c/"):
        one = page(url, f"<{url}> & ‘x’", template)
        assert made.html(one) == whole(made, one)


LABELS = (
    "{% macro said(value, more=1) %}[{{ value }} {{ more }} {{ value is integer }}]{% endmacro %}"
    "{% macro around(value) %}({{ caller(value) }}){% endmacro %}"
    "{% macro at(some) %}{{ some.index }}{% endmacro %}"
)
LABELLED = (
    '{% import "labels.html" as kb %}{% from "labels.html" import said %}'
    "{% for one in page.meta['values'] %}{{ kb.said(one) }}{{ said(one, more=one) }}"
    "{% call(it) kb.around(one) %}{{ it }}{{ loop.index }}{% endcall %}{{ kb.said(nothing.here) }}"
    "{{ kb.at(loop) }}{{ kb.said((one,)) }}{% endfor %}"
)


def test_what_macros_are_remembered_to_say_is_what_they_say() -> None:
    """Also of values that are equal but not the same, of what changes, and with text of the caller's."""
    values = [1, True, 1.0, "1", [1], {"a": [1]}, None, 0, False, "", (1,), 1, "1", True, [1, 2]]
    tuned = frames(**{"labels.html": LABELS, "labelled.html": LABELLED}).env
    plain = Environment(loader=tuned.loader)  # noqa: S701 - as MkDocs' own
    one = Shown("a/", {"values": values}, "", None)
    expected = plain.get_template("labelled.html").render(page=one, nothing={})
    for _ in range(2):
        assert tuned.get_template("labelled.html").render(page=one, nothing={}) == expected


def test_a_frame_is_rendered_twice_however_many_pages_there_are() -> None:
    """Once for the first page, and once for the second, which shows whether it is the same."""
    calls = []
    made = frames(**{FRAME: "{{ called() }}"})
    context = made.context
    made.context = lambda url: {**context(url), "called": lambda: calls.append(url) or "␂kb␃" * 4}
    for number in range(20):
        made.html(page(f"a/b/{number}/", str(number)))
    assert calls == ["a/b/0/", "a/b/1/"]


def test_the_mark_in_a_value_breaks_nothing() -> None:
    made = frames()
    for url, title in (("a/b/1/", "x␂kb␃y"), ("a/b/2/", "y"), ("a/b/3/", "␂kb␃")):
        one = page(url, title)
        assert made.html(one) == whole(made, one)


def test_keys_come_before_the_methods_of_a_mapping() -> None:
    environment = tune(Environment(loader=DictLoader({"x": "{{ a.items }} {{ a.b }}{{ a.c }} {{ a.get('b') }}"})))  # noqa: S701
    assert environment.get_template("x").render(a={"items": 3, "b": 4}) == "3 4 4"


@pytest.mark.parametrize("text", ["<a href='x' title=\"y\">&amp;", "", "Đ ‘ ’", 7, None])
def test_escape_writes_what_markupsafe_writes(text: object) -> None:
    from markupsafe import escape as theirs

    assert escape(text) == str(theirs(str(text)))


def test_compact_leaves_the_words_and_what_is_laid_out() -> None:
    assert compact("<p>\n   a  b\n\n\t</p>  \n") == "<p>\na  b\n</p>\n"
    assert compact("<pre>\n   a\n\n</pre>") == "<pre>\n   a\n\n</pre>"
