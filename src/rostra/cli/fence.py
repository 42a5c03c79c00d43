"""`rostra fence`: which copy of this network may write."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, Where, say, settings_of, stop
from rostra.hosting.fence.fence import Fence, FenceError, Held, Standing, Won
from rostra.hosting.fence.installation import fence_of, lease_of
from rostra.hosting.fence.keeper import LOOK_S, Keeper
from rostra.hosting.fence.state import State
from rostra.hosting.fence.votes import Shown, holder, released, top_of
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.settings import Settings
from rostra.store.lease import FileLease

app = App(name="fence", help="Which copy of this network may write: ask, claim, release.")

_OPENINGS = 5
_RELEASE_S = 30.0
T = TypeVar("T")


@app.command
def status(*, where: Where | None = None) -> None:
    """Say who holds the fence, what each place shows, and whether this installation may write.

    Status 1 where it may not.
    """
    settings = settings_of(where)
    fence = _fence(settings)
    shown = _run(fence.look())
    for line in told(fence, shown):
        say(line)
    kept = State(settings.data_dir).kept()
    holds = fence.lease.holds()
    if holds:
        say(f"this installation holds it and may write, by epoch {fence.lease.term().epoch}")
    elif kept is not None and kept.opened:
        say("this installation holds a claim, but no lease: is the server running?")
    else:
        say("this installation does not hold it: it is read-only, and sends nothing")
        if why := _unbound(settings):
            say(why)
    raise SystemExit(0 if holds else FAILED)


@app.command
def claim(
    *,
    over: Annotated[
        bool,
        Parameter(
            help="Also where another installation holds it. It can write no more then, and what it"
            " has written since the copy was made is not here.",
            negative=(),
        ),
    ] = False,
    where: Where | None = None,
) -> None:
    """Claim the fence for this installation, and wait until it may write.

    Done once where a network begins, and whenever it goes on from a copy. A running server goes on
    by itself then.
    """
    settings = settings_of(where)
    fence = _fence(settings)
    if why := _unbound(settings):
        stop(why)
    with State(settings.data_dir).alone() as alone:
        if not alone:
            stop("the server that runs here holds the fence already")
        _run(_claim(fence, State(settings.data_dir), over=over))


@app.command
def release(*, where: Where | None = None) -> None:
    """Stop writing here, and let another installation go on at once.

    Status 1 where too few places could be told: whoever comes next waits for the lease to end.
    """
    settings = settings_of(where)
    fence, state = _fence(settings), State(settings.data_dir)
    kept = state.kept()
    if kept is None or not kept.opened:
        stop("this installation does not hold the fence")
    with state.alone() as alone:
        if alone:
            told_all = _run(Keeper(fence, state).give_up(kept.mine))
        else:
            state.wish()
            _run(_given_up(state))
            told_all = released(kept.claim, _run(fence.look()))
    if not told_all:
        stop("released, but too few places could be told: whoever comes next has to wait")
    say(f"epoch {kept.claim.epoch} is released: another installation can claim the fence at once")


def told(fence: Fence, shown: list[Shown]) -> list[str]:
    """What the places show, a line each."""
    by_place = {each.place: each for each in shown}
    lines = []
    for name in fence.names:
        each = by_place.get(name)
        if each is None:
            lines.append(f"{name}: no answer")
            continue
        top = each.claims.get(each.top)
        by = f"by {top.host}, {_time(top.claimed_at)}" if top else "by nobody that can be read"
        ended = ", released" if each.top in each.releases else ""
        lines.append(f"{name}: epoch {each.top} {by}{ended}" if each.top else f"{name}: no epoch")
    now = holder(shown, fence.names)
    if now is None:
        lines.append("nobody holds the fence")
    else:
        ended = " and has released it" if released(now, shown) else ""
        lines.append(f"{now.host} holds the fence by epoch {now.epoch}{ended}")
    if now is not None and top_of(shown) > now.epoch:
        lines.append(f"epochs up to {top_of(shown)} were claimed in vain")
    return lines


async def _claim(fence: Fence, state: State, *, over: bool) -> None:
    try:
        won = await fence.claim(over=over)
    except Held as error:
        stop(
            f"{error}\n  Where that copy is to stop, and this one to go on: `rostra fence claim"
            " --over`; where it still answers, `rostra fence release` there first."
        )
    except FenceError as error:
        stop(str(error))
    state.keep(won.mine, opened=False)
    claim = won.mine.claim
    say(f"epoch {claim.epoch} is claimed, at {len(claim.places)} places")
    await _open(fence, state, won)


async def _open(fence: Fence, state: State, won: Won) -> None:
    left = won.wait_ms / 1_000
    if left:
        say(f"waiting {left:.0f} s: until then whoever held it may still write")
    standing = await fence.open(won)
    for _ in range(_OPENINGS):
        if standing is not Standing.UNSURE:
            break
        await fence.clock.sleep(fence.terms.every_s)
        standing = await fence.confirm(won.mine)
    if standing is Standing.LOST:
        state.drop()
        stop("another installation has claimed the fence meanwhile")
    if standing is Standing.UNSURE:
        stop("too few places confirm the claim; try again when they answer")
    state.keep(won.mine, opened=True)
    say("this installation may write; the server keeps it so while it runs")


async def _given_up(state: State) -> None:
    """Wait until the server here has given the claim up; ends the program where it does not."""
    waited = 0.0
    while state.kept() is not None:
        if waited > _RELEASE_S:
            stop("the server that runs here does not give the fence up")
        await asyncio.sleep(LOOK_S)
        waited += LOOK_S


def _unbound(settings: Settings) -> str:
    """Why no claim can be kept here; empty: it can."""
    try:
        State(settings.data_dir).check()
    except FenceError as error:
        return str(error)
    return ""


def _fence(settings: Settings) -> Fence:
    try:
        lease = lease_of(settings)
        if not isinstance(lease, FileLease):
            stop("there is no fence: set `hosting.places`, see docs/fence.md")
        return fence_of(settings, lease)
    except (PlacesError, PlaceFailed, FenceError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{settings.data_dir}: {error.strerror}")


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
