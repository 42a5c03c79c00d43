"""What both sides said of one thing: a signal by its scores, people by their decision."""

import msgspec

from rostra.safety.decisions.model import Action, ActionKind
from rostra.safety.screening.harms import threshold_of
from rostra.safety.screening.model import Heard
from rostra.settings import Screening

_actions = msgspec.json.Decoder(tuple[Action, ...]).decode


def acted(actions: str, strikes: int) -> bool:
    """Whether a decision (JSON of its actions) does something to whose words they are.

    A warning or a strike is something; what is done to whoever reported them is not.
    """
    return strikes > 0 or any(_restricts(each.kind) for each in _actions(actions))


def _restricts(kind: int) -> bool:
    return kind != ActionKind.NONE and not ActionKind(kind).of_reporter


def above(settings: Screening, heard: Heard) -> bool:
    """Whether a score of a signal reaches the threshold of its harm."""
    return any(score >= threshold_of(settings, harm) for harm, score in heard.scores.items())
