"""`rostra ark`: places at other parties, and the copies there."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli import ark_copies, ark_journal, ark_media, ark_restore, ark_software
from rostra.cli.common import FAILED, Where, say, settings_of, stop
from rostra.cli.places import chosen
from rostra.hosting.fence.installation import places_of
from rostra.hosting.places.file import shared_parties
from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Marked
from rostra.hosting.places.probe import Report, probing
from rostra.kernel.clock import SystemClock

app = App(name="ark", help="Sealed copies at other parties: make, check, restore them.")
app.command(ark_copies.init)
app.command(ark_copies.copy)
app.command(ark_copies.status)
app.command(ark_copies.verify)
app.command(ark_restore.restore)
app.command(ark_copies.prune)
app.command(ark_journal.replay)
app.command(ark_software.software)
app.command(ark_media.fetch_media)


@app.command
def mark(
    names: Annotated[
        tuple[str, ...],
        Parameter(help="Which places.", negative=(), consume_multiple=True),
    ],
    /,
    *,
    where: Where | None = None,
) -> None:
    """Mark folders as places: once, when they are new and their disks are mounted.

    In a folder without the mark nothing is read or written: it may be a mount point whose disk is
    elsewhere. Buckets need none.
    """
    settings = settings_of(where)
    for place in chosen(settings, names):
        try:
            say(asyncio.run(_mark(place, settings.data_dir)))
        except PlaceFailed as error:
            stop(f"{place.name} was not marked: {error.why}")


async def _mark(place: Place, data_dir: Path) -> str:
    store = open_place(place)
    if not isinstance(store, Marked):
        return f"{place.name} is no folder and needs no mark"
    told = "is marked" if await store.mark() else "was marked before"
    near = isinstance(store, FolderStore) and _one_disk(Path(place.store), data_dir)
    return f"{place.name} {told}" + ("; note: it lies on the disk of the data" if near else "")


def _one_disk(folder: Path, data_dir: Path) -> bool:
    return data_dir.exists() and folder.stat().st_dev == data_dir.stat().st_dev


@app.command
def probe(
    names: Annotated[
        tuple[str, ...],
        Parameter(help="Which places; none: all of them.", negative=(), consume_multiple=True),
    ] = (),
    /,
    *,
    where: Where | None = None,
) -> None:
    """Try whether places do what they promise; a line for each thing that is tried.

    What is tried lies below `probe/` there and is removed again. Status 1 where a place can't be
    reached, or has a vote on who may write and must not have one.
    """
    settings = settings_of(where)
    places = chosen(settings, names)
    refused = asyncio.run(_probe_all(places))
    for sentence in shared_parties(places_of(settings), settings.hosting.party):
        say(f"note: {sentence}")
    if refused:
        raise SystemExit(FAILED)


async def _probe_all(places: list[Place]) -> list[str]:
    refused = []
    for place in places:
        say(f"{place.name} ({place.party})")
        try:
            report = await _probe(place)
        except PlaceFailed as error:
            say(f"  fail  store             {error.why}")
            refused.append(place.name)
            continue
        if not report.may_hold or (place.fence and not report.may_fence):
            refused.append(place.name)
        say(f"  {_verdict(place, report)}")
    return refused


async def _probe(place: Place) -> Report:
    checks = []
    async for check in probing(open_place(place), SystemClock()):
        checks.append(check)
        state = "ok" if check.passed else "fail" if check.needed else "note"
        say(f"  {state:<5} {check.name:<17} {check.words}")
    return Report(place.name, tuple(checks))


def _verdict(place: Place, report: Report) -> str:
    if report.may_fence:
        voting = "" if place.fence else " (it has no vote: `fence = false`)"
        return f"it may hold copies and vote on who writes{voting}"
    if report.may_hold:
        advice = "set `fence = false` for it" if place.fence else "as it is set"
        return f"it may hold copies, and must not vote on who writes: {advice}"
    return "it can't be used"
