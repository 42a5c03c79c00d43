"""Banks are made, changed, switched and taken away."""

import re
from typing import Any, Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.safety.banks import look_back, queries
from rostra.safety.banks.model import WHOLE, Bank, Wish
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.edge import Services, Transaction
from rostra.safety.states.keep import Part, changed
from rostra.store.database import Duplicate
from rostra.store.outbox.kinds import JobKind
from rostra.store.query import Query

MOST_BANKS: Final = 100
MOST_NOTE: Final = 500
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CHUNK: Final = 500


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as somebody wants it.

    Attributes:
        category: by its slug.
        share: of its matches, from 0 to 1, that count.
    """

    name: str
    category: str
    wish: str = "look"
    note: str = ""
    enabled: bool = True
    share: float = 1.0


class DropHashes(msgspec.Struct, frozen=True):
    """Remove what a bank that was taken away has left."""

    bank_id: int


async def make(services: Services, tx: Transaction, wanted: Wanted, *, by_id: int = 0) -> Bank:
    """Make a bank; it has no hashes yet.

    Raises:
        Invalid: on one of the fields.
        Conflict: there are as many as there may be.
    """
    if len(await tx.all(queries.BANKS)) >= MOST_BANKS:
        raise Conflict("banks", safe=f"There are {MOST_BANKS} banks already", code="too_many")
    made = Bank(
        id=services.ids.next(),
        version=services.ids.next(),
        items_count=0,
        created_by=by_id,
        created_at=services.clock.now(),
        **await _checked(tx, wanted, 0),
    )
    await _written(tx, queries.ADD_BANK, msgspec.structs.asdict(made))
    await changed(services, tx, Part.BANKS)
    return made


async def change(
    services: Services, tx: Transaction, bank_id: int, wanted: Wanted, *, by_id: int = 0
) -> Bank:
    """Change a bank, or switch it on or off.

    What was uploaded while it was off, or not in the share of it that counts, is looked at as soon
    as it is on, or the share larger.

    Args:
        services: the house's parts.
        tx: the transaction of the edge.
        bank_id: which bank.
        wanted: as it is to be.
        by_id: who changes it; 0: the command line.

    Raises:
        NotFound: there is none.
        Invalid: on one of the fields.
    """
    found = await locked(tx, bank_id)
    columns = await _checked(tx, wanted, bank_id)
    await _written(tx, queries.SET_BANK, {"id": bank_id, **columns})
    await changed(services, tx, Part.BANKS)
    made: Bank = msgspec.structs.replace(found, **columns)
    more = not found.enabled or made.share > found.share
    if made.enabled and more and made.items_count:
        await look_back.start(services, tx, bank_id, by_id=by_id)
    return made


def wanted_of(bank: Bank) -> Wanted:
    """A bank as it is wanted now, to change a part of it."""
    return Wanted(
        name=bank.name,
        category=facts_of(bank.category).slug,
        wish=bank.wish,
        note=bank.note,
        enabled=bool(bank.enabled),
        share=bank.share / WHOLE,
    )


async def remove(services: Services, tx: Transaction, bank_id: int) -> None:
    """Take a bank away: nothing is met in it any more; its hashes go by a job.

    Raises:
        NotFound: there is none.
    """
    await locked(tx, bank_id)
    await tx.run(queries.DROP_BANK, id=bank_id)
    await tx.run(queries.DROP_BACKS, bank=bank_id)
    await tx.enqueue("banks.drop", DropHashes(bank_id))
    await changed(services, tx, Part.BANKS)


async def drop(_services: Services, tx: Transaction, job: DropHashes) -> None:
    """Remove some of the hashes with their matches, and leave the rest to the next job."""
    some = await tx.all(queries.SOME_ITEMS, bank=job.bank_id, limit=_CHUNK)
    if some:
        await tx.run(queries.DROP_MATCHES_OF_ITEMS, ids=some)
        await tx.run(queries.DROP_ITEMS, ids=some)
    if len(some) == _CHUNK:
        await tx.enqueue("banks.drop", job)


async def locked(tx: Transaction, bank_id: int) -> Bank:
    """A bank whose row is locked.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(queries.LOCKED, id=bank_id)
    if found is None:
        raise NotFound(f"bank {bank_id}", safe=f"there is no bank {bank_id}")
    return found


async def _written(tx: Transaction, statement: Query[Any], columns: dict[str, Any]) -> None:
    """Write a bank; somebody may have taken its name since that was checked."""
    try:
        async with tx.savepoint():
            await tx.run(statement, **columns)
    except Duplicate:
        raise Invalid("name", "has already been taken", "ERR_TAKEN") from None


async def _checked(tx: Transaction, wanted: Wanted, bank_id: int) -> dict[str, Any]:
    """The columns of what is wanted."""
    if not _NAME.fullmatch(wanted.name):
        message = "must be 1 to 64 letters without accents, digits, - and _"
        raise Invalid("name", message, "ERR_INVALID")
    other = await tx.first(queries.NAMED, name=wanted.name)
    if other is not None and other.id != bank_id:
        raise Invalid("name", "has already been taken", "ERR_TAKEN")
    category = category_of(wanted.category)
    if category is None:
        raise Invalid("category", "is not included in the list", "ERR_INCLUSION")
    if wanted.wish not in set(Wish):
        raise Invalid("wish", "is not included in the list", "ERR_INCLUSION")
    if not 0 <= wanted.share <= 1:
        raise Invalid("share", "must be from 0 to 1", "ERR_INCLUSION")
    return {
        "name": wanted.name,
        "category": int(category),
        "wish": wanted.wish,
        "note": checked_words(wanted.note, "note"),
        "enabled": int(wanted.enabled),
        "share": round(wanted.share * WHOLE),
    }


def checked_words(words: str, field: str) -> str:
    """Words of the team, cleaned.

    Raises:
        Invalid: naming the field: they are too long.
    """
    text = normalise(words[: MOST_NOTE * 16]).strip()
    if len(text) > MOST_NOTE:
        message = f"is too long (maximum is {MOST_NOTE} characters)"
        raise Invalid(field, message, "ERR_TOO_LONG")
    return text


JOBS = (JobKind("banks.drop", DropHashes, drop, transactional=True, attempts=20),)
