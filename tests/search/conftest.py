"""What the search tests share: documents of the archive's clippings, and the browser's engine run under node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from build_tools import search
from build_tools.search import Document, tokens

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    """One document for each clipping in the archive: first line as title, every line a paragraph, no facts."""
    folder = ROOT / "content" / "clippings"
    found = []
    for path in sorted(folder.rglob("*.txt")):
        lines = tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        found.append(Document(f"bai/{path.parent.name}/{path.stem}/", lines[0][:120], lines))
    return found


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Run the browser's engine; takes `texts`, or `documents` to make an index of, and `queries`; see node.mjs."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on PATH; the browser tests run the same files in Chromium")

    def run(documents: list[Document] | None = None, **question: object) -> dict[str, Any]:
        if documents is not None:
            folder = tmp_path_factory.mktemp("index")
            for name, data in search.files(documents):
                (folder / Path(name).name).write_bytes(data)
            question["folder"] = str(folder)
        if "texts" in question:
            question["table"] = tokens.table()
        done = subprocess.run(
            [node, str(Path(__file__).with_name("node.mjs"))],
            input=json.dumps(question),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run
