"""The signal of copies: how like a text is to what was removed, and how often that was."""

from typing import Final

from rostra.safety.categories.facts import facts_of
from rostra.safety.copies.model import harm_of
from rostra.safety.copies.sketch import ALIKE, SCHEME
from rostra.safety.signals.model import Cost, Finding, Material, Takes

LEAST: Final = 0.7
MOST: Final = 0.98
TAKEN_FROM: Final = 2
"""Another one where other words of a post are sketched: 1 was all, 2 is `sketch_of`. What was kept
before is found as before."""

_ONCE: Final = 0.1
"""So much less where it was removed only once: one decision may be a mistake."""


class CopiesSignal:
    """Judges by `Material.like`, which is looked up before."""

    name = "copies"
    version = f"{SCHEME}.{TAKEN_FROM}"
    cost = Cost.MICROSECONDS
    takes = Takes.TEXT | Takes.COPIES

    def judge(self, material: Material) -> Finding | None:
        """A score of what the like of it was removed as; nothing where it is like nothing."""
        like = material.like
        if like is None:
            return None
        part = (like.alike - ALIKE) / (1 - ALIKE)
        score = LEAST + (MOST - LEAST) * part - (_ONCE if like.count == 1 else 0.0)
        posts = "a post that was" if like.count == 1 else f"{like.count} posts that were"
        name = facts_of(like.category).name
        reason = f"Like {posts} removed as “{name}”; {like.alike:.0%} of it is the same."
        return Finding(
            self.name, self.version, {harm_of(like.category): round(score, 4)}, reason=reason
        )
