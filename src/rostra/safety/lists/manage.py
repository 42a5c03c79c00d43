"""Lists are made, changed and dropped, and what stands in them; each entry is checked first."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Fault, Invalid, NotFound
from rostra.kernel.text import clean
from rostra.safety.edge import Services, Transaction
from rostra.safety.lists import queries
from rostra.safety.lists.entries import Line, Wanted, wanted
from rostra.safety.lists.model import (
    BY_NAME,
    HARMS,
    MAX_NOTE,
    MAX_REASON,
    MOST_AT_ONCE,
    MOST_LISTS,
    ListKind,
    WordList,
)
from rostra.safety.states.keep import Part, changed
from rostra.safety.team.model import Actor, Permission
from rostra.store.database import Duplicate

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_FAULTS: Final = 20  # that are told at once
_FULL: Final = 100


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is: see `WordList`."""

    harm: str
    score: int = 50
    enabled: bool = True
    note: str = ""


class Done(msgspec.Struct, frozen=True):
    """What became of entries: how many are new, were there before, were taken away."""

    added: int = 0
    known: int = 0
    removed: int = 0


async def make(
    services: Services, tx: Transaction, actor: Actor, *, name: str, kind: str, about: About
) -> WordList:
    """Make a list, with nothing in it.

    Raises:
        Forbidden: it is not theirs.
        Invalid: on `name`, `kind`, `harm`, `score` or `note`.
        Conflict: there is one of this name, or as many as there may be.
    """
    actor.require(Permission.SCREENING)
    faults = _faults(about)
    if not _NAME.fullmatch(name):
        faults.insert(0, Fault("name", "must be small letters, digits, - and _, 40 at most"))
    if kind not in BY_NAME:
        faults.append(Fault("kind", "is not included in the list", "ERR_INCLUSION"))
    if faults:
        raise Invalid.many(faults)
    if len(await tx.all(queries.ALL)) >= MOST_LISTS:
        raise Conflict("lists", safe=f"There are {MOST_LISTS} lists already", code="too_many")
    made = WordList(
        id=services.ids.next(),
        name=name,
        kind=int(BY_NAME[kind]),
        harm=about.harm,
        score=about.score,
        enabled=int(about.enabled),
        note=clean.one_line(about.note),
        created_by=actor.account_id,
        created_at=services.clock.now(),
        changed_at=services.clock.now(),
    )
    try:
        async with tx.savepoint():
            await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    except Duplicate:
        safe = f"There is a list {name!r} already"
        raise Conflict(f"list {name}", safe=safe, code="name_taken") from None
    await changed(services, tx, Part.LISTS)
    return made


def _faults(about: About) -> list[Fault]:
    faults: list[Fault] = []
    if about.harm not in HARMS:
        faults.append(Fault("harm", "is not included in the list", "ERR_INCLUSION"))
    if not 1 <= about.score <= _FULL:
        faults.append(Fault("score", f"must lie between 1 and {_FULL}"))
    if len(about.note) > MAX_NOTE:
        faults.append(Fault("note", f"is too long (most: {MAX_NOTE} characters)", "ERR_TOO_LONG"))
    return faults


async def change(
    services: Services, tx: Transaction, actor: Actor, list_id: int, about: About
) -> WordList:
    """Say anew what a list is a sign of, or switch it on or off. Its name and kind stay.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
        Invalid: on `harm`, `score` or `note`.
    """
    actor.require(Permission.SCREENING)
    found = await _locked(tx, list_id)
    faults = _faults(about)
    if faults:
        raise Invalid.many(faults)
    made: WordList = msgspec.structs.replace(
        found,
        harm=about.harm,
        score=about.score,
        enabled=int(about.enabled),
        note=clean.one_line(about.note),
        changed_at=services.clock.now(),
    )
    row = msgspec.structs.asdict(made)
    names = ("id", "harm", "score", "enabled", "note", "changed_at")
    await tx.run(queries.SET, **{name: row[name] for name in names})
    await changed(services, tx, Part.LISTS)
    return made


async def drop(services: Services, tx: Transaction, actor: Actor, list_id: int) -> None:
    """Take a list away, with all that stands in it. Rules that name it are skipped from then on.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is none.
    """
    actor.require(Permission.SCREENING)
    await _locked(tx, list_id)
    await tx.run(queries.DROP_ALL, list=list_id)
    await tx.run(queries.DROP, id=list_id)
    await changed(services, tx, Part.LISTS)


async def put(
    services: Services,
    tx: Transaction,
    actor: Actor,
    list_id: int,
    lines: Sequence[Line],
    *,
    reason: str = "",
    replace: bool = False,
) -> Done:
    """Put entries into a list, all or none.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor: who does it.
        list_id: which list.
        lines: what they want, each with the number by which its faults are told.
        reason: why, for lines that don't say so themselves.
        replace: everything else that stands in the list is taken away.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is no such list.
        Invalid: on `reason`, `entries`, or `line_N_entry`, `line_N_reason`, `line_N_ends`.
        Conflict: the list would have more entries than it may.
    """
    actor.require(Permission.SCREENING)
    found = await _locked(tx, list_id)
    made = _checked(services, found, lines, reason)
    removed = await tx.run(queries.DROP_OVER, list=list_id, now=services.clock.now())
    if replace:
        removed += await tx.run(queries.DROP_ALL, list=list_id)
    known = set(await tx.all(queries.TEXTS, list=list_id))
    new = [each for each in made if each.text not in known]
    _room(found.of, len(known) + len(new))
    by = {"list_id": list_id, "author_id": actor.account_id}
    rows = [{"id": services.ids.next(), **by, **each._asdict()} for each in new]
    await tx.run_many(queries.ADD_ENTRY, rows)
    await _touch(services, tx, list_id)
    return Done(added=len(new), known=len(made) - len(new), removed=removed)


def _checked(
    services: Services, found: WordList, lines: Sequence[Line], reason: str
) -> list[Wanted]:
    """What the lines ask for, all of it."""
    said = clean.one_line(reason)
    if len(said) > MAX_REASON:
        raise Invalid("reason", f"is too long (most: {MAX_REASON} characters)", "ERR_TOO_LONG")
    if len(lines) > MOST_AT_ONCE:
        raise Invalid("entries", f"are too many (most at once: {MOST_AT_ONCE})", "ERR_TOO_LONG")
    if not lines:
        raise Invalid("entries", "can't be blank", "ERR_BLANK")
    made, faults = wanted(found.of, lines, said, services.clock.now())
    if faults:
        raise Invalid.many(faults[:_MOST_FAULTS])
    return made


def _room(kind: ListKind, count: int) -> None:
    if count > kind.most:
        safe = f"A list of {kind.wire} has no more than {kind.most:,} entries"
        raise Conflict(f"{count} entries", safe=safe, code="too_many")


async def take(
    services: Services, tx: Transaction, actor: Actor, list_id: int, entry_ids: Sequence[int]
) -> Done:
    """Take entries out of a list.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is no such list, or none of these stands in it.
    """
    actor.require(Permission.SCREENING)
    await _locked(tx, list_id)
    removed = await tx.run(queries.DROP_ENTRIES, list=list_id, ids=list(entry_ids))
    if not removed:
        raise NotFound(f"entries of list {list_id}")
    await _touch(services, tx, list_id)
    return Done(removed=removed)


async def take_text(
    services: Services, tx: Transaction, actor: Actor, list_id: int, texts: Sequence[str]
) -> Done:
    """Take entries out of a list by what they say, as they are shown.

    Raises:
        Forbidden: it is not theirs.
        NotFound: there is no such list, or none of these stands in it.
    """
    actor.require(Permission.SCREENING)
    await _locked(tx, list_id)
    removed = 0
    for text in texts:
        removed += await tx.run(queries.DROP_TEXT, list=list_id, text=text.strip())
    if not removed:
        raise NotFound(f"entries of list {list_id}", safe="none of these stands in the list")
    await _touch(services, tx, list_id)
    return Done(removed=removed)


async def _locked(tx: Transaction, list_id: int) -> WordList:
    found = await tx.first(queries.LOCKED, id=list_id)
    if found is None:
        raise NotFound(f"list {list_id}")
    return found


async def _touch(services: Services, tx: Transaction, list_id: int) -> None:
    await tx.run(queries.TOUCH, id=list_id, now=services.clock.now())
    await changed(services, tx, Part.LISTS)
