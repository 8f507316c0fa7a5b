"""An archivist's correction wins when it is right, and is told every fault at once when it is not."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from making import clipping

from build_tools import corrections
from build_tools.correction_fields import NOTES, Correction
from build_tools.corrections import CorrectionFile
from build_tools.model import FIELDS, Problem

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "corrections.yaml").read_text(encoding="utf-8"))


def parse(text: str | bytes) -> Correction | list[Problem]:
    data = text.encode() if isinstance(text, str) else text
    return corrections.parse(CorrectionFile(PurePosixPath("2022/bai.yaml"), data))


def faults(text: str | bytes) -> list[Problem]:
    outcome = parse(text)
    assert isinstance(outcome, list)
    assert all(problem.message and problem.remedy and problem.path == "2022/bai.yaml" for problem in outcome)
    return outcome


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_faults_are_told_with_their_line(case: dict[str, Any]) -> None:
    told = [[problem.line, f"{problem.message} ({problem.remedy})"] for problem in faults(case["file"])]
    assert told == case["problems"]


def test_every_field_of_the_record_can_be_corrected() -> None:
    assert tuple(Correction.model_fields) == (*FIELDS, *NOTES)


GOOD = """
url: https://example.org/bai
title: "  Tiêu   đề "
published: "2022-11-24T17:41:05"
event_date: "2022-11-23"
source: null
year: 2023
kind: so-ket
clusters:
  - {number: "09", authority: Bộ Công an}
  - {number: II}
members: [Công an quận A]
leads: [{role: pho, unit: Công an quận B}]
people: [{name: Nguyễn A, rank: Đại tá}]
captions: []
noise: null
place: thành phố Hạ Long
awards: [{name: Cờ thi đua, level: Bộ Công an, recipient: Công an quận C, year: 2023}]
figures: [{value: "81,7", unit: "%", what: tỷ lệ phá án}]
slogans: [Vì an ninh Tổ quốc]
quotations: [{text: Chúng tôi sẽ làm.}]
chairs: [Nguyễn A]
"""


def test_given_values_win_and_the_rest_stays() -> None:
    correction = parse(GOOD)
    assert isinstance(correction, Correction)
    before = clipping(title="Cũ", source="ANTĐ", byline="THẾ KHOA", year=2022, members=["X"])
    after = corrections.apply(before, correction)
    record = after.record
    assert record.title is not None
    assert record.title.value == "Tiêu đề"
    assert record.source is None
    assert record.byline == before.record.byline
    assert [(cluster.number, cluster.authority) for cluster in record.clusters] == [(9, "Bộ Công an"), ("II", None)]
    assert [(lead.role, lead.unit, lead.year) for lead in record.leads] == [("pho", "Công an quận B", None)]
    assert record.members[0].evidence.grade == "corrected"
    assert record.captions == record.noise == ()
    assert record.place
    assert record.place.value == "thành phố Hạ Long"
    assert [(award.level, award.recipient) for award in record.awards] == [("Bộ Công an", "Công an quận C")]
    assert [(figure.value, figure.unit) for figure in record.figures] == [("81,7", "%")]
    assert [(quote.text, quote.speaker) for quote in record.quotations] == [("Chúng tôi sẽ làm.", None)]
    assert [slogan.value for slogan in record.slogans] == ["Vì an ninh Tổ quốc"]
    assert [(chair.value, chair.evidence.grade) for chair in record.chairs] == [("Nguyễn A", "corrected")]
    assert after.corrected == tuple(name for name in FIELDS if name not in ("kicker", "byline"))
    assert before.record.year
    assert before.record.year.value == 2022


def test_values_are_normal_form() -> None:
    correction = parse('title: "Ho\u0300a bi\u0300nh"')
    assert isinstance(correction, Correction)
    assert correction.title == "Hòa bình"


@pytest.mark.parametrize("date", ["2020", "2020-02", "2020-02-29", "2020-02-29T00:00", "2020-02-29T23:59:59"])
def test_dates_to_their_precision(date: str) -> None:
    assert isinstance(parse(f'published: "{date}"'), Correction)


@pytest.mark.parametrize(
    "date",
    ["2021-02-29", "2020-13", "2020-00", "0000", "1899", "20", "2020-1-1", "2020-01-01 10:00", "2020-01-01T24:00",
     "2020-01-01T10", "2020-01-01T10:60", "24/11/2022", "２０２０"],
)  # fmt: skip
def test_dates_outside_the_calendar(date: str) -> None:
    assert faults(yaml.safe_dump({"published": date}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"- a\n- b\n", "is not a list of fields"),
        (b"text", "is not a list of fields"),
        (b"\xff\xfe\x00", "is not UTF-8 at byte 0"),
        (b"title: 'x\n", "is not YAML"),
        (b"a: b: c\n", "is not YAML"),
        (b"title: \x07\n", "is not YAML"),
        (b"a: 1\n---\nb: 2\n", "is not YAML"),
        (b"title: &a x\nkicker: *a\n", "has an anchor"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "has an anchor"),
        (b"[" * 60_000, "is nested too deep"),
        (b"title: " + b"x" * 70_000, "is longer than"),
        (b"<<: {title: x}\n", "<< is not a field"),
        (b"? [a, b]\n: c\n", "? is not a field"),
        (b"title: !!python/object/apply:os.system [x]\n", "title must be a text"),
        (b"title: !!binary aGk=\n", "has a tag"),
    ],
)
def test_files_that_are_no_correction(data: bytes, message: str) -> None:
    assert message in str(faults(data)[0])


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_file_whatever_stops_the_build(data: bytes) -> None:
    outcome = parse(data)
    assert isinstance(outcome, Correction) or all(isinstance(problem, Problem) for problem in outcome)


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "x"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.lists(st.text() | st.dictionaries(st.text(), st.text())),
    )
)
def test_no_values_whatever_stop_the_build(values: dict[str, Any]) -> None:
    outcome = parse(yaml.safe_dump(values, allow_unicode=True))
    if isinstance(outcome, Correction):
        corrections.apply(clipping(), outcome)
    else:
        assert all(problem.message for problem in outcome)


def test_files_with_another_ending_are_listed(tmp_path: Path) -> None:
    other, folder = tmp_path / "a.yml", tmp_path / "b.yaml"
    other.write_text("year: 2022")
    folder.mkdir()
    found = list(corrections.files(tmp_path, [other, folder]))
    assert [problem.path for problem in found if isinstance(problem, Problem)] == ["a.yml", "b.yaml"]
