"""Nothing holds the archive to one program: ProperDocs builds the same site of the same Markdown and templates."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import same

ROOT = Path(__file__).resolve().parents[1]
MOVING = (ROOT / "docs" / "moving.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("moving")
    for name in ("overrides", "content", "build_tools"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", home)
    return home


def built(project: Path, program: str) -> dict[str, str]:
    """Build with a program from an empty cache and return the digests of the site's files."""
    shutil.rmtree(project / "build", ignore_errors=True)
    command = [sys.executable, "-m", program, "build", "--strict", "-q", "-f", "mkdocs.yml", "-d", f"site-{program}"]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return same.digests(project / f"site-{program}")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("properdocs") is None, reason="properdocs is not installed")
def test_properdocs_makes_the_same_site(project: Path) -> None:
    first = built(project, "mkdocs")
    assert "bai/2024/tong-ket-cum-5-cong-an-tinh/index.html" in first
    assert same.different(first, built(project, "properdocs")) == []


def _files(*patterns: str) -> dict[str, str]:
    found = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found}


def counted() -> dict[str, tuple[str, int]]:
    """Return what is bound to Material, MkDocs and Jinja: where it stands, and how often."""
    templates = _files("overrides/**/*.html")
    styles = _files("overrides/assets/stylesheets/*.css")
    program = _files("build_tools/**/*.py")
    kinds = {
        "Material's classes and attributes": ({**templates, **styles}, r"\bmd-[a-z]|data-md-"),
        "blocks and partials of Material's templates": (
            _files("overrides/main.html", "overrides/404.html", "overrides/partials/header.html"),
            r"super\(\)|\"base\.html\"|partials/(?:palette|search|language)\.html",
        ),
        "modules of MkDocs": (program, r"^\s*(?:from|import) mkdocs\b"),
        "filters and methods that only Jinja in Python has": (
            templates,
            r"\|\s*kb_[a-z]+|\.(?:startswith|endswith|split|rstrip|get|items|keys|values|replace|format|append)\(",
        ),
    }
    return {
        kind: (
            ", ".join(sorted({Path(name).name for name, text in files.items() if re.search(what, text, re.MULTILINE)})),
            sum(len(re.findall(what, text, re.MULTILINE)) for text in files.values()),
        )
        for kind, (files, what) in kinds.items()
    }


def test_what_is_bound_to_a_program_is_counted() -> None:
    """docs/moving.md gives the number for each kind; who adds to one sees it there."""
    table = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|", MOVING, re.MULTILINE))
    assert table == {kind: str(number) for kind, (_, number) in counted().items()}


def test_files_that_are_bound_are_named() -> None:
    few = {kind: names for kind, (names, _) in counted().items() if names.count(",") < 6}
    assert {kind: names for kind, names in few.items() if names not in MOVING.replace("`", "").replace("\n", " ")} == {}
