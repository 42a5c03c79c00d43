"""The SQL of standing decisions, private to this slice."""

from sqlalchemy import exists, func, not_, or_, select

from rostra.network.credentials.model import Role
from rostra.safety.cases.model import CaseState
from rostra.safety.clusters.compare import Place
from rostra.safety.decisions.model import SubjectState
from rostra.safety.standing.model import Standing
from rostra.safety.subjects import SubjectKind
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.clusters import case_traits, standing_applied, standing_decisions
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_texts
from rostra.store.tables.safety import cases, decision_subjects, decisions

ID = number("id")
_s = standing_decisions.c
_ROW = [_s[name] for name in Standing.__struct_fields__]
_STANDS = _s.ended_at == const(0)


def _standing(*columns: int) -> Standing:
    return Standing(**dict(zip(Standing.__struct_fields__, columns, strict=True)))


ADD = insert(standing_decisions)
BY_IDS = query(select(*_ROW).where(in_ids(_s.id, "ids")), _standing)
LOCKED = query(select(*_ROW).where(_s.id == ID).with_for_update(), _standing)
OF_CLUSTER = query(select(*_ROW).where(_s.cluster_id == ID, _STANDS), _standing)
OF_CLUSTER_LOCKED = query(
    select(*_ROW).where(_s.cluster_id == ID, _STANDS).with_for_update(), _standing
)
OF_DECISION = query(select(*_ROW).where(_s.decision_id == ID).with_for_update(), _standing)
NEWEST_OF_DECISION = query(
    select(*_ROW).where(_s.decision_id == ID).order_by(_s.id.desc()).limit(const(1)), _standing
)
LISTED = query(
    select(*_ROW).where(_s.id < number("below")).order_by(_s.id.desc()).limit(number("limit")),
    _standing,
)
COUNT = query(
    standing_decisions.update().where(_s.id == ID).values(done_count=_s.done_count + number("more"))
)
END = query(
    standing_decisions.update()
    .where(_s.id == ID, _STANDS)
    .values(ended_at=number("now"), ended_by=number("by"))
)
DUE = query(
    standing_decisions.update()
    .where(_STANDS, _s.ends_at <= number("now"))
    .values(ended_at=_s.ends_at)
)
APPLIED = insert(standing_applied)
DECISIONS_OF = query(
    select(standing_applied.c.decision_id)
    .where(
        standing_applied.c.standing_id == ID,
        standing_applied.c.decision_id > number("after"),
    )
    .order_by(standing_applied.c.decision_id)
    .limit(number("limit")),
    int,
)

# What came later and is for what stands, and not for people: who work on it, whose second person or
# panel it waits for, who have taken back a decision about it, whose colleague wrote it.
_d = decision_subjects.c
_taken_back = exists(
    select(const(1))
    .select_from(decision_subjects.join(decisions, decisions.c.id == _d.decision_id))
    .where(
        _d.subject_id == cases.c.subject_id,
        _d.subject_kind == cases.c.subject_kind,
        _d.state == const(int(SubjectState.TAKEN_BACK)),
        decisions.c.cluster_id == ID,
    )
)
_of_the_team = exists(
    select(const(1)).where(
        users.c.account_id == cases.c.account_id, users.c.role > const(int(Role.MEMBER))
    )
)
LATER_MEMBERS = query(
    select(cases.c.id)
    .select_from(case_traits.join(cases, cases.c.id == case_traits.c.case_id))
    .where(
        case_traits.c.cluster_id == ID,
        case_traits.c.cluster_id != const(0),  # as the index says it
        case_traits.c.place == const(int(Place.MEMBER)),
        cases.c.state == const(int(CaseState.OPEN)),
        cases.c.opened_at > number("since"),
        cases.c.proposed_id == const(0),
        cases.c.panel_id == const(0),
        or_(cases.c.holder_id == const(0), cases.c.held_until <= number("now")),
        not_(_of_the_team),
        not_(_taken_back),
    )
    .order_by(cases.c.id)
    .limit(number("limit")),
    int,
)

# What a decision is about, and what it says; those that are deleted say nothing any more.
_POSTS = (_d.decision_id == ID, _d.subject_kind == const(int(SubjectKind.POST)))
REMOVED = query(
    select(
        _d.subject_id,
        func.coalesce(post_texts.c.spoiler_text, ""),
        func.coalesce(post_texts.c.text, ""),
    )
    .select_from(decision_subjects.outerjoin(post_texts, post_texts.c.post_id == _d.subject_id))
    .where(*_POSTS, _d.subject_id > number("after"))
    .order_by(_d.subject_id)
    .limit(number("limit"))
)
STATES = query(select(_d.subject_id, _d.state).where(*_POSTS, in_ids(_d.subject_id, "ids")))
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
