"""How endpoints of what is a member's own are declared: their filters, their notifications."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Endpoint, Handler
from rostra.http.params import NoParams


def own(
    area: str,
    method: str,
    path: str,
    handler: Handler[Any],
    answer: Any,
    *,
    summary: str,
    params: type[msgspec.Struct] = NoParams,
    errors: tuple[int, ...] = (),
    deprecated: int = 0,
) -> Endpoint[Any]:
    """An endpoint below ``/api/`` for members alone, with the scopes of an area.

    What the path names is the member's own, and does not exist for anybody else.
    """
    named = path.partition("{")[2].partition("}")[0]
    return Endpoint(
        method,
        f"/api/{path}",
        handler,
        auth=Auth.USER,
        scopes=(f"{'read' if method == GET else 'write'}:{area}",),
        params=params,
        answer=answer,
        errors=(404, *errors) if named else errors,
        owned=named,
        summary=summary,
        deprecated=deprecated,
    )
