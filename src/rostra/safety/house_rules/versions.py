"""The rules of the house by version: what held from when on, and what was new in it.

A version is never changed; whoever was decided on by a rule finds it as it was.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.instance.events import RulesChanged
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.house_rules import queries
from rostra.safety.house_rules.model import Change, RuleText, Version

LISTED: Final = 100
_encode = msgspec.json.Encoder().encode


async def rules_changed(services: Services, tx: Transaction, _event: RulesChanged) -> None:
    """Write down a new version, if anything of its words or their order is new."""
    rules = await tx.all(queries.RULES)
    newest = await tx.first(queries.NEWEST)
    if tuple(rules) == (newest.rules if newest else ()):
        return
    await tx.run(
        queries.ADD_VERSION,
        number=newest.number + 1 if newest else 1,
        rules=_encode(rules).decode(),
        created_at=services.clock.now(),
    )


async def versions(reader: Reader) -> list[Version]:
    """The newest versions (100 at most), the newest first. One statement."""
    return await reader.all(queries.VERSIONS, limit=LISTED)


async def newest(reader: Reader) -> Version | None:
    """The rules as they are now; None: there never were any. One statement."""
    return await reader.first(queries.NEWEST)


async def one(reader: Reader, number: int) -> tuple[Version, Version | None]:
    """A version, and the one before it. One statement.

    Raises:
        NotFound: there is none with this number.
    """
    found = {each.number: each for each in await reader.all(queries.PAIR, number=number)}
    if number not in found:
        raise NotFound(f"version {number} of the rules")
    return found[number], found.get(number - 1)


def changes(before: Sequence[RuleText], after: Sequence[RuleText]) -> list[Change]:
    """What is new in a version: rules that were added, worded anew, taken away, or moved."""
    old = {rule.id: rule for rule in before}
    new = {rule.id: rule for rule in after}
    found = []
    for rule in after:
        was = old.get(rule.id)
        if was is None:
            found.append(Change("added", rule.text))
        elif was != rule:
            words = was.text if was.text != rule.text else ""
            found.append(Change("worded anew" if words else "explained anew", rule.text, words))
    found += [Change("taken away", rule.text) for rule in before if rule.id not in new]
    stayed = [rule.id for rule in before if rule.id in new]
    if stayed != [rule.id for rule in after if rule.id in old]:
        found.append(Change("in another order"))
    return found
