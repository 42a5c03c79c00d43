"""The polls of a made-up place as rows, and what rows are."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rostra.cli.town.world import Asked, Piece, World


class Rows(NamedTuple):
    """What goes into one table."""

    table: str
    columns: tuple[str, ...]
    size: int
    values: Iterable[tuple[Any, ...]]


def poll_tables(world: World) -> Iterator[Rows]:
    """Polls, what can be chosen, and who chose what."""
    asked = [(post, post.poll) for post in world.posts if post.poll is not None]
    columns: tuple[str, ...] = (
        "post_id", "account_id", "ballot_id", "multiple", "hide_totals", "ends_at", "voters_count",
    )  # fmt: skip
    yield Rows("polls", columns, len(asked), [_poll(world, *each) for each in asked])
    options = [
        (post.id, position, title, poll.count(position))
        for post, poll in asked
        for position, title in enumerate(poll.options)
    ]
    columns = ("post_id", "position", "title", "votes_count")
    yield Rows("poll_options", columns, len(options), options)
    votes = sorted(
        (post.id, world.people[place].id, post.id, choices)
        for post, poll in asked
        for place, choices in poll.votes.items()
    )
    columns = ("ballot_id", "account_id", "post_id", "choices")
    yield Rows("poll_votes", columns, len(votes), votes)


def _poll(world: World, post: Piece, poll: Asked) -> tuple[Any, ...]:
    author_id, voters = world.people[post.author].id, len(poll.votes)
    ballot_id = post.id  # any number that no other poll has
    return (
        post.id, author_id, ballot_id, int(poll.multiple), int(poll.hidden), poll.ends_at, voters,
    )  # fmt: skip
