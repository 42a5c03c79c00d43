"""The SQL of panels, private to this slice."""

from typing import Any

from sqlalchemy import and_, bindparam, exists, func, not_, or_, select

from rostra.safety.decisions.model import DecisionState
from rostra.safety.panels.model import Member, MemberState, Panel, PanelState, Seat, SeatState
from rostra.store.query import as_tuple, const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.accounts import accounts, profiles, users
from rostra.store.tables.instance import rules
from rostra.store.tables.panels import panel_members, panel_seats, panels
from rostra.store.tables.posts import favourites, post_mentions, posts
from rostra.store.tables.relations import blocks, follows, mutes
from rostra.store.tables.safety import case_reports, cases, decisions, report_rules, reports

ID, NOW, ACCOUNT, LIMIT = number("id"), number("now"), number("account"), number("limit")
_MEMBER: list[Any] = [panel_members.c[name] for name in Member.__struct_fields__]
_PANEL: list[Any] = [panels.c[name] for name in Panel.__struct_fields__]
_SEAT: list[Any] = [panel_seats.c[name] for name in Seat.__struct_fields__]
_RUNNING = panels.c.state == const(PanelState.RUNNING)
_WAITS = panel_seats.c.state == const(SeatState.WAITING)


def _panel(*columns: Any) -> Panel:
    return Panel(**dict(zip(Panel.__struct_fields__, columns, strict=True)))


def _seat(*columns: Any) -> Seat:
    return Seat(**dict(zip(Seat.__struct_fields__, columns, strict=True)))


# Members.
MEMBER = query(select(*_MEMBER).where(panel_members.c.account_id == ACCOUNT), Member)
MEMBER_LOCKED = query(
    select(*_MEMBER).where(panel_members.c.account_id == ACCOUNT).with_for_update(), Member
)
MEMBERS = query(
    select(*_MEMBER)
    .where(
        panel_members.c.state <= const(MemberState.SITS),
        panel_members.c.account_id > number("after"),
    )
    .order_by(panel_members.c.account_id)
    .limit(LIMIT),
    Member,
)
COUNT_MEMBERS = query(
    select(func.count()).where(panel_members.c.state <= const(MemberState.SITS)), int
)
ADD_MEMBER = insert_or_ignore(panel_members)
SET_MEMBER = query(
    panel_members.update()
    .where(panel_members.c.account_id == ACCOUNT)
    .values(
        state=bindparam("state"),
        daily_limit=bindparam("daily_limit"),
        languages=bindparam("languages"),
        invited_by=bindparam("invited_by"),
        invited_at=bindparam("invited_at"),
        answered_at=bindparam("answered_at"),
    )
)
# Whoever is here, may sign in, is not restricted, and decides nothing as one of the team.
_FIT = (
    accounts.c.state == const(0),
    accounts.c.limits == const(0),
    users.c.disabled_at == const(0),
    users.c.role == const(0),
    users.c.duties == const(0),
)
FIT = query(
    select(accounts.c.id)
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(accounts.c.id == ACCOUNT, *_FIT),
    int,
)
FORGET_MEMBER = query(panel_members.delete().where(panel_members.c.account_id == ACCOUNT))

# Who could be asked about a case: no party of it, and nobody who stands in any relation to its
# author or has done anything with the post.
_AUTHOR, _POST, _THREAD, _CASE = map(number, ("author", "post", "thread", "case"))
_ONE = panel_members.c.account_id
_own = posts.alias()
_THEIRS = [
    and_(table.c.account_id == one, table.c.target_id == other)
    for table in (follows, blocks, mutes)
    for one, other in ((_ONE, _AUTHOR), (_AUTHOR, _ONE))
]
_PARTIES = (
    *(exists(select(const(1)).where(each)) for each in _THEIRS),
    exists(
        select(const(1))
        .select_from(case_reports.join(reports, reports.c.id == case_reports.c.report_id))
        .where(case_reports.c.case_id == _CASE, reports.c.account_id == _ONE)
    ),
    exists(
        select(const(1)).where(post_mentions.c.post_id == _POST, post_mentions.c.account_id == _ONE)
    ),
    exists(select(const(1)).where(favourites.c.post_id == _POST, favourites.c.account_id == _ONE)),
    exists(select(const(1)).where(_own.c.thread_id == _THREAD, _own.c.account_id == _ONE)),
    exists(select(const(1)).where(_own.c.reblog_of_id == _POST, _own.c.account_id == _ONE)),
    exists(
        select(const(1))
        .select_from(panel_seats.join(panels, panels.c.id == panel_seats.c.panel_id))
        .where(panels.c.case_id == _CASE, panel_seats.c.account_id == _ONE)
    ),
)
_TODAY = (
    select(func.count())
    .where(panel_seats.c.account_id == _ONE, panel_seats.c.drawn_at > number("since"))
    .scalar_subquery()
)
CANDIDATES = query(
    select(_ONE, panel_members.c.languages)
    .select_from(
        panel_members.join(accounts, accounts.c.id == _ONE).join(users, users.c.account_id == _ONE)
    )
    .where(
        panel_members.c.state == const(MemberState.SITS),
        *_FIT,
        _ONE != _AUTHOR,
        not_(or_(*_PARTIES)),
        panel_members.c.daily_limit > _TODAY,
    )
    .limit(LIMIT),
    as_tuple,
)
NAMES = query(
    select(accounts.c.id, accounts.c.username, accounts.c.domain, profiles.c.display_name)
    .select_from(accounts.join(profiles, profiles.c.account_id == accounts.c.id))
    .where(in_ids(accounts.c.id, "ids")),
    as_tuple,
)
RULES_OF_CASE = query(
    select(rules.c.id, rules.c.text)
    .where(
        rules.c.id.in_(
            select(report_rules.c.rule_id)
            .select_from(
                report_rules.join(
                    case_reports, case_reports.c.report_id == report_rules.c.report_id
                )
            )
            .where(case_reports.c.case_id == _CASE)
        )
    )
    .order_by(rules.c.position, rules.c.id)
    .limit(const(5)),
    as_tuple,
)

# Panels.
ADD = insert(panels)
ONE = query(select(*_PANEL).where(panels.c.id == ID), _panel)
LOCKED = query(
    select(*_PANEL).where(in_ids(panels.c.id, "ids")).order_by(panels.c.id).with_for_update(),
    _panel,
)
OF_CASE = query(
    select(*_PANEL).where(panels.c.case_id == _CASE).order_by(panels.c.id.desc()).limit(const(1)),
    _panel,
)
RUNNING_OF_CASES = query(
    select(*_PANEL)
    .where(in_ids(panels.c.case_id, "cases"), _RUNNING)
    .order_by(panels.c.id)
    .with_for_update(),
    _panel,
)
CASE_OF_POST = query(
    select(cases.c.id).where(
        cases.c.subject_id == _POST,
        cases.c.subject_kind == const(1),
        cases.c.state == const(0),
        cases.c.panel_id != const(0),
    ),
    int,
)
LISTED = query(
    select(*_PANEL)
    .where(
        panels.c.id < number("below"),
        panels.c.state != const(PanelState.UNFIT),
        or_(number("state") == const(-1), panels.c.state == number("state")),
    )
    .order_by(panels.c.id.desc())
    .limit(LIMIT),
    _panel,
)
CLOSE = query(
    panels.update()
    .where(panels.c.id == ID)
    .values(
        state=bindparam("state"),
        outcome=bindparam("outcome"),
        closed_by=bindparam("closed_by"),
        closed_at=NOW,
    )
)
SET_END = query(panels.update().where(panels.c.id == ID).values(ends_at=bindparam("ends_at")))
DUE = query(
    select(panels.c.id, panels.c.case_id)
    .where(_RUNNING, panels.c.ends_at <= NOW)
    .order_by(panels.c.ends_at, panels.c.id)
    .limit(LIMIT),
    as_tuple,
)
# Open cases that were never with a panel, and that nobody works on, the worst first.
NEVER_ASKED = query(
    select(cases.c.id)
    .where(
        cases.c.state == const(0),
        in_ids(cases.c.category, "categories"),
        cases.c.subject_kind == const(1),
        cases.c.panel_id == const(0),
        cases.c.proposed_id == const(0),
        cases.c.escalated == const(0),
        or_(cases.c.holder_id == const(0), cases.c.held_until <= NOW),
        not_(exists(select(const(1)).where(panels.c.case_id == cases.c.id))),
    )
    .order_by(cases.c.rank, cases.c.id)
    .limit(LIMIT),
    int,
)

# Seats.
ADD_SEAT = insert(panel_seats, [*Seat.__struct_fields__, "told_at"])
SEATS = query(
    select(*_SEAT).where(in_ids(panel_seats.c.panel_id, "ids")).order_by(panel_seats.c.id), _seat
)
SEAT = query(
    select(*_SEAT).where(panel_seats.c.id == ID, panel_seats.c.account_id == ACCOUNT), _seat
)
# Whose a seat is that waits and of which nobody has told them.
WAITS = query(
    select(panel_seats.c.account_id).where(
        panel_seats.c.id == ID,
        _WAITS,
        panel_seats.c.until > NOW,
        panel_seats.c.told_at == const(0),
    ),
    int,
)
# What waits for a member, the oldest first.
WAITING = query(
    select(*_SEAT)
    .where(panel_seats.c.account_id == ACCOUNT, _WAITS, panel_seats.c.until > NOW)
    .order_by(panel_seats.c.drawn_at, panel_seats.c.id)
    .limit(LIMIT),
    _seat,
)
WAITING_OF_MEMBER = query(
    select(panel_seats.c.panel_id, panels.c.case_id)
    .select_from(panel_seats.join(panels, panels.c.id == panel_seats.c.panel_id))
    .where(panel_seats.c.account_id == ACCOUNT, _WAITS)
    .limit(const(500)),
    as_tuple,
)
VOTED = query(
    select(*_SEAT)
    .where(
        panel_seats.c.account_id == ACCOUNT,
        panel_seats.c.state == const(SeatState.VOTED),
        panel_seats.c.id < number("below"),
    )
    .order_by(panel_seats.c.drawn_at.desc(), panel_seats.c.id.desc())
    .limit(LIMIT),
    _seat,
)
BY_IDS = query(select(*_PANEL).where(in_ids(panels.c.id, "ids")), _panel)
ANSWER = query(
    panel_seats.update()
    .where(panel_seats.c.id == ID, _WAITS)
    .values(
        state=bindparam("state"),
        vote=bindparam("vote"),
        reason=bindparam("reason"),
        answered_at=NOW,
    )
)
END_SEATS = query(
    panel_seats.update()
    .where(in_ids(panel_seats.c.panel_id, "ids"), _WAITS)
    .values(state=const(SeatState.ENDED), answered_at=NOW)
)
LEAVE_SEATS = query(
    panel_seats.update()
    .where(panel_seats.c.account_id == ACCOUNT, _WAITS)
    .values(state=const(SeatState.PASSED), answered_at=NOW)
)
LAPSING = query(
    select(panel_seats.c.panel_id, panels.c.case_id)
    .select_from(panel_seats.join(panels, panels.c.id == panel_seats.c.panel_id))
    .where(_WAITS, panel_seats.c.until <= NOW)
    .order_by(panel_seats.c.until, panel_seats.c.id)
    .limit(LIMIT),
    as_tuple,
)
LAPSE = query(
    panel_seats.update()
    .where(in_ids(panel_seats.c.panel_id, "ids"), _WAITS, panel_seats.c.until <= NOW)
    .values(state=const(SeatState.LAPSED))
)
TOLD = query(panel_seats.update().where(panel_seats.c.id == ID).values(told_at=NOW))
FORGET_SEATS = query(
    panel_seats.update()
    .where(panel_seats.c.account_id == ACCOUNT)
    .values(account_id=const(0), reason=bindparam("reason"))
)

# What the team decided later, of the newest votes and panels. Where the panel itself decided, only
# that it was taken back tells something.
_LATER = panels.join(cases, cases.c.id == panels.c.case_id).join(
    decisions, decisions.c.id == cases.c.decision_id
)
_COMPARABLE = (
    panels.c.state != const(PanelState.RUNNING),
    cases.c.state == const(1),
    or_(
        decisions.c.actor_id != const(0),
        decisions.c.state.in_([const(DecisionState.UNDONE), const(DecisionState.BEING_UNDONE)]),
    ),
)
_DONE = (decisions.c.actions, decisions.c.state)
SEATS_COMPARED = query(
    select(panel_seats.c.account_id, panel_seats.c.vote, *_DONE)
    .select_from(_LATER.join(panel_seats, panel_seats.c.panel_id == panels.c.id))
    .where(panel_seats.c.state == const(SeatState.VOTED), *_COMPARABLE)
    .order_by(panel_seats.c.id.desc())
    .limit(LIMIT),
    as_tuple,
)
PANELS_COMPARED = query(
    select(const(0), panels.c.outcome, *_DONE)
    .select_from(_LATER)
    .where(panels.c.state == const(PanelState.AGREED), *_COMPARABLE)
    .order_by(panels.c.id.desc())
    .limit(LIMIT),
    as_tuple,
)
ASKED_OF_MEMBERS = query(
    select(panel_seats.c.account_id, panel_seats.c.state, func.count())
    .where(in_ids(panel_seats.c.account_id, "ids"))
    .group_by(panel_seats.c.account_id, panel_seats.c.state),
    as_tuple,
)
