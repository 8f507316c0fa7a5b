"""What the site tests share: one page of each kind, and how HTML is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

# One page of each kind of the archive of five clippings. Addresses are a contract: they are written out, not looked up.
KINDS = {
    "home": "",
    "article": "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/",
    "article-derived-title": "bai/2020/ky-giao-uoc-cum-6-ha-noi/",
    "article-undated": "bai/2017/tong-ket-cum-2-bo-cong-an/",
    "clusters": "cum/",
    "authority": "cum/bo-cong-an/",
    "cluster": "cum/cong-an-thanh-pho-ha-noi/9/",
    "conferences": "su-kien/",
    "conference": "su-kien/bo-cong-an/1/2022-tong-ket/",
    "years": "nam/",
    "year": "nam/2022/",
    "sources": "nguon/",
    "source": "nguon/antd-vn/",
    "source-unknown": "nguon/chua-ro/",
    "units": "don-vi/",
    "unit": "don-vi/cong-an-thanh-pho-hai-phong/",
    "unit-open": "don-vi/cong-an-tinh/",
    "people": "nguoi/",
    "person": "nguoi/vu-thanh-chuong/",
    "search": "tim-kiem/",
    "about": "gioi-thieu/",
    "citing": "trich-dan/",
    "data": "du-lieu/",
    "missing": "404.html",
}
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Element:
    """An element as read: its name, its attributes, the text right inside it."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes, self.text = name, attributes, ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data


@pytest.fixture(scope="session")
def elements() -> Callable[[str], Iterator[Element]]:
    """Read HTML into its elements, in order."""

    def read(html: str) -> Iterator[Element]:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        return iter(reader.elements)

    return read


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def kind(request: pytest.FixtureRequest) -> str:
    """The address of a page of one kind; a test that asks for it runs once a kind."""
    return request.param


@pytest.fixture(scope="session")
def kinds() -> dict[str, str]:
    """All kinds of page and their addresses, for a test that asks for some."""
    return KINDS
