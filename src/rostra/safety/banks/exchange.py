"""Whole lists of hashes come into a bank, and go out of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from rostra.kernel.errors import Invalid, TooLarge
from rostra.safety.banks import access, csv_form, items, look_back
from rostra.safety.banks.csv_form import Read
from rostra.safety.banks.model import Bank, HashKind
from rostra.safety.edge import Reader, Services, Transaction

AT_ONCE: Final = 1_000
"""Hashes that are written in one transaction: others have their turn in between."""

MOST_SENT: Final = 20_000
"""Lines of a file that is sent through the API or the console; the command takes larger ones."""

MOST_BYTES: Final = 4_000_000
"""Its bytes."""


def read_sent(data: bytes, kind: str) -> Read:
    """Read a small file that somebody has sent.

    Raises:
        Invalid: naming ``kind``; or ``csv``, once for each fault with its line and column.
        TooLarge: more bytes than ``MOST_BYTES``.
    """
    kinds = {each.wire: each for each in HashKind}
    if kind not in kinds:
        raise Invalid("kind", f"must be one of {', '.join(kinds)}", "ERR_INCLUSION")
    if len(data) > MOST_BYTES:
        message = f"The list is too large (at most {MOST_BYTES / 1e6:.0f} MB; larger ones are "
        raise TooLarge(
            f"a list of {len(data)} bytes", safe=message + "imported by `rostra banks import`)"
        )
    try:
        return csv_form.read(data.splitlines(keepends=True), kinds[kind], MOST_SENT)
    except csv_form.Faulty as faulty:
        raise Invalid.many(("csv", str(each), "ERR_INVALID") for each in faulty.faults) from None


async def take(
    services: Services, tx: Transaction, bank_id: int, found: Read, *, reason: str, by_id: int
) -> int:
    """Add what a small file says, in one transaction; how many hashes are new.

    Raises:
        NotFound: there is no such bank.
        Invalid: naming ``reason``.
        Conflict: the banks have no room for so many.
    """
    new = await items.add(services, tx, bank_id, found.hashes, reason=reason, by_id=by_id)
    return len(new)


async def take_all(
    services: Services, bank_id: int, found: Read, *, reason: str
) -> AsyncIterator[tuple[int, int]]:
    """Add what a file says, some to a transaction: how many of it are in, and how many were new.

    What was added stays if it is broken off; doing it again adds the rest. The last step looks for
    all of them among what was uploaded before.

    Raises:
        NotFound: there is no such bank.
        Invalid: naming ``reason``.
        Conflict: the banks have no room for more.
    """
    new, first = 0, 0
    for begins in range(0, len(found.hashes), AT_ONCE):
        some: Sequence[items.Given] = found.hashes[begins : begins + AT_ONCE]
        async with services.db.write() as tx:
            made = await items.add(services, tx, bank_id, some, reason=reason, look=False)
            first = min([each.id for each in made] + [first] * bool(first), default=0)
            new += len(made)
            done = begins + len(some)
            if done == len(found.hashes) and first:
                await look_back.start(services, tx, bank_id, from_item=first)
        yield done, new


async def lines(reader: Reader, bank: Bank, now: int) -> AsyncIterator[str]:
    """A bank as a file, a piece at a time: what is looked for now (UTC ms) of it."""
    after: int | None = 0
    while after is not None:
        text, after = await page(reader, bank, now, after)
        yield text


async def page(reader: Reader, bank: Bank, now: int, after: int = 0) -> tuple[str, int | None]:
    """Some lines of the same, with the heads before the first; after which id it goes on."""
    found = await access.items_after(reader, bank.id, after=after, limit=AT_ONCE)
    text = "".join(csv_form.written(each, bank.name) for each in found if each.in_force(now))
    head = "" if after else csv_form.head()
    return head + text, found[-1].id if len(found) == AT_ONCE else None
