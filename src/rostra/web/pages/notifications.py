"""What others did that the member wants to hear of."""

from collections.abc import Sequence
from typing import Any, get_args

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Conflict, Unavailable
from rostra.network.accounts import markers
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.notifications import access
from rostra.network.notifications import dismiss as dismissing
from rostra.network.notifications import policy as policies
from rostra.network.notifications.model import ALL_KINDS, WITH_POST, Kind, Notification, Wanted
from rostra.network.posts import requests
from rostra.web.call import PageCall
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.parts import NotificationKind, NotificationView, Tab
from rostra.web.views.reading import NotificationsPage

LIMIT = 30
MOST_APPROVALS = 100  # that are counted
_LIST = "notifications"
# Whose post is what is told, so that a filter that hides it hides the notification.
_OF_OTHERS = frozenset({Kind.MENTION.value, Kind.STATUS.value})
_KNOWN: dict[str, NotificationKind] = {kind: kind for kind in get_args(NotificationKind)}


class NotificationsParams(ListParams, frozen=True, kw_only=True):
    """Which notifications."""

    only: str = ""


async def notifications(call: PageCall[NotificationsParams]) -> Response:
    """The notifications, the newest first; what is shown counts as read."""
    params, viewer_id = call.params, call.viewer_id
    mentions = params.only == "mentions"
    wanted = Wanted(frozenset({Kind.MENTION.value}) if mentions else ALL_KINDS)
    asked = page_of(params, LIMIT)
    async with call.read() as reader:
        window = await access.page(reader, viewer_id, asked, now=call.now, wanted=wanted)
        start = beginning(call, params, window, LIMIT)
        if start:
            return start
        known = await markers.markers_of(reader, viewer_id, [_LIST])
        read_to = known[_LIST].last_read_id if _LIST in known else 0
        shown = await present(call, reader, window.items, read_to)
        waiting, _ = await policies.pending(reader, viewer_id, now=call.now)
        asked_for = await requests.count_open(reader, viewer_id, now=call.now, limit=MOST_APPROVALS)
    newest = window.items[0].id if window.items else 0
    if newest > read_to and not mentions:
        await _mark(call, newest)
    page = NotificationsPage(
        notifications=shown,
        requests=waiting,
        approvals=asked_for,
        pager=pager("/notifications", params, window, only="mentions" if mentions else ""),
        tabs=(
            Tab(label="Everything", url="/notifications", current=not mentions),
            Tab(label="Mentions", url="/notifications?only=mentions", current=mentions),
        ),
    )
    return await call.page(page)


async def present(
    call: PageCall[Any], reader: Reader, found: Sequence[Notification], read_to: int
) -> list[NotificationView]:
    """Notifications as pages show them; those after ``read_to`` (an id) are new."""
    presenter = await Presenter.of(call, reader, Context.NOTIFICATIONS)
    posts = await presenter.posts_by_id(
        list({each.about_post_id for each in found if each.about_post_id})
    )
    people = await presenter.authors(each.from_account_id for each in found)
    return [
        NotificationView(
            id=str(each.id),
            kind=_KNOWN[each.kind],
            created_at=ids.time_of(each.id),
            author=people[each.from_account_id],
            post=posts.get(each.post_id),
            unread=each.id > read_to,
            statement=str(each.statement_id or ""),
        )
        for each in found
        if each.kind in _KNOWN
        and each.from_account_id in people
        and (each.post_id in posts or each.kind not in WITH_POST)
        and not (each.kind in _OF_OTHERS and posts[each.post_id].hidden)
    ]


async def _mark(call: PageCall[Any], newest: int) -> None:
    """Remember what was read. It may fail: then the same is new once more, which does no harm."""
    try:
        async with call.services.db.write() as tx:
            await markers.move_markers(call.services, tx, call.viewer_id, {_LIST: newest})
    except (Conflict, Unavailable):
        return


async def clear(call: PageCall[NoParams]) -> Response:
    """Remove all notifications."""
    async with call.services.db.write() as tx:
        await dismissing.clear(tx, call.viewer_id)
    return call.redirect("/notifications", flash="Your notifications are cleared.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/notifications", notifications, MEMBER, params=NotificationsParams),
    Route(POST, "/notifications/clear", clear, MEMBER),
)
