"""Words with an apostrophe, under the disguises of all others: `+hey'||`, `th*y'll`, `k1d'5`."""

import re
from typing import Final

from rostra.safety.signals.leet import AROUND, as_drawn, read_as, unmasked, without_digits
from rostra.safety.signals.lexicon import CONTRACTED, KNOWN, starred
from rostra.safety.signals.trail import Edit

_LONGEST: Final = 40  # of what may be one word
_LONGEST_HEAD: Final = max(word.index("'") for word in CONTRACTED)
_CUT: Final = re.compile(r"(?<=[^\W\d_])[-_.~/](?=[^\W\d_])")
_LONGEST_TAIL: Final = 2
_AS_S: Final = ("s", "$", "5")


def contraction(chunk: str) -> list[Edit]:
    """The contraction or the owner that a chunk is, where it is written as none."""
    core = chunk.strip(AROUND)
    if "'" not in core[1:-1] or len(core) > _LONGEST:
        return []
    for written in dict.fromkeys((core, core.rstrip("!"))):
        word = "" if written in CONTRACTED else _contracted(written) or _owner(written)
        if word:
            start = chunk.index(core)
            return [Edit(start, start + len(written), word, whole=True)]
    return []


def _contracted(written: str) -> str:
    """The contraction that this is with signs, digits, stars and cuts; or nothing."""
    if not any(map(str.isalpha, written)):
        return ""
    if "*" in written:
        return next((word for word in starred(written) if word in CONTRACTED), "")
    for each in dict.fromkeys((written, _CUT.sub("", written), as_drawn(written))):
        word = read_as(each)
        if word in CONTRACTED:
            return word
    return ""


def _owner(written: str) -> str:
    """`k1d'5`: somebody's, where they are written with signs; or nothing."""
    head, _, tail = written.rpartition("'")
    if tail not in _AS_S or not any(map(str.isalpha, head)):
        return ""
    word = head if head in KNOWN else _plain(head)
    return f"{word}'s" if word in KNOWN and f"{word}'s" != written else ""


def _plain(head: str) -> str:
    """The known word that this is; or nothing, or what nobody knows."""
    if "*" in head:
        return next((edit.text for edit in unmasked(head)), "")
    for each in dict.fromkeys((head, _CUT.sub("", head), as_drawn(head))):
        if each in KNOWN:
            return each
        word = without_digits(each) if each.isalnum() else read_as(each)
        if word in KNOWN:
            return word
    return ""


def contracted_to(text: str, at: int) -> int:
    """Where the contraction ends whose apostrophe stands here; 0 where it belongs to none."""
    for end in range(min(len(text), at + _LONGEST_TAIL + 1), at + 1, -1):
        if any(text[start:end] in CONTRACTED for start in range(max(0, at - _LONGEST_HEAD), at)):
            return end
    return 0
