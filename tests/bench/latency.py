"""How long a reader waits for the search page in Chromium, and how many bytes a first question costs.

Run `python tests/bench/latency.py (--articles FILE | --clippings FOLDER) [--documents N] [--jobs N] [--queries FILE]
[--keep FOLDER]`. FILE holds articles, a JSON object a line (title, abstract, paragraphs, captions), packed or not;
FOLDER holds clippings. The index is made of them and put into the site of `content/`; results lead to bare pages with
the same text. `--queries` takes queries, one a line, instead of words drawn from the texts; `--keep` keeps the index
for the next run. Every query is asked twice, as if its last letter had just been typed, and the second round is
printed: the bytes are at hand then, from a host that lets all be kept but the manifest. It judges nothing.
"""

from __future__ import annotations

import argparse
import gzip
import html
import math
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
sys.path[:0] = [str(ROOT), str(HERE)]

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from search import articles  # noqa: E402

from build_tools import build  # noqa: E402
from build_tools.fold import fold  # noqa: E402
from build_tools.pool import Pool  # noqa: E402
from build_tools.search import Document, index  # noqa: E402

QUERIES = 300
LINK_RATE, LINK_SECONDS = 400_000, 0.1
"""A link on which a first question's files follow one another: bytes a second, seconds before the first byte."""
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COLD = {
    "two syllables": (
        "cau giay", "dong da", "lao cai", "hoi nghi", "cong an", "thi dua", "Đống Đa", "tổng kết", "quang ninh",
        "bac giang",
    ),
    "names of three": (
        "Đào Thanh Hải", "dao thanh hai", "nguyen van nam", "Nguyễn Văn Hùng", "tran quoc toan", "pham minh chinh",
        "lê thị hồng", "nguyen thanh tung", "vo van thuong", "Trần Đại Quang",
    ),
    "one frequent syllable": ("cong", "thi", "nam", "an", "hội", "của", "ha", "nguyen", "hai", "tinh"),
}  # fmt: skip

TYPED = """(query) => new Promise((done) => {
  const part = (name) => document.querySelector(`[data-search-${name}]`)
  const [input, status, list] = [part("input"), part("status"), part("results")]
  const begin = performance.now()
  const times = {}
  const since = () => performance.now() - begin
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => {
    times[name] ??= since()
    if (name === "total" && times.first !== undefined) done([times.first, times.total])
  }))
  const over = () => {
    clearTimeout(late)
    watch.disconnect()
    painted("first")
    painted("total")
  }
  const watch = new MutationObserver((changes) => {
    if (changes.some(({ target, type }) => target === list && type === "childList")) painted("first")
    if (status.dataset.state !== "loading") over()
  })
  input.value = query
  input.dispatchEvent(new Event("input", { bubbles: true }))
  watch.observe(list, { childList: true })
  watch.observe(status, { attributes: true, attributeFilter: ["data-state"] })
  const late = setTimeout(over, 10_000)
})"""
"""Types a query and returns milliseconds to the first results and to the total, both painted."""

FIRST = """new MutationObserver((_, watch) => {
  const status = document.querySelector("[data-search-status]")
  const hit = document.querySelector("[data-search-hit][href]")
  const said = status?.textContent.trim()
  if (!hit && (!said || said === status.dataset.loading)) return
  window.first = performance.timeOrigin + performance.now()
  window.told = !hit
  watch.disconnect()
}).observe(document, { subtree: true, childList: true })"""


class Host(SimpleHTTPRequestHandler):
    """Serves the first of some folders that has a file, with the headers of a good host, and notes what was sent."""

    folders: Sequence[Path] = ()
    rate = 0
    sent: list[tuple[float, str, int]]

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """Return the file or folder that an address means."""
        inner = unquote(path.partition("?")[0]).strip("/")
        found = [folder / inner for folder in self.folders if (folder / inner).exists()]
        return str(found[0] if found else self.folders[0] / inner)

    def send_head(self) -> Any:
        """Note the bytes of a file, packed."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            data = path.read_bytes()
            packed = len(data) if path.suffix == ".bin" else len(gzip.compress(data, 6))
            self.sent.append((time.time(), self.path, packed))
            time.sleep(packed / self.rate + LINK_SECONDS if self.rate else 0)
        return super().send_head()

    def end_headers(self) -> None:
        """Let everything be kept but the manifest."""
        named_by_content = self.path.endswith(".bin") and not self.path.endswith("manifest.bin")
        age = "max-age=31536000, immutable" if named_by_content else "max-age=600"
        self.send_header("Cache-Control", "no-cache" if self.path.endswith("manifest.bin") else age)
        super().end_headers()


def serve(folders: Sequence[Path], rate: int = 0) -> tuple[str, list[tuple[float, str, int]]]:
    """Serve folders, a file as if over a link of `rate` bytes a second (0: at once).

    Return the address and the list of what is sent: (time, path, bytes).
    """
    sent: list[tuple[float, str, int]] = []
    handler = type("Folders", (Host,), {"folders": folders, "sent": sent, "rate": rate})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folders[0])))
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/", sent


def clippings(folder: Path, number: int) -> list[Document]:
    """Read a folder of clippings as documents."""
    return list(build.build(folder, jobs=None).documents())[:number]


def drawn(documents: Sequence[Document]) -> list[str]:
    """Draw one to four neighbouring words, half without marks, a third of them cut in the last word."""
    draw = random.Random(7)  # noqa: S311 - the same queries each time
    found = []
    while len(found) < QUERIES:
        document = draw.choice(documents)
        words = draw.choice((document.title, *document.paragraphs)).split()
        many = draw.choices((1, 2, 3, 4), (1, 4, 4, 1))[0]
        if len(words) < many:
            continue
        start = draw.randrange(len(words) - many + 1)
        query = " ".join(words[start : start + many])
        if draw.random() < 0.5:
            query = fold(query.lower())
        if draw.random() < 0.33:
            query = query[: -draw.randrange(1, 3)].strip()
        if query and any(map(str.isalnum, query)):
            found.append(query)
    return found


def made(documents: Iterable[Document], folder: Path, jobs: int) -> None:
    """Put an index of documents, a bare page for each, and queries drawn from them into a folder."""
    documents = list(documents)
    for document in documents:
        page = folder / document.url / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        body = "".join(f"<p>{html.escape(text)}</p>" for text in document.paragraphs)
        page.write_text(f'<!doctype html><meta charset="utf-8"><div class="kb-text">{body}</div>', "utf-8")
    (folder / index.FOLDER).mkdir(parents=True, exist_ok=True)
    with Pool(jobs) as pool:
        for name, data in index.files(documents, pool.each):
            (folder / name).write_bytes(data or b"")
    (folder / "queries.txt").write_text("".join(f"{query}\n" for query in drawn(documents)), "utf-8")


def site(folder: Path) -> None:
    """Build the site of `content/`, whose search page is asked."""
    command = [sys.executable, "-m", "build_tools", "build", "--site", folder, "--markdown", folder.parent / "docs"]
    subprocess.run(list(map(str, command)), cwd=ROOT, check=True, capture_output=True)


def figures(values: Iterable[float]) -> str:
    """Return median, 95th percentile and worst."""
    ordered = sorted(values)
    p95 = ordered[len(ordered) * 95 // 100]
    return f"median {statistics.median(ordered):4.0f}, p95 {p95:4.0f}, worst {ordered[-1]:4.0f} ms"


def waits(browser: Browser, url: str, queries: Sequence[str]) -> None:
    """Print how long queries take once their bytes are at hand."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN").new_page()
    page.goto(f"{url}tim-kiem/")
    page.wait_for_selector("[data-search-status][data-state=ready]")
    for query in queries:
        page.evaluate(TYPED, query)
    page.wait_for_timeout(1_000)
    times = [page.evaluate(TYPED, query) for query in queries]
    print(f"from the last key, {len(queries)} queries asked before:")
    for name, which in (("first results", 0), ("total", 1)):
        worst = sorted(range(len(times)), key=lambda one: -times[one][which])[:3]
        print(f"  {name:13} {figures(one[which] for one in times)}; slowest {[queries[one] for one in worst]}")


def cold(browser: Browser, url: str, sent: list[tuple[float, str, int]]) -> None:
    """Print what a first question costs a reader who has nothing of the site."""
    print("KB of a first question, packed: index + code to the first answer; index to the end")
    for kind, queries in COLD.items():
        found = {query: first_bytes(browser, f"{url}tim-kiem/?q={quote(query)}", sent) for query in queries}
        print(f"  {kind}: worst {max(early + code for early, code, _, _ in found.values()):.0f}")
        for query, (early, code, total, told) in found.items():
            print(f"    {query}: {early:.0f} + {code:.0f}; {total:.0f}{' (a sentence first)' if told else ''}")


def first_bytes(browser: Browser, address: str, sent: list[tuple[float, str, int]]) -> tuple[float, float, float, bool]:
    """Return KB of the index and of search code up to the first answer, of the index up to the end, and whether the
    first answer is a sentence without results."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    page.add_init_script(FIRST)
    sent.clear()
    page.goto(address)
    page.wait_for_selector("[data-search-status][data-state=ready]")
    page.wait_for_load_state("networkidle")
    first, told = page.evaluate("[window.first / 1000, window.told]")
    context.close()

    def size(pattern: str, end: float) -> float:
        return sum(size for when, path, size in sent if when <= end and re.search(pattern, path)) / 1000

    code = size(r"(/search/\w+|/tim-kiem|/kb-quick)\.js$", first)
    return size(r"\.bin$", first), code, size(r"\.bin$", math.inf), told


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--clippings", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        kept = given.keep or Path(temporary) / "kept"
        if not (kept / index.MANIFEST).exists():
            if not (given.articles or given.clippings):
                parser.error("name --articles or --clippings")
            take = partial(articles, given.articles) if given.articles else partial(clippings, given.clippings)
            made(take(given.documents), kept, given.jobs)
        queries = (given.queries or kept / "queries.txt").read_text("utf-8").splitlines()
        site(Path(temporary) / "site")
        url, _ = serve((kept, Path(temporary) / "site"))
        with sync_playwright() as started:
            path = next(filter(None, map(shutil.which, ON_PATH)), None)
            browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            print(f"Chromium {browser.version}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors")
            waits(browser, url, queries)
            cold(browser, *serve((kept, Path(temporary) / "site"), LINK_RATE))
            browser.close()


if __name__ == "__main__":
    main()
