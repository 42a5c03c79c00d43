"""A letter comes in: read outside of any transaction, then kept, once, with all that it names."""

import asyncio
import hashlib

import msgspec

from rostra.kernel.errors import Invalid, TooLarge
from rostra.kernel.text.clean import one_line
from rostra.safety.categories.model import Category
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices import link, queries
from rostra.safety.notices.events import LetterCame
from rostra.safety.notices.model import (
    CATEGORIES,
    AddressState,
    Direction,
    MessageState,
    NoticeState,
    Stage,
)
from rostra.safety.notices.reading.home import home
from rostra.safety.notices.reading.model import MAX_LETTER, Address, Elsewhere, Kind, Reading
from rostra.safety.notices.reading.read import read_letter, read_report, read_text

MAX_KEPT = MAX_LETTER + 1024 * 1024
"""Bytes of a letter that are taken at all; larger ones are refused before they are read."""

_KEPT_LINE = 500


class Came(msgspec.Struct, frozen=True):
    """A letter that has been read and waits to be kept."""

    reading: Reading
    raw: bytes
    received_at: int
    actor_id: int = 0


class Kept(msgspec.Struct, frozen=True):
    """Where a letter is kept; ``new``: it had not come before."""

    notice_id: int
    new: bool


async def opened(services: Services, data: bytes, *, actor_id: int = 0, form: str = "mail") -> Came:
    """Read a letter off the event loop.

    Args:
        services: the place.
        data: the bytes, or UTF-8 of what was pasted.
        actor_id: who hands it in; 0: nobody of the team.
        form: `mail`, `text` (pasted) or `xarf`.

    Raises:
        Invalid: of `xarf`: names the field that is missing or wrong. Of `letter`: it is empty.
        TooLarge: it has more than 11 MB.
    """
    if len(data) > MAX_KEPT:
        raise TooLarge(safe=f"A letter of more than {MAX_KEPT} bytes is not read")
    if not data.strip():
        raise Invalid("letter", "can't be blank", "ERR_BLANK")
    now = services.clock.now()
    reading = await asyncio.to_thread(_read, services, data, form, now)
    return Came(reading, data, now, actor_id)


def _read(services: Services, data: bytes, form: str, now: int) -> Reading:
    settings = services.settings
    place = home(settings.site.base_url, settings.domain, settings.media_url)
    if form == "xarf":
        return read_report(data, place, now)
    if form == "text":
        return read_text(data.decode("utf-8", "replace"), place, now)
    return read_letter(data, place, now)


async def receive(services: Services, tx: Transaction, came: Came) -> Kept:
    """Keep a letter, look up what it names, and let cases be opened or joined.

    The same letter, by its message id and sender or by its words, is kept once; what a second copy
    names beyond the first is added, and if its deadline is sooner, that counts.
    """
    reading = came.reading
    same_key = _same_key(reading)
    known = await tx.first(queries.SAME, same_key=same_key, digest=reading.digest)
    if known is None:
        made = services.ids.next()
        await tx.run(queries.ADD, **_row(made, came, same_key))
        # Whoever brings the same letter at the same time finds that of the first.
        notice_id = await tx.first(queries.OF_KEY, same_key=same_key) or made
        known = notice_id if notice_id != made else None
    else:
        notice_id = known
    if known is not None:
        await _again(tx, notice_id, reading)
    await _keep_message(services, tx, notice_id, came)
    await _keep_addresses(services, tx, notice_id, reading)
    await link.link_some(services, tx, notice_id)
    if known is None:
        await tx.emit(LetterCame(notice_id))
    return Kept(notice_id, known is None)


def _same_key(reading: Reading) -> str:
    """By the message id alone anybody could keep another's letter from being read."""
    who = f"{reading.message_id} {reading.sender.email.lower()}"
    return hashlib.sha256(who.encode()).hexdigest() if reading.message_id else reading.digest


def _row(notice_id: int, came: Came, same_key: str) -> dict[str, object]:
    reading = came.reading
    sender, deadline = reading.sender, reading.deadline
    return {
        "id": notice_id,
        "state": int(NoticeState.OPEN),
        "form": int(reading.form),
        "sender_kind": int(sender.kind),
        "sender_name": one_line(sender.name)[:200],
        "sender_email": sender.email,
        "answer_to": sender.reply_to or sender.email,
        "known_by": sender.known_by,
        "subject": one_line(reading.subject)[:_KEPT_LINE],
        "reference": reading.references[0] if reading.references else "",
        "also_named": _json(reading.references[1:]),
        "message_id": reading.message_id,
        "language": reading.language,
        "category": int(_category(reading)),
        "concerns": _json(reading.concerns),
        "bases": _json(reading.bases),
        "sent_at": reading.sent_at,
        "received_at": came.received_at,
        "deadline_at": deadline.at,
        "deadline_named": int(deadline.named),
        "deadline_words": deadline.words,
        "deadline_note": deadline.note,
        "urgent": int(deadline.urgent),
        "warned": int(Stage.NOTHING),
        "times": 1,
        "addresses_count": 0,
        "unlinked_count": 0,
        "left_out": _json(reading.left_out),
        "faults": _json(reading.faults),
        "same_key": same_key,
        "digest": reading.digest,
        "answered_at": 0,
        "closed_at": 0,
        "closed_why": "",
    }


def _category(reading: Reading) -> Category:
    return next(
        (CATEGORIES[each] for each in reading.concerns if each in CATEGORIES), Category.OTHER
    )


async def _again(tx: Transaction, notice_id: int, reading: Reading) -> None:
    """The letter has come again: it is open again if it was answered, and may be due sooner."""
    notice = await tx.first(queries.LOCKED, id=notice_id)
    state = notice.state if notice else NoticeState.OPEN
    reopened = NoticeState.OPEN if state == NoticeState.ANSWERED else NoticeState(state)
    await tx.run(queries.CAME_AGAIN, id=notice_id, state=int(reopened))
    deadline = reading.deadline
    if deadline.named:
        await tx.run(
            queries.SOONER,
            id=notice_id,
            at=deadline.at,
            named=1,
            words=deadline.words,
            note=deadline.note,
        )


async def _keep_message(services: Services, tx: Transaction, notice_id: int, came: Came) -> None:
    reading = came.reading
    await tx.run(
        queries.ADD_MESSAGE,
        id=services.ids.next(),
        notice_id=notice_id,
        direction=int(Direction.IN),
        state=int(MessageState.KEPT),
        actor_id=came.actor_id,
        message_id=reading.message_id,
        mail_from=reading.sender.email,
        mail_to="",
        subject=one_line(reading.subject)[:_KEPT_LINE],
        body=reading.text.replace("\0", ""),
        raw=came.raw,
        language=reading.language,
        failure="",
        created_at=came.received_at,
        sent_at=reading.sent_at,
    )


async def _keep_addresses(
    services: Services, tx: Transaction, notice_id: int, reading: Reading
) -> None:
    """Whatever the letter names that is not kept yet."""
    known = dict(await tx.all(queries.NAMED, id=notice_id))
    base = services.settings.site.base_url.rstrip("/")
    files = services.settings.media_url.rstrip("/")
    rows: list[dict[str, object]] = []
    for enclosed, some in ((0, reading.addresses), (1, reading.mentioned)):
        rows += [_named(each, enclosed, base, files) for each in some if each.name not in known]
    rows += [_away(each) for each in reading.elsewhere if f"away:{each.url}" not in known]
    first = max(known.values(), default=-1) + 1
    for place, row in enumerate(rows, first):
        row |= {"notice_id": notice_id, "place": place}
    await tx.run_many(queries.ADD_ADDRESS, rows)
    waiting = sum(row["state"] == int(AddressState.WAITING) for row in rows)
    await tx.run(queries.COUNTED, id=notice_id, more=len(rows), waiting=waiting)


def _named(address: Address, enclosed: int, base: str, files: str) -> dict[str, object]:
    return _address_row() | {
        "subject_kind": int(address.kind),
        "subject_id": address.id,
        "named": address.name,
        "url": _url(address, base, files),
        "times": address.times,
        "places": _json(address.places),
        "enclosed": enclosed,
    }


def _url(address: Address, base: str, files: str) -> str:
    """How the address is written in our answer."""
    if address.kind is Kind.MEDIA:
        return f"{files}/{address.key}" if address.key else f"{base}/api/v1/media/{address.id}"
    if address.kind is Kind.POST:
        at = f"@{address.acct}" if address.acct else "posts"
        return f"{base}/{at}/{address.id}"
    return f"{base}/@{address.acct}" if address.acct else f"{base}/api/v1/accounts/{address.id}"


def _away(other: Elsewhere) -> dict[str, object]:
    return _address_row() | {
        "state": int(AddressState.NOT_OURS),
        "named": f"away:{other.url}",
        "url": other.url,
        "places": _json((other.place,)),
        "look_alike": int(other.look_alike),
    }


def _address_row() -> dict[str, object]:
    return {
        "subject_kind": 0,
        "subject_id": 0,
        "account_id": 0,
        "state": int(AddressState.WAITING),
        "times": 1,
        "look_alike": 0,
        "enclosed": 0,
        "report_id": 0,
        "case_id": 0,
        "gone_at": 0,
    }


def _json(what: object) -> str:
    return msgspec.json.encode(what).decode()
