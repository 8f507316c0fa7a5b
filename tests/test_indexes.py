"""Every clipping can be reached from the home page by cluster, by year and by newspaper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import archived, clipping, placed

from build_tools import dossier, indexes, labels, pages
from build_tools.build import plans
from build_tools.history import histories
from build_tools.model import KINDS, Clipping, ClusterName

HN, BCA = "Công an thành phố Hà Nội", "Bộ Công an"

ARCHIVE = (
    clipping("2024/a.txt", year=2024, published="2024-11-15", clusters=[(10, HN), (2, HN)], source="ANTD.VN"),
    clipping("2023/b.txt", year=2023, published="2023-12-12", clusters=[(10, HN)], source="Báo An ninh Thủ đô"),
    clipping("2022/c.txt", year=2022, published="2022-11-24", clusters=[("II", BCA)], source="Đài A"),
    clipping("2021/d.txt", year=2022, published="2022-01-24", clusters=[(1, None)]),
    clipping("x/e.txt"),
)


def built(*clippings: Clipping) -> dict[str, Any]:
    archive = archived(clippings)
    return {plan.uri: plan.make().meta for plan in plans(archive, histories(archive))}


def urls(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["url"] for entry in entries]


PAGES = built(*ARCHIVE)


def test_the_pages_there_are() -> None:
    assert sorted(PAGES) == sorted(
        [
            *("index.md", "tim-kiem.md", "cum/index.md", "nam/index.md", "nguon/index.md"),
            *("cum/cong-an-thanh-pho-ha-noi.md", "cum/bo-cong-an.md", "cum/chua-ro.md", "cum/chua-ro-cum.md"),
            *("cum/cong-an-thanh-pho-ha-noi/2.md", "cum/cong-an-thanh-pho-ha-noi/10.md", "cum/bo-cong-an/ii.md"),
            *("cum/chua-ro/1.md", "su-kien/index.md"),
            *("don-vi/index.md", "don-vi/bo-cong-an.md", "don-vi/cong-an-thanh-pho-ha-noi.md", "nguoi/index.md"),
            *("nam/2024.md", "nam/2023.md", "nam/2022.md", "nam/khong-ro.md"),
            *("nguon/antd-vn.md", "nguon/dai-a.md", "nguon/chua-ro.md"),
        ]
    )


def test_home_counts_what_there_is() -> None:
    home = PAGES["index.md"]
    figures = {name: home[name] for name in ("count", "cluster_count", "source_count", "first_year", "last_year")}
    assert figures == {"count": 5, "cluster_count": 4, "source_count": 2, "first_year": 2022, "last_year": 2024}
    assert urls(home["latest"]) == [
        "bai/2024/a/", "bai/2023/b/", "bai/2022/c/", "bai/2021/d/", "bai/khong-ro/e/",
    ]  # fmt: skip
    assert [(year["year"], year["count"]) for year in home["years"]] == [(2024, 1), (2023, 1), (2022, 2), (None, 1)]


def test_home_lists_the_newest_only() -> None:
    many = [clipping(f"2022/{n:02}.txt", published=f"2022-01-{n:02}") for n in range(1, 25)]
    latest = built(*many)["index.md"]["latest"]
    assert len(latest) == indexes.LATEST
    assert latest[0]["url"] == "bai/2022/24/"


def test_clusters_by_authority_then_number() -> None:
    groups = PAGES["cum/index.md"]["groups"]
    assert [
        (group["authority"], [(item["number"], item["count"], item["unassigned"]) for item in group["items"]])
        for group in groups
    ] == [
        (BCA, [("II", 1, False)]),
        (HN, [(2, 1, False), (10, 2, False)]),
        (None, [(1, 1, False)]),
        (None, [(None, 1, True)]),
    ]
    assert (groups[1]["items"][1]["first_year"], groups[1]["items"][1]["last_year"]) == (2023, 2024)


def test_a_cluster_by_year_newest_first() -> None:
    page = PAGES["cum/cong-an-thanh-pho-ha-noi/10.md"]
    assert (page["number"], page["authority"], page["count"]) == (10, HN, 2)
    assert [
        (group["year"], group["url"], urls(page["clippings"][group["from"] : group["to"]])) for group in page["years"]
    ] == [
        (2024, "nam/2024/", ["bai/2024/a/"]),
        (2023, "nam/2023/", ["bai/2023/b/"]),
    ]


def test_clippings_about_no_cluster_have_a_page() -> None:
    page = PAGES["cum/chua-ro-cum.md"]
    assert page["unassigned"]
    assert urls(page["clippings"]) == ["bai/khong-ro/e/"]
    assert page["years"] == [{"year": None, "url": "nam/khong-ro/", "from": 0, "to": 1}]


def test_a_year_by_authority_and_cluster() -> None:
    page = PAGES["nam/2022.md"]
    assert [
        (
            group["authority"],
            [
                (cluster["url"], [page["clippings"][number]["url"] for number in cluster["items"]])
                for cluster in group["clusters"]
            ],
        )
        for group in page["groups"]
    ] == [
        (BCA, [("cum/bo-cong-an/ii/", ["bai/2022/c/"])]),
        (None, [("cum/chua-ro/1/", ["bai/2021/d/"])]),
    ]


def test_years_lead_to_their_neighbours() -> None:
    assert PAGES["nam/2023.md"]["prev"] == {"year": 2022, "url": "nam/2022/"}
    assert PAGES["nam/2023.md"]["next"] == {"year": 2024, "url": "nam/2024/"}
    assert PAGES["nam/2022.md"]["prev"] is PAGES["nam/2024.md"]["next"] is PAGES["nam/khong-ro.md"]["prev"] is None


def test_newspapers_in_alphabetical_order_unknown_last() -> None:
    """Two names of one newspaper are one."""
    sources = PAGES["nguon/index.md"]["sources"]
    assert [(source["name"] or "").casefold() for source in sources] == ["an ninh thủ đô", "đài a", ""]
    assert [source["count"] for source in sources] == [2, 1, 2]
    assert [(year["year"], urls(year["entries"])) for year in PAGES["nguon/antd-vn.md"]["years"]] == [
        (2024, ["bai/2024/a/"]), (2023, ["bai/2023/b/"]),
    ]  # fmt: skip


def test_a_newspaper_with_many_clippings_has_a_page_for_each_year() -> None:
    many = [clipping(f"2022/{n}.txt", source="Đài A", published=f"{2022 + n % 2}-01-01") for n in range(indexes.A_PAGE)]
    assert all(year["url"] is None for year in built(*many)["nguon/dai-a.md"]["years"])
    pages_ = built(*many, clipping("x.txt", source="Đài A"))
    years = pages_["nguon/dai-a.md"]["years"]
    assert [(year["year"], year["url"], year["count"], year["entries"]) for year in years] == [
        (2023, "nguon/dai-a/2023/", 200, []),
        (2022, "nguon/dai-a/2022/", 200, []),
        (None, "nguon/dai-a/khong-ro/", 1, []),
    ]
    assert len(pages_["nguon/dai-a/2022.md"]["years"][0]["entries"]) == 200
    assert urls(pages_["nguon/dai-a/khong-ro.md"]["years"][0]["entries"]) == ["bai/khong-ro/x/"]


def test_an_entry_has_what_lists_show() -> None:
    made = clipping(
        "2022/c.txt",
        derived="Hội nghị",
        event_date="2022-11-23",
        kind="tong-ket",
        source="Đài A",
        clusters=[("II", BCA)],
        leads=[("truong", "Công an tỉnh A", None)],
    )
    assert built(made)["index.md"]["latest"] == [
        {
            "url": "bai/2022/c/",
            "title": "Hội nghị",
            "title_derived": True,
            "date": "2022-11-23",
            "published": None,
            "event_date": "2022-11-23",
            "year": None,
            "kind": "tong-ket",
            "source": {"name": "Đài A", "url": "nguon/dai-a/"},
            "clusters": [{"number": "II", "authority": BCA, "url": "cum/bo-cong-an/ii/"}],
            "leads": [{"role": "truong", "unit": "Công an tỉnh A", "year": None}],
        }
    ]


def test_an_empty_archive_has_its_overviews() -> None:
    empty = built()
    assert sorted(empty) == [
        *("cum/index.md", "don-vi/index.md", "index.md", "nam/index.md", "nguoi/index.md", "nguon/index.md"),
        *("su-kien/index.md", "tim-kiem.md"),
    ]
    assert empty["index.md"]["count"] == 0
    assert empty["index.md"]["first_year"] is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (ClusterName(9, BCA), "Cụm thi đua số 9 – Bộ Công an"),
        (ClusterName("II", BCA), "Cụm thi đua số II – Bộ Công an"),
        (ClusterName("Khối ANND", BCA), "Khối ANND – Bộ Công an"),
        (ClusterName("{x}", "{0}"), "{x} – {0}"),
        (ClusterName(None, BCA), "Cụm thi đua không số – Bộ Công an"),
        (ClusterName(3, None), "Cụm thi đua số 3 (chưa rõ cơ quan)"),
        (None, "Chưa rõ cụm"),
    ],
)
def test_titles_of_clusters(name: ClusterName | None, title: str) -> None:
    assert dossier.cluster_title(name) == title


def test_every_label_is_there() -> None:
    assert labels.text("site") == "Kho Báo"
    assert "tp" in labels.abbreviations()


NAMES = st.none() | st.text(min_size=1, max_size=8)


@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.none() | st.integers(0, 99) | st.text(max_size=5), NAMES), max_size=3),
            NAMES,
            st.none() | st.integers(2015, 2019),
            st.none() | st.sampled_from(KINDS),
        ),
        max_size=6,
    )
)
def test_every_link_leads_to_a_page(records: list[tuple[Any, str | None, int | None, Any]]) -> None:
    """Whatever names there are: no two pages in one place, no link without a page, no clipping left out."""
    clippings = [
        clipping(
            f"2022/{number}.txt",
            clusters=clusters,
            source=source,
            year=year,
            kind=kind,
            leads=[("truong", source or "B", (year or 2015) + 1)],
            members=[source or "A"],
            people=[(source or "A", None, None)],
        )
        for number, (clusters, source, year, kind) in enumerate(records)
    ]
    archive = archived(clippings)
    found = histories(archive)
    planned = list(plans(archive, found))
    made = [*(pages.article(*each) for each in placed(clippings)), *(plan.make() for plan in planned)]
    assert [page.uri for page in made[len(clippings) :]] == [plan.uri for plan in planned]
    places = {page.uri.removesuffix(".md").removesuffix("index").rstrip("/") for page in made}
    assert len(places) == len(made)
    links = {link for page in made for link in _links(page.meta)}
    assert {link.rstrip("/.") for link in links} <= places
    reachable = {link for page in made if not page.uri.startswith("bai/") for link in _links(page.meta)}
    assert {archive.addresses.article(each) for each in archive.briefs} <= reachable


def _links(meta: Any) -> set[str]:
    if isinstance(meta, dict):
        own = {
            value.partition("#")[0]
            for name, value in meta.items()
            if (name == "said_at" or name.endswith("url")) and isinstance(value, str)
        }
        if "links" in meta:
            links = meta["links"]
            named = (link for name in ("clusters", "members", "leads", "people") for link in links[name])
            own |= {link for link in (links["source"], links["year"], *named) if link}
        return own.union(*map(_links, meta.values()))
    return set().union(*map(_links, meta)) if isinstance(meta, list) else set()
