"""The second format of the ark: an open export in the data directory, which each copy takes along.

As a file of that directory it is cut, sealed, signed for, read back and pruned as the rest of a
copy is; what has not changed since the copy before is not sent again. Should nobody be able to
read the database of a copy one day, this can be read by anybody who has the key.
"""

import os
from pathlib import Path
from typing import Final

import structlog

from rostra.hosting.takeout.open import export_open
from rostra.hosting.takeout.pack import sink
from rostra.kernel.clock import DAY, HOUR
from rostra.network.edge import Services

FILE: Final = "open.tar"
_NEW: Final = ".open.new.tar"  # what begins with a dot is in no copy
_log = structlog.get_logger("rostra.takeout")


def made_at(data_dir: Path) -> int:
    """UTC ms of the moment that the open export of an installation is of; 0: there is none."""
    try:
        return (data_dir / FILE).stat().st_mtime_ns // 1_000_000
    except FileNotFoundError:
        return 0


async def keep_open_export(services: Services) -> bool:
    """Make the open export anew where it is due, media only named: the copy has them.

    What fails is told and tried again with the next copy; it keeps none from being made.

    Returns:
        Whether it was made.
    """
    settings, now = services.settings, services.clock.now()
    data_dir, days = settings.data_dir, settings.hosting.open_days
    if not days:
        (data_dir / FILE).unlink(missing_ok=True)
        return False
    if now - made_at(data_dir) < days * DAY - HOUR:
        return False
    new = data_dir / _NEW
    try:
        # Of one that was killed: private posts, unsealed.
        new.unlink(missing_ok=True)
        with sink(new) as (taken, spool):
            await export_open(services, taken, spool, _silent, private=True, media=False)
        os.utime(new, ns=(now * 1_000_000, now * 1_000_000))
        new.replace(data_dir / FILE)
    except Exception as error:  # noqa: BLE001 (whatever it is: the copy is worth more than it)
        _log.warning("open_export_failed", reason=str(error) or type(error).__name__)
        return False
    return True


def _silent(_count: int, _what: str) -> None:
    """Nobody is told."""
