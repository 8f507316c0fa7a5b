"""What hosts are told in docs/hosts/ is what the site means: the same policy, and what may be kept for how long."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ROOT / "docs" / "hosts"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FOREVER = "public, max-age=31536000, immutable"
FRAMED = "; frame-ancestors 'self'"
"""What a header can say and a page cannot."""

MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error;
events {{}}
http {{
    include {types}; access_log off; default_type application/octet-stream;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    include {folder}/kho-bao.conf;
}}
"""


@pytest.fixture(scope="module")
def policy(site) -> str:
    """The policy that pages carry, as a header says it."""
    found = re.search(r'"Content-Security-Policy" content="([^"]+)"', site.read(""))
    assert found
    return found[1] + FRAMED


def _rules() -> list[tuple[str, list[tuple[str, str]]]]:
    rules: list[tuple[str, list[tuple[str, str]]]] = []
    for line in (HOSTS / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            rules.append((line, []))
        elif line.startswith("  "):
            name, value = line.strip().split(": ", 1)
            rules[-1][1].append((name, value))
        else:
            assert not line or line.startswith("#")
    return rules


def _headers(name: str) -> dict[str, str]:
    """Return what the rules say of a file; no header is said twice."""
    said = [pair for pattern, pairs in _rules() if fnmatchcase(f"/{name}", pattern) for pair in pairs]
    assert len(dict(said)) == len(said), name
    return dict(said)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _hashed(name: str) -> bool:
    return name.startswith("search/") and name != "search/manifest.bin"


def test_the_rules_for_netlify_and_cloudflare_fit_the_site(site, policy: str) -> None:
    names = _files(site.folder)
    assert any(map(_hashed, names))
    for name in names:
        said = _headers(name)
        assert said["Content-Security-Policy"] == policy
        assert (said.get("Cache-Control") == FOREVER) == _hashed(name), name
    for pattern, _ in _rules():
        assert any(fnmatchcase(f"/{name}", pattern) for name in names), f"{pattern} fits no file"
        assert pattern.count("*") == 1


@pytest.mark.slow
def test_the_file_of_rules_comes_into_the_site(project: Callable[[], Path], run: Callable) -> None:
    home = project()
    shutil.copy(HOSTS / "_headers", home / "content" / "pages" / "_headers")
    assert run("build_tools", "publish", "public", cwd=home).returncode == 0
    assert (home / "public" / "_headers").read_bytes() == (HOSTS / "_headers").read_bytes()


# nginx


@pytest.fixture(scope="module")
def published(project: Callable[[], Path], run: Callable) -> Path:
    """A site that was published with compressed files beside the others."""
    home = project()
    done = run("build_tools", "publish", "public", "--gzip", cwd=home)
    assert done.returncode == 0, done.stderr
    return home / "public"


@pytest.fixture(scope="module")
def nginx(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which nginx serves the site by docs/hosts/nginx.conf, of which only place and port are changed."""
    if NGINX is None:
        pytest.skip("no nginx here (Debian: nginx-light)")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = (HOSTS / "nginx.conf").read_text(encoding="utf-8")
    for given, here in (("listen 80;", f"listen 127.0.0.1:{port};"), ("/srv/kho-bao/public", str(published))):
        assert text.count(f"{given}" if given.startswith("listen") else f"root {given};") == 1
        text = text.replace(given, here)
    (folder / "kho-bao.conf").write_text(text)
    types = next(path for path in (Path("/etc/nginx/mime.types"), Path("/usr/local/etc/nginx/mime.types")) if path.is_file())
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, types=types))
    command = [NGINX, "-p", folder, "-e", folder / "error", "-c", folder / "nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as process:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (folder / "error").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _get(base: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(base.split("/")[2], timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def test_nginx_serves_every_file_with_policy_and_age(nginx: str, published: Path, policy: str) -> None:
    for name in _files(published):
        if name.startswith(".") or name == "404.html" or name.endswith(".html.gz"):
            continue
        answer, data = _get(nginx, f"/{name}")
        assert (answer.status, data) == (200, (published / name).read_bytes()), name
        assert answer.headers.get_all("Content-Security-Policy") == [policy]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        age = answer.headers["Cache-Control"]
        assert age == FOREVER if _hashed(name) else age == "no-cache" or "/fonts/" in name, name


def test_nginx_sends_what_was_compressed(nginx: str, published: Path) -> None:
    answer, data = _get(nginx, "/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert data == (published / "index.html.gz").read_bytes()
    assert gzip.decompress(data) == (published / "index.html").read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_nginx_answers_for_what_is_not_there_and_hides_what_is_not_for_readers(nginx: str, published: Path) -> None:
    missing = (published / "404.html").read_bytes()
    for path in ("/khong-co/", "/.kho-bao", "/%2e%2e/.public.sites/1/index.html"):
        answer, data = _get(nginx, path)
        assert answer.status in (400, 404)
        assert data == missing or answer.status == 400
    answer, _ = _get(nginx, "/cum")
    assert (answer.status, answer.headers["Location"]) == (301, "/cum/")


@pytest.mark.browser
def test_search_answers_behind_nginx(nginx: str, visit: Callable[..., Page]) -> None:
    """Policy, types and compression let the search work; a violation would be a console error, which fails a visit."""
    page = visit(f"{nginx}tim-kiem/?q=cau+giay")
    expect(page.locator("[data-search-hit]").first).to_be_visible()


def test_nginx_shows_a_new_site_at_once(nginx: str, published: Path, run: Callable) -> None:
    home = published.parent
    page = home / "content" / "pages" / "gioi-thieu.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nVừa thêm.\n", encoding="utf-8")
    assert run("build_tools", "publish", "public", "--gzip", cwd=home).returncode == 0
    assert "Vừa thêm." in _get(nginx, "/gioi-thieu/")[1].decode()
    assert run("build_tools", "publish", "public", "--rollback", cwd=home).returncode == 0
    assert "Vừa thêm." not in _get(nginx, "/gioi-thieu/")[1].decode()


# Others


def test_the_upload_to_s3_brings_pages_last_and_removes_at_the_end(site, tmp_path: Path) -> None:
    """With a stand-in for the client that notes what it is asked for."""
    (tmp_path / "aws").write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/asked\n')
    (tmp_path / "aws").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", HOSTS / "s3.sh", site.folder, "s3://kho/bao", "--profile", "x"], env=env, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert all(line.startswith(f"s3 sync {site.folder}/ s3://kho/bao --profile x --exclude") for line in asked)
    assert [("immutable" in line, "*.html" in line.split("--include")[-1], "--delete" in line) for line in asked] == [
        (True, False, False),
        (False, True, False),
        (False, True, False),
        (False, False, True),
    ]
    assert subprocess.run(["sh", HOSTS / "s3.sh", tmp_path, "s3://kho"], env=env, check=False).returncode
    assert (tmp_path / "asked").read_text().splitlines() == asked


@pytest.mark.slow
def test_gh_deploy_pushes_the_site(project: Callable[[], Path], run: Callable, tmp_path: Path, site) -> None:
    home, remote = project(), tmp_path / "remote.git"
    (home / ".gitignore").write_text("/build/\n/site/\n__pycache__/\n")

    def git(*arguments: str | Path, cwd: Path = home) -> str:
        named = ("-c", "user.name=Kho", "-c", "user.email=kho@example.org", "-c", "core.autocrlf=false")
        return subprocess.run(
            ["git", *named, *arguments], cwd=cwd, check=True, capture_output=True, encoding="utf-8"
        ).stdout

    git("init", "--bare", "--quiet", remote)
    git("init", "--quiet")
    git("config", "user.name", "Kho")
    git("config", "user.email", "kho@example.org")
    git("add", ".")
    git("commit", "--quiet", "-m", "Archive")
    git("remote", "add", "origin", str(remote))
    done = run("mkdocs", "gh-deploy", cwd=home)
    assert done.returncode == 0, done.stderr
    pushed = set(git("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "gh-pages", cwd=remote).splitlines())
    assert pushed - {".nojekyll"} >= set(_files(site.folder)) - {".kho-bao"}
    assert git("show", "gh-pages:index.html", cwd=remote) == (site.folder / "index.html").read_text(encoding="utf-8")


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_follow_their_schema(file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pages_workflow_publishes_only_what_was_tested_and_inspected() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8"))["jobs"]
    assert set(jobs["deploy"]["needs"]) == {"test", "build"}
    steps = {job: [step.get("run") or step["uses"].split("@")[0] for step in jobs[job]["steps"]] for job in jobs}
    assert ".ci/run" in steps["test"]
    order = ["actions/cache", ".venv/bin/python -m build_tools publish public", "actions/upload-pages-artifact"]
    assert [step for step in steps["build"] if step in order] == order
    assert steps["deploy"] == ["actions/deploy-pages"]
