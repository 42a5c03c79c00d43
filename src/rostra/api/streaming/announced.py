"""Announcements as streams bring them: the entities of the API, without what is a member's own."""

import msgspec

from rostra.api.mastodon.announcements import announcements, reactions
from rostra.api.streaming.pieces import Pieces
from rostra.kernel.errors import NotFound
from rostra.network.announcements import access
from rostra.network.announcements.model import Reaction, Shown
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.live.model import Announced

_encode = msgspec.json.Encoder().encode


async def announced(services: Services, reader: Reader, message: Announced) -> Pieces | None:
    """The event; None where the announcement is not shown any more."""
    announcement_id = message.announcement_id
    try:
        found = await access.shown_one(reader, announcement_id, now=services.clock.now())
    except NotFound:
        return None
    if not message.name:
        given = (await access.reactions(reader, 0, [announcement_id])).get(announcement_id, ())
        shown = await announcements(services, reader, 0, [Shown(found, False, given)])
        return Pieces("announcement", _encode(shown[0]))
    count = await access.count_of(reader, announcement_id, message.name)
    book = await instance_access.emoji_book(services, reader)
    told = [Reaction(message.name, count)]
    for each in reactions(told, book, mine=False, announcement_id=announcement_id):
        return Pieces("announcement.reaction", _encode(each))
    return None
