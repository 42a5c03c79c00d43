"""Operators note parties down, and that a second was rehearsed. The only writer."""

from typing import Final

import msgspec

from rostra.hosting.parties import queries
from rostra.hosting.parties.model import Kind, Noted
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Services, Transaction

MOST: Final = 100
LONGEST: Final = 200
LONGEST_NOTE: Final = 2_000


async def note(services: Services, tx: Transaction, given: Noted) -> None:
    """Note a party; what was noted of it before is replaced, but for its rehearsal.

    Raises:
        Invalid: on `kind`, `party`, `second` or `note`.
    """
    checked = _checked(given)
    before = await _one(tx, checked)
    if before is None and await tx.value(queries.HOW_MANY) >= MOST:
        raise Invalid("party", f"is one too many: {MOST} is the most")
    rehearsed_at = before.rehearsed_at if before else 0
    await _put(services, tx, msgspec.structs.replace(checked, rehearsed_at=rehearsed_at))


async def rehearsed(services: Services, tx: Transaction, given: Noted) -> None:
    """Note that the second of a party did its work at `rehearsed_at`, and who says so.

    A party that was not noted yet is, as it is given.

    Raises:
        Invalid: on `kind`, `party`, or `rehearsed_at` where it lies ahead.
    """
    checked = _checked(given)
    if not 0 < given.rehearsed_at <= services.clock.now():
        raise Invalid("rehearsed_at", "must be a time that has been")
    before = await _one(tx, checked)
    if before is None:
        await note(services, tx, given)
    kept = before or checked
    new = msgspec.structs.replace(kept, rehearsed_at=given.rehearsed_at, noted_by=checked.noted_by)
    await _put(services, tx, new)


async def drop(tx: Transaction, kind: str, party: str) -> None:
    """Forget a party.

    Raises:
        NotFound: it was not noted.
    """
    found = await _one(tx, Noted(kind=kind, party=party.strip()))
    if found is None:
        raise NotFound(f"no party {party} for {kind}")
    await tx.run(queries.DROP, of_kind=found.kind, of_party=found.party)


async def _one(tx: Transaction, given: Noted) -> Noted | None:
    return await tx.first(queries.ONE, of_kind=given.kind, of_party=given.party)


async def _put(services: Services, tx: Transaction, given: Noted) -> None:
    dated = msgspec.structs.replace(given, noted_at=services.clock.now())
    await tx.run(queries.PUT, **msgspec.structs.asdict(dated))


def _checked(given: Noted) -> Noted:
    if given.kind not in list(Kind):
        raise Invalid("kind", f"must be one of {', '.join(Kind)}")
    texts = {
        name: " ".join(getattr(given, name).split())
        for name in ("party", "second", "note", "noted_by")
    }
    if not texts["party"]:
        raise Invalid("party", "can't be blank")
    for name, text in texts.items():
        most = LONGEST_NOTE if name == "note" else LONGEST
        if len(text) > most:
            raise Invalid(name, f"is longer than {most} characters")
    return msgspec.structs.replace(given, **texts)
