"""The SQL of rules, private to this slice."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, cast, func, or_, select

from rostra.kernel.clock import DAY
from rostra.safety.rules.model import LogEntry, State, StoredRule, Tally, Version
from rostra.store.query import const, in_ids, insert, number, query, query_in
from rostra.store.tables.screening_rules import (
    screening_rule_catches,
    screening_rule_hours,
    screening_rule_log,
    screening_rule_versions,
    screening_rules,
)
from rostra.store.tables.tryouts import rule_tryouts

S = TypeVar("S", bound=msgspec.Struct)
ID, RULE, LIMIT = number("id"), number("rule"), number("limit")
_rules, _versions, _log = screening_rules.c, screening_rule_versions.c, screening_rule_log.c
_hours, _catches = screening_rule_hours.c, screening_rule_catches.c
_tryouts = rule_tryouts.c
SHORTEST_TRYOUT: Final = DAY
_TRIED = 2  # a try-out that is done; it has its states in a slice that knows this one
SOURCE = bindparam("source", type_=Text())


def _into(struct: type[S]) -> Callable[..., S]:
    names = struct.__struct_fields__

    def made(*columns: Any) -> S:
        return struct(**dict(zip(names, columns, strict=True)))

    return made


def _rule(*columns: Any) -> StoredRule:
    found = dict(zip(StoredRule.__struct_fields__, columns, strict=True))
    return StoredRule(**{**found, "state": State(found["state"])})


_RULE = [_rules[name] for name in StoredRule.__struct_fields__]
_VERSION = [_versions[name] for name in Version.__struct_fields__]
_LOG = [_log[name] for name in LogEntry.__struct_fields__]
_version, _entry = _into(Version), _into(LogEntry)

ALL = query(select(*_RULE).order_by(_rules.name).limit(LIMIT), _rule)
ONE = query(select(*_RULE).where(_rules.id == ID), _rule)
NAMED = query(select(*_RULE).where(_rules.name == bindparam("name")), _rule)
LOCKED = query(select(*_RULE).where(_rules.id == ID).with_for_update(), _rule)
ADD = insert(screening_rules)
SET = query(
    screening_rules.update()
    .where(_rules.id == ID)
    .values(
        state=number("state"),
        version=number("version"),
        state_at=number("state_at"),
        switched_by=number("switched_by"),
    )
)
BOUND = query(
    screening_rules.update()
    .where(_rules.id == ID)
    .values(most_an_hour=number("most_an_hour"), jump=number("jump"))
)
COUNTS = query(select(_rules.state, func.count()).group_by(_rules.state))

VERSION = query(
    select(*_VERSION).where(_versions.rule_id == RULE, _versions.number == number("number")),
    _version,
)
VERSIONS = query(
    select(*_VERSION)
    .where(_versions.rule_id == RULE)
    .order_by(_versions.number.desc())
    .limit(LIMIT),
    _version,
)
CURRENT = query(
    select(_versions.rule_id, _versions.source)
    .select_from(
        screening_rules.join(
            screening_rule_versions,
            (_versions.rule_id == _rules.id) & (_versions.number == _rules.version),
        )
    )
    .where(in_ids(_rules.id, "ids"))
)
ADD_VERSION = insert(screening_rule_versions)
SHADOWED = query(
    screening_rule_versions.update()
    .where(
        _versions.rule_id == RULE,
        _versions.number == number("which"),
        _versions.shadowed_at == const(0),
    )
    .values(shadowed_at=number("now"))
)

# Whether a try-out of just this source has come to its end; those that are too old are dropped.
# One of less than a day says little: it is kept, and does not count.
TRIED = query(
    select(_tryouts.id)
    .where(
        _tryouts.rule_id == RULE,
        _tryouts.state == const(_TRIED),
        _tryouts.until - _tryouts.since >= const(SHORTEST_TRYOUT),
        or_(_tryouts.source == SOURCE, _tryouts.against_source == SOURCE),
    )
    .limit(const(1)),
    int,
)

ADD_LOG = insert(screening_rule_log)
LOG = query(select(*_LOG).where(_log.rule_id == RULE).order_by(_log.id.desc()).limit(LIMIT), _entry)
LATEST = query(select(*_LOG).order_by(_log.id.desc()).limit(LIMIT), _entry)


def _add(words: Any) -> Any:
    statement = words.insert(screening_rule_hours).values(
        {column.name: number(column.name) for column in _hours}
    )
    keys = [column.name for column in screening_rule_hours.primary_key]
    more = {
        name: _hours[name] + statement.excluded[name]
        for name in ("asked", "caught", "skipped", "spent_ns")
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=more)


ADD_HOUR = query_in(_add)


def _sum(name: str) -> Any:
    return cast(func.sum(_hours[name]), BigInteger)  # PostgreSQL adds up to decimals


_SUMS = [_sum(name) for name in ("asked", "caught", "skipped", "spent_ns")]
_DAY = (_hours.hour - _hours.hour % number("span")).label("day")
# By days, or by whatever span is asked for.
SPANS = query(
    select(_DAY, *_SUMS)
    .where(_hours.rule_id == RULE, _hours.hour >= number("since"))
    .group_by(_DAY)
    .order_by(_DAY),
    Tally,
)
SPANS_OF_ALL = query(
    select(_hours.rule_id, _DAY, *_SUMS)
    .where(in_ids(_hours.rule_id, "ids"), _hours.hour >= number("since"))
    .group_by(_hours.rule_id, _DAY)
    .order_by(_hours.rule_id, _DAY)
)
# What a version was asked before an hour, and since: for its own past, and for its present.
ASKED = query(
    select(_hours.hour, _hours.asked, _hours.caught)
    .where(
        _hours.rule_id == RULE,
        _hours.hour >= number("since"),
        _hours.version == number("version"),
    )
    .order_by(_hours.hour)
)
DROP_HOURS = query(screening_rule_hours.delete().where(_hours.hour < number("before")))

ADD_CATCH = insert(screening_rule_catches)
CAUGHT = query(
    select(func.count()).select_from(
        select(_catches.id)
        .where(_catches.rule_id == RULE, _catches.id >= number("since"))
        .limit(LIMIT)
        .subquery()
    )
)
CAUGHT_OF_MEMBER = query(
    select(func.count()).select_from(
        select(_catches.id)
        .where(
            _catches.rule_id == RULE,
            _catches.account_id == number("account"),
            _catches.id >= number("since"),
        )
        .limit(LIMIT)
        .subquery()
    )
)
DROP_CATCHES = query(screening_rule_catches.delete().where(_catches.id < number("before")))
