"""From a clipping to what search sees of it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from making import placed

from build_tools import search
from build_tools.fold import squeeze
from build_tools.model import Cleaned, Clipping, Cluster, Evidence, Found, Lead, Person, RawClipping, Record, Segment
from build_tools.search.documents import MAX_SHOWN_WORD, variants

HERE = Evidence("test", 1)


def clipping(**fields: object) -> Clipping:
    """A clipping with these record fields and a text of two segments."""
    segments = (
        Segment("body", 1, 0, 9, "Hội  nghị\u00a0tổng kết. "),
        Segment("furniture", 2, 0, 8, "In trang"),
        Segment("caption", 3, 0, 9, "Toàn cảnh"),
        Segment("body", 4, 0, 1, " "),
    )
    raw = RawClipping(PurePosixPath("2022/ten-bai.txt"), b"", "0" * 64)
    return Clipping(raw, Cleaned((), "utf-8"), segments, Record(**fields))  # type: ignore[arg-type]


def document(**fields: object) -> search.Document:
    [each] = placed([clipping(**fields)])
    return search.document(*each)


def test_text_without_furniture() -> None:
    """Body and captions are searched; furniture is not."""
    assert document().paragraphs == ("Hội nghị tổng kết.", "Toàn cảnh")


def test_title_is_composed() -> None:
    """A decomposed headline is found and shown composed."""
    found = document(title=Found("Tô\u0309ng kê\u0301t", HERE))
    assert (found.title, found.title_derived) == ("Tổng kết", False)


def test_short_and_long_forms_find_each_other() -> None:
    """Each stands among the facts with its neighbours, so that the pair with them is found too."""
    shortened = [
        squeeze(one)
        for one in [*variants("Sáng nay, CATP Hải Phòng tổng kết"), *variants("Ủy ban nhân dân tỉnh Lào Cai")]
    ]
    assert shortened == ["nay, Công an thành phố Hải", "UBND tỉnh"]


def test_facts_are_searched() -> None:
    """The record's values are found though the text prints them elsewhere, or cut short."""
    found = document(
        published=Found("2022-11-24T17:41", HERE),
        source=Found("ANTD.VN", HERE),
        year=Found(2022, HERE),
        clusters=(Cluster(9, "Công an thành phố Hà Nội", HERE), Cluster(None, None, HERE)),
        members=(Found("Công an quận Đống Đa", HERE),),
        leads=(Lead("truong", "Công an quận Cầu Giấy", 2022, HERE),),
        people=(Person("Trần Văn Dương", "Đại tá", None, HERE),),
    )
    assert {"24/11/2022", "ANTD.VN", "2022", "Công an quận Đống Đa", "Công an quận Cầu Giấy"} <= {*found.facts}
    assert "Đại tá Trần Văn Dương" in found.facts
    assert found.date == "2022-11-24"


@pytest.mark.parametrize(
    ("number", "authority", "label"),
    [
        (9, "Công an thành phố Hà Nội", "Cụm thi đua số 9 – Công an thành phố Hà Nội"),
        ("II", "Bộ Công an", "Cụm thi đua số II – Bộ Công an"),
        ("Khối ANND", "Công an tỉnh", "Khối ANND – Công an tỉnh"),
        (5, None, "Cụm thi đua số 5 (chưa rõ cơ quan)"),
        (None, "Bộ Công an", "Cụm thi đua không số – Bộ Công an"),
    ],
)
def test_cluster_label(number: int | str | None, authority: str | None, label: str) -> None:
    """A cluster is named with its number and whose it is."""
    found = document(clusters=(Cluster(number, authority, HERE),))
    assert [name for _, name, _ in found.clusters] == [label]


def test_endless_word_is_cut() -> None:
    """A word that no page could show does not fill the index."""
    found = document(title=Found("a" * 5_000, HERE))
    assert len(found.title) == MAX_SHOWN_WORD + 1
