"""The queue: what waits, why it stands where it stands, and the next one to take."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.network.edge import Reader
from rostra.safety.cases import access as cases_access
from rostra.safety.cases import work
from rostra.safety.cases.access import Count as Counted
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import facts_of
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import subjects
from rostra.web.console.common import (
    HERE,
    SOURCES,
    ViewParams,
    categories_of,
    lead,
    look_cookie,
    look_of,
    tabs,
    who,
)
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console import CountView, Look, QueuePage
from rostra.web.views.forms import LANGUAGES, Form, Option
from rostra.web.views.parts import Tab

LIMIT: Final = 40
MOST: Final = 200
NOTHING: Final = "Nothing else waits in this part of the queue."
_VIEWS: Final = (
    ("", "All"),
    ("due", "Due first"),
    ("mine", "Mine"),
    ("escalated", "Escalated"),
)


class QueueParams(ViewParams, frozen=True, kw_only=True):
    """Which part of the queue, behind which case, how much of it."""

    after: Id | None = None
    show: Count = Count(LIMIT)


class LookParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which switches are on."""

    blur: str = ""
    grey: str = ""
    mute: str = ""
    keys: str = ""


async def queue(call: PageCall[QueueParams]) -> Response:
    """A page of the queue."""
    params = call.params
    limit = max(1, min(MOST, params.show))
    async with call.read() as reader:
        actor = await who(call, reader)
        found = await _found(call, reader, actor, limit + 1)
        shown, more = found[:limit], len(found) > limit
        seen = await subjects.load(call, reader, shown)
        counts = [each for each in await cases_access.counts(reader) if actor.sees(each.category)]
    kept = params.kept()
    beyond = {**kept, "after": str(shown[-1].id)} if more else {}
    if more and params.show != LIMIT:
        beyond["show"] = str(limit)
    page = QueuePage(
        tabs=tabs("queue", actor),
        look=look_of(call.request),
        views=_views(params),
        cases=[
            subjects.line(case, seen, now=call.now, viewer_id=call.viewer_id, query=params.query())
            for case in shown
        ],
        counts=_counts(counts, params, call.now),
        filters=Form(values=kept),
        categories=(Option("", "Every category"), *categories_of(actor)),
        languages=(Option("", "Every language"), *LANGUAGES),
        sources=(
            Option("", "Everybody"),
            *(Option(name, label) for name, (label, _) in SOURCES.items()),
        ),
        older_url=f"{HERE}?{urlencode(beyond)}" if beyond else "",
        query=params.query(),
        fields=tuple(kept.items()),
        total=sum(each.cases for each in counts),
        can_work=actor.may(Permission.WORK_CASES),
        can_decide_many=actor.may(Permission.DECIDE_MANY),
        filtered=bool(kept),
    )
    return await call.page(page)


async def _found(
    call: PageCall[QueueParams], reader: Reader, actor: Actor, limit: int
) -> list[Case]:
    params = call.params
    view = params.of(actor)
    if params.view == "mine":
        held = await cases_access.held_by(reader, call.viewer_id, now=call.now, limit=limit)
        return [case for case in held if actor.sees(case.status.category)]
    after = None
    if params.after:
        after = (await cases_access.by_ids(reader, [params.after])).get(params.after)
    return await cases_access.queue(reader, view, limit=limit, after=after)


def _views(params: ViewParams) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            label=label,
            url=HERE + msgspec.structs.replace(params, view=name).query(),
            current=params.view == name,
        )
        for name, label in _VIEWS
    )


def _counts(counts: list[Counted], params: ViewParams, now: int) -> tuple[CountView, ...]:
    made = []
    for each in sorted(counts, key=lambda count: count.due_at):
        facts = facts_of(each.category)
        view = ViewParams(category=facts.slug)
        made.append(
            CountView(
                name=facts.name,
                url=HERE + view.query(),
                cases=each.cases,
                due_at=each.due_at,
                late=0 < each.due_at < now,
                current=params.category == facts.slug,
            )
        )
    return tuple(made)


async def take_next(call: PageCall[ViewParams]) -> Response:
    """Hold the worst case of the view that nobody holds, and lead to it."""
    async with call.services.db.write() as tx:
        actor = await who(call, tx)
        actor.require(Permission.WORK_CASES)
        case = await work.claim_next(
            call.services, tx, actor.account_id, call.params.of(actor), own=actor.own
        )
    return next_page(call, case)


def next_page(
    call: PageCall[Any], case: Case | None, said: str = "", params: ViewParams | None = None
) -> Response:
    """Lead to the case that was taken, or to the queue where there is none."""
    view = params or call.params
    if case is None:
        return lead(call, HERE + view.query(), f"{said} {NOTHING}".strip())
    return lead(call, f"{HERE}/cases/{case.id}{view.query()}", said)


async def look(call: PageCall[LookParams]) -> Response:
    """Remember how somebody wants to see what is reported."""
    async with call.read() as reader:
        await who(call, reader)
    params = call.params
    chosen = Look(**{name: bool(getattr(params, name)) for name in LookParams.__struct_fields__})
    headers = (look_cookie(call.house.site, chosen),)
    return call.redirect(call.next_url(HERE), headers=headers)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, HERE, queue, MEMBER, params=QueueParams),
    Route(POST, f"{HERE}/next", take_next, MEMBER, params=ViewParams),
    Route(POST, f"{HERE}/look", look, MEMBER, params=LookParams),
)
