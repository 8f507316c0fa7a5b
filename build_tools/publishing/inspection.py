"""Whether a built site may be shown: its pages are well-formed, its links lead somewhere, its search answers.

The HTML is read by a parser that has nothing to do with how it was made. What a page was found to be is kept by the
digest of its bytes, so that only changed pages are parsed again; links are compared anew each time.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import pickle
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
from html5lib.constants import E as SAID

from build_tools.pool import Pool
from build_tools.search import reader

NOWHERE = "http://site.invalid/"
"""The address of a site that has none: links are told apart by it."""

POINTERS = {
    "a": "href",
    "link": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "form": "action",
    "use": "href",
}
"""The attribute of each element that names another file."""

QUERIES = 3
"""Titles that the search is asked for."""

ASKED_WORDS = 8
"""Words of a title that are asked for."""

TOGETHER = 50
"""Pages that a process parses at once."""

FEW = 100
"""Below so many pages one process parses them sooner."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as parsed: its anchors, the addresses that it names as (as written, resolved), and what is wrong."""

    anchors: frozenset[str]
    links: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """How many pages, files, bytes, links within the site and queries there are; and a sentence for each fault."""

    pages: int
    files: int
    size: int
    links: int
    queries: int
    faults: tuple[str, ...]


Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many things of how many are."""


def silent(*_: object) -> None:
    """Tell nobody."""


def inspect(site: Path, url: str | None, kept: Path, jobs: int | None = None, progress: Progress = silent) -> Inspected:
    """Inspect a built site; `url` is its address if it has one, `kept` the file for what pages were found to be."""
    files = sorted(path for path in site.rglob("*") if path.is_file())
    names = [path.relative_to(site).as_posix() for path in files]
    base = url or NOWHERE
    seen = _parsed(site, [name for name in names if name.endswith(".html")], base, kept, jobs, progress)
    faults = [f"{name}: {fault}" for name, one in seen.items() for fault in one.faults]
    broken, links = _broken(seen, frozenset(names), base)
    queries, unanswered = _asked(site)
    size = sum(path.stat().st_size for path in files)
    return Inspected(len(seen), len(files), size, links, queries, (*faults, *broken, *unanswered))


# Pages


def _parsed(  # noqa: PLR0913, PLR0917 - as it was asked
    site: Path, names: Sequence[str], base: str, kept: Path, jobs: int | None, progress: Progress
) -> dict[str, Seen]:
    known = _known(kept)
    keys = {name: _key(base, name, (site / name).read_bytes()) for name in names}
    todo = [(str(site), name, base) for name in names if keys[name] not in known]
    together = [todo[at : at + TOGETHER] for at in range(0, len(todo), TOGETHER)]
    found: list[Seen] = []
    with Pool(1 if len(todo) < FEW else jobs) as pool:
        for several in pool.each(parse_together, together):
            found += several
            progress("inspecting pages", len(found), len(todo))
    known |= {keys[name]: one for (_, name, _), one in zip(todo, found, strict=True)}
    known = {key: known[key] for key in keys.values()}
    if todo:
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".half")
        half.write_bytes(pickle.dumps(known, pickle.HIGHEST_PROTOCOL))
        half.replace(kept)
    return {name: known[key] for name, key in keys.items()}


def _known(kept: Path) -> dict[str, Seen]:
    try:
        known: dict[str, Seen] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own cache
    except Exception:  # noqa: BLE001 - there is none, or it is damaged: pages are parsed again
        return {}
    return known


def _key(base: str, name: str, data: bytes) -> str:
    said = (base, name, importlib.metadata.version("html5lib"), _OURS)
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogateescape") + data).hexdigest()


_OURS = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def parse_together(several: Sequence[tuple[str, str, str]]) -> list[Seen]:
    """Parse pages, each given as (site folder, file in it, address of the site)."""
    return [parse((Path(site) / name).read_bytes(), address(base, name)) for site, name, base in several]


def address(base: str, name: str) -> str:
    """Return the address of a page's file: "a/index.html" stands at "a/"."""
    folder, _, last = name.rpartition("/")
    return base + (f"{folder}/" if folder and last == "index.html" else "" if last == "index.html" else name)


def parse(data: bytes, own: str) -> Seen:
    """Parse a page that stands at the address `own`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Seen(frozenset(), (), (f"is not UTF-8 ({error.reason} at byte {error.start:,})",))
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    faults = [f"line {at[0]}: {SAID.get(code, code) % about}" for at, code, about in parser.errors]
    anchors: dict[str, int] = {}
    links: dict[str, str] = {}
    for name, attributes in _elements(root):
        for anchor in {attributes.get("id"), attributes.get("name") if name == "a" else None} - {None, ""}:
            anchors[str(anchor)] = anchors.get(str(anchor), 0) + 1
        target = attributes.get(POINTERS.get(name, ""))
        if target is not None:
            resolved = _resolved(own, target)
            if resolved is None:
                faults.append(f"the link {target} is no address")
            else:
                links[sys.intern(target)] = sys.intern(resolved)
    faults += [f"the anchor {anchor} stands there {times} times" for anchor, times in anchors.items() if times > 1]
    return Seen(frozenset(map(sys.intern, anchors)), tuple(links.items()), tuple(faults))


def _elements(root: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name and attributes of every element, in order."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2], element.attrib


def _resolved(own: str, target: str) -> str | None:
    try:
        return urljoin(own, target.strip())
    except ValueError:
        return None


# Links


def _broken(seen: dict[str, Seen], names: frozenset[str], base: str) -> tuple[list[str], int]:
    """Return a sentence for each link within the site that leads nowhere, and how many there are."""
    count = 0
    faults = []
    judged: dict[str, str] = {}
    for name, page in seen.items():
        for target, resolved in page.links:
            if not resolved.startswith(base) and resolved != base.rstrip("/"):
                continue
            count += 1
            fault = judged.get(resolved)
            if fault is None:
                fault = judged[resolved] = _judge(resolved[len(base) :], seen, names)
            if fault:
                faults.append(f"{name}: the link {target} {fault}")
    return faults, count


def _judge(rest: str, seen: dict[str, Seen], names: frozenset[str]) -> str:
    """Return what is wrong with an address below the site's, nothing when it leads somewhere."""
    link = urlsplit(rest)
    path = unquote(link.path)
    file = f"{path}index.html" if not path or path.endswith("/") else path
    if file not in names:
        file = f"{path}/index.html"
        if file not in names:
            return "leads nowhere"
    anchor = unquote(link.fragment)
    if anchor and anchor != "top" and file in seen and anchor not in seen[file].anchors:
        return "leads to an anchor that is not there"
    return ""


# Search


def _asked(site: Path) -> tuple[int, list[str]]:
    """Ask the search for titles of the archive, the first, a middle and the last; return how many, and the faults."""
    try:
        index = reader.Index(site)
        documents = sorted({0, index.documents // 2, index.documents - 1})[-QUERIES:] if index.documents else []
        asked = [(document, *index.card(document)[:2]) for document in documents]
        faults = [fault for one in asked if (fault := _unanswered(index, site, *one))]
    except (reader.IndexReadError, IndexError, KeyError, TypeError, ValueError) as error:
        return 0, [f"search: {error}"]
    return len(asked), faults


def _unanswered(index: reader.Index, site: Path, document: int, url: str, title: str) -> str:
    query = " ".join(_WORD.findall(title)[:ASKED_WORDS])
    if query and document not in index.search(query, typing=False).documents:
        return f"search: does not find {url} by its title, {query}"
    return "" if (site / url / "index.html").is_file() else f"search: finds {url}, which is not there"


_WORD = re.compile(r"[^\W_]+")
