"""Endpoints of things that this server does not have: each gives the correct empty answer.

Annual reports, identity proofs, campaigns of donations, places that could be looked for, and what
blocking a place would end.
"""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Answered, Auth, Call, Endpoint, Raw
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.relations import AccountId
from rostra.http.params import NoParams
from rostra.network.accounts import access as accounts_access

_PROOFS_ENDED = 1_648_598_400  # 2022-03-30, Mastodon 3.5


class Year(msgspec.Struct, frozen=True):
    """Which year."""

    year: str


class AnnualReports(msgspec.Struct, frozen=True):
    """Reports on a member's years: there are none."""

    annual_reports: tuple[dict[str, Any], ...] = ()
    accounts: tuple[Account, ...] = ()
    statuses: tuple[Status, ...] = ()


class AnnualReportState(msgspec.Struct, frozen=True):
    """Whether there is a report on a year, or can be."""

    state: str = "ineligible"


class DomainBlockPreview(msgspec.Struct, frozen=True):
    """How many follows blocking a place would end."""

    following_count: int = 0
    followers_count: int = 0


async def annual_reports(_call: Call[NoParams]) -> AnnualReports:
    """No report is made on anybody's year."""
    return AnnualReports()


async def annual_report_state(_call: Call[Year]) -> AnnualReportState:
    """No report can be made."""
    return AnnualReportState()


async def no_proofs(call: Call[AccountId]) -> list[str]:
    """Nobody has proven who they are elsewhere by this old way."""
    async with call.services.db.read() as reader:
        await accounts_access.public(reader, call.viewer.account_id, call.params.id)
    return []


async def no_peers(_call: Call[NoParams]) -> list[str]:
    """This place knows no other."""
    return []


async def no_campaign(_call: Call[NoParams]) -> Answered:
    """No donations are asked for."""
    return Answered(Raw(b""), 204)


async def domain_block_preview(_call: Call[NoParams]) -> DomainBlockPreview:
    """Nobody here follows anybody elsewhere."""
    return DomainBlockPreview()


def _mine(
    path: str,
    handler: Any,
    scope: str,
    answer: Any,
    summary: str,
    *,
    params: type[msgspec.Struct] = NoParams,
) -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/{path}",
        handler,
        auth=Auth.USER,
        scopes=(scope,),
        params=params,
        answer=answer,
        summary=summary,
        empty=True,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _mine("annual_reports", annual_reports, "read:accounts", AnnualReports, "Reports on years"),
    _mine(
        "annual_reports/{year}/state",
        annual_report_state,
        "read:accounts",
        AnnualReportState,
        "Whether there can be a report on a year",
        params=Year,
    ),
    _mine(
        "domain_blocks/preview",
        domain_block_preview,
        "read:follows",
        DomainBlockPreview,
        "What blocking a place would end",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/{id}/identity_proofs",
        no_proofs,
        auth=Auth.OPTIONAL,
        scopes=("read:accounts",),
        params=AccountId,
        answer=list[str],
        deprecated=_PROOFS_ENDED,
        errors=(404,),
        summary="Proofs of who an account is elsewhere: none",
        empty=True,
    ),
    Endpoint(
        GET,
        "/api/v1/peers/search",
        no_peers,
        auth=Auth.NONE,
        answer=list[str],
        summary="Places whose names begin so: none",
        empty=True,
    ),
    Endpoint(
        GET,
        "/api/v1/donation_campaigns",
        no_campaign,
        auth=Auth.NONE,
        answer=None,
        status=204,
        summary="A campaign of donations: none",
        empty=True,
    ),
)
