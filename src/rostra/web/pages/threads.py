"""One post: its thread, its history, and its lasting short address."""

from typing import Any

import msgspec
from msgspec import structs

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.filters.model import Context
from rostra.network.posts import access, edit, threads
from rostra.web.call import PageCall
from rostra.web.present import Presenter, picture_view, with_emoji
from rostra.web.route import GET, Route
from rostra.web.views.parts import PictureView, PostView
from rostra.web.views.reading import ThreadPage, ThreadReply
from rostra.web.views.writing import HistoryPage, VersionView

MOST_ABOVE = 60
MOST_BELOW = 100

_pictures = msgspec.json.Decoder(list[dict[str, str]])


class PostParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post."""

    id: Id


class NamedPostParams(PostParams, frozen=True, kw_only=True):
    """Which post of whom, and from which reply on."""

    acct: str
    after: Count = Count(0)


async def shown(call: PageCall[Any], presenter: Presenter, post_id: int, acct: str) -> PostView:
    """The post, where its address names its author.

    Raises:
        NotFound: there is none for the viewer, or it is somebody else's.
    """
    found = (await presenter.posts_by_id([post_id])).get(post_id)
    if found is None:
        raise NotFound(f"post {post_id} for viewer {call.viewer_id}")
    username = accounts_access.local_username(call.services.settings, acct) or ""
    writer = found.reblogged_by or found.author
    if username.lower() != writer.username.lower():
        raise NotFound(f"post {post_id} is not of {acct[:80]!r}")
    return found


async def thread(call: PageCall[NamedPostParams]) -> Response:
    """A post with what it answers and what answers it."""
    params = call.params
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader, Context.THREAD)
        post = await shown(call, presenter, params.id, params.acct)
        if post.reblogged_by:
            return call.redirect(post.url)
        found = await threads.thread(reader, call.viewer_id, params.id, now=call.now)
        above = found.ancestors[-MOST_ABOVE:]
        start = min(params.after, len(found.descendants))
        below = found.descendants[start : start + MOST_BELOW]
        views = await presenter.posts_by_id([*above, *below])
        views = {post_id: view for post_id, view in views.items() if not view.hidden}
        author = await accounts_access.public(reader, call.viewer_id, int(post.author.id))
    depth = presenter.rows[params.id].depth
    left = len(found.descendants) - start - len(below)
    page = ThreadPage(
        post=post,
        ancestors=[views[each] for each in above if each in views],
        replies=[
            ThreadReply(post=views[each], depth=presenter.rows[each].depth - depth - 1)
            for each in below
            if each in views
        ],
        more_replies=left,
        more_url=f"{post.url}?after={start + len(below)}" if left else "",
        total=len(found.descendants),
        indexable=bool(author.indexable),
    )
    return await call.page(page)


async def history(call: PageCall[NamedPostParams]) -> Response:
    """What a post said before."""
    params = call.params
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader)
        post = await shown(call, presenter, params.id, params.acct)
        if post.reblogged_by:
            return call.redirect(f"{post.url}/history")
        edits = await edit.history(reader, call.viewer_id, params.id)
        body = (await access.bodies(reader, [params.id]))[params.id]
    known = {str(media.id): picture_view(media, presenter.at) for media in body.media}
    versions = [
        VersionView(
            created_at=each.created_at,
            content=with_emoji(each.html, presenter.book),
            spoiler=each.spoiler_text,
            pictures=_then(each.media, known),
            sensitive=bool(each.sensitive),
        )
        for each in reversed(edits)
    ]
    return await call.page(HistoryPage(author=post.author, post_url=post.url, versions=versions))


def _then(media: str, known: dict[str, PictureView]) -> list[PictureView]:
    """The pictures of a version that still exist, as they were described then."""
    return [
        structs.replace(known[each["id"]], alt=each.get("description", ""))
        for each in _pictures.decode(media)
        if each["id"] in known
    ]


async def short(call: PageCall[PostParams]) -> Response:
    """Lead to the page of a post whose author need not be known."""
    async with call.read() as reader:
        found = await (await Presenter.of(call, reader)).posts([call.params.id])
    if not found:
        raise NotFound(f"post {call.params.id} for viewer {call.viewer_id}")
    return call.redirect(found[0].url)


async def lasting(call: PageCall[NamedPostParams]) -> Response:
    """Lead from the lasting name of a post to its page."""
    async with call.read() as reader:
        presenter = await Presenter.of(call, reader)
        post = await shown(call, presenter, call.params.id, call.params.acct)
    return call.redirect(post.url)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/@{acct}/{id}", thread, params=NamedPostParams),
    Route(GET, "/@{acct}/{id}/history", history, params=NamedPostParams),
    Route(GET, "/users/{acct}/statuses/{id}", lasting, params=NamedPostParams),
    Route(GET, "/posts/{id}", short, params=PostParams),
)
