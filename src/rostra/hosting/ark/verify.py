"""Reading everything back: which piece is missing or damaged where, which manifest is wrong."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.log.walk import Hole, walk
from rostra.hosting.ark.manifest import Found, LogPoint, manifest_key, piece_key, read, shown
from rostra.hosting.ark.read import ArkError, index, marks
from rostra.hosting.ark.seal import name_of
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

AT_ONCE: Final = 8
EVERYWHERE: Final = "everywhere"

Chain = dict[str, Found | None]


class Fault(msgspec.Struct, frozen=True):
    """Something is wrong at a place."""

    place: str
    what: str


class Read(msgspec.Struct, frozen=True):
    """So many pieces were read back, with their bytes."""

    pieces: int
    content_bytes: int


async def verify(stores: Sequence[Store], signer: str = "") -> AsyncIterator[Fault | Read]:
    """Read everything of the newest copy back from every place, and all manifests. Needs no key.

    Args:
        stores: the places.
        signer: the public key that must have signed; empty: that of the newest manifest.
    """
    found = await manifests(stores, signer)
    for fault in found.faults:
        yield fault
    if found.newest is None:
        return
    try:
        wanted = await names_of(stores, found.newest)
    except ArkError as error:
        yield Fault(EVERYWHERE, str(error))
        return
    for store in stores:
        if store.name in found.holders:
            async for each in read_back(store, wanted):
                yield each
    manifest = found.newest.manifest
    async for each in _log(stores, manifest.log, signer or manifest.key):
        yield each


class Manifests(msgspec.Struct, frozen=True):
    """What the manifests of all places say together.

    Attributes:
        newest: the newest copy; None: there is none that is signed.
        holders: the places that have its manifest.
        faults: what is wrong with manifests, and which place can't be asked.
    """

    newest: Found | None
    holders: tuple[str, ...]
    faults: tuple[Fault, ...]


async def manifests(stores: Sequence[Store], signer: str = "") -> Manifests:
    """Read all manifests of all places; needs no key.

    Args:
        stores: the places.
        signer: the public key that must have signed; empty: that of the newest manifest.
    """
    chains: dict[str, Chain] = {}
    faults: list[Fault] = []
    for store in stores:
        try:
            chains[store.name] = await _chain(store)
        except PlaceFailed as error:
            faults.append(Fault(store.name, error.why))
    top = _top(chains, signer)
    if top is None:
        faults.append(Fault(EVERYWHERE, "there is no copy that is signed"))
        return Manifests(None, (), tuple(faults))
    faults += _of_chains(chains, top, signer or top.manifest.key)
    mark = top.manifest.mark
    holders = (name for name, chain in chains.items() if chain.get(mark) is not None)
    return Manifests(top, tuple(holders), tuple(faults))


async def _chain(store: Store) -> Chain:
    found: Chain = {}
    for mark in await marks(store):
        stored = await store.read(manifest_key(mark))
        found[mark] = None if stored is None else read(stored.content, mark)
    return found


def _top(chains: dict[str, Chain], signer: str) -> Found | None:
    good = [
        found
        for chain in chains.values()
        for found in chain.values()
        if found is not None and signer in {"", found.manifest.key}
    ]
    return max(good, key=lambda found: found.manifest.mark, default=None)


def _of_chains(chains: dict[str, Chain], top: Found, signer: str) -> list[Fault]:
    """What is wrong with the manifests."""
    known = {found.hash for chain in chains.values() for found in chain.values() if found}
    oldest = min(mark for chain in chains.values() for mark in chain)
    faults = []
    for place, chain in chains.items():
        for mark, found in sorted(chain.items()):
            if found is None:
                faults.append(Fault(place, f"manifest {shown(mark)} is damaged, or not signed"))
            elif found.manifest.key != signer:
                faults.append(Fault(place, f"manifest {shown(mark)} is signed by another key"))
            elif mark != oldest and found.manifest.previous not in known:
                faults.append(Fault(place, f"what manifest {shown(mark)} follows is gone"))
        own = [mark for mark, found in chain.items() if found and found.manifest.key == signer]
        last = max(own, default="")
        if last != top.manifest.mark:
            here = f"here it is {shown(last)}" if last else "here is none"
            faults.append(Fault(place, f"the newest copy is {shown(top.manifest.mark)}, {here}"))
        elif (found := chain[last]) is not None and found.hash != top.hash:
            faults.append(Fault(place, f"manifest {shown(last)} is another one than elsewhere"))
    return faults


async def names_of(stores: Sequence[Store], top: Found) -> list[str]:
    """The names of all pieces of a copy, each once.

    Raises:
        ArkError: the index can't be had, or names others than the manifest has counted.
    """
    names = await index(stores, top.manifest)
    if len(names) != top.manifest.pieces:
        counted = top.manifest.pieces
        raise ArkError(f"the index names {len(names)} pieces, the manifest has counted {counted}")
    return list(dict.fromkeys([*top.manifest.listing, *top.manifest.index, *names]))


async def read_back(store: Store, names: Sequence[str]) -> AsyncIterator[Fault | Read]:
    """Read pieces from a place, some at a time, and hash them."""

    async def one(name: str) -> Fault | int:
        called = f"piece {name[:16]}…"
        try:
            stored = await store.read(piece_key(name))
        except PlaceFailed as error:
            return Fault(store.name, f"{called}: {error.why}")
        if stored is None:
            return Fault(store.name, f"{called} is missing")
        if await asyncio.to_thread(name_of, stored.content) != name:
            return Fault(store.name, f"{called} is damaged")
        return len(stored.content)

    for at in range(0, len(names), AT_ONCE):
        found = await asyncio.gather(*map(one, names[at : at + AT_ONCE]))
        for fault in found:
            if isinstance(fault, Fault):
                yield fault
        sizes = [each for each in found if isinstance(each, int)]
        yield Read(len(sizes), sum(sizes))


async def _log(
    stores: Sequence[Store], point: LogPoint | None, signer: str
) -> AsyncIterator[Fault | Read]:
    """The log behind the newest copy, read back from each place by itself."""
    if point is None:
        return
    ends: dict[str, str] = {}
    for store in stores:
        ends[store.name] = point.after
        async for step in walk([store], point, signer):
            if isinstance(step, Hole):
                yield Fault(store.name, f"log: {step.what}")
            else:
                ends[store.name] = step.kept.record.mark
                yield Read(1, len(step.kept.sealed))
    last = max(ends.values(), default="")
    for place, end in ends.items():
        if end != last:
            here = f"here with {shown(end)}" if end else "here it has none"
            yield Fault(place, f"the log ends with record {shown(last)}, {here}")
