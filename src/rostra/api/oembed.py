"""How pages elsewhere show a post of this place. Source: oembed.com (version 1.0).

What is handed out is a frame with the post's own small page in it: no script, and nothing that
anybody wrote but the name of the author.
"""

import re
from html import escape
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from rostra.api.endpoint import GET, Answered, Auth, Call, Endpoint, Raw
from rostra.http.params import Count
from rostra.kernel.errors import Invalid, NotFound, NotOffered
from rostra.kernel.text.clean import one_line
from rostra.kernel.text.xml import element
from rostra.network.accounts import cards
from rostra.network.addresses import Addresses, addresses
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import PostBody, PostRow

_PATH = re.compile(
    r"/(?:@([A-Za-z0-9_]{1,64})|users/([A-Za-z0-9_]{1,64})/statuses)/([0-9]{1,19})(?:/embed)?/?"
)
_LONGEST = 2048
_WIDEST, _NARROWEST = 550, 220
_TALLEST, _LOWEST = 900, 120
_DAY_S = 86_400
_ID_BOUND = 2**63
_XML = "text/xml; charset=utf-8"


class EmbedParams(msgspec.Struct, frozen=True):
    """Which post, and how much room there is."""

    url: str
    maxwidth: Count = Count(_WIDEST)
    maxheight: Count = Count(_TALLEST)
    format: str = ""


class OEmbed(msgspec.Struct, frozen=True, kw_only=True):
    """A post to be shown elsewhere."""

    type: Literal["rich"] = "rich"
    version: str = "1.0"
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int = _DAY_S
    html: str
    width: int
    height: int


async def show(call: Call[EmbedParams]) -> OEmbed | Answered:
    """A public or unlisted post as a frame, in the format that was asked for.

    Raises:
        NotOffered: a format that is not made here, whatever the address. Source: oembed.com, 2.3.3.
    """
    asked = call.params.format or "json"
    if asked not in {"json", "xml"}:
        raise NotOffered(safe="The format is not offered here; ask for json or xml")
    found = await _found(call)
    if asked == "xml":
        return Answered(Raw(_xml(found)), headers=((b"content-type", _XML.encode()),))
    return found


def _xml(embed: OEmbed) -> bytes:
    """The same as XML: an element for each value. Source: oembed.com, 2.3.4.2."""
    values = msgspec.structs.asdict(embed)
    inner = "".join(element(name, str(value)) for name, value in values.items())
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
    return f"{head}\n<oembed>{inner}</oembed>\n".encode()


async def _found(call: Call[EmbedParams]) -> OEmbed:
    """A public or unlisted post; all others do not exist, whoever asks.

    Raises:
        Invalid: the address is too long.
        NotFound: it is none of a post that everybody may see.
    """
    params, services = call.params, call.services
    if len(params.url) > _LONGEST:
        raise Invalid("url", f"is too long (maximum is {_LONGEST} characters)", "ERR_TOO_LONG")
    at = addresses(services.settings)
    username, post_id = _named(at, params.url)
    async with services.db.read() as reader:
        row = await posts_access.row(reader, 0, post_id)
        author = (await cards.cards(reader, [row.account_id])).get(row.account_id)
        body = (await posts_access.bodies(reader, [post_id])).get(post_id)
        place = await instance_access.place(services, reader)
    if author is None or body is None or row.reblog_of_id:
        raise NotFound(f"post {post_id} can't be shown elsewhere")
    if author.username.lower() != username.lower():
        raise NotFound(f"post {post_id} is not of {username!r}")
    name = one_line(author.display_name) or author.username
    width = max(_NARROWEST, min(_WIDEST, params.maxwidth))
    height = max(_LOWEST, min(_height(row, body, width), params.maxheight))
    page = at.post(author.acct, post_id)
    return OEmbed(
        title=f"Post by {name}",
        author_name=name,
        author_url=at.profile(author.acct),
        provider_name=place.settings.title,
        provider_url=f"{at.base}/",
        html=_frame(f"{page}/embed", f"Post by {name}", width, height),
        width=width,
        height=height,
    )


def _named(at: Addresses, url: str) -> tuple[str, int]:
    try:
        parts, own = urlsplit(url), urlsplit(at.base)
        here = parts.scheme in {"http", "https"} and parts.netloc.lower() == own.netloc.lower()
    except ValueError:
        here = False
    found = _PATH.fullmatch(parts.path) if here else None
    post_id = int(found[3]) if found else _ID_BOUND
    if found is None or post_id >= _ID_BOUND:
        raise NotFound(f"no post at {url[:200]!r}")
    return found[1] or found[2], post_id


def _height(row: PostRow, body: PostBody, width: int) -> int:
    """About how tall the page is: it has no script that could tell. What is more is scrolled."""
    lines = 1 + len(body.text) * 9 // width + body.text.count("\n")
    shown = 1 if body.spoiler_text else lines
    pictures = width * 2 // 3 if body.media and not body.spoiler_text else 0
    card = 130 if body.card and not body.media else 0
    hung = 0 if body.spoiler_text else 130 * bool(row.quote) + 170 * bool(row.poll)
    return 190 + shown * 27 + pictures + card + hung


def _frame(address: str, title: str, width: int, height: int) -> str:
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}"'
        f' height="{height}" loading="lazy" style="max-width: 100%; border: 0"'
        ' sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/oembed",
        show,
        auth=Auth.NONE,
        params=EmbedParams,
        answer=OEmbed,
        other_type=_XML,
        errors=(404, 422, 501),
        summary="How a page elsewhere shows a post",
    ),
)
