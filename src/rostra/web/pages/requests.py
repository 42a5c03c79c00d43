"""Of whom a member wants to hear, and requests of those who are set aside, by plain forms."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.notifications import access
from rostra.network.notifications import policy as policies
from rostra.network.notifications.model import Outcome, Policy, Request, Wanted
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import PEOPLE, ListParams, beginning, page_of, pager
from rostra.web.pages.notifications import present
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.requests import PolicyPage, RequestPage, RequestsPage, RequestView

_POLICY: Final = "/settings/notifications"
_REQUESTS: Final = "/notifications/requests"
_OUTCOMES: Final = {each.wire: each for each in Outcome}


class PolicyParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of notifications of a sort of people."""

    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "accept"
    for_limited_accounts: str = "accept"


class OneParams(ListParams, frozen=True, kw_only=True):
    """Which request, and which part of what it holds."""

    id: Id


class SomeParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests."""

    ids: tuple[Id, ...] = ()


async def policy_form(call: PageCall[Any]) -> Response:
    """The policy as it is."""
    async with call.read() as reader:
        found = await policies.policy(reader, call.viewer_id)
    numbers = msgspec.structs.asdict(found)
    values = {name: Outcome(number).wire for name, number in numbers.items()}
    return await call.page(PolicyPage(form=Form(values=values)))


async def policy_save(call: PageCall[PolicyParams]) -> Response:
    """Change the policy; what came before stays where it is."""
    typed: dict[str, str] = msgspec.structs.asdict(call.params)
    wrong = next((name for name, word in typed.items() if word not in _OUTCOMES), "")
    if wrong:
        error = Invalid(wrong, "is not included in the list", "ERR_INCLUSION")
        return await call.page(PolicyPage(form=form_of(typed, error)), error.status)
    changes = {name: int(_OUTCOMES[word]) for name, word in typed.items()}
    async with call.services.db.write() as tx:
        known = await policies.policy(tx, call.viewer_id)
        changed: Policy = msgspec.structs.replace(known, **changes)
        await policies.set_policy(tx, call.viewer_id, changed)
    return call.redirect(_POLICY, flash="Your policy is saved.")


async def _views(call: PageCall[Any], reader: Reader, found: list[Request]) -> list[RequestView]:
    presenter = await Presenter.of(call, reader, Context.NOTIFICATIONS)
    people = await presenter.authors(each.from_account_id for each in found)
    posts = await presenter.posts_by_id([each.post_id for each in found if each.post_id])
    shown = {post_id: post for post_id, post in posts.items() if not post.hidden}
    return [
        RequestView(
            id=str(each.id),
            author=people[each.from_account_id],
            count=each.count,
            post=shown.get(each.post_id),
        )
        for each in found
        if each.from_account_id in people
    ]


async def requests(call: PageCall[ListParams]) -> Response:
    """People who are set aside, the latest first."""
    async with call.read() as reader:
        window = await policies.requests(
            reader, call.viewer_id, page_of(call.params, PEOPLE), now=call.now
        )
        start = beginning(call, call.params, window, PEOPLE)
        if start:
            return start
        views = await _views(call, reader, window.items)
    pages = pager(_REQUESTS, call.params, window)
    return await call.page(RequestsPage(requests=views, pager=pages))


async def request(call: PageCall[OneParams]) -> Response:
    """What is set aside of one person."""
    params, viewer_id = call.params, call.viewer_id
    async with call.read() as reader:
        found = await policies.request(reader, viewer_id, params.id, now=call.now)
        views = await _views(call, reader, [found])
        if not views:
            raise NotFound(f"the sender of notification request {found.id}")
        wanted = Wanted(from_account_id=found.from_account_id, set_aside=True)
        window = await access.page(reader, viewer_id, page_of(params), now=call.now, wanted=wanted)
        notes = await present(call, reader, window.items, window.items[0].id if window.items else 0)
    pages = pager(f"{_REQUESTS}/{found.id}", params, window)
    return await call.page(RequestPage(request=views[0], notifications=notes, pager=pages))


async def accept(call: PageCall[SomeParams]) -> Response:
    """Hear of these people, from now on and of what was set aside."""
    async with call.services.db.write() as tx:
        await policies.accept(tx, call.viewer_id, call.params.ids)
    return call.redirect(_REQUESTS, flash="You hear of them from now on.")


async def dismiss(call: PageCall[SomeParams]) -> Response:
    """Remove what was set aside of these people."""
    async with call.services.db.write() as tx:
        await policies.dismiss(tx, call.viewer_id, call.params.ids)
    return call.redirect(_REQUESTS, flash="What was set aside of them is gone.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _POLICY, policy_form, MEMBER),
    Route(POST, _POLICY, policy_save, MEMBER, params=PolicyParams),
    Route(GET, _REQUESTS, requests, MEMBER, params=ListParams),
    Route(POST, f"{_REQUESTS}/accept", accept, MEMBER, params=SomeParams),
    Route(POST, f"{_REQUESTS}/dismiss", dismiss, MEMBER, params=SomeParams),
    Route(GET, f"{_REQUESTS}/{{id}}", request, MEMBER, params=OneParams),
)
