"""Bring a member's old posts in from an archive, in the order in which they were written.

Some posts to a transaction, each with what it was called: who is ended in between has brought in a
post or has not, and the next run goes on behind it. Files are taken in before, as uploads are; what
no post takes in the end is removed with all that nobody used.
"""

import tempfile
from typing import IO, Final

import msgspec

from rostra.kernel.errors import Invalid, NotFound, TooLarge
from rostra.network.edge import Services
from rostra.network.media.intake import take_in_now
from rostra.network.media.upload import Details, checked_details
from rostra.network.portability.notes import Left, Old, Unfit
from rostra.network.portability.old_plan import Fault, Plan, Planned, Tell, read_old, reasons
from rostra.network.portability.packed import ArchiveError, Packed
from rostra.network.posts.author import author_of
from rostra.network.posts.past import Past, bring_in
from rostra.network.posts.prepare import Prepared, prepare
from rostra.network.posts.screened import screened
from rostra.settings import Settings

POSTS_AT_ONCE: Final = 20
_IN_MEMORY: Final = 1 << 20


class Done(msgspec.Struct):
    """What became of a plan."""

    posts: int = 0
    files: int = 0
    faults: list[Fault] = []


class _File:
    """A file of an archive, as intake takes one of a form. Of what type it is, is seen from it."""

    content_type = ""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.size = size

    def read(self) -> bytes:
        self.file.seek(0)
        return self.file.read()


class _Ready(msgspec.Struct, frozen=True):
    """A post that can be written as soon as what it answers is there."""

    post: Planned
    prepared: Prepared


def largest_file(settings: Settings) -> int:
    """Bytes of the largest file that anybody may upload."""
    return max(settings.media.max_picture_bytes, settings.video.max_bytes)


class Bringing:
    """Brings in what a plan names, for one member."""

    def __init__(
        self, services: Services, packed: Packed, account_id: int, plan: Plan, tell: Tell
    ) -> None:
        """Begin.

        Args:
            services: the house's parts.
            packed: the archive.
            account_id: whose posts they become.
            plan: of the archive, just now.
            tell: hears of each post, brought in or not.
        """
        self._services = services
        self._packed = packed
        self._account_id = account_id
        self._plan = plan
        self._tell = tell
        self._stands = dict(plan.stands)
        self._done = Done()

    async def run(self) -> Done:
        """Bring everything in; what can't be is told, and stops nothing.

        Raises:
            Conflict: somebody else brings the same in.
        """
        waiting: list[_Ready] = []
        for post in self._plan.posts:
            ready = await self._ready(post)
            if ready is not None:
                waiting.append(ready)
            if len(waiting) == POSTS_AT_ONCE:
                await self._write(waiting)
                waiting = []
        await self._write(waiting)
        return self._done

    async def _ready(self, post: Planned) -> _Ready | None:
        """Take its files in."""
        try:
            old = read_old(post.raw, self._plan.actor, self._services.clock.now())
            assert not isinstance(old, Left)  # noqa: S101 (it was read once)
            media_ids = tuple([await self._taken(old, place) for place in range(len(old.files))])
        except (Unfit, ArchiveError) as error:
            self._fault(post, str(error))
            return None
        draft = msgspec.structs.replace(old.draft, media_ids=media_ids)
        return _Ready(post, prepare(self._services.settings, draft))

    async def _taken(self, old: Old, place: int) -> int:
        """The id of a file of a post, once it is here."""
        attached = old.files[place]
        most = largest_file(self._services.settings)
        with tempfile.SpooledTemporaryFile(
            _IN_MEMORY, dir=str(self._services.settings.data_dir)
        ) as spool:
            for piece in self._packed.pieces(attached.name, most):
                spool.write(piece)
            size = spool.tell()
            spool.seek(0)
            details = checked_details(Details(attached.description, attached.focus))
            try:
                file = _File(spool, size)
                media = await take_in_now(self._services, self._account_id, file, details)
            except Invalid as error:
                raise Unfit(f"{attached.name}: {reasons(error)}") from None
            except TooLarge as error:
                raise Unfit(f"{attached.name}: {error.safe}") from None
        return media.id

    async def _write(self, waiting: list[_Ready]) -> None:
        """Write posts in one transaction; where one can't be, each in its own."""
        if not waiting:
            return
        try:
            written = await self._written(waiting)
        except (Invalid, NotFound, Unfit) as error:
            if len(waiting) == 1:
                why = reasons(error) if isinstance(error, Invalid) else str(error)
                self._fault(waiting[0].post, why)
                return
            for each in waiting:
                await self._write([each])
            return
        self._stands |= written
        for each in waiting:
            self._done.posts += 1
            self._done.files += each.post.files
            self._tell(1, "bringing in")

    async def _written(self, waiting: list[_Ready]) -> dict[str, int]:
        """The ids of posts by what they were called, once they are on disk."""
        looked_at = [
            await screened(self._services, self._account_id, each.prepared) for each in waiting
        ]
        written: dict[str, int] = {}
        async with self._services.db.write() as tx:
            author = await author_of(tx, self._account_id)
            for each, seen in zip(waiting, looked_at, strict=True):
                post = each.post
                parent = 0
                if post.parent:
                    parent = written.get(post.parent) or self._stands.get(post.parent) or 0
                    if not parent:
                        raise Unfit("answers a post that could not be brought in")
                draft = msgspec.structs.replace(seen.prepared.draft, in_reply_to_id=parent)
                prepared = msgspec.structs.replace(seen.prepared, draft=draft)
                answering = msgspec.structs.replace(seen, prepared=prepared)
                come_from = Past(post.origin, post.at, post.before)
                written[post.origin] = await bring_in(
                    self._services, tx, author, answering, come_from
                )
        return written

    def _fault(self, post: Planned, why: str) -> None:
        self._done.faults.append(Fault(post.item, why))
        self._tell(1, "bringing in")
