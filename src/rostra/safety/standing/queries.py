"""The SQL of standing decisions, private to this slice."""

from sqlalchemy import select

from rostra.safety.standing.model import Standing
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.clusters import standing_applied, standing_decisions

ID = number("id")
_s = standing_decisions.c
_ROW = [_s[name] for name in Standing.__struct_fields__]
_STANDS = _s.ended_at == const(0)


def _standing(*columns: int) -> Standing:
    return Standing(**dict(zip(Standing.__struct_fields__, columns, strict=True)))


ADD = insert(standing_decisions)
BY_IDS = query(select(*_ROW).where(in_ids(_s.id, "ids")), _standing)
LOCKED = query(select(*_ROW).where(_s.id == ID).with_for_update(), _standing)
OF_CLUSTER = query(select(*_ROW).where(_s.cluster_id == ID, _STANDS), _standing)
OF_CLUSTER_LOCKED = query(
    select(*_ROW).where(_s.cluster_id == ID, _STANDS).with_for_update(), _standing
)
OF_DECISION = query(select(*_ROW).where(_s.decision_id == ID).with_for_update(), _standing)
NEWEST_OF_DECISION = query(
    select(*_ROW).where(_s.decision_id == ID).order_by(_s.id.desc()).limit(const(1)), _standing
)
LISTED = query(
    select(*_ROW).where(_s.id < number("below")).order_by(_s.id.desc()).limit(number("limit")),
    _standing,
)
COUNT = query(
    standing_decisions.update().where(_s.id == ID).values(done_count=_s.done_count + number("more"))
)
END = query(
    standing_decisions.update()
    .where(_s.id == ID, _STANDS)
    .values(ended_at=number("now"), ended_by=number("by"))
)
DUE = query(
    standing_decisions.update()
    .where(_STANDS, _s.ends_at <= number("now"))
    .values(ended_at=_s.ends_at)
)
APPLIED = insert(standing_applied)
DECISIONS_OF = query(
    select(standing_applied.c.decision_id)
    .where(
        standing_applied.c.standing_id == ID,
        standing_applied.c.decision_id > number("after"),
    )
    .order_by(standing_applied.c.decision_id)
    .limit(number("limit")),
    int,
)
