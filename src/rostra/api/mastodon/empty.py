"""What clients ask for and this place does not have: truthful empty answers, and only to reading.

A write to any of these is 404: nothing is accepted that would be lost.
"""

from typing import Any

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.http.params import NoParams


async def nothing(_call: Call[NoParams]) -> list[str]:
    """There are none."""
    return []


def _everybodys(path: str, summary: str) -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/{path}",
        nothing,
        auth=Auth.OPTIONAL,
        answer=list[str],
        summary=summary,
        empty=True,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _everybodys("trends", "Trending hashtags: none yet"),
    _everybodys("trends/tags", "Trending hashtags: none yet"),
    _everybodys("trends/statuses", "Trending posts: none yet"),
    _everybodys("trends/links", "Trending links: none yet"),
)
