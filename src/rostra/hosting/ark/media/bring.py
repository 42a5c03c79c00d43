"""Media that came after a copy are brought to where it was restored, and those that went go."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.media.later import MEDIA, Later
from rostra.hosting.ark.media.read import records_since
from rostra.hosting.ark.media.record import opened
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import path_of, write
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.places.port import Store

_OF_SITE: Final = "site/"  # named in the settings of the place, not in a column
Tell = Callable[[int, str], None]


class Brought(msgspec.Struct, frozen=True):
    """What became of it.

    Attributes:
        came: files that were not there.
        went: files that were deleted since the copy.
        lacking: keys of which a piece can't be had from any place.
    """

    came: int = 0
    went: int = 0
    lacking: tuple[str, ...] = ()


async def later_media(
    stores: Sequence[Store], sealer: Sealer, signer: str, made_at: int, until: int | None = None
) -> dict[str, Entry | None]:
    """What was last told of each medium since a copy was made; None: it went.

    Args:
        stores: the places.
        sealer: opens.
        signer: the public key of the ark.
        made_at: when the copy was; UTC ms.
        until: of what came later nothing is told; UTC ms. What went has gone.

    Raises:
        ArkError: no place answers, or a record does not open.
    """
    told: dict[str, Entry | None] = {}
    for record in await records_since(stores, signer, made_at):
        delta = opened(record, sealer)
        if until is None or record.at <= until:
            told |= {entry.path: entry for entry in delta.added}
        told |= dict.fromkeys(delta.removed)
    return told


async def bring(
    stores: Sequence[Store],
    told: dict[str, Entry | None],
    sealer: Sealer,
    to: Path,
    *,
    named: Collection[str],
    tell: Tell,
    later: Later | None = None,
) -> Brought:
    """Bring the media of a directory up to date. Done twice it changes nothing more.

    Args:
        stores: the places to read from.
        told: see `later_media`.
        sealer: opens.
        to: the data directory.
        named: keys that its database names: what an older database still shows stays.
        tell: is called with bytes that were written since the last call, and what comes next.
        later: notes what came, instead of its being written now.

    Raises:
        OSError: it can't be written.
    """
    came = went = 0
    lacking = []
    for key, entry in told.items():
        path = path_of(to, Entry(MEDIA, key, 0, ()))
        if entry is None:
            if key not in named and not key.startswith(_OF_SITE):
                went += _removed(path, key, later)
            continue
        if later is not None and later.add(entry):
            came += 1
            continue
        if path.exists() and path.stat().st_size == entry.size:
            continue
        try:
            await _fetched(stores, sealer, entry, path, tell)
            came += 1
        except ArkError:
            lacking.append(key)
    if later is not None:
        later.flush()
    return Brought(came, went, tuple(lacking))


def _removed(path: Path, key: str, later: Later | None) -> bool:
    """Remove a medium, here or awaited; whether it was there."""
    awaited = later is not None and bool(later.keys((key,)))
    if later is not None:
        later.remove((key,))
    here = path.exists()
    path.unlink(missing_ok=True)
    return here or awaited


async def _fetched(
    stores: Sequence[Store], sealer: Sealer, entry: Entry, path: Path, tell: Tell
) -> None:
    """Write a file beside the others, and give it its name when it is whole."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        await write(stores, sealer, entry, new, tell)
    except ArkError:
        new.unlink(missing_ok=True)
        raise
    new.replace(path)
