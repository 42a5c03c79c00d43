"""How often a domain is called: however much is posted, this server hammers nobody.

What one can register is counted, for names below it cost nothing (CVE-2022-46405), and every call
counts: pages, descriptions, pictures and each redirect, wherever the address came from.
"""

from collections.abc import Awaitable, Callable

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import RostraError
from rostra.kernel.text.domains import registrable
from rostra.network.edge import Services, Transaction
from rostra.network.previews import queries
from rostra.store.outbox.kinds import JobKind

Permit = Callable[[str], Awaitable[None]]


class Busy(RostraError):
    """A domain has been called as often as it may be within a minute."""

    status = 503
    default_safe = "Too much is asked of the other server"
    default_code = "busy"


class ForgetCalls(msgspec.Struct, frozen=True):
    """Forget which domains were called."""


def permit(services: Services) -> Permit:
    """What the client asks before each call; raises Busy."""
    most = services.settings.previews.calls_per_minute

    async def asked(host: str) -> None:
        domain = registrable(host)
        minute = services.clock.now() // MINUTE
        async with services.db.write() as tx:
            calls = await tx.value(queries.COUNT_CALL, domain=domain, minute=minute)
        if calls > most:
            raise Busy(f"{domain} was called {most} times this minute")

    return asked


async def forget(services: Services, tx: Transaction, _payload: ForgetCalls) -> None:
    """Counts of minutes that are over."""
    await tx.run(queries.FORGET_CALLS, minute=services.clock.now() // MINUTE)


JOBS = (
    JobKind("previews.forget_calls", ForgetCalls, forget, transactional=True, every_ms=60 * MINUTE),
)
