"""The newest sign of life that stands at any place."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.hosting.lifeboat.model import HEAD, LARGEST_RECORD, Head, head_from
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_LONGEST_S: Final = 8.0


class Heads(msgspec.Struct, frozen=True):
    """What the places show.

    Attributes:
        head: the newest one; None: none shows any.
        silent: the places that did not answer, and why.
    """

    head: Head | None
    silent: dict[str, str]


async def heads(stores: Sequence[Store], signer: str, deadline_s: float = _LONGEST_S) -> Heads:
    """Ask all places at once."""

    async def of(store: Store) -> Head | str | None:
        try:
            async with asyncio.timeout(deadline_s):
                stored = await store.read(HEAD)
                if stored is None or len(stored.content) > LARGEST_RECORD:
                    return None
                return head_from(stored.content, signer)
        except PlaceFailed as error:
            return error.why
        except TimeoutError:
            return "it does not answer in time"
        except Exception as error:  # noqa: BLE001 (whatever it is, one place must not silence the others)
            return f"it can't be read: {error!r}"

    found = await asyncio.gather(*map(of, stores))
    shown = [each for each in found if isinstance(each, Head)]
    silent = {
        store.name: each for store, each in zip(stores, found, strict=True) if isinstance(each, str)
    }
    return Heads(max(shown, key=lambda head: head.place_in_time, default=None), silent)


async def newest_head(stores: Sequence[Store], signer: str) -> Head | None:
    """The newest head that this key has signed; None: there is none at those that answer."""
    return (await heads(stores, signer)).head
