"""The files of others that stand in the repository, as a table for docs/releasing.md: `python tests/vendored.py`."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "overrides" / "assets" / "fonts"

ORIGINS = {
    "lora": ("Lora 3.008", "OFL-1.1", "LICENSE-lora"),
    "source-sans-3": ("Source Sans 3.052", "OFL-1.1", "LICENSE-source-sans-3"),
}
"""By the beginning of a file's name: what it is, in which version, under which licence, and the licence's file."""


def files() -> list[Path]:
    """Return the files of others, in sorted order."""
    return sorted(path for path in FONTS.iterdir() if not path.name.startswith("LICENSE"))


def table() -> str:
    """Return the table, a row a file, with its digest."""
    rows = ["| file | what, version | licence | sha256 |", "| --- | --- | --- | --- |"]
    for path in files():
        what, licence, text = next(told for name, told in ORIGINS.items() if path.name.startswith(name))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(f"| `{path.name}` | {what} | {licence}, `{text}` | `{digest}` |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201
