"""What the picture workers give back, and what travels between them and their parent."""

from typing import Literal

import msgspec

Kind = Literal["attachment", "avatar", "header", "emoji"]

ORIGINAL_AREA = 3840 * 2160
"""Most pixels of the largest variant of an attachment."""

SMALL_AREA = 640 * 360
"""Most pixels of the preview of an attachment."""

LONGEST_SIDE = 8192
"""Longest side of any variant: panoramas stay within what phones can draw as one texture."""

CROPS: dict[Kind, tuple[int, int]] = {"avatar": (400, 400), "header": (1500, 500)}
"""Width and height of the pictures that are cut to a fixed size."""

EMOJI_SIDE = 256
"""Longest side of a custom emoji: they stand in a line of text, and may be wide."""

MOST_FRAMES = 1000
"""Most frames of an animation."""


class Variant(msgspec.Struct, frozen=True):
    """One stored form of a picture, encoded by us and free of metadata."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def extension(self) -> str:
        """The ending for a file name, with its dot."""
        return EXTENSIONS[self.mime]


class Processed(msgspec.Struct, frozen=True, tag="done"):
    """A picture that is ready to be stored.

    Attributes:
        kind: always "image"; whether an animated GIF becomes a video is decided elsewhere.
        source: the media type that the upload really had.
        animated: whether `original` moves.
        blurhash: placeholder of the picture, 4 x 4 components or fewer for flat shapes.
        colour: average colour as `#rrggbb`; transparent parts count as white.
        variants: `original` always; `small` for an attachment (a still preview); `static` for an
            avatar, header or emoji that moves (its first frame).
        transparent: whether something shows through an attachment that moves.
        look: PDQ's 32 bytes of an attachment's preview, to find pictures that look the same; empty
            for other kinds and for the tiniest.
        quality: how much there is to tell it by, 0 to 100.
    """

    kind: str
    source: str
    animated: bool
    blurhash: str
    colour: str
    variants: dict[str, Variant]
    transparent: bool = False
    look: bytes = b""
    quality: int = 0

    @property
    def original(self) -> Variant:
        """The largest variant."""
        return self.variants["original"]

    @property
    def still(self) -> Variant:
        """The variant to show where nothing may move."""
        return self.variants.get("static") or self.variants.get("small") or self.original


class Refusal(msgspec.Struct, frozen=True, tag="refused"):
    """Why a picture is not accepted: `message` may be shown, `inside` is for the log."""

    message: str
    inside: str = ""


class Order(msgspec.Struct, frozen=True):
    """What the child is to make of the bytes that follow."""

    kind: Kind
    mime: str
    max_pixels: int
    cpu_s: int


Answer = Processed | Refusal

EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
"""The types that variants have; every client shows these."""
