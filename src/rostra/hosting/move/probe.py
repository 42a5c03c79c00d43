"""Whether this machine can take the network, asked before anything is fetched or said."""

import shutil

from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import choose, opened_by
from rostra.hosting.fence.votes import is_majority
from rostra.hosting.move.state import is_taking
from rostra.hosting.move.target import MoveError, There
from rostra.hosting.places.model import PlaceFailed
from rostra.store.lease import MachineTime, MemoryLease
from rostra.store.schema import HEAD

_MIB = 1 << 20
_SPARE = 512 * _MIB  # bytes that stay free
_OFF_MS = 60_000


async def probe(there: There, signer: str) -> list[str]:
    """Look at the copy, the key, the disk, the clock and the places; what was found, in sentences.

    Raises:
        MoveError: the network can't be taken here; why.
        ArkError: no place has a copy.
        KeysError: the key does not open it.
    """
    found = await choose(there.stores, signer=signer)
    manifest = found.manifest
    if opened_by(found, there.secret).signer != manifest.key:
        raise ArkError("the copy is forged: it is not signed by the key that belongs to it")
    if manifest.log is None:
        raise MoveError("no log is sent behind the newest copy: what is written since is not there")
    if manifest.schema > HEAD:
        raise MoveError(
            f"the copy has schema {manifest.schema}, this program {HEAD}: use a newer one"
        )
    folder = next(path for path in (there.to, *there.to.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    short = free < manifest.content_bytes + _SPARE and not is_taking(there.to)
    if short and there.media_first:
        need = (manifest.content_bytes + _SPARE) // _MIB
        raise MoveError(f"{folder} has {free // _MIB:,} MiB free, and {need:,} MiB are needed")
    size = f"{manifest.content_bytes / _MIB:,.1f} MiB of {manifest.domain}"
    told = [f"probe: {size}, made by {manifest.software}; {free // _MIB:,} MiB are free here"]
    if short:
        told.append(
            "probe: not all media will find room here: the disk is to grow, or to be another"
        )
    told += await _answers(there)
    off = manifest.made_at - there.clock.now()
    if off > _OFF_MS:
        raise MoveError(f"the clock here is {off // 1000} s behind the one of the old host")
    return told


async def _answers(there: There) -> list[str]:
    """Who holds the fence, and which places do not answer."""
    fence = there.fence(MemoryLease(MachineTime()), lambda: "")
    shown = {each.place for each in await fence.look()}
    if not is_majority(shown, fence.names):
        raise MoveError(f"too few places answer: only {', '.join(sorted(shown)) or 'none'}")
    silent = [name for name in fence.names if name not in shown]
    for store in there.stores:
        try:
            await store.keys("ark/v1/manifest", limit=1)
        except PlaceFailed as error:
            silent.append(f"{store.name} ({error.why})")
    return [f"probe: no answer from {', '.join(silent)}"] if silent else []
