"""Which texts must not come back: those of withdrawn clippings whose files were deleted, as editions knew them.

An edition keeps the SHA-256 of a text, no more. So a text is known again byte for byte, and only if an edition was
closed while its clipping was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from build_tools import build, corrections, read
from build_tools.apart import apart, stem
from build_tools.corrections import CorrectionFile
from build_tools.editions import manifest, promises
from build_tools.lasting import Past, graves_of
from build_tools.model import Withdrawn


def texts(content: Path) -> dict[str, str]:
    """Return the texts that are withdrawn from a content folder: the path of each clipping by its text's SHA-256.

    Raises:
        ArchiveError: the folder, or the manifest of an edition in it, cannot be read.
    """
    editions = manifest.load(content)
    folder, _ = build.clippings_folder(content)
    if not editions.last or not folder.is_dir():
        return {}
    files, beside = read.names(folder, ".txt"), read.names(folder, ".yaml", ".yml", folders_too=True)
    gone = build.withdrawals(folder, apart(folder, beside, files))
    return promises.withdrawn_texts(content, editions, dict(_addresses(folder, gone, frozenset(files), editions.past)))


def _addresses(folder: Path, gone: list[Withdrawn], files: frozenset[str], past: Past) -> Iterator[tuple[str, str]]:
    """Yield the addresses that are withdrawn now, each with its clipping's path.

    Those of the last edition are among them whose corrections are lost or cannot be read.
    """
    for path in sorted(past.withdrawn.keys() - files):
        file = corrections.opened(folder, f"{stem(path)}.yaml")
        said = corrections.parse(file) if isinstance(file, CorrectionFile) else []
        if isinstance(said, list) or said.withdrawn:
            yield from ((url, path) for url in past.withdrawn[path])
    for one in gone:
        yield from ((url, one.path) for url in graves_of(one, past))
