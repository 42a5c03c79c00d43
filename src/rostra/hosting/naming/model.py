"""What is said of names: records, what they should be, and how it fails."""

import ipaddress
from collections.abc import Iterable
from typing import Literal, Protocol

import msgspec

Kind = Literal["A", "AAAA", "TXT"]
KINDS: tuple[Kind, Kind] = ("A", "AAAA")
"""The records that lead to a host."""


class NamingError(Exception):
    """Names can't be changed; the text says which setting or server it is about, and what helps."""


class Record(msgspec.Struct, frozen=True, order=True):
    """One record of a zone.

    Attributes:
        name: whole, without the dot at its end.
        kind: of it.
        content: an address, or a text.
    """

    name: str
    kind: Kind
    content: str

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.content}"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a provider.

    Attributes:
        add: records that should be there; one that is there already stays.
        remove: records that should not.
        ttl_s: seconds that others may keep what is added.
    """

    add: tuple[Record, ...] = ()
    remove: tuple[Record, ...] = ()
    ttl_s: int


class Writer(Protocol):
    """Who takes changes of a zone. Doing one twice is as doing it once.

    Attributes:
        retimes: a record that is removed and added in one change gets the new time to live, and is
            there all the while. Where not, one that should be there is never removed.
    """

    @property
    def retimes(self) -> bool:
        """See above."""
        ...

    async def write(self, change: Change) -> None:
        """Hand a change over. That it was taken does not mean that it has arrived anywhere.

        Raises:
            NamingError: it was not taken, or nobody knows whether it was.
        """
        ...


def addresses_of(given: Iterable[str]) -> tuple[str, ...]:
    """Addresses of a host, each once, as they stand in records.

    Raises:
        NamingError: one is none, or nobody outside could reach it; or there are none.
    """
    found: dict[str, None] = {}
    for text in given:
        try:
            address = ipaddress.ip_address(text.strip())
        except ValueError as error:
            raise NamingError(f"{text} is no address such as 192.0.2.7 or 2001:db8::7") from error
        if address.is_unspecified or address.is_loopback or address.is_multicast:
            raise NamingError(f"{text} leads to no host that others could reach")
        if address.is_link_local:
            raise NamingError(f"{text} leads to no host that others could reach")
        found[str(address)] = None
    if not found:
        raise NamingError("name at least one address of the host")
    return tuple(found)


def records_for(names: Iterable[str], addresses: Iterable[str]) -> frozenset[Record]:
    """What should stand there, so that these names lead to these addresses and nowhere else."""
    each = tuple(addresses)
    return frozenset(
        Record(name, "AAAA" if ":" in address else "A", address)
        for name in names
        for address in each
    )
