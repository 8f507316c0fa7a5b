"""What an edition promised and what the archive holds by now: which differences no change of the archivist explains.

Explained are new clippings, corrections, withdrawals, and other names of files, which lead on from their addresses. A
clipping's text is never edited, and what was withdrawn stays so: both change only with an edition that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.archive import Archive
from build_tools.editions import manifest
from build_tools.editions.manifest import Editions, Entry, Grave, Manifest


@dataclass(frozen=True, slots=True)
class Promise:
    """The editions, the last one of them, what the archive holds now, and the manifest that its site offers."""

    editions: Editions
    last: Manifest
    now: Manifest
    offered: bytes | None


def now(archive: Archive, urls: Iterable[str]) -> Manifest:
    """Return what an archive holds, as an edition says it, without titles, values, and digests of pages.

    `urls` are the addresses of its pages.
    """
    graves: dict[str, list[str]] = {}
    for url, stone in archive.ends.withdrawn.items():
        graves.setdefault(stone.path, []).append(url)
    return Manifest(
        {
            one.path: Entry(archive.addresses.article(one), one.sha256, one.correction, one.said)
            for one in archive.briefs
        },
        {
            one.path: Grave(one.path, one.reason, tuple(graves[one.path]), one.correction)
            for one in archive.ends.gone
            if one.path in graves
        },
        archive.ends.former,
        dict.fromkeys(urls, ""),
    )


def broken(last: Manifest, now: Manifest, withdrawn: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence with its remedy for each promise of the last edition that is not kept.

    `withdrawn` are texts that must not be shown, the path of each by its SHA-256 (see `withdrawn_texts`).
    """
    graves = {url for grave in now.withdrawn.values() for url in grave.addresses}
    living = {one.address: one for one in now.clippings.values()}
    for path, entry in last.clippings.items():
        if entry.address in graves or entry.address in now.former:
            continue
        found = living.get(entry.address)
        if found is None:
            yield f"/{entry.address}: would vanish (put {path} back, or withdraw it)"
        elif found.sha256 != entry.sha256:
            remedy = "put the file back and correct it in its .yaml, or close an edition, which tells of it"
            yield f"{path}: its text is not that of the edition ({remedy})"
    for path, grave in last.withdrawn.items():
        for url in grave.addresses:
            if url not in graves:
                said = "shows a clipping again" if url in living else "would vanish"
                remedy = f'write  withdrawn: "why"  in {path.removesuffix(".txt")}.yaml'
                more = ", or close an edition if it is to be shown" if url in living else ""
                yield f"/{url}: was withdrawn, and {said} ({remedy}{more})"
    for url in last.former:
        if url not in living and url not in now.former and url not in graves:
            yield f"/{url}: led on, and would vanish (name it in a correction's formerly)"
    for path, one in now.clippings.items():
        if one.sha256 in withdrawn:
            yield f"{path}: is the text of {withdrawn[one.sha256]}, which is withdrawn (remove it)"


def withdrawn_texts(content: Path, editions: Editions, gone: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that editions knew at addresses that are withdrawn: the path of each by its SHA-256.

    `gone` are these addresses, each with the path of its clipping.

    Raises:
        ArchiveError: a manifest cannot be read.
    """
    found: dict[str, str] = {}
    for head in editions.heads if gone else ():
        last = editions.last if editions.last and editions.last.id == head.id else None
        edition = last or manifest.read(manifest.file_of(content, head.id))
        known = edition.clippings.values()
        found |= {one.sha256: gone[one.address] for one in known if one.address in gone}
    return found
