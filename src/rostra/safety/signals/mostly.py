"""What is left of a text most of whose words were in disguise: its short words were meant too.

`1n`, `4` and `70` alone are numbers and names of things. Where most words beside them had to be
read out of other scripts and signs, they are words.
"""

import re
from typing import Final

from rostra.safety.signals.leet import AROUND, alone
from rostra.safety.signals.lexicon import KNOWN
from rostra.safety.signals.trail import Edit

_CHUNK: Final = re.compile(r"[^\s]+")
_MAY_BE: Final = re.compile(r"[\d@$!|+]")
_FEWEST: Final = 3
_HALF: Final = 2


def mostly(original: str, text: str) -> list[Edit]:
    """The edits that read the rest of a text, of which this is the original."""
    rest = [each for each in _CHUNK.finditer(text) if _MAY_BE.search(each[0])]
    if not rest:
        return []
    came_out = _known(text) - _known(original.lower())
    if came_out < _FEWEST or came_out * _HALF < len(text.split()):
        return []
    return [
        edit._replace(start=each.start() + edit.start, end=each.start() + edit.end)
        for each in rest
        if each[0] not in KNOWN
        for edit in alone(each[0])
    ]


def _known(text: str) -> int:
    """How many known words stand in a text by themselves."""
    return sum(chunk in KNOWN or chunk.strip(AROUND) in KNOWN for chunk in text.split())
