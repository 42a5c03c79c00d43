"""The command lines of ffprobe and ffmpeg: which reader, which decoders, what is left out.

Every file is read as `file:` by one named reader, so nothing in it can name another file or an
address. Of the streams only one picture and one sound are taken; titles, tags, chapters, covers,
attachments, subtitles and data tracks (where cameras write positions) are not.
"""

from collections.abc import Sequence

from rostra.outside.video.model import FASTEST, HIGHEST_BITRATE, LARGEST_AREA, Facts, Kind

DECODERS = (
    "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,msmpeg4v2,msmpeg4,mjpeg,"
    "mpeg1video,mpeg2video,prores,theora,gif,"
    "aac,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,ac3,"
    "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_s16be,pcm_s24be,pcm_mulaw,pcm_alaw,adpcm_ms"
)
"""What people's devices write; all else that ffmpeg could read is not read."""

_THREADS = "2"
_EVERYDAY = frozenset({"Baseline", "Constrained Baseline", "Main", "High"})
_COPIED_FROM = frozenset({"mov", "matroska"})
_USUAL_RATE = 44_100
# H.264 NAL units 1 to 5 are slices, 7 and 8 parameter sets. Left out is above all 6: free texts of
# encoders and the positions some cameras write (ITU-T H.264, table 7-1).
_NEEDED_UNITS = "filter_units=pass_types=1-5|7-8"
_SAY_NOTHING = ("-nostdin", "-hide_banner", "-v", "error")
_CLEAN = (
    *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"),
    *("-dn", "-sn", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
)


def reading(container: str, name: str, max_pixels: int = 0) -> list[str]:
    """Options before an input, and the input: a file in the current folder.

    Frames of more than `max_pixels` are not decoded, whatever the file said at its beginning.
    """
    return [
        *("-protocol_whitelist", "file"),
        *("-format_whitelist", container, "-codec_whitelist", DECODERS),
        *(("-max_pixels", str(max_pixels)) if max_pixels else ()),
        *("-threads", _THREADS),
        *("-f", container, "-i", f"file:{name}"),
    ]


def probing(container: str, name: str) -> list[str]:
    """Arguments of ffprobe; the answer is JSON."""
    return [
        *_SAY_NOTHING[1:],
        *("-probesize", "20M", "-analyzeduration", "20M"),
        *("-show_format", "-show_streams", "-of", "json"),
        *reading(container, name),
    ]


def converting(
    kind: Kind, facts: Facts, source: Sequence[str], target: str, *, most_s: float, copy: bool
) -> list[str]:
    """Arguments of ffmpeg: one clean MP4 file that plays while it is loaded.

    Args:
        kind: what it is to become.
        facts: of the input.
        source: what `reading` gave.
        target: name of the file to write, in the current folder.
        most_s: seconds after which the rest is left out.
        copy: keep the coding of the picture.
    """
    sound = ("-an",) if kind == "gifv" else (*("-map", "0:a:0?"), *_sound(kind, facts))
    picture = ("-vn",) if kind == "audio" else ("-map", "0:v:0", *_picture(facts, copy=copy))
    return [
        *_SAY_NOTHING,
        "-y",
        *source,
        *picture,
        *sound,
        *_CLEAN,
        *("-t", f"{most_s:.3f}", "-threads", _THREADS),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{target}"),
    ]


def checking(name: str) -> list[str]:
    """Arguments of ffmpeg: decode a file of ours whose coding was kept, and stop at any fault.

    What was sent may change its size in the middle, or be broken where no converter looked.
    """
    return [
        *_SAY_NOTHING,
        "-xerror",
        *reading("mov", name, LARGEST_AREA),
        *("-map", "0:v:0", "-f", "null", "-"),
    ]


def showing(source: Sequence[str], target: str, at_s: float) -> list[str]:
    """Arguments of ffmpeg: one frame as PNG."""
    return [
        *_SAY_NOTHING,
        "-y",
        *("-ss", f"{at_s:.3f}"),
        *source,
        *("-map", "0:v:0", "-frames:v", "1", "-c:v", "png", "-f", "image2"),
        *("-update", "1", f"file:{target}"),
    ]


def keeps_coding(container: str, facts: Facts) -> bool:
    """Whether every client plays the picture as it is, so that only the wrapping is made anew."""
    return (
        container in _COPIED_FROM
        and facts.video == "h264"
        and facts.pixels == "yuv420p"
        and facts.profile in _EVERYDAY
        and facts.plain
        and facts.width * facts.height <= LARGEST_AREA
        and 0 < facts.fps <= FASTEST
        and 0 < facts.bitrate <= HIGHEST_BITRATE
    )


def _picture(facts: Facts, *, copy: bool) -> tuple[str, ...]:
    if copy:
        return ("-c:v", "copy", "-bsf:v", _NEEDED_UNITS)
    width, height = fitted(facts.width, facts.height)
    filters = [f"scale={width}:{height}", "setsar=1", "format=yuv420p"]
    if not 0 < facts.fps <= FASTEST:
        filters.insert(0, f"fps={FASTEST}")
    return (
        *("-vf", ",".join(filters), "-c:v", "libx264", "-preset", "veryfast"),
        *("-profile:v", "high", "-crf", "23", "-maxrate", "6M", "-bufsize", "12M", "-g", "120"),
        *("-bsf:v", _NEEDED_UNITS),
    )


def _sound(kind: Kind, facts: Facts) -> tuple[str, ...]:
    """Always coded anew: frames of MP3 and AAC have room for foreign bytes."""
    rate = _USUAL_RATE if facts.audio_rate == _USUAL_RATE else 48_000
    bits = "192k" if kind == "audio" else "128k"
    return ("-c:a", "aac", "-b:a", bits, "-ac", "2", "-ar", str(rate))


def fitted(width: int, height: int) -> tuple[int, int]:
    """Even sides within the largest area, of the same shape; never larger than they were."""
    scale = min(1.0, (LARGEST_AREA / (width * height)) ** 0.5)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)
