"""A small API of its own to try the endpoint layer with."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

import msgspec
from tests.http.driver import Answer, ask

from rostra.api.edge import ApiEdge
from rostra.api.endpoint import (
    DELETE,
    GET,
    POST,
    PUT,
    Answered,
    Auth,
    Call,
    Empty,
    Endpoint,
    Paged,
    Raw,
)
from rostra.api.reference import reference_endpoints
from rostra.http.body import Upload
from rostra.http.dispatcher import Dispatcher
from rostra.http.limits import Limiter, LimitRules, MemoryCounters, Rule
from rostra.http.params import Count, Id, NoParams
from rostra.http.response import PLAIN, Response
from rostra.http.site import Site
from rostra.kernel.clock import ManualClock
from rostra.kernel.errors import NotFound, Unavailable
from rostra.network.credentials.model import MemberState, Viewer
from rostra.network.services import Services

BASE = "https://rostra.example"


class Status(msgspec.Struct):
    id: str
    content: str = ""


class One(msgspec.Struct, frozen=True):
    id: Id


class Page(msgspec.Struct, frozen=True):
    limit: Count | None = None
    max_id: Id | None = None
    only: list[str] = []


class Poll(msgspec.Struct, frozen=True):
    options: list[str]


class Draft(msgspec.Struct, frozen=True):
    status: str
    media_ids: list[Id] = []
    poll: Poll | None = None


class Picture(msgspec.Struct, frozen=True):
    file: Upload
    description: str | None = None


async def who(call: Call[NoParams]) -> dict[str, Any]:
    return {"account": call.viewer.account_id, "key": call.idempotency_key}


async def show(call: Call[One]) -> Status:
    if call.params.id != 5:
        raise NotFound("no such post")
    return Status(str(call.params.id))


async def home(call: Call[Page]) -> Paged:
    return Paged(Raw(b"[%d]" % (call.params.limit or 20)), next_max_id=7, prev_min_id=9)


async def last_page(_call: Call[NoParams]) -> Paged:
    return Paged([])


async def publish(call: Call[Draft]) -> dict[str, Any]:
    draft = call.params
    return {"status": draft.status, "media": draft.media_ids, "poll": draft.poll}


async def upload(call: Call[Picture]) -> Answered:
    return Answered(Status("1", call.params.file.read().decode()), 202, (PLAIN, (b"x-own", b"1")))


async def remove(call: Call[One]) -> Empty:
    call.count("delete_account")
    return Empty()


async def plain(_call: Call[NoParams]) -> Response:
    return Response(b"plain", 200, (PLAIN,))


async def fail(_call: Call[NoParams]) -> None:
    raise Unavailable(30)


async def burst(_call: Call[NoParams]) -> None:
    raise ZeroDivisionError


READ = ("read:statuses",)
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(GET, "/api/v1/open", who, Auth.NONE, cache="public, max-age=60"),
    Endpoint(GET, "/api/v1/maybe", who, Auth.OPTIONAL, READ),
    Endpoint(GET, "/api/v1/apps/verify", who, Auth.APP),
    Endpoint(GET, "/api/v1/pending", who, Auth.USER_PENDING, ("read:accounts", "profile")),
    Endpoint(GET, "/api/v1/me", who, Auth.USER, READ, deprecated=1_700_000_000),
    Endpoint(GET, "/api/v1/statuses/{id}", show, Auth.OPTIONAL, READ, params=One, answer=Status),
    Endpoint(GET, "/api/v1/timelines/home", home, Auth.USER, READ, params=Page,
             answer=list[Status], summary="Home"),
    Endpoint(GET, "/api/v1/timelines/end", last_page, Auth.NONE),
    Endpoint(POST, "/api/v1/statuses", publish, Auth.USER, ("write:statuses",), params=Draft,
             answer=Status),
    Endpoint(POST, "/api/v2/media", upload, Auth.USER, ("write:media",), params=Picture,
             answer=Status, limits=("media_account", "app_address"), max_body=5000, errors=(202,)),
    Endpoint(DELETE, "/api/v1/statuses/{id}", remove, Auth.USER, ("write:statuses",), params=One,
             owned="id"),
    Endpoint(PUT, "/api/v1/profile", who, Auth.USER, ("write:accounts",)),
    Endpoint(GET, "/api/v1/plain", plain, Auth.NONE, answer=str, content_type="text/plain"),
    Endpoint(GET, "/api/v1/fail", fail, Auth.NONE),
    Endpoint(GET, "/api/v1/burst", burst, Auth.NONE),
    Endpoint(GET, "/api/v1/streaming", who, Auth.USER, READ, query_token=True),
)  # fmt: skip

TOKENS = {
    "app": Viewer(app_id=3, scopes=frozenset({"read", "write"})),
    "reader": Viewer(account_id=1, scopes=frozenset({"read"}), state=MemberState.ACTIVE),
    "writer": Viewer(account_id=1, scopes=frozenset({"write"}), state=MemberState.ACTIVE),
    "both": Viewer(account_id=2, scopes=frozenset({"read", "write"}), state=MemberState.ACTIVE),
    **{
        state.name: Viewer(account_id=9, scopes=frozenset({"read"}), state=state)
        for state in MemberState
    },
}


class _Edge(ApiEdge):
    """There is no place behind it that could have terms or a fence."""

    def _told(self, endpoint: Endpoint[Any]) -> AbstractContextManager[None]:
        del endpoint
        return nullcontext()

    def _ask_for_terms(self, viewer: Viewer) -> None:
        del viewer


class House:
    def __init__(self, **own: Rule) -> None:
        self.looked_up: list[str] = []
        self.clock = ManualClock(1_750_000_000_000)
        self.site = Site(base_url=BASE, limits=LimitRules(own))
        limits = Limiter(MemoryCounters(), self.site.limits, self.clock)
        edge = _Edge(cast("Services", None), self.site, limits, self.authenticate)
        endpoints = (*ENDPOINTS, *reference_endpoints(ENDPOINTS, self.site))
        self.app = Dispatcher(edge.mount(endpoints), self.site, fallback=edge.surface)

    async def authenticate(self, token: str) -> Viewer | None:
        self.looked_up.append(token)
        if token.startswith("scopes:"):
            scopes = frozenset(token.removeprefix("scopes:").split())
            return Viewer(account_id=1, scopes=scopes, state=MemberState.ACTIVE)
        return TOKENS.get(token)

    async def ask(self, method: str, target: str, token: str | None = None, **more: Any) -> Answer:
        headers = list(more.pop("headers", ()))
        if token is not None:
            headers.append(("authorization", f"Bearer {token}"))
        return await ask(self.app, method, target, headers=headers, **more)
