"""Drafts a correction: a file for the archivist in which every value that was read stands as a comment.

A value that is uncommented becomes a correction and is shown as one, so nothing is until somebody has looked at it.
One "#" begins a field, two begin a remark: an editor that takes one away from every line leaves a correction.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from build_tools import corrections
from build_tools.archive import values
from build_tools.model import FIELDS, Clipping, Evidence

SCHEMA_FILE = "correction.schema.json"

_ROOM = 1_024
"""Bytes left free in a file that is as long as one may be, for what the archivist adds."""


def text(clipping: Clipping, schema: str, given: Clipping | None = None) -> str:
    """Return the draft for a clipping as it was read.

    `schema` is the address of the JSON Schema, `given` the same clipping with a correction that is there already: its
    fields stay corrected, that is uncommented. What no correction could hold (a year out of range, lists too long) is
    a remark.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        f"## A correction of {_shown(clipping.raw.path.name)}: take the # off the fields to change, and edit them.",
        "## A field left as a comment stays as it was read; null and [] mean that the clipping does not say.",
        "",
    ]
    lines += _notes(given) if given else ()
    size = _size(lines)
    for name in FIELDS:
        corrected = given is not None and name in given.corrected
        block = list(_block(name, given if given and corrected else clipping))
        if not corrected:
            block = _commented(name, block, corrections.MAX_BYTES - _ROOM - size)
        size += _size(block)
        lines += block
    return "\n".join(lines) + "\n"


def _notes(given: Clipping) -> Iterator[str]:
    """Yield the lines of what a correction says beside values."""
    if given.notes.why:
        yield f"why: {_quoted(given.notes.why)}"
    if given.notes.formerly:
        yield f"formerly: [{', '.join(map(_quoted, given.notes.formerly))}]"
    if given.notes.withdrawn:
        yield f"withdrawn: {_quoted(given.notes.withdrawn)}"


def _commented(name: str, block: list[str], room: int) -> list[str]:
    """Return a field's lines as a comment; as a remark when uncommenting them would make the file faulty."""
    comment = [f"# {line}" for line in block]
    if _size(comment) > room:
        return [f"## {name}: too long for a correction file, left out"]
    fault = _fault(block)
    return comment if fault is None else [f"## {name}: {fault}", *(f"##   {line}" for line in block)]


def _size(lines: list[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _fault(block: list[str]) -> str | None:
    """Return what keeps a correction from holding these lines, or None."""
    file = corrections.CorrectionFile(PurePosixPath("draft.yaml"), "\n".join(block).encode())
    parsed = corrections.parse(file)
    return _shown(parsed[0].message) if isinstance(parsed, list) else None


def _block(name: str, clipping: Clipping) -> Iterator[str]:
    """Yield the lines of one field, with the line in the clipping that each value comes from."""
    found, value = getattr(clipping.record, name), values(clipping.record)[name]
    if found is None or found == ():
        yield f"{name}: {'null' if found is None else '[]'}  {_no_value(name, clipping)}"
    elif isinstance(value, list):
        yield f"{name}:"
        for item, entry in zip(found, value, strict=True):
            yield f"  - {_written(entry)}  {_origin(item.evidence)}"
    else:
        yield f"{name}: {_written(value)}  {_origin(found.evidence)}"


def _no_value(name: str, clipping: Clipping) -> str:
    if name in clipping.corrected:
        return "# corrected"
    if name == "title" and clipping.derived_title:
        return f"# not printed; shown is {_quoted(clipping.derived_title.value)}"
    return "# not said"


def _origin(evidence: Evidence) -> str:
    if evidence.grade == "corrected" or evidence.line < 1:
        return "# corrected"
    return f"# line {evidence.line}" + ("" if evidence.grade == "stated" else f", {evidence.grade}")


def _written(value: object) -> str:
    """Return a value as YAML in one line that no version of YAML reads as anything else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_written(part)}" for name, part in value.items()) + "}"
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_escaped(escaped)}"'


def _escaped(value: str) -> str:
    """Write what cannot be seen as YAML's escapes: line ends of all kinds, marks of direction, lone surrogates."""
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04X}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}" for c in value
    )


def _shown(value: str) -> str:
    """Return a text for a comment: what cannot be seen must not end the line."""
    return "".join(c if c.isprintable() else "�" for c in value)


def schema_address(correction: Path, schema: Path | None) -> str:
    """Return the address by which a correction names its schema: relative, for the folder may be moved or shared."""
    if schema is None:
        return SCHEMA_FILE
    return quote(Path(os.path.relpath(schema, correction.parent)).as_posix(), errors="surrogateescape")


def find_schema(correction: Path) -> Path | None:
    """Return the nearest schema file in a folder above a correction, or in its docs/; None when there is none."""
    for folder in correction.absolute().parents:
        for place in (folder / SCHEMA_FILE, folder / "docs" / SCHEMA_FILE):
            if place.is_file():
                return place
    return None
