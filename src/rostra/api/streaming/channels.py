"""The names of streams, and what each of them listens to.

Source: docs.joinmastodon.org/methods/streaming (Mastodon 4.5).
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from rostra.http.failures import BadRequest
from rostra.kernel import ids
from rostra.kernel.errors import Unauthorized
from rostra.kernel.text.entities import hashtag_key
from rostra.network.credentials import scopes
from rostra.network.credentials.model import Viewer

SOCKET: Final = "/api/v1/streaming"
HEALTH: Final = f"{SOCKET}/health"
PATHS: Final[Mapping[str, str]] = {
    f"{SOCKET}/user": "user",
    f"{SOCKET}/user/notification": "user:notification",
    f"{SOCKET}/public": "public",
    f"{SOCKET}/public/local": "public:local",
    f"{SOCKET}/public/remote": "public:remote",
    f"{SOCKET}/hashtag": "hashtag",
    f"{SOCKET}/hashtag/local": "hashtag:local",
    f"{SOCKET}/list": "list",
    f"{SOCKET}/direct": "direct",
}
# Named as endpoints are. A listener of its own serves them, so the endpoint table lacks them.
ROUTES: Final = (f"WSS {SOCKET}", f"GET {HEALTH}", *(f"GET {path}" for path in PATHS))
_PUBLIC = frozenset(
    f"public{place}{kind}" for place in ("", ":local", ":remote") for kind in ("", ":media")
)
_TAGS = frozenset({"hashtag", "hashtag:local"})
NAMES: Final = _PUBLIC | _TAGS | {"user", "user:notification", "list", "direct"}
NOTES: Final = "notes"  # notifications, which both of a member's streams listen to
_NAME_MAX: Final = 300
_encode = msgspec.json.Encoder().encode


class Key(NamedTuple):
    """One thing to listen to: posts with a hashtag, the home of an account, a list."""

    name: str
    subject: int | str = 0


class Wanted(NamedTuple):
    """What a client asks for, read and allowed as far as its token tells.

    Attributes:
        keys: what it listens to.
        names: the `stream` of its events, as JSON.
        list_id: the list whose owner the client must be; 0: none.
    """

    keys: tuple[Key, ...]
    names: bytes
    list_id: int = 0


def name_of(path: str, query: Mapping[str, Any]) -> str:
    """The stream that a path of server-sent events stands for.

    Raises:
        BadRequest: there is none.
    """
    name = PATHS.get(path.rstrip("/"))
    if name is None:
        raise BadRequest(safe="Unknown channel requested")
    media = first(query.get("only_media")).lower() not in {"", "0", "f", "false", "off"}
    return f"{name}:media" if media and name.startswith("public") else name


def first(value: Any) -> str:
    """A parameter as text, of several the first; empty where there is none."""
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def wanted(viewer: Viewer, name: str, params: Mapping[str, Any]) -> Wanted:
    """What a member asks for with the name of a stream and its parameters.

    Raises:
        BadRequest: there is no such stream, or a parameter is missing.
        Unauthorized: the token's scopes do not allow it.
    """
    if name not in NAMES:
        raise BadRequest(safe="Unknown stream type")
    notes = scopes.covers(viewer.scopes, ("read:notifications",))
    area = "read:notifications" if name == "user:notification" else "read:statuses"
    if not scopes.covers(viewer.scopes, (area,)):
        raise Unauthorized(safe="Access token does not have the required scopes")
    if name in _TAGS:
        tag = first(params.get("tag"))[:_NAME_MAX]
        if not tag:
            raise BadRequest(safe="Missing tag name parameter")
        return Wanted((Key(name, hashtag_key(tag.removeprefix("#"))),), _encode([name, tag]))
    if name == "list":
        given = first(params.get("list"))[:_NAME_MAX]
        if not given:
            raise BadRequest(safe="Missing list name parameter")
        list_id = ids.parse(given) or -1
        return Wanted((Key(name, list_id),), _encode([name, given]), list_id)
    own = Key(name, viewer.account_id)
    if name == "user":
        keys = (own, Key(NOTES, viewer.account_id)) if notes else (own,)
    elif name == "user:notification":
        keys = (Key(NOTES, viewer.account_id),)
    else:
        keys = (own if name == "direct" else Key(name),)
    return Wanted(keys, _encode([name]))
