"""Works through the posts that wait for an adapter: asks, notes, rests where it does not answer."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.adapters import queries
from rostra.safety.adapters.ask import Outcome, ask
from rostra.safety.adapters.events import AdapterFound
from rostra.safety.adapters.leave import Drain, begin, count, visible_to
from rostra.safety.adapters.model import Answer, Circuit, Figures, Item, Said
from rostra.safety.adapters.prompt import House
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.house_rules import versions
from rostra.safety.signals.model import Finding
from rostra.settings import Adapter
from rostra.store.outbox.kinds import JobKind

TRIES: Final = 5
"""So many answers to a post that are none, and it is given up."""

LATE: Final = MINUTE
KEPT_WAITING: Final = DAY
_KEPT_DAYS: Final = 90
_STRETCH_S: Final = 20.0
_MOST_S: Final = 300.0


class Tidy(msgspec.Struct, frozen=True):
    """Forget what has waited too long, and figures of long ago; begin what was left lying."""


class _Batch(msgspec.Struct, frozen=True):
    """Who is asked next, what may be told of them, and by which rules."""

    circuit: Circuit
    items: list[Item]
    said: dict[int, Said]
    house: House


async def drain(services: Services, job: Drain) -> None:
    """Ask about what waits, for some time; what is left then, or must wait, is left to a next job.

    Raises:
        Unavailable: a gate is closed.
    """
    adapter = next((each for each in services.settings.adapters if each.name == job.adapter), None)
    if adapter is None:
        return
    until = time.monotonic() + _STRETCH_S
    while True:
        async with services.db.read() as reader:
            batch = await _next(services, reader, adapter)
        if batch is None:
            return
        if not batch.items or time.monotonic() > until:
            async with services.db.write() as tx:
                await begin(services, tx, adapter.name, at=batch.circuit.retry_at)
            return
        outcomes = await _asked(services, adapter, batch)
        async with services.db.write() as tx:
            await _note(services, tx, adapter, batch, outcomes)


async def _next(services: Services, reader: Reader, adapter: Adapter) -> _Batch | None:
    """Those that have waited longest; none of them while it rests; None: nothing waits."""
    circuit = await reader.first(queries.CIRCUIT, adapter=adapter.name) or Circuit()
    room = circuit.room(services.clock.now(), adapter.at_once)
    items = await reader.all(queries.OLDEST, adapter=adapter.name, limit=max(1, room))
    if not items:
        return None
    if not room:
        return _Batch(circuit, [], {}, House())
    said = await texts(reader, adapter, [item.post_id for item in items])
    house = House()
    if adapter.form == "chat":
        house = House.of(await versions.newest(reader))
    return _Batch(circuit, items, said, house)


async def texts(reader: Reader, adapter: Adapter, ids: Sequence[int]) -> dict[int, Said]:
    """What of these posts may go to an adapter, as it is now; of others nothing. Three statements.

    Who wrote it is not part of it.
    """
    rows = await reader.all(queries.POSTS, ids=ids, visibilities=visible_to(adapter))
    parts = {post_id: [warning, text] for post_id, warning, text, _ in rows}
    for post_id, title in await reader.all(queries.OPTIONS, ids=list(parts)):
        parts[post_id].append(title)
    looks: dict[int, list[str]] = {}
    for post_id, description, *look in await reader.all(queries.PICTURES, ids=list(parts)):
        parts[post_id].append(description)
        looks.setdefault(post_id, []).extend(look)  # of the file, and of its cover
    return {
        post_id: Said(
            "\n\n".join(part for part in parts[post_id] if part),
            language,
            tuple(filter(None, looks.get(post_id, ()))),
        )
        for post_id, _, _, language in rows
    }


async def _asked(services: Services, adapter: Adapter, batch: _Batch) -> list[Outcome]:
    client = services.adapters[adapter.name]
    return await asyncio.gather(
        *(
            ask(client, adapter, item, batch.said.get(item.post_id), batch.house)
            for item in batch.items
        )
    )


async def _note(
    services: Services,
    tx: Transaction,
    adapter: Adapter,
    batch: _Batch,
    outcomes: Sequence[Outcome],
) -> None:
    """Write down what became of it, and tell the house what was found."""
    now = services.clock.now()
    circuit = batch.circuit
    figures = Figures()
    # Whoever has answered one of them is there, whatever became of the others.
    for outcome in sorted(outcomes, key=lambda each: each.answer is not None):
        which = _which(adapter, outcome.item)
        if outcome.failure:
            circuit = circuit.failed(now, outcome.failure)
            over = outcome.reached and outcome.item.tries + 1 >= TRIES
            if over:
                await tx.run(queries.TAKE, **which)
            elif outcome.reached:
                await tx.run(queries.TRIED, **which)
            figures = _more(figures, failed=1, given_up=int(over))
            continue
        same = await tx.run(queries.TAKE, **which)
        if outcome.answer is not None:
            circuit = circuit.answered(now)
            figures = _answered(figures, outcome, now)
            # What was changed meanwhile is asked about anew.
            if same:
                await _tell(tx, adapter, batch, outcome.item.post_id, outcome.answer)
    if circuit != batch.circuit:
        columns = msgspec.structs.asdict(circuit)
        await tx.run(queries.SET_CIRCUIT, adapter=adapter.name, **columns)
    if figures != Figures():
        await count(services, tx, adapter, figures)


def _which(adapter: Adapter, item: Item) -> dict[str, object]:
    return {"adapter": adapter.name, "post": item.post_id, "stamp": item.stamp}


def _more(figures: Figures, **more: int) -> Figures:
    sums = {name: getattr(figures, name) + value for name, value in more.items()}
    return msgspec.structs.replace(figures, **sums)


def _answered(figures: Figures, outcome: Outcome, now: int) -> Figures:
    late = int(now - outcome.item.since > LATE)
    figures = _more(figures, answered=1, late=late, took_ms=outcome.took_ms)
    slowest = max(figures.slowest_ms, outcome.took_ms)
    return msgspec.structs.replace(figures, slowest_ms=slowest)


async def _tell(
    tx: Transaction, adapter: Adapter, batch: _Batch, post_id: int, answer: Answer
) -> None:
    """Tell of a score above nothing, while the post is one that may be asked about."""
    scores = {harm: score for harm, score in answer.scores.items() if score > 0}
    if not scores:
        return
    visible = visible_to(adapter)
    if not await tx.all(queries.POSTS, ids=[post_id], visibilities=visible):
        return
    rules = f"/rules {batch.house.version}" if adapter.form == "chat" else ""
    finding = Finding(
        signal=adapter.name,
        version=f"{adapter.model or adapter.form}{rules}",
        scores=scores,
        reason=answer.reason,
    )
    worst = max(scores, key=scores.__getitem__)
    told = worst if scores[worst] >= adapter.case_from else ""
    await tx.emit(AdapterFound(post_id, finding, told))


async def tidy(services: Services, tx: Transaction, _job: Tidy) -> None:
    """Forget what nobody needs; where something waits, see to it that it is asked."""
    now = services.clock.now()
    await tx.run(queries.FORGET_OLD, before=now - KEPT_WAITING)
    await tx.run(queries.FORGET_DAYS, day=now // DAY - _KEPT_DAYS)
    for adapter in services.settings.adapters:
        if await tx.all(queries.OLDEST, adapter=adapter.name, limit=1):
            circuit = await tx.first(queries.CIRCUIT, adapter=adapter.name) or Circuit()
            await begin(services, tx, adapter.name, at=circuit.retry_at)


JOBS = (
    JobKind("adapters.drain", Drain, drain, timeout_s=_MOST_S, slowest_retry_s=300.0),
    JobKind("adapters.tidy", Tidy, tidy, transactional=True, every_ms=HOUR),
)
