"""The search page's index, made in Python and asked in JavaScript, as the reader's browser does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools import search
from build_tools.search import Document

QUERIES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("queries.yaml").read_text(encoding="utf-8"))
HOSTILE = {
    "long": "công an " * 1250,
    "one long word": "a" * 10_000,
    "many words": " ".join(f"w{i}" for i in range(5_000)),
    "spaces": "a" + " " * 10_000 + "b",
    "punctuation": "?!.,;:'\"()[]{}<>/\\|`~@#$%^&*-_=+…“”–—",
    "emoji": "🎉 👨‍👩‍👧 🇻🇳",
    "right to left": "\u202eسلام\u202c",
    "field": "title:",
    "field with word": "title:cầu text:giấy nofield:x",
    "operators": "+ - ~ ^ *",
    "operators on words": "+cầu -giấy an~9 công^99 *an a*b* ~1 ^2",
    "marks only": "\u0301\u0323\u0301",
    "many marks": "a" + "\u0301" * 5_000,
    "lone surrogate": "a \ud800 b",
    "controls": "a\x00b\x01\x1f\x7f",
    "object names": "constructor __proto__ toString hasOwnProperty",
    "markup": "<img src=x onerror=alert(1)>",
    "pair sign": "_cau_giay",
    "empty": "",
    "white space": " \t\n\u00a0\u3000",
}


def name(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1]


@pytest.fixture(scope="module")
def answers(ask: Any, documents: list[Document]) -> dict[str, Any]:
    """What every query of the file finds."""
    queries = [case["query"] for case in QUERIES]
    return dict(zip(queries, ask(file=search.page_index(documents), queries=queries)["queries"], strict=True))


@pytest.mark.parametrize("case", QUERIES, ids=[case["query"] for case in QUERIES])
def test_query(case: dict[str, Any], answers: dict[str, Any]) -> None:
    """The right clippings come, and the right one first."""
    answer = answers[case["query"]]
    found = [name(url) for url in answer["urls"]]
    if "only" in case:
        assert found == case["only"]
    else:
        assert found[:1] == [case["first"]]
    assert answer["all"] is not case.get("partly", False)


def test_hostile_queries(ask: Any, documents: list[Document]) -> None:
    """No query throws, whatever is typed; one without a word finds nothing."""
    answers = ask(file=search.page_index(documents), queries=list(HOSTILE.values()))["queries"]
    found = dict(zip(HOSTILE, answers, strict=True))
    for wordless in ("punctuation", "emoji", "operators", "marks only", "empty", "white space"):
        assert found[wordless]["urls"] == []
    assert len(found["long"]["urls"]) == len(documents)


def test_spellings_find_the_same(ask: Any) -> None:
    """Old and new tone places, composed and decomposed letters, zeros before a number are one spelling."""
    texts = ("Khánh Hoà", "Khánh Hòa", "Kha\u0301nh Ho\u0300a", "Cụm số 09", "Cụm số 9", "hoa")
    file = search.page_index([Document(str(i), "", (text,)) for i, text in enumerate(texts)])
    hits = [
        {*answer["urls"]}
        for answer in ask(file=file, queries=["khánh hoà", "khánh hòa", "Kha\u0301nh Ho\u0300a ", "hoa ", "số 009"])[
            "queries"
        ]
    ]
    assert hits == [{"0", "1", "2"}] * 3 + [{"0", "1", "2", "5"}, {"3", "4"}]


def test_neighbours_come_first(ask: Any) -> None:
    """Words that stand side by side win over the same words scattered, however often those occur."""
    documents = [
        Document("scattered", "đồng chí đã", ("đồng chí đã đồng lòng và đã đông đủ đa dạng " * 5,)),
        Document("together", "", ("quận Đống Đa",)),
    ]
    found = ask(file=search.page_index(documents), queries=["dong da", "Đống Đa"])["queries"]
    assert [answer["urls"] for answer in found] == [["together", "scattered"], ["together"]]


def test_any_text_can_be_loaded(ask: Any) -> None:
    """lunr.js demands its own order of terms: an emoji's neighbours and letters above it in Unicode must load."""
    text = "𝐁áo ﬁ ｆｕｌｌ 𠮷 한국 \ue000x a\u0301\u0323\u0301 constructor __proto__ " + "z" * 9_999
    answer = ask(
        file=search.page_index([Document("one", text, (text, text))]), queries=["한국", "ｆｕｌｌ", "constructor"]
    )
    assert [found["urls"] for found in answer["queries"]] == [["one"]] * 3


def test_empty_archive(ask: Any) -> None:
    """An archive without clippings has an index that loads and finds nothing."""
    assert ask(file=search.page_index([]), queries=["cau giay"])["queries"][0]["urls"] == []
    assert json.loads(search.material_index([]))["docs"] == []


def test_files_are_the_same_twice(documents: list[Document]) -> None:
    """The same documents give the same bytes."""
    assert search.page_index(documents) == search.page_index(list(documents))
    assert search.material_index(documents) == search.material_index(list(documents))


def test_material_gets_text_as_text() -> None:
    """Material writes title and text into the page as HTML, so they are escaped."""
    entry = json.loads(search.material_index([Document("a/", "<img src=x onerror=alert(1)>", ("a & <b>",))]))["docs"][0]
    assert entry["title"] == "&lt;img src=x onerror=alert(1)&gt;"
    assert entry["text"] == "<p>a &amp; &lt;b&gt; </p>"


def test_material_shows_sentences() -> None:
    """A long paragraph is shown by the sentence; short ones stay together, and a name is not parted at its stop."""
    first = "Ngày 5/3, hội nghị của cụm thi đua số 6 tại TP. Hồ Chí Minh tuyên dương các gương điển hình tiên tiến."
    second = "Hội nghị bế mạc. Cụm trưởng mới nhận cờ luân lưu cùng chỉ tiêu thi đua của năm sau."
    text = json.loads(search.material_index([Document("a/", "", (f"{first} {second}",))]))["docs"][0]["text"]
    assert text == f"<p>{first} </p><p>{second} </p>"


def test_material_limits() -> None:
    """A clipping longer than Material's worker can number is cut at a paragraph."""
    many = Document("a/", "", tuple(f"dòng {i}" for i in range(10_000)))
    long = Document("b/", "", ("chữ " * 50_000,) * 9)
    first, second = json.loads(search.material_index([many, long]))["docs"]
    assert first["text"].count("<p>") == search.MAX_BLOCKS
    assert 0 < len(second["text"]) <= search.MAX_TEXT
