"""Fetch an address and make a preview of what it says of itself, trusting none of it."""

import contextlib
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

import msgspec

from rostra.kernel.errors import RostraError, Unavailable
from rostra.kernel.text.clean import one_line
from rostra.kernel.text.language import normalise_language
from rostra.network.edge import Services
from rostra.network.previews.address import LONGEST, host_of
from rostra.network.previews.model import Card
from rostra.network.previews.quota import permit
from rostra.outside.http import Fetched
from rostra.outside.images.model import Processed, Variant
from rostra.outside.pages import Page

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_GOOD = 200
_TITLE, _WORDS, _NAME = 300, 500, 100
_WIDEST = 4096
_FRAMED = frozenset({"video", "rich"})


class Embed(msgspec.Struct, frozen=True):
    """What an oEmbed description says (oembed.com, 2.3.4), as far as it is used."""

    type: str = ""
    title: str = ""
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    thumbnail_url: str = ""
    html: str = ""
    width: int | float | str | None = None
    height: int | float | str | None = None


class Found(msgspec.Struct, frozen=True):
    """A preview, and the picture that goes with it."""

    card: Card
    image: Variant | None
    creator: str = ""  # the handle that the page names as its author's


_embeds = msgspec.json.Decoder(Embed)


async def fetch(services: Services, address: str) -> Found | None:
    """The preview of an address; None where there is nothing to show.

    Raises:
        Busy: a domain has been called often enough for now.
        FetchRefused: it may not be called, or answers with too much.
        FetchFailed: it does not answer in time.
        Unavailable: nothing may leave this server just now.
    """
    got = await services.fetch.get(
        address, headers={"accept": "text/html"}, permit=permit(services)
    )
    if got.status != _GOOD or _type(got) not in _PAGES:
        return None
    page = await services.pages.read(got.body, got.headers.get("content-type", ""))
    embed = await _embed(services, got.url, page)
    card = _card(got.url, page, embed, None)
    if not card.title:
        return None
    picture = await _picture(services, got.url, page, embed)
    return Found(
        _card(got.url, page, embed, picture),
        picture.still if picture else None,
        page.metas.get("fediverse:creator", ""),
    )


def _card(url: str, page: Page, embed: Embed, picture: Processed | None) -> Card:
    metas, article = page.metas, page.article

    def said(*names: str) -> str:
        return next((metas[name] for name in names if metas.get(name)), "")

    title = said("og:title", "twitter:title") or article.get("headline") or page.title
    words = said("og:description", "twitter:description", "description")
    author = embed.author_name or said("author", "article:author:name") or article.get("author", "")
    provider = embed.provider_name or said("og:site_name") or article.get("publisher", "")
    frame = frame_of(embed)
    still = picture.still if picture else None
    return Card(
        url=url[:LONGEST],
        kind="video" if frame else "link",
        title=_short(title or embed.title, _TITLE),
        description=_short(words or article.get("description", ""), _WORDS),
        language=normalise_language(page.language) or "",
        author_name="" if _is_address(author) else _short(author, _NAME),
        author_url=web_address(url, embed.author_url),
        author_account_id=0,  # nothing that the page says of itself is enough for that
        provider_name=_short(provider, _NAME) or host_of(url),
        provider_url=web_address(url, embed.provider_url),
        frame_url=frame,
        width=_pixels(embed.width) if frame else (still.width if still else 0),
        height=_pixels(embed.height) if frame else (still.height if still else 0),
        image_key="",
        image_description=_short(said("og:image:alt", "twitter:image:alt"), _WORDS),
        blurhash=picture.blurhash if picture else "",
        published_at=_time(said("article:published_time") or article.get("published", "")),
    )


async def _embed(services: Services, url: str, page: Page) -> Embed:
    """What the page's oEmbed description says; nothing where it can't be had."""
    address = web_address(url, page.oembed)
    if not address:
        return Embed()
    try:
        got = await services.fetch.get(
            address, headers={"accept": "application/json"}, permit=permit(services)
        )
        return _embeds.decode(got.body) if got.status == _GOOD else Embed()
    except Unavailable:
        raise
    except (RostraError, msgspec.MsgspecError):
        return Embed()


async def _picture(services: Services, url: str, page: Page, embed: Embed) -> Processed | None:
    """The picture of a page, made anew by the picture child; none where that can't be done."""
    named = (
        page.metas.get("og:image:secure_url")
        or page.metas.get("og:image")
        or page.metas.get("twitter:image")
        or embed.thumbnail_url
        or page.article.get("image", "")
    )
    address = web_address(url, named)
    if not address:
        return None
    try:
        got = await services.fetch.get(
            address, headers={"accept": "image/*"}, permit=permit(services)
        )
        if got.status == _GOOD:
            return await services.images.attachment(got.body)
    except Unavailable:
        raise
    except RostraError:
        return None
    return None


def web_address(base: str, text: str) -> str:
    """An address on the web, made absolute; empty for any other scheme and for nonsense."""
    if not text or len(text) > LONGEST:
        return ""
    try:
        full = urljoin(base, text.strip())
        parts = urlsplit(full)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return ""
    return full if good and full.isprintable() and len(full) <= LONGEST else ""


def frame_of(embed: Embed) -> str:
    """The address that an embed puts into a frame, if that is all of it; never its HTML.

    CVE-2023-36459: HTML of strangers is not handed on. What is shown is a frame of our own making.
    """
    if embed.type not in _FRAMED:
        return ""
    _, _, rest = embed.html[:LONGEST].partition("<iframe")
    tag, end, _ = rest.partition(">")
    if not end:
        return ""
    for quote in ('"', "'"):
        _, found, after = tag.partition(f" src={quote}")
        if found:
            address = web_address("", unescape(after.partition(quote)[0]))
            odd = any(letter in address for letter in "<>\"'`\\ ")
            return address if address.startswith("https://") and not odd else ""
    return ""


def _type(got: Fetched) -> str:
    return got.headers.get("content-type", "").partition(";")[0].strip().lower()


def _short(text: str, most: int) -> str:
    line = one_line(text[: most * 4])
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _pixels(value: float | str | None) -> int:
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return max(0, min(_WIDEST, int(value or 0)))
    return 0


def _time(text: str) -> int:
    """A time in ISO 8601 as UTC milliseconds; 0 where it is none."""
    try:
        given = datetime.fromisoformat(text[:40])
        milliseconds = int(given.timestamp() * 1000) if given.tzinfo else 0
    except (ValueError, OverflowError, OSError):
        return 0
    return max(0, milliseconds)
