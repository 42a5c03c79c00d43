"""A post alone, for pages elsewhere to show in a frame.

What everybody may see is all that there is, whoever looks, without a form, a script or a cookie.
So nothing can be won by laying something over the frame. From members who may not see it (they are
blocked) it is taken out: the post, or what it quotes.
"""

from typing import Any

from msgspec.structs import replace

from rostra.http.response import HTML, NOT_STORED, Response
from rostra.kernel.errors import NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader
from rostra.network.instance import figures
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote as quote_access
from rostra.web import shells
from rostra.web.call import PageCall
from rostra.web.pages.threads import NamedPostParams
from rostra.web.present import Presenter
from rostra.web.route import GET, Route
from rostra.web.views.parts import PostView, QuoteView
from rostra.web.views.reading import EmbedPage
from rostra.web.views.shell import Shell


async def embed(call: PageCall[NamedPostParams]) -> Response:
    """The post, or that it is not there: with the same words, whatever the reason."""
    member_id, call.viewer = call.viewer_id, Viewer.ANONYMOUS
    counted = await figures.figures(call.services)
    async with call.read() as reader:
        post = await _post(call, await Presenter.of(call, reader))
        if post and member_id:
            post = await _left_for(reader, member_id, post, call.now)
        site = await shells.site(call.services, call.house.renderer.assets, reader, counted)
    shell = Shell(
        site=site,
        viewer=None,
        csrf_token="",
        path="",
        now=call.now,
        request_id=call.request.request_id.decode(),
        theme="",
    )
    page = EmbedPage(post=post)
    status = 200 if post else 404
    body = call.house.renderer.page(shell, page)
    return Response(body, status, (HTML, NOT_STORED, call.house.framed_policy()))


async def _post(call: PageCall[NamedPostParams], presenter: Presenter) -> PostView | None:
    params = call.params
    found = (await presenter.posts_by_id([params.id])).get(params.id)
    try:
        username = accounts_access.local_username(call.services.settings, params.acct)
    except NotFound:
        return None
    if found is None or found.reblogged_by or not username:
        return None
    return found if found.author.username.lower() == username.lower() else None


async def _left_for(reader: Reader, member_id: int, post: PostView, now: int) -> PostView | None:
    """What everybody sees of a post, without what this member may not see."""
    post_id, quoted = int(post.id), post.quote.post if post.quote else None
    asked = [post_id, *([int(quoted.id)] if quoted else [])]
    seen = await posts_access.rows(reader, member_id, asked)
    if post_id not in seen:
        return None
    if quoted is None:
        return post
    told = (await quote_access.of_posts(reader, member_id, [post_id], now=now)).get(post_id)
    if told is not None and told.quoted_id in seen:
        return post
    state = told.state if told is not None and not told.quoted_id else "unauthorized"
    return replace(post, quote=QuoteView(state=state))


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/@{acct}/{id}/embed", embed, params=NamedPostParams, framed=True),
)
