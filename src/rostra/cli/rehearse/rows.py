"""The accounts and posts of the rehearsal that somebody tells of, as rows in an empty database."""

from collections.abc import Iterator
from random import Random
from typing import Any

from rostra.cli.rehearse.plan import START
from rostra.cli.rehearse.world import World
from rostra.cli.town.poll_rows import Rows
from rostra.kernel.clock import DAY
from rostra.kernel.ids import RANDOM_BITS
from rostra.kernel.text import names


class Places:
    """Which id stands for which post and which account."""

    def __init__(self, world: World, rng: Random) -> None:
        used: set[int] = set()

        def made(at: int) -> int:
            found = at << RANDOM_BITS | rng.getrandbits(RANDOM_BITS)
            while found in used:
                found = at << RANDOM_BITS | rng.getrandbits(RANDOM_BITS)
            used.add(found)
            return found

        people = {post.author for post in world.posts} | {told.reporter for told in world.told}
        self.accounts = {who: made(START - 30 * DAY + who % DAY) for who in sorted(people)}
        self.team = [made(START - 60 * DAY + number) for number in range(3)]
        self.posts = [made(post.at) for post in world.posts]
        self.number_of = {post_id: number for number, post_id in enumerate(self.posts)}


def tables(world: World, places: Places) -> Iterator[Rows]:
    """All rows."""
    reach = {post.author: post.reach for post in world.posts}
    people = [
        (account_id, f"member{who}", reach.get(who, 0), 0)
        for who, account_id in places.accounts.items()
    ]
    people += [(account_id, f"team{at}", 0, 2) for at, account_id in enumerate(places.team)]
    yield Rows(
        "accounts",
        ("id", "username", "username_key", "followers_count", "created_at", "skeleton"),
        len(people),
        [(who, name, name, reach, START, names.skeleton(name)) for who, name, reach, _ in people],
    )
    yield Rows("profiles", ("account_id", "display_name"), len(people), [p[:2] for p in people])
    users = ("account_id", "email", "email_key", "role", "confirmed_at", "approved_at")
    yield Rows("users", users, len(people), [_user(*person) for person in people])
    yield from _posts(world, places)


def _user(account_id: int, name: str, _: int, role: int) -> tuple[Any, ...]:
    email = f"{name}@rehearsal.example"
    return account_id, email, email, role, START, START


def _posts(world: World, places: Places) -> Iterator[Rows]:
    written = list(zip(places.posts, world.posts, strict=True))
    by = places.accounts
    yield Rows(
        "posts",
        ("id", "account_id", "thread_id", "created_at"),
        len(written),
        [(post_id, by[post.author], post_id, post.at) for post_id, post in written],
    )
    yield Rows(
        "post_texts",
        ("post_id", "text", "html", "language"),
        len(written),
        [(post_id, post.text, f"<p>{post.text}</p>", "en") for post_id, post in written],
    )
    public = [(post_id, by[post.author]) for post_id, post in written]
    yield Rows("public_posts", ("post_id", "account_id"), len(public), public)
