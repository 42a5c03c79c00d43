"""Operators say whether the links of a publisher may trend: those there are, and those to come.

A publisher is a host with all that stands below it. What was said of the nearest host holds; what
was said of a link itself goes before.
"""

from rostra.kernel.errors import Invalid
from rostra.kernel.text.domains import lineage, listed_domain
from rostra.network.edge import Services, Transaction
from rostra.network.previews.address import host_of
from rostra.network.trends.model import Decision
from rostra.network.trends.queries import publishers as queries


async def decide_publisher(
    services: Services, tx: Transaction, given: str, decision: Decision
) -> str:
    """Say whether what a publisher publishes may trend; its host.

    Args:
        services: the house's parts.
        tx: the transaction.
        given: a host, or an address of one of its pages.
        decision: yes, no, or none any more.

    Raises:
        Invalid: it is no host that pages could be on.
    """
    host = listed_domain(given)
    if host is None:
        raise Invalid("publisher", f"is not a domain: “{given}”")
    await tx.run(queries.TURN)
    if decision:
        now = services.clock.now()
        await tx.run(queries.DECIDE, host=host, decision=int(decision), decided_at=now)
    else:
        await tx.run(queries.UNDECIDE, host=host)
    await settle(tx)
    return host


async def take_turn(tx: Transaction) -> None:
    """Let nothing be said of any publisher until the transaction ends."""
    await tx.run(queries.TURN)


async def settle(tx: Transaction) -> None:
    """Write beside each link that trends what was said of its publisher. Two queries or three."""
    links = await tx.all(queries.TRENDING_LINKS)
    hosts = {link.subject_id: lineage(host_of(link.url)) for link in links}
    every = sorted({host for line in hosts.values() for host in line})
    known = dict(await tx.all(queries.DECIDED, hosts=every)) if every else {}
    changed = []
    for link in links:
        said = next((known[host] for host in hosts[link.subject_id] if host in known), 0)
        if said != link.of_publisher:
            changed.append({"subject": link.subject_id, "said": said})
    if changed:
        await tx.run_many(queries.SET_OF_PUBLISHER, changed)
