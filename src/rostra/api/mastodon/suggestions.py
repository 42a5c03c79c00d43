"""Whom the member might want to follow. Source: docs.joinmastodon.org/methods/suggestions."""

from typing import Any, Literal

import msgspec

from rostra.api.endpoint import DELETE, GET, Auth, Call, Empty, Endpoint, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.http.params import Count, Id
from rostra.network.edge import Reader
from rostra.network.relations import suggest

_MANY, _MOST = 40, 80
_REPLACED = 1_619_827_200  # 2021-05-01, Mastodon 3.4: the second version took its place
# The names that clients knew before there were several sources.
_OLD_NAMES = {suggest.FRIENDS: "past_interactions", suggest.POPULAR: "global"}


class Suggestion(msgspec.Struct, frozen=True):
    """An account, and why it is suggested."""

    source: Literal["staff", "past_interactions", "global"]
    sources: tuple[str, ...]
    account: Account


class SuggestionParams(msgspec.Struct, frozen=True):
    """How many."""

    limit: Count | None = None


class SuggestedId(msgspec.Struct, frozen=True):
    """Which account."""

    account_id: Id


async def _found(
    call: Call[SuggestionParams],
) -> tuple[list[suggest.Suggestion], dict[int, bytes]]:
    services, viewer_id = call.services, call.viewer.account_id
    limit = min(call.params.limit or _MANY, _MOST)

    async def find(reader: Reader) -> list[suggest.Suggestion]:
        return await suggest.suggestions(reader, viewer_id, limit, now=services.clock.now())

    found = await services.db.slowly(find)
    async with services.db.read() as reader:
        shown = await render.accounts_by_id(call, reader, [each.account_id for each in found])
    return [each for each in found if each.account_id in shown], shown


async def index(call: Call[SuggestionParams]) -> Raw:
    """Accounts to follow, and why."""
    found, shown = await _found(call)
    return Raw(
        render.join(
            b'{"source":"%s","sources":["%s"],"account":%s}'
            % (_OLD_NAMES[each.source].encode(), each.source.encode(), shown[each.account_id])
            for each in found
        )
    )


async def index_v1(call: Call[SuggestionParams]) -> Raw:
    """Accounts to follow."""
    found, shown = await _found(call)
    return Raw(render.join(shown[each.account_id] for each in found))


async def dismiss(call: Call[SuggestedId]) -> Empty:
    """Suggest an account no more."""
    async with call.services.db.write() as tx:
        await suggest.dismiss(tx, call.viewer.account_id, call.params.account_id)
    return Empty()


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v2/suggestions",
        index,
        auth=Auth.USER,
        scopes=("read",),
        params=SuggestionParams,
        answer=list[Suggestion],
        summary="Accounts to follow, and why",
    ),
    Endpoint(
        GET,
        "/api/v1/suggestions",
        index_v1,
        auth=Auth.USER,
        scopes=("read",),
        params=SuggestionParams,
        answer=list[Account],
        deprecated=_REPLACED,
        summary="Accounts to follow",
    ),
    Endpoint(
        DELETE,
        "/api/v1/suggestions/{account_id}",
        dismiss,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=SuggestedId,
        answer=Empty,
        errors=(404,),
        summary="Suggest an account no more",
    ),
)
