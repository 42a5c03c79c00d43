"""Every endpoint of the API."""

from typing import Any

from rostra.api.endpoint import Endpoint
from rostra.api.mastodon import timelines


def all_endpoints() -> tuple[Endpoint[Any], ...]:
    """The endpoints of all areas."""
    return (*timelines.ENDPOINTS,)
