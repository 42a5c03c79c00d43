"""Banks of hashes: made, filled, switched; what they have met; lists in and out."""

from typing import Any, Final

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.safety import bank_entities as entities
from rostra.api.safety.bank_entities import BankHash, BankLookBack, HashBank
from rostra.api.safety.common import BASE, READ, WRITE, actor_of
from rostra.api.safety.decisions import time_of
from rostra.http.params import NoParams
from rostra.http.site import UPLOAD
from rostra.kernel.errors import Invalid
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.banks import access, exchange, items, look_back, manage
from rostra.safety.team.model import Permission

_FEW, _MOST = 40, 200
_HERE: Final = f"{BASE}/banks"


async def index(call: Call[NoParams]) -> list[HashBank]:
    """All banks, by name."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = [each for each in await access.every(reader) if actor.sees(each.category)]
    return [entities.bank_entity(each) for each in found]


async def quarantined(call: Call[NoParams]) -> list[BankHash]:
    """Hashes of all banks that met too much."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        theirs = {each.id for each in await access.every(reader) if actor.sees(each.category)}
        found = [each for each in await access.quarantined(reader) if each.bank_id in theirs]
    return [entities.hash_entity(each) for each in found]


async def show(call: Call[entities.OneBank]) -> HashBank:
    """A bank."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        return entities.bank_entity(await access.seen_by(reader, actor, call.params.id))


async def make(call: Call[entities.BankFields]) -> HashBank:
    """Make a bank."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        empty = manage.Wanted(name="", category="")
        wanted = _wanted(params, empty)
        made = await manage.make(call.services, tx, wanted, by_id=actor.account_id)
    return entities.bank_entity(made)


async def change(call: Call[entities.ChangedBank]) -> HashBank:
    """Change a bank, or switch it on or off."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        now = manage.wanted_of(await access.one(tx, params.id))
        by_id, wanted = actor.account_id, _wanted(params, now)
        made = await manage.change(call.services, tx, params.id, wanted, by_id=by_id)
    return entities.bank_entity(made)


def _wanted(params: entities.BankFields, now: manage.Wanted) -> manage.Wanted:
    return manage.Wanted(
        name=now.name if params.name is None else params.name,
        category=now.category if params.category is None else params.category,
        wish=now.wish if params.wish is None else params.wish,
        note=now.note if params.note is None else params.note,
        enabled=now.enabled if params.enabled is None else params.enabled,
        share=now.share if params.share is None else params.share,
    )


async def remove(call: Call[entities.OneBank]) -> Empty:
    """Take a bank away, with its hashes."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.SCREENING)
        await manage.remove(call.services, tx, call.params.id)
    return Empty()


async def hashes(call: Call[entities.BankPage]) -> list[BankHash]:
    """Hashes of a bank, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        await access.seen_by(reader, actor, params.id)
        found = await access.items(
            reader,
            params.id,
            below=params.below or MAX_BOUND,
            limit=min(params.limit or _FEW, _MOST),
        )
    return [entities.hash_entity(each) for each in found]


async def add(call: Call[entities.NewHash]) -> list[BankHash]:
    """Add a hash, or what a file is told by; those that are new. What is there stays as it is."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.BANKS)
        why: dict[str, Any] = {"reason": params.reason, "by_id": actor.account_id}
        if params.media_id:
            made = await items.add_medium(services, tx, params.id, params.media_id, **why)
        else:
            given = [items.given(params.kind, params.hash, params.note)]
            made = await items.add(services, tx, params.id, given, **why)
    return [entities.hash_entity(each) for each in made]


async def switch(call: Call[entities.SwitchedHash]) -> BankHash:
    """Switch a hash on or off; whoever switches a quarantined one on has vetted it."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.BANKS)
        await items.of_bank(tx, params.id, params.hash_id)
        made = await items.switch(
            call.services,
            tx,
            params.hash_id,
            on=params.enabled,
            reason=params.reason,
            until=time_of(params.until, "until"),
            by_id=actor.account_id,
        )
    return entities.hash_entity(made)


async def take_out(call: Call[entities.OneHash]) -> Empty:
    """Take a hash out of its bank."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.BANKS)
        await items.of_bank(tx, call.params.id, call.params.hash_id)
        await items.remove(call.services, tx, call.params.hash_id)
    return Empty()


async def matches(call: Call[entities.LatelyParams]) -> list[entities.HashMatch]:
    """What the hashes of a bank were met on, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        await access.seen_by(reader, actor, params.id)
        limit = min(params.limit or _FEW, _MOST)
        found = await access.matches(reader, params.id, limit=limit)
    return [entities.match_entity(each) for each in found]


async def look_backs(call: Call[entities.OneBank]) -> list[BankLookBack]:
    """Looks at earlier uploads, the newest first, and how far they are."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        await access.seen_by(reader, actor, call.params.id)
        found = await access.look_backs(reader, call.params.id)
    return [entities.look_back_entity(each) for each in found]


async def start(call: Call[entities.OneBank]) -> BankLookBack:
    """Look for all hashes of a bank among earlier uploads."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.BANKS)
        await access.one(tx, call.params.id)
        by_id = actor.account_id
        made = await look_back.start(call.services, tx, call.params.id, by_id=by_id)
    return entities.look_back_entity(made)


async def stop(call: Call[entities.OneLookBack]) -> BankLookBack:
    """Look no further; what was found stays."""
    params = call.params
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.BANKS)
        made = await look_back.cancel(call.services, tx, params.look_back_id, params.id)
    return entities.look_back_entity(made)


async def take(call: Call[entities.SentList]) -> entities.ImportOutcome:
    """Add what a list says: CSV as ThreatExchange and HMA have it, at most 20,000 lines."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        await actor_of(call, reader, Permission.SCREENING)  # before a list of theirs is read
    data = params.file.read() if params.file else params.csv.encode()
    if not data:
        raise Invalid("csv", "can't be blank", "ERR_BLANK")
    found = exchange.read_sent(data, params.kind)
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        new = await exchange.take(
            services, tx, params.id, found, reason=params.reason, by_id=actor.account_id
        )
    return entities.ImportOutcome(
        added=new,
        known=len(found.hashes) - new,
        twice=found.twice,
        harmless=found.harmless,
        others=found.others,
    )


async def export(call: Call[entities.ExportParams]) -> entities.ExportPage:
    """What a bank looks for as a list, a thousand lines at a time, the heads before the first."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SCREENING)
        bank = await access.one(reader, params.id)
        now = call.services.clock.now()
        text, after = await exchange.page(reader, bank, now, params.after or 0)
    return entities.ExportPage(csv=text, after=str(after) if after else None)


def _endpoint(  # noqa: PLR0917 (a line for each endpoint)
    method: str, path: str, handler: Any, params: Any, answer: Any, summary: str, *errors: int
) -> Endpoint[Any]:
    return Endpoint(
        method,
        f"{_HERE}{path}",
        handler,
        auth=Auth.USER,
        scopes=READ if method == GET else WRITE,
        params=params,
        answer=answer,
        summary=summary,
        errors=errors,
        max_body=UPLOAD if path.endswith("/import") else 0,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, "", index, NoParams, list[HashBank], "Banks of hashes"),
    _endpoint(POST, "", make, entities.BankFields, HashBank, "Make a bank", 409, 422),
    _endpoint(
        GET, "/quarantined", quarantined, NoParams, list[BankHash], "Hashes that met too much"
    ),
    _endpoint(GET, "/{id}", show, entities.OneBank, HashBank, "A bank"),
    _endpoint(PUT, "/{id}", change, entities.ChangedBank, HashBank, "Change a bank", 422),
    _endpoint(DELETE, "/{id}", remove, entities.OneBank, Empty, "Take a bank away"),
    _endpoint(GET, "/{id}/hashes", hashes, entities.BankPage, list[BankHash], "Hashes of a bank"),
    _endpoint(POST, "/{id}/hashes", add, entities.NewHash, list[BankHash], "Add a hash", 409, 422),
    _endpoint(
        PUT, "/{id}/hashes/{hash_id}", switch, entities.SwitchedHash, BankHash, "Switch a hash", 422
    ),
    _endpoint(
        DELETE, "/{id}/hashes/{hash_id}", take_out, entities.OneHash, Empty, "Take a hash out"
    ),
    _endpoint(
        GET,
        "/{id}/matches",
        matches,
        entities.LatelyParams,
        list[entities.HashMatch],
        "What a bank has met",
    ),
    _endpoint(
        GET,
        "/{id}/look_backs",
        look_backs,
        entities.OneBank,
        list[BankLookBack],
        "Looks at the past",
    ),
    _endpoint(POST, "/{id}/look_backs", start, entities.OneBank, BankLookBack, "Look at the past"),
    _endpoint(
        DELETE,
        "/{id}/look_backs/{look_back_id}",
        stop,
        entities.OneLookBack,
        BankLookBack,
        "Look no further",
    ),
    _endpoint(
        POST,
        "/{id}/import",
        take,
        entities.SentList,
        entities.ImportOutcome,
        "Add what a list says",
        409,
        413,
        422,
    ),
    _endpoint(
        GET, "/{id}/export", export, entities.ExportParams, entities.ExportPage, "A bank as a list"
    ),
)
