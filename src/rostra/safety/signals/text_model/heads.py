"""What the model answers: a score for each kind of harm, and the groups that are aimed at."""

from typing import Final

HARMS: Final = ("violence", "hate", "harassment", "spam")
"""Keys of `Finding.scores`, in the order of the outputs."""

GROUPS: Final = (
    "women",
    "men",
    "black people",
    "white people",
    "asian people",
    "hispanic people",
    "indigenous people",
    "immigrants",
    "jewish people",
    "muslims",
    "christians",
    "gay people",
    "trans people",
    "disabled people",
    "teachers",
    "athletes",
    "politicians",
    "executives",
    "police",
    "journalists",
    "judges",
    "health workers",
    "election workers",
)
"""Whom it may be aimed at, in the order of the outputs behind those of the harms."""

OUTPUTS: Final = len(HARMS) + len(GROUPS)

POOLS: Final = 4
"""How many places of a text each harm may look at, for reasons of their own."""

COLUMNS: Final = POOLS * len(HARMS) + len(GROUPS)
"""Pools of all outputs: first those of the harms, harm by harm, then one for each group."""

SAID: Final = {
    "violence": "a threat or a call to violence",
    "hate": "hate against a group",
    "harassment": "harassment",
    "spam": "spam",
}
"""How moderators are told."""
