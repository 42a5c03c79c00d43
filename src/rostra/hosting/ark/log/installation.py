"""The shipper of an installation, put together from its settings."""

import logging
from pathlib import Path
from typing import Final

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import alone, copy_now, last, stores_of
from rostra.hosting.ark.keys import Keys, KeysError
from rostra.hosting.ark.log.ship import Bound, Here, Shipper
from rostra.hosting.ark.log.state import LogState
from rostra.network.edge import Services
from rostra.settings import Settings
from rostra.store.arrival import Arrival
from rostra.store.lease import FileLease, Lease, MachineTime
from rostra.store.sqlite import followed_mark

_log: Final = logging.getLogger(__name__)
_SQLITE: Final = "sqlite:///"
_MOMENT: Final = "elsewhere"
_ARRIVED: Final = "arrived"
_ASKED: Final = "asked"


def is_sent(settings: Settings) -> bool:
    """Whether the log of this installation is sent while it runs."""
    hosting = settings.hosting
    ready = hosting.places is not None and hosting.log_s
    return (
        bool(ready)
        and settings.database_url.startswith(_SQLITE)
        and ark_keys.are_there(settings.data_dir)
    )


def moment_of(settings: Settings) -> Lease | None:
    """What holds while the log gets to the places soon enough; None: nobody waits for that.

    Raises:
        OSError: it can't be read or made.
    """
    if not is_sent(settings):
        if settings.database_url.startswith(_SQLITE):
            # Nobody follows the log any more: whoever writes, writes back as well.
            followed_mark(_database(settings)).unlink(missing_ok=True)
            LogState(settings.data_dir).forget()
        return None
    return FileLease(settings.data_dir / "gates" / _MOMENT) if settings.hosting.lag_s else None


def arrival_of(settings: Settings) -> Arrival | None:
    """What tells up to when everything is elsewhere; None: nobody waits for that.

    Raises:
        OSError: it can't be read or made.
    """
    if not is_sent(settings) or not settings.hosting.wait_s:
        return None
    moment, asked = (FileLease(settings.data_dir / "gates" / name) for name in (_ARRIVED, _ASKED))
    return Arrival(moment, MachineTime(), settings.hosting.wait_s, asked)


def shipper_of(services: Services, moment: Lease | None, arrival: Arrival | None) -> Shipper | None:
    """What sends the log while the server runs, if it is sent.

    Args:
        services: of the installation.
        moment: what writers ask, see `moment_of`.
        arrival: what some of them wait for, see `arrival_of`.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
    """
    settings = services.settings
    if not is_sent(settings):
        return None
    data_dir, hosting = settings.data_dir, settings.hosting
    keys, stores = _keys(data_dir), stores_of(settings)
    if keys is None:
        return None
    names = [store.name for store in stores]

    async def copied() -> None:
        with alone(data_dir):
            await copy_now(services, keys, stores)

    def epoch() -> int | None:
        # Nothing leaves a copy that is mute, or one that has lost the fence.
        return None if services.egress.closing("ark") else services.write_gate.epoch()

    def may_begin() -> bool:
        return services.write_gate.stopped() is None

    here = Here(
        database=_database(settings),
        keys=keys,
        stores=tuple(stores),
        state=LogState(data_dir),
        clock=services.clock,
        every_s=hosting.log_s,
        epoch=epoch,
        may_begin=may_begin,
        based=lambda run: last(data_dir).carries(run, names),
        begun=lambda: bool(last(data_dir).mark),
        copy=copied,
        arrival=arrival,
        bound=None if moment is None else Bound(moment, MachineTime(), hosting.lag_s * 1_000),
    )
    return Shipper(here)


def _keys(data_dir: Path) -> Keys | None:
    """What the log is sealed and signed with; None: it can't be read, which is said.

    The site stays up, and is read-only for as long as writers wait for the log.
    """
    try:
        return ark_keys.kept(data_dir)
    except KeysError as error:
        _log.error("the log is not sent: %s", error)
        return None


def _database(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix(_SQLITE))
