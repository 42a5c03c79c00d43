"""The extract is kept like what anybody may read: round by round, each of which may be cut off.

Pieces are brought before anything names them, and removed once nothing does. What this host keeps
of a round is kept when all of it stands at the places, and what tells whether a member has changed
is the piece that the shard names: so a round that is cut off at any point is done once more.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from rostra.hosting.ark.seal import Sealer
from rostra.hosting.lifeboat import pieces
from rostra.hosting.lifeboat.cargo import Cargo, NotTaken
from rostra.hosting.lifeboat.gather import Gatherer
from rostra.hosting.lifeboat.held import Held, Shard, State
from rostra.hosting.lifeboat.keys import FeedKeys
from rostra.hosting.lifeboat.model import SHARDS, Page, shard_of
from rostra.hosting.lifeboat.newest import newest_head
from rostra.hosting.places.port import Store
from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.edge import Services
from rostra.store import lifeboat as marks

SWEEP_EVERY: Final = 6 * HOUR
AGAIN_AFTER: Final = 5 * MINUTE
"""When a member is looked at again of whom a picture could not be read."""
_MARKS: Final = 500
_SWEPT: Final = 50  # members that are looked at again in one round
_log = logging.getLogger(__name__)


class _Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A page that has changed, and the piece that it is: before, and now."""

    before: Page | None
    page: Page | None
    old: str
    piece: str

    def needed(self) -> set[str]:
        """What was needed for it."""
        return ({self.old} - {""}) | (self.before.pieces() if self.before else set())

    def needs(self) -> set[str]:
        """What is needed for it."""
        return ({self.piece} - {""}) | (self.page.pieces() if self.page else set())


class _Changed(msgspec.Struct):
    """What a round has made, and nothing is kept of yet."""

    pages: dict[str, _Turn] = {}
    shards: dict[int, Shard] = {}
    dirty: set[int] = set()
    """Those of the shards that have changed."""
    failed: list[str] = []
    """The members of whom nothing could be made."""


class _Counted(msgspec.Struct):
    """What the files of this host say of the extract."""

    names: set[str] = set()
    uses: Counter[str] = msgspec.field(default_factory=Counter)
    dirty: set[int] = set()
    """Shards that are kept, and were not told."""
    pageless: set[str] = set()
    """Members whose page is not kept: what it names is not known."""


class Telling:
    """The extract of one installation.

    Attributes:
        state: how far it is; None: that was not read yet.
        cargo: its pieces at the places.
    """

    def __init__(
        self,
        services: Services,
        feed: FeedKeys,
        signer: str,
        stores: Sequence[Store],
        tell: Callable[[], Awaitable[None]],
    ) -> None:
        """Keep an extract.

        Args:
            services: of the installation.
            feed: the keys of the extract.
            signer: the public key that signs heads.
            stores: the places.
            tell: has the places name the new root.
        """
        self.state: State | None = None
        self.cargo = Cargo(stores, services.clock.monotonic)
        self._services = services
        self._feed = feed
        self._signer = signer
        self._stores = tuple(stores)
        self._tell = tell
        self._sealer = Sealer(feed.data_key)
        self._held = Held(services.settings.data_dir)
        self._gatherer = Gatherer(services, self._sealer, self.cargo.bring)
        self._opening = asyncio.Lock()
        self._counted = _Counted()
        self._count_anew = True
        self._sound = False  # a whole round went well since it was counted
        self._again: dict[str, int] = {}  # when a member is looked at again; UTC ms

    async def open(self) -> State:
        """How far the extract is; read where it was not yet."""
        async with self._opening:
            if self.state is None:
                known = self._held.state()
                if known is None or known.wrapped != self._feed.wrapped:
                    self._held.forget()
                    known = await self._inherited()
                self.state = known
        return self.state

    def close(self) -> None:
        """Forget what is in memory: another process may go on with it."""
        self.state = None
        self.cut_off()

    def cut_off(self) -> None:
        """Count anew before the next round: it is not known how far the last one came."""
        self._count_anew = True
        self._sound = False
        self.cargo.unsettle()
        self.cargo.doubt()

    def keep(self, state: State) -> None:
        """Keep how far it is; the number never falls.

        Raises:
            OSError: it can't be written.
        """
        number = max(state.number, self.state.number if self.state else 0)
        self.state = replace(state, number=number)
        self._held.keep(self.state)

    async def round(self) -> None:
        """Bring what has changed to the places, and tell of it.

        Raises:
            NotTaken: most places can't be written; nothing has changed here.
            OSError: the state can't be kept here.
        """
        counted = await self._count(await self.open())
        async with self._services.db.read() as reader:
            seq, marked = await marks.marks(reader, _MARKS)
        known = await self.open()
        swept, state = await self._sweep(known, counted)
        self.cargo.lost &= self._wanted()
        lost = set(self.cargo.lost)
        remade = await asyncio.to_thread(self._needing, lost, counted) if lost else set()
        changed = _Changed(dirty=set(counted.dirty))
        changed.dirty |= {n for n, piece in enumerate(state.shards) if piece and piece in lost}
        try:
            for name in dict.fromkeys((*marked, *swept, *self._due(), *remade)):
                await self._look(name, changed, anew=name in remade)
            begun = state.whole and not (known.whole and known.root and known.root not in lost)
            gone: set[str] = set()
            if changed.dirty or begun:
                state, gone = await self._rooted(state, changed)
        except NotTaken:
            self.cargo.unsettle()
            raise
        gone |= self._commit(state, changed, counted)
        if state.root != known.root:
            await self._tell()
        if state.whole:  # until then the heads name what another host has left
            await self.cargo.drop(gone - self._wanted())
            if not known.whole:
                self.cargo.doubt()  # which may have left more
        self._sound = True
        await self._tidy(seq, changed.failed)

    async def settle(self) -> bool:
        """Put right the places that missed something; whether there may be more to do."""
        if self.state is None or not self._sound:
            return False
        return await self.cargo.settle(self._wanted, self._knows_all)

    def _knows_all(self) -> bool:
        """Whether what is not wanted is of no use to anybody."""
        return self._sound and self.state is not None and self.state.whole

    def _wanted(self) -> set[str]:
        """All pieces of the extract."""
        state = self.state or State()
        return {*self._counted.uses, *state.shards, state.root} - {""}

    async def _inherited(self) -> State:
        """What another host has left is shown until all is made anew here."""
        head = await newest_head(self._stores, self._signer)
        if head is None:
            return State(wrapped=self._feed.wrapped)
        same = head.wrapped == self._feed.wrapped
        root = head.root if same else ""
        return State(number=head.number, root=root, wrapped=self._feed.wrapped)

    async def _count(self, state: State) -> _Counted:
        if self._count_anew:
            self._counted = await asyncio.to_thread(self._files, state)
            self._again.update(dict.fromkeys(self._counted.pageless, 0))
            self._count_anew = False
        return self._counted

    def _files(self, state: State) -> _Counted:
        counted = _Counted()
        for number in range(SHARDS):
            shard = self._held.shard(number)
            named = pieces.record(self._sealer, shard)[0] if shard else ""
            if named != state.shards[number]:
                counted.dirty.add(number)
            for name, piece in shard.items():
                counted.names.add(name)
                page = self._held.page(name)
                if page is None:
                    counted.pageless.add(name)
                counted.uses.update({piece} | (page.pieces() if page else set()))
        return counted

    def _needing(self, lost: set[str], counted: _Counted) -> set[str]:
        """The members whose pages need one of these pieces."""
        found = set()
        for name in counted.names:
            page = self._held.page(name)
            own = self._held.shard(shard_of(name)).get(name, "")
            if page is None or not lost.isdisjoint(page.pieces() | {own}):
                found.add(name)
        return found

    async def _sweep(self, state: State, counted: _Counted) -> tuple[list[str], State]:
        """The next members that are looked at again, and how far the sweep is then."""
        now = self._services.clock.now()
        if state.whole and not state.after and now - state.swept_at < SWEEP_EVERY:
            return [], state
        async with self._services.db.read() as reader:
            there = await marks.names(reader, state.after, _SWEPT)
        ended = len(there) < _SWEPT
        last = "" if ended else there[-1]
        # Also those who are here and nowhere else any more.
        held = [n for n in counted.names if n > state.after and (ended or n <= last)]
        if ended:
            state = replace(state, whole=True, after="", swept_at=now)
        else:
            state = replace(state, after=last)
        return [*there, *held], state

    def _due(self) -> list[str]:
        now = self._services.clock.now()
        return [name for name, at in self._again.items() if at <= now]

    async def _look(self, name: str, changed: _Changed, *, anew: bool) -> None:
        """Make the page of a member anew, and note what has changed.

        Raises:
            NotTaken: as `round`.
        """
        try:
            before = self._held.page(name)
            page = await self._gatherer.page(name, None if anew else before)
        except NotTaken:
            raise
        except Exception:  # noqa: BLE001 (whatever is wrong with one member)
            # The others are told all the same, and this one is looked at again.
            _log.exception("the page of %s for the lifeboat can't be made", name)
            changed.failed.append(name)
            return
        number = shard_of(name)
        shard = changed.shards.get(number)
        if shard is None:
            shard = changed.shards[number] = self._held.shard(number)
        old, piece = shard.get(name, ""), ""
        if page is not None:
            piece, content = pieces.record(self._sealer, page)
            if piece != old or anew:
                await self.cargo.bring({piece: content})
        if page != before or piece != old:
            changed.pages[name] = _Turn(before=before, page=page, old=old, piece=piece)
        if piece != old:
            changed.dirty.add(number)
            shard.pop(name, None)
            if piece:
                shard[name] = piece
        if page is not None and page.lacking:
            self._again[name] = self._services.clock.now() + AGAIN_AFTER
        else:
            self._again.pop(name, None)

    async def _rooted(self, state: State, changed: _Changed) -> tuple[State, set[str]]:
        """The extract with these shards, and the pieces that it needs no more."""
        names = list(state.shards)
        for number in changed.dirty:
            shard = changed.shards.setdefault(number, self._held.shard(number))
            names[number] = ""
            if shard:
                names[number], content = pieces.record(self._sealer, shard)
                await self.cargo.bring({names[number]: content})
        root = state.root
        if state.whole:
            root, content = pieces.record(self._sealer, names)
            await self.cargo.bring({root: content})
        old = {*state.shards, state.root} - {*names, root, ""}
        return replace(state, shards=tuple(names), root=root), old

    def _commit(self, state: State, changed: _Changed, counted: _Counted) -> set[str]:
        """Keep what stands at the places now: pages, then what names them.

        Returns:
            The pieces that pages need no more.
        """
        for name, turn in changed.pages.items():
            self._held.keep_page(name, turn.page)
        for number in changed.dirty:
            self._held.keep_shard(number, changed.shards[number])
        if self.state is None or state != replace(self.state, number=state.number):
            self.keep(state)
        gone: set[str] = set()
        for name, turn in changed.pages.items():
            needed, needs = turn.needed(), turn.needs()
            counted.uses.update(needs - needed)
            counted.uses.subtract(needed - needs)
            gone |= needed - needs
            if turn.piece:
                counted.names.add(name)
            else:
                counted.names.discard(name)
        for piece in gone:
            if counted.uses[piece] <= 0:  # a piece that is needed by none must not be wanted
                del counted.uses[piece]
        counted.dirty.clear()
        self.cargo.named()
        return gone

    async def _tidy(self, seq: int, failed: Sequence[str]) -> None:
        if not seq and not failed:
            return
        if self._services.write_gate.closing() is None:
            async with self._services.db.write() as tx:
                await marks.tidy(tx, seq)
                for name in failed:
                    await marks.mark(tx, name)
