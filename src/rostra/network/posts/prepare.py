"""What is done with a draft before any transaction: cleaned, counted, taken apart."""

from collections.abc import Iterator, Sequence

import msgspec

from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text import entities
from rostra.kernel.text.clean import normalise, one_line
from rostra.kernel.text.count import post_length
from rostra.kernel.text.entities import NO_LIMITS, Entity, Kind
from rostra.kernel.text.language import normalise_language
from rostra.network.media.covers import NONE, Covers
from rostra.network.posts.ask import cleaned, poll_faults
from rostra.network.posts.model import Draft, PollDraft
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
    poll: PollDraft | None = None
    covers: Covers = NONE  # pictures that are to stand for files of it


def prepare(settings: Settings, draft: Draft, *, editing: bool = False) -> Prepared:
    """Check a draft, or (``editing``) a new version of a post, and find what is in it.

    Raises:
        Invalid: naming ``text``, ``spoiler_text``, ``language``, ``media_ids`` or ``poll``.
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
    found = entities.extract(text, NO_LIMITS)
    if post_length(text, spoiler, found) > most:
        raise _too_long(most)
    handles = tuple(entities.mentions(found))
    if len(handles) > settings.posts.max_mentions:
        # Refused, not cut: nobody should believe that they told people whom they did not.
        message = f"mentions more than {settings.posts.max_mentions} people"
        faults.append(Fault("text", message, "ERR_TOO_MANY"))
    language = normalise_language(draft.language) if draft.language else ""
    if language is None:
        faults.append(Fault("language", "is not a language this place knows", "ERR_INCLUSION"))
    faults += _media_faults(settings, draft.media_ids)
    if draft.poll is not None:
        faults += poll_faults(settings, draft, draft.poll, editing=editing)
    if faults:
        raise Invalid.many(faults)
    return Prepared(
        draft=draft,
        text=text,
        spoiler_text=spoiler,
        language=language or "",
        found=tuple(_without_surplus(found)),
        handles=handles,
        tags=_tags(found)[:MAX_TAGS],
        poll=cleaned(draft.poll),
    )


def taken_apart(text: str, spoiler_text: str, *, language: str) -> Prepared:
    """What was checked before and is stored, taken apart again; without its pictures and poll."""
    found = entities.extract(text, NO_LIMITS)
    return Prepared(
        draft=Draft(),
        text=text,
        spoiler_text=spoiler_text,
        language=language,
        found=tuple(_without_surplus(found)),
        handles=tuple(entities.mentions(found)),
        tags=_tags(found)[:MAX_TAGS],
    )


def _media_faults(settings: Settings, media_ids: Sequence[int]) -> Iterator[Fault]:
    if len(media_ids) > settings.posts.max_media:
        message = f"can't be more than {settings.posts.max_media}"
        yield Fault("media_ids", message, "ERR_TOO_MANY")
    if len(set(media_ids)) != len(media_ids):
        yield Fault("media_ids", "name one picture twice", "ERR_TAKEN")


def _too_long(most: int) -> Invalid:
    return Invalid("text", f"character limit of {most} exceeded", "ERR_TOO_LONG")


def _without_surplus(found: Sequence[Entity]) -> Iterator[Entity]:
    """All but the hashtags past ``MAX_TAGS``, which stay plain text."""
    taken: set[str] = set()
    for entity in found:
        if entity.kind is Kind.HASHTAG:
            key = entities.hashtag_key(entity.value)
            if key not in taken and len(taken) >= MAX_TAGS:
                continue
            taken.add(key)
        yield entity


def _tags(found: Sequence[Entity]) -> tuple[tuple[str, str], ...]:
    return tuple((entities.hashtag_key(name), name) for name in entities.hashtags(found))
