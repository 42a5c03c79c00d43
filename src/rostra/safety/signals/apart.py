"""Words whose letters stand apart: `k i l l`, `k.i.l.l`; several of them are told apart."""

import re
from itertools import pairwise
from typing import Final

from rostra.kernel.text.marks import MARKS
from rostra.safety.signals.contractions import contracted_to
from rostra.safety.signals.leet import as_letters
from rostra.safety.signals.runs import boundaries
from rostra.safety.signals.trail import Edit

# Not what belongs to a letter: vowels of many scripts are marks, and no part of a word to `re`.
_SIGN: Final = (
    r"[!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u2190-\u2bff\u3001-\u303f\U0001f000-\U0001faff]"
)
_BETWEEN: Final = rf"(?: {_SIGN}{{1,2}} |{_SIGN}{{1,3}}| )"
_SINGLES: Final = re.compile(
    rf"(?<![^\W_])(?<![{MARKS}])[^\W_](?:{_BETWEEN}[^\W_](?![^\W_]|[{MARKS}])){{2,}}"
)

_WORD: Final = re.compile(r"[^\W_]+")
_FRAMES: Final = frozenset(("()", "[]", "{}"))
_APOSTROPHE: Final = "'"
_FEWEST_LETTERS: Final = 2


def letter_by_letter(text: str) -> list[Edit]:
    """The edits that put such words together, with what stood between them."""
    edits: list[Edit] = []
    for run in _SINGLES.finditer(text):
        places = [found.start() for found in _WORD.finditer(text, run.start(), run.end())]
        if sum(text[at].isalpha() for at in places) < _FEWEST_LETTERS:
            continue
        framed = text[run.start() - 1 : run.start()] + text[run.end() : run.end() + 1]
        framed = framed if text[places[0] + 1 : places[1]] == framed[::-1] else ""
        if framed in _FRAMES:
            edits.append(Edit(run.start() - 1, run.start(), ""))
        gaps = _gaps(text, places)
        edits += [
            Edit(here + 1, there, gap)
            for (here, there), gap in zip(pairwise(places), gaps, strict=True)
        ]
        if framed in _FRAMES:
            edits.append(Edit(run.end(), run.end() + 1, ""))
    return edits


def _gaps(text: str, places: list[int]) -> list[str]:
    """What belongs between a letter and the next: nothing, a blank, or the sign that was there."""
    letters = as_letters("".join(text[at] for at in places))
    signs = [text[here + 1 : there].strip(" ") for here, there in pairwise(places)]
    if signs.count("") * 2 <= len(signs):
        signs = [""] * len(signs)  # they are what keeps the letters apart
    read = letters[0] + "".join(map("".join, zip(signs, letters[1:], strict=True)))
    spaces = _spaces(read)
    gaps = []
    at = 1
    for sign in signs:
        blank = sign not in ("", _APOSTROPHE) or at in spaces
        gaps.append(f"{sign} " if blank else sign)
        at += len(sign) + 1
    return gaps


def _spaces(read: str) -> set[int]:
    """Before which characters of a row of letters and signs there is a blank."""
    spaces: set[int] = set()
    start = 0
    for part in re.finditer(r"[^\W_]+", read):
        start = part.start()
        if start and read[start - 1] == _APOSTROPHE:
            end = contracted_to(read, start - 1)
            if start < end < part.end():
                spaces.add(end)
                start = end
        spaces |= {start + end for end in boundaries(read[start : part.end()], apart=True)}
    return spaces
