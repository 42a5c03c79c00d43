"""The settings of how one gets in: password, address, second step, sessions, apps, leaving."""

from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Fault, Invalid, Unauthorized
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.leaving import stay
from rostra.network.credentials import apps, changing, ending, passwords, second_factor, sign_in
from rostra.network.credentials.leaving import begin_leaving
from rostra.network.edge import Transaction
from rostra.web import cookies, qr
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, SIGNED_IN, Route
from rostra.web.views.entry import NoticePage
from rostra.web.views.forms import Form
from rostra.web.views.settings import (
    AccountPage,
    AppsPage,
    PasswordPage,
    RecoveryCodesPage,
    SessionsPage,
    SessionView,
    TwoFactorPage,
)

_EMPTY = Form()
_BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_SHOWN_AS = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "Mac"}


class PasswordParams(msgspec.Struct, frozen=True, kw_only=True):
    """The password that holds, and the new one twice."""

    current_password: str = ""
    password: str = ""
    password_again: str = ""


class EmailParams(msgspec.Struct, frozen=True, kw_only=True):
    """A new address; a code where the second step is on."""

    email: str = ""
    current_password: str = ""
    code: str = ""


class DeleteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Leaving for good."""

    password: str = ""
    confirm: bool = False


class CodeParams(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the authenticator, and the password."""

    code: str = ""
    current_password: str = ""


class OneParams(msgspec.Struct, frozen=True):
    """Which session or app."""

    id: Id


async def ask_again(call: PageCall[Any], password: str, field: str = "current_password") -> None:
    """Check the password before something that must not happen by an open browser.

    Raises:
        Invalid: on `field`: it is wrong.
        TooManyRequests: too many tries.
    """
    call.count("password_change_account")
    try:
        await sign_in.verify_password(call.services, call.viewer_id, password)
    except Unauthorized:
        raise Invalid.many([Fault(field, "is wrong", "ERR_INVALID")]) from None


async def ask_code(call: PageCall[Any], tx: Transaction, code: str) -> None:
    """Use up a code of the second step where it is on: the password alone may be stolen.

    Count the tries first: `second_factor_account`.

    Raises:
        Invalid: on `code`: it is wrong or was used.
    """
    await second_factor.check_code(call.services, tx, call.viewer_id, code)


async def password_form(call: PageCall[Any]) -> Response:
    """The form for another password."""
    return await _password_page(call, Form())


async def _password_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    minimum = call.services.settings.accounts.min_password
    return await call.page(PasswordPage(form=form, minimum=minimum), status)


async def password_save(call: PageCall[PasswordParams]) -> Response:
    """Change the password; every other session and every app is signed out."""
    params, services = call.params, call.services
    try:
        await ask_again(call, params.current_password)
        faults = passwords.faults(services.settings, params.password)
        if params.password != params.password_again:
            faults = [*faults, Fault("password_again", "is not the same", "ERR_INVALID")]
        if faults:
            raise Invalid.many(faults)
    except Invalid as error:
        return await _password_page(call, form_of({}, error), 422)
    hashed = await passwords.hashed(params.password)
    async with services.db.write() as tx:
        await changing.change_password(
            tx, call.viewer_id, hashed, kept_session=call.viewer.session_id
        )
    said = "Your password is changed. Everything else is signed out."
    return call.redirect("/settings/password", flash=said)


async def account(call: PageCall[Any]) -> Response:
    """The account itself."""
    return await _account_page(call)


async def _account_page(
    call: PageCall[Any], status: int = 200, *, email: Form = _EMPTY, leave: Form = _EMPTY
) -> Response:
    services = call.services
    async with call.read() as reader:
        row = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
        user = await accounts_access.user(reader, row.id)
        pending = await changing.pending_email(reader, services, row.id)
    page = AccountPage(
        handle=f"@{row.username}@{services.settings.domain}",
        created_at=row.created_at,
        email=user.email,
        pending_email=pending,
        email_form=email,
        second_step=bool(user.totp_secret),
        delete_form=leave,
        leaving_days=services.settings.accounts.leaving_days,
    )
    return await call.page(page, status)


async def email_save(call: PageCall[EmailParams]) -> Response:
    """Change the address, once the letter to it is answered."""
    params, services = call.params, call.services
    call.count("confirmation_account")
    call.count("second_factor_account")
    try:
        await ask_again(call, params.current_password)
        async with services.db.write() as tx:
            await ask_code(call, tx, params.code)
            at_once = await changing.request_email_change(
                services, tx, call.viewer_id, params.email
            )
    except Invalid as error:
        form = form_of({"email": params.email}, error)
        return await _account_page(call, 422, email=form)
    said = "Your address is changed." if at_once else "Open the link that we sent to it."
    return call.redirect("/settings/account", flash=said)


async def delete(call: PageCall[DeleteParams]) -> Response:
    """Hide the account at once, and have it deleted with everything in it."""
    params, services = call.params, call.services
    try:
        await ask_again(call, params.password, "password")
        if not params.confirm:
            raise Invalid.many([Fault("confirm", "must be ticked", "ERR_BLANK")])
    except Invalid as error:
        return await _account_page(call, 422, leave=form_of({}, error))
    try:
        async with services.db.write() as tx:
            await begin_leaving(services, tx, call.viewer_id)
    except Conflict as error:
        return await _account_page(call, 409, leave=form_of({}, error))
    return call.redirect("/goodbye", headers=(cookies.no_session_cookie(call.house.site),))


async def goodbye(call: PageCall[Any]) -> Response:
    """What becomes of the account that somebody has just left."""
    days = call.services.settings.accounts.leaving_days
    words = (
        f"Nobody sees your account any more, and in {days} days it is deleted.",
        "Until then you can keep it: sign in again.",
    )
    page = NoticePage(
        heading="Goodbye",
        paragraphs=words if days else ("Your account is deleted.",),
        icon="check",
        action_label="To the front page",
        action_url="/",
    )
    return await call.page(page)


async def keep(call: PageCall[Any]) -> Response:
    """Stay after all."""
    async with call.services.db.write() as tx:
        await stay(tx, call.session.account_id)
    return call.redirect("/home", flash="Your account is there again. Good that you stay.")


async def two_factor(call: PageCall[Any]) -> Response:
    """The state of the second step."""
    return await _two_factor_page(call, Form())


async def _two_factor_page(
    call: PageCall[Any], form: Form, status: int = 200, *, codes: Form = _EMPTY
) -> Response:
    services, viewer_id = call.services, call.viewer_id
    async with call.read() as reader:
        user = await accounts_access.user(reader, viewer_id)
        left = await second_factor.codes_left(reader, viewer_id)
        given = await second_factor.pending_totp(services, reader, viewer_id)
    if user.totp_secret:
        page = TwoFactorPage(enabled=True, form=form, codes_form=codes, codes_left=left)
    elif given is None:
        page = TwoFactorPage(enabled=False, form=form)
    else:
        image = qr.data_uri(given.uri)
        page = TwoFactorPage(enabled=False, form=form, qr=image, secret=given.secret)
    return await call.page(page, status)


async def two_factor_start(call: PageCall[Any]) -> Response:
    """Make the secret for the authenticator; nothing holds until a code of it was typed in."""
    async with call.services.db.write() as tx:
        await second_factor.begin_totp(call.services, tx, call.viewer_id)
    return call.redirect("/settings/two-factor")


async def two_factor_on(call: PageCall[CodeParams]) -> Response:
    """Switch the second step on, and show the recovery codes this once."""
    params, services, viewer = call.params, call.services, call.viewer
    call.count("second_factor_account")
    try:
        await ask_again(call, params.current_password)
        async with services.db.write() as tx:
            codes = await second_factor.confirm_totp(
                services, tx, viewer.account_id, params.code, kept_session=viewer.session_id
            )
    except Invalid as error:
        return await _two_factor_page(call, form_of({}, error), 422)
    return await call.page(RecoveryCodesPage(codes=codes))


async def new_codes(call: PageCall[CodeParams]) -> Response:
    """Fresh recovery codes in place of the old ones."""
    services, params = call.services, call.params
    call.count("second_factor_account")
    try:
        await ask_again(call, params.current_password, "codes_password")
        async with services.db.write() as tx:
            user = await accounts_access.user(tx, call.viewer_id)
            if not user.totp_secret:
                raise Conflict(safe="Two-step sign-in is off")
            await ask_code(call, tx, params.code)
            codes = await second_factor.new_recovery_codes(services, tx, call.viewer_id)
    except Invalid as error:
        form = form_of({}, error, {"code": "codes_code"})
        return await _two_factor_page(call, Form(), 422, codes=form)
    return await call.page(RecoveryCodesPage(codes=codes))


async def two_factor_off(call: PageCall[CodeParams]) -> Response:
    """Switch the second step off."""
    call.count("second_factor_account")
    try:
        await ask_again(call, call.params.current_password)
        async with call.services.db.write() as tx:
            await ask_code(call, tx, call.params.code)
            await second_factor.disable_totp(tx, call.viewer_id)
    except Invalid as error:
        return await _two_factor_page(call, form_of({}, error), 422)
    return call.redirect("/settings/two-factor", flash="Two-step sign-in is off.")


async def sessions(call: PageCall[Any]) -> Response:
    """The browsers in which the member is signed in."""
    async with call.read() as reader:
        found = await sign_in.sessions(reader, call.viewer_id)
    views = [
        SessionView(
            id=str(each.id),
            name=_browser(each.user_agent),
            detail=each.address,
            created_at=each.created_at,
            used_at=each.last_seen_at,
            current=each.id == call.viewer.session_id,
        )
        for each in found
    ]
    return await call.page(SessionsPage(sessions=views))


def _browser(agent: str) -> str:
    """A few words for what a browser says of itself."""
    name = next((each for each in _BROWSERS if each in agent), "")
    system = next((each for each in _SYSTEMS if each in agent), "")
    words = [_SHOWN_AS.get(each, each) for each in (name, system) if each]
    return " on ".join(words) or agent[:60] or "A browser"


async def end_session(call: PageCall[OneParams]) -> Response:
    """Sign one browser out."""
    async with call.services.db.write() as tx:
        await ending.end_session(tx, call.viewer_id, call.params.id)
    if call.params.id == call.viewer.session_id:
        return call.redirect("/", headers=(cookies.no_session_cookie(call.house.site),))
    return call.redirect("/settings/sessions", flash="It is signed out.")


async def end_others(call: PageCall[Any]) -> Response:
    """Sign all other browsers out."""
    async with call.services.db.write() as tx:
        await ending.end_other_sessions(tx, call.viewer_id, call.viewer.session_id)
    return call.redirect("/settings/sessions", flash="All others are signed out.")


async def app_list(call: PageCall[Any]) -> Response:
    """The apps that have access."""
    async with call.read() as reader:
        found = await apps.authorised_apps(reader, call.viewer_id)
    views = [
        SessionView(
            id=str(each.app_id),
            name=each.name or "An app",
            detail="",
            created_at=each.created_at,
            used_at=each.last_used_day * DAY,
            website=each.website,
            scopes=each.scopes,
        )
        for each in found
    ]
    return await call.page(AppsPage(apps=views))


async def revoke(call: PageCall[OneParams]) -> Response:
    """Take an app's access back."""
    async with call.services.db.write() as tx:
        await ending.revoke_app(tx, call.viewer_id, call.params.id)
    return call.redirect("/settings/apps", flash="The app has no access any more.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/settings/password", password_form, MEMBER),
    Route(POST, "/settings/password", password_save, MEMBER, params=PasswordParams),
    Route(GET, "/settings/account", account, MEMBER, unbound=True),
    Route(POST, "/settings/email", email_save, MEMBER, params=EmailParams),
    Route(POST, "/settings/delete", delete, MEMBER, params=DeleteParams),
    Route(POST, "/settings/stay", keep, SIGNED_IN),
    Route(GET, "/goodbye", goodbye),
    Route(GET, "/settings/two-factor", two_factor, MEMBER),
    Route(POST, "/settings/two-factor", two_factor_on, MEMBER, params=CodeParams),
    Route(POST, "/settings/two-factor/start", two_factor_start, MEMBER),
    Route(POST, "/settings/two-factor/codes", new_codes, MEMBER, params=CodeParams),
    Route(POST, "/settings/two-factor/off", two_factor_off, MEMBER, params=CodeParams),
    Route(GET, "/settings/sessions", sessions, MEMBER),
    Route(POST, "/settings/sessions/{id}/end", end_session, MEMBER, params=OneParams),
    Route(POST, "/settings/sessions/end-others", end_others, MEMBER),
    Route(GET, "/settings/apps", app_list, MEMBER),
    Route(POST, "/settings/apps/{id}/revoke", revoke, MEMBER, params=OneParams),
)
