"""What every way of signing in ends with: the second step's page, and the open session."""

from typing import Any, Final

from rostra.http.response import Response, cookie
from rostra.kernel.errors import Unauthorized
from rostra.network.credentials import ending, passkeys, sign_in, tries
from rostra.network.credentials.sign_in import Identity
from rostra.network.edge import Transaction
from rostra.web import cookies
from rostra.web.call import PageCall
from rostra.web.views.entry import TotpPage
from rostra.web.views.forms import Form

STEP_COOKIE: Final = "rostra_step"


def wanted(call: PageCall[Any]) -> str:
    """Where the visitor wanted to go, when the form or the link says so."""
    return call.next_url("") if call.tree.get("next") else ""


async def enter(call: PageCall[Any], identity: Identity, target: str) -> Response:
    """Open a session for somebody who has shown who they are, and lead them on."""
    async with call.services.db.write() as tx:
        token = await _opened(call, tx, identity)
    return entered(call, identity, token, target)


async def _opened(call: PageCall[Any], tx: Transaction, identity: Identity) -> str:
    """Open a new session, always; the one that the browser held so far ends."""
    if call.session.session_id:
        await ending.end_session(tx, call.session.account_id, call.session.session_id)
    return await sign_in.open_session(
        call.services,
        tx,
        identity,
        address=call.request.address,
        user_agent=call.request.header("user-agent"),
    )


async def second_opened(
    call: PageCall[Any], tx: Transaction, identity: Identity, secret: str
) -> str:
    """Open the session of somebody who has done the second step, once for each begun one."""
    if not await sign_in.end_second_step(tx, secret):
        raise Unauthorized("the step was used meanwhile")
    return await _opened(call, tx, identity)


def entered(call: PageCall[Any], identity: Identity, token: str, target: str) -> Response:
    """The answer with a session's cookie, and with the one that tells the browser from others."""
    site, days = call.house.site, call.services.settings.accounts.session_days
    forget_step = cookie(site, STEP_COOKIE, "", max_age_s=0)
    device = cookies.device_cookie(site, tries.device(call.services, identity), tries.DEVICE_DAYS)
    session = cookies.session_cookie(site, token, days)
    return call.redirect(target, headers=(session, device, forget_step))


async def code_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    """The page of the second step; with a button for passkeys where the member has some."""
    secret, possible = call.request.cookies.get(STEP_COOKIE, ""), False
    async with call.read() as reader:
        try:
            identity = await sign_in.second_step(reader, call.services, secret)
            possible = bool(await passkeys.listed(reader, identity.account_id))
        except Unauthorized:  # told once the form is sent
            possible = False
    page = TotpPage(form=form, next_url=wanted(call), passkeys=possible)
    return await call.page(page, status)
