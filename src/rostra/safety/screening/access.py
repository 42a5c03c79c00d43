"""What was found in one thing, for the team."""

import msgspec

from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.profile import said_of
from rostra.network.posts import access as posts_access
from rostra.network.posts.edit import options
from rostra.network.posts.screened import words
from rostra.network.screening import joined
from rostra.safety.edge import Reader
from rostra.safety.screening import queries
from rostra.safety.screening.model import Heard, Judgement, checksum
from rostra.safety.subjects import Subject, SubjectKind


class Passage(msgspec.Struct, frozen=True):
    """A piece of a text, and how much it counted; 0: not at all."""

    text: str
    weight: float = 0.0


class Shown(msgspec.Struct, frozen=True):
    """A judgement with the words that it is about.

    Attributes:
        judgement: it.
        text: the words as they are now, if they are those that were judged; else empty.
    """

    judgement: Judgement
    text: str

    def passages(self, heard: Heard) -> tuple[Passage, ...]:
        """The words with what counted for a signal; none where there are other words by now."""
        return cut(self.text, heard)


async def of_subject(reader: Reader, subject: Subject, *, limit: int = 5) -> list[Shown]:
    """The latest judgements about a subject. One statement where there are none."""
    rows = await reader.all(queries.OF_SUBJECT, id=subject.id, kind=subject.kind, limit=limit)
    if not rows:
        return []
    now = await words_now(reader, subject)
    known = checksum(now)
    return [Shown(row, now if row.checksum == known else "") for row in rows]


async def words_now(reader: Reader, subject: Subject) -> str:
    """The words of a subject as they would be judged now; empty where it is gone."""
    if subject.kind == SubjectKind.ACCOUNT:
        profile = (await accounts_access.profiles(reader, [subject.id])).get(subject.id)
        return joined(said_of(profile).parts) if profile else ""
    if subject.kind != SubjectKind.POST:
        return ""
    body = (await posts_access.bodies(reader, [subject.id])).get(subject.id)
    if body is None:
        return ""
    asked = await options(reader, subject.id)
    said = (each.description for each in body.media)
    return joined(words(body.spoiler_text, body.text, asked, said))


def cut(text: str, heard: Heard) -> tuple[Passage, ...]:
    """A text in pieces: those that counted for a signal, and what stands between."""
    if not text:
        return ()
    pieces: list[Passage] = []
    at = 0
    for span in sorted(heard.spans, key=lambda each: (each.start, -each.end)):
        start, end = max(at, span.start), min(span.end, len(text))
        if start >= end:
            continue
        if at < start:
            pieces.append(Passage(text[at:start]))
        pieces.append(Passage(text[start:end], span.weight))
        at = end
    if at < len(text):
        pieces.append(Passage(text[at:]))
    return tuple(pieces)
