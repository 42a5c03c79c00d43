"""Banks of hashes: what they have, what they met, their switches, lists in and out."""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from rostra.http.body import Upload
from rostra.http.params import Id
from rostra.http.response import NOT_STORED, Response, Stream
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, TooLarge
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader
from rostra.safety.banks import access, exchange, items, look_back, manage
from rostra.safety.banks.model import Bank
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import bank_views as views
from rostra.web.console.common import HERE, lead, look_of, tabs, who
from rostra.web.console.screening_menu import parts
from rostra.web.faults import form_of, of_lines, sentence
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_banks import BankPage, BanksPage
from rostra.web.views.forms import Form

_HERE: Final = f"{HERE}/banks"
_PAGE: Final = 40
_ROOM: Final = exchange.MOST_BYTES + 3_000_000  # a list that is a little too large is told so
_CSV: Final = (b"content-type", b"text/csv; charset=utf-8")
_NEW: Final = {"share": "100"}


class BankParams(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as typed; the share in percent."""

    name: str = ""
    category: str = ""
    wish: str = "look"
    share: str = "100"
    note: str = ""
    enabled: bool = False

    def wanted(self, *, enabled: bool) -> manage.Wanted:
        """The same for the verb.

        Raises:
            Invalid: naming ``share``.
        """
        try:
            share = float(self.share.replace(",", ".")) / 100
        except ValueError:
            raise Invalid("share", "is no number", "ERR_INVALID") from None
        return manage.Wanted(
            name=self.name.strip(),
            category=self.category,
            wish=self.wish,
            note=self.note,
            enabled=enabled,
            share=share,
        )

    def values(self) -> dict[str, str]:
        """The same for the form."""
        told = {name: str(getattr(self, name)) for name in ("name", "category", "wish", "share")}
        return told | {"note": self.note, "enabled": "1" if self.enabled else ""}


class OneBank(msgspec.Struct, frozen=True, kw_only=True):
    """Which bank, and its hashes before which one."""

    id: Id
    below: Id | None = None


class ChangedBank(BankParams, frozen=True, kw_only=True):
    """Which bank, and how it is to be."""

    id: Id


class NewHash(msgspec.Struct, frozen=True, kw_only=True):
    """A hash as typed, for which bank."""

    id: Id
    kind: str = ""
    hash: str = ""
    label: str = ""
    reason: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {name: getattr(self, name) for name in ("kind", "hash", "label", "reason")}


class SentList(msgspec.Struct, frozen=True, kw_only=True):
    """Of which kind the lines are that do not say; the file itself is read by hand."""

    id: Id
    of: str = ""


class OneHash(msgspec.Struct, frozen=True, kw_only=True):
    """Which hash of which bank is switched, and how."""

    id: Id
    hash_id: Id
    to: str = ""
    reason: str = ""
    days: int = 0


class OneBack(msgspec.Struct, frozen=True, kw_only=True):
    """Which look at earlier uploads for which bank."""

    id: Id
    back_id: Id


async def index(call: PageCall[Any]) -> Response:
    """All banks, and the hashes that met too much."""
    return await _index(call, Form(values=_NEW))


async def _index(call: PageCall[Any], form: Form) -> Response:
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        banks = [each for each in await access.every(reader) if actor.sees(each.category)]
        names = {bank.id: bank.name for bank in banks}
        off = [each for each in await access.quarantined(reader) if each.bank_id in names]
    page = BanksPage(
        tabs=tabs("screening", actor),
        parts=parts("banks", actor),
        look=look_of(call.request),
        banks=[views.bank_line(bank) for bank in banks],
        quarantined=[views.hash_line(each, names[each.bank_id]) for each in off],
        categories=views.CATEGORIES,
        wishes=views.WISHES,
        can_keep=actor.may(Permission.SCREENING),
        can_switch=actor.may(Permission.BANKS),
        form=form,
    )
    return await call.page(page, 422 if form.errors else 200)


async def make(call: PageCall[BankParams]) -> Response:
    """Make a bank."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await _allowed(call, tx, Permission.SCREENING)
            wanted = params.wanted(enabled=True)
            made = await manage.make(call.services, tx, wanted, by_id=actor.account_id)
    except Invalid as error:
        return await _index(call, form_of(params.values(), error))
    except Conflict as error:
        return lead(call, _HERE, sentence(error.safe), good=False)
    return lead(call, f"{_HERE}/{made.id}", "It is made. Now it needs hashes.")


async def show(call: PageCall[OneBank]) -> Response:
    """A bank."""
    return await _show(call, call.params.id, call.params.below or MAX_BOUND)


async def _show(
    call: PageCall[Any], bank_id: int, below: int = MAX_BOUND, **forms: Form
) -> Response:
    async with call.read() as reader:
        actor = await who(call, reader)
        bank = await access.seen_by(reader, actor, bank_id)
        hashes = await access.items(reader, bank_id, below=below, limit=_PAGE)
        met = await access.matches(reader, bank_id, limit=_PAGE)
        backs = await access.look_backs(reader, bank_id, limit=3)
    older = f"{_HERE}/{bank_id}?below={hashes[-1].id}" if len(hashes) == _PAGE else ""
    kept: dict[str, Form] = {"form": Form(values=_values(bank)), **forms}
    page = BankPage(
        tabs=tabs("screening", actor),
        parts=parts("banks", actor),
        look=look_of(call.request),
        bank=views.bank_line(bank),
        hashes=[views.hash_line(each) for each in hashes],
        matches=[views.match_line(each) for each in met],
        backs=[views.back_line(each) for each in backs],
        older_url=older,
        categories=views.CATEGORIES,
        wishes=views.WISHES,
        kinds=views.KINDS,
        can_keep=actor.may(Permission.SCREENING),
        can_switch=actor.may(Permission.BANKS),
        **kept,
    )
    return await call.page(page, 422 if forms else 200)


def _values(bank: Bank) -> dict[str, str]:
    now = manage.wanted_of(bank)
    return {
        "name": now.name,
        "category": now.category,
        "wish": now.wish,
        "share": f"{now.share * 100:g}",
        "note": now.note,
        "enabled": "1" if now.enabled else "",
    }


async def change(call: PageCall[ChangedBank]) -> Response:
    """Change a bank, or switch it."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            by_id = (await _allowed(call, tx, Permission.SCREENING)).account_id
            wanted = params.wanted(enabled=params.enabled)
            await manage.change(call.services, tx, params.id, wanted, by_id=by_id)
    except Invalid as error:
        return await _show(call, params.id, form=form_of(params.values(), error))
    return lead(call, f"{_HERE}/{params.id}", "It is changed.")


async def remove(call: PageCall[OneBank]) -> Response:
    """Take a bank away."""
    async with call.services.db.write() as tx:
        await _allowed(call, tx, Permission.SCREENING)
        await manage.remove(call.services, tx, call.params.id)
    return lead(call, _HERE, "The bank is gone, with its hashes. Cases stay.")


async def add(call: PageCall[NewHash]) -> Response:
    """Add a hash."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await _allowed(call, tx, Permission.BANKS)
            given = [items.given(params.kind, params.hash, params.label)]
            made = await items.add(
                call.services,
                tx,
                params.id,
                given,
                reason=params.reason,
                by_id=actor.account_id,
            )
    except Invalid as error:
        form = form_of(params.values(), error, {"note": "label"})
        return await _show(call, params.id, hash_form=form)
    except Conflict as error:
        return lead(call, f"{_HERE}/{params.id}", sentence(error.safe), good=False)
    said = "It is looked for from now on." if made else "It was there already."
    return lead(call, f"{_HERE}/{params.id}", said)


async def switch(call: PageCall[OneHash]) -> Response:
    """Switch a hash on or off."""
    params = call.params
    until = call.now + params.days * DAY if params.to == "off" and params.days > 0 else 0
    try:
        async with call.services.db.write() as tx:
            actor = await _allowed(call, tx, Permission.BANKS)
            await items.of_bank(tx, params.id, params.hash_id)
            await items.switch(
                call.services,
                tx,
                params.hash_id,
                on=params.to == "on",
                reason=params.reason,
                until=until,
                by_id=actor.account_id,
            )
    except Invalid as error:
        return lead(call, f"{_HERE}/{params.id}", sentence(error.safe), good=False)
    return lead(call, f"{_HERE}/{params.id}", f"It is {'on' if params.to == 'on' else 'off'}.")


async def take_out(call: PageCall[OneHash]) -> Response:
    """Take a hash out."""
    params = call.params
    async with call.services.db.write() as tx:
        await _allowed(call, tx, Permission.BANKS)
        await items.of_bank(tx, params.id, params.hash_id)
        await items.remove(call.services, tx, params.hash_id)
    return lead(call, f"{_HERE}/{params.id}", "It is out.")


async def look_again(call: PageCall[OneBank]) -> Response:
    """Look for all hashes of a bank among earlier uploads."""
    async with call.services.db.write() as tx:
        actor = await _allowed(call, tx, Permission.BANKS)
        bank = await access.one(tx, call.params.id)
        await look_back.start(call.services, tx, bank.id, by_id=actor.account_id)
    return lead(call, f"{_HERE}/{call.params.id}", "Earlier uploads are looked at.")


async def stop(call: PageCall[OneBack]) -> Response:
    """Look no further."""
    async with call.services.db.write() as tx:
        await _allowed(call, tx, Permission.BANKS)
        await look_back.cancel(call.services, tx, call.params.back_id, call.params.id)
    return lead(call, f"{_HERE}/{call.params.id}", "It is stopped. What was found stays.")


async def take(call: PageCall[SentList]) -> Response:
    """Add what a list says."""
    params = call.params
    async with call.read() as reader:
        await _allowed(call, reader, Permission.SCREENING)  # before a list of theirs is read
    try:
        found = exchange.read_sent(_sent(call.tree.get("csv")), params.of)
        async with call.services.db.write() as tx:
            actor = await _allowed(call, tx, Permission.SCREENING)
            by_id = actor.account_id
            new = await exchange.take(call.services, tx, params.id, found, reason="", by_id=by_id)
    except (Invalid, TooLarge, Conflict) as error:
        said = of_lines(error, "csv") or of_lines(error, "kind") or sentence(error.safe)
        form = Form(values={"of": params.of}, errors={"csv": said})
        return await _show(call, params.id, list_form=form)
    left = len(found.hashes) - new
    said = f"{new} are new, {left} were there already, {found.harmless} are said to be harmless."
    return lead(call, f"{_HERE}/{params.id}", said)


def _sent(file: object) -> bytes:
    if not isinstance(file, Upload) or not file.size:
        raise Invalid("csv", "Choose a file that is not empty", "ERR_BLANK")
    return file.read()


async def save(call: PageCall[OneBank]) -> Response:
    """A bank as a list, to save."""
    async with call.read() as reader:
        await _allowed(call, reader, Permission.SCREENING)
        bank = await access.one(reader, call.params.id)

    async def pieces() -> AsyncIterator[bytes]:
        async with call.services.db.read() as reader:
            async for text in exchange.lines(reader, bank, call.now):
                yield text.encode()

    response = Stream(pieces(), 200, (_CSV, NOT_STORED))
    response.add("content-disposition", f'attachment; filename="{bank.name}.csv"')
    return response


async def _allowed(call: PageCall[Any], reader: Reader, permission: Permission) -> Actor:
    actor = await who(call, reader)
    actor.require(permission)
    return actor


_ONE: Final = f"{_HERE}/{{id}}"
ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER),
    Route(POST, _HERE, make, MEMBER, BankParams),
    Route(GET, _ONE, show, MEMBER, OneBank),
    Route(POST, _ONE, change, MEMBER, ChangedBank),
    Route(POST, f"{_ONE}/remove", remove, MEMBER, OneBank),
    Route(POST, f"{_ONE}/hashes", add, MEMBER, NewHash),
    Route(POST, f"{_ONE}/hashes/{{hash_id}}", switch, MEMBER, OneHash),
    Route(POST, f"{_ONE}/hashes/{{hash_id}}/remove", take_out, MEMBER, OneHash),
    Route(POST, f"{_ONE}/look-back", look_again, MEMBER, OneBank),
    Route(POST, f"{_ONE}/look-backs/{{back_id}}", stop, MEMBER, OneBack),
    Route(POST, f"{_ONE}/import", take, MEMBER, SentList, max_body=_ROOM),
    Route(GET, f"{_ONE}/list.csv", save, MEMBER, OneBank),
)
