"""What waits for the member's approval: replies, favourites and reblogs of their posts."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.filters.model import Context
from rostra.network.posts import requests
from rostra.network.posts.interaction import Kind
from rostra.web.call import PageCall
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.approvals import ApprovalsPage, ApprovalView

LIMIT: Final = 20
_PATH: Final = "/approvals"
# A reply that was edited is asked about anew: who decides has read what they decide on.
_CHANGED: Final = "It was changed or taken back since you looked. What waits now is below."
Verb = Callable[[Services, Transaction, int, int], Awaitable[None]]


class ApprovalParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which request."""

    id: Id


async def approvals(call: PageCall[ListParams]) -> Response:
    """What waits, the latest first."""
    async with call.read() as reader:
        page = page_of(call.params, LIMIT)
        window = await requests.page(reader, call.viewer_id, page, now=call.now)
        start = beginning(call, call.params, window, LIMIT)
        if start:
            return start
        presenter = await Presenter.of(call, reader, Context.NOTIFICATIONS)
        wanted = {each.post_id for each in window.items}
        wanted |= {each.subject_id for each in window.items if each.kind == Kind.REPLY}
        posts = await presenter.posts_by_id(list(wanted))
        people = await presenter.authors(each.account_id for each in window.items)
    views = [
        ApprovalView(
            id=str(each.id),
            kind=Kind(each.kind).wire,
            created_at=ids.time_of(each.id),
            author=people[each.account_id],
            post=posts[each.post_id],
            reply=posts.get(each.subject_id) if each.kind == Kind.REPLY else None,
        )
        for each in window.items
        if each.account_id in people and each.post_id in posts
    ]
    return await call.page(ApprovalsPage(approvals=views, pager=pager(_PATH, call.params, window)))


def _deciding(verb: Verb, said: str) -> Callable[[PageCall[ApprovalParams]], Awaitable[Response]]:
    async def decide(call: PageCall[ApprovalParams]) -> Response:
        services = call.services
        try:
            async with services.db.write() as tx:
                await verb(services, tx, call.viewer_id, call.params.id)
        except NotFound:
            return call.redirect(_PATH, flash=_CHANGED, tone="bad")
        return call.redirect(_PATH, flash=said)

    decide.__doc__ = verb.__doc__
    return decide


_approve = _deciding(requests.authorize, "It is approved.")
_reject = _deciding(requests.reject, "It is rejected.")

ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _PATH, approvals, MEMBER, params=ListParams),
    Route(POST, f"{_PATH}/{{id}}/approve", _approve, MEMBER, params=ApprovalParams),
    Route(POST, f"{_PATH}/{{id}}/reject", _reject, MEMBER, params=ApprovalParams),
)
