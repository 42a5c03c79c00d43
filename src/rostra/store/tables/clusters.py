"""Cases that are nearly the same: what they are compared by, and decisions that stand for more."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import blob, clustered, key, number, part, table

_CLUSTERED = sql("cluster_id <> 0")
_STANDING = sql("ended_at = 0")

# What is kept of a case's content: nothing of it can be read from this.
case_traits = table(
    "case_traits",
    key("case_id"),
    number("account_id"),
    number("cluster_id"),  # 0: like no other
    number("place"),  # a `Place`; 0: like no other
    number("alike"),  # thousandths, to the first of the cluster
    number("reasons"),  # bits: 1 << `Reason`
    number("placed_by"),  # 0: the comparison
    number("placed_at"),
    blob("text_values"),
    number("size"),
    number("marks"),
    number("signs"),
    blob("look"),
    Index(
        "ix_case_traits_cluster_id_place_case_id",
        "cluster_id",
        "place",
        "case_id",
        sqlite_where=_CLUSTERED,
        postgresql_where=_CLUSTERED,
    ),
)

# Under what the first of a cluster, and what is like no other, is found.
case_keys = clustered(
    "case_keys",
    part("key"),
    part("case_id"),
    Index("ix_case_keys_case_id", "case_id"),
)

clusters = table(
    "clusters",
    key(),
    number("leader_id"),  # the case that others are compared with first
    number("merged_into"),
    number("created_at"),
)

# Append-only: what people did with a cluster.
cluster_events = table(
    "cluster_events",
    key(),
    number("cluster_id"),
    number("kind"),  # a `ClusterEventKind`
    number("case_id"),
    number("other_id"),  # another cluster, or a standing decision
    number("actor_id"),
    number("created_at"),
    Index("ix_cluster_events_cluster_id_id", "cluster_id", "id"),
)

# What was decided of a cluster, and is decided of what joins it later.
standing_decisions = table(
    "standing_decisions",
    key(),
    number("cluster_id"),
    number("decision_id"),
    number("actor_id"),  # who switched it on
    number("most"),  # so many copies, and then it ends
    number("done_count"),
    number("ends_at"),
    number("ended_at"),  # 0: it stands
    number("ended_by"),  # 0: by itself
    number("created_at"),
    Index(
        "uq_standing_decisions_cluster_id",
        "cluster_id",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    Index("ix_standing_decisions_decision_id", "decision_id"),
)

standing_applied = clustered("standing_applied", part("standing_id"), part("decision_id"))
