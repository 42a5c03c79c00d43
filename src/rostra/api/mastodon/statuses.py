"""Posts. Source: docs.joinmastodon.org/methods/statuses."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Endpoint, Raw
from rostra.api.mastodon import render, scheduled
from rostra.api.mastodon.documents import emojis_in
from rostra.api.mastodon.entities.scheduled import ScheduledStatus
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.entities.threads import Context, StatusEdit, StatusSource
from rostra.api.mastodon.media_documents import media_attachment
from rostra.api.mastodon.policy_documents import PolicyParams, packed_of
from rostra.api.mastodon.status_common import StatusId, policy_of, status_answer, visibility_of
from rostra.api.mastodon.times import iso
from rostra.http.body import Upload
from rostra.http.params import Id
from rostra.http.site import PICTURE
from rostra.kernel import ids
from rostra.kernel.errors import NotFound
from rostra.network.addresses import addresses
from rostra.network.instance import access as instance_access
from rostra.network.media import covers
from rostra.network.media.covers import Given
from rostra.network.media.upload import Details, checked_details, parse_focus
from rostra.network.posts import access, edit, threads
from rostra.network.posts.delete import delete
from rostra.network.posts.model import Draft, MediaChange, PollDraft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.schedule import due_of, schedule
from rostra.network.posts.screened import screened
from rostra.network.screening import What

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_MULTI_MAX = 40
_CHANGES_MAX = 16


class StatusIds(msgspec.Struct, frozen=True):
    """Which posts."""

    id: tuple[Id, ...] = ()


class MediaAttribute(msgspec.Struct, frozen=True, kw_only=True):
    """What to say of a file that the post has, and a picture to stand for it."""

    id: Id
    thumbnail: Upload | None = None
    description: str | None = None
    focus: str = ""


class PollParams(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask."""

    options: tuple[str, ...] = ()
    expires_in: int | None = None
    multiple: bool = False
    hide_totals: bool = False


class DraftParams(msgspec.Struct, frozen=True, kw_only=True):
    """What to post."""

    status: str = ""
    spoiler_text: str = ""
    visibility: str = ""
    sensitive: bool | None = None
    language: str = ""
    in_reply_to_id: str = ""
    media_ids: tuple[str, ...] = ()
    poll: PollParams | None = None
    scheduled_at: str = ""
    quoted_status_id: str = ""
    quote_id: str = ""
    quote_approval_policy: str = ""
    interaction_policy: PolicyParams | None = None


class EditParams(DraftParams, frozen=True, kw_only=True):
    """What a post is to read."""

    id: Id
    media_attributes: tuple[MediaAttribute, ...] = ()


class DeleteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post to delete, and whether its pictures go at once."""

    id: Id
    delete_media: bool = False


def _draft(params: DraftParams, app_id: int, key: str) -> Draft:
    """The draft in these parameters; refuses what is not offered instead of dropping it.

    Raises:
        Invalid: naming the parameter.
    """
    return Draft(
        text=params.status,
        spoiler_text=params.spoiler_text,
        visibility=visibility_of(params.visibility),
        sensitive=params.sensitive,
        language=params.language,
        in_reply_to_id=_parent(params.in_reply_to_id),
        quoted_id=_parent(params.quoted_status_id or params.quote_id),
        quote_policy=policy_of(params.quote_approval_policy),
        interaction_policy=packed_of(params.interaction_policy),
        # An id that is none names no picture, as 0 does.
        media_ids=tuple(ids.parse(each.strip()) or 0 for each in params.media_ids),
        poll=_poll(params.poll),
        app_id=app_id,
        idempotency_key=key,
    )


def _poll(params: PollParams | None) -> PollDraft | None:
    if params is None or params == PollParams():  # apps that ask nothing send an empty one
        return None
    return PollDraft(params.options, params.expires_in, params.multiple, params.hide_totals)


def _parent(text: str) -> int:
    """The id of a post that is answered or quoted; 0 for none at all.

    Raises:
        NotFound: it is no id. Dropped, it would make a public post out of an answer.
    """
    if text.strip() in {"", "null", "undefined"}:
        return 0
    parsed = ids.parse(text.strip())
    if parsed is None:
        raise NotFound(f"an answer to {text[:80]!r}")
    return parsed


def _media_change(params: MediaAttribute) -> MediaChange:
    focus = parse_focus(params.focus) if params.focus else None
    details = checked_details(Details(params.description, focus))
    x, y = details.focus or (None, None)
    return MediaChange(params.id, details.description, x, y)


def _covers(params: EditParams, media_ids: Sequence[int]) -> dict[int, Given]:
    """The pictures that are to stand for files of the post; of two for one file the last."""
    return {
        each.id: Given(each.thumbnail, f"media_attributes.{at}.thumbnail")
        for at, each in enumerate(params.media_attributes)
        if each.thumbnail is not None and each.id in media_ids
    }


async def create(call: Call[DraftParams]) -> Raw | ScheduledStatus:
    """Publish a post, at once or later.

    With the same Idempotency-Key within an hour it is the first one again.
    """
    services, viewer = call.services, call.viewer
    draft = _draft(call.params, viewer.app_id, call.idempotency_key)
    prepared = prepare(services.settings, draft)
    if call.params.scheduled_at:
        due_at = due_of(call.params.scheduled_at)
        async with services.db.write() as tx:
            kept = await schedule(services, tx, viewer.account_id, draft, due_at)
        return await _made(call, kept)
    looked_at = await screened(services, viewer.account_id, prepared)
    async with services.db.write() as tx:
        post_id = await publish(services, tx, viewer.account_id, looked_at)
    return await _made(call, post_id)


async def _made(call: Call[DraftParams], made_id: int) -> Raw | ScheduledStatus:
    """What a request has made, or made when it came first: a post, or one that waits for its time.

    The same key may have been sent with a time and without one.
    """
    author_id, later = call.viewer.account_id, bool(call.params.scheduled_at)
    try:
        if later:
            return await scheduled.one(call.services, author_id, made_id)
        return await status_answer(call, made_id)
    except NotFound:
        if not call.idempotency_key:
            raise
    if later:
        return await status_answer(call, made_id)
    return await scheduled.one(call.services, author_id, made_id)


async def change(call: Call[EditParams]) -> Raw:
    """Edit a post of one's own."""
    services, params, author_id = call.services, call.params, call.viewer.account_id
    changes = tuple(_media_change(each) for each in params.media_attributes[:_CHANGES_MAX])
    draft = replace(_draft(params, call.viewer.app_id, ""), media_changes=changes)
    prepared = prepare(services.settings, draft, editing=True)
    given = _covers(params, draft.media_ids)
    if given:
        async with services.db.read() as reader:
            await edit.own(reader, author_id, params.id)  # before any work for them
        for _ in given:
            call.limits.hit("media_account", author_id)
    async with covers.stored(services, author_id, params.id, given) as shown:
        prepared = replace(prepared, covers=shown)
        looked_at = await screened(services, author_id, prepared, What.EDIT)
        async with services.db.write() as tx:
            await edit.edit(services, tx, author_id, params.id, looked_at)
    return await status_answer(call, params.id)


async def remove(call: Call[DeleteParams]) -> Raw:
    """Delete a post of one's own; answers with what it said, for writing it again.

    Its pictures stay with their author for a day, unseen by others under new addresses, so that
    apps can offer to write the post again; `delete_media` lets them go at once.
    """
    services, viewer_id, post_id = call.services, call.viewer.account_id, call.params.id
    async with services.db.read() as reader:
        found = await render.statuses(call, reader, [post_id])
        body = (await access.bodies(reader, [post_id] if found else [])).get(post_id)
    async with services.db.write() as tx:
        keep = not call.params.delete_media
        keys = await delete(services, tx, viewer_id, post_id, keep_media=keep)
    if not found:  # a reblog of what they may no longer see: gone, and nothing to show
        raise NotFound(f"post {post_id} for viewer {viewer_id}")
    shown = found[0]
    for old, new in keys.items():  # keys are long and random: they stand for nothing else
        shown = shown.replace(old.encode(), new.encode())
    text = _encode(body.text if body else "")
    return Raw(shown[:-1] + b',"text":' + text + b"}")


async def show(call: Call[StatusId]) -> Raw:
    """One post."""
    return await status_answer(call, call.params.id)


async def show_several(call: Call[StatusIds]) -> Raw:
    """Several posts; those that the viewer may not see are left out."""
    async with call.services.db.read() as reader:
        ids = list(dict.fromkeys(call.params.id))[:_MULTI_MAX]
        return Raw(render.join(await render.statuses(call, reader, ids)))


async def context(call: Call[StatusId]) -> Raw:
    """The thread around a post."""
    services, viewer_id = call.services, call.viewer.account_id
    async with services.db.read() as reader:
        found = await threads.thread(reader, viewer_id, call.params.id, now=services.clock.now())
        above, below = found.ancestors, found.descendants
        shown = await render.statuses_by_id(call, reader, [*above, *below])
    parts = [render.join(shown[i] for i in ids if i in shown) for ids in (above, below)]
    return Raw(b'{"ancestors":' + parts[0] + b',"descendants":' + parts[1] + b"}")


async def history(call: Call[StatusId]) -> Raw:
    """The versions of a post, oldest first."""
    services, viewer_id, post_id = call.services, call.viewer.account_id, call.params.id
    async with services.db.read() as reader:
        edits = await edit.history(reader, viewer_id, post_id)
        row = await access.row(reader, viewer_id, post_id)
        author = await render.account(call, reader, row.account_id)
        book = await instance_access.emoji_book(services, reader)
        body = (await access.bodies(reader, [post_id]))[post_id]
    at = addresses(services.settings)
    media = {str(m.id): media_attachment(m, at) for m in body.media}
    items = []
    for version in edits:
        document = {
            "content": version.html,
            "spoiler_text": version.spoiler_text,
            "sensitive": bool(version.sensitive),
            "created_at": iso(version.created_at),
            "media_attachments": [
                replace(media[each["id"]], description=each["description"] or None)
                for each in _decode(version.media)
                if each["id"] in media
            ],
            "emojis": emojis_in(book, (version.html, version.spoiler_text)),
        }
        if version.poll:
            options = [{"title": title} for title in _decode(version.poll)]
            document["poll"] = {"options": options}
        items.append(_encode(document)[:-1] + b',"account":' + author + b"}")
    return Raw(render.join(items))


async def source(call: Call[StatusId]) -> StatusSource:
    """One's own post as it was written."""
    async with call.services.db.read() as reader:
        row = await edit.own(reader, call.viewer.account_id, call.params.id)
        body = (await access.bodies(reader, [row.id]))[row.id]
    return StatusSource(str(row.id), body.text, body.spoiler_text)


def _read(path: str, handler: Any, answer: Any, summary: str, params: Any) -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/statuses{path}",
        handler,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=params,
        answer=answer,
        summary=summary,
    )


ENDPOINTS = (
    Endpoint(
        POST,
        "/api/v1/statuses",
        create,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=DraftParams,
        answer=Status,
        instead=ScheduledStatus,
        limits=("post_account",),
        errors=(404,),  # what it answers to may be gone
        summary="Publish a post",
    ),
    Endpoint(
        PUT,
        "/api/v1/statuses/{id}",
        change,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=EditParams,
        answer=Status,
        limits=("post_account",),
        owned="id",
        max_body=PICTURE,
        summary="Edit a post",
    ),
    Endpoint(
        DELETE,
        "/api/v1/statuses/{id}",
        remove,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=DeleteParams,
        answer=Status,
        limits=("delete_account",),
        owned="id",
        summary="Delete a post",
    ),
    _read("", show_several, list[Status], "Several posts", StatusIds),
    _read("/{id}", show, Status, "One post", StatusId),
    _read("/{id}/context", context, Context, "The thread around a post", StatusId),
    _read("/{id}/history", history, list[StatusEdit], "The versions of a post", StatusId),
    Endpoint(
        GET,
        "/api/v1/statuses/{id}/source",
        source,
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=StatusId,
        answer=StatusSource,
        owned="id",
        summary="One's own post as it was written",
    ),
)
