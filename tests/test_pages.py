"""A clipping's page holds every value with its place, and front matter that reads back as it was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import clipping, found, placed
from mkdocs.utils.meta import get_data

from build_tools import galley, pages
from build_tools.model import Clipping, Evidence, Page, Repair, Segment


def article(made: Clipping, *others: Clipping) -> Page:
    return next(pages.article(*each) for each in placed([made, *others]) if each[0] is made)


FULL = clipping(
    "2022/bai.txt",
    ("Tiêu đề", "Sáng 23-11, TP. Hải Phòng họp. Sau đó nghỉ.", "Ảnh đại biểu", "In trang"),
    roles=("title", "body", "caption", "furniture"),
    title="Tiêu đề",
    published="2022-11-24T17:41",
    event_date="2022-11-23",
    source="ANTĐ",
    year=2022,
    kind="tong-ket",
    clusters=[(1, "Bộ Công an"), ("II", None)],
    leads=[("truong", "Công an quận A", 2023)],
    people=[("Nguyễn A", "Đại tá", None)],
    members=["Công an quận A"],
)


def test_an_article_has_every_field_of_the_contract() -> None:
    meta = article(FULL).meta
    expected = {
        "template": "kb-article.html",
        "title": "Tiêu đề",
        "title_derived": False,
        "id": "2022/bai",
        "date": "2022-11-24",
        "url": None,
        "kicker": None,
        "published": "2022-11-24T17:41",
        "source": "ANTĐ",
        "event_date": "2022-11-23",
        "year": 2022,
        "kind": "tong-ket",
        "clusters": [{"number": 1, "authority": "Bộ Công an"}, {"number": "II", "authority": None}],
        "members": ["Công an quận A"],
        "leads": [{"role": "truong", "unit": "Công an quận A", "year": 2023}],
        "people": [{"name": "Nguyễn A", "rank": "Đại tá", "role": None}],
        "captions": [],
        "noise": [],
        "file": "clippings/2022/bai.txt",
        "links": {
            "source": "nguon/antd-vn/",
            "year": "nam/2022/",
            "clusters": ["cum/bo-cong-an/1/", "cum/chua-ro/ii/"],
            "members": ["don-vi/cong-an-quan-a/"],
            "leads": ["don-vi/cong-an-quan-a/"],
            "people": ["nguoi/nguyen-a/"],
        },
        "raw": ["Tiêu đề", None, None, "In trang"],
        "prev": None,
        "next": None,
    }
    assert {name: meta[name] for name in expected} == expected


def test_the_body_is_the_text_alone() -> None:
    assert article(FULL).body == (
        "**Sáng 23-11, TP. Hải Phòng họp.** Sau đó nghỉ.\n{: #dong-2 .kb-lede }\n\nẢnh đại biểu\n{: #dong-3 .kb-cap }\n"
    )


def test_a_line_with_two_stretches_of_text_has_two_anchors() -> None:
    made = clipping(body=("Một hai ba. Ảnh bốn.",))
    halves = (Segment("body", 1, 0, 11, "Một hai ba."), Segment("caption", 1, 12, 20, "Ảnh bốn."))
    record = replace(made.record, captions=(replace(found("Ảnh bốn."), evidence=Evidence("mark", 1, 12, 20)),))
    page = article(replace(made, segments=halves, record=record))
    assert "{: #dong-1 .kb-lede }" in page.body
    assert "{: #dong-1-2 .kb-cap }" in page.body
    assert page.meta["evidence"]["captions"][0]["anchor"] == "dong-1-2"  # type: ignore[index]


def test_evidence_points_into_the_text_or_the_raw_lines() -> None:
    shown: Any = article(FULL).meta["evidence"]
    place = {"line": 1, "start": 0, "end": 4, "rule": "test", "grade": "stated"}
    assert shown["title"] == {**place, "anchor": "nhan-de", "from": 0, "to": 4}
    assert len(shown["clusters"]) == 2
    stamp = article(clipping(body=("17:41",), roles=("stamp",), published="2022")).meta["evidence"]
    assert stamp["published"] == {**place, "anchor": "goc-1", "from": 0, "to": 4}  # type: ignore[index]
    made = clipping(year=2022)
    assert article(made).meta["evidence"]["year"]["anchor"] == "dong-1"  # type: ignore[index]


def test_short_forms_are_explained_below_the_text() -> None:
    page = article(clipping(body=("CATP họp, GD&ĐT dự. CATP nêu.",), title="Vì ANTQ"))
    assert page.meta["abbreviations"] == [
        {"short": "ANTQ", "long": "an ninh Tổ quốc"},
        {"short": "CATP", "long": "Công an thành phố"},
        {"short": "GD&ĐT", "long": "Giáo dục và Đào tạo"},
    ]
    assert page.body.endswith("\n\n*[CATP]: Công an thành phố\n*[GD&ĐT]: Giáo dục và Đào tạo\n")
    shown = markdown.markdown(page.body, extensions=["attr_list", "abbr"])
    assert shown.count('<abbr title="Công an thành phố">CATP</abbr>') == 2
    assert '<abbr title="Giáo dục và Đào tạo">GD&amp;ĐT</abbr>' in shown
    assert "*[" not in shown


def test_a_corrected_value_has_no_line() -> None:
    made = clipping(year=2022)
    record = replace(made.record, year=replace(found(2023), evidence=Evidence("correction", 0, grade="corrected")))
    shown: Any = article(replace(made, record=record, corrected=("year",))).meta
    assert shown["corrected"] == ["year"]
    assert shown["evidence"]["year"]["line"] is None
    assert shown["evidence"]["year"]["anchor"] is None
    assert shown["evidence"]["year"]["grade"] == "corrected"


def test_a_derived_headline_is_marked_and_has_its_evidence() -> None:
    meta: Any = article(clipping(derived="Hội nghị")).meta
    assert (meta["title"], meta["title_derived"]) == ("Hội nghị", True)
    assert meta["evidence"]["title"]["line"] == 1


def test_neighbours_in_time() -> None:
    old, new = clipping("a.txt", published="2019"), clipping("b.txt", published="2020-03")
    undated = clipping("c.txt")
    assert article(new, old, undated).meta["prev"]["url"] == "bai/2019/a/"  # type: ignore[index]
    assert article(old, new, undated).meta["prev"]["url"] == "bai/khong-ro/c/"  # type: ignore[index]
    assert article(old, new, undated).meta["next"] == {"title": "b", "url": "bai/2020/b/", "date": "2020-03"}


def test_repairs_are_listed() -> None:
    made = clipping()
    made = replace(made, cleaned=replace(made.cleaned, repairs=(Repair(1, "quậncùng", "quận cùng"),)))
    assert article(made).meta["repairs"] == [{"line": 1, "before": "quậncùng", "after": "quận cùng"}]


def test_a_clipping_without_text_has_an_empty_body() -> None:
    page = article(clipping(body=("In trang",), roles=("furniture",)))
    assert page.body == ""
    assert pages.markdown(page).endswith("---\n")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Hội nghị diễn ra. Sau đó nghỉ.", "Hội nghị diễn ra."),
        ("Tại TP. Hải Phòng có hội nghị. Hết.", "Tại TP. Hải Phòng có hội nghị."),
        ("Ngày 5. Hội nghị họp. Hết.", "Ngày 5. Hội nghị họp."),
        ("Ông Nguyễn V. Đức nói. Hết.", "Ông Nguyễn V. Đức nói."),
        ("Ông nói: “Tốt lắm. Cố lên.” rồi về. Hết.", "Ông nói: “Tốt lắm. Cố lên.” rồi về."),
        ("Họp (ngày 5/3. Hà Nội) xong. Hết.", "Họp (ngày 5/3. Hà Nội) xong."),
        ("Ngoặc “mở mà không đóng. Hết.", "Ngoặc “mở mà không đóng."),
        ("Đạt 81,7%. Hết.", "Đạt 81,7%."),
        ("Thật ư? Thật.", "Thật ư?"),
        ("Câu chưa hết… còn nữa. Hết.", "Câu chưa hết… còn nữa."),
        ("Không có dấu chấm", "Không có dấu chấm"),
        ("Bài ở ANTD.VN - Ngày 5/3 họp. Hết.", "Bài ở ANTD.VN - Ngày 5/3 họp."),
    ],
)
def test_first_sentence(text: str, first: str) -> None:
    assert text[: pages.first_sentence(text)] == first


def test_a_long_lead_takes_no_time() -> None:
    text = "TP. Hà " * 200_000
    assert pages.first_sentence(text) == len(text)


def test_a_description_is_cut_between_words() -> None:
    description = article(clipping(body=("hội nghị " * 100,))).meta["description"]
    assert isinstance(description, str)
    assert len(description) <= galley.DESCRIPTION_LENGTH + 1
    assert description.endswith("nghị…")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.text(st.sampled_from("-.\n\r\t \x85\u2028\u2029\ufeff:#'\"{}\x00a")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=4),
    max_leaves=10,
)


@given(VALUES, st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=50))
def test_front_matter_reads_back_as_written(value: object, body: str) -> None:
    """MkDocs' own reader is the judge; it strips empty lines from the start of the body."""
    page = Page("x.md", {"first": value, "title": "x"}, f"Chữ {body}")
    text = pages.markdown(page)
    assert "\r" not in text
    read_body, meta = get_data(text)
    assert meta == page.meta
    assert read_body == page.body


@pytest.mark.parametrize(
    "text",
    [
        "a\n---\nb",
        "---",
        "...",
        "a\n...\nb",
        "17:41",
        "no",
        "2023-12-12",
        "09",
        "~",
        "x: y",
        "# x",
        "\ufeffx",
        "\x07",
        "\x85",
        "\U0001f600",
    ],
)
def test_awkward_texts_in_front_matter(text: str) -> None:
    page = Page("x.md", {"title": text, "list": [text, [text]]}, "Chữ")
    assert get_data(pages.markdown(page)) == ("Chữ", page.meta)


def test_file_names_outside_unicode_do_not_stop_the_page() -> None:
    assert get_data(pages.markdown(Page("x.md", {"file": "a\udcffb"})))[1] == {"file": "a?b"}
