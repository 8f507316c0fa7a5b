"""The documentation names everything there is: each field of the record, each command, each folder."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import architecture
import pytest
import vendored
from test_layers import LAYERS

from build_tools.model import FIELDS, KINDS

ROOT = Path(__file__).resolve().parents[1]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_record_page_has_a_heading_for_every_field() -> None:
    """docs/record.md describes exactly the fields of the record, in their order."""
    record, _, added = _read("docs/record.md").partition("\n# What a page adds\n")
    assert tuple(re.findall(r"^## (\w+)$", record, re.MULTILINE)) == FIELDS
    assert added


@pytest.mark.parametrize("field", FIELDS)
def test_record_page_gives_type_and_absence(field: str) -> None:
    """Each field has its type and what absence means."""
    section = _read("docs/record.md").split(f"\n## {field}\n")[1].split("\n## ")[0]
    assert "Type: " in section
    assert "\nAbsent: " in section


def test_record_page_lists_every_kind() -> None:
    """The words that `kind` may be."""
    section = _read("docs/record.md").split("\n## kind\n")[1].split("\n## ")[0]
    assert tuple(re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)) == KINDS


def test_readme_explains_every_command() -> None:
    """What `kho-bao --help` lists stands in the README."""
    shown = subprocess.run(
        [sys.executable, "-m", "build_tools", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    usage = re.search(r"\{([\w,-]+)\}", shown)
    commands = (
        usage[1].split(",") if usage else re.findall(r"^  ([a-z]+)  ", shown.partition("Commands:")[2], re.MULTILINE)
    )
    assert commands
    assert [name for name in commands if f"kho-bao {name}" not in _read("README.md")] == []


def test_readme_explains_every_make_target() -> None:
    """What `make help` lists stands in the README."""
    targets = re.findall(r"^([a-z]+):.*## ", _read("Makefile"), re.MULTILINE)
    assert [name for name in targets if f"`make {name}`" not in _read("README.md")] == []


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/record.md",
        "docs/check.md",
        "docs/identity.md",
        "docs/editions.md",
        "docs/reading-room.md",
        "docs/building.md",
        "docs/sizes.md",
        "docs/architecture.md",
        "docs/extending.md",
        "docs/releasing.md",
        "docs/moving.md",
    ],
)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    """A relative link ends at a file."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", _read(document))
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_the_picture_of_the_layers_is_true() -> None:
    """docs/architecture.md shows the layers of tests/test_layers.py."""
    page = _read("docs/architecture.md")
    assert architecture.placed(page, LAYERS) == page, "python tests/architecture.py draws it anew"


def test_steps_name_modules_that_are_there() -> None:
    """The table of the way of a clipping names modules, templates or folders."""
    table = _read("docs/architecture.md").split("## The way of a clipping")[1].split("\n## ")[0]
    steps = re.findall(r"^\|[^|]+\|([^|]+)\|", table, re.MULTILINE)[2:]
    names = [name for step in steps for name in re.findall(r"`([\w/]+)`", step)]
    modules = set[str]().union(*LAYERS)
    assert len(names) > 15
    assert [name for name in names if name not in modules and not (ROOT / name).is_dir()] == []


def test_every_file_of_others_is_listed_with_its_digest() -> None:
    """docs/releasing.md tells version, licence and digest of what others made; their licences are there."""
    assert vendored.files()
    assert _read("docs/releasing.md").endswith(vendored.table()), "python tests/vendored.py prints the table"
    assert [text for _, _, text in vendored.ORIGINS.values() if not (vendored.FONTS / text).is_file()] == []


def test_no_file_of_others_is_elsewhere() -> None:
    """Fonts and minified scripts stand where the table looks."""
    ours = (path for folder in ("build_tools", "overrides", "content", "docs") for path in (ROOT / folder).rglob("*"))
    foreign = [path for path in ours if re.search(r"\.(?:woff2?|ttf|otf|eot|wasm)$|\.min\.(?:js|css)$", path.name)]
    assert sorted(foreign) == vendored.files()
