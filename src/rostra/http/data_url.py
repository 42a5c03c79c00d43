"""Files that are written as text: `data:` addresses (RFC 2397), in base64."""

import binascii
from typing import Final, NamedTuple

_TYPE_MAX: Final = 255
_BASE64: Final = ";base64"


class DataUrl(NamedTuple):
    """What such an address holds; its type is empty where it names none."""

    content_type: str
    content: bytes


def parsed(text: str) -> DataUrl | None:
    """The file in a `data:` address; None for any other text.

    White space in the base64 is skipped, for some programs break it into lines.
    """
    if text[:5].lower() != "data:":
        return None
    comma = text.find(",", 5, 5 + _TYPE_MAX)
    head = text[5:comma].lower() if comma > 0 else ""
    if not head.endswith(_BASE64):
        return None
    encoded = text[comma + 1 :]
    if any(space in encoded for space in " \r\n\t"):
        encoded = "".join(encoded.split())
    try:
        content = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    return DataUrl(head.removesuffix(_BASE64).partition(";")[0].strip(), content)


def encoded_size(size: int) -> int:
    """The most characters that a file of so many bytes takes in such an address."""
    return _TYPE_MAX + (size + 2) // 3 * 4
