"""Front matter is YAML to every reader, and reads back as it was written, whatever stands in a clipping."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from build_tools import frontmatter

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]
AWKWARD = (
    ":#'\"{}[],&*!|>%@`\\/?<=~a"
    "-.\n\r\t \x00\x07\x1f\x7f\x85\x9f\xa0\xad\u200b\u2028\u2029\ufeff\ufffe\uffff\U0001f600\U0010ffff"
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",))) | st.text(AWKWARD)
KEYS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.text(AWKWARD, max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
WORDS = ["yes", "No", "on", "y", "null", "~", "true", "", "<<", "=", "012", "1_000", "1:30", "2023-12-12", "0x1f", ".5"]


def read(text: str | bytes, loader: Any) -> object:
    return yaml.load(text, loader)  # noqa: S506 - a safe one, of PyYAML's two


@pytest.mark.parametrize("loader", LOADERS)
@given(meta=st.dictionaries(KEYS, VALUES, max_size=6))
def test_it_reads_back_as_it_was_written(loader: Any, meta: dict[str, object]) -> None:
    text = frontmatter.written(meta)
    assert read(text, loader) == meta
    assert read(text.encode(), loader) == meta


@pytest.mark.parametrize(
    "values",
    [["\0"], ["\0", "\0"], ["a", "\0", "b"], [["a", "\0", "b"], "c"], ['", "\0", "', "\0"], [{"\0": "\0"}, "\0", 1]],
)
def test_a_text_that_stands_between_values_may_be_one(values: list[object]) -> None:
    meta = {"list": values, "one": values[0], "mapping": {str(n): value for n, value in enumerate(values)}}
    assert yaml.safe_load(frontmatter.written(meta)) == meta


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("word", WORDS)
def test_words_that_yaml_reads_as_something_else_stay_texts(loader: Any, word: str) -> None:
    meta = {word: word, "list": [word], "mapping": {word: [word, {word: word}]}}
    assert read(frontmatter.written(meta), loader) == meta


@given(st.text(), st.text(st.characters(categories=("Cs",)), min_size=1))
def test_what_utf_8_cannot_hold_becomes_a_question_mark(text: str, lone: str) -> None:
    """Each for itself, as in the file's name in a message."""
    written = frontmatter.written({"file": text + lone, "list": [lone]}).encode()
    expected = (text + lone).encode("utf-8", "replace").decode()
    assert yaml.safe_load(written) == {"file": expected, "list": ["?" * len(lone)]}


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_line_of_it_ends_it(meta: dict[str, object]) -> None:
    """A reader that looks for the line `---` finds the last one."""
    lines = frontmatter.written(meta).splitlines()
    assert not any(line.startswith(("---", "...")) for line in lines)


def test_it_is_as_a_person_would_write_it() -> None:
    meta = {"title": 'Cụm "số 1"', "year": 2022, "kicker": None, "members": ["Đội 1"], "awards": [], "at": {"line": 3}}
    assert frontmatter.written(meta).splitlines() == [
        'title: "Cụm \\"số 1\\""',
        "year: 2022",
        "kicker: null",
        "members:",
        '- "Đội 1"',
        "awards: []",
        "at:",
        "  line: 3",
    ]


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), TEXTS | st.integers() | st.none(), max_size=4))
def test_every_single_value_is_json(meta: dict[str, object]) -> None:
    lines = (line.split(":", 1) for line in frontmatter.written(meta).splitlines() if line != "{}")
    assert {key.strip('"'): json.loads(value) for key, value in lines} == meta
