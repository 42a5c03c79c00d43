"""The SQL of evidence, private to this slice.

The log is only ever added to and read.
"""

from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from rostra.safety.evidence.model import Entry, File, Hold
from rostra.store.query import (
    Query,
    const,
    in_ids,
    insert,
    number,
    query,
)
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.evidence import evidence, evidence_files, evidence_log, evidence_texts
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_edits, post_texts, posts, quotes
from rostra.store.tables.safety import appeals, cases, decision_subjects, decisions

ID, NOW = number("id"), number("now")
_ROW: list[Any] = [evidence.c[name] for name in Hold.__struct_fields__]
_FILE: list[Any] = [evidence_files.c[name] for name in File.__struct_fields__]
_ENTRY: list[Any] = [evidence_log.c[name] for name in Entry.__struct_fields__]
_AMONG = in_ids(evidence.c.id, "ids")
_HELD = evidence.c.gone_at == const(0)
_EMPTY: ColumnElement[str] = literal_column("''")


class PostFacts(NamedTuple):
    """A post and who wrote it."""

    id: int
    account_id: int
    visibility: int
    sensitive: int
    in_reply_to_id: int
    thread_id: int
    media_count: int
    poll: int
    quote: int
    edited_at: int
    created_at: int
    text: str
    spoiler_text: str
    language: str
    username: str
    domain: str
    display_name: str


class ProfileFacts(NamedTuple):
    """An account and its profile."""

    id: int
    username: str
    domain: str
    created_at: int
    display_name: str
    note: str
    fields: str
    avatar_key: str
    avatar_description: str
    header_key: str
    header_description: str


_NAME = func.coalesce(profiles.c.display_name, _EMPTY)
_post = [
    *(posts.c[name] for name in PostFacts._fields[:11]),
    post_texts.c.text,
    post_texts.c.spoiler_text,
    post_texts.c.language,
    accounts.c.username,
    accounts.c.domain,
    _NAME,
]
_written = (
    posts.join(post_texts, post_texts.c.post_id == posts.c.id)
    .join(accounts, accounts.c.id == posts.c.account_id)
    .outerjoin(profiles, profiles.c.account_id == posts.c.account_id)
)
POSTS = query(
    select(*_post).select_from(_written).where(in_ids(posts.c.id, "ids")).order_by(posts.c.id),
    PostFacts,
)
# Nobody deletes or replaces these files before it is written down that they are kept.
MEDIA = query(
    select(
        media.c.post_id,
        media.c.id,
        media.c.kind,
        media.c.description,
        media.c.blob_key,
        media.c.preview_key,
        media.c.preview_width,
        media.c.preview_height,
    )
    .where(in_ids(media.c.post_id, "ids"))
    .order_by(media.c.post_id, media.c.position)
    .with_for_update(read=True)
)
PROFILES = query(
    select(
        accounts.c.id,
        accounts.c.username,
        accounts.c.domain,
        accounts.c.created_at,
        *(profiles.c[name] for name in ProfileFacts._fields[4:]),
    )
    .select_from(accounts.join(profiles, profiles.c.account_id == accounts.c.id))
    .where(in_ids(accounts.c.id, "ids"))
    .with_for_update(read=True, of=profiles),
    ProfileFacts,
)
OPTIONS = query(
    select(poll_options.c.post_id, poll_options.c.title)
    .where(in_ids(poll_options.c.post_id, "ids"))
    .order_by(poll_options.c.post_id, poll_options.c.position)
)
VERSIONS = query(
    select(post_edits.c.post_id, post_edits.c.created_at)
    .where(in_ids(post_edits.c.post_id, "ids"))
    .order_by(post_edits.c.id.desc())
    .limit(number("limit"))
)
QUOTED = query(
    select(quotes.c.post_id, quotes.c.quoted_id).where(
        in_ids(quotes.c.post_id, "ids"), quotes.c.state == const(0), quotes.c.quoted_id > const(0)
    )
)

HELD_OF = query(
    select(*_ROW)
    .where(in_ids(evidence.c.subject_id, "ids"), evidence.c.subject_kind == number("kind"), _HELD)
    .order_by(evidence.c.id)
    .with_for_update(),
    Hold,
)
ADD = insert(evidence)
ADD_TEXT = insert(evidence_texts)
ADD_FILE = insert(evidence_files)
_UNTIL = number("until")


def _later(column: Any, than: Any) -> Any:
    return case((column < than, than), else_=column)


LONGER = query(
    evidence.update()
    .where(_AMONG)
    .values(hold_until=_later(evidence.c.hold_until, _UNTIL), category=number("category"))
)
# What the decisions that closed these cases did, and to what.
CLOSED = query(
    select(cases.c.subject_kind, cases.c.subject_id, decisions.c.category, decisions.c.actions)
    .select_from(cases.join(decisions, decisions.c.id == cases.c.decision_id))
    .where(in_ids(cases.c.id, "ids"), cases.c.state == const(1))
)
_OF_THESE = (
    in_ids(evidence.c.subject_id, "ids"),
    evidence.c.subject_kind == number("kind"),
    _HELD,
)
UPHELD = query(
    evidence.update()
    .where(*_OF_THESE)
    .values(hold_until=_later(evidence.c.hold_until, _UNTIL), category=number("category"))
)
UNFOUNDED = query(
    evidence.update()
    .where(*_OF_THESE, evidence.c.hold_until > _UNTIL)
    .values(hold_until=_later(evidence.c.ordered_until, _UNTIL))
)

DUE = query(
    select(evidence.c.id)
    .where(evidence.c.hold_until <= NOW, _HELD)
    .order_by(evidence.c.hold_until, evidence.c.id)
    .limit(number("limit"))
    .with_for_update(),
    int,
)
# About which a case or an appeal is open.
BUSY = query(
    select(evidence.c.id).where(
        _AMONG,
        or_(
            exists(
                select(const(1)).where(
                    cases.c.subject_id == evidence.c.subject_id,
                    cases.c.subject_kind == evidence.c.subject_kind,
                    cases.c.state == const(0),
                )
            ),
            exists(
                select(const(1))
                .select_from(
                    decision_subjects.join(
                        appeals, appeals.c.decision_id == decision_subjects.c.decision_id
                    )
                )
                .where(
                    decision_subjects.c.subject_id == evidence.c.subject_id,
                    decision_subjects.c.subject_kind == evidence.c.subject_kind,
                    appeals.c.state == const(0),
                )
            ),
        ),
    ),
    int,
)
PUT_OFF = query(evidence.update().where(_AMONG).values(hold_until=_UNTIL))
GO = query(evidence.update().where(_AMONG).values(gone_at=NOW, hold_until=NOW, fingerprint=_EMPTY))
DROP_TEXTS = query(evidence_texts.delete().where(in_ids(evidence_texts.c.evidence_id, "ids")))
DROP_FILES = query(evidence_files.delete().where(in_ids(evidence_files.c.evidence_id, "ids")))

LOCKED = query(select(*_ROW).where(evidence.c.id == ID).with_for_update(), Hold)
ONE = query(select(*_ROW).where(evidence.c.id == ID), Hold)
ORDER = query(
    evidence.update()
    .where(evidence.c.id == ID)
    .values(
        hold_until=_later(evidence.c.hold_until, _UNTIL),
        ordered_until=_later(evidence.c.ordered_until, _UNTIL),
    )
)
TEXT = query(select(evidence_texts.c.content).where(evidence_texts.c.evidence_id == ID), str)
FILES = query(
    select(*_FILE).where(evidence_files.c.evidence_id == ID).order_by(evidence_files.c.place), File
)
READ = query(
    evidence_files.update()
    .where(evidence_files.c.evidence_id == ID, evidence_files.c.place == number("at"))
    .values(sha256=bindparam("digest"), size=bindparam("bytes"))
)


def _listed(*conditions: ColumnElement[bool]) -> Query[Hold]:
    """Holds of some categories or of ``all``, the newest first; ``gone``: the ended ones too."""
    return query(
        select(*_ROW)
        .where(
            *conditions,
            evidence.c.id < number("below"),
            or_(number("gone") == const(1), _HELD),
            or_(number("all") == const(1), in_ids(evidence.c.category, "categories")),
        )
        .order_by(evidence.c.id.desc())
        .limit(number("limit")),
        Hold,
    )


LISTED = _listed()
LISTED_OF_ACCOUNT = _listed(evidence.c.account_id == number("account"))
LISTED_OF_SUBJECT = _listed(
    evidence.c.subject_id == number("subject"), evidence.c.subject_kind == number("kind")
)
EDITED_AT = query(select(posts.c.edited_at).where(posts.c.id == ID), int)
CASES = query(
    select(cases.c.id)
    .where(cases.c.subject_id == number("subject"), cases.c.subject_kind == number("kind"))
    .order_by(cases.c.id.desc())
    .limit(number("limit")),
    int,
)
THERE = query(select(accounts.c.id).where(accounts.c.id == ID), int)

ADD_ENTRY = insert(evidence_log)
LOG_OF = query(
    select(*_ENTRY)
    .where(evidence_log.c.evidence_id == ID, evidence_log.c.id < number("below"))
    .order_by(evidence_log.c.id.desc())
    .limit(number("limit")),
    Entry,
)
LOG = query(
    select(*_ENTRY)
    .select_from(evidence_log.join(evidence, evidence.c.id == evidence_log.c.evidence_id))
    .where(
        evidence_log.c.id < number("below"),
        or_(number("all") == const(1), in_ids(evidence.c.category, "categories")),
    )
    .order_by(evidence_log.c.id.desc())
    .limit(number("limit")),
    Entry,
)
OPENED = query(
    select(evidence_log.c.id).where(
        and_(
            evidence_log.c.evidence_id == ID,
            evidence_log.c.actor_id == number("actor"),
            evidence_log.c.kind == number("kind"),
            evidence_log.c.created_at > number("since"),
        )
    ),
    int,
)
