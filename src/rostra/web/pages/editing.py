"""Editing and deleting one's own posts, by plain forms."""

from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.http.site import UPLOAD
from rostra.kernel.errors import Invalid, NotFound, TooLarge, TooManyRequests, Unavailable
from rostra.network.edge import Reader
from rostra.network.posts import access, edit
from rostra.network.posts.delete import delete
from rostra.network.posts.model import MediaChange, PostBody, QuotePolicy, Visibility
from rostra.network.posts.prepare import prepare
from rostra.network.posts.screened import screened
from rostra.network.screening import What
from rostra.web import answering
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages import asking, uploads
from rostra.web.pages.writing import (
    NAMES,
    DraftParams,
    composer_of,
    composer_page,
    draft_of,
    own_name,
    parent_of,
    typed,
)
from rostra.web.present import Presenter, picture_view
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.parts import PictureView, PostView
from rostra.web.views.writing import DeletePostPage, EditPostPage


class EditParams(DraftParams, frozen=True, kw_only=True):
    """What a post is to read."""

    id: Id


class PostParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post."""

    id: Id


class DeleteParams(PostParams, frozen=True, kw_only=True):
    """Which post to delete, and whether it is to be written anew."""

    redraft: bool = False


async def edit_form(call: PageCall[PostParams]) -> Response:
    """The form with a post of one's own as it was written."""
    async with call.read() as reader:
        row = await edit.own(reader, call.viewer_id, call.params.id)
        post = (await (await Presenter.of(call, reader)).posts([row.id]))[0]
        body = (await access.bodies(reader, [row.id]))[row.id]
    values = _as_written(body, sensitive=bool(row.sensitive)) | asking.as_asked(post.poll)
    values["quote_policy"] = QuotePolicy(row.quote_policy).wire
    values["answerers"] = answering.choice_of(row.interaction_policy)
    form = Form(values=values)
    return await _edit_page(call, form, post, tuple(post.pictures))


def _as_written(body: PostBody, *, sensitive: bool) -> dict[str, str]:
    return {
        "text": body.text,
        "spoiler_text": body.spoiler_text,
        "language": body.language or "en",
        "sensitive": "1" if sensitive else "",
    }


async def _edit_page(
    call: PageCall[Any],
    form: Form,
    post: PostView,
    pictures: tuple[PictureView, ...],
    status: int = 200,
) -> Response:
    composer = composer_of(
        call,
        form,
        pictures,
        action=f"/posts/{post.id}/edit",
        keep_end=post.poll is not None,
        editing=True,
    )
    return await call.page(EditPostPage(post=post, composer=composer), status)


async def change(call: PageCall[EditParams]) -> Response:
    """Save an edit, or show it again with what is wrong."""
    params, services = call.params, call.services
    async with call.read() as reader:
        row = await edit.own(reader, call.viewer_id, params.id)
        body = (await access.bodies(reader, [row.id]))[row.id]
    there = {media.id for media in body.media}
    chosen = uploads.chosen(call.tree, there)
    taken = uploads.Taken(list(chosen.kept), chosen.alts)
    try:
        call.count("post_account")
        taken = await uploads.take(call, chosen)
        taken.check()
        changes = tuple(
            MediaChange(media_id, taken.alts[media_id])
            for media_id in taken.ids
            if media_id in there and media_id in taken.alts
        )
        draft = msgspec.structs.replace(
            draft_of(call, taken),
            visibility=None,
            media_changes=changes,
            interaction_policy=answering.chosen(params.answerers, row.interaction_policy),
        )
        prepared = prepare(services.settings, draft, editing=True)
        alts = uploads.said(taken, but=there)
        looked_at = await screened(services, call.viewer_id, prepared, What.EDIT, alts)
        async with services.db.write() as tx:
            await uploads.describe(call, tx, taken, but=there)
            await edit.edit(services, tx, call.viewer_id, params.id, looked_at)
    except (Invalid, TooLarge, TooManyRequests, Unavailable) as error:
        form = taken.tell(form_of(typed(call), error, NAMES))
        async with call.read() as reader:
            post = (await (await Presenter.of(call, reader)).posts([row.id]))[0]
            more = await uploads.views(call, reader, taken, but=there)
        kept = tuple(each for each in post.pictures if int(each.id) in taken.ids)
        return await _edit_page(call, form, post, (*kept, *more), error.status)
    return call.redirect(f"/posts/{params.id}", flash="Your post is changed.")


async def delete_form(call: PageCall[PostParams]) -> Response:
    """Ask whether the member is sure."""
    async with call.read() as reader:
        row = await edit.own(reader, call.viewer_id, call.params.id)
        post = (await (await Presenter.of(call, reader)).posts([row.id]))[0]
    came_from = call.next_url("")
    at_post = str(call.params.id) in came_from
    return await call.page(DeletePostPage(post=post, next_url="" if at_post else came_from))


async def remove(call: PageCall[DeleteParams]) -> Response:
    """Delete a post of one's own, and where wanted offer to write it anew."""
    params, services, viewer_id = call.params, call.services, call.viewer_id
    call.count("delete_account")
    async with call.read() as reader:
        row = await edit.own(reader, viewer_id, params.id)
        body = (await access.bodies(reader, [row.id]))[row.id]
        asked = (await (await Presenter.of(call, reader)).posts([row.id]))[0].poll
        url = f"/@{await own_name(call, reader)}"
    async with services.db.write() as tx:
        await delete(services, tx, viewer_id, params.id, keep_media=params.redraft)
    if not params.redraft:
        target = call.next_url(url)
        gone = str(params.id) in target
        return call.redirect(url if gone else target, flash="Your post is deleted.")
    values = _as_written(body, sensitive=bool(row.sensitive))
    values["visibility"] = Visibility(row.visibility).wire
    values |= asking.as_asked(None) | asking.as_asked(asked)
    async with call.read() as reader:
        parent = await _answered(call, reader, row.in_reply_to_id)
        kept = await uploads.own(call, reader, [media.id for media in body.media])
        presenter = await Presenter.of(call, reader)
    pictures = tuple(picture_view(media, presenter.at) for media in kept)
    return await composer_page(call, Form(values=values), parent, pictures)


async def _answered(call: PageCall[Any], reader: Reader, post_id: int) -> PostView | None:
    """The post that was answered, if the member still may see it."""
    try:
        return await parent_of(call, reader, post_id)
    except NotFound:
        return None


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/posts/{id}/edit", edit_form, MEMBER, params=PostParams),
    Route(POST, "/posts/{id}/edit", change, MEMBER, params=EditParams, max_body=UPLOAD),
    Route(GET, "/posts/{id}/delete", delete_form, MEMBER, params=PostParams),
    Route(POST, "/posts/{id}/delete", remove, MEMBER, params=DeleteParams),
)
