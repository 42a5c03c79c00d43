"""Whose request is it: the client's address, believed only from proxies the operator named."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

UNKNOWN: Final = "0.0.0.0"  # noqa: S104 (a value that stands for "no address", nothing binds to it)
_MAX_HOPS: Final = 32
_IPV6_SITE: Final = 64  # one subscriber holds a whole /64, so limits count it as one

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class AddressBook:
    """Reads the client's address. `trusted` are networks (CIDR) of our own reverse proxies.

    `X-Forwarded-For` counts only when the peer is trusted: from its right end, the first address
    that is not a trusted proxy is the client. `Forwarded`, `Client-IP` and `X-Real-IP` never count
    (CVE-2023-49952, CVE-2024-34535: forged headers passed rate limits).
    """

    def __init__(self, trusted: Sequence[str] = (), *, trust_local_socket: bool = False) -> None:
        self._trusted: tuple[Network, ...] = tuple(
            ip_network(text, strict=False) for text in trusted
        )
        self._trust_local_socket = trust_local_socket
        self.believes_anyone = bool(self._trusted) or trust_local_socket

    def client(self, peer: str | None, forwarded_for: str) -> str:
        """The client's address as text; `UNKNOWN` when the server gave none.

        Args:
            peer: the address of the connection, None for a local socket.
            forwarded_for: all X-Forwarded-For lines joined with commas, empty when absent.
        """
        if not forwarded_for or not self.believes_anyone:
            return _canonical(peer or "")
        at_peer = _parse(peer or "")
        if not (self._trust_local_socket if at_peer is None else self._is_trusted(at_peer)):
            return str(at_peer) if at_peer else UNKNOWN
        last = at_peer
        for hop in reversed(forwarded_for.split(",")[-_MAX_HOPS:]):
            address = _parse(_without_port(hop.strip()))
            if address is None:
                break
            last = address
            if not self._is_trusted(address):
                break
        return str(last) if last else UNKNOWN

    def trusts(self, address: str) -> bool:
        """Whether an address (as text) is in one of the networks."""
        parsed = _parse(address)
        return parsed is not None and self._is_trusted(parsed)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


@lru_cache(maxsize=4096)
def limit_key(address: str) -> str:
    """What limits count: an IPv4 address itself, of an IPv6 address its /64."""
    parsed = _parse(address)
    if parsed is None:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), _IPV6_SITE), strict=False))
    return str(parsed)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    address = _parse(text)
    return UNKNOWN if address is None else str(address)


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    if hop.count(":") == 1:
        return hop.partition(":")[0]
    return hop
