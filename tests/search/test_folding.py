"""One table of texts for both halves of search: Python makes the index, JavaScript reads the query."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_tools.search import tokens

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "folding.yaml").read_text(encoding="utf-8")
)
IDS = [case["id"] for case in CASES]


def text(case: dict[str, Any]) -> str:
    return str(case["text"]) * int(case.get("repeat", 1))


@pytest.fixture(scope="module")
def in_javascript(ask: Any) -> dict[str, Any]:
    """Every case's text as the browser's engine sees it."""
    return dict(zip(IDS, ask(texts=[text(case) for case in CASES])["texts"], strict=True))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_words_in_python(case: dict[str, Any]) -> None:
    """Words are compared in one form, however they were typed."""
    assert [list(word) for word in tokens.words(text(case))] == case["words"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_words_in_javascript(case: dict[str, Any], in_javascript: dict[str, Any]) -> None:
    """The browser sees the words that the index holds."""
    assert in_javascript[case["id"]] == case["words"]


LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạằếộủỹỵĐỐẦ09 .,-–“”/\u0300\u0301\u0303\u0309\u0323\u200b\u00a0"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from(LETTERS), max_size=30), min_size=10, max_size=40))
def test_any_vietnamese_text(ask: Any, texts: list[str]) -> None:
    """Whatever is written in Vietnamese letters, both halves make the same words of it."""
    assert [[list(word) for word in tokens.words(one)] for one in texts] == ask(texts=texts)["texts"]


@given(st.text(max_size=60))
def test_words_are_settled(one: str) -> None:
    """Words taken apart once do not come apart again."""
    found = [term for term, _ in tokens.words(one)]
    assert [term for term, _ in tokens.words(" ".join(found))] == found
