"""The end of a move: the database is made ready for this program.

Loaded beside the move, while something is waited for: it brings along the whole application.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rostra.cli import ark_journal
from rostra.cli.ark_media import bring_media
from rostra.cli.common import say
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.media.later import Later
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import choose
from rostra.hosting.journal.replay import Opener
from rostra.hosting.move.absent import absent_media
from rostra.hosting.move.state import Taking
from rostra.hosting.places.port import Store
from rostra.store.migrate import migrate
from rostra.store.schema import HEAD, current_revision

ABSENT: Final = "missing-media.txt"


async def finish(to: Path, stores: Sequence[Store], now: Taking) -> None:
    """Bring the database to the schema of this program; after force, replay the journal.

    Raises:
        ArkError: the journal can't be had, or the settings that came along can't be used.
        KeysError: the keys that came along can't be read.
    """
    settings = ark_journal.settings_in(to)
    if not now.forced:
        if await current_revision(settings.database_url) != HEAD:
            await migrate(settings.database_url)
        return
    own = ark_keys.kept(to)
    opener, epoch = Opener(data_key=own.data_key), int(now.copy.partition("-")[0])
    ark_journal.tell(
        await ark_journal.replay_on(
            settings, stores, opener, own.public, epoch=epoch, seen_at=now.applied_at
        )
    )
    if settings.media_folder is not None:
        made_at = await _made_at(stores, now)
        later = Later(to)
        try:
            await bring_media(to, stores, own.opened, made_at, later=later)
        finally:
            later.close()
        _tell_absent(to)


async def _made_at(stores: Sequence[Store], now: Taking) -> int:
    """When the copy was made that came; UTC ms. 0, where it is not at the places any more."""
    try:
        return (await choose(stores, now.copy, now.signer)).manifest.made_at
    except ArkError:
        return 0


def _tell_absent(to: Path) -> None:
    """Say which media are lost: they came after the newest copy."""
    absent, told = absent_media(to), to / ark_keys.FOLDER / ABSENT
    if absent:
        told.write_text("".join(f"{key}\n" for key in absent), encoding="utf-8")
        say(f"{len(absent):,} files of media are lost, their posts are not: see {told}")
