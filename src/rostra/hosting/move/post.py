"""Letters on their way: said at every place, heard from the first that shows one."""

from collections.abc import Sequence
from typing import Any, Final

from rostra.hosting.fence.votes import is_majority
from rostra.hosting.move.letters import Said, Side, letter_key, read, written
from rostra.hosting.move.state import Kept
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import together
from rostra.kernel import ed25519

_DEADLINE_S: Final = 5.0


class Post:
    """One side of one move before the places. What it says and has heard stands in its file."""

    def __init__(
        self, stores: Sequence[Store], kept: Kept[Any], side: Side, signing_key: bytes
    ) -> None:
        """Put it together; nothing is asked yet.

        Args:
            stores: the places.
            kept: the move as this side keeps it.
            side: which it is.
            signing_key: of the ark.
        """
        self._stores = tuple(stores)
        self._kept = kept
        self._side = side
        self._other = Side.OLD if side is Side.NEW else Side.NEW
        self._private = signing_key
        self._public = ed25519.public_of(signing_key).hex()

    async def say(self, said: Said, **changes: Any) -> bool:
        """Say something, and keep what changes with it, at once; whether enough places have it.

        What they have not is said again by `again`.
        """
        now = self._kept.now
        content = written(now.move, self._side, len(now.said) + 1, said, self._private)
        self._kept.change(said=(*now.said, content.decode()), **changes)
        return await self.again()

    async def answer(self, said: Said, **changes: Any) -> bool:
        """Say something to the letter that was heard last, which is dealt with by that, at once.

        One after the other, a letter would be lost to whoever is killed between the two.
        """
        return await self.say(said, heard=self._kept.now.heard + 1, **changes)

    async def again(self) -> bool:
        """Send what enough places have not got yet, in order; whether they have all now."""
        while self._kept.now.told < len(self._kept.now.said):
            number = self._kept.now.told + 1
            if not await self._deliver(number, self._kept.now.said[number - 1].encode()):
                return False
            self._kept.change(told=number)
        return True

    async def hear(self) -> Said | None:
        """The next letter of the other side; None: there is none. It is dealt with by `dealt`."""
        now = self._kept.now
        number = now.heard + 1
        key = letter_key(now.move, self._other, number)
        for content in await self._ask(key):
            said = read(content, now.move, self._other, number, self._public)
            if said is not None:
                return said
        return None

    def dealt(self, **changes: Any) -> None:
        """The letter that was heard last is dealt with; keep what changes with it."""
        self._kept.change(heard=self._kept.now.heard + 1, **changes)

    async def _ask(self, key: str) -> list[bytes]:
        async def one(store: Store) -> bytes | None:
            stored = await store.read(key)
            return None if stored is None else stored.content

        def enough(answers: Sequence[bytes | None]) -> bool:
            # What was said stands at more than half of the places: one of these would show it.
            return 2 * len(answers) > len(self._stores)

        found = await together(self._stores, one, enough, deadline_s=_DEADLINE_S)
        return [content for content in found if isinstance(content, bytes)]

    async def _deliver(self, number: int, content: bytes) -> bool:
        key = letter_key(self._kept.now.move, self._side, number)

        async def one(store: Store) -> str:
            """Its name, if it has the letter."""
            if await store.create(key, content):
                return store.name
            there = await store.read(key)
            return store.name if there is not None and there.content == content else ""

        names = [store.name for store in self._stores]

        def enough(having: Sequence[str]) -> bool:
            return is_majority(having, names)

        done = await together(self._stores, one, enough, deadline_s=_DEADLINE_S)
        return enough([name for name in done if isinstance(name, str)])
