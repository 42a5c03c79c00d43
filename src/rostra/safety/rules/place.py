"""What this place adds to the words of the language, and rules read with them."""

from typing import Final

from rostra.safety.categories.facts import all_facts
from rostra.safety.edge import Reader, Services
from rostra.safety.lists.held import HELD as LISTS
from rostra.safety.lists.held import NAME as OF_LISTS
from rostra.safety.rules.features import Lookup
from rostra.safety.rules.rule import Rule, read_rule
from rostra.safety.rules.vocabulary import Vocabulary
from rostra.safety.states.keep import versions

_HARMS: Final = frozenset({"violence", "hate", "harassment", "spam"})
_ANY: Final = _HARMS | {each.slug for each in all_facts()}
"""What a score may be of that follows from a category: of a list, of what was removed before."""
_BY_CATEGORY: Final = frozenset({"copies", OF_LISTS})


class Words(Vocabulary, frozen=True):
    """The signals and lists of a place, and what finds something in its lists."""

    lookup: Lookup | None = None

    def read(self, source: str) -> Rule:
        """A checked rule, tried on its examples.

        Raises:
            Faulty: with all that is wrong, each with its line and column.
        """
        return read_rule(source, self, self.lookup)


async def words(services: Services, reader: Reader) -> Words:
    """The words of this place as they stand in the transaction that asks. One statement.

    Programs elsewhere have no scores while something is published: they can be asked later alone.
    """
    lists = await LISTS.of(services, reader, await versions(reader))
    names = [*services.settings.screening.signals, *(() if lists.idle else (OF_LISTS,))]
    signals = {name: _ANY if name in _BY_CATEGORY else _HARMS for name in names}
    later = {each.name: frozenset[str]() for each in services.settings.adapters}
    return Words(signals={**later, **signals}, lists=lists.names, lookup=lists.feature)
