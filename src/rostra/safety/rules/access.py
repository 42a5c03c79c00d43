"""Loads rules, their versions, what became of them, and what they counted. For the team."""

from collections.abc import Sequence
from typing import Final

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.safety.edge import Reader
from rostra.safety.rules import queries
from rostra.safety.rules.model import MOST_RULES, Lack, LogEntry, StoredRule, Tally, Version

SHOWN: Final = 50


async def every(reader: Reader) -> list[StoredRule]:
    """All rules, by name (200 at most). One statement."""
    return await reader.all(queries.ALL, limit=MOST_RULES)


async def one(reader: Reader, rule_id: int) -> StoredRule:
    """A rule. One statement.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=rule_id)
    if found is None:
        raise NotFound(f"rule {rule_id}")
    return found


async def named(reader: Reader, name: str) -> StoredRule:
    """The rule of this name. One statement.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.NAMED, name=name)
    if found is None:
        raise NotFound(f"rule {name}", safe=f"there is no rule {name[:40]!r}")
    return found


async def version(reader: Reader, rule_id: int, number: int) -> Version:
    """One of a rule's versions. One statement.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.VERSION, rule=rule_id, number=number)
    if found is None:
        safe = f"there is no version {number}"
        raise NotFound(f"version {number} of rule {rule_id}", safe=safe)
    return found


async def lacks(reader: Reader, of: Version) -> tuple[Lack, ...]:
    """What a version was not tried on yet; none: it may go live. One statement."""
    tried = await reader.first(queries.TRIED, rule=of.rule_id, source=of.source)
    return (
        *(() if tried is not None else (Lack.PAST,)),
        *(() if of.shadowed_at else (Lack.PRESENT,)),
    )


async def versions(reader: Reader, rule_id: int, *, limit: int = SHOWN) -> list[Version]:
    """A rule's versions, the newest first. One statement."""
    return await reader.all(queries.VERSIONS, rule=rule_id, limit=limit)


async def sources(reader: Reader, rules: Sequence[StoredRule]) -> dict[int, str]:
    """What these rules say now, by their ids. One statement."""
    rows = await reader.all(queries.CURRENT, ids=[each.id for each in rules])
    return dict(rows)


async def log(reader: Reader, rule_id: int = 0, *, limit: int = SHOWN) -> list[LogEntry]:
    """What became of a rule, or of all of them; the newest first. One statement."""
    if rule_id:
        return await reader.all(queries.LOG, rule=rule_id, limit=limit)
    return await reader.all(queries.LATEST, limit=limit)


async def days(reader: Reader, rule_id: int, since: int, *, span: int = DAY) -> list[Tally]:
    """What a rule counted since then (UTC ms), by days or another span; none: it was not asked.

    One statement.
    """
    return await reader.all(queries.SPANS, rule=rule_id, since=since, span=span)


async def days_of(
    reader: Reader, rule_ids: Sequence[int], since: int, *, span: int = DAY
) -> dict[int, list[Tally]]:
    """The same of several rules, by their ids. One statement."""
    found: dict[int, list[Tally]] = {each: [] for each in rule_ids}
    rows = await reader.all(queries.SPANS_OF_ALL, ids=list(rule_ids), since=since, span=span)
    for rule_id, *tally in rows:
        found[rule_id].append(Tally(*tally))
    return found
