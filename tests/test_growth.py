"""No pattern is slow on any text: four times the text takes about four times as long."""

from __future__ import annotations

import re
from typing import Any

import adversary
import pytest

PATTERNS = adversary.compiled()
RUNS = adversary.runs(PATTERNS)
_WORST = 4
"""Texts that are grown, of all that are tried at the size at which these are found."""
_FOUND_AT = 12, 25, 100


@pytest.mark.parametrize("name", PATTERNS)
def test_the_time_of_a_pattern_grows_with_the_text(name: str) -> None:
    assert steep(PATTERNS[name], RUNS[name]) is None


@pytest.mark.parametrize("pattern", [r"\w+!", r"(?:a|a)*!", r"(?:\w+\s*)+!", r"\w+\s+\w+!"])
def test_a_pattern_that_tries_again_and_again_is_told(pattern: str) -> None:
    assert steep(re.compile(pattern)) is not None


@pytest.mark.parametrize("pattern", [r"(?<!\w)\w+!", r"[a-z]{0,30}+!", r"\d", r"(?:ab|ac)+", r"\s*,"])
def test_a_pattern_that_reads_on_is_not_told(pattern: str) -> None:
    assert steep(re.compile(pattern)) is None


def steep(pattern: Any, run: adversary.Run | None = None) -> tuple[int, float, str] | None:
    """Return where a pattern's time grows more than the text, how many times, and on which text."""
    run = run or pattern.search
    makers = adversary.texts(pattern.pattern, pattern.flags)
    for size in _FOUND_AT:
        for make in adversary.worst(run, makers, size, _WORST):
            if told := adversary.steep(run, make):
                return *told, make(40)
    return None
