"""Media that are at the places and not here: those that came after a copy, and all of a move."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.places import opened as opened_places
from rostra.cli.progress import Progress
from rostra.hosting.ark.keys import KeysError, Opened
from rostra.hosting.ark.media.behind import bring_all
from rostra.hosting.ark.media.bring import bring, later_media
from rostra.hosting.ark.media.later import Later, left_in
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.places.port import Store
from rostra.store.named_media import every_named


def fetch_media(*, where: Where | None = None) -> None:
    """Bring all media here that a move has left at the places; a server does so by itself.

    Status 1 where some can't be had: run it again.
    """
    settings = settings_of(where)
    media = settings.media_folder
    try:
        left = left_in(settings.data_dir)
        if not left.count:
            say("all media are here")
            return
        if media is None:
            stop("`media.store` is at a provider: leave it out, fetch them, and copy them there")
        progress = Progress(left.size)
        stores = opened_places(settings)
        lacking = asyncio.run(bring_all(settings.data_dir, stores, progress.add, media))
    except KeysError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{settings.data_dir}: {error.strerror or error}")
    still = left_in(settings.data_dir).count
    progress.end(f"{left.count - still:,} media")
    for each in lacking.told:
        say(f"NOT here: {each}")
    if still:
        stop(f"{still:,} media can't be had from any place")


async def bring_media(
    to: Path,
    stores: Sequence[Store],
    opened: Opened,
    made_at: int,
    *,
    until: int | None = None,
    later: Later | None = None,
) -> None:
    """Bring the media of a directory up to date, and say what came, went, and can't be had.

    Args:
        to: the data directory.
        stores: the places.
        opened: the keys of the ark.
        made_at: when the copy was made; UTC ms.
        until: leave out what came later; UTC ms.
        later: notes what came, instead of its being fetched now.

    Raises:
        ArkError: no place answers, or what one tells does not open.
        OSError: it can't be written.
    """
    sealer = Sealer(opened.data)
    told = await later_media(stores, sealer, opened.signer, made_at, until)
    if not told:
        return
    progress = Progress(sum(entry.size for entry in told.values() if entry is not None))
    named = every_named(to / DATABASE)
    done = await bring(stores, told, sealer, to, named=named, tell=progress.add, later=later)
    say(f"media: {done.came:,} files came after the copy, {done.went:,} were deleted since")
    if done.lacking:
        say(f"media: {len(done.lacking):,} files can't be had from any place")
