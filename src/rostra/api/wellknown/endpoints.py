"""webfinger (RFC 7033), host-meta (RFC 6415), nodeinfo and health."""

from typing import Any, Literal
from xml.sax.saxutils import escape

import msgspec

from rostra import __version__
from rostra.api.endpoint import GET, Answered, Auth, Call, Endpoint, Raw
from rostra.http.failures import BadRequest
from rostra.http.params import NoParams
from rostra.http.response import PLAIN, Response
from rostra.kernel.errors import NotFound
from rostra.network.accounts import access, cards
from rostra.network.addresses import addresses
from rostra.network.instance import access as instance_access
from rostra.network.instance.figures import figures
from rostra.settings import Settings

_JSON = "application/json; charset=utf-8"
_DAY = "public, max-age=86400"
_MINUTES = "public, max-age=600"
_JRD = "application/jrd+json; charset=utf-8"
_XRD = "application/xrd+xml; charset=utf-8"
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema"
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_AVATAR = "http://webfinger.net/rel/avatar"


class FingerParams(msgspec.Struct, frozen=True):
    """Whom it is about: `acct:name@domain`, or the address of a profile."""

    resource: str = ""


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link of a document about somebody or something."""

    rel: str
    href: str = ""
    type: str = ""
    template: str = ""


class Resource(msgspec.Struct, frozen=True):
    """A document about an account (RFC 7033)."""

    subject: str
    aliases: tuple[str, ...]
    links: tuple[Link, ...]


class Links(msgspec.Struct, frozen=True):
    """A list of links."""

    links: tuple[Link, ...]


class NodeUsers(msgspec.Struct, frozen=True, rename="camel"):
    """How many members there are."""

    total: int
    active_month: int
    active_halfyear: int


class NodeUsage(msgspec.Struct, frozen=True, rename="camel"):
    """How much the place is used."""

    users: NodeUsers
    local_posts: int


class NodeServices(msgspec.Struct, frozen=True):
    """Places that are connected."""

    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()


class NodeInfo(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What runs here (nodeinfo.diaspora.software)."""

    version: Literal["2.0", "2.1"]
    software: dict[str, str]
    # Nothing is federated yet.
    protocols: tuple[str, ...] = ()
    services: NodeServices = NodeServices()
    open_registrations: bool
    usage: NodeUsage
    metadata: dict[str, str]


async def webfinger(call: Call[FingerParams]) -> Resource:
    """An account of this place."""
    services = call.services
    resource = call.params.resource
    if not resource.strip():
        raise BadRequest("Missing parameter: resource")
    username = _named(services.settings, resource)
    async with services.db.read() as reader:
        row = await access.by_username(reader, username) if username else None
        if row is None:
            raise NotFound("no account of this place is named so")
        card = (await cards.cards(reader, [row.id]))[row.id]
    at = addresses(services.settings)
    page, uri = at.profile(row.acct), at.actor_uri(row.username)
    links = [Link(_PROFILE_PAGE, page, "text/html")]
    if card.avatar_key:
        links.append(Link(_AVATAR, at.blob(card.avatar_key)))
    return Resource(f"acct:{row.username}@{services.settings.domain}", (page, uri), tuple(links))


def _named(settings: Settings, resource: str) -> str | None:
    """The user name that a resource is about, if it is one of this place."""
    text = resource.strip()
    base = addresses(settings).base
    for prefix in (f"{base}/@", f"{base}/users/"):
        if text.startswith(prefix):
            return access.local_username(settings, text.removeprefix(prefix))
    # A bare name says nothing of a place, so it is not one of ours.
    return access.local_username(settings, text) if "@" in text.strip("@") else None


async def host_meta(call: Call[NoParams]) -> Answered:
    """Where webfinger is, as XML, or as JSON for those who ask for it."""
    if "json" in call.request.header("accept"):
        return Answered(await host_meta_json(call), 200, ((b"content-type", _JSON.encode()),))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template="{escape(_template(call))}"/>\n</XRD>\n'
    )
    return Answered(Raw(text.encode()), 200, ())


async def host_meta_json(call: Call[NoParams]) -> Links:
    """Where webfinger is."""
    return Links((Link("lrdd", type="application/jrd+json", template=_template(call)),))


def _template(call: Call[NoParams]) -> str:
    base = addresses(call.services.settings).base
    return f"{base}/.well-known/webfinger?resource={{uri}}"


async def nodeinfo_links(call: Call[NoParams]) -> Links:
    """Where nodeinfo is."""
    base = addresses(call.services.settings).base
    return Links(
        tuple(Link(f"{_SCHEMA}/{number}", f"{base}/nodeinfo/{number}") for number in ("2.0", "2.1"))
    )


async def nodeinfo_20(call: Call[NoParams]) -> NodeInfo:
    """What runs here."""
    return await _nodeinfo(call, "2.0")


async def nodeinfo_21(call: Call[NoParams]) -> NodeInfo:
    """What runs here, with its source."""
    return await _nodeinfo(call, "2.1")


async def _nodeinfo(call: Call[NoParams], number: Literal["2.0", "2.1"]) -> NodeInfo:
    services = call.services
    counted = await figures(services)
    async with services.db.read() as reader:
        settings = await instance_access.settings(services, reader)
    software = {"name": "rostra", "version": __version__}
    source = services.settings.site.source_url
    if number == "2.1" and source:
        software["repository"] = source
    users = NodeUsers(counted.members, counted.active_month, counted.active_halfyear)
    return NodeInfo(
        version=number,
        software=software,
        open_registrations=settings.registrations in {"open", "approval"},
        usage=NodeUsage(users, counted.posts),
        metadata={"nodeName": settings.title, "nodeDescription": settings.description},
    )


async def health(call: Call[NoParams]) -> Response:
    """Whether requests can be answered: the database is asked."""
    async with call.services.db.read() as reader:
        await instance_access.settings(call.services, reader)
        await access.any_by_id(reader, 0)
    return Response(b"OK", 200, (PLAIN,))


def _document(
    path: str, handler: Any, answer: Any, summary: str, *, cache: str, **more: Any
) -> Endpoint[Any]:
    return Endpoint(
        GET, path, handler, auth=Auth.NONE, answer=answer, summary=summary, cache=cache, **more
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _document(
        "/.well-known/webfinger",
        webfinger,
        Resource,
        "An account of this place",
        cache=_MINUTES,
        params=FingerParams,
        errors=(400, 404),
        content_type=_JRD,
    ),
    _document(
        "/.well-known/host-meta",
        host_meta,
        Links,
        "Where webfinger is",
        cache=_DAY,
        content_type=_XRD,
        other_type=_JSON,
    ),
    _document(
        "/.well-known/host-meta.json", host_meta_json, Links, "Where webfinger is", cache=_DAY
    ),
    _document("/.well-known/nodeinfo", nodeinfo_links, Links, "Where nodeinfo is", cache=_DAY),
    _document("/nodeinfo/2.0", nodeinfo_20, NodeInfo, "What runs here", cache=_MINUTES),
    _document("/nodeinfo/2.1", nodeinfo_21, NodeInfo, "What runs here", cache=_MINUTES),
    _document(
        "/health",
        health,
        None,
        "Whether requests can be answered",
        cache="no-store",
        content_type="text/plain; charset=utf-8",
    ),
)
