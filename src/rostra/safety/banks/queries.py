"""The SQL of banks, private to this slice."""

from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, func, select

from rostra.safety.banks.model import Bank, Item, LookBack, Match
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.banks import hash_bank_items, hash_banks, hash_look_backs, hash_matches
from rostra.store.tables.posts import media

Kind = TypeVar("Kind", bound=Any)

ID, BANK, LIMIT, NOW = number("id"), number("bank"), number("limit"), number("now")
_banks, _items, _matches, _backs = (
    hash_banks.c,
    hash_bank_items.c,
    hash_matches.c,
    hash_look_backs.c,
)
_BANK: list[Any] = [_banks[name] for name in Bank.__struct_fields__]
_ITEM: list[Any] = [_items[name] for name in Item.__struct_fields__]
_MATCH: list[Any] = [_matches[name] for name in Match.__struct_fields__]
_BACK: list[Any] = [_backs[name] for name in LookBack.__struct_fields__]


def _bank(*columns: Any) -> Bank:
    return Bank(**dict(zip(Bank.__struct_fields__, columns, strict=True)))


def _item(*columns: Any) -> Item:
    row = dict(zip(Item.__struct_fields__, columns, strict=True))
    return Item(**row | {"hash": bytes(row["hash"])})


def _back(*columns: Any) -> LookBack:
    return LookBack(**dict(zip(LookBack.__struct_fields__, columns, strict=True)))


def _row(item_id: int, kind: int, found: bytes) -> tuple[int, int, bytes]:
    return item_id, kind, bytes(found)


BANKS = query(select(*_BANK).order_by(_banks.name), _bank)
ONE = query(select(*_BANK).where(_banks.id == ID), _bank)
NAMED = query(select(*_BANK).where(_banks.name == bindparam("name")), _bank)
LOCKED = query(select(*_BANK).where(_banks.id == ID).with_for_update(), _bank)
ANY_ON = query(select(_banks.id).where(_banks.enabled == const(1)).limit(const(1)), int)
ADD_BANK = insert(hash_banks)
SET_BANK = query(
    hash_banks.update()
    .where(_banks.id == ID)
    .values(
        name=bindparam("name"),
        category=number("category"),
        wish=bindparam("wish"),
        note=bindparam("note"),
        enabled=number("enabled"),
        share=number("share"),
    )
)
COUNTED = query(
    hash_banks.update()
    .where(_banks.id == ID)
    .values(items_count=_banks.items_count + number("more"), version=number("version"))
)
DROP_BANK = query(delete(hash_banks).where(_banks.id == ID))

# A matcher is made from these, some thousand at a time.
HASHES = query(
    select(_items.id, _items.kind, _items.hash)
    .where(_items.bank_id == BANK, _items.id > number("after"))
    .order_by(_items.id)
    .limit(LIMIT),
    _row,
)
NOT_ON = query(
    select(_items.id, _items.state, _items.disabled_until).where(_items.state != const(0))
)
TOTAL = query(select(func.coalesce(func.sum(_banks.items_count), const(0))), int)
ITEM = query(select(*_ITEM).where(_items.id == ID), _item)
ITEM_LOCKED = query(select(*_ITEM).where(_items.id == ID).with_for_update(), _item)
ITEMS_AMONG = query(select(*_ITEM).where(in_ids(_items.id, "ids")), _item)
ITEMS = query(
    select(*_ITEM)
    .where(_items.bank_id == BANK, _items.id < number("below"))
    .order_by(_items.id.desc())
    .limit(LIMIT),
    _item,
)
ITEMS_AFTER = query(
    select(*_ITEM)
    .where(_items.bank_id == BANK, _items.id > number("after"))
    .order_by(_items.id)
    .limit(LIMIT),
    _item,
)
# The second condition is for the planner: an index has those that are not on, and few are.
QUARANTINED = query(
    select(*_ITEM).where(_items.state == const(2), _items.state != const(0)).order_by(_items.id),
    _item,
)
BY_HASH = query(
    select(*_ITEM).where(
        _items.bank_id == BANK, _items.kind == number("kind"), _items.hash == bindparam("hash")
    ),
    _item,
)
ADD_ITEM = insert_or_ignore(hash_bank_items)
SWITCH_ITEM = query(
    hash_bank_items.update()
    .where(_items.id == ID)
    .values(
        state=number("state"),
        reason=bindparam("reason"),
        disabled_until=number("until"),
        vetted_by=number("vetted_by"),
    )
)
COUNT_MATCH = query(
    hash_bank_items.update()
    .where(_items.id == ID)
    .values(matches_count=_items.matches_count + number("more"), matched_at=NOW)
)
DROP_ITEM = query(delete(hash_bank_items).where(_items.id == ID))
SOME_ITEMS = query(
    select(_items.id).where(_items.bank_id == BANK).order_by(_items.id).limit(LIMIT), int
)
DROP_ITEMS = query(delete(hash_bank_items).where(in_ids(_items.id, "ids")))

ADD_MATCH = insert_or_ignore(hash_matches)
MATCHES_OF = query(select(*_MATCH).where(in_ids(_matches.media_id, "ids")), Match)
ANY_MATCH = query(
    select(_matches.media_id).where(in_ids(_matches.media_id, "ids")).limit(const(1)), int
)
LATELY = query(
    select(*_MATCH)
    .where(_matches.bank_id == BANK)
    .order_by(_matches.at.desc(), _matches.media_id.desc())
    .limit(LIMIT),
    Match,
)
MEMBERS_SINCE = query(
    select(func.count(_matches.account_id.distinct())).where(
        _matches.item_id == ID, _matches.at >= number("since")
    ),
    int,
)
TOLD = query(
    hash_matches.update()
    .where(_matches.media_id == number("media"), in_ids(_matches.item_id, "items"))
    .values(post_id=number("post"))
)
DROP_MATCHES_OF_MEDIA = query(delete(hash_matches).where(in_ids(_matches.media_id, "ids")))
DROP_MATCHES_OF_ITEMS = query(delete(hash_matches).where(in_ids(_matches.item_id, "ids")))

# In one order everywhere: two jobs over the same media must not wait for each other.
UPLOADED = query(
    select(media.c.id, media.c.account_id, media.c.post_id)
    .where(in_ids(media.c.id, "ids"))
    .order_by(media.c.id)
    .with_for_update()
)
_TOLD = (media.c.id, media.c.look, media.c.digest, media.c.cover_look, media.c.cover_digest)
EARLIER = query(
    select(*_TOLD)
    .where(media.c.id > number("after"), media.c.id <= number("until"))
    .order_by(media.c.id)
    .limit(LIMIT)
)
SOME = query(select(*_TOLD).where(in_ids(media.c.id, "ids")))
TOLD_BY = query(select(media.c.look, media.c.digest).where(media.c.id == ID))
NEWEST_MEDIUM = query(select(func.coalesce(func.max(media.c.id), const(0))), int)
HOW_MANY_MEDIA = query(select(func.count()).select_from(media), int)

ADD_BACK = insert(hash_look_backs)
BACK = query(select(*_BACK).where(_backs.id == ID), _back)
BACK_LOCKED = query(select(*_BACK).where(_backs.id == ID).with_for_update(), _back)
BACKS_OF = query(
    select(*_BACK).where(_backs.bank_id == BANK).order_by(_backs.id.desc()).limit(LIMIT), _back
)
SET_BACK = query(
    hash_look_backs.update()
    .where(_backs.id == ID)
    .values(
        after=number("after"),
        seen_count=number("seen_count"),
        found_count=number("found_count"),
        state=number("state"),
        ended_at=number("ended_at"),
    )
)
BEGIN_BACK = query(
    hash_look_backs.update()
    .where(_backs.id == ID)
    .values(until=number("until"), total_count=number("total_count"), begun_at=number("begun_at"))
)
DROP_BACKS = query(delete(hash_look_backs).where(_backs.bank_id == BANK))
