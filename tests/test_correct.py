"""`kho-bao correct` drafts a correction that changes nothing until it is edited; the schema knows what one may hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from making import HERE, clipping, found

from build_tools import build, corrections, draft
from build_tools.cli import cli
from build_tools.correction_fields import NOTES, Correction, schema_text
from build_tools.corrections import CorrectionFile
from build_tools.model import FIELDS, Award, Clipping, Figure, Found, Quotation, RawClipping
from build_tools.paths import CORRECTION_SCHEMA

ROOT = Path(__file__).resolve().parents[1]
CLIPPINGS = [*sorted((ROOT / "content").rglob("*.txt")), *sorted((ROOT / "tests/clippings").rglob("*.txt"))]


def parse(text: str) -> Correction:
    parsed = corrections.parse(CorrectionFile(PurePosixPath("bai.yaml"), text.encode()))
    assert isinstance(parsed, Correction), parsed
    return parsed


def uncommented(text: str) -> str:
    """What an editor makes of a draft when all of it but the line for the editor is uncommented."""
    first, *lines = text.splitlines()
    assert first.startswith("# yaml-language-server: $schema=")
    return "\n".join(line[1:].removeprefix(" ") if line.startswith("#") else line for line in lines)


def read(path: Path) -> Clipping:
    data = path.read_bytes()
    outcome = build.read_one(RawClipping(PurePosixPath(path.name), data, hashlib.sha256(data).hexdigest()))
    assert isinstance(outcome, Clipping)
    return outcome


@pytest.mark.parametrize("path", CLIPPINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_draft_changes_nothing_and_uncommented_gives_the_same_record(path: Path) -> None:
    as_read = read(path)
    text = draft.text(as_read, "x.json")
    untouched = corrections.apply(as_read, parse(text))
    assert (untouched.record, untouched.corrected) == (as_read.record, ())
    confirmed = corrections.apply(as_read, parse(uncommented(text)))
    assert (confirmed.record, confirmed.corrected) == (as_read.record, FIELDS)


def test_each_value_stands_with_its_line() -> None:
    made = clipping(year=2022, clusters=[(9, "Bộ Công an")], members=["Công an quận A"], derived="Nhan đề")
    lines = draft.text(made, "../docs/x.json").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../docs/x.json"
    assert lines[4:] == [
        "# url: null  # not said",
        '# title: null  # not printed; shown is "Nhan đề"',
        "# kicker: null  # not said",
        "# published: null  # not said",
        "# source: null  # not said",
        "# byline: null  # not said",
        "# event_date: null  # not said",
        "# year: 2022  # line 1",
        "# kind: null  # not said",
        "# clusters:",
        '#   - {number: 9, authority: "Bộ Công an"}  # line 1',
        "# members:",
        '#   - "Công an quận A"  # line 1',
        "# leads: []  # not said",
        "# people: []  # not said",
        "# captions: []  # not said",
        "# noise: []  # not said",
        "# place: null  # not said",
        "# awards: []  # not said",
        "# figures: []  # not said",
        "# slogans: []  # not said",
        "# quotations: []  # not said",
        "# chairs: []  # not said",
    ]


WORDS = [
    "17:41",
    "no",
    "~",
    "null",
    "2023-12-12",
    "1e3",
    "0x1F",
    "- a",
    "# b",
    "a: b",
    "!!str",
    "%YAML",
    "&x",
    "*x",
    "\\n",
]
MARKS = ["{", "'", '"', "\\", "a\u0085b", "a\u2028b", "\ufeff", "\u202e", "\U000e0041", "…", "@", "`", ">", "|", "="]


@pytest.mark.parametrize("trap", [*WORDS, *MARKS], ids=ascii)
def test_no_text_is_read_as_anything_else(trap: str) -> None:
    made = clipping(title=f"x{trap}x", people=[(trap, None, f"{trap} {trap}")], members=[trap])
    made = replace(
        made,
        record=replace(
            made.record,
            awards=(Award(trap, None, trap, 2022, HERE),),
            figures=(Figure(trap, "%", None, HERE),),
            slogans=(found(trap),),
            quotations=(Quotation(trap, None, HERE),),
        ),
    )
    data = yaml.safe_load(uncommented(draft.text(made, "x.json")))
    assert data["people"] == [{"name": trap, "rank": None, "role": f"{trap} {trap}"}]
    assert (data["title"], data["members"], data["slogans"]) == (f"x{trap}x", [trap], [trap])
    assert data["awards"] == [{"name": trap, "level": None, "recipient": trap, "year": 2022}]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_hostile_text_never_leaves_its_line(text: str) -> None:
    made = clipping(f"2022/{text.replace('/', '').replace(chr(0), '') or 'x'}.txt", title=text, derived=text)
    drafted = draft.text(made, "x.json")
    assert parse(drafted).model_fields_set == set()
    assert all(line.startswith("#") or not line for line in drafted.splitlines())


def test_what_no_correction_can_hold_is_a_remark() -> None:
    made = clipping(year=1930, members=["x" * 100] * 700, byline="Bá Hiển")
    text = draft.text(made, "x.json")
    assert len(text.encode()) < corrections.MAX_BYTES
    assert "## year: year 1930 is not a year from 1945 to 2100" in text
    assert "## members: too long for a correction file, left out" in text
    confirmed = parse(uncommented(text))
    assert confirmed.byline == "Bá Hiển"
    assert not {"year", "members"} & confirmed.model_fields_set


def test_a_file_of_comments_is_a_correction_of_nothing() -> None:
    assert parse("# year: 2022\n").model_fields_set == set()
    assert not isinstance(corrections.parse(CorrectionFile(PurePosixPath("x.yaml"), b" \n")), Correction)


TEXT = "Cụm thi đua số 1 – Bộ Công an tổng kết năm 2022\n\nNgày 23/11/2022, cụm thi đua số 1 – Bộ Công an họp.\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mot.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="kho-bao")


def test_correct_writes_beside_the_clipping(home: Path) -> None:
    done = run("correct", "mot.txt")
    assert done.exit_code == 0, done.output
    assert "mot.yaml: written" in done.stdout
    assert "# year: 2022" in (home / "mot.yaml").read_text(encoding="utf-8")
    assert run("check", "--content", ".", "--strict").exit_code == 0


def test_correct_overwrites_nothing(home: Path) -> None:
    (home / "mot.yaml").write_text("year: 2021", encoding="utf-8")
    done = run("correct", "mot.txt")
    assert done.exit_code == 2
    assert "mot.yaml: is there already" in done.stderr
    assert (home / "mot.yaml").read_text() == "year: 2021"


def test_force_keeps_the_values_that_were_corrected(home: Path) -> None:
    (home / "mot.yaml").write_text(
        '# seen by me\nyear: 2021\nmembers: ["Công an quận A"]\nbyline: null\n', encoding="utf-8"
    )
    assert run("correct", "--force", "mot.txt").exit_code == 0
    again = parse((home / "mot.yaml").read_text(encoding="utf-8"))
    assert again.model_dump(exclude_unset=True) == {"year": 2021, "members": ["Công an quận A"], "byline": None}


def test_force_never_loses_a_faulty_correction(home: Path) -> None:
    (home / "mot.yaml").write_text("year: 22", encoding="utf-8")
    done = run("correct", "--force", "mot.txt")
    assert done.exit_code == 1
    assert "mot.yaml:1: year 22 is not a year" in done.stderr
    assert (home / "mot.yaml").read_text() == "year: 22"


def test_print_writes_nothing(home: Path) -> None:
    done = run("correct", "--print", "mot.txt")
    assert (done.exit_code, [path.name for path in home.iterdir()]) == (0, ["mot.txt"])
    assert parse(uncommented(done.stdout)).year == 2022


def test_correct_refuses_what_is_no_clipping(home: Path) -> None:
    (home / "rong.txt").write_text("")
    done = run("correct", "rong.txt")
    assert done.exit_code == 1
    assert "rong.txt: is empty" in done.stderr
    (home / "mot.yaml").write_text("year: 2021", encoding="utf-8")
    assert run("correct", "--force", "mot.yaml").exit_code == 2
    assert not (home / "rong.yaml").exists()


def test_the_draft_names_the_nearest_schema(home: Path) -> None:
    folder = home / "kho của tôi" / "content" / "clippings" / "2022"
    folder.mkdir(parents=True)
    (folder / "mot.txt").write_text(TEXT, encoding="utf-8")

    def named() -> str:
        return run("correct", "--print", str(folder / "mot.txt")).stdout.splitlines()[0].split("$schema=")[1]

    assert named() == "correction.schema.json"
    (home / "kho của tôi" / "docs").mkdir()
    (home / "kho của tôi" / "docs" / draft.SCHEMA_FILE).write_text("{}")
    assert named() == "../../../docs/correction.schema.json"
    (folder.parent / draft.SCHEMA_FILE).write_text("{}")
    assert named() == "../correction.schema.json"


SCHEMA = json.loads((ROOT / "docs" / "correction.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_published_schema_is_fresh() -> None:
    """`kho-bao schema > docs/correction.schema.json` makes it anew."""
    assert (ROOT / "docs" / "correction.schema.json").read_text(encoding="utf-8") == schema_text()
    assert run("schema").stdout == schema_text()
    assert build.data_files()[CORRECTION_SCHEMA]() == schema_text().encode()


def test_the_schema_is_one_and_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["properties"]) == (*FIELDS, *NOTES)
    for described in (SCHEMA, *SCHEMA["$defs"].values()):
        assert described["description"]
        assert all(field["description"] and "default" not in field for field in described["properties"].values())


GOOD: dict[str, Any] = {
    "url": "https://example.org/bai?x=1",
    "title": "Tiêu đề",
    "published": "2022-11-24T17:41:05",
    "event_date": "2022-11-23",
    "source": None,
    "year": 2023,
    "kind": "so-ket",
    "clusters": [{"number": 9, "authority": "Bộ Công an"}, {"number": "II"}, {"authority": None, "number": None}],
    "members": ["Công an quận A"],
    "leads": [{"role": "pho", "unit": "Công an quận B"}],
    "people": [{"name": "Nguyễn A", "rank": "Đại tá"}],
    "captions": [],
    "noise": None,
    "awards": [{"name": "Cờ thi đua", "year": 2023}],
    "figures": [{"value": "81,7", "unit": "%"}],
    "slogans": ["Vì an ninh Tổ quốc"],
    "quotations": [{"text": "Xin cảm ơn.", "speaker": None}],
}


def test_a_good_correction_is_good_by_the_schema() -> None:
    VALIDATOR.validate(GOOD)
    VALIDATOR.validate({})
    assert isinstance(parse(json.dumps(GOOD, ensure_ascii=False)), Correction)


@pytest.mark.parametrize("moment", ["2020", "2020-03", "2024-11-15", "2022-11-24T17:41", "2024-11-15T18:22:20"])
def test_every_precision_of_a_stamp_is_good(moment: str) -> None:
    VALIDATOR.validate({"published": moment})
    parse(f'published: "{moment}"')


FAULTY: list[dict[str, Any]] = [
    {"titel": "x"},
    {"title": ""},
    {"title": "  "},
    {"title": 7},
    {"url": "bai.html"},
    {"published": "24/11/2022"},
    {"published": "2022-13"},
    {"published": "2022-11-24T24:00"},
    {"published": "2022-11T10:00"},
    {"published": 1061},
    {"event_date": "2022-11"},
    {"event_date": "2022-11-32"},
    {"year": "2022"},
    {"year": 22},
    {"year": 2022.5},
    {"kind": "tổng kết"},
    {"clusters": {"number": 1}},
    {"clusters": [{"number": 0}]},
    {"clusters": [{"number": True}]},
    {"clusters": [{"số": 1}]},
    {"members": "Công an quận A"},
    {"members": [None]},
    {"leads": [{"role": "trưởng", "unit": "x"}]},
    {"leads": [{"role": "truong"}]},
    {"people": [{"rank": "Đại tá"}]},
    {"awards": [{"level": "Bộ Công an"}]},
    {"figures": [{"value": 81, "unit": "%"}]},
    {"quotations": [{"speaker": "Nguyễn A"}]},
]


@pytest.mark.parametrize("faulty", FAULTY, ids=json.dumps)
def test_what_the_program_refuses_is_faulty_by_the_schema(faulty: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(faulty)
    assert not isinstance(
        corrections.parse(CorrectionFile(PurePosixPath("x.yaml"), json.dumps(faulty).encode())), Correction
    )


def test_found_values_are_equal_by_meaning() -> None:
    """What the comparison of records above rests on: evidence does not count, values do."""
    assert Found("x", HERE) == Found("x", corrections.CORRECTED)
    assert Found("x", HERE) != Found("y", HERE)
