"""What this program is: its version, the data that it reads with, the formats that it writes."""

from __future__ import annotations

from build_tools import formats, store
from build_tools.closing import made_with
from build_tools.editions import manifest
from build_tools.search import index

SHOWN = 12
"""Hexadecimal digits of a digest that are shown."""


def about(version: str) -> str:
    """Return what `kho-bao --version` says, three lines."""
    made = made_with()
    numbers = {
        "record": formats.RECORD,
        "content": formats.CONTENT,
        "search index": index.VERSION,
        "manifest": manifest.FORMAT,
        "cache": store.VERSION,
    }
    return "\n".join(
        [
            f"kho-bao, version {version}",
            f"program {made['program'][:SHOWN]}, data {made['data'][:SHOWN]}",
            f"formats: {', '.join(f'{name} {number}' for name, number in numbers.items())}",
        ]
    )
