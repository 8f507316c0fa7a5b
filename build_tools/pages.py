"""A clipping to its page: front matter that holds every value with its evidence, and the text as Markdown.

The Markdown is plain: a paragraph per stretch of text, each with the id of its line, so that any site generator
that knows attribute lists can take it. All else that a template shows stands in the front matter.
"""

from __future__ import annotations

from typing import cast

from build_tools import frontmatter, paths, prose
from build_tools.archive import Meta
from build_tools.galley import Galley, first_sentence, galley
from build_tools.model import Clipping, Page
from build_tools.settings import Around, Neighbour, Setting, Surroundings, setting, settings

__all__ = [
    "Galley",
    "Setting",
    "Surroundings",
    "article",
    "first_sentence",
    "galley",
    "markdown",
    "meta",
    "page",
    "setting",
    "settings",
]


def article(clipping: Clipping, setting: Setting) -> Page:
    """Return a clipping's page; nothing but the clipping and its setting has a say in it."""
    return page(galley(clipping), setting)


def page(set_: Galley, setting: Setting) -> Page:
    """Return the page of a clipping that has been set, in its setting."""
    return Page(paths.page_file(setting.url), meta(set_, setting), prose.markdown(set_.paragraphs, set_.short_forms))


def meta(set_: Galley, setting: Setting) -> Meta:
    """Return the front matter of a clipping's page."""
    links = cast("Meta", set_.meta["links"])
    return {
        **set_.meta,
        "crumbs": _crumbs(set_.meta["year"], setting),
        "id": paths.article_id(setting.url),
        "file": setting.file,
        "links": {
            **links,
            "source": setting.source[0] if setting.source else None,
            "clusters": [cluster.url for cluster in setting.clusters],
            "members": list(setting.members),
            "leads": list(setting.leads),
            "people": list(setting.people),
        },
        "same_story": [other._asdict() for other in setting.story],
        "prev": _neighbour(setting.older),
        "next": _neighbour(setting.newer),
        **_around(setting.around),
    }


def _around(around: Around) -> Meta:
    """Return what stands around the clipping's conference."""
    return {
        "then": [{"year": led.year, "units": [unit._asdict() for unit in led.units]} for led in around.led],
        "conferences": [one._asdict() for one in around.conferences],
        "before": around.before._asdict() if around.before else None,
        "after": around.after._asdict() if around.after else None,
        "others": [other._asdict() for other in around.others],
        "related": [other._asdict() for other in around.people],
    }


def _crumbs(year: object, setting: Setting) -> list[Meta]:
    """Return the way down to the article: through its first cluster, else through its year."""
    home: Meta = {"kind": "home", "url": paths.HOME}
    if setting.clusters:
        return [home, {"kind": "clusters", "url": paths.CLUSTERS}, {"kind": "cluster", **setting.clusters[0]._asdict()}]
    years: Meta = {"kind": "years", "url": paths.YEARS}
    url = paths.year_url(year if isinstance(year, int) else None)
    return [home, years, {"kind": "year", "year": year, "url": url}]


def _neighbour(other: Neighbour | None) -> Meta | None:
    return {"title": other.title, "url": other.url, "date": other.date} if other else None


def markdown(page: Page) -> str:
    """Return a page as the Markdown file that is written: front matter, an empty line, the body."""
    head = f"---\n{frontmatter.written(page.meta)}---\n"
    return f"{head}\n{page.body}" if page.body else head
