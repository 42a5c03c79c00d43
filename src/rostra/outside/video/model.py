"""What is known of a recording, and what a conversion gives back."""

from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal["video", "gifv", "audio"]

LARGEST_AREA = 1920 * 1080
"""Most pixels of a frame that is stored; larger videos are made smaller."""

FASTEST = 60
"""Most frames a second that are stored."""

HIGHEST_BITRATE = 8_000_000
"""Bits a second up to which a video that is already in the right form keeps its own coding."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What ffprobe says of a file.

    Attributes:
        seconds: how long it plays; 0 where the file does not say.
        width: pixels as it is seen, that is: turned upright, with square pixels.
        height: likewise.
        frame_rate: as a fraction (`30000/1001`); empty where unknown or without pictures.
        bitrate: bits a second of all streams; 0 where unknown.
        video: name of the video codec; empty: no moving picture.
        pixels: pixel format.
        profile: profile of the video codec.
        plain: whether the picture needs no more than turning: square pixels, no half frames.
        audio: name of the audio codec; empty: no sound.
        audio_rate: samples a second.
        audio_channels: how many channels.
    """

    seconds: float = 0.0
    width: int = 0
    height: int = 0
    frame_rate: str = ""
    bitrate: int = 0
    video: str = ""
    pixels: str = ""
    profile: str = ""
    plain: bool = True
    audio: str = ""
    audio_rate: int = 0
    audio_channels: int = 0

    @property
    def fps(self) -> float:
        """Frames a second; 0 where unknown."""
        above, _, below = self.frame_rate.partition("/")
        return int(above) / int(below) if below else 0.0


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is ready to be stored.

    Attributes:
        kind: what it became.
        path: the file, in a folder that is removed when its `async with` ends.
        mime: its media type.
        facts: of this file, not of what was sent.
        poster: one frame as PNG; empty for audio.
    """

    kind: Kind
    path: Path
    mime: str
    facts: Facts
    poster: bytes = b""
