"""What a decision may do to a post, and how the number in its row tells it.

The row also keeps what the post was before, so that it can be put back: the visibility and whether
its author called it sensitive.
"""

from enum import IntFlag
from typing import Final

import msgspec

from rostra.network.posts.model import PostRow, Visibility


class Limit(IntFlag):
    """One restriction of a post: a bit of `posts.limits`."""

    SENSITIVE = 1  # covered, whatever its author says
    REACH = 2  # seen as if unlisted
    LABEL = 4
    HELD = 8  # for its author alone
    REMOVED = 16  # for nobody, its author included
    SURFACES = 32  # not there on some surfaces


OWN_SHIFT: Final = 8
OWN_VISIBILITY: Final = 7 << OWN_SHIFT
_OWN_SENSITIVE: Final = 1 << 11
MOST_LABEL: Final = 200
"""Characters of a label."""


class PostLimits(msgspec.Struct, frozen=True):
    """What a post is restricted to; none of it: as its author wants it."""

    sensitive: bool = False
    reach: bool = False
    label: str = ""
    held: bool = False
    removed: bool = False
    hidden_on: tuple[str, ...] = ()

    @property
    def bits(self) -> Limit:
        """The restrictions, as the row has them."""
        wanted = (
            (Limit.SENSITIVE, self.sensitive),
            (Limit.REACH, self.reach),
            (Limit.LABEL, bool(self.label)),
            (Limit.HELD, self.held),
            (Limit.REMOVED, self.removed),
            (Limit.SURFACES, bool(self.hidden_on)),
        )
        bits = Limit(0)
        for bit, given in wanted:
            if given:
                bits |= bit
        return bits


class Standing(msgspec.Struct, frozen=True):
    """The three columns of a post that say what it is and what it would be without decisions."""

    visibility: int
    sensitive: int
    limits: int

    @property
    def own_visibility(self) -> Visibility:
        """The visibility that it has without decisions.

        The one kept counts only while another stands in its place: what waits for an approval may
        be released or refused while it is merely labelled.
        """
        lowered = self.limits & Limit.REACH and self.visibility == Visibility.UNLISTED
        if self.visibility >= Visibility.HELD or lowered:
            return Visibility((self.limits & OWN_VISIBILITY) >> OWN_SHIFT)
        return Visibility(self.visibility)

    @property
    def own_sensitive(self) -> int:
        """Whether its author calls it sensitive."""
        if self.limits & Limit.SENSITIVE:
            return int(bool(self.limits & _OWN_SENSITIVE))
        return self.sensitive

    def limited(self, bits: Limit, *, own_visibility: Visibility | None = None) -> "Standing":
        """The same post under these restrictions alone."""
        own = self.own_visibility if own_visibility is None else own_visibility
        if not bits:
            return Standing(int(own), self.own_sensitive, 0)
        kept = bits | own << OWN_SHIFT
        if bits & Limit.SENSITIVE and self.own_sensitive:
            kept |= _OWN_SENSITIVE
        sensitive = 1 if bits & Limit.SENSITIVE else self.own_sensitive
        return Standing(int(_seen(own, bits)), sensitive, int(kept))

    def called(self, *, sensitive: bool) -> "Standing":
        """The same post, called sensitive or not by its author."""
        if not self.limits & Limit.SENSITIVE:
            return msgspec.structs.replace(self, sensitive=int(sensitive))
        limits = self.limits & ~_OWN_SENSITIVE | (_OWN_SENSITIVE if sensitive else 0)
        return msgspec.structs.replace(self, limits=limits)


def _seen(own: Visibility, bits: Limit) -> Visibility:
    if bits & Limit.REMOVED:
        return Visibility.REMOVED
    if bits & Limit.HELD:
        return Visibility.HELD
    if bits & Limit.REACH and own is Visibility.PUBLIC:
        return Visibility.UNLISTED
    return own


def standing_of(row: PostRow) -> Standing:
    """What a post is, and what it would be without decisions."""
    return Standing(row.visibility, row.sensitive, row.limits)
