"""A clipping's citation for reference managers: RIS, BibTeX and CSL-JSON, each of what its front matter says.

What the clipping does not say has no field: the day of the event never stands for that of the newspaper. A headline
that the archive made stands in square brackets, as in any catalogue.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from build_tools import vocab
from build_tools.reuse.plain import Site, plain, web

RIS, BIBTEX, CSL = "RIS", "BibTeX", "CSL-JSON"

FORMATS = {
    RIS: (".ris", "application/x-research-info-systems"),
    BIBTEX: (".bib", "application/x-bibtex"),
    CSL: (".json", "application/vnd.citationstyles.csl+json"),
}
"""How a file in each format ends, and its media type."""

Meta = Mapping[str, Any]

_UNQUOTED = frozenset(f"{string.ascii_letters}{string.digits}-._~!$()*+,;:@/?=")
"""What stands in an address as it is, of ASCII; other letters do so in IRIs, RFC 3987."""

_APART = re.compile(r"\s*[;,/&+]\s*|\s+[-–—]\s+|\s+và\s+")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FULL_NAME = 3
"""Words of a name that surely begins with the family's: of two words the first may be a pen name's."""
_LONGEST_NAME = 5


class Author(NamedTuple):
    """Who signed: the name as printed, and its family name when it is known to begin with one."""

    name: str
    family: str | None = None

    @property
    def given(self) -> str:
        """What follows the family name."""
        return self.name[len(self.family) :].strip() if self.family else ""

    @property
    def inverted(self) -> str:
        """The name with a comma behind the family's; without one, no other comma stands in it."""
        return f"{self.family}, {self.given}" if self.family else re.sub(r"\s*,\s*", " – ", self.name)


def authors(byline: object) -> tuple[Author, ...]:
    """Return who signed; a byline is taken apart only when every part of it looks like a person's name."""
    whole = plain(byline or "")
    if not whole:
        return ()
    parts = [part for part in _APART.split(whole) if part]
    if parts and all(map(is_name, parts)):
        return tuple(map(_author, parts))
    return (Author(whole),)


def is_name(text: str) -> bool:
    """Tell whether a text looks like a person's name: two to five words that begin with a capital and go on small."""
    words = text.split()
    return 2 <= len(words) <= _LONGEST_NAME and all(
        _NAME.fullmatch(word) and word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words
    )


def _author(name: str) -> Author:
    words = name.split()
    known = len(words) >= _FULL_NAME and words[0] in vocab.load().people.surnames
    return Author(name, words[0] if known else None)


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: `url` is the full address of its page, if known; `date` the newspaper's, as precise as it is.

    `edition` says which edition of the archive is meant: a note, for in citations an edition is the newspaper's.
    """

    id: str
    title: str
    authors: tuple[Author, ...]
    newspaper: str
    date: str
    section: str
    summary: str
    url: str | None
    original: str | None
    archive: str
    edition: str = ""


def citation(meta: Meta, url: str, site: Site) -> Citation:
    """Return the citation of the article with this front matter at `url`."""
    title = plain(meta.get("title") or "")
    return Citation(
        id=plain(meta.get("id") or ""),
        title=f"[{title}]" if meta.get("title_derived") else title,
        authors=authors(meta.get("byline")),
        newspaper=plain(meta.get("source") or ""),
        date=plain(meta.get("published") or "")[:10],
        section=plain(meta.get("kicker") or ""),
        summary=plain(meta.get("description") or ""),
        url=site.at(url),
        original=web(meta.get("url")),
        archive=plain(site.name),
        edition=f"{plain(site.name)}, {site.edition}" if site.edition else "",
    )


def files(cited: Citation) -> dict[str, str]:
    """Return an article's citation as a file in each format."""
    return {RIS: ris(cited), BIBTEX: bibtex(cited), CSL: f"[{csl(cited)}]\n"}


class Download(NamedTuple):
    """A file that a link holds: its format, its name where it is saved, and its address, which is the file itself."""

    form: str
    name: str
    address: str


def downloads(meta: Meta, url: str, site: Site) -> list[Download]:
    """Return an article's citation as links that need no file beside the page: data addresses, RFC 2397."""
    cited = citation(meta, url, site)
    name = _UNNAMED.sub("-", cited.id)
    return [
        Download(form, f"{name}{FORMATS[form][0]}", f"data:{FORMATS[form][1]};charset=utf-8,{_quoted(text)}")
        for form, text in files(cited).items()
    ]


def _quoted(text: str) -> str:
    text = text.replace("%", "%25")
    for mark in _QUOTED.intersection(text):
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


_UNNAMED = re.compile(r"[^\w.-]+")
_QUOTED = frozenset(map(chr, range(128))) - _UNQUOTED - {"%"}


def ris(cited: Citation) -> str:
    """Return an entry in RIS, lines ended as its makers ask for."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris(cited)) + "ER  - \r\n"


def _ris(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "TI", cited.title
    yield from (("AU", author.inverted) for author in cited.authors)
    if cited.newspaper:
        yield "T2", cited.newspaper
    if cited.date:
        parts = cited.date.split("-")
        yield "PY", parts[0]
        yield "DA", "/".join([*parts, "", ""][:3]) + "/"
    if cited.section:
        yield "SE", cited.section
    if cited.summary:
        yield "AB", cited.summary
    yield "LA", "vi"
    if cited.archive:
        yield "DB", cited.archive
    yield "AN", cited.id
    if cited.edition:
        yield "N1", cited.edition
    if address := cited.url or cited.original:
        yield "UR", address
    if cited.original and cited.url:
        yield "LK", cited.original


_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\^{}",
    "~": r"\~{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}
_TEX_MARK = re.compile(r"[\\{}^~&%$#_]")


def _tex(text: str) -> str:
    return _TEX_MARK.sub(lambda found: _TEX[found.group()], text)


_TEX_URL = re.compile(r"[\\{}\s]")


def bibtex(cited: Citation) -> str:
    """Return an entry in BibTeX, in UTF-8; it knows no newspapers, so that the newspaper is the journal."""
    return "".join(
        (f"@article{{{cited.id.replace('/', ':')}", *(f",\n  {n} = {{{v}}}" for n, v in _bibtex(cited)), "\n}\n")
    )


def _bibtex(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_tex(cited.title)}}}"
    if cited.authors:
        names = (_tex(one.inverted) if one.family else f"{{{_tex(one.name)}}}" for one in cited.authors)
        yield "author", " and ".join(names)
    if cited.newspaper:
        yield "journal", f"{{{_tex(cited.newspaper)}}}"
    if cited.date:
        parts = cited.date.split("-")
        yield from zip(("year", "month", "day"), (parts[0], *(str(int(part)) for part in parts[1:])), strict=False)
    yield "langid", "vietnamese"
    if cited.edition:
        yield "note", f"{{{_tex(cited.edition)}}}"
    if address := cited.url or cited.original:
        yield "url", _TEX_URL.sub(lambda found: f"%{ord(found.group()):02X}", address)


def csl(cited: Citation) -> str:
    """Return an item of CSL-JSON, on one line."""
    return json.dumps(_csl(cited), ensure_ascii=False, separators=(",", ":"))


def _csl(cited: Citation) -> dict[str, object]:
    said: dict[str, object] = {
        "id": cited.id,
        "type": "article-newspaper",
        "title": cited.title,
        "author": [
            {"family": one.family, "given": one.given} if one.family else {"literal": one.name} for one in cited.authors
        ],
        "container-title": cited.newspaper,
        "issued": {"date-parts": [[int(part) for part in cited.date.split("-")]]} if cited.date else None,
        "section": cited.section,
        "language": "vi",
        "URL": cited.url or cited.original,
        "archive": cited.archive,
        "archive_location": cited.id,
        "note": cited.edition,
    }
    return {name: value for name, value in said.items() if value}
