"""What a member has scheduled: looked at, moved, cancelled."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid
from rostra.network.media import access as media_access
from rostra.network.posts import schedule
from rostra.network.posts.model import Scheduled
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.present import Presenter, picture_view
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.parts import PictureView
from rostra.web.views.scheduled import ScheduledPage, ScheduledView


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which one."""

    id: Id


class MoveParams(OneParams, frozen=True, kw_only=True):
    """Which one to publish when, as a form says it."""

    scheduled_at: str = ""


async def index(call: PageCall[ListParams]) -> Response:
    """All that the member has scheduled."""
    return await _shown(call, call.params)


async def _shown(call: PageCall[Any], params: ListParams, error: Invalid | None = None) -> Response:
    async with call.read() as reader:
        window = await schedule.page(reader, call.viewer_id, page_of(params))
        start = beginning(call, params, window)
        if start:
            return start
        kept = await media_access.by_scheduled(reader, [row.id for row in window.items])
        presenter = await Presenter.of(call, reader)
    pictures = {each: picture_view(media, presenter.at) for each, media in kept.items()}
    page = ScheduledPage(
        posts=[_view(row, pictures) for row in window.items],
        pager=pager("/scheduled", params, window),
    )
    if error is None:
        return await call.page(page)
    form = form_of({}, error)
    form = msgspec.structs.replace(form, message=form.error("scheduled_at") or form.message)
    return await call.page(msgspec.structs.replace(page, form=form), error.status)


def _view(row: Scheduled, pictures: dict[int, PictureView]) -> ScheduledView:
    draft = row.content()
    return ScheduledView(
        id=str(row.id),
        due_at=row.due_at,
        due=f"{datetime.fromtimestamp(row.due_at / 1000, UTC):%Y-%m-%dT%H:%M}",
        text=draft.text,
        spoiler=draft.spoiler_text,
        visibility="" if draft.visibility is None else draft.visibility.wire,
        answers=f"/posts/{draft.in_reply_to_id}" if draft.in_reply_to_id else "",
        options=draft.poll.options if draft.poll else (),
        pictures=[pictures[each] for each in draft.media_ids if each in pictures],
        failure=row.failure,
    )


async def move(call: PageCall[MoveParams]) -> Response:
    """Publish one at another time."""
    services, params = call.services, call.params
    try:
        due_at = schedule.due_of(params.scheduled_at)
        async with services.db.write() as tx:
            await schedule.reschedule(services, tx, call.viewer_id, params.id, due_at)
    except Invalid as error:
        return await _shown(call, ListParams(), error)
    return call.redirect("/scheduled", flash="The time is changed.")


async def cancel(call: PageCall[OneParams]) -> Response:
    """Never publish it."""
    async with call.services.db.write() as tx:
        await schedule.cancel(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect("/scheduled", flash="The post is cancelled.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/scheduled", index, MEMBER, params=ListParams),
    Route(POST, "/scheduled/{id}/move", move, MEMBER, params=MoveParams),
    Route(POST, "/scheduled/{id}/cancel", cancel, MEMBER, params=OneParams),
)
