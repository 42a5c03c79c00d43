"""The SQL of judgements, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, case, delete, func, select

from rostra.safety.screening.model import Judgement
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import post_texts, posts
from rostra.store.tables.safety import decision_subjects, decisions, reports
from rostra.store.tables.screening import screening_judgements as judgements

_COLUMNS = [judgements.c[name] for name in Judgement.__struct_fields__]
ADD = insert(judgements)
OF_SUBJECT = query(
    select(*_COLUMNS)
    .where(
        judgements.c.subject_id == number("id"),
        judgements.c.subject_kind == number("kind"),
    )
    .order_by(judgements.c.id.desc())
    .limit(number("limit")),
    Judgement,
)
FORGET = query(
    delete(judgements).where(
        judgements.c.subject_id == number("id"), judgements.c.subject_kind == number("kind")
    )
)
OLD = query(
    select(judgements.c.id)
    .where(judgements.c.id < number("below"))
    .order_by(judgements.c.id)
    .limit(number("limit")),
    int,
)
DROP = query(delete(judgements).where(in_ids(judgements.c.id, "ids")))

_burst = (
    select(func.count())
    .where(posts.c.account_id == accounts.c.id, posts.c.id >= number("since"))
    .scalar_subquery()
)
AUTHOR = query(
    select(
        accounts.c.created_at,
        accounts.c.statuses_count,
        accounts.c.followers_count,
        accounts.c.following_count,
        _burst,
        accounts.c.username,
        accounts.c.bot,
    ).where(accounts.c.id == number("account"))
)

# What an author has written lately: warning and text, as they are judged.
_warned = case(
    (post_texts.c.spoiler_text == "", post_texts.c.text),
    else_=post_texts.c.spoiler_text + bindparam("between", "\n\n") + post_texts.c.text,
)
LATELY = query(
    select(_warned)
    .select_from(posts.join(post_texts, post_texts.c.post_id == posts.c.id))
    .where(posts.c.account_id == number("account"), posts.c.id >= number("since"))
    .order_by(posts.c.id.desc())
    .limit(number("limit")),
    str,
)

# What an author has done since, as far as it is counted.
_ACCOUNT, _SINCE, _MOST = number("account"), number("since"), number("most")
_wrote = (
    select(posts.c.in_reply_to_id, posts.c.media_count)
    .where(posts.c.account_id == _ACCOUNT, posts.c.id >= _SINCE, posts.c.reblog_of_id == const(0))
    .order_by(posts.c.id.desc())
    .limit(_MOST)
    .subquery()
)


def _having(column: Any) -> Any:
    return func.coalesce(func.sum(case((column > const(0), const(1)), else_=const(0))), const(0))


WROTE = query(
    select(
        func.count(), _having(_wrote.c.in_reply_to_id), _having(_wrote.c.media_count)
    ).select_from(_wrote)
)
_reported = (
    select(reports.c.id)
    .where(reports.c.target_account_id == _ACCOUNT, reports.c.id >= _SINCE)
    .limit(_MOST)
    .subquery()
)
REPORTS_ON = query(select(func.count()).select_from(_reported), int)
# As `tryout` counts them: decisions that stand, however much of an account each is about. The
# numbers are those of `decisions`, which is a slice above.
_DECISION, _PROPOSED, _REFUSED, _UNDONE, _BEING_UNDONE = map(const, (0, 1, 2, 4, 5))
_TAKEN_BACK = const(3)
_decided = (
    select(decision_subjects.c.decision_id)
    .distinct()
    .select_from(
        decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id)
    )
    .where(
        decision_subjects.c.account_id == _ACCOUNT,
        decision_subjects.c.decision_id >= _SINCE,
        decision_subjects.c.state != _TAKEN_BACK,
        decisions.c.kind == _DECISION,
        decisions.c.state.not_in([_PROPOSED, _REFUSED, _UNDONE, _BEING_UNDONE]),
    )
    .limit(_MOST)
    .subquery()
)
DECISIONS_ON = query(select(func.count()).select_from(_decided), int)
