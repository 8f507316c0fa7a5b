"""A preview through a burst of edits, as editors make them: at the end it shows what is there, and has not grown."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_mkdocs import _free_port, _serving, _wait

EDITS, MANY_EDITS = 100, 1_000
PAUSES = (0, 0, 0, 0.02, 0.3)
"""Seconds between two edits: most come while a build is at work."""
GROWTH = 1.5
"""Times as much memory as after the first half: the second half has nothing new to keep."""
SAMPLES = 10
TEXT = "Cụm thi đua số 3 Công an tỉnh tổng kết năm 2021, lần {0}\n\nNgày 14/12, Cụm thi đua số 3 họp lần {0}.\n"


class Editor:
    """Edits one clipping as editors do, and some beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "dang-sua.txt"
        self.chance = random.Random(100)  # noqa: S311 - no secrets
        self.ways = (self.written, self.half, self.swapped, self.renamed, self.swap_file, self.corrected)

    def edit(self, number: int) -> None:
        self.chance.choice(self.ways)(TEXT.format(number))

    def written(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    def half(self, text: str) -> None:
        data = text.encode()
        self.path.write_bytes(data[: len(data) // 2])
        time.sleep(0.01)
        self.path.write_bytes(data)

    def swapped(self, text: str) -> None:
        other = self.folder / "dang-sua.txt~"
        other.write_text(text, encoding="utf-8")
        other.replace(self.path)

    def renamed(self, text: str) -> None:
        self.written(text)
        other = self.folder / "ten-khac.txt"
        self.path.rename(other)
        time.sleep(0.01)
        other.rename(self.path)

    def swap_file(self, text: str) -> None:
        for name in (".dang-sua.txt.swp", "#dang-sua.txt#", "4913", ".#dang-sua.txt"):
            (self.folder / name).write_bytes(b"\x00\xff" + text.encode())
            (self.folder / name).unlink()

    def corrected(self, text: str) -> None:
        beside = self.folder / "dang-sua.yaml"
        beside.write_text('title: "nửa', encoding="utf-8")
        time.sleep(0.01)
        beside.unlink()


def _memory(process: int) -> int:
    """Return the KB of memory that a process has now."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))[0])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process in /proc")
def test_a_burst_of_edits_ends_with_the_right_page(
    project: Callable[[], Path], tmp_path: Path, thorough: bool, record_property: Callable[[str, object], None]
) -> None:
    home, log, port = project(), tmp_path / "serve.log", _free_port()
    url = f"http://127.0.0.1:{port}/"
    editor = Editor(home / "content" / "clippings")
    editor.written(TEXT.format("đầu"))
    count = MANY_EDITS if thorough else EDITS
    address, seen = f"{url}bai/2021/dang-sua/", []
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    with _serving(command, home, log) as server:
        _wait(address, "họp lần đầu", log)
        for number in range(count):
            editor.edit(number)
            time.sleep(editor.chance.choice(PAUSES))
            if number % (count // SAMPLES) == 0:
                editor.written(TEXT.format(f"thứ {number}"))
                _wait(address, f"họp lần thứ {number}", log)
                seen.append(_memory(server.pid))
        editor.written(TEXT.format("cuối"))
        _wait(address, "họp lần cuối", log)
        _wait(url, "dang-sua", log)
        assert server.poll() is None
    told = log.read_text(encoding="utf-8")
    assert "Traceback" not in told, told[-3000:]
    half = len(seen) // 2
    record_property("KB of memory", seen)
    print(f"KB of memory: {seen}")  # noqa: T201 - shown by -s
    assert max(seen[half:]) <= GROWTH * max(seen[:half]), seen
