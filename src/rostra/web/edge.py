"""Pages made ready for the dispatcher: limits, session, CSRF, parameters, answer, errors."""

from functools import partial
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from rostra.http.again import until_done
from rostra.http.body import read_tree
from rostra.http.dispatcher import Handler, Mountable, Surface
from rostra.http.limits import Limiter
from rostra.http.params import params_reader
from rostra.http.request import Request
from rostra.http.response import HTML, NOT_STORED, Response, security_headers
from rostra.http.site import Site
from rostra.kernel.errors import Forbidden, RostraError, TooManyRequests, Unavailable
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import access as credentials_access
from rostra.network.credentials.model import MemberState, Viewer
from rostra.network.instance import access as instance_access
from rostra.network.services import Services
from rostra.web import cookies, shells
from rostra.web.call import House, PageCall
from rostra.web.render import renderer
from rostra.web.route import Access, Route
from rostra.web.views.entry import NoticePage
from rostra.web.views.place import ErrorPage
from rostra.web.views.shell import Page, Shell
from rostra.web.words import long_date

_GONE: Final = frozenset({MemberState.DISABLED, MemberState.SUSPENDED})
_SAME_ORIGIN: Final = frozenset({"same-origin", "none"})
# Errors whose own words say more than the status does.
_TELLING: Final = frozenset({400, 401, 409, 413, 415, 422, 503})


class WebEdge:
    """Turns routes into mountables."""

    def __init__(self, services: Services, site: Site, limits: Limiter) -> None:
        """Read templates and static files.

        Args:
            services: the house's parts.
            site: what we know of ourselves.
            limits: the counters of this process.
        """
        media = urlsplit(services.settings.media_url)
        origin = f"{media.scheme}://{media.netloc}"
        elsewhere = "" if origin == site.base_url else origin
        self.house = House(services, site, limits, renderer(), elsewhere)
        fixed = security_headers(site, page=True)
        self.surface = Surface("web", (), self._failed, fixed)
        framed = tuple(header for header in fixed if header[0] != b"x-frame-options")
        self.framed = Surface("web", (), self._failed, framed)

    def mount(self, routes: tuple[Route[Any], ...]) -> tuple[Mountable, ...]:
        """The mountables of all routes."""
        return tuple(
            Mountable(
                (route.method,),
                route.path,
                route.name,
                partial(self._handler, route),
                self.framed if route.framed else self.surface,
            )
            for route in routes
        )

    def _handler(self, route: Route[Any]) -> Handler:
        reader = params_reader(route.params, route.path_params)
        cap = self.house.site.largest_body(route.max_body)
        posts = route.method == "POST"

        async def handle(request: Request) -> Response:
            limits = self.house.limits
            limits.hit("pages_address", limits.address_key(request.address))
            call = await self._called(request)
            try:
                for rule in route.limits:
                    call.count(rule)
                stopped = await self._stopped(call, route)
                if stopped is not None:
                    return stopped
                tree = {**request.query}
                if posts:
                    self._check_origin(request)
                    tree |= await read_tree(request, cap, from_page=True)
                    if not cookies.csrf_matches(call.secret, tree.get("csrf_token")):
                        raise Forbidden("csrf token")
                call.tree = tree
                call.params = reader.read(tree, request.params)
                with self.house.services.write_gate.told(writes=posts):
                    return await until_done(lambda: route.handler(call))
            except RostraError as error:
                return await call.page(error_page(error), error.status, headers=_headers(error))

        return handle

    async def _called(self, request: Request) -> PageCall[Any]:
        """Who asks; the parameters follow once they are let in."""
        token = cookies.session_token(request)
        session = Viewer.ANONYMOUS
        if token:
            services = self.house.services
            async with services.db.read() as reader:
                found = await credentials_access.viewer_by_session(reader, services, token)
            if found is not None and MemberState(found.state) not in _GONE:
                session = found
        secret = cookies.browser_secret(request, signed_in=session.account_id != 0)
        return PageCall(self.house, request, session, secret)

    async def _stopped(self, call: PageCall[Any], route: Route[Any]) -> Response | None:
        """The answer to those who may not go on; None to all others."""
        if route.auth is Access.ANYBODY:
            return None
        if not call.session.account_id:
            return call.sign_in_first()
        if route.auth is Access.MEMBER and not call.session.is_member:
            return await call.page(await waiting_page(call), 403)
        # Never a form: what somebody wrote before there were new terms is not lost.
        if route.auth is Access.MEMBER and route.method == "GET" and not route.unbound:
            place = await call.place()
            if place.terms_to_accept(call.session.accepted_terms, call.now):
                query = urlencode({"next": shells.path_of(call.request)})
                return call.redirect(f"/terms/accept?{query}")
        return None

    def _check_origin(self, request: Request) -> None:
        """Refuse a form that another site posts, before its body is read.

        Browsers that say where a request comes from are believed; older ones send `Origin`.
        """
        fetch_site = request.header("sec-fetch-site")
        if fetch_site:
            if fetch_site not in _SAME_ORIGIN:
                raise Forbidden(f"form from {fetch_site[:20]}")
            return
        origin = request.header("origin")
        if origin and origin != self.house.site.base_url:
            raise Forbidden("form from another origin")

    def _failed(self, request: Request, error: RostraError) -> Response:
        """What no route answers, and what went wrong beyond them: a page without asking anybody.

        Who was seen lately is still shown their navigation; it tells them nothing but their name.
        """
        house = self.house
        site = house.place or shells.site_of(
            house.services,
            house.renderer.assets,
            instance_access.defaults(house.services),
            None,
        )
        viewer = house.seen.get(cookies.session_token(request))
        secret = cookies.browser_secret(request, signed_in=viewer is not None)
        shell = Shell(
            site=site,
            viewer=viewer,
            csrf_token="" if secret.new else cookies.csrf_token(secret),
            path=shells.path_of(request),
            now=house.services.clock.now(),
            request_id=request.request_id.decode(),
            theme=cookies.theme_of(request),
        )
        body = house.renderer.page(shell, error_page(error))
        headers = (HTML, NOT_STORED, house.policy(), *_headers(error))
        return Response(body, error.status, headers)


def error_page(error: RostraError) -> ErrorPage:
    """An error as a page; the inside text stays inside."""
    words = error.safe if error.status in _TELLING and error.safe != error.default_safe else ""
    retry = error.retry_after_s if isinstance(error, TooManyRequests | Unavailable) else 0
    return ErrorPage(status=error.status, message=words, retry_after_s=retry)


def _headers(error: RostraError) -> tuple[tuple[bytes, bytes], ...]:
    if isinstance(error, TooManyRequests | Unavailable):
        return ((b"retry-after", b"%d" % error.retry_after_s),)
    return ()


async def waiting_page(call: PageCall[Any]) -> Page:
    """What a member reads who is not let in yet."""
    place = await call.place()
    if MemberState(call.session.state) is MemberState.LEAVING:
        async with call.read() as reader:
            user = await accounts_access.user(reader, call.session.account_id)
        return NoticePage(
            heading="Your account is about to be deleted",
            paragraphs=(
                f"Nobody sees it any more, and on {long_date(user.leaves_at)} it is deleted.",
                "Until then you can keep it, with everything in it.",
            ),
            icon="clock",
            resend_action="/settings/stay",
            resend_label="Keep my account",
        )
    if MemberState(call.session.state) is MemberState.UNCONFIRMED:
        return NoticePage(
            heading="Check your mail",
            paragraphs=(
                "We sent you a message with a link. Open it to confirm your address.",
                "Nothing came? Look among the unwanted mail, or let us send it again.",
            ),
            resend_action="/join/resend",
        )
    words = place.settings.approval_message or "Somebody of this place will look at it soon."
    return NoticePage(
        heading="Waiting for approval",
        paragraphs=("We have your application.", words),
        icon="clock",
    )
