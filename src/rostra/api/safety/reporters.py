"""How members stand as reporters. They are warned and set aside by decisions about them."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso_or_none
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.http.params import Id
from rostra.network.accounts import access as accounts_access
from rostra.safety.reports import access
from rostra.safety.reports.flaggers import trusts_member
from rostra.safety.team.model import Permission


class ReporterId(msgspec.Struct, frozen=True):
    """Which member."""

    id: Id


async def show(call: Call[ReporterId]) -> entities.Reporter:
    """What became of a member's reports, and whether they are listened to."""
    account_id = call.params.id
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        await accounts_access.user(reader, account_id)
        record = await access.record(reader, account_id)
        standing = await access.standing(reader, account_id)
        trusted = await trusts_member(reader, account_id)
    return entities.Reporter(
        account_id=str(account_id),
        upheld=record.upheld,
        dismissed=record.dismissed,
        trusted_flagger=trusted,
        warned_at=iso_or_none(standing.warned_at),
        set_aside_until=iso_or_none(standing.muted_until),
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/reporters/{{id}}",
        show,
        auth=Auth.USER,
        scopes=READ,
        params=ReporterId,
        answer=entities.Reporter,
        summary="What became of a member's reports, and whether they are listened to",
    ),
)
