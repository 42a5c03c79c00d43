"""Appeals that wait for the team, and their answers."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.http.params import Count, Id
from rostra.kernel.errors import Invalid
from rostra.safety.appeals import access
from rostra.safety.appeals.answer import answer as answering
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.team.model import Permission

_LIMIT, _MOST = 40, 200


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """How many, and after how many."""

    limit: Count | None = None
    offset: Count | None = None


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which appeal."""

    id: Id


class AnswerParams(msgspec.Struct, frozen=True, kw_only=True):
    """How an appeal is answered: `upheld` or `rejected`, and why."""

    id: Id
    outcome: str = ""
    reasons: str = ""


def appeal_entity(appeal: Appeal) -> entities.TeamAppeal:
    """An appeal as programs of the team read it."""
    return entities.TeamAppeal(
        id=str(appeal.id),
        decision_id=str(appeal.decision_id),
        account_id=id_or_none(appeal.account_id),
        report_id=id_or_none(appeal.report_id),
        text=appeal.text,
        state=AppealState(appeal.state).wire,
        answer=appeal.answer,
        actor_id=id_or_none(appeal.actor_id),
        undo_id=id_or_none(appeal.undo_id),
        due_at=iso(appeal.due_at),
        answered_at=iso_or_none(appeal.answered_at),
        created_at=iso(appeal.created_at),
    )


async def waiting(call: Call[ListParams]) -> list[entities.TeamAppeal]:
    """Appeals that nobody has answered, what is due first first."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.APPEALS)
        limit = min(call.params.limit or _LIMIT, _MOST)
        found = await access.waiting(reader, actor, limit=limit, offset=call.params.offset or 0)
    return [appeal_entity(each) for each in found]


async def one(call: Call[OneParams]) -> entities.TeamAppeal:
    """An appeal."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.APPEALS)
        return appeal_entity(await access.one(reader, actor, call.params.id))


async def answer(call: Call[AnswerParams]) -> entities.TeamAppeal:
    """Answer an appeal, as somebody who had no part in the decision."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.APPEALS)
        if params.outcome not in {"upheld", "rejected"}:
            raise Invalid("outcome", "is not included in the list", "ERR_INCLUSION")
        uphold = params.outcome == "upheld"
        made = await answering(
            call.services, tx, actor, params.id, uphold=uphold, reasons=params.reasons
        )
    return appeal_entity(made)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/appeals",
        waiting,
        auth=Auth.USER,
        scopes=READ,
        params=ListParams,
        answer=list[entities.TeamAppeal],
        summary="Appeals that wait for an answer",
    ),
    Endpoint(
        GET,
        f"{BASE}/appeals/{{id}}",
        one,
        auth=Auth.USER,
        scopes=READ,
        params=OneParams,
        answer=entities.TeamAppeal,
        summary="An appeal",
    ),
    Endpoint(
        POST,
        f"{BASE}/appeals/{{id}}/answer",
        answer,
        auth=Auth.USER,
        scopes=WRITE,
        params=AnswerParams,
        answer=entities.TeamAppeal,
        errors=(409,),
        summary="Answer an appeal",
    ),
)
