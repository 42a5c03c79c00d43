"""The SQL of try-outs, private to this slice.

A span of time is a range of ids: they tell time. Each statement is over before the next begins, so
that none of them keeps what others delete, and what is posted meanwhile is not part of it.
"""

from typing import Any

import msgspec
from sqlalchemy import Text, and_, bindparam, delete, func, select, update

from rostra.safety.decisions.model import DecisionState
from rostra.safety.tryout.judged import DecisionRow
from rostra.safety.tryout.kept import State, Tryout
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_texts, posts
from rostra.store.tables.relations import follows
from rostra.store.tables.safety import decision_subjects, decisions, reports
from rostra.store.tables.tryouts import rule_tryouts

FROM, UNTIL, LIMIT = map(number, ("from_id", "until_id", "limit"))
_own = posts.c.reblog_of_id == const(0)


class AuthorRow(msgspec.Struct, frozen=True):
    """An account, and how many of its posts are older than what is read."""

    id: int
    username: str
    bot: int
    created_at: int


class PostRow(msgspec.Struct, frozen=True):
    """A post with its texts."""

    id: int
    account_id: int
    visibility: int
    sensitive: int
    limits: int
    media_count: int
    poll: int
    in_reply_to_id: int
    edited_at: int
    text: str
    spoiler_text: str
    language: str


# Who has posted: a piece of the period, by its ids.
_piece = (
    select(posts.c.id, posts.c.account_id)
    .where(posts.c.id >= FROM, posts.c.id < UNTIL, _own)
    .order_by(posts.c.id)
    .limit(LIMIT)
    .subquery()
)
ACTIVE = query(
    select(_piece.c.account_id, func.count(), func.max(_piece.c.id)).group_by(_piece.c.account_id)
)

AUTHORS = query(
    select(accounts.c.id, accounts.c.username, accounts.c.bot, accounts.c.created_at).where(
        in_ids(accounts.c.id, "ids")
    ),
    AuthorRow,
)
_of_authors = in_ids(posts.c.account_id, "ids")
# What profiles count, in parts of which each is seen by as many: posts and reblogs.
OLDER = query(
    select(posts.c.account_id, posts.c.visibility, posts.c.limits, func.count())
    .where(_of_authors, posts.c.id < UNTIL)
    .group_by(posts.c.account_id, posts.c.visibility, posts.c.limits)
)
REBLOGS = query(
    select(posts.c.account_id, posts.c.visibility, posts.c.limits, posts.c.id)
    .where(_of_authors, posts.c.id >= FROM, posts.c.id < UNTIL, posts.c.reblog_of_id != const(0))
    .order_by(posts.c.id)
    .limit(LIMIT)
)
LEAD_IN = query(
    select(posts.c.account_id, posts.c.id, posts.c.in_reply_to_id, posts.c.media_count)
    .where(_of_authors, posts.c.id >= FROM, posts.c.id < UNTIL, _own)
    .order_by(posts.c.id)
    .limit(LIMIT)
)
POSTS = query(
    select(
        posts.c.id,
        posts.c.account_id,
        posts.c.visibility,
        posts.c.sensitive,
        posts.c.limits,
        posts.c.media_count,
        posts.c.poll,
        posts.c.in_reply_to_id,
        posts.c.edited_at,
        func.coalesce(post_texts.c.text, ""),
        func.coalesce(post_texts.c.spoiler_text, ""),
        func.coalesce(post_texts.c.language, ""),
    )
    .select_from(posts.outerjoin(post_texts, post_texts.c.post_id == posts.c.id))
    .where(_of_authors, posts.c.id >= FROM, posts.c.id < UNTIL, _own)
    .order_by(posts.c.account_id, posts.c.id)
    .limit(LIMIT),
    PostRow,
)
OPTIONS = query(
    select(poll_options.c.post_id, poll_options.c.title)
    .where(in_ids(poll_options.c.post_id, "ids"))
    .order_by(poll_options.c.post_id, poll_options.c.position)
)
DESCRIPTIONS = query(
    select(media.c.post_id, media.c.description)
    .where(in_ids(media.c.post_id, "ids"), media.c.description != "")
    .order_by(media.c.post_id, media.c.position)
)


def _relation(whose: Any) -> tuple[Any, Any]:
    """How many there were before, and when others came."""
    mine = in_ids(whose, "ids")
    before = select(whose, func.count()).where(mine, follows.c.id < FROM).group_by(whose)
    since = select(whose, follows.c.id).where(mine, follows.c.id >= FROM, follows.c.id < UNTIL)
    return query(before), query(since.order_by(whose, follows.c.id))


FOLLOWERS_BEFORE, FOLLOWERS_SINCE = _relation(follows.c.target_id)
FOLLOWING_BEFORE, FOLLOWING_SINCE = _relation(follows.c.account_id)

REPORTED = query(
    select(reports.c.target_account_id, reports.c.created_at)
    .where(in_ids(reports.c.target_account_id, "ids"), reports.c.id >= FROM, reports.c.id < UNTIL)
    .order_by(reports.c.target_account_id, reports.c.id)
)

# All of them from the lead-in on: what is decided about a post is decided after it was posted.
_undo = decisions.alias("undo")
DECIDED = query(
    select(
        decisions.c.id,
        decision_subjects.c.account_id,
        decision_subjects.c.subject_kind,
        decision_subjects.c.subject_id,
        decision_subjects.c.state,
        decisions.c.state,
        decisions.c.actions,
        decisions.c.strikes,
        decisions.c.category,
        decisions.c.machine_decided,
        func.coalesce(_undo.c.kind, const(-1)),
        func.coalesce(_undo.c.actor_id, const(0)),
    )
    .select_from(
        decision_subjects.join(
            decisions, decisions.c.id == decision_subjects.c.decision_id
        ).outerjoin(
            _undo, and_(_undo.c.id == decisions.c.undone_by, decisions.c.undone_by > const(0))
        )
    )
    .where(
        in_ids(decision_subjects.c.account_id, "ids"),
        decision_subjects.c.decision_id >= FROM,
        decisions.c.kind == const(0),
        decisions.c.state.not_in([const(DecisionState.PROPOSED), const(DecisionState.REFUSED)]),
    )
    .order_by(decision_subjects.c.account_id, decisions.c.id),
    DecisionRow,
)

# What was asked for in the console or the API.
ID, STATE = number("id"), number("state")
_t = rule_tryouts.c
_COLUMNS = [_t[name] for name in Tryout.__struct_fields__]
_OPEN = _t.state < const(State.DONE)


def _tryout(*columns: Any) -> Tryout:
    return Tryout(**dict(zip(Tryout.__struct_fields__, columns, strict=True)))


ADD = insert(rule_tryouts, Tryout.__struct_fields__)
ONE = query(select(*_COLUMNS).where(_t.id == ID), _tryout)
LATEST = query(
    select(*_COLUMNS).where(_t.rule_id == number("rule")).order_by(_t.id.desc()).limit(LIMIT),
    _tryout,
)
WAITING = query(select(func.count()).select_from(rule_tryouts).where(_OPEN))
BEGIN = query(
    update(rule_tryouts)
    .where(_t.id == ID, _OPEN)
    .values(state=const(State.RUNNING), done=const(0), total=const(0))
)
COUNTED = query(update(rule_tryouts).where(_t.id == ID).values(total=number("total")))
PROGRESS = query(
    update(rule_tryouts)
    .where(_t.id == ID, _t.state == const(State.RUNNING))
    .values(done=number("done"))
)
END_OPEN = query(
    update(rule_tryouts).where(_t.id == ID, _OPEN).values(state=STATE, ended_at=number("now"))
)
END = query(
    update(rule_tryouts)
    .where(_t.id == ID, _t.state == const(State.RUNNING))
    .values(
        state=STATE,
        result=bindparam("result", type_=Text()),
        failure=bindparam("failure", type_=Text()),
        done=_t.total,
        ended_at=number("now"),
    )
)
DROP = query(delete(rule_tryouts).where(_t.id < number("before")))
SHOWN = query(
    select(
        posts.c.id,
        posts.c.account_id,
        accounts.c.username,
        func.coalesce(post_texts.c.text, ""),
        func.coalesce(post_texts.c.spoiler_text, ""),
        posts.c.visibility,
        posts.c.sensitive,
        posts.c.limits,
    )
    .select_from(
        posts.join(accounts, accounts.c.id == posts.c.account_id).outerjoin(
            post_texts, post_texts.c.post_id == posts.c.id
        )
    )
    .where(in_ids(posts.c.id, "ids"))
)
