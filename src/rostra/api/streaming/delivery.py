"""What happened, delivered to the streams of this process that may know of it.

For each thing that happened the database is asked once for all who listen: who hides its author,
for whose home it is, who may see it and how (`timelines.access.receiving`,
`posts.access.shown_to_many`: the conditions of the timelines and of the one loader of posts).
Viewers who are shown the same get the same bytes, rendered once by the code of every other surface.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

import msgspec

from rostra.api.mastodon import render
from rostra.api.mastodon.conversations import conversations
from rostra.api.mastodon.notifications import rendered
from rostra.api.streaming.announced import announced
from rostra.api.streaming.channels import NOTES
from rostra.api.streaming.pieces import Pieces
from rostra.api.streaming.registry import Registry, Subscription, end_all
from rostra.api.streaming.sights import Sight, Sights, sights
from rostra.http.websocket import Code
from rostra.kernel.paging import Page
from rostra.network.conversations import access as inboxes
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.filters import matching
from rostra.network.lists import access as lists_access
from rostra.network.live.model import (
    Announced,
    Conversed,
    Decided,
    Deleted,
    Ended,
    Message,
    Notified,
    Posted,
    Signal,
)
from rostra.network.notifications import access as notifications_access
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Gone, Placed, Visibility
from rostra.network.timelines import access as timelines_access

T = TypeVar("T")
MANY: Final = 200  # viewers, from which on looking them up would hold the loop for too long
_AT_ONCE: Final = 250  # connections written to between two turns of the loop
_PUBLIC: Final = ("public", "public:local")
_PUBLIC_MEDIA: Final = ("public:media", "public:local:media")
_TAGGED: Final = ("hashtag", "hashtag:local")


class Seat(msgspec.Struct, frozen=True):
    """Who looks, for code that renders an answer to a call."""

    services: Services
    viewer: Viewer


class Delivery:
    """Delivers to the streams of one process."""

    def __init__(self, services: Services, registry: Registry) -> None:
        self._services = services
        self._registry = registry

    async def deliver(self, message: Message) -> None:
        """Deliver one message of the bus."""
        match message:
            case Posted():
                await self._posted(message)
            case Decided():
                await self._decided(message)
            case Deleted():
                await self._deleted(message)
            case Notified(made=made):
                await self._notified(made)
            case Conversed():
                await self._conversed(message)
            case Announced():
                await self._announced(message)
            case Signal():
                await self._signal(message)
            case Ended():
                self._ended(message)

    # Posts.

    async def _posted(self, message: Posted) -> None:
        registry, services = self._registry, self._services
        if not len(registry):
            return
        async with services.db.read() as reader:
            placed = await posts_access.placed(reader, message.post_id)
            if placed is None:  # deleted meanwhile
                return
            open_to_all = await self._standing(reader, message.post_id, placed)
        home = [each for each in registry.subjects("user") if isinstance(each, int)]
        viewers = {s.stream.account_id for s in open_to_all}.union(home)
        if not viewers:
            return
        homes, shown = await self._looked_up(message.post_id, list(viewers))
        listening = [s for s in open_to_all if s.stream.account_id in shown]
        for account_id in homes:
            if account_id in shown:
                listening += registry.at("user", account_id)
        pieces = await self._rendered(message, shown, listening)
        await _send((each, pieces.get(each.stream.account_id)) for each in listening)

    async def _standing(self, reader: Reader, post_id: int, placed: Placed) -> list[Subscription]:
        """Who listens to the public timelines, hashtags and lists that a post stands in."""
        at = self._registry.at
        listening: list[Subscription] = []
        if placed.in_public:
            for name in (*_PUBLIC, *(_PUBLIC_MEDIA if placed.media_count else ())):
                listening += at(name)
        tagged = placed.visibility == Visibility.PUBLIC and not placed.reblog_of_id
        if tagged and any(self._registry.subjects(name) for name in _TAGGED):
            listening += self._tagged(await posts_access.tag_names(reader, post_id))
        if self._registry.subjects("list"):
            now = self._services.clock.now()
            for receiver in await lists_access.receiving(reader, post_id, now=now):
                listening += at("list", receiver.list_id)
        return listening

    async def _lists_with(self, account_id: int) -> list[Subscription]:
        """Who listens to lists in which an account stands."""
        lists = [each for each in self._registry.subjects("list") if isinstance(each, int)]
        if not lists:
            return []
        async with self._services.db.read() as reader:
            holding = await lists_access.holding(reader, lists, account_id)
        return [s for each in holding for s in self._registry.at("list", each)]

    def _tagged(self, tags: Iterable[str]) -> list[Subscription]:
        return [s for tag in tags for name in _TAGGED for s in self._registry.at(name, tag)]

    async def _looked_up(self, post_id: int, viewers: Sequence[int]) -> tuple[list[int], Sights]:
        """For whose home a post is, and how those who may see it are shown it."""
        now = self._services.clock.now()

        async def look(reader: Reader) -> tuple[list[int], Sights]:
            receiving = await timelines_access.receiving(reader, viewers, post_id, now=now)
            homes = [each for each, at_home in receiving.items() if at_home]
            homes += await timelines_access.wanted_by_tag(
                reader, post_id, list(receiving.keys() - homes), now=now
            )
            shown = await posts_access.shown_to_many(reader, list(receiving), post_id)
            return homes, await sights(reader, shown, now=now)

        return await self._read(look, len(viewers))

    async def _rendered(
        self, message: Posted, shown: Sights, listening: Iterable[Subscription]
    ) -> dict[int, Pieces]:
        """The event for each account that listens; those who are shown the same share it."""
        alike: dict[Sight, list[int]] = defaultdict(list)
        for account_id in {each.stream.account_id for each in listening}:
            alike[shown[account_id]].append(account_id)
        event, post_id = "status.update" if message.edited else "update", message.post_id
        found: dict[int, Pieces] = {}
        for sight, accounts in alike.items():
            seat, rows = self._seat(accounts[0]), {row[0]: row for row in sight.rows}
            async with self._services.db.read() as reader:
                status = await render.statuses_of_rows(seat, reader, [post_id], rows, alike=True)
                if post_id not in status:  # it was deleted meanwhile
                    continue
                found |= dict.fromkeys(accounts, Pieces(event, status[post_id]))
                filtering = await matching.versions(reader, accounts)
            for account_id, version in filtering.items():
                async with self._services.db.read() as reader:
                    seat = self._seat(account_id, version)
                    own = await render.statuses_of_rows(seat, reader, [post_id], rows, alike=True)
                if own.get(post_id, status[post_id]) != status[post_id]:
                    found[account_id] = Pieces(event, own[post_id])
                await asyncio.sleep(0)
        return found

    async def _decided(self, message: Decided) -> None:
        """Whoever asked is shown the post as it is to them now; nobody else hears of it."""
        account_id, post_id = message.account_id, message.post_id
        listening = self._registry.at("user", account_id)
        if not listening:
            return
        async with self._services.db.read() as reader:
            filtering = await matching.versions(reader, [account_id])
            seat = self._seat(account_id, filtering.get(account_id, 0))
            found = await render.statuses_by_id(seat, reader, [post_id])
        if post_id in found:
            pieces = Pieces("status.update", found[post_id])
            await _send((each, pieces) for each in listening)

    async def _deleted(self, message: Deleted) -> None:
        registry = self._registry
        placed = Placed(
            message.account_id,
            message.visibility,
            message.reblog_of_id,
            message.in_reply_to_account_id,
            1,
        )
        listening: list[Subscription] = []
        if placed.in_public:
            for name in (*_PUBLIC, *_PUBLIC_MEDIA):
                listening += registry.at(name)
        listening += self._tagged(message.tags)
        listening += await self._lists_with(message.account_id)
        home = [each for each in registry.subjects("user") if isinstance(each, int)]
        viewers = list({s.stream.account_id for s in listening}.union(home))
        if not viewers:
            return
        gone = Gone(
            message.account_id,
            message.visibility,
            message.original_author_id,
            message.mentioned_ids,
            message.in_reply_to_account_id,
        )

        async def look(reader: Reader) -> tuple[set[int], set[int]]:
            knew = set(await posts_access.gone_for(reader, viewers, gone))
            following = await timelines_access.following(
                reader, home, message.account_id, message.tags
            )
            return knew, following | {message.account_id}

        knew, homes = await self._read(look, len(viewers))
        listening = [s for s in listening if s.stream.account_id in knew]
        for account_id in homes & knew:
            listening += registry.at("user", account_id)
        pieces = Pieces("delete", str(message.post_id).encode())
        await _send((each, pieces) for each in listening)

    # Everything else.

    async def _notified(self, made: Iterable[tuple[int, int]]) -> None:
        """Each is loaded and rendered for its member as the list of notifications would be."""
        services = self._services
        for account_id, notification_id in made:
            listening = self._registry.at(NOTES, account_id)
            if not listening:
                continue
            now = services.clock.now()
            async with services.db.read() as reader:
                window = await notifications_access.page(
                    reader, account_id, _only(notification_id), now=now
                )
                filtering = await matching.versions(reader, [account_id])
                seat = self._seat(account_id, filtering.get(account_id, 0))
                items = await rendered(seat, reader, window.items)
            if items:
                pieces = Pieces("notification", items[0])
                await _send((each, pieces) for each in listening)

    async def _conversed(self, message: Conversed) -> None:
        """Looked up as the member's inbox would be, which holds it by its last post."""
        services, account_id = self._services, message.account_id
        listening = self._registry.at("direct", account_id)
        if not listening:
            return
        page = _only(message.post_id)
        now = services.clock.now()
        async with services.db.read() as reader:
            window = await inboxes.inbox(reader, account_id, page, now=now)
            filtering = await matching.versions(reader, [account_id])
            seat = self._seat(account_id, filtering.get(account_id, 0))
            items = await conversations(seat, reader, window.items)
        if items:
            pieces = Pieces("conversation", items[0])
            await _send((each, pieces) for each in listening)

    async def _announced(self, message: Announced) -> None:
        """Everybody is shown the same: nothing in it is a member's own."""
        accounts = self._registry.subjects("user")
        if not accounts:
            return
        async with self._services.db.read() as reader:
            pieces = await announced(self._services, reader, message)
        await _send((s, pieces) for each in accounts for s in self._registry.at("user", each))

    async def _signal(self, message: Signal) -> None:
        registry = self._registry
        subjects = message.account_ids or registry.subjects(message.channel)
        pieces = Pieces(message.event, message.payload.encode() if message.payload else None)
        await _send((s, pieces) for each in subjects for s in registry.at(message.channel, each))

    def _ended(self, message: Ended) -> None:
        own = self._registry.of_account(message.account_id)
        if message.token_ids:
            own = [stream for stream in own if stream.token_id in message.token_ids]
        end_all(own, Code.POLICY, "The access token is invalid")

    def _seat(self, account_id: int, filters_version: int = 0) -> Seat:
        viewer = Viewer(account_id=account_id, filters_version=filters_version)
        return Seat(self._services, viewer)

    async def _read(self, look: Callable[[Reader], Awaitable[T]], viewers: int) -> T:
        if viewers > MANY:
            return await self._services.db.slowly(look)
        async with self._services.db.read() as reader:
            return await look(reader)


def _only(line_id: int) -> Page:
    """The part of a list that holds this line alone."""
    return Page.of(1, default=1, cap=1, max_id=line_id + 1, since_id=line_id - 1)


async def _send(events: Iterable[tuple[Subscription, Pieces | None]]) -> None:
    """Send to each; other work gets its turn in between."""
    for count, (subscription, pieces) in enumerate(events, 1):
        if pieces is not None:
            subscription.send(pieces)
        if not count % _AT_ONCE:
            await asyncio.sleep(0)
