"""What was met is written down, and the team is told: by a case, or of a hash that meets too much.

A hash that meets the files of many members within a day is more likely to be wrong than all of
them: of an empty picture, of what is in fashion, or put there to fill the queue. It is switched off
by itself, before more cases are opened for it, until somebody has looked at it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.banks import queries
from rostra.safety.banks.events import HashQuarantined, MediaMatched
from rostra.safety.banks.held import Banks, score_of, words_of
from rostra.safety.banks.model import Hit, ItemState, Match
from rostra.safety.banks.state import write_state
from rostra.safety.edge import Services, Transaction


class Shown(NamedTuple):
    """An upload whose row is locked; no post: none shows it yet."""

    id: int
    account_id: int
    post_id: int


async def record(
    services: Services, tx: Transaction, banks: Banks, hits: Mapping[int, Sequence[Hit]]
) -> int:
    """Write down what files have met, by their ids, and open cases of the posts that show them.

    Said twice, it is done once. A handful of statements for each file that met something.

    Returns:
        How many files were met that were not before.
    """
    rows = await tx.all(queries.UPLOADED, ids=sorted(hits))
    shown, now = [Shown(*row) for row in rows], services.clock.now()
    met: Counter[int] = Counter()
    new = 0
    for each in shown:
        fresh = [hit.item_id for hit in hits[each.id] if await _add(tx, each, hit, now)]
        met.update(fresh)
        new += bool(fresh)
    for item_id, more in sorted(met.items()):  # all locked, in order, before any is switched off
        await tx.run(queries.COUNT_MATCH, id=item_id, more=more, now=now)
    gone = {item_id for item_id in sorted(met) if await _quarantined(services, tx, item_id, now)}
    on_posts = [each for each in shown if each.post_id]
    if on_posts:
        await _tell(tx, banks, on_posts, gone, now)
    return new


async def _add(tx: Transaction, each: Shown, hit: Hit, now: int) -> bool:
    """Write a hit down; whether it is new."""
    row = Match(
        item_id=hit.item_id,
        media_id=each.id,
        bank_id=hit.bank_id,
        kind=hit.kind,
        account_id=each.account_id,
        post_id=0,
        distance=hit.distance,
        at=now,
    )
    return bool(await tx.run(queries.ADD_MATCH, **msgspec.structs.asdict(row)))


async def _quarantined(services: Services, tx: Transaction, item_id: int, now: int) -> bool:
    """Switch a hash off that has met too many members' files; whether it is off."""
    most = services.settings.moderation.hash_members_a_day
    found = await tx.first(queries.ITEM_LOCKED, id=item_id)
    if found is None or found.state == ItemState.QUARANTINED:
        return True
    if not most or found.vetted_by:
        return False
    members = await tx.value(queries.MEMBERS_SINCE, id=item_id, since=now - DAY) or 0
    if members <= most:
        return False
    reason = f"It met files of {members} members within a day"
    state = int(ItemState.QUARANTINED)
    await write_state(services, tx, msgspec.structs.replace(found, state=state, reason=reason))
    await tx.emit(HashQuarantined(item_id, found.bank_id, members))
    return True


async def _tell(
    tx: Transaction, banks: Banks, shown: Sequence[Shown], gone: set[int], now: int
) -> None:
    """Emit what posts show, once for each file and category."""
    known: dict[int, list[Match]] = {}
    for match in await tx.all(queries.MATCHES_OF, ids=[each.id for each in shown]):
        if match.item_id not in gone and banks.in_force(match.item_id, match.bank_id, now):
            known.setdefault(match.media_id, []).append(match)
    for each in shown:
        fresh = [match for match in known.get(each.id, ()) if match.post_id != each.post_id]
        if not fresh:
            continue
        told = [match.item_id for match in fresh]
        await tx.run(queries.TOLD, media=each.id, post=each.post_id, items=told)
        for event in _events(banks, each, fresh):
            await tx.emit(event)


def _events(banks: Banks, each: Shown, found: Sequence[Match]) -> list[MediaMatched]:
    """The nearest match of each category."""
    nearest: dict[int, Match] = {}
    for match in sorted(found, key=lambda match: -match.distance):
        nearest[banks.by_id[match.bank_id].category] = match
    return [_event(banks, each, category, match) for category, match in nearest.items()]


def _event(banks: Banks, each: Shown, category: int, match: Match) -> MediaMatched:
    hit = Hit(match.item_id, match.bank_id, match.kind, match.distance)
    return MediaMatched(
        post_id=each.post_id,
        media_id=each.id,
        account_id=each.account_id,
        bank_id=match.bank_id,
        item_id=match.item_id,
        category=category,
        score=score_of(hit),
        words=words_of(banks.by_id[match.bank_id], hit),
    )
