"""Rows into view-models: people, posts, pictures, for one viewer, a batch of each for a page."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote

from markupsafe import Markup, escape
from msgspec.structs import replace

from rostra.kernel.text import sanitise
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.accounts.model import fields_of
from rostra.network.addresses import Addresses, addresses
from rostra.network.credentials.model import Role
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import EmojiBook
from rostra.network.media.model import Media, State
from rostra.network.polls import access as polls_access
from rostra.network.polls.model import Poll
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote as quote_access
from rostra.network.posts import surfaces
from rostra.network.posts.limits import noted
from rostra.network.posts.model import Flag, PostBody, PostRow, QuotePolicy, Visibility
from rostra.network.previews.address import host_of
from rostra.network.previews.model import Card
from rostra.network.relations import access as relations_access
from rostra.network.relations.model import Relation
from rostra.web.blurhash import placeholder
from rostra.web.call import PageCall
from rostra.web.filtered import filtered
from rostra.web.views.parts import (
    AuthorView,
    CardView,
    FieldView,
    PersonView,
    PictureView,
    PollOptionView,
    PollView,
    PostView,
    ProfileView,
    QuoteView,
    RelationView,
    ReplyView,
    TagView,
)

_SHORTCODE: Final = re.compile(r":([A-Za-z0-9_]{2,64}):")
_TAG: Final = re.compile(r"(<[^>]*>)")
_NO_FLAG: Final = Flag(0)
_ROLES: Final = {Role.MODERATOR: "Moderator", Role.ADMIN: "Admin", Role.OWNER: "Owner"}
_EMOJI: Final = Markup('<img class="custom-emoji" src="{}" alt=":{}:" title=":{}:" loading="lazy">')


def with_emoji(html: str, book: EmojiBook) -> Markup:
    """Put pictures in place of shortcodes, between the tags of HTML that is safe already."""
    if not book or ":" not in html:
        return Markup(html)  # noqa: S704 (from the renderer, which escapes, or the sanitiser)

    def picture(match: re.Match[str]) -> str:
        emoji = book.get(match[1])
        return match[0] if emoji is None else _EMOJI.format(emoji.url, match[1], match[1])

    parts = _TAG.split(html)
    parts[::2] = [_SHORTCODE.sub(picture, text) for text in parts[::2]]
    return Markup("".join(parts))  # noqa: S704 (as above; the emoji were escaped by format)


def author_view(card: AccountCard, at: Addresses, book: EmojiBook) -> AuthorView:
    """The one line that stands for an account."""
    name = card.display_name or card.username
    marked = with_emoji(str(escape(name)), book) if ":" in name else Markup()
    key = card.avatar_static_key or card.avatar_key
    return AuthorView(
        id=str(card.id),
        username=card.username,
        acct=card.acct,
        display_name=name,
        url=f"/@{card.acct}",
        avatar_url=at.blob(key) if key else at.static("avatar.png"),
        bot=bool(card.bot),
        locked=bool(card.locked),
        marked=marked if "<" in marked else Markup(),
    )


def picture_view(media: Media, at: Addresses) -> PictureView:
    """A picture, video or recording; what is still being converted shows nothing."""
    if media.limits:
        return PictureView(id=str(media.id), kind="withheld", alt=media.description)
    shown = media.preview_key or (media.blob_key if media.kind == "image" else "")
    return PictureView(
        id=str(media.id),
        kind=media.kind,
        mime=media.mime,
        url=at.blob(media.blob_key) if media.state == State.READY else "",
        preview_url=at.blob(shown) if shown else "",
        alt=media.description,
        width=media.preview_width,
        height=media.preview_height,
        focus_x=media.focus_x / 1000,
        focus_y=media.focus_y / 1000,
        placeholder=placeholder(media.blurhash) if media.blurhash else "",
    )


def poll_view(poll: Poll) -> PollView:
    """A poll."""
    return PollView(
        options=tuple(
            PollOptionView(title=option.title, votes=option.votes, mine=at in poll.choices)
            for at, option in enumerate(poll.options)
        ),
        ends_at=poll.ends_at,
        ended=poll.ended,
        multiple=poll.multiple,
        hidden=any(option.votes is None for option in poll.options),
        voters=poll.voters,
        votes=poll.votes,
        open=not poll.ended and not poll.voted,
    )


def card_view(card: Card, at: Addresses) -> CardView:
    """The preview of a link."""
    return CardView(
        url=card.url,
        host=host_of(card.url),
        title=card.title,
        description=card.description,
        provider=card.provider_name,
        author=card.author_name,
        language=card.language,
        image_url=at.blob(card.image_key) if card.image_key else "",
        image_alt=card.image_description,
        placeholder=placeholder(card.blurhash) if card.blurhash else "",
    )


def relation_view(relation: Relation) -> RelationView:
    """How the viewer stands to an account."""
    return RelationView(
        following=relation.following,
        requested=relation.requested,
        followed_by=relation.followed_by,
        blocking=relation.blocking,
        muting=relation.muting,
        reblogs_hidden=relation.following and not relation.showing_reblogs,
        endorsed=relation.endorsed,
        note=relation.note,
    )


_APPROVAL: dict[int, Literal["", "waiting", "refused"]] = {
    Visibility.WAITING: "waiting",
    Visibility.REFUSED: "refused",
}


class Presenter:
    """Loads and presents for one request. Everything comes through the loaders of the network."""

    def __init__(
        self, call: PageCall[Any], reader: Reader, book: EmojiBook, where: Context | None
    ) -> None:
        self.reader = reader
        self.services = call.services
        self.viewer = call.viewer
        self.where = where
        self.viewer_id = call.viewer_id
        self.now = call.now
        self.at = addresses(call.services.settings)
        self.book = book
        self.rows: dict[int, PostRow] = {}
        self.tags: Counter[str] = Counter()

    @classmethod
    async def of(
        cls, call: PageCall[Any], reader: Reader, where: Context | None = None
    ) -> "Presenter":
        """A presenter for this request; no statement while the place is known.

        Args:
            call: who asks.
            reader: where to read.
            where: what the viewer's filters are asked for; None: they do not matter here.
        """
        book = await instance_access.emoji_book(call.services, reader)
        return cls(call, reader, book, where)

    async def posts(self, ids: Sequence[int], *, also: Sequence[int] = ()) -> list[PostView]:
        """Those of the posts that the viewer may see and does not hide, in this order.

        Seven statements at most: rows, texts (four), flags, authors; three more where there are
        polls, and one where the originals of reblogs are not named in ``also``.
        """
        found = await self.posts_by_id(ids, also=also)
        return [found[post_id] for post_id in ids if post_id in found and not found[post_id].hidden]

    async def posts_by_id(
        self, ids: Sequence[int], *, also: Sequence[int] = (), quoted: bool = False
    ) -> dict[int, PostView]:
        """As :meth:`posts`, by id; a reblog is its original, with who reblogged it."""
        wanted = list(dict.fromkeys((*ids, *also)))
        rows = await surfaces.rows_on(surfaces.WEB, self.reader, self.viewer_id, wanted)
        self.rows |= rows
        shown = [row for post_id, row in rows.items() if not row.reblog_of_id]
        bodies = await posts_access.bodies(self.reader, [row.id for row in shown])
        self.tags.update(tag for body in bodies.values() for tag in body.tags)
        flags = await posts_access.flags(self.reader, self.viewer_id, [row.id for row in shown])
        named = {row.account_id for row in rows.values()}
        # Of a reply that waits it is told who is asked.
        named |= {row.in_reply_to_account_id for row in shown if Visibility(row.visibility).held}
        people = await cards.cards(self.reader, list(named))
        authors = {each.id: author_view(each, self.at, self.book) for each in people.values()}
        views = {
            row.id: self._post(row, bodies[row.id], flags.get(row.id, _NO_FLAG), authors)
            for row in shown
            if row.id in bodies and row.account_id in authors
        }
        await self._add_polls(views, [row.id for row in shown if row.poll])
        if not quoted:
            await self._add_quotes(views, [row.id for row in shown if row.quote])
        for row in rows.values():
            if row.reblog_of_id in views and row.account_id in authors:
                views[row.id] = replace(
                    views[row.reblog_of_id],
                    reblogged_by=authors[row.account_id],
                    key=str(row.id),
                )
        return await filtered(
            self.reader,
            views,
            rows,
            services=self.services,
            viewer=self.viewer,
            where=self.where,
        )

    async def _add_polls(self, views: dict[int, PostView], asking: Sequence[int]) -> None:
        polls = await polls_access.of_posts(self.reader, self.viewer_id, asking, now=self.now)
        for post_id, poll in polls.items():
            if post_id in views:
                views[post_id] = replace(views[post_id], poll=poll_view(poll))

    async def _add_quotes(self, views: dict[int, PostView], quoting: Sequence[int]) -> None:
        told = await quote_access.of_posts(self.reader, self.viewer_id, quoting, now=self.now)
        wanted = [each.quoted_id for each in told.values() if each.quoted_id]
        quoted = await self.posts_by_id(wanted, quoted=True) if wanted else {}
        for post_id, each in told.items():
            if post_id in views:
                view = QuoteView(state=each.state, post=quoted.get(each.quoted_id))
                views[post_id] = replace(views[post_id], quote=view)

    def _post(
        self, row: PostRow, body: PostBody, flags: Flag, authors: Mapping[int, AuthorView]
    ) -> PostView:
        author, mine = authors[row.account_id], row.account_id == self.viewer_id
        open_to_all = row.visibility <= Visibility.UNLISTED
        own_followers = mine and row.visibility == Visibility.FOLLOWERS
        return PostView(
            id=str(row.id),
            url=f"{author.url}/{row.id}",
            author=author,
            created_at=row.created_at,
            content=with_emoji(body.html, self.book),
            plain="" if body.spoiler_text or body.label else body.text,
            edited_at=row.edited_at or None,
            spoiler=noted(row, body),
            visibility=Visibility(row.visibility).wire,
            approval=_APPROVAL.get(row.visibility, ""),
            sensitive=bool(row.sensitive),
            language=body.language,
            pictures=tuple(picture_view(media, self.at) for media in body.media),
            # Pictures of the post itself say more, and two kinds of them would be a crowd.
            card=card_view(body.card, self.at) if body.card and not body.media else None,
            replies=row.replies_count,
            reblogs=row.reblogs_count,
            favourites=row.favourites_count,
            favourited=Flag.FAVOURITED in flags,
            reblogged=Flag.REBLOGGED in flags,
            bookmarked=Flag.BOOKMARKED in flags,
            pinned=Flag.PINNED in flags,
            muted=Flag.MUTED in flags,
            mine=mine,
            can_reblog=open_to_all or own_followers,
            can_quote=not Visibility(row.visibility).held
            and (
                row.quote_policy < QuotePolicy.NOBODY
                or (mine and row.quote_policy < QuotePolicy.NEVER)
            ),
            quotes=bool(row.quote),
            reply_to=_reply(row, body, authors),
            application=body.app_name,
        )

    def talked_about(self, most: int = 8) -> list[TagView]:
        """The hashtags of the posts that were presented, the most frequent first."""
        return [
            TagView(name=name, url=f"/tags/{quote(name)}", posts=posts)
            for name, posts in self.tags.most_common(most)
        ]

    async def authors(self, ids: Iterable[int]) -> dict[int, AuthorView]:
        """The accounts that exist for the viewer, each in a line. Two statements."""
        heads = await cards.heads(self.reader, self.viewer_id, list(dict.fromkeys(ids)))
        found = await cards.cards(self.reader, list(heads))
        return {card.id: author_view(card, self.at, self.book) for card in found.values()}

    async def people(
        self, ids: Sequence[int], *, until: Mapping[int, int] | None = None
    ) -> list[PersonView]:
        """The accounts that exist for the viewer, in this order. Three statements.

        Args:
            ids: the accounts.
            until: when mutes of some of them end, UTC ms; 0: never.
        """
        ends = until or {}
        heads = await cards.heads(self.reader, self.viewer_id, list(dict.fromkeys(ids)))
        found = await cards.cards(self.reader, list(heads))
        relations = await self.relations(list(heads))
        return [
            PersonView(
                author=author_view(found[each], self.at, self.book),
                note=sanitise.plain(found[each].note_html),
                relation=relations.get(each),
                until=ends.get(each) or None,
            )
            for each in ids
            if each in found
        ]

    async def relations(self, ids: Sequence[int]) -> dict[int, RelationView]:
        """How the viewer stands to others; nothing for visitors and for oneself."""
        others = [each for each in ids if each != self.viewer_id]
        if not self.viewer_id or not others:
            return {}
        found = await relations_access.relationships(
            self.reader, self.viewer_id, others, now=self.now
        )
        return {relation.id: relation_view(relation) for relation in found}

    async def profile(self, account_id: int) -> tuple[ProfileView, AccountHead] | None:
        """The header of an account's page; None where it does not exist. Three statements."""
        heads = await cards.heads(self.reader, self.viewer_id, [account_id])
        found = await cards.cards(self.reader, list(heads))
        if account_id not in found:
            return None
        head, card = heads[account_id], found[account_id]
        mine = account_id == self.viewer_id
        fields = tuple(
            FieldView(
                name=field.name,
                value=with_emoji(field.html, self.book),
                verified=field.verified_at is not None,
            )
            for field in fields_of(card.fields)
        )
        header = card.header_static_key or card.header_key
        role = _ROLES.get(Role(card.role)) if card.role else None
        view = ProfileView(
            author=author_view(card, self.at, self.book),
            note=with_emoji(card.note_html, self.book),
            plain_note=sanitise.plain(card.note_html),
            header_url=self.at.blob(header) if header else "",
            fields=fields,
            posts=head.statuses_count,
            following=head.following_count,
            followers=head.followers_count,
            counts_hidden=bool(card.hide_collections) and not mine,
            created_at=card.created_at,
            relation=(await self.relations([account_id])).get(account_id),
            mine=mine,
            indexable=bool(card.indexable),
            roles=(role,) if role else (),
        )
        return view, head


def _reply(row: PostRow, body: PostBody, authors: Mapping[int, AuthorView]) -> ReplyView | None:
    """What a post answers, from what is known anyway: its mentions and the page's authors."""
    if not row.in_reply_to_id:
        return None
    url = f"/posts/{row.in_reply_to_id}"
    answered = row.in_reply_to_account_id
    if answered == row.account_id:
        return ReplyView(name=authors[answered].display_name, url=url, to_self=True)
    for mention in body.mentions:
        if mention.account_id == answered:
            acct = f"{mention.username}@{mention.domain}" if mention.domain else mention.username
            known = authors.get(answered)
            return ReplyView(name=known.display_name if known else f"@{acct}", url=url)
    known = authors.get(answered)
    return ReplyView(name=known.display_name if known else "a post", url=url)
