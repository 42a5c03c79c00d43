"""What the operator tells members while their network is not where it should be: short, signed."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from rostra.hosting import signed as envelope
from rostra.hosting.lifeboat.model import FOLDER, LARGEST_RECORD
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

NOTICES: Final = f"{FOLDER}/notice"
LONGEST: Final = 1_000
"""Characters of a notice."""
SHOWN: Final = 5
_PURPOSE: Final = b"rostra lifeboat notice\n"
_DIGITS: Final = 15


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice.

    Attributes:
        at: when it was written; UTC ms.
        text: plain, lines as they were written; empty: all before it are taken down.
        key: the public key that has signed it; hexadecimal digits.
    """

    at: int
    text: str
    key: str


def notice_key(at: int) -> str:
    """Where a notice stands; later ones come behind."""
    return f"{NOTICES}/{at:0{_DIGITS}d}.json"


def signed(notice: Notice, private: bytes) -> bytes:
    """A notice as it stands at the places."""
    return envelope.signed(notice, private, _PURPOSE)


def read(content: bytes, signers: Sequence[str]) -> Notice | None:
    """The notice in an object; None: it is none, or was signed by none of these keys."""
    found = envelope.read(content, Notice, _PURPOSE)
    if found is None or found.key not in signers:
        return None
    return msgspec.structs.replace(found, text=found.text[:LONGEST])


async def newest(store: Store, signers: Sequence[str]) -> list[Notice]:
    """The newest notices at a place, the newest first.

    Raises:
        PlaceFailed: it can't be asked.
    """
    found = []
    for key in reversed((await store.keys(NOTICES))[-4 * SHOWN :]):
        stored = await store.read(key)
        if stored is None or len(stored.content) > LARGEST_RECORD:
            continue
        notice = read(stored.content, signers)
        if notice is not None and key == notice_key(notice.at):
            found.append(notice)
        if len(found) == SHOWN or (notice is not None and not notice.text):
            break
    return found


def standing(found: Iterable[Notice]) -> tuple[Notice, ...]:
    """Those that are shown, the newest first: none from before all were taken down.

    A place that was away then, and still has them, brings none of them back.
    """
    shown: list[Notice] = []
    for notice in sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]:
        if not notice.text:
            break
        shown.append(notice)
    return tuple(shown)


async def store(stores: Sequence[Store], notice: Notice, private: bytes) -> dict[str, str]:
    """Store a notice everywhere; the places that have not got it, and why.

    One without a text takes all others down: it stays, and those before it are removed.
    """
    content, failed = signed(notice, private), {}
    own = notice_key(notice.at)
    for each in stores:
        try:
            await each.put(own, content)
            if not notice.text:
                for key in [key for key in await each.keys(NOTICES) if key < own]:
                    await each.delete(key)
        except PlaceFailed as error:
            failed[each.name] = error.why
    return failed
