"""A pattern that looks first where it can match finds what the engine finds that tries it everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import adversary
import pytest

from build_tools.patterns import AnyOf, Pattern

HERE = Path(__file__).parent
PATTERNS = {name: one for name, one in adversary.compiled().items() if isinstance(one, Pattern)}
LINES = [
    line
    for path in sorted((HERE / "clippings" / "own").rglob("*.txt"))
    for line in path.read_text("utf-8-sig", "replace").splitlines()
    if line
]
TEXTS = [*LINES[::9], *(f"{one} {two}" for one, two in zip(LINES[::7], LINES[3::7], strict=False))]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_finds_what_the_engine_finds(name: str) -> None:
    pattern = PATTERNS[name]
    own = [make(200) for make in adversary.texts(pattern.pattern, pattern.flags)[::5]]
    for text in (*TEXTS, *own):
        assert spans(pattern, text) == spans(pattern.plain, text), text
        for end in (len(text) // 2, len(text) - 1):
            assert spans(pattern, text, 7, end) == spans(pattern.plain, text, 7, end), (text, end)


def spans(pattern: Pattern | re.Pattern[str], *where: object) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(*where)]  # type: ignore[arg-type]


CASES = [
    (r"(?<!\w)cụm\b", "họp với các CỤM, nhưng không cụmx hay xcụm, và lần nữa cụm ở cuối cụm"),
    (r"(?<!\w)(?:cụm|khối) thi đua", "khối thi đua và Cụm  thi đua thì không, còn cụm thi đua thì có đấy nhé"),
    (r"\b\d{1,2} tỉnh", "x12 tỉnh, 12 tỉnh, ١٢ tỉnh và _3 tỉnh, còn thêm 100 tỉnh nữa thì không phải đâu"),
    (r"[Kk]\w+(?=\s+ſ)", "K (Kelvin) và k thường: Kế ſ, kế S, ký ſau nữa, rồi thôi không còn gì thêm ở đây"),
    (r"İstanbul|ıssız", "İstanbul, ISTANBUL, ıssız, ISSIZ: chữ cái mà hoa và thường không đi từng đôi một"),
]


@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
@pytest.mark.parametrize(("pattern", "text"), CASES)
def test_letters_of_any_script_and_edges_are_the_engine_s(pattern: str, text: str, flags: int) -> None:
    assert len(text) > 48
    assert spans(Pattern(pattern, flags), text) == spans(re.compile(pattern, flags), text)


def test_a_line_is_told_whatever_it_begins_with() -> None:
    any_of = AnyOf([r"in (?:trang|bài)", r"\d{1,3}%", r"[^|]{2,9}(?:\|[^|]{2,9}){2,}", r"trang chủ.*"])
    lines = [
        "In Trang",
        "45%",
        "٤٥%",
        "tin | bài | ảnh",
        "Trang chủ " + "x" * 400,
        "in",
        "x45%",
        "tin | bài",
        "x" * 400,
    ]
    assert [any_of.match(line) for line in lines] == [True] * 5 + [False] * 4
