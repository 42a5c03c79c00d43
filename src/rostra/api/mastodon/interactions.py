"""Interaction policies and the requests that wait for an answer, in GoToSocial's form.

Source: docs.gotosocial.org/en/latest/api/swagger (`interaction_policies`, `interaction_requests`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, PUT, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.interactions import DefaultPolicies, InteractionRequest
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.mastodon.policy_documents import PolicyParams, policy_document, policy_of
from rostra.api.mastodon.times import iso
from rostra.http.params import Id, NoParams
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.posts import consent, requests
from rostra.network.posts.interaction import Kind, Request, RequestState

_NAMES = ("public", "unlisted", "private", "direct")


class DefaultsParams(msgspec.Struct, frozen=True, kw_only=True):
    """What new posts are to get, by visibility; what is left out is as if never set."""

    public: PolicyParams | None = None
    unlisted: PolicyParams | None = None
    private: PolicyParams | None = None
    direct: PolicyParams | None = None


class RequestId(msgspec.Struct, frozen=True):
    """Which request."""

    id: Id


class RequestsParams(PageParams, frozen=True, kw_only=True):
    """Which requests: for which post, and of which kinds."""

    status_id: Id | None = None
    favourites: bool = True
    replies: bool = True
    reblogs: bool = True


async def _defaults(reader: Reader, account_id: int) -> DefaultPolicies:
    packed = await consent.defaults(reader, account_id)
    return DefaultPolicies(**dict(zip(_NAMES, map(policy_document, packed), strict=True)))


async def defaults(call: Call[NoParams]) -> DefaultPolicies:
    """What new posts of the member get."""
    async with call.services.db.read() as reader:
        return await _defaults(reader, call.viewer.account_id)


async def set_defaults(call: Call[DefaultsParams]) -> DefaultPolicies:
    """Say what new posts of the member get; posts that are there stay as they are."""
    wanted = [policy_of(getattr(call.params, name), name).pack() for name in _NAMES]
    async with call.services.db.write() as tx:
        await consent.set_defaults(tx, call.viewer.account_id, wanted)
        return await _defaults(tx, call.viewer.account_id)


async def rendered(call: render.Asking, reader: Reader, found: Sequence[Request]) -> list[bytes]:
    """Those of the requests whose post and asker exist for the member, each as JSON."""
    posts = {each.post_id for each in found}
    replies = {each.subject_id for each in found if each.kind == Kind.REPLY}
    statuses = await render.statuses_by_id(call, reader, list(posts | replies))
    askers = list({each.account_id for each in found})
    accounts = await render.accounts_by_id(call, reader, askers)
    items = []
    for each in found:
        account, status = accounts.get(each.account_id), statuses.get(each.post_id)
        if account is None or status is None:
            continue
        reply = statuses.get(each.subject_id, b"null") if each.kind == Kind.REPLY else b"null"
        tail = (b',"status":', status, b',"reply":', reply, b"}")
        items.append(b"".join((_head(each), account, *tail)))
    return items


def _head(request: Request) -> bytes:
    def at(state: RequestState) -> str:
        return f'"{iso(request.decided_at)}"' if request.state == state else "null"

    return (
        f'{{"id":"{request.id}","type":"{Kind(request.kind).wire}",'
        f'"created_at":"{iso(ids.time_of(request.id))}",'
        f'"accepted_at":{at(RequestState.ACCEPTED)},"rejected_at":{at(RequestState.REJECTED)},'
        '"uri":null,"account":'
    ).encode()


async def index(call: Call[RequestsParams]) -> Paged:
    """What waits for the member's answer, the latest first."""
    params = call.params
    wanted = {
        Kind.FAVOURITE: params.favourites,
        Kind.REPLY: params.replies,
        Kind.REBLOG: params.reblogs,
    }
    kinds = [kind for kind, included in wanted.items() if included]
    if not kinds:
        message = "can't be left out together with replies and reblogs"
        raise Invalid("favourites", message, "ERR_INCLUSION")
    async with call.services.db.read() as reader:
        window = await requests.page(
            reader,
            call.viewer.account_id,
            page_of(params),
            now=call.services.clock.now(),
            kinds=kinds,
            post_id=params.status_id or 0,
        )
        items = await rendered(call, reader, window.items)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def _one(call: Call[RequestId]) -> Raw:
    async with call.services.db.read() as reader:
        found = await requests.one(reader, call.viewer.account_id, call.params.id)
        items = await rendered(call, reader, [found])
    if not items:
        raise NotFound(f"what interaction request {found.id} is about")
    return Raw(items[0])


async def show(call: Call[RequestId]) -> Raw:
    """One request, decided or not."""
    return await _one(call)


async def authorize(call: Call[RequestId]) -> Raw:
    """Agree: it happens now. 404 by the id of an earlier version of a reply that was edited."""
    services = call.services
    async with services.db.write() as tx:
        await requests.authorize(services, tx, call.viewer.account_id, call.params.id)
    return await _one(call)


async def reject(call: Call[RequestId]) -> Raw:
    """Refuse: nobody but whoever wrote it sees it."""
    services = call.services
    async with services.db.write() as tx:
        await requests.reject(services, tx, call.viewer.account_id, call.params.id)
    return await _one(call)


def _default_policies(method: str, handler: Any, scope: str, **more: Any) -> Endpoint[Any]:
    return Endpoint(
        method,
        "/api/v1/interaction_policies/defaults",
        handler,
        auth=Auth.USER,
        scopes=(scope,),
        answer=DefaultPolicies,
        **more,
    )


def _request(method: str, path: str, handler: Any, scope: str, summary: str) -> Endpoint[RequestId]:
    return Endpoint(
        method,
        f"/api/v1/interaction_requests/{{id}}{path}",
        handler,
        auth=Auth.USER,
        scopes=(scope,),
        params=RequestId,
        answer=InteractionRequest,
        owned="id",
        summary=summary,
    )


_DECIDING = "write:statuses"
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _default_policies(GET, defaults, "read:accounts", summary="Who may do what with new posts"),
    _default_policies(
        PUT,
        set_defaults,
        "write:accounts",
        params=DefaultsParams,
        summary="Say who may do what with new posts",
    ),
    Endpoint(
        GET,
        "/api/v1/interaction_requests",
        index,
        auth=Auth.USER,
        scopes=("read:notifications",),
        params=RequestsParams,
        answer=list[InteractionRequest],
        summary="What waits for the member's approval",
    ),
    _request(GET, "", show, "read:notifications", "One request for an approval"),
    _request(POST, "/authorize", authorize, _DECIDING, "Agree to a request"),
    _request(POST, "/reject", reject, _DECIDING, "Refuse a request"),
)
