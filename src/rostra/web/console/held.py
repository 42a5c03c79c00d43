"""What rules hold now, in the console: why, since when, until when; chosen and decided together."""

from collections.abc import Mapping
from typing import Any, Final

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.safety.cases import access as cases_access
from rostra.safety.holding import access
from rostra.safety.holding.model import Hold, HoldState
from rostra.safety.holding.words import span
from rostra.safety.rules import access as rules_access
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import subjects
from rostra.web.console.common import look_of, tabs, who
from rostra.web.console.screening_menu import SCREENING, parts
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console import CaseLine
from rostra.web.views.console_held import HeldLine, HeldPage

_BECAME: Final = {
    HoldState.RELEASED: "Released by somebody",
    HoldState.KEPT: "Kept or removed by somebody",
    HoldState.LET_GO: "Released by themselves, for nobody had looked",
    HoldState.GONE: "Deleted by their authors",
}
_THEN: Final = {
    "release": "What nobody looks at within its limit is released.",
    "keep": "What nobody looks at within its limit goes on waiting.",
}


async def show(call: PageCall[NoParams]) -> Response:
    """The page."""
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        found = await access.overview(call.services, reader, actor)
        names = {each.id: each.name for each in await rules_access.every(reader)}
        posts = [each.post_id for each in found.holds]
        cases = {
            post_id: case
            for post_id, case in (await cases_access.open_about_posts(reader, posts)).items()
            if actor.sees(case.status.category)
        }
        seen = await subjects.load(call, reader, cases.values())
    lines = {
        post_id: subjects.line(case, seen, now=call.now, viewer_id=call.viewer_id)
        for post_id, case in cases.items()
    }
    page = HeldPage(
        tabs=tabs("screening", actor),
        parts=parts("held", actor),
        look=look_of(call.request),
        held=[_line(call, actor, each, names, lines.get(each.post_id)) for each in found.holds],
        waiting=found.waiting,
        overdue=found.overdue,
        settled=[(words, found.settled[state]) for state, words in _BECAME.items()],
        usual="" if found.median_ms is None else span(found.median_ms),
        then=_THEN[call.services.settings.screening.hold_overdue],
        can_decide_many=actor.may(Permission.DECIDE_MANY),
    )
    return await call.page(page)


def _line(
    call: PageCall[Any], actor: Actor, hold: Hold, names: Mapping[int, str], case: CaseLine | None
) -> HeldLine:
    reads = actor.may(Permission.RECORD)
    return HeldLine(
        case=case,
        rule=names.get(hold.rule_id, "a rule that is gone"),
        version=hold.rule_version,
        rule_url=f"{SCREENING}/rules/{hold.rule_id}" if reads and hold.rule_id in names else "",
        held_at=hold.held_at,
        due_at=hold.due_at,
        overdue=hold.due_at <= call.now,
        decision_url=f"/console/decisions/{hold.decision_id}",
    )


ROUTES: tuple[Route[Any], ...] = (Route(GET, f"{SCREENING}/held", show, MEMBER, params=NoParams),)
