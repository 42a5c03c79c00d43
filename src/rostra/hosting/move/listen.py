"""Whether a place shows that somebody asks for this network."""

import asyncio
from collections.abc import Collection
from typing import Final

import msgspec

from rostra.hosting.fence.records import Claim
from rostra.hosting.move.letters import (
    FOLDER,
    Request,
    Side,
    first_of,
    letter_key,
    move_begun,
    read,
)
from rostra.hosting.places import reach
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_PAGE: Final = 1_000
_PAGES: Final = 50
_DEADLINE_S: Final = 5.0


class Asked(msgspec.Struct, frozen=True):
    """Somebody asks for it, in a move of this name."""

    move: str
    request: Request


async def asked_at(store: Store, claim: Claim, public: str, known: Collection[str]) -> Asked | None:
    """A move away from the holder of a claim that a place shows; None: none, or it can't be asked.

    Args:
        store: the place.
        claim: that is held here.
        public: the key that must have signed; hexadecimal digits.
        known: the moves that are known already.
    """
    try:
        async with asyncio.timeout(_DEADLINE_S):
            return await _asked(store, claim, public, known)
    except (PlaceFailed, TimeoutError):
        reach.failed(store)
        return None


async def _asked(store: Store, claim: Claim, public: str, known: Collection[str]) -> Asked | None:
    after = first_of(claim.epoch)
    for _ in range(_PAGES):
        page = await store.keys(FOLDER, after=after, limit=_PAGE)
        for move in filter(None, map(move_begun, page)):
            stored = None if move in known else await store.read(letter_key(move, Side.NEW, 1))
            said = stored and read(stored.content, move, Side.NEW, 1, public)
            if isinstance(said, Request) and _fits(said, claim):
                return Asked(move, said)
        if len(page) < _PAGE:
            return None
        after = page[-1]
    return None


def _fits(request: Request, claim: Claim) -> bool:
    return (request.epoch, request.nonce) == (claim.epoch, claim.nonce)
