"""The values that flow from stage to stage, all frozen; nothing here reads, writes or decides.

`None` and `()` mean "the clipping does not say". A value found in a clipping carries its `Evidence`
outside equality: records compare by meaning, and a wrong value can be traced to its rule and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")

Grade = Literal["stated", "worked-out", "guessed", "corrected"]
Kind = Literal["tong-ket", "so-ket", "ky-ket", "phat-dong", "kiem-tra", "khac"]
LeadRole = Literal["truong", "pho"]
SegmentRole = Literal["title", "kicker", "stamp", "source", "byline", "caption", "furniture", "body"]

LEAD_ROLES: tuple[LeadRole, ...] = ("truong", "pho")
KINDS: tuple[Kind, ...] = ("tong-ket", "so-ket", "ky-ket", "phat-dong", "kiem-tra", "khac")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs an archivist's eye: where, what, and what to do about it.

    `path` is relative to the content folder; `line` is 1-based, None when it is about the whole file. `code` names the
    kind of problem for programs.
    """

    path: str
    message: str
    remedy: str = ""
    line: int | None = None
    code: str = "unreadable"

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class RawClipping:
    """One raw file as found. `path` is relative to the clippings folder; `sha256` is of the bytes, in hex."""

    path: PurePosixPath
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A missing space put in: `before` is the glued word as printed, `after` the same with its space."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clipping after cleaning.

    `number` is 1-based. `raw` is the decoded line as it stands in the file (without its line end).
    `text` is what every later stage reads: NFC, no invisible characters, plain spaces, never more than four in a row,
    glued words apart.
    `columns[i]` is the 0-based character of `raw` that `text[i]` came from; None when they are the same.
    A space put in by a repair has the column of the character after it, and stands in `inserted`.
    """

    number: int
    raw: str
    text: str
    columns: tuple[int, ...] | None = None
    inserted: frozenset[int] = frozenset()

    def printed(self, start: int, end: int) -> str:
        """Return `text[start:end]` without the spaces that a repair put in."""
        if not self.inserted:
            return self.text[start:end]
        return "".join(c for i, c in enumerate(self.text[start:end], start) if i not in self.inserted)

    def raw_column(self, index: int) -> int:
        """Return the 0-based column in `raw` of `text[index]`; the end of `raw` when past the text."""
        if self.columns is None:
            return min(index, len(self.raw))
        return self.columns[index] if index < len(self.columns) else len(self.raw)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clipping as readable lines, with what cleaning changed."""

    lines: tuple[Line, ...]
    encoding: str
    repairs: tuple[Repair, ...] = ()

    @property
    def raw_lines(self) -> tuple[str, ...]:
        """The decoded lines as they stand in the file."""
        return tuple(line.raw for line in self.lines)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one line with one role. The segments of a line, in order, make up the whole line.

    `start` and `end` are character offsets in `Line.text`.
    """

    role: SegmentRole
    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is believed: the rule, the 1-based line, 0-based character columns in the raw line, the grade."""

    rule: str
    line: int
    start: int = 0
    end: int = 0
    grade: Grade = "stated"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A single value with its evidence."""

    value: T
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Cluster:
    """An emulation cluster: its number (int, or the printed label, or None) and whose numbering it is."""

    number: int | str | None
    authority: str | None
    evidence: Evidence = field(compare=False)


class ClusterName(NamedTuple):
    """A cluster without its evidence, as printed or as shown: its number and whose numbering it is."""

    number: int | str | None
    authority: str | None


class LeadName(NamedTuple):
    """A lead without its evidence."""

    role: LeadRole
    unit: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Lead:
    """A unit that leads its cluster (`truong`) or is its deputy (`pho`) in a year; None when no year is known."""

    role: LeadRole
    unit: str
    year: int | None
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a rank or an office; `role` as printed at the first mention."""

    name: str
    rank: str | None
    role: str | None
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Award:
    """An award given: what (without its giver), at which level, to whom, for which year; one entry a recipient."""

    name: str
    level: str | None
    recipient: str | None
    year: int | None
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in digits as printed ("1.234", "81,7"), its unit ("vụ", "%"), and what it counts or measures."""

    value: str
    unit: str
    what: str | None
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Direct speech without its quotation marks, and who says it when the clipping tells."""

    text: str
    speaker: str | None
    evidence: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What a clipping says, field by field. Fields and their meaning: `docs/record.md`."""

    url: Found[str] | None = None
    title: Found[str] | None = None
    kicker: Found[str] | None = None
    published: Found[str] | None = None
    source: Found[str] | None = None
    byline: Found[str] | None = None
    event_date: Found[str] | None = None
    year: Found[int] | None = None
    kind: Found[Kind] | None = None
    clusters: tuple[Cluster, ...] = ()
    members: tuple[Found[str], ...] = ()
    leads: tuple[Lead, ...] = ()
    people: tuple[Person, ...] = ()
    captions: tuple[Found[str], ...] = ()
    noise: tuple[Found[str], ...] = ()
    place: Found[str] | None = None
    awards: tuple[Award, ...] = ()
    figures: tuple[Figure, ...] = ()
    slogans: tuple[Found[str], ...] = ()
    quotations: tuple[Quotation, ...] = ()
    chairs: tuple[Found[str], ...] = ()


FIELDS: tuple[str, ...] = tuple(Record.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Notes:
    """What an archivist says of a clipping beside its values.

    That is why they were corrected, the clipping's former addresses ("bai/2022/ten-cu/"), why it is withdrawn.
    `correction` is the digest of the file that says so, or that is faulty and says nothing.
    """

    why: str | None = None
    formerly: tuple[str, ...] = ()
    withdrawn: str | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A clipping that an archivist has withdrawn: its path below the clippings folder, and the reason.

    `correction` is the digest of the file that says so. `sha256` is that of the clipping, `date` its best date, both
    None when only its correction is left; the date is asked for only where the address needs it.
    """

    path: str
    reason: str
    formerly: tuple[str, ...]
    correction: str
    sha256: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Clipping:
    """A clipping read: the raw file, its clean lines, their segments, and the record drawn from them.

    `derived_title` is made from the lead when the clipping has no headline. `corrected` names the record
    fields whose values come from the archivist's correction file, `notes` is what else that says.
    """

    raw: RawClipping
    cleaned: Cleaned
    segments: tuple[Segment, ...]
    record: Record
    derived_title: Found[str] | None = None
    corrected: tuple[str, ...] = ()
    notes: Notes = Notes()

    @property
    def title(self) -> str:
        """The headline as shown: printed, else derived, else the file's name."""
        found = self.record.title or self.derived_title
        return found.value if found else self.raw.path.stem

    @property
    def title_derived(self) -> bool:
        """Whether the headline shown is not one that the clipping prints."""
        return self.record.title is None

    @property
    def date(self) -> str | None:
        """The best date there is for sorting, ISO to its true precision: published, event day, campaign year."""
        if self.record.published:
            return self.record.published.value[:10]
        if self.record.event_date:
            return self.record.event_date.value
        return str(self.record.year.value) if self.record.year else None

    def text(self) -> Iterator[Segment]:
        """Yield body and caption segments in reading order, blank ones left out."""
        return (s for s in self.segments if s.role in ("body", "caption") and s.text.strip())


@dataclass(frozen=True, slots=True)
class Page:
    """A generated Markdown page. `uri` is its path below the generated folder; `meta` is its front matter."""

    uri: str
    meta: dict[str, object]
    body: str = ""
