"""Drafts that were looked at: the only thing that can be published or edited.

`screened` makes them before the transaction. The verbs say in the transaction which words they
write (`said_of`, `judge`); it is these that are judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from rostra.kernel.text.entities import Kind
from rostra.network.edge import Services, Transaction
from rostra.network.media import access as media_access
from rostra.network.media.model import Media
from rostra.network.posts.prepare import Prepared
from rostra.network.screening import UNSEEN, About, Look, Said, Verdict, What

_NOTHING_SAID: Final[Mapping[int, str]] = {}


class Screened(msgspec.Struct, frozen=True):
    """A draft that may be posted, and what its words looked like before the transaction."""

    prepared: Prepared
    look: Look


async def screened(
    services: Services,
    author_id: int,
    prepared: Prepared,
    what: What = What.POST,
    said: Mapping[int, str] = _NOTHING_SAID,
) -> Screened:
    """Look at a draft, and at what is said of its files. One statement where it has files.

    Args:
        services: the house's parts.
        author_id: whose it is.
        prepared: the draft.
        what: whether it is new.
        said: of its files, by their ids, what the transaction that writes it will say of them.
    """
    await services.screen.ready()
    if services.screen.idle:
        return Screened(prepared, UNSEEN)
    draft, media = prepared.draft, dict[int, Media]()
    if draft.media_ids:
        async with services.db.read() as reader:
            media = await media_access.own_among(reader, author_id, draft.media_ids)
    changed = {**said, **{each.id: each.description for each in draft.media_changes}}
    found = [
        known if (known := changed.get(at)) is not None else media[at].description
        for at in draft.media_ids
        if at in media
    ]
    return Screened(prepared, services.screen.look(said_of(author_id, prepared, found, what)))


def said_of(author_id: int, prepared: Prepared, descriptions: Iterable[str], what: What) -> Said:
    """The words of a post with these descriptions of its files, in their order."""
    options = prepared.poll.options if prepared.poll else ()
    beside = words("", "", options, descriptions)
    return Said(
        what=what,
        account_id=author_id,
        parts=words(prepared.spoiler_text, prepared.text, beside, ()),
        beside=len(beside),
        links=tuple(each.value for each in prepared.found if each.kind is Kind.URL),
        language=prepared.language,
    )


def words(
    spoiler: str, text: str, options: Iterable[str], descriptions: Iterable[str]
) -> tuple[str, ...]:
    """All that is said by a post, in the order in which it is judged."""
    return tuple(filter(None, (spoiler, text, *options, *descriptions)))


async def judge(  # noqa: PLR0917 (whose words, which, and where they stand)
    services: Services,
    tx: Transaction,
    author_id: int,
    screened: Screened,
    media: Sequence[Media],
    what: What,
    place: About,
) -> Verdict:
    """Judge a post as it is written now.

    Args:
        services: the house's parts.
        tx: the transaction that writes it.
        author_id: whose it is.
        screened: the draft.
        media: its files as they are now, in their order.
        what: whether it is new.
        place: what the draft alone does not tell: language, visibility, what it answers.
    """
    prepared = screened.prepared
    said = said_of(author_id, prepared, (each.description for each in media), what)
    about = msgspec.structs.replace(
        place,
        spoiler=prepared.spoiler_text,
        tags=tuple(name for name, _ in prepared.tags),
        mentions=len(prepared.handles),
        media_ids=tuple(each.id for each in media),
    )
    return await services.screen.judge(tx, said, about, screened.look)
