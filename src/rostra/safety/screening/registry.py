"""What judges at this place now: signals and rules, as old as the transaction that asks."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from rostra.safety.edge import Reader, Services
from rostra.safety.lists.held import HELD as LISTS
from rostra.safety.rules.features import Lookup
from rostra.safety.rules.held import HELD as RULES
from rostra.safety.rules.model import LiveRule
from rostra.safety.rules.vocabulary import Needs
from rostra.safety.signals.model import Signal, Takes
from rostra.safety.states import keep
from rostra.safety.states.keep import Versions
from rostra.store.database import Database

FROM_ROWS: Final = Takes.ACCOUNT | Takes.COPIES
"""Signals that take these are asked in the transaction, where rows can be read."""


class Registry(msgspec.Struct, frozen=True, dict=True):
    """What judges, made from one state of what it goes by.

    Attributes:
        signals: those that judge at once, the cheap ones first.
        rules: those in shadow, and those that are live.
        needs: all that these rules have to know.
        lookup: finds the named lists for them.
        version: the newest version of the parts that it was made from; 0: none was ever changed.
    """

    signals: tuple[Signal, ...] = ()
    rules: tuple[LiveRule, ...] = ()
    needs: Needs = Needs()
    lookup: Lookup | None = None
    version: int = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.signals and not self.rules

    @cached_property
    def of_words(self) -> tuple[Signal, ...]:
        """Signals that need no rows."""
        return tuple(each for each in self.signals if not each.takes & FROM_ROWS)

    @cached_property
    def of_rows(self) -> tuple[Signal, ...]:
        """Those that do."""
        return tuple(each for each in self.signals if each.takes & FROM_ROWS)

    @cached_property
    def takes(self) -> Takes:
        """All that its signals look at."""
        taken = Takes(0)
        for signal in self.signals:
            taken |= signal.takes
        return taken

    @cached_property
    def asks_author(self) -> bool:
        """Whether the author's own row has to be read."""
        of_author = any(name.startswith("author.") for name in self.needs.features)
        return of_author or self.takes_account

    @cached_property
    def takes_account(self) -> bool:
        """Whether a signal looks at the author."""
        return bool(self.takes & Takes.ACCOUNT)

    @cached_property
    def takes_copies(self) -> bool:
        """Whether a signal looks at what was removed before."""
        return bool(self.takes & Takes.COPIES)


EMPTY: Final = Registry()


class Registries:
    """The registry of each database that this process works on.

    Args:
        built_in: signals that are there wherever this process runs.
    """

    def __init__(self, built_in: Sequence[Signal] = ()) -> None:
        self._built_in = tuple(built_in)
        self._unchanged = _of(self._built_in)
        self._held: WeakKeyDictionary[Database, tuple[Versions, Registry]] = WeakKeyDictionary()

    def lately(self, services: Services) -> Registry:
        """What judged when this process last asked; no statement."""
        held = self._held.get(services.db)
        return held[1] if held else self._unchanged

    async def is_current(self, services: Services, reader: Reader) -> bool:
        """Whether nothing has changed since this process last asked. One small statement."""
        held = self._held.get(services.db)
        return held is not None and held[0] == await keep.versions(reader)

    async def current(self, services: Services, reader: Reader) -> Registry:
        """What judges now. One small statement, and what has changed since is made anew."""
        known = await keep.versions(reader)
        held = self._held.get(services.db)
        if held is not None and held[0] == known:
            return held[1]
        made = self._unchanged
        if known:
            lists = await LISTS.of(services, reader, known)
            rules = await RULES.of(services, reader, known)
            listed = () if lists.idle else (lists.signal(),)
            signals = (*self._built_in, *listed)
            made = _of(signals, rules, lists.feature, version=max(known.values()))
        self._held[services.db] = (known, made)
        return made


def _of(
    signals: Sequence[Signal],
    rules: tuple[LiveRule, ...] = (),
    lookup: Lookup | None = None,
    version: int = 0,
) -> Registry:
    needs = Needs()
    for each in rules:
        needs |= each.rule.needs
    ordered = tuple(sorted(signals, key=lambda each: each.cost))
    return Registry(ordered, rules, needs, lookup, version)
