"""A post that is published, or changed, is left to adapters: a row and a job, nothing slow."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.network.posts.events import PostBroughtIn, PostDeleted, PostEdited, PostPublished
from rostra.network.posts.model import Visibility
from rostra.safety.adapters import queries
from rostra.safety.adapters.model import Figures
from rostra.safety.edge import Services, Transaction
from rostra.settings import Adapter
from rostra.store.database import the_row

_VISIBILITIES: Final = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "followers": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}
_PARTS: Final = 10_000
_LANES: Final = 64  # the low bits of ids are random


class Drain(msgspec.Struct, frozen=True):
    """Ask an adapter about the posts that wait for it."""

    adapter: str


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Leave a new post to those adapters that are asked about it."""
    if services.settings.adapters and not event.reblog_of_id:
        await _leave(services, tx, event.post_id, event.visibility)


async def post_brought_in(services: Services, tx: Transaction, event: PostBroughtIn) -> None:
    """A post from long ago is asked about as a new one is."""
    if services.settings.adapters:
        await _leave(services, tx, event.post_id, event.visibility)


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """A post that reads differently now is asked about anew."""
    if services.settings.adapters:
        await _leave(services, tx, event.post_id, event.visibility)


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Nobody is asked about what is gone."""
    if services.settings.adapters and not event.reblog_of_id:
        await tx.run(queries.FORGET_POST, id=event.post_id)


def visible_to(adapter: Adapter) -> list[int]:
    """The visibilities of posts that may go to an adapter."""
    return [int(_VISIBILITIES[name]) for name in adapter.visibilities]


def chosen(adapter: Adapter, post_id: int) -> bool:
    """Whether a post is among the share that an adapter is asked about; the same at every edit."""
    return post_id % _PARTS < adapter.share * _PARTS  # the low bits of ids are random


async def _leave(services: Services, tx: Transaction, post_id: int, visibility: int) -> None:
    """Three statements for each adapter at most."""
    for adapter in services.settings.adapters:
        if visibility in visible_to(adapter) and chosen(adapter, post_id):
            await _put(services, tx, adapter, post_id)


async def leave_to(services: Services, tx: Transaction, name: str, post_id: int) -> None:
    """Leave a post to one adapter, whatever its share; a rule asks for it.

    Nothing is left where the post is not one that the adapter may see, or there is no such adapter.
    """
    adapter = next((each for each in services.settings.adapters if each.name == name), None)
    if adapter is None:
        return
    visible = {"ids": [post_id], "visibilities": visible_to(adapter)}
    if await tx.first(queries.POSTS, **visible) is not None:
        await _put(services, tx, adapter, post_id)


async def _put(services: Services, tx: Transaction, adapter: Adapter, post_id: int) -> None:
    """Unless too many wait, or there is nothing to ask; three statements at most."""
    if adapter.form == "hma" and await tx.first(queries.HAS_LOOK, id=post_id) is None:
        return
    most = adapter.most_waiting
    name = adapter.name
    waiting, retry_at = await the_row(tx, queries.WAITING, adapter=name, limit=most)
    if waiting >= most:
        await count(services, tx, adapter, Figures(skipped=1))
        return
    await tx.run(
        queries.PUT,
        adapter=name,
        post_id=post_id,
        stamp=services.ids.next(),
        since=services.clock.now(),
        tries=0,
    )
    await begin(services, tx, name, at=retry_at, lane=post_id % _LANES)


async def begin(
    services: Services, tx: Transaction, name: str, *, at: int = 0, lane: int | None = None
) -> None:
    """See to it that what waits for an adapter is asked, from a time (UTC ms) on.

    Whoever adds to a job that waits keeps its row until they have committed. So posts have jobs in
    lanes, and those who publish at once do not wait for each other; one job does what waits in all
    of them, and the others find nothing left.
    """
    await tx.enqueue(
        "adapters.drain",
        Drain(name),
        run_at=max(at, services.clock.now()),
        dedupe_key=name if lane is None else f"{name} {lane}",
        group_key=f"adapter:{name}",
        priority=-1,
    )


async def count(services: Services, tx: Transaction, adapter: Adapter, more: Figures) -> None:
    """Add to the figures of today."""
    await tx.run(
        queries.COUNT,
        adapter=adapter.name,
        day=services.clock.now() // DAY,
        **msgspec.structs.asdict(more),
    )
