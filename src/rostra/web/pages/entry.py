"""The way in and out: sign up, confirm, sign in with its second step, a new password, sign out."""

from typing import Any, Final

import msgspec

from rostra.http.response import Response, cookie
from rostra.kernel.crypto import invite_code_key
from rostra.kernel.errors import Forbidden, Invalid, RostraError, Unauthorized, Unavailable
from rostra.kernel.text import names
from rostra.network.credentials import (
    changing,
    ending,
    join,
    passwords,
    second_factor,
    sign_in,
    tries,
)
from rostra.network.credentials.model import MemberState
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import Place
from rostra.outside.translations import preferred
from rostra.web import cookies
from rostra.web.call import PageCall
from rostra.web.faults import form_of, sentence
from rostra.web.pages.entering import (
    STEP_COOKIE,
    code_page,
    enter,
    entered,
    second_opened,
    wanted,
)
from rostra.web.route import ANYBODY, GET, POST, SIGNED_IN, Route
from rostra.web.views.entry import (
    ForgottenPage,
    NoticePage,
    ResetPage,
    SignInPage,
    SignUpPage,
)
from rostra.web.views.forms import Form
from rostra.web.views.parts import RuleView

_STEP_LASTS_S: Final = 300
_ENDED_INVITE: Final = "This invitation is not valid any more."


class InviteParams(msgspec.Struct, frozen=True):
    """An invitation in a link."""

    invite: str = ""


class SignUpParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in to join."""

    username: str = ""
    email: str = ""
    password: str = ""
    reason: str = ""
    invite_code: str = ""
    date_of_birth: str = ""
    agreement: bool = False
    terms_version: str = ""


class NextParams(msgspec.Struct, frozen=True):
    """Where to go afterwards."""

    next: str = ""


class SignInFormParams(NextParams, frozen=True):
    """Where to go afterwards; `again` asks those who are signed in to do so anew."""

    again: bool = False


class SignInParams(msgspec.Struct, frozen=True, kw_only=True):
    """Name and password."""

    login: str = ""
    password: str = ""
    next: str = ""


class CodeParams(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the second step."""

    code: str = ""
    next: str = ""


class EmailParams(msgspec.Struct, frozen=True):
    """Whose password is forgotten."""

    email: str = ""


class TokenParams(msgspec.Struct, frozen=True):
    """The secret of a letter."""

    token: str = ""


class ResetParams(msgspec.Struct, frozen=True, kw_only=True):
    """A new password."""

    token: str = ""
    password: str = ""
    password_again: str = ""


async def join_form(call: PageCall[InviteParams]) -> Response:
    """The form to join, or why there is none."""
    if call.session.account_id:
        return call.redirect("/home")
    return await _sign_up_page(call, Form(), call.params.invite)


async def _sign_up_page(
    call: PageCall[Any], form: Form, invite: str, status: int = 200
) -> Response:
    place = await call.place()
    if place.settings.registrations == "closed":
        words = place.settings.closed_message or "You can read along, and come back later."
        closed = NoticePage(
            heading="Nobody can join right now",
            paragraphs=(words,),
            icon="lock",
            action_url="/public",
            action_label="Explore",
        )
        return await call.page(closed, 403)
    inviter = await _inviter(call, invite)
    if invite and not inviter and not form.errors:
        form = Form(values={"invite_code": invite}, errors={"invite_code": _ENDED_INVITE})
    page = SignUpPage(
        form=form,
        rules=[RuleView(text=rule.text, hint=rule.hint) for rule in place.rules],
        terms_version=_terms_version(call, place),
        ask_email=call.services.mailer.configured,
        ask_reason=place.settings.registrations == "approval" and not inviter,
        ask_invite=place.settings.registrations == "invite",
        invite_code=invite if inviter else "",
        inviter=inviter,
        minimum_age=place.settings.minimum_age,
        min_password=call.services.settings.accounts.min_password,
    )
    return await call.page(page, status)


def _terms_version(call: PageCall[Any], place: Place) -> str:
    terms = place.terms_at(call.now)
    return str(terms.id) if terms else ""


async def _inviter(call: PageCall[Any], code: str) -> str:
    """Whether an invitation is good: its maker's name is not told to strangers, so a word."""
    if not code:
        return ""
    async with call.read() as reader:
        invite = await instance_access.invite_by_code(reader, invite_code_key(code))
    return "a member" if invite is not None and invite.open_at(call.now) else ""


async def join_post(call: PageCall[SignUpParams]) -> Response:
    """Make the account; signs in at once where nothing is waited for."""
    params, services = call.params, call.services
    version = params.terms_version
    try:
        prepared = await join.prepare(
            services,
            join.Form(
                username=params.username,
                email=params.email,
                password=params.password,
                agreement=params.agreement,
                terms_version=int(version) if version.isascii() and version.isdigit() else 0,
                reason=params.reason,
                invite_code=params.invite_code,
                date_of_birth=params.date_of_birth,
                locale=preferred(call.request.header("accept-language")),
            ),
        )
        async with services.db.write() as tx:
            await join.join(services, tx, prepared)
    except Forbidden:  # closed since the form was opened: the page says so
        return await _sign_up_page(call, Form(), "")
    except Invalid as error:
        kept = ("username", "email", "reason", "invite_code", "date_of_birth")
        form = form_of({name: getattr(params, name) for name in kept}, error)
        return await _sign_up_page(call, form, params.invite_code, 422)
    identity = await sign_in.identify(services, params.username, params.password)
    return await enter(call, identity, "/home")


async def confirm(call: PageCall[TokenParams]) -> Response:
    """Somebody opened the letter: a button, so that a mail scanner's visit confirms nothing."""
    page = NoticePage(
        heading="Confirm your address",
        paragraphs=("One press, and your address is confirmed.",),
        resend_action=f"/confirm?token={_plain(call.params.token)}",
        resend_label="Confirm",
        resend_first=True,
    )
    return await call.page(page)


def _plain(token: str) -> str:
    return "".join(c for c in token[:200] if c.isascii() and (c.isalnum() or c in "-_"))


async def confirm_post(call: PageCall[TokenParams]) -> Response:
    """Confirm the address that the letter went to."""
    services = call.services
    try:
        async with services.db.write() as tx:
            await changing.confirm_email(services, tx, call.params.token)
    except RostraError as error:
        page = NoticePage(heading="This link no longer works", paragraphs=(error.safe,))
        return await call.page(page, error.status)
    return call.redirect("/home", flash="Your address is confirmed.")


async def resend(call: PageCall[Any]) -> Response:
    """Send the letter that confirms an address again."""
    if MemberState(call.session.state) is not MemberState.UNCONFIRMED:
        return call.redirect("/home")
    async with call.services.db.write() as tx:
        await changing.request_confirmation(tx, call.session.account_id)
    return call.redirect("/home", flash="It is on its way.")


async def sign_in_form(call: PageCall[SignInFormParams]) -> Response:
    """The form to sign in."""
    if call.session.account_id and not call.params.again:
        return call.redirect(wanted(call) or "/home")
    return await _sign_in_page(call, Form())


async def _sign_in_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    return await call.page(SignInPage(form=form, next_url=wanted(call)), status)


async def sign_in_post(call: PageCall[SignInParams]) -> Response:
    """Check name and password; open the session, or ask for the second step."""
    params, services = call.params, call.services
    device = cookies.device_of(call.request)
    try:
        identity = await tries.identify(
            services, call.house.limits, params.login, params.password, device=device
        )
    except (Unauthorized, Forbidden) as error:
        form = Form(values={"login": params.login}, message=sentence(error.safe))
        return await _sign_in_page(call, form, error.status)
    target = wanted(call)
    if not identity.needs_code:
        return await enter(call, identity, target or "/home")
    async with services.db.write() as tx:
        secret = await sign_in.begin_second_step(services, tx, identity)
    step = cookie(call.house.site, STEP_COOKIE, secret, max_age_s=_STEP_LASTS_S)
    query = f"?next={_quoted(target)}" if target else ""
    return call.redirect(f"/sign-in/code{query}", headers=(step,))


def _quoted(path: str) -> str:
    return "".join(c if c.isalnum() or c in "/-_.~" else f"%{ord(c):02X}" for c in path)


async def code_form(call: PageCall[NextParams]) -> Response:
    """The form for the second step."""
    if not call.request.cookies.get(STEP_COOKIE):
        return call.redirect("/sign-in")
    return await code_page(call, Form())


async def code_post(call: PageCall[CodeParams]) -> Response:
    """Check the code and open the session."""
    services, secret = call.services, call.request.cookies.get(STEP_COOKIE, "")
    try:
        async with call.read() as reader:
            identity = await sign_in.second_step(reader, services, secret)
    except Unauthorized:
        return call.redirect("/sign-in", flash="Please sign in again.", tone="bad")
    call.count("second_factor_account", identity.account_id)
    try:
        async with services.db.write() as tx:
            await second_factor.check_code(services, tx, identity.account_id, call.params.code)
            token = await second_opened(call, tx, identity, secret)
    except (Unauthorized, Invalid) as error:
        return await code_page(call, form_of({}, error), error.status)
    call.house.limits.forget("second_factor_account", identity.account_id)
    return entered(call, identity, token, wanted(call) or "/home")


async def sign_out(call: PageCall[Any]) -> Response:
    """End this browser's session."""
    viewer = call.session
    async with call.services.db.write() as tx:
        await ending.end_session(tx, viewer.account_id, viewer.session_id)
    gone = cookies.no_session_cookie(call.house.site)
    return call.redirect("/", headers=(gone,))


async def forgotten(call: PageCall[Any]) -> Response:
    """The form that asks for a letter."""
    return await call.page(ForgottenPage(mail=call.services.mailer.configured))


async def forgotten_post(call: PageCall[EmailParams]) -> Response:
    """Send the letter where there is somebody to send it to; the answer tells nobody."""
    services, email = call.services, call.params.email
    call.count("password_reset_account", names.mailbox_key(email))
    try:
        async with services.db.write() as tx:
            await changing.request_reset(services, tx, email)
    except Unavailable:
        return await call.page(ForgottenPage(mail=False), 503)
    page = NoticePage(
        heading="Look into your mail",
        paragraphs=("If somebody here has this address, a letter with a link is on its way.",),
    )
    return await call.page(page)


async def reset_form(call: PageCall[TokenParams]) -> Response:
    """The form for a new password."""
    try:
        async with call.read() as reader:
            await changing.reset_target(reader, call.services, call.params.token)
    except RostraError as error:
        return await _dead_link(call, error)
    return await call.page(ResetPage(token=call.params.token))


async def _dead_link(call: PageCall[Any], error: RostraError) -> Response:
    page = NoticePage(
        heading="This link no longer works",
        paragraphs=("Ask for a new one: each works once, for a short time.",),
        action_label="Ask for a new link",
        action_url="/forgotten",
    )
    return await call.page(page, error.status)


async def reset_post(call: PageCall[ResetParams]) -> Response:
    """Set the new password; every session and every app is signed out."""
    params, services = call.params, call.services
    faults = passwords.faults(services.settings, params.password)
    if params.password != params.password_again:
        form = Form(errors={"password_again": "The two are not the same."})
        return await call.page(ResetPage(token=params.token, form=form), 422)
    if faults:
        form = form_of({}, Invalid.many(list(faults)))
        return await call.page(ResetPage(token=params.token, form=form), 422)
    hashed = await passwords.hashed(params.password)
    try:
        async with services.db.write() as tx:
            account_id = await changing.reset_password(services, tx, params.token, hashed)
    except RostraError as error:
        return await _dead_link(call, error)
    await tries.start_anew(services, call.house.limits, account_id)
    return call.redirect("/sign-in", flash="Your password is changed. Sign in with it.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/join", join_form, ANYBODY, InviteParams),
    Route(POST, "/join", join_post, ANYBODY, SignUpParams, ("sign_up_address",)),
    Route(POST, "/join/resend", resend, SIGNED_IN, limits=("confirmation_account",)),
    Route(GET, "/confirm", confirm, ANYBODY, TokenParams),
    Route(POST, "/confirm", confirm_post, ANYBODY, TokenParams, ("confirmation_address",)),
    Route(GET, "/sign-in", sign_in_form, ANYBODY, SignInFormParams),
    Route(POST, "/sign-in", sign_in_post, ANYBODY, SignInParams, ("sign_in_address",)),
    Route(GET, "/sign-in/code", code_form, ANYBODY, NextParams),
    Route(POST, "/sign-in/code", code_post, ANYBODY, CodeParams, ("sign_in_address",)),
    Route(POST, "/sign-out", sign_out, SIGNED_IN),
    Route(GET, "/forgotten", forgotten, ANYBODY),
    Route(POST, "/forgotten", forgotten_post, ANYBODY, EmailParams, ("password_reset_address",)),
    Route(GET, "/reset", reset_form, ANYBODY, TokenParams),
    Route(POST, "/reset", reset_post, ANYBODY, ResetParams, ("password_reset_address",)),
)
