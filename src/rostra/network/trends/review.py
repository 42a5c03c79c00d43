"""Operators say what may trend: a hashtag, a link, a post, or all posts of an author."""

from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.kernel.text.entities import hashtag_key
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.trends.model import Decision, Kind
from rostra.network.trends.queries import ranking


async def decide(
    services: Services, tx: Transaction, kind: Kind, given: str, decision: Decision
) -> int:
    """Say whether something may trend, for as long as it is there; the id of what was meant.

    Args:
        services: the house's parts.
        tx: the transaction.
        kind: what it is.
        given: a hashtag by its name, a link by its address, a post by its id, an author by the
            user name; ids do for all.
        decision: yes, no, or none any more.

    Raises:
        NotFound: there is nothing of this kind, or it can't trend.
    """
    subject_id = await _meant(tx, kind, given.strip())
    if subject_id is None:
        message = f"There is no {kind.name.lower()} {given!r} that can trend"
        raise NotFound(safe=message)
    now = services.clock.now()
    await tx.run(
        ranking.DECIDE,
        kind=int(kind),
        subject_id=subject_id,
        decision=int(decision),
        decided_at=now if decision else 0,
    )
    return subject_id


async def _meant(reader: Reader, kind: Kind, given: str) -> int | None:
    number = ids.parse(given) or 0
    if kind is Kind.TAG:
        name = hashtag_key(given.removeprefix("#"))
        found = await reader.all(ranking.TAG_MEANT, name=name, subject=number)
        return found[0] if found else None
    if kind is Kind.LINK:
        return await reader.first(ranking.LINK_MEANT, name=given, subject=number)
    if kind is Kind.POST:
        return await reader.first(ranking.HAS_POST, subject=number)
    row = await accounts_access.any_by_username(reader, given.removeprefix("@"))
    row = row or await accounts_access.any_by_id(reader, number)
    return row.id if row else None
