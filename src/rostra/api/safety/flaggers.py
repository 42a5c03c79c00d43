"""Trusted flaggers: who they are, named and taken off the list by an admin."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.times import iso
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.http.params import Id
from rostra.safety.reports import flaggers
from rostra.safety.reports.model import Flagger
from rostra.safety.team.model import Permission


class FlaggerParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to trust: a member, or a mail address or domain outside."""

    account_id: Id | None = None
    address: str = ""
    name: str = ""


class OneParams(msgspec.Struct, frozen=True):
    """Which flagger."""

    id: Id


def flagger_entity(flagger: Flagger) -> entities.Flagger:
    """A trusted flagger as programs of the team read it."""
    return entities.Flagger(
        id=str(flagger.id),
        account_id=id_or_none(flagger.account_id),
        address=flagger.address,
        name=flagger.name,
        added_by=id_or_none(flagger.added_by),
        created_at=iso(flagger.created_at),
    )


async def show(call: Call[Any]) -> list[entities.Flagger]:
    """All of them."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        return [flagger_entity(each) for each in await flaggers.listed(reader)]


async def add(call: Call[FlaggerParams]) -> entities.Flagger:
    """Trust somebody."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.TEAM)
        made = await flaggers.add(
            call.services,
            tx,
            added_by=actor.account_id,
            account_id=params.account_id or 0,
            address=params.address,
            name=params.name,
        )
    return flagger_entity(made)


async def remove(call: Call[OneParams]) -> Empty:
    """Trust them no more than others."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.TEAM)
        await flaggers.remove(tx, call.params.id)
    return Empty()


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/flaggers",
        show,
        auth=Auth.USER,
        scopes=READ,
        answer=list[entities.Flagger],
        summary="Trusted flaggers",
    ),
    Endpoint(
        POST,
        f"{BASE}/flaggers",
        add,
        auth=Auth.USER,
        scopes=WRITE,
        params=FlaggerParams,
        answer=entities.Flagger,
        summary="Trust a member, a mail address or a mail domain",
        errors=(409,),
    ),
    Endpoint(
        DELETE,
        f"{BASE}/flaggers/{{id}}",
        remove,
        auth=Auth.USER,
        scopes=WRITE,
        params=OneParams,
        answer=Empty,
        summary="Trust a flagger no more than others",
    ),
)
