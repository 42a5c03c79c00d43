"""Which stored files are for everybody's eyes and ears."""

from rostra.kernel.errors import NotFound
from rostra.store.blobs import content_type_of, is_key

# What is stored to be shown, and the types it is stored in. Anything else under the same roof
# (exports) is for nobody who merely knows its key.
FOLDERS = frozenset({"media", "avatars", "headers", "emoji", "site", "cards"})
TYPES = frozenset(
    {
        "audio/mp4",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "video/mp4",
    }
)


def file_type(key: str) -> str:
    """The content type of a stored picture, video or recording.

    It follows from the key, which the server made.

    Raises:
        NotFound: the key is none, or not that of such a file.
    """
    kind = content_type_of(key)
    if not is_key(key) or key.partition("/")[0] not in FOLDERS or kind not in TYPES:
        raise NotFound(f"not to be shown: {key[:80]!r}")
    return kind
