"""Clusters in the console: cases that are nearly the same, and what stands for later copies."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import (
    CaseLine,
    ConsolePage,
    ContentView,
    DeskView,
    LastingView,
)


class ClusterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster in a list. Times are UTC ms."""

    id: str
    url: str
    lead: CaseLine | None = None
    """The case that the others are compared with, where it is theirs to see."""
    members: int = 0
    open_members: int = 0
    outliers: int = 0
    authors: int = 0
    first_at: int = 0
    last_at: int = 0

    def called(self) -> str:
        """Name it in a few words."""
        return self.lead.category if self.lead else "Cluster"


class ClustersPage(ConsolePage, frozen=True, kw_only=True):
    """Clusters with open cases, the worst first."""

    template: ClassVar[str] = "console/clusters.html"
    title: ClassVar[str] = "Clusters"

    clusters: Sequence[ClusterLine]
    standing: Sequence[LastingView] = ()
    older_url: str = ""


class PlacedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case of a cluster, and why it is a member or an outlier."""

    case: CaseLine
    alike: int
    """In per cent."""
    sentences: Sequence[str] = ()
    by: str = ""
    """Who of the team put it there."""


class ClusterPage(ConsolePage, frozen=True, kw_only=True):
    """One cluster: its outliers, some of its members, the form to decide all of them."""

    template: ClassVar[str] = "console/cluster.html"

    cluster: ClusterLine
    content: ContentView | None = None
    outliers: Sequence[PlacedLine] = ()
    members: Sequence[PlacedLine] = ()
    more_outliers_url: str = ""
    more_members_url: str = ""
    standing: LastingView | None = None
    desk: DeskView | None = None
    """The form for all that are open; none for those who may not, or where nothing is."""
    merged_url: str = ""
    can_work: bool = False
    can_end: bool = False
    two_above: int = 50

    def called(self) -> str:
        """Name it."""
        return f"Cluster: {self.cluster.called()}"
