"""How fast clippings are read, in one process: clippings a second, and the texts that are slowest.

Run `python tests/bench/reading.py [FOLDER]`; without a folder the labelled clippings of the tests are read again and
again until there are a thousand. It prints figures and judges nothing: compare them within one run.
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
sys.path.insert(0, str(ROOT))

from build_tools import clean, extract, read, vocab  # noqa: E402 - the package stands beside the tests
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


def seconds(raw: RawClipping) -> tuple[float, float]:
    """Return how long cleaning and reading one clipping take."""
    words = vocab.load()
    begin = time.perf_counter()
    cleaned = clean.clean(raw, words.syllables)
    middle = time.perf_counter()
    extract.clipping(raw, cleaned, words)
    return middle - begin, time.perf_counter() - middle


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    found = [r for r in read.clippings(folder or ROOT / "tests" / "clippings") if isinstance(r, RawClipping)]
    raws = found if folder else list(itertools.islice(itertools.cycle(found), 1_000))
    vocab.load()
    times = [seconds(raw) for raw in raws]
    cleaning, reading = (sum(column) for column in zip(*times, strict=True))
    size = sum(len(raw.data) for raw in raws) / len(raws)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{platform.python_version()}, {len(raws):,} clippings of {size:,.0f} bytes on average")
    print(f"{len(raws) / (cleaning + reading):8,.0f} clippings a second and core")
    print(f"{cleaning / len(raws) * 1000:8.2f} ms cleaning, {reading / len(raws) * 1000:.2f} ms reading each")
    print(f"{peak:8,.0f} MB peak memory")
    for name, text in SLOW.items():
        data = f"Cụm thi đua số 5 tổng kết\n\n{text}".encode()
        spent = sum(seconds(RawClipping(PurePosixPath("slow.txt"), data, "")))
        print(f"{spent * 1000:8,.0f} ms for {len(data) / 1000:,.0f} KB: {name}")


if __name__ == "__main__":
    main()
