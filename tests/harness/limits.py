"""What decisions do to posts, accounts and media, for tests, and all that is stored."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import select
from tests.harness.crowd import Member, Town, good

from rostra.kernel.clock import MINUTE
from rostra.network.accounts.restrict import AccountLimits, restrict_accounts
from rostra.network.media.restrict import MediaLimits, restrict_media
from rostra.network.posts.restrict import PostLimits, restrict_posts
from rostra.store.query import query
from rostra.store.tables import metadata

URL = "/api/v1/statuses"
Limits = TypeVar("Limits")
# Jobs come and go, and a version only ever rises.
_PASSING = frozenset({"jobs", "schedules"})


def said(wanted: dict[int, Limits]) -> Callable[[], Awaitable[dict[int, Limits]]]:
    """What is wanted, as it is asked for."""

    async def answer() -> dict[int, Limits]:
        return wanted

    return answer


async def limit(town: Town, *post_ids: str, **limits: Any) -> None:
    """Restrict posts to this, in one transaction; nothing named: as they were."""
    wanted = dict.fromkeys(map(int, post_ids), PostLimits(**limits))
    async with town.db.write() as tx:
        await restrict_posts(town.services, tx, list(wanted), said(wanted))


async def limit_accounts(town: Town, *account_ids: int, **limits: Any) -> None:
    """Restrict accounts to this, in one transaction; nothing named: as they were."""
    wanted = dict.fromkeys(account_ids, AccountLimits(**limits))
    async with town.db.write() as tx:
        await restrict_accounts(town.services, tx, list(wanted), said(wanted))


async def limit_media(town: Town, *media_ids: int, **limits: Any) -> None:
    """Restrict media to this, in one transaction; nothing named: as they were."""
    wanted = dict.fromkeys(media_ids, MediaLimits(**limits))
    async with town.db.write() as tx:
        await restrict_media(tx, list(wanted), said(wanted))


async def everything_stored(town: Town) -> dict[str, list[Any]]:
    """Every row of every table, versions left out, in the order of all columns."""
    await town.settle()
    found = {}
    async with town.db.read() as reader:
        for table in metadata.sorted_tables:
            if table.name not in _PASSING:
                columns = [column for column in table.columns if column.name != "version"]
                found[table.name] = sorted(await reader.all(query(select(*columns))))
    return found


class Square:
    """Somebody whose posts are decided on, with all that can hang on posts."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.posts: dict[str, str] = {}

    async def fill(self) -> "Square":
        """Everybody is there, and everything is posted and done."""
        town = self.town
        self.ann, self.bob, self.cat = await town.members("ann", "bob", "cat")
        await town.follow(self.bob, self.ann)
        for name in ("public", "unlisted", "private", "direct"):
            self.posts[name] = await town.post(
                self.ann, f"needle{name} for @bob #harbour", visibility=name
            )
        public, posts = self.posts["public"], self.posts
        self.first = await town.post(self.cat, "Words of cat.")
        poll = {"options": ["tea", "coffee"], "expires_in": 600}
        posts["reply"] = await town.post(
            self.ann, "needlereply", in_reply_to_id=self.first, sensitive=True, poll=poll
        )
        posts["quote"] = await town.post(self.ann, "needlequote", quoted_status_id=self.first)
        posts["reblog"] = (await town.act(self.ann, "reblog", self.first))["id"]
        self.answer = await town.post(self.bob, "An answer.", in_reply_to_id=public)
        for verb in ("favourite", "bookmark", "reblog"):
            await town.act(self.bob, verb, public)
        await town.act(self.ann, "pin", public)
        town.rostra.clock.advance(MINUTE)  # trends have counted it all
        await town.rostra.work()
        return self

    async def one(self, who: Any, name: str, status: int = 200) -> Any:
        """A post as somebody sees it."""
        client = who.client if isinstance(who, Member) else who
        return good(await client.get(f"{URL}/{self.posts[name]}"), status)
