"""The directory that a network moves to: filled from a copy, and kept up with the log behind it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import is_moving
from rostra.hosting.ark.keys import Keys, KeysError, Opened
from rostra.hosting.ark.log.replay import Replayed, replay
from rostra.hosting.ark.manifest import Entry, Found
from rostra.hosting.ark.media.behind import bring_all
from rostra.hosting.ark.media.later import MEDIA, Later, LaterSieve, left_in
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.restore import choose, fetch, opened_by, path_of
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.fence.fence import Fence
from rostra.hosting.fence.state import State
from rostra.hosting.move.state import LOCK, Kept, Takes, Taking, is_taking, taking_in
from rostra.hosting.places.port import Store
from rostra.kernel.clock import Clock
from rostra.store.gates import file_gates
from rostra.store.lease import Lease
from rostra.store.snapshot import NotWhole, check_sqlite
from rostra.store.sqlite import beside_of

MUTE: Final = "this network is being moved here"
FROM_ANOTHER: Final = "goes on from another copy"
"""A part of what the walk of the log says where another run of it has begun."""

Tell = Callable[[int, str], None]


class MoveError(Exception):
    """The move can't be gone on with; the text says why and what can be done."""


class There(msgspec.Struct, frozen=True, kw_only=True):
    """What a move works with at the new host.

    Attributes:
        to: the data directory that is made.
        stores: the places.
        fence: makes the new host's fence of a lease and of what names claims.
        secret: lines with secret keys of age, one of which opens the ark.
        host: what the new host is called.
        clock: of the house.
        sleep: waits for seconds.
        say: tells people something.
        progress: makes what is told of bytes, of how many there are in all.
        finish: makes the database ready for this program.
        start: has the server started, once; it waits until the move has ended.
        ready: whether that server waits for nothing else.
        prepare: is done before the old host is asked for anything, anew where it was not yet.
        media_first: media are brought before this host opens; else they come behind it.
        media: the folder of the media by the settings that came along; None: `media` in `to`.
        pause_s: how long the old host waits without writing, at most.
    """

    to: Path
    stores: tuple[Store, ...]
    fence: Callable[[Lease, Callable[[], str]], Fence]
    secret: str
    host: str
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    say: Callable[[str], None]
    progress: Callable[[int], Tell]
    finish: Callable[[Taking], Awaitable[None]]
    start: Callable[[], Awaitable[None]]
    ready: Callable[[], bool]
    prepare: Callable[[], Awaitable[None]]
    pause_s: int = 60
    media_first: bool = False
    media: Callable[[], Path | None] = lambda: None


class _Anew(LaterSieve):
    """All but media is written anew, over what is there by half."""

    def __init__(self, to: Path, later: Later, tell: Tell) -> None:
        super().__init__(later, tell)
        self._to = to

    def through(self, page: Sequence[Entry]) -> Sequence[Entry]:
        written = super().through(page)
        for entry in written:
            path = path_of(self._to, entry)
            path.unlink(missing_ok=True)
            if entry.kind == "database":
                for beside in beside_of(path):
                    beside.unlink(missing_ok=True)
        return written


class Target:
    """The directory, and how far it is."""

    def __init__(self, there: There, signer: str = "") -> None:
        """Go on with what is kept there.

        Args:
            there: what is worked with.
            signer: the public key that must have signed the copy; empty: any.

        Raises:
            MoveError: something else lies there.
        """
        check_free(there.to)
        if is_moving(there.to):
            raise MoveError(f"{there.to} is being moved away from")
        self.there = there
        self._signer = signer
        self._is_alone = False
        self.kept: Kept[Taking] = taking_in(there.to)
        self._later: Later | None = None

    @property
    def database(self) -> Path:
        """The database in it."""
        return self.there.to / DATABASE

    def keys(self) -> Keys:
        """The keys of the ark, which came with the copy; raises KeysError."""
        return ark_keys.kept(self.there.to)

    @property
    def later(self) -> Later:
        """The media that are not here yet; raises OSError."""
        if self._later is None:
            self._later = Later(self.there.to)
        return self._later

    @property
    def media_elsewhere(self) -> bool:
        """Whether media belong into another folder than the one in the directory."""
        media = self.there.media()
        return media is not None and media.absolute() != (self.there.to / MEDIA).absolute()

    async def bring_media(self, *, at_last: bool = False) -> None:
        """Bring all media that are not here yet.

        Args:
            at_last: nothing is deleted at the old host any more. Before that none are brought into
                a folder elsewhere: what is deleted is taken out of the directory alone.

        Raises:
            MoveError: some can't be had from any place.
            KeysError: the keys can't be read.
            OSError: they can't be written here.
        """
        there = self.there
        if self.media_elsewhere and not at_last:
            return
        self.later.flush()
        left = await asyncio.to_thread(left_in, there.to)
        if not left.count:
            return
        lacking = await bring_all(there.to, there.stores, there.progress(left.size), there.media())
        if lacking.count:
            raise MoveError(
                f"{lacking.count:,} media can't be had from any place: {lacking.told[0]}. Without"
                " `--media-first` this host opens, and goes on asking for them"
            )

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """No server keeps a claim in this directory, and none will until the block ends.

        Raises:
            MoveError: one does: its database must not be written over.
        """
        if self._is_alone:
            yield
            return
        with State(self.there.to).alone() as alone:
            if not alone:
                raise MoveError("a server runs here already: stop it first")
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False

    async def fetch(self) -> None:
        """Fetch the newest copy, or what is missing of the one that was begun with.

        Raises:
            ArkError: no place has one, a piece can't be had, or the log does not go on behind it.
            KeysError: no key opens it.
            OSError: it can't be written.
        """
        self.there.to.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.alone():
            await self._fetch()

    async def _fetch(self) -> None:
        there, stores = self.there, self.there.stores
        found = await self._chosen()
        opened = self._opened(found)
        if opened.signer != found.manifest.key:
            raise ArkError(f"the copy is forged; name the true signer: --signer {opened.signer}")
        for gate in file_gates(there.to):
            gate.close(MUTE)
        self.kept.change(copy=found.manifest.mark, signer=opened.signer, checked=False)
        tell = there.progress(found.manifest.content_bytes)
        sieve = _Anew(there.to, self.later, tell)
        await fetch(stores, found.manifest, Sealer(opened.data), there.to, tell, sieve=sieve)
        if there.media_first:
            await self.bring_media()
        self.kept.change(stage=Takes.FOLLOW, point=found.manifest.log, applied_at=0)

    async def is_newer(self) -> bool:
        """Whether there is a newer copy than the one that was begun with.

        Raises:
            ArkError: no place has one.
        """
        now = self.kept.now
        return (await choose(self.there.stores, signer=now.signer)).manifest.mark > now.copy

    async def _chosen(self) -> Found:
        if self.kept.now.copy:
            try:
                return await choose(self.there.stores, self.kept.now.copy, self.kept.now.signer)
            except ArkError:  # it was too old meanwhile
                pass
        return await choose(self.there.stores, signer=self._signer)

    def _opened(self, found: Found) -> Opened:
        """The keys of a copy: those that came before it, or what a person's key opens."""
        try:
            own = self.keys()
        except KeysError:
            return opened_by(found, self.there.secret)
        return (
            own.opened if own.public == found.manifest.key else opened_by(found, self.there.secret)
        )

    async def follow(self, *, hurry: bool = True) -> Replayed:
        """Write what was committed since into the database; how far that went.

        Args:
            hurry: a place that hangs is not waited for, once the others can show all that counted.

        Raises:
            ArkError: the log does not go on behind the copy.
        """
        point = self.kept.now.point
        if point is None:
            raise ArkError("the copy says of no log that goes on behind it: is it sent to places?")
        with self.alone():
            done = await replay(
                self.there.stores,
                point,
                Sealer(self.keys().data_key),
                self.kept.now.signer,
                database=self.database,
                tell=_silent,
                hurry=hurry,
            )
        if done.point is not None:
            self.kept.change(point=done.point, applied_at=done.made_at)
        return done

    async def check(self) -> None:
        """Look through the database, once.

        Raises:
            ArkError: it is not whole.
        """
        if self.kept.now.checked:
            return
        try:
            await asyncio.to_thread(check_sqlite, self.database)
        except NotWhole as error:
            raise ArkError(str(error)) from error
        self.kept.change(checked=True)

    def again(self) -> None:
        """Begin with another copy: the log goes on from that."""
        self.kept.change(
            stage=Takes.FETCH,
            copy="",
            point=None,
            move="",
            said=(),
            told=0,
            heard=0,
            settled=False,
            round=0,
            mark="",
            heard_at=0,
        )


def check_free(to: Path) -> None:
    """Whether a move may go to a directory: nothing is there, or one to it was begun.

    Raises:
        MoveError: something else lies there.
    """
    if is_taking(to):
        return
    lying = {path.relative_to(to).as_posix() for path in to.rglob("*")} if to.exists() else set()
    if lying - {ark_keys.FOLDER, f"{ark_keys.FOLDER}/{LOCK}"}:
        raise MoveError(f"{to} is not empty, and no move to it was begun")


def _silent(_bytes: int, _what: str) -> None:
    """Nobody is told."""
