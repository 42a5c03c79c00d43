"""Posts and accounts as bytes of JSON, joined from their lasting and their changing parts.

The lasting part of a post or an account is a pure function of its id and version. It is encoded
once per process and kept in a bounded cache under that key, so nothing ever has to be invalidated.
Counters and what the viewer has done are read with every request and written in front of it. A list
costs two statements when everything is cached: the rows that the viewer may see, and their flags.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import msgspec

from rostra.api.mastodon.documents import (
    EmojiBook,
    account_lasting,
    reblog_lasting,
    status_lasting,
)
from rostra.api.mastodon.times import date_or_none
from rostra.kernel.errors import NotFound
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.addresses import addresses
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Flags, PostRow

_encode = msgspec.json.Encoder().encode


class Asking(Protocol):
    """What is needed of a call: who asks, and the services."""

    @property
    def services(self) -> Services:
        """The house's parts."""
        ...

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        ...


def join(items: Iterable[bytes]) -> bytes:
    """Encoded items as one JSON array."""
    return b"[" + b",".join(items) + b"]"


async def statuses(
    call: Asking, reader: Reader, ids: Sequence[int], *, also: Sequence[int] = ()
) -> list[bytes]:
    """The posts among ``ids`` that the viewer may see, in that order, each as JSON.

    ``also``: the originals of reblogs among them, where the caller knows them: saves a statement.
    """
    shown = await statuses_by_id(call, reader, ids, also=also)
    return [shown[post_id] for post_id in ids if post_id in shown]


async def statuses_by_id(
    call: Asking, reader: Reader, ids: Sequence[int], *, also: Sequence[int] = ()
) -> dict[int, bytes]:
    """The same by id."""
    viewer_id = call.viewer.account_id
    rows = await posts_access.rows(reader, viewer_id, [*ids, *also] if also else ids)
    if not rows:
        return {}
    flags = await posts_access.flags(reader, viewer_id, rows.values())
    lasting = await _Lasting.of(call, reader, rows.values())
    shown = _Shown(viewer_id, rows, flags, lasting)
    return {
        post_id: shown.status(rows[post_id])
        for post_id in ids
        if post_id in rows and lasting.has(rows[post_id])
    }


async def status(call: Asking, reader: Reader, post_id: int) -> bytes:
    """One post as JSON.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await statuses(call, reader, [post_id])
    if not found:
        raise NotFound(f"post {post_id} for viewer {call.viewer.account_id}")
    return found[0]


async def accounts(call: Asking, reader: Reader, ids: Sequence[int]) -> list[bytes]:
    """The accounts among ``ids`` that exist for the viewer, in that order, each as JSON."""
    found = await accounts_by_id(call, reader, ids)
    return [found[account_id] for account_id in ids if account_id in found]


async def accounts_by_id(call: Asking, reader: Reader, ids: Sequence[int]) -> dict[int, bytes]:
    """The accounts among ``ids`` that exist for the viewer, each as JSON."""
    heads = await cards.heads(reader, call.viewer.account_id, ids)
    lasting = await _Lasting.of_accounts(call, reader, heads.values())
    return {
        account_id: account_head(head) + lasting.accounts[account_id]
        for account_id, head in heads.items()
        if account_id in lasting.accounts
    }


async def account(call: Asking, reader: Reader, account_id: int) -> bytes:
    """One account as JSON.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await accounts(call, reader, [account_id])
    if not found:
        raise NotFound(f"account {account_id} for viewer {call.viewer.account_id}")
    return found[0]


def account_head(head: AccountHead) -> bytes:
    """The changing part of an account; its lasting part follows without an opening brace."""
    return _account_counters(
        head.followers_count, head.following_count, head.statuses_count, head.last_post_at
    )


@lru_cache(maxsize=8192)
def _account_counters(followers: int, following: int, posts: int, last_post_at: int) -> bytes:
    date = date_or_none(last_post_at)
    last = f'"{date}"' if date else "null"
    return (
        f'{{"followers_count":{followers},"following_count":{following},'
        f'"statuses_count":{posts},"last_status_at":{last},'
    ).encode()


def _flag_texts() -> dict[tuple[bool, ...], str]:
    states = (False, True)
    return {
        (fav, boosted, muted, marked): (
            f'"favourited":{_bool(fav)},"reblogged":{_bool(boosted)},'
            f'"muted":{_bool(muted)},"bookmarked":{_bool(marked)},"filtered":[],'
        )
        for fav in states
        for boosted in states
        for muted in states
        for marked in states
    }


def _bool(value: bool) -> str:  # noqa: FBT001 (it is what it says)
    return "true" if value else "false"


_FLAGS = _flag_texts()


class _Lasting:
    """The lasting parts that one answer needs, from the cache or freshly made."""

    __slots__ = ("accounts", "posts")

    def __init__(self) -> None:
        self.posts: dict[int, bytes] = {}
        self.accounts: dict[int, bytes] = {}

    @classmethod
    async def of(cls, call: Asking, reader: Reader, rows: Iterable[PostRow]) -> "_Lasting":
        """The parts of posts and of their authors."""
        self = cls()
        cache = call.services.fragments
        emoji_version = instance_access.emoji_version(call.services)
        missing: list[PostRow] = []
        for row in rows:
            found = cache.get((row.id, row.version, emoji_version))
            author = cache.get((row.account_id, row.author_version, emoji_version))
            if found is None or author is None:
                missing.append(row)
            else:
                self.posts[row.id] = found
                self.accounts[row.account_id] = author
        if missing:
            await self._make(call, reader, missing)
        return self

    def has(self, row: PostRow) -> bool:
        """Whether all of a post is there; not where it was deleted between two statements."""
        return row.id in self.posts and (not row.reblog_of_id or row.reblog_of_id in self.posts)

    async def _make(self, call: Asking, reader: Reader, rows: Sequence[PostRow]) -> None:
        services = call.services
        book = await instance_access.emoji_book(services, reader)
        emoji_version = instance_access.emoji_version(services)
        authors = await cards.cards(reader, list({row.account_id for row in rows}))
        bodies = await posts_access.bodies(reader, [row.id for row in rows if not row.reblog_of_id])
        at = addresses(services.settings)
        for row in rows:
            author = authors[row.account_id]
            if row.reblog_of_id:
                document = reblog_lasting(row, author, at)
            elif row.id in bodies:
                document = status_lasting(row, author, bodies[row.id], at, book)
            else:  # deleted between two statements
                continue
            encoded = _encode(document)[1:]
            self.posts[row.id] = encoded
            services.fragments.put((row.id, row.version, emoji_version), encoded)
        for author in authors.values():
            self._make_account(services, author, book, emoji_version)

    @classmethod
    async def of_accounts(
        cls, call: Asking, reader: Reader, heads: Iterable[AccountHead]
    ) -> "_Lasting":
        """The parts of accounts."""
        self = cls()
        services = call.services
        emoji_version = instance_access.emoji_version(services)
        missing: list[int] = []
        for head in heads:
            found = services.fragments.get((head.id, head.version, emoji_version))
            if found is None:
                missing.append(head.id)
            else:
                self.accounts[head.id] = found
        if missing:
            book = await instance_access.emoji_book(services, reader)
            emoji_version = instance_access.emoji_version(services)
            for card in (await cards.cards(reader, missing)).values():
                self._make_account(services, card, book, emoji_version)
        return self

    def _make_account(
        self, services: Services, card: AccountCard, book: EmojiBook, emoji_version: int
    ) -> None:
        encoded = _encode(account_lasting(card, addresses(services.settings), book))[1:]
        self.accounts[card.id] = encoded
        services.fragments.put((card.id, card.version, emoji_version), encoded)


class _Shown:
    """Joins the parts for one viewer."""

    __slots__ = ("_flags", "_lasting", "_rows", "_viewer_id")

    def __init__(
        self, viewer_id: int, rows: dict[int, PostRow], flags: Flags, lasting: _Lasting
    ) -> None:
        self._viewer_id = viewer_id
        self._rows = rows
        self._flags = flags
        self._lasting = lasting

    def status(self, row: PostRow) -> bytes:
        """A post, or a reblog with its original inside."""
        original = self._rows[row.reblog_of_id] if row.reblog_of_id else None
        counted = original or row
        head = (
            f'{{"replies_count":{counted.replies_count},"reblogs_count":{counted.reblogs_count},'
            f'"favourites_count":{counted.favourites_count},"quotes_count":0,'
            f'{self._flag_text(row, counted)}"reblog":'
        )
        author = _account_counters(
            row.author_followers, row.author_following, row.author_posts, row.author_last_post_at
        )
        return b"".join(
            (
                head.encode(),
                b"null" if original is None else self.status(original),
                b',"account":',
                author,
                self._lasting.accounts[row.account_id],
                b",",
                self._lasting.posts[row.id],
            )
        )

    def _flag_text(self, row: PostRow, original: PostRow) -> str:
        if not self._viewer_id:
            return ""
        flags, post_id = self._flags, original.id
        text = _FLAGS[
            (
                post_id in flags.favourited,
                post_id in flags.reblogged,
                original.thread_id in flags.muted,
                post_id in flags.bookmarked,
            )
        ]
        if row.account_id == self._viewer_id and not row.reblog_of_id:
            text += f'"pinned":{_bool(row.id in flags.pinned)},'
        return text
