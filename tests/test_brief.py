"""A brief and a setting are all that a clipping and its archive take from each other."""

from __future__ import annotations

import pickle
import unicodedata
from dataclasses import replace
from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import archived, clipping, placed

from build_tools import pages, search
from build_tools.archive import Archive
from build_tools.brief import brief
from build_tools.build import plans
from build_tools.fold import fold
from build_tools.history import histories
from build_tools.model import Clipping, Page
from build_tools.settings import Setting

HN, BCA = "Công an thành phố Hà Nội", "Bộ Công an"
TEXT = tuple(f"Câu thứ {number} kể một việc riêng của nó về đơn vị số {number * 7}." for number in range(12))
CLIPPINGS = (
    clipping(
        "2022/a.txt",
        TEXT,
        title="Cụm 1 tổng kết",
        published="2022-11-15",
        year=2022,
        clusters=[(1, HN), ("II", None)],
        leads=[("truong", "CATP Hà Nội", 2023)],
        members=["Công an quận Ba Đình", "Phòng CSGT"],
        people=[("Nguyễn Văn Hoà", "Đại tá", "Phó Giám đốc CATP Hà Nội"), ("Lê B", None, None)],
        source="ANTĐ",
    ),
    clipping("2022/b.txt", (*TEXT, "Câu của báo khác."), published="2022-11-16", clusters=[(1, HN)], source="Báo B"),
    clipping("2021/c.txt", published="2021-05-04", year=2021, people=[("Lê B", None, "Giám đốc Sở Y tế tỉnh Sơn La")]),
    clipping("2020/d.txt", published="2020-01-02", clusters=[(2, BCA)], members=["Công an tỉnh Sơn La"]),
    clipping("x/e.txt", derived="Một nhan đề"),
)


@pytest.mark.parametrize("made", CLIPPINGS, ids=lambda made: made.raw.path.name)
def test_a_brief_is_small_pure_and_can_be_put_away(made: Clipping) -> None:
    data = pickle.dumps(brief(made))
    assert pickle.loads(data) == brief(made)  # noqa: S301 - just written
    assert brief(pickle.loads(pickle.dumps(made))) == brief(made)  # noqa: S301
    assert len(data) < 4_096
    assert not any(segment.text.encode() in data for segment in made.segments)


def test_what_is_put_away_makes_the_same_archive() -> None:
    archive = archived(CLIPPINGS)
    again = pickle.loads(pickle.dumps([brief(each) for each in CLIPPINGS]))  # noqa: S301
    assert type(archive).of(again)[0] == archive


def everything(archive: Archive) -> list[Page]:
    return [plan.make() for plan in plans(archive, histories(archive))]


def test_the_order_of_clippings_makes_no_difference() -> None:
    expected = placed(CLIPPINGS)
    lists = everything(archived(CLIPPINGS))
    for turned in islice(permutations(CLIPPINGS), 0, None, 23):
        assert placed(turned) == expected
        assert everything(archived(turned)) == lists


def test_lists_share_what_they_show_of_a_clipping() -> None:
    archive = archived(CLIPPINGS)
    assert archive.entry(archive.briefs[0]) is archive.entry(archive.briefs[0])


def setting_of(made: Clipping, *others: Clipping) -> Setting:
    return next(setting for each, setting in placed((made, *others)) if each is made)


OF_A = {
    "nothing": ((), ()),
    "a clipping far away": ((CLIPPINGS[2],), (CLIPPINGS[2], CLIPPINGS[4])),
    "another text beside it": ((CLIPPINGS[3],), (replace(CLIPPINGS[3], cleaned=CLIPPINGS[0].cleaned),)),
}
NOT_OF_A = {
    "a neighbour": ((), (CLIPPINGS[2],)),
    "the neighbour's headline": ((CLIPPINGS[2],), (clipping("2021/c.txt", published="2021-05-04", title="Khác"),)),
    "a teller of its story": ((CLIPPINGS[2],), (CLIPPINGS[2], CLIPPINGS[1])),
    "the name shown for a unit": ((CLIPPINGS[3],), (replace(CLIPPINGS[3], record=CLIPPINGS[0].record),)),
}


@pytest.mark.parametrize("case", OF_A)
def test_a_setting_is_the_same_when_nothing_that_it_says_changes(case: str) -> None:
    one, other = (setting_of(CLIPPINGS[0], *others) for others in OF_A[case])
    assert repr(one) == repr(other)
    assert pages.article(CLIPPINGS[0], one) == pages.article(CLIPPINGS[0], other)
    assert search.document(CLIPPINGS[0], one) == search.document(CLIPPINGS[0], other)


@pytest.mark.parametrize("case", NOT_OF_A)
def test_a_setting_says_what_changes_on_the_page(case: str) -> None:
    one, other = (setting_of(CLIPPINGS[0], *others) for others in NOT_OF_A[case])
    assert repr(one) != repr(other)
    assert pages.article(CLIPPINGS[0], one) != pages.article(CLIPPINGS[0], other)


def test_a_setting_can_be_put_away() -> None:
    for made, setting in placed(CLIPPINGS):
        again = pickle.loads(pickle.dumps(setting))  # noqa: S301
        assert repr(again) == repr(setting)
        assert pages.markdown(pages.article(made, again)) == pages.markdown(pages.article(made, setting))


def test_a_head_is_a_document_without_its_texts() -> None:
    for made, setting in placed(CLIPPINGS):
        bare = search.document(made, setting)._replace(paragraphs=(), facts=())
        assert search.head(brief(made), setting) == bare


@given(st.text())
def test_folding_drops_every_mark(text: str) -> None:
    """As one that looks at each character does."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d").casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    assert fold(text) == unicodedata.normalize("NFC", bare)
