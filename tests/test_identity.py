"""One unit, person or newspaper under all its names; two where only the words are alike."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from making import archived, clipping

from build_tools import directory, paths
from build_tools.history import histories
from build_tools.identity import naming, newspapers, people, places, registry, units
from build_tools.identity.spelling import even
from build_tools.identity.units import Context
from build_tools.model import Clipping

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "identity.yaml").read_text(encoding="utf-8"))
HN = "Công an thành phố Hà Nội"


def identify(clippings: Iterable[Clipping]) -> registry.Identities:
    return registry.identify(map(naming.naming, clippings))


def around(authority: str | None = None, when: str | None = None) -> Context:
    """The context of a clipping about a cluster of `authority`."""
    made = clipping(clusters=[(1, authority)] if authority else [], published=when)
    return naming.context(made)


@pytest.mark.parametrize("case", CASES["one"], ids=lambda case: case["id"])
def test_printed_forms_of_one_unit(case: dict[str, Any]) -> None:
    context = around(**case.get("context", {}))
    for printed in (case["name"], *case["printed"]):
        found = units.unit(printed, context)
        assert (found.slug, found.settled) == (case["id"], True), printed
        assert found.key == units.unit(case["name"], context).key, printed


@pytest.mark.parametrize("case", CASES["one"], ids=lambda case: case["id"])
def test_the_archive_shows_the_name_written_out(case: dict[str, Any]) -> None:
    context = dict(case.get("context", {}))
    clusters = [(1, context["authority"])] if "authority" in context else []
    made = clipping(clusters=clusters, published=context.get("when"), members=[case["name"], *case["printed"]])
    entry = identify([made]).units[case["id"]]
    assert entry.unit.name == case["name"]
    assert {variant.text for variant in entry.variants} >= {case["name"], *case["printed"]}


@pytest.mark.parametrize("case", CASES["two"], ids=lambda case: case[0]["name"])
def test_names_of_several_units(case: list[dict[str, str]]) -> None:
    found = [units.unit(each["name"], around(each.get("authority"), each.get("when"))) for each in case]
    assert len({unit.key for unit in found}) == len(case)
    assert len({unit.slug for unit in found}) >= len(case) - 1


@pytest.mark.parametrize("name", CASES["open"])
def test_what_the_clipping_leaves_open_stays_open(name: str) -> None:
    assert not units.unit(name).settled


@pytest.mark.parametrize("case", CASES["history"], ids=lambda case: f"{case['name']} {case.get('day', '')}")
def test_history(case: dict[str, Any]) -> None:
    found = units.history(units.unit(case["name"]), case.get("day"))
    if "ended" in case:
        assert [change.after for change in found.became] == ([()] if case["ended"] else [])
    if "became" in case:
        assert [name for change in found.became for name in change.after] == case["became"]
    if "was" in case:
        assert [name for change in found.was for name in change.before if change.date != "1997-01-01"] == case["was"]


def test_63_provinces_became_34() -> None:
    """By the day before and after: what is listed as standing, and what the changes of that day take and leave."""
    known = places.load()
    before = {province.label for province in known.by_label.values() if province.stood("2025-06-30")}
    after = {province.label for province in known.by_label.values() if province.stood("2025-07-01")}
    day = [change for change in known.changes if change.date == "2025-07-01"]
    assert (len(before), len(after), len(day)) == (63, 34, 23)
    assert before - {name for change in day for name in change.before} == after - {
        name for change in day for name in change.after
    }
    assert len(after - {name for change in day for name in change.after}) == 11
    taken = [name for change in day for name in change.before]
    assert len(taken) == len(set(taken)) == 52


@pytest.mark.parametrize("case", CASES["newspapers"], ids=lambda case: case["id"])
def test_printed_forms_of_one_newspaper(case: dict[str, Any]) -> None:
    for printed in (case["name"], *case["printed"]):
        assert newspapers.known(printed) == newspapers.Newspaper(case["name"], case["id"]), printed


@pytest.mark.parametrize("name", CASES["unknown_newspapers"])
def test_a_newspaper_that_is_not_known_for_sure(name: str) -> None:
    assert newspapers.known(name) is None


def test_newspapers_share_one_page_and_an_unknown_one_never_takes_it() -> None:
    clippings = [
        clipping("2020/a.txt", source="ANTĐ"),
        clipping("2020/b.txt", source="Báo An ninh Thủ đô"),
        clipping("2020/c.txt", source="Ántd Vn"),
    ]
    archive = archived(clippings)
    urls = [archive.addresses.source(paths.source_key(each.source)) for each in archive.briefs]
    assert urls[:2] == ["nguon/antd-vn/"] * 2
    assert urls[2] not in urls[:2]
    assert archive.source(archive.briefs[0]) == {"name": "ANTĐ", "url": "nguon/antd-vn/"}


def mentioned(case: list[list[str | None]]) -> list[Clipping]:
    return [
        clipping(
            f"{name}.txt",
            published=day,
            people=[("Nguyễn Văn Hoà" if name == "a" else "NGUYỄN VĂN HÒA", rank, role)],
            clusters=[(1, authority)] if authority else [],
        )
        for name, day, rank, role, authority in case
    ]


@pytest.mark.parametrize("name", CASES["people"])
def test_who_is_one_person(name: str) -> None:
    """In whatever order the clippings come."""
    clippings = mentioned(CASES["people"][name])
    number = 1 if name.startswith("one") else 2
    found = [identify(order).people for order in itertools.permutations(clippings)]
    assert all(each == found[0] for each in found)
    assert len(found[0]) == number
    assert all(entry.name == "Nguyễn Văn Hoà" or number == 2 for entry in found[0].values())
    for entry in found[0].values():
        assert set(entry.alike) == found[0].keys() - {entry.id}


def test_the_first_in_time_keeps_the_plain_id() -> None:
    clippings = mentioned(CASES["people"]["two-of-other-units"])
    assert list(identify(clippings[:1]).people) == ["nguyen-van-hoa"]
    assert list(identify(clippings).people) == ["nguyen-van-hoa", "nguyen-van-hoa-cong-an-tinh-ha-nam"]


def test_two_of_one_name_in_one_clipping_are_two() -> None:
    made = clipping(
        people=[("Lê A", None, "Giám đốc Sở Y tế tỉnh Sơn La"), ("Lê A", None, "Thanh tra Sở Y tế tỉnh Sơn La")]
    )
    assert len(identify([made]).people) == 2


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Phó Bí thư Đảng ủy, Phó Giám đốc CATP", [("phó bí thư", "Đảng ủy"), ("phó giám đốc", "CATP")]),
        ("Trưởng phòng CSGT", [("trưởng", "Phòng CSGT")]),
        ("Giám đốc Sở Văn hóa, Thể thao và Du lịch", [("giám đốc", "Sở Văn hóa, Thể thao và Du lịch")]),
        ("Thứ trưởng", [("thứ trưởng", "")]),
        ("khách mời", []),
    ],
)
def test_offices_of_a_role(role: str, expected: list[tuple[str, str]]) -> None:
    assert list(people.offices(role)) == expected


def test_a_unit_keeps_its_printed_forms_and_roles() -> None:
    one = clipping(
        "2022/a.txt", members=["CATP Hà Nội"], leads=[("truong", "Công an TP Hà Nội", 2023)], clusters=[(1, HN)]
    )
    two = clipping("2023/b.txt", members=["CATP Hà Nội"])
    found = identify([two, one])
    entry = found.units["cong-an-thanh-pho-ha-noi"]
    assert {(v.text, v.count, v.clippings) for v in entry.variants} == {
        ("CATP Hà Nội", 2, ("2022/a.txt", "2023/b.txt")),
        ("Công an TP Hà Nội", 1, ("2022/a.txt",)),
        (HN, 1, ("2022/a.txt",)),
    }
    assert [(part.clipping, part.role, part.year) for part in entry.parts] == [
        ("2022/a.txt", "authority", None),
        ("2022/a.txt", "truong", 2023),
        ("2022/a.txt", "member", None),
        ("2023/b.txt", "member", None),
    ]
    assert found.names["2022/a.txt"].leads == ("cong-an-thanh-pho-ha-noi",)


def test_clusters_of_one_authority_in_two_spellings_are_one() -> None:
    """Roman and Arabic numbers stay apart."""
    clippings = [
        clipping("2020/a.txt", clusters=[(2, "Công an TP Hà Nội"), ("II", HN)]),
        clipping("2021/b.txt", clusters=[("02", "CATP Hà Nội")]),
    ]
    archive = archived(clippings)
    assert sorted(archive.addresses.clusters.values()) == [
        "cum/cong-an-thanh-pho-ha-noi/2/", "cum/cong-an-thanh-pho-ha-noi/ii/",
    ]  # fmt: skip
    assert {name.authority for name in archive.cluster_names.values()} == {HN}


def test_districts_of_one_name_have_clusters_of_their_own() -> None:
    clippings = [
        clipping(
            f"{n}.txt",
            clusters=[(1, "Công an huyện Châu Thành")],
            people=[("Lê A", None, f"Phó Giám đốc Công an tỉnh {province}")],
        )
        for n, province in enumerate(("Long An", "Bến Tre"))
    ]
    archive = archived(clippings)
    assert sorted(archive.addresses.clusters.values()) == [
        "cum/cong-an-huyen-chau-thanh-ben-tre/1/", "cum/cong-an-huyen-chau-thanh-long-an/1/",
    ]  # fmt: skip


def test_ids_do_not_depend_on_other_clippings() -> None:
    one = clipping("2020/a.txt", clusters=[(1, "Công an tỉnh Long An")], members=["CAH Châu Thành", "Phòng CSGT"])
    other = clipping("2021/b.txt", clusters=[(1, "Công an tỉnh Bến Tre")], members=["CAH Châu Thành", "Phòng CSGT"])
    assert identify([one]).names["2020/a.txt"] == identify([other, one]).names["2020/a.txt"]


UNITS = [name for case in CASES["one"] for name in (case["name"], *case["printed"])]


@given(
    st.lists(st.sampled_from(UNITS) | st.text(max_size=12), max_size=6), st.sampled_from(UNITS) | st.text(max_size=9)
)
def test_any_names_have_ids_and_pages(names: list[str], authority: str) -> None:
    """Ids are ASCII, unique and the same in any order; every page has a place and a title of its own."""
    clippings = [
        clipping(
            f"2020/{number}.txt",
            clusters=[(1, authority)],
            members=[name],
            people=[(name, None, f"Giám đốc {authority}")],
        )
        for number, name in enumerate(names)
    ]
    found = identify(clippings)
    assert found == identify(clippings[::-1])
    for id_ in (*found.units, *found.people):
        assert paths.unique_slugs([id_]) == {id_: id_} or len(id_) > 80
    archive = archived(clippings)
    made = [plan.make() for plan in directory.plans(archive, histories(archive))]
    assert len({page.uri for page in made}) == len(made)
    for template in ("kb-unit.html", "kb-person.html"):
        titles = [page.meta["title"] for page in made if page.meta["template"] == template]
        assert len(set(titles)) == len(titles)


@given(st.text(max_size=40))
def test_spelling_is_stable(text: str) -> None:
    assert even(even(text)) == even(text)


def many(number: int) -> list[Clipping]:
    return [
        clipping(
            f"2020/{n}.txt", members=[f"Công an xã Xã {n}"], people=[(f"Lê Văn {chr(65 + n % 26)}n{n}", "Đại tá", None)]
        )
        for n in range(number)
    ]


def test_a_long_index_has_a_page_for_each_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "A_PAGE", 30)
    archive = archived(many(31))
    made = {plan.uri: plan.make().meta for plan in directory.plans(archive, histories(archive))}
    index: Any = made["nguoi/index.md"]
    assert index["count"] == 31
    assert all(item["entries"] == [] for item in index["letters"])
    listed = [made[f"{item['url'].rstrip('/')}.md"] for item in index["letters"]]
    assert sum(len(page["letters"][0]["entries"]) for page in listed) == 31


def test_people_are_listed_by_given_name() -> None:
    made = clipping(people=[(name, "Đại tá", None) for name in ("Trần Văn An", "Lê Đức", "Bùi Thị Ân", "Đỗ Dũng")])
    archive = archived([made])
    index: Any = next(
        plan.make().meta for plan in directory.plans(archive, histories(archive)) if plan.uri == "nguoi/index.md"
    )
    assert [(item["letter"], [entry["name"] for entry in item["entries"]]) for item in index["letters"]] == [
        ("A", ["Trần Văn An"]),
        ("Â", ["Bùi Thị Ân"]),
        ("D", ["Đỗ Dũng"]),
        ("Đ", ["Lê Đức"]),
    ]


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (("2020-05-01", "Đại tá"), ("2021-05-01", "Thượng tá"), 2),
        (("2020", "Đại tá"), ("2020-05-01", "Thượng tá"), 1),
        (("2020-05-01", "Đại tá"), (None, "Thượng tá"), 1),
        (("2020-05-01", "Đại tá"), ("2021-05-01", None), 1),
        (("2020-05-01", "Thượng uý"), ("2021-05-01", "Đại úy"), 1),
    ],
)
def test_a_rank_falls_only_between_days_that_are_surely_apart(first: Any, second: Any, number: int) -> None:
    role = "Phó Giám đốc Công an tỉnh Sơn La"
    case = [["a", *first, role, None], ["b", *second, role, None]]
    assert len(identify(mentioned(case)).people) == number


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_an_epoch_has_the_provinces_of_its_days(day: date, length: int) -> None:
    """Names are looked up once for all days between two changes."""
    when = day.isoformat()[:length]
    epoch = places.epoch(when)
    provinces = places.load().by_label.values()
    assert [each.stood(epoch) for each in provinces] == [each.stood(when) for each in provinces]
    assert length == len("2025-07-01") or epoch == when


def test_the_days_of_an_epoch_are_one_to_a_lookup() -> None:
    assert places.epoch("2012-03-01") == places.epoch("2012-11-30") != places.epoch("2025-07-01")
    assert places.epoch(None) is None
