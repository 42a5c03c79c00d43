"""Clusters, and where cases stand in them, as the rest of moderation sees them."""

from enum import IntEnum

import msgspec

from rostra.safety.clusters.compare import SENTENCES, Reason


class ClusterEventKind(IntEnum):
    """What people do with clusters; the numbers stand in rows."""

    LEFT_OUT = 1
    TAKEN_IN = 2
    MERGED = 3  # another one was put into it

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that are nearly the same. Times are UTC ms.

    Attributes:
        leader_id: the case that others are compared with.
        merged_into: the cluster that it was put into; 0: it is one of its own.
        members: how many cases, open or not, a decision over it is about.
        outliers: how many only speak about it, or were left out.
        open_members: how many of the members are still to be decided.
        authors: how many accounts the members are of.
        first_at: when the first of its cases was opened.
        last_at: when the latest was.
    """

    id: int
    leader_id: int
    merged_into: int
    created_at: int
    members: int
    outliers: int
    open_members: int
    authors: int
    first_at: int
    last_at: int


class OpenCluster(msgspec.Struct, frozen=True):
    """A cluster that has open cases: how many, and the rank of the worst of them."""

    id: int
    open_cases: int
    rank: int


class Placed(msgspec.Struct, frozen=True):
    """Where a case stands in a cluster.

    Attributes:
        place: a `Place`.
        alike: thousandths.
        reason_bits: 1 << `Reason`, of an outlier.
        placed_by: who of the team put it there; 0: the comparison.
        state: of the case, a `CaseState`.
    """

    case_id: int
    account_id: int
    cluster_id: int
    place: int
    alike: int
    reason_bits: int
    placed_by: int
    placed_at: int
    state: int

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is an outlier."""
        return reasons_of(self.reason_bits)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same, as a moderator reads it."""
        return tuple(SENTENCES[reason] for reason in self.reasons)


class ClusterEvent(msgspec.Struct, frozen=True):
    """One thing that somebody of the team did with a cluster."""

    id: int
    kind: int
    case_id: int
    other_id: int
    actor_id: int
    created_at: int


class CaseClustered(msgspec.Struct, frozen=True):
    """A case has joined a cluster; told in the transaction in which it did."""

    case_id: int
    cluster_id: int
    place: int


class ClustersMerged(msgspec.Struct, frozen=True):
    """All cases of a cluster are in another one now."""

    cluster_id: int
    into_id: int


def bits_of(reasons: tuple[Reason, ...]) -> int:
    """Reasons as one number."""
    return sum(1 << reason for reason in set(reasons))


def reasons_of(bits: int) -> tuple[Reason, ...]:
    """What `bits_of` made one number of."""
    return tuple(reason for reason in Reason if bits >> reason & 1)
