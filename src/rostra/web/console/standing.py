"""How a decision over a cluster is let stand for later copies, and how that is ended."""

from typing import Any, Final

from rostra.http.response import Response
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Fault, Forbidden, Invalid
from rostra.network.edge import Reader
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Decision, DecisionState
from rostra.safety.standing import access, stand
from rostra.safety.standing.model import Standing
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, OneParams, lead, who
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.console import LastingView
from rostra.web.views.forms import Option
from rostra.web.words import plural

USUAL: Final = 1_000
_DAYS: Final = {"1d": 1, "7d": 7, "30d": 30, "90d": 90}
CHOICES: Final = (
    Option("", "Only what is here now"),
    *(Option(name, f"Later copies too, for {plural(days, 'day')}") for name, days in _DAYS.items()),
)


class StandParams(OneParams, frozen=True, kw_only=True):
    """Which decision stands, for how long, and for how many at most."""

    stand: str = ""
    most: str = ""


def wanted(name: str, most: str, now: int, faults: list[Fault]) -> tuple[int, int]:
    """When it ends (UTC ms), and after how many copies; what can't be read is added to faults."""
    days, number = _DAYS.get(name, 0), most.strip().replace(",", "")
    if not days:
        faults.append(Fault("stand", "is not one of the choices", "ERR_INCLUSION"))
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:9]) <= stand.MOST):
        faults.append(Fault("most", f"must lie between 1 and {stand.MOST}", "ERR_INVALID"))
        number = "0"
    return now + days * DAY, int(number)


def until(name: str, most: str, now: int) -> tuple[int, int]:
    """The same for the verb.

    Raises:
        Invalid: on `stand` or `most`.
    """
    faults: list[Fault] = []
    found = wanted(name, most, now, faults)
    if faults:
        raise Invalid.many(faults)
    return found


def view(given: Standing, now: int) -> LastingView:
    """A standing decision as pages show it."""
    return LastingView(
        id=str(given.id),
        decision_url=f"{HERE}/decisions/{given.decision_id}",
        cluster_url=f"{HERE}/clusters/{given.cluster_id}",
        done=given.done_count,
        most=given.most,
        ends_at=given.ends_at,
        ended_at=given.ended_at,
        stands=given.stands(now),
    )


async def of(
    call: PageCall[Any], reader: Reader, actor: Actor, decision: Decision
) -> tuple[LastingView | None, bool]:
    """What stands on a decision or did, and whether it can be let stand. Two statements at most."""
    if not decision.cluster_id:
        return None, False
    found = await access.of_decision(reader, decision.id)
    free = decision.state in {DecisionState.IN_FORCE, DecisionState.BEING_APPLIED}
    if free and actor.may(Permission.DECIDE_MANY) and not decision.rule_id:
        other = await access.of_cluster(reader, decision.cluster_id)
        free = other is None or not other.stands(call.now)
    else:
        free = False
    return (view(found, call.now) if found else None), free


async def let_stand(call: PageCall[StandParams]) -> Response:
    """Let later copies meet a decision over a cluster."""
    params = call.params
    here = f"{HERE}/decisions/{params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            actor.require(Permission.DECIDE_MANY)
            await decisions_access.one(tx, params.id)
            ends_at, most = until(params.stand, params.most, call.now)
            await stand.let_stand(call.services, tx, actor, params.id, ends_at=ends_at, most=most)
    except (Conflict, Invalid, Forbidden) as error:
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, here, "Later copies meet it too.")


async def end(call: PageCall[OneParams]) -> Response:
    """Let a decision stand no longer."""
    async with call.services.db.write() as tx:
        actor = await who(call, tx)
        found = await access.one(tx, call.params.id)
        await stand.end(call.services, tx, actor, call.params.id)
    where = f"{HERE}/decisions/{found.decision_id}"
    return lead(call, where, "Later copies are decided by people again.")


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{HERE}/decisions/{{id}}/stand", let_stand, MEMBER, params=StandParams),
    Route(POST, f"{HERE}/standing/{{id}}/end", end, MEMBER, params=OneParams),
)
