"""The SQL of announcements, private to this slice."""

from sqlalchemy import Text, bindparam, delete, exists, func, or_, select, update

from rostra.network.announcements.model import Announcement
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query, upsert
from rostra.store.tables.announcements import (
    announcement_reactions,
    announcement_reactors,
    announcement_reads,
    announcements,
)

ID, VIEWER, NOW = number("id"), number("viewer"), number("now")
NAME = bindparam("name", type_=Text())
_COLUMNS = [announcements.c[name] for name in Announcement.__struct_fields__]
_SHOWN = (
    announcements.c.publish_at > const(0),
    announcements.c.publish_at <= NOW,
    or_(announcements.c.over_at == const(0), announcements.c.over_at > NOW),
)
_READ = exists(
    select(const(1)).where(
        announcement_reads.c.announcement_id == announcements.c.id,
        announcement_reads.c.account_id == VIEWER,
    )
)

SHOWN = query(
    select(_READ, *_COLUMNS)
    .where(*_SHOWN)
    .order_by(announcements.c.publish_at.desc(), announcements.c.id.desc())
    .limit(number("limit"))
)
ONE = query(select(*_COLUMNS).where(announcements.c.id == ID), Announcement)
LOCKED = query(select(*_COLUMNS).where(announcements.c.id == ID).with_for_update(), Announcement)
ALL = query(
    select(*_COLUMNS).order_by(announcements.c.id.desc()).limit(number("limit")), Announcement
)
HOW_MANY = query(
    select(func.count())
    .select_from(announcements)
    .where(
        announcements.c.publish_at > const(0),
        or_(announcements.c.over_at == const(0), announcements.c.over_at > NOW),
        announcements.c.id != ID,
    )
)
ADD = insert(announcements)
PUT = upsert(announcements, ["id"])

READ = insert_or_ignore(announcement_reads)

REACTIONS = query(
    select(
        announcement_reactions.c.announcement_id,
        announcement_reactions.c.name,
        announcement_reactions.c.count,
        exists(
            select(const(1)).where(
                announcement_reactors.c.announcement_id == announcement_reactions.c.announcement_id,
                announcement_reactors.c.account_id == VIEWER,
                announcement_reactors.c.name == announcement_reactions.c.name,
            )
        ),
    )
    .where(in_ids(announcement_reactions.c.announcement_id, "ids"))
    .order_by(announcement_reactions.c.created_at, announcement_reactions.c.name)
)
NAMES = query(
    select(announcement_reactions.c.name).where(announcement_reactions.c.announcement_id == ID),
    str,
)
COUNT_OF = query(
    select(announcement_reactions.c.count).where(
        announcement_reactions.c.announcement_id == ID, announcement_reactions.c.name == NAME
    )
)
ADD_REACTOR = insert_or_ignore(announcement_reactors)
DROP_REACTOR = query(
    delete(announcement_reactors).where(
        announcement_reactors.c.announcement_id == ID,
        announcement_reactors.c.account_id == VIEWER,
        announcement_reactors.c.name == NAME,
    )
)
START_COUNT = insert_or_ignore(announcement_reactions)
COUNT = query(
    update(announcement_reactions)
    .where(announcement_reactions.c.announcement_id == ID, announcement_reactions.c.name == NAME)
    .values(count=announcement_reactions.c.count + number("change"))
)
DROP_EMPTY = query(
    delete(announcement_reactions).where(
        announcement_reactions.c.announcement_id == ID, announcement_reactions.c.count <= const(0)
    )
)

REACTED_BY = query(
    select(announcement_reactors.c.announcement_id, announcement_reactors.c.name)
    .where(announcement_reactors.c.account_id == VIEWER)
    .order_by(announcement_reactors.c.announcement_id)  # whoever locks several does so in order
)
FORGET_READER = query(delete(announcement_reads).where(announcement_reads.c.account_id == VIEWER))

REMOVE = tuple(
    query(delete(each).where(column == ID))
    for each, column in (
        (announcements, announcements.c.id),
        (announcement_reads, announcement_reads.c.announcement_id),
        (announcement_reactions, announcement_reactions.c.announcement_id),
        (announcement_reactors, announcement_reactors.c.announcement_id),
    )
)
