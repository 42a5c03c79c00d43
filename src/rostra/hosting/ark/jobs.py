"""Copies that are made by themselves, and what is known of the last one."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Copied, Source, copy
from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.log.lines import enough_of
from rostra.hosting.ark.media.send import none_is_sent
from rostra.hosting.ark.prune import May, Stopped, prune
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.software import keep_software
from rostra.hosting.fence.installation import places_of
from rostra.hosting.journal.keep import recorder_of
from rostra.hosting.journal.prune import prune as prune_journal
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.hosting.takeout.weekly import keep_open_export
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.edge import Services
from rostra.settings import Settings
from rostra.store.outbox import JobKind

LAST: Final = "last.json"
LOCK: Final = "lock"
_EXPORT_LOCK: Final = "export-lock"
GIVING: Final = "giving.json"
"""A file beside the keys that tells of a move away from here, see `hosting/move`."""
_NOT_MOVING: Final = frozenset({"nothing", "given"})
_SLACK: Final = 30 * MINUTE  # a copy that is due within half an hour is made now
_LONGEST_S: Final = 12 * 3_600.0


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The last copy as this host knows of it.

    Attributes:
        mark: of the copy; empty: none was made.
        made_at: UTC ms.
        places: that hold it.
        failed: the others, and why.
        tried_at: when one was last begun; UTC ms.
        why: nothing was copied then; empty: it went well.
        run: of the log that goes on behind it; empty: none does.
        earlier: places that hold an earlier copy, behind which the same run goes on.
        stays: what could not be removed when old copies were, and why.
        pruned_at: when that was; UTC ms. Copies that the log asks for are made at other times.
    """

    mark: str = ""
    made_at: int = 0
    places: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    tried_at: int = 0
    why: str = ""
    run: str = ""
    earlier: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    pruned_at: int = 0

    def carries(self, run: str, places: Collection[str]) -> bool:
        """Whether so many places hold a copy that a run goes on behind as must have each record.

        With fewer, what the log has brought to enough places is worth nothing once the places
        with the copy are lost.

        Args:
            run: of the log.
            places: the names of all that there are now.
        """
        hold = {*self.places, *self.earlier} & set(places)
        return self.run == run and len(hold) >= enough_of(len(places))


class _Stage(msgspec.Struct, frozen=True):
    stage: str = "nothing"


class CopyAll(msgspec.Struct, frozen=True):
    """Make a copy, if one is due."""


def last(data_dir: Path) -> Last:
    """What is known of the last copy."""
    try:
        return msgspec.json.decode((data_dir / ark_keys.FOLDER / LAST).read_bytes(), type=Last)
    except (OSError, msgspec.MsgspecError):
        return Last()


def remember(data_dir: Path, known: Last) -> None:
    """Keep what is known of the last copy."""
    path = data_dir / ark_keys.FOLDER / LAST
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(known))
    new.replace(path)


class Busy(ArkError):
    """Somebody else is at it here."""


@contextlib.contextmanager
def alone(
    data_dir: Path,
    lock: str = LOCK,
    why: str = "another process makes or removes copies here at the moment",
) -> Iterator[None]:
    """Copy and remove one at a time: what is being sent belongs to no copy yet.

    Args:
        data_dir: of the host.
        lock: the file whose lock is held, another one for other work.
        why: what whoever comes second is told.

    Raises:
        Busy: another process of this host does it now.
    """
    folder = data_dir / ark_keys.FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(why) from error
        yield
    finally:
        os.close(descriptor)


def stores_of(settings: Settings) -> list[Store]:
    """The places of an installation.

    Raises:
        PlacesError: their file can't be used.
        PlaceFailed: one of them is no store.
    """
    return [open_place(place) for place in places_of(settings)]


async def source_of(services: Services, epoch: int) -> Source:
    """What is copied of an installation, once its journal is at the places.

    Raises:
        ArkError: no place has taken the journal.
    """
    recorder = recorder_of(services)
    settings = services.settings
    return Source(
        data_dir=settings.data_dir,
        database=Path(settings.database_url.removeprefix("sqlite:///")),
        blobs=services.blobs,
        domain=settings.domain,
        clock=services.clock,
        epoch=epoch,
        journal=await recorder.now() if recorder else 0,
    )


def remembered(copied: Copied, tried_at: int, before: Last) -> Last:
    """What is to be known of a copy, after what was known before it."""
    run = copied.manifest.log.run if copied.manifest.log is not None else ""
    # A place keeps its newest copy: it holds one of this run also where it has missed the last.
    same = {*before.places, *before.earlier} if run == before.run else set()
    return Last(
        mark=copied.manifest.mark,
        made_at=copied.manifest.made_at,
        places=copied.places,
        failed=copied.failed,
        tried_at=tried_at,
        run=run,
        earlier=tuple(sorted(same - set(copied.places))),
        stays=before.stays,
        pruned_at=before.pruned_at,
    )


async def copy_all(services: Services, _payload: CopyAll) -> None:
    """Make a copy where one is due, and remove those that are too old.

    Nothing happens where there are no keys or places, on PostgreSQL, and where this installation
    may not write: a copy must not make copies.

    Raises:
        KeysError: there are keys, and they can't be read.
        ArkError: no place has taken all of it.
        OSError: something here can't be read or written.
    """
    settings = services.settings
    hosting, data_dir = settings.hosting, settings.data_dir
    ready = hosting.places and hosting.copy_hours and services.db.dialect == "sqlite"
    if not ready or services.write_gate.stopped() is not None:
        return
    now, known = services.clock.now(), last(data_dir)
    try:
        keys = ark_keys.kept(data_dir)
    except ark_keys.NoKeys:
        return
    except ark_keys.KeysError as error:
        _in_vain(data_dir, now, str(error))
        raise
    every = hosting.copy_hours * HOUR - _SLACK
    is_due, is_old = now - known.made_at >= every, now - known.pruned_at >= every
    if not (is_due or is_old):
        return
    services.egress.check("ark")
    stores = stores_of(settings)
    try:
        # Not where a copy is waited for, as by the log and by a move: this takes its time. So it
        # does not keep them from making theirs either.
        with contextlib.suppress(Busy), alone(data_dir, _EXPORT_LOCK, "an export is being made"):
            await keep_open_export(services)
            if hosting.software:
                await asyncio.to_thread(keep_software, data_dir)
        with alone(data_dir):
            failed = await _copied(services, keys, stores) if is_due else None
            # Also where no copy could be made: a place may have no room for one.
            await prune_here(services, keys, stores, now)
    except Busy:
        return
    if failed is not None:
        raise failed


async def _copied(services: Services, keys: Keys, stores: Sequence[Store]) -> Exception | None:
    """Make a copy; what kept it from being made, which is kept as well."""
    now = services.clock.now()
    try:
        await copy_now(services, keys, stores)
    except (ArkError, OSError) as error:
        _in_vain(services.settings.data_dir, now, str(error))
        return error
    return None


def _in_vain(data_dir: Path, now: int, why: str) -> None:
    """Keep that the last try came to nothing, and why."""
    remember(data_dir, msgspec.structs.replace(last(data_dir), tried_at=now, why=why))


def is_moving(data_dir: Path) -> bool:
    """Whether a move away from here is under way: what it sends belongs to no copy yet."""
    try:
        kept = (data_dir / ark_keys.FOLDER / GIVING).read_bytes()
        return msgspec.json.decode(kept, type=_Stage).stage not in _NOT_MOVING
    except (OSError, msgspec.MsgspecError):
        return False


def may_remove(services: Services) -> May:
    """What tells, each time it is asked, whether this installation may remove anything elsewhere.

    Not without the fence, as another host may be sending its first copy, and not during a move.
    """

    def may() -> bool:
        return services.write_gate.stopped() is None and not is_moving(services.settings.data_dir)

    return may


async def copy_now(services: Services, keys: Keys, stores: Sequence[Store]) -> None:
    """Make a copy. The caller is `alone`.

    Raises:
        ArkError: no place has taken all of it.
    """
    now = services.clock.now()
    source = await source_of(services, services.write_gate.epoch())
    copied = await copy(source, keys, stores)
    data_dir = services.settings.data_dir
    remember(data_dir, remembered(copied, now, last(data_dir)))


async def prune_here(
    services: Services, keys: Keys, stores: Sequence[Store], now: int
) -> list[str]:
    """Remove what is older than `hosting.keep_days`; what went wrong, which is kept as well.

    The caller is `alone`.

    Raises:
        ArkError: media are being sent for very long; nothing is removed then.
    """
    settings = services.settings
    before = now - settings.hosting.keep_days * DAY
    async with none_is_sent(settings.data_dir):
        faults = await prune_all(stores, before, keys.public, may_remove(services))
    known = last(settings.data_dir)
    remember(settings.data_dir, msgspec.structs.replace(known, stays=tuple(faults), pruned_at=now))
    return faults


async def prune_all(stores: Sequence[Store], before: int, signer: str, may: May) -> list[str]:
    """Remove the copies made before a time (UTC ms) everywhere; what went wrong, by place.

    The parts of the journal that are older than all that stays go as well.

    Args:
        stores: the places.
        before: UTC ms.
        signer: the public key of the ark.
        may: see `may_remove`; nothing more is removed from the moment on that it says no.
    """
    faults: list[str] = []
    for store in stores:
        try:
            await prune(store, before, signer, may)
        except Stopped as error:
            return [*faults, str(error)]
        except (PlaceFailed, ArkError) as error:
            faults.append(f"{store.name}: {error}")
    try:
        # Also where a place keeps a copy that is too old: what that one needs stays.
        await prune_journal(stores, signer, may)
    except (PlaceFailed, Stopped) as error:
        faults.append(f"journal: {error}")
    return faults


JOBS: Final = (JobKind("ark.copy", CopyAll, copy_all, every_ms=HOUR, timeout_s=_LONGEST_S),)
