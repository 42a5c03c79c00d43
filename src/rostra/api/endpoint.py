"""How an endpoint is declared: once, and everything else (routing, checks, docs, tests) follows.

    HOME = Endpoint(
        GET, "/api/v1/timelines/home", home, auth=Auth.USER, scopes=("read:statuses",),
        params=HomeParams, answer=list[Status], summary="Posts of those I follow",
    )

See docs/api-layer.md.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Generic, TypeVar

import msgspec

from rostra.http.limits import Limiter
from rostra.http.params import NoParams
from rostra.http.request import Request
from rostra.http.response import Header
from rostra.http.router import path_names
from rostra.network.credentials import scopes as scope_table
from rostra.network.credentials.model import Viewer
from rostra.network.services import Services

P = TypeVar("P", bound=msgspec.Struct)

GET: Final = "GET"
POST: Final = "POST"
PUT: Final = "PUT"  # and PATCH: the two are the same route everywhere
PATCH: Final = "PATCH"
DELETE: Final = "DELETE"

_KEY_MAX: Final = 255


class Auth(Enum):
    """Who may call."""

    NONE = "none"  # anybody; a token is not even looked at
    OPTIONAL = "optional"  # anybody; with a token, as its member (a bad token is 401)
    APP = "app"  # any valid token, an app's own too
    USER_PENDING = "user_pending"  # a member, though unconfirmed or not yet approved
    USER = "user"  # a confirmed and approved member


class Raw(msgspec.Struct, frozen=True):
    """A body that is encoded already."""

    body: bytes


class Empty(msgspec.Struct, frozen=True):
    """The empty object, which Mastodon answers where there is nothing to say."""


class Paged(msgspec.Struct, frozen=True):
    """A page of a list with the bounds of its neighbours, which go to the `Link` header."""

    body: Any
    next_max_id: int | None = None
    prev_min_id: int | None = None


class Answered(msgspec.Struct, frozen=True):
    """A body with another status than the endpoint's usual one, or with headers of its own."""

    body: Any
    status: int = 200
    headers: tuple[Header, ...] = ()


class Call(Generic[P]):
    """One call of an endpoint: who asks, what for, and the house's parts to answer it with."""

    __slots__ = ("limits", "params", "request", "services", "viewer")

    def __init__(
        self, services: Services, viewer: Viewer, params: P, request: Request, limits: Limiter
    ) -> None:
        self.services = services
        self.viewer = viewer
        self.params = params
        self.request = request
        self.limits = limits

    @property
    def idempotency_key(self) -> str:
        """The client's `Idempotency-Key`; empty when there is none or an absurd one."""
        key = self.request.header("idempotency-key")
        return key if len(key) <= _KEY_MAX and key.isprintable() else ""

    def count(self, rule: str) -> None:
        """Count one use of a rule by address (`…_address`) or by account (all others).

        Raises:
            TooManyRequests: the limit is used up.
        """
        self.limits.hit(rule, subject_of(rule, self.viewer, self.request, self.limits))


def subject_of(rule: str, viewer: Viewer, request: Request, limits: Limiter) -> str | int:
    """Whom a rule counts for; without an account, the address."""
    if viewer.account_id and not rule.endswith("_address"):
        return viewer.account_id
    return limits.address_key(request.address)


Handler = Callable[[Call[P]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[P]):
    """One route of the API.

    Attributes:
        method: GET, POST, PUT (PATCH is the same) or DELETE.
        path: a pattern; its parameters are fields of `params`.
        handler: answers with a struct, `Raw`, `Paged`, `Answered`, `Empty` or an
            `rostra.http.response.Response`.
        auth: who may call.
        scopes: a token needs one of these.
        params: what path, query and body are read into.
        answer: the type of the body, for the documentation.
        instead: another type that it can have, where the parameters ask for something else.
        status: of a success.
        summary: one line for the documentation.
        limits: further rate rules that every call counts against.
        max_body: largest body in bytes; 0: the server's setting, `UPLOAD`: that for files.
        errors: further statuses that the handler answers.
        deprecated: since when (unix seconds); 0: it is not.
        cache: a `Cache-Control` for everybody's eyes; empty: never stored.
        content_type: of the answer.
        other_type: of the same answer where the client asks for it; empty: there is none.
        empty: what is asked for is never there, and the answer is that there is none of it.
        owned: the path parameter that names something of the member's own (ownership matrix).
        query_token: whether `?access_token=` is accepted (streaming only: it ends up in logs).
    """

    method: str
    path: str
    handler: Handler[P]
    auth: Auth
    scopes: tuple[str, ...] = ()
    params: type[P] = NoParams  # type: ignore[assignment] # the default of a type variable
    answer: Any = None
    instead: Any = None
    status: int = 200
    summary: str = ""
    limits: tuple[str, ...] = ()
    max_body: int = 0
    errors: tuple[int, ...] = ()
    deprecated: int = 0
    cache: str = ""
    content_type: str = "application/json; charset=utf-8"
    other_type: str = ""
    empty: bool = False
    owned: str = ""
    query_token: bool = False

    def __post_init__(self) -> None:
        """Refuse a declaration that cannot be meant.

        Raises:
            ValueError: unknown scopes, scopes without a token, a token rule without scopes.
        """
        unknown = set(self.scopes) - scope_table.KNOWN
        if unknown:
            raise ValueError(f"{self.name}: unknown scopes {sorted(unknown)}")
        if self.auth is Auth.NONE and self.scopes:
            raise ValueError(f"{self.name}: scopes need a token")
        if self.owned and self.owned not in self.path_params:
            raise ValueError(f"{self.name}: {self.owned} is not in the path")

    @property
    def name(self) -> str:
        """For metrics, logs and tests: method and pattern."""
        return f"{self.method} {self.path}"

    @property
    def path_params(self) -> tuple[str, ...]:
        """Names of the path's parameters."""
        return path_names(self.path)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods as the router wants them."""
        return (PUT, PATCH) if self.method in {PUT, PATCH} else (self.method,)

    @property
    def has_body(self) -> bool:
        """Whether a request body is read."""
        return self.method != GET


Endpoints = Sequence[Endpoint[Any]]
