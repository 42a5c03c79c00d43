"""What anybody may read of a member, asked as a visitor asks: through the loaders of the network.

Nothing here decides who may see what: the viewer is nobody, the surface is the web, and what the
loaders leave out does not exist. Beyond that only public and unlisted posts of local members are
taken, no reblogs, and no counts.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from rostra.hosting.lifeboat.model import Field, Link, Person, Picture, Post, Ref
from rostra.kernel.paging import Page as Part
from rostra.kernel.text import sanitise
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard
from rostra.network.accounts.model import fields_of
from rostra.network.edge import Reader
from rostra.network.media.model import Media
from rostra.network.polls import access as polls_access
from rostra.network.polls.model import Poll
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote as quote_access
from rostra.network.posts import surfaces
from rostra.network.posts.limits import noted
from rostra.network.posts.model import Extra, PostBody, PostRow, Quote, Shown, Visibility
from rostra.network.timelines import access as timelines_access
from rostra.network.timelines.model import AccountFilter

NOBODY: Final = 0
_OPEN: Final = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
_PART: Final = 500
_OWN: Final = AccountFilter(exclude_reblogs=True)
_CUT: Final = 4  # of 256: a chunk holds 64 posts on average
MOST_OF_CHUNK: Final = 256


class Version(msgspec.Struct, frozen=True):
    """A post that anybody may read, and what tells that it is still the same."""

    id: int
    told: tuple[int | str, ...]


class Member(msgspec.Struct, frozen=True):
    """A member as a visitor meets them: the lasting part, and their posts, the oldest first."""

    card: AccountCard
    posts: tuple[Version, ...]


async def member(reader: Reader, name: str, now: int) -> Member | None:
    """A member by name, with all their posts; None: there is none for visitors."""
    row = await accounts_access.by_username(reader, name, NOBODY)
    if row is None or row.domain:
        return None
    found = await cards.cards(reader, [row.id])
    if row.id not in found:
        return None
    return Member(found[row.id], tuple(await _versions(reader, row.id, now)))


async def _versions(reader: Reader, account_id: int, now: int) -> list[Version]:
    below: int | None = None
    found: list[Shown] = []
    while True:
        part = Part(_PART, max_id=below)
        window = await timelines_access.account(
            reader, NOBODY, account_id, part, now=now, only=_OWN
        )
        shown = await posts_access.brought(reader, NOBODY, window.items)
        found += [Shown._make(line) for line in shown.values()]
        below = window.next_max_id
        if below is None or not window.items:
            break
    own = [each for each in found if each.account_id == account_id and not each.reblog_of_id]
    asked = [each.id for each in own if each.extras & Extra.SURFACES]
    gone = await surfaces.hidden(reader, surfaces.WEB, asked)
    quoting = [each.id for each in own if each.extras & Extra.QUOTE]
    quotes = await quote_access.of_posts(reader, NOBODY, quoting, now=now)
    # Counts and the author's own version are left out: they are not shown.
    kept = {
        each.id: Version(each.id, (each.id, each.version, each.extras, *_quoted(quotes, each.id)))
        for each in own
        if each.id not in gone
    }
    return [kept[each] for each in sorted(kept)]


def _quoted(quotes: Mapping[int, Quote], post_id: int) -> tuple[int | str, ...]:
    """What a post quotes: whoever is quoted can take that back, which is no version of the post."""
    quote = quotes.get(post_id)
    return (quote.state, quote.quoted_id) if quote else ()


def cut(versions: Sequence[Version]) -> Iterable[tuple[Version, ...]]:
    """Posts in chunks whose ends follow from the posts themselves.

    One more, or one less, changes the chunk that it stands in, and hardly ever another.
    """
    held: list[Version] = []
    for each in versions:
        held.append(each)
        ends = hashlib.sha256(str(each.id).encode()).digest()[0] < _CUT
        if ends or len(held) == MOST_OF_CHUNK:
            yield tuple(held)
            held.clear()
    if held:
        yield tuple(held)


def digest_of(versions: Sequence[Version]) -> str:
    """What tells whether a chunk is still the same."""
    return hashlib.sha256(msgspec.json.encode([each.told for each in versions])).hexdigest()[:32]


class Taken(msgspec.Struct, frozen=True):
    """A post, and the keys of the files of its pictures ("": there is nothing to see)."""

    post: Post
    files: tuple[str, ...]


async def posts(reader: Reader, ids: Sequence[int], now: int) -> list[Taken]:
    """Those of the posts that anybody may read on the web, in order; pictures without pieces."""
    rows = await surfaces.rows_on(surfaces.WEB, reader, NOBODY, ids)
    own = {each: rows[each] for each in ids if each in rows and rows[each].visibility in _OPEN}
    bodies = await posts_access.bodies(reader, list(own))
    asking = [row.id for row in own.values() if row.poll]
    polls = await polls_access.of_posts(reader, NOBODY, asking, now=now)
    quoting = [row.id for row in own.values() if row.quote]
    quotes = await quote_access.of_posts(reader, NOBODY, quoting, now=now)
    refs = await _refs(
        reader,
        {row.in_reply_to_id for row in own.values()} | {each.quoted_id for each in quotes.values()},
    )
    return [
        _taken(own[each], bodies[each], polls.get(each), quotes.get(each), refs)
        for each in sorted(own)
        if each in bodies
    ]


async def _refs(reader: Reader, ids: set[int]) -> dict[int, Ref]:
    """Those of other posts that anybody may read, with the names of their authors."""
    rows = await surfaces.rows_on(surfaces.WEB, reader, NOBODY, sorted(ids - {0}))
    people = await cards.cards(reader, sorted({row.account_id for row in rows.values()}))
    return {
        row.id: Ref(people[row.account_id].username.lower(), row.id)
        for row in rows.values()
        if row.account_id in people and not people[row.account_id].domain
    }


def _taken(
    row: PostRow,
    body: PostBody,
    poll: Poll | None,
    quote: Quote | None,
    refs: dict[int, Ref],
) -> Taken:
    spoiler = noted(row, body)
    post = Post(
        id=row.id,
        created_at=row.created_at,
        edited_at=row.edited_at,
        html=body.html,
        plain="" if spoiler else body.text,
        spoiler=spoiler,
        unlisted=row.visibility == Visibility.UNLISTED,
        sensitive=bool(row.sensitive),
        language=body.language,
        pictures=tuple(map(_picture, body.media)),
        options=tuple(option.title for option in poll.options) if poll else (),
        poll_ends_at=poll.ends_at if poll else 0,
        link=_link(body),
        answers=refs.get(row.in_reply_to_id),
        answers_somebody=bool(row.in_reply_to_id),
        quotes=refs.get(quote.quoted_id) if quote else None,
        quote_state=quote.state if quote else "",
    )
    return Taken(post, tuple(map(_file, body.media)))


def _link(body: PostBody) -> Link | None:
    card = body.card
    if card is None or body.media:
        return None
    return Link(card.url, card.title, card.description, card.language)


def _file(media: Media) -> str:
    """The file that shows it: the still of a video, the smaller of two pictures."""
    if media.limits:
        return ""
    return media.preview_key or (media.blob_key if media.kind == "image" else "")


def _picture(media: Media) -> Picture:
    if media.limits:
        return Picture(kind="withheld", alt=media.description)
    return Picture(
        kind=media.kind,
        alt=media.description,
        width=media.preview_width,
        height=media.preview_height,
        focus_x=media.focus_x,
        focus_y=media.focus_y,
        blurhash=media.blurhash,
    )


def person(card: AccountCard) -> tuple[Person, str, str]:
    """A member, and the keys of the files of their avatar and header ("": none)."""
    shown = Person(
        name=card.username,
        display_name=card.display_name or card.username,
        note=card.note_html,
        plain_note=sanitise.plain(card.note_html),
        fields=tuple(
            Field(each.name, each.html, each.verified_at is not None)
            for each in fields_of(card.fields)
        ),
        bot=bool(card.bot),
        created_at=card.created_at,
        indexable=bool(card.indexable),
    )
    avatar = card.avatar_static_key or card.avatar_key
    return shown, avatar, card.header_static_key or card.header_key
