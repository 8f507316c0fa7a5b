"""How good the answers are: judged queries over the project's own clippings, and the bar for typing without marks."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from making import placed

from build_tools import build, search
from build_tools.search import Document, index
from build_tools.search.reader import Index

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
JUDGED: list[dict[str, Any]] = yaml.safe_load((HERE / "judged.yaml").read_text(encoding="utf-8"))
BAR: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "accents.yaml").read_text(encoding="utf-8"))
FLOOR = 0.95
"""nDCG@10 of the judged queries that must not be lost."""

Find = Callable[[str], list[str]]


def ndcg(found: Sequence[str], relevant: dict[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first results; a document of grade g gains 2 ** g - 1."""

    def gain(grades: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:depth]))

    return gain([relevant.get(name, 0) for name in found]) / gain(sorted(relevant.values(), reverse=True))


def own_documents(folder: Path) -> list[Document]:
    """The documents of the project's own clippings, made as the site makes them; copies go into `folder`."""
    tests = ROOT / "tests" / "clippings"
    for path in [*tests.glob("own/*.txt"), *tests.glob("dev/*.txt")]:
        shutil.copy(path, folder / f"{path.parent.name}-{path.name}")
    for path in (ROOT / "content" / "clippings").rglob("*.txt"):
        shutil.copy(path, folder / path.name)
    clippings, _ = build.read_all(folder)
    return [search.document(*each) for each in placed(clippings, "")]


def name(document: Document) -> str:
    """The name of the file a document was made from."""
    return document.url.rstrip("/").rsplit("/", 1)[-1]


def finder(documents: Sequence[Document]) -> Find:
    """Ask the index of documents; answers are names."""
    read = Index(dict(index.files(documents)))
    return lambda query: [name(documents[document]) for document in read.search(query, typing=False).documents]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    return finder(own_documents(tmp_path_factory.mktemp("clippings")))


@pytest.fixture(scope="module")
def composed() -> Find:
    return finder([Document(f"bai/{key}/", "", (text,)) for key, text in BAR["pages"].items()])


def test_judged_queries_name_clippings_that_are_there(tmp_path: Path) -> None:
    assert len(JUDGED) >= 60
    files = {f"{path.parent.name}-{path.stem}" for path in (ROOT / "tests" / "clippings").glob("*/*.txt")}
    files |= {path.stem for path in (ROOT / "content" / "clippings").rglob("*.txt")}
    assert {key for case in JUDGED for key in case["relevant"]} <= files
    assert {grade for case in JUDGED for grade in case["relevant"].values()} == {1, 2}


def test_judged_queries(find: Find) -> None:
    """The judged clippings come first."""
    scores = {case["query"]: ndcg(find(case["query"]), case["relevant"]) for case in JUDGED}
    worst = sorted(scores.items(), key=lambda item: item[1])[:12]
    mean = sum(scores.values()) / len(scores)
    assert mean >= FLOOR, f"nDCG@10 {mean:.3f}; worst: {worst}"


@pytest.mark.parametrize("query", BAR["unaccented"])
def test_without_marks_all_pages_and_no_others(composed: Find, query: str) -> None:
    assert sorted(composed(query)) == sorted(BAR["unaccented"][query])


@pytest.mark.parametrize("query", BAR["accented"])
def test_with_marks_the_right_page_is_first(composed: Find, query: str) -> None:
    assert composed(query)[0] == BAR["accented"][query]


def test_ndcg() -> None:
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == 1
    assert ndcg(["b", "a"], {"a": 2, "b": 1}) == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert ndcg(["c"], {"a": 2}) == 0
