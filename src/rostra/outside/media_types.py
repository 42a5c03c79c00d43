"""What somebody declares a file to be."""

import re

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+*-]+")
_SAYS_NOTHING = frozenset({"application/octet-stream", "binary/octet-stream"})


def declared_type(content_type: str) -> str:
    """The media type that a Content-Type names, in lower case and without parameters.

    Empty where it says nothing: a missing one, the generic ones, and what is no media type at all
    (RFC 6838, 4.2), which some programs send because they write down the wrong thing.
    """
    bare = content_type.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) and bare not in _SAYS_NOTHING else ""
