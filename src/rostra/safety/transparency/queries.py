"""The SQL of transparency, private to this slice. A period is a range of ids: they tell time."""

from typing import Any

from sqlalchemy import and_, case, exists, func, not_, or_, select

from rostra.safety.decisions.model import DecisionKind, DecisionState
from rostra.safety.notices.model import AddressState, Direction, MessageState
from rostra.safety.transparency.letters import LetterRow
from rostra.safety.transparency.model import (
    AppealFacts,
    CaseTimes,
    DecisionFacts,
    NameRow,
    ReportFacts,
    SubjectRow,
)
from rostra.store.query import const, in_ids, number, query
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.notices import notice_addresses, notice_messages, notices
from rostra.store.tables.posts import media, post_texts
from rostra.store.tables.safety import (
    appeals,
    case_reports,
    cases,
    decision_subjects,
    decisions,
    report_posts,
    reports,
)


def _letter(*columns: int) -> LetterRow:
    return LetterRow(**dict(zip(LetterRow.__struct_fields__, columns, strict=True)))


FROM, UNTIL, LIMIT = map(number, ("from_id", "until_id", "limit"))
_MADE = and_(
    decisions.c.kind == const(DecisionKind.DECISION),
    not_(decisions.c.state.in_([const(DecisionState.PROPOSED), const(DecisionState.REFUSED)])),
    decisions.c.id >= FROM,
    decisions.c.id < UNTIL,
)

_earlier = decision_subjects.alias("earlier")
_first: Any = not_(
    exists(
        select(const(1)).where(
            _earlier.c.decision_id == decision_subjects.c.decision_id,
            _earlier.c.account_id == decision_subjects.c.account_id,
            or_(
                _earlier.c.subject_kind < decision_subjects.c.subject_kind,
                and_(
                    _earlier.c.subject_kind == decision_subjects.c.subject_kind,
                    _earlier.c.subject_id < decision_subjects.c.subject_id,
                ),
            ),
        )
    )
)
SUBJECTS = query(
    select(
        decision_subjects.c.decision_id,
        decision_subjects.c.subject_kind,
        decision_subjects.c.subject_id,
        decision_subjects.c.account_id,
        decision_subjects.c.state,
        case((_first, const(1)), else_=const(0)),
    )
    .select_from(
        decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id)
    )
    .where(
        _MADE,
        decision_subjects.c.decision_id >= FROM,
        decision_subjects.c.decision_id < UNTIL,
        or_(
            decision_subjects.c.decision_id > number("after"),
            and_(
                decision_subjects.c.decision_id == number("after"),
                or_(
                    decision_subjects.c.subject_kind > number("after_kind"),
                    and_(
                        decision_subjects.c.subject_kind == number("after_kind"),
                        decision_subjects.c.subject_id > number("after_subject"),
                    ),
                ),
            ),
        ),
    )
    .order_by(
        decision_subjects.c.decision_id,
        decision_subjects.c.subject_kind,
        decision_subjects.c.subject_id,
    )
    .limit(LIMIT),
    SubjectRow,
)
LANGUAGES = query(
    select(post_texts.c.post_id, post_texts.c.language).where(in_ids(post_texts.c.post_id, "ids"))
)
MEDIA_OF_POSTS = query(
    select(media.c.post_id, media.c.kind).where(in_ids(media.c.post_id, "ids")).distinct()
)
MEDIA_KINDS = query(select(media.c.id, media.c.kind).where(in_ids(media.c.id, "ids")))
NAMES = query(
    select(
        accounts.c.id,
        accounts.c.username,
        accounts.c.domain,
        func.coalesce(profiles.c.display_name, ""),
    )
    .select_from(accounts.outerjoin(profiles, profiles.c.account_id == accounts.c.id))
    .where(in_ids(accounts.c.id, "ids")),
    NameRow,
)
# Who has reported what these decisions are about, as far as anybody could name them all.
REPORTERS = query(
    select(decision_subjects.c.decision_id, reports.c.account_id)
    .select_from(
        decision_subjects.join(
            case_reports, case_reports.c.case_id == decision_subjects.c.case_id
        ).join(reports, reports.c.id == case_reports.c.report_id)
    )
    .where(in_ids(decision_subjects.c.decision_id, "ids"), reports.c.account_id != const(0))
    .distinct()
    .limit(const(2000))
)

DECISIONS = query(
    select(*[decisions.c[name] for name in DecisionFacts.__struct_fields__]).where(_MADE),
    DecisionFacts,
)
CASES = query(
    select(
        decisions.c.category,
        decisions.c.created_at,
        cases.c.opened_at,
        cases.c.looked_at,
        case((decisions.c.undone_by != const(0), const(1)), else_=const(0)),
    )
    .select_from(
        decisions.join(decision_subjects, decision_subjects.c.decision_id == decisions.c.id).join(
            cases, cases.c.id == decision_subjects.c.case_id
        )
    )
    .where(_MADE),
    CaseTimes,
)
REPORTS = query(
    select(
        reports.c.created_at,
        reports.c.category,
        reports.c.source,
        reports.c.state,
        reports.c.decided_at,
        func.coalesce(decisions.c.ground, const(0)),
        func.coalesce(decisions.c.machine_decided, const(0)),
        select(func.count())
        .select_from(report_posts)
        .where(report_posts.c.report_id == reports.c.id)
        .scalar_subquery(),
    )
    .select_from(reports.outerjoin(decisions, decisions.c.id == reports.c.decision_id))
    .where(reports.c.id >= FROM, reports.c.id < UNTIL),
    ReportFacts,
)
# What is known of a letter's outcome: its first answer, and what its reports came to.
_first_answer = (
    select(func.min(notice_messages.c.created_at))
    .where(
        notice_messages.c.notice_id == notices.c.id,
        notice_messages.c.direction == const(Direction.OUT),
        notice_messages.c.state != const(MessageState.REFUSED),
    )
    .scalar_subquery()
)
_its_reports = notice_addresses.join(reports, reports.c.id == notice_addresses.c.report_id)
_effected = (
    select(
        case(
            (func.min(reports.c.state) == const(0), const(0)),
            else_=func.max(
                case((reports.c.state == const(1), reports.c.decided_at), else_=const(0))
            ),
        )
    )
    .select_from(_its_reports)
    .where(notice_addresses.c.notice_id == notices.c.id)
    .scalar_subquery()
)
_items = (
    select(func.count())
    .select_from(notice_addresses)
    .where(
        notice_addresses.c.notice_id == notices.c.id,
        notice_addresses.c.enclosed == const(0),
        notice_addresses.c.state != const(AddressState.NOT_OURS),
    )
    .scalar_subquery()
)
LETTERS = query(
    select(
        notices.c.received_at,
        notices.c.sender_kind,
        notices.c.category,
        notices.c.state,
        notices.c.deadline_at,
        func.coalesce(_first_answer, const(0)),
        func.coalesce(_effected, const(0)),
        _items,
    ).where(notices.c.id >= FROM, notices.c.id < UNTIL),
    _letter,
)
OPEN = query(
    select(cases.c.category, func.count(), func.min(cases.c.opened_at))
    .where(cases.c.state == const(0))
    .group_by(cases.c.category)
)
APPEALS = query(
    select(
        appeals.c.created_at,
        appeals.c.state,
        appeals.c.answered_at,
        appeals.c.report_id,
        decisions.c.actions,
        func.coalesce(reports.c.source, const(0)),
    )
    .select_from(
        appeals.join(decisions, decisions.c.id == appeals.c.decision_id).outerjoin(
            reports, reports.c.id == appeals.c.report_id
        )
    )
    .where(appeals.c.id >= FROM, appeals.c.id < UNTIL),
    AppealFacts,
)
