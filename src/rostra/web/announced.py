"""Announcements into view-models."""

from typing import Any

from rostra.network.announcements import access, react
from rostra.network.announcements.model import Reaction, Shown
from rostra.network.announcements.written import Written, written
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import EmojiBook
from rostra.web.call import PageCall
from rostra.web.present import with_emoji
from rostra.web.views.announcements import AnnouncementView, ReactionView


async def announcement_views(
    call: PageCall[Any], reader: Reader, *, unread: bool = False
) -> list[AnnouncementView]:
    """What is announced now; with ``unread`` what the member has not dismissed."""
    shown = await access.shown(reader, call.viewer_id, now=call.now, unread=unread)
    if not shown:
        return []
    found = [each.announcement for each in shown]
    words = await written(call.services, reader, call.viewer_id, found)
    book = await instance_access.emoji_book(call.services, reader)
    return [announcement_view(each, words[each.announcement.id], book) for each in shown]


def announcement_view(shown: Shown, words: Written, book: EmojiBook) -> AnnouncementView:
    """One announcement."""
    row = shown.announcement
    return AnnouncementView(
        id=str(row.id),
        content=with_emoji(words.html, book),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        all_day=bool(row.all_day),
        edited_at=row.edited_at if row.edited_at > row.publish_at else 0,
        read=shown.read,
        reactions=[
            _reaction(each, book)
            for each in shown.reactions
            if each.name in book or not react.is_shortcode(each.name)
        ],
    )


def _reaction(reaction: Reaction, book: EmojiBook) -> ReactionView:
    picture = book.get(reaction.name)
    return ReactionView(
        name=reaction.name,
        count=reaction.count,
        mine=reaction.mine,
        picture_url=picture.url if picture else "",
    )
