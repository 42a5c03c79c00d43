"""The letter that confirms an address. Source: docs.joinmastodon.org/methods/emails."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Empty, Endpoint
from rostra.http.params import NoParams
from rostra.kernel.errors import Forbidden, NotFound
from rostra.kernel.text import names
from rostra.network.credentials.changing import request_confirmation
from rostra.network.credentials.model import MemberState


class EmailParams(msgspec.Struct, frozen=True):
    """A corrected address; empty: the one that was given at sign-up."""

    email: str = ""


async def resend(call: Call[EmailParams]) -> Empty:
    """Send the letter again, counted by account, by address and by where it goes."""
    services, email = call.services, call.params.email
    target = names.email_key(email)
    if target:
        call.limits.hit("confirmation_account", target)
    try:
        async with services.db.write() as tx:
            await request_confirmation(tx, call.viewer.account_id, email)
    except NotFound as error:
        message = "This method is only available while the e-mail is awaiting confirmation"
        raise Forbidden(safe=message) from error
    return Empty()


async def confirmed(call: Call[NoParams]) -> bool:
    """Whether the viewer's address is confirmed."""
    return call.viewer.state != MemberState.UNCONFIRMED


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/api/v1/emails/confirmations",
        resend,
        auth=Auth.USER_PENDING,
        scopes=("write:accounts",),
        params=EmailParams,
        answer=Empty,
        limits=("confirmation_account", "confirmation_address"),
        errors=(403, 422),
        summary="Send the letter that confirms the address again",
    ),
    Endpoint(
        GET,
        "/api/v1/emails/check_confirmation",
        confirmed,
        auth=Auth.USER_PENDING,
        scopes=("read:accounts",),
        answer=bool,
        summary="Whether the address is confirmed",
    ),
)
