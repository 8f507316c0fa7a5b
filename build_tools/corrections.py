"""An archivist's corrections: `NAME.yaml` beside `NAME.txt`, whose values win over what was read.

The file is typed by hand, so it is checked as a whole and every fault is told at once, with its line and a remedy.
A faulty file changes nothing, for half a correction would be worse than none, unless it may withdraw its clipping
(`apart`). What YAML silently reads as something else (17:41 as a number, no as false, 2023-12-12 as a date) is refused
and named.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml

from build_tools import inside
from build_tools.model import (
    FIELDS,
    Award,
    Clipping,
    Cluster,
    Evidence,
    Figure,
    Found,
    Lead,
    Person,
    Problem,
    Quotation,
    Record,
)

if TYPE_CHECKING:
    from build_tools.correction_fields import Correction

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
"""A correction is a mapping of lists of mappings: deeper nesting is a mistake or an attack."""

CORRECTED = Evidence(rule="correction", line=0, grade="corrected")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """A correction file as found; `path` is relative to the clippings folder."""

    path: PurePosixPath
    data: bytes


def files(folder: Path, found: Iterable[Path]) -> Iterator[CorrectionFile | Problem]:
    """Yield each of the files `found` below `folder`, or the problem that keeps it from being read."""
    for path in found:
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if named_rightly(str(name)):
            yield opened(folder, str(name))
        else:
            yield Problem(str(name), "is not read: a correction's name ends in .yaml", f"rename it to {name.stem}.yaml")


def named_rightly(name: str) -> bool:
    """Whether a file has the name of a correction."""
    return name.endswith(".yaml")


def opened(folder: Path, name: str) -> CorrectionFile | Problem:
    """Return a file by its path from `folder`, or the problem that keeps it from being opened."""
    try:
        return CorrectionFile(PurePosixPath(name), inside.contents(*inside.found(folder, name), MAX_BYTES + 1))
    except inside.RefusedError as error:
        return Problem(inside.printable(name), str(error), error.remedy)
    except OSError as error:
        return Problem(name, f"cannot be read: {error.strerror}", "check its permissions")


def parse(file: CorrectionFile) -> Correction | list[Problem]:
    """Return what a correction file says, or everything that is wrong with it."""
    try:
        root = _compose(file.data)
    except _UnreadableError as error:
        return [Problem(str(file.path), str(error), error.remedy, error.line)]
    from build_tools import correction_fields  # noqa: PLC0415 - most builds have no correction to check

    reader = _Reader(str(file.path))
    checked = correction_fields.checked(reader.value(root, ()))
    if isinstance(checked, list):
        # A value that YAML misread is told once, by the name of the trap.
        found = (
            reader.problem(tuple(error["loc"]), *correction_fields.sentence(error))
            for error in checked
            if error["type"] == "extra_forbidden" or error["loc"] not in reader.misread
        )
        return _sorted({*reader.problems, *found})
    return _sorted(reader.problems) or checked


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.message))


class _UnreadableError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, message: str, remedy: str, line: int | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.line = line


def _compose(data: bytes) -> yaml.MappingNode:
    """Return the file's only document as nodes, which know their lines; no aliases, no deep nesting."""
    if len(data) > MAX_BYTES:
        raise _UnreadableError(f"is longer than a correction can be ({MAX_BYTES:,} bytes)", "keep the fields only")
    try:
        text = data.decode("utf-8-sig")
        _check_events(text)
        node = yaml.compose(text, Loader=Loader)
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        remedy = "put texts in quotes, align the fields"
        raise _UnreadableError(f"is not YAML: {error.problem}", remedy, line) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _UnreadableError(f"is not YAML: {error}", "type the text anew") from error
    if node is None and text.strip():  # comments alone: a draft in which nothing is corrected yet
        node = yaml.compose("{}", Loader=Loader)
    if node is None:
        raise _UnreadableError("is empty", "write the fields to correct, or remove the file")
    if not isinstance(node, yaml.MappingNode):
        raise _UnreadableError("is not a list of fields", 'write lines such as  year: 2023  or  byline: "Bá Hiển"', 1)
    return node


def _check_events(text: str) -> None:
    """Refuse what could make a small file large or deep, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _UnreadableError("has an anchor (&) or alias (*)", "put a text that begins with one in quotes", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _UnreadableError("is nested too deep", "a correction is a list of fields", line)


_TAG = "tag:yaml.org,2002:"

_TRAPS = {
    "bool": "YAML reads {raw} as {value}",
    "timestamp": "YAML reads {raw} as a date of its own",
    "int": "YAML reads {raw} as the number {value}",
    "float": "YAML reads {raw} as the number {value}",
}


class _Reader:
    """Turns nodes into plain values; remembers the line of each, and the places that YAML misread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.lines: dict[tuple[Hashable, ...], int] = {}
        self.misread: set[tuple[Hashable, ...]] = set()

    def value(self, node: yaml.Node, place: tuple[Hashable, ...]) -> object:
        """Return the plain value of `node`; what YAML misread becomes a problem, and the text as typed."""
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            values: dict[str, object] = {}
            for key_node, value_node in node.value:
                key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
                if key in values:
                    self._add(key_node, f"{key} is given twice", "keep one of the two")
                values[key] = self.value(value_node, (*place, key))
                self.lines[(*place, key)] = key_node.start_mark.line + 1
            return values
        return self._scalar(node, place)

    def _scalar(self, node: yaml.Node, place: tuple[Hashable, ...]) -> object:
        raw = str(node.value)
        tag = str(node.tag).removeprefix(_TAG)
        if tag in ("str", "null"):
            return raw if tag == "str" else None
        if tag == "int" and re.fullmatch(r"0|[1-9]\d{0,8}", raw, re.ASCII) and place[-1:] in (("year",), ("number",)):
            return int(raw)
        self.misread.add(place)
        if tag not in _TRAPS:
            self._add(node, f"{raw!r} has a tag or mark that is not read here ({node.tag})", "put the text in quotes")
            return raw
        try:
            value = yaml.safe_load(raw)
        except (yaml.YAMLError, ValueError):
            value = "something else"
        what = f"{place[-1]}: " if place and isinstance(place[-1], str) else ""
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        self._add(node, what + _TRAPS[tag].format(raw=raw, value=shown), f'put it in quotes: "{raw}"')
        return raw

    def _add(self, node: yaml.Node, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, message, remedy, node.start_mark.line + 1))

    def problem(self, place: tuple[Hashable, ...], message: str, remedy: str) -> Problem:
        """Return what is wrong at a place, or within it, with its line."""
        line = next((self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines), None)
        return Problem(self.name, message, remedy, line)


def apply(clipping: Clipping, correction: Correction) -> Clipping:
    """Return the clipping with the archivist's values in place of those that were read."""
    given = correction.model_fields_set
    changes: dict[str, Any] = {name: _field(name, getattr(correction, name)) for name in FIELDS if name in given}
    record: Record = replace(clipping.record, **changes)
    notes = replace(
        clipping.notes,
        why=correction.why,
        formerly=tuple(correction.formerly or ()),
        withdrawn=correction.withdrawn,
    )
    return replace(clipping, record=record, corrected=tuple(changes), notes=notes)


_MAY_WITHDRAW = re.compile(rb"^[^#\n]*withdrawn[\"']?\s*:", re.MULTILINE | re.IGNORECASE)
_ALIKE = 0.7
"""How alike to `withdrawn` a key is that may be meant for it: "withdraw" has 0.94, "withdrew" 0.71, no field 0.5."""


def withdrawal(file: CorrectionFile) -> Correction | list[Problem] | None:
    """Return the correction if it withdraws its clipping, what is wrong with it if it may mean to, else None."""
    data = file.data.replace(b"\0", b"")  # what was saved as UTF-16 is faulty, and must not publish what it withdraws
    if not _MAY_WITHDRAW.search(data):
        return None
    parsed = parse(file)
    return parsed if isinstance(parsed, list) or parsed.withdrawn else None


def may_withdraw(file: CorrectionFile) -> bool:
    """Whether a faulty correction may mean to withdraw its clipping: it cannot be read, or a key looks like that."""
    try:
        root = _compose(file.data)
    except _UnreadableError:
        return True
    keys = [str(key.value).casefold() for key, _ in root.value]
    return any(difflib.SequenceMatcher(None, "withdrawn", key).ratio() >= _ALIKE for key in keys)


_ITEMS: dict[str, Callable[..., object]] = {
    "clusters": Cluster,
    "leads": Lead,
    "people": Person,
    "awards": Award,
    "figures": Figure,
    "quotations": Quotation,
}


def _field(name: str, value: Any) -> object:
    """Return a correction's value as the record holds it, with the archivist for evidence."""
    if made := _ITEMS.get(name):
        return tuple(made(**dict(item), evidence=CORRECTED) for item in value or ())
    if name in ("members", "captions", "noise", "slogans", "chairs"):
        return tuple(Found(item, CORRECTED) for item in value or ())
    return None if value is None else Found(value, CORRECTED)
