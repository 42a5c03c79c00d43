"""The rules that are asked at every post, held by each process until one of them changes."""

from collections.abc import Mapping

import msgspec

from rostra.safety.edge import Reader, Services
from rostra.safety.rules import access
from rostra.safety.rules.faults import Fault, Faulty
from rostra.safety.rules.model import LiveRule, State, StoredRule
from rostra.safety.rules.place import Words, words
from rostra.safety.states.keep import Kept, Part


class InForce(msgspec.Struct, frozen=True):
    """What is asked, and what should be but is no rule any more, with what is wrong with it."""

    rules: tuple[LiveRule, ...]
    faulty: Mapping[int, tuple[Fault, ...]]


async def in_force(services: Services, reader: Reader) -> InForce:
    """Every rule that is in shadow or live, read anew. Two statements."""
    stored = [each for each in await access.every(reader) if each.state is not State.OFF]
    if not stored:
        return InForce((), {})
    sources = await access.sources(reader, stored)
    known = await words(services, reader)
    rules: list[LiveRule] = []
    faulty: dict[int, tuple[Fault, ...]] = {}
    for each in stored:
        try:
            rules.append(_live(each, sources.get(each.id, ""), known))
        except Faulty as error:
            # One rule that a list or a signal has left must not stop the others.
            faulty[each.id] = tuple(error.faults)
    return InForce(tuple(rules), faulty)


def _live(stored: StoredRule, source: str, known: Words) -> LiveRule:
    return LiveRule(
        rule_id=stored.id,
        version=stored.version,
        name=stored.name,
        state=stored.state,
        rule=known.read(source),
        switched_on_by=stored.switched_by,
        state_at=stored.state_at,
        bounds=stored.bounds,
    )


async def _rules(services: Services, reader: Reader) -> tuple[LiveRule, ...]:
    return (await in_force(services, reader)).rules


# A rule that asks a list is one only while there is such a list.
HELD: Kept[tuple[LiveRule, ...]] = Kept(Part.RULES, Part.LISTS, make=_rules)
