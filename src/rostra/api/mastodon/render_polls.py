"""Polls as JSON: with their counts and the viewer's choices they are among what changes."""

from collections.abc import Mapping

import msgspec

from rostra.api.mastodon.documents import EmojiBook, emojis_in
from rostra.api.mastodon.entities.statuses import Poll, PollOption
from rostra.api.mastodon.times import iso
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.polls import access
from rostra.network.polls.model import Poll as Seen
from rostra.network.posts.model import Extra, ShownRow

_encode = msgspec.json.Encoder().encode


async def with_polls(
    services: Services,
    reader: Reader,
    viewer_id: int,
    shown: Mapping[int, bytes],
    rows: Mapping[int, ShownRow],
) -> dict[int, bytes]:
    """Put the polls into posts, which stand without them in the cache: three statements."""
    ids = [post_id for post_id, row in rows.items() if row[-1] & Extra.POLL]
    found = await access.of_posts(reader, viewer_id, ids, now=services.clock.now())
    book = await instance_access.emoji_book(services, reader)
    polls = {each: _member(found.get(each), viewer_id, book) for each in ids}
    return grafted(shown, rows, polls)


def grafted(
    shown: Mapping[int, bytes], rows: Mapping[int, ShownRow], members: Mapping[int, bytes]
) -> dict[int, bytes]:
    """Posts (JSON by id) with one more member each, where there is one for them.

    A reblog gets that of its original, inside it. Nothing that anybody wrote comes before the
    places where they are put in.
    """
    return {
        post_id: body.replace(*_graft(b'"reblog":{', members[original]), 1)
        if (original := rows[post_id][1]) in members
        else body.replace(*_graft(b"{", members[post_id]), 1)
        if post_id in members
        else body
        for post_id, body in shown.items()
    }


def _graft(place: bytes, member: bytes) -> tuple[bytes, bytes]:
    return place, place + member


def _member(poll: Seen | None, viewer_id: int, book: EmojiBook) -> bytes:
    # None: the post was deleted between two statements.
    return b'"poll":%b,' % (_encode(poll_entity(poll, viewer_id, book)) if poll else b"null")


def poll_entity(poll: Seen, viewer_id: int, book: EmojiBook) -> Poll:
    """One poll."""
    return Poll(
        id=str(poll.post_id),
        expires_at=iso(poll.ends_at),
        expired=poll.ended,
        multiple=poll.multiple,
        votes_count=poll.votes,
        voters_count=poll.voters,
        options=tuple(PollOption(option.title, option.votes) for option in poll.options),
        emojis=emojis_in(book, (option.title for option in poll.options)),
        voted=poll.voted if viewer_id else msgspec.UNSET,
        own_votes=poll.choices if viewer_id else msgspec.UNSET,
    )
