"""What the places hold: manifests and pieces, each checked before it is believed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.manifest import (
    MANIFESTS,
    PIECES,
    Entry,
    Found,
    Manifest,
    manifest_key,
    mark_at,
    piece_key,
    read,
)
from rostra.hosting.ark.seal import Damaged, Sealer, name_of
from rostra.hosting.places import reach
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_NAME_BYTES: Final = 32
_MOST: Final = 100_000  # manifests
_MOST_STRANGE: Final = 100  # that nobody has signed, or somebody else; of one place


class ArkError(Exception):
    """The ark can't be read; the text says what is missing or wrong."""


async def marks(store: Store) -> list[str]:
    """The marks of the manifests at a place, in order.

    Raises:
        PlaceFailed: it can't be asked.
    """
    found = await Listing(store, MANIFESTS, most=_MOST).all()
    return [mark for key in found if (mark := mark_at(key)) is not None]


async def manifest_at(store: Store, mark: str) -> Found | None:
    """The manifest of this mark at a place; None: none, or one that is not signed.

    Raises:
        PlaceFailed: it can't be asked.
    """
    stored = await store.read(manifest_key(mark))
    return None if stored is None else read(stored.content, mark)


async def newest(
    stores: Sequence[Store], signer: str = "", until: int | None = None
) -> Found | None:
    """The newest manifest that stands anywhere; a place that can't be asked is passed over.

    So is one whose newest manifests, very many of them, are none.

    Args:
        stores: the places.
        signer: the public key that must have signed it; empty: any.
        until: made no later than this; UTC ms.
    """

    async def of(store: Store) -> Found | None:
        strange = 0
        try:
            for mark in reversed(await marks(store)):
                found = await manifest_at(store, mark)
                if found is None or signer not in {"", found.manifest.key}:
                    strange += 1
                    if strange > _MOST_STRANGE:
                        return None
                elif until is None or found.manifest.made_at <= until:
                    return found
        except PlaceFailed:
            return None
        return None

    found = [each for each in await asyncio.gather(*map(of, stores)) if each is not None]
    return max(found, key=lambda each: each.manifest.mark, default=None)


def _as_it_is(content: bytes) -> bytes:
    return content


async def piece(
    stores: Sequence[Store], name: str, turned: Callable[[bytes], bytes] = _as_it_is
) -> bytes:
    """A piece from the first place that has it unharmed.

    Args:
        stores: the places.
        name: of the piece.
        turned: makes what is returned of it, in a thread; what it raises comes out of here.

    Raises:
        ArkError: none has.
    """

    def unharmed(content: bytes) -> bytes | None:
        return turned(content) if name_of(content) == name else None

    why = []
    for store in reach.likely_first(stores):
        try:
            stored = await store.read(piece_key(name))
        except PlaceFailed as error:
            reach.failed(store)
            why.append(f"{store.name}: {error.why}")
            continue
        if stored is None:
            why.append(f"{store.name}: it is missing")
            continue
        found = await asyncio.to_thread(unharmed, stored.content)
        if found is not None:
            return found
        why.append(f"{store.name}: it is damaged")
    raise ArkError(f"piece {name[:16]}… can't be had: {'; '.join(why)}")


async def index(stores: Sequence[Store], manifest: Manifest) -> list[str]:
    """The names of all pieces of a copy but those that the manifest names itself.

    Raises:
        ArkError: they can't be had.
    """
    names: list[str] = []
    for each in manifest.index:
        content = await piece(stores, each)
        names += [
            content[at : at + _NAME_BYTES].hex() for at in range(0, len(content), _NAME_BYTES)
        ]
    return names


def index_pieces(names: Sequence[str], size: int) -> list[bytes]:
    """The names of pieces as pieces of at most so many bytes."""
    whole = b"".join(map(bytes.fromhex, names))
    step = size // _NAME_BYTES * _NAME_BYTES
    return [whole[at : at + step] for at in range(0, len(whole), step)]


async def roots(
    stores: Sequence[Store], manifest: Manifest, sealer: Sealer
) -> dict[str, str] | None:
    """The hash of each table as it was copied; None: the copy has none.

    Raises:
        ArkError: they can't be had, or the key does not open them.
    """
    if not manifest.roots:
        return None
    try:
        content = sealer.open(await piece(stores, manifest.roots))
        return msgspec.json.decode(content, type=dict[str, str])
    except (Damaged, msgspec.MsgspecError) as error:
        raise ArkError(f"the roots of the tables can't be opened: {error}") from error


async def entries(
    stores: Sequence[Store], manifest: Manifest, sealer: Sealer
) -> AsyncIterator[Entry]:
    """The files of a copy; raises as `listings`."""
    async for page in listings(stores, manifest, sealer):
        for entry in page:
            yield entry


async def listings(
    stores: Sequence[Store], manifest: Manifest, sealer: Sealer
) -> AsyncIterator[list[Entry]]:
    """The files of a copy, some thousands at a time.

    Raises:
        ArkError: the listing can't be had, or the key does not open it.
    """
    decoder = msgspec.json.Decoder(list[Entry])
    for name in manifest.listing:
        try:
            yield decoder.decode(sealer.open(await piece(stores, name)))
        except (Damaged, msgspec.MsgspecError) as error:
            raise ArkError(f"the listing {name[:16]}… can't be opened: {error}") from error


async def listed(store: Store) -> set[str]:
    """The names of all pieces that a place lists.

    Raises:
        PlaceFailed: it can't be asked, or lists what can't be.
    """
    found: set[str] = set()
    listing = Listing(store, PIECES)
    while page := await listing.page():
        found |= {key.rpartition("/")[2] for key in page}
    return found
