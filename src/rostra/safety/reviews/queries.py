"""The SQL of second looks, private to this slice."""

from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from rostra.network.posts.limits import OWN_SHIFT, OWN_VISIBILITY
from rostra.network.posts.model import Visibility
from rostra.safety.decisions.model import DecisionKind, SubjectState
from rostra.safety.reviews.model import Review, Sort, View, Week
from rostra.safety.subjects import SubjectKind
from rostra.store.query import const, insert_or_ignore, number, query
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import post_texts, posts
from rostra.store.tables.reviews import reviews
from rostra.store.tables.safety import decision_subjects, decisions
from rostra.store.tables.screening import screening_judgements as judgements

ID, LIMIT = number("id"), number("limit")
_r, _s = reviews.c, decision_subjects.c
_POST = const(int(SubjectKind.POST))
# Words alone: of a post with files, words tell too little. Nothing that is not for everybody.
# What a decision has held or removed counts as what its author chose; none makes a post more open.
_FOR_ALL = or_(
    posts.c.visibility <= const(Visibility.UNLISTED),
    and_(
        posts.c.visibility >= const(Visibility.HELD),
        posts.c.limits.bitwise_and(const(OWN_VISIBILITY))
        <= const(Visibility.UNLISTED << OWN_SHIFT),
    ),
)
_PLAIN = (posts.c.media_count == const(0), posts.c.reblog_of_id == const(0))
_ONE_IN = posts.c.id % number("parts") == number("pick")
_score = func.coalesce(
    select(judgements.c.score)
    .where(judgements.c.subject_id == posts.c.id, judgements.c.subject_kind == _POST)
    .order_by(judgements.c.id.desc())
    .limit(const(1))
    .scalar_subquery(),
    const(-1),
)
PASSED = query(
    select(posts.c.id, posts.c.account_id, _score)
    .where(
        posts.c.id >= number("since"),
        posts.c.id < number("until"),
        posts.c.visibility <= const(1),
        *_PLAIN,
        _ONE_IN,
        ~exists(
            select(_s.decision_id).where(_s.subject_id == posts.c.id, _s.subject_kind == _POST)
        ),
    )
    .order_by(posts.c.id)
    .limit(LIMIT)
)
DECIDED = query(
    select(
        posts.c.id,
        posts.c.account_id,
        _score,
        decisions.c.id,
        decisions.c.category,
        decisions.c.actor_id,
        decisions.c.actions,
    )
    .select_from(
        decisions.join(decision_subjects, _s.decision_id == decisions.c.id).join(
            posts, posts.c.id == _s.subject_id
        )
    )
    .where(
        decisions.c.created_at >= number("since"),
        decisions.c.created_at < number("until"),
        decisions.c.kind == const(int(DecisionKind.DECISION)),
        decisions.c.undone_by == const(0),
        _s.subject_kind == _POST,
        _s.state == const(int(SubjectState.DONE)),
        _FOR_ALL,
        *_PLAIN,
        _ONE_IN,
    )
    .order_by(decisions.c.created_at, posts.c.id)
    .limit(LIMIT)
)
ADD = insert_or_ignore(reviews)
_OPEN = _r.view == const(int(View.OPEN))
_FOR = (_OPEN, _r.account_id != number("actor"), _r.decided_by != number("actor"))
_SAME = posts.c.edited_at <= _r.sampled_at
NEXT = query(
    select(_r.id, _r.post_id)
    .select_from(reviews.join(posts, and_(posts.c.id == _r.post_id, _SAME)))
    .where(*_FOR, _FOR_ALL)
    .order_by(_r.id)
    .limit(const(1))
)
TEXT = query(
    select(post_texts.c.spoiler_text, post_texts.c.text, post_texts.c.language).where(
        post_texts.c.post_id == number("post")
    )
)
OPTIONS = query(
    select(poll_options.c.title)
    .where(poll_options.c.post_id == number("post"))
    .order_by(poll_options.c.position),
    str,
)


def _review(*columns: Any) -> Review:
    return Review(**dict(zip(Review.__struct_fields__, columns, strict=True)))


_ROW = [_r[name] for name in Review.__struct_fields__]
LOCKED = query(select(*_ROW).where(_r.id == ID).with_for_update(), _review)
ANSWERED = query(
    select(*_ROW).where(_r.id == ID, _r.viewed_by == number("actor"), _r.view > const(0)),
    _review,
)
SET = query(
    reviews.update()
    .where(_r.id == ID, _OPEN)
    .values(
        view=number("view"),
        viewed_as=number("viewed_as"),
        viewed_by=number("viewed_by"),
        viewed_at=number("viewed_at"),
    )
)
WAITING = query(
    select(func.count()).select_from(
        select(_r.id).where(*_FOR).limit(LIMIT).subquery(),
    ),
    int,
)


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, const(1)), else_=const(0))), const(0))


_WEEK = const(7 * 24 * 3_600_000)
_agreed = (_r.view == const(int(View.AGAINST))) & (_r.sort == const(int(Sort.DECIDED))) | (
    _r.view == const(int(View.FINE))
) & (_r.sort == const(int(Sort.PASSED)))
_at = (_r.sampled_at - _r.sampled_at % _WEEK).label("at")
WEEKS = query(
    select(
        _at,
        _r.sort,
        func.count(),
        _sum(_r.view != const(int(View.OPEN))),
        _sum(_agreed),
        _sum(_r.view == const(int(View.UNSURE))),
    )
    .where(_r.sampled_at >= number("since"))
    .group_by("at", _r.sort)
    .order_by("at", _r.sort),
    lambda *columns: Week(*map(int, columns)),
)
FORGET_OPEN = query(reviews.delete().where(_OPEN, _r.sampled_at < number("before")))
FORGET_OLD = query(reviews.delete().where(_r.sampled_at < number("before")))
FORGET_POST = query(reviews.delete().where(_r.post_id == number("post"), _OPEN))
