"""The SQL of accounts, private to this slice."""

from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, not_, or_, select

from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.accounts.limits import OWN_SHIFT, OWN_STATE, Limit
from rostra.network.accounts.model import AccountRow, Invited, Marker, Profile, User
from rostra.network.accounts.sql import free_of
from rostra.store.query import (
    const,
    in_ids,
    in_texts,
    insert,
    insert_or_ignore,
    number,
    query,
    query_text,
)
from rostra.store.tables.accounts import accounts, profiles, reserved_names, users
from rostra.store.tables.credentials import markers
from rostra.store.tables.relations import blocks, follow_requests, mutes

ID = number("id")
VIEWER = number("viewer")
LOCAL = accounts.c.domain == bindparam("domain")
ROW: list[Any] = [accounts.c[name] for name in AccountRow.__struct_fields__]
_OF_PROFILE = [name for name in Profile.__struct_fields__ if name != "username"]
PROFILE: list[Any] = [*(profiles.c[name] for name in _OF_PROFILE), accounts.c.username]
USER: list[Any] = [users.c[name] for name in User.__struct_fields__]

_block, _any_block = blocks.alias(), blocks.alias()
_blocks_viewer = exists(
    select(const(1)).where(_block.c.account_id == accounts.c.id, _block.c.target_id == VIEWER)
)
# Most viewers are blocked by nobody: that is asked once for the whole statement.
_blocked_by_any = exists(select(const(1)).where(_any_block.c.target_id == VIEWER))
# Active, or the viewer's own; and not blocking the viewer.
VISIBLE = and_(
    or_(accounts.c.state == const(0), accounts.c.id == VIEWER),
    not_(and_(_blocked_by_any, _blocks_viewer)),
)

VISIBLE_BY_IDS = query(select(*ROW).where(in_ids(accounts.c.id, "ids"), VISIBLE), AccountRow)
VISIBLE_BY_NAME = query(
    select(*ROW).where(accounts.c.username_key == bindparam("name"), LOCAL, VISIBLE), AccountRow
)
VISIBLE_BY_NAMES = query(
    select(*ROW).where(in_texts(accounts.c.username_key, "names"), LOCAL, VISIBLE), AccountRow
)
ANY_BY_ID = query(select(*ROW).where(accounts.c.id == ID), AccountRow)
ANY_BY_NAME = query(
    select(*ROW).where(accounts.c.username_key == bindparam("name"), LOCAL), AccountRow
)
# Whoever changes an account from what it is takes its row first, and reads all else after that:
# PostgreSQL reads what is committed when a statement begins, and nothing changes behind a lock.
# Always `accounts` before `users`, so that no two wait for each other.
LOCK = query(select(*ROW).where(accounts.c.id == ID).with_for_update(key_share=True), AccountRow)
PROFILES = query(
    select(*PROFILE)
    .select_from(profiles.join(accounts, accounts.c.id == profiles.c.account_id))
    .where(in_ids(profiles.c.account_id, "ids")),
    Profile,
)

USER_BY_ID = query(select(*USER).where(users.c.account_id == ID), User)
LOCK_USER = query(select(*USER).where(users.c.account_id == ID).with_for_update(), User)
USER_BY_NAME = query(
    select(*USER)
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.username_key == bindparam("name"), LOCAL),
    User,
)
SIGNING_IN_FROM = query(
    select(*ROW)
    .select_from(accounts.join(users, accounts.c.id == users.c.account_id))
    .where(
        accounts.c.id >= ID,
        accounts.c.state == const(0),
        accounts.c.limits == const(0),
        users.c.disabled_at == const(0),
        users.c.leaves_at == const(0),
    )
    .order_by(accounts.c.id)
    .limit(const(1)),
    AccountRow,
)
USER_BY_EMAIL = query(select(*USER).where(users.c.email_key == bindparam("key")), User)

# Whoever asks for a name that looks the same waits here until the first one's transaction has
# ended, and sees what it did. SQLite lets only one write at a time anyway.
ASK_FOR_NAME = query_text(
    sqlite="SELECT length(:skeleton)",
    postgresql="SELECT pg_advisory_xact_lock(26811, hashtext(CAST(:skeleton AS text)))",
)
LOOK_ALIKE = query(
    select(accounts.c.username_key).where(accounts.c.skeleton == bindparam("skeleton"), LOCAL)
)
RESERVED = query(
    select(reserved_names.c.id).where(reserved_names.c.skeleton == bindparam("skeleton"))
)
RESERVE = insert_or_ignore(reserved_names)

_ACCOUNT_COLUMNS = (
    "id",
    "username",
    "username_key",
    "domain",
    "version",
    "state",
    "discoverable",
    "indexable",
    "created_at",
    "skeleton",
)
ADD_ACCOUNT = insert_or_ignore(accounts, _ACCOUNT_COLUMNS)
ADD_PROFILE = insert(profiles, ("account_id", "display_name"))
ADD_USER = insert_or_ignore(
    users,
    (
        "account_id",
        "email",
        "email_key",
        "password_hash",
        "role",
        "confirmed_at",
        "approved_at",
        "sign_up_reason",
        "invite_id",
        "terms_version",
        "locale",
        "last_seen_day",
        "created_at",
    ),
)

BUMP = query(
    accounts.update().where(accounts.c.id == ID).values(version=accounts.c.version + const(1))
)
# A suspended account stays so: what it would be without that is written beside it.
_suspended = accounts.c.limits.bitwise_and(const(Limit.SUSPENDED)) != const(0)
_state = number("state")
SET_STATE = query(
    accounts.update()
    .where(accounts.c.id == ID)
    .values(
        state=case((_suspended, accounts.c.state), else_=_state),
        limits=case(
            (
                _suspended,
                accounts.c.limits.bitwise_and(const(~OWN_STATE)) + _state * const(1 << OWN_SHIFT),
            ),
            else_=accounts.c.limits,
        ),
        version=accounts.c.version + const(1),
    )
)
SET_FLAGS = query(
    accounts.update()
    .where(accounts.c.id == ID)
    .values(
        **{
            name: bindparam(name)
            for name in ("locked", "bot", "discoverable", "indexable", "hide_collections")
        },
        version=accounts.c.version + const(1),
    )
)
SET_PROFILE = query(
    profiles.update()
    .where(profiles.c.account_id == ID)
    .values(
        **{n: bindparam(n) for n in _OF_PROFILE if n != "account_id"},
    )
)
SET_PREFERENCES = query(
    users.update()
    .where(users.c.account_id == ID)
    .values(
        **{
            name: bindparam(name)
            for name in (
                "default_visibility",
                "default_sensitive",
                "default_language",
                "default_quote_policy",
                "preferences",
                "locale",
            )
        }
    )
)
SET_APPROVED = query(
    users.update().where(users.c.account_id == ID).values(approved_at=bindparam("now"))
)
SET_CONFIRMED = query(
    users.update()
    .where(users.c.account_id == ID)
    .values(
        confirmed_at=bindparam("now"), email=bindparam("email"), email_key=bindparam("email_key")
    )
)
SET_ROLE = query(users.update().where(users.c.account_id == ID).values(role=bindparam("role")))
SET_DISABLED = query(
    users.update().where(users.c.account_id == ID).values(disabled_at=bindparam("now"))
)
SET_LEAVING = query(
    users.update().where(users.c.account_id == ID).values(leaves_at=bindparam("leaves"))
)
SET_TERMS = query(
    users.update().where(users.c.account_id == ID).values(terms_version=bindparam("terms"))
)
# Those who stay. Locked, so that of two who go at once the second finds that it is the last.
LOCK_OWNERS = query(
    select(users.c.account_id)
    .where(users.c.role == const(3), users.c.leaves_at == const(0))
    .order_by(users.c.account_id)
    .with_for_update(),
    int,
)

DROP_ACCOUNT = query(accounts.delete().where(accounts.c.id == ID))
DROP_PROFILE = query(profiles.delete().where(profiles.c.account_id == ID))
DROP_USER = query(users.delete().where(users.c.account_id == ID))

FOLLOW_REQUESTS = query(
    select(func.count()).select_from(follow_requests).where(follow_requests.c.target_id == ID)
)

_shunned, _muted = blocks.alias(), mutes.alias()
# Whom the viewer blocks or mutes (`relations.sql` stands to the right of this slice).
_unwanted = or_(
    exists(
        select(const(1)).where(
            _shunned.c.account_id == VIEWER, _shunned.c.target_id == accounts.c.id
        )
    ),
    exists(
        select(const(1)).where(
            _muted.c.account_id == VIEWER,
            _muted.c.target_id == accounts.c.id,
            or_(
                _muted.c.expires_at == const(0),
                _muted.c.expires_at > number("now"),
            ),
        )
    ),
)
_directory = (
    select(accounts.c.id)
    .where(
        accounts.c.discoverable == const(1),
        LOCAL,
        VISIBLE,
        free_of(Limit.REACH, accounts.c),
        not_(_unwanted),
    )
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
DIRECTORY_ACTIVE = query(_directory.order_by(accounts.c.last_post_at.desc(), accounts.c.id.desc()))
DIRECTORY_NEW = query(_directory.order_by(accounts.c.id.desc()))

MEMBERS = query(
    select(*ROW, *USER)
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(
        accounts.c.id < number("below"),
        or_(
            number("state") == const(-1),
            accounts.c.state == number("state"),
        ),
        users.c.role >= number("role"),
    )
    .order_by(accounts.c.id.desc())
    .limit(bindparam("limit"))
)
INVITED = query(
    select(users.c.invite_id, accounts.c.id, accounts.c.username, users.c.created_at)
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(in_ids(users.c.invite_id, "invites"))
    .order_by(users.c.account_id.desc())
    .limit(const(1_000)),
    Invited,
)
USED_PICTURES = query(
    select(
        profiles.c.avatar_key,
        profiles.c.avatar_static_key,
        profiles.c.header_key,
        profiles.c.header_static_key,
    ).where(
        or_(
            in_texts(profiles.c.avatar_key, "keys"),
            in_texts(profiles.c.avatar_static_key, "keys"),
            in_texts(profiles.c.header_key, "keys"),
            in_texts(profiles.c.header_static_key, "keys"),
        )
    )
)

_ACCOUNT = number("account")
MARKERS = query(
    select(*[markers.c[name] for name in Marker.__struct_fields__]).where(
        markers.c.account_id == _ACCOUNT, in_texts(markers.c.timeline, "timelines")
    ),
    Marker,
)
ADD_MARKER = insert_or_ignore(markers)
# Only from the version that was read: of two devices at the same time, one is told.
MOVE_MARKER = query(
    markers.update()
    .where(
        markers.c.account_id == _ACCOUNT,
        markers.c.timeline == bindparam("line"),
        markers.c.version == number("seen"),
    )
    .values(last_read_id=bindparam("last"), version=bindparam("next"), updated_at=bindparam("now"))
)
DROP_MARKERS = query(markers.delete().where(markers.c.account_id == _ACCOUNT))

# What every surface shows of an account; the loader is `cards.py`.
HEADS = query(
    select(*[accounts.c[name] for name in AccountHead.__struct_fields__]).where(
        in_ids(accounts.c.id, "ids"), VISIBLE
    )
)
CARDS = query(
    select(
        *[accounts.c[name] for name in AccountCard.__struct_fields__[:10]],
        *[profiles.c[name] for name in AccountCard.__struct_fields__[10:-2]],
        users.c.role,
        accounts.c.limits,
    )
    .select_from(
        accounts.join(profiles, profiles.c.account_id == accounts.c.id).outerjoin(
            users, users.c.account_id == accounts.c.id
        )
    )
    .where(in_ids(accounts.c.id, "ids")),
    AccountCard,
)
