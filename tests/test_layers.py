"""Imports point one way: a lower layer never imports a higher one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "build_tools"
LAYERS = [
    {
        "errors",
        "model",
        "fold",
        "syllables",
        "patterns",
        "sketch",
        "alike",
        "folder",
        "inside",
        "handwritten",
        "filenames",
        "gz",
        "formats",
        "store",
        "pool",
        "cluster",
        "lock",
        "patience",
        "said",
    },
    {
        "vocab",
        "abbreviations",
        "labels",
        "identity",
        "brief",
        "paths",
        "archive",
        "settings",
        "facts",
        "history",
        "lasting",
        "escape",
        "prose",
        "frontmatter",
        "shown",
    },
    {"read", "clean", "extract", "correction_fields", "corrections", "apart"},
    {
        "dossier",
        "events",
        "galley",
        "pages",
        "indexes",
        "directory",
        "search",
        "explain",
        "near",
        "draft",
        "render",
        "reuse",
        "editions",
    },
    {"build", "webpage", "webarticle", "webarchive"},
    {"check", "withdrawn", "records", "outline", "survey"},
    {"workshop"},
    {"last", "recall"},
    {"engine"},
    {"closing"},
    {"publish", "hook", "intake", "publishing", "about"},
    {"cli"},
    {"__main__"},
]
PEERS = (
    {"read", "clean", "extract", "corrections"},
    {"pages", "indexes", "directory", "events", "search", "near"},
    {"webarticle", "webarchive"},
    {"cli", "hook"},
)
"""Modules that do not import each other."""

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent.name != "_project")


def _layer(module: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if module in layer)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(file: Path) -> None:
    own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    imported = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "build_tools":
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("build_tools."):
            imported.add((node.module or "").split(".")[1])
    for other in imported - {own}:
        assert _layer(other) <= _layer(own), f"{own} imports {other}"
        assert not any({own, other} <= peers for peers in PEERS), f"{own} imports {other}"


def test_only_the_edges_know_mkdocs() -> None:
    users = {path.stem for path in FILES if "mkdocs." in path.read_text(encoding="utf-8").replace("mkdocs.yml", "")}
    assert users <= {"hook", "publish"}
