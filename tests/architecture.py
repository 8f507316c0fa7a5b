"""The picture of docs/architecture.md: the layers of the program, the highest above: `python tests/architecture.py`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

WIDTH = 76


def picture(layers: Sequence[set[str]]) -> str:
    """Return the layers as boxes that stand on each other; a module knows those below it and beside it."""
    line = f"+{'-' * (WIDTH + 2)}+"
    drawn = [line]
    for layer in reversed(layers):
        drawn += [f"| {row:<{WIDTH}} |" for row in textwrap.wrap("  ".join(sorted(layer)), WIDTH)]
        drawn.append(line)
    return "\n".join(drawn) + "\n"


def placed(page: str, layers: Sequence[set[str]]) -> str:
    """Return the page with its picture, the first block of plain text, drawn anew."""
    before, _, rest = page.partition("```text\n")
    return f"{before}```text\n{picture(layers)}```{rest.partition('```')[2]}"


if __name__ == "__main__":
    from test_layers import LAYERS

    PAGE = Path(__file__).resolve().parents[1] / "docs" / "architecture.md"
    PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), LAYERS), encoding="utf-8")
