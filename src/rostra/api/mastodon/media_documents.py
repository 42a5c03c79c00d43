"""Attachments as clients read them. Source: docs.joinmastodon.org/entities/MediaAttachment."""

from typing import Any, Literal, cast

from rostra.api.mastodon.entities.statuses import (
    MediaAttachment,
    MediaFocus,
    MediaMeta,
    MediaOriginal,
    MediaSize,
)
from rostra.network.addresses import Addresses
from rostra.network.media.model import Media, State

_CHANNELS = {1: "mono", 2: "stereo"}


def media_attachment(media: Media, at: Addresses) -> MediaAttachment:
    """A picture, video or recording; without addresses and sizes while it is processed."""
    if media.limits:
        return _withheld(media)
    ready = media.state == State.READY
    shown = media.preview_key or (media.blob_key if media.kind == "image" else "")
    return MediaAttachment(
        id=str(media.id),
        type=cast("Literal['image', 'gifv', 'video', 'audio']", media.kind),
        url=at.blob(media.blob_key) if ready else None,
        preview_url=at.blob(shown) if ready and shown else None,
        meta=_meta(media) if ready else None,
        description=media.description or None,
        blurhash=media.blurhash or None,
    )


def _withheld(media: Media) -> MediaAttachment:
    """What a decision withholds: there is something, and its description tells what."""
    return MediaAttachment(
        id=str(media.id),
        type="unknown",
        url=None,
        preview_url=None,
        meta=None,
        description=media.description or None,
        blurhash=None,
    )


def _meta(media: Media) -> MediaMeta:
    focus = MediaFocus(media.focus_x / 1000, media.focus_y / 1000)
    small: dict[str, Any] = {"focus": focus}
    if media.preview_key:
        small["small"] = MediaSize(**_size(media.preview_width, media.preview_height))
    if media.kind == "image":
        return MediaMeta(original=MediaOriginal(**_size(media.width, media.height)), **small)
    seconds = media.duration_ms / 1000
    playing: dict[str, Any] = {"duration": seconds, "bitrate": media.bitrate}
    seen: dict[str, Any] = {}
    if media.kind != "audio":
        seen = _size(media.width, media.height) | {"fps": round(_fps(media.frame_rate))}
        playing |= {"width": media.width, "height": media.height, "frame_rate": media.frame_rate}
    return MediaMeta(
        original=MediaOriginal(**playing),
        length=_length(media.duration_ms),
        duration=seconds,
        **seen,
        **_sound(media),
        **small,
    )


def _size(width: int, height: int) -> dict[str, Any]:
    aspect = round(width / max(height, 1), 6)
    return {"width": width, "height": height, "size": f"{width}x{height}", "aspect": aspect}


def _sound(media: Media) -> dict[str, Any]:
    if not media.audio_rate:
        return {}
    return {
        "audio_encode": "aac",
        "audio_bitrate": f"{media.audio_rate} Hz",
        "audio_channels": _CHANNELS.get(media.audio_channels, str(media.audio_channels)),
    }


def _fps(fraction: str) -> float:
    above, _, below = fraction.partition("/")
    return int(above) / int(below) if below else 0.0


def _length(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds // 10, 100)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}.{rest:02}"
