"""The examples of docs/extending.md do what they say: without its lines a clipping is read otherwise."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

READ = """
import json, sys
from pathlib import Path
from build_tools import build
from build_tools.archive import values
from build_tools.identity import newspapers
clipping, = build.each([Path(sys.argv[1])])
found = newspapers.known(clipping.record.source.value) if clipping.record.source else None
print(json.dumps(values(clipping.record) | {"newspaper": found and found.name}))
"""


class Example(NamedTuple):
    title: str
    file: str
    added: dict[str, list[Any]]
    clipping: str
    has: dict[str, Any]


def examples() -> list[Example]:
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    found = []
    for section in page.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        blocks = dict(re.findall(r"```(\w+)\n(.*?)```", body, re.DOTALL))
        (file,) = re.findall(r"^In `([^`]+)`", body, re.MULTILINE)
        found.append(Example(title, file, yaml.safe_load(blocks["yaml"]), blocks["text"], json.loads(blocks["json"])))
    return found


def _read(home: Path, clipping: Path) -> dict[str, Any]:
    env = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", READ, str(clipping)]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_there_is_an_example_of_each() -> None:
    assert [one.title for one in examples()] == ["A rank", "A unit", "A newspaper", "A furniture line"]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.title)
def test_the_example_is_read_as_it_says(example: Example, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "build_tools", tmp_path / "build_tools", ignore=shutil.ignore_patterns("__pycache__"))
    clipping = tmp_path / "bai.txt"
    clipping.write_text(example.clipping, encoding="utf-8")
    before = _read(tmp_path, clipping)
    assert {name: before[name] for name in example.has} != example.has
    file = tmp_path / example.file
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for key, more in example.added.items():
        data[key] = [*data[key], *more]
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    after = _read(tmp_path, clipping)
    assert {name: after[name] for name in example.has} == example.has
