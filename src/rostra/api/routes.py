"""Every endpoint of the API."""

from typing import Any

from rostra.api.endpoint import Endpoint
from rostra.api.mastodon import media, statuses, timelines


def all_endpoints() -> tuple[Endpoint[Any], ...]:
    """The endpoints of all areas."""
    return (*statuses.ENDPOINTS, *media.ENDPOINTS, *timelines.ENDPOINTS)
