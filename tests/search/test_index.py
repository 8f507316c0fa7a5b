"""The index's files: what is written can be read, and the same documents give the same bytes."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.pool import Pool
from build_tools.search import Document, index, postings, shards
from build_tools.search.postings import Postings, Scale
from build_tools.search.reader import Index, IndexReadError
from build_tools.search.tokens import form, words

TEXTS = st.text(st.sampled_from("aăâbcđdeêoôơuư0189 .,;\u0301\u0300\u0323😀한ß-"), max_size=60)
WORD = st.text(st.sampled_from("abcxyz09ßđ한😀"), min_size=1, max_size=5)
LISTS = st.dictionaries(st.integers(0, 70_000), st.integers(0, 255), min_size=1, max_size=30)


def merged(found: dict[tuple[str, int], dict[int, int]]) -> tuple[Postings, list[str]]:
    """Postings of words as merging gives them, and the terms they are numbered by."""
    terms = sorted({term for term, _ in found})
    keys = sorted((terms.index(term) << 8 | form_, posted) for (term, form_), posted in found.items())
    lists = [sorted(posted.items()) for _, posted in keys]
    return Postings(
        np.array([key for key, _ in keys], np.uint64),
        np.array([len(one) for one in lists]),
        np.array([document for one in lists for document, _ in one], np.uint32),
        np.array([weight for one in lists for _, weight in one], np.uint8),
    ), terms


@settings(deadline=None)
@given(st.dictionaries(st.tuples(WORD, st.integers(0, 255)), LISTS, min_size=1, max_size=20), st.integers(1, 400))
def test_shards_hold_what_was_put_in(found: dict[tuple[str, int], dict[int, int]], size: int) -> None:
    given_, terms = merged(found)
    read: dict[tuple[str, int], dict[int, int]] = {}
    firsts = []
    for one in shards.cut(given_, "words", shards.encoded(terms), size):
        firsts.append(one.first)
        for term, entries in shards.read(one.content, 1):
            assert term >= one.first
            for entry in entries:
                read[term, entry.form[0]] = dict(zip(entry.documents, entry.weights, strict=True))
    assert read == found
    assert firsts == sorted(set(firsts))


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**32 - 1)))
def test_varints(numbers: list[int]) -> None:
    packed, widths = shards.varints(np.array(numbers, np.uint32))
    read, at = [], 0
    for width in widths.tolist():
        read.append(sum((byte & 127) << 7 * place for place, byte in enumerate(packed[at : at + width])))
        assert [byte > 127 for byte in packed[at : at + width]] == [True] * (width - 1) + [False]
        at += width
    assert read == numbers
    assert at == len(packed)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_every_word_is_found(texts: list[tuple[str, str]]) -> None:
    """Each word and each two neighbours of a text find its document, without marks and as they are written."""
    documents = [Document(str(place), title, (text,)) for place, (title, text) in enumerate(texts)]
    read = Index(dict(index.files(documents)))
    for place, (title, text) in enumerate(texts):
        for part in (title, text):
            for term, code in words(part):
                entries = read.entries("words", term)
                assert place in [one for entry in entries if entry.form[0] == code for one in entry.documents]


def test_neighbours_end_with_a_sentence() -> None:
    documents = [Document("a", "Cầu Giấy", ("TP. Hồ Chí Minh họp xong. Hà Nội chờ", "Lào Cai"))]
    read = Index(dict(index.files(documents)))
    assert all(read.entries("pairs", pair) for pair in ("cau giay", "tp ho", "chi minh", "ha noi"))
    assert not any(read.entries("pairs", pair) for pair in ("giay tp", "xong ha", "cho lao"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("giấy", unicodedata.normalize("NFD", "giấy"))],
)
def test_one_form_for_two_spellings(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert form(one) != 0


def test_forms_are_those_of_the_docs() -> None:
    """The code of a word is its tone, and six times the qualities of its letters, the first lowest."""
    assert [form(word) for word in ("cau", "càu", "câu", "cầu", "đa", "đá")] == [0, 1, 12, 13, 6, 8]
    assert len({form(word) for word in ("giay", "giây", "giấy", "giày", "giãy", "giảy", "giạy")}) == 7
    assert form("sa\u0327") == 255


@pytest.fixture(scope="module")
def generated() -> list[Document]:
    """Enough documents for several batches and several processes."""
    draw = random.Random(3)  # noqa: S311 - the same texts each time
    syllables = [a + b for a in ("c", "đ", "gi", "kh", "ng", "t", "v", "") for b in ("a", "ấ", "ầu", "ê", "oà", "ương")]
    return [
        Document(f"bai/{place}/", " ".join(draw.choices(syllables, k=6)), (" ".join(draw.choices(syllables, k=20)),))
        for place in range(120)
    ]


def test_same_bytes_from_any_number_of_processes(generated: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "BATCH", 50)
    one = list(index.files(generated))
    with Pool(2) as pool:
        assert one == list(index.files(generated, pool.each))
    assert one == list(index.files(tuple(generated)))


def test_same_answers_however_documents_are_counted(generated: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where batches and ranges of terms end is not seen in what they hold."""
    whole = Index(dict(index.files(generated)))
    monkeypatch.setattr(postings, "BATCH", 7)
    monkeypatch.setattr(postings, "RANGE", 100)
    parted = Index(dict(index.files(generated)))
    for query in ("cau giay", "đầu", "khoà vương", "n", "“ca đa”"):
        assert whole.search(query) == parted.search(query)


def test_empty_archive() -> None:
    found = dict(index.files([]))
    read = Index(found)
    assert read.search("cầu giấy").hits == ()
    assert read.manifest["documents"] == 0


def test_documents_without_words() -> None:
    read = Index(dict(index.files([Document("a", "", ()), Document("b", "…", ("🎉", ""))])))
    assert read.search("a").mode == "none"
    assert read.card(1)[0] == "b"


def test_half_a_shard_is_told(generated: list[Document]) -> None:
    found = dict(index.files(generated))
    name = next(name for name in found if name.startswith("search/w-"))
    content = shards.unpacked(found[name])
    for bad in (
        found[name][:40],
        shards.packed(content[:-1]),
        shards.packed(content[: len(content) // 2]),
        b"<!doctype html>",
    ):
        read = Index({**found, name: bad})
        with pytest.raises(IndexReadError, match=name.removeprefix("search/")):
            read.search("vương")


def test_missing_file_is_told(generated: list[Document], tmp_path: Path) -> None:
    with pytest.raises(IndexReadError, match="manifest"):
        Index(tmp_path)


def test_folder_is_read(generated: list[Document], tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    for name, data in index.files(generated):
        (tmp_path / name).write_bytes(data)
    assert Index(tmp_path).search("đầu") == Index(dict(index.files(generated))).search("đầu")


def test_manifest_lists_every_file(generated: list[Document]) -> None:
    found = dict(index.files(generated))
    manifest = Index(found).manifest
    listed = [*manifest["words"]["files"], *manifest["pairs"]["files"], *manifest["cards"]]
    listed += [manifest[name] for name in ("facets", "names", "vocabulary")]
    assert {index.MANIFEST, *(index.FOLDER + name for name in listed)} == set(found)
    for family in ("words", "pairs"):
        assert manifest[family]["firsts"] == sorted(manifest[family]["firsts"])
        assert len(manifest[family]["firsts"]) == len(manifest[family]["files"])


def test_names_are_those_of_contents(generated: list[Document]) -> None:
    """Another document changes the names of the files it is in, and no others' contents."""
    found = dict(index.files(generated))
    for name, data in found.items():
        if name != index.MANIFEST:
            assert shards.digest(shards.unpacked(data)) in name
    more = dict(index.files([*generated, Document("z", "zz", ("zz",))]))
    assert all(more[name] == found[name] for name in found.keys() & more.keys() - {index.MANIFEST})


def test_weights_are_stored_to_the_scale() -> None:
    """A weight is the one of its number's neighbours that is nearest on the scale."""
    scale = Scale(0.25, 1.35)
    borders = scale.borders()
    for number in range(1, 40):
        weight = scale.weight(number)
        assert int(np.searchsorted(borders, [weight])[0]) == number
        assert borders[number - 1] < weight < borders[number]


def page(name: str, *texts: str, **fields: object) -> Document:
    return Document(f"bai/{name}/", "", texts, **fields)  # type: ignore[arg-type]


PAGES = [
    page("scattered", "đồng chí đã đồng lòng và đã đông đủ đa dạng " * 5),
    page("together", "quận Đống Đa", date="2020-03-05", year=2020, kind="ky-ket"),
    page(
        "lao-cai",
        "Lào Cai dẫn đầu",
        date="2021",
        year=2021,
        kind="tong-ket",
        source=("nguon/cand/", "Báo CAND"),
        clusters=(("cum/bo-cong-an/2/", "Cụm thi đua số 2 – Bộ Công an", "Bộ Công an"),),
        people=(("nguoi/dao-thanh-hai/", "Đào Thanh Hải"),),
        units=(("don-vi/cong-an-tinh-lao-cai/", "Công an tỉnh Lào Cai"),),
    ),
    page("lao-chai", "Lao Chải đón khách, Lào Cai gửi quà", date="2022-12-31", year=2022),
]


@pytest.mark.parametrize(
    ("query", "mode", "names"),
    [
        ("dong da", "all", ["together", "scattered"]),
        ("Đống Đa", "all", ["together"]),
        ("đống đà", "marks", ["together", "scattered"]),
        ("“dong da”", "all", ["together"]),
        ("dong -quan", "all", ["scattered"]),
        ("lao cai", "all", ["lao-cai", "lao-chai"]),
        ("lao ch", "all", ["lao-chai"]),
        ("lào c", "all", ["lao-cai", "lao-chai"]),
        ("lao c ", "any", ["lao-chai", "lao-cai"]),
        ("lao cai khong", "any", ["lao-chai", "lao-cai"]),
        ("khong", "none", []),
        ("…", "none", []),
        ("-lao", "browse", ["together", "scattered"]),
        ("nam:2021", "browse", ["lao-cai"]),
        ("nam:2021 nam:2022 lao", "all", ["lao-chai", "lao-cai"]),
        ("cum:2", "browse", ["lao-cai"]),
        ("cum:3", "browse", []),
        ("nguon:cand", "browse", ["lao-cai"]),
        ("loai:tong-ket", "browse", ["lao-cai"]),
        ("nguoi:“Đào Thanh Hải”", "browse", ["lao-cai"]),
        ("donvi:“lao cai”", "browse", ["lao-cai"]),
        ("tu:2020-04", "browse", ["lao-chai", "lao-cai"]),
        ("tu:2020-03 den:2020-03", "browse", ["together"]),
        ("den:2021", "browse", ["lao-cai", "together"]),
    ],
)
def test_what_a_query_means(query: str, mode: str, names: list[str]) -> None:
    answer = Index(dict(index.files(PAGES))).search(query)
    assert (answer.mode, [PAGES[document].url.split("/")[1] for document in answer.documents]) == (mode, names)
