"""Vote: once for each member, however many requests they send at a time."""

from collections.abc import Sequence

from rostra.kernel.errors import Conflict, Invalid
from rostra.network.edge import Services, Transaction
from rostra.network.polls import access, queries
from rostra.network.polls.jobs import results_changed
from rostra.network.polls.model import Poll, bits
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Visibility


async def vote(
    services: Services, tx: Transaction, voter_id: int, post_id: int, choices: Sequence[int]
) -> None:
    """Choose options of a poll, counted from 0.

    Raises:
        NotFound: there is no poll, or not for this member.
        Invalid: it has ended, is their own, they have voted, or can't choose so.
        Conflict: it was changed this very moment.
    """
    now = services.clock.now()
    post = await posts_access.row(tx, voter_id, post_id)
    poll = await access.poll(tx, voter_id, post_id, now=now)
    if Visibility(post.visibility).held:
        raise Invalid.plain("The poll has not been released")
    if poll.ended:
        raise Invalid.plain("The poll has already ended")
    if post.account_id == voter_id:
        raise Invalid.plain("You can't vote in a poll of your own")
    if poll.voted:
        raise _voted_already()
    chosen = _checked(poll, choices)
    added = await tx.run(
        queries.VOTE,
        ballot_id=poll.ballot_id,
        account_id=voter_id,
        post_id=post_id,
        choices=bits(chosen),
    )
    if not added:  # another request of theirs was quicker
        raise _voted_already()
    counted = await tx.run(
        queries.COUNT_VOTER, post=post_id, ballot=poll.ballot_id, now=now, change=1
    )
    if not counted:
        raise Conflict(f"the poll of {post_id} changed under a vote")
    await tx.run(queries.COUNT_VOTES, post=post_id, choices=list(chosen), change=1)
    await results_changed(tx, post_id, now)


def _voted_already() -> Invalid:
    return Invalid.plain("You have already voted in this poll")


def _checked(poll: Poll, choices: Sequence[int]) -> tuple[int, ...]:
    chosen = tuple(dict.fromkeys(choices))
    if not chosen:
        raise Invalid("choices", "can't be blank", "ERR_BLANK")
    if any(not 0 <= choice < len(poll.options) for choice in chosen):
        raise Invalid("choices", "name an option that does not exist", "ERR_INCLUSION")
    if len(chosen) > 1 and not poll.multiple:
        raise Invalid("choices", "can't be more than one in this poll", "ERR_TOO_MANY")
    return chosen
