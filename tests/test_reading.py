"""Rules of reading, case by case: anyone can add a line to `tests/cases/reading`."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from build_tools import clean, extract, vocab
from build_tools.extract import header
from build_tools.model import Clipping, RawClipping

CASES = Path(__file__).parent / "cases" / "reading"
WORDS = vocab.load()


def cases(name: str, key: str) -> Any:
    """Make a parameter of each case of a file, named by its text."""
    return [
        pytest.param(case, id=case[key][:40]) for case in yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    ]


def read_text(text: str) -> Clipping:
    """Read a clipping from its text."""
    data = text.encode()
    raw = RawClipping(PurePosixPath("x.txt"), data, hashlib.sha256(data).hexdigest())
    return extract.clipping(raw, clean.clean(raw, WORDS.syllables), WORDS)


@pytest.mark.parametrize("case", cases("stamps", "line"))
def test_a_stamp_is_read_to_its_printed_precision(case: dict[str, Any]) -> None:
    found = header.stamp(case["line"], WORDS.header)
    assert (found.value if found else None) == case["stamp"]


@pytest.mark.parametrize("case", cases("days", "text"))
def test_the_day_of_a_meeting_is_worked_out_or_left_out(case: dict[str, Any]) -> None:
    stamp = case.get("published")
    head = "Một tin về thi đua\n" + (
        f"{'/'.join(reversed(stamp[:10].split('-')))}\n" if stamp and len(stamp) > 7 else ""
    )
    text = f" date {stamp} {case['text']}" if stamp and len(stamp) == 7 else head + case["text"]
    found = read_text(text).record.event_date
    assert (found.value if found else None) == case["day"]


@pytest.mark.parametrize("case", cases("bylines", "line"))
def test_an_author_is_told_from_a_menu(case: dict[str, Any]) -> None:
    assert header.is_byline(case["line"], WORDS) is case["byline"]


def test_a_clipping_about_no_cluster_has_none() -> None:
    record = read_text(
        "Thời tiết\n12/12/2023\n\nHôm nay trời nắng đẹp ở khắp các tỉnh miền Bắc, theo Đài Khí tượng."
    ).record
    assert (record.clusters, record.leads, record.members) == ((), (), ())


def lead(text: str) -> Clipping:
    """Read a review of 2023 with `text` for its second paragraph."""
    return read_text(f"Cụm thi đua số 2 tổng kết năm 2023\n12/12/2023\n\nCụm đã họp.\n\n{text}")


def joined(*parts: object) -> str:
    return " | ".join("" if part is None else str(part) for part in parts).rstrip()


@pytest.mark.parametrize("case", cases("figures", "text"))
def test_a_figure_has_its_unit_and_what_it_counts(case: dict[str, Any]) -> None:
    assert [joined(f.value, f.unit, f.what) for f in lead(case["text"]).record.figures] == case["figures"]


@pytest.mark.parametrize("case", cases("awards", "text"))
def test_an_award_has_its_giver_recipient_and_year(case: dict[str, Any]) -> None:
    found = lead(case["text"]).record.awards
    # An absent level leaves its place empty: "name | | recipient | year".
    shown = [joined(a.name, a.level, a.recipient, a.year).replace("|  |", "| |") for a in found]
    assert shown == case["awards"]


@pytest.mark.parametrize("case", cases("speech", "text"))
def test_a_motto_is_told_from_speech(case: dict[str, Any]) -> None:
    record = lead(case["text"]).record
    assert [slogan.value for slogan in record.slogans] == case["slogans"]
    assert [joined(quote.text, quote.speaker) for quote in record.quotations] == case["quotations"]


@pytest.mark.parametrize("case", cases("chairs", "text"))
def test_those_who_preside_are_told_from_those_who_attend(case: dict[str, Any]) -> None:
    clipping = lead(case["text"])
    assert [chair.value for chair in clipping.record.chairs] == case["chairs"]
    lines = clipping.cleaned.raw_lines
    for chair in clipping.record.chairs:
        found = chair.evidence
        assert lines[found.line - 1][found.start : found.end] == chair.value


@pytest.mark.parametrize(("day", "chairs"), [("12/12", ["Nguyễn Văn Long"]), ("5/6", [])])
def test_who_presided_on_another_day_is_no_chair(day: str, chairs: list[str]) -> None:
    head = "Cụm thi đua số 2 tổng kết năm 2023\n13/12/2023\n\nNgày 12/12/2023, Cụm thi đua số 2 tổ chức hội nghị.\n\n"
    record = read_text(f"{head}Ngày {day}, Đại tá Nguyễn Văn Long, Giám đốc Công an tỉnh chủ trì cuộc họp.").record
    assert [chair.value for chair in record.chairs] == chairs


def test_those_who_preside_may_be_listed_line_by_line() -> None:
    record = lead(
        "Đến dự hội nghị có đại diện lãnh đạo các đơn vị thành viên và nhiều cán bộ làm công tác thi đua của tỉnh.\n\n"
        "Chủ trì hội nghị có các đồng chí:\n\n"
        "- Đại tá Nguyễn Văn Long, Bí thư Đảng ủy, Giám đốc Công an tỉnh, đã có lời chào mừng các đại biểu.\n\n"
        "- Thượng tá Trần Thị Hoa, Phó Giám đốc Công an tỉnh, đã thông qua chương trình làm việc của hội nghị.\n\n"
        "Thượng tá Vũ Văn Hải, Trưởng phòng Tham mưu, trình bày báo cáo tổng kết phong trào thi đua của cụm."
    ).record
    assert [chair.value for chair in record.chairs] == ["Nguyễn Văn Long", "Trần Thị Hoa"]


def test_who_presides_is_one_of_the_people() -> None:
    record = lead("Sen đá chủ trì hội nghị. Đại tá Nguyễn Văn Long, Giám đốc Công an tỉnh dự.").record
    assert record.chairs == ()
    assert [person.name for person in record.people] == ["Nguyễn Văn Long"]


@pytest.mark.parametrize("case", cases("places", "text"))
def test_the_place_is_that_of_the_meeting(case: dict[str, Any]) -> None:
    found = read_text(f"Tin thi đua\n12/12/2023\n\n{case['text']}").record.place
    assert (found.value if found else None) == case["place"]
