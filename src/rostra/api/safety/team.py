"""Who of the team may do what."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, PUT, Auth, Call, Endpoint
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, category_named
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.network.credentials.model import Role
from rostra.safety.categories.facts import facts_of
from rostra.safety.team import access, appoint
from rostra.safety.team.model import Actor, Duty, Permission

_DUTIES = {duty.name.lower(): duty for duty in Duty if duty.name}


class DutyParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to trust with what."""

    id: Id
    duties: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def member_entity(actor: Actor) -> entities.TeamMember:
    """Somebody of the team."""
    bound = actor.categories
    return entities.TeamMember(
        str(actor.account_id),
        Role(actor.role).name.lower(),
        tuple(name for name, duty in _DUTIES.items() if actor.duties & duty),
        None if bound is None else tuple(facts_of(each).slug for each in bound),
        tuple(sorted(actor.permissions)),
    )


async def show(call: Call[Any]) -> list[entities.TeamMember]:
    """The team."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        return [member_entity(each) for each in await access.team(reader)]


def _duties(names: tuple[str, ...]) -> Duty:
    duties = Duty(0)
    for name in names:
        if name not in _DUTIES:
            raise Invalid("duties", f"{name[:40]!r} is no duty", "ERR_INCLUSION")
        duties |= _DUTIES[name]
    return duties


async def change(call: Call[DutyParams]) -> entities.TeamMember:
    """Trust a member with these duties and no others."""
    params = call.params
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.TEAM)
        duties = _duties(params.duties)
        categories = [category_named(each, "categories") for each in params.categories]
        await appoint.set_duties(tx, params.id, duties, categories)
        return member_entity(await access.actor(tx, params.id))


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/team",
        show,
        auth=Auth.USER,
        scopes=READ,
        answer=list[entities.TeamMember],
        summary="The team, and what each of it may do",
    ),
    Endpoint(
        PUT,
        f"{BASE}/team/{{id}}",
        change,
        auth=Auth.USER,
        scopes=WRITE,
        params=DutyParams,
        answer=entities.TeamMember,
        summary="Trust a member with duties",
    ),
)
