"""What operators say of the publishers of links, and which links that trend it holds for."""

from sqlalchemy import bindparam, delete, select, update

from rostra.network.trends.model import Kind, Published, Publisher
from rostra.store.query import const, in_texts, number, query, query_text, upsert
from rostra.store.tables.previews import cards
from rostra.store.tables.trends import trend_publishers, trends

# One at a time, so that no link comes up while something is said of its publisher.
TURN = query_text(sqlite="SELECT 1", postgresql="SELECT pg_advisory_xact_lock(7206113804)")

DECIDE = upsert(trend_publishers, ["host"])
UNDECIDE = query(delete(trend_publishers).where(trend_publishers.c.host == bindparam("host")))
DECIDED = query(
    select(trend_publishers.c.host, trend_publishers.c.decision).where(
        in_texts(trend_publishers.c.host, "hosts")
    )
)
LISTED = query(
    select(trend_publishers.c.host, trend_publishers.c.decision)
    .order_by(trend_publishers.c.host)
    .limit(number("limit")),
    Publisher,
)

# The links that trend now: a hundred at most. What counts is where they led in the end.
TRENDING_LINKS = query(
    select(trends.c.subject_id, cards.c.url, trends.c.decision, trends.c.of_publisher)
    .select_from(trends.join(cards, cards.c.id == trends.c.subject_id))
    .where(trends.c.kind == const(Kind.LINK), trends.c.score > const(0))
    .order_by(trends.c.subject_id),
    Published,
)
SET_OF_PUBLISHER = query(
    update(trends)
    .where(
        trends.c.kind == const(Kind.LINK),
        trends.c.subject_id == number("subject"),
    )
    .values(of_publisher=number("said"))
)
