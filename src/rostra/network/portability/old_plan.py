"""What of an archive can be brought in, and what is left out and why; nothing is written.

Of each post only where it stands in the file is kept, so that a hundred thousand of them are some
megabytes. They are in the order of their times; what answers another of them comes behind it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from rostra.kernel import ids
from rostra.kernel.errors import Invalid
from rostra.network.addresses import addresses
from rostra.network.edge import Services
from rostra.network.media.upload import Details, checked_details
from rostra.network.portability import items as outbox
from rostra.network.portability.notes import Left, Old, Unfit, actor_of, read_item
from rostra.network.portability.packed import ArchiveError, Packed, read, shown
from rostra.network.posts import past
from rostra.network.posts.prepare import prepare
from rostra.settings import Settings

_CHUNK = 500
_ACTOR = "actor.json"
Tell = Callable[[int, str], None]


class _Actor(msgspec.Struct):
    id: Any = None


class Fault(msgspec.Struct, frozen=True):
    """An item that can't be brought in: its place in `outbox.json` (from 1), and why."""

    item: int
    why: str

    def __str__(self) -> str:
        return f"{outbox.FILE}, item {self.item}: {shown(self.why)}"


class Planned(msgspec.Struct, frozen=True):
    """A post that is to be brought in.

    Attributes:
        item: its place in `outbox.json`, from 1.
        raw: the bytes of it.
        uri: what it is called there.
        origin: that as it is kept.
        parent: the `origin` of what it answers; empty: nothing.
        at: UTC ms; later by as much as is needed that no two are equal.
        files: how many it has.
        before: the id that it had here and that is gone; 0: none.
    """

    item: int
    raw: memoryview
    uri: str
    origin: str
    parent: str
    at: int
    files: int
    before: int = 0


class Plan(msgspec.Struct):
    """What is in an archive; `stands`: the ids here of what came in before, by `origin`."""

    actor: str = ""
    items: int = 0
    posts: list[Planned] = []
    left: Counter[Left] = msgspec.field(default_factory=Counter)
    faults: list[Fault] = []
    stands: dict[str, int] = {}

    @property
    def files(self) -> int:
        """How many files are to come along."""
        return sum(post.files for post in self.posts)


def _silent(_count: int, _what: str) -> None:
    """Nobody is told."""


async def look_through(
    services: Services,
    packed: Packed,
    account_id: int,
    *,
    again: bool = False,
    tell: Tell = _silent,
) -> Plan:
    """Read an archive for a member.

    Args:
        services: the house's parts.
        packed: the archive.
        account_id: who is to have it.
        again: what was deleted here since comes back.
        tell: hears how many bytes of items are read.

    Raises:
        ArchiveError: it has no list of posts that can be read.
    """
    data = read(packed, outbox.FILE, outbox.MAX_BYTES)
    plan = Plan(actor=_owner(packed))
    found = _usable(services, packed, data, plan, tell)
    found.sort(key=lambda post: (post.at, post.item))
    kept = await _new_here(services, account_id, found, plan, again=again)
    _in_threads(kept, plan, services.clock.now())
    return plan


def _usable(
    services: Services, packed: Packed, data: bytes, plan: Plan, tell: Tell
) -> list[Planned]:
    """Those that could be posted here, each of them once."""
    names, now = frozenset(packed.names), services.clock.now()
    found: dict[str, Planned] = {}
    for place, raw in enumerate(outbox.items(data), 1):
        plan.items = place
        tell(len(raw), "reading")
        plan.actor = plan.actor or actor_of(raw)
        try:
            old = read_old(raw, plan.actor, now)
            if not isinstance(old, Left):
                check(services.settings, old, names)
        except Unfit as error:
            plan.faults.append(Fault(place, str(error)))
            continue
        if isinstance(old, Left):
            plan.left[old] += 1
        elif old.uri in found:
            twice = f"is there twice, see item {found[old.uri].item}"
            plan.faults.append(Fault(place, twice))
        else:
            found[old.uri] = _planned(place, raw, old)
    return list(found.values())


def _owner(packed: Packed) -> str:
    """Whose archive it says that it is; empty: it does not say."""
    try:
        found = msgspec.json.decode(read(packed, _ACTOR, outbox.MAX_ITEM), type=_Actor).id
    except (ArchiveError, msgspec.DecodeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def _planned(place: int, raw: memoryview, old: Old) -> Planned:
    parent = past.origin_of(old.parent) if old.parent else ""
    origin = past.origin_of(old.uri)
    return Planned(place, raw, old.uri, origin, parent, old.at, len(old.files))


def read_old(raw: memoryview, actor: str, now: int) -> Old | Left:
    """An item that is not too long, as `read_item` has it.

    Raises:
        Unfit: it can't be used.
    """
    if len(raw) > outbox.MAX_ITEM:
        raise Unfit("is too long")
    return read_item(raw, actor, now)


def check(settings: Settings, old: Old, names: frozenset[str]) -> None:
    """Refuse what could not be posted here.

    Raises:
        Unfit: too long, too many files, one of them is missing, and so on.
    """
    for file in old.files:
        if file.name not in names:
            raise Unfit(f"its file {file.name} is not in the archive")
    # Numbers in place of files that nobody has taken in yet: they are counted.
    draft = msgspec.structs.replace(old.draft, media_ids=tuple(range(1, len(old.files) + 1)))
    try:
        prepare(settings, draft)
        for file in old.files:
            checked_details(Details(file.description, file.focus))
    except Invalid as error:
        raise Unfit(reasons(error)) from None


def reasons(error: Invalid) -> str:
    """What is wrong with which field, in one line."""
    told = [
        f"{field} {entry['description']}"
        for field, entries in error.details.items()
        for entry in entries
    ]
    return "; ".join(told) or error.safe


async def _new_here(
    services: Services, account_id: int, found: list[Planned], plan: Plan, *, again: bool
) -> list[Planned]:
    """Those that are not here, and were not deleted here."""
    base = addresses(services.settings).base
    kept: list[Planned] = []
    for chunk in _chunks(found):
        own = {post.uri: _own_id(post.uri, base) for post in chunk}
        async with services.db.read() as reader:
            known = await past.known(reader, account_id, [post.origin for post in chunk])
            authors = await past.authors(reader, [each for each in own.values() if each])
        for post in chunk:
            origin, own_id = known.get(post.origin), own[post.uri]
            if origin is not None and origin.stands:
                plan.left[Left.HERE] += 1
                plan.stands[post.origin] = origin.post_id
            elif origin is None and own_id in authors:
                whose = Left.HERE if authors[own_id] == account_id else Left.OTHERS
                plan.left[whose] += 1
                if whose is Left.HERE:
                    plan.stands[post.origin] = own_id
            elif not again and (origin.gone if origin else own_id):
                plan.left[Left.GONE] += 1
            else:
                kept.append(msgspec.structs.replace(post, before=origin.post_id if origin else 0))
    return kept


def _own_id(uri: str, base: str) -> int:
    """The id of a post of this very place, by its name; 0: it is of another."""
    if not uri.startswith(f"{base}/users/"):
        return 0
    return ids.parse(uri.rpartition("/statuses/")[2]) or 0


def _chunks(found: list[Planned]) -> Iterator[list[Planned]]:
    for at in range(0, len(found), _CHUNK):
        yield found[at : at + _CHUNK]


def _in_threads(kept: list[Planned], plan: Plan, now: int) -> None:
    """Leave out what answers something that is not here, and give each a time of its own."""
    coming: set[str] = set()
    last = 0
    for post in kept:
        if post.parent and post.parent not in coming and post.parent not in plan.stands:
            plan.left[Left.REPLY] += 1
            continue
        answered = plan.stands.get(post.parent, 0)
        last = max(post.at, last + 1, ids.time_of(answered) + 1 if answered else 0)
        if last > now:
            plan.faults.append(Fault(post.item, "no moment before now is left for it"))
            continue
        coming.add(post.origin)
        plan.posts.append(msgspec.structs.replace(post, at=last))
