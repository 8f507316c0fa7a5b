"""The archive as its clippings' shapes make it: what of a build holds while only running texts change.

A clipping's shape is its brief but for what tells of bytes and running text (`Brief.shape`). Most corrections change
none, and then order, addresses, identities, histories and index pages are those of the build before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import cached_property

from build_tools import lasting
from build_tools.archive import Archive
from build_tools.brief import Brief
from build_tools.build import plans
from build_tools.editions.manifest import Editions
from build_tools.facts import Plan
from build_tools.history import Histories, histories
from build_tools.model import Page, Withdrawn
from build_tools.reuse import listed
from build_tools.settings import Surroundings


class Outline:
    """What is worked out of all clippings together, and of no running text.

    Of texts it asks one thing: whether one that the last edition knew under another name has a new name now.
    """

    def __init__(
        self,
        program: str,
        prefix: str,
        briefs: Sequence[Brief],
        editions: Editions = Editions(),  # noqa: B008 - is frozen
        withdrawn: Sequence[Withdrawn] = (),
    ) -> None:
        """Put clippings in order, name and address them; `program` is the digest of all that reads clippings."""
        self.shapes = {one.path: one.shape for one in briefs}
        self.around_them = _around_them(program, prefix, briefs, editions, withdrawn)
        """What else has a say in it, as plain values."""
        self.archive, self.collisions = Archive.of(briefs, prefix, editions.past, withdrawn)
        self.overviews: dict[str, Page] = {}
        """Index pages that were made, by their Markdown files."""

    def of(
        self, program: str, prefix: str, briefs: Sequence[Brief], editions: Editions, withdrawn: Sequence[Withdrawn]
    ) -> Outline:
        """Return the outline of these clippings: this one if it is theirs too, else a new one."""
        same = not self.collisions and self.around_them == _around_them(program, prefix, briefs, editions, withdrawn)
        if not same or self.shapes != {one.path: one.shape for one in briefs}:
            return Outline(program, prefix, briefs, editions, withdrawn)
        by_path = {one.path: one for one in briefs}
        self.archive = replace(self.archive, briefs=tuple(by_path[one.path] for one in self.archive.briefs))
        return self

    @cached_property
    def histories(self) -> Histories:
        """The years of each cluster, and who led it."""
        return histories(self.archive)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """All pages but those of clippings and of editions."""
        return tuple(plans(self.archive, self.histories))

    @cached_property
    def around(self) -> Surroundings:
        """What clippings' pages say of the clippings beside them."""
        return Surroundings(self.archive, self.histories)

    @cached_property
    def listed(self) -> dict[str, listed.Listed]:
        """What of the archive each page lists, by its address."""
        return listed.listed(self.archive)

    @cached_property
    def newest_days(self) -> dict[str, str]:
        """The newest whole day that each page's clippings tell, by its address; "." is the home page's."""
        return listed.newest_days(self.archive, self.listed)

    def fill(self) -> None:
        """Work out all that will be asked, where there is time for it now."""
        self.plans, self.around, self.newest_days  # noqa: B018 - each is kept when it is first asked for


def _around_them(
    program: str, prefix: str, briefs: Sequence[Brief], editions: Editions, withdrawn: Sequence[Withdrawn]
) -> list[object]:
    heads = [repr(head) for head in editions.heads]
    moved = lasting.elsewhere(briefs, editions.past)
    return [program, prefix, editions.id, heads, moved, [astuple(one) for one in withdrawn]]
