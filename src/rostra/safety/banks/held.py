"""The banks as each process holds them, ready to be asked.

What is large is held by bank, under the bank's own version: switching a hash off, or adding one to
a small bank, does not have a large one read again.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Final
from weakref import WeakKeyDictionary

from rostra.safety.banks import queries
from rostra.safety.banks.matcher import Matcher
from rostra.safety.banks.model import WHOLE, Bank, Hashes, HashKind, Hit, ItemState
from rostra.safety.categories.facts import facts_of
from rostra.safety.edge import Reader, Services
from rostra.safety.signals.model import Finding
from rostra.safety.states.keep import Kept, Part
from rostra.store.database import Database

NAME: Final = "banks"
_PAGE: Final = 5_000
_FOREVER: Final = 1 << 62
_FADE: Final = 310
"""A picture that differs in as many bits as it may still scores 0.9."""

_Known = dict[int, tuple[int, Matcher]]


class Banks:
    """All banks that are switched on.

    Args:
        held: the banks with the matcher of each.
        off: until when (UTC ms) each hash that is not on is off.
        version: of all of it, to stand in findings.
    """

    def __init__(
        self, held: list[tuple[Bank, Matcher]], off: dict[int, int], version: str = ""
    ) -> None:
        self._held = held
        self._off = off
        self.version = version
        self.by_id = {bank.id: bank for bank, _ in held}

    def __len__(self) -> int:
        """How many hashes they have."""
        return sum(len(matcher) for _, matcher in self._held)

    def in_force(self, item_id: int, bank_id: int, now: int) -> bool:
        """Whether a hash is looked for: it and its bank are on."""
        return bank_id in self.by_id and self._off.get(item_id, 0) <= now

    def only(self, bank_id: int, matcher: Matcher) -> "Banks":
        """The same with some hashes of one bank alone; with none where it is off."""
        bank = self.by_id.get(bank_id)
        return Banks([(bank, matcher)] if bank else [], self._off, self.version)

    def hits(self, hashes: Hashes, now: int) -> list[Hit]:
        """Every hash that a file has met and that counts, by bank, the nearest first."""
        return [
            Hit(item_id, bank.id, kind, apart)
            for bank, matcher in self._held
            for item_id, kind, apart in matcher.find(hashes)
            if self._off.get(item_id, 0) <= now and counts(bank, hashes)
        ]

    def match(self, hashes: Hashes, now: int) -> Finding | None:
        """The same as what a signal says: the score of each bank's category, by the best hit."""
        scores: dict[str, float] = {}
        reasons: list[str] = []
        for hit in self.hits(hashes, now):
            bank = self.by_id[hit.bank_id]
            slug = facts_of(bank.category).slug
            scores[slug] = max(scores.get(slug, 0.0), score_of(hit))
            reasons.append(words_of(bank, hit))
        if not scores:
            return None
        return Finding(NAME, self.version, scores, reason="; ".join(reasons[:3]))


def score_of(hit: Hit) -> float:
    """How sure a hit is: 1 for the same bits, 0.9 for as many others as there may be."""
    return 1 - hit.distance / _FADE


def words_of(bank: Bank, hit: Hit) -> str:
    """A hit in a sentence for moderators."""
    wish = f"; its keepers wish: {bank.wish}" if bank.wish != "look" else ""
    if hit.kind == HashKind.SHA256:
        return f"The file is in the bank {bank.name}, byte for byte{wish}"
    return f"A picture looks like one of the bank {bank.name} ({hit.distance} of 256 bits){wish}"


def counts(bank: Bank, hashes: Hashes) -> bool:
    """Whether a match is among those of a bank that count: the same for the same file always."""
    if bank.share >= WHOLE:
        return True
    told_by = bank.id.to_bytes(8, "big") + (hashes.sha256 or hashes.pdq)
    lot = int.from_bytes(hashlib.blake2b(told_by, digest_size=8).digest(), "big")
    return lot % WHOLE < bank.share


_matchers: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def _make(services: Services, reader: Reader) -> Banks:
    banks = [bank for bank in await reader.all(queries.BANKS) if bank.enabled]
    known = _matchers.get(services.db, {})
    fresh: _Known = {}
    for bank in banks:
        held = known.get(bank.id)
        if held is None or held[0] != bank.version:
            held = (bank.version, await matcher_of(reader, bank.id))
        fresh[bank.id] = held
    _matchers[services.db] = fresh
    off = {
        item_id: until if until and state == ItemState.OFF else _FOREVER
        for item_id, state, until in await reader.all(queries.NOT_ON)
    }
    version = str(max((bank.version for bank in banks), default=0))
    return Banks([(bank, fresh[bank.id][1]) for bank in banks], off, version)


async def matcher_of(reader: Reader, bank_id: int, after: int = 0) -> Matcher:
    """The matcher of a bank, or of its hashes after an id. It is made off the event loop."""
    rows = [row async for page in _pages(reader, bank_id, after) for row in page]
    return await asyncio.to_thread(Matcher, rows)


async def _pages(
    reader: Reader, bank_id: int, after: int
) -> AsyncIterator[list[tuple[int, int, bytes]]]:
    full = True
    while full:
        page = await reader.all(queries.HASHES, bank=bank_id, after=after, limit=_PAGE)
        full = len(page) == _PAGE
        if page:
            after = page[-1][0]
            yield page
            await asyncio.sleep(0)  # SQLite is read on the event loop; others have their turn


HELD: Kept[Banks] = Kept(Part.BANKS, make=_make)
