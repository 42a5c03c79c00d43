"""Rules for screening in the console: the list, one rule, its versions; switched and bounded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from markupsafe import Markup

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid
from rostra.kernel.plot import Axis, Frame, Line, counted, linear, plot, sparkline
from rostra.network.accounts import cards
from rostra.network.edge import Reader
from rostra.safety.rules import access, edit, held, switch, words
from rostra.safety.rules.faults import Fault, Faulty
from rostra.safety.rules.model import (
    BY_NAME,
    Bounds,
    LogEntry,
    State,
    StoredRule,
    Tally,
    Version,
    What,
)
from rostra.safety.rules.place import Words
from rostra.safety.rules.place import words as words_of
from rostra.safety.team.model import Actor, Permission
from rostra.safety.tryout import access as tryout_access
from rostra.web.call import PageCall
from rostra.web.console import screening_tryouts
from rostra.web.console.common import HERE, lead, look_of, tabs, who
from rostra.web.console.screening_menu import parts
from rostra.web.console.sources import changed_lines, source_lines
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views import console_screening as views
from rostra.web.views.forms import Form, Option

LIST: Final = f"{HERE}/screening/rules"
_DAYS: Final = 30
_WEEK: Final = 7
_LOGGED: Final = 10
_FRAME: Final = Frame(width=640, height=300)
_STATES: Final = (
    Option("off", "Off", "it is asked nothing"),
    Option("shadow", "In shadow", "it is asked and counted, and does nothing"),
    Option("live", "Live", "what it asks for is done"),
)


class OneRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule."""

    id: Id


class OneVersion(OneRule, frozen=True, kw_only=True):
    """Which version of it, and beside which other one; 0: the one before."""

    number: Count
    against: Count = Count(0)


class SwitchParams(OneRule, frozen=True, kw_only=True):
    """What it is to be, and why."""

    version: Count = Count(0)
    state: str = ""
    reason: str = ""
    untried: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"state": self.state, "reason": self.reason, "untried": self.untried}


class BoundsParams(OneRule, frozen=True, kw_only=True):
    """How much it may catch, as typed, and why."""

    most_an_hour: str = ""
    jump: str = ""
    reason: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"most_an_hour": self.most_an_hour, "jump": self.jump, "why": self.reason}


async def reads(call: PageCall[Any], reader: Reader) -> Actor:
    """Who asks, if rules are theirs to read.

    Raises:
        Forbidden: they are not.
    """
    actor = await who(call, reader)
    actor.require(Permission.RECORD)
    return actor


def whole(name: str, text: str) -> int:
    """A number as typed.

    Raises:
        Invalid: on that field.
    """
    if not text.strip().isascii() or not text.strip().isdigit():
        raise Invalid(name, "must be a whole number", "ERR_INVALID")
    return int(text.strip()[:9])


async def index(call: PageCall[Any]) -> Response:
    """All rules by name, and what was done with them lately."""
    async with call.read() as reader:
        actor = await reads(call, reader)
        rules = await access.every(reader)
        first = _first_day(call.now)
        spans = await access.days_of(reader, [each.id for each in rules], first)
        faulty = (await held.in_force(call.services, reader)).faulty
        log = await access.log(reader, limit=_LOGGED)
        people = await _people(reader, log)
    named = {each.id: each.name for each in rules}
    page = views.ScreeningRulesPage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        rules=[_row(each, spans[each.id], faulty.get(each.id, ()), first) for each in rules],
        log=[_event(each, people, named.get(each.rule_id, "")) for each in log],
        may=actor.may(Permission.SCREENING),
    )
    return await call.page(page)


def _first_day(now: int) -> int:
    return now - now % DAY - (_DAYS - 1) * DAY


def _row(
    rule: StoredRule, days: Sequence[Tally], faults: Sequence[Fault], first: int
) -> views.ScreeningRuleRow:
    caught = {each.at: each.caught for each in days}
    by_day = [caught.get(first + at * DAY, 0) for at in range(_DAYS)]
    week = [each for each in days if each.at >= first + (_DAYS - _WEEK) * DAY]
    title = f"Caught by {rule.name} on each of the last {_DAYS} days, {max(by_day):,} at most"
    return views.ScreeningRuleRow(
        name=rule.name,
        url=f"{LIST}/{rule.id}",
        state=rule.state.wire,
        state_words=words.STATES[rule.state],
        version=rule.version,
        since=rule.state_at,
        asked=sum(each.asked for each in week),
        caught=sum(each.caught for each in week),
        skipped=sum(each.skipped for each in week),
        each=_each(week),
        spark=Markup(sparkline(title, by_day)),  # noqa: S704 (of numbers and a name that is escaped)
        faulty=str(faults[0]) if faults else "",
    )


def _each(days: Iterable[Tally]) -> str:
    """What one post costs, on average."""
    rows = list(days)
    asked = sum(each.asked for each in rows)
    return f"{sum(each.spent_ns for each in rows) / asked / 1_000:.1f} µs" if asked else "-"


async def _people(reader: Reader, log: Iterable[LogEntry | Version]) -> Mapping[int, str]:
    """Those who did it, by name."""
    named = {each.actor_id if isinstance(each, LogEntry) else each.author_id for each in log}
    found = await cards.cards(reader, sorted(named - {0}))
    return {each: f"@{card.username}" for each, card in found.items()}


def _event(entry: LogEntry, people: Mapping[int, str], name: str = "") -> views.RuleEvent:
    by_itself = entry.what == What.PUT_BACK
    said = words.done(entry)
    return views.RuleEvent(
        words=f"{name}: {said[:1].lower()}{said[1:]}" if name else said,
        reason=entry.reason,
        by="" if by_itself else _by(entry.actor_id, people),
        at=ids.time_of(entry.id),
        bad=by_itself,
    )


def _by(account_id: int, people: Mapping[int, str]) -> str:
    return people.get(account_id, "somebody who is gone") if account_id else "the command line"


async def show(call: PageCall[OneRule]) -> Response:
    """One rule."""
    return await _show(call, call.params.id)


async def _show(
    call: PageCall[Any],
    rule_id: int,
    switching: Form | None = None,
    bounds: Form | None = None,
) -> Response:
    async with call.read() as reader:
        actor = await reads(call, reader)
        rule = await access.one(reader, rule_id)
        now = await access.version(reader, rule_id, rule.version)
        first = _first_day(call.now)
        days = await access.days(reader, rule_id, first)
        versions = await access.versions(reader, rule_id)
        log = await access.log(reader, rule_id)
        lacks = await access.lacks(reader, now)
        tryouts = await tryout_access.latest(reader, rule_id, limit=screening_tryouts.SHOWN)
        people = await _people(reader, [*log, *versions])
        known = await words_of(call.services, reader)
    description, facts, faults = _about(now.source, known)
    page = views.ScreeningRulePage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        name=rule.name,
        url=f"{LIST}/{rule.id}",
        state=rule.state.wire,
        state_words=words.STATES[rule.state],
        since=rule.state_at,
        by=_by(rule.switched_by, people),
        version=rule.version,
        description=description,
        facts=facts,
        lines=source_lines(now.source, faults),
        days=[_day(each) for each in reversed(days)],
        drawings=_drawings(days, first),
        versions=[_version(each, rule, people) for each in versions],
        log=[_event(each, people) for each in log],
        within=words.within(rule.bounds),
        states=tuple(each for each in _STATES if each.value != rule.state.wire),
        switching=switching or Form(),
        bounds=bounds or _bounds(rule.bounds),
        bounds_open=bounds is not None,
        tryouts=screening_tryouts.rows(tryouts),
        lacks=words.lacking(lacks),
        may_untried=actor.may(Permission.UNTRIED),
        may=actor.may(Permission.SCREENING),
    )
    return await call.page(page, 422 if switching or bounds else 200)


def _bounds(bounds: Bounds) -> Form:
    return Form(values={"most_an_hour": str(bounds.most_an_hour), "jump": str(bounds.jump)})


def _about(source: str, known: Words) -> tuple[str, Sequence[tuple[str, str]], Sequence[Fault]]:
    """What a source says it is for, what it does, needs and costs, and what is wrong with it."""
    try:
        rule = known.read(source)
    except Faulty as faulty:
        return "", (), faulty.faults
    facts = (
        ("Does", ", ".join(map(words.effect, rule.effects))),
        ("Needs", ", ".join(words.needs(rule)) or "nothing"),
        ("Costs", f"{rule.cost} of 1,000"),
        ("Examples that hold", str(len(rule.examples))),
    )
    return rule.description, facts, ()


def _day(tally: Tally) -> views.RuleDayRow:
    return views.RuleDayRow(
        at=tally.at,
        asked=tally.asked,
        caught=tally.caught,
        skipped=tally.skipped,
        each=_each([tally]),
    )


def _version(version: Version, rule: StoredRule, people: Mapping[int, str]) -> views.RuleVersionRow:
    return views.RuleVersionRow(
        number=version.number,
        url=f"{LIST}/{rule.id}/versions/{version.number}",
        reason=version.reason,
        by=_by(version.author_id, people),
        at=version.created_at,
        tried=bool(version.shadowed_at),
        current=version.number == rule.version,
    )


def _drawings(days: Sequence[Tally], first: int) -> Sequence[Markup]:
    """What it caught and skipped, day by day."""
    if not days:
        return ()
    by_day = {each.at: each for each in days}
    none = Tally(0, 0, 0, 0, 0)
    rows = [by_day.get(first + at * DAY, none) for at in range(_DAYS)]
    lines = [
        Line("caught", "var(--red)", [(at, each.caught) for at, each in enumerate(rows)]),
        Line("skipped", "var(--sea)", [(at, each.skipped) for at, each in enumerate(rows)]),
    ]
    most = max(max(each.caught, each.skipped) for each in rows)
    marks = [(at, f"{_DAYS - 1 - at}") for at in range(1, _DAYS, 7)]
    across: Axis = linear("days ago", _DAYS - 1, marks)
    drawn = plot("Posts a day", across, counted("", most), lines, _FRAME)
    return (Markup(drawn),)  # noqa: S704 (of numbers and fixed words)


async def version(call: PageCall[OneVersion]) -> Response:
    """One of a rule's versions, and how it differs from another one."""
    params = call.params
    async with call.read() as reader:
        actor = await reads(call, reader)
        rule = await access.one(reader, params.id)
        shown = await access.version(reader, params.id, params.number)
        against = params.against or params.number - 1
        other = await access.version(reader, params.id, against) if against else None
        versions = await access.versions(reader, params.id)
        people = await _people(reader, [shown, *versions])
    page = views.ScreeningVersionPage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        name=rule.name,
        url=f"{LIST}/{rule.id}",
        shown=_version(shown, rule, people),
        against=against,
        others=[_version(each, rule, people) for each in versions if each.number != shown.number],
        lines=changed_lines(other.source, shown.source) if other else source_lines(shown.source),
    )
    return await call.page(page)


async def switched(call: PageCall[SwitchParams]) -> Response:
    """Switch a rule off, into shadow, or live."""
    params = call.params
    state = BY_NAME.get(params.state)
    if state is None:
        form = Form(values=params.values(), errors={"state": "Choose one."})
        return await _show(call, params.id, switching=form)
    try:
        async with call.services.db.write() as tx:
            made = await switch.switch(
                call.services,
                tx,
                await who(call, tx),
                params.id,
                version=params.version,
                state=state,
                reason=params.reason,
                untried=bool(params.untried),
            )
    except (Invalid, Conflict) as error:
        return await _show(call, params.id, switching=form_of(params.values(), error))
    except Faulty as faulty:
        form = Form(values=params.values(), message=f"It is no rule any more: {faulty}")
        return await _show(call, params.id, switching=form)
    now = {
        State.OFF: "It is off.",
        State.SHADOW: "It is in shadow: asked and counted, and nothing follows.",
        State.LIVE: "It is live: what it asks for is done.",
    }[made.state]
    return lead(call, f"{LIST}/{params.id}", now)


async def bound(call: PageCall[BoundsParams]) -> Response:
    """Say how much a rule may catch before it puts itself back."""
    params = call.params
    try:
        bounds = Bounds(
            most_an_hour=whole("most_an_hour", params.most_an_hour),
            jump=whole("jump", params.jump),
        )
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await edit.bound(
                call.services, tx, actor, params.id, bounds=bounds, reason=params.reason
            )
    except Invalid as error:
        form = form_of(params.values(), error, {"reason": "why"})
        return await _show(call, params.id, bounds=form)
    return lead(call, f"{LIST}/{params.id}", "Its bounds are changed.")


ROUTES: tuple[Route[Any], ...] = (
    *screening_tryouts.ROUTES,
    Route(GET, LIST, index, MEMBER),
    Route(GET, f"{LIST}/{{id}}", show, MEMBER, params=OneRule),
    Route(GET, f"{LIST}/{{id}}/versions/{{number}}", version, MEMBER, params=OneVersion),
    Route(POST, f"{LIST}/{{id}}/switch", switched, MEMBER, params=SwitchParams),
    Route(POST, f"{LIST}/{{id}}/bounds", bound, MEMBER, params=BoundsParams),
)
