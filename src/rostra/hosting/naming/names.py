"""Names led to a host: looked at, changed, and asked for until every name server shows it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from rostra.hosting.naming.authoritative import (
    Seen,
    Server,
    ask_all,
    behind,
    is_in,
    named_servers,
    servers_of,
)
from rostra.hosting.naming.model import (
    KINDS,
    Change,
    Kind,
    NamingError,
    Record,
    Writer,
    records_for,
)
from rostra.kernel.clock import Clock
from rostra.kernel.errors import Unavailable
from rostra.outside.egress import Egress

CHANNEL: Final = "dns"
"""The part of the egress gate that changes of names pass."""
LOOK_S: Final = 1.0
_LONGEST_LOOK_S: Final = 5.0
_PROBE: Final = "_rostra-probe"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the settings say of names.

    Attributes:
        zone: in which they are.
        names: that lead to the host.
        ttl_s: seconds that others may keep an address.
        servers: of the zone, as the settings name them; none: those that the zone names.
        wait_s: until all servers must have a change.
    """

    zone: str
    names: tuple[str, ...]
    ttl_s: int
    servers: tuple[str, ...] = ()
    wait_s: int


class Names:
    """The names of a network, as their zone shows them and as its provider changes them."""

    def __init__(
        self,
        plan: Plan,
        writer: Writer,
        egress: Egress,
        *,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        say: Callable[[str], None],
    ) -> None:
        """Put it together; nothing is asked yet.

        Args:
            plan: what the settings say.
            writer: takes changes of the zone.
            egress: the gate that they pass.
            clock: of the house.
            sleep: waits for seconds.
            say: tells people something.

        Raises:
            NamingError: a name is not in the zone.
        """
        for name in plan.names:
            if not is_in(name, plan.zone):
                raise NamingError(f"dns.names: {name} is not in the zone {plan.zone} (dns.zone)")
        self.plan = plan
        self._writer = writer
        self._egress = egress
        self._clock = clock
        self._sleep = sleep
        self._say = say
        self._servers: tuple[Server, ...] = ()

    async def look(self, wanted: Sequence[tuple[str, Kind]] = ()) -> list[Seen]:
        """What each name server shows; without `wanted` the addresses of the names.

        Raises:
            NamingError: the servers can't be found.
        """
        return await ask_all(await self._found(), wanted or self._kinds())

    async def lead(self, addresses: Sequence[str]) -> None:
        """Lead the names to these addresses and nowhere else; returns when every server shows it.

        Doing it again is safe at any moment: what is there already is not changed.

        Raises:
            NamingError: it was not taken, or some server does not show it in time.
            Unavailable: nothing may leave this installation now.
        """
        wanted = records_for(self.plan.names, addresses)
        seen = await self.look()
        self._check_zone(seen)
        add, remove = self._missing(seen, wanted)
        if not add and not remove and not behind(seen, lambda each: self._has(each, wanted)):
            self._say(f"dns: {', '.join(self.plan.names)} lead there already")
            return
        if add or remove:
            await self._write(add=add, remove=remove)
        await self._arrived(self._kinds(), wanted)
        kept = max(each.ttl_s for each in seen)
        if remove - wanted:
            self._say(f"dns: whoever asked before may keep the old address for {kept} s")

    def _missing(
        self, seen: Sequence[Seen], wanted: frozenset[Record]
    ) -> tuple[frozenset[Record], frozenset[Record]]:
        """What has to be added and removed, so that all that answer show what is wanted."""
        answers = [each for each in seen if not each.fault]
        shown = frozenset[Record]().union(*(each.records for each in answers))
        everywhere = shown.intersection(*(each.records for each in answers))
        long = [each for each in answers if each.ttl_s > self.plan.ttl_s]
        late = wanted & frozenset[Record]().union(*(each.records for each in long))
        if late and not self._writer.retimes:
            self._say(
                f"dns: the address is kept for {max(each.ttl_s for each in long)} s, longer than"
                " dns.ttl_s: change the time to live at the provider"
            )
            late = frozenset()
        return (wanted - everywhere) | late, (shown - wanted) | late

    async def prove(self, name: str, texts: Sequence[str]) -> None:
        """Have these texts at a name, beside others there; returns when every server shows them.

        Raises as `lead`.
        """
        records = frozenset(Record(name, "TXT", text) for text in texts)
        await self._write(add=records)
        await self._arrived([(name, "TXT")], records, only=False)

    async def withdraw(self, name: str, texts: Sequence[str]) -> None:
        """Take such texts away again; raises as `lead`, but does not wait."""
        await self._write(remove=frozenset(Record(name, "TXT", text) for text in texts))

    async def probe(self, pause_s: int) -> list[str]:
        """Whether names may be changed, tried with a text that is taken away again; what to know.

        Args:
            pause_s: seconds without the site that are aimed for.

        Raises as `lead`.
        """
        seen = await self.look()
        self._check_zone(seen)
        name, text = f"{_PROBE}.{self.plan.zone}", secrets.token_hex(8)
        try:
            await self.prove(name, [text])
        except BaseException:
            try:
                await self.withdraw(name, [text])
            except (NamingError, Unavailable) as error:  # what ended it is told, not this alone
                self._say(f"dns: {name} TXT {text} may be left behind: {error}")
            raise
        await self.withdraw(name, [text])
        told = [f"dns: {self.plan.zone} takes changes, and all its servers show them"]
        kept = max(each.ttl_s for each in seen)
        if kept > pause_s:
            told.append(
                f"dns: others may keep the present address for {kept} s, longer than the pause of"
                f" {pause_s} s that you aim for: give it a shorter time to live (dns.ttl_s) at"
                f" least {kept} s before the move, by `rostra dns set` with the present address"
            )
        return told

    async def _found(self) -> tuple[Server, ...]:
        if not self._servers:
            given = self.plan.servers
            found = await (named_servers(given) if given else servers_of(self.plan.zone))
            self._servers = found
        return self._servers

    def _kinds(self) -> list[tuple[str, Kind]]:
        return [(name, kind) for name in self.plan.names for kind in KINDS]

    def _check_zone(self, seen: Sequence[Seen]) -> None:
        """A change is for a zone that somebody answers for, and for names that are no other names.

        Raises:
            NamingError: nobody does, or one is.
        """
        faults = [f"{each.server}: {each.fault}" for each in seen if each.fault]
        for each in seen:
            if each.alias:
                raise NamingError(f"dns.names: {each.fault}: name that one instead")
        if seen and all(each.wrong_zone for each in seen):
            raise NamingError(f"dns.zone: {self.plan.zone} is not what its servers answer for")
        if len(faults) == len(seen):
            raise NamingError(
                f"dns.servers: no name server of {self.plan.zone} answers: {'; '.join(faults)}"
            )

    @staticmethod
    def _has(seen: Seen, wanted: frozenset[Record], *, only: bool = True) -> bool:
        if seen.fault:
            return False
        return seen.records == wanted if only else wanted <= seen.records

    async def _write(
        self, add: frozenset[Record] = frozenset(), remove: frozenset[Record] = frozenset()
    ) -> None:
        self._egress.check(CHANNEL)
        change = Change(add=tuple(sorted(add)), remove=tuple(sorted(remove)), ttl_s=self.plan.ttl_s)
        await self._writer.write(change)

    async def _arrived(
        self,
        kinds: Sequence[tuple[str, Kind]],
        wanted: frozenset[Record],
        *,
        only: bool = True,
    ) -> None:
        """Wait until every server shows it, and say of each when it does."""
        began, pause = self._clock.monotonic(), LOOK_S
        servers = await self._found()
        told: set[Server] = set()

        def has(seen: Seen) -> bool:
            return self._has(seen, wanted, only=only)

        while True:
            seen = await ask_all(servers, kinds)
            for each in seen:
                if has(each) and each.server not in told:
                    told.add(each.server)
                    self._say(f"dns: {each.server} shows it")
            late = behind(seen, has)
            if not late:
                return
            if self._clock.monotonic() - began >= self.plan.wait_s:
                raise NamingError(self._late(late))
            names = {each.server.name for each in late}
            servers = tuple(server for server in servers if server.name in names)
            await self._sleep(pause)
            pause = min(2 * pause, _LONGEST_LOOK_S)

    def _late(self, late: Sequence[Seen]) -> str:
        told = "; ".join(
            f"{each.server}: {each.fault or 'it shows ' + _shown(each)}" for each in late
        )
        return (
            f"after {self.plan.wait_s} s (dns.wait_s) not every name server of {self.plan.zone}"
            f" shows the change: {told}. It was handed over; the same command looks again"
        )


def _shown(seen: Seen) -> str:
    return ", ".join(map(str, sorted(seen.records))) or "nothing"


async def real_sleep(seconds: float) -> None:
    """Wait."""
    await asyncio.sleep(seconds)
