"""What others call kinds of harm, and which categories ours are."""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from rostra.safety.adapters.model import NoAnswer
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.categories.model import Category

_OF_SIGNALS: Final = {
    "violence": Category.VIOLENCE_INCITEMENT,
    "hate": Category.HATE,
    "harassment": Category.HARASSMENT,
    "spam": Category.SPAM,
}
OPENAI: Final = {
    "harassment": "harassment",
    "harassment/threatening": "violence",
    "hate": "hate",
    "hate/threatening": "violence",
    "illicit": "illegal_goods",
    "illicit/violent": "violence",
    "self-harm": "self_harm",
    "self-harm/intent": "self_harm",
    "self-harm/instructions": "self_harm",
    "sexual": "sexual_content",
    "sexual/minors": "child_abuse",
    "violence": "violence",
    "violence/graphic": "graphic_violence",
}
"""The categories of OpenAI's moderation models, as ours."""


def category_for(harm: str) -> Category:
    """The category that a score by this name is about."""
    return _OF_SIGNALS.get(harm) or category_of(harm) or Category.OTHER


def meaning(harm: str) -> str:
    """What is meant by it, in a sentence."""
    return facts_of(category_for(harm)).explanation


def ours(theirs: Mapping[str, float | None], names: Mapping[str, str]) -> dict[str, float]:
    """Their scores by our harms: of several that mean the same, the highest.

    Raises:
        NoAnswer: a score is none.
    """
    found: dict[str, float] = {}
    for name, score in theirs.items():
        harm = names.get(name)
        if harm is not None and score is not None:
            found[harm] = max(found.get(harm, 0.0), checked(score))
    return found


def checked(score: float) -> float:
    """A score as it is.

    Raises:
        NoAnswer: it is no number from 0 to 1.
    """
    if not isfinite(score) or not 0 <= score <= 1:
        raise NoAnswer(f"a score of {score}")
    return float(score)
