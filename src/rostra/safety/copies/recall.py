"""Asks whether a text is nearly one that people have removed. Two statements, mostly one."""

from collections.abc import Iterable
from typing import Final

from rostra.safety.copies import queries
from rostra.safety.copies.model import Known
from rostra.safety.copies.sketch import ALIKE, Sketch, alike, is_whole
from rostra.safety.edge import Reader
from rostra.safety.signals.model import Like

MOST_COMPARED: Final = 8
_FEWEST_SHARED: Final = 2  # bands; one may be chance
_FEW_BANDS: Final = 6


async def recall(reader: Reader, of: Sketch | None) -> Like | None:
    """What a text is like, of all that was removed: the most like it; None: nothing."""
    if of is None:
        return None
    known = await nearest(reader, of)
    if known is None:
        return None
    text, share = known
    return Like(text.category, text.count, share)


async def nearest(reader: Reader, of: Sketch) -> tuple[Known, float] | None:
    """The text that it is most like, and how much; None: it is like none."""
    if not of.keys:
        return None
    found = await reader.all(queries.FIND, keys=of.keys, limit=MOST_COMPARED)
    least = 1 if is_whole(of.keys[0]) or len(of.keys) < _FEW_BANDS else _FEWEST_SHARED
    ids = [text_id for text_id, shared in found if shared >= least]
    return _most(of, await reader.all(queries.TEXTS, ids=ids)) if ids else None


def _most(of: Sketch, texts: Iterable[Known]) -> tuple[Known, float] | None:
    shares = [(alike(of.bins, each.bins), each.count, each) for each in texts]
    near = [each for each in shares if each[0] >= ALIKE]
    if not near:
        return None
    share, _, known = max(near, key=lambda each: each[:2])
    return known, share
