"""The journal of the ark: replayed on a copy that was restored, before anybody opens it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from rostra.app import Ports, build
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.places import opened
from rostra.hosting.ark import keys
from rostra.hosting.ark.manifest import Manifest
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.journal.replay import Opener, Replayed
from rostra.hosting.journal.restored import replay_here
from rostra.hosting.places.port import Store
from rostra.settings import Hosting, Settings, SettingsError, load
from rostra.store.gates import EgressGate, MemoryGate, WriteGate, memory_gates
from rostra.store.migrate import migrate
from rostra.store.schema import HEAD, current_revision


def replay(*, where: Where | None = None) -> None:
    """Replay on a restored copy what was deleted, revoked or blocked since.

    `rostra ark restore` does it by itself. Do it once more when the copy has claimed the fence and
    before its gates are opened: until then the old host may have gone on.
    """
    settings = settings_of(where)
    stores = opened(settings)
    try:
        own = keys.kept(settings.data_dir)
        done = asyncio.run(replay_on(settings, stores, Opener(data_key=own.data_key), own.public))
    except (ArkError, keys.KeysError) as error:
        stop(str(error))
    tell(done)


def settings_in(data_dir: Path) -> Settings:
    """The settings of a directory that was restored, with its database in it.

    Raises:
        ArkError: they can't be used.
    """
    try:
        settings = load(data=data_dir)
    except SettingsError as error:
        raise ArkError(f"the settings in {data_dir} can't be used: {error}") from error
    url = f"sqlite:///{data_dir / DATABASE}"
    return structs.replace(settings, database=structs.replace(settings.database, url=url))


async def replay_in(
    data_dir: Path, stores: Sequence[Store], secret: str, manifest: Manifest, *, seen_at: int
) -> None:
    """Replay the journal on what was just restored, and say what it was.

    Args:
        data_dir: of the copy.
        stores: the places.
        secret: lines with secret keys of age, one of which opens the ark.
        manifest: the copy.
        seen_at: UTC ms of the newest sign of the old host beside its copies and its journal.

    Raises:
        ArkError: the journal can't be had; the copy must not be gone on with then.
        KeysError: no key opens it.
    """
    try:
        settings, opener = settings_in(data_dir), Opener(secret)
        tell(
            await replay_on(
                settings, stores, opener, manifest.key, epoch=manifest.epoch, seen_at=seen_at
            )
        )
    except ArkError as error:
        must_not = f"{data_dir} is restored without it: what was deleted since is in it"
        raise ArkError(f"{error}\n  {must_not}") from error


async def replay_on(
    settings: Settings,
    stores: Sequence[Store],
    opener: Opener,
    signer: str,
    *,
    epoch: int | None = None,
    seen_at: int = 0,
) -> Replayed:
    """Replay the journal on a mute copy, brought to the schema of this program first.

    Args:
        settings: of the copy.
        stores: the places.
        opener: opens the journal.
        signer: the public key of the ark.
        epoch: by which the copy was made; None: the journal was replayed on it before.
        seen_at: UTC ms of the newest sign of the old host beside its copies and its journal.

    Raises:
        ArkError: the copy is not mute, or the journal can't be had.
        KeysError: no key opens the journal.
    """
    if await current_revision(settings.database_url) != HEAD:
        await migrate(settings.database_url)
    # It writes past the gates of the copy, which are closed, and nothing that it does gets out.
    silent: EgressGate = memory_gates()[1]
    silent.close("a copy is being restored")
    ports = Ports(gates=(WriteGate(MemoryGate()), silent), alone=True)
    app = build(structs.replace(settings, hosting=Hosting()), ports)
    try:
        return await replay_here(app.services, stores, opener, signer, epoch=epoch, seen_at=seen_at)
    finally:
        await app.close()


def tell(done: Replayed) -> None:
    """Say what was replayed."""
    if done.notes:
        until = datetime.fromtimestamp(done.until / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        say(f"{done.notes:,} entries of the journal were replayed, the last sent {until}")
    else:
        say("the journal has nothing newer than the copy")
    for sentence in done.strange:
        say(sentence)
    if done.aside:
        say(f"{done.aside:,} entries stand in a branch that nobody went on with: left out")
