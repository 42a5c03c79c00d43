"""The host that a network moves to: step by step, each of which can be killed and gone on with."""

from typing import Final

from rostra.hosting.ark.manifest import shown
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.fence.records import Claim
from rostra.hosting.move.arrive import Arriving
from rostra.hosting.move.claim import Claiming
from rostra.hosting.move.letters import (
    Abort,
    Drained,
    Ended,
    Given,
    Heard,
    Media,
    Reopened,
    Request,
    Side,
    Stop,
    Take,
    new_move,
)
from rostra.hosting.move.media import apply
from rostra.hosting.move.post import Post
from rostra.hosting.move.state import Takes
from rostra.hosting.move.target import FROM_ANOTHER, MoveError, Target, There
from rostra.kernel.clock import SECOND

LOOK_S: Final = 0.25
FOLLOW_S: Final = 1.0
SMALL_MS: Final = 5 * SECOND
START_MS: Final = 120 * SECOND
SILENT_MS: Final = 30 * SECOND
ROUNDS: Final = 2
_NEVER_GIVEN_MS: Final = 10 * SECOND
_ABORT_LOOKS: Final = 80
BEFORE_CLAIM: Final = frozenset({Takes.FETCH, Takes.FOLLOW, Takes.STOP, Takes.TAKE})


class Move:
    """A move to a directory, from where it stands to its end."""

    def __init__(self, there: There, signer: str = "", *, with_hole: bool = False) -> None:
        """Go on with what is kept in the directory.

        Args:
            there: what is worked with.
            signer: the public key that must have signed the copy; empty: any.
            with_hole: by force, go on also where the log has a hole.

        Raises:
            MoveError: something else lies in the directory.
        """
        self._there = there
        self._target = Target(there, signer)
        self._claiming = Claiming(self._target)
        self._arriving = Arriving(self._target, self._claiming, self._say, with_hole=with_hole)
        self._since = there.clock.now()
        self._began = self._since
        self._started = 0
        self._rounds = 0
        self._told = ""

    @property
    def stage(self) -> Takes:
        """How far it is."""
        return self._target.kept.now.stage

    async def run(self) -> None:
        """Move; returns when this host writes.

        Raises:
            MoveError: it can't be gone on with.
            ArkError: something can't be had from the places.
            KeysError: no key opens the ark.
            FenceError: the fence can't be claimed.
            OSError: it can't be written here.
        """
        if self._target.kept.now.forced and self.stage in BEFORE_CLAIM:
            await self.force()
        while self.stage is not Takes.DONE:
            await self.step()

    async def step(self) -> None:
        """Do the next thing, or look once whether it can be done; raises as `run`."""
        stage = self.stage
        if stage is Takes.ABORTED:
            raise MoveError(f"this move was given up: remove {self._there.to} to begin anew")
        if stage is Takes.FETCH:
            self._say("stage: the newest copy is fetched; the old host goes on as before")
            await self._target.fetch()
        elif stage is Takes.FOLLOW:
            await self._follow()
        elif stage is Takes.STOP:
            await self._drained()
        elif stage is Takes.TAKE:
            await self._taken()
        elif stage is Takes.CLAIM:
            await self._arriving.claim()
        elif stage is Takes.LAST:
            await self._arriving.last()
        elif stage is Takes.FINISH:
            await self._arriving.finish()
        else:
            await self._arriving.open()

    async def force(self) -> None:
        """Take over from a host that is silent; raises as `run`."""
        self._target.kept.change(forced=True)
        if self.stage is Takes.FETCH:
            await self.step()
        if self.stage in BEFORE_CLAIM:
            # A copy is here, opened by the key: the rest is done while the lease is waited for.
            self._target.kept.change(stage=Takes.CLAIM, token="")
        await self.run()

    async def told(self) -> None:
        """After the end: say where the network is, if that was not said."""
        await self._arriving.told()

    async def bring_media(self) -> None:
        """After the end: bring the media that are not here yet; raises as `run`."""
        await self._target.bring_media(at_last=True)

    async def abort(self) -> str:
        """Give the move up; what became of that.

        Raises:
            MoveError: it is too late.
        """
        now = self._target.kept.now
        if now.stage not in BEFORE_CLAIM or now.forced:
            raise MoveError("it is too late: this host has claimed the fence; go on with the move")
        if not now.move:
            self._target.kept.change(stage=Takes.ABORTED)
            return "the old host was not asked for anything yet"
        post = self._post()
        await post.say(Abort())
        for _ in range(_ABORT_LOOKS):
            said = await post.hear()
            if isinstance(said, Ended):
                post.dealt(stage=Takes.ABORTED)
                return "the old host goes on as before"
            if said is not None:
                post.dealt()
            if isinstance(said, Given) or (await self._claiming.held())[1]:
                raise MoveError("it is too late: the old host has given the fence up")
            await post.again()
            await self._there.sleep(LOOK_S)
        return "the old host has not answered; if it stopped writing, it opens again by itself"

    def _post(self) -> Post:
        keys = self._target.keys()
        return Post(self._there.stores, self._target.kept, Side.NEW, keys.signing_key)

    async def _caught_up(self) -> bool:
        """Write what is new of the log; whether that was all, but for the last seconds.

        By the clock of the old host: what came was written within seconds. One of the places may
        hang, so that a round takes longer than what it brings.
        """
        before = self._target.kept.now.applied_at
        done = await self._target.follow()
        if FROM_ANOTHER in done.hole:
            await self._again(done.hole)
            return False
        if done.hole:
            self._say(f"waiting: {done.hole}")
            return False
        if not done.records:
            return True
        self._say(f"follow: {done.records:,} records, up to {shown(done.last)}", again=True)
        return done.made_at - (before or self._began) <= SMALL_MS

    async def _again(self, why: str) -> None:
        self._say(f"{why}: the newest copy is fetched")
        if self._target.kept.now.move:
            await self._post().say(Abort())
        self._target.again()
        await self._there.sleep(FOLLOW_S)

    async def _follow(self) -> None:
        if not await self._caught_up():
            await self._there.sleep(FOLLOW_S)
            return
        await self._target.check()
        await self._there.start()
        self._started = self._started or self._there.clock.now()
        now = self._target.kept.now
        if not now.move:
            await self._there.prepare()
            await self._ask()
            return
        await self._hear_while_following()
        now = self._target.kept.now
        if now.stage is Takes.FOLLOW and now.settled and self._is_server_ready():
            if self._rounds == ROUNDS:
                raise MoveError(
                    f"the old host has stopped writing {ROUNDS} times, and gone on each time: look"
                    " at its log and at the places. The same command tries again, `--abort` ends it"
                )
            self._rounds += 1
            self._say("stop: the old host is asked to stop writing", again=True)
            said = Stop(round=now.round + 1, pause_s=self._there.pause_s)
            self._since = self._there.clock.now()
            await self._post().say(said, stage=Takes.STOP, round=now.round + 1)

    def _is_server_ready(self) -> bool:
        """Whether the server here needs only the last of it; it is not waited for without end.

        Raises:
            MoveError: it can't be started.
        """
        if self._there.ready():
            return True
        self._say("follow: the server here is being started", again=False)
        return self._there.clock.now() - self._started > START_MS

    async def _ask(self) -> None:
        """Ask the old host for the network."""
        if self._there.media_first and self._target.media_elsewhere:
            raise MoveError(
                "`media.store` is a folder of its own, and nothing comes there before this host"
                " has the network: leave out `--media-first`, and media come behind it"
            )
        claim, given_up = await self._claiming.held()
        if claim is None or given_up:
            raise MoveError("nobody holds the fence: `rostra move --forced` takes it")
        self._say(f"follow: {claim.host} is asked to hand over; it goes on writing", again=True)
        move = new_move(claim.epoch)
        self._target.kept.change(move=move, epoch=claim.epoch, nonce=claim.nonce, heard=0)
        said = Request(
            epoch=claim.epoch,
            nonce=claim.nonce,
            host=self._there.host,
            copy=self._target.kept.now.copy,
        )
        self._since = self._there.clock.now()
        await self._post().say(said)

    async def _hear_while_following(self) -> None:
        post = self._post()
        if not self._target.kept.now.said:  # killed between the two
            self._target.kept.change(move="")
            return
        await post.again()
        said = await post.hear()
        if said is None:
            if not self._target.kept.now.settled:
                await self._wait()
            return
        self._since = self._there.clock.now()
        if isinstance(said, Ended):
            await self._ended(post, said)
        elif isinstance(said, Given):
            await self._given(post)
        elif isinstance(said, Media):
            came, went = await self._apply(said.listing)
            self._say(f"follow: {came:,} media came, {went:,} went", again=True)
            post.dealt(settled=said.settled)
        else:
            if isinstance(said, Heard):
                self._say(f"follow: {said.host} has heard")
            post.dealt()

    async def _given(self, post: Post) -> None:
        """The old host gave the fence up before it was asked to: a person there did."""
        claim, given_up = await self._held()
        if claim is None or claim.nonce != self._target.kept.now.nonce or not given_up:
            await self._wait()  # it has said so, but the places do not show it yet
            return
        self._say("the old host has given the fence up by itself")
        post.dealt(stage=Takes.CLAIM, token="", heard_at=0)

    async def _held(self) -> tuple[Claim | None, bool]:
        """The claim in force, and whether it was given up; MoveError where others took it."""
        now = self._target.kept.now
        claim, given_up = await self._claiming.held()
        if claim is not None and claim.epoch > now.epoch and claim.nonce != now.token:
            raise MoveError(f"{claim.host} has taken the fence meanwhile, by epoch {claim.epoch}")
        return claim, given_up

    async def _ended(self, post: Post, said: Ended) -> None:
        post.dealt(stage=Takes.ABORTED)
        raise MoveError(f"the old host says that nothing comes of it: {said.why}")

    async def _apply(self, listing: tuple[str, ...]) -> tuple[int, int]:
        target, there = self._target, self._there
        sealer = Sealer(target.keys().data_key)
        told = await apply(there.stores, sealer, listing, there.to, target.later)
        if there.media_first:
            await target.bring_media()
        return told

    async def _drained(self) -> None:
        """Wait until everything is at the places, and have it here."""
        post, round_ = self._post(), self._target.kept.now.round
        await post.again()
        said = await post.hear()
        if isinstance(said, Drained) and said.round == round_:
            if not await self._has_all(said):
                return
            heard_at = self._there.clock.now()
            self._target.kept.change(
                paused_ms=said.at - said.stopped_at, heard_at=heard_at, at=said.at
            )
            if said.left:
                self._say(f"drain: {said.left} jobs did not end in time, and are done anew here")
            self._since = self._there.clock.now()
            self._say("hand over: everything is here; the old host is asked for the fence")
            take = Take(round=round_, mark=said.mark)
            await post.answer(take, stage=Takes.TAKE, mark=said.mark)
        elif isinstance(said, Reopened) and said.round == round_:
            self._say(f"the old host writes again: {said.why}", again=True)
            post.dealt(stage=Takes.FOLLOW)
        elif isinstance(said, Ended):
            await self._ended(post, said)
        elif isinstance(said, Given):
            await self._given(post)
        elif said is not None:
            if isinstance(said, Media):
                await self._apply(said.listing)
            post.dealt()
        else:
            await self._target.follow()
            await self._wait()

    async def _has_all(self, said: Drained) -> bool:
        """Bring over the last of it; whether it is what the old host has said."""
        point = self._target.kept.now.point
        if point is None or point.run != said.run:
            await self._again("the old host sends another run of the log")
            return False
        await self._apply(said.listing)
        done = await self._target.follow()
        point = self._target.kept.now.point
        if said.mark and (point is None or point.after < said.mark):
            self._say(f"drain: up to {shown(said.mark)} is not here yet {done.hole}".rstrip())
            await self._there.sleep(LOOK_S)
            return False
        return True

    async def _taken(self) -> None:
        """Wait until the old host has given the fence up."""
        now, post = self._target.kept.now, self._post()
        await post.again()
        claim, given_up = await self._held()
        if claim is not None and claim.nonce == now.nonce and given_up:
            self._target.kept.change(stage=Takes.CLAIM, token="")
            return
        said = await post.hear()
        if isinstance(said, Reopened) and said.round == now.round:
            self._say(f"the old host writes again: {said.why}", again=True)
            post.dealt(stage=Takes.FOLLOW, heard_at=0)
        elif isinstance(said, Ended):
            await self._ended(post, said)
        elif isinstance(said, Given):
            # It has said so, but the places do not show it: then its lease is waited for.
            if self._there.clock.now() - self._since > _NEVER_GIVEN_MS:
                self._target.kept.change(stage=Takes.CLAIM, token="", forced=True)
            else:
                await self._there.sleep(LOOK_S)
        elif said is not None:
            post.dealt()
        else:
            await self._wait()

    async def _wait(self) -> None:
        """Nothing is there yet."""
        if self._there.clock.now() - self._since > SILENT_MS:
            self._say("the old host is silent: waiting. `--abort` gives up, `--forced` takes over")
        await self._there.sleep(LOOK_S)

    def _say(self, text: str, *, again: bool = False) -> None:
        """Tell people, the same thing once."""
        if again or text != self._told:
            self._there.say(text)
        self._told = text
