"""Shared fixtures: sites built by the real program, served on this machine, seen in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

# The same examples on every machine; `HYPOTHESIS_PROFILE=default python -m pytest` looks for new ones.
# None of them fails for being slow: how long something takes is no test's business but those of its growth.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

PATIENCE = 60_000
"""Milliseconds that a page may take to show something; a busy machine takes long."""

expect.set_options(timeout=PATIENCE)

VIEWPORT: Any = {"width": 1280, "height": 800}

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = ROOT / "tests" / "clippings" / "hostile"
PROJECT = ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE", "build_tools", "overrides", "content")
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The windows of Chromium 150 and later load pages of their own for the address bar, which nobody sees here: a third of
# the time of a fresh page. The others are what Playwright turns off for pages; of two such lists the last counts.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *(
        "DestroyProfileOnBrowserClose",
        "HttpsFirstBalancedModeAutoEnable",
        "HttpsUpgrades",
        "LensOverlay",
        "MediaRouter",
    ),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "Translate"),
)
# A file name that would break out of an attribute; made here, since git on Windows could not check it out.
HOSTILE_NAME = "\"><img src=x onerror=alert('name')>.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make golden` write the expected files anew."""
    parser.addoption("--refresh-golden", action="store_true", help="write tests/golden anew instead of comparing")
    parser.addoption("--thorough", action="store_true", help="more kills, edits and hostile pages: takes minutes")


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether a test that tries many times is to try many more."""
    return bool(request.config.getoption("--thorough"))


@dataclass(frozen=True)
class Site:
    """A built site: the project folder it was built in, its files, its address, what the program said."""

    project: Path
    folder: Path
    url: str
    output: str

    @property
    def docs(self) -> Path:
        """The generated Markdown."""
        return self.project / "build" / "docs"

    def read(self, address: str) -> str:
        """Return the HTML at an address below the site's root."""
        return (self.folder / address / "index.html").read_text(encoding="utf-8")


Run = Callable[..., subprocess.CompletedProcess[str]]


def _environment(extra: Mapping[str, str | None]) -> dict[str, str]:
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8", **extra}
    return {name: value for name, value in env.items() if value is not None}


def _copy_project(origin: Path, target: Path) -> Path:
    """Copy what git tracks and a build needs: no virtual environment, nothing built before."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in PROJECT:
        source = origin / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignore)
        elif source.exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a Python module in a folder and return what it said; `env` adds to or (None) takes from the environment."""

    def run_module(*args: str | Path, cwd: Path, timeout: float = 300, **env: str | None) -> Any:
        command = [sys.executable, "-m", *map(str, args)]
        return subprocess.run(
            command,
            cwd=cwd,
            env=_environment(env),
            timeout=timeout,
            encoding="utf-8",
            capture_output=True,
            check=False,  # what it returned is the tests' business
        )

    return run_module


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make a copy of the project such as a fresh clone gives; all of one session's copies are alike."""
    first = _copy_project(ROOT, tmp_path_factory.mktemp("snapshot") / "kho-bao")
    return lambda: _copy_project(first, tmp_path_factory.mktemp("project") / "kho-bao")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount a disk of so many bytes, if this user may."""
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        place = tmp_path / "disk"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("no disk can be mounted here")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=True)


class _Handler(SimpleHTTPRequestHandler):
    """A static host: silent, with the site's own page for what is missing."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Serve 404.html as GitHub Pages does."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        data = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    """A server that does not mind a browser that leaves."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that was closed; show everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on this machine and return its address, which ends in a slash."""
    servers: list[_Server] = []

    def start(folder: Path) -> str:
        server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _built(run: Run, project: Path, folder: Path, content: Path | str, serve: Callable[[Path], str]) -> Site:
    done = run("build_tools", "build", "--site", folder, "--content", content, cwd=project)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"kho-bao build failed ({done.returncode}):\n{output}"
    return Site(project, folder, serve(folder), output)


@pytest.fixture(scope="session")
def site(
    run: Run, project: Callable[[], Path], serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """The archive of the five seed clippings, built once."""
    return _built(run, project(), tmp_path_factory.mktemp("site") / "site", "content", serve)


@pytest.fixture(scope="session")
def hostile_site(
    run: Run, project: Callable[[], Path], serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    """An archive of clippings that try to break out of the page, from a content folder elsewhere."""
    folder = tmp_path_factory.mktemp("hostile")
    clippings = folder / "content" / "clippings"
    shutil.copytree(HOSTILE, clippings)
    text = (HOSTILE / "khong-cum.txt").read_text(encoding="utf-8").replace("xuất sắc", "tốt nhất")
    (clippings / HOSTILE_NAME).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "content" / "pages", folder / "content" / "pages")
    return _built(run, project(), folder / "site", folder / "content", serve)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_path(playwright: Playwright) -> str:
    """Where Chromium is: $KHO_BAO_CHROMIUM, PATH, else Playwright's; `.ci/browser` looks in the same order."""
    named = os.environ.get("KHO_BAO_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ON_PATH)), None) or playwright.chromium.executable_path
    if not Path(found).exists():
        pytest.fail("No Chromium for the browser tests: `make test` installs one, or put one on PATH.", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """Chromium without a window."""
    arguments = ["--no-sandbox", "--disable-gpu", f"--disable-features={','.join(WITHOUT)}"]
    started = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
    yield started
    started.close()


class _Watch:
    """Notes what goes wrong in pages: console errors and warnings, uncaught exceptions, dialogs, other hosts."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def over(self, page: Page, url: str) -> Callable[[], None]:
        """Watch a page that shows an address; what is returned ends it."""
        host = urlsplit(url).netloc

        def on_console(message: Any) -> None:
            if message.type in ("error", "warning"):
                self.faults.append(f"{page.url}: console {message.type}: {message.text}")

        def on_request(request: Any) -> None:
            if urlsplit(request.url).scheme in ("http", "https") and urlsplit(request.url).netloc != host:
                self.faults.append(f"{page.url}: request to another host: {request.url}")

        def on_dialog(dialog: Any) -> None:
            self.faults.append(f"{page.url}: dialog: {dialog.message}")
            dialog.dismiss()

        def on_error(error: object) -> None:
            self.faults.append(f"{page.url}: uncaught: {error}")

        handlers = {"console": on_console, "pageerror": on_error, "dialog": on_dialog, "request": on_request}
        for event, handler in handlers.items():
            page.on(event, handler)

        def end() -> None:
            for event, handler in handlers.items():
                page.remove_listener(event, handler)

        return end

    def check(self) -> None:
        """Fail if anything was noted."""
        assert not self.faults, "\n".join(self.faults)


def _new_page(browser: Browser, options: Mapping[str, Any]) -> Page:
    context = browser.new_context(**{"locale": "vi-VN", "viewport": VIEWPORT, **options})
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a fresh context. The test fails when any page had a console error or warning, an uncaught
    exception, a dialog or a request to another host."""
    watch = _Watch()
    pages: list[Page] = []

    def open_page(url: str, **options: Any) -> Page:
        page = _new_page(browser, options)
        pages.append(page)
        watch.over(page, url)
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    watch.check()


@pytest.fixture(scope="session")
def tabs() -> dict[str, Page]:
    """Pages that `look` keeps open, by the options of their contexts."""
    return {}


@pytest.fixture
def look(browser: Browser, tabs: dict[str, Page]) -> Iterator[Callable[..., Page]]:
    """Open an address as `visit` does, at a third of the cost, in a tab that an earlier test has left. For tests that
    open one page, read, type and click: what they store is removed, what they route or emulate would stay."""
    watch = _Watch()
    ends: dict[str, Callable[[], None]] = {}

    def open_page(url: str, **options: Any) -> Page:
        name = repr(sorted(options.items()))
        if name not in tabs:
            tabs[name] = _new_page(browser, options)
        page = tabs[name]
        if name not in ends:
            ends[name] = watch.over(page, url)
            page.set_viewport_size(options.get("viewport", VIEWPORT))
        page.goto(url)
        return page

    yield open_page
    for name, end in ends.items():
        page = tabs.pop(name)
        try:
            page.context.clear_cookies()
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
            page.goto("about:blank")
        except Error:  # of no use any more: the next test gets another one
            page.context.close()
        else:
            tabs[name] = page
        end()
    watch.check()
