"""Standing decisions."""

import msgspec


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A decision over a cluster that later copies meet as well. Times are UTC ms, 0: not yet.

    Attributes:
        decision_id: what was decided of the cluster, and is decided of later copies.
        actor_id: who switched it on.
        most: it ends after so many copies.
        done_count: so many were decided by it.
        ended_by: who ended it; 0: it ended by itself, or stands.
    """

    id: int
    cluster_id: int
    decision_id: int
    actor_id: int
    most: int
    done_count: int
    ends_at: int
    ended_at: int
    ended_by: int
    created_at: int

    def stands(self, now: int) -> bool:
        """Whether a copy that comes now meets it."""
        return not self.ended_at and now < self.ends_at and self.done_count < self.most
