"""One case: what it is about, whose it is, what was said, what happened, and the form to decide."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from rostra.http.response import Response
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case, CaseState, Event
from rostra.safety.categories.facts import all_facts, facts_of
from rostra.safety.categories.model import Sender
from rostra.safety.clusters import access as clusters_access
from rostra.safety.clusters.model import Placed
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import strikes
from rostra.safety.decisions.model import ActionKind, Decision, DecisionState, Restriction
from rostra.safety.outsiders import access as outsiders_access
from rostra.safety.outsiders.model import Outside
from rostra.safety.reports import access as reports_access
from rostra.safety.reports.model import Report, Standing
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import desk, evidence, panels, signals, subjects, words
from rostra.web.console.common import (
    HERE,
    OneParams,
    ViewParams,
    case_for,
    look_of,
    tabs,
    who,
)
from rostra.web.console.subjects import Seen
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console import (
    CaseLine,
    CasePage,
    DecisionLine,
    EventView,
    HoldView,
    SaidView,
    StandingView,
)
from rostra.web.views.forms import Form, Option

_REPORTS: Final = 40
_EVENTS: Final = 80
_EARLIER: Final = 10
_OTHERS: Final = 20


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was read for a case beside the case itself."""

    reports: Sequence[Report]
    outside: Mapping[int, Outside]
    standings: Mapping[int, Standing]
    events: Sequence[Event]
    holds: Sequence[Restriction]
    account_holds: Sequence[Restriction]
    earlier: Sequence[Decision]
    others: Sequence[Case]
    team: Sequence[Actor]
    placed: Placed | None


async def one(call: PageCall[OneParams]) -> Response:
    """The page of a case."""
    return await shown(call, call.params.id, call.params)


async def shown(
    call: PageCall[Any],
    case_id: int,
    view: ViewParams,
    *,
    decide: Form | None = None,
    note: Form | None = None,
) -> Response:
    """The page of a case, with forms as they were typed."""
    async with call.read() as reader:
        actor = await who(call, reader)
        case = await case_for(reader, actor, case_id)
        told = await _told(reader, actor, case)
        ahead = await _ahead(call, reader, actor, case, view)
        people = {report.row.account_id for report in told.reports}
        people |= {event.actor_id for event in told.events}
        people |= {event.holder_id for event in told.events}
        people |= {each.account_id for each in told.team}
        people |= {each.actor_id for each in told.earlier}
        seen = await subjects.load(call, reader, [case, *told.others, *ahead], people - {0})
        page = await _page(call, reader, actor, case, told, seen, view)
        if page.can_work and actor.may(Permission.DECIDE) and page.case.state == "open":
            made = await desk.view(call, reader, actor, [case], decide, view)
            page = msgspec.structs.replace(page, desk=made)
    page = msgspec.structs.replace(page, note=note or Form(), ahead=_pictures(ahead, seen))
    return await call.page(page, 422 if (decide and decide.errors) or note else 200)


async def _told(reader: Reader, actor: Actor, case: Case) -> Told:
    ids = await cases_access.report_ids(reader, case.id, limit=_REPORTS)
    account = Subject(SubjectKind.ACCOUNT, case.account_id)
    holds = await decisions_access.in_force(reader, case.subject)
    same = case.subject == account
    others = await cases_access.of_account(reader, case.account_id, limit=_OTHERS)
    earlier = await decisions_access.about_account(reader, case.account_id, limit=_EARLIER)
    reports = await reports_access.by_ids(reader, ids)
    outsiders = [each.row.id for each in reports if not each.row.account_id]
    members = {each.row.account_id for each in reports} - {0}
    return Told(
        reports=reports,
        outside=await outsiders_access.of_reports(reader, outsiders),
        standings=await reports_access.standings(reader, sorted(members)),
        events=await cases_access.events(reader, case.id, limit=_EVENTS, reports=False),
        holds=holds,
        account_holds=holds if same else await decisions_access.in_force(reader, account),
        earlier=[each for each in earlier if actor.sees(each.category)],
        others=[
            each
            for each in others
            if each.id != case.id
            and each.status.state == CaseState.OPEN
            and actor.sees(each.status.category)
        ],
        team=await team_access.team(reader) if actor.may(Permission.WORK_CASES) else (),
        placed=(await clusters_access.places(reader, [case.id])).get(case.id)
        if case.cluster_id
        else None,
    )


async def _ahead(
    call: PageCall[Any], reader: Reader, actor: Actor, case: Case, view: ViewParams
) -> list[Case]:
    """The case that is likely to come next."""
    if not actor.may(Permission.WORK_CASES):
        return []
    found = await cases_access.queue(reader, view.of(actor), limit=4)
    free = [each for each in found if each.id != case.id and not each.status.held_at(call.now)]
    return free[:1]


def _pictures(ahead: Sequence[Case], seen: Seen) -> tuple[str, ...]:
    bodies = [body for each in ahead if (body := seen.body(each.subject))]
    keys = [media.preview_key for body in bodies for media in body.media if media.preview_key]
    return tuple(seen.at.blob(key) for key in keys)


async def _page(  # noqa: PLR0917 (all that the page is made of, once)
    call: PageCall[Any],
    reader: Reader,
    actor: Actor,
    case: Case,
    told: Told,
    seen: Seen,
    view: ViewParams,
) -> CasePage:
    status, query = case.status, view.query()
    rules = await instance_access.rules(call.services, reader)
    texts = {rule.id: rule.text for rule in rules}

    def listed(each: Case) -> CaseLine:
        return subjects.line(each, seen, now=call.now, viewer_id=call.viewer_id, query=query)

    others = tuple(listed(each) for each in told.others)
    can_work = actor.may(Permission.WORK_CASES)
    content = await subjects.content(reader, case, seen)
    can_bank = actor.may(Permission.BANKS) and content.pictures
    return CasePage(
        tabs=tabs("queue", actor),
        look=look_of(call.request),
        case=listed(case),
        content=content,
        kept=await evidence.of_subject(reader, actor, case.subject),
        standing=await _standing(call, reader, case, told, seen, others),
        reports=tuple(_said(report, seen, texts, told) for report in told.reports),
        reports_count=status.reports_count,
        events=_events(told.events, seen),
        panel=await panels.note(call, reader, actor, case),
        judgements=await signals.of_subject(reader, case.subject),
        holds=tuple(_hold(each) for each in told.holds),
        held_until=status.held_until if status.held_at(call.now) else 0,
        decision_url=f"{HERE}/decisions/{status.decision_id}" if status.decision_id else "",
        merged_url=f"{HERE}/cases/{status.merged_into}" if status.merged_into else "",
        cluster_url=f"{HERE}/clusters/{case.cluster_id}" if case.cluster_id else "",
        outlier=told.placed.sentences if told.placed else (),
        team=_team(told.team, case, actor, seen),
        categories=tuple(Option(each.slug, each.name) for each in all_facts()),
        mergeable=others,
        fields=tuple(view.kept().items()),
        back_url=HERE + query,
        can_work=can_work,
        can_judge_reporters=actor.may(Permission.DECIDE_ACCOUNTS),
        bank_url=f"{HERE}/cases/{case.id}/bank" if can_bank else "",
    )


async def _standing(  # noqa: PLR0917 (as the page)
    call: PageCall[Any],
    reader: Reader,
    case: Case,
    told: Told,
    seen: Seen,
    others: Sequence[CaseLine],
) -> StandingView:
    row = await accounts_access.any_by_id(reader, case.account_id)
    found = await strikes.outlook(reader, call.services, case.account_id, 0)
    coming = found.next
    return StandingView(
        author=seen.author(case.account_id),
        since=row.created_at if row else 0,
        posts=row.statuses_count if row else 0,
        followers=row.followers_count if row else 0,
        points=found.points,
        next_words=f"At {coming.points}: {words.threshold(coming)}" if coming else "",
        holds=tuple(_hold(each) for each in told.account_holds),
        decisions=tuple(decision_line(each, seen) for each in told.earlier),
        cases=others,
    )


def decision_line(decision: Decision, seen: Seen) -> DecisionLine:
    """A decision in a list."""
    state = DecisionState(decision.state)
    return DecisionLine(
        id=str(decision.id),
        url=f"{HERE}/decisions/{decision.id}",
        words=words.decided(decision),
        category=facts_of(decision.category).name,
        state=state.wire,
        state_words=words.STATES[state],
        at=decision.created_at,
        by="a panel of members" if decision.by_panel else seen.name(decision.actor_id),
        subjects=decision.subjects_count,
        done=decision.done_count,
        strikes=decision.strikes,
        facts=decision.facts,
    )


def _hold(restriction: Restriction) -> HoldView:
    what = restriction.what
    name = words.act(what) if what.kind else words.ACTIONS[ActionKind(restriction.action)][0]
    url = f"{HERE}/decisions/{restriction.decision_id}"
    return HoldView(words=name, ends_at=restriction.ends_at, decision_url=url)


def _said(report: Report, seen: Seen, rules: dict[int, str], told: Told) -> SaidView:
    row = report.row
    outside = told.outside.get(row.id)
    standing = told.standings.get(row.account_id, Standing())
    sender = words.SENDERS[Sender(row.source)]
    if outside and outside.name:
        sender = f"{sender}, {outside.name}"
    return SaidView(
        id=str(row.id),
        by=seen.name(row.account_id) or sender,
        addresses=outside.named if outside else (),
        warned_at=standing.warned_at,
        set_aside_until=standing.muted_until,
        by_member=row.account_id > 0,
        category=facts_of(row.category).name,
        comment=row.comment,
        weight=words.weight(row.weight),
        at=row.created_at,
        rules=tuple(rules[rule_id] for rule_id in report.rule_ids if rule_id in rules),
    )


def _events(events: Sequence[Event], seen: Seen) -> tuple[EventView, ...]:
    """What happened, the newest first."""
    names = {person: seen.name(person) for person in seen.people}
    return tuple(
        EventView(
            at=each.at,
            words=words.event(each, names),
            by=seen.name(each.actor_id),
            note=each.words,
        )
        for each in reversed(events)
    )


def _team(team: Sequence[Actor], case: Case, actor: Actor, seen: Seen) -> tuple[Option, ...]:
    """Those who could take it over."""
    return tuple(
        Option(str(each.account_id), seen.name(each.account_id))
        for each in team
        if each.account_id != actor.account_id
        and each.may(Permission.WORK_CASES)
        and each.sees(case.status.category)
        and each.account_id in seen.people
    )


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, f"{HERE}/cases/{{id}}", one, MEMBER, params=OneParams),
)
