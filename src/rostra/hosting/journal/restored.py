"""Replaying on a directory that was just restored, or that has waited since."""

from collections.abc import Sequence
from pathlib import Path

from rostra.hosting.ark.read import ArkError, newest
from rostra.hosting.journal import chain
from rostra.hosting.journal.chain import NOTHING, Known
from rostra.hosting.journal.replay import Opener, Replayed, replay
from rostra.hosting.journal.send import Spool
from rostra.hosting.places.port import Store
from rostra.network.edge import Services
from rostra.store.gates import file_gates


async def replay_here(
    services: Services,
    stores: Sequence[Store],
    opener: Opener,
    signer: str,
    *,
    epoch: int | None = None,
    seen_at: int = 0,
) -> Replayed:
    """Replay the journal on the copy that these services are of.

    Args:
        services: of the copy.
        stores: the places.
        opener: opens the journal.
        signer: the public key of the ark.
        epoch: by which the copy was made; None: the journal was replayed on it before.
        seen_at: UTC ms of the newest sign of the old host beside its copies and its journal.

    Raises:
        ArkError: its write gate is open, so somebody may be writing in it; or as `replay`.
        KeysError: no key opens the journal.
    """
    data_dir = services.settings.data_dir
    if not is_mute(data_dir):
        raise ArkError(f"{data_dir} accepts writes: the journal is replayed before that")
    top = await newest(stores, signer)
    known = Known(top.manifest.journal, top.manifest.epoch) if top else NOTHING
    seen_at = max(seen_at, top.manifest.made_at if top else 0)
    parts = Spool(data_dir).parts()
    if epoch is None and parts:
        epoch = parts[-1].part.epoch
    replayed = await replay(
        services, stores, opener, signer, epoch=epoch, known=known, seen_at=seen_at
    )
    last = await chain.newest(stores, signer)
    if last is not None:  # what is noted here from now on follows it
        Spool(data_dir).keep(last.part.mark, last.content)
    return replayed


def is_mute(data_dir: Path) -> bool:
    """Whether the write gate of a directory is closed."""
    return file_gates(data_dir)[0].closing() is not None
