"""Which harm a rule of the house is about: apps report rules, and their reports go by that."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Category
from rostra.safety.edge import Reader, Transaction
from rostra.safety.house_rules import queries


async def set_harm(tx: Transaction, rule_id: int, category: Category | None) -> None:
    """Say what a rule is about; None: it is about nothing in particular.

    Raises:
        NotFound: there is no such rule.
    """
    if await tx.first(queries.RULE, id=rule_id) is None:
        raise NotFound(f"rule {rule_id}", safe=f"there is no rule {rule_id}")
    if category is None:
        await tx.run(queries.DROP_HARM, id=rule_id)
    else:
        await tx.run(queries.PUT_HARM, rule_id=rule_id, category=int(category))


async def harms(reader: Reader, rule_ids: Sequence[int]) -> dict[int, Category]:
    """What these rules are about, those that are about something. One statement, or none."""
    if not rule_ids:
        return {}
    rows = await reader.all(queries.HARMS, ids=list(rule_ids))
    return {rule_id: Category(category) for rule_id, category in rows}


async def worst_of(reader: Reader, rule_ids: Sequence[int]) -> Category | None:
    """The worst that one of these rules is about; None: none of them says."""
    found = (await harms(reader, rule_ids)).values()
    return max(found, key=lambda each: facts_of(each).severity, default=None)
