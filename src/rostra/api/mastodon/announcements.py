"""Announcements and reactions to them. Source: docs.joinmastodon.org/methods/announcements."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.documents import EmojiBook, emojis_in
from rostra.api.mastodon.entities.announcements import (
    Announcement,
    AnnouncementReaction,
    AnnouncementStatus,
)
from rostra.api.mastodon.entities.statuses import StatusMention, StatusTag
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.http.params import Id, NoParams
from rostra.network.addresses import Addresses, addresses
from rostra.network.announcements import access, react
from rostra.network.announcements.model import Reaction, Shown
from rostra.network.announcements.written import Written, written
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access


class ReactionParams(msgspec.Struct, frozen=True):
    """To which announcement, and by which emoji."""

    id: Id
    name: str


class OneParams(msgspec.Struct, frozen=True):
    """Which announcement."""

    id: Id


async def announcements(
    services: Services, reader: Reader, viewer_id: int, shown: Sequence[Shown]
) -> list[Announcement]:
    """Announcements as clients read them; for viewer 0 without what is a member's own."""
    words = await written(services, reader, viewer_id, [each.announcement for each in shown])
    book = await instance_access.emoji_book(services, reader)
    at = addresses(services.settings)
    return [_entity(each, words[each.announcement.id], at, book, viewer_id) for each in shown]


def _entity(
    shown: Shown, words: Written, at: Addresses, book: EmojiBook, viewer_id: int
) -> Announcement:
    row = shown.announcement
    return Announcement(
        id=str(row.id),
        content=words.html,
        starts_at=iso_or_none(row.starts_at),
        ends_at=iso_or_none(row.ends_at),
        all_day=bool(row.all_day),
        published_at=iso(row.publish_at),
        updated_at=iso(max(row.edited_at, row.publish_at)),
        read=shown.read if viewer_id else msgspec.UNSET,
        mentions=tuple(
            StatusMention(str(each.id), each.username, at.profile(each.username), each.username)
            for each in words.mentions
        ),
        statuses=tuple(AnnouncementStatus(str(each), url) for each, url in words.posts),
        tags=tuple(StatusTag(name, at.tag(name)) for name in words.tags),
        emojis=emojis_in(book, (row.text,)),
        reactions=tuple(reactions(shown.reactions, book, mine=bool(viewer_id))),
    )


def reactions(
    given: Iterable[Reaction], book: EmojiBook, *, mine: bool, announcement_id: int = 0
) -> Iterable[AnnouncementReaction]:
    """Reactions as clients read them; by custom emoji that are gone none are told."""
    for each in given:
        picture = book.get(each.name)
        if picture is None and react.is_shortcode(each.name):
            continue
        yield AnnouncementReaction(
            name=each.name,
            count=each.count,
            me=each.mine if mine else msgspec.UNSET,
            url=picture.url if picture else msgspec.UNSET,
            static_url=picture.static_url if picture else msgspec.UNSET,
            announcement_id=str(announcement_id) if announcement_id else msgspec.UNSET,
        )


async def index(call: Call[NoParams]) -> list[Announcement]:
    """All that are shown now, read or not."""
    services, viewer_id = call.services, call.viewer.account_id
    async with services.db.read() as reader:
        shown = await access.shown(reader, viewer_id, now=services.clock.now())
        return await announcements(services, reader, viewer_id, shown)


async def dismiss(call: Call[OneParams]) -> Empty:
    """Mark one as read."""
    async with call.services.db.write() as tx:
        await react.dismiss(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


async def add_reaction(call: Call[ReactionParams]) -> Empty:
    """React by an emoji."""
    params = call.params
    async with call.services.db.write() as tx:
        await react.react(call.services, tx, call.viewer.account_id, params.id, params.name)
    return Empty()


async def remove_reaction(call: Call[ReactionParams]) -> Empty:
    """Take a reaction back."""
    params = call.params
    async with call.services.db.write() as tx:
        await react.unreact(call.services, tx, call.viewer.account_id, params.id, params.name)
    return Empty()


_PATH = "/api/v1/announcements"
_REACTION = f"{_PATH}/{{id}}/reactions/{{name}}"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        _PATH,
        index,
        auth=Auth.USER,
        answer=list[Announcement],
        summary="What the operators tell everybody now",
    ),
    Endpoint(
        POST,
        f"{_PATH}/{{id}}/dismiss",
        dismiss,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=OneParams,
        answer=Empty,
        summary="Mark an announcement as read",
    ),
    Endpoint(
        PUT,
        _REACTION,
        add_reaction,
        auth=Auth.USER,
        scopes=("write:favourites",),
        params=ReactionParams,
        answer=Empty,
        summary="React to an announcement by an emoji",
    ),
    Endpoint(
        DELETE,
        _REACTION,
        remove_reaction,
        auth=Auth.USER,
        scopes=("write:favourites",),
        params=ReactionParams,
        answer=Empty,
        summary="Take a reaction to an announcement back",
    ),
)
