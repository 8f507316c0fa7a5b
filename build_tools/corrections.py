"""An archivist's corrections: `NAME.yaml` beside `NAME.txt`, whose values win over what was read.

The file is typed by hand, so it is checked as a whole and every fault is told at once, with its line and a remedy.
A faulty file changes nothing: half a correction would be worse than none. What YAML silently reads as something else
(17:41 as a number, no as false, 2023-12-12 as a date) is refused and named.
"""

from __future__ import annotations

import calendar
import difflib
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, NoReturn

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from build_tools.fold import squeeze
from build_tools.model import (
    FIELDS,
    KINDS,
    Award,
    Clipping,
    Cluster,
    Evidence,
    Figure,
    Found,
    Kind,
    Lead,
    Person,
    Problem,
    Quotation,
    Record,
)

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8
"""A correction is a mapping of lists of mappings: deeper nesting is a mistake or an attack."""

FIRST_YEAR, LAST_YEAR = 1945, 2100

CORRECTED = Evidence(rule="correction", line=0, grade="corrected")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse(message: str, remedy: str) -> NoReturn:
    raise PydanticCustomError("correction", "{message}", {"message": message, "remedy": remedy})


def _line_of_text(value: str) -> str:
    """Return a text as the rest of the program expects it: NFC, white space folded."""
    text = squeeze(unicodedata.normalize("NFC", value))
    if not text:
        _refuse("is blank", "write null when the clipping does not say")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        _refuse("holds a control character", "type the text anew")
    return text


def _iso(value: str) -> str:
    """Check an ISO date or time against the calendar; any precision from the year to the second will do."""
    pattern = r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?)?)?"
    found = re.fullmatch(pattern, value, re.ASCII)
    if not found:
        _refuse(f"{value!r} is not an ISO date", 'write "2023", "2023-12", "2023-12-31" or "2023-12-31T17:41"')
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups())
    possible = (
        _is_year(year)
        and (month is None or 1 <= month <= 12)
        and (day is None or month is None or 1 <= day <= calendar.monthrange(year or FIRST_YEAR, month)[1])
        and (hour or 0) < 24
        and (minute or 0) < 60
        and (second or 0) < 60
    )
    if not possible:
        _refuse(f"{value!r} is not in the calendar", "check the date in the clipping")
    return value


def _iso_day(value: str) -> str:
    if len(_iso(value)) != len("2023-12-31"):
        _refuse(f"{value!r} is not a day", 'write "2023-12-31", or null when no day can be worked out')
    return value


def _is_year(value: int | None) -> bool:
    return value is not None and FIRST_YEAR <= value <= LAST_YEAR


def _year(value: int) -> int:
    if not _is_year(value):
        _refuse(f"{value} is not a year from {FIRST_YEAR} to {LAST_YEAR}", "check the year in the clipping")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'\\]+", value):
        _refuse(f"{value!r} is not a web address", "write it whole, from https:// on")
    return value


def _number(value: object) -> int | str | None:
    """Check a cluster's number: a whole number, or a label; "09" in quotes is the number 9."""
    if value is None:
        return None
    if isinstance(value, str):
        label = _line_of_text(value)
        if not (label.isascii() and label.isdigit() and len(label) <= 4):
            return label
        value = int(label)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10_000:
        _refuse(f"{value!r} is no cluster number", 'write a number (9) or a label in quotes ("II")')
    return value


Text = Annotated[str, AfterValidator(_line_of_text)]
Year = Annotated[int, AfterValidator(_year)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ClusterCorrection(_Strict):
    """A cluster the clipping is about."""

    number: Annotated[int | str | None, PlainValidator(_number)] = None
    authority: Text | None = None


class LeadCorrection(_Strict):
    """A unit that leads its cluster, or is its deputy."""

    role: Literal["truong", "pho"]
    unit: Text
    year: Year | None = None


class PersonCorrection(_Strict):
    """A person with a rank or an office."""

    name: Text
    rank: Text | None = None
    role: Text | None = None


class AwardCorrection(_Strict):
    """An award given, to one recipient."""

    name: Text
    level: Text | None = None
    recipient: Text | None = None
    year: Year | None = None


class FigureCorrection(_Strict):
    """A number with its unit, and what it counts or measures; all three are texts, as printed."""

    value: Text
    unit: Text
    what: Text | None = None


class QuotationCorrection(_Strict):
    """Direct speech and its speaker."""

    text: Text
    speaker: Text | None = None


class Correction(_Strict):
    """What a correction file may hold: fields of the record. A field left out stays as read; null means "not said"."""

    url: Annotated[Text, AfterValidator(_web_address)] | None = None
    title: Text | None = None
    kicker: Text | None = None
    published: Annotated[Text, AfterValidator(_iso)] | None = None
    source: Text | None = None
    byline: Text | None = None
    event_date: Annotated[Text, AfterValidator(_iso_day)] | None = None
    year: Year | None = None
    kind: Kind | None = None
    clusters: list[ClusterCorrection] | None = Field(default=None)
    members: list[Text] | None = None
    leads: list[LeadCorrection] | None = None
    people: list[PersonCorrection] | None = None
    captions: list[Text] | None = None
    noise: list[Text] | None = None
    place: Text | None = None
    awards: list[AwardCorrection] | None = None
    figures: list[FigureCorrection] | None = None
    slogans: list[Text] | None = None
    quotations: list[QuotationCorrection] | None = None


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """A correction file as found; `path` is relative to the clippings folder."""

    path: PurePosixPath
    data: bytes


def files(folder: Path, found: Iterable[Path]) -> Iterator[CorrectionFile | Problem]:
    """Yield each of the files `found` below `folder`, or the problem that keeps it from being read."""
    for path in found:
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if name.suffix != ".yaml":
            yield Problem(str(name), "is not read: a correction's name ends in .yaml", f"rename it to {name.stem}.yaml")
            continue
        try:
            with path.open("rb") as stream:
                yield CorrectionFile(name, stream.read(MAX_BYTES + 1))
        except OSError as error:
            yield Problem(str(name), f"cannot be read: {error.strerror}", "check its permissions")


def parse(file: CorrectionFile) -> Correction | list[Problem]:
    """Return what a correction file says, or everything that is wrong with it."""
    try:
        root = _compose(file.data)
    except _UnreadableError as error:
        return [Problem(str(file.path), str(error), error.remedy, error.line)]
    reader = _Reader(str(file.path))
    data = reader.value(root, ())
    try:
        correction = Correction.model_validate(data)
    except ValidationError as error:
        # A value that YAML misread is told once, by the name of the trap.
        found = (
            reader.problem(detail)
            for detail in error.errors(include_url=False)
            if detail["type"] == "extra_forbidden" or detail["loc"] not in reader.misread
        )
        return _sorted({*reader.problems, *found})
    return _sorted(reader.problems) or correction


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

    def problem(self, error: ErrorDetails) -> Problem:
        """Return one of pydantic's errors as a sentence with its line."""
        place = tuple(error["loc"])
        line = next((self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines), None)
        message, remedy = _sentence(error, [part for part in place if isinstance(part, str)])
        return Problem(self.name, message, remedy, line)


_MODELS: dict[str, type[_Strict]] = {
    "clusters": ClusterCorrection,
    "leads": LeadCorrection,
    "people": PersonCorrection,
    "awards": AwardCorrection,
    "figures": FigureCorrection,
    "quotations": QuotationCorrection,
}


_REMEDIES = {
    "missing": ("is missing", "write it, or remove the entry"),
    "string_type": ("must be a text", "put it in quotes"),
    "int_type": ("must be a whole number", "write it in digits, without quotes"),
    "list_type": ("must be a list", "write each entry on a line of its own that begins with a dash"),
}


def _sentence(error: ErrorDetails, names: list[str]) -> tuple[str, str]:
    """Return the message and the remedy for one of pydantic's errors about the field that `names` lead to."""
    field = ".".join(names)
    model = _MODELS.get(names[0], Correction) if len(names) > 1 or error["type"] == "model_type" else Correction
    known = list(model.model_fields)
    message, remedy = _REMEDIES.get(error["type"], (error["msg"], "compare it with the example in README"))
    match error["type"]:
        case "correction":
            remedy = str(error.get("ctx", {}).get("remedy", ""))
        case "extra_forbidden":
            message = "is not a field of the record"
            close = difflib.get_close_matches(names[-1], known, 1)
            remedy = f"did you mean {close[0]}?" if close else f"the fields are {', '.join(known)}"
        case "literal_error":
            message = f"is {error['input']!r}, which is not one of its values"
            remedy = f"use one of {', '.join(KINDS if names[-1] == 'kind' else ('truong', 'pho'))}"
        case "model_type":
            message = "must be a mapping of fields"
            remedy = "write {" + ", ".join(f"{name}: …" for name in known) + "}"
    return f"{field} {message}", remedy


def apply(clipping: Clipping, correction: Correction) -> Clipping:
    """Return the clipping with the archivist's values in place of those that were read."""
    given = correction.model_fields_set
    changes: dict[str, Any] = {name: _field(name, getattr(correction, name)) for name in FIELDS if name in given}
    record: Record = replace(clipping.record, **changes)
    return replace(clipping, record=record, corrected=tuple(changes))


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
    if name in ("members", "captions", "noise", "slogans"):
        return tuple(Found(item, CORRECTED) for item in value or ())
    return None if value is None else Found(value, CORRECTED)
