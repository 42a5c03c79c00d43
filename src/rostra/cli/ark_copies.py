"""`rostra ark`: make copies, look after them, and turn one into a server again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.operators import run
from rostra.cli.places import opened
from rostra.cli.progress import Progress
from rostra.hosting.ark import jobs, keys
from rostra.hosting.ark.copy import copy as copy_to
from rostra.hosting.ark.log.state import LogState, told
from rostra.hosting.ark.manifest import Found, shown
from rostra.hosting.ark.media.later import left_in, told_of_left
from rostra.hosting.ark.media.read import verify_media
from rostra.hosting.ark.media.send import waiting
from rostra.hosting.ark.read import ArkError, manifest_at, marks, newest
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.ark.verify import Fault, Read
from rostra.hosting.ark.verify import verify as verify_all
from rostra.hosting.drill.results import standing as drill_standing
from rostra.hosting.journal.chain import NOTHING, Known
from rostra.hosting.journal.mend import mend as mend_journal
from rostra.hosting.journal.verify import verify as verify_journal
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel.clock import SystemClock
from rostra.network.edge import Services
from rostra.settings import Settings

_MIB = 1 << 20
LATE_MS = 60_000

Names = Annotated[
    tuple[str, ...],
    Parameter(help="Which places; none: all of them.", negative=(), consume_multiple=True),
]
Signer = Annotated[
    str, Parameter(help="The public key of the ark, as `rostra ark init` printed it.")
]


def init(
    *,
    recipient: Annotated[
        tuple[str, ...],
        Parameter(help="Somebody else who can open the ark: age1… ; may be given several times."),
    ] = (),
    paper: Annotated[bool, Parameter(help="Make a key for paper; it is printed once.")] = True,
    where: Where | None = None,
) -> None:
    """Make the keys of an ark. Done once.

    Write down what is printed, and keep it away from this machine: who has it can open every copy,
    and without it nobody can when this machine is gone.
    """
    settings = settings_of(where)
    secret, own = keys.new_paper_key() if paper else ("", "")
    try:
        made = keys.make(settings.data_dir, (*recipient, *([own] if own else [])))
    except keys.KeysError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{settings.data_dir}: {error.strerror}")
    if secret:
        say("the paper key; it is shown this once, and kept nowhere:")
        say(f"  {secret}")
    say(f"opened by: {', '.join(made.recipients)}")
    say(f"signed by: {made.public}")


def copy(
    *,
    again: Annotated[
        bool,
        Parameter(help="Send everything, also what is there: mends what was damaged.", negative=()),
    ] = False,
    where: Where | None = None,
) -> None:
    """Make a copy at every place now.

    Status 1 where a place has not got all of it.
    """
    settings = settings_of(where)
    made = _keys(settings)
    stores = opened(settings)
    if not settings.database_url.startswith("sqlite:///"):
        stop("copies are made of SQLite databases only so far")

    async def work(services: Services) -> None:
        closing = services.write_gate.stopped()
        if closing is not None:
            stop(f"this installation may not write, and so makes no copies: {closing.reason}")
        services.egress.check("ark")
        now = services.clock.now()
        progress = Progress(_size(settings))
        try:
            with jobs.alone(settings.data_dir):
                source = await jobs.source_of(services, services.write_gate.epoch())
                copied = await copy_to(source, made, stores, progress.add, again=again)
                mended = await mend_journal(stores, made.public) if again else {}
        except ArkError as error:
            stop(f"nothing was copied: {error}")
        before = jobs.last(settings.data_dir)
        jobs.remember(settings.data_dir, jobs.remembered(copied, now, before))
        manifest = copied.manifest
        progress.end(f"{mib(manifest.content_bytes)} in {manifest.pieces:,} pieces")
        say(f"copy {shown(manifest.mark)}")
        for name in copied.places:
            count, size = copied.sent[name], copied.sent_bytes[name]
            say(f"{name}: whole, {count:,} new pieces ({mib(size)})")
        for name, count in mended.items():
            if count:
                say(f"{name}: {count:,} parts of the journal were put back")
        for name, why in copied.failed.items():
            say(f"{name}: NOT copied: {why}")
        if copied.failed:
            stop("not every place has the copy")

    run(where, work)


def status(*, where: Where | None = None) -> None:
    """Say which copies there are at each place, how old the newest is, and how the log stands.

    Status 1 where a place has none, or can't be asked.
    """
    settings = settings_of(where)
    stores = opened(settings)
    wrong = asyncio.run(_status(stores))
    known = jobs.last(settings.data_dir)
    standing = LogState(settings.data_dir).standing()
    for sentence in told(standing, SystemClock().now()) if standing is not None else ():
        say(sentence)
    for sentence in told_of_media(settings, SystemClock().now()):
        say(sentence)
    names = [store.name for store in stores]
    if standing is not None and not known.carries(standing.run, names):
        why = standing.begun_why if standing.run != known.run else "too few places have the last"
        say(f"log: it goes on from no copy yet: {why}; the server makes one")
    if known.why:
        say(f"the last try ({when(known.tried_at)}) came to nothing: {known.why}")
    for fault in known.stays:
        say(f"what is older than {settings.hosting.keep_days} days stays: {fault}")
    drilled = drill_standing(settings.data_dir, SystemClock().now(), settings.hosting.drill_hours)
    say(f"the last drill: {drilled.text}")
    if wrong:
        stop(f"no copy at {', '.join(wrong)}")


async def _status(stores: list[Store]) -> list[str]:
    wrong = []
    now = SystemClock().now()
    for store in stores:
        try:
            there = await marks(store)
            found = await manifest_at(store, there[-1]) if there else None
        except PlaceFailed as error:
            say(f"{store.name}: {error.why}")
            wrong.append(store.name)
            continue
        if found is None:
            say(f"{store.name}: no copy")
            wrong.append(store.name)
        else:
            say(f"{store.name}: {len(there)} copies, the newest {told_of(found, now)}")
    return wrong


def verify(names: Names = (), /, *, signer: Signer = "", where: Where | None = None) -> None:
    """Read everything of the newest copy back from each place. Needs no key.

    A line for each thing that is missing, damaged, or not signed as it should be. Status 1 then.
    """
    settings = settings_of(where)
    stores = opened(settings, names)
    signer = signer or _own_signer(settings)

    async def work() -> int:
        faults = pieces = size = 0
        top = await newest(stores, signer)
        # About as much as the copy holds, at each place.
        progress = Progress(top.manifest.content_bytes * len(stores) if top else 0)
        async for each in _read_back(stores, signer):
            if isinstance(each, Fault):
                say(f"{each.place}: {each.what}")
                faults += 1
            else:
                pieces, size = pieces + each.pieces, size + each.content_bytes
                progress.add(each.content_bytes, f"{pieces:,} pieces read back")
        say(f"{pieces:,} pieces ({mib(size)}) were read back and are what they should be")
        known = Known(top.manifest.journal, top.manifest.epoch) if top else NOTHING
        checked = await verify_journal(stores, signer, known=known)
        for fault in checked.faults:
            say(f"{fault.place}: {fault.what}")
        say(f"{checked.parts:,} parts of the journal were read back, up to entry {checked.last:,}")
        return faults + len(checked.faults)

    faults = asyncio.run(work())
    if faults:
        stop(f"{faults} things are wrong")
    say("nothing is wrong")


async def _read_back(stores: Sequence[Store], signer: str) -> AsyncIterator[Fault | Read]:
    """The newest copy, the log behind it, and the media that came since."""
    async for each in verify_all(stores, signer):
        yield each
    top = await newest(stores, signer)
    if top is not None:
        manifest = top.manifest
        async for each in verify_media(stores, manifest.key, manifest.made_at):
            yield each


def prune(*, where: Where | None = None) -> None:
    """Remove copies older than `hosting.keep_days` at every place; the newest always stays."""
    settings = settings_of(where)
    made, stores = _keys(settings), opened(settings)
    if jobs.is_moving(settings.data_dir):
        stop("a move is under way: nothing is removed meanwhile")

    async def work(services: Services) -> None:
        closing = services.write_gate.stopped()
        if closing is not None:
            stop(f"this installation may not write, and so removes no copies: {closing.reason}")
        try:
            with jobs.alone(settings.data_dir):
                faults = await jobs.prune_here(services, made, stores, services.clock.now())
        except jobs.Busy as error:
            stop(str(error))
        for fault in faults:
            say(fault)
        if faults:
            stop("not everything could be removed")

    run(where, work)


def _own_signer(settings: Settings) -> str:
    """The public key of the ark of this host; empty: it has none."""
    try:
        return keys.kept(settings.data_dir).public
    except keys.NoKeys:
        return ""
    except keys.KeysError as error:
        stop(f"{error}; `--signer` names the public key")


def _keys(settings: Settings) -> keys.Keys:
    try:
        return keys.kept(settings.data_dir)
    except keys.KeysError as error:
        stop(str(error))


def _size(settings: Settings) -> int:
    """About how many bytes a copy has."""
    media = settings.data_dir / "media"
    stored = sum(path.stat().st_size for path in media.rglob("*") if path.is_file())
    database = settings.data_dir / DATABASE
    return stored + (database.stat().st_size if database.exists() else 0)


def told_of(found: Found, now: int) -> str:
    """A copy for people; `now` in UTC ms."""
    manifest: Any = found.manifest
    hours = max(0, now - manifest.made_at) / 3_600_000
    return (
        f"{shown(manifest.mark)} of {when(manifest.made_at)} ({hours:.1f} h old), "
        f"{mib(manifest.content_bytes)} of {manifest.domain}"
    )


def told_of_media(settings: Settings, now: int) -> list[str]:
    """Which media are not elsewhere yet, if some have waited for a minute, and which not here.

    Args:
        settings: of the installation.
        now: UTC ms.
    """
    said = []
    some, left = waiting(settings.data_dir), left_in(settings.data_dir)
    if some.count and now - some.since >= LATE_MS:
        said.append(f"media: {some.count:,} wait to be sent, since {when(some.since)}")
    if left.count:
        said.append(f"media: {told_of_left(left)}, and come one by one")
    return said


def when(at_ms: int) -> str:
    """A time in UTC ms, for people."""
    return datetime.fromtimestamp(at_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def mib(count: int) -> str:
    """So many bytes, for people."""
    return f"{count / _MIB:,.1f} MiB"
