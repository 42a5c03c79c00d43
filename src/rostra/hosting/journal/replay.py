"""The journal is replayed on a restored copy: what was deleted or revoked since is so here.

What hangs together is deleted by the verbs that deleted it first, so that counts, media and indexes
follow; all else is done to the row that the note names. Done twice it changes nothing more.
"""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.keys import unwrap
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.hosting.journal.chain import NOTHING, Chain, Known, chain
from rostra.hosting.journal.part import Part, opened, shown
from rostra.hosting.places.port import Store
from rostra.kernel.clock import SECOND
from rostra.kernel.errors import NotFound
from rostra.network.accounts.leaving import is_again, leaves_again
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.ending import forget_once
from rostra.network.edge import Services, Transaction
from rostra.network.media import attach
from rostra.network.portability import archives
from rostra.network.posts import delete as posts
from rostra.network.posts import quote, react
from rostra.network.relations import follow
from rostra.network.relations.events import Blocked
from rostra.network.tags import keep as tags
from rostra.safety.decisions.apply import enforce
from rostra.safety.subjects import Subject
from rostra.store import id_floor, journal
from rostra.store.journal import Note

_AT_ONCE: Final = 500  # notes in a transaction
# What the old installation may have gone on writing after the last sign of it.
_MARGIN_MS: Final = 10 * SECOND
_OF_STANDING: Final = frozenset({"=users", "=accounts"})
_REVOKED: Final = 1  # state of a quote
Act = Callable[[Services, Transaction, Note], Awaitable[object]]


class Replayed(msgspec.Struct, frozen=True):
    """What was replayed.

    Attributes:
        notes: behind the moment of the copy.
        until: UTC ms when the last of them was sent; 0: there was none.
        last: the newest note that holds now.
        aside: notes of branches that nobody went on with; they were left out.
        ids_since: UTC ms that no new id is older than.
        strange: parts that few places list and nobody has, a sentence each; they were left out.
    """

    notes: int
    until: int
    last: int
    aside: int
    ids_since: int
    strange: tuple[str, ...] = ()


class Opener:
    """Opens parts with the secret keys of a person, or with the data key of a host."""

    def __init__(self, secret_lines: str = "", data_key: bytes = b"") -> None:
        self._secret_lines = secret_lines
        self._known: dict[str, Sealer] = {}
        self._own = Sealer(data_key) if data_key else None

    def notes(self, part: Part) -> list[Note]:
        """The notes of a part.

        Raises:
            ArkError: no key opens it.
            KeysError: none of the secret keys is for it.
        """
        sealer = self._own
        if sealer is None:
            if part.wrapped not in self._known:
                found = unwrap(bytes.fromhex(part.wrapped), self._secret_lines)
                self._known[part.wrapped] = Sealer(found.data)
            sealer = self._known[part.wrapped]
        try:
            return opened(sealer, part)
        except Damaged as error:
            raise ArkError(f"part {shown(part.mark)} of the journal does not open") from error


async def replay(
    services: Services,
    stores: Sequence[Store],
    opener: Opener,
    signer: str,
    *,
    epoch: int | None = None,
    known: Known = NOTHING,
    seen_at: int = 0,
) -> Replayed:
    """Replay on the database of a restored copy all that was noted since it was made.

    Args:
        services: of the copy; nobody else writes in it, and nothing it says gets out.
        stores: the places.
        opener: opens the journal.
        signer: the public key that must have signed.
        epoch: by which the copy was made; None: by the newest.
        known: how far the journal is known to have come.
        seen_at: UTC ms of the newest sign of the installation that the copy is of.

    Raises:
        ArkError: a part is missing or damaged everywhere: which one. What came before it, and is in
            the database already, stays.
    """
    async with services.db.read() as reader:
        before = await journal.last(reader)
    found = await chain(stores, signer, after=before, epoch=epoch, known=known)
    # All are opened before the first is done.
    notes = [
        note for each in found.parts for note in opener.notes(each.part) if note.seq > found.after
    ]
    for at in range(0, len(notes), _AT_ONCE):
        await _some(services, notes[at : at + _AT_ONCE])
    async with services.db.write() as tx:
        await forget_once(tx)
        if found.last > max(before, notes[-1].seq if notes else 0):
            await journal.come_to(tx, found.last)
    signs = [seen_at, *(each.part.made_at for each in (*found.parts, *found.aside))]
    since = max(signs) + _MARGIN_MS
    id_floor.raise_to(services.settings.data_dir, since)
    return Replayed(
        notes=len(notes),
        until=found.parts[-1].part.made_at if notes else 0,
        last=max(before, found.last),
        aside=_aside(found),
        ids_since=since,
        strange=found.strange,
    )


def _aside(found: Chain) -> int:
    return sum(each.part.last - each.part.first + 1 for each in found.aside)


async def _some(services: Services, notes: Sequence[Note]) -> None:
    restricted: set[Subject] = set()
    async with services.db.write() as tx:
        for note in notes:
            if restricted and note.what in _OF_STANDING:
                # Before what the decision did to the account, or that looks like its own doing.
                await enforce(services, tx, restricted)
                restricted.clear()
            if note.table == "restrictions" and "subject_id" in note.row:
                restricted.add(Subject(int(note.row["subject_kind"]), int(note.row["subject_id"])))
            await _VERBS.get(note.what, _row)(services, tx, note)
        await enforce(services, tx, restricted)
        await journal.come_to(tx, notes[-1].seq)


async def _row(_services: Services, tx: Transaction, note: Note) -> None:
    await journal.let_be(tx, note)


def _id(note: Note, name: str = "id") -> int:
    return int(note.row[name])


@contextlib.contextmanager
def _if_there() -> Iterator[None]:
    """What is not there need not be taken away."""
    with contextlib.suppress(NotFound):
        yield


async def _post(_services: Services, tx: Transaction, note: Note) -> None:
    await posts.remove(tx, _id(note))


async def _medium(_services: Services, tx: Transaction, note: Note) -> None:
    await attach.drop_by_id(tx, _id(note))


async def _account(services: Services, tx: Transaction, note: Note) -> None:
    with _if_there():
        await remove_account(services, tx, _id(note))


async def _state(_services: Services, tx: Transaction, note: Note) -> None:
    await is_again(tx, _id(note), _id(note, "state"))


async def _user(_services: Services, tx: Transaction, note: Note) -> None:
    await journal.let_be(tx, note)
    if note.row.get("leaves_at"):
        await leaves_again(tx, _id(note, "account_id"), _id(note, "leaves_at"))


async def _scheduled(services: Services, tx: Transaction, note: Note) -> None:
    if await journal.let_be(tx, note):
        await attach.release(services, tx, _id(note))


async def _archive(_services: Services, tx: Transaction, note: Note) -> None:
    await archives.drop_by_id(tx, _id(note))


async def _favourite(services: Services, tx: Transaction, note: Note) -> None:
    with _if_there():
        await react.unfavourite(services, tx, _id(note, "account_id"), _id(note, "post_id"))


async def _quote(_services: Services, tx: Transaction, note: Note) -> None:
    if _id(note, "state") == _REVOKED:  # of a quoted post that is deleted, that is the note
        await quote.revoked_again(tx, _id(note, "post_id"))


async def _follow(_services: Services, tx: Transaction, note: Note) -> None:
    await follow.end_follow(tx, _id(note, "account_id"), _id(note, "target_id"))


async def _request(_services: Services, tx: Transaction, note: Note) -> None:
    await follow.end_request(tx, _id(note, "account_id"), _id(note, "target_id"))


async def _block(_services: Services, tx: Transaction, note: Note) -> None:
    if await journal.let_be(tx, note):
        await tx.emit(Blocked(_id(note, "account_id"), _id(note, "target_id")))


async def _tag(services: Services, tx: Transaction, note: Note) -> None:
    with _if_there():
        await tags.unfollow(services, tx, _id(note, "account_id"), str(_id(note, "tag_id")))


_VERBS: Final[dict[str, Act]] = {
    "-posts": _post,
    "-media": _medium,
    "-accounts": _account,
    "=accounts": _state,
    "=users": _user,
    "-scheduled_posts": _scheduled,
    "-archives": _archive,
    "-favourites": _favourite,
    "=quotes": _quote,
    "-follows": _follow,
    "-follow_requests": _request,
    "+blocks": _block,
    "-tag_follows": _tag,
}
