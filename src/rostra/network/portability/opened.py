"""What anybody may see of the whole network, member by member, in an open vocabulary.

Each page is read for itself, through the same loaders as every surface: what the public may not see
is not in it. With `private`, what members have said to followers or to some is, and whom they
follow and hide; what a decision holds or has removed never is.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow, Profile
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.portability import activities
from rostra.network.portability.outbox import Told, known_of, told
from rostra.network.portability.queries import archives, opened
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Visibility

_BATCH: Final = 40
_ANYBODY: Final = 0
Page = Callable[[Reader, int], Awaitable[tuple[list[Any], int]]]


class OpenNetwork:
    """A network, read page by page; the order is that of ids."""

    def __init__(self, services: Services, *, private: bool = False) -> None:
        """Read it; with `private`, what was not said to everybody as well."""
        self._services = services
        self._private = private
        self._at = addresses(services.settings)

    async def members(self) -> AsyncIterator[AccountRow]:
        """Every member who can be seen."""

        async def page(reader: Reader, after: int) -> tuple[list[Any], int]:
            ids = await reader.all(opened.ACCOUNTS, after=after, limit=_BATCH)
            found = await accounts_access.by_ids(reader, _ANYBODY, ids)
            return [found[each] for each in ids if each in found], _next(ids)

        async for each in self._pages(page):
            yield each

    async def actor(self, member: AccountRow) -> tuple[dict[str, Any], Profile] | None:
        """Who a member is to others, and where the pictures lie; None: they were removed since."""
        async with self._services.db.read() as reader:
            profile = (await accounts_access.profiles(reader, [member.id])).get(member.id)
        if profile is None:
            return None
        return activities.actor(member, profile, self._at), profile

    async def posts(self, member: AccountRow) -> AsyncIterator[Told]:
        """Their posts and reblogs, the oldest first."""
        viewer = self._viewer(member)

        async def page(reader: Reader, after: int) -> tuple[list[Any], int]:
            ids = await reader.all(archives.POSTS, account=member.id, after=after, limit=_BATCH)
            rows = await posts_access.rows(reader, viewer, ids)
            shown = [
                each for each in ids if each in rows and not Visibility(rows[each].visibility).held
            ]
            made = await told(self._services, reader, viewer, member.username, shown, rows)
            return made, _next(ids)

        async for each in self._pages(page):
            yield each

    async def follows(self, member: AccountRow) -> AsyncIterator[dict[str, Any]]:
        """Whom they follow; nobody, where they hide that."""
        if member.hide_collections and not self._private:
            return
        actor = self._at.actor_uri(member.username)

        async def page(reader: Reader, after: int) -> tuple[list[Any], int]:
            found = await reader.all(opened.FOLLOWS, account=member.id, after=after, limit=_BATCH)
            targets = await accounts_access.by_ids(reader, _ANYBODY, [to for _, to in found])
            made = [
                _activity("Follow", actor, self._at.actor_uri(targets[to].username))
                for _, to in found
                if to in targets and (self._private or not targets[to].hide_collections)
            ]
            return made, _next([each for each, _ in found])

        async for each in self._pages(page):
            yield each

    async def likes(self, member: AccountRow) -> AsyncIterator[dict[str, Any]]:
        """Which posts they favourited, as far as those are in it."""
        viewer, actor = self._viewer(member), self._at.actor_uri(member.username)

        async def page(reader: Reader, after: int) -> tuple[list[Any], int]:
            found = await reader.all(opened.LIKES, account=member.id, after=after, limit=_BATCH)
            rows = await posts_access.rows(reader, viewer, [post for _, post in found])
            known = await known_of(self._services, reader, member.username, rows)
            uris = [known.post_uri(post) for _, post in found]
            made = [_activity("Like", actor, uri) for uri in uris if uri]
            return made, _next([each for each, _ in found])

        async for each in self._pages(page):
            yield each

    def _viewer(self, member: AccountRow) -> int:
        return member.id if self._private else _ANYBODY

    async def _pages(self, page: Page) -> AsyncIterator[Any]:
        after = 0
        while True:

            async def work(reader: Reader, after: int = after) -> tuple[list[Any], int]:
                return await page(reader, after)

            found, after = await self._services.db.slowly(work)
            for each in found:
                yield each
            if not after:
                return


def _next(ids: list[int]) -> int:
    """Behind which id the next page begins; 0: there is none."""
    return ids[-1] if len(ids) == _BATCH else 0


def _activity(kind: str, actor: str, thing: str) -> dict[str, Any]:
    return {"type": kind, "actor": actor, "object": thing}
