"""How long a post is: what Mastodon's StatusLengthValidator counts.

Characters are extended grapheme clusters, so a flag, a family or a letter with its accents is
one. Every address counts 23, and a mention counts without its domain.
"""

from collections.abc import Sequence
from typing import Final

from rostra.kernel.text import entities, graphemes
from rostra.kernel.text.entities import Entity, Kind

URL_LENGTH: Final = 23
# An address counts 23 only up to here; else a post could hold any amount of text as one.
URL_FREE: Final = 2048


def post_length(text: str, spoiler: str = "", found: Sequence[Entity] | None = None) -> int:
    """Return the length of a post with its content warning, in Mastodon's characters.

    Give normalised texts. `found` saves finding the entities again, if nothing was left out
    of it by a limit.
    """
    if found is None:
        found = entities.extract(text, entities.NO_LIMITS)
    excess = 0
    pieces = [spoiler]
    end = 0
    for entity in found:
        if entity.kind is Kind.URL:
            excess += max(0, len(entity.value) - URL_FREE)
            shown = "x" * URL_LENGTH
        elif entity.kind is Kind.MENTION:
            shown = "@" + entity.value.partition("@")[0]
        else:
            continue
        pieces += (text[end : entity.start], shown)
        end = entity.end
    pieces.append(text[end:])
    return graphemes.count("".join(pieces)) + excess


def characters(text: str) -> int:
    """Return the length of any other text: a name, a biography, a choice of a poll."""
    return graphemes.count(text)
