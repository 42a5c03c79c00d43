"""Passkeys: the settings page, and the two ways in.

The script `passkeys.js` asks for options (JSON), lets the browser ask the device, and sends its
answer by the page's own form. Without script the pages say so, and password and code work as ever.
"""

from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import JSON, NOT_STORED, Response
from rostra.kernel.errors import Forbidden, Invalid, RostraError, Unauthorized
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import passkeys, sign_in
from rostra.network.credentials.model import Passkey
from rostra.network.credentials.passkeys import Purpose
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages.entering import (
    STEP_COOKIE,
    code_page,
    enter,
    entered,
    second_opened,
    wanted,
)
from rostra.web.pages.settings_access import ask_again, ask_code
from rostra.web.route import ANYBODY, GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.settings import PasskeysPage, PasskeyView

_HERE = "/settings/passkeys"
_LIMITS = ("sign_in_address",)
_encode = msgspec.json.Encoder().encode


class AddParams(msgspec.Struct, frozen=True, kw_only=True):
    """A new passkey: its name, password and code, and what the device said."""

    name: str = ""
    current_password: str = ""
    code: str = ""
    credential: str = ""


class NameParams(msgspec.Struct, frozen=True, kw_only=True):
    """Another name for a passkey."""

    id: Id
    name: str = ""


class RemoveParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which passkey, and the password."""

    id: Id
    current_password: str = ""


class EnterParams(msgspec.Struct, frozen=True, kw_only=True):
    """What the device said, and where to go afterwards."""

    credential: str = ""
    next: str = ""


def _json(body: str | bytes, status: int = 200) -> Response:
    return Response(body.encode() if isinstance(body, str) else body, status, (JSON, NOT_STORED))


def _told(error: RostraError) -> Response:
    """An error for the script: words to show."""
    form = form_of({}, error)
    words = form.message or next(iter(form.errors.values()), error.safe)
    return _json(_encode({"error": words}), error.status)


async def listed(call: PageCall[Any]) -> Response:
    """The member's passkeys."""
    return await _page(call, Form())


async def _page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        have = await passkeys.listed(reader, call.viewer_id)
        user = await accounts_access.user(reader, call.viewer_id)
    page = PasskeysPage(
        form=form,
        passkeys=[_view(each) for each in have],
        second_step=bool(user.totp_secret),
    )
    return await call.page(page, status)


def _view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=str(passkey.id),
        name=passkey.name,
        created_at=passkey.created_at,
        used_at=passkey.last_used_at,
        backed_up=bool(passkey.backed_up),
    )


async def begin_adding(call: PageCall[AddParams]) -> Response:
    """Options for a new passkey, to whoever knows the password, and the code where it is asked."""
    services = call.services
    call.count("second_factor_account")
    try:
        await ask_again(call, call.params.current_password)
        async with services.db.write() as tx:
            await ask_code(call, tx, call.params.code)
            options = await passkeys.begin_registration(
                services, tx, call.viewer_id, call.secret.value
            )
    except Invalid as error:
        return _told(error)
    return _json(options)


async def add(call: PageCall[AddParams]) -> Response:
    """Keep the new passkey."""
    services, params = call.services, call.params
    try:
        async with services.db.write() as tx:
            answer = await passkeys.answered(
                services,
                tx,
                call.secret.value,
                params.credential,
                purpose=Purpose.REGISTER,
                account_id=call.viewer_id,
            )
        async with services.db.write() as tx:
            await sign_in.still_signed_in(tx, call.viewer_id, call.viewer.session_id)
            await passkeys.register(services, tx, answer, params.name)
    except (Invalid, Unauthorized) as error:
        return await _page(call, form_of({"name": params.name}, error), 422)
    return call.redirect(_HERE, flash="The passkey is kept. You can sign in with it now.")


async def rename(call: PageCall[NameParams]) -> Response:
    """Another name for a passkey."""
    try:
        async with call.services.db.write() as tx:
            await passkeys.rename(tx, call.viewer_id, call.params.id, call.params.name)
    except Invalid as error:
        return await _page(call, form_of({}, error), 422)
    return call.redirect(_HERE, flash="Saved.")


async def remove(call: PageCall[RemoveParams]) -> Response:
    """Forget a passkey."""
    try:
        await ask_again(call, call.params.current_password)
    except Invalid as error:
        return await _page(call, Form(message=form_of({}, error).errors["current_password"]), 422)
    async with call.services.db.write() as tx:
        await passkeys.remove(tx, call.viewer_id, call.params.id)
    return call.redirect(_HERE, flash="The passkey is forgotten.")


async def begin_entering(call: PageCall[EnterParams]) -> Response:
    """Options to sign in without a password."""
    async with call.services.db.write() as tx:
        options = await passkeys.begin_entry(call.services, tx, call.secret.value)
    return _json(options)


async def entering(call: PageCall[EnterParams]) -> Response:
    """Sign in whoever the passkey belongs to."""
    services = call.services
    try:
        async with services.db.write() as tx:
            answer = await passkeys.answered(
                services, tx, call.secret.value, call.params.credential, purpose=Purpose.ENTER
            )
        async with services.db.write() as tx:
            identity = await passkeys.enter(services, tx, answer)
    except (Unauthorized, Forbidden) as error:
        return call.redirect("/sign-in", flash=error.safe, tone="bad")
    return await enter(call, identity, wanted(call) or "/home")


async def begin_step(call: PageCall[EnterParams]) -> Response:
    """Options for the second step, to whoever has given the password."""
    services = call.services
    try:
        async with services.db.write() as tx:
            identity = await sign_in.second_step(tx, services, _step(call))
            options = await passkeys.begin_entry(
                services, tx, call.secret.value, account_id=identity.account_id
            )
    except Unauthorized as error:
        return _told(error)
    return _json(options)


async def step(call: PageCall[EnterParams]) -> Response:
    """A passkey in place of the code."""
    services, secret = call.services, _step(call)
    try:
        async with services.db.write() as tx:
            identity = await sign_in.second_step(tx, services, secret)
            answer = await passkeys.answered(
                services,
                tx,
                call.secret.value,
                call.params.credential,
                purpose=Purpose.STEP,
                account_id=identity.account_id,
            )
        async with services.db.write() as tx:
            await passkeys.enter(services, tx, answer)
            token = await second_opened(call, tx, identity, secret)
    except (Unauthorized, Forbidden) as error:
        return await code_page(call, Form(message=error.safe), error.status)
    return entered(call, identity, token, wanted(call) or "/home")


def _step(call: PageCall[Any]) -> str:
    return call.request.cookies.get(STEP_COOKIE, "")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER),
    Route(POST, f"{_HERE}/begin", begin_adding, MEMBER, AddParams),
    Route(POST, _HERE, add, MEMBER, AddParams),
    Route(POST, f"{_HERE}/{{id}}/name", rename, MEMBER, NameParams),
    Route(POST, f"{_HERE}/{{id}}/remove", remove, MEMBER, RemoveParams),
    Route(POST, "/sign-in/passkey/begin", begin_entering, ANYBODY, EnterParams, _LIMITS),
    Route(POST, "/sign-in/passkey", entering, ANYBODY, EnterParams, _LIMITS),
    Route(POST, "/sign-in/code/begin", begin_step, ANYBODY, EnterParams, _LIMITS),
    Route(POST, "/sign-in/code/passkey", step, ANYBODY, EnterParams, _LIMITS),
)
