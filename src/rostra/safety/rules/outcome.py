"""What comes of a rule for one post: whether it is caught, what it lacked, what is to be done."""

from enum import StrEnum
from typing import Final

import msgspec


class EffectKind(StrEnum):
    """What a rule can ask for. It does none of it itself."""

    CASE = "case"  # somebody looks at it
    LABEL = "label"  # words beside it, until an end
    HOLD = "hold"  # nobody sees it until somebody has looked
    SLOW = "slow"  # its author posts less often, until an end
    LIMIT = "limit"  # it is shown in fewer places, until an end
    NOTIFY = "notify"  # the team is told
    ENQUEUE = "enqueue"  # a slow signal judges it later


RESTRICTING: Final = frozenset(
    {EffectKind.LABEL, EffectKind.HOLD, EffectKind.SLOW, EffectKind.LIMIT}
)


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a rule asks for; what does not belong to its kind is empty.

    Attributes:
        category: the slug of the harm.
        words: of a label, or what the team is told.
        lasts_ms: until a label, a limit or a slow-down ends; how long a hold may wait.
        posts: how many a slow-down leaves in each `per_ms`.
        signal: which one judges it later.
        message: what the member is told.
    """

    kind: EffectKind
    category: str = ""
    words: str = ""
    lasts_ms: int = 0
    posts: int = 0
    per_ms: int = 0
    signal: str = ""
    message: str = ""


class Verdict(StrEnum):
    """What a rule says of a post."""

    CAUGHT = "caught"
    PASSED = "passed"
    SKIPPED = "skipped"  # a value that it needs is missing: it says neither


class Outcome(msgspec.Struct, frozen=True):
    """What came of a rule.

    Attributes:
        missing: the names of what it lacked, where it was skipped.
        effects: what is to be done, where it caught.
    """

    verdict: Verdict
    missing: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


PASSED: Final = Outcome(Verdict.PASSED)
