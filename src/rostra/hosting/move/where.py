"""Where the network is, as its hosts say it: signed, at the places, for whoever shows it to people.

A host that is away says nothing: that it is, follows from other signs.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from rostra.hosting import signed as envelope
from rostra.hosting.fence.votes import is_majority
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import together

FOLDER: Final = "where/v1"
_PURPOSE: Final = b"rostra where\n"
_DEADLINE_S: Final = 5.0
_PAGE: Final = 1_000


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where the network is.

    Attributes:
        state: `moving`: it is read-only, and on its way; `here`: it is where `host` is.
        host: what that host is called.
        to: where it is going, if it is.
        epoch: of the fence, by which this is said.
        at: UTC ms by the clock of the host.
    """

    state: Literal["here", "moving"]
    host: str
    to: str = ""
    epoch: int
    at: int


def where_key(where: Where) -> str:
    """Where it stands: what is said later is behind."""
    return f"{FOLDER}/{where.epoch:010d}-{where.at:015d}"


async def tell(stores: Sequence[Store], where: Where, private: bytes) -> list[str]:
    """Say it at every place that answers; their names.

    Args:
        stores: the places.
        where: the network is.
        private: the key of the ark.
    """
    content = envelope.signed(where, private, _PURPOSE)

    names = [store.name for store in stores]

    async def one(store: Store) -> str:
        await store.create(where_key(where), content)
        return store.name

    def enough(told: Sequence[str]) -> bool:
        """Most of them: writes are paused, and one that hangs is not waited for."""
        return is_majority(told, names)

    done = await together(stores, one, enough, deadline_s=_DEADLINE_S)
    return [name for name in done if isinstance(name, str)]


async def found(stores: Sequence[Store], public: str) -> Where | None:
    """What was said last, by the key of the ark (hexadecimal digits); None: nothing was."""

    async def of(store: Store) -> Where | None:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                return await _newest(store, public)
        except (PlaceFailed, TimeoutError):
            return None

    said = [each for each in await asyncio.gather(*map(of, stores)) if each is not None]
    return max(said, key=lambda each: (each.epoch, each.at), default=None)


async def _newest(store: Store, public: str) -> Where | None:
    keys: list[str] = []
    while page := await store.keys(FOLDER, after=keys[-1] if keys else "", limit=_PAGE):
        keys += page
    for key in reversed(keys):
        stored = await store.read(key)
        said = None if stored is None else envelope.read_by(stored.content, Where, _PURPOSE, public)
        if said is not None and where_key(said) == key:
            return said
    return None
