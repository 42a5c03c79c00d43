"""List."""

from typing import Literal

import msgspec


class List(msgspec.Struct, frozen=True):
    """Some of those whom the member follows, as a timeline of their own."""

    id: str
    title: str
    replies_policy: Literal["none", "list", "followed"]
    exclusive: bool
