"""The SQL of previews."""

from sqlalchemy import bindparam, delete, exists, select, update

from rostra.network.previews.model import Card, CardState, Known
from rostra.store.query import const, insert_or_ignore, number, query, query_text, upsert
from rostra.store.tables.previews import called_domains, cards, post_cards
from rostra.store.tables.trends import trends

_ID = number("card")
_ACCOUNT = number("account")
_ABOVE = number("above")
_POST = number("post")
_KNOWN = [cards.c[name] for name in Known.__struct_fields__]
_SHOWN = Card.__struct_fields__

KNOWN = query(select(*_KNOWN).where(cards.c.id == _ID), Known)
BY_ADDRESS = query(
    select(*_KNOWN).where(
        cards.c.address == bindparam("address"),
        cards.c.owner_id == number("owner"),
    ),
    Known,
)
PUT = insert_or_ignore(cards, ["id", "address", "owner_id", "created_at"])
LINK = upsert(post_cards, ["post_id"])
OF_POST = query(select(post_cards.c.card_id).where(post_cards.c.post_id == _POST))
UNLINK = query(
    delete(post_cards).where(post_cards.c.post_id == _POST).returning(post_cards.c.card_id)
)
FETCHED = query(
    update(cards)
    .where(cards.c.id == _ID)
    .values(
        state=number("state"),
        fetched_at=number("now"),
        **{name: bindparam(name, type_=cards.c[name].type) for name in _SHOWN},
    )
)
ASKED = query(
    update(cards)
    .where(cards.c.id == _ID)
    .values(fetched_at=number("now"), state=const(int(CardState.NOTHING)))
)
# Cards of an author, the oldest first, with the addresses that they led to.
OF_AUTHOR = query(
    select(cards.c.id, cards.c.url)
    .where(cards.c.author_account_id == _ACCOUNT, cards.c.id > number("above"))
    .order_by(cards.c.id)
    .limit(number("limit"))
)
UNNAME = query(
    update(cards)
    .where(cards.c.id == _ID, cards.c.author_account_id == _ACCOUNT)
    .values(author_account_id=const(0))
)
FORGET_AUTHOR = query(
    update(cards).where(cards.c.author_account_id == _ACCOUNT).values(author_account_id=const(0))
)
COUNT_CALL = query_text(
    sqlite="""INSERT INTO called_domains (domain, minute, calls) VALUES (:domain, :minute, 1)
        ON CONFLICT (domain) DO UPDATE SET minute = excluded.minute,
        calls = CASE WHEN minute = excluded.minute THEN calls + 1 ELSE 1 END RETURNING calls""",
    postgresql="""INSERT INTO called_domains (domain, minute, calls)
        VALUES (CAST(:domain AS text), CAST(:minute AS bigint), 1)
        ON CONFLICT (domain) DO UPDATE SET minute = excluded.minute,
        calls = CASE WHEN called_domains.minute = excluded.minute
            THEN called_domains.calls + 1 ELSE 1 END
        RETURNING calls""",
)
FORGET_CALLS = query(delete(called_domains).where(called_domains.c.minute < number("minute")))
_used = exists().where(post_cards.c.card_id == cards.c.id)
# What an operator has said of a link outlives its posts, so that it can't be shaken off.
_decided_on = exists().where(
    trends.c.kind == const(1), trends.c.subject_id == cards.c.id, trends.c.decision > const(0)
)
FORGET = query(
    delete(cards).where(cards.c.id == _ID, ~_used, ~_decided_on).returning(cards.c.image_key)
)
