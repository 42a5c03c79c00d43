"""What a place lists, page by page. It says so alone, so it must not be able to go on for ever."""

from typing import Final

from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

PAGE: Final = 1_000
# A record each second for 46 days without a copy, a part of the journal every two seconds for 92.
MOST: Final = 4_000_000


class Listing:
    """The keys of a place below a prefix, in order."""

    def __init__(self, store: Store, prefix: str, *, after: str = "", most: int = MOST) -> None:
        """Begin it.

        Args:
            store: the place.
            prefix: the folder.
            after: only keys behind this one.
            most: more than so many are believed of no place.
        """
        self._store = store
        self._prefix = prefix
        self._after = after
        self._most = most
        self._listed = 0

    async def page(self) -> list[str]:
        """The next keys; none: that was all.

        Raises:
            PlaceFailed: it can't be asked, it lists more than there can be, or goes in a circle.
        """
        page = await self._store.keys(self._prefix, after=self._after, limit=PAGE)
        if not page:
            return []
        if page[0] <= self._after or page != sorted(page):
            raise PlaceFailed(self._store.name, f"it does not list {self._prefix}/ in order")
        self._after = page[-1]
        self._listed += len(page)
        if self._listed > self._most:
            why = f"it lists more than {self._most:,} objects below {self._prefix}/"
            raise PlaceFailed(self._store.name, why)
        return page

    async def all(self) -> list[str]:
        """All keys.

        Raises:
            PlaceFailed: as with `page`.
        """
        found: list[str] = []
        while page := await self.page():
            found += page
            if len(page) < PAGE:
                break
        return found
