"""Operators write announcements, change, publish, withdraw and remove them. The only writer."""

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid
from rostra.kernel.text.clean import normalise
from rostra.network.announcements import access, queries
from rostra.network.announcements.events import AnnouncementGone, AnnouncementShown
from rostra.network.announcements.jobs import Turn
from rostra.network.announcements.model import Announcement, Words
from rostra.network.edge import Services, Transaction

MAX_TEXT = 5_000


async def create(services: Services, tx: Transaction, words: Words, *, publish_at: int = 0) -> int:
    """Write an announcement, shown from a time on (UTC ms; one that has come: at once); its id.

    With ``publish_at`` 0 it stays a draft.

    Raises:
        Invalid: on `text`, `starts_at`, `ends_at` or `publish_at`.
    """
    announcement_id = services.ids.next()
    words = _checked(words)
    made = Announcement(
        id=announcement_id,
        text=words.text,
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        all_day=int(words.all_day),
        publish_at=0,
        over_at=words.over_at(),
        edited_at=0,
    )
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    if publish_at:
        await publish(services, tx, announcement_id, publish_at=publish_at)
    return announcement_id


async def change(services: Services, tx: Transaction, announcement_id: int, words: Words) -> None:
    """Let it say something else; whoever has read it has read it.

    Raises:
        NotFound: there is none.
        Invalid: on `text`, `starts_at` or `ends_at`.
    """
    old = await access.any_one(tx, announcement_id)
    words = _checked(words)
    new = msgspec.structs.replace(
        old,
        text=words.text,
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        all_day=int(words.all_day),
        over_at=words.over_at(),
        edited_at=services.clock.now(),
    )
    if new.publish_at > services.clock.now() and 0 < new.over_at <= new.publish_at:
        raise Invalid("ends_at", "comes before it is published", "ERR_INVALID")
    await _put(services, tx, old, new)


async def publish(
    services: Services, tx: Transaction, announcement_id: int, *, publish_at: int = 0
) -> None:
    """Show it from a time on (UTC ms; 0, or one that has come: at once).

    Raises:
        NotFound: there is none.
        Invalid: it would be over by then (`publish_at`), or too many are published (`base`).
    """
    now = services.clock.now()
    old = await access.any_one(tx, announcement_id)
    publish_at = max(publish_at, now)
    if old.shown_at(now) and publish_at == now:
        return
    if 0 < old.over_at <= publish_at:
        raise Invalid("publish_at", "comes when it is over already", "ERR_TOO_LATE")
    await _put(services, tx, old, msgspec.structs.replace(old, publish_at=publish_at))


async def withdraw(services: Services, tx: Transaction, announcement_id: int) -> None:
    """Show it no more; it becomes a draft again.

    Raises:
        NotFound: there is none.
    """
    old = await access.any_one(tx, announcement_id)
    await _put(services, tx, old, msgspec.structs.replace(old, publish_at=0))


async def remove(services: Services, tx: Transaction, announcement_id: int) -> None:
    """Delete it with everything that belongs to it.

    Raises:
        NotFound: there is none.
    """
    old = await access.any_one(tx, announcement_id)
    for statement in queries.REMOVE:
        await tx.run(statement, id=announcement_id)
    if old.shown_at(services.clock.now()):
        await tx.emit(AnnouncementGone(announcement_id))


async def _put(services: Services, tx: Transaction, old: Announcement, new: Announcement) -> None:
    """Write what it is now, tell it, and leave jobs for when it begins and ends."""
    now = services.clock.now()
    if new.publish_at and not 0 < new.over_at <= now:
        others = await tx.value(queries.HOW_MANY, id=new.id, now=now)
        if others >= access.MOST_SHOWN:
            message = f"More than {access.MOST_SHOWN} can't be published at once"
            raise Invalid("base", message, "ERR_TOO_MANY")
    await tx.run(queries.PUT, **msgspec.structs.asdict(new))
    if new.shown_at(now):
        await tx.emit(AnnouncementShown(new.id))
    elif old.shown_at(now):
        await tx.emit(AnnouncementGone(new.id))
    if not new.publish_at:
        return
    for at in (new.publish_at, new.over_at):
        if at > now:
            turn = Turn(new.id, at)
            await tx.enqueue("announcements.turn", turn, run_at=at, dedupe_key=f"{new.id} {at}")


def _checked(words: Words) -> Words:
    text = normalise(words.text).strip()
    if not text:
        raise Invalid("text", "can't be blank", "ERR_BLANK")
    if len(text) > MAX_TEXT:
        message = f"is too long (maximum is {MAX_TEXT} characters)"
        raise Invalid("text", message, "ERR_TOO_LONG")
    starts_at, ends_at = words.starts_at, words.ends_at
    if words.all_day:
        if not starts_at:
            raise Invalid("starts_at", "can't be blank for whole days", "ERR_BLANK")
        starts_at, ends_at = starts_at - starts_at % DAY, ends_at - ends_at % DAY
    if ends_at and ends_at < starts_at:
        raise Invalid("ends_at", "comes before it starts", "ERR_INVALID")
    return Words(text, starts_at, ends_at, words.all_day)
