"""The archive as its clippings' shapes make it: what of a build holds while only running texts change.

A clipping's shape is its brief but for what tells of bytes and running text (`Brief.shape`). Most corrections change
none, and then order, addresses, identities, histories and index pages are those of the build before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

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
    """What is worked out of all clippings together, and of no running text."""

    def __init__(
        self,
        program: str,
        prefix: str,
        briefs: Sequence[Brief],
        editions: Editions | None = None,
        withdrawn: Iterable[Withdrawn] = (),
    ) -> None:
        """Put clippings in order, name and address them; `program` is the digest of all that reads clippings."""
        editions, withdrawn = editions or Editions(), tuple(withdrawn)
        self.shapes = {one.path: one.shape for one in briefs}
        self.archive, self.collisions = Archive.of(briefs, prefix, editions.past, withdrawn)
        self._made_with = program, prefix, withdrawn
        # Past editions and names that collide make addresses depend on the texts themselves.
        self._by_shapes = not editions.heads and not self.collisions
        self.overviews: dict[str, Page] = {}
        """Index pages that were made, by their Markdown files."""

    def holds(
        self, program: str, prefix: str, briefs: Iterable[Brief], editions: Editions, withdrawn: Iterable[Withdrawn]
    ) -> bool:
        """Whether it is the outline of these clippings, too."""
        same = self._by_shapes and not editions.heads and self._made_with == (program, prefix, tuple(withdrawn))
        return same and self.shapes == {one.path: one.shape for one in briefs}

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
