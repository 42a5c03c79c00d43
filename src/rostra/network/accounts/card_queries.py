"""The SQL of account cards, private to this slice."""

from sqlalchemy import exists, not_, or_, select

from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.store.query import const, in_ids, number, query
from rostra.store.tables.accounts import accounts, profiles, users
from rostra.store.tables.relations import blocks

_VIEWER = number("viewer")
_block = blocks.alias()

HEADS = query(
    select(*[accounts.c[name] for name in AccountHead.__struct_fields__]).where(
        in_ids(accounts.c.id, "ids"),
        or_(accounts.c.state == const(0), accounts.c.id == _VIEWER),
        not_(
            exists(
                select(const(1)).where(
                    _block.c.account_id == accounts.c.id, _block.c.target_id == _VIEWER
                )
            )
        ),
    ),
)

CARDS = query(
    select(
        *[accounts.c[name] for name in AccountCard.__struct_fields__[:10]],
        *[profiles.c[name] for name in AccountCard.__struct_fields__[10:-1]],
        users.c.role,
    )
    .select_from(
        accounts.join(profiles, profiles.c.account_id == accounts.c.id).outerjoin(
            users, users.c.account_id == accounts.c.id
        )
    )
    .where(in_ids(accounts.c.id, "ids")),
    AccountCard,
)
