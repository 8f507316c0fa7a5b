"""What stands round an article: publication stamps, the newspaper's name, sign-offs. Line in, parts out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from build_tools.patterns import Pattern
from build_tools.vocab import LOWER, NAME_WORD, UPPER, Header, Vocab, section_key

_DATE = Pattern(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})\s*(?P<sep>[/.-])\s*(?P<m>\d{1,2})\s*(?P=sep)\s*(?P<y>\d{4}|\d{2})"
    r"|(?P<y2>\d{4})(?P<sep2>[/.-])(?P<m2>\d{1,2})(?P=sep2)(?P<d2>\d{1,2})"
    r"|(?P<d3>\d{1,2}) tháng (?P<m3>\d{1,2})(?:,| năm)? (?P<y3>\d{4}))(?![\d/]|[.-]\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\(?(?:[Tt]háng|[Ss]ố tháng)\s+(?P<m>\d{1,2})\s*(?:[/-]|năm)\s*(?P<y>\d{4})\)?")
_TIME = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})\s*(?P<colon>[:hg])\s*(?P<min>\d{2})(?:\s*[:']\s*(?P<s>\d{2}))?(?:\s*(?P<half>[A-Za-zà-ỹ]{2,5}))?"
    r"(?![\d:])",
    re.IGNORECASE,
)
_INITIALS = re.compile(rf"(?:[{UPPER}]\.?){{1,4}}[{UPPER}]?[{LOWER}]*\Z")
_SHORTENED = re.compile(rf"[{UPPER}][{LOWER}]{{1,2}}\.\Z")
_NAME = re.compile(rf"{NAME_WORD}\Z")
_SEPARATORS = re.compile(r"\s*[-–—,/&+|]\s*|\s+và\s+|\s+")
_DASH = re.compile(r"[-–—]")
_PAREN_SOURCE = re.compile(
    rf"\W*(?:{NAME_WORD}(?:\s+{NAME_WORD}){{0,3}}\s+)?\((?P<name>[{UPPER}a-z0-9][\w.&\- ]{{1,40}}?)\)\s*[-–—:]?\s*"
)
_DASH_SOURCE = re.compile(
    r"\W*(?P<name>[\w.&]{2,30}(?:-[\w.]{2,10})?(?:\s(?:Online|News|TV|Plus))?|[A-ZĐ][\w.]*(?: [\w.]+){1,3})"
    r"\s*[-–—]\s+(?=\S)"
)
_ACRONYM = re.compile(
    rf"[{UPPER}]{{2,8}}(?:[.&-][{UPPER}]{{2,4}})*(?:\s?[{UPPER}]{{2,6}})?(?:\s+(?:Online|News|TV|Plus|Media))?\Z"
)
_MAX_BYLINE = 60
_BYLINE_LINE = 240
"""Characters up to which a line is looked at for a name, with what stands beside it."""
_TIGHT_SOURCE = re.compile(rf"\W*(?P<name>[{UPPER}]{{2,6}})[-–](?=[{UPPER}][{LOWER}])")
_NAME_AND_BODY = re.compile(rf"(?:{NAME_WORD}\s+){{1,3}}{NAME_WORD}\s+[-–]\s+(?P<body>\S[^.;:?!]{{1,50}})")
_CODE = re.compile(rf"[{UPPER}]{{1,3}}\d{{2}}")
_MAX_NAMES = 12
_BESIDE_NAME = re.compile(
    rf"(?<=\w)\s*(?:\([^()\s]{{2,12}}(?:\s[^()\s]{{2,12}})?\)|\([^\W\d{LOWER}][^()]{{3,40}}\)|[-–(]?\s*[\w.+-]{{1,40}}@[\w.-]+\)?)\s*\Z"
)
"""A department, "CTV" in brackets or a mail address behind an author's name."""
_GLUED = re.compile(
    rf"[.!?…”\"/](?P<gap>\s*)(?P<name>(?:[{UPPER}]{{2,}}|{NAME_WORD})(?:\s*[-–]\s*|\s+|)"
    rf"(?:{NAME_WORD}(?:\s*[-–]\s*|\s+|\Z)){{1,6}}|(?:[{UPPER}]\.){{1,3}}[{UPPER}]{{1,2}}\.?)\Z"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A publication stamp: its ISO value to the printed precision, and the stretch of the line it takes."""

    value: str
    start: int
    end: int


def iso_date(year: str, month: str, day: str) -> str | None:
    """Return an ISO date, or None when there is no such day; a two-digit year is of this century."""
    full = int(year) + (2000 if len(year) == 2 else 0)
    try:
        made = date(full, int(month), int(day))
    except ValueError:
        return None
    return made.isoformat() if 1945 <= full <= 2100 else None


def stamp(text: str, header: Header) -> Stamp | None:
    """Find a publication stamp in a header line; it may share the line with a headline or furniture."""
    if prefix := header.stamp_prefix.match(text):
        return Stamp(prefix["date"], prefix.start("date"), prefix.end("date"))
    found = _DATE.search(text)
    if not found:
        month = _MONTH.fullmatch(text.strip())
        if month is None or not 1 <= int(month["m"]) <= 12 or iso_date(month["y"], "1", "1") is None:
            return None
        return Stamp(f"{month['y']}-{int(month['m']):02}", 0, len(text))
    group = found.groupdict()
    day = iso_date(
        group["y"] or group["y2"] or group["y3"],
        group["m"] or group["m2"] or group["m3"],
        group["d"] or group["d2"] or group["d3"],
    )
    if day is None:
        return None
    start, end, value = found.start(), found.end(), day
    near = [t for t in _TIME.finditer(text) if t.start() - end <= 24 and start - t.end() <= 24]
    for time in sorted(near, key=lambda t: min(abs(t.start() - end), abs(start - t.end()))):
        between = text[end : time.start()] if time.start() >= end else text[time.end() : start]
        if not header.stamp_rest.match(between.strip()):
            continue
        if (clock := _clock(time, header)) is None:
            continue
        value = f"{day}T{clock}"
        half = (time["half"] or "").lower()
        time_end = time.end() if half in header.pm | header.am else time.end("s" if time["s"] else "min")
        start, end = min(start, time.start()), max(end, time_end)
        break
    return Stamp(value, start, end)


def _clock(time: re.Match[str], header: Header) -> str | None:
    """Return hh:mm or hh:mm:ss of a matched time of day, None when there is no such time."""
    hour, minute = int(time["h"]), int(time["min"])
    half = (time["half"] or "").lower()
    if half in header.pm and hour < 12:
        hour += 12
    elif half in header.am and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    clock = f"{hour:02}:{minute:02}"
    return f"{clock}:{int(time['s']):02}" if time["s"] and int(time["s"]) < 60 else clock


def source_prefix(text: str, vocab: Vocab) -> tuple[int, int, int] | None:
    """Find a newspaper's name before the text, as in "(NTO) Ngày …": its start and end, and where the text goes on."""
    if "(" in text and (match := _PAREN_SOURCE.match(text)):
        name = match["name"]
        if _is_source(name, vocab) or _ACRONYM.match(name) or (name.istitle() and " " not in name):
            return match.start("name"), match.end("name"), match.end()
        return None
    if not _DASH.search(text):
        return None
    if (match := _TIGHT_SOURCE.match(text) or _DASH_SOURCE.match(text)) and _is_source(match["name"], vocab):
        return match.start("name"), match.end("name"), match.end()
    return None


def _is_source(name: str, vocab: Vocab) -> bool:
    header = vocab.header
    if name in header.not_source or name in vocab.units.provinces:
        return False
    return bool(header.domain.fullmatch(name) or header.masthead.match(name) or _ACRONYM.match(name))


def is_byline(text: str, vocab: Vocab) -> bool:  # noqa: PLR0911 - one return a shape, the surest first
    """Whether a line of its own is an author's name, several, initials, or an office signing."""
    header = vocab.header
    if label := header.byline_label.match(text):
        rest = text[label.end() :].strip(" ()")
        return 0 < len(rest) <= _MAX_BYLINE and not header.caption_mark.match(text)
    if _of_body(text, vocab):
        return True
    if len(text) > _BYLINE_LINE:
        return False
    bare = _BESIDE_NAME.sub("", text.strip(" |*.")).strip(" ()|*.")
    if (
        not bare
        or len(bare) > _MAX_BYLINE
        or text.rstrip().endswith((":", "?", "!", ";", ","))
        or text.count("(") != text.count(")")
        or any(c.isdigit() for c in bare)
    ):
        return False
    if bare in vocab.units.provinces or section_key(bare) in header.sections:
        return False
    words = [word for word in _SEPARATORS.split(bare) if word]
    if not words:
        return False
    if header.organ.match(bare) and len(words) <= _MAX_NAMES and not header.act.search(bare):
        return len(words) >= 2 and not text.rstrip().endswith(".")
    if text.rstrip().endswith(".") and not _INITIALS.match(text.strip()):
        return False
    if header.byline_prefix.match(words[0]):
        words = words[1:]
    if not 0 < len(words) <= _MAX_NAMES:
        return False
    if len(words) == 1:
        return bool(_INITIALS.match(words[0])) and ("." in words[0] or words[0].isupper())
    return all(_NAME.match(word) or _INITIALS.match(word) or _SHORTENED.match(word) for word in words)


def _of_body(text: str, vocab: Vocab) -> bool:
    """Whether a line is an author's name, a dash and where he works: "Đỗ Minh Thúy - VP TAND tỉnh Bình Phước"."""
    match = _NAME_AND_BODY.fullmatch(text.strip(" *|."))
    if match is None or vocab.header.act.search(text):
        return False
    body = match["body"]
    return bool(_CODE.fullmatch(body) or vocab.units.body_word.match(body))


def byline_span(text: str, header: Header) -> tuple[int, int]:
    """Return where the author's name stands in a byline, its label and brackets left out."""
    start = label.end() if (label := header.byline_label.match(text.lstrip(" *"))) else 0
    start += len(text) - len(text.lstrip(" *")) if start else 0
    end = len(text.rstrip(" |)*"))
    while start < end and text[start] in " (*":
        start += 1
    return start, end


def glued_byline(text: str, vocab: Vocab) -> int | None:
    """Return where an author's name begins that follows the last sentence of a paragraph without a new line."""
    match = _GLUED.search(text, max(0, len(text) - _MAX_BYLINE))
    if match is None or not is_byline(match["name"].strip(), vocab):
        return None
    words = match["name"].split()
    surname = words[0].title() in vocab.people.surnames or match["name"].isupper()
    return match.start("name") if surname or not match["gap"] else None
