"""The SQL of clusters, private to this slice."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from rostra.safety.clusters.compare import Place
from rostra.safety.clusters.model import Cluster, ClusterEvent, OpenCluster, Placed
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query, upsert
from rostra.store.tables.accounts import profiles
from rostra.store.tables.clusters import (
    case_keys,
    case_traits,
    cluster_events,
    clusters,
    standing_decisions,
)
from rostra.store.tables.posts import media, post_texts, posts, quotes
from rostra.store.tables.safety import cases

ID = number("id")
_t = case_traits.c
_OPEN = cases.c.state == const(0)
_IN_ONE = (_t.cluster_id == ID, _t.cluster_id != const(0))  # as the index says it

# What a subject says and shows.
_first_look = (
    select(media.c.look)
    .where(media.c.post_id == posts.c.id, media.c.look != "")
    .order_by(media.c.position)
    .limit(const(1))
    .scalar_subquery()
)
OF_POST = query(
    select(
        func.coalesce(post_texts.c.spoiler_text, ""),
        func.coalesce(post_texts.c.text, ""),
        func.coalesce(_first_look, ""),
        posts.c.in_reply_to_id,
        func.coalesce(quotes.c.quoted_id, const(0)),
    )
    .select_from(
        posts.outerjoin(post_texts, post_texts.c.post_id == posts.c.id).outerjoin(
            quotes, quotes.c.post_id == posts.c.id
        )
    )
    .where(posts.c.id == ID)
)
OF_ACCOUNT = query(
    select(profiles.c.display_name, profiles.c.note).where(profiles.c.account_id == ID),
)
OF_MEDIUM = query(select(media.c.description, media.c.look).where(media.c.id == ID))

# What it may be like. A key has so few cases that no look-up is long.
FIND = query(
    select(case_keys.c.case_id, case_keys.c.key)
    .where(in_ids(case_keys.c.key, "keys"))
    # In an order, so that PostgreSQL does not hope to find as many by reading the table.
    .order_by(case_keys.c.key)
    .limit(number("limit"))
)
_TRAITS = (
    _t.case_id,
    _t.cluster_id,
    _t.text_values,
    _t.size,
    _t.marks,
    _t.signs,
    _t.look,
)
TRAITS = query(select(*_TRAITS).where(in_ids(_t.case_id, "ids")).order_by(_t.case_id))
TRAITS_LOCKED = query(
    select(*_TRAITS).where(in_ids(_t.case_id, "ids")).order_by(_t.case_id).with_for_update()
)
OF_POSTS = query(
    select(_t.cluster_id)
    .select_from(cases.join(case_traits, _t.case_id == cases.c.id))
    .where(
        in_ids(cases.c.subject_id, "ids"),
        cases.c.subject_kind == const(1),
        _t.cluster_id > const(0),
    )
    .limit(const(20)),
    int,
)
OPEN_CASE_OF = query(
    select(cases.c.id, cases.c.account_id).where(
        cases.c.subject_id == ID, cases.c.subject_kind == number("kind"), _OPEN
    )
)

PUT = upsert(case_traits, ["case_id"])
ADD_KEY = insert_or_ignore(case_keys)
FORGET_KEYS = query(case_keys.delete().where(in_ids(case_keys.c.case_id, "ids")))
ADD = insert(clusters)
PLACE = query(
    case_traits.update()
    .where(in_ids(_t.case_id, "ids"))
    .values(
        cluster_id=number("cluster"),
        place=number("place"),
        alike=number("alike"),
        reasons=number("reasons"),
        placed_by=number("placed_by"),
        placed_at=number("placed_at"),
    )
)
LEAD = query(
    clusters.update().where(clusters.c.id == number("cluster")).values(leader_id=number("leader"))
)
LOCKED = query(
    select(clusters.c.id, clusters.c.leader_id, clusters.c.merged_into)
    .where(in_ids(clusters.c.id, "ids"))
    .order_by(clusters.c.id)
    .with_for_update()
)
OTHER_MEMBER = query(
    select(_t.case_id)
    .where(
        _t.cluster_id == number("cluster"),
        _t.cluster_id != const(0),
        _t.place == const(int(Place.MEMBER)),
        _t.case_id != number("other"),
    )
    .order_by(_t.case_id)
    .limit(const(1)),
    int,
)
MERGED = query(clusters.update().where(clusters.c.id == ID).values(merged_into=number("into")))
MOVE = query(case_traits.update().where(*_IN_ONE).values(cluster_id=number("into")))
MOVE_CASES = query(
    cases.update()
    .where(cases.c.cluster_id == ID, cases.c.cluster_id != const(0))
    .values(cluster_id=number("into"))
)
SUBJECT_OF = query(
    select(cases.c.subject_kind, cases.c.subject_id).where(cases.c.id == ID),
)
ADD_EVENT = insert(cluster_events)
EVENTS = query(
    select(*(cluster_events.c[name] for name in ClusterEvent.__struct_fields__))
    .where(cluster_events.c.cluster_id == ID, cluster_events.c.id < number("below"))
    .order_by(cluster_events.c.id.desc())
    .limit(number("limit")),
    ClusterEvent,
)


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, const(1)), else_=const(0))), const(0))


_MEMBER = _t.place == const(int(Place.MEMBER))
OVERVIEWS = query(
    select(
        clusters.c.id,
        clusters.c.leader_id,
        clusters.c.merged_into,
        clusters.c.created_at,
        _sum(_MEMBER),
        _sum(_t.place == const(int(Place.OUTLIER))),
        _sum(and_(_MEMBER, _OPEN)),
        func.count(case((_MEMBER, _t.account_id)).distinct()),
        func.coalesce(func.min(cases.c.opened_at), const(0)),
        func.coalesce(func.max(cases.c.opened_at), const(0)),
    )
    .select_from(
        clusters.outerjoin(
            case_traits, and_(_t.cluster_id == clusters.c.id, _t.cluster_id != const(0))
        ).outerjoin(cases, cases.c.id == _t.case_id)
    )
    .where(in_ids(clusters.c.id, "ids"))
    .group_by(clusters.c.id),
    lambda *columns: Cluster(**dict(zip(Cluster.__struct_fields__, columns, strict=True))),
)
_MINE = or_(number("all_categories") == const(1), in_ids(cases.c.category, "categories"))
LISTED = query(
    select(cases.c.cluster_id, func.count(), func.min(cases.c.rank).label("worst"))
    .where(cases.c.cluster_id != const(0), _OPEN, _MINE)
    .group_by(cases.c.cluster_id)
    .having(func.count() > const(1))
    .order_by("worst", cases.c.cluster_id)
    .limit(number("limit"))
    .offset(number("offset")),
    OpenCluster,
)
_PLACED = (
    _t.case_id,
    _t.account_id,
    _t.cluster_id,
    _t.place,
    _t.alike,
    _t.reasons,
    _t.placed_by,
    _t.placed_at,
    cases.c.state,
)
_BOTH = case_traits.join(cases, cases.c.id == _t.case_id)
CASES_OF = query(
    select(*_PLACED)
    .select_from(_BOTH)
    .where(
        *_IN_ONE,
        _t.place == number("place"),
        _t.case_id > number("after"),
        _MINE,
    )
    .order_by(_t.case_id)
    .limit(number("limit")),
    Placed,
)
PLACES = query(
    select(*_PLACED).select_from(_BOTH).where(in_ids(_t.case_id, "ids")),
    Placed,
)
OVER_TIME = query(
    select(
        (cases.c.opened_at / number("step")).label("at"),
        func.count(),
    )
    .select_from(_BOTH)
    .where(*_IN_ONE)
    .group_by("at")
    .order_by("at")
    .limit(const(1000))
)
OPEN_MEMBERS = query(
    select(cases.c.id)
    .select_from(_BOTH)
    .where(
        *_IN_ONE,
        _MEMBER,
        _OPEN,
        cases.c.account_id != number("own"),
        or_(
            cases.c.holder_id == const(0),
            cases.c.held_until <= number("now"),
            cases.c.holder_id == number("actor"),
        ),
    )
    .order_by(cases.c.id)
    .limit(number("limit")),
    int,
)

# What was decided long ago is compared with no more, unless a decision stands for what is like it.
OLD = query(
    select(_t.case_id)
    .select_from(_BOTH)
    .where(
        _t.case_id < number("below"),
        cases.c.state != const(0),
        _t.cluster_id.not_in(
            select(standing_decisions.c.cluster_id).where(standing_decisions.c.ended_at == const(0))
        ),
    )
    .order_by(_t.case_id)
    .limit(number("limit")),
    int,
)
FORGET = query(case_traits.delete().where(in_ids(_t.case_id, "ids")))
