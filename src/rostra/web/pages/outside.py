"""Anybody reports something without an account, follows it and objects, by forms without script."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.response import Response
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound, TooManyRequests
from rostra.kernel.text import names
from rostra.outside.translations import preferred
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.outsiders import access
from rostra.safety.outsiders import submit as submitting
from rostra.safety.outsiders.model import (
    WAITS_MS,
    Followed,
    Given,
    Outside,
    OutsideState,
    Purpose,
)
from rostra.safety.outsiders.object import may_object, object_to
from rostra.web.call import PageCall
from rostra.web.faults import form_of, of_lines
from rostra.web.pages.moderation import became
from rostra.web.pages.reporting import categories
from rostra.web.route import GET, POST, Route
from rostra.web.views.entry import NoticePage
from rostra.web.views.forms import Form
from rostra.web.views.outside import (
    ConfirmReportPage,
    FollowedView,
    OutsideReportPage,
    OutsideStatePage,
)

HERE: Final = "/report"
_THANKS: Final = "Thank you. Your report has arrived."
_CONFIRMED: Final = "Thank you. Your report is confirmed, and the team looks at it."
_OBJECTED: Final = "Your objection has arrived. Somebody else of the team will answer it."
_MAX_BODY: Final = 64_000


class PrefillParams(msgspec.Struct, frozen=True):
    """What the link that leads to the form is about: an address, or a path of ours."""

    address: str = ""


class OutsideParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in; `more` is filled in by machines alone."""

    harm: str = ""
    addresses: str = ""
    comment: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool = False
    more: str = ""


class TokenParams(msgspec.Struct, frozen=True):
    """The secret of a link, and what is said against what became of the report."""

    token: str = ""
    text: str = ""


async def form(call: PageCall[PrefillParams]) -> Response:
    """The form."""
    address = call.params.address.strip()[: submitting.MAX_ADDRESS]
    if address.startswith("/"):
        address = call.services.settings.site.base_url.rstrip("/") + address
    return await _form(call, Form(values={"addresses": address}))


async def _form(call: PageCall[Any], filled: Form, status: int = 200) -> Response:
    page = OutsideReportPage(
        categories=categories(),
        ask_email=call.services.mailer.configured,
        member=call.viewer_id > 0,
        form=filled,
    )
    return await call.page(page, status)


async def report(call: PageCall[OutsideParams]) -> Response:
    """Take a report. Whatever is wrong with it, nothing that was typed is lost."""
    services, params = call.services, call.params
    try:
        if params.more:
            raise Invalid.plain("One field has to stay empty: machines fill it in. Send it again")
        given = Given(
            addresses=tuple(params.addresses.splitlines()),
            category=category_of(params.harm),
            comment=params.comment,
            name=params.name,
            email=params.email,
            good_faith=params.good_faith,
            locale=preferred(call.request.header("accept-language")),
        )
        async with call.read() as reader:
            read = await submitting.read(services, reader, given)
        call.count("outside_report_address")
        if read.given.email:
            call.count("outside_report_mail", names.mailbox_key(read.given.email))
        async with services.db.write() as tx:
            receipt = await submitting.submit(services, tx, read)
    except (Invalid, TooManyRequests) as error:
        return await _form(call, _filled(params, error), error.status)
    return call.redirect(f"{HERE}/state?{urlencode({'token': receipt.token})}", flash=_THANKS)


def _filled(params: OutsideParams, error: Invalid | TooManyRequests) -> Form:
    values = {
        name: getattr(params, name) for name in ("harm", "addresses", "comment", "name", "email")
    }
    values["good_faith"] = "1" if params.good_faith else ""
    made = form_of(values, error, {"category": "harm"})
    if "addresses" in made.errors:
        errors = {**made.errors, "addresses": of_lines(error, "addresses")}
        made = msgspec.structs.replace(made, errors=errors)
    return made


async def state(call: PageCall[TokenParams]) -> Response:
    """What became of a report."""
    return await _state(call)


async def _state(call: PageCall[TokenParams], error: Invalid | Conflict | None = None) -> Response:
    token = call.params.token
    try:
        async with call.read() as reader:
            outside = await access.linked(reader, token, Purpose.SEE)
            found = await access.followed(reader, outside)
    except NotFound as missing:
        return await _dead(call, missing)
    filled = form_of({"text": call.params.text}, error) if error else Form()
    page = OutsideStatePage(report=_view(call, found), token=token, form=filled)
    return await call.page(page, error.status if error else 200)


async def objects(call: PageCall[TokenParams]) -> Response:
    """Object to that nothing was done."""
    services, params = call.services, call.params
    call.count("appeal_address")
    try:
        async with services.db.write() as tx:
            outside = await access.linked(tx, params.token, Purpose.SEE)
            await object_to(services, tx, await access.followed(tx, outside), params.text)
    except NotFound as missing:
        return await _dead(call, missing)
    except (Invalid, Conflict) as error:
        return await _state(call, error)
    return call.redirect(f"{HERE}/state?{urlencode({'token': params.token})}", flash=_OBJECTED)


async def confirm_form(call: PageCall[TokenParams]) -> Response:
    """The button of the letter's link. Programs that follow links confirm nothing."""
    try:
        async with call.read() as reader:
            outside = await access.linked(reader, call.params.token, Purpose.CONFIRM)
    except NotFound as missing:
        return await _dead(call, missing)
    if outside.confirmed_at:
        return await _done(call, outside)
    found = Followed(outside, (), ())
    return await call.page(ConfirmReportPage(report=_view(call, found), token=call.params.token))


async def confirm(call: PageCall[TokenParams]) -> Response:
    """Confirm it."""
    services = call.services
    call.count("confirmation_address")
    try:
        async with services.db.write() as tx:
            outside = await access.linked(tx, call.params.token, Purpose.CONFIRM)
            token = await submitting.confirm(services, tx, outside.id)
    except NotFound as missing:
        return await _dead(call, missing)
    if not token:
        return await _done(call, outside)
    return call.redirect(f"{HERE}/state?{urlencode({'token': token})}", flash=_CONFIRMED)


async def _done(call: PageCall[Any], outside: Outside) -> Response:
    words = f"The reference is {outside.id}. The link that you were given shows what became of it."
    page = NoticePage(heading="Your report is confirmed", paragraphs=(words,), icon="check")
    return await call.page(page)


async def _dead(call: PageCall[Any], error: NotFound) -> Response:
    """What a link says whose report is forgotten, or that never was one."""
    page = NoticePage(
        heading="This link no longer works",
        paragraphs=("It showed a report for as long as it is kept.",),
        action_url=HERE,
        action_label="Report something",
    )
    return await call.page(page, error.status)


def _view(call: PageCall[Any], found: Followed) -> FollowedView:
    outside, days = found.outside, call.services.settings.moderation.appeal_days
    is_state = OutsideState(outside.state)
    return FollowedView(
        reference=str(outside.id),
        created_at=outside.created_at,
        category=facts_of(outside.category).name,
        addresses=outside.named,
        words=outside.comment,
        state=found.state.wire if is_state is OutsideState.FILED else is_state.wire,
        confirmed=outside.confirmed_at > 0,
        by_mail=bool(outside.email),
        waits_until=outside.created_at + WAITS_MS,
        decided_at=found.decided_at,
        decided_before_at=outside.decided_before_at,
        object_until=found.decided_at + days * DAY,
        may_object=may_object(found, days=days, now=call.now),
        objection=became(found.appeals[0]) if found.appeals else "",
        answers=tuple(each.answer for each in found.appeals if each.answer),
    )


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, HERE, form, params=PrefillParams),
    Route(POST, HERE, report, params=OutsideParams, max_body=_MAX_BODY),
    Route(GET, f"{HERE}/state", state, params=TokenParams),
    Route(POST, f"{HERE}/object", objects, params=TokenParams),
    Route(GET, f"{HERE}/confirm", confirm_form, params=TokenParams),
    Route(POST, f"{HERE}/confirm", confirm, params=TokenParams),
)
