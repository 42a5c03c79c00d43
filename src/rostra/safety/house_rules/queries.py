"""The SQL of the rules of the house, private to this slice."""

from sqlalchemy import select

from rostra.store.query import in_ids, number, query, upsert
from rostra.store.tables.instance import rules
from rostra.store.tables.safety import rule_harms

ID = number("id")

RULE = query(select(rules.c.id).where(rules.c.id == ID), int)
HARMS = query(
    select(rule_harms.c.rule_id, rule_harms.c.category).where(in_ids(rule_harms.c.rule_id, "ids"))
)
PUT_HARM = upsert(rule_harms, ["rule_id"])
DROP_HARM = query(rule_harms.delete().where(rule_harms.c.rule_id == ID))
