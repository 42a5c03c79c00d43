"""Operators write announcements on a page."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid
from rostra.kernel.times import read_time
from rostra.network.announcements import access, keep
from rostra.network.announcements.model import Announcement, Shown, Words
from rostra.network.announcements.written import written
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.web.announced import announcement_view
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages.operate import trusted
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.operate import WritingPage, WrittenView

_HERE: Final = "/operate/announcements"
_NAMES: Final = {"starts_at": "starts", "ends_at": "ends", "publish_at": "at"}
_SHOWN: Final = 50

Verb = Callable[[Services, Transaction, int], Awaitable[None]]


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which announcement."""

    id: Id


class FormParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told, as typed; times without a zone are UTC."""

    text: str = ""
    starts: str = ""
    ends: str = ""
    all_day: str = ""
    at: str = ""
    draft: str = ""

    def words(self) -> Words:
        """The same for the verbs. Raises Invalid: a time that is none."""
        starts, ends = _time("starts_at", self.starts), _time("ends_at", self.ends)
        return Words(self.text, starts, ends, bool(self.all_day))

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return msgspec.structs.asdict(self)


class EditParams(FormParams, frozen=True, kw_only=True):
    """What another one is to tell."""

    id: Id


def _time(field: str, text: str) -> int:
    if not text.strip():
        return 0
    try:
        return read_time(text)
    except ValueError:
        raise Invalid(field, "is not a time") from None


def _typed(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M}" if ms else ""


async def index(call: PageCall[Any]) -> Response:
    """The newest announcements, shown or not."""
    return await _page(call)


async def _page(
    call: PageCall[Any], form: Form | None = None, wrong_id: int = 0, status: int = 200
) -> Response:
    tabs = trusted(call, "announcements")
    async with call.read() as reader:
        found = (await access.every(reader))[:_SHOWN]
        given = await access.reactions(reader, call.viewer_id, [each.id for each in found])
        words = await written(call.services, reader, call.viewer_id, found)
        book = await instance_access.emoji_book(call.services, reader)
    views = [
        WrittenView(
            item=announcement_view(Shown(each, True), words[each.id], book),
            state=each.state_at(call.now),
            form=form if form and wrong_id == each.id else _filled(each),
            publish_at=each.publish_at,
            over_at=each.over_at,
            reacted=sum(reaction.count for reaction in given.get(each.id, ())),
        )
        for each in found
    ]
    new = form if form and not wrong_id else Form()
    return await call.page(WritingPage(tabs=tabs, announcements=views, form=new), status)


def _filled(row: Announcement) -> Form:
    return Form(
        values={
            "text": row.text,
            "starts": _typed(row.starts_at),
            "ends": _typed(row.ends_at),
            "all_day": "1" if row.all_day else "",
        }
    )


async def create(call: PageCall[FormParams]) -> Response:
    """Tell something: at once, from a time on, or not yet."""
    trusted(call, "announcements")
    services, params = call.services, call.params
    try:
        words = params.words()
        publish_at = 0 if params.draft else _time("publish_at", params.at) or call.now
        async with services.db.write() as tx:
            await keep.create(services, tx, words, publish_at=publish_at)
    except Invalid as error:
        return await _page(call, form_of(params.values(), error, _NAMES), 0, error.status)
    return call.redirect(_HERE, flash="It is kept." if params.draft else "It is announced.")


async def edit(call: PageCall[EditParams]) -> Response:
    """Tell something else."""
    trusted(call, "announcements")
    services, params = call.services, call.params
    try:
        async with services.db.write() as tx:
            await keep.change(services, tx, params.id, params.words())
    except Invalid as error:
        form = form_of(params.values(), error, _NAMES)
        return await _page(call, form, params.id, error.status)
    return call.redirect(_HERE, flash="The announcement is changed.")


def _act(verb: Verb, said: str) -> Callable[[PageCall[OneParams]], Awaitable[Response]]:
    async def handle(call: PageCall[OneParams]) -> Response:
        trusted(call, "announcements")
        try:
            async with call.services.db.write() as tx:
                await verb(call.services, tx, call.params.id)
        except Invalid as error:
            return call.redirect(_HERE, flash=error.safe, tone="bad")
        return call.redirect(_HERE, flash=said)

    return handle


async def _publish(services: Services, tx: Transaction, announcement_id: int) -> None:
    await keep.publish(services, tx, announcement_id)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER),
    Route(POST, _HERE, create, MEMBER, params=FormParams),
    Route(POST, f"{_HERE}/{{id}}", edit, MEMBER, params=EditParams),
    *(
        Route(POST, f"{_HERE}/{{id}}/{name}", _act(verb, said), MEMBER, params=OneParams)
        for name, verb, said in (
            ("publish", _publish, "It is shown from now on."),
            ("withdraw", keep.withdraw, "It is shown to nobody any more."),
            ("remove", keep.remove, "The announcement is removed."),
        )
    ),
)
