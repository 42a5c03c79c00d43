"""Writes down what people have removed, and forgets it where that is taken back."""

from collections.abc import Sequence
from typing import Final

from rostra.safety.copies import queries
from rostra.safety.copies.recall import nearest
from rostra.safety.copies.sketch import Sketch
from rostra.safety.edge import Services, Transaction

MOST_A_KEY: Final = 64
"""A key leads to no more texts: what very many share tells nothing apart."""


async def remember(
    services: Services,
    tx: Transaction,
    decision_id: int,
    category: int,
    posts: Sequence[tuple[int, Sketch]],
) -> None:
    """Remember posts that a decision has removed, each once; those that are alike as one."""
    now = services.clock.now()
    for post_id, of in posts:
        if await tx.first(queries.OF_POST, post=post_id, decision=decision_id) is not None:
            continue
        known = await nearest(tx, of)
        if known is not None and known[0].category == category:
            text_id = known[0].id
            await tx.run(queries.MORE, id=text_id, now=now)
        else:
            text_id = await _add(services, tx, of, category, now)
        await tx.run(queries.ADD_POST, post_id=post_id, decision_id=decision_id, text_id=text_id)


async def forget(tx: Transaction, decision_id: int, post_ids: Sequence[int]) -> None:
    """Forget posts about which a decision was taken back."""
    touched = set()
    for post_id in post_ids:
        which = {"post": post_id, "decision": decision_id}
        text_id = await tx.first(queries.OF_POST, **which)
        if text_id is not None and await tx.run(queries.FORGET_POST, **which):
            await tx.run(queries.FEWER, id=text_id)
            touched.add(text_id)
    if touched:
        await drop(tx, await tx.all(queries.NONE_LEFT, ids=sorted(touched)))


async def drop(tx: Transaction, ids: Sequence[int]) -> None:
    """Forget texts with all that leads to them."""
    if ids:
        for statement in (queries.DROP_KEYS, queries.DROP_POSTS, queries.DROP):
            await tx.run(statement, ids=ids)


async def _add(services: Services, tx: Transaction, of: Sketch, category: int, now: int) -> int:
    busy = dict(await tx.all(queries.BUSY, keys=of.keys))
    text_id = services.ids.next()
    await tx.run(queries.ADD, id=text_id, category=category, count=1, bins=of.bins, last_at=now)
    free = [key for key in of.keys if busy.get(key, 0) < MOST_A_KEY]
    await tx.run_many(queries.ADD_KEY, [{"key": key, "text_id": text_id} for key in free])
    return text_id
