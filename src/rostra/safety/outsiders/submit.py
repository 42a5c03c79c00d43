"""Somebody without an account reports something (DSA Art. 16)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text.clean import normalise, one_line
from rostra.kernel.text.names import email_address
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category, Sender
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.outsiders import queries
from rostra.safety.outsiders.lead import Led, lead
from rostra.safety.outsiders.letters import leave_receipt
from rostra.safety.outsiders.links import add_link
from rostra.safety.outsiders.model import (
    LONGEST_MS,
    Given,
    Outside,
    OutsideState,
    Purpose,
    may_be_nameless,
    waits_for_nobody,
)
from rostra.safety.reports.file import MAX_EXPLANATION, MAX_POSTS, report
from rostra.safety.reports.flaggers import trusts_address
from rostra.safety.reports.model import Said
from rostra.safety.subjects import SubjectKind

MAX_ADDRESSES: Final = 20
MAX_ADDRESS: Final = 500
MAX_NAME: Final = 100


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What was filled in, cleaned and looked up."""

    given: Given
    category: Category
    led: tuple[Led, ...]
    decided_before_at: int  # UTC ms; 0: never, as far as everybody sees it


class Receipt(msgspec.Struct, frozen=True):
    """What whoever reports is given: the report, and the secret of the link that shows it."""

    outside: Outside
    token: str


async def read(services: Services, reader: Reader, given: Given) -> Read:
    """Check what was filled in, and look up what it names. A handful of statements.

    Raises:
        Invalid: on `addresses`, `category`, `comment`, `name`, `email` or `good_faith`.
    """
    given = msgspec.structs.replace(
        given,
        addresses=tuple(dict.fromkeys(line for each in given.addresses if (line := each.strip()))),
        comment=normalise(given.comment).strip(),
        name=one_line(normalise(given.name)).strip(),
        email=given.email.strip(),
    )
    faults = _faults(given, mail=services.mailer.configured)
    led: list[Led] = []
    if not any(fault.field == "addresses" for fault in faults):
        found = await lead(services, reader, given.addresses)
        for line, things in zip(given.addresses, found, strict=True):
            led += things
            if not things:
                words = f'"{line[:100]}" leads to nothing here that everybody can see'
                faults.append(Fault("addresses", words, "ERR_UNREACHABLE"))
    category = given.category
    if faults or category is None:
        raise Invalid.many(faults)
    if given.email:
        email = email_address(given.email) or ""
        given = msgspec.structs.replace(given, email=email if services.mailer.configured else "")
    seen = {each.subject for each in led if each.seen}
    before = await cases_access.decided_before(reader, seen)
    return Read(
        given=given,
        category=category,
        led=tuple(dict.fromkeys(led)),
        decided_before_at=max((each.decided_at for each in before.values()), default=0),
    )


def _faults(given: Given, *, mail: bool) -> list[Fault]:
    faults = [
        _of_addresses(given.addresses),
        None if given.category else Fault("category", "must be chosen", "ERR_BLANK"),
        _of_text("comment", given.comment, MAX_EXPLANATION),
        _of_person(given),
        _of_email(given, mail=mail),
        None if given.good_faith else Fault("good_faith", "must be confirmed", "ERR_ACCEPTED"),
    ]
    return [fault for fault in faults if fault]


def _of_addresses(addresses: Sequence[str]) -> Fault | None:
    if not addresses:
        return Fault("addresses", "can't be blank", "ERR_BLANK")
    if len(addresses) > MAX_ADDRESSES:
        return Fault("addresses", f"are too many (most: {MAX_ADDRESSES})", "ERR_TOO_MANY")
    if any(len(each) > MAX_ADDRESS for each in addresses):
        words = f"have one that is too long (most: {MAX_ADDRESS} characters)"
        return Fault("addresses", words, "ERR_TOO_LONG")
    return None


def _of_text(field: str, text: str, most: int) -> Fault | None:
    if not text:
        return Fault(field, "can't be blank", "ERR_BLANK")
    if len(text) > most:
        return Fault(field, f"is too long (most: {most} characters)", "ERR_TOO_LONG")
    return None


def _nameless(given: Given) -> bool:
    return given.category is not None and may_be_nameless(given.category)


def _of_person(given: Given) -> Fault | None:
    if not given.name and _nameless(given):
        return None
    return _of_text("name", given.name, MAX_NAME)


def _of_email(given: Given, *, mail: bool) -> Fault | None:
    if given.email and email_address(given.email) is None:
        return Fault("email", "is no address that mail can be sent to", "ERR_INVALID")
    if not given.email and mail and not _nameless(given):
        return Fault("email", "can't be blank", "ERR_BLANK")
    return None


async def submit(services: Services, tx: Transaction, what: Read) -> Receipt:
    """Keep a report from outside, and leave the letter that confirms its receipt.

    Where mail is sent it becomes a report once it is confirmed; at once, without weight, where mail
    is not sent, and where every hour counts.
    """
    given, now = what.given, services.clock.now()
    waits = bool(given.email) and not waits_for_nobody(what.category)
    outside = Outside(
        id=services.ids.next(),
        state=int(OutsideState.WAITING if waits else OutsideState.FILED),
        category=int(what.category),
        comment=given.comment,
        addresses=msgspec.json.encode(given.addresses).decode(),
        name=given.name,
        email=given.email,
        locale=given.locale,
        decided_before_at=what.decided_before_at,
        confirmed_at=0,
        told_at=0,
        forget_at=now + LONGEST_MS,
        created_at=now,
    )
    await tx.run(queries.ADD, **msgspec.structs.asdict(outside))
    token = await add_link(tx, outside.id, Purpose.SEE)
    if not waits:
        await _file(services, tx, outside, what.led)
    await leave_receipt(services, tx, outside)
    return Receipt(outside, token)


async def confirm(services: Services, tx: Transaction, outside_id: int) -> str:
    """Whoever reported has shown that the address is theirs; what waited for it is a report now.

    The secret of a new link that shows it; empty, and nothing changes, if it was confirmed before.
    """
    outside = await tx.first(queries.LOCKED, id=outside_id)
    if outside is None or outside.confirmed_at:
        return ""
    state, now = OutsideState(outside.state), services.clock.now()
    outside = msgspec.structs.replace(outside, confirmed_at=now)
    if state is OutsideState.WAITING:
        found = await lead(services, tx, outside.named)
        led = tuple(dict.fromkeys(each for things in found for each in things))
        state = OutsideState.FILED if led else OutsideState.GONE
        await _file(services, tx, outside, led)
    await tx.run(queries.CONFIRMED, id=outside_id, state=int(state), now=now)
    return await add_link(tx, outside_id, Purpose.SEE)


async def _file(services: Services, tx: Transaction, outside: Outside, led: Sequence[Led]) -> None:
    """A report for each account that is named, with its posts; and what of it is told apart."""
    posts: dict[int, list[int]] = {}
    accounts: list[int] = []
    for each in led:
        if each.subject.kind == SubjectKind.POST:
            posts.setdefault(each.account_id, []).append(each.subject.id)
        else:
            accounts.append(each.account_id)
    whole = [(account_id, ()) for account_id in dict.fromkeys(accounts)]
    some = [(account_id, tuple(ids[:MAX_POSTS])) for account_id, ids in posts.items()]
    trusted = outside.confirmed_at and await trusts_address(tx, outside.email)
    for account_id, post_ids in [*some, *whole]:
        said = Said(
            source=Sender.TRUSTED_FLAGGER if trusted else Sender.OUTSIDER,
            target_account_id=account_id,
            post_ids=post_ids,
            category=Category(outside.category),
            comment=outside.comment,
            weightless=not outside.confirmed_at,
        )
        filed = await report(services, tx, said)
        await tx.run(queries.ADD_PART, outside_id=outside.id, report_id=filed.row.id)
