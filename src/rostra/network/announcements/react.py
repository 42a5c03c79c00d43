"""Members react to announcements by emoji, and dismiss those that they have read."""

import re

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.emoji import is_emoji
from rostra.network.accounts.events import AccountRemoved
from rostra.network.announcements import access, queries
from rostra.network.announcements.jobs import Reacted
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access

MAX_KINDS = 8  # different ones to one announcement, as in Mastodon
BEHIND_MS = 500
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")


def is_shortcode(name: str) -> bool:
    """Whether a reaction is a custom emoji, and not one of Unicode."""
    return _SHORTCODE.fullmatch(name) is not None


async def react(
    services: Services, tx: Transaction, account_id: int, announcement_id: int, given: str
) -> None:
    """React by an emoji of Unicode, or by the shortcode of a custom one. Idempotent.

    Raises:
        NotFound: there is no such announcement now.
        Invalid: on `name`: it is no emoji; or there are eight different ones already.
    """
    await _locked(services, tx, announcement_id)
    name = normalise(given)
    book = await instance_access.emoji_book(services, tx)
    if name not in book and not is_emoji(name):
        raise Invalid("name", "is not a recognized emoji", "ERR_INVALID")
    kinds = await tx.all(queries.NAMES, id=announcement_id)
    if name not in kinds and len(kinds) >= MAX_KINDS:
        raise Invalid("base", "Limit of different reactions reached", "ERR_LIMIT")
    row = {"announcement_id": announcement_id, "account_id": account_id, "name": name}
    if not await tx.run(queries.ADD_REACTOR, **row):
        return
    now = services.clock.now()
    await tx.run(
        queries.START_COUNT, announcement_id=announcement_id, name=name, count=0, created_at=now
    )
    await _count(services, tx, announcement_id, name, 1)


async def unreact(
    services: Services, tx: Transaction, account_id: int, announcement_id: int, given: str
) -> None:
    """Take a reaction back.

    Raises:
        NotFound: there is no such announcement now, or no such reaction of this member's.
    """
    await _locked(services, tx, announcement_id)
    name = normalise(given)
    if not await tx.run(queries.DROP_REACTOR, id=announcement_id, viewer=account_id, name=name):
        raise NotFound(f"reaction of {account_id} to announcement {announcement_id}")
    await _count(services, tx, announcement_id, name, -1)


async def dismiss(
    services: Services, tx: Transaction, account_id: int, announcement_id: int
) -> None:
    """Have read an announcement. Idempotent.

    Raises:
        NotFound: there is no such announcement now.
    """
    await access.shown_one(tx, announcement_id, now=services.clock.now())
    await tx.run(queries.READ, announcement_id=announcement_id, account_id=account_id)


async def account_removed(services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Nobody has read or reacted who is not there any more."""
    account_id = event.account_id
    for announcement_id, name in await tx.all(queries.REACTED_BY, viewer=account_id):
        await tx.first(queries.LOCKED, id=announcement_id)
        if await tx.run(queries.DROP_REACTOR, id=announcement_id, viewer=account_id, name=name):
            await _count(services, tx, announcement_id, name, -1)
    await tx.run(queries.FORGET_READER, viewer=account_id)


async def _locked(services: Services, tx: Transaction, announcement_id: int) -> None:
    """Whoever else reacts to the announcement waits until the end of this transaction."""
    found = await tx.first(queries.LOCKED, id=announcement_id)
    if found is None or not found.shown_at(services.clock.now()):
        raise NotFound(f"announcement {announcement_id}")


async def _count(
    services: Services, tx: Transaction, announcement_id: int, name: str, change: int
) -> None:
    """Count, and tell it soon: however many react in that time, it is told once."""
    await tx.run(queries.COUNT, id=announcement_id, name=name, change=change)
    if change < 0:
        await tx.run(queries.DROP_EMPTY, id=announcement_id)
    await tx.enqueue(
        "announcements.reacted",
        Reacted(announcement_id, name),
        run_at=services.clock.now() + BEHIND_MS,
        dedupe_key=f"{announcement_id} {name}",
    )
