"""Loads what a subject says and shows, as far as it is compared."""

from typing import Final

import msgspec

from rostra.safety.clusters import pictures, queries
from rostra.safety.clusters.compare import Content, content_of
from rostra.safety.edge import Reader
from rostra.safety.subjects import Subject, SubjectKind

# Looks are stored of pictures alone that are good enough.
_QUALITY: Final = pictures.WORST_QUALITY


class Said(msgspec.Struct, frozen=True):
    """The content of a subject, and the posts that it replies to or quotes."""

    content: Content
    about: tuple[int, ...] = ()


async def load(reader: Reader, subject: Subject) -> Said | None:
    """What a subject says now; None: it is gone. One statement."""
    if subject.kind == SubjectKind.POST:
        return await _of_post(reader, subject.id)
    if subject.kind == SubjectKind.ACCOUNT:
        found = await reader.first(queries.OF_ACCOUNT, id=subject.id)
        return Said(content_of("\n".join(found))) if found else None
    found = await reader.first(queries.OF_MEDIUM, id=subject.id)
    return Said(_content(*found)) if found else None


async def _of_post(reader: Reader, post_id: int) -> Said | None:
    found = await reader.first(queries.OF_POST, id=post_id)
    if found is None:
        return None
    warning, text, look, in_reply_to_id, quoted_id = found
    words = f"{warning}\n{text}" if warning else text
    about = tuple(each for each in (in_reply_to_id, quoted_id) if each)
    return Said(_content(words, look), about)


def _content(words: str, look: str) -> Content:
    return content_of(words, bytes.fromhex(look), _QUALITY if look else 0)
