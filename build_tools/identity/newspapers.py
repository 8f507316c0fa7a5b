"""Newspapers: one name for all the forms in which a newspaper is printed; `data/newspapers.yaml` knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from build_tools import vocab
from build_tools.errors import VocabError
from build_tools.fold import slug
from build_tools.identity import places
from build_tools.identity.spelling import even, letters


@dataclass(frozen=True, slots=True)
class Newspaper:
    """A newspaper that is known under several names: the one shown, and what its address ends in."""

    name: str
    slug: str


@lru_cache(maxsize=4_096)
def known(printed: str) -> Newspaper | None:
    """Return the newspaper that a printed name means when that is known for sure."""
    names = _names()
    text = even(printed)
    form = letters(text)
    return names.get(form) or names.get(letters(_without_prefix(text))) or _of_a_province(text, form)


@cache
def slugs() -> frozenset[str]:
    """Return the address parts that belong to known newspapers, whether they are in the archive or not."""
    return frozenset(newspaper.slug for newspaper in _names().values())


@cache
def _names() -> Mapping[str, Newspaper]:
    data = vocab.read("newspapers")
    names: dict[str, Newspaper] = {}
    for entry in data["newspapers"]:
        newspaper = Newspaper(entry["name"], entry.get("id") or slug(entry["name"]))
        for form in (entry["name"], *entry["also"]):
            if names.setdefault(letters(form), newspaper) != newspaper:
                raise VocabError(f"newspapers.yaml: {form} stands under two newspapers")
    by_name = {province.name: province for province in places.load().by_label.values()}
    for name, forms in data["provincial"].items():
        if name not in by_name:
            raise VocabError(f"newspapers.yaml: {name} is not among the provinces of places.yaml")
        for form in forms:
            if names.setdefault(letters(form), _provincial(name)) != _provincial(name):
                raise VocabError(f"newspapers.yaml: {form} stands under two newspapers")
    return names


@cache
def _prefix() -> str:
    return str(vocab.read("newspapers")["prefix"])


def _provincial(province: str) -> Newspaper:
    name = f"{_prefix()} {province}"
    return Newspaper(name, slug(name))


@cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str], Mapping[str, str]]:
    """Return what a provincial newspaper's name looks like, what its site's does, and the provinces by their slugs."""
    data, provinces = vocab.read("newspapers"), places.load()
    suffix = vocab.alternatives(data["suffixes"])
    named = re.compile(rf"{data['prefix']}\s(?P<place>{provinces.pattern})(?:\s{suffix})*\Z", re.IGNORECASE)
    site = re.compile(rf"(?:www\.)?{slug(data['prefix'])}(?P<place>[a-z]+)\.(?:com\.|org\.)?vn\Z", re.IGNORECASE)
    return named, site, {slug(p.name).replace("-", ""): p.name for p in provinces.by_label.values()}


def _of_a_province(text: str, form: str) -> Newspaper | None:
    named, site, by_slug = _shapes()
    if found := named.match(text):
        candidates = places.load().by_letters.get(letters(found["place"]), ())
        return _provincial(candidates[0].name) if candidates else None
    found = site.match(text)
    province = by_slug.get(found["place"].casefold()) if found and form else None
    return _provincial(province) if province else None


def _without_prefix(text: str) -> str:
    prefix = f"{_prefix()} "
    return text[len(prefix) :] if text.casefold().startswith(prefix.casefold()) else text
