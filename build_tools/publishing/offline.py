"""A built site as one file, which opens without a host: pages from file://, the search included.

What hosts add is written down: links name the page in a folder, modules become one script (`offline.js`), and what a
script would fetch stands in scripts too. The site that is served stays as it is.
"""

from __future__ import annotations

import base64
import json
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from build_tools.errors import ArchiveError
from build_tools.search.index import FOLDER, MANIFEST

SCRIPTS = "assets/javascripts/"
"""Where a site's scripts are."""

BUNDLE = f"{SCRIPTS}kb-offline.js"

FETCHED = "assets/tim-nhanh.txt"
"""What the header's search fetches to show what it finds."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name, UTC."""

_LEFT = re.compile(
    r"(?:.*/)?\.[^/]*|404\.html|_headers|opensearch\.xml|sitemap[^/]*|.*\.map"
    rf"|{SCRIPTS}(?:lunr|workers)/.*"
)
"""Files that only hosts and search engines ask for, and Material's own search."""

_OURS = re.compile(rf"{SCRIPTS}(?:kb-[^/]*|tim-kiem|search/[^/]*)\.js")
_CLASSIC = re.compile(r'<script (?:defer )?src="([^"<]*+)">')
_POLICY = re.compile(r'(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<of>[^"]+)"$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
_LOST = re.compile(r"^\s*(?:import|export)\b.*|^.*\bimport\.meta\b.*", re.MULTILINE)
_LINK = re.compile(r'(?P<before><(?:a|area|form|link)\b[^<>]*?\s(?:href|action)=")(?P<url>[^"<]*)"')
_PRELOAD = re.compile(r'<link rel="preload"[^<>]*>')
"""Files of a folder have no origin, without which browsers ask for nothing ahead."""
_MODULE = re.compile(r'<script type="module" src="(?P<to>[^"]*?)(?P<name>[^"/]+)">')
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)

PARAMETERS = "need, load, own, exports, Worker, fetch, addEventListener, postMessage"
"""What a module's function is given; offline.js says what each is."""


def pack(site: Path, file: Path, moment: int | None = None) -> tuple[int, int]:
    """Write a built site to a zip file; return how many files are in it and its size in bytes.

    `moment` (seconds since 1970) is the time of all files in it, else that is the first day that zip files know.

    Raises:
        ArchiveError: this is no built site, or a script in it cannot be read.
    """
    if not all((site / name).is_file() for name in ("index.html", MANIFEST)):
        raise ArchiveError(f"{site}: is no built site (kho-bao build makes one)")
    stamp = time.gmtime(moment)[:6] if moment is not None else FIRST_DAY
    half = file.with_name(f".{file.name}.half")
    count = 0
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in sorted(_files(site)):
                entry = zipfile.ZipInfo(f"{file.stem}/{name}", max(stamp, FIRST_DAY))
                entry.create_system = 3  # Unix, so that rights have a meaning
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
                count += 1
        half.replace(file)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()
    return count, file.stat().st_size


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the archive."""
    paths = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items() if name.endswith(".html")}
    asked = {url for text in texts.values() for url in _CLASSIC.findall(text)}
    classic = {SCRIPTS + url.partition(SCRIPTS)[2] for url in asked if SCRIPTS in url}
    modules = {name: path for name, path in paths.items() if _OURS.fullmatch(name) and name not in classic}
    read = {name.removeprefix(SCRIPTS): path.read_text(encoding="utf-8") for name, path in modules.items()}
    yield BUNDLE, bundle(read).encode()
    for name in paths.keys() - modules.keys():
        compressed = name.endswith(".gz") and name.removesuffix(".gz") in paths
        if not compressed and not _LEFT.fullmatch(name):
            yield from _written(name, paths[name], texts.get(name, ""))


def _written(name: str, path: Path, html: str) -> Iterator[tuple[str, bytes]]:
    """Yield what becomes of a file: itself, or a script that hands it over, or for an article both."""
    if name.startswith(FOLDER):
        yield f"{name}.js", handed(name, bytes_=path.read_bytes())
    elif name == FETCHED:
        yield f"{name}.js", handed(name, text=path.read_text(encoding="utf-8"))
    elif not html:
        yield name, path.read_bytes()
    else:
        yield name, page(html).encode()
        if '"kb-text' in html:
            main = _MAIN.search(html)
            yield f"{name}.js", handed(name, text=main[0] if main else html)


def handed(name: str, *, text: str | None = None, bytes_: bytes = b"") -> bytes:
    """Return a script that hands a file over, as text or as bytes."""
    content = {"bytes": base64.b64encode(bytes_).decode()} if text is None else {"text": text}
    return f"khoBao.file({json.dumps(name)}, {json.dumps(content, ensure_ascii=False)})\n".encode()


# Pages


def page(html: str) -> str:
    """Return a page whose links name files, whose scripts are no modules, and whose policy knows of files."""
    html = _POLICY.sub(lambda found: found[0].replace("'self'", "'self' file:"), html)
    html = _PRELOAD.sub("", html)
    html = _LINK.sub(lambda found: f'{found["before"]}{_named(found["url"])}"', html)
    return _MODULE.sub(
        lambda found: f'<script defer src="{found["to"]}{BUNDLE.removeprefix(SCRIPTS)}" data-module="{found["name"]}">',
        html,
    )


def _named(url: str) -> str:
    """Return an address that names the page in a folder; one of another host, or within the page, stays."""
    end = min((at for mark in "?#" if (at := url.find(mark)) >= 0), default=len(url))
    path, rest = url[:end], url[end:]
    if not path or ":" in path.partition("/")[0] or path.startswith("/"):
        return url
    last = path.rpartition("/")[2]
    return f"{path}/index.html{rest}" if last in (".", "..") else f"{path}index.html{rest}" if not last else url


# Scripts


def bundle(modules: Mapping[str, str]) -> str:
    """Return modules, by their names below the folder of scripts, as one script.

    Raises:
        ArchiveError: one has an import or export of another form than the site's own have.
    """
    parts = [Path(__file__).with_name("offline.js").read_text(encoding="utf-8"), "globalThis.khoBao ??= offline({\n"]
    parts += [f"{json.dumps(name)}: {_function(name, text)},\n" for name, text in sorted(modules.items())]
    parts.append("})\nkhoBao.start(document.currentScript.dataset.module)\n")
    return "".join(parts)


def _function(name: str, text: str) -> str:
    exported = [found["name"] for found in _EXPORT.finditer(text)]
    text = _IMPORT.sub(_needed, _EXPORT.sub("", text))
    text = re.sub(r"\bimport\(", "load(", text).replace("import.meta.url", "own")
    if lost := _LOST.search(text):
        raise ArchiveError(f"{SCRIPTS}{name}: cannot stand in a script without modules: {lost[0].strip()}")
    return f'({PARAMETERS}) => {{\n"use strict"\n{text}\nObject.assign(exports, {{ {", ".join(exported)} }})\n}}'


def _needed(found: re.Match[str]) -> str:
    need = f"need({json.dumps(quote(found['of']))})"
    return need if found["names"] is None else f"const {{{found['names'].replace(' as ', ': ')}}} = {need}"
