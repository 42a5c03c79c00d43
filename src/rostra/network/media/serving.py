"""Which stored files are pictures for everybody's eyes."""

from rostra.kernel.errors import NotFound
from rostra.store.blobs import content_type_of, is_key

# What is stored to be shown, and the types it is stored in. Anything else under the same roof
# (exports) is for nobody who merely knows its key.
FOLDERS = frozenset({"media", "avatars", "headers", "emoji"})
TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})


def picture_type(key: str) -> str:
    """The content type of a stored picture; it follows from the key, which the server made.

    Raises:
        NotFound: the key is none, or not that of a picture.
    """
    kind = content_type_of(key)
    if not is_key(key) or key.partition("/")[0] not in FOLDERS or kind not in TYPES:
        raise NotFound(f"not a picture: {key[:80]!r}")
    return kind
