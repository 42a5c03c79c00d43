"""Media that came after a copy, brought to a directory that was made of it."""

from collections.abc import Sequence
from pathlib import Path

from rostra.cli.common import say
from rostra.cli.progress import Progress
from rostra.hosting.ark.keys import Opened
from rostra.hosting.ark.media.bring import bring, later_media
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.places.port import Store
from rostra.store.named_media import every_named


async def bring_media(
    to: Path, stores: Sequence[Store], opened: Opened, made_at: int, *, until: int | None = None
) -> None:
    """Bring the media of a directory up to date, and say what came, went, and can't be had.

    Args:
        to: the data directory.
        stores: the places.
        opened: the keys of the ark.
        made_at: when the copy was made; UTC ms.
        until: leave out what came later; UTC ms.

    Raises:
        ArkError: no place answers, or what one tells does not open.
        OSError: it can't be written.
    """
    sealer = Sealer(opened.data)
    told = await later_media(stores, sealer, opened.signer, made_at, until)
    if not told:
        return
    progress = Progress(sum(entry.size for entry in told.values() if entry is not None))
    done = await bring(
        stores, told, sealer, to, named=every_named(to / DATABASE), tell=progress.add
    )
    say(f"media: {done.came:,} files came after the copy, {done.went:,} were deleted since")
    if done.lacking:
        say(f"media: {len(done.lacking):,} files can't be had from any place")
