"""Which hosts and addresses the server may call: public ones, written in the ordinary way.

The ranges are those of the IANA special-purpose registries (RFC 6890 and its updates), and every
form of IPv6 that carries an IPv4 address inside, refused as a whole.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_PUBLIC: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform, as every machine there sees it
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",  # discard
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",  # multicast
    )
)
# What answers for the machine itself, or is another address in disguise. A network that holds one
# of these by the way does not open it; only its own address does, written out in full.
_ONLY_BY_ITSELF: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this machine
        "100.100.100.200/32",  # metadata at Alibaba
        "168.63.129.16/32",  # metadata at Azure
        "169.254.0.0/16",  # metadata everywhere else
        "192.0.0.0/24",  # metadata at Oracle
        "::/96",  # this machine, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # local NAT64
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fd00:ec2::/32",  # metadata at Amazon
        "fd20:ce::/32",  # metadata at Google
        "fe80::/10",  # link-local
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_HOST = 253


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks in CIDR form; raises ValueError."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def is_public(address: Address) -> bool:
    """Whether an address is a public one, so that it may be called; none with a zone is."""
    if getattr(address, "scope_id", None):
        return False
    # `is_global` follows the registry that came with Python; our list does not age with it.
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


def is_allowed(address: Address, allowed: tuple[Network, ...]) -> bool:
    """Whether an address may be called because the operator named its network.

    An address with a zone never is. One that answers for the machine itself (link-local, the
    metadata of cloud providers) or carries another one inside is only where it is named alone.
    """
    if getattr(address, "scope_id", None):
        return False
    found = [network for network in allowed if address in network]
    if any(network.num_addresses == 1 for network in found):
        return True
    return bool(found) and not any(address in network for network in _ONLY_BY_ITSELF)


def literal(host: str) -> Address | None:
    """The address a host is, in its one ordinary spelling; None for a name.

    Raises:
        ValueError: neither a host name nor such an address: `0x7f.1`, `2130706433`, `127.1`,
            `fe80::1%eth0`, and every other spelling that some resolvers take for an address.
    """
    if ":" in host:
        if "%" in host:
            raise ValueError("an address with a zone")
        return ipaddress.IPv6Address(host)
    labels = host.removesuffix(".").split(".")
    if _looks_numeric(labels[-1]):
        return ipaddress.IPv4Address(host)
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host name")
    return None


def _looks_numeric(label: str) -> bool:
    """Whether a host that ends in this label is an address to some parser (WHATWG URL, 3.5)."""
    return label.isdigit() or re.fullmatch(r"0x[0-9a-f]*", label) is not None
