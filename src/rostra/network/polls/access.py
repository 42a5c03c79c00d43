"""Loads polls for a viewer; whether they may see the post is asked by the loader of posts."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.polls import queries
from rostra.network.polls.model import Option, OptionRow, Poll, PollRow, choices_of
from rostra.network.posts import access as posts_access


async def of_posts(
    reader: Reader, viewer_id: int, post_ids: Sequence[int], *, now: int
) -> dict[int, Poll]:
    """The polls of posts that the viewer may see, by post. Three statements, or none without ids.

    Totals that are hidden until the end are not in what is returned before it.
    """
    if not post_ids:
        return {}
    rows = await reader.all(queries.POLLS, ids=post_ids)
    options: dict[int, list[OptionRow]] = {}
    for option in await reader.all(queries.OPTIONS, ids=post_ids):
        options.setdefault(option.post_id, []).append(option)
    chosen: dict[int, int] = {}
    if viewer_id and rows:
        ballots = [row.ballot_id for row in rows]
        for ballot in await reader.all(queries.CHOSEN, ballots=ballots, account=viewer_id):
            chosen[ballot.post_id] = ballot.choices
    return {
        row.post_id: _seen(
            row, options.get(row.post_id, []), chosen.get(row.post_id, 0), viewer_id, now
        )
        for row in rows
    }


async def chosen_by(reader: Reader, viewer_ids: Sequence[int], post_id: int) -> dict[int, int]:
    """What those of the viewers who voted in a post's poll have chosen, as bits. One query."""
    return dict(await reader.all(queries.CHOSEN_BY, viewers=viewer_ids, post=post_id))


def _seen(
    row: PollRow, options: Sequence[OptionRow], chosen: int, viewer_id: int, now: int
) -> Poll:
    ended = row.ends_at <= now
    told = ended or not row.hide_totals
    return Poll(
        post_id=row.post_id,
        ballot_id=row.ballot_id,
        ends_at=row.ends_at,
        ended=ended,
        multiple=bool(row.multiple),
        voters=row.voters_count,
        votes=sum(option.votes_count for option in options),
        options=tuple(
            Option(option.title, option.votes_count if told else None) for option in options
        ),
        voted=bool(chosen) or row.account_id == viewer_id,
        choices=choices_of(chosen),
    )


async def poll(reader: Reader, viewer_id: int, post_id: int, *, now: int) -> Poll:
    """The poll of one post.

    Raises:
        NotFound: there is none, or the viewer may not see the post.
    """
    row = await posts_access.row(reader, viewer_id, post_id)
    found = await of_posts(reader, viewer_id, [row.id] if row.poll else [], now=now)
    if row.id not in found:
        raise NotFound(f"post {post_id} has no poll")
    return found[row.id]
