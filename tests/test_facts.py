"""What pages are known by: where it is the same, the page and its feeds are, whatever else has changed."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from making import archived, clipping

from build_tools.archive import Archive
from build_tools.build import plans
from build_tools.facts import Facts, of_clipping, written
from build_tools.history import histories
from build_tools.model import KINDS, Clipping
from build_tools.paths import page_url
from build_tools.reuse.feeds import Feeds, names
from build_tools.reuse.listed import listed
from build_tools.reuse.plain import Site
from build_tools.settings import settings as settings_of

UNITS = (
    "Công an thành phố Hà Nội",
    "CÔNG AN THÀNH PHỐ HÀ NỘI",
    "Công an TP Hà Nội",
    "Công an tỉnh Nam Định",
    "Bộ Công an",
    "Công an quận Cầu Giấy",
)
PEOPLE = (
    ("Nguyễn Văn An", "Đại tá", "Giám đốc Công an tỉnh Nam Định"),
    ("NGUYỄN VĂN AN", "Thượng tá", None),
    ("NGUYỄN VĂN AN", "Đại úy", None),
    ("Nguyễn Văn An", None, "Trưởng Công an quận Cầu Giấy"),
    ("Trần Thị Bình", "Thiếu tướng", "Phó Giám đốc Công an thành phố Hà Nội"),
    ("Lê Hòa", None, "Chủ tịch Ủy ban nhân dân quận Cầu Giấy"),
    ("Lê Hoà", "Trung tá", None),
)
YEARS = (2021, 2022, 2023)


def some(values: Any, most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


@st.composite
def clippings(draw: st.DrawFn) -> Clipping:
    """One of a few clippings' worth of facts: clusters, people and units that others name too, or write otherwise."""
    year = draw(st.sampled_from((None, *YEARS)))
    values: dict[str, Any] = {
        "title": draw(st.sampled_from(("Hội nghị tổng kết", "Hội nghị ký kết", "Bàn giao Cụm trưởng"))),
        "kind": draw(st.sampled_from((None, *KINDS[:3]))),
        "source": draw(st.sampled_from((None, "Báo A", "BÁO A", "Báo B"))),
        "published": draw(st.sampled_from((None, "2022-11-24", "2023-12-12"))),
    }
    people = draw(some(PEOPLE, 3))
    numbers: Any = st.sampled_from((1, 2, "II", "ii"))
    chaired: Any = st.booleans()
    return clipping(
        f"{draw(st.sampled_from('abcdefgh'))}.txt",
        clusters=[(draw(numbers), draw(st.sampled_from((None, *UNITS[:4]))))] * draw(st.integers(0, 1)),
        members=draw(some(UNITS)),
        leads=[(role, draw(st.sampled_from(UNITS)), year and year + 1) for role in draw(some(("truong", "pho")))],
        people=people,
        awards=[("Cờ thi đua", "Bộ Công an", unit, year) for unit in draw(some((*UNITS, PEOPLE[0][0], "tập thể")))],
        chairs=[people[0][0]] if people and draw(chaired) else [],
        **{name: value for name, value in (values | {"year": year}).items() if value is not None},
    )


def told(archive: Archive) -> dict[str, tuple[str, str]]:
    """Return of each page that tells of itself what it is known by, and all that is in it and in its feeds."""
    found = histories(archive)
    pairs = zip(archive.briefs, settings_of(archive, (), found), strict=True)
    facts = Facts({one.path: of_clipping(one, setting, archive) for one, setting in pairs})
    feeds, lists = Feeds(archive, Site("Kho")), listed(archive)
    pages = {}
    for plan in plans(archive, found):
        page = plan.make()
        fed = list(feeds.of(page, lists))
        if plan.told:
            assert tuple(feed.name for feed in fed) == (names(page_url(plan.uri)) if plan.feeds else ())
            whole = written([page.meta, page.body, *(feed.make().decode() for feed in fed)])
            pages[plan.uri] = plan.told(facts), whole
    return pages


@settings(max_examples=150, deadline=None)
@given(st.lists(clippings(), min_size=1, max_size=8), clippings())
def test_a_page_known_by_the_same_is_the_same(some_: list[Clipping], other: Clipping) -> None:
    """After a clipping has come, gone or changed."""
    before = {one.raw.path: one for one in some_}
    one, another = told(archived(before.values())), told(archived((before | {other.raw.path: other}).values()))
    for uri in one.keys() & another.keys():
        if one[uri][0] == another[uri][0]:
            assert one[uri][1] == another[uri][1], uri


def test_a_page_is_known_by_how_it_names_others_of_the_name() -> None:
    first = clipping("a.txt", year=2022, people=[PEOPLE[0]])
    second, changed = (clipping("b.txt", year=2022, people=[person]) for person in PEOPLE[1:3])
    before, after = told(archived([first, second])), told(archived([first, changed]))
    assert before["nguoi/nguyen-van-an.md"][0] != after["nguoi/nguyen-van-an.md"][0]


def test_what_a_change_does_not_touch_is_known_by_the_same() -> None:
    lone = clipping("a.txt", year=2022, kind="tong-ket", clusters=[(1, UNITS[0])], people=[PEOPLE[0]])
    other = clipping("b.txt", year=2022, kind="tong-ket", clusters=[(2, UNITS[3])], people=[PEOPLE[3]])
    changed = clipping("b.txt", year=2023, kind="so-ket", clusters=[(2, UNITS[3])], people=[PEOPLE[3]])
    before, after = told(archived([lone, other])), told(archived([lone, changed]))
    same = {uri for uri in before.keys() & after.keys() if before[uri][0] == after[uri][0]}
    assert same == {
        "cum/cong-an-thanh-pho-ha-noi/1.md",
        "su-kien/cong-an-thanh-pho-ha-noi/1/2022-tong-ket.md",
        "nguoi/nguyen-van-an.md",
    }
