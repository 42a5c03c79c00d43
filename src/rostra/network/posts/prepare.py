"""What is done with a draft before any transaction: cleaned, counted, taken apart."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text import entities
from rostra.kernel.text.clean import normalise, one_line
from rostra.kernel.text.count import post_length
from rostra.kernel.text.entities import NO_LIMITS, Entity, Limits
from rostra.kernel.text.language import normalise_language
from rostra.network.posts.model import Draft
from rostra.settings import Settings

MAX_TAGS = 60
_HARD_FACTOR = 32  # a text this many times over the limit is refused before it is counted


class Prepared(msgspec.Struct, frozen=True):
    """A draft that may be posted."""

    draft: Draft
    text: str
    spoiler_text: str
    language: str
    found: tuple[Entity, ...]
    handles: tuple[str, ...]  # as written, without the @
    tags: tuple[tuple[str, str], ...]  # folded and as written


def prepare(settings: Settings, draft: Draft) -> Prepared:
    """Check a draft and find what is in it.

    Raises:
        Invalid: naming ``status``, ``spoiler_text``, ``language`` or ``media_ids``.
    """
    most = settings.posts.max_characters
    if len(draft.text) + len(draft.spoiler_text) > most * _HARD_FACTOR:
        raise _too_long(most)
    text, spoiler = normalise(draft.text).strip(), one_line(draft.spoiler_text)
    faults: list[Fault] = []
    if not text and not draft.media_ids:
        if not spoiler:
            faults.append(Fault("text", "can't be blank", "ERR_BLANK"))
        else:
            # As Mastodon has it: a warning alone is the text.
            text, spoiler = spoiler, ""
    if post_length(text, spoiler, entities.extract(text, NO_LIMITS)) > most:
        raise _too_long(most)
    language = normalise_language(draft.language) if draft.language else ""
    if language is None:
        faults.append(Fault("language", "is not a language this place knows", "ERR_INCLUSION"))
    if len(draft.media_ids) > settings.posts.max_media:
        message = f"can't be more than {settings.posts.max_media}"
        faults.append(Fault("media_ids", message, "ERR_TOO_MANY"))
    if len(set(draft.media_ids)) != len(draft.media_ids):
        faults.append(Fault("media_ids", "name one picture twice", "ERR_TAKEN"))
    if faults:
        raise Invalid.many(faults)
    found = entities.extract(text, Limits(mentions=settings.posts.max_mentions, hashtags=MAX_TAGS))
    return Prepared(
        draft=draft,
        text=text,
        spoiler_text=spoiler,
        language=language or "",
        found=tuple(found),
        handles=tuple(entities.mentions(found)),
        tags=_tags(found),
    )


def _too_long(most: int) -> Invalid:
    return Invalid("text", f"character limit of {most} exceeded", "ERR_TOO_LONG")


def _tags(found: Sequence[Entity]) -> tuple[tuple[str, str], ...]:
    folded = {entities.hashtag_key(name): name for name in reversed(entities.hashtags(found))}
    return tuple((name, written) for name, written in folded.items())
