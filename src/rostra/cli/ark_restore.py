"""`rostra ark restore`: a copy, and what was written after it, becomes a data directory."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from rostra.cli import ark_journal
from rostra.cli.ark_copies import Signer, mib, told_of, when
from rostra.cli.ark_media import bring_media
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.places import opened
from rostra.cli.progress import Progress
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.log.replay import Replayed
from rostra.hosting.ark.manifest import Entry, Found, shown, written
from rostra.hosting.ark.media.later import MEDIA, Later, LaterSieve, left_in, told_of_left
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import EVERYTHING, Only, Restored, Sieve, choose, opened_by
from rostra.hosting.ark.restore import restore as restore_to
from rostra.hosting.places.port import Store
from rostra.kernel.clock import SystemClock

MediaLater = Annotated[
    bool,
    Parameter(
        help="Leave media at the places for now: the server that is started here brings them,"
        " each at once when it is asked for.",
        negative=(),
    ),
]
Until = Annotated[
    str,
    Parameter(help="Leave out what was written later: a time as 2026-11-27T13:00:00+00:00."),
]
WithoutMedia = Annotated[
    bool,
    Parameter(help="Leave media where they are: in a store that the host did not hold."),
]


def restore(
    to: Annotated[Path, Parameter(help="The data directory to make; it must be empty.")],
    /,
    *,
    key: Annotated[
        str,
        Parameter(help="A file with a secret key of age (the paper key); -: standard input."),
    ] = "-",
    which: Annotated[
        str, Parameter(name="--copy", help="Which copy, as `4-17`; empty: the newest.")
    ] = "",
    until: Until = "",
    place: Annotated[
        tuple[str, ...], Parameter(help="Only from this place; may be given several times.")
    ] = (),
    without_media: WithoutMedia = False,
    media_later: MediaLater = False,
    signer: Signer = "",
    where: Where | None = None,
) -> None:
    """Make a data directory from a copy and the log behind it.

    Status 1 where the log has a hole: then it is what it was before that.

    What was deleted, revoked or blocked after the copy was made is so in it as well: the journal
    is replayed.
    It is mute: both gates are closed in it until somebody opens them (`rostra admin gate open`).
    """
    if without_media and media_later:
        stop("--without-media and --media-later can't both be")
    stores, mark = opened(settings_of(where), place), written(which) if which else ""
    if mark is None:
        stop(f"a copy is named as 4-17, not {which}")
    before, secret = _moment(until), _secret(key)

    async def work() -> Restored:
        found = await choose(stores, mark, signer, before)
        say(f"copy {told_of(found, SystemClock().now())}, signed by {found.manifest.key}")
        how = _How(before, without_media, Later(to) if media_later else None)
        return await _restore(stores, found, secret, to, how)

    replayed = _run(work(), to).replayed
    _elsewhere(to)
    _how_to_go_on(to, replayed)
    if replayed.hole:
        stop(f"NOT all of it is there: {replayed.hole}")


def _run(work: Coroutine[Any, Any, Restored], to: Path) -> Restored:
    """Do it; an error ends the program with its reason."""
    try:
        return asyncio.run(work)
    except (ArkError, KeysError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{to}: {error.strerror or error}")


async def _restore(
    stores: Sequence[Store],
    found: Found,
    secret: str,
    to: Path,
    how: "_How",
) -> Restored:
    """The copy, the log behind it, and the journal."""
    progress = Progress(found.manifest.content_bytes)
    until, later = how.until, how.later
    if later is not None:
        sieve: Sieve = LaterSieve(later, progress.add)
    else:
        sieve = Only(_no_media) if how.without_media else EVERYTHING
    made = await restore_to(
        stores,
        found,
        opened_by(found, secret),
        to,
        progress.add,
        until=until,
        sieve=sieve,
    )
    progress.end(f"{made.files:,} files, {mib(made.content_bytes)}")
    await ark_journal.replay_in(to, stores, secret, found.manifest, seen_at=made.replayed.made_at)
    if not how.without_media:
        own, made_at = opened_by(found, secret), found.manifest.made_at
        await bring_media(to, stores, own, made_at, until=until, later=later)
    if later is not None:
        later.close()
        say(f"{told_of_left(left_in(to))}: the server that is started here brings them")
    return made


class _How(msgspec.Struct, frozen=True):
    """What of a copy is wanted, as of when, and where media are noted that come later."""

    until: int | None
    without_media: bool
    later: Later | None


def _no_media(entry: Entry) -> bool:
    return entry.kind != MEDIA


def _secret(key: str) -> str:
    """What stands in the file of a key; -: standard input."""
    try:
        return sys.stdin.read() if key == "-" else Path(key).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{key} can't be read: {error}")


def _elsewhere(to: Path) -> None:
    """Say where media lie that were not restored to where the server looks for them."""
    lying, wanted = to / MEDIA, ark_journal.settings_in(to).media_folder
    if wanted is not None and wanted.absolute() != lying.absolute() and lying.exists():
        say(f"media are in {lying}, and `media.store` is {wanted}: move them there")


def _how_to_go_on(to: Path, replayed: Replayed) -> None:
    if replayed.records:
        records = f"{replayed.records:,} records up to {shown(replayed.last)}"
        say(f"log: {records}, of {when(replayed.made_at)}")
    say(f"{to} is restored, and mute: it accepts no writes and sends nothing.")
    say("To go on with it: claim the fence for it, take in what the old host still noted, and open")
    say("its gates:")
    say(f"  rostra fence claim --over --data {to}")
    say(f"  rostra ark replay --data {to}")
    say(f"  rostra admin gate open write --data {to}")
    say(f"  rostra admin gate open egress --data {to}")


def _moment(text: str) -> int | None:
    """A time as people write it, in UTC ms; None: none was given."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        stop(f"a time is written as 2026-11-27T13:00:00+00:00, not {text}")
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000)
