"""Writing: a new post, a reply, an edit, a deletion, with pictures, by plain forms."""

import secrets
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.http.site import UPLOAD
from rostra.kernel.errors import Invalid, NotFound, RostraError, TooLarge, Unavailable
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.edge import Reader
from rostra.network.media import upload
from rostra.network.posts import access, consent, edit
from rostra.network.posts.delete import delete
from rostra.network.posts.model import Draft, MediaChange, PostBody, QuotePolicy, Visibility
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.schedule import due_of, schedule
from rostra.web import answering
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages import asking, uploads
from rostra.web.present import Presenter, picture_view
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import LANGUAGES, Form, Option
from rostra.web.views.parts import PictureView, PostView
from rostra.web.views.writing import ComposePage, Composer, DeletePostPage, EditPostPage

_NAMES: Final = {
    "status": "text",
    "media_ids": "pictures",
    "file": "pictures",
    "base": "text",
    "quoted_status_id": "text",
    "in_reply_to_id": "text",
    **asking.NAMES,
}
_TYPED: Final = (
    "text",
    "spoiler_text",
    "visibility",
    "language",
    "scheduled_at",
    "quote_policy",
    "answerers",
)


class ComposeParams(msgspec.Struct, frozen=True, kw_only=True):
    """What to begin with."""

    reply_to: Id | None = None
    quote: Id | None = None
    mention: str = ""
    text: str = ""


class DraftParams(msgspec.Struct, frozen=True, kw_only=True):
    """What was written; pictures come in fields with numbers, see :mod:`uploads`."""

    text: str = ""
    spoiler_text: str = ""
    visibility: str = ""
    language: str = ""
    sensitive: bool = False
    in_reply_to_id: Id | None = None
    quoted_id: Id | None = None
    quote_policy: str = ""
    answerers: str = ""
    idempotency_key: str = ""
    scheduled_at: str = ""


class EditParams(DraftParams, frozen=True, kw_only=True):
    """What a post is to read."""

    id: Id


class PostParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post."""

    id: Id


class DeleteParams(PostParams, frozen=True, kw_only=True):
    """Which post to delete, and whether it is to be written anew."""

    redraft: bool = False


async def compose(call: PageCall[ComposeParams]) -> Response:
    """The form for a new post or a reply."""
    params = call.params
    async with call.read() as reader:
        user = await accounts_access.user(reader, call.viewer_id)
        parent = await _parent(call, reader, params.reply_to or 0)
        quoted = await _parent(call, reader, params.quote or 0)
        values = _first_words(user, parent)
        usual = await consent.defaults(reader, call.viewer_id)
        values["answerers"] = answering.choice_of(
            usual[Visibility.from_wire(values["visibility"]) or Visibility.PUBLIC]
        )
        if parent:
            body = (await access.bodies(reader, [int(parent.id)]))[int(parent.id)]
            values["text"] = _handles(parent, body, await _own_name(call, reader))
    if params.mention:
        values["text"] = f"@{params.mention[:200]} "
    if params.text:
        values["text"] += params.text
    return await _composer_page(call, Form(values=values), parent, quoted=quoted)


async def _own_name(call: PageCall[Any], reader: Reader) -> str:
    return (await accounts_access.public(reader, call.viewer_id, call.viewer_id)).username


def _first_words(user: User, parent: PostView | None) -> dict[str, str]:
    """What a form holds before anything is written: the member's habits, the parent's bounds."""
    visibility = Visibility.from_wire(user.default_visibility) or Visibility.PUBLIC
    values = {"text": "", "spoiler_text": "", "language": user.default_language or "en"}
    values["quote_policy"] = user.default_quote_policy
    if user.default_sensitive:
        values["sensitive"] = "1"
    if parent:
        visibility = max(visibility, Visibility.from_wire(parent.visibility) or Visibility.PUBLIC)
        values["spoiler_text"] = parent.spoiler
        values["language"] = parent.language or values["language"]
    values["visibility"] = visibility.wire
    return values | asking.as_asked(None)


def _handles(parent: PostView, body: PostBody, own: str) -> str:
    """Those whom an answer speaks to: the author and all who were mentioned, but not oneself."""
    mentioned = [f"{m.username}@{m.domain}" if m.domain else m.username for m in body.mentions]
    others = [each for each in dict.fromkeys((parent.author.acct, *mentioned)) if each != own]
    return "".join(f"@{each} " for each in others)


async def _parent(call: PageCall[Any], reader: Reader, post_id: int) -> PostView | None:
    """The post that is answered; of a reblog its original.

    Raises:
        NotFound: the member may not see it.
    """
    if not post_id:
        return None
    found = await (await Presenter.of(call, reader)).posts([post_id])
    if not found:
        raise NotFound(f"post {post_id} for viewer {call.viewer_id}")
    return msgspec.structs.replace(found[0], reblogged_by=None, key="")


async def _composer_page(
    call: PageCall[Any],
    form: Form,
    parent: PostView | None = None,
    pictures: tuple[PictureView, ...] = (),
    *,
    quoted: PostView | None = None,
    key: str = "",
    status: int = 200,
) -> Response:
    posts = call.services.settings.posts
    composer = Composer(
        accept=_accepted(call),
        form=form,
        reply_to=parent,
        quoted=quoted,
        pictures=pictures,
        slots=max(0, posts.max_media - len(pictures)),
        max_characters=posts.max_characters,
        languages=_languages(form),
        answerers=answering.options_for(form.value("answerers")),
        poll_options=posts.max_poll_options,
        option_characters=posts.max_poll_option_characters,
        durations=asking.durations(posts),
        idempotency_key=key or secrets.token_urlsafe(18),
    )
    return await call.page(ComposePage(composer=composer), status)


def _languages(form: Form) -> tuple[Option, ...]:
    """The languages to choose from, with the one that stands there already."""
    value = form.value("language")
    if not value or any(option.value == value for option in LANGUAGES):
        return tuple(LANGUAGES)
    return (Option(value, value), *LANGUAGES)


async def create(call: PageCall[DraftParams]) -> Response:
    """Publish what was written, or show it again with what is wrong."""
    params, services = call.params, call.services
    call.count("post_account")
    chosen = uploads.chosen(call.tree)
    taken = await uploads.take(call, chosen)
    try:
        taken.check()
        draft = await _with_policy(call, _draft(call, taken, key=params.idempotency_key[:255]))
        prepared = prepare(services.settings, draft)
        due_at = due_of(params.scheduled_at) if params.scheduled_at else 0
        async with services.db.write() as tx:
            await uploads.describe(call, tx, taken)
            if due_at:
                await schedule(services, tx, call.viewer_id, draft, due_at)
            else:
                post_id = await publish(services, tx, call.viewer_id, prepared)
                said = await _said(call, tx, post_id)
    except (Invalid, TooLarge, Unavailable) as error:
        return await _again(call, error, taken)
    if due_at:
        return call.redirect("/scheduled", flash="Your post is scheduled.")
    return call.redirect(f"/posts/{post_id}", flash=said)


async def _said(call: PageCall[DraftParams], reader: Reader, post_id: int) -> str:
    if not call.params.in_reply_to_id:
        return "Your post is out."
    row = await access.row(reader, call.viewer_id, post_id)
    held = Visibility(row.visibility).held
    return "Your reply waits for an approval." if held else "Your reply is out."


async def _with_policy(call: PageCall[DraftParams], draft: Draft) -> Draft:
    """The draft with who may answer it; all else is what is usual for its visibility."""
    if not call.params.answerers:
        return draft
    async with call.read() as reader:
        visibility = draft.visibility
        if visibility is None:
            user = await accounts_access.user(reader, call.viewer_id)
            visibility = Visibility.from_wire(user.default_visibility) or Visibility.PUBLIC
        usual = (await consent.defaults(reader, call.viewer_id))[visibility]
    chosen = answering.chosen(call.params.answerers, usual)
    return msgspec.structs.replace(draft, interaction_policy=chosen)


def _draft(call: PageCall[Any], taken: uploads.Taken, *, key: str = "") -> Draft:
    params: DraftParams = call.params
    visibility = Visibility.from_wire(params.visibility)
    if params.visibility and visibility is None:
        raise Invalid("visibility", "is not one of the choices", "ERR_INCLUSION")
    return Draft(
        text=params.text,
        spoiler_text=params.spoiler_text,
        visibility=visibility,
        sensitive=params.sensitive,
        language=params.language,
        in_reply_to_id=params.in_reply_to_id or 0,
        quoted_id=params.quoted_id or 0,
        quote_policy=QuotePolicy.from_wire(params.quote_policy),
        media_ids=tuple(taken.ids),
        poll=asking.asked(call.tree),
        idempotency_key=key,
    )


def _typed(call: PageCall[Any]) -> dict[str, str]:
    params: DraftParams = call.params
    values = {name: getattr(params, name) for name in _TYPED}
    return {**values, "sensitive": "1" if params.sensitive else "", **asking.typed(call.tree)}


async def _again(call: PageCall[DraftParams], error: RostraError, taken: uploads.Taken) -> Response:
    """The form as it was sent; pictures that arrived stand in it and need not come again."""
    params = call.params
    form = taken.tell(form_of(_typed(call), error, _NAMES))
    async with call.read() as reader:
        parent = await _parent(call, reader, params.in_reply_to_id or 0)
        quoted = await _parent(call, reader, params.quoted_id or 0)
        pictures = await uploads.views(call, reader, taken)
    return await _composer_page(
        call, form, parent, pictures, quoted=quoted, key=params.idempotency_key, status=error.status
    )


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


def _accepted(call: PageCall[Any]) -> str:
    return ",".join(upload.accepted(call.services))


async def _edit_page(
    call: PageCall[Any],
    form: Form,
    post: PostView,
    pictures: tuple[PictureView, ...],
    status: int = 200,
) -> Response:
    posts = call.services.settings.posts
    composer = Composer(
        accept=_accepted(call),
        action=f"/posts/{post.id}/edit",
        form=form,
        pictures=pictures,
        slots=max(0, posts.max_media - len(pictures)),
        max_characters=posts.max_characters,
        languages=_languages(form),
        answerers=answering.options_for(form.value("answerers")),
        poll_options=posts.max_poll_options,
        option_characters=posts.max_poll_option_characters,
        durations=asking.durations(posts, keep=post.poll is not None),
        editing=True,
    )
    return await call.page(EditPostPage(post=post, composer=composer), status)


async def change(call: PageCall[EditParams]) -> Response:
    """Save an edit, or show it again with what is wrong."""
    params, services = call.params, call.services
    call.count("post_account")
    async with call.read() as reader:
        row = await edit.own(reader, call.viewer_id, params.id)
        body = (await access.bodies(reader, [row.id]))[row.id]
    there = {media.id for media in body.media}
    taken = await uploads.take(call, uploads.chosen(call.tree, there))
    try:
        taken.check()
        changes = tuple(
            MediaChange(media_id, taken.alts[media_id])
            for media_id in taken.ids
            if media_id in there and media_id in taken.alts
        )
        draft = msgspec.structs.replace(
            _draft(call, taken),
            visibility=None,
            media_changes=changes,
            interaction_policy=answering.chosen(params.answerers, row.interaction_policy),
        )
        prepared = prepare(services.settings, draft, editing=True)
        async with services.db.write() as tx:
            await uploads.describe(call, tx, taken, but=there)
            await edit.edit(services, tx, call.viewer_id, params.id, prepared)
    except (Invalid, TooLarge, Unavailable) as error:
        form = taken.tell(form_of(_typed(call), error, _NAMES))
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
        url = f"/@{await _own_name(call, reader)}"
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
    return await _composer_page(call, Form(values=values), parent, pictures)


async def _answered(call: PageCall[Any], reader: Reader, post_id: int) -> PostView | None:
    """The post that was answered, if the member still may see it."""
    try:
        return await _parent(call, reader, post_id)
    except NotFound:
        return None


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/compose", compose, MEMBER, params=ComposeParams),
    Route(POST, "/compose", create, MEMBER, params=DraftParams, max_body=UPLOAD),
    Route(GET, "/posts/{id}/edit", edit_form, MEMBER, params=PostParams),
    Route(POST, "/posts/{id}/edit", change, MEMBER, params=EditParams, max_body=UPLOAD),
    Route(GET, "/posts/{id}/delete", delete_form, MEMBER, params=PostParams),
    Route(POST, "/posts/{id}/delete", remove, MEMBER, params=DeleteParams),
)
