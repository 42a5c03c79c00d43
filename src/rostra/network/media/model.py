"""What others see of an attachment."""

from enum import IntEnum

import msgspec


class State(IntEnum):
    """Whether an attachment can be shown."""

    READY = 0
    WAITING = 1
    FAILED = 2


class Media(msgspec.Struct, frozen=True):
    """One attachment; sizes in pixels, focus in thousandths (-1000 to 1000)."""

    id: int
    account_id: int
    post_id: int  # 0: not attached yet
    kind: str
    state: int
    failure: str
    upload_key: str  # what was sent, until it is converted
    container: str
    description: str
    blob_key: str
    preview_key: str  # empty: nothing to see (audio)
    mime: str
    preview_mime: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    size: int
    focus_x: int
    focus_y: int
    blurhash: str
    duration_ms: int
    frame_rate: str
    bitrate: int
    audio_rate: int
    audio_channels: int
    created_at: int
    limits: int = 0  # why it is withheld: bits of `restrict.Limit`
