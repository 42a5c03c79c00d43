"""Measures against a flood, on the page of the pace: agreed to, switched on and off."""

from typing import Any, Final

import msgspec

from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.safety.pace import surge, words
from rostra.safety.pace.surge_model import MeasureKind, Terms
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, lead, who
from rostra.web.faults import form_of
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.console_pace import LogLine, MeasureView, SurgeView
from rostra.web.views.forms import Option

PACE: Final = f"{HERE}/pace"
_MOST: Final = {
    MeasureKind.HOLD_FIRST_POSTS: "{} posts a day at most",
    MeasureKind.SLOW_REPLIES: "{} answers a minute to one post",
    MeasureKind.CLOSE_SIGN_UP: "",
}
_KINDS: Final = {kind.wire: kind for kind in MeasureKind}


class AgreeParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed to, as typed."""

    measure: str = ""
    hours: str = ""
    most: str = ""
    when_hours: str = ""
    when_open: str = ""


class SwitchParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which measure, and what is to become of it."""

    measure: str = ""
    to: str = ""


async def section(call: PageCall[Any], reader: Reader, actor: Actor) -> SurgeView:
    """What the page shows of it."""
    agreed = await surge.terms(reader)
    running = (await instance_access.surge(reader)).running(call.now)
    return SurgeView(
        measures=[
            MeasureView(
                name=kind.wire,
                words=words.MEASURES[kind],
                agreed=_agreed(agreed[kind]) if kind in agreed else "",
                until=running[kind.wire].until if kind.wire in running else 0,
            )
            for kind in MeasureKind
        ],
        log=[
            LogLine(ids.time_of(each.id), words.switched(each.measure, each.what, each.until))
            for each in await surge.log(reader, limit=10)
        ],
        options=tuple(Option(kind.wire, words.MEASURES[kind]) for kind in MeasureKind),
        may=actor.may(Permission.SURGE),
    )


def _agreed(terms: Terms) -> str:
    said = [f"For {terms.hours} hours at most"]
    if most := _MOST[MeasureKind(terms.measure)].format(terms.most):
        said.append(most)
    if terms.when_hours:
        by = f"by itself where what waits takes longer than {terms.when_hours} hours"
        said.append(f"{by} and {terms.when_open} cases are open" if terms.when_open else by)
    else:
        said.append("by hand alone")
    return ", ".join(said)


async def agree(call: PageCall[AgreeParams]) -> Response:
    """Agree to a measure beforehand."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            terms = _typed(params, _kind(params.measure))
            await surge.agree(call.services, tx, actor, terms)
    except Invalid as error:
        faults = form_of({}, error).errors
        said = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in faults.items())
        return lead(call, PACE, said, good=False)
    return lead(call, PACE, "It is agreed.")


def _kind(name: str) -> MeasureKind:
    if name not in _KINDS:
        raise NotFound(f"no measure {name[:40]!r}")
    return _KINDS[name]


def _typed(params: AgreeParams, kind: MeasureKind) -> Terms:
    """The terms; what is no number is one that no bounds let pass."""
    numbers = {}
    for name in ("hours", "most", "when_hours", "when_open"):
        text = getattr(params, name).strip() or "0"
        numbers[name] = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1  # noqa: PLR2004 (digits)
    if not kind.counts:
        numbers["most"] = 0
    return Terms(measure=kind, **numbers)


async def switch(call: PageCall[SwitchParams]) -> Response:
    """Switch a measure on or off, or agree to it no longer."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            kind = _kind(params.measure)
            if params.to in {"on", "off"}:
                await surge.switch(call.services, tx, actor, kind, on=params.to == "on")
            elif params.to == "none":
                await surge.withdraw(call.services, tx, actor, kind)
            else:
                raise NotFound("nothing to do")
    except Conflict as error:
        return lead(call, PACE, error.safe, good=False)
    return lead(call, PACE, "It is done, and the team is told.")


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{PACE}/agree", agree, MEMBER, params=AgreeParams),
    Route(POST, f"{PACE}/switch", switch, MEMBER, params=SwitchParams),
)
