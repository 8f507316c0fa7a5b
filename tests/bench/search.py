"""How well and how fast search is, beside what MkDocs offers without it: kho-bao, Material's own search, Pagefind.

Run `python tests/bench/search.py [--articles FILE] [--documents N] [--jobs N]`. FILE holds articles, a JSON object a
line (title, abstract, paragraphs, captions), packed or not; without it only the judged queries are asked. It prints
figures and judges nothing. Material's search is simulated with lunr.py as its worker asks lunr: words cut at spaces and
hyphens, title before text, any of the words, also as beginnings; Pagefind runs as itself, and is left out when it is
not installed (`pip install 'pagefind[bin]'`) or there is no node.
"""

from __future__ import annotations

import argparse
import gzip
import html
import importlib.util
import itertools
import json
import os
import platform
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "search")]

from lunr.builder import Builder  # noqa: E402
from lunr.query import Query, QueryPresence  # noqa: E402
from memory import Peak  # noqa: E402
from test_judged import BAR, JUDGED, ndcg, own_documents  # noqa: E402

from build_tools.pool import Pool  # noqa: E402
from build_tools.search import Document, index  # noqa: E402
from build_tools.search.reader import Index  # noqa: E402
from build_tools.search.tokens import words  # noqa: E402

Ask = Callable[[Sequence[str]], list[list[int]]]
KNOWN_ITEMS = 300


class Engine:
    """Something that can be asked about documents; `folder` and `jobs` are for those that need them."""

    name = ""
    most: int | None = None
    """Articles beyond which it is not tried."""

    def build(self, documents: Sequence[Document], folder: Path, jobs: int) -> tuple[Ask, int, str]:
        """Return how to ask about documents, the bytes of the index, and what it is made of."""
        raise NotImplementedError


class KhoBao(Engine):
    name = "kho-bao"

    def build(self, documents: Sequence[Document], folder: Path, jobs: int) -> tuple[Ask, int, str]:
        with Pool(jobs) as pool:
            files = {name: data for name, data in index.files(documents, pool.each) if data is not None}
        read = Index(files)

        def ask(queries: Sequence[str]) -> list[list[int]]:
            return [read.search(query, typing=False).documents for query in queries]

        return ask, sum(map(len, files.values())), f"{len(files)} files, manifest {len(files[index.MANIFEST]):,} bytes"


class Material(Engine):
    name = "Material (lunr)"
    most = 1_000

    def build(self, documents: Sequence[Document], folder: Path, jobs: int) -> tuple[Ask, int, str]:
        builder = Builder()
        builder.pipeline.reset()
        builder.search_pipeline.reset()
        builder.ref("ref")
        builder.field("title", 1_000)
        builder.field("text", 1)
        entries = []
        for place, document in enumerate(documents):
            text = " ".join((*document.paragraphs, *document.facts))
            entries.append({"location": document.url, "title": document.title, "text": text})
            builder.add({"ref": str(place), "title": self._words(document.title), "text": self._words(text)})
        built = builder.build()
        data = gzip.compress(json.dumps(entries, ensure_ascii=False).encode(), 6)

        def ask(queries: Sequence[str]) -> list[list[int]]:
            answers = []
            for text in queries:
                query = Query(["title", "text"])
                for word in self._words(text):
                    query.clause(word, use_pipeline=False, presence=QueryPresence.OPTIONAL)
                    query.clause(f"{word}*", use_pipeline=False, presence=QueryPresence.OPTIONAL)
                answers.append([int(result["ref"]) for result in built.query(query)])
            return answers

        return ask, len(data), "one file with all texts; the browser makes the index"

    @staticmethod
    def _words(text: str) -> list[str]:
        parts = (re.sub(r"^\W+|\W+$", "", part) for part in re.split(r"[\s\-]+", text.lower()))
        return [part for part in parts if part]


class Pagefind(Engine):
    name = "Pagefind"

    def build(self, documents: Sequence[Document], folder: Path, jobs: int) -> tuple[Ask, int, str]:
        site = folder / "site"
        for place, document in enumerate(documents):
            page = site / str(place) / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            body = "".join(f"<p>{html.escape(text)}</p>" for text in (*document.paragraphs, *document.facts))
            title = html.escape(document.title)
            page.write_text(f'<html lang="vi"><title>{title}</title><main><h1>{title}</h1>{body}</main>', "utf-8")
        command = [sys.executable, "-m", "pagefind", "--site", str(site)]
        subprocess.run(command, check=True, capture_output=True)
        files = [path for path in (site / "pagefind").rglob("*") if path.is_file()]

        def ask(queries: Sequence[str]) -> list[list[int]]:
            done = subprocess.run(
                [shutil.which("node") or "node", str(Path(__file__).with_name("pagefind.mjs")), str(site)],
                input=json.dumps(list(queries)),
                capture_output=True,
                encoding="utf-8",
                check=True,
            )
            answer: dict[str, Any] = json.loads(done.stdout)
            return [[int(url.strip("/").split("/")[0]) for url in urls] for urls in answer["answers"]]

        return ask, sum(path.stat().st_size for path in files), f"{len(files)} files"


@contextmanager
def watched(figures: dict[str, float]) -> Iterator[None]:
    """Note the seconds that pass, and the most memory (MB) that this process and its children have meanwhile."""
    peak = Peak(os.getpid())
    begin = time.perf_counter()
    yield
    figures["seconds"] = time.perf_counter() - begin
    figures["memory"] = peak.end() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def articles(file: Path, number: int) -> list[Document]:
    """Read articles as documents."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in itertools.islice(lines, number)]
    return [
        Document(f"bai/{place}/", one["title"], (one["abstract"], *one["paragraphs"]), tuple(one["captions"]))
        for place, one in enumerate(found)
    ]


def known_items(documents: Sequence[Document]) -> list[tuple[int, str]]:
    """Three neighbouring words of headlines, typed without marks."""
    draw = random.Random(7)  # noqa: S311 - the same queries each time
    found = []
    for place in draw.sample(range(len(documents)), len(documents)):
        title = [term for term, _ in words(documents[place].title)]
        if len(title) >= 3 and len(found) < KNOWN_ITEMS:
            start = draw.randrange(len(title) - 2)
            found.append((place, " ".join(title[start : start + 3])))
    return found


def bar(ask: Ask) -> str:
    """Return recall and precision without marks, and how often the right page is first with marks."""
    pages = list(BAR["pages"])
    found = ask(list(BAR["unaccented"]))
    sets = [
        ({pages[one] for one in got}, set(wanted))
        for got, wanted in zip(found, BAR["unaccented"].values(), strict=True)
    ]
    recall = sum(len(got & wanted) / len(wanted) for got, wanted in sets) / len(sets)
    answered = [(got, wanted) for got, wanted in sets if got]
    precision = sum(len(got & wanted) / len(got) for got, wanted in answered) / max(1, len(answered))
    first = [got[:1] and pages[got[0]] for got in ask(list(BAR["accented"]))]
    right = sum(one == wanted for one, wanted in zip(first, BAR["accented"].values(), strict=True))
    return f"recall {recall:.2f}, precision {precision:.2f}, right page first {right}/{len(first)}"


def report(engine: Engine, own: Sequence[Document], news: Sequence[Document], jobs: int) -> None:
    """Print an engine's figures."""
    print(f"\n{engine.name}")
    with tempfile.TemporaryDirectory() as folder:
        pages = [Document(f"bai/{key}/", "", (text,)) for key, text in BAR["pages"].items()]
        ask, _, _ = engine.build(pages, Path(folder), 1)
        print(f"  accents:      {bar(ask)}")
    with tempfile.TemporaryDirectory() as folder:
        ask, _, _ = engine.build(own, Path(folder), 1)
        names = [document.url.rstrip("/").rsplit("/", 1)[-1] for document in own]
        found = ask([case["query"] for case in JUDGED])
        scores = [ndcg([names[one] for one in got], case["relevant"]) for got, case in zip(found, JUDGED, strict=True)]
        print(f"  judged:       nDCG@10 {sum(scores) / len(scores):.3f} ({len(scores)} queries, {len(own)} clippings)")
    if not news:
        return
    if engine.most and engine.most < len(news):
        news = news[: engine.most]
        print(f"  (the first {engine.most:,} articles only: the simulation in Python takes minutes for more)")
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, float] = {}
        with watched(figures):
            ask, size, what = engine.build(news, Path(folder), jobs)
        print(f"  build:        {figures['seconds']:.1f} s, {figures['memory']:,.0f} MB; {size / 1e6:,.2f} MB, {what}")
        items = known_items(news)
        found = ask([query for _, query in items])
        first = sum(got[:1] == [place] for got, (place, _) in zip(found, items, strict=True)) / len(items)
        ten = sum(place in got[:10] for got, (place, _) in zip(found, items, strict=True)) / len(items)
        asked = f"{len(items)} queries, {len(news):,} articles"
        print(f"  known items:  first {first:.1%}, in the first ten {ten:.1%} ({asked})")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    news = articles(given.articles, given.documents) if given.articles else []
    engines: list[Engine] = [KhoBao(), Material()]
    versions = {name: version(name) for name in ("lunr", "mkdocs-material", "numpy")}
    if importlib.util.find_spec("pagefind") and shutil.which("node"):
        engines.append(Pagefind())
        versions["pagefind"] = version("pagefind")
    print(f"Python {platform.python_version()}, {', '.join(f'{name} {one}' for name, one in versions.items())}")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        own = own_documents(Path(folder))
    for engine in engines:
        report(engine, own, news, given.jobs)


if __name__ == "__main__":
    main()
