"""Rules for screening: read, checked, added, changed, bounded, switched."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from rostra.api.endpoint import GET, POST, PUT, Auth, Call, Endpoint
from rostra.api.safety import rule_entities as entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of
from rostra.http.params import NoParams
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid
from rostra.network.edge import Reader
from rostra.safety.rules import access, edit, held, switch
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.model import BY_NAME, Bounds, StoredRule
from rostra.safety.rules.place import words
from rostra.safety.team.model import Permission

_HERE: Final = f"{BASE}/rules"
_SHOWN_MS: Final = 30 * DAY


@contextmanager
def refused() -> Iterator[None]:
    """What is wrong with a source is told as of any other field.

    Raises:
        Invalid: on `source`, each fault with its line and column.
    """
    try:
        yield
    except Faulty as faulty:
        raise Invalid.many(("source", str(each), "ERR_RULE") for each in faulty.faults) from None


async def _told(call: Call[Any], reader: Reader, rule: StoredRule) -> entities.WholeRule:
    since = call.services.clock.now() - _SHOWN_MS
    version = await access.version(reader, rule.id, rule.version)
    days = await access.days(reader, rule.id, since - since % DAY)
    lacks = await access.lacks(reader, version)
    known = await words(call.services, reader)
    return entities.whole(rule, version, lacks, days, known)


async def index(call: Call[NoParams]) -> list[entities.ScreeningRule]:
    """All rules, by name."""
    since = call.services.clock.now() - _SHOWN_MS
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        rules = await access.every(reader)
        ids = [each.id for each in rules]
        days = await access.days_of(reader, ids, since - since % DAY)
        faulty = (await held.in_force(call.services, reader)).faulty
    return [entities.one(each, days[each.id], faulty.get(each.id, ())) for each in rules]


async def show(call: Call[entities.OneParams]) -> entities.WholeRule:
    """A rule, with what it says."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        return await _told(call, reader, await access.one(reader, call.params.id))


async def versions(call: Call[entities.OneParams]) -> list[entities.RuleVersion]:
    """A rule's versions, the newest first."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        rule = await access.one(reader, call.params.id)
        return [entities.version(each) for each in await access.versions(reader, rule.id)]


async def log(call: Call[entities.OneParams]) -> list[entities.RuleLog]:
    """What became of a rule, the newest first."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        rule = await access.one(reader, call.params.id)
        return [entities.entry(each) for each in await access.log(reader, rule.id)]


async def check(call: Call[entities.CheckParams]) -> entities.RuleCheck:
    """What is wrong with a source, or what it needs and does; nothing is kept."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        known = await words(call.services, reader)
    return entities.checked(call.params.source, known)


async def add(call: Call[entities.NewParams]) -> entities.WholeRule:
    """Add a rule; it is off."""
    params = call.params
    with refused():
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.SCREENING)
            made = await edit.add(
                call.services,
                tx,
                actor,
                name=params.name,
                source=params.source,
                reason=params.reason,
                bounds=Bounds(most_an_hour=params.most_an_hour, jump=params.jump),
            )
            return await _told(call, tx, made)


async def change(call: Call[entities.ChangeParams]) -> entities.WholeRule:
    """Give a rule another source; a live one goes on in shadow."""
    params = call.params
    with refused():
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.SCREENING)
            made = await edit.change(
                call.services,
                tx,
                actor,
                params.id,
                version=params.version,
                source=params.source,
                reason=params.reason,
                stay_live=params.stay_live,
            )
            return await _told(call, tx, made)


async def bound(call: Call[entities.BoundsParams]) -> entities.WholeRule:
    """Say how much a rule may catch before it is put back to shadow by itself."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        bounds = Bounds(most_an_hour=params.most_an_hour, jump=params.jump)
        made = await edit.bound(
            call.services, tx, actor, params.id, bounds=bounds, reason=params.reason
        )
        return await _told(call, tx, made)


async def switched(call: Call[entities.SwitchParams]) -> entities.WholeRule:
    """Switch a rule off, into shadow, or live."""
    params = call.params
    with refused():
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.SCREENING)
            made = await switch.switch(
                call.services,
                tx,
                actor,
                params.id,
                version=params.version,
                state=BY_NAME[params.state],
                reason=params.reason,
                untried=params.untried,
            )
            return await _told(call, tx, made)


def _endpoint(  # noqa: PLR0917 (a line for each endpoint)
    method: str, path: str, handler: Any, params: Any, answer: Any, summary: str, *errors: int
) -> Endpoint[Any]:
    return Endpoint(
        method,
        f"{_HERE}{path}",
        handler,
        auth=Auth.USER,
        scopes=READ if method == GET or path == "/check" else WRITE,
        params=params,
        answer=answer,
        summary=summary,
        errors=errors,
    )


_W: Final = entities.WholeRule
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, "", index, NoParams, list[entities.ScreeningRule], "Rules for screening"),
    _endpoint(POST, "", add, entities.NewParams, _W, "Add a rule for screening", 409, 422),
    _endpoint(
        POST, "/check", check, entities.CheckParams, entities.RuleCheck, "Check a rule's source"
    ),
    _endpoint(GET, "/{id}", show, entities.OneParams, _W, "A rule for screening"),
    _endpoint(PUT, "/{id}", change, entities.ChangeParams, _W, "Change a rule", 409, 422),
    _endpoint(PUT, "/{id}/bounds", bound, entities.BoundsParams, _W, "Bound a rule", 422),
    _endpoint(POST, "/{id}/switch", switched, entities.SwitchParams, _W, "Switch a rule", 409, 422),
    _endpoint(
        GET,
        "/{id}/versions",
        versions,
        entities.OneParams,
        list[entities.RuleVersion],
        "What a rule said before",
    ),
    _endpoint(
        GET,
        "/{id}/log",
        log,
        entities.OneParams,
        list[entities.RuleLog],
        "What became of a rule",
    ),
)
