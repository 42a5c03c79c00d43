"""A made-up place in memory: people and posts in lists, referring to each other by position."""

import random
from dataclasses import dataclass, field
from itertools import islice

from rostra.kernel import ids

NOBODY = -1


@dataclass(slots=True)
class Person:
    """A member; counters are filled in when the place is written."""

    id: int
    username: str
    display_name: str = ""
    note: str = ""
    note_html: str = ""
    fields: str = "[]"
    avatar_key: str = ""
    header_key: str = ""
    email: str = ""
    password_hash: str = ""
    role: int = 0
    locked: int = 0
    bot: int = 0
    followers: int = 0
    following: int = 0
    posts: int = 0
    last_post_at: int = 0


@dataclass(slots=True)
class Picture:
    """A stored picture of a post."""

    id: int
    description: str
    blob_key: str
    preview_key: str
    mime: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    size: int
    blurhash: str


@dataclass(slots=True)
class Asked:
    """The poll of a post; `votes` are positions of people and a bit for each of their choices."""

    options: list[str]
    ends_at: int
    multiple: bool = False
    hidden: bool = False
    votes: dict[int, int] = field(default_factory=dict)

    def count(self, position: int) -> int:
        """The votes of an option."""
        return sum(choices >> position & 1 for choices in self.votes.values())


@dataclass(slots=True)
class Piece:
    """A post, a reply or a reblog; `author`, `answers`, `boosts` and `mentions` are positions."""

    id: int
    author: int
    text: str = ""
    html: str = ""
    spoiler: str = ""
    language: str = "en"
    visibility: int = 0
    sensitive: int = 0
    answers: int = NOBODY
    boosts: int = NOBODY
    mentions: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    poll: Asked | None = None
    thread: int = NOBODY
    depth: int = 0
    replies: int = 0
    reblogs: int = 0
    favourites: int = 0


@dataclass(slots=True)
class World:
    """The whole place. Posts stand in the order of their ids.

    Attributes:
        now: UTC ms at which the place is made.
        follows: who follows whom, and since which id.
        favourites, bookmarks, pins: who, which post, and its id.
        tokens: (person, secret) of the app `app_id`.
        home_length: entries of a home timeline that are written.
    """

    now: int
    people: list[Person] = field(default_factory=list)
    posts: list[Piece] = field(default_factory=list)
    follows: list[tuple[int, int, int]] = field(default_factory=list)
    favourites: list[tuple[int, int, int]] = field(default_factory=list)
    bookmarks: list[tuple[int, int, int]] = field(default_factory=list)
    pins: list[tuple[int, int, int]] = field(default_factory=list)
    tokens: list[tuple[int, str]] = field(default_factory=list)
    app_id: int = 0
    app_name: str = "Town"
    home_length: int = 400


def id_at(ms: int, rng: random.Random) -> int:
    """An id as one made at this time would be."""
    return ids.floor_at(ms) | rng.getrandbits(ids.RANDOM_BITS)


def link_up(world: World) -> None:
    """Fill in counters and threads from what the lists say."""
    people, posts = world.people, world.posts
    for place, post in enumerate(posts):
        author = people[post.author]
        author.posts += 1
        author.last_post_at = ids.time_of(post.id)
        post.thread = place
        if post.answers != NOBODY:
            parent = posts[post.answers]
            parent.replies += 1
            post.thread, post.depth = parent.thread, parent.depth + 1
        if post.boosts != NOBODY:
            posts[post.boosts].reblogs += 1
    for follower, target, _ in world.follows:
        people[follower].following += 1
        people[target].followers += 1
    for _, post_place, _ in world.favourites:
        posts[post_place].favourites += 1


def homes(world: World) -> list[list[int]]:
    """For each person the posts of their home, newest first, by the rules of the timelines."""
    most = world.home_length
    by_author: list[list[int]] = [[] for _ in world.people]
    for place, post in enumerate(world.posts):
        by_author[post.author].append(place)
    followed: list[set[int]] = [set() for _ in world.people]
    for follower, target, _ in world.follows:
        followed[follower].add(target)
    found = []
    for reader, authors in enumerate(followed):
        recent = by_author[reader][-most:]
        for author in authors:
            recent += by_author[author][-most:]
        recent.sort(reverse=True)
        fitting = (place for place in recent if _belongs(world, place, reader, authors))
        found.append(list(islice(fitting, most)))
    return found


def _belongs(world: World, place: int, reader: int, followed: set[int]) -> bool:
    post = world.posts[place]
    if post.author == reader:
        return True
    if post.visibility == 3 and reader not in post.mentions:  # noqa: PLR2004 (direct)
        return False
    if post.answers == NOBODY:
        return True
    answered = world.posts[post.answers].author
    return answered in {post.author, reader} or answered in followed
