"""What the lifeboat answers: a method, a path, and the name that was asked for, to an answer."""

import hashlib
import re
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from rostra import __version__
from rostra.hosting.lifeboat.book import Book, NotReadable, NotThere
from rostra.hosting.lifeboat.keys import Berth
from rostra.hosting.lifeboat.model import Post
from rostra.hosting.lifeboat.watch import Watch
from rostra.http.response import HTML, JSON, PLAIN, Header, Response
from rostra.web.csp import framed_policy
from rostra.web.lifeboat.present import MEDIA, NEWEST, member_page, post_page
from rostra.web.lifeboat.status import sentence, status_json, status_page, title_of, why_not
from rostra.web.lifeboat.views import MissingPage
from rostra.web.render import Renderer, renderer
from rostra.web.views.shell import Page, Shell, Site

RETRY_S: Final = 120
_FOREVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_ASK_AGAIN: Final[Header] = (b"cache-control", b"no-cache")
_A_WHILE: Final[Header] = (b"cache-control", b"public, max-age=300")
_NOT_KEPT: Final[Header] = (b"cache-control", b"no-store")
_ANY_ORIGIN: Final[Header] = (b"access-control-allow-origin", b"*")
_RETRY: Final[Header] = (b"retry-after", str(RETRY_S).encode())
_READ: Final = frozenset({"GET", "HEAD"})
_FOR_PROGRAMS: Final = ("/api/", "/oauth/", "/.well-known/", "/nodeinfo/")
_NAME: Final = r"@?([A-Za-z0-9_]{1,64})(?:@[A-Za-z0-9.:-]{1,255})?"
_MEMBER: Final = re.compile(
    rf"/(?:@|users/@?){_NAME}(?:/replies|/media|/before/([0-9]{{1,19}}))?/?"
)
_POST: Final = re.compile(rf"/(?:@|users/){_NAME}(?:/statuses)?/([0-9]{{1,19}})/?")
_PICTURE: Final = re.compile(rf"{MEDIA}/([A-Za-z0-9_]{{1,64}})/([0-9a-f]{{64}})")
# A point of time long after everything, so that pages show dates and stay as they are.
_LATE: Final = 32_503_680_000_000
_ROBOTS: Final = b"User-agent: *\nDisallow: /api/\n"
_FIXED: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-robots-tag", b"noarchive"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_POLICY: Final[Header] = (
    b"content-security-policy",
    framed_policy().replace("frame-ancestors *", "frame-ancestors 'none'").encode(),
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request.

    Attributes:
        method: of HTTP.
        path: as it came, still quoted.
        host: the name that was asked for, in lower case.
        accept: what the client wants.
        etag: what the client has.
    """

    method: str
    path: str
    host: str = ""
    accept: str = ""
    etag: str = ""


class Answers:
    """Answers from what is known and what the extract holds."""

    def __init__(self, berth: Berth, watch: Watch, book: Book, *, still: bool = False) -> None:
        """Answer from these.

        Args:
            berth: what this lifeboat was given.
            watch: how the network stands.
            book: the extract.
            still: pages are kept as files: only the status page says how the network stands.
        """
        self._still = still
        self._berth = berth
        self._watch = watch
        self._book = book
        self._renderer: Renderer = renderer()

    async def answer(self, asked: Asked) -> Response:
        """The answer; never an error."""
        try:
            found = await self._found(asked)
        except NotReadable:
            found = self._later(asked)
        for header in _FIXED:
            found.headers.append(header)
        if found.status == 200:  # noqa: PLR2004 (a good answer)
            tag = b'"' + hashlib.sha256(found.body).hexdigest()[:32].encode() + b'"'
            found.headers.append((b"etag", tag))
            if tag.decode() in asked.etag.replace("W/", ""):
                kept = [each for each in found.headers if each[0] != b"content-type"]
                return Response(b"", 304, kept)
        return found

    async def _found(self, asked: Asked) -> Response:
        path = unquote(asked.path, errors="replace")
        if asked.method not in _READ:
            return self._later(asked)
        if path in {"/", "/index.html", "/lifeboat"}:
            return self.status()
        if path == "/lifeboat/status.json":
            body = msgspec.json.encode(status_json(self._watch.report, self.title))
            return Response(body, 200, (JSON, _NOT_KEPT, _ANY_ORIGIN))
        if path.startswith("/static/") or path == "/robots.txt":
            return self._asset(path.removeprefix("/static/"))
        if picture := _PICTURE.fullmatch(path):
            return await self._picture(picture[1], picture[2])
        return await self._extract(asked, path)

    async def _extract(self, asked: Asked, path: str) -> Response:
        member, post = _MEMBER.fullmatch(path), _POST.fullmatch(path)
        if not (member or post) or _wants_json(asked):
            return self._later(asked)
        if not self._watch.report.is_gone and asked.host != self.host:
            # It is there: its own page says more.
            return self._to(f"{self._berth.base_url}{path}")
        try:
            if post:
                return await self._post(post[1], int(post[2]))
            if member:
                return await self._member(member[1], int(member[2] or 0))
        except NotThere:
            pass
        return self.missing()

    @property
    def title(self) -> str:
        """What the network is called."""
        return title_of(self._watch.report, self._berth.title)

    def status(self) -> Response:
        """How the network stands."""
        page = status_page(self._watch.report, self.title, readable=self._book.is_open)
        return self.page(page, cache=_NOT_KEPT)

    async def _post(self, name: str, post_id: int) -> Response:
        member = await self._book.page(name)
        (post,) = await self._leading([await self._book.post(member, post_id)])
        return self.page(post_page(member, post, self.avatar, self._sentence))

    async def _leading(self, posts: list[Post]) -> list[Post]:
        """The posts, naming of others only what can be read now."""
        return [
            msgspec.structs.replace(
                post,
                answers=post.answers if await self._book.other(post.answers) else None,
                quotes=post.quotes if await self._book.other(post.quotes) else None,
            )
            for post in posts
        ]

    async def _member(self, name: str, below: int) -> Response:
        member = await self._book.page(name)
        posts = await self._book.newest(member, below, NEWEST + 1)
        page = member_page(
            member,
            await self._leading(posts[:NEWEST]),
            self.avatar,
            below=below,
            more=len(posts) > NEWEST,
            state=self._sentence,
        )
        return self.page(page)

    async def _picture(self, name: str, piece: str) -> Response:
        try:
            mime, content = await self._book.media(name, piece)
        except NotThere:
            return Response(b"There is no such picture here.\n", 404, (PLAIN, _NOT_KEPT))
        # Nothing but a picture comes from there, whatever the piece says of itself.
        kind = (
            mime if mime.startswith("image/") and "svg" not in mime else "application/octet-stream"
        )
        return Response(content, 200, ((b"content-type", kind.encode()), _A_WHILE))

    def _asset(self, path: str) -> Response:
        if path == "/robots.txt":
            return Response(_ROBOTS, 200, (PLAIN, _A_WHILE))
        found = self._renderer.assets.get(path)
        if found is None:
            return Response(b"There is no such file here.\n", 404, (PLAIN, _NOT_KEPT))
        asset, lasting = found
        kind = (b"content-type", asset.media_type.encode())
        return Response(asset.body, 200, (kind, _FOREVER if lasting else _A_WHILE))

    @property
    def avatar(self) -> str:
        """The picture of those who have none."""
        return self._renderer.assets.url("img/avatar.png")

    @property
    def _sentence(self) -> str:
        return "" if self._still else sentence(self._watch.report, self.title)

    def page(self, page: Page, status: int = 200, cache: Header = _ASK_AGAIN) -> Response:
        """A page as an answer."""
        return Response(self.rendered(page), status, (HTML, _POLICY, cache))

    def rendered(self, page: Page) -> bytes:
        """A page as a document."""
        site = Site(
            title=self.title,
            domain=self._berth.domain,
            base_url=self._berth.base_url,
            description="",
            registrations="closed",
            members=0,
            posts=0,
            active_month=0,
            max_characters=0,
            version=__version__,
        )
        shell = Shell(site=site, viewer=None, csrf_token="", path="", now=_LATE)
        return self._renderer.page(shell, page)

    @property
    def host(self) -> str:
        """The network's own name: what is asked for under it is answered here."""
        return _host(self._berth.base_url)

    @property
    def assets(self) -> list[str]:
        """The addresses of the files that pages need."""
        names = ("rostra.css", "img/avatar.png", "img/favicon.svg")
        return [self._renderer.assets.url(name) for name in names]

    @property
    def page_size(self) -> int:
        """How many posts stand on a page."""
        return NEWEST

    def missing(self) -> Response:
        """What is not here: the same for all that is not."""
        return self.page(MissingPage(state=self._sentence), 404, _NOT_KEPT)

    def _later(self, asked: Asked) -> Response:
        """What only the network itself can answer."""
        words = why_not(self._watch.report, self.title)
        if _wants_json(asked):
            body = msgspec.json.encode({"error": words})
            return Response(body, 503, (JSON, _RETRY, _NOT_KEPT, _ANY_ORIGIN))
        how = f"{words}\nHow it stands: / on this address\n"
        return Response(how.encode(), 503, (PLAIN, _RETRY, _NOT_KEPT))

    def _to(self, url: str) -> Response:
        response = Response(b"", 307, (_NOT_KEPT,))
        response.add("location", url)
        return response


def _wants_json(asked: Asked) -> bool:
    """Whether a program asks: by the address, or because it says so."""
    path = asked.path
    if path.startswith(_FOR_PROGRAMS) or path.endswith("/inbox"):
        return True
    return "json" in asked.accept and "text/html" not in asked.accept


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
