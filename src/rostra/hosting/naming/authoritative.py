"""What the name servers of a zone answer, each asked by itself: no cache lies between."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import msgspec

from rostra.hosting.naming.model import Kind, NamingError, Record

ANSWER_S: Final = 3.0
PORT: Final = 53
_FIND_S: Final = 15.0


class Server(msgspec.Struct, frozen=True, order=True):
    """A name server of the zone.

    Attributes:
        name: for people; servers of one name are one, with several addresses.
        address: of it; empty: it has none by which it can be asked.
        port: UDP and TCP.
        fault: why it has none.
    """

    name: str
    address: str
    port: int = PORT
    fault: str = ""

    def __str__(self) -> str:
        return self.name if self.address in self.name else f"{self.name} ({self.address})"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one server answered.

    Attributes:
        server: that was asked.
        records: that it shows.
        ttl_s: how long others may keep them, the longest.
        fault: why it counts as no answer; empty: it does.
        wrong_zone: it answers, but not for this zone.
        alias: which of the names is another name of something; empty: none.
    """

    server: Server
    records: frozenset[Record] = frozenset()
    ttl_s: int = 0
    fault: str = ""
    wrong_zone: bool = False
    alias: str = ""


def is_in(name: str, zone: str) -> bool:
    """Whether a name is in a zone or below it."""
    return dns.name.from_text(name).is_subdomain(dns.name.from_text(zone))


async def ask(server: Server, wanted: Iterable[tuple[str, Kind]]) -> Seen:
    """What a server shows of these names and kinds; an answer takes `ANSWER_S` at most."""
    if not server.address:
        return Seen(server=server, fault=server.fault)
    records: set[Record] = set()
    longest = 0
    for name, kind in wanted:
        try:
            answer = await _answer(server, name, kind)
        except (dns.exception.Timeout, EOFError, OSError) as error:
            return Seen(server=server, fault=_why(error))
        except (dns.exception.DNSException, ValueError) as error:
            return Seen(server=server, fault=f"it answers with what is no DNS: {error}")
        refused = answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}
        if refused or not answer.flags & dns.flags.AA:
            why = dns.rcode.to_text(answer.rcode()) if refused else "it does not answer for it"
            return Seen(server=server, fault=f"not a server of the zone: {why}", wrong_zone=True)
        for found in answer.answer:
            if found.rdtype == dns.rdatatype.CNAME:
                to = next(iter(found)).to_text()
                return Seen(server=server, fault=f"a CNAME leads {name} to {to}", alias=name)
            if found.rdtype == dns.rdatatype.from_text(kind):
                longest = max(longest, found.ttl)
                records |= {Record(name, kind, _content(each.to_text())) for each in found}
    return Seen(server=server, records=frozenset(records), ttl_s=longest)


async def ask_all(servers: Sequence[Server], wanted: Iterable[tuple[str, Kind]]) -> list[Seen]:
    """What each of them shows, in their order."""
    each = tuple(wanted)
    return list(await asyncio.gather(*(ask(server, each) for server in servers)))


async def _answer(server: Server, name: str, kind: Kind) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    query.flags &= ~dns.flags.RD
    async with asyncio.timeout(2 * ANSWER_S):  # by UDP, and once more by TCP where it is long
        answer, _ = await dns.asyncquery.udp_with_fallback(
            query, server.address, timeout=ANSWER_S, port=server.port
        )
    return answer


def _content(text: str) -> str:
    """A record as people write it: texts stand in quotes on the wire format's side."""
    return text[1:-1] if text.startswith('"') and text.endswith('"') else text


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, TimeoutError):
        return f"it does not answer: {error.strerror or error}"
    return "it does not answer"


async def named_servers(given: Iterable[str]) -> tuple[Server, ...]:
    """The servers that the settings name.

    Raises:
        NamingError: one is no host, or host and port.
    """
    split = [(text, *split_port(text, setting="dns.servers")) for text in given]
    return await _at(split)


async def servers_of(zone: str) -> tuple[Server, ...]:
    """The servers that a zone names, found as anybody finds them.

    Raises:
        NamingError: there is no such zone, or nobody can be asked.
    """
    try:
        resolver = dns.asyncresolver.Resolver()
        resolver.lifetime = _FIND_S
        answer = await resolver.resolve(zone, "NS")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
        raise NamingError(f"dns.zone: {zone} is no zone: nobody names servers of it") from error
    except (dns.exception.DNSException, OSError) as error:
        why = "the servers of the zone can't be found (dns.servers names them without asking)"
        raise NamingError(f"dns.zone: {zone}: {why}: {error}") from error
    names = sorted(each.target.to_text(omit_final_dot=True) for each in answer)
    return await _at([(name, name, PORT) for name in names])


async def _at(given: Iterable[tuple[str, str, int]]) -> tuple[Server, ...]:
    """The servers of a name, host and port each.

    One that can't be asked is among them: it may answer others.
    """
    found: list[Server] = []
    for name, host, port in given:
        try:
            found += [Server(name, address, port) for address in await addresses(host)]
        except NamingError as error:
            found.append(Server(name, "", port, fault=str(error)))
    return tuple(found)


def behind(seen: Iterable[Seen], has: Callable[[Seen], bool]) -> list[Seen]:
    """Whatever of these keeps its server from counting.

    A server counts by any of its addresses: this machine may have no way to the others. What
    answers at one of them and shows something else counts against it.

    Args:
        seen: at each address of each server.
        has: whether something shows what is wanted.
    """
    by_name: dict[str, list[Seen]] = {}
    for each in seen:
        by_name.setdefault(each.server.name, []).append(each)
    found: list[Seen] = []
    for of_one in by_name.values():
        late = [each for each in of_one if not has(each)]
        if len(late) == len(of_one) or any(not each.fault for each in late):
            found += late
    return found


def _is_reachable(address: str) -> bool:
    """Whether this machine has any way there; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, PORT))
    except OSError:
        return False
    return True


async def addresses(host: str) -> tuple[str, ...]:
    """The addresses of a host by which this machine can reach it, one at least.

    Raises:
        NamingError: it has none.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_FIND_S):
            found = await loop.getaddrinfo(
                host, None, type=socket.SOCK_DGRAM, flags=socket.AI_ADDRCONFIG
            )
    except (OSError, TimeoutError, UnicodeError) as error:
        raise NamingError(f"{host} has no address: {error}") from error
    # Having an address of its kind does not mean that there is a way: IPv6 may end at the cable.
    all_of_it = dict.fromkeys(str(each[4][0]) for each in found)
    reached = tuple(address for address in all_of_it if _is_reachable(address))
    if not reached:
        raise NamingError(f"this machine has no way to {host} ({', '.join(all_of_it)})")
    return reached


def split_port(text: str, *, setting: str) -> tuple[str, int]:
    """Host and port of `host`, `host:port`, `2001:db8::1` or `[2001:db8::1]:port`.

    Raises:
        NamingError: it is none of them.
    """
    host, port = text.strip(), ""
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        port = port.removeprefix(":")
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port) < 65_536)):  # noqa: PLR2004 (ports)
        raise NamingError(f"{setting}: {text!r} is no host, or host and port")
    return host, int(port) if port else PORT
