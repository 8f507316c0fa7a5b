"""Editions: what is closed, what is told of it later, and which addresses last."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rispy
from click.testing import CliRunner, Result
from making import clipping

from build_tools import closing, engine
from build_tools.archive import Archive
from build_tools.brief import Brief, brief
from build_tools.cli import cli
from build_tools.editions import changes, manifest
from build_tools.editions.manifest import Entry, Grave, Manifest
from build_tools.errors import ArchiveError, LostAddressesError
from build_tools.lasting import Past, Place
from build_tools.model import Notes, Withdrawn

SEED = Path(__file__).resolve().parents[1] / "content" / "clippings"
FIRST = "2017/tong-ket-cum-2-bo-cong-an"
SECOND = "2020/ky-giao-uoc-cum-6-ha-noi"
PERSON = "nguoi/vo-nguyen-phong"
"""A person whom no other clipping than the second names."""


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(SEED, tmp_path / "content" / "clippings")
    return tmp_path / "content"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def write(content: Path, name: str, text: str) -> None:
    path = content / "clippings" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def move(content: Path, old: str, new: str) -> None:
    (content / "clippings" / f"{old}.txt").rename(content / "clippings" / f"{new}.txt")


def built(content: Path, **more: Any) -> engine.Build:
    """Build without HTML; the Markdown, the data and the citations are there."""
    work = content.parent / "build"
    (work / "given").mkdir(parents=True, exist_ok=True)
    build = engine.Build(engine.Options(content, work / "docs", work / "cache", 1, **more))
    build.read()
    build.publish(content.parent / "site", "theme", None, work / "given")
    return build


def page(content: Path, url: str) -> dict[str, Any]:
    path = content.parent / "build" / "docs" / f"{url.rstrip('/')}.md"
    meta: dict[str, Any] = frontmatter_of(path.read_text(encoding="utf-8"))
    return meta


def frontmatter_of(text: str) -> Any:
    import yaml

    return yaml.safe_load(text.split("---\n", 2)[1])


# Closing


def test_closing_twice_writes_once(content: Path) -> None:
    first = run("edition", "--content", content)
    (file,) = (content / "editions").iterdir()
    assert first.exit_code == 0, first.output
    assert file.stem in first.output
    assert file.stem.startswith("2023-11-14-")
    again = run("edition", "--content", content)
    assert again.exit_code == 0
    assert f"nothing has changed since edition {file.stem}" in again.output
    assert list((content / "editions").iterdir()) == [file]


def test_a_manifest_has_an_entry_a_line_in_order(content: Path) -> None:
    closing.close(content)
    (file,) = (content / "editions").iterdir()
    said = json.loads(file.read_bytes())
    assert list(said["clippings"]) == sorted(path.relative_to(SEED).as_posix() for path in SEED.rglob("*.txt"))
    assert list(said["pages"]) == sorted(said["pages"])
    lines = file.read_text(encoding="utf-8").splitlines()
    for name in (*said["clippings"], *said["pages"]):
        assert sum(line.startswith(f"{json.dumps(name)}: ") for line in lines) == 1


def test_the_same_content_closed_elsewhere_has_the_same_id(content: Path, tmp_path: Path) -> None:
    """Nothing but the content, the program and the day has a say in it."""
    shutil.copytree(content, tmp_path / "other" / "place")
    assert closing.close(content).edition.id == closing.close(tmp_path / "other" / "place").edition.id


def test_an_edition_is_read_back_as_it_was_closed(content: Path) -> None:
    write(content, FIRST, 'why: "In báo"\nformerly: [bai/2017/ten-cu]\nyear: 2018\n')
    write(content, SECOND, "withdrawn: theo yêu cầu\n")
    closed = closing.close(content).edition
    (file,) = (content / "editions").iterdir()
    again = manifest.read(file)
    assert again == closed
    assert again.whole() == file.read_bytes()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text[:-40], "is not JSON"),
        (
            lambda text: text.replace('"format": 1', '"format": 0'),
            "is no manifest of an edition that this program reads",
        ),
        (lambda text: text.replace("tong-ket-cum-2", "tong-ket-cum-3"), "has been changed since"),
    ],
)
def test_a_damaged_manifest_is_a_sentence(content: Path, damage: Callable[[str], str], told: str) -> None:
    closing.close(content)
    (file,) = (content / "editions").iterdir()
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ArchiveError, match=told):
        manifest.load(content)


def test_two_editions_of_one_number_are_told(content: Path) -> None:
    """As when two copies of an archive were closed apart and put together."""
    one = closing.close(content).edition
    other = replace(one, date="2023-11-15")
    manifest.file_of(content, other.id).write_bytes(other.whole())
    with pytest.raises(ArchiveError, match="both are edition 1"):
        manifest.load(content)


def test_values_can_be_taken_out_of_a_manifest(content: Path) -> None:
    """Its id is made of digests; no change is told of what is no longer known."""
    closing.close(content)
    (file,) = (content / "editions").iterdir()
    said = json.loads(file.read_bytes())
    for entry in said["clippings"].values():
        del entry["values"], entry["title"]
    file.write_text(json.dumps(said), encoding="utf-8")
    assert manifest.read(file).id == file.stem


def test_no_day_without_sense(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "gestern")
    done = run("edition", "--content", content)
    assert done.exit_code == 2
    assert "SOURCE_DATE_EPOCH: 'gestern' is no time" in done.output


# What changed


def entry(address: str = "bai/2022/a/", sha256: str = "1", correction: str | None = None, **more: Any) -> Entry:
    from build_tools import said

    corrected, why = more.pop("corrected", ()), more.pop("why", None)
    return Entry(address, sha256, correction, said.digest(more), "Nhan đề", corrected, why, more)


def test_a_corrected_value_is_told_with_old_new_and_why() -> None:
    before = Manifest({"a.txt": entry(year=2021, members=["A", "B"])})
    now = Manifest({"a.txt": entry(correction="c", corrected=("year",), why="in sai", year=2022, members=["A", "B"])})
    (change,) = changes.changes(before, now)["values"]
    assert change == {
        "address": "bai/2022/a/",
        "title": "Nhan đề",
        "field": "year",
        "old": [2021],
        "new": [2022],
        "by": "correction",
        "why": "in sai",
    }


def test_of_a_list_only_what_differs_is_told() -> None:
    lead = {"role": "truong", "unit": "A", "year": 2021}
    other = {**lead, "unit": "B"}
    before = Manifest({"a.txt": entry(leads=[lead, {**lead, "role": "pho"}], members=["A", "A", "B"])})
    now = Manifest({"a.txt": entry(leads=[other, {**lead, "role": "pho"}], members=["B", "A"])})
    found = changes.changes(before, now)
    assert [(one["old"], one["new"]) for one in found["leads"]] == [([lead], [other])]
    assert [(one["old"], one["new"]) for one in found["values"]] == [(["A"], [])]


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({}, "program"),
        ({"sha256": "2"}, "text"),
        ({"correction": "c", "corrected": ("year",)}, "correction"),
        ({"correction": "c", "corrected": ("kind",)}, "program"),
    ],
)
def test_a_change_tells_by_what_it_came(more: dict[str, Any], cause: str) -> None:
    found = changes.changes(Manifest({"a.txt": entry(year=1)}), Manifest({"a.txt": entry(year=2, **more)}))
    assert [one["by"] for one in found["values"]] == [cause]


def test_every_kind_of_change_is_told() -> None:
    grave = Grave("gone.txt", "lý do", ("bai/2022/gone/",), "g")
    before = Manifest(
        {"a.txt": entry(), "gone.txt": entry("bai/2022/gone/"), "lost.txt": entry("bai/2022/lost/")},
        pages={"cum/1/": "1", "cum/2/": "1", "cum/3/": "1"},
        made_with={"python": "3.11"},
    )
    now = Manifest(
        {"b.txt": entry("bai/2022/b/", sha256="2"), "new.txt": entry("bai/2022/new/")},
        {"gone.txt": grave},
        {"bai/2022/a/": "bai/2022/b/"},
        {"cum/1/": "1", "cum/2/": "2", "cum/4/": "1"},
        {"python": "3.12"},
    )
    found = changes.changes(before, now)
    assert {kind: [one["address"] for one in found[kind]] for kind in changes.KINDS if kind in found} == {
        "added": ["bai/2022/new/"],
        "texts": ["bai/2022/b/"],
        "moved": ["bai/2022/b/"],
        "withdrawn": ["bai/2022/gone/"],
        "dropped": ["bai/2022/lost/"],
    }
    assert found["pages"] == {"new": 1, "changed": 1, "gone": ["cum/3/"]}
    assert found["made_with"] == {"python": ["3.11", "3.12"]}
    assert len(list(changes.sentences(found))) == 7


# Addresses


def briefs(*paths: str, **formerly: tuple[str, ...]) -> list[Brief]:
    made = [clipping(path) for path in paths]
    return [
        brief(replace(one, notes=Notes(formerly=formerly.get(one.raw.path.stem, ())), derived_title=None))
        for one in made
    ]


def renamed(one: Brief, name: str) -> Brief:
    path = f"2022/{name}.txt"
    return one._replace(path=path, slug=name, names=one.names._replace(clipping=path))


def past(*found: Brief, **more: Any) -> Past:
    addresses = Archive.of(found)[0].addresses
    return Past({one.path: Place(addresses.article(one), one.sha256) for one in found}, **more)


def test_an_address_of_an_edition_stays_when_another_clipping_asks_for_it() -> None:
    """Without it, a clipping whose path comes first would take the address of one that is cited."""
    (old,) = briefs("b/2022/x.txt")
    (new,) = briefs("a/2022/x.txt")
    assert Archive.of([old, new])[0].addresses.article(new) == "bai/2022/x/"
    archive, problems = Archive.of([old, new], past=past(old))
    assert archive.addresses.article(old) == "bai/2022/x/"
    assert archive.addresses.article(new).startswith("bai/2022/x-")
    assert [problem.path for problem in problems] == [new.path]


def test_an_address_of_an_edition_stays_when_its_date_is_corrected() -> None:
    """Where no folder names the year, the address has that of the date."""
    old = brief(clipping("x.txt", published="2021-02-03"))
    new = brief(clipping("x.txt", published="2022-02-03"))
    assert Archive.of([new], past=past(old))[0].addresses.article(new) == "bai/2021/x/"


def test_a_renamed_clipping_is_led_to() -> None:
    (old,) = briefs("2022/a.txt")
    new = renamed(old, "b")
    archive, problems = Archive.of([new], past=past(old))
    assert dict(archive.ends.former) == {"bai/2022/a/": "bai/2022/b/"}
    assert (problems, archive.ends.lost) == ([], {})
    (third,) = briefs("2022/a.txt")
    third = third._replace(sha256="f" * 64)
    archive, _ = Archive.of([new, third], past=past(old))
    assert dict(archive.ends.former) == {"bai/2022/a/": "bai/2022/b/"}
    assert archive.addresses.article(third) == "bai/2022/a-ffffff/"


def test_former_addresses_lead_on_through_several_names() -> None:
    """The edition knew that a led to b; now b is c."""
    (b,) = briefs("2022/b.txt")
    c = renamed(b, "c")
    archive, _ = Archive.of([c], past=past(b, former={"bai/2022/a/": "bai/2022/b/"}))
    assert dict(archive.ends.former) == {"bai/2022/a/": "bai/2022/c/", "bai/2022/b/": "bai/2022/c/"}


def test_formerly_leads_without_any_edition() -> None:
    archive, problems = Archive.of(briefs("2022/b.txt", b=("bai/2021/a/", "bai/2022/b/")))
    assert dict(archive.ends.former) == {"bai/2021/a/": "bai/2022/b/"}
    assert problems == []


def test_two_clippings_cannot_have_had_one_address() -> None:
    archive, problems = Archive.of(briefs("2022/b.txt", "2022/c.txt", b=("bai/2021/a/",), c=("bai/2021/a/",)))
    assert dict(archive.ends.former) == {"bai/2021/a/": "bai/2022/b/"}
    assert [problem.path for problem in problems] == ["2022/c.txt"]


def test_an_address_is_lost_when_nothing_is_there_and_nothing_says_why() -> None:
    (a, b) = briefs("2022/a.txt", "2022/b.txt")
    archive, _ = Archive.of([b], past=past(a, b))
    assert dict(archive.ends.lost) == {"bai/2022/a/": "2022/a.txt"}
    gone = Withdrawn("2022/a.txt", "lý do", (), "c")
    archive, _ = Archive.of([b], past=past(a, b), withdrawn=[gone])
    assert archive.ends.lost == {}
    assert archive.ends.withdrawn["bai/2022/a/"].reason == "lý do"


def test_former_addresses_of_a_withdrawn_clipping_are_withdrawn_too() -> None:
    (b,) = briefs("2022/b.txt")
    before = past(b, former={"bai/2022/a/": "bai/2022/b/"})
    archive, _ = Archive.of([], past=before, withdrawn=[Withdrawn("2022/b.txt", "lý do", ("bai/2020/z/",), "c")])
    assert sorted(archive.ends.withdrawn) == ["bai/2020/z/", "bai/2022/a/", "bai/2022/b/"]
    assert archive.ends.lost == {}


def test_a_withdrawn_clipping_without_an_address_is_told() -> None:
    _, problems = Archive.of([], withdrawn=[Withdrawn("x.txt", "lý do", (), "c")])
    assert [(problem.path, problem.code) for problem in problems] == [("x.yaml", "correction")]


def test_a_withdrawal_takes_no_address_from_a_clipping() -> None:
    (live,) = briefs("2022/a b.txt")
    archive, _ = Archive.of([live], past=past(live), withdrawn=[Withdrawn("2022/a-b.txt", "lý do", (), "c")])
    assert archive.addresses.article(live) == "bai/2022/a-b/"
    assert archive.ends.withdrawn == {}


# Builds


def test_without_editions_there_is_nothing_of_them(content: Path) -> None:
    build = built(content)
    assert build.edition is None
    assert not (content.parent / "build" / "docs" / "an-ban").exists()
    assert not (content.parent / "site" / "du-lieu" / "manifest.json").exists()
    assert "N1" not in (content.parent / "site" / "du-lieu" / "all.ris").read_text(encoding="utf-8")


def test_what_is_withdrawn_is_nowhere(content: Path) -> None:
    """Not in the generated Markdown, the data, the search or the feeds; its address says that it is gone, and why."""
    closing.close(content)
    write(content, SECOND, 'withdrawn: "Toà soạn <b>yêu cầu"\n')
    for _ in ("with its text", "without"):
        build = built(content)
        said = page(content, f"bai/{SECOND}/")
        assert (said["template"], said["reason"]) == ("kb-withdrawn.html", "Toà soạn <b>yêu cầu")
        assert [problem.code for problem in build.report.problems] == ["vanished"] * 3
        words = ("cụm thi đua số 6", "Võ Nguyên Phong", SECOND.rpartition("/")[2], PERSON)
        for folder in (content.parent / "build" / "docs", content.parent / "site"):
            for path in folder.rglob("*"):
                if path.is_file() and SECOND not in path.as_posix():
                    text = path.read_bytes().decode("utf-8", "replace")
                    assert not any(word in text for word in words), path
        (content / "clippings" / f"{SECOND}.txt").unlink(missing_ok=True)
    closing.close(content)
    assert built(content).edition
    assert page(content, f"bai/{SECOND}/")["template"] == "kb-withdrawn.html"


def test_a_copy_of_what_is_withdrawn_is_not_published(content: Path) -> None:
    """Also when its name comes first."""
    shutil.copy(content / "clippings" / f"{SECOND}.txt", content / "clippings" / "2017" / "a.txt")
    write(content, SECOND, "withdrawn: theo yêu cầu\n")
    build = built(content)
    assert [problem.code for problem in build.report.problems] == ["twice"]
    assert build.report.clippings == 4


@pytest.mark.parametrize("text", ["withdrawn: theo yêu cầu\nyear: no\n", "titel: x\n'withdrawn': y\n"])
def test_what_may_be_withdrawn_is_not_published(content: Path, text: str) -> None:
    """A faulty correction changes nothing otherwise; here that would publish what nobody may see."""
    write(content, SECOND, text)
    build = built(content)
    assert build.report.clippings == 4
    (held,) = [problem for problem in build.report.problems if problem.code == "held"]
    assert held.path == f"clippings/{SECOND}.txt"
    assert held.message == f"is not published: its correction {SECOND}.yaml may withdraw it, and is faulty"


def test_a_correction_written_anew_keeps_what_it_says_of_the_clipping(content: Path) -> None:
    """Else `correct --force` would publish again what was withdrawn."""
    write(content, SECOND, 'why: "in sai"\nformerly: [/bai/2019/cu/]\nwithdrawn: "theo yêu cầu"\n')
    done = run("correct", "--force", content / "clippings" / f"{SECOND}.txt")
    assert done.exit_code == 0, done.output
    text = (content / "clippings" / f"{SECOND}.yaml").read_text(encoding="utf-8")
    assert 'why: "in sai"\nformerly: ["bai/2019/cu/"]\nwithdrawn: "theo yêu cầu"\n' in text


@pytest.mark.parametrize("text", ["# withdrawn: theo yêu cầu\nyear: 2020\n", "withdrawn: null\n"])
def test_a_withdrawal_that_is_none_changes_nothing(content: Path, text: str) -> None:
    write(content, SECOND, text)
    assert built(content).report.clippings == 5


def test_a_build_refuses_to_drop_an_address(content: Path) -> None:
    closing.close(content)
    built(content)
    (content / "clippings" / f"{FIRST}.txt").unlink()
    site = content.parent / "site"
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    with pytest.raises(LostAddressesError, match=f"(?s)/bai/{FIRST}/.*put the file back.*withdrawn.*formerly.*--drop"):
        built(content)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before
    build = built(content, drop=True)
    assert "lost" in {problem.code for problem in build.report.problems}
    assert run("edition", "--content", content).exit_code == 1
    assert run("edition", "--content", content, "--drop").exit_code == 0
    assert built(content).report.problems == ()


def test_a_draft_is_called_so_in_citations(content: Path) -> None:
    edition = closing.close(content).edition.id
    cited = content.parent / "site" / "du-lieu" / "all.ris"

    def notes() -> list[str]:
        built(content)
        entry = next(one for one in rispy.loads(cited.read_bytes().decode()) if one["accession_number"] == FIRST)
        return list(entry["notes"])

    assert notes() == [f", ấn bản {edition}"]
    write(content, SECOND, "year: 2019\n")
    assert built(content).edition.draft  # type: ignore[union-attr]
    (content / "clippings" / f"{SECOND}.yaml").unlink()
    assert not built(content).edition.draft  # type: ignore[union-attr]


def test_the_manifest_that_is_published_tells_no_values(content: Path) -> None:
    edition = closing.close(content).edition
    built(content)
    folder = content.parent / "site" / "du-lieu"
    published = json.loads((folder / "manifest.json").read_bytes())
    assert all(set(one) == {"address", "sha256", "said"} for one in published["clippings"].values())
    assert manifest.read(folder / "manifest.json").id == edition.id
    resources = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    assert [one["mediatype"] for one in resources if one["path"] == "manifest.json"] == ["application/json"]


def test_an_editions_page_forgets_what_was_withdrawn_later(content: Path) -> None:
    closing.close(content)
    write(content, SECOND, 'place: "Nơi bí mật"\n')
    second = closing.close(content).edition.id
    built(content)
    assert page(content, f"an-ban/{second}/")["changes"]["values"][0]["new"] == [["Nơi bí mật"]]
    write(content, SECOND, "withdrawn: theo yêu cầu\n")
    built(content)
    assert page(content, f"an-ban/{second}/")["changes"]["values"] == [
        {"address": f"bai/{SECOND}/", "url": f"bai/{SECOND}/", "gone": True}
    ]


# Verifying


def differences(*args: str | Path) -> list[str]:
    done = run("verify", *args)
    assert done.exit_code in (0, 1), done.output
    lines = [line for line in done.output.splitlines() if not line.startswith("edition ")]
    assert (done.exit_code == 1) == bool(lines)
    return lines


def test_a_content_folder_is_compared_file_by_file(content: Path) -> None:
    closing.close(content)
    assert differences(content) == []
    path = content / "clippings" / f"{FIRST}.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    write(content, SECOND, 'place: "Hà Nội 2"\n')
    told = differences(content)
    assert f"{FIRST}.txt: its file is another" in told
    assert f"{SECOND}.txt: its correction is another; other values are read in it" in told
    assert any(line.startswith(f"/bai/{FIRST}/: its Markdown") for line in told)


def test_an_edition_is_named_by_its_id(content: Path) -> None:
    first = closing.close(content).edition.id
    move(content, FIRST, "2017/ten-moi")
    closing.close(content)
    assert differences(content) == []
    told = differences(content, "--edition", first)
    assert "2017/ten-moi.txt: is not in the edition" in told
    assert f"/bai/{FIRST}/: is not in the edition" in told
    done = run("verify", content, "--edition", "2000-01-01-00000000")
    assert done.exit_code == 2
    assert f"there are: {first}" in done.output


@pytest.mark.parametrize("args", [[], ["nowhere"]])
def test_without_an_edition_there_is_nothing_to_compare(
    content: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.chdir(content.parent)
    assert run("verify", *args).exit_code == 2
