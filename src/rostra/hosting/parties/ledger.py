"""Every party the place depends on, from what is known and what was noted; what is missing."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

import msgspec

from rostra.hosting.drill.results import last
from rostra.hosting.fence.installation import places_of
from rostra.hosting.parties import queries
from rostra.hosting.parties.model import Kind, Known, Line, Noted
from rostra.kernel.clock import DAY
from rostra.network.edge import Reader
from rostra.settings import Settings

OVERDUE_DAYS: Final = 180
_ALWAYS: Final = (Kind.HOST, Kind.STORE, Kind.DNS, Kind.REGISTRAR, Kind.CERTIFICATES)


async def ledger(settings: Settings, reader: Reader, now: int) -> list[Line]:
    """The lines of an installation.

    Raises:
        PlacesError: the file of the places can't be used.
    """
    known = await asyncio.to_thread(known_of, settings)  # it reads two files
    return lines(known, await noted(reader), now)


async def noted(reader: Reader) -> list[Noted]:
    """What operators have noted, by kind and party."""
    return list(await reader.all(queries.ALL))


def known_of(settings: Settings) -> Known:
    """What is known without a word of an operator.

    Raises:
        PlacesError: the file of the places can't be used.
    """
    stores: dict[str, tuple[str, ...]] = {}
    for place in places_of(settings):
        # The first spelling of a party stands for it.
        party = next((each for each in stores if _same(each, place.party)), place.party.strip())
        stores[party] = (*stores.get(party, ()), place.name)
    drilled = last(settings.data_dir)
    green = drilled.result is not None and drilled.result.green
    return Known(
        host=settings.hosting.party.strip(),
        stores=stores,
        mail=settings.mail.host,
        dns=settings.dns.provider,
        certificates=_signer(settings),
        drilled_at=drilled.begun_at if green else 0,
    )


def lines(known: Known, noted: Sequence[Noted], now: int) -> list[Line]:
    """A line for each party and for each kind that has none, in the order of kinds.

    Args:
        known: what Rostra knows by itself.
        noted: what operators have noted; it stands before what is known of the same party.
        now: UTC ms.
    """
    found = [*_noted(known, noted), *_derived(known, noted)]
    missing = [kind for kind in _ALWAYS if all(line.kind != kind for line in found)]
    told = [
        msgspec.structs.replace(line, faults=tuple(_faults(line, known, now))) for line in found
    ]
    told += [Line(kind=kind, party="", faults=("nobody is named",)) for kind in missing]
    order = list(Kind)
    return sorted(told, key=lambda line: (order.index(line.kind), line.party.casefold()))


def _noted(known: Known, noted: Iterable[Noted]) -> Iterator[Line]:
    for each in noted:
        kind = Kind(each.kind)
        derived = kind is Kind.STORE and any(_same(each.party, party) for party in known.stores)
        others = _other_stores(known, each.party) if derived else ""
        yield Line(
            kind=kind,
            party=each.party,
            second=each.second or others,
            note=each.note,
            rehearsed_at=max(each.rehearsed_at, known.drilled_at if derived else 0),
            noted_at=each.noted_at,
            noted_by=each.noted_by,
        )


def _derived(known: Known, noted: Sequence[Noted]) -> Iterator[Line]:
    """What nobody has noted."""

    def is_noted(kind: Kind, party: str = "") -> bool:
        return any(each.kind == kind and (not party or _same(each.party, party)) for each in noted)

    if known.host and not is_noted(Kind.HOST):
        yield Line(kind=Kind.HOST, party=known.host)
    for party, names in known.stores.items():
        if not is_noted(Kind.STORE, party):
            yield Line(
                kind=Kind.STORE,
                party=party,
                second=_other_stores(known, party),
                note=", ".join(names),
                rehearsed_at=known.drilled_at,
            )
    # A name is all that is known; who is behind it an operator may note.
    for kind, party in (
        (Kind.DNS, known.dns),
        (Kind.CERTIFICATES, known.certificates),
        (Kind.MAIL, known.mail),
    ):
        if party and not is_noted(kind):
            yield Line(kind=kind, party=party)


def _signer(settings: Settings) -> str:
    """Where certificates are asked for; empty: nowhere."""
    given = settings.certificate
    return (urlsplit(given.directory).hostname or "") if given.terms_accepted else ""


def _other_stores(known: Known, party: str) -> str:
    """Who holds the same copies; not the host, which is lost with the machine."""
    others = (
        each for each in known.stores if not _same(each, party) and not _same(each, known.host)
    )
    return ", ".join(others)


def _faults(line: Line, known: Known, now: int) -> Iterator[str]:
    if line.kind is not Kind.HOST and _same(line.party, known.host):
        yield "it is the host: both are lost at once"
    if len(names := known.stores.get(line.party, ())) > 1 and line.kind is Kind.STORE:
        yield f"{' and '.join(names)} are lost together"
    if not line.second:
        yield "there is no second"
    elif _same(line.second, line.party):
        yield "its second is the same party"
    elif _same(line.second, known.host):
        yield "its second is the host"
    days = (now - line.rehearsed_at) // DAY
    if not line.rehearsed_at:
        yield "never rehearsed"
    elif days > OVERDUE_DAYS:
        yield f"rehearsed {days} days ago, which is more than {OVERDUE_DAYS}"


def _same(one: str, other: str) -> bool:
    """Whether two names mean one party, as far as their letters tell."""
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()
