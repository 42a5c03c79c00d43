"""Video and audio: uploads become MP4 files that stream and tell nothing of their makers."""

from rostra.outside.video.model import Converted, Facts, Kind
from rostra.outside.video.sniff import AUDIO_TYPES, VIDEO_TYPES, container_of
from rostra.outside.video.tools import VideoTools

__all__ = [
    "AUDIO_TYPES",
    "VIDEO_TYPES",
    "Converted",
    "Facts",
    "Kind",
    "VideoTools",
    "container_of",
]
