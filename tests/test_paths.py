"""Addresses are ASCII, stable and unique; names sort as a Vietnamese index does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import clipping

from build_tools import paths
from build_tools.brief import brief
from build_tools.model import Clipping
from build_tools.paths import Addresses


def article_urls(*clippings: Clipping) -> list[str]:
    briefs = [brief(each) for each in clippings]
    addresses, _ = Addresses.of(briefs)
    return [addresses.article(each) for each in briefs]


def cluster_urls(*clusters: tuple[int | str | None, str | None]) -> list[str]:
    made = brief(clipping(clusters=clusters))
    addresses, _ = Addresses.of([made])
    return [addresses.clusters[key] for key in addresses.keys(made)]


@pytest.mark.parametrize(
    ("path", "fields", "url"),
    [
        ("2022/Đống Đa.txt", {}, "bai/2022/dong-da/"),
        ("cũ/Bài 1.txt", {"published": "2019-05-01"}, "bai/2019/bai-1/"),
        ("cũ/Bài 1.txt", {"year": 2018}, "bai/2018/bai-1/"),
        ("x.txt", {}, "bai/khong-ro/x/"),
        ("2022/新聞.txt", {}, "bai/2022/bai/"),
        ("2022/index.txt", {}, "bai/2022/bai-index/"),
    ],
    ids=["folder", "stamp", "year", "nothing", "no-latin", "index"],
)
def test_article_address(path: str, fields: dict[str, object], url: str) -> None:
    assert article_urls(clipping(path, **fields)) == [url]


def test_colliding_names_get_a_suffix_and_are_listed() -> None:
    first, second = brief(clipping("2022/Bài.txt")), brief(clipping("2022/bai.txt"))
    addresses, problems = Addresses.of([second, first])
    assert addresses.article(first) == "bai/2022/bai/"
    assert addresses.article(second) == f"bai/2022/bai-{second.sha256[:6]}/"
    assert [problem.path for problem in problems] == ["2022/bai.txt"]
    assert problems[0].remedy


def test_cluster_addresses() -> None:
    assert cluster_urls(
        (9, "Công an thành phố Hà Nội"), ("II", "Bộ Công an"), ("Khối ANND", "Bộ Công an"), (None, None), (3, None)
    ) == [
        "cum/cong-an-thanh-pho-ha-noi/9/",
        "cum/bo-cong-an/ii/",
        "cum/bo-cong-an/khoi-annd/",
        "cum/chua-ro/khong-so/",
        "cum/chua-ro/3/",
    ]


def test_a_cluster_is_its_authority_and_number() -> None:
    """Every authority numbers its own clusters; case and spacing make no new authority, accents do."""
    one, same, other, accent = cluster_urls(
        (1, "Công an tỉnh Hà Nam"), ("01", "CÔNG AN  tỉnh Hà Nam"), (1, "Bộ Công an"), (1, "Công an tỉnh Hạ Nam")
    )
    assert one == same
    assert len({one, other, accent}) == 3


@pytest.mark.parametrize("label", ["khong-so", "index", "9"])
def test_labels_never_take_the_place_of_others(label: str) -> None:
    urls = cluster_urls((9, "A"), (None, "A"), (label + "!", "A"))
    assert len(set(urls)) == 3
    assert not any(url.endswith("/index/") for url in urls)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_slugs_are_ascii_and_unique(names: list[str]) -> None:
    slugs = paths.unique_slugs(names, frozenset({"index"}))
    assert len(set(slugs.values())) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and slug != "index" for slug in slugs.values())


@given(st.text())
def test_a_name_key_is_stable(name: str) -> None:
    assert paths.name_key(name) == paths.name_key(f" {name} ")


@pytest.mark.parametrize(
    "ordered",
    [
        ["an", "ăn", "ân", "bà", "cà", "dà", "đa", "em", "êm", "ga", "ô", "ơ", "u", "ư", "y"],
        ["ba", "bà", "bả", "bã", "bá", "bạ", "bac", "bác"],
        ["Bộ Công an", "Công an thành phố Hà Nội", "Công an tỉnh Bắc Giang", "Công an tỉnh Đắk Lắk"],
        ["Cụm 2", "Cụm 9", "Cụm 10"],
        ["da", "đa"],
    ],
    ids=["letters", "tones", "authorities", "numbers", "stroke"],
)
def test_vietnamese_order(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=paths.sort_key) == ordered


def test_cluster_numbers_sort_by_value_then_label() -> None:
    ordered = [1, 2, 10, "II", "IX", "X", "Khối ANND", None]
    backwards = ordered[::-1]
    assert sorted(backwards, key=paths.number_key) == ordered


@given(st.lists(st.text(max_size=10)))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=paths.sort_key) == sorted(backwards, key=paths.sort_key)


@pytest.mark.parametrize(
    ("label", "value"), [("II", 2), ("iv", 4), ("XIX", 19), ("XL", 40), ("IIII", None), ("", None), ("Khối", None)]
)
def test_roman_numerals(label: str, value: int | None) -> None:
    assert paths.roman(label) == value


@pytest.mark.parametrize(
    ("url", "file"),
    [(".", "index.md"), ("cum/", "cum/index.md"), ("tim-kiem/", "tim-kiem.md"), ("bai/2022/x/", "bai/2022/x.md")],
)
def test_page_files(url: str, file: str) -> None:
    assert paths.page_file(url) == file
