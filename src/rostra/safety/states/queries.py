"""The SQL of the versions, private to this slice."""

from sqlalchemy import select

from rostra.store.query import query, upsert
from rostra.store.tables.screening import screening_states

ALL = query(select(screening_states.c.part, screening_states.c.version))
SET = upsert(screening_states, ["part"])
