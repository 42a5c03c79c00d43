"""Reads what ffprobe says, which it has from a stranger's file: nothing of it is taken on trust."""

import msgspec

from rostra.outside.video.model import Facts, Kind

_SOUND_ONLY = frozenset({"mp3", "flac", "wav"})
_TIME_BASE = 1000.0  # what recorders in browsers give as a rate: they do not know it
_QUARTER, _HALF = 90, 180
_LONGEST_S = 10_000_000.0


class _Disposition(msgspec.Struct):
    attached_pic: int = 0
    timed_thumbnails: int = 0


class _Side(msgspec.Struct):
    rotation: float = 0.0


class _Stream(msgspec.Struct):
    codec_type: str = ""
    codec_name: str = ""
    profile: str = ""
    width: int = 0
    height: int = 0
    pix_fmt: str = ""
    field_order: str = ""
    sample_aspect_ratio: str = ""
    avg_frame_rate: str = ""
    r_frame_rate: str = ""
    sample_rate: str = "0"
    channels: int = 0
    duration: str = ""
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)
    side_data_list: list[_Side] = []


class _Format(msgspec.Struct):
    duration: str = ""
    bit_rate: str = ""


class _Answer(msgspec.Struct):
    streams: list[_Stream] = []
    format: _Format = msgspec.field(default_factory=_Format)


_answers = msgspec.json.Decoder(_Answer)


def facts_of(answer: bytes, container: str) -> Facts:
    """The facts in an answer of ffprobe.

    Raises:
        ValueError: it is no such answer.
    """
    told = _answers.decode(answer)
    sound = next((s for s in told.streams if s.codec_type == "audio"), None) or _Stream()
    picture = _Stream() if container in _SOUND_ONLY else _moving(told.streams)
    width, height = _as_seen(picture)
    seconds = [_number(each) for each in (told.format.duration, picture.duration, sound.duration)]
    return Facts(
        seconds=max(seconds),
        width=width,
        height=height,
        frame_rate=_rate(picture),
        bitrate=int(_number(told.format.bit_rate)),
        video=picture.codec_name,
        pixels=picture.pix_fmt,
        profile=picture.profile,
        plain=picture.field_order in {"", "unknown", "progressive"} and _square(picture),
        audio=sound.codec_name,
        audio_rate=int(_number(sound.sample_rate)),
        audio_channels=max(0, sound.channels),
    )


def kind_of(facts: Facts) -> Kind | None:
    """Video where something moves, audio where only something sounds."""
    if facts.video and facts.width > 0 and facts.height > 0:
        return "video"
    return "audio" if facts.audio and not facts.video else None


def _moving(streams: list[_Stream]) -> _Stream:
    """The first picture stream that is no cover; ffmpeg's `0:v:0` must be this one."""
    first = next((s for s in streams if s.codec_type == "video"), None)
    if first is None or first.disposition.attached_pic or first.disposition.timed_thumbnails:
        return _Stream()
    return first


def _as_seen(stream: _Stream) -> tuple[int, int]:
    turned = sum(side.rotation for side in stream.side_data_list)
    width, height = max(0, stream.width), max(0, stream.height)
    wide, _, high = stream.sample_aspect_ratio.partition(":")
    if wide.isdigit() and high.isdigit() and int(wide) and int(high):
        # A pixel that is a thousand times wider than high is no picture.
        width = round(width * min(16.0, max(1 / 16, int(wide) / int(high))))
    sideways = round(turned) % _HALF == _QUARTER
    return (height, width) if sideways else (width, height)


def _square(stream: _Stream) -> bool:
    return stream.sample_aspect_ratio in {"", "N/A", "0:1", "1:1"}


def _rate(stream: _Stream) -> str:
    for given in (stream.avg_frame_rate, stream.r_frame_rate):
        above, _, below = given.partition("/")
        if above.isdigit() and below.isdigit() and 0 < len(given) < 24 and int(above) * int(below):  # noqa: PLR2004 (two numbers that fit a database)
            return given if int(above) / int(below) < _TIME_BASE else ""
    return ""


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value < _LONGEST_S * 1000 else 0.0
