"""What a decision may do to a post, and how the number in its row tells it.

The row also keeps what the post was before, so that it can be put back: the visibility and whether
its author called it sensitive.
"""

from enum import IntFlag
from typing import Final

import msgspec

from rostra.network.accounts.limits import Limit as AccountLimit
from rostra.network.posts.model import PostBody, PostRow, Visibility


class Limit(IntFlag):
    """One restriction of a post: a bit of `posts.limits`."""

    SENSITIVE = 1  # covered, whatever its author says
    REACH = 2  # seen as if unlisted
    LABEL = 4
    HELD = 8  # for its author alone
    REMOVED = 16  # for nobody, its author included
    SURFACES = 32  # not there on some surfaces
    AUTHOR_REACH = 64  # as REACH, because that of its author is limited
    AUTHOR_SENSITIVE = 128  # as SENSITIVE, because all that its author posts is
    UNTOLD = 4096  # held or removed since it was written: it was never released


LOWERING: Final = Limit.REACH | Limit.AUTHOR_REACH
COVERING: Final = Limit.SENSITIVE | Limit.AUTHOR_SENSITIVE
OF_AUTHOR: Final = Limit.AUTHOR_REACH | Limit.AUTHOR_SENSITIVE


OWN_SHIFT: Final = 8
OWN_VISIBILITY: Final = 7 << OWN_SHIFT
_ALL: Final = (1 << OWN_SHIFT) - 1
_OWN_SENSITIVE: Final = 1 << 11
_HELD_NOTE: Final = "Held by the moderators: only you can see it"
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
        lowered = self.limits & LOWERING and self.visibility == Visibility.UNLISTED
        if self.visibility >= Visibility.HELD or lowered:
            return Visibility((self.limits & OWN_VISIBILITY) >> OWN_SHIFT)
        return Visibility(self.visibility)

    @property
    def own_sensitive(self) -> int:
        """Whether its author calls it sensitive."""
        if self.limits & COVERING:
            return int(bool(self.limits & _OWN_SENSITIVE))
        return self.sensitive

    def limited(self, bits: Limit, *, own_visibility: Visibility | None = None) -> "Standing":
        """The same post under these restrictions alone; what its author is under stays."""
        return self._under(bits | Limit(self.limits & OF_AUTHOR), own_visibility)

    def held(self) -> "Standing":
        """The same post, held as it is written: nobody has been told of it."""
        held = self._under(Limit(self.limits & _ALL) | Limit.HELD)
        return msgspec.structs.replace(held, limits=held.limits | Limit.UNTOLD)

    @property
    def untold(self) -> bool:
        """Whether it was never released, and has to be if it is shown."""
        return bool(self.limits & Limit.UNTOLD)

    def of_author(self, limits: int) -> "Standing":
        """The same post, of an author who is under these `accounts.limits`."""
        return self._under(Limit(self.limits & _ALL & ~OF_AUTHOR) | author_bits(limits))

    def _under(self, bits: Limit, own_visibility: Visibility | None = None) -> "Standing":
        own = self.own_visibility if own_visibility is None else own_visibility
        if not bits:
            return Standing(int(own), self.own_sensitive, 0)
        seen = _seen(own, bits)
        kept = bits | own << OWN_SHIFT
        if bits & COVERING and self.own_sensitive:
            kept |= _OWN_SENSITIVE
        if seen >= Visibility.HELD:
            kept |= self.limits & Limit.UNTOLD
        sensitive = 1 if bits & COVERING else self.own_sensitive
        return Standing(int(seen), sensitive, int(kept))

    def called(self, *, sensitive: bool) -> "Standing":
        """The same post, called sensitive or not by its author."""
        if not self.limits & COVERING:
            return msgspec.structs.replace(self, sensitive=int(sensitive))
        limits = self.limits & ~_OWN_SENSITIVE | (_OWN_SENSITIVE if sensitive else 0)
        return msgspec.structs.replace(self, limits=limits)


def author_bits(limits: int) -> Limit:
    """What `accounts.limits` mean for each post of the account."""
    bits = Limit(0)
    if limits & AccountLimit.REACH:
        bits |= Limit.AUTHOR_REACH
    if limits & AccountLimit.SENSITIVE:
        bits |= Limit.AUTHOR_SENSITIVE
    return bits


def _seen(own: Visibility, bits: Limit) -> Visibility:
    if bits & Limit.REMOVED:
        return Visibility.REMOVED
    if bits & Limit.HELD:
        return Visibility.HELD
    if bits & LOWERING and own is Visibility.PUBLIC:
        return Visibility.UNLISTED
    return own


def standing_of(row: PostRow) -> Standing:
    """What a post is, and what it would be without decisions."""
    return Standing(row.visibility, row.sensitive, row.limits)


def noted(row: PostRow, body: PostBody) -> str:
    """The content warning of a post, behind what a decision has to say of it.

    Apps know no other place for a word that is not the author's and is read before the post.
    """
    held = _HELD_NOTE if row.visibility == Visibility.HELD else ""
    return " · ".join(each for each in (held, body.label, body.spoiler_text) if each)
