"""The SQL of push, private to this slice."""

from sqlalchemy import Text, bindparam, delete, exists, select

from rostra.network.push.model import Subscription
from rostra.store.query import const, in_ids, insert_or_ignore, number, query, upsert
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import oauth_tokens
from rostra.store.tables.push import push_keys, push_subscriptions
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import notifications

ACCOUNT, TOKEN = number("account"), number("token")
_columns = [push_subscriptions.c[name] for name in Subscription.__struct_fields__]

KEY = query(select(push_keys.c.private).where(push_keys.c.id == const(1)))
ADD_KEY = insert_or_ignore(push_keys)
DROP_KEY = query(delete(push_keys))

ONE = query(select(*_columns).where(push_subscriptions.c.token_id == TOKEN), Subscription)
SET = upsert(push_subscriptions, ["token_id"])
CHANGE = query(
    push_subscriptions.update()
    .where(push_subscriptions.c.token_id == TOKEN)
    .values(
        alerts=bindparam("new_alerts", type_=Text()), policy=bindparam("new_policy", type_=Text())
    )
)
DROP = query(delete(push_subscriptions).where(push_subscriptions.c.token_id == TOKEN))
DROP_DEAD = query(
    delete(push_subscriptions).where(
        push_subscriptions.c.token_id == TOKEN,
        push_subscriptions.c.endpoint == bindparam("dead", type_=Text()),
    )
)
DROP_TOKENS = query(
    delete(push_subscriptions).where(in_ids(push_subscriptions.c.token_id, "tokens"))
)
DROP_EVERY = query(delete(push_subscriptions))
DROP_ACCOUNT = query(delete(push_subscriptions).where(push_subscriptions.c.account_id == ACCOUNT))

# Who is to hear of some notifications: devices that want this kind are told from those by `alerts`.
WAITING = query(
    select(
        push_subscriptions.c.token_id,
        notifications.c.id,
        notifications.c.kind,
        push_subscriptions.c.alerts,
    )
    .select_from(
        push_subscriptions.join(
            notifications, notifications.c.account_id == push_subscriptions.c.account_id
        )
    )
    .where(
        in_ids(push_subscriptions.c.account_id, "accounts"),
        in_ids(notifications.c.id, "notifications"),
        notifications.c.set_aside == const(0),
    )
)
# The same again when it is sent: token, member and notification are still there.
STILL = query(
    select(*_columns, users.c.locale, users.c.filters_version)
    .select_from(
        push_subscriptions.join(oauth_tokens, oauth_tokens.c.id == push_subscriptions.c.token_id)
        .join(users, users.c.account_id == push_subscriptions.c.account_id)
        .join(accounts, accounts.c.id == push_subscriptions.c.account_id)
        .join(notifications, notifications.c.account_id == push_subscriptions.c.account_id)
    )
    .where(
        push_subscriptions.c.token_id == TOKEN,
        oauth_tokens.c.account_id == push_subscriptions.c.account_id,
        notifications.c.id == number("notification"),
        notifications.c.set_aside == const(0),
        accounts.c.state == const(0),
        users.c.disabled_at == const(0),
    )
)
FOLLOWS = query(
    select(
        exists(
            select(const(1)).where(
                follows.c.account_id == number("follower"),
                follows.c.target_id == number("followed"),
            )
        )
    )
)
