"""What others see of the preview of a link."""

from enum import IntEnum

import msgspec


class CardState(IntEnum):
    """Whether there is something to show."""

    WAITING = 0
    READY = 1
    NOTHING = 2


class Card(msgspec.Struct, frozen=True):
    """The preview of a link, as far as it is shown."""

    url: str
    kind: str
    title: str
    description: str
    language: str
    author_name: str
    author_url: str
    author_account_id: int
    provider_name: str
    provider_url: str
    frame_url: str
    width: int
    height: int
    image_key: str
    image_description: str
    blurhash: str
    published_at: int


class Known(msgspec.Struct, frozen=True):
    """What is to be known of an address before it is fetched."""

    id: int
    address: str
    state: int
    image_key: str
    fetched_at: int
    kind: str
