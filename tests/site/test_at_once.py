"""Two builds at once: the second is refused with a sentence, a preview waits, and one that died stops nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from test_mkdocs import _free_port, _serving, _wait

ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
HOOK = """
import time
from pathlib import Path

def on_nav(nav, config, files):
    Path("reached").touch()
    while Path("stop").exists():
        time.sleep(0.05)
"""
LIMIT = 300
ARTICLE = "bai/2024/tong-ket-cum-5-cong-an-tinh/index.html"


def _build(project: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build_tools", "build", *map(str, more)]
    return subprocess.run(command, cwd=project, env=ENV, capture_output=True, text=True, check=False, timeout=LIMIT)


@pytest.fixture
def slow(project: Callable[[], Path]) -> Path:
    """A project whose builds stop half-way while it has a file named `stop`."""
    made = project()
    (made / "slow.py").write_text(HOOK, encoding="utf-8")
    settings = made / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    assert "\nhooks:\n" in text
    settings.write_text(text.replace("\nhooks:\n", "\nhooks:\n  - slow.py\n"), encoding="utf-8")
    return made


@contextmanager
def _under_way(project: Path) -> Iterator[subprocess.Popen[str]]:
    """A build that has begun and stops half-way, until `stop` is removed."""
    (project / "stop").touch()
    (project / "reached").unlink(missing_ok=True)
    command = [sys.executable, "-m", "build_tools", "build"]
    with subprocess.Popen(command, cwd=project, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as one:
        try:
            end = time.monotonic() + LIMIT
            while not (project / "reached").exists():
                assert one.poll() is None, one.communicate()
                assert time.monotonic() < end
                time.sleep(0.05)
            yield one
        finally:
            one.kill()


def test_a_second_build_is_refused(slow: Path, tmp_path: Path) -> None:
    """Into the same site, and from the same cache into another one; then the first one ends as if alone."""
    with _under_way(slow) as first:
        for more in ((), ("--site", tmp_path / "site"), ("--markdown", tmp_path / "docs")):
            second = _build(slow, *more)
            assert second.returncode == 2, second.stdout + second.stderr
            assert second.stdout == ""
            (sentence,) = second.stderr.splitlines()
            assert "another build is at work in it" in sentence
            assert f"process {first.pid} on " in sentence
        (slow / "stop").unlink()
        _, told = first.communicate(timeout=LIMIT)
        assert first.returncode == 0, told
    assert (slow / "site" / ARTICLE).is_file()
    assert list(slow.rglob("*.lock")) == []
    assert _build(slow).returncode == 0


def test_a_build_that_was_killed_stops_nobody(slow: Path, site) -> None:
    with _under_way(slow) as first:
        first.kill()
        first.wait()
    (slow / "stop").unlink()
    assert (slow / "site" / ".kho-bao.lock").is_file()
    done = _build(slow)
    assert done.returncode == 0, done.stderr
    ours, theirs = (sorted(path.rglob("*.html")) for path in (slow / "site", site.folder))
    assert [path.read_bytes() for path in ours] == [path.read_bytes() for path in theirs]
    assert list(slow.rglob("*.lock")) == []


def test_a_failed_build_lets_go(project: Callable[[], Path], tmp_path: Path) -> None:
    """A build that is refused its site folder leaves no lock in the cache."""
    made = project()
    (made / "site").mkdir()
    (made / "site" / "mine.txt").touch()
    assert _build(made).returncode == 2
    assert list(made.rglob("*.lock")) == []
    shutil.rmtree(made / "site")
    assert _build(made).returncode == 0


@pytest.mark.slow
def test_a_preview_waits_for_a_build_and_holds_nothing_between(slow: Path, tmp_path: Path) -> None:
    log, port = tmp_path / "serve.log", _free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    page = f"http://127.0.0.1:{port}/bai/2024/tong-ket-cum-5-cong-an-tinh/"
    clipping = slow / "content" / "clippings" / "2024" / "tong-ket-cum-5-cong-an-tinh.txt"

    def change(old: str, new: str) -> None:
        clipping.write_bytes(clipping.read_bytes().replace(old.encode(), new.encode()))

    with _serving(command, slow, log):
        _wait(page, "Toàn cảnh hội nghị", log)
        with _under_way(slow) as first:
            change("Toàn cảnh hội nghị", "Quang cảnh hội nghị")
            end = time.monotonic() + LIMIT
            while f"process {first.pid} on " not in log.read_text(encoding="utf-8"):
                assert time.monotonic() < end
                time.sleep(0.1)
            (slow / "stop").unlink()
            first.communicate(timeout=LIMIT)
            assert first.returncode == 0
        _wait(page, "Quang cảnh hội nghị", log)
        assert _build(slow).returncode == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert "Quang cảnh hội nghị" in (slow / "site" / ARTICLE).read_text(encoding="utf-8")
