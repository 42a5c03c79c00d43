"""Pictures, video and audio: where they live, how large they may be, what converts them."""

from typing import Annotated

from msgspec import Meta

from rostra.settings.sources import SECRET, Section


class Media(Section, frozen=True):
    """Where pictures live, and how large they may be."""

    store: Annotated[
        str,
        Meta(
            description="`s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix` or "
            "the path of a folder; empty: `media` in the data directory."
        ),
    ] = ""
    account: Annotated[
        str, Meta(description="Access key id (S3) or storage account (Azure) of the store.")
    ] = ""
    credentials: Annotated[
        str,
        Meta(
            description="Secret access key (S3), account key (Azure) or service account key "
            "as JSON (Google) of the store.",
            extra=SECRET,
        ),
    ] = ""
    region: Annotated[str, Meta(description="Region of the S3 bucket.")] = ""
    endpoint: Annotated[
        str, Meta(description="Address of an S3-compatible provider; empty: Amazon's.")
    ] = ""
    public_url: Annotated[
        str,
        Meta(
            description="Address under which browsers fetch media (a cache or a bucket); empty: "
            "this server hands them out under `/media`."
        ),
    ] = ""
    max_picture_bytes: Annotated[
        int, Meta(description="Largest picture that is accepted, in bytes.", ge=65_536)
    ] = 16_777_216
    max_picture_pixels: Annotated[
        int, Meta(description="Most pixels (width x height) of a picture.", ge=1_000_000)
    ] = 33_177_600
    max_avatar_bytes: Annotated[
        int, Meta(description="Largest avatar or header that is accepted, in bytes.", ge=65_536)
    ] = 8_388_608
    max_emoji_bytes: Annotated[
        int, Meta(description="Largest custom emoji that is accepted, in bytes.", ge=16_384)
    ] = 262_144
    orphan_hours: Annotated[
        int,
        Meta(description="Hours after which an upload that no post uses is removed.", ge=1),
    ] = 24


class Images(Section, frozen=True):
    """The child processes that read and write pictures."""

    children: Annotated[int, Meta(description="Child processes for pictures.", ge=1, le=64)] = 1
    deadline_s: Annotated[
        float, Meta(description="Seconds one picture may take before its child is ended.", gt=0)
    ] = 20.0
    memory_mb: Annotated[
        int, Meta(description="Memory in megabytes one child may take.", ge=128)
    ] = 768
    sandbox: Annotated[
        bool,
        Meta(
            description="Let the kernel bar the children from files, the network and other "
            "programs, where it can; switch it off only if `rostra doctor` says that pictures fail."
        ),
    ] = True


class Video(Section, frozen=True):
    """Video and audio, which `ffmpeg` converts where it is installed; see [media](media.md)."""

    max_bytes: Annotated[
        int, Meta(description="Largest video or audio file that is accepted, in bytes.", ge=65_536)
    ] = 103_809_024
    max_pixels: Annotated[
        int, Meta(description="Most pixels (width x height) of a video.", ge=65_536)
    ] = 8_294_400
    max_frame_rate: Annotated[
        int, Meta(description="Most frames a second of a video.", ge=1, le=1000)
    ] = 120
    max_seconds: Annotated[
        int, Meta(description="Longest video or audio, in seconds.", ge=1, le=86_400)
    ] = 7200
    at_once: Annotated[
        int,
        Meta(description="Files converted at the same time, over all processes.", ge=1, le=64),
    ] = 1
    deadline_s: Annotated[
        float,
        Meta(description="Seconds one conversion may take before it is ended.", gt=0, le=3000),
    ] = 900.0
    memory_mb: Annotated[
        int, Meta(description="Memory in megabytes one conversion may take.", ge=256)
    ] = 2048
    wait_s: Annotated[
        float,
        Meta(
            description="Seconds that an old client or a page waits for a conversion before it is "
            "told to come back.",
            ge=0,
            le=60,
        ),
    ] = 20.0
