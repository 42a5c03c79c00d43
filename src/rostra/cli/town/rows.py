"""A made-up place as rows: for each table its columns and an iterator of tuples."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from rostra.cli.town.poll_rows import Rows, poll_tables
from rostra.cli.town.world import NOBODY, Person, Piece, World, homes, id_at
from rostra.kernel import crypto, ids
from rostra.kernel.clock import DAY
from rostra.kernel.text import names
from rostra.network.search.documents import marks
from rostra.network.search.model import Facts
from rostra.network.search.words import document, sqlite_document
from rostra.network.timelines.fan_out import MANY_FOLLOWERS

SCOPES = "follow push read write"


def tables(world: World, rng: random.Random) -> Iterator[Rows]:
    """All rows of the place; `link_up` must have been called."""
    yield from _people(world)
    yield from _posts(world)
    yield from _relations(world)
    yield _notifications(world, rng)
    written = homes(world)
    columns = ("account_id", "post_id", "author_id", "reblog_of_id", "original_author_id")
    yield Rows("home", columns, sum(map(len, written)), _home_rows(world, written))


def _people(world: World) -> Iterator[Rows]:
    people = world.people
    accounts = (
        "id", "username", "username_key", "version", "locked", "bot", "discoverable", "indexable",
        "followers_count", "following_count", "statuses_count", "last_post_at", "merged_since",
        "created_at", "skeleton",
    )  # fmt: skip
    yield Rows("accounts", accounts, len(people), (_account(p, world.now) for p in people))
    profiles = (
        "account_id", "display_name", "note", "note_html", "fields", "avatar_key", "header_key",
    )  # fmt: skip
    yield Rows(
        "profiles",
        profiles,
        len(people),
        (
            (p.id, p.display_name, p.note, p.note_html, p.fields, p.avatar_key, p.header_key)
            for p in people
        ),
    )
    known = ((p.id, _document(f"{p.username} {p.display_name}")) for p in people)
    yield Rows("account_search", ("rowid", "names"), len(people), known)
    users = (
        "account_id", "email", "email_key", "password_hash", "role", "confirmed_at", "approved_at",
        "last_seen_day", "home_built_at", "created_at",
    )  # fmt: skip
    yield Rows("users", users, len(people), (_user(p, world.now) for p in people))
    if world.app_id:
        app = (world.app_id, crypto.new_token(), b"", world.app_name, SCOPES, world.now, world.now)
        columns = ("id", "client_id", "secret_hash", "name", "scopes", "created_at", "used_at")
        yield Rows("oauth_apps", columns, 1, [app])
    tokens = ("id", "token_hash", "app_id", "account_id", "scopes", "created_at", "last_used_day")
    yield Rows("oauth_tokens", tokens, len(world.tokens), _tokens(world))


def _document(text: str, more: Iterable[str] = ()) -> str:
    return sqlite_document(document(text, more))


def _found(world: World, post: Piece) -> tuple[int, str]:
    """What search has of a post."""
    people = world.people
    facts = Facts(
        post.id,
        people[post.author].id,
        post.visibility,
        1,
        post.sensitive,
        0 if post.answers == NOBODY else world.posts[post.answers].id,
        len(post.pictures),
        int(post.poll is not None),
        0,
        post.text,
        post.spoiler,
        post.language,
        len(post.mentions),
    )
    more = marks(facts, [people[who].id for who in post.mentions], ["image"] * len(post.pictures))
    said = [picture.description for picture in post.pictures]
    said += post.poll.options if post.poll else ()
    return post.id, _document("\n".join((post.spoiler, post.text, *said)), more)


def _account(p: Person, now: int) -> tuple[Any, ...]:
    # As the timelines' own job has it where a place has grown by itself.
    merged_since = now if p.followers > MANY_FOLLOWERS else 0
    return (
        p.id, p.username, names.username_key(p.username), 1, p.locked, p.bot, 1, 1,
        p.followers, p.following, p.posts, p.last_post_at, merged_since, ids.time_of(p.id),
        names.skeleton(p.username),
    )  # fmt: skip


def _user(p: Person, now: int) -> tuple[Any, ...]:
    made = ids.time_of(p.id)
    key = p.email.lower() or f"#{p.id}"
    return (p.id, p.email, key, p.password_hash, p.role, made, made, now // DAY, now, made)


def _tokens(world: World) -> Iterator[tuple[Any, ...]]:
    for number, (place, secret) in enumerate(world.tokens):
        person = world.people[place]
        token_id = ids.floor_at(world.now) + number
        hashed = crypto.token_hash(secret)
        yield (token_id, hashed, world.app_id, person.id, SCOPES, world.now, world.now // DAY)


def _posts(world: World) -> Iterator[Rows]:
    posts, people = world.posts, world.people
    columns = (
        "id", "account_id", "visibility", "in_reply_to_id", "in_reply_to_account_id", "thread_id",
        "depth", "reblog_of_id", "sensitive", "media_count", "poll", "replies_count",
        "reblogs_count", "quote_policy", "favourites_count", "created_at",
    )  # fmt: skip
    yield Rows("posts", columns, len(posts), (_post(world, post) for post in posts))
    own = [post for post in posts if post.boosts == NOBODY]
    texts = ("post_id", "text", "html", "spoiler_text", "language", "app_id")
    yield Rows(
        "post_texts",
        texts,
        len(own),
        ((p.id, p.text, p.html, p.spoiler, p.language, world.app_id) for p in own),
    )
    found = (_found(world, post) for post in own)
    yield Rows("post_search", ("rowid", "text"), len(own), found)
    public = [post for post in own if post.visibility == 0 and _starts(world, post)]
    yield Rows(
        "public_posts",
        ("post_id", "account_id"),
        len(public),
        ((post.id, people[post.author].id) for post in public),
    )
    mentions = [
        (post.id, people[place].id, position)
        for post in own
        for position, place in enumerate(post.mentions)
    ]
    yield Rows("post_mentions", ("post_id", "account_id", "position"), len(mentions), mentions)
    yield from _tags(world, own)
    pictures = [row for post in own for row in _pictures(world, post)]
    media = (
        "id", "account_id", "post_id", "position", "description", "blob_key", "preview_key",
        "mime", "preview_mime", "width", "height", "preview_width", "preview_height", "size",
        "blurhash", "created_at",
    )  # fmt: skip
    yield Rows("media", media, len(pictures), pictures)
    yield from poll_tables(world)


def _starts(world: World, post: Piece) -> bool:
    return post.answers == NOBODY or world.posts[post.answers].author == post.author


def _post(world: World, post: Piece) -> tuple[Any, ...]:
    posts, people = world.posts, world.people
    parent = posts[post.answers] if post.answers != NOBODY else None
    return (
        post.id,
        people[post.author].id,
        post.visibility,
        parent.id if parent else 0,
        people[parent.author].id if parent else 0,
        posts[post.thread].id,
        post.depth,
        posts[post.boosts].id if post.boosts != NOBODY else 0,
        post.sensitive,
        len(post.pictures),
        int(post.poll is not None),
        post.replies,
        post.reblogs,
        (0, 0, 2, 3)[post.visibility],
        post.favourites,
        ids.time_of(post.id),
    )


def _tags(world: World, own: list[Piece]) -> Iterator[Rows]:
    known: dict[str, tuple[int, str, int]] = {}
    links = []
    first = ids.floor_at(world.now - DAY * 40)
    for post in own:
        for written in dict.fromkeys(post.tags):
            name = written.lower()
            tag_id = known[name][0] if name in known else first + len(known)
            display = known[name][1] if name in known else written
            known[name] = (tag_id, display, ids.time_of(post.id))
            links.append((tag_id, post.id, world.people[post.author].id, post.visibility))
    tags = [(tag_id, name, shown, last) for name, (tag_id, shown, last) in known.items()]
    yield Rows("tags", ("id", "name", "display_name", "last_post_at"), len(tags), tags)
    links.sort()
    yield Rows("post_tags", ("tag_id", "post_id", "account_id", "visibility"), len(links), links)


def _pictures(world: World, post: Piece) -> Iterator[tuple[Any, ...]]:
    for position, p in enumerate(post.pictures):
        yield (
            p.id, world.people[post.author].id, post.id, position, p.description, p.blob_key,
            p.preview_key, p.mime, p.mime, p.width, p.height, p.preview_width, p.preview_height,
            p.size, p.blurhash, ids.time_of(post.id),
        )  # fmt: skip


def _relations(world: World) -> Iterator[Rows]:
    people, posts = world.people, world.posts
    follows = sorted((people[a].id, people[b].id, at) for a, b, at in world.follows)
    yield Rows("follows", ("account_id", "target_id", "id"), len(follows), follows)
    lists = {"favourites": world.favourites, "bookmarks": world.bookmarks, "pins": world.pins}
    for name, kept in lists.items():
        rows = sorted((people[who].id, posts[place].id, at) for who, place, at in kept)
        yield Rows(name, ("account_id", "post_id", "id"), len(rows), rows)


def _notifications(world: World, rng: random.Random) -> Rows:
    """What each member was told of: follows, favourites, reblogs, mentions and replies."""
    people, posts = world.people, world.posts
    found: dict[tuple[int, str, int, int], int] = {}

    def tell(at: int, to: int, kind: str, by: int, post_id: int) -> None:
        if to != by:
            # One of a kind: whoever is told something twice keeps the first.
            key = (people[to].id, kind, people[by].id, post_id)
            found.setdefault(key, id_at(ids.time_of(at), rng))

    for follower, target, at in world.follows:
        tell(at, target, "follow", follower, 0)
    for who, place, at in world.favourites:
        tell(at, posts[place].author, "favourite", who, posts[place].id)
    for post in posts:
        if post.boosts != NOBODY:
            original = posts[post.boosts]
            tell(post.id, original.author, "reblog", post.author, original.id)
        for place in post.mentions:
            tell(post.id, place, "mention", post.author, post.id)
    rows = sorted((told, *key) for key, told in found.items())
    columns = ("id", "account_id", "kind", "from_account_id", "post_id")
    return Rows("notifications", columns, len(rows), rows)


def _home_rows(world: World, written: list[list[int]]) -> Iterator[tuple[Any, ...]]:
    posts, people = world.posts, world.people
    order = sorted(range(len(people)), key=lambda place: people[place].id)
    for reader in order:
        reader_id = people[reader].id
        for place in reversed(written[reader]):
            post = posts[place]
            if post.boosts == NOBODY:
                yield (reader_id, post.id, people[post.author].id, 0, 0)
            else:
                first = posts[post.boosts]
                author_id, first_author_id = people[post.author].id, people[first.author].id
                yield (reader_id, post.id, author_id, first.id, first_author_id)
