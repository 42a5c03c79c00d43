"""The SQL of cases, private to this slice."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from rostra.safety.cases.model import (
    SAYS_NOTHING,
    Before,
    Case,
    CaseState,
    EventKind,
    Status,
)
from rostra.store.query import (
    Query,
    const,
    in_ids,
    insert,
    insert_or_ignore,
    number,
    query,
    query_in,
    upsert,
)
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import media, post_texts, posts
from rostra.store.tables.safety import case_events, case_reports, case_skips, cases, reports

ID, NOW, ACTOR = number("id"), number("now"), number("actor")
_HEAD = ("id", "subject_kind", "subject_id", "account_id", "language", "cluster_id")
_FOLDED = Status.__struct_fields__
_ROW: list[Any] = [
    *(cases.c[name] for name in _HEAD),
    cases.c.rank,
    cases.c.reasons,
    *(cases.c[name] for name in _FOLDED),
]


def _case(*columns: Any) -> Case:
    head, status = columns[: len(_HEAD) + 2], columns[len(_HEAD) + 2 :]
    return Case(
        **dict(zip((*_HEAD, "rank", "reasons"), head, strict=True)),
        status=Status(**dict(zip(_FOLDED, status, strict=True))),
    )


BY_IDS = query(select(*_ROW).where(in_ids(cases.c.id, "ids")), _case)
LOCKED = query(
    select(*_ROW).where(in_ids(cases.c.id, "ids")).order_by(cases.c.id).with_for_update(), _case
)
OPEN_OF_SUBJECTS = query(
    select(*_ROW)
    .where(
        in_ids(cases.c.subject_id, "ids"),
        cases.c.subject_kind == number("kind"),
        cases.c.state == const(0),
    )
    .order_by(cases.c.id)
    .with_for_update(),
    _case,
)
WAITING_ABOUT = query(
    select(*_ROW)
    .where(
        in_ids(cases.c.subject_id, "ids"),
        cases.c.subject_kind == number("kind"),
        cases.c.state == const(0),
    )
    .order_by(cases.c.id),
    _case,
)
_last_decided = (
    select(func.max(cases.c.id))
    .where(
        in_ids(cases.c.subject_id, "ids"),
        cases.c.subject_kind == number("kind"),
        cases.c.state == const(int(CaseState.DECIDED)),
    )
    .group_by(cases.c.subject_id)
)
DECIDED_BEFORE = query(
    select(cases.c.subject_id, cases.c.id, cases.c.decision_id, cases.c.decided_at).where(
        cases.c.id.in_(_last_decided)
    ),
    Before,
)
SET_CLUSTER = query(
    cases.update().where(in_ids(cases.c.id, "ids")).values(cluster_id=number("cluster"))
)
_VALUES = (*_HEAD, "rank", "reasons", *_FOLDED)
# Whoever comes second finds the case of the first.
ADD = query_in(
    lambda words: (
        words.insert(cases)
        .values({name: bindparam(name, type_=cases.c[name].type) for name in _VALUES})
        .on_conflict_do_nothing()
    )
)
PUT = query(
    cases.update()
    .where(cases.c.id == ID)
    .values(
        {name: bindparam(name, type_=cases.c[name].type) for name in ("rank", "reasons", *_FOLDED)}
    )
)
ADD_EVENT = insert(case_events)
EVENTS = query(
    select(case_events.c.data)
    .where(
        case_events.c.case_id == ID,
        or_(number("reports") == const(1), case_events.c.kind != const(EventKind.REPORTED)),
    )
    .order_by(case_events.c.place.desc())
    .limit(number("limit")),
    str,
)
# What was said of cases, and done with them, in their order.
_SAYS_NOTHING = [const(int(each)) for each in SAYS_NOTHING]
SAID = query(
    select(case_events.c.case_id, case_events.c.data)
    .where(in_ids(case_events.c.case_id, "ids"), case_events.c.kind.not_in(_SAYS_NOTHING))
    .order_by(case_events.c.case_id, case_events.c.place)
)
ADD_REPORT = insert_or_ignore(case_reports)
REPORTS = query(
    select(case_reports.c.report_id)
    .where(case_reports.c.case_id == ID, case_reports.c.report_id < number("below"))
    .order_by(case_reports.c.report_id.desc())
    .limit(number("limit")),
    int,
)
CASES_OF_REPORTS = query(
    select(case_reports.c.report_id, case_reports.c.case_id).where(
        in_ids(case_reports.c.report_id, "ids")
    )
)
MOVE_REPORTS = query_in(
    lambda words: (
        words.insert(case_reports)
        .from_select(
            ["case_id", "report_id"],
            select(number("into"), case_reports.c.report_id).where(case_reports.c.case_id == ID),
        )
        .on_conflict_do_nothing()
    )
)
# Which of these cases the same member has spoken of before, in reports that are still open.
SAID_BEFORE = query(
    select(case_reports.c.case_id)
    .select_from(reports.join(case_reports, case_reports.c.report_id == reports.c.id))
    .where(
        reports.c.account_id == number("reporter"),
        reports.c.state == const(0),
        reports.c.id != number("report"),
        in_ids(case_reports.c.case_id, "ids"),
    ),
    int,
)

_AFTER = or_(
    cases.c.rank > number("after_rank"),
    and_(cases.c.rank == number("after_rank"), cases.c.id > number("after_id")),
)
_CATEGORY = cases.c.category == number("category")
_LANGUAGE = cases.c.language == bindparam("language")
_TRUSTED_WITH = in_ids(cases.c.category, "categories")
_FILTERS = (
    or_(
        number("sources") == const(0),
        cases.c.sources.op("&")(number("sources")) != const(0),
    ),
    or_(number("escalated") == const(-1), cases.c.escalated == number("escalated")),
    or_(bindparam("language", type_=cases.c.language.type) == literal_column("''"), _LANGUAGE),
)
_OPEN = cases.c.state == const(0)
_BY_RANK = (cases.c.rank, cases.c.id)


def _view(*conditions: ColumnElement[bool]) -> Query[Case]:
    """The open cases of which these hold, the worst first, behind a place in the queue."""
    return query(
        select(*_ROW)
        .where(_OPEN, *conditions, *_FILTERS, _AFTER)
        .order_by(*_BY_RANK)
        .limit(number("limit")),
        _case,
    )


# One statement for each index that leads through the queue, so that none reads what it leaves out.
QUEUE = _view()
QUEUE_OF_CATEGORY = _view(_CATEGORY)
QUEUE_IN_LANGUAGE = _view(_LANGUAGE)
QUEUE_OF_REVIEWER = _view(_TRUSTED_WITH)
OF_CLUSTER = _view(cases.c.cluster_id == number("cluster"), cases.c.cluster_id != const(0))
MINE = query(
    select(*_ROW)
    .where(cases.c.holder_id == ACTOR, cases.c.holder_id != const(0), cases.c.held_until > NOW)
    .order_by(*_BY_RANK)
    .limit(number("limit")),
    _case,
)
_BY_DEADLINE = (cases.c.deadline_at, cases.c.id)
_AFTER_DEADLINE = or_(
    cases.c.deadline_at > number("after_rank"),
    and_(cases.c.deadline_at == number("after_rank"), cases.c.id > number("after_id")),
)


def _due(*conditions: ColumnElement[bool]) -> Query[Case]:
    """As :func:`_view`, by their deadlines."""
    return query(
        select(*_ROW)
        .where(_OPEN, cases.c.deadline_at > const(0), *conditions, *_FILTERS, _AFTER_DEADLINE)
        .order_by(*_BY_DEADLINE)
        .limit(number("limit")),
        _case,
    )


DUE_FIRST = _due()
DUE_FIRST_OF_CATEGORIES = _due(_TRUSTED_WITH)
OF_ACCOUNT = query(
    select(*_ROW)
    .where(cases.c.account_id == number("account"), cases.c.id < number("below"))
    .order_by(cases.c.id.desc())
    .limit(number("limit")),
    _case,
)

_skip = case_skips.alias()
_FREE = (
    cases.c.proposed_id == const(0),
    cases.c.panel_id == const(0),
    cases.c.account_id != number("own"),
    or_(cases.c.holder_id == const(0), cases.c.held_until <= NOW),
    not_(
        exists(
            select(const(1)).where(
                _skip.c.account_id == ACTOR, _skip.c.case_id == cases.c.id, _skip.c.until > NOW
            )
        )
    ),
)


def _next(*conditions: ColumnElement[bool], by: Sequence[Any] = _BY_RANK) -> Query[Case]:
    """The first case that nobody works on; locked, past those that are being taken right now."""
    return query(
        select(*_ROW)
        .where(_OPEN, *conditions, *_FILTERS, *_FREE)
        .order_by(*by)
        .limit(const(1))
        .with_for_update(skip_locked=True, of=cases),
        _case,
    )


NEXT = _next()
NEXT_OF_CATEGORY = _next(_CATEGORY)
NEXT_IN_LANGUAGE = _next(_LANGUAGE)
NEXT_OF_REVIEWER = _next(_TRUSTED_WITH)
NEXT_DUE = _next(cases.c.deadline_at > const(0), by=_BY_DEADLINE)
NEXT_DUE_OF_CATEGORIES = _next(cases.c.deadline_at > const(0), _TRUSTED_WITH, by=_BY_DEADLINE)
SKIP = upsert(case_skips, ["account_id", "case_id"])
FORGET_SKIPS_OF = query(case_skips.delete().where(in_ids(case_skips.c.case_id, "ids")))

COUNTS = query(
    select(
        cases.c.category,
        func.count(),
        func.min(cases.c.opened_at),
        func.min(cases.c.deadline_at),
    )
    .where(_OPEN)
    .group_by(cases.c.category)
)

# What is known of subjects.
_COUNTS = (posts.c.replies_count, posts.c.reblogs_count, posts.c.favourites_count)
POST_FACTS = query(
    select(
        posts.c.id,
        posts.c.account_id,
        func.coalesce(post_texts.c.language, ""),
        accounts.c.followers_count,
        *_COUNTS,
        posts.c.created_at,
    )
    .select_from(
        posts.join(accounts, accounts.c.id == posts.c.account_id).outerjoin(
            post_texts, post_texts.c.post_id == posts.c.id
        )
    )
    .where(in_ids(posts.c.id, "ids"))
)
ACCOUNT_FACTS = query(
    select(
        accounts.c.id,
        accounts.c.id,
        func.coalesce(users.c.locale, ""),
        accounts.c.followers_count,
        const(0),
        const(0),
        const(0),
        accounts.c.created_at,
    )
    .select_from(accounts.outerjoin(users, users.c.account_id == accounts.c.id))
    .where(in_ids(accounts.c.id, "ids"))
)
MEDIA_FACTS = query(
    select(
        media.c.id,
        media.c.account_id,
        func.coalesce(post_texts.c.language, ""),
        accounts.c.followers_count,
        func.coalesce(posts.c.replies_count, const(0)),
        func.coalesce(posts.c.reblogs_count, const(0)),
        func.coalesce(posts.c.favourites_count, const(0)),
        media.c.created_at,
    )
    .select_from(
        media.join(accounts, accounts.c.id == media.c.account_id)
        .outerjoin(posts, posts.c.id == media.c.post_id)
        .outerjoin(post_texts, post_texts.c.post_id == media.c.post_id)
    )
    .where(in_ids(media.c.id, "ids"))
)
