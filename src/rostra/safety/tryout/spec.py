"""What is tried: sources that travel to other processes, and are read there again."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final

import msgspec

from rostra.kernel.clock import SystemClock
from rostra.safety.edge import Reader, Services
from rostra.safety.lists.held import NAME as OF_LISTS
from rostra.safety.lists.held import Lists, rows
from rostra.safety.lists.model import Entry, WordList
from rostra.safety.rules.place import words
from rostra.safety.rules.rule import Rule, read_rule
from rostra.safety.rules.vocabulary import Needs, Vocabulary
from rostra.safety.signals.model import Signal
from rostra.safety.signals.text_model.signal import load
from rostra.safety.tryout.moments import Aids
from rostra.safety.tryout.score import Scorer

_TEXT_MODEL: Final = "text_model"


class Shelf(msgspec.Struct, frozen=True):
    """The lists of a place, as they are sent elsewhere."""

    lists: tuple[WordList, ...] = ()
    entries: tuple[Entry, ...] = ()


class Spec(msgspec.Struct, frozen=True):
    """One rule, or two beside each other.

    Attributes:
        sources: their texts, which have been checked.
        samples: how many posts to show at most, of each group.
        signals: what each signal of the place has scores of.
        shelf: JSON of a `Shelf`; empty: there are no lists.
    """

    sources: tuple[str, ...]
    samples: int
    signals: tuple[tuple[str, frozenset[str]], ...] = ()
    shelf: bytes = b""

    def read(self) -> "Tried":
        """The rules, read anew.

        Raises:
            Faulty: one is no rule, with what this place has.
        """
        lists = self._lists()
        vocabulary = Vocabulary(dict(self.signals), lists.names)
        rules = tuple(read_rule(each, vocabulary, lists.feature) for each in self.sources)
        needs = _needs(rules)
        signals: dict[str, Signal] = {}
        if OF_LISTS in needs.signals:
            signals[OF_LISTS] = lists.signal()
        if _TEXT_MODEL in needs.signals:
            signals[_TEXT_MODEL] = load()
        tests = {name: test for name in needs.lists if (test := lists.test(name)) is not None}
        return Tried(rules, Aids(signals, tests), self.samples)

    def _lists(self) -> Lists:
        shelf = msgspec.json.decode(self.shelf, type=Shelf) if self.shelf else Shelf()
        return Lists(shelf.lists, shelf.entries, SystemClock().now)


async def spec_of(services: Services, reader: Reader, sources: Sequence[str], samples: int) -> Spec:
    """What is tried, with the words of this place as they stand now."""
    known = await words(services, reader)
    lists, entries = await rows(reader)
    shelf = msgspec.json.encode(Shelf(tuple(lists), tuple(entries))) if lists else b""
    signals = tuple(sorted((name, frozenset(harms)) for name, harms in known.signals.items()))
    return Spec(tuple(sources), samples, signals, shelf)


class Tried(msgspec.Struct, frozen=True):
    """Rules as a process asks them."""

    rules: tuple[Rule, ...]
    aids: Aids
    samples: int

    @property
    def needs(self) -> Needs:
        """What has to be known for all of them."""
        return _needs(self.rules)

    def scorer(self) -> Scorer:
        """What counts a part of the posts."""
        return Scorer(self.rules, samples=self.samples, aids=self.aids)


def _needs(rules: Sequence[Rule]) -> Needs:
    return reduce(or_, (rule.needs for rule in rules), Needs())
