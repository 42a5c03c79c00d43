"""A text without its disguises, and the way back to what was written.

Case, width, style, accents, look-alikes and hidden characters; pictures for words; letters that
stand apart; punctuation in words; digits and signs for letters; repeated letters; words in pieces,
run together or backwards. For comparing and judging only, never shown: what is shown is the
passage of the original that `Normal.origin` names.

Near-copies are compared by a folding of their own (`clusters/normal.py`), which must not change
because its signatures are stored. This one may get better at any time; what is kept of it is
kept with a version.
"""

from typing import Final

from rostra.safety.signals import words
from rostra.safety.signals.chars import CHARACTERS, upright
from rostra.safety.signals.mostly import mostly
from rostra.safety.signals.needed import needed
from rostra.safety.signals.trail import Edit, Edited, Step, Translated, back

_MOST_ROUNDS: Final = 8


class Normal:
    """A text without its disguises.

    Attributes:
        original: as it was written.
        text: as it reads.
    """

    __slots__ = ("_steps", "original", "text")

    def __init__(self, original: str, text: str, steps: list[Step]) -> None:
        self.original = original
        self.text = text
        self._steps = steps

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """What a passage of `text` was made from, in code points of `original`.

        It holds all that the passage stands for: where several characters were read as one word,
        all of them.
        """
        return back(reversed(self._steps), start, end)


def normalise(text: str) -> Normal:
    """Take the disguises off; takes any text, in time that grows with its length and no faster."""
    turned = upright(text)
    plain = turned.translate(CHARACTERS)
    steps: list[Step] = []
    if not text.isascii() or len(plain) != len(text):
        steps.append(Translated(turned, CHARACTERS))
    plain = _rounds(plain, steps)
    if steps:
        shielded, kept = words.shielded(plain)
        more = words.unshielded(_edited(shielded, mostly(text, shielded), steps), kept)
        if more != plain:
            plain = _rounds(more, steps)
    return Normal(text, plain, steps)


def _rounds(text: str, steps: list[Step]) -> str:
    """All that is to be undone, until nothing is."""
    for _ in range(_MOST_ROUNDS):
        before = text
        text = _round(text, steps)
        if text == before:
            break
    return text


def _round(text: str, steps: list[Step]) -> str:
    """Once through all that it needs to have undone, with links and names out of the way."""
    text, kept = words.shielded(text)
    for change in needed(text):
        text = _edited(text, change(text), steps)
    return words.unshielded(text, kept)


def _edited(text: str, edits: list[Edit], steps: list[Step]) -> str:
    if not edits:
        return text
    step = Edited(edits)
    steps.append(step)
    return step.apply(text)
