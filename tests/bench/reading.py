"""How fast clippings are read, in one process: clippings a second, and the texts and patterns that are slowest.

Run `python tests/bench/reading.py [FOLDER]`; without a folder the labelled clippings of the tests are read again and
again until there are a thousand. Saved pages are read beside them, by trafilatura alone and by the project, which asks
trafilatura as well. All times are CPU time. It prints figures and judges nothing: compare them within one run.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import resource
import sys
import time
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import adversary  # noqa: E402 - stands in the tests, as the package beside them
import trafilatura  # noqa: E402

from build_tools import clean, extract, read, vocab, webarticle, webpage  # noqa: E402
from build_tools.model import RawClipping  # noqa: E402

SLOW = {
    "one name over and over": "Nguyễn Văn " * 9_000,
    "units without end": "gồm các đơn vị Phòng An ninh, " * 3_300,
    "leads without end": "Công an tỉnh Lạng Sơn là Cụm trưởng, " * 2_700,
    "dates in one line": "12/12/2023 " * 9_000,
    "10,000 lines of furniture": "In trang\n" * 10_000,
    "one letter, 50,000 marks": "a" + "\u0301" * 50_000,
    "brackets": "(" * 100_000,
}
_FOUND_AT, _LARGE, _SLOWEST = 1_600, 100_000, 12
"""Characters of the texts among which the worst are found, and of those that are timed; patterns that are printed."""
_ROUNDS = 5


def seconds(raw: RawClipping) -> tuple[float, float]:
    """Return how long cleaning and reading one clipping take."""
    words = vocab.load()
    begin = time.process_time()
    cleaned = clean.clean(raw, words.syllables)
    middle = time.process_time()
    extract.clipping(raw, cleaned, words)
    return middle - begin, time.process_time() - middle


def slow_patterns() -> None:
    """Print the patterns that take longest over a text made against them, each over the worst of many."""
    found = adversary.compiled()
    spent = []
    for name, run in adversary.runs(found).items():
        run("a" * _FOUND_AT)  # compiles the pattern
        makers = adversary.texts(found[name].pattern, found[name].flags)
        worst = adversary.worst(run, makers, _FOUND_AT, 2)
        spent.append(max((adversary.seconds(run, make(_LARGE)), name, make(40)) for make in worst))
    for taken, name, text in sorted(spent, reverse=True)[:_SLOWEST]:
        print(f"{taken * 1000:8,.0f} ms for {_LARGE / 1000:,.0f} KB: {name} over {text[:40]!r}")


def pages() -> None:
    """Print how long saved pages take: trafilatura's main text, and the clipping made of them."""
    saved = [(path.name, path.read_bytes()) for path in sorted((ROOT / "tests" / "portals").glob("*.html"))]
    ways = {
        "trafilatura": lambda name, data: trafilatura.extract(data),
        "kho-bao add": lambda name, data: webarticle.text(webpage.read(data, name), name),
    }
    for way, extracted in ways.items():
        texts = [extracted(*page) or "" for page in saved]  # the first time loads what is needed
        begin = time.process_time()
        for page in saved * _ROUNDS:
            extracted(*page)
        taken = (time.process_time() - begin) / _ROUNDS / len(saved)
        print(f"{taken * 1000:8.1f} ms for a saved page: {way}, {sum(map(len, texts)):,} characters of {len(saved)}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    found = [r for r in read.clippings(folder or ROOT / "tests" / "clippings") if isinstance(r, RawClipping)]
    raws = found if folder else list(itertools.islice(itertools.cycle(found), 1_000))
    begin = time.process_time()
    vocab.load()
    started = time.process_time()
    seconds(raws[0])
    first = time.process_time()
    times = [seconds(raw) for raw in raws]
    cleaning, reading = (sum(column) for column in zip(*times, strict=True))
    size = sum(len(raw.data) for raw in raws) / len(raws)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{platform.python_version()}, {len(raws):,} clippings of {size:,.0f} bytes on average")
    print(f"{len(raws) / (cleaning + reading):8,.0f} clippings a second and core")
    print(f"{cleaning / len(raws) * 1000:8.2f} ms cleaning, {reading / len(raws) * 1000:.2f} ms reading each")
    print(f"{peak:8,.0f} MB peak memory")
    print(
        f"{(started - begin) * 1000:8,.0f} ms to load the vocabulary, {(first - started) * 1000:,.0f} ms more to use it"
    )
    for name, text in SLOW.items():
        data = f"Cụm thi đua số 5 tổng kết\n\n{text}".encode()
        spent = sum(seconds(RawClipping(PurePosixPath("slow.txt"), data, "")))
        print(f"{spent * 1000:8,.0f} ms for {len(data) / 1000:,.0f} KB: {name}")
    slow_patterns()
    pages()


if __name__ == "__main__":
    main()
