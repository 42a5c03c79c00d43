"""`rostra drill`: is the newest copy a network that works, and how fast?"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rostra.cli.common import FAILED, Where, ended_from_outside, say, settings_of, stop
from rostra.cli.drill.walk import walk
from rostra.cli.places import chosen
from rostra.cli.progress import Progress
from rostra.hosting.ark import jobs as ark
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import Opened
from rostra.hosting.ark.manifest import Found, shown
from rostra.hosting.ark.restore import opened_by
from rostra.hosting.drill import results
from rostra.hosting.drill.drill import drill as do_drill
from rostra.hosting.drill.drill import swept
from rostra.hosting.drill.jobs import BUSY, LOCK, WHY_BUSY, oldest_of
from rostra.hosting.drill.model import Result, signed
from rostra.hosting.drill.order import Drilled, Order
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.kernel.clock import HOUR, SystemClock
from rostra.settings import Settings

_MIB = 1 << 20
_GENTLE = 19


@Parameter(name="*")
@dataclass(frozen=True)
class Choices:
    """The options of a drill."""

    without: Annotated[
        tuple[str, ...],
        Parameter(help="Do it without this place; may be given several times.", negative=()),
    ] = ()
    key: Annotated[
        Path | None,
        Parameter(
            help="A file with a secret key of age that is not the host's: the paper key. Only this "
            "proves that it opens the copies."
        ),
    ] = None
    signer: Annotated[
        str, Parameter(help="The public key of the ark, as `rostra ark init` printed it.")
    ] = ""
    members: Annotated[int, Parameter(help="How many members sign in.")] = 5
    whole: Annotated[
        bool,
        Parameter(help="Restore all media, and read every piece of each place.", negative=()),
    ] = False
    scratch: Annotated[
        Path | None,
        Parameter(help="Where the throw-away directory is made; it holds the network unsealed."),
    ] = None
    keep: Annotated[bool, Parameter(help="Leave the throw-away directory there.", negative=())] = (
        False
    )
    gentle: Annotated[
        bool, Parameter(help="With low priority, as the daily one runs.", negative=())
    ] = False


def drill(*, choices: Choices | None = None, where: Where | None = None) -> None:
    """Restore the newest copy into a throw-away directory, and see whether it is the network.

    Members sign in there and read their timelines, posts and media; tables and the ledger are
    compared with what was copied; every place is looked through. Nothing but the places is asked.
    Status 1 where anything is wrong, or could not be verified.
    """
    choices = choices or Choices()
    if choices.gentle:
        os.nice(_GENTLE)
    settings = settings_of(where)
    stores = _stores(settings, choices.without)
    order = _order(settings, choices)
    try:
        with ended_from_outside(FAILED), ark.alone(settings.data_dir, LOCK, WHY_BUSY):
            for folder in {settings.data_dir / ark_keys.FOLDER, order.folder}:
                swept(folder)
            order.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            good = asyncio.run(_drilled(settings, order, stores))
    except ark.Busy as error:
        sys.stderr.write(f"rostra: {error}\n")
        raise SystemExit(BUSY) from error
    except OSError as error:
        stop(f"{error.filename or settings.data_dir}: {error.strerror or error}")
    if not good:
        raise SystemExit(FAILED)


def _order(settings: Settings, choices: Choices) -> Order:
    """What is to be drilled; ends the program where no key is there."""
    own = _own_keys(settings, needed=choices.key is None)
    usual = settings.hosting.drill_folder or settings.data_dir / ark_keys.FOLDER
    return Order(
        folder=choices.scratch or usual,
        key=_opener(choices.key, own),
        key_kind="recipient" if choices.key else "host",
        private=own.signing_key if own else None,
        signer=choices.signer or (own.public if own else ""),
        left_out=choices.without,
        oldest=oldest_of(settings),
        made_here=ark.last(settings.data_dir).mark,
        members=max(1, choices.members),
        whole=choices.whole,
        keep=choices.keep,
    )


async def _drilled(settings: Settings, order: Order, stores: list[Store]) -> bool:
    """Drill, tell, keep the result here and at the places; whether all is well."""
    progress = Progress(0)
    done = await do_drill(order, stores, walk, SystemClock(), progress.add)
    progress.end("the drill is over")
    result = done.result
    _tell(done)
    to_keep = signed(result, done.private)
    failed = (
        await results.store(stores, to_keep, result.begun_at)
        if done.private
        else {store.name: "nobody could sign it" for store in stores}
    )
    for name, why in failed.items():
        say(f"{name}: the result is NOT there: {why}")
    stored = tuple(store.name for store in stores if store.name not in failed)
    known = results.Last(begun_at=result.begun_at, signed=to_keep, stored=stored, failed=failed)
    results.remember(settings.data_dir, known)
    say("green" if result.green and not failed else "RED")
    return result.green and not failed


def _tell(done: Drilled) -> None:
    """The result for people."""
    result = done.result
    for line in (*_measured(result), *_verified(result)):
        say(line)
    if done.data_dir is not None:
        say(f"kept, mute and unsealed: {done.data_dir}")


def _measured(result: Result) -> Iterator[str]:
    if result.copy:
        at = datetime.fromtimestamp(result.copy_made_at / 1_000, UTC)
        yield f"copy {shown(result.copy)} of {at:%Y-%m-%d %H:%M:%S} UTC, {result.domain}"
    if result.left_out:
        yield f"without {', '.join(result.left_out)}"
    yield f"opened with {_of_key(result)}"
    for stage, took in result.stages.items():
        yield f"  {stage:<8}{took / 1_000:8.2f} s"
    if result.copy:
        yield f"would have been lost, at most (RPO): {result.rpo / HOUR:.2f} h"
    if result.rto:
        yield f"first answer after (RTO): {result.rto / 1_000:.2f} s"
    yield f"restored: {result.restored_bytes / _MIB:,.1f} MiB"
    for name, count in result.read_bytes.items():
        yield f"read from {name}: {count / _MIB:,.1f} MiB"


def _verified(result: Result) -> Iterator[str]:
    if result.checked:
        counts = {name: count for name, count in result.checked.items() if name != "age"}
        yield "verified: " + ", ".join(f"{name} {count:,}" for name, count in counts.items())
    for note in result.notes:
        yield f"note: {note}"
    for fault in result.faults:
        yield f"{fault.place}: {fault.what}"


def _of_key(result: Result) -> str:
    if result.key == "host":
        return "the key of this host: that the paper key opens it is NOT shown (--key shows it)"
    return "a key that is not the host's"


def _opener(key: Path | None, own: ark_keys.Keys | None) -> Callable[[Found], Opened]:
    """What opens a copy; ends the program where nothing could."""
    if key is not None:
        try:
            secret = key.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            stop(f"{key} can't be read: {error}")
        return lambda found: opened_by(found, secret)
    if own is None:
        stop("there are no keys of an ark here: name a file with one (--key), or `rostra ark init`")
    return lambda _found: own.opened


def _own_keys(settings: Settings, *, needed: bool) -> ark_keys.Keys | None:
    """The keys of this host, if it has any; ends the program where they can't be read."""
    try:
        return ark_keys.kept(settings.data_dir)
    except ark_keys.NoKeys:
        return None
    except ark_keys.KeysError as error:
        if needed:
            stop(str(error))
        return None  # another key opens the copy; what was found is not signed then


def _stores(settings: Settings, without: tuple[str, ...]) -> list[Store]:
    """The places but those; ends the program where none is left."""
    chosen(settings, without)  # each of them is one
    left = [place for place in chosen(settings) if place.name not in without]
    if not left:
        stop("no place is left to restore from")
    try:
        return [open_place(place) for place in left]
    except PlaceFailed as error:
        stop(str(error))
