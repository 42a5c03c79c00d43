"""How often votes were what the team decided later: one pure function.

A vote for an action agrees with a decision that does just that, or does it among other things. It
is near where both found something wrong with the post, and did different things about it. What was
taken back, as after an appeal that was right, had nothing wrong with it.
"""

from collections.abc import Collection, Iterable

import msgspec

from rostra.safety.decisions.model import ActionKind


class Compared(msgspec.Struct, frozen=True):
    """A vote, or a panel's outcome, and what the team did later."""

    vote: int
    actions: Collection[int]  # `ActionKind`s
    taken_back: bool = False


class Agreement(msgspec.Struct, frozen=True):
    """How votes compare with later decisions."""

    compared: int = 0
    same: int = 0
    near: int = 0  # something else was done about it

    @property
    def share(self) -> float | None:
        """The part that was the same; None: nothing could be compared."""
        return self.same / self.compared if self.compared else None


def agreement(votes: Iterable[Compared]) -> Agreement:
    """Count what agrees."""
    compared = same = near = 0
    for each in votes:
        compared += 1
        done = set[int]() if each.taken_back else set(each.actions) - {ActionKind.NONE}
        if each.vote in done or (each.vote == ActionKind.NONE and not done):
            same += 1
        elif each.vote != ActionKind.NONE and done:
            near += 1
    return Agreement(compared, same, near)
