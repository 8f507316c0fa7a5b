"""The fixed versions are those of pyproject.toml, complete, with digests, and say nothing of where they came from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = SETTINGS["project"]["optional-dependencies"]
FILES = ("site", *EXTRAS)


def locked(name: str) -> list[tuple[Requirement, int]]:
    """Return what a file fixes, each with the number of its digests."""
    text = (ROOT / ".ci" / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [
        (Requirement(line.split(" --hash=", 1)[0]), len(re.findall(r" --hash=sha256:[0-9a-f]{64}\b", line)))
        for line in lines
    ]


def wanted(name: str) -> list[Requirement]:
    """Return what pyproject.toml asks for, those of extras that an extra names among it."""
    asked = [*SETTINGS["project"]["dependencies"], *SETTINGS["build-system"]["requires"]]
    todo = [] if name == "site" else [name]
    while todo:
        for one in map(Requirement, EXTRAS[todo.pop()]):
            if one.name == "kho-bao":
                todo += one.extras
            else:
                asked.append(str(one))
    return [Requirement(one) for one in asked]


def test_every_extra_has_its_file() -> None:
    assert {path.stem for path in (ROOT / ".ci" / "requirements").glob("*.txt")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_for_is_fixed_in_a_version_that_is_allowed(name: str) -> None:
    fixed: dict[str, list[str]] = {}
    for one, _ in locked(name):
        fixed.setdefault(canonicalize_name(one.name), []).extend(part.version for part in one.specifier)
    for one in wanted(name):
        versions = fixed.get(canonicalize_name(one.name), [])
        assert versions, f"{one.name}: run make lock"
        assert [version for version in versions if not one.specifier.contains(version)] == [], f"{one}: run make lock"


@pytest.mark.parametrize("name", FILES)
def test_everything_fixed_has_one_version_here_and_digests(name: str) -> None:
    here = [one for one, _ in locked(name) if one.marker is None or one.marker.evaluate(dict(default_environment()))]
    assert len({one.name for one in here}) == len(here)
    assert [one.name for one, digests in locked(name) if not digests] == []
    assert [str(one) for one, _ in locked(name) if not re.fullmatch(r"==[^,*]+", str(one.specifier))] == []


def test_all_files_fix_the_same_versions() -> None:
    most = {(one.name, str(one.specifier)) for one, _ in locked("dev")}
    for name in FILES:
        assert {(one.name, str(one.specifier)) for one, _ in locked(name)} <= most


def test_no_file_names_a_host_or_a_place() -> None:
    for path in (ROOT / ".ci" / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"://|^\s*-(?!-hash=)|\bfile:|\.(?:org|com|net)\b", text, re.MULTILINE) == []
