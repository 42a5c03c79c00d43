"""The lasting parts of posts and accounts, and how they are joined with the changing ones.

The lasting part of a post or an account is a pure function of its id and version. It is encoded
once per process and kept under that key: a counter that moves costs a join, and no statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from rostra.api.mastodon.documents import (
    EmojiBook,
    account_lasting,
    reblog_lasting,
    status_lasting,
)
from rostra.api.mastodon.times import date_or_none
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import POLICY_MASK, POLICY_SHIFT, Flag, QuotePolicy, Shown

_encode = msgspec.json.Encoder().encode


class Versioned(NamedTuple):
    """A post, or an account (``post_id`` 0), in one version, and who wrote it."""

    post_id: int
    version: int
    account_id: int
    author_version: int


class Lasting:
    """The lasting parts that one answer needs, from the cache or freshly made."""

    __slots__ = ("_cache", "_emoji_version", "_services", "accounts", "posts")

    def __init__(self, services: Services) -> None:
        self.posts: dict[int, bytes] = {}
        self.accounts: dict[int, bytes] = {}
        self._services = services
        self._cache = services.fragments
        self._emoji_version = instance_access.emoji_version(services)

    async def load(self, reader: Reader, viewer_id: int, wanted: Iterable[Versioned]) -> None:
        """Find or make the parts of posts and accounts that the viewer is shown."""
        posts: list[int] = []
        people: set[int] = set()
        for each in wanted:
            author = self._cache.get((each.account_id, each.author_version, self._emoji_version))
            if author is None:
                people.add(each.account_id)
            else:
                self.accounts[each.account_id] = author
            if each.post_id:
                found = self._cache.get((each.post_id, each.version, self._emoji_version))
                if found is None:
                    posts.append(each.post_id)
                    people.add(each.account_id)
                else:
                    self.posts[each.post_id] = found
        if people:
            await self._make(reader, viewer_id, posts, list(people))

    async def _make(
        self, reader: Reader, viewer_id: int, posts: Sequence[int], people: Sequence[int]
    ) -> None:
        book = await instance_access.emoji_book(self._services, reader)
        self._emoji_version = instance_access.emoji_version(self._services)
        known = await cards.cards(reader, people)
        for card in known.values():
            if card.id not in self.accounts:  # who wrote a new post is mostly known
                self._make_account(card, book)
        if posts:
            await self._make_posts(reader, viewer_id, posts, known, book)

    async def _make_posts(
        self,
        reader: Reader,
        viewer_id: int,
        posts: Sequence[int],
        authors: Mapping[int, AccountCard],
        book: EmojiBook,
    ) -> None:
        at = addresses(self._services.settings)
        rows = (await posts_access.rows(reader, viewer_id, posts)).values()
        bodies = await posts_access.bodies(reader, [row.id for row in rows if not row.reblog_of_id])
        for row in rows:
            author = authors.get(row.account_id)
            if author is None:  # an original that came along with its reblog, and is known
                continue
            if row.reblog_of_id:
                document = reblog_lasting(row, author, at)
            elif row.id in bodies:
                document = status_lasting(row, author, bodies[row.id], at, book)
            else:  # deleted between two statements
                continue
            encoded = self.posts[row.id] = _encode(document)[1:]
            self._cache.put((row.id, row.version, self._emoji_version), encoded)

    def _make_account(self, card: AccountCard, book: EmojiBook) -> None:
        document = account_lasting(card, addresses(self._services.settings), book)
        encoded = self.accounts[card.id] = _encode(document)[1:]
        self._cache.put((card.id, card.version, self._emoji_version), encoded)

    def status(self, row: Shown, original: Shown | None) -> bytes | None:
        """A post, or a reblog with its original inside; None where a part was deleted meanwhile."""
        lasting, author = self.posts.get(row.id), self.accounts.get(row.account_id)
        inner = b"null" if original is None else self.status(original, None)
        if lasting is None or author is None or inner is None:
            return None
        counted = original or row
        # A reblog is as its original is; only what is pinned is a post by itself.
        flags = counted.flags if original is None else counted.flags & ~_OWNED
        head = (
            f'{{"replies_count":{counted.replies_count},"reblogs_count":{counted.reblogs_count},'
            f'"favourites_count":{counted.favourites_count},"quotes_count":{counted.quotes_count},'
            f"{approval_text(counted.extras >> POLICY_SHIFT & POLICY_MASK, counted.flags)}"
            f'{flags_text(flags)}"reblog":'
        )
        counters = _account_counters(
            row.author_followers, row.author_following, row.author_posts, row.author_last_post_at
        )
        return b"".join((head.encode(), inner, b',"account":', counters, author, b",", lasting))


_WHO = ('["public"]', '["followers"]', "[]", "[]")


@lru_cache(maxsize=1024)
def approval_text(policy: int, flags: int) -> str:
    """Who may quote a post, and whether the viewer with these flags may, as a member of JSON."""
    held = QuotePolicy(policy)
    may = flags >= 0 and (
        held is QuotePolicy.PUBLIC
        or (held is not QuotePolicy.NEVER and Flag.OWN in Flag(flags))
        or (held is QuotePolicy.FOLLOWERS and Flag.FOLLOWED in Flag(flags))
    )
    state = "automatic" if may else "denied"
    return f'"quote_approval":{{"automatic":{_WHO[held]},"manual":[],"current_user":"{state}"}},'


_OWNED = Flag.OWN | Flag.PINNED


@lru_cache(maxsize=128)
def flags_text(flags: int) -> str:
    """What the viewer has done with a post, as members of a JSON object; nothing for nobody."""
    if flags < 0:
        return ""
    done = Flag(flags)
    text = (
        f'"favourited":{_bool(Flag.FAVOURITED in done)},'
        f'"reblogged":{_bool(Flag.REBLOGGED in done)},'
        f'"muted":{_bool(Flag.MUTED in done)},'
        f'"bookmarked":{_bool(Flag.BOOKMARKED in done)},"filtered":[],'
    )
    return text + f'"pinned":{_bool(Flag.PINNED in done)},' if Flag.OWN in done else text


def _bool(value: bool) -> str:  # noqa: FBT001 (it is what it says)
    return "true" if value else "false"


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
