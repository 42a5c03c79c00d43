"""What previews tell the rest of the house."""

import msgspec


class CardChanged(msgspec.Struct, frozen=True):
    """The preview of an address looks different now: posts that show it are as well."""

    card_id: int
    framed_changed: bool = False  # whether it can be played or looked at in a frame
