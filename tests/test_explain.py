"""The explanation of one clipping: the text with its marks, the list, and both forms of output."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from making import clipping

from build_tools import explain
from build_tools.explain import Terminal
from build_tools.model import Clipping, Evidence, Found, Grade, Repair

LEAD = "Sáng 23-11, Cụm 1 họp ở Hà Nội."


def at(value: Any, text: str, words: str, line: int = 1, grade: Grade = "stated") -> Found[Any]:
    start = text.index(words)
    return Found(value, Evidence("rule", line, start, start + len(words), grade))


def told(made: Clipping, width: int = 80, *, colour: bool = False) -> list[str]:
    return list(explain.report(made, "a.txt", Terminal(width, colour)))


def text_of(made: Clipping, width: int = 80) -> list[str]:
    """Return the part with the text: from the first empty line to the next."""
    return told(made, width)[3:][: told(made, width)[3:].index("")]


def with_values(text: str, **values: Found[Any] | tuple[Found[Any], ...]) -> Clipping:
    made = clipping(body=(text,))
    return replace(made, record=replace(made.record, **values))


def test_marks_stand_below_the_words_with_number_name_and_grade() -> None:
    made = with_values(
        LEAD, event_date=at("2020-11-23", LEAD, "23-11", grade="worked-out"), place=at("Hà Nội", LEAD, "ở Hà Nội")
    )
    assert text_of(made) == [
        "body      1 │ Sáng 23-11, Cụm 1 họp ở Hà Nội.",
        "            │      1╌╌╌╌            2 place ",
    ]


def test_values_that_overlap_stand_in_rows_of_their_own() -> None:
    made = with_values(
        LEAD,
        title=at("x", LEAD, LEAD),
        place=at("x", LEAD, "Hà Nội", grade="guessed"),
        slogans=(at("x", LEAD, "họp ở Hà"),),
    )
    assert text_of(made)[1:] == [
        "            │ 1 title ───────────────────────",
        "            │                   3───────",
        "            │                         2~~~~~",
    ]


def test_values_from_the_same_words_share_a_mark() -> None:
    made = with_values(LEAD, kind=at("khac", LEAD, "họp ở Hà Nội"), year=at(2020, LEAD, "họp ở Hà Nội"))
    assert text_of(made)[1:] == ["            │                   1,2─────────"]


def test_a_value_that_runs_over_the_end_of_a_row_goes_on_below() -> None:
    text = "Hội nghị " * 3 + "tại trụ sở Ủy ban nhân dân thành phố Hải Phòng sáng nay."
    rows = text_of(with_values(text, place=at("x", text, "Ủy ban nhân dân thành phố Hải Phòng")), width=60)
    assert rows[0].endswith("trụ sở Ủy ban")
    assert not rows[0].startswith(" ")
    assert rows[1].rstrip("─ ").endswith("1")
    assert rows[2] == "            │ nhân dân thành phố Hải Phòng sáng nay."
    assert rows[3] == "            │ 1───────────────────────────"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    text = "Hội nghị tổng kết phong trào thi đua " * 20 + "chữdàikhôngcódấucách" * 20
    rows = text_of(with_values(text, title=at("x", text, text)), width)
    assert len(rows) > 10
    assert max(map(len, rows)) <= width


def test_decomposed_letters_take_one_column() -> None:
    text = "Ho\u0323\u0302i nghi\u0323 o\u031b\u0309 Hue\u0302\u0301."
    rows = text_of(with_values(text, place=at("Huế", text, "Hue\u0302\u0301")))
    assert rows[1] == "            │            1──"


def test_the_margin_tells_role_and_number_of_each_line() -> None:
    made = clipping(body=("Nhan đề", "", "In trang"), roles=("title", "body", "furniture"))
    assert [row.split("│")[0].split() for row in text_of(made)] == [
        ["headline", "1"],
        ["body", "2"],
        ["furniture", "3"],
    ]


def test_a_whole_line_is_marked_where_the_columns_are_not_known() -> None:
    made = with_values(LEAD, byline=Found("x", Evidence("rule", 1)))
    assert text_of(made)[1] == "            │ 1 byline " + "─" * (len(LEAD) - 9)


def test_the_list_has_numbers_and_what_is_not_said_comes_after_it() -> None:
    made = with_values(LEAD, place=at("Hà Nội", LEAD, "Hà Nội"), byline=Found("A", Evidence("c", 0, grade="corrected")))
    made = replace(made, corrected=("byline",), cleaned=replace(made.cleaned, repairs=(Repair(1, "ab", "a b"),)))
    rows = told(made)
    assert rows[rows.index("      byline: A") + 1] == "      corrected by the archivist"
    assert rows[rows.index("   1  place: Hà Nội") + 1] == "      stated, rule, line 1: Hà Nội"
    unsaid = next(row for row in rows if row.startswith("The clipping does not say: "))
    assert "kicker" in unsaid
    assert "place" not in unsaid
    assert "byline" not in unsaid
    assert rows[-1] == "repaired, line 1: ab -> a b"


def test_colours_are_for_terminals_and_the_text_is_the_same() -> None:
    made = with_values(LEAD, place=at("Hà Nội", LEAD, "Hà Nội"))
    coloured = told(made, colour=True)
    assert any("\x1b[32m\x1b[4mHà Nội\x1b[0m" in row for row in coloured)
    assert not any("\x1b" in row for row in told(made))


@pytest.mark.parametrize(
    ("set_to", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
    ids=str,
)
def test_colours_can_be_refused(set_to: dict[str, str], colour: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert Terminal.here().colour is colour


@pytest.mark.parametrize(("columns", "width"), [("20", 60), ("90", 90), ("300", 120)])
def test_the_width_is_the_terminals_within_reason(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Terminal.here().width == width


HOSTILE = "Họp \x1b[31m\x9b2J\u202e\u200b\x07 xong" + "a" + "\u0301" * 500


def test_hostile_text_cannot_drive_the_terminal() -> None:
    made = with_values(HOSTILE, place=at(HOSTILE, HOSTILE, HOSTILE))
    rows = [*told(made), *explain.report(made, "\x1b[2J.txt", Terminal())]
    assert all(row.isprintable() for row in rows)
    assert max(row.count("\u0301") for row in text_of(made)) <= explain.MAX_MARKS


def test_json_holds_everything_and_reads_back() -> None:
    made = with_values(HOSTILE, place=at("Huế", HOSTILE, "xong", grade="guessed"))
    text = explain.as_json(made, "a\udcff\x1b.txt")
    assert text.replace("\n", "").isprintable()
    read = json.loads(text)
    assert read["file"] == "a\udcff\x1b.txt"
    assert read["record"]["place"] == "Huế"
    assert read["evidence"] == [
        {
            "number": 1,
            "field": "place",
            "value": "Huế",
            "grade": "guessed",
            "rule": "rule",
            "line": 1,
            "start": HOSTILE.index("xong"),
            "end": HOSTILE.index("xong") + 4,
            "words": "xong",
        }
    ]
    assert read["lines"][0]["raw"] == HOSTILE
    assert read["lines"][0]["segments"] == [{"role": "body", "start": 0, "end": len(HOSTILE), "text": HOSTILE}]
    assert "title" in read["not_said"]
