"""What is known again."""

import msgspec

from rostra.safety.categories.model import Category


class Known(msgspec.Struct, frozen=True):
    """A text that people have removed, once or many times.

    Attributes:
        id: of it.
        category: what it was removed as.
        count: how many posts that said nearly this were removed.
        bins: its sketch.
        last_at: when the latest of them was removed (UTC ms).
    """

    id: int
    category: int
    count: int
    bins: bytes
    last_at: int


def harm_of(category: int) -> str:
    """The name under which signals score a category."""
    if category == Category.VIOLENCE_INCITEMENT:
        return "violence"
    return Category(category).name.lower()
