"""Whether a text is one emoji. Sources: UTS #51 (ED-15 to ED-17), emoji-data.txt."""

import re
from typing import Final

from rostra.kernel.text import graphemes

MAX_LENGTH: Final = 16  # code points; a family of four with its skin tones has eleven

_KEYCAP: Final = re.compile("[0-9#*]\ufe0f?\u20e3")
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_TONES: Final = "\U0001f3fb-\U0001f3ff"
_TAGS: Final = "\U000e0020-\U000e007f"
# What may stand beside the pictures: variation selectors, skin tones, tags of flags, joiners.
_BESIDE: Final = re.compile(f"[\ufe0e\ufe0f\u200d\u20e3{_TONES}{_TAGS}]")


def is_emoji(text: str) -> bool:
    """Return whether a text is one emoji of Unicode and nothing else."""
    if not 0 < len(text) <= MAX_LENGTH:
        return False
    if _KEYCAP.fullmatch(text) or _FLAG.fullmatch(text):
        return True
    pictures = _BESIDE.sub("", text)
    return (
        bool(pictures)
        and graphemes.is_picture(text[0])
        and all(graphemes.is_picture(char) for char in pictures)
        and graphemes.count(text) == 1
    )
