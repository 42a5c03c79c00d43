"""The SQL of the place, private to this slice."""

from sqlalchemy import bindparam, func, or_, select

from rostra.network.instance.model import EmojiRow, Invite, Rule, Terms
from rostra.store.query import const, insert, insert_or_ignore, number, query, upsert
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import oauth_tokens, sessions
from rostra.store.tables.instance import (
    custom_emojis,
    instance_settings,
    invites,
    rule_translations,
    rules,
    terms,
)
from rostra.store.tables.posts import posts

_ID = number("id")
_NOW = number("now")
_SINCE = number("since")
_UNTIL = number("until")

SETTINGS = query(
    select(instance_settings.c.name, instance_settings.c.value, instance_settings.c.updated_at)
)
VERSION = query(
    select(instance_settings.c.value).where(instance_settings.c.name == bindparam("name"))
)
SET = upsert(instance_settings, ["name"])
UNSET = query(instance_settings.delete().where(instance_settings.c.name == bindparam("key")))

RULES = query(select(*rules.c).order_by(rules.c.position, rules.c.id), Rule)
ADD_RULE = insert(rules)
PUT_RULE = upsert(rules, ["id"])
RULE_WORDS = query(select(*rule_translations.c))
PUT_RULE_WORDS = upsert(rule_translations, ["rule_id", "language"])
DROP_RULE_WORDS = query(
    rule_translations.delete().where(
        rule_translations.c.rule_id == _ID, rule_translations.c.language == bindparam("language")
    )
)
DROP_WORDS_OF = query(rule_translations.delete().where(rule_translations.c.rule_id == _ID))
DROP_RULE = query(rules.delete().where(rules.c.id == _ID))

TERMS = query(select(*terms.c).order_by(terms.c.effective_at.desc(), terms.c.id.desc()), Terms)
ADD_TERMS = insert(terms)

EMOJIS = query(
    select(*[custom_emojis.c[name] for name in EmojiRow.__struct_fields__]).order_by(
        custom_emojis.c.category, custom_emojis.c.shortcode
    ),
    EmojiRow,
)
EMOJI = query(
    select(*[custom_emojis.c[name] for name in EmojiRow.__struct_fields__]).where(
        custom_emojis.c.shortcode == bindparam("shortcode")
    ),
    EmojiRow,
)
PUT_EMOJI = upsert(custom_emojis, ["shortcode"])
DROP_EMOJI = query(custom_emojis.delete().where(custom_emojis.c.id == _ID))

_INVITE = [invites.c[name] for name in Invite.__struct_fields__]
ADD_INVITE = insert_or_ignore(invites)
INVITE_BY_CODE = query(select(*_INVITE).where(invites.c.code == bindparam("code")), Invite)
INVITES_OF = query(
    select(*_INVITE)
    .where(invites.c.created_by == number("owner"))
    .order_by(invites.c.id.desc())
    .limit(const(200)),
    Invite,
)
INVITES = query(select(*_INVITE).order_by(invites.c.id.desc()).limit(const(500)), Invite)
DROP_INVITES_OF = query(invites.delete().where(invites.c.created_by == number("owner")))
INVITE = query(select(*_INVITE).where(invites.c.id == _ID), Invite)
REVOKE_INVITE = query(
    invites.update()
    .where(
        invites.c.id == _ID,
        invites.c.revoked_at == const(0),
        or_(
            number("owner") == const(0),
            invites.c.created_by == number("owner"),
        ),
    )
    .values(revoked_at=_NOW)
)
# One statement checks and counts, so that two who come at once cannot both take the last place.
USE_INVITE = query(
    invites.update()
    .where(
        invites.c.id == _ID,
        invites.c.revoked_at == const(0),
        or_(invites.c.expires_at == const(0), invites.c.expires_at > _NOW),
        or_(invites.c.max_uses == const(0), invites.c.uses < invites.c.max_uses),
    )
    .values(uses=invites.c.uses + const(1))
)

MEMBERS = query(
    select(func.count())
    .select_from(accounts)
    .where(accounts.c.domain == bindparam("nowhere"), accounts.c.state == const(0))
)
SEEN_SINCE = query(
    select(func.count()).select_from(users).where(users.c.last_seen_day >= number("day"))
)
POSTS = query(
    select(func.coalesce(func.sum(accounts.c.statuses_count), const(0))).where(
        accounts.c.domain == bindparam("nowhere")
    )
)
POSTS_BETWEEN = query(
    select(func.count()).select_from(posts).where(posts.c.id >= _SINCE, posts.c.id < _UNTIL)
)
JOINED_BETWEEN = query(
    select(func.count())
    .select_from(accounts)
    .where(
        accounts.c.id >= _SINCE,
        accounts.c.id < _UNTIL,
        accounts.c.domain == bindparam("nowhere"),
        accounts.c.state == const(0),
    )
)
SIGN_INS_BETWEEN = query(
    select(func.count(func.distinct(sessions.c.account_id))).where(
        sessions.c.id >= _SINCE, sessions.c.id < _UNTIL
    )
)
APP_SIGN_INS_BETWEEN = query(
    select(func.count(func.distinct(oauth_tokens.c.account_id))).where(
        oauth_tokens.c.id >= _SINCE,
        oauth_tokens.c.id < _UNTIL,
        oauth_tokens.c.account_id > const(0),
    )
)
