"""A blind second look, and how often it agrees with what was done. Times are UTC ms, 0: not yet."""

from enum import IntEnum

import msgspec


class Sort(IntEnum):
    """What a post was sampled from; the numbers stand in rows."""

    PASSED = 0  # nobody has done anything about it
    DECIDED = 1  # somebody has restricted it

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class View(IntEnum):
    """What somebody thinks who knows nothing else of it; the numbers stand in rows."""

    OPEN = 0
    FINE = 1
    AGAINST = 2  # the rules of the house or the law
    UNSURE = 3

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is looked at a second time.

    Attributes:
        sort: where it was sampled.
        decision_id: what was decided about it; 0: nothing.
        category: as what.
        decided_by: who has, where that was a person.
        score: the highest that screening had for it, in thousandths; -1: it was not judged.
        view: what was thought of it.
        viewed_as: the category that was named then.
    """

    id: int
    post_id: int
    account_id: int
    sort: int
    decision_id: int
    category: int
    decided_by: int
    score: int
    sampled_at: int
    view: int = 0
    viewed_as: int = 0
    viewed_by: int = 0
    viewed_at: int = 0

    @property
    def agrees(self) -> bool | None:
        """Whether the second look says what was done; None: nothing is said."""
        if self.view not in {View.FINE, View.AGAINST}:
            return None
        return (self.view == View.AGAINST) == (self.sort == Sort.DECIDED)


class Blind(msgspec.Struct, frozen=True):
    """All that is shown before somebody has said what they think."""

    id: int
    text: str
    language: str


class Week(msgspec.Struct, frozen=True):
    """What came of one sort in the week that begins at a time.

    Attributes:
        sampled: posts.
        viewed: of these looked at.
        agreed: of these seen as they were treated.
        unsure: of these that could not be told.
    """

    at: int
    sort: int
    sampled: int
    viewed: int
    agreed: int
    unsure: int

    @property
    def agreement(self) -> float | None:
        """The share that was seen as it was treated, of what could be told."""
        told = self.viewed - self.unsure
        return self.agreed / told if told else None
