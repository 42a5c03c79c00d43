"""The SQL of letters, private to this slice."""

from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from rostra.safety.notices.model import Message, NamedAddress, Notice
from rostra.store.query import const, in_ids, in_texts, insert, insert_or_ignore, number, query
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.notices import notice_addresses, notice_messages, notices
from rostra.store.tables.posts import media, posts
from rostra.store.tables.safety import cases, decision_subjects, decisions

ID, NOW = number("id"), number("now")
_NOTICE: list[Any] = [notices.c[name] for name in Notice.__struct_fields__]
_ADDRESS: list[Any] = [notice_addresses.c[name] for name in NamedAddress.__struct_fields__]
_MESSAGE: list[Any] = [notice_messages.c[name] for name in Message.__struct_fields__]


def _notice(*columns: Any) -> Notice:
    return Notice(**dict(zip(Notice.__struct_fields__, columns, strict=True)))


def _address(*columns: Any) -> NamedAddress:
    return NamedAddress(**dict(zip(NamedAddress.__struct_fields__, columns, strict=True)))


def _message(*columns: Any) -> Message:
    return Message(**dict(zip(Message.__struct_fields__, columns, strict=True)))


ADD = insert_or_ignore(notices)
ADD_ADDRESS = insert_or_ignore(notice_addresses)
ADD_MESSAGE = insert(notice_messages)

BY_ID = query(select(*_NOTICE).where(notices.c.id == ID), _notice)
LOCKED = query(select(*_NOTICE).where(notices.c.id == ID).with_for_update(), _notice)
SAME = query(
    select(notices.c.id)
    .where(
        or_(
            notices.c.same_key == bindparam("same_key"),
            and_(notices.c.digest == bindparam("digest"), notices.c.state != const(2)),
        )
    )
    .order_by(notices.c.id)
    .limit(const(1)),
    int,
)
OF_KEY = query(select(notices.c.id).where(notices.c.same_key == bindparam("same_key")), int)
CAME_AGAIN = query(
    notices.update()
    .where(notices.c.id == ID)
    .values(times=notices.c.times + const(1), state=bindparam("state"))
)
SOONER = query(
    notices.update()
    .where(notices.c.id == ID, notices.c.deadline_at > number("at"))
    .values(
        deadline_at=bindparam("at"),
        deadline_named=bindparam("named"),
        deadline_words=bindparam("words"),
        deadline_note=bindparam("note"),
        warned=const(1),
    )
)
CORRECT = query(
    notices.update()
    .where(notices.c.id == ID)
    .values(
        sender_kind=number("kind"),
        reference=bindparam("reference"),
        deadline_at=number("at"),
        deadline_named=number("named"),
        deadline_note=bindparam("note"),
        warned=number("warned"),
    )
)
LISTED = query(
    select(*_NOTICE)
    .where(
        notices.c.state == number("state"),
        or_(
            notices.c.deadline_at > number("after_at"),
            and_(notices.c.deadline_at == number("after_at"), notices.c.id > number("after_id")),
        ),
    )
    .order_by(notices.c.deadline_at, notices.c.id)
    .limit(number("limit")),
    _notice,
)
SET_STATE = query(
    notices.update()
    .where(notices.c.id == ID)
    .values(
        state=bindparam("state"),
        answered_at=bindparam("answered_at"),
        closed_at=bindparam("closed_at"),
        closed_why=bindparam("why"),
    )
)
# A letter is told of once for each stage; the sooner the deadline, the higher the stage.
DUE = query(
    select(*_NOTICE)
    .where(
        notices.c.state == const(0),
        notices.c.warned < number("stage"),
        notices.c.deadline_at <= number("before"),
    )
    .order_by(notices.c.warned, notices.c.deadline_at)
    .limit(number("limit")),
    _notice,
)
SET_WARNED = query(
    notices.update().where(in_ids(notices.c.id, "ids")).values(warned=bindparam("stage"))
)
LINKED = query(
    notices.update()
    .where(notices.c.id == ID)
    .values(unlinked_count=notices.c.unlinked_count - number("done"))
)
COUNTED = query(
    notices.update()
    .where(notices.c.id == ID)
    .values(
        addresses_count=notices.c.addresses_count + number("more"),
        unlinked_count=notices.c.unlinked_count + number("waiting"),
    )
)

ADDRESSES = query(
    select(*_ADDRESS)
    .where(notice_addresses.c.notice_id == ID, notice_addresses.c.place > number("after"))
    .order_by(notice_addresses.c.place)
    .limit(number("limit")),
    _address,
)
CASES_OF = query(
    select(notice_addresses.c.case_id)
    .where(notice_addresses.c.notice_id == ID, notice_addresses.c.case_id != const(0))
    .distinct(),
    int,
)
NAMED = query(
    select(notice_addresses.c.named, notice_addresses.c.place)
    .where(notice_addresses.c.notice_id == ID)
    .order_by(notice_addresses.c.place)
)
WAITING = query(
    select(*_ADDRESS)
    .where(notice_addresses.c.notice_id == ID, notice_addresses.c.state == const(0))
    .order_by(notice_addresses.c.place)
    .limit(number("limit")),
    _address,
)
SET_ADDRESS = query(
    notice_addresses.update()
    .where(notice_addresses.c.notice_id == ID, notice_addresses.c.place == number("at_place"))
    .values(
        subject_kind=bindparam("subject_kind"),
        subject_id=bindparam("subject_id"),
        account_id=bindparam("account_id"),
        state=bindparam("state"),
        report_id=bindparam("report_id"),
        case_id=bindparam("case_id"),
    )
)
GONE = query(
    notice_addresses.update()
    .where(
        notice_addresses.c.subject_kind == number("kind"),
        notice_addresses.c.subject_id == number("subject"),
        notice_addresses.c.state == const(1),
    )
    .values(state=const(2), gone_at=NOW)
)
GONE_WITH_ACCOUNT = query(
    notice_addresses.update()
    .where(
        notice_addresses.c.account_id == number("account"),
        notice_addresses.c.state == const(1),
    )
    .values(state=const(2), gone_at=NOW)
)

POSTS = query(select(posts.c.id, posts.c.account_id).where(in_ids(posts.c.id, "ids")))
ACCOUNTS = query(select(accounts.c.id).where(in_ids(accounts.c.id, "ids")), int)
ACCTS = query(
    select(accounts.c.id, accounts.c.username_key, accounts.c.domain).where(
        in_texts(accounts.c.username_key, "names")
    )
)
_FILE = (media.c.id, media.c.account_id, media.c.post_id, media.c.blob_key, media.c.preview_key)
MEDIA = query(select(*_FILE).where(in_ids(media.c.id, "ids")))
FILES = query(select(*_FILE).where(in_texts(media.c.blob_key, "keys")))
PREVIEWS = query(select(*_FILE).where(in_texts(media.c.preview_key, "keys")))
AVATARS = query(
    select(profiles.c.account_id, profiles.c.avatar_key).where(
        in_texts(profiles.c.avatar_key, "keys")
    )
)
HEADERS = query(
    select(profiles.c.account_id, profiles.c.header_key).where(
        in_texts(profiles.c.header_key, "keys")
    )
)
CASES = query(
    select(cases.c.id, cases.c.subject_kind, cases.c.subject_id).where(in_ids(cases.c.id, "ids"))
)
# Something that a case was about was there.
KNOWN_FROM_CASES = query(
    select(cases.c.subject_id)
    .where(in_ids(cases.c.subject_id, "ids"), cases.c.subject_kind == number("kind"))
    .distinct(),
    int,
)
DECIDED = query(
    select(
        decision_subjects.c.subject_id,
        decisions.c.actions,
        decisions.c.ground,
        decisions.c.clause,
        decisions.c.legal_ground,
        decisions.c.facts,
        decisions.c.created_at,
        decisions.c.applied_at,
    )
    .select_from(
        decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id)
    )
    .where(
        in_ids(decision_subjects.c.subject_id, "ids"),
        decision_subjects.c.subject_kind == number("kind"),
        decisions.c.kind == const(0),
        decisions.c.state == const(0),
    )
    .order_by(decisions.c.id)
)

MESSAGES = query(
    select(*_MESSAGE).where(notice_messages.c.notice_id == ID).order_by(notice_messages.c.id),
    _message,
)
MESSAGE = query(select(*_MESSAGE).where(notice_messages.c.id == ID), _message)
RAW = query(select(notice_messages.c.raw).where(notice_messages.c.id == ID), bytes)
SET_MESSAGE = query(
    notice_messages.update()
    .where(notice_messages.c.id == ID)
    .values(state=bindparam("state"), failure=bindparam("failure"), sent_at=bindparam("sent_at"))
)
