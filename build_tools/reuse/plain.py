"""Texts as exchange formats take them, and the site that they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from build_tools.fold import squeeze

_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]"
)
_WEB = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_DAY = 10
"""Characters of a whole day: 2022-11-24."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site that is made: its name, and its address with a slash at the end, None when it is not known.

    `edition` is what citations say of the edition that it shows, nothing when none has been closed.
    """

    name: str = ""
    url: str | None = None
    edition: str = ""

    def at(self, url: str) -> str | None:
        """Return the full address of a page or file of the site, None when the site's is not known."""
        return None if self.url is None else f"{self.url}{'' if url == '.' else url}"


def plain(text: object) -> str:
    """Return a text on one line, without characters that XML and other formats forbid."""
    return squeeze(_NOT_TEXT.sub(" ", str(text)))


def web(url: object) -> str | None:
    """Return an address of the web as it stands, None for all else."""
    return url if isinstance(url, str) and _WEB.fullmatch(url) else None


def day(date: object) -> str | None:
    """Return the day of a date or stamp, None when it is less precise than that."""
    text = str(date or "")
    return text[:_DAY] if len(text) >= _DAY else None
