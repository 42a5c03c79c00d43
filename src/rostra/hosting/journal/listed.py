"""The parts of the journal that the places list, and which of them there are.

A place can list what nobody has written. What stands under such a name can be read by nobody; so
what few places list, and none has unharmed, is named and left out. What most of them list is not:
it was there, and was damaged.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.read import ArkError
from rostra.hosting.journal.part import FOLDER, Found, key_of, mark_at, read, shown
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_AT_ONCE: Final = 8
_MOST_STRANGE: Final = 100  # of one place that are asked for


class Listed(msgspec.Struct, frozen=True):
    """What the places list.

    Attributes:
        by: the names of those that list a part, by its mark.
        answered: how many places have answered.
    """

    by: dict[str, tuple[str, ...]]
    answered: int

    @property
    def marks(self) -> list[str]:
        """Of all parts that anybody lists, in order."""
        return sorted(self.by)

    def is_rare(self, mark: str) -> bool:
        """Whether no more than half of those that have answered list a part."""
        return 2 * len(self.by[mark]) <= self.answered


async def marks(store: Store) -> list[str]:
    """The marks of all parts at a place, in order.

    Raises:
        PlaceFailed: it can't be asked.
    """
    found = await Listing(store, FOLDER).all()
    return [mark for key in found if (mark := mark_at(key)) is not None]


async def listed(stores: Sequence[Store]) -> Listed:
    """What the places list; one that can't be asked is passed over.

    Raises:
        ArkError: no place answers.
    """
    by: dict[str, tuple[str, ...]] = {}
    why = []
    for store in stores:
        try:
            for mark in await marks(store):
                by[mark] = (*by.get(mark, ()), store.name)
        except PlaceFailed as error:
            why.append(str(error))
    if len(why) == len(stores):
        raise ArkError(f"the journal can't be had: {'; '.join(why)}")
    return Listed(by, len(stores) - len(why))


class Parts:
    """The parts that are listed, read as they are needed.

    Attributes:
        found: those that were read.
        tried: the marks that were asked for.
        strange: the marks that few places list, and that nobody has unharmed.
    """

    def __init__(self, stores: Sequence[Store], signer: str, there: Listed) -> None:
        self._stores = tuple(stores)
        self._signer = signer
        self._listed = there
        self._strange_at: Counter[str] = Counter()
        self.found: dict[str, Found] = {}
        self.tried: set[str] = set()
        self.strange: set[str] = set()

    def marks(self) -> list[str]:
        """Of all that are listed but those that are known to be strange; in order."""
        return [mark for mark in self._listed.marks if mark not in self.strange]

    async def one(self, mark: str) -> Found | None:
        """A part that is listed; None: nobody has it unharmed.

        A place that lists very many such parts alone is not believed any more: nobody is asked
        for them.
        """
        rare, places = self._listed.is_rare(mark), self._listed.by[mark]
        if rare and all(self._strange_at[place] >= _MOST_STRANGE for place in places):
            self.strange.add(mark)
            return None
        found, failed = await self._from_first(mark)
        if found is None and rare:
            self._strange_at.update(places)
            # Where one of those that list it does not show it now, it may well be there.
            if failed.isdisjoint(places):
                self.strange.add(mark)
        return found

    async def _from_first(self, mark: str) -> tuple[Found | None, set[str]]:
        """A part from the first place that has it unharmed, and the places that have failed."""
        failed = set()
        for store in self._stores:
            try:
                stored = await store.read(key_of(mark))
            except PlaceFailed:
                failed.add(store.name)
                continue
            found = None if stored is None else read(stored.content, mark)
            if found is not None and found.part.key == self._signer:
                return found, failed
        return None, failed

    async def read(self, marks: Iterable[str]) -> None:
        """Read those of them that were not yet, some at a time."""
        wanted = [mark for mark in marks if mark not in self.tried]
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            for mark, each in zip(some, await asyncio.gather(*map(self.one, some)), strict=True):
                self.tried.add(mark)
                if each is not None:
                    self.found[mark] = each

    def told(self) -> tuple[str, ...]:
        """What is strange, a sentence for each place."""
        by: dict[str, list[str]] = {}
        for mark in sorted(self.strange):
            by.setdefault(", ".join(self._listed.by[mark]), []).append(mark)
        return tuple(
            f"{places} alone: part {shown(strange[-1])} of the journal"
            f"{f' and {len(strange) - 1:,} more' if len(strange) > 1 else ''}"
            ", which no place has as it was signed: left out"
            for places, strange in by.items()
        )
