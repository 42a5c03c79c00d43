"""Anybody reports something without an account: for forms elsewhere (DSA Art. 16)."""

from typing import Any

import msgspec

from rostra.api.endpoint import POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso_or_none
from rostra.api.safety import entities
from rostra.kernel.errors import Invalid
from rostra.kernel.text import names
from rostra.outside.translations import known, preferred
from rostra.safety.categories.facts import category_of
from rostra.safety.outsiders import submit as submitting
from rostra.safety.outsiders.model import Given, OutsideState


class OutsideParams(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says who has no account.

    Attributes:
        addresses: of posts, profiles or files of this place, 20 at most.
        category: one of `GET /api/rostra/v1/safety/categories`, by its name.
        comment: why it is illegal, or against the rules.
        name: of a person or an organisation; may be left out for `child_abuse`, as `email`.
        good_faith: that they believe what they say to be accurate and complete.
        language: of letters to them; else as `Accept-Language` says.
    """

    addresses: tuple[str, ...] = ()
    category: str = ""
    comment: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool = False
    language: str = ""


async def create(call: Call[OutsideParams]) -> entities.OutsideReport:
    """Take a report, and answer with its receipt."""
    services, params = call.services, call.params
    category = category_of(params.category)
    if params.category and category is None:
        raise Invalid("category", "is not included in the list", "ERR_INCLUSION")
    spoken = preferred(call.request.header("accept-language"))
    given = Given(
        addresses=params.addresses,
        category=category,
        comment=params.comment,
        name=params.name,
        email=params.email,
        good_faith=params.good_faith,
        locale=known(params.language) if params.language else spoken,
    )
    async with services.db.read() as reader:
        read = await submitting.read(services, reader, given)
    if read.given.email:
        call.limits.hit("outside_report_mail", names.mailbox_key(read.given.email))
    async with services.db.write() as tx:
        receipt = await submitting.submit(services, tx, read)
    outside = receipt.outside
    base = services.settings.site.base_url.rstrip("/")
    return entities.OutsideReport(
        id=str(outside.id),
        state=OutsideState(outside.state).wire,
        url=f"{base}/report/state?token={receipt.token}",
        decided_before_at=iso_or_none(outside.decided_before_at),
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/api/rostra/v1/reports",
        create,
        auth=Auth.NONE,
        params=OutsideParams,
        answer=entities.OutsideReport,
        summary="Report something without an account",
        limits=("outside_report_address",),
    ),
)
