"""The SQL of webhooks, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select

from rostra.safety.webhooks.model import Delivery, Webhook
from rostra.store.query import const, insert, number, query
from rostra.store.tables.webhooks import webhook_deliveries, webhooks

ID, NOW, LIMIT = number("id"), number("now"), number("limit")
_deliveries = webhook_deliveries.c
_HOOK: list[Any] = [webhooks.c[name] for name in Webhook.__struct_fields__]
_DELIVERY: list[Any] = [_deliveries[name] for name in Delivery.__struct_fields__]


def _hook(*columns: Any) -> Webhook:
    return Webhook(**dict(zip(Webhook.__struct_fields__, columns, strict=True)))


def _delivery(*columns: Any) -> Delivery:
    return Delivery(**dict(zip(Delivery.__struct_fields__, columns, strict=True)))


ALL = query(select(*_HOOK).order_by(webhooks.c.id), _hook)
ONE = query(select(*_HOOK).where(webhooks.c.id == ID), _hook)
LOCKED = query(select(*_HOOK).where(webhooks.c.id == ID).with_for_update(), _hook)
ADD = insert(webhooks)
SET = query(
    webhooks.update()
    .where(webhooks.c.id == ID)
    .values(
        url=bindparam("url"),
        events=bindparam("events"),
        with_content=number("with_content"),
        enabled=number("enabled"),
        ended_why=bindparam("ended_why"),
        generation=number("generation"),
        rotated_at=number("rotated_at"),
    )
)
END = query(
    webhooks.update()
    .where(webhooks.c.id == ID)
    .values(enabled=const(0), ended_why=bindparam("why"))
)
SKIPPED = query(
    webhooks.update()
    .where(webhooks.c.id == ID)
    .values(skipped_count=webhooks.c.skipped_count + const(1))
)
DROP = query(delete(webhooks).where(webhooks.c.id == ID))
DROP_DELIVERIES = query(delete(webhook_deliveries).where(_deliveries.webhook_id == ID))

ADD_DELIVERY = insert(webhook_deliveries)
# How many wait, as far as anybody needs to know.
WAITING = query(
    select(func.count()).select_from(
        select(_deliveries.id)
        .where(_deliveries.webhook_id == ID, _deliveries.state == const(0))
        .limit(LIMIT)
        .subquery()
    ),
    int,
)
DELIVERIES = query(
    select(*_DELIVERY)
    .where(_deliveries.webhook_id == ID, _deliveries.id < number("below"))
    .order_by(_deliveries.id.desc())
    .limit(LIMIT),
    _delivery,
)
DELIVERY = query(select(*_DELIVERY).where(_deliveries.id == ID), _delivery)
TRIED = query(
    webhook_deliveries.update()
    .where(_deliveries.id == ID)
    .values(
        state=number("state"),
        attempts=number("attempts"),
        status=number("status"),
        failure=bindparam("failure"),
        tried_at=NOW,
    )
)
DROP_OLD = query(
    delete(webhook_deliveries).where(
        _deliveries.created_at < number("before"), _deliveries.state != const(0)
    )
)
# The delivery from which on an endpoint has more than are kept.
BEYOND = query(
    select(_deliveries.id)
    .where(_deliveries.webhook_id == ID)
    .order_by(_deliveries.id.desc())
    .limit(const(1))
    .offset(number("kept")),
    int,
)
DROP_BEYOND = query(
    delete(webhook_deliveries).where(
        _deliveries.webhook_id == ID,
        _deliveries.id <= number("from_id"),
        _deliveries.state != const(0),
    )
)
