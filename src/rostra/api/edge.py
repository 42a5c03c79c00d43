"""Endpoints made ready for the dispatcher: limits, token, scopes, parameters, answer."""

from collections.abc import Awaitable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

from rostra.api.answers import (
    CORS,
    PREFLIGHT,
    fixed_headers,
    rate_headers,
    render_error,
    response_of,
    success_headers,
)
from rostra.api.endpoint import Auth, Call, Endpoint, Endpoints, subject_of
from rostra.http.again import until_done
from rostra.http.body import is_json, read_tree
from rostra.http.dispatcher import Handler, Mountable, Surface
from rostra.http.limits import Allowance, Limiter
from rostra.http.params import params_reader
from rostra.http.request import Request
from rostra.http.response import Response, security_headers
from rostra.http.site import Site
from rostra.kernel.errors import Forbidden, Invalid, Unauthorized
from rostra.network.credentials import scopes
from rostra.network.credentials.model import MemberState, Viewer
from rostra.network.instance import access as instance_access
from rostra.network.services import Services

# Paths that are the API's even where no route of it matches.
PREFIXES = ("/api/", "/oauth/token", "/oauth/revoke", "/.well-known/", "/nodeinfo/")
_TOKEN_MAX = 512
_REFUSALS = {
    MemberState.UNCONFIRMED: "Your login is missing a confirmed e-mail address",
    MemberState.UNAPPROVED: "Your login is currently pending approval",
    MemberState.DISABLED: "Your login is currently disabled",
    MemberState.SUSPENDED: "Your login is currently disabled",
    MemberState.LEAVING: "Your account is about to be deleted; sign in on the web to keep it",
}
_SHUT_OUT = frozenset({MemberState.DISABLED, MemberState.SUSPENDED, MemberState.LEAVING})


class Authenticate(Protocol):
    """Whose token is it? Implemented by `network.credentials`."""

    def __call__(self, token: str) -> Awaitable[Viewer | None]:
        """The token's viewer; None when it is unknown, expired or revoked."""
        ...


class ApiEdge:
    """Turns endpoints into mountables."""

    def __init__(
        self, services: Services, site: Site, limits: Limiter, authenticate: Authenticate
    ) -> None:
        self._services = services
        self._site = site
        self._limits = limits
        self._authenticate = authenticate
        self.surface = Surface("api", PREFIXES, render_error, (*CORS, *security_headers(site)))

    def mount(self, endpoints: Endpoints) -> tuple[Mountable, ...]:
        """The routes of all endpoints."""
        return tuple(
            Mountable(
                methods=endpoint.methods,
                path=endpoint.path,
                name=endpoint.name,
                make=partial(self._handler, endpoint),
                surface=self.surface,
                headers=fixed_headers(endpoint),
                preflight=PREFLIGHT,
            )
            for endpoint in endpoints
        )

    def _handler(self, endpoint: Endpoint[Any]) -> Handler:
        reader = params_reader(endpoint.params, frozenset(endpoint.path_params))
        headers, status = success_headers(endpoint), endpoint.status
        cap = self._site.largest_body(endpoint.max_body)
        act, services, limits = endpoint.handler, self._services, self._limits
        takes_any = reader.empty is None
        has_body = endpoint.has_body and takes_any

        async def handle(request: Request) -> Response:
            viewer = await self._admit(endpoint, request)
            tree = request.query
            if has_body or (takes_any and is_json(request)):  # Mastodon.py asks GET with JSON
                tree = {**tree, **await read_tree(request, cap)}
            if reader.default is not None and not tree:
                params = reader.default
            else:
                params = reader.read(tree, request.params)
            call = Call(services, viewer, params, request, limits)
            with self._told(endpoint):
                given = await until_done(lambda: act(call))
                return response_of(given, request, status, headers)

        return handle

    async def _admit(self, endpoint: Endpoint[Any], request: Request) -> Viewer:
        """Who calls, after limits, token, scopes and state; raises where one of them refuses."""
        limits = self._limits
        place = limits.address_key(request.address)
        token = (
            None if endpoint.auth is Auth.NONE else token_of(request, in_query=endpoint.query_token)
        )
        viewer, least = (
            Viewer.ANONYMOUS,
            limits.count("api_anonymous" if token is None else "api_address", place),
        )
        if not least.ok:
            request.extra = rate_headers(least)
            raise limits.refusal(least)
        if token is not None:
            found = await self._authenticate(token) if len(token) <= _TOKEN_MAX else None
            if found is None or not found.account_id:
                # guessing tokens, or many people through one app's token: the address counts
                least = limits.count("api_anonymous", place)
            else:
                least = _tighter(least, limits.count("api_account", found.account_id))
            viewer = self._checked(endpoint, request, found, least)
            if endpoint.auth is Auth.USER:
                self._ask_for_terms(viewer)
        elif endpoint.auth not in {Auth.NONE, Auth.OPTIONAL}:
            request.extra = rate_headers(least)
            raise Unauthorized
        for rule in endpoint.limits:
            if least.ok:
                used = limits.count(rule, subject_of(rule, viewer, request, limits))
                least = _tighter(least, used)
        request.extra = rate_headers(least)
        if not least.ok:
            raise limits.refusal(least)
        return viewer

    def _told(self, endpoint: Endpoint[Any]) -> AbstractContextManager[None]:
        return self._services.write_gate.told(writes=endpoint.method != "GET")

    def _ask_for_terms(self, viewer: Viewer) -> None:
        ask_for_terms(self._services, viewer.accepted_terms)

    def _checked(
        self, endpoint: Endpoint[Any], request: Request, viewer: Viewer | None, least: Allowance
    ) -> Viewer:
        request.extra = rate_headers(least)
        if viewer is None:
            raise Unauthorized
        if not scopes.covers(viewer.scopes, endpoint.scopes):
            raise Forbidden(safe="This action is outside the authorized scopes")
        return standing(endpoint.auth, viewer)


def ask_for_terms(services: Services, accepted: int) -> None:
    """Refuse members who have not accepted new terms, where the operators want that of apps.

    Args:
        services: of the server.
        accepted: the version that the member has accepted; 0: none.

    Raises:
        Forbidden: with the address of the page on which they accept them.
    """
    place = instance_access.lately(services)
    if place is None or not place.settings.terms_for_apps:
        return
    if place.terms_to_accept(accepted, services.clock.now()):
        where = f"{services.settings.site.base_url.rstrip('/')}/terms/accept"
        raise Forbidden(safe=f"The terms have changed. To go on, accept them at {where}")


def standing(auth: Auth, viewer: Viewer) -> Viewer:
    """The viewer as far as their state lets them act.

    Raises:
        Forbidden: unconfirmed, not approved, disabled or suspended where that matters.
        Invalid: an app's own token where a member is needed.
    """
    state = MemberState(viewer.state)
    if not viewer.account_id:
        if auth in {Auth.USER, Auth.USER_PENDING}:
            raise Invalid.plain("This method requires an authenticated user")
        return viewer
    if state is MemberState.ACTIVE:
        return viewer
    if auth is Auth.OPTIONAL:
        return Viewer.ANONYMOUS  # who is not let in yet sees what anybody sees, and no more
    if auth is Auth.USER or state in _SHUT_OUT:
        raise Forbidden(safe=_REFUSALS.get(state, ""))
    return viewer


def token_of(request: Request, *, in_query: bool = False) -> str | None:
    """The bearer token of a request; None when it has none."""
    given = request.headers.get(b"authorization")
    if given is not None:
        kind, _, token = given.partition(b" ")
        if kind.lower() == b"bearer":
            return token.strip().decode("latin-1")
    if in_query:
        token_in_query = request.query.get("access_token")
        if isinstance(token_in_query, str) and token_in_query:
            return token_in_query
    return None


def _tighter(one: Allowance, other: Allowance) -> Allowance:
    """The allowance that the client should hear of: a used-up one, else that with less left."""
    if not one.ok or not other.limit:
        return one
    if not other.ok or not one.limit:
        return other
    return one if one.remaining < other.remaining else other
