"""One request for a page: who asks, what for, and the ways to answer."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

import msgspec

from rostra.http.limits import Limiter
from rostra.http.request import Request
from rostra.http.response import HTML, NOT_STORED, Header, Response, own_target, redirect
from rostra.http.site import Site
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.instance import figures
from rostra.network.instance.model import Place
from rostra.web import cookies, shells
from rostra.web.cookies import Secret
from rostra.web.csp import content_security_policy, framed_policy
from rostra.web.render import Renderer
from rostra.web.views.parts import PersonView, PostView, ProfileView
from rostra.web.views.shell import Flash, Page, Shell, Tone, ViewerView
from rostra.web.views.shell import Site as PlaceView

_SEEN_KEPT: Final = 1024
P = TypeVar("P", bound=msgspec.Struct)


@dataclass(slots=True)
class House:
    """What every call of a process shares.

    Attributes:
        media_origin: scheme and host of pictures that are served elsewhere; empty for none.
        place: the place as the last page showed it.
        seen: members as the navigation showed them last, by session.
    """

    services: Services
    site: Site
    limits: Limiter
    renderer: Renderer
    media_origin: str = ""
    place: PlaceView | None = None
    seen: dict[str, ViewerView] = field(default_factory=dict)
    policies: dict[tuple[str, ...], bytes] = field(default_factory=dict)

    def remember(self, place: PlaceView, session: str, viewer: ViewerView | None) -> None:
        """Keep what an error page shows of the place and of the latest members."""
        self.place = place
        if viewer is None:
            self.seen.pop(session, None)
        elif session:
            if len(self.seen) >= _SEEN_KEPT:
                del self.seen[next(iter(self.seen))]
            self.seen[session] = viewer

    def policy(self, form_targets: tuple[str, ...] = ()) -> Header:
        """The content security policy, with what an answer to a form may redirect to."""
        known = self.policies.get(form_targets)
        if known is None:
            known = content_security_policy(self.media_origin, form_targets).encode()
            if not form_targets:
                self.policies[()] = known
        return (b"content-security-policy", known)

    def framed_policy(self) -> Header:
        """The policy of a page that others may show in a frame."""
        return (b"content-security-policy", framed_policy(self.media_origin).encode())


class PageCall(Generic[P]):
    """One request for a page.

    Attributes:
        viewer: who asks, as far as they are let in: nobody while they wait for approval.
        session: who the session belongs to, in whatever state.
        params: path, query and form, read into the route's struct.
        tree: query and form as they came, for fields whose names are not known before.
        secret: the browser's own, which its CSRF tokens and flashes hang on.
    """

    __slots__ = ("house", "params", "request", "secret", "session", "tree", "viewer")

    params: P
    tree: Mapping[str, Any]

    def __init__(self, house: House, request: Request, session: Viewer, secret: Secret) -> None:
        self.house = house
        self.request = request
        self.session = session
        self.viewer = session if session.is_member else Viewer.ANONYMOUS
        self.secret = secret
        self.tree = {}

    @property
    def services(self) -> Services:
        """The house's parts."""
        return self.house.services

    @property
    def viewer_id(self) -> int:
        """The member who asks; 0 for visitors."""
        return self.viewer.account_id

    @property
    def session_token(self) -> str:
        """The secret of the browser's session; empty without one."""
        return cookies.session_token(self.request) if self.session.account_id else ""

    @property
    def htmx(self) -> bool:
        """Whether a part of a page is wanted, not a whole one."""
        return self.request.header("hx-request") == "true"

    @property
    def now(self) -> int:
        """UTC ms."""
        return self.services.clock.now()

    def read(self) -> AbstractAsyncContextManager[Reader]:
        """Open a reader; what takes one of its own, as a page does, comes after it is closed."""
        return self.services.db.read()

    def count(self, rule: str, subject: str | int | None = None) -> None:
        """Count one use of a rate rule, by address (`…_address`), member or a given subject.

        Raises:
            TooManyRequests: the limit is used up.
        """
        if subject is None:
            by_address = rule.endswith("_address") or not self.session.account_id
            address = self.house.limits.address_key(self.request.address)
            subject = address if by_address else self.session.account_id
        self.house.limits.hit(rule, subject)

    async def place(self) -> Place:
        """What the operators set."""
        async with self.read() as reader:
            return await instance_access.place(self.services, reader)

    async def shell(self, flashes: Sequence[Flash] = ()) -> Shell:
        """What stands around the page."""
        services, assets = self.services, self.house.renderer.assets
        counted = await figures.figures(services)
        async with self.read() as reader:
            site = await shells.site(services, assets, reader, counted)
            viewer = await shells.viewer(services, assets, reader, self.session)
        self.house.remember(site, cookies.session_token(self.request), viewer)
        return Shell(
            site=site,
            viewer=viewer,
            csrf_token=cookies.csrf_token(self.secret),
            path=self._path(),
            now=self.now,
            request_id=self.request.request_id.decode(),
            theme=cookies.theme_of(self.request),
            flashes=flashes,
        )

    async def page(
        self,
        page: Page,
        status: int = 200,
        *,
        form_targets: Sequence[str] = (),
        flashes: Sequence[Flash] = (),
        headers: Sequence[Header] = (),
    ) -> Response:
        """Answer with a whole page.

        Args:
            page: what to show.
            status: of the answer; 422 for a form with faults.
            form_targets: origins or schemes that an answer to a form on the page may lead to.
            flashes: messages besides the one that a redirect left.
            headers: further headers, such as cookies.
        """
        left = cookies.flash_of(self.request, self.secret, self.now)
        shell = await self.shell((*flashes, left) if left else flashes)
        response = self._html(self.house.renderer.page(shell, page), status)
        response.headers.append(self.house.policy(tuple(form_targets)))
        if left:
            response.headers.append(cookies.no_flash_cookie(self.house.site))
        response.headers += headers
        return response

    async def actions(self, post: PostView) -> Response:
        """Answer htmx with a post's action bar."""
        return self._html(self.house.renderer.actions(await self.shell(), post))

    async def relation(self, subject: ProfileView | PersonView) -> Response:
        """Answer htmx with an account's follow button."""
        return self._html(self.house.renderer.relation(await self.shell(), subject))

    def redirect(
        self,
        path: str,
        *,
        flash: str = "",
        tone: Tone = "good",
        headers: Sequence[Header] = (),
    ) -> Response:
        """Lead to a path of ours (303), with a message to be shown there."""
        return self.lead(redirect(self.house.site, path), flash, tone, headers)

    def back(self, default: str = "/", *, flash: str = "", tone: Tone = "good") -> Response:
        """Lead back to where the form stood: its `next` field, the referer, or `default`."""
        return self.redirect(self.next_url(default), flash=flash, tone=tone)

    def next_url(self, default: str = "/") -> str:
        """Where `next` or the referer lead, when that is a page of ours, as a path."""
        given = self.tree.get("next")
        wanted = given if isinstance(given, str) and given else self.request.header("referer")
        base = self.house.site.base_url
        if not wanted:
            return default
        target = own_target(self.house.site, wanted)
        path = target.removeprefix(base) or "/"
        return default if path == "/" and wanted not in {"/", base, f"{base}/"} else path

    def lead(
        self,
        response: Response,
        flash: str = "",
        tone: Tone = "good",
        headers: Sequence[Header] = (),
    ) -> Response:
        """Give a redirect what a page would carry; htmx is told to load the whole page."""
        site = self.house.site
        if flash:
            message = Flash(flash, tone)
            response.headers.append(cookies.flash_cookie(site, self.secret, message, self.now))
        response.headers += headers
        if self.secret.new:
            response.headers.append(cookies.visitor_cookie(site, self.secret))
        if self.htmx:
            where = next((value for name, value in response.headers if name == b"location"), b"/")
            response.headers = [each for each in response.headers if each[0] != b"location"]
            response.headers.append((b"hx-redirect", where))
            response.status = 200
        return response

    def sign_in_first(self) -> Response:
        """Lead a visitor to the sign-in page, and from there back here."""
        posted = self.request.method == "POST"
        here = self.next_url("") if posted else shells.path_of(self.request)
        query = "?" + urlencode({"next": here}) if here else ""
        return self.redirect(f"/sign-in{query}")

    def _path(self) -> str:
        """Where the page stands that is asked for, or the one that gets a new part."""
        if self.htmx and self.request.method == "POST":
            return self.next_url("/").partition("#")[0]
        return shells.path_of(self.request)

    def _html(self, body: bytes, status: int = 200) -> Response:
        response = Response(body, status, (HTML, NOT_STORED))
        if self.secret.new:
            response.headers.append(cookies.visitor_cookie(self.house.site, self.secret))
        return response
