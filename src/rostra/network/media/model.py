"""What others see of an attachment."""

import msgspec


class Media(msgspec.Struct, frozen=True):
    """One attachment; sizes in pixels, focus in thousandths (-1000 to 1000)."""

    id: int
    account_id: int
    post_id: int  # 0: not attached yet
    kind: str
    description: str
    blob_key: str
    preview_key: str
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
    created_at: int
