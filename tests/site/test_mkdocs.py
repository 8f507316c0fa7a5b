"""`mkdocs build` and `mkdocs serve` do the whole job on a fresh clone, with no command before them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ARTICLE = "bai/2024/tong-ket-cum-5-cong-an-tinh/"
LIMIT = 300  # seconds; it shows in one or two, where nobody else is at work


def test_strict_build_on_a_fresh_clone_has_no_warning(run: Callable, project: Callable[[], Path], site) -> None:
    """`mkdocs build --strict` passes, warns of nothing, and gives the same site as `kho-bao build`."""
    clone = project()
    done = run("mkdocs", "build", "--strict", cwd=clone)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "WARNING" not in output, output
    assert "Traceback" not in output, output
    pages = {p.relative_to(clone / "site") for p in (clone / "site").rglob("*.html")}
    assert pages == {p.relative_to(site.folder) for p in site.folder.rglob("*.html")}
    assert (clone / "site" / ARTICLE / "index.html").read_bytes() == (site.folder / ARTICLE / "index.html").read_bytes()


def test_a_build_leaves_the_clippings_alone(site, root: Path) -> None:
    """The raw clippings are never rewritten, and nothing is added beside them."""
    source, used = root / "content", site.project / "content"
    names = sorted(p.relative_to(source) for p in source.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(used) for p in used.rglob("*") if p.is_file())
    assert all((source / name).read_bytes() == (used / name).read_bytes() for name in names)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _fetch(url: str) -> str:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
            return answer.read().decode()
    except (URLError, OSError):
        return ""


@contextmanager
def _serving(command: list[str], cwd: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield server
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(url: str, text: str, log: Path) -> None:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if text in _fetch(url):
            return
        time.sleep(0.2)
    pytest.fail(f"{url} did not show {text!r} in {LIMIT} s:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.mark.slow
def test_serve_shows_changed_added_and_corrected_clippings(project: Callable[[], Path], tmp_path: Path) -> None:
    """While `mkdocs serve` runs, a changed clipping, a new one and a correction appear without a restart."""
    clone, log = project(), tmp_path / "serve.log"
    port = _free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}/"
    clippings = clone / "content" / "clippings" / "2024"
    with _serving(command, clone, log):
        _wait(url + ARTICLE, "Toàn cảnh hội nghị", log)
        changed = clippings / "tong-ket-cum-5-cong-an-tinh.txt"
        changed.write_bytes(changed.read_bytes().replace("Toàn cảnh hội nghị".encode(), "Quang cảnh hội nghị".encode()))
        _wait(url + ARTICLE, "Quang cảnh hội nghị", log)
        (clippings / "bai-moi.txt").write_text(
            "Cụm thi đua số 77 Công an tỉnh tổng kết năm 2024\n\n16/11/2024, 08:00\n\n"
            "Ngày 15/11, Cụm thi đua số 77 Công an tỉnh tổng kết phong trào thi đua năm 2024.\n",
            encoding="utf-8",
        )
        _wait(url + "bai/2024/bai-moi/", "Cụm thi đua số 77", log)
        _wait(url, "bai/2024/bai-moi/", log)
        (clippings / "bai-moi.yaml").write_text('title: "Tên do người lưu trữ sửa"\n', encoding="utf-8")
        _wait(url + "bai/2024/bai-moi/", "Tên do người lưu trữ sửa", log)
    assert "Traceback" not in log.read_text(encoding="utf-8")
