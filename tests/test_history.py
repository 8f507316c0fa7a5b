"""A cluster's history says what its clippings say, each time with who says it, and resolves nothing."""

from __future__ import annotations

from typing import Any

import pytest
from making import archived, clipping, placed

from build_tools import dossier, indexes, pages
from build_tools.archive import Archive
from build_tools.build import plans
from build_tools.history import History, given, histories, stays
from build_tools.model import Award, Clipping, Evidence

BCA = "Bộ Công an"
HP, CT, DN = "Công an thành phố Hải Phòng", "Công an thành phố Cần Thơ", "Công an thành phố Đà Nẵng"
ONE = [(1, BCA)]


def award(name: str, recipient: str | None, year: int | None = None) -> Award:
    return Award(name, None, recipient, year, Evidence("test", 1, 0, 4))


def with_awards(made: Clipping, *awards: Award) -> Clipping:
    return made.__class__(made.raw, made.cleaned, made.segments, made.record.__class__(
        **{name: getattr(made.record, name) for name in made.record.__dataclass_fields__ if name != "awards"},
        awards=awards,
    ))  # fmt: skip


CLIPPINGS = (
    clipping(
        "2022/a.txt",
        ("Cụm trưởng Hải Phòng bàn giao.", "Câu khác."),
        clusters=ONE,
        year=2022,
        kind="tong-ket",
        published="2022-11-24",
        event_date="2022-11-23",
        place="Hải Phòng",
        leads=[("truong", HP, 2022), ("truong", CT, 2023)],
        members=[HP, CT],
        people=[("Vũ Văn A", "Đại tá", f"Giám đốc {HP}"), ("Lê Văn D", None, None)],
        chairs=["Vũ Văn A"],
    ),
    clipping(
        "2022/b.txt",
        clusters=ONE,
        year=2022,
        kind="tong-ket",
        published="2022-11-25",
        event_date="2022-11-22",
        source="Báo B",
        leads=[("truong", DN, 2023)],
        members=[HP],
    ),
    clipping("2022/c.txt", clusters=ONE, year=2022, kind="so-ket", event_date="2022-07-01"),
    clipping("2019/d.txt", clusters=ONE, year=2019, kind="ky-ket", members=[HP, DN]),
    clipping("2020/e.txt", clusters=[*ONE, (2, BCA)], year=2020, kind="tong-ket", leads=[("truong", CT, 2020)]),
    with_awards(
        clipping("2018/f.txt", clusters=[(2, BCA)], year=2018, kind="tong-ket", people=[("Lê Thị C", "Đại úy", None)]),
        award("Cờ thi đua", "CATP Hải Phòng"),
        award("Bằng khen", "Lê Thị C", 2017),
        award("Giấy khen", "12 cá nhân"),
    ),
)
ARCHIVE = archived(CLIPPINGS)
FOUND = histories(ARCHIVE)


def history(number: int, archive: Archive = ARCHIVE) -> History:
    return next(one for key, one in histories(archive).items() if key.number == number)


def page(url: str) -> dict[str, Any]:
    return next(plan.make().meta for plan in plans(ARCHIVE, FOUND) if plan.uri == url)


def names(units: Any) -> list[str]:
    return [unit["name"] for unit in units]


CLUSTER = page("cum/bo-cong-an/1.md")


def test_the_years_of_a_cluster_are_those_that_something_is_told_of() -> None:
    assert [year.year for year in history(1).years] == [2019, 2020, 2022, 2023]
    assert [(event.year, event.kind) for event in history(1).events] == [
        (2019, "ky-ket"), (2020, "tong-ket"), (2022, "so-ket"), (2022, "tong-ket"),
    ]  # fmt: skip
    assert history(1).span == (2019, 2022)


def test_the_line_of_leads_has_its_gaps() -> None:
    chain = CLUSTER["chain"]
    assert [link.get("year") or link["gap"] for link in chain] == [2023, 2022, [2021, 2021], 2020, 2019]
    assert [link["count"] for link in chain if "gap" not in link] == [0, 3, 1, 1]


def test_leads_that_differ_stand_side_by_side_with_the_meetings_that_named_them() -> None:
    (lead,) = CLUSTER["chain"][0]["leads"]
    assert names(lead["units"]) == [CT, DN]
    assert [unit["handed"] for unit in lead["units"]] == [["2022-11-23"], ["2022-11-22"]]
    assert [CLUSTER["clippings"][unit["said"][0][0]]["url"] for unit in lead["units"]] == ["bai/2022/a/", "bai/2022/b/"]
    (now,) = CLUSTER["chain"][1]["leads"]
    assert [(unit["name"], unit["handed"]) for unit in now["units"]] == [(HP, [])]


def test_every_claim_says_its_line_and_the_element_that_shows_it() -> None:
    (lead,) = CLUSTER["chain"][1]["leads"]
    assert lead["units"][0]["said"] == [[1, 1, "dong-1", "stated"]]
    assert CLUSTER["clippings"][1]["url"] == "bai/2022/a/"


def test_what_a_clipping_about_several_clusters_says_of_leads_is_nobodys() -> None:
    assert not history(1).of(2020).leads["truong"]
    assert not history(2).of(2020).leads["truong"]
    assert [brief.path for brief in history(2).of(2020).clippings] == ["2020/e.txt"]


def test_members_by_year_with_who_came_and_who_went() -> None:
    members = CLUSTER["members"]
    assert [year["year"] for year in members["years"]] == [2019, 2022]
    roles = {row["name"]: [cell and cell["role"] for cell in row["cells"]] for row in members["rows"]}
    assert roles == {HP: ["member", "truong"], CT: [None, "member"], DN: ["member", None]}
    (change,) = members["changes"]
    assert (change["year"], change["since"], names(change["came"]), names(change["went"])) == (2022, 2019, [CT], [DN])


def test_where_a_year_of_members_is_said_stands_with_the_year() -> None:
    year = CLUSTER["members"]["years"][0]
    assert CLUSTER["clippings"][year["said"][0][0]]["url"] == "bai/2019/d/"
    assert all(row["cells"][0]["said"] == [] for row in CLUSTER["members"]["rows"] if row["cells"][0])


def test_awards_by_year_lead_to_who_has_them() -> None:
    years = page("cum/bo-cong-an/2.md")["awards"]
    found = [(year["year"], award["name"], to["recipient"], to["url"]) for year in years for award in year["awards"]
             for to in award["to"]]  # fmt: skip
    assert found == [
        (2018, "Cờ thi đua", "CATP Hải Phòng", "don-vi/cong-an-thanh-pho-hai-phong/"),
        (2018, "Giấy khen", "12 cá nhân", None),
        (2017, "Bằng khen", "Lê Thị C", "nguoi/le-thi-c/"),
    ]


def test_a_conference_has_the_values_of_all_its_clippings() -> None:
    meta = page("su-kien/bo-cong-an/1/2022-tong-ket.md")
    facts = meta["facts"]
    assert [(one["text"], [place[0] for place in one["said"]]) for one in facts["dates"]] == [
        ("2022-11-22", [0]), ("2022-11-23", [1]),
    ]  # fmt: skip
    assert [one["text"] for one in facts["places"]] == ["Hải Phòng"]
    assert [(one["name"], len(one["said"])) for one in facts["members"]] == [(CT, 1), (HP, 2)]
    assert [entry["url"] for entry in meta["clippings"]][: meta["count"]] == ["bai/2022/b/", "bai/2022/a/"]
    assert meta["only"] == [
        {"dates": ["2022-11-22"]},
        {"dates": ["2022-11-23"], "places": ["Hải Phòng"], "members": [CT], "people": ["Vũ Văn A", "Lê Văn D"]},
    ]
    assert [(one["year"], names(one["leads"][0]["units"])) for one in meta["leads"]] == [(2022, [HP]), (2023, [CT, DN])]
    assert (meta["before"]["url"], meta["after"]) == ("su-kien/bo-cong-an/1/2022-so-ket/", None)


def test_who_chairs_is_told_of_the_person_the_conference_and_the_cluster() -> None:
    people = page("su-kien/bo-cong-an/1/2022-tong-ket.md")["facts"]["people"]
    assert [(one["name"], one["chairs"]) for one in people] == [
        ("Vũ Văn A", [[1, 1, "dong-1", "stated"]]), ("Lê Văn D", []),
    ]  # fmt: skip
    assert [(year["year"], names(year["people"])) for year in CLUSTER["chairs"]] == [(2022, ["Vũ Văn A"])]
    assert [entry["chairs"] for entry in page("nguoi/vu-van-a.md")["entries"]] == [True]
    assert [entry["chairs"] for entry in page("nguoi/le-van-d.md")["entries"]] == [False]


def test_a_conference_of_several_clusters_leaves_open_whose_its_leads_are() -> None:
    meta = page("su-kien/bo-cong-an/1/2020-tong-ket.md")
    assert meta["shared"] == [0]
    assert [one["leads"] for one in meta["leads"]] == [[], []]


def test_no_conference_without_year_and_kind() -> None:
    archive = archived([clipping("a.txt", clusters=ONE, kind="tong-ket"), clipping("b.txt", clusters=ONE, year=2020)])
    assert list(history(1, archive).events) == []


def test_the_stays_of_a_unit() -> None:
    found = [(stay.year, stay.cluster.number, stay.role) for stay in stays(FOUND)["cong-an-thanh-pho-hai-phong"]]
    assert found == [(2019, 1, "member"), (2022, 1, "truong")]


def test_the_awards_of_a_unit_whatever_it_is_called() -> None:
    (one,) = given(ARCHIVE, FOUND)["cong-an-thanh-pho-hai-phong"]
    assert (one.year, one.award.name, one.claims[0].brief.path) == (2018, "Cờ thi đua", "2018/f.txt")


def test_a_units_page_has_its_clusters_awards_and_people() -> None:
    meta = page("don-vi/cong-an-thanh-pho-hai-phong.md")
    assert [(stay["year"], stay["role"], stay["cluster"]["url"]) for stay in meta["stays"]] == [
        (2022, "truong", "cum/bo-cong-an/1/"), (2019, "member", "cum/bo-cong-an/1/"),
    ]  # fmt: skip
    assert [(one["year"], one["name"]) for one in meta["awards"]] == [(2018, "Cờ thi đua")]
    assert [(one["name"], one["offices"][0]["rank"]) for one in meta["people"]] == [("Vũ Văn A", "Đại tá")]


def test_a_persons_page_leads_to_the_line_and_the_conference() -> None:
    (entry,) = page("nguoi/vu-van-a.md")["entries"]
    assert entry["place"] == [1, "dong-1", "stated"]
    assert [event["url"] for event in entry["events"]] == ["su-kien/bo-cong-an/1/2022-tong-ket/"]
    assert page("nguoi/vu-van-a.md")["unit"]["url"] == "don-vi/cong-an-thanh-pho-hai-phong/"


def test_the_grid_has_a_cell_for_each_cluster_and_year() -> None:
    grid = page("index.md")["grid"]
    assert grid["years"] == [2018, 2019, 2020, 2021, 2022]
    rows = {row["number"]: [cell and (cell["count"], cell["kinds"]) for cell in row["cells"]] for row in grid["rows"]}
    assert rows[1] == [None, (1, ["ky-ket"]), (1, ["tong-ket"]), None, (3, ["tong-ket", "so-ket"])]
    assert grid["rows"][0]["cells"][1]["url"] == "cum/bo-cong-an/1/#nam-2019"
    assert not grid["unknown"]


def test_with_many_clusters_the_grid_is_of_authorities() -> None:
    many = [clipping(f"{n}.txt", clusters=[(n, BCA)], year=2020) for n in range(dossier.GRID + 1)]
    archive = archived([*many, clipping("x.txt", clusters=[(1, BCA)])])
    (row,) = indexes.home(archive, histories(archive)).meta["grid"]["rows"]  # type: ignore[index]
    assert (row["name"], row["cells"][0]["count"], row["unknown"]["count"]) == (BCA, dossier.GRID + 1, 1)


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        ([], []),
        ([2020], [2020]),
        ([2020, 2024], [2020, 2021, 2022, 2023, 2024]),
        ([2020, 2025], [2020, None, 2025]),
    ],
)
def test_a_long_run_of_empty_years_is_one_column(years: list[int], shown: list[int | None]) -> None:
    assert dossier.columns(years) == shown


def test_the_timeline_counts_every_clipping() -> None:
    time = page("nam/index.md")["timeline"]
    assert sum(bar["count"] for bar in time["bars"] if bar) + time["unknown"] == len(CLIPPINGS)
    assert time["most"] == 3
    assert all(sum(part["count"] for part in bar["parts"]) == bar["count"] for bar in time["bars"] if bar)


def test_a_year_lists_what_is_missing() -> None:
    (group,) = page("nam/2020.md")["groups"]
    assert [(item["number"], len(item["items"])) for item in group["clusters"]] == [(1, 1), (2, 1)]
    (group,) = page("nam/2019.md")["groups"]
    assert [(item["number"], len(item["items"]), item["events"]) for item in group["clusters"]][1] == (2, 0, [])
    (group,) = page("nam/2022.md")["groups"]
    (cluster,) = group["clusters"]  # the last of cluster 2 is of 2020: it may be no more
    assert (names(cluster["leads"][0]["units"]), names(cluster["next"]["units"])) == ([HP], [CT, DN])


def test_an_article_says_who_led_then_and_what_else_is_told() -> None:
    made = {each.raw.path.as_posix(): pages.article(each, setting).meta for each, setting in placed(CLIPPINGS)}
    late = made["2022/b.txt"]
    assert [(led["year"], names(led["units"])) for led in late["then"]] == [(2022, [HP]), (2023, [CT, DN])]  # type: ignore[attr-defined]
    assert late["then"][0]["units"][0]["said_at"] == "bai/2022/a/#dong-1"  # type: ignore[index]
    assert [other["url"] for other in late["others"]] == ["bai/2022/a/"]  # type: ignore[attr-defined]
    assert late["before"]["url"] == "su-kien/bo-cong-an/1/2022-so-ket/"  # type: ignore[index]
    assert made["2020/e.txt"]["then"] == []


def test_clippings_that_name_the_same_people_lead_to_each_other() -> None:
    people = [("Vũ Văn A", "Đại tá", f"Giám đốc {HP}"), ("Lê B", "Đại úy", f"Phó Giám đốc {HP}")]
    three = [clipping(f"{n}.txt", published=f"20{n}-01-01", people=people[: n % 3 + 1]) for n in (10, 11, 13)]
    settings = {each.raw.path.as_posix(): setting for each, setting in placed(three)}
    shared = {path: [one.url for one in setting.around.people] for path, setting in settings.items()}
    assert shared == {
        "10.txt": ["bai/2011/11/", "bai/2013/13/"],
        "11.txt": ["bai/2010/10/", "bai/2013/13/"],
        "13.txt": ["bai/2010/10/", "bai/2011/11/"],
    }
