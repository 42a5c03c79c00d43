"""Whether a case belongs to a cluster, and if it is only about it, by what that shows.

A cluster is what is like its first case, its leader. A chain (like what is like what is like) would
drift to anything, so nobody else is compared with.
"""

from enum import IntEnum
from typing import Final

import msgspec

from rostra.safety.clusters import pictures
from rostra.safety.clusters.normal import normal
from rostra.safety.clusters.signature import FEWEST_PIECES, MOST_MARKS, Overlap, overlap, sign
from rostra.safety.clusters.signs import Signs, signs_of

ALIKE: Final = 0.55
"""Texts that share so much of all they have are nearly the same; measured by `bench.clusters`."""

CONTAINED: Final = 0.6
"""A text that has so much of another one's holds it."""

CITED: Final = 0.35
"""A text that shows that it speaks about words needs so much of them."""

SHORT: Final = 25
"""With fewer pieces one word more or less is another text."""

SHORT_ALIKE: Final = 0.65
"""What short texts must share."""

OWN_WORDS: Final = 30
"""So many pieces of its own beside a picture make a text one of its own."""

_QUOTED_STEPS: Final = 3
_FEWEST_MARKS: Final = 3
_FEWEST_SHARED: Final = 2
_FEWEST_ALIKE: Final = 0.12
_FEWEST_UNMARKED: Final = 0.25
_TURNS: Final = 0.8
_LONGER: Final = 8
_ADDED: Final = 20
_ADDED_SHARE: Final = 0.2


class Reason(IntEnum):
    """Why a case is an outlier. The numbers are stored."""

    QUOTES = 1
    ATTRIBUTES = 2
    NEGATES = 3
    CONDEMNS = 4
    REPORTS = 5
    NEWS = 6
    ADDS = 7
    ANSWERS = 8
    OTHER_WORDS = 9
    LEFT_OUT = 10
    LACKS = 11
    CHANGED = 12


SENTENCES: Final = {
    Reason.QUOTES: "The words stand in quotation marks, with other words around them.",
    Reason.ATTRIBUTES: "It names somebody else as the one who said it.",
    Reason.NEGATES: "It has a negation that the others do not have.",
    Reason.CONDEMNS: "It calls something wrong, false, a threat or a fraud; the others do not.",
    Reason.REPORTS: "It speaks of reports, the police, a court, the news or moderators.",
    Reason.NEWS: "It links to a place that reports the news or checks it.",
    Reason.ADDS: "It holds the words and a considerable part of its own.",
    Reason.ANSWERS: "It replies to or quotes a post of this cluster.",
    Reason.OTHER_WORDS: "The picture is the same, the words are others.",
    Reason.LEFT_OUT: "A moderator left it out.",
    Reason.LACKS: "A negation is missing that the first of the cluster has.",
    Reason.CHANGED: "Its author has changed it since.",
}


class Place(IntEnum):
    """How a case stands to a leader. The numbers are stored."""

    MEMBER = 1
    OUTLIER = 2
    TURNED = 3
    """The case would be a plain member if the leader were not the outlier."""


class Traits(msgspec.Struct, frozen=True):
    """What is kept of a case's content to compare it by.

    Attributes:
        values: of the text's signature; empty where there is too little text.
        size: how many pieces the text has.
        marks: how many of the text's marks are kept.
        signs: that it speaks about words.
        look: of its picture; empty where there is none that can be told.
    """

    values: bytes = b""
    size: int = 0
    marks: int = 0
    signs: Signs = Signs()
    look: bytes = b""


class Content(msgspec.Struct, frozen=True):
    """The traits of a text and a picture, with the keys to store and to look up."""

    traits: Traits
    kept: tuple[int, ...]
    asked: tuple[int, ...]


class Relation(msgspec.Struct, frozen=True):
    """Where a case belongs, how like it is (0 to 1), and if it is an outlier, why."""

    place: Place
    alike: float
    reasons: tuple[Reason, ...] = ()


def content_of(text: str, look: bytes = b"", quality: int = 0) -> Content:
    """All that is compared of a post's text and of one picture."""
    folded = normal(text)
    made = sign(folded)
    if not pictures.usable(look, quality):
        look = b""
    seen = Traits(signs=signs_of(text, folded), look=look, size=made.size if made else 0)
    kept = pictures.kept(look) if look else ()
    asked = pictures.asked(look) if look else ()
    if made is None:
        return Content(seen, kept, asked)
    traits = msgspec.structs.replace(
        seen, values=made.values, marks=min(len(made.marks), MOST_MARKS)
    )
    return Content(traits, made.kept + kept, made.asked + asked)


def relate(
    leader: Traits, other: Traits, *, shared_marks: int = 0, answers: bool = False
) -> Relation | None:
    """How a case stands to the leader of a cluster; None where it has nothing to do with it.

    Args:
        leader: what is kept of the leader.
        other: of the case.
        shared_marks: how many of the leader's marks the case has.
        answers: whether it replies to or quotes a post of the cluster.
    """
    found = _by_text(leader, other, shared_marks) or _by_picture(leader, other)
    if found is None or not answers or found.place is Place.TURNED:
        return found
    return Relation(Place.OUTLIER, found.alike, (Reason.ANSWERS, *found.reasons))


def _by_text(leader: Traits, other: Traits, shared_marks: int) -> Relation | None:
    if not leader.values or not other.values:
        return None
    shared = overlap(other.values, other.size, leader.values, leader.size)
    smaller = min(leader.size, other.size)
    if smaller < FEWEST_PIECES:
        return Relation(Place.MEMBER, shared.alike) if shared.alike == 1 else None
    if shared.alike >= (ALIKE if smaller >= SHORT else SHORT_ALIKE):
        return _near(leader, other, shared)
    if _is_held(shared, leader, other):
        reasons = _signs_of_one(leader.signs, other.signs)
        return Relation(Place.TURNED, shared.alike, (Reason.ADDS, *reasons))
    reasons = _signs_of_one(other.signs, leader.signs)
    if _holds(shared, leader, shared_marks, _enough(leader, reasons)):
        return Relation(Place.OUTLIER, shared.alike, (Reason.ADDS, *reasons))
    return None


def _is_held(shared: Overlap, leader: Traits, other: Traits) -> bool:
    """Whether the leader holds the other text, and much more."""
    longer = leader.size - other.size >= max(_ADDED, _ADDED_SHARE * other.size)
    return longer and shared.alike >= _FEWEST_UNMARKED and shared.common >= _TURNS * other.size


def _near(leader: Traits, other: Traits, shared: Overlap) -> Relation:
    """Nearly the same words: a member, unless one of the two speaks about them."""
    reasons = _signs_of_one(other.signs, leader.signs)
    if other.size - leader.size >= max(_ADDED, _ADDED_SHARE * leader.size):
        reasons = (Reason.ADDS, *reasons)
    if reasons:
        return Relation(Place.OUTLIER, shared.alike, reasons)
    reasons = _signs_of_one(leader.signs, other.signs)
    if reasons and leader.size >= other.size + _LONGER:
        return Relation(Place.TURNED, shared.alike, reasons)
    # Where the leader is not longer, a copy has only lost or mistyped a word of it: which one?
    if Reason.NEGATES in reasons:
        return Relation(Place.OUTLIER, shared.alike, (Reason.LACKS,))
    return Relation(Place.MEMBER, shared.alike)


def _enough(leader: Traits, reasons: tuple[Reason, ...]) -> float:
    """How much of the leader's text another one must have to be about it."""
    if leader.size < SHORT:
        return _TURNS
    return CITED if set(reasons) - {Reason.NEGATES} else CONTAINED


def _holds(shared: Overlap, leader: Traits, shared_marks: int, enough: float) -> bool:
    """Whether a text holds the leader's: by its marks, or where it is not far longer, by values."""
    if leader.marks >= _FEWEST_MARKS:
        if shared_marks < _FEWEST_SHARED:
            return False  # among long texts the values alone find likeness where there is little
        if shared_marks >= enough * leader.marks:
            return True
        return shared.alike >= _FEWEST_ALIKE and shared.common >= enough * leader.size
    return shared.alike >= _FEWEST_UNMARKED and shared.common >= enough * leader.size


def _by_picture(leader: Traits, other: Traits) -> Relation | None:
    if not leader.look or not other.look:
        return None
    apart = pictures.distance(leader.look, other.look)
    if apart > pictures.FARTHEST:
        return None
    alike = 1 - apart / (8 * pictures.BYTES)
    if other.size >= OWN_WORDS or _signs_of_one(other.signs, leader.signs):
        reasons = _signs_of_one(other.signs, leader.signs)
        return Relation(Place.OUTLIER, alike, (Reason.OTHER_WORDS, *reasons))
    return Relation(Place.MEMBER, alike)


def _signs_of_one(one: Signs, other: Signs) -> tuple[Reason, ...]:
    """The signs that one text has and the other has not, or has fewer of."""
    found = (
        (Reason.QUOTES, one.quoted >= other.quoted + _QUOTED_STEPS),
        (Reason.ATTRIBUTES, one.attributes > other.attributes),
        (Reason.NEGATES, one.negates > other.negates),
        (Reason.CONDEMNS, one.condemns > other.condemns),
        (Reason.REPORTS, one.reports > other.reports),
        (Reason.NEWS, one.news > other.news),
    )
    return tuple(reason for reason, there in found if there)
