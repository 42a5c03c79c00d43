"""The SQL of credentials, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, exists, func, select

from rostra.network.credentials.model import (
    AliveToken,
    App,
    Passkey,
    Session,
    SessionHolder,
    Token,
    TokenHolder,
)
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import (
    email_tokens,
    oauth_apps,
    oauth_codes,
    oauth_tokens,
    passkey_challenges,
    passkeys,
    recovery_codes,
    sessions,
)

ACCOUNT = number("account")
HASH: Any = bindparam("hash")

_STANDING: list[Any] = [
    users.c.role,
    users.c.confirmed_at,
    users.c.approved_at,
    users.c.disabled_at,
    users.c.last_seen_day,
    accounts.c.state,
    users.c.terms_version,
    users.c.filters_version,
    users.c.followed_tags,
]

# The two that run with every request. Each is one statement with three keyed look-ups.
VIEWER_BY_TOKEN = query(
    select(
        *_STANDING,
        oauth_tokens.c.id,
        oauth_tokens.c.app_id,
        oauth_tokens.c.account_id,
        oauth_tokens.c.scopes,
        oauth_tokens.c.last_used_day,
    )
    .select_from(
        oauth_tokens.outerjoin(users, users.c.account_id == oauth_tokens.c.account_id).outerjoin(
            accounts, accounts.c.id == oauth_tokens.c.account_id
        )
    )
    .where(oauth_tokens.c.token_hash == HASH),
    TokenHolder,
)
# Those of the tokens (``ids``) whose member may still act; see `access.member_state`.
ALIVE = query(
    select(oauth_tokens.c.id, users.c.terms_version)
    .select_from(
        oauth_tokens.join(users, users.c.account_id == oauth_tokens.c.account_id).join(
            accounts, accounts.c.id == oauth_tokens.c.account_id
        )
    )
    .where(
        in_ids(oauth_tokens.c.id, "ids"),
        accounts.c.state == const(0),
        users.c.disabled_at == const(0),
        users.c.confirmed_at > const(0),
        users.c.approved_at > const(0),
    ),
    AliveToken,
)
VIEWER_BY_SESSION = query(
    select(
        *_STANDING,
        sessions.c.id,
        sessions.c.account_id,
        sessions.c.last_seen_at,
        users.c.duties,
    )
    .select_from(
        sessions.join(users, users.c.account_id == sessions.c.account_id).join(
            accounts, accounts.c.id == sessions.c.account_id
        )
    )
    .where(sessions.c.token_hash == HASH),
    SessionHolder,
)

SEEN_TOKEN = query(
    oauth_tokens.update()
    .where(oauth_tokens.c.id == number("token"), oauth_tokens.c.last_used_day < number("day"))
    .values(last_used_day=number("day"))
)
SEEN_SESSION = query(
    sessions.update().where(sessions.c.id == number("session")).values(last_seen_at=number("now"))
)
SEEN_MEMBER = query(
    users.update()
    .where(users.c.account_id == ACCOUNT, users.c.last_seen_day < number("day"))
    .values(last_seen_day=number("day"))
)

# Whoever opens something for a member and whoever ends everything take this row first: one of them
# sees what the other has done.
LOCK_MEMBER = query(
    select(users.c.account_id).where(users.c.account_id == ACCOUNT).with_for_update()
)
SET_PASSWORD = query(
    users.update().where(users.c.account_id == ACCOUNT).values(password_hash=bindparam("new"))
)
SWAP_PASSWORD = query(
    users.update()
    .where(users.c.account_id == ACCOUNT, users.c.password_hash == bindparam("old"))
    .values(password_hash=bindparam("new"))
)

SET_TOTP_PENDING = query(
    users.update().where(users.c.account_id == ACCOUNT).values(totp_pending=bindparam("secret"))
)
SET_TOTP = query(
    users.update()
    .where(users.c.account_id == ACCOUNT)
    .values(
        totp_secret=bindparam("secret"), totp_last_step=number("step"), totp_pending=bindparam("no")
    )
)
# True at most once for each step, however many ask at the same time.
USE_TOTP_STEP = query(
    users.update()
    .where(users.c.account_id == ACCOUNT, users.c.totp_last_step < number("step"))
    .values(totp_last_step=number("step"))
)
ADD_RECOVERY_CODE = insert(recovery_codes)
DROP_RECOVERY_CODES = query(recovery_codes.delete().where(recovery_codes.c.account_id == ACCOUNT))
USE_RECOVERY_CODE = query(
    recovery_codes.delete().where(
        recovery_codes.c.account_id == ACCOUNT, recovery_codes.c.code_hash == HASH
    )
)
RECOVERY_CODES_LEFT = query(
    select(func.count()).select_from(recovery_codes).where(recovery_codes.c.account_id == ACCOUNT)
)

_SESSION = [sessions.c[name] for name in Session.__struct_fields__]
ADD_SESSION = insert(sessions)
SESSIONS = query(
    select(*_SESSION)
    .where(sessions.c.account_id == ACCOUNT)
    .order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc())
    .limit(const(200)),
    Session,
)
SESSION_STANDS = query(
    select(sessions.c.id).where(
        sessions.c.id == number("session"), sessions.c.account_id == ACCOUNT
    )
)
DROP_SESSION = query(
    sessions.delete().where(sessions.c.id == number("session"), sessions.c.account_id == ACCOUNT)
)
DROP_SESSIONS = query(
    sessions.delete().where(sessions.c.account_id == ACCOUNT, sessions.c.id != number("kept"))
)
DROP_OLD_SESSIONS = query(sessions.delete().where(sessions.c.last_seen_at < number("before")))

_APP = [oauth_apps.c[name] for name in App.__struct_fields__]
ADD_APP = insert(oauth_apps, App.__struct_fields__)
APP_BY_CLIENT_ID = query(select(*_APP).where(oauth_apps.c.client_id == bindparam("client_id")), App)
APP_BY_ID = query(select(*_APP).where(oauth_apps.c.id == number("app")), App)

_TOKEN = [oauth_tokens.c[name] for name in Token.__struct_fields__]
USE_APP = query(
    oauth_apps.update()
    .where(oauth_apps.c.id == number("app"), oauth_apps.c.used_at == const(0))
    .values(used_at=number("now"))
)
# Registered by anybody and never let in by a member. The others stay: posts name them.
_unused = (
    select(oauth_apps.c.id)
    .where(
        oauth_apps.c.used_at == const(0),
        oauth_apps.c.created_at < number("before"),
        oauth_apps.c.id.not_in(select(oauth_codes.c.app_id)),
        ~exists(select(const(1)).where(oauth_tokens.c.app_id == oauth_apps.c.id)),
    )
    .limit(number("limit"))
)
DROP_UNUSED_APPS = query(oauth_apps.delete().where(oauth_apps.c.id.in_(_unused)))
ADD_TOKEN = insert(oauth_tokens)
TOKEN_BY_HASH = query(select(*_TOKEN).where(oauth_tokens.c.token_hash == HASH), Token)
TOKENS_OF = query(
    select(*_TOKEN).where(oauth_tokens.c.account_id == ACCOUNT).order_by(oauth_tokens.c.id), Token
)
TOKENS_OF_APP = query(
    select(oauth_tokens.c.id).where(
        oauth_tokens.c.account_id == ACCOUNT, oauth_tokens.c.app_id == number("app")
    )
)
DROP_TOKEN = query(oauth_tokens.delete().where(oauth_tokens.c.id == number("token")))
# Of apps themselves (account 0), which anybody gets who has registered one.
DROP_UNUSED_APP_TOKENS = query(
    oauth_tokens.delete().where(
        oauth_tokens.c.account_id == 0, oauth_tokens.c.last_used_day < number("day")
    )
)
_PLACE = (
    func.row_number()
    .over(partition_by=oauth_tokens.c.app_id, order_by=oauth_tokens.c.id.desc())
    .label("place")
)
_NEWEST_FIRST = (
    select(oauth_tokens.c.id, _PLACE).where(oauth_tokens.c.account_id == 0).subquery("newest_first")
)
DROP_MORE_APP_TOKENS = query(
    oauth_tokens.delete().where(
        oauth_tokens.c.id.in_(
            select(_NEWEST_FIRST.c.id).where(_NEWEST_FIRST.c.place > number("most"))
        )
    )
)
DROP_TOKENS = query(oauth_tokens.delete().where(oauth_tokens.c.account_id == ACCOUNT))
DROP_TOKENS_OF_APP = query(
    oauth_tokens.delete().where(
        oauth_tokens.c.account_id == ACCOUNT, oauth_tokens.c.app_id == number("app")
    )
)
AUTHORISED = query(
    select(
        oauth_tokens.c.app_id,
        oauth_apps.c.name,
        oauth_apps.c.website,
        oauth_tokens.c.scopes,
        oauth_tokens.c.created_at,
        oauth_tokens.c.last_used_day,
    )
    .select_from(oauth_tokens.outerjoin(oauth_apps, oauth_apps.c.id == oauth_tokens.c.app_id))
    .where(oauth_tokens.c.account_id == ACCOUNT)
    .order_by(oauth_tokens.c.id.desc())
)

ADD_CODE = insert(oauth_codes)
CODE = query(select(*oauth_codes.c).where(oauth_codes.c.code_hash == HASH))
DROP_CODE = query(oauth_codes.delete().where(oauth_codes.c.code_hash == HASH))
DROP_CODES = query(oauth_codes.delete().where(oauth_codes.c.account_id == ACCOUNT))
DROP_CODES_OF_APP = query(
    oauth_codes.delete().where(
        oauth_codes.c.account_id == ACCOUNT, oauth_codes.c.app_id == number("app")
    )
)
DROP_OLD_CODES = query(oauth_codes.delete().where(oauth_codes.c.expires_at < number("before")))

ADD_LETTER_TOKEN = insert(email_tokens)
LETTER_TOKEN = query(select(*email_tokens.c).where(email_tokens.c.token_hash == HASH))
USE_LETTER_TOKEN = query(email_tokens.delete().where(email_tokens.c.token_hash == HASH))
PENDING_LETTER = query(
    select(email_tokens.c.email).where(
        email_tokens.c.account_id == ACCOUNT,
        email_tokens.c.purpose == bindparam("purpose"),
        email_tokens.c.expires_at > number("now"),
    )
)
DROP_LETTER_TOKENS = query(
    email_tokens.delete().where(
        email_tokens.c.account_id == ACCOUNT, email_tokens.c.purpose == bindparam("purpose")
    )
)
DROP_ALL_LETTER_TOKENS = query(email_tokens.delete().where(email_tokens.c.account_id == ACCOUNT))
DROP_OLD_LETTER_TOKENS = query(
    email_tokens.delete().where(email_tokens.c.expires_at < number("before"))
)

ADD_PASSKEY = insert(passkeys)
_PASSKEY = [passkeys.c[name] for name in Passkey.__struct_fields__]
PASSKEYS = query(
    select(*_PASSKEY).where(passkeys.c.account_id == ACCOUNT).order_by(passkeys.c.id), Passkey
)
PASSKEY = query(
    select(*_PASSKEY).where(passkeys.c.credential_id == bindparam("credential")), Passkey
)
USE_PASSKEY = query(
    passkeys.update()
    .where(passkeys.c.id == number("passkey"), passkeys.c.sign_count == number("old"))
    .values(sign_count=number("new"), last_used_at=number("now"), backed_up=number("copied"))
)
NAME_PASSKEY = query(
    passkeys.update()
    .where(passkeys.c.id == number("passkey"), passkeys.c.account_id == ACCOUNT)
    .values(name=bindparam("called"))
)
DROP_PASSKEY = query(
    passkeys.delete().where(passkeys.c.id == number("passkey"), passkeys.c.account_id == ACCOUNT)
)
DROP_PASSKEYS = query(passkeys.delete().where(passkeys.c.account_id == ACCOUNT))
ADD_CHALLENGE = insert(passkey_challenges)
USE_CHALLENGE = query(
    passkey_challenges.delete().where(
        passkey_challenges.c.challenge_hash == HASH,
        passkey_challenges.c.account_id == ACCOUNT,
        passkey_challenges.c.purpose == bindparam("purpose"),
        passkey_challenges.c.browser_hash == bindparam("browser"),
        passkey_challenges.c.expires_at > number("now"),
    )
)
DROP_CHALLENGES = query(
    passkey_challenges.delete().where(passkey_challenges.c.account_id == ACCOUNT)
)
DROP_OLD_CHALLENGES = query(
    passkey_challenges.delete().where(passkey_challenges.c.expires_at < number("before"))
)

# Of everybody, when nobody serves them: after a host that others have looked into.
DROP_EVERY_SESSION = query(sessions.delete())
DROP_EVERY_TOKEN = query(oauth_tokens.delete())
DROP_EVERY_CODE = query(oauth_codes.delete())
DROP_EVERY_LETTER_TOKEN = query(email_tokens.delete())
DROP_EVERY_CHALLENGE = query(passkey_challenges.delete())
