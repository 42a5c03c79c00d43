"""The drill that goes on by itself: once a day, in a process of its own, behind everything else."""

import asyncio
import os
import sys
from typing import Final

import msgspec

from rostra.hosting.ark import jobs as ark
from rostra.hosting.drill.results import Last, last, remember
from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.edge import Services
from rostra.settings import Settings
from rostra.store.outbox import JobKind

LOCK: Final = "drill-lock"
WHY_BUSY: Final = "another drill goes on here at the moment"
BUSY: Final = 75
"""The status of `rostra drill` where another one goes on: nothing was found out (EX_TEMPFAIL)."""
_SLACK: Final = 30 * MINUTE  # a drill that is due within half an hour is begun now
_LONGEST_S: Final = 6 * 3_600.0
_GRACE_S: Final = 20.0  # to remove its directory
_BY_HAND_HOURS: Final = 24  # where copies are made by hand
_WORDS: Final = 300


class DrillDaily(msgspec.Struct, frozen=True):
    """Drill, if a drill is due."""


def oldest_of(settings: Settings) -> int:
    """How old the newest copy may be (ms): twice the time between two."""
    return 2 * (settings.hosting.copy_hours or _BY_HAND_HOURS) * HOUR


async def drill_daily(services: Services, _payload: DrillDaily) -> None:
    """Drill where one is due: there is a copy, and this installation may write.

    The drill keeps its own result. One that ends without a result is remembered as a red one.
    """
    settings = services.settings
    hosting, data_dir = settings.hosting, settings.data_dir
    ready = hosting.places and hosting.drill_hours and services.db.dialect == "sqlite"
    if not ready or services.write_gate.closing() is not None or not ark.last(data_dir).mark:
        return
    now, before = services.clock.now(), last(data_dir)
    if now - before.begun_at < hosting.drill_hours * HOUR - _SLACK:
        return
    services.egress.check("ark")
    status, words = await _in_a_process(settings)
    if status != BUSY and last(data_dir) == before:
        why = f"it ended without a result, status {status}: {words}"
        remember(data_dir, Last(begun_at=now, why=why))


async def _in_a_process(settings: Settings) -> tuple[int, str]:
    """Run `rostra drill` of the host; its status and its last words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "rostra.cli.main",
        "drill",
        "--gentle",
        "--data",
        str(settings.data_dir),
        env=_environ(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        raise
    words = told.decode(errors="replace").strip().rpartition("\n")[2]
    return process.returncode or 0, words[-_WORDS:]


def _environ(settings: Settings) -> dict[str, str]:
    """The environment, with what a drill goes by: the settings file may have had another name."""
    hosting = settings.hosting
    given = {
        "PLACES": hosting.places,
        "DRILL_FOLDER": hosting.drill_folder,
        "COPY_HOURS": hosting.copy_hours,
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper().removeprefix("ROSTRA_HOSTING").lstrip("_") not in given
    }
    told = {f"ROSTRA_HOSTING_{name}": str(v) for name, v in given.items() if v is not None}
    return {**kept, **told}


JOBS: Final = (
    JobKind("drill.daily", DrillDaily, drill_daily, every_ms=HOUR, timeout_s=_LONGEST_S),
)
