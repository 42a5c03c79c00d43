"""Posts that are published later. Source: docs.joinmastodon.org/methods/scheduled_statuses."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, PUT, Auth, Call, Empty, Endpoint, Paged
from rostra.api.mastodon.entities.scheduled import (
    ScheduledParams,
    ScheduledPoll,
    ScheduledStatus,
)
from rostra.api.mastodon.media_documents import media_attachment
from rostra.api.mastodon.paging import PageParams, page_of_posts
from rostra.api.mastodon.policy_documents import policy_document
from rostra.api.mastodon.times import iso
from rostra.http.params import Id
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.media import access as media_access
from rostra.network.posts import schedule
from rostra.network.posts.model import Draft, Scheduled


class ScheduledId(msgspec.Struct, frozen=True):
    """Which one."""

    id: Id


class MoveParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which one to publish when."""

    id: Id
    scheduled_at: str = ""


async def entities(
    services: Services, reader: Reader, rows: Sequence[Scheduled]
) -> list[ScheduledStatus]:
    """Scheduled posts of one member as clients read them. One statement."""
    pictures = await media_access.by_scheduled(reader, [row.id for row in rows])
    at = addresses(services.settings)
    found = []
    for row in rows:
        draft = row.content()
        shown = [pictures[each] for each in draft.media_ids if each in pictures]
        found.append(
            ScheduledStatus(
                id=str(row.id),
                scheduled_at=iso(row.due_at),
                params=_params(draft),
                media_attachments=tuple(media_attachment(picture, at) for picture in shown),
                failure=row.failure or None,
            )
        )
    return found


def _params(draft: Draft) -> ScheduledParams:
    poll = draft.poll
    return ScheduledParams(
        text=draft.text,
        spoiler_text=draft.spoiler_text,
        visibility=None if draft.visibility is None else draft.visibility.wire,
        sensitive=draft.sensitive,
        language=draft.language or None,
        in_reply_to_id=str(draft.in_reply_to_id) if draft.in_reply_to_id else None,
        media_ids=tuple(str(each) for each in draft.media_ids) or None,
        poll=None
        if poll is None
        else ScheduledPoll(
            options=poll.options,
            expires_in=poll.lasts_s,
            multiple=poll.multiple,
            hide_totals=poll.hide_totals,
        ),
        quoted_status_id=str(draft.quoted_id) if draft.quoted_id else None,
        quote_approval_policy=None if draft.quote_policy is None else draft.quote_policy.wire,
        interaction_policy=policy_document(draft.interaction_policy)
        if draft.interaction_policy
        else None,
        application_id=draft.app_id,
    )


async def one(services: Services, author_id: int, scheduled_id: int) -> ScheduledStatus:
    """One of the member's own.

    Raises:
        NotFound: it is not theirs, or there is none any more.
    """
    async with services.db.read() as reader:
        row = await schedule.one(reader, author_id, scheduled_id)
        return (await entities(services, reader, [row]))[0]


async def index(call: Call[PageParams]) -> Paged:
    """What the member has scheduled."""
    async with call.services.db.read() as reader:
        page = page_of_posts(call.params)
        window = await schedule.page(reader, call.viewer.account_id, page)
        found = await entities(call.services, reader, window.items)
    return Paged(found, window.next_max_id, window.prev_min_id)


async def show(call: Call[ScheduledId]) -> ScheduledStatus:
    """One scheduled post."""
    return await one(call.services, call.viewer.account_id, call.params.id)


async def move(call: Call[MoveParams]) -> ScheduledStatus:
    """Publish it at another time."""
    services, author_id, params = call.services, call.viewer.account_id, call.params
    due_at = schedule.due_of(params.scheduled_at)
    async with services.db.write() as tx:
        await schedule.reschedule(services, tx, author_id, params.id, due_at)
    return await one(services, author_id, params.id)


async def cancel(call: Call[ScheduledId]) -> Empty:
    """Never publish it."""
    async with call.services.db.write() as tx:
        await schedule.cancel(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


def _endpoint(method: str, handler: Any, answer: Any, summary: str, **more: Any) -> Endpoint[Any]:
    return Endpoint(
        method,
        "/api/v1/scheduled_statuses/{id}",
        handler,
        auth=Auth.USER,
        scopes=("read:statuses" if method == GET else "write:statuses",),
        answer=answer,
        owned="id",
        summary=summary,
        **more,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/scheduled_statuses",
        index,
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=PageParams,
        answer=list[ScheduledStatus],
        summary="What the member has scheduled",
    ),
    _endpoint(GET, show, ScheduledStatus, "One scheduled post", params=ScheduledId),
    _endpoint(PUT, move, ScheduledStatus, "Publish it at another time", params=MoveParams),
    _endpoint(DELETE, cancel, Empty, "Never publish it", params=ScheduledId),
)
