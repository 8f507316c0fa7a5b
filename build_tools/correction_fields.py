"""What a correction file may hold: its fields, their checks, and the JSON Schema by which an editor knows them."""

from __future__ import annotations

import calendar
import difflib
import json
import re
import unicodedata
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from build_tools.fold import squeeze
from build_tools.model import KINDS, Kind

FIRST_YEAR, LAST_YEAR = 1945, 2100

NOTES = ("why", "formerly", "withdrawn")
"""What a correction says beside fields of the record."""


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


def _article_address(value: str) -> str:
    """Return an article's address as the archive writes it, whole or without its slashes."""
    found = re.fullmatch(r"/?(bai/(?:[0-9]{4}|khong-ro)/[a-z0-9]+(?:-[a-z0-9]+)*)/?", value)
    if not found:
        _refuse(f"{value!r} is not an article's address", "write it from bai/ on, as bai/2022/ten-bai")
    return f"{found[1]}/"


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


# What an editor is told about a value; the validators say the same and more, for a calendar is no pattern.
_TEXT_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"\S"}
_DAY_PATTERN = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_DAY_SCHEMA: dict[str, Any] = {"type": "string", "format": "date", "pattern": f"^{_DAY_PATTERN}$"}
_ISO_SCHEMA: dict[str, Any] = {
    "type": "string",
    "pattern": rf"^((19|20|21)\d\d(-(0[1-9]|1[0-2]))?|{_DAY_PATTERN}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?)$",
}
_URL_SCHEMA: dict[str, Any] = {"type": "string", "format": "uri", "pattern": r"^https?://[^\s<>\"'\\]+$"}
_ARTICLE_SCHEMA: dict[str, Any] = {
    "type": "string",
    "pattern": r"^/?bai/([0-9]{4}|khong-ro)/[a-z0-9]+(-[a-z0-9]+)*/?$",
}
_YEAR_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
_NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": 9999}, _TEXT_SCHEMA, {"type": "null"}]
}

Text = Annotated[str, AfterValidator(_line_of_text), WithJsonSchema(_TEXT_SCHEMA)]
ArticleAddress = Annotated[
    str, AfterValidator(_line_of_text), AfterValidator(_article_address), WithJsonSchema(_ARTICLE_SCHEMA)
]
Address = Annotated[str, AfterValidator(_line_of_text), AfterValidator(_web_address), WithJsonSchema(_URL_SCHEMA)]
Moment = Annotated[str, AfterValidator(_line_of_text), AfterValidator(_iso), WithJsonSchema(_ISO_SCHEMA)]
Day = Annotated[str, AfterValidator(_line_of_text), AfterValidator(_iso_day), WithJsonSchema(_DAY_SCHEMA)]
Year = Annotated[int, AfterValidator(_year), WithJsonSchema(_YEAR_SCHEMA)]
Number = Annotated[int | str | None, PlainValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _about(description: str) -> Any:
    """Return a field that may be left out, with what an editor shows about it."""
    return Field(default=None, description=description)


class ClusterCorrection(_Strict):
    """A cluster the clipping is about."""

    number: Number = _about(
        'The number (9), or in quotes the printed label ("II") or the name of one without a number.'
    )
    authority: Text | None = _about("The body whose numbering it is, in full.")


class LeadCorrection(_Strict):
    """A unit that leads its cluster, or is its deputy."""

    role: Literal["truong", "pho"] = Field(description="truong: leads the cluster; pho: is its deputy.")
    unit: Text = Field(description="The unit's name in full.")
    year: Year | None = _about("The year of the lead.")


class PersonCorrection(_Strict):
    """A person with a rank or an office."""

    name: Text = Field(description="The name without the rank.")
    rank: Text | None = _about("The rank as printed.")
    role: Text | None = _about("The office as printed at the first mention.")


class AwardCorrection(_Strict):
    """An award given, to one recipient."""

    name: Text = Field(description="The award as printed, without its giver.")
    level: Text | None = _about("The body that gives it, as printed.")
    recipient: Text | None = _about("A unit in full, a person, or what is counted, as printed.")
    year: Year | None = _about("The year that the award is for.")


class FigureCorrection(_Strict):
    """A number with its unit, and what it counts or measures; all three are texts, as printed."""

    value: Text = Field(description="The number as printed, in quotes.")
    unit: Text = Field(description="The noun counted, or the measure.")
    what: Text | None = _about("What is measured, or of what kind the things counted are.")


class QuotationCorrection(_Strict):
    """Direct speech and its speaker."""

    text: Text = Field(description="What is said, without the quotation marks.")
    speaker: Text | None = _about("The speaker's name alone, else how the clipping calls the speaker.")


class Correction(_Strict):
    """What a correction file may hold: fields of the record, and `NOTES`.

    A field left out stays as read; null means "not said".
    """

    url: Address | None = _about("The address at which the clipping was found.")
    title: Text | None = _about("The headline as printed, on one line, without the kicker.")
    kicker: Text | None = _about("The section name or the line above the headline, as printed.")
    published: Moment | None = _about("When it was published, as precisely as the stamp says; in quotes.")
    source: Text | None = _about("The newspaper or site that the clipping names as its publisher.")
    byline: Text | None = _about("Who signed it, as printed.")
    event_date: Day | None = _about("The day of the event, the first one of several; in quotes.")
    year: Year | None = _about("The campaign year under review or agreed on.")
    kind: Kind | None = _about("What the meeting was.")
    clusters: list[ClusterCorrection] | None = _about("Every cluster that the article is about.")
    members: list[Text] | None = _about("The units listed as making up the cluster, in full, in the order of the text.")
    leads: list[LeadCorrection] | None = _about("Who leads the cluster: an entry for each role, unit and year.")
    people: list[PersonCorrection] | None = _about("Persons named with a rank or an office, in the order of the text.")
    captions: list[Text] | None = _about("The captions of photos, as printed.")
    noise: list[Text] | None = _about("Lines of the web page that came along with the text.")
    place: Text | None = _about("Where the meeting was held, as printed.")
    awards: list[AwardCorrection] | None = _about("Awards given, proposed or handed over.")
    figures: list[FigureCorrection] | None = _about("Numbers in digits that count or measure something.")
    slogans: list[Text] | None = _about("Mottos and names of movements, without their quotation marks.")
    quotations: list[QuotationCorrection] | None = _about("Direct speech of a sentence or more.")
    chairs: list[Text] | None = _about("Who presides over the conference: names as in people, without the rank.")
    why: Text | None = _about("Why the values were corrected; readers see it beside the change.")
    formerly: list[ArticleAddress] | None = _about("Addresses at which the clipping was published before.")
    withdrawn: Text | None = _about("The reason why the clipping is withdrawn; its page then says that and no more.")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a correction file, by which an editor completes and checks it.

    It knows no defaults: a field left out is not the same as null.
    """
    made = _without_defaults(Correction.model_json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Correction of a clipping",
    }


def schema_text() -> str:
    """Return the JSON Schema as the file that is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _without_defaults(node: Any) -> Any:
    """Drop defaults and the titles that pydantic makes of names; a property may well be called title."""
    if isinstance(node, list):
        return [_without_defaults(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {name: value for name, value in node.items() if name not in ("default", "title") or isinstance(value, dict)}
    return {name: _without_defaults(value) for name, value in kept.items()}


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


def checked(data: object) -> Correction | list[ErrorDetails]:
    """Return plain values as a correction, or all that is wrong with them."""
    try:
        return Correction.model_validate(data)
    except ValidationError as error:
        return error.errors(include_url=False)


def sentence(error: ErrorDetails) -> tuple[str, str]:
    """Return the message and the remedy for one of pydantic's errors."""
    names = [part for part in error["loc"] if isinstance(part, str)]
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
