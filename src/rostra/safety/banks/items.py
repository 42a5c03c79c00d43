"""Hashes come into banks and leave them, and are switched on and off."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.safety.banks import access, look_back, queries
from rostra.safety.banks.manage import checked_words, locked
from rostra.safety.banks.model import Bank, HashKind, Item, ItemState
from rostra.safety.banks.state import write_state
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.states.keep import Part, changed

MOST_HASHES: Final = 1_000_000
"""In all banks together: what each process holds of them must be bounded."""

BYTES: Final = 32

VETTED_BY_OPERATOR: Final = -1
"""Stands for whoever works at the machine itself, who has no account there."""


class Given(msgspec.Struct, frozen=True):
    """A hash that is to come into a bank."""

    kind: HashKind
    hash: bytes
    note: str = ""


def given(kind: str, written: str, note: str = "") -> Given:
    """A hash as people write it: its kind, and 64 hexadecimal digits.

    Raises:
        Invalid: naming ``kind`` or ``hash``.
    """
    kinds = {each.wire: each for each in HashKind}
    if kind not in kinds:
        raise Invalid("kind", f"must be one of {', '.join(kinds)}", "ERR_INCLUSION")
    return Given(kinds[kind], bytes_of(written), checked_words(note, "note"))


def bytes_of(written: str) -> bytes:
    """The 32 bytes of 64 hexadecimal digits.

    Raises:
        Invalid: naming ``hash``.
    """
    try:
        found = bytes.fromhex(written.strip()) if written.isascii() else b""
    except ValueError:
        found = b""
    if len(found) != BYTES or len(written.strip()) != 2 * BYTES:
        message = f"must be {2 * BYTES} hexadecimal digits; these are {len(written.strip())} signs"
        raise Invalid("hash", message, "ERR_INVALID")
    return found


async def add(
    services: Services,
    tx: Transaction,
    bank_id: int,
    hashes: Sequence[Given],
    *,
    reason: str = "",
    by_id: int = 0,
    look: bool = True,
) -> list[Item]:
    """Add hashes to a bank; those that are in it already stay as they are.

    Args:
        services: the house's parts.
        tx: the transaction of the edge.
        bank_id: which bank.
        hashes: what comes into it.
        reason: why.
        by_id: who adds them.
        look: whether they are looked for among what was uploaded before.

    Returns:
        Those that are new.

    Raises:
        NotFound: there is no such bank.
        Invalid: naming ``reason``.
        Conflict: the banks have no room for so many.
    """
    bank = await locked(tx, bank_id)
    total = await tx.value(queries.TOTAL) or 0
    if total + len(hashes) > MOST_HASHES:
        message = f"All banks together hold {MOST_HASHES:,} hashes at most, and {total:,} are there"
        raise Conflict("hashes", safe=message, code="too_many")
    why = checked_words(reason, "reason")
    new = [_item(services, bank, each, why, by_id) for each in hashes]
    made = [each for each in new if await tx.run(queries.ADD_ITEM, **msgspec.structs.asdict(each))]
    if made:
        await _counted(services, tx, bank_id, len(made))
        if look:
            # Of ids that are made within one millisecond the first need not be the lowest.
            first = min(each.id for each in made)
            await look_back.start(services, tx, bank_id, from_item=first, by_id=by_id)
    return made


async def add_medium(
    services: Services,
    tx: Transaction,
    bank_id: int,
    media_id: int,
    *,
    reason: str = "",
    by_id: int = 0,
) -> list[Item]:
    """Add what an upload is told by: what it looks like, and what was sent byte for byte.

    Raises:
        NotFound: there is no such bank or file.
        Conflict: it can't be told by anything; or the banks are full.
        Invalid: naming ``reason``.
    """
    found = await access.hashes_of(tx, media_id)
    hashes = [Given(kind, value) for kind, value in found.by_kind()]
    if not hashes:
        raise Conflict(f"medium {media_id}", safe="There is too little in this file to tell it by")
    return await add(services, tx, bank_id, hashes, reason=reason, by_id=by_id)


async def switch(
    services: Services,
    tx: Transaction,
    item_id: int,
    *,
    on: bool,
    reason: str = "",
    until: int = 0,
    by_id: int = 0,
) -> Item:
    """Switch a hash on or off; one that was quarantined is vetted by whoever switches it on.

    Args:
        services: the house's parts.
        tx: the transaction of the edge.
        item_id: which hash.
        on: whether it is looked for.
        reason: why.
        until: when it is looked for again by itself (UTC ms); 0: never.
        by_id: who switches.

    Raises:
        NotFound: there is none.
        Invalid: naming ``reason`` or ``until``.
    """
    found = await _locked_item(tx, item_id)
    if until and (on or until <= services.clock.now()):
        raise Invalid("until", "is not in the future, or of no use", "ERR_INVALID")
    vets = on and found.state == ItemState.QUARANTINED
    made: Item = msgspec.structs.replace(
        found,
        state=int(ItemState.ON if on else ItemState.OFF),
        reason=checked_words(reason, "reason") or found.reason,
        disabled_until=until,
        vetted_by=(by_id or VETTED_BY_OPERATOR) if vets else found.vetted_by,
    )
    await write_state(services, tx, made)
    if on and found.state != ItemState.ON:
        await look_back.start(services, tx, found.bank_id, from_item=item_id, by_id=by_id)
    return made


async def remove(services: Services, tx: Transaction, item_id: int) -> None:
    """Take a hash out of its bank, with what it was met on.

    Raises:
        NotFound: there is none.
    """
    found = await access.item(tx, item_id)
    await locked(tx, found.bank_id)  # banks before hashes, as everywhere
    await _locked_item(tx, item_id)
    await tx.run(queries.DROP_MATCHES_OF_ITEMS, ids=[item_id])
    await tx.run(queries.DROP_ITEM, id=item_id)
    await _counted(services, tx, found.bank_id, -1)


async def of_bank(reader: Reader, bank_id: int, item_id: int) -> Item:
    """A hash of this bank.

    Raises:
        NotFound: there is none.
    """
    found = await access.item(reader, item_id)
    if found.bank_id != bank_id:
        raise NotFound(f"hash {item_id} in bank {bank_id}", safe=f"there is no hash {item_id}")
    return found


async def _locked_item(tx: Transaction, item_id: int) -> Item:
    found = await tx.first(queries.ITEM_LOCKED, id=item_id)
    if found is None:
        raise NotFound(f"hash {item_id}", safe=f"there is no hash {item_id}")
    return found


async def _counted(services: Services, tx: Transaction, bank_id: int, more: int) -> None:
    """Another version of the bank, and of all banks."""
    await tx.run(queries.COUNTED, id=bank_id, more=more, version=services.ids.next())
    await changed(services, tx, Part.BANKS)


def _item(services: Services, bank: Bank, each: Given, reason: str, by_id: int) -> Item:
    return Item(
        id=services.ids.next(),
        bank_id=bank.id,
        kind=int(each.kind),
        hash=each.hash,
        note=each.note,
        reason=reason,
        state=int(ItemState.ON),
        disabled_until=0,
        vetted_by=0,
        matches_count=0,
        matched_at=0,
        added_by=by_id,
        added_at=services.clock.now(),
    )
