"""Where a member stopped reading. Source: docs.joinmastodon.org/methods/markers."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso
from rostra.http.params import Id
from rostra.network.accounts import markers
from rostra.network.accounts.model import Marker as MarkerRow


class Marker(msgspec.Struct, frozen=True):
    """A place in a list."""

    last_read_id: str
    version: int
    updated_at: str


class ShowParams(msgspec.Struct, frozen=True):
    """Which lists."""

    timeline: tuple[str, ...] = ()


class PlaceParams(msgspec.Struct, frozen=True):
    """How far one list was read."""

    last_read_id: Id | None = None


class MoveParams(msgspec.Struct, frozen=True):
    """How far the lists were read."""

    home: PlaceParams = PlaceParams()
    notifications: PlaceParams = PlaceParams()


async def show(call: Call[ShowParams]) -> dict[str, Marker]:
    """The viewer's markers in the lists that were asked for."""
    wanted = [name for name in markers.TIMELINES if name in call.params.timeline]
    async with call.services.db.read() as reader:
        found = await markers.markers_of(reader, call.viewer.account_id, wanted)
    return _shown(found)


async def move(call: Call[MoveParams]) -> dict[str, Marker]:
    """Move the viewer's markers."""
    given = (("home", call.params.home), ("notifications", call.params.notifications))
    places = {name: place.last_read_id for name, place in given if place.last_read_id is not None}
    services = call.services
    async with services.db.write() as tx:
        moved = await markers.move_markers(services, tx, call.viewer.account_id, places)
    return _shown(moved)


def _shown(found: dict[str, MarkerRow]) -> dict[str, Marker]:
    return {
        name: Marker(str(marker.last_read_id), marker.version, iso(marker.updated_at))
        for name, marker in found.items()
    }


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/markers",
        show,
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=ShowParams,
        answer=dict[str, Marker],
        summary="Where the member stopped reading",
    ),
    Endpoint(
        POST,
        "/api/v1/markers",
        move,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=MoveParams,
        answer=dict[str, Marker],
        errors=(409,),
        summary="Note where the member stopped reading",
    ),
)
