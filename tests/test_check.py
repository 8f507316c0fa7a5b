"""`kho-bao check`: what is found, in which order, and with which exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from making import clipping

from build_tools import build, check, vocab
from build_tools.cli import cli
from build_tools.model import Clipping, Evidence, Found, Problem

ROOT = Path(__file__).resolve().parents[1]
ONE = (1, "Bộ Công an")
KNOWN: dict[str, Any] = {"clusters": [ONE], "year": 2022}
"""What keeps a made clipping from being found for want of it."""


def look(*clippings: Clipping, problems: Iterable[Problem] = ()) -> list[check.Finding]:
    return list(check.findings(build.Result(clippings, problems=tuple(problems), folder="clippings/")))


def codes(*clippings: Clipping) -> list[str]:
    return [finding.code for finding in look(*clippings)]


def corrected(read: Clipping, *fields: str) -> Clipping:
    return replace(read, corrected=fields)


def test_a_clipping_that_is_all_right_is_not_found() -> None:
    leads = [("truong", "Công an tỉnh Nghệ An", 2022), ("pho", "Công an tỉnh Hà Tĩnh", 2022)]
    fields = {**KNOWN, "published": "2022-11-24", "event_date": "2022-11-23", "kind": "tong-ket"}
    assert look(clipping(leads=leads, members=["Công an tỉnh Nghệ An", "Công an tỉnh Hà Tĩnh"], **fields)) == []


SEEN = {
    "no-cluster": {"clusters": []},
    "no-date": {"year": None},
    "event-after-stamp": {"event_date": "2022-11-25", "published": "2022-11-24T23:59"},
    "year-off": {"event_date": "2019-11-25"},
    "two-leads": {"leads": [("truong", "Công an tỉnh Nghệ An", 2022), ("truong", "Công an tỉnh Hà Tĩnh", 2022)]},
    "two-authorities": {"clusters": [ONE, ("01", "Công an tỉnh Nghệ An")]},
    "lead-not-member": {
        "leads": [("truong", "Công an tỉnh Hà Tĩnh", 2022)],
        "members": ["Công an tỉnh Nghệ An", "Công an tỉnh Quảng Bình"],
    },
    "unknown-unit": {"members": ["Vi phạm nguyên tắc"]},
    "unknown-rank": {"body": ["Đồng chí dự. Đại tả Nguyễn Văn Bình phát biểu."]},
    "furniture": {"body": ["Hội nghị diễn ra.", "Chia sẻ qua Zalo"]},
    "guessed": {"kind": "khac"},
}


def seen(code: str) -> Clipping:
    made = clipping(**{**KNOWN, **SEEN[code]})
    if code != "guessed":
        return made
    return replace(made, record=replace(made.record, kind=Found("khac", Evidence("fallback", 1, 0, 4, "guessed"))))


@pytest.mark.parametrize("code", SEEN)
def test_what_one_clipping_shows(code: str) -> None:
    (finding,) = look(seen(code))
    assert (finding.code, finding.severity) == (code, check.CODES[code])
    assert finding.path == "clippings/2022/bai.txt"
    assert finding.message
    assert finding.remedy
    assert (finding.line is None) == (code in ("no-cluster", "no-date"))


FIELDS = {
    "no-cluster": ["clusters"],
    "no-date": ["published", "event_date", "year"],
    "event-after-stamp": ["published", "event_date"],
    "year-off": ["event_date", "year"],
    "two-leads": ["leads"],
    "two-authorities": ["clusters"],
    "lead-not-member": ["leads"],
    "unknown-rank": ["people"],
    "furniture": ["noise"],
}


@pytest.mark.parametrize("code", FIELDS)
def test_a_correction_settles_what_it_gives(code: str) -> None:
    assert look(corrected(seen(code), *FIELDS[code])) == []


def test_one_corrected_date_of_two_settles_nothing() -> None:
    assert codes(corrected(seen("event-after-stamp"), "event_date")) == ["event-after-stamp"]
    assert codes(corrected(seen("no-date"), "published", "event_date")) == ["no-date"]


def test_a_corrected_name_is_not_asked_about() -> None:
    by_hand = Evidence("correction", 0, grade="corrected")
    made = clipping(**KNOWN)
    made = replace(made, record=replace(made.record, members=(Found("Vi phạm nguyên tắc", by_hand),)))
    assert look(made) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"published": "2022-11", "event_date": "2022-11-30"},
        {"published": "2022", "event_date": "2022-11-30"},
        {"event_date": "2023-01-05"},
        {"leads": [("truong", "Công an tỉnh Nghệ An", 2022), ("truong", "Công an tỉnh Hà Tĩnh", 2023)]},
        {"leads": [("pho", "Công an tỉnh Nghệ An", 2022), ("pho", "Công an tỉnh Hà Tĩnh", 2022)]},
        {"leads": [("truong", "Công an quận Cầu Giấy", 2022), ("truong", "Công an Quận  Cầu Giấy", 2022)]},
        {"clusters": [ONE, (2, "Bộ Công an")]},
        {"clusters": [ONE, (2, "Bộ Công an")], "leads": SEEN["two-leads"]["leads"]},
        {"members": ["Trại tạm giam", "Phòng Hậu cần"]},
        {"body": ["Đại tá Nguyễn Văn Bình, Đại học Nguyễn Trãi và Giám đốc Trần Văn An dự."]},
        {"body": ["Hội nghị diễn ra.", "- Phòng Hậu cần", "+ Mường Xén", "Công an tỉnh Nghệ An", "Ông nói:"]},
        {"body": ["Chia sẻ"], "roles": ["furniture"]},
    ],
)
def test_what_is_all_right(fields: dict[str, Any]) -> None:
    assert look(clipping(**{**KNOWN, **fields})) == []


@pytest.mark.parametrize("line", ["209", "* * *", "Trang chủ » Tin tức", "www.bao.vn", "© Báo điện tử", "Ánh Ngọc"])
def test_lines_like_the_pages_are_shown(line: str) -> None:
    (finding,) = look(clipping(body=["Hội nghị diễn ra.", line], **KNOWN))
    assert (finding.code, finding.line) == ("furniture", 2)
    assert line in finding.message


def meeting(name: str, day: str | None = None, **fields: Any) -> Clipping:
    return clipping(f"2022/{name}.txt", **{**KNOWN, "kind": "tong-ket", "event_date": day, **fields})


def test_two_days_for_one_conference() -> None:
    (finding,) = look(meeting("c", "2022-11-24"), meeting("a", "2022-11-23"), meeting("b", "2022-11-23"))
    assert (finding.code, finding.path) == ("dates-differ", "clippings/2022/a.txt")
    assert finding.related == ("clippings/2022/c.txt",)
    assert "2022-11-23 (clippings/2022/a.txt), 2022-11-24 (clippings/2022/c.txt)" in finding.message
    assert "cluster 1 of Bộ Công an, tong-ket 2022" in finding.message


@pytest.mark.parametrize(
    "other",
    [
        {"clusters": [(2, "Bộ Công an")]},
        {"clusters": [(1, "Công an tỉnh Nghệ An")]},
        {"clusters": [(1, None)]},
        {"year": 2023},
        {"kind": "ky-ket"},
        {"event_date": "2022-11-23"},
        {"event_date": None},
    ],
)
def test_other_conferences_have_other_days(other: dict[str, Any]) -> None:
    assert "dates-differ" not in codes(
        meeting("a", "2022-11-23"), meeting("b", **{"event_date": "2022-11-24", **other})
    )


@pytest.mark.parametrize("authority", [None, "Công an tỉnh"])
def test_a_cluster_of_whom_nobody_knows_is_not_compared(authority: str | None) -> None:
    both = [meeting(name, day, clusters=[(5, authority)]) for name, day in (("a", "2022-11-23"), ("b", "2022-11-24"))]
    assert codes(*both) == []


@pytest.mark.parametrize(
    ("kind", "later", "told"),
    [("so-ket", "2022-06-28", True), ("so-ket", "2022-09-30", False), ("kiem-tra", "2022-06-28", False)],
)
def test_kinds_of_which_there_are_several_a_year(kind: str, later: str, told: bool) -> None:
    found = codes(meeting("a", "2022-06-27", kind=kind), meeting("b", later, kind=kind))
    assert found == (["dates-differ"] if told else [])


def test_two_leads_between_clippings() -> None:
    one = meeting("a", leads=[("truong", "Công an tỉnh Nghệ An", 2022)])
    other = meeting("b", kind="ky-ket", leads=[("truong", "Công an tỉnh Hà Tĩnh", 2022)])
    (finding,) = look(other, one)
    assert (finding.code, finding.path, finding.related) == (
        "leads-differ",
        "clippings/2022/a.txt",
        ("clippings/2022/b.txt",),
    )
    assert codes(corrected(one, "leads"), corrected(other, "leads")) == []
    deputies = (("pho", "Công an tỉnh Nghệ An", 2022), ("pho", "Công an tỉnh Hà Tĩnh", 2022))
    assert codes(meeting("a", leads=deputies[:1]), meeting("b", leads=deputies)) == []
    assert codes(one, meeting("b", leads=[("truong", "Công an tỉnh Hà Tĩnh", 2023)])) == []


def test_one_story_is_told_once_with_all_its_clippings() -> None:
    story = (meeting("a"), meeting("b"), meeting("c"))
    (finding,) = check.findings(build.Result(story, stories=(story,), folder="clippings/"))
    assert (finding.code, finding.severity, finding.path) == ("same-story", "note", "clippings/2022/a.txt")
    assert finding.related == ("clippings/2022/b.txt", "clippings/2022/c.txt")


def test_worst_first_then_by_place() -> None:
    problems = [Problem("z.txt", "is empty", "remove it"), Problem("a.yaml", "x", "y", 3, "correction")]
    told = look(
        seen("guessed"), clipping("a/b.txt"), clipping("a/a.txt", **{**KNOWN, "clusters": []}), problems=problems
    )
    assert [(finding.code, finding.path) for finding in told] == [
        ("unreadable", "z.txt"),
        ("correction", "a.yaml"),
        ("no-cluster", "clippings/a/a.txt"),
        ("no-cluster", "clippings/a/b.txt"),
        ("no-date", "clippings/a/b.txt"),
        ("guessed", "clippings/2022/bai.txt"),
    ]
    severities = [check.SEVERITIES.index(severity) for severity in check.CODES.values()]
    assert severities == sorted(severities)


def test_the_order_of_clippings_does_not_matter() -> None:
    clippings = [seen(code) for code in SEEN]
    clippings = [replace(c, raw=clipping(f"{n}.txt").raw) for n, c in enumerate(clippings)]
    assert look(*clippings) == look(*reversed(clippings))


def test_nothing_but_true_faults_in_the_labelled_clippings(tmp_path: Path) -> None:
    """Read without corrections; the one of them that has no date is found, and nothing else is made up."""
    for folder in ("dev", "own"):
        for path in (ROOT / "tests" / "clippings" / folder).glob("*.txt"):
            (tmp_path / f"{folder}-{path.name}").write_bytes(path.read_bytes())
    told = {(finding.code, finding.path) for finding in check.findings(build.build(tmp_path))}
    assert told == {
        ("no-date", "dev-006.txt"),
        ("lead-not-member", "own-040.txt"),  # two heads preside over a meeting whose list names the other units
        ("dates-differ", "own-071.txt"),  # it and 092 were made up apart, of one cluster in one year
        ("leads-differ", "own-071.txt"),
        ("unknown-unit", "own-053.txt"),  # "Đoàn Kinh tế - Quốc phòng 92": "Đoàn" begins too much else
    }


TEXT = """Cụm thi đua số 1 – Bộ Công an tổng kết phong trào thi đua năm 2022

17:41 24/11/2022

Ngày 23/11, tại Hải Phòng, cụm thi đua số 1 – Bộ Công an tổ chức hội nghị tổng kết phong trào thi đua năm 2022.
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "content" / "clippings").mkdir(parents=True)
    (tmp_path / "content/clippings/mot.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "content/clippings"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments], prog_name="kho-bao")


def test_only_errors_make_the_exit_code_1(home: Path) -> None:
    assert (run().exit_code, run("--strict").exit_code) == (0, 0)
    (home / "hai.txt").write_text("Năm 2022, các đơn vị cùng nhau trồng cây ở ven hồ.", encoding="utf-8")
    done = run()
    assert done.exit_code == 0
    assert "clippings/hai.txt: names no cluster (give clusters" in done.stdout
    assert run("--strict").exit_code == 1
    (home / "mot.yaml").write_text("year: 22", encoding="utf-8")
    done = run()
    assert done.exit_code == 1
    shown = done.stdout.splitlines()
    assert shown[0] == "1 error:"
    assert shown[1].startswith("  clippings/mot.yaml:1: year 22 is not a year")
    assert shown[1].endswith("[correction]")


def test_the_summary_counts_each_code(home: Path) -> None:
    (home / "rong.txt").write_text("")
    (home / "trong.txt").write_text("")
    shown = run().stdout.splitlines()
    assert [line.split() for line in shown[-2:-1]] == [["2", "unreadable"]]
    assert shown[-1] == "1 clipping, 2 findings, 2 problems"


def test_the_json_form(home: Path) -> None:
    (home / "rong.txt").write_text("")
    (home / "mot.yaml").write_text("clusters: []", encoding="utf-8")
    done = run("--format", "json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    (finding,) = document.pop("findings")
    assert document == {
        "version": 1,
        "clippings": 1,
        "severities": {"error": 1, "warning": 0, "note": 0},
        "codes": {"unreadable": 1},
    }
    assert finding == {
        "code": "unreadable",
        "severity": "error",
        "path": "clippings/rong.txt",
        "line": None,
        "message": "is empty",
        "remedy": "paste the clipping's text, or remove the file",
        "related": [],
    }
    assert list(document) == ["version", "clippings", "severities", "codes"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_hostile_names_and_texts_are_printable(home: Path, form: str) -> None:
    name = "\x1b[31m\u202e\u2028.txt"
    (home / name).write_text(TEXT + "\n\x9b2J\u202eChia sẻ qua Zalo\n", encoding="utf-8")
    done = run("--format", form)
    assert all(character.isprintable() or character == "\n" for character in done.stdout)
    if form == "json":
        assert {finding["path"] for finding in json.loads(done.stdout)["findings"]} >= {f"clippings/{name}"}


def test_every_code_is_documented() -> None:
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| (\w+) \|", page, re.MULTILINE) == list(check.CODES.items())
    told = {"unreadable", "correction", "held", "page", "crowded", "address", "twice", "capitals", "empty", "lost"}
    assert set(check.CODES) == set(check.REMEDIES) | told


def test_ranks_that_are_known_are_not_among_the_exceptions() -> None:
    """A word in both lists would hide a rank."""
    assert not set(vocab.read("check")["not_ranks"]) & set(vocab.read("people")["ranks"])


def test_a_lead_without_a_year_is_one_of_its_own() -> None:
    leads = [("truong", "Công an tỉnh Nghệ An", None), ("truong", "Công an tỉnh Hà Tĩnh", 2022)]
    assert codes(clipping(**KNOWN, leads=leads)) == []
