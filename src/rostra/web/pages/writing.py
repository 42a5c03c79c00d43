"""Writing: a new post, a reply or a quote, with pictures, by plain forms."""

import secrets
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.http.site import UPLOAD
from rostra.kernel.errors import (
    Invalid,
    NotFound,
    RostraError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import User
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.media import upload
from rostra.network.posts import access, consent
from rostra.network.posts.model import Draft, PostBody, QuotePolicy, Visibility
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.schedule import due_of, schedule
from rostra.network.posts.screened import screened
from rostra.web import answering
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages import asking, uploads
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import LANGUAGES, Form, Option
from rostra.web.views.parts import PictureView, PostView
from rostra.web.views.writing import ComposePage, Composer

NAMES: Final = {
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


async def compose(call: PageCall[ComposeParams]) -> Response:
    """The form for a new post or a reply."""
    params = call.params
    async with call.read() as reader:
        user = await accounts_access.user(reader, call.viewer_id)
        parent = await parent_of(call, reader, params.reply_to or 0)
        quoted = await parent_of(call, reader, params.quote or 0)
        values = _first_words(user, parent)
        usual = await consent.defaults(reader, call.viewer_id)
        values["answerers"] = answering.choice_of(
            usual[Visibility.from_wire(values["visibility"]) or Visibility.PUBLIC]
        )
        if parent:
            body = (await access.bodies(reader, [int(parent.id)]))[int(parent.id)]
            values["text"] = _handles(parent, body, await own_name(call, reader))
    if params.mention:
        values["text"] = f"@{params.mention[:200]} "
    if params.text:
        values["text"] += params.text
    return await composer_page(call, Form(values=values), parent, quoted=quoted)


async def own_name(call: PageCall[Any], reader: Reader) -> str:
    """The member's user name."""
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


async def parent_of(call: PageCall[Any], reader: Reader, post_id: int) -> PostView | None:
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


async def composer_page(
    call: PageCall[Any],
    form: Form,
    parent: PostView | None = None,
    pictures: tuple[PictureView, ...] = (),
    *,
    quoted: PostView | None = None,
    key: str = "",
    status: int = 200,
) -> Response:
    """The page with the form of a new post."""
    composer = composer_of(
        call,
        form,
        pictures,
        reply_to=parent,
        quoted=quoted,
        idempotency_key=key or secrets.token_urlsafe(18),
    )
    return await call.page(ComposePage(composer=composer), status)


def composer_of(
    call: PageCall[Any],
    form: Form,
    pictures: tuple[PictureView, ...],
    *,
    keep_end: bool = False,
    **more: Any,
) -> Composer:
    """The form of a post, with what the settings allow; ``keep_end``: of a poll too."""
    posts = call.services.settings.posts
    return Composer(
        accept=",".join(upload.accepted(call.services)),
        form=form,
        pictures=pictures,
        slots=max(0, posts.max_media - len(pictures)),
        max_characters=posts.max_characters,
        languages=_languages(form),
        answerers=answering.options_for(form.value("answerers")),
        poll_options=posts.max_poll_options,
        option_characters=posts.max_poll_option_characters,
        durations=asking.durations(posts, keep=keep_end),
        **more,
    )


def _languages(form: Form) -> tuple[Option, ...]:
    """The languages to choose from, with the one that stands there already."""
    value = form.value("language")
    if not value or any(option.value == value for option in LANGUAGES):
        return tuple(LANGUAGES)
    return (Option(value, value), *LANGUAGES)


async def create(call: PageCall[DraftParams]) -> Response:
    """Publish what was written, or show it again with what is wrong."""
    params, services = call.params, call.services
    chosen = uploads.chosen(call.tree)
    taken = uploads.Taken(list(chosen.kept), chosen.alts)
    try:
        call.count("post_account")
        taken = await uploads.take(call, chosen)
        taken.check()
        draft = await _with_policy(call, draft_of(call, taken, key=params.idempotency_key[:255]))
        prepared = prepare(services.settings, draft)
        due_at = due_of(params.scheduled_at) if params.scheduled_at else 0
        alts = uploads.said(taken)
        looked_at = await screened(services, call.viewer_id, prepared, said=alts)
        async with services.db.write() as tx:
            await uploads.describe(call, tx, taken)
            if due_at:
                await schedule(services, tx, call.viewer_id, draft, due_at)
            else:
                post_id = await publish(services, tx, call.viewer_id, looked_at)
                said = await _said(call, tx, post_id)
    except (Invalid, TooLarge, TooManyRequests, Unavailable) as error:
        return await _again(call, error, taken)
    if due_at:
        return call.redirect("/scheduled", flash="Your post is scheduled.")
    return call.redirect(f"/posts/{post_id}", flash=said)


async def _said(call: PageCall[DraftParams], reader: Reader, post_id: int) -> str:
    what = "reply" if call.params.in_reply_to_id else "post"
    place = instance_access.lately(call.services)
    flood = place is not None and place.surge.in_force("hold_first_posts", call.now)
    if what == "post" and not flood:
        return "Your post is out."
    row = await access.row(reader, call.viewer_id, post_id)
    if row.visibility == Visibility.HELD:
        return f"Your {what} waits until somebody has looked at it."
    held = Visibility(row.visibility).held
    return f"Your {what} waits for an approval." if held else f"Your {what} is out."


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


def draft_of(call: PageCall[Any], taken: uploads.Taken, *, key: str = "") -> Draft:
    """The draft in a form."""
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


def typed(call: PageCall[Any]) -> dict[str, str]:
    """The fields of a form as they were typed."""
    params: DraftParams = call.params
    values = {name: getattr(params, name) for name in _TYPED}
    return {**values, "sensitive": "1" if params.sensitive else "", **asking.typed(call.tree)}


async def _again(call: PageCall[DraftParams], error: RostraError, taken: uploads.Taken) -> Response:
    """The form as it was sent; pictures that arrived stand in it and need not come again."""
    params = call.params
    form = taken.tell(form_of(typed(call), error, NAMES))
    async with call.read() as reader:
        parent = await parent_of(call, reader, params.in_reply_to_id or 0)
        quoted = await parent_of(call, reader, params.quoted_id or 0)
        pictures = await uploads.views(call, reader, taken)
    return await composer_page(
        call, form, parent, pictures, quoted=quoted, key=params.idempotency_key, status=error.status
    )


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/compose", compose, MEMBER, params=ComposeParams),
    Route(POST, "/compose", create, MEMBER, params=DraftParams, max_body=UPLOAD),
)
