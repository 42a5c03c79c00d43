"""Trusted flaggers (DSA Art. 22): members and addresses whose reports go first."""

from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text.clean import normalise, one_line
from rostra.kernel.text.names import email_address, normalise_domain
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.events import AccountRemoved
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.reports import queries
from rostra.safety.reports.model import Flagger

MAX_NAME: Final = 100


async def add(
    services: Services,
    tx: Transaction,
    *,
    added_by: int,
    account_id: int = 0,
    address: str = "",
    name: str = "",
) -> Flagger:
    """Trust a member, a mail address or everybody of a mail domain.

    Args:
        services: the house's parts.
        tx: the transaction.
        added_by: who of the team does; 0: an operator at the machine.
        account_id: a member; 0: somebody outside.
        address: theirs, or a domain.
        name: whom the team knows them as.

    Raises:
        NotFound: there is no such member.
        Invalid: on `address`, if it is none or a member is named as well, or on `name`.
        Conflict: they are trusted already.
    """
    if bool(account_id) == bool(address):
        raise Invalid("address", "or a member must be given, and not both", "ERR_BLANK")
    if account_id:
        await accounts_access.user(tx, account_id)
    known_as = one_line(normalise(name)).strip()
    if len(known_as) > MAX_NAME:
        raise Invalid("name", f"is too long (most: {MAX_NAME} characters)", "ERR_TOO_LONG")
    made = Flagger(
        id=services.ids.next(),
        account_id=account_id,
        address=_address(address) if address else "",
        name=known_as,
        added_by=added_by,
        created_at=services.clock.now(),
    )
    if not await tx.run(queries.ADD_FLAGGER, **msgspec.structs.asdict(made)):
        safe = "They are a trusted flagger already"
        raise Conflict(f"{account_id or address}", safe=safe, code="trusted")
    return made


def _address(text: str) -> str:
    plain = text.strip()
    known = email_address(plain) if "@" in plain else normalise_domain(plain)
    if known is None or "." not in known:
        raise Invalid("address", "is no mail address, and no domain", "ERR_INVALID")
    return known.lower()


async def remove(tx: Transaction, flagger_id: int) -> None:
    """Trust them no more than others; what they have reported stays as it was.

    Raises:
        NotFound: there is no such flagger.
    """
    if not await tx.run(queries.REMOVE_FLAGGER, id=flagger_id):
        raise NotFound(f"no trusted flagger {flagger_id}")


async def listed(reader: Reader) -> list[Flagger]:
    """All of them, in the order in which they were named (500 at most)."""
    return await reader.all(queries.FLAGGERS)


async def trusts_member(reader: Reader, account_id: int) -> bool:
    """Whether a member is one."""
    return await reader.first(queries.FLAGGER_OF_ACCOUNT, account=account_id) is not None


async def trusts_address(reader: Reader, email: str) -> bool:
    """Whether a mail address, which must have been confirmed, is one, or of a domain that is."""
    known = email.lower()
    names = [known, known.rpartition("@")[2]]
    return await reader.first(queries.FLAGGER_OF_ADDRESS, names=names) is not None


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Who is gone is trusted no more."""
    await tx.run(queries.REMOVE_FLAGGER_OF, account=event.account_id)
