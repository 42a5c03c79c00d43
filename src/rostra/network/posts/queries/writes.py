"""What is written of posts."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import insert as insert_into

from rostra.network.posts.model import Meant, Quoting, Removable, Visibility
from rostra.store.query import (
    const,
    in_texts,
    insert,
    insert_or_ignore,
    number,
    query,
    query_in,
    query_text,
)
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.polls import poll_options, polls
from rostra.store.tables.posts import (
    idempotency_keys,
    pins,
    post_edits,
    post_mentions,
    post_tags,
    post_texts,
    posts,
    public_posts,
    quotes,
    tags,
)
from rostra.store.tables.previews import post_cards
from rostra.store.tables.relations import blocks

POST = number("post")
ACCOUNT = number("account")
NOW = number("now")

AUTHOR = query(
    select(
        accounts.c.followers_count,
        accounts.c.merged_since,
        users.c.default_visibility,
        users.c.default_sensitive,
        users.c.default_language,
        users.c.default_quote_policy,
        users.c.default_interaction_policies,
        accounts.c.limits,
    )
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(accounts.c.id == ACCOUNT)
)

_block = blocks.alias()
# Local accounts that a post names; whoever blocks the author is not reached, and not linked either.
NAMED = query(
    select(accounts.c.id, accounts.c.username, accounts.c.username_key)
    .select_from(
        accounts.outerjoin(
            _block, (_block.c.account_id == accounts.c.id) & (_block.c.target_id == ACCOUNT)
        )
    )
    .where(
        in_texts(accounts.c.username_key, "names"),
        accounts.c.domain == bindparam("domain"),
        accounts.c.state == const(0),
        _block.c.id.is_(None),
    )
)

_removable = [posts.c[name] for name in Removable.__struct_fields__]
REMOVABLE = query(select(*_removable).where(posts.c.id == POST), Removable)
_given = posts.alias("given")
# The post meant by an id (of a reblog: the original), whoever may see it.
MEANT = query(
    select(posts.c.id, posts.c.account_id, posts.c.thread_id, posts.c.interaction_policy).where(
        posts.c.id
        == select(
            case((_given.c.reblog_of_id == const(0), _given.c.id), else_=_given.c.reblog_of_id)
        )
        .where(_given.c.id == POST)
        .scalar_subquery()
    ),
    Meant,
)

INSERT_POST = insert(posts)
INSERT_TEXT = insert(post_texts)
INSERT_MENTION = insert_or_ignore(post_mentions)

# Rows as a JSON list of [id, folded name, name as written]. When a tag was used last is only told
# of public posts (`used` is 0 for others), and to the minute, so that a popular tag is not written
# with each of them.
_TAGS = (
    "INSERT INTO tags (id, name, display_name, last_post_at)"
    " SELECT {id}, given.value ->> 1, given.value ->> 2, CAST(:used AS bigint)"
    " FROM {rows} WHERE true ON CONFLICT (name) DO UPDATE"
    " SET last_post_at = excluded.last_post_at"
    " WHERE excluded.last_post_at > tags.last_post_at + 60000"
)
PUT_TAGS = query_text(
    sqlite=_TAGS.format(id="given.value ->> 0", rows="json_each(:rows) AS given"),
    postgresql=_TAGS.format(
        id="CAST(given.value ->> 0 AS bigint)",
        rows="jsonb_array_elements(CAST(:rows AS jsonb)) AS given(value)",
    ),
)
LINK_TAGS = query(
    insert_into(post_tags).from_select(
        ["tag_id", "post_id", "account_id", "visibility"],
        select(tags.c.id, POST, ACCOUNT, number("visibility")).where(
            in_texts(tags.c.name, "names")
        ),
    )
)
TAGS_OF = query(select(post_tags.c.tag_id).where(post_tags.c.post_id == POST), int)

INSERT_PUBLIC = insert(public_posts)
DELETE_PUBLIC = query(delete(public_posts).where(public_posts.c.post_id == POST))

# What is posted at the same time may be counted in another order.
COUNT_POST = query(
    update(accounts)
    .where(accounts.c.id == ACCOUNT)
    .values(
        statuses_count=accounts.c.statuses_count + const(1),
        last_post_at=case((accounts.c.last_post_at < NOW, NOW), else_=accounts.c.last_post_at),
    )
)
UNCOUNT_POST = query(
    update(accounts)
    .where(accounts.c.id == ACCOUNT)
    .values(statuses_count=accounts.c.statuses_count - const(1))
)
# Run after UNCOUNT_POST, which locks the row: on PostgreSQL it then sees every post counted so far.
_latest = posts.alias("latest")
LOOK_AT_LAST_POST = query(
    update(accounts)
    .where(accounts.c.id == ACCOUNT)
    .values(
        last_post_at=func.coalesce(
            select(_latest.c.created_at)
            .where(_latest.c.account_id == ACCOUNT, _latest.c.visibility < const(Visibility.DIRECT))
            .order_by(_latest.c.id.desc())
            .limit(const(1))
            .scalar_subquery(),
            const(0),
        )
    )
)
COUNT_REPLY = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(replies_count=posts.c.replies_count + number("change"))
)
COUNT_REBLOG = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(reblogs_count=posts.c.reblogs_count + number("change"))
)
COUNT_FAVOURITE = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(favourites_count=posts.c.favourites_count + number("change"))
)
COUNT_QUOTE = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(quotes_count=posts.c.quotes_count + number("change"))
)
INSERT_QUOTE = insert(quotes)
DELETE_QUOTE = query(
    delete(quotes)
    .where(quotes.c.post_id == POST)
    .returning(*[quotes.c[name] for name in Quoting.__struct_fields__]),
    Quoting,
)
# The post that another one quotes, as long as it may.
QUOTED = query(
    select(quotes.c.quoted_id).where(
        quotes.c.post_id == number("quoting"), quotes.c.state == const(0)
    )
)
REVOKE_QUOTE = query(
    update(quotes)
    .where(
        quotes.c.post_id == number("quoting"),
        quotes.c.quoted_id == POST,
        quotes.c.state == const(0),
    )
    .values(state=const(1))
)
SET_QUOTE_POLICY = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(quote_policy=number("quote_policy"), version=posts.c.version + const(1))
)


def _claim(words: Any) -> Any:
    names = ("id", "account_id", "key_hash", "post_id", "expires_at")
    values = {name: bindparam(name, type_=idempotency_keys.c[name].type) for name in names}
    adding = words.insert(idempotency_keys).values(values)
    return adding.on_conflict_do_update(
        index_elements=["account_id", "key_hash"],
        set_={name: adding.excluded[name] for name in ("post_id", "expires_at")},
        where=idempotency_keys.c.expires_at <= NOW,
    )


# A new key, or one whose hour is over; a key that is held stays as it is: no row.
CLAIM_KEY = query_in(_claim)
KEY_POST = query(
    select(idempotency_keys.c.post_id).where(
        idempotency_keys.c.account_id == ACCOUNT,
        idempotency_keys.c.key_hash == bindparam("key_hash"),
    ),
    int,
)

UPDATE_POST = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(
        version=posts.c.version + const(1),
        sensitive=number("sensitive"),
        limits=number("limits"),
        media_count=number("media_count"),
        poll=number("poll"),
        quote_policy=number("quote_policy"),
        interaction_policy=number("interaction_policy"),
        edited_at=NOW,
    )
)
UPDATE_TEXT = query(
    update(post_texts)
    .where(post_texts.c.post_id == POST)
    .values(
        text=bindparam("text"),
        html=bindparam("html"),
        spoiler_text=bindparam("spoiler_text"),
        language=bindparam("language"),
    )
)
INSERT_EDIT = insert(post_edits)
EDITS = query(
    select(
        post_edits.c.html,
        post_edits.c.spoiler_text,
        post_edits.c.sensitive,
        post_edits.c.media,
        post_edits.c.poll,
        post_edits.c.created_at,
    )
    .where(post_edits.c.post_id == POST)
    .order_by(post_edits.c.id)
    .limit(const(200))
)
POLL_END = query(select(polls.c.ends_at).where(polls.c.post_id == POST))
OPTIONS = query(
    select(poll_options.c.title)
    .where(poll_options.c.post_id == POST)
    .order_by(poll_options.c.position),
    str,
)
LAST_EDIT = query(select(func.max(post_edits.c.id)).where(post_edits.c.post_id == POST))
DELETE_MENTIONS = query(delete(post_mentions).where(post_mentions.c.post_id == POST))
MENTIONED = query(select(post_mentions.c.account_id).where(post_mentions.c.post_id == POST), int)
DELETE_TAGS = query(delete(post_tags).where(post_tags.c.post_id == POST))

# What it was when it went: a decision may have changed it since it was looked at.
DELETE_POST = query(delete(posts).where(posts.c.id == POST).returning(*_removable), Removable)
DELETE_TEXT = query(delete(post_texts).where(post_texts.c.post_id == POST))
DELETE_EDITS = query(delete(post_edits).where(post_edits.c.post_id == POST))
DELETE_PINS = query(delete(pins).where(pins.c.post_id == POST))
MOVE_KEYS = query(
    update(idempotency_keys)
    .where(idempotency_keys.c.account_id == ACCOUNT, idempotency_keys.c.post_id == POST)
    .values(post_id=number("now_post"))
)
DELETE_KEYS = query(
    delete(idempotency_keys).where(
        idempotency_keys.c.account_id == ACCOUNT, idempotency_keys.c.post_id == POST
    )
)


LOCK_OWN = query(
    update(posts)
    .where(posts.c.id == POST, posts.c.account_id == ACCOUNT)
    .values(version=posts.c.version)
)

_showing = select(post_cards.c.post_id).where(
    post_cards.c.card_id == bindparam("card", type_=BigInteger())
)
BUMP_SHOWING = query(
    update(posts).where(posts.c.id.in_(_showing)).values(version=posts.c.version + const(1))
)
