"""What happens to announcements at their times, told to whoever listens."""

import msgspec

from rostra.network.announcements import queries
from rostra.network.announcements.events import (
    AnnouncementGone,
    AnnouncementReacted,
    AnnouncementShown,
)
from rostra.network.edge import Services, Transaction
from rostra.store.outbox.kinds import JobKind


class Turn(msgspec.Struct, frozen=True):
    """An announcement begins or is over at this time (UTC ms), if that still holds then."""

    announcement_id: int
    at: int


class Reacted(msgspec.Struct, frozen=True):
    """Tell how many reacted by an emoji."""

    announcement_id: int
    name: str


async def turn(services: Services, tx: Transaction, payload: Turn) -> None:
    """Tell that it is there from now on, or is gone."""
    found = await tx.first(queries.ONE, id=payload.announcement_id)
    if found is None or not found.publish_at:
        return
    if payload.at == found.over_at:
        await tx.emit(AnnouncementGone(found.id))
    elif payload.at == found.publish_at and found.shown_at(services.clock.now()):
        await tx.emit(AnnouncementShown(found.id))


async def reacted(services: Services, tx: Transaction, payload: Reacted) -> None:
    """Tell it, if the announcement is still shown."""
    found = await tx.first(queries.ONE, id=payload.announcement_id)
    if found is not None and found.shown_at(services.clock.now()):
        await tx.emit(AnnouncementReacted(payload.announcement_id, payload.name))


JOBS = (
    JobKind("announcements.turn", Turn, turn, transactional=True),
    JobKind("announcements.reacted", Reacted, reacted, transactional=True),
)
