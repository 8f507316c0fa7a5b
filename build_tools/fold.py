"""Folding: one form of a text for comparing, sorting into addresses and searching, with marks and case gone.

Unicode decomposition leaves the stroke of đ in place, so it is folded by hand.
"""

from __future__ import annotations

import re
import unicodedata

_STROKE = str.maketrans("đĐ", "dd")
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
"""The combining marks of Latin; U+034F among them is none."""
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in lower case without accents: "Đống Đa" gives "dong da"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_STROKE).casefold())
    bare = _MARKS.sub("", decomposed)
    if bare.isascii():
        return bare
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def squeeze(text: str) -> str:
    """Return `text` with runs of white space as one space and none at the ends."""
    if "  " not in text and text.isprintable():  # no white space but a space is printable
        return text.strip(" ")
    return " ".join(text.split())


def slug(text: str, limit: int = 80) -> str:
    """Return an ASCII, lower-case address part of at most `limit` characters, cut between words; it may be empty."""
    parts = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(parts) <= limit:
        return parts
    cut = parts.rfind("-", 0, limit + 1)
    return parts[:cut] if cut > 0 else parts[:limit]
