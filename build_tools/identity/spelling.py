"""Spelling: what makes two printed names one name before anything is known about what they name."""

from __future__ import annotations

import re
import unicodedata

from build_tools.fold import squeeze

_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212]\s*|\s+-\s*|\s*-\s+")
_LATE_TONE = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"\w+")


def even(text: str) -> str:
    """Return `text` in NFC, white space and dashes folded, tones on the first vowel: "hoà" gives "hòa"."""
    composed = squeeze(unicodedata.normalize("NFC", text))
    return _LATE_TONE.sub(_early_tone, _DASHES.sub(" - ", composed)).strip()


def _early_tone(found: re.Match[str]) -> str:
    first, second = tuple(found.group())
    marks = unicodedata.normalize("NFD", second)
    tone = next(mark for mark in marks if mark in _MARKS)
    return unicodedata.normalize("NFC", first + tone) + unicodedata.normalize("NFC", marks.replace(tone, ""))


def key(text: str) -> str:
    """Return `text` as it is compared: even, in lower case, without punctuation; accents tell names apart."""
    return " ".join(_WORD.findall(even(text).casefold()))


def letters(text: str) -> str:
    """Return `text` for comparing names of places, which are also printed in one word: "ĐắkLắk"."""
    return key(text).replace(" ", "")


def capital(text: str) -> str:
    """Return `text` with its first letter large."""
    return text[:1].upper() + text[1:]
