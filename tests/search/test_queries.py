"""The search index, made in Python and asked in JavaScript, as the reader's browser does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools.search import Document
from build_tools.search.documents import variants
from build_tools.search.former import former_names

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
    "lone minus": '- -- -"',
    "open quote": '"công an',
}


def name(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1]


def texts(**found: str) -> list[Document]:
    """Documents of one paragraph each, addressed by name."""
    return [Document(url, "", (text,)) for url, text in found.items()]


@pytest.fixture(scope="module")
def answers(ask: Any, documents: list[Document]) -> dict[str, Any]:
    """What every query of the file finds."""
    queries = [case["query"] for case in QUERIES]
    return dict(zip(queries, ask(documents, queries=queries)["queries"], strict=True))


@pytest.mark.parametrize("case", QUERIES, ids=[case["query"] for case in QUERIES])
def test_query(case: dict[str, Any], answers: dict[str, Any]) -> None:
    """The right clippings come, and the right one first."""
    answer = answers[case["query"]]
    found = [name(url) for url in answer["urls"]]
    if "only" in case:
        assert found == case["only"]
    else:
        assert found[:1] == [case["first"]]
    assert answer["mode"] == case.get("mode", "all")


def test_first_answer_is_the_beginning_of_the_last(ask: Any, documents: list[Document]) -> None:
    """What is shown before everything has been fetched stays where it is."""
    for query in ("cong an", "thi đua", "hoi nghi tong ket", "cau giay"):
        [answer] = ask(documents, queries=[query])["queries"]
        assert answer["first"]
        assert answer["final"][: len(answer["first"])] == answer["first"]


def test_hostile_queries(ask: Any, documents: list[Document]) -> None:
    """No query throws, whatever is typed; one without a word finds nothing."""
    answers = ask(documents, queries=list(HOSTILE.values()))["queries"]
    found = dict(zip(HOSTILE, answers, strict=True))
    for wordless in ("punctuation", "emoji", "operators", "marks only", "lone minus"):
        assert (found[wordless]["mode"], found[wordless]["urls"]) == ("wordless", [])
    assert len(found["long"]["urls"]) == len(documents)


def test_empty_query_browses(ask: Any) -> None:
    """Without words everything is listed, the newest first, and what has no date last."""
    documents = [
        Document("undated", "a", ()),
        Document("old", "a", (), date="2019", year=2019),
        Document("new", "a", (), date="2022-11-24", year=2022),
    ]
    queries = ["", " \t\u3000", {"query": "", "order": "cu"}, {"query": "nam:2019"}, {"query": "a", "order": "moi"}]
    found = ask(documents, queries=queries)["queries"]
    newest = ["new", "old", "undated"]
    assert [answer["urls"] for answer in found] == [newest, newest, ["old", "new", "undated"], ["old"], newest]
    assert found[0]["mode"] == "browse"


def test_spellings_find_the_same(ask: Any) -> None:
    """Old and new tone places, composed and decomposed letters, zeros before a number are one spelling."""
    variants = ("Khánh Hoà", "Khánh Hòa", "Kha\u0301nh Ho\u0300a", "Cụm số 09", "Cụm số 9", "hoa")
    documents = [Document(str(i), "", (text,)) for i, text in enumerate(variants)]
    queries = ["khánh hoà", "khánh hòa", "Kha\u0301nh Ho\u0300a ", "hoa ", "số 009"]
    hits = [{*answer["urls"]} for answer in ask(documents, queries=queries)["queries"]]
    assert hits == [{"0", "1", "2"}] * 3 + [{"0", "1", "2", "5"}, {"3", "4"}]


def test_neighbours_come_first(ask: Any) -> None:
    """Words that stand side by side win over the same words scattered, however often those occur."""
    documents = [
        Document("scattered", "đồng chí đã", ("đồng chí đã đồng lòng và đã đông đủ đa dạng " * 5,)),
        Document("together", "", ("quận Đống Đa",)),
    ]
    found = ask(documents, queries=["dong da", "Đống Đa"])["queries"]
    assert [answer["urls"] for answer in found] == [["together", "scattered"], ["together"]]


def test_whole_word_comes_before_beginnings(ask: Any) -> None:
    """A word that is there as typed wins over words that only begin so."""
    documents = [Document("begins", "đồng đại đồng đạt", ("đồng đại " * 9,)), *texts(whole="quận Đống Đa")]
    found = ask(documents, queries=["dong da", {"query": "dong da", "typing": False}, "đống đ"])["queries"]
    assert [answer["urls"] for answer in found] == [["whole", "begins"], ["whole"], ["whole"]]


def test_accents_are_meant_while_there_are_any(ask: Any) -> None:
    """A word with marks finds its own form; only where none has it, any other, and the answer says so."""
    documents = texts(cau="cầu giấy", caus="câu chuyện")
    found = ask(documents, queries=["cầu ", "câu ", "cẩu ", "cau "])["queries"]
    assert [(answer["mode"], {*answer["urls"]}) for answer in found] == [
        ("all", {"cau"}),
        ("all", {"caus"}),
        ("marks", {"cau", "caus"}),
        ("all", {"cau", "caus"}),
    ]


def test_unfinished_word_may_still_get_its_marks(ask: Any) -> None:
    """While a word is typed, marks that are there hold, and its last letter and its tone are open."""
    documents = texts(giay="cầu giấy", gian="cầu giản dị")
    found = ask(documents, queries=["cầu giâ", "cầu giấ", "cầu gia", "cầu giả"])["queries"]
    assert [{*answer["urls"]} for answer in found] == [{"giay"}, {"giay"}, {"giay", "gian"}, {"gian"}]


def test_phrase_and_exclusion(ask: Any) -> None:
    """Quotes ask for neighbours, a minus takes out words or phrases."""
    documents = texts(side="công an hà nội", apart="hà và công và an và nội", other="công an huế")
    queries = ['"hà nội"', "hà nội ", "công an -huế", 'công -"hà nội"', "-hà"]
    found = ask(documents, queries=queries)["queries"]
    assert [sorted(answer["urls"]) for answer in found] == [
        ["side"],
        ["apart", "side"],
        ["apart", "side"],
        ["apart", "other"],
        ["other"],
    ]
    assert found[1]["urls"][0] == "side"


def test_fields(ask: Any) -> None:
    """Fields narrow by year, cluster, newspaper, kind, person, unit and time; an unknown one is a word."""
    documents = [
        Document(
            "one",
            "họp",
            (),
            date="2022-11-24",
            year=2022,
            kind="tong-ket",
            source=("nguon/cand/", "Công an nhân dân"),
            clusters=(("cum/bo-cong-an/1/", "Cụm thi đua số 1 – Bộ Công an", "Bộ Công an"),),
            units=(("don-vi/a/", "Công an thành phố Hải Phòng"),),
            people=(("nguoi/b/", "Đào Thanh Hải"),),
        ),
        Document("two", "họp", ("khac nam",), date="2023-01", year=2023),
    ]
    asked = (
        "nam:2022",
        "cum:1",
        "nguon:cand",
        "loai:tong-ket",
        'nguoi:"đào thanh hải"',
        "donvi:hai",
        "den:2022",
        "tu:2022-11 den:2022-11",
    )
    found = ask(documents, queries=[*asked, "tu:2023", "họp nam:2024", "nam:khac"])["queries"]
    assert [answer["urls"] for answer in found] == [["one"]] * len(asked) + [["two"], [], ["two"]]


def test_facets_count_what_choosing_them_would_give(ask: Any) -> None:
    """Values of one facet are alternatives: their counts do not depend on each other, but on all other facets."""
    documents = [
        Document("a", "họp", (), year=2022, kind="tong-ket"),
        Document("b", "họp", (), year=2022, kind="so-ket"),
        Document("c", "họp", (), year=2023, kind="tong-ket"),
    ]
    [answer] = ask(documents, queries=[{"query": "hop", "chosen": {"nam": ["2022"]}}])["queries"]
    counts = {
        name: {value["key"]: value["count"] for value in values} for name, values in answer["facets"]["values"].items()
    }
    assert {*answer["urls"]} == {"a", "b"}
    assert counts["nam"] == {"2022": 2, "2023": 1}
    assert counts["loai"] == {"tong-ket": 1, "so-ket": 1}


def test_short_forms_are_told(ask: Any) -> None:
    """A short form or its long one in the query is named with the other, and both find both."""
    written = {"short": "CATP Hải Phòng họp", "long": "Công an thành phố Hải Phòng họp"}
    documents = [Document(url, "", (text,), tuple(variants(text))) for url, text in written.items()]
    found = ask(documents, queries=["catp hải phòng", "công an thành phố hải phòng"])["queries"]
    assert [{*answer["urls"]} for answer in found] == [{"short", "long"}] * 2
    assert [(one["typed"], one["also"]) for one in found[0]["shorts"]] == [("CATP", "Công an thành phố")]
    assert ("Công an thành phố", "CATP") in [(one["typed"], one["also"]) for one in found[1]["shorts"]]


def test_older_and_newer_names_are_told(ask: Any) -> None:
    """A unit's older name finds what is said of the newer one, and back, and the answer names the other."""
    old, new = "Công an tỉnh Hải Dương", "Công an thành phố Hải Phòng"
    written = {"old": (old, "2019-03-01"), "new": (new, "2025-09-01"), "before": (new, "2019-03-01")}
    documents = [
        Document(url, "", (f"{name} họp",), tuple(former_names(name, date)), date=date)
        for url, (name, date) in written.items()
    ]
    found = ask(documents, queries=[f"{old} ", f"{new} ", "cong an hai duong ", "công an tỉnh hải phòng "])["queries"]
    assert [{*answer["urls"]} for answer in found[:3]] == [{"old", "new"}, {"old", "new", "before"}, {"old", "new"}]
    told = [[(one["typed"], one["also"]) for one in answer["shorts"]] for answer in found]
    assert told[0] == told[2] == [(old, "Công an tỉnh Hải Hưng"), (old, new)]
    assert told[1] == [("Công an thành phố", "CATP"), (new, old)]
    assert told[3] == []


def test_ministries_that_were_joined(ask: Any) -> None:
    """A ministry's older and newer names find each other too."""
    old = "Bộ Giao thông vận tải"
    documents = [Document("old", "", (old,), tuple(former_names(old, None)))]
    [answer] = ask(documents, queries=["bo xay dung "])["queries"]
    assert (answer["urls"], [one["also"] for one in answer["shorts"]]) == (["old"], [old])


@pytest.mark.parametrize(
    "query", ["luc luong cong an xa yen son", "lực lượng công an xã Yên Sơn ", '"công an yên sơn" ', "yên xyzzy "]
)
def test_some_word_is_enough(query: str, ask: Any) -> None:
    """Where no document has all words, those with any of them are shown, and the answer says that they are such."""
    documents = texts(one="công an huyện", two="xã Bình Yên", three="lực lượng")
    [answer] = ask(documents, queries=[query])["queries"]
    assert answer["mode"] == "any"
    assert answer["urls"]


def test_short_beginning_is_told(ask: Any) -> None:
    """A beginning that too many words share is looked up among the first of them, and the answer says so."""
    draw = random.Random(1)  # noqa: S311 - the same words each time
    syllables = ["n" + "".join(draw.choices("aeiouyghmnpt", k=6)) for _ in range(40_000)]
    many = [Document(str(i), "", (" ".join(syllables[i::100]), "na xa")) for i in range(100)]
    found = ask(many, queries=["n", "xa n", "x", "n "])["queries"]
    assert [answer["cut"] for answer in found] == [True, True, False, False]
    assert found[0]["total"]


@pytest.mark.parametrize("slip", ["giya", "giy", "giayy", "giai"])
def test_misspelt_word(slip: str, ask: Any) -> None:
    """One letter changed, missing, added, or two swapped: the word that stands beside the other is proposed."""
    documents = texts(a="quận cầu giấy", b="cầu giấy họp", c="gia đình gian nhà giày", d="gia đình gian nhà giày")
    [answer] = ask(documents, queries=[f"cau {slip} "])["queries"]
    assert (answer["mode"], answer["suggestion"]) == ("any", "cầu giấy ")


def test_any_text_can_be_loaded(ask: Any) -> None:
    """Letters of all planes are found; terms are ordered by code points though JavaScript orders by halves of them."""
    text = "𝐁áo ﬁ ｆｕｌｌ 𠮷 한국 \ue000x ﷽ a\u0301\u0323\u0301 constructor __proto__ " + "z" * 9_999
    answer = ask([Document("one", text, (text, text))], queries=["한국", "ｆｕｌｌ", "constructor", "𠮷", "𝐁áo ﬁ"])
    assert [(found["mode"], found["urls"]) for found in answer["queries"]] == [("all", ["one"])] * 5


def test_empty_archive(ask: Any) -> None:
    """An archive without clippings has an index that loads and finds nothing."""
    found = ask([], queries=["cau giay", "", "nam:2022", {"query": "", "names": True}])["queries"]
    assert [answer["urls"] for answer in found] == [[]] * 4


@pytest.mark.parametrize("file", ["manifest.bin", "p", "w", "f", "c"])
@pytest.mark.parametrize(
    ("how", "fault"), [("missing", "missing"), ("half", "broken"), ("html", "broken"), ("offline", "offline")]
)
def test_file_that_cannot_be_read(file: str, how: str, fault: str, ask: Any, documents: list[Document]) -> None:
    """A file that is not there, half or something else is told; it is asked for once more before that."""
    [answer] = ask(documents, queries=["cong an"], spoilt={file: how})["queries"]
    assert answer["fault"] == fault
    if how != "offline":
        [mended] = ask(documents, queries=["cong an"], spoilt={file: how}, once=True)["queries"]
        if file != "c":
            assert len(mended["urls"]) == len(documents)
