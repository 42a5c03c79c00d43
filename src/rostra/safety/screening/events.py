"""What screening tells the rest of moderation, in the transaction that publishes the words."""

import msgspec

from rostra.safety.screening.model import Caught
from rostra.safety.subjects import Subject


class ScoreReached(msgspec.Struct, frozen=True):
    """Signals find harm enough in something that somebody should look at it. Nothing holds by it.

    Attributes:
        subject: what it is.
        category: the kind of harm that is most above its threshold.
        score: its score, in thousandths.
        words: which signals, for the team.
    """

    subject: Subject
    category: int
    score: int
    words: str


class RulesCaught(msgspec.Struct, frozen=True):
    """Live rules have caught something. What they ask for is done by decisions.

    Attributes:
        subject: what it is.
        account_id: whose it is.
        caught: each rule, with what it asks for.
    """

    subject: Subject
    account_id: int
    caught: tuple[Caught, ...]
