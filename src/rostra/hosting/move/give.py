"""The host that a network moves away from: it stops writing when told to, and hands over.

What it has promised stands in a file, so that whichever process comes next goes on with it. It
opens again by itself when the new host is silent for too long. That is safe at any moment: who
writes is decided by the fence alone, which the keeper gives up, and only if nothing was written
since it was said that everything is at the places (`may_give`).
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any, Final

from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.restore import choose
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.fence.state import Kept as KeptClaim
from rostra.hosting.move.here import Here, all_sent
from rostra.hosting.move.letters import (
    Abort,
    Drained,
    Ended,
    Given,
    Heard,
    Media,
    Reopened,
    Request,
    Said,
    Side,
    Stop,
    Take,
    read,
)
from rostra.hosting.move.listen import asked_at
from rostra.hosting.move.media import Changes
from rostra.hosting.move.post import Post
from rostra.hosting.move.state import Gives, Giving, Kept, giving_in
from rostra.hosting.move.where import Where
from rostra.hosting.move.where import tell as tell_where
from rostra.hosting.places import reach
from rostra.kernel.clock import DAY, MINUTE, SECOND
from rostra.store.lease import WHY

IDLE_S: Final = 5.0
HEARD_S: Final = 1.0
BUSY_S: Final = 0.25
QUIET_MS: Final = 10 * MINUTE
SILENT_MS: Final = DAY
LONGEST_PAUSE_S: Final = 120
JOBS_MS: Final = 8 * SECOND
_FEW: Final = 20  # media of a lot after which writing can be stopped
_AFTER_S: Final = 5
_ENDED: Final = 50  # moves that are remembered as ended
STOPPING: Final = "it is moving to another host, and will be there within a minute"
_CLOSED: Final = frozenset({Gives.CLOSED, Gives.DRAINED})
_log = logging.getLogger(__name__)


class Part:
    """The old host's part of a move, turn by turn."""

    def __init__(self, here: Here) -> None:
        """Go on with what is kept."""
        self._here = here
        self._kept: Kept[Giving] = giving_in(here.data_dir)
        self._changes: Changes | None = None
        self._paused_at: float | None = None
        self._asked = 0
        self._wished = False

    async def turn(self) -> bool:
        """Do what can be done now; whether a move is under way.

        Raises:
            ArkError: something can't be had from the places, or not sent there.
        """
        keys = self._here.keys()
        if keys is None:
            return await self._without_keys()
        claim, post = self._here.claim.kept(), self._post(keys)
        if self._kept.now.stage in {Gives.NOTHING, Gives.GIVEN}:
            if self._kept.now.move:
                await post.again()
            if claim is None or not claim.opened or claim.claim.epoch <= self._given():
                return False
            self._let_jobs()  # it came back here, or was killed between two things
            return await self._listen(keys, claim)
        return await self._moves(keys, claim, post)

    async def _without_keys(self) -> bool:
        """Nothing can be said or heard: what was closed for a move opens again when it is late.

        The stage stays, so that the new host is told once the keys can be read.
        """
        here, closing = self._here, _CLOSED | {Gives.PAUSING}
        closed = (here.jobs.closing(), here.write.stopped())
        if self._is_late(closing) and any(gate and gate.reason == STOPPING for gate in closed):
            _log.warning("writing goes on here: the keys of the ark can't be read")
            await self._reopen()
        return self._kept.now.stage in closing

    async def _moves(self, keys: Keys, claim: KeptClaim | None, post: Post) -> bool:
        if await self._is_over(post, claim):
            return False
        await post.again()
        if self._is_forgotten():
            await self._end(post, "nothing was heard of the new host for a day")
            return False
        if self._is_late():
            await self._open(post, "the new host did not take over in time")
            return True
        await self._hear(post)
        await self._go_on(post, keys)
        return self._kept.now.stage not in {Gives.NOTHING, Gives.GIVEN}

    def rest_s(self) -> float:
        """How long to wait before the next turn, while a move is under way."""
        if self._kept.now.stage is not Gives.HEARD:
            return BUSY_S
        return HEARD_S if self._quiet_ms() < QUIET_MS else IDLE_S

    def _quiet_ms(self) -> int:
        """How long nothing was heard of the new host."""
        now = self._kept.now
        return self._here.clock.now() - max(now.since, now.heard_at)

    def _is_forgotten(self) -> bool:
        return self._kept.now.stage is Gives.HEARD and self._quiet_ms() >= SILENT_MS

    async def _go_on(self, post: Post, keys: Keys) -> None:
        """What is to be done at this stage, whether anything was heard or not."""
        stage = self._kept.now.stage
        if stage is Gives.HEARD:
            self._let_jobs()
            claim = self._here.claim.kept()
            # Another may be the one by now.
            if claim is None or not await self._listen(keys, claim):
                await self._media(post, keys)
        elif stage is Gives.PAUSING:
            await self._pause(keys)
        if self._kept.now.stage is Gives.CLOSED:
            await self._drain(post, keys)
        elif stage is Gives.GIVING and not self._wished:
            self._here.claim.wish()  # also where it was killed before it had
            self._wished = True
        elif stage is Gives.GIVING and self._is_refused():
            await self._open(post, "something was still written")

    def _given(self) -> int:
        """The epoch that was given up here last; 0: none was."""
        now = self._kept.now
        return now.epoch if now.stage is Gives.GIVEN else 0

    def _is_refused(self) -> bool:
        """Whether the keeper has looked, and something was written since all was at the places."""
        # In this order: what is given up is no more an open claim before the wish is gone.
        if self._here.claim.is_wished():
            return False
        kept = self._here.claim.kept()
        return kept is not None and kept.opened

    def _post(self, keys: Keys) -> Post:
        return Post(self._here.stores, self._kept, Side.OLD, keys.signing_key)

    async def _listen(self, keys: Keys, claim: KeptClaim) -> bool:
        """Ask one place, each time another one, for a move away from here."""
        # What is said stands at more than half of them: as many are enough to find it.
        likely = reach.likely_first(self._here.stores)
        store = likely[self._asked % (len(likely) // 2 + 1)]
        self._asked += 1
        known = {*self._kept.now.ended, self._kept.now.move}
        asked = await asked_at(store, claim.claim, keys.public, known)
        if asked is not None:
            await self._begin(keys, asked.move, asked.request)
        return asked is not None

    async def _begin(self, keys: Keys, move: str, request: Request) -> None:
        _log.warning("this network is asked to move to %s", request.host)
        if self._kept.now.stage is Gives.HEARD:
            await self._end(self._post(keys), f"{request.host} has asked for it meanwhile")
        self._changes = None
        self._kept.change(
            **_FRESH,
            stage=Gives.HEARD,
            move=move,
            heard=1,
            epoch=request.epoch,
            to=request.host,
            copy=request.copy,
            heard_at=self._here.clock.now(),
            since=self._here.clock.now(),
        )
        if not self._here.is_sent():
            await self._end(self._post(keys), "its log is not sent to the places")
            return
        await self._post(keys).say(Heard(host=self._here.host))

    async def _is_over(self, post: Post, claim: KeptClaim | None) -> bool:
        """Whether the claim that was asked for is not held here any more."""
        now = self._kept.now
        if claim is not None:
            if claim.claim.epoch == now.epoch:
                return False
            await self._end(post, "the fence was claimed anew here")
            return True
        if self._here.claim.former() is not None:
            return True  # the machine was started: the keeper sees to it first
        where = f"this network has moved to {now.to}"
        self._here.write.close(where, LONGEST_PAUSE_S)
        self._here.egress.close(where, LONGEST_PAUSE_S)
        _log.warning("%s; this host is read-only and silent from now on", where)
        await post.say(Given(round=now.round, mark=now.mark), stage=Gives.GIVEN)
        return True

    def _is_late(self, stages: Collection[Gives] = _CLOSED) -> bool:
        """Whether the pause has taken too long, by the wall clock or by the other one."""
        now, clock = self._kept.now, self._here.clock
        if now.stage not in stages:
            return False
        if self._paused_at is None:
            self._paused_at = clock.monotonic()
        late = clock.now() - now.since >= now.pause_s * SECOND
        return late or clock.monotonic() - self._paused_at >= now.pause_s

    async def _hear(self, post: Post) -> None:
        said = await post.hear()
        if said is None:
            return
        self._kept.change(heard_at=self._here.clock.now())
        now = self._kept.now
        if isinstance(said, Abort) and now.stage is not Gives.GIVING:
            await self._end(post, "the new host has given up", heard=now.heard + 1)
        elif isinstance(said, Stop) and now.stage is Gives.HEARD and said.round > now.round:
            _log.warning("writing stops: this network moves to %s", now.to)
            self._here.jobs.close(STOPPING, _AFTER_S)
            post.dealt(
                stage=Gives.PAUSING,
                round=said.round,
                pause_s=max(1, min(said.pause_s, LONGEST_PAUSE_S)),
                since=self._here.clock.now(),
            )
        elif isinstance(said, Take) and _is_mine(said, now):
            post.dealt(stage=Gives.GIVING)
            self._wished = False
        else:
            post.dealt()  # of a round that is over

    async def _media(self, post: Post, keys: Keys) -> None:
        """Send what has come since the copy, until hardly anything does."""
        if self._kept.now.settled:
            return
        listing, count = await (await self._changed(keys)).media()
        settled = count <= _FEW
        await post.say(Media(listing=listing, settled=settled), settled=settled)

    async def _changed(self, keys: Keys) -> Changes:
        if self._changes is None:
            here, now = self._here, self._kept.now
            changes = Changes(here.stores, Sealer(keys.data_key), here.blobs, here.data_dir)
            found = await choose(here.stores, now.copy, keys.public)
            await changes.since(found, _listings(now, keys))
            self._changes = changes
        return self._changes

    async def _pause(self, keys: Keys) -> None:
        """Let jobs come to their end, for a while; then close the gate for every write."""
        now, clock = self._kept.now, self._here.clock
        left = await self._here.running()
        if left and clock.now() - now.since < JOBS_MS:
            return
        await self._changed(keys)
        self._close_writes()
        self._paused_at = clock.monotonic()
        self._kept.change(stage=Gives.CLOSED, since=clock.now(), left=left)
        where = Where(
            state="moving", host=self._here.host, to=now.to, epoch=now.epoch, at=clock.now()
        )
        await tell_where(self._here.stores, where, keys.signing_key)

    async def _drain(self, post: Post, keys: Keys) -> None:
        """Once everything is at the places, say so; whatever hangs, not for longer than it may."""
        self._close_writes()  # also if it was killed between the two
        try:
            async with asyncio.timeout(self._left_s()):
                said = await self._drained(keys)
        except TimeoutError:
            return  # the next turn finds that it is late
        if said is not None:
            await post.say(said, stage=Gives.DRAINED, mark=said.mark)

    async def _drained(self, keys: Keys) -> Drained | None:
        here, now = self._here, self._kept.now
        sent = await asyncio.to_thread(all_sent, here.data_dir, here.database)
        if sent is None:
            return None
        await here.journal()
        changes = await self._changed(keys)
        media, _ = await changes.media(hurry=True)
        listing = (*media, *await changes.files(here.database))
        return Drained(
            round=now.round,
            run=sent.run,
            mark=sent.mark if sent.hash else "",
            listing=listing,
            stopped_at=now.since,
            at=here.clock.now(),
            left=now.left,
        )

    def _left_s(self) -> float:
        """How much of the pause is left."""
        now, clock = self._kept.now, self._here.clock
        left = now.pause_s - (clock.now() - now.since) / SECOND
        if self._paused_at is not None:
            left = min(left, now.pause_s - (clock.monotonic() - self._paused_at))
        return max(0.0, left)

    def _close_writes(self) -> None:
        """Close the gate for writes; what an operator has closed keeps the operator's reason."""
        closing = self._here.write.stopped()
        if closing is None or closing.reason in {STOPPING, WHY}:
            self._here.write.close(STOPPING, _AFTER_S)

    def _let_jobs(self) -> None:
        """Let jobs begin again, if a move has stopped them."""
        closing = self._here.jobs.closing()
        if closing is not None and closing.reason == STOPPING:
            self._here.jobs.open()

    async def _open(self, post: Post, why: str) -> None:
        """Write again; the move stands as it did before writing was stopped."""
        _log.warning("writing goes on here: %s", why)
        await self._reopen()
        said = Reopened(round=self._kept.now.round, why=why)
        await post.say(said, stage=Gives.HEARD, mark="")

    async def _end(self, post: Post, why: str, **changes: Any) -> None:
        """Nothing comes of the move; keep what changes with it."""
        now = self._kept.now
        _log.warning("nothing comes of the move to %s: %s", now.to, why)
        await self._reopen()
        ended = (*now.ended, now.move)[-_ENDED:]
        await post.say(Ended(why=why), stage=Gives.NOTHING, ended=ended, **changes)

    async def _reopen(self) -> None:
        """Open what was closed here; what an operator has closed stays so."""
        here = self._here
        self._paused_at = None
        self._let_jobs()
        closing = here.write.stopped()
        if closing is not None and closing.reason == STOPPING:
            here.write.open()
            keys = here.keys()
            if keys is not None:
                at, epoch = here.clock.now(), self._kept.now.epoch
                where = Where(state="here", host=here.host, epoch=epoch, at=at)
                await tell_where(here.stores, where, keys.signing_key)


_FRESH: Final[dict[str, Any]] = {
    "said": (),
    "told": 0,
    "round": 0,
    "mark": "",
    "left": 0,
    "settled": False,
}


def _is_mine(take: Take, now: Giving) -> bool:
    answered = (take.round, take.mark) == (now.round, now.mark)
    return now.stage is Gives.DRAINED and answered


def _listings(now: Giving, keys: Keys) -> Sequence[Sequence[str]]:
    """The pieces that told of media in what was said so far."""
    found = []
    for number, content in enumerate(now.said, 1):
        said: Said | None = read(content.encode(), now.move, Side.OLD, number, keys.public)
        if isinstance(said, Media | Drained):
            found.append(said.listing)
    return found
