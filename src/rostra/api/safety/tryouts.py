"""Rules are tried on the past: asked for, looked at, given up."""

from typing import Any, Final

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.safety import tryout_entities as entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of
from rostra.api.safety.rules import refused
from rostra.network.edge import Reader
from rostra.safety.rules import access as rules
from rostra.safety.team.model import Permission
from rostra.safety.tryout import access, begin
from rostra.safety.tryout.kept import Tryout

_OF_RULE: Final = f"{BASE}/rules/{{rule_id}}/tryouts"
_ONE: Final = f"{BASE}/tryouts/{{id}}"


async def _told(reader: Reader, tryout: Tryout) -> entities.RuleTryout:
    found = tryout.found
    return entities.one(tryout, await access.shown(reader, found) if found else {})


async def index(call: Call[entities.RuleParams]) -> list[entities.RuleTryout]:
    """The newest try-outs of a rule, without the posts that they show."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        rule = await rules.one(reader, call.params.rule_id)
        return [entities.one(each, {}) for each in await access.latest(reader, rule.id)]


async def show(call: Call[entities.OneParams]) -> entities.RuleTryout:
    """How far a try-out is, or what came of it."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        return await _told(reader, await access.one(reader, call.params.id))


async def ask(call: Call[entities.BeginParams]) -> entities.RuleTryout:
    """Ask for a try-out; it runs in the background."""
    params = call.params
    with refused():
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.SCREENING)
            made = await begin.begin(
                call.services,
                tx,
                actor,
                params.rule_id,
                version=params.version,
                source=params.source,
                against=params.against,
                days=params.days,
            )
            return await _told(tx, made)


async def cancel(call: Call[entities.OneParams]) -> entities.RuleTryout:
    """Give a try-out up."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        return await _told(tx, await begin.cancel(call.services, tx, actor, call.params.id))


def _endpoint(  # noqa: PLR0917 (a line for each endpoint)
    method: str, path: str, handler: Any, params: Any, answer: Any, summary: str, *errors: int
) -> Endpoint[Any]:
    return Endpoint(
        method,
        path,
        handler,
        auth=Auth.USER,
        scopes=READ if method == GET else WRITE,
        params=params,
        answer=answer,
        summary=summary,
        errors=errors,
    )


_T: Final = entities.RuleTryout
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET, _OF_RULE, index, entities.RuleParams, list[entities.RuleTryout], "Try-outs of a rule"
    ),
    _endpoint(POST, _OF_RULE, ask, entities.BeginParams, _T, "Try a rule on the past", 409, 422),
    _endpoint(GET, _ONE, show, entities.OneParams, _T, "A try-out"),
    _endpoint(POST, f"{_ONE}/cancel", cancel, entities.OneParams, _T, "Give a try-out up"),
)
