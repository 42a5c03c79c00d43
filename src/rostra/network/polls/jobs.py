"""Jobs: polls end, and the votes of deleted polls and accounts are removed."""

import msgspec

from rostra.kernel.clock import SECOND
from rostra.network.edge import Services, Transaction
from rostra.network.polls import queries
from rostra.network.polls.events import PollChanged, PollEnded
from rostra.network.polls.model import Ballot, choices_of
from rostra.store.outbox.kinds import JobKind

PORTION = 500  # voters told in one transaction
GATHERED_MS = 10 * SECOND  # for which votes gather before those who look on are told


class ClosePoll(msgspec.Struct, frozen=True):
    """Tell those who are concerned that a poll has ended, if it still ends then (UTC ms)."""

    post_id: int
    ends_at: int
    after: int = 0  # the last account that has been told


class PurgeBallot(msgspec.Struct, frozen=True):
    """Votes that count nowhere any more."""

    ballot_id: int


class ForgetVoter(msgspec.Struct, frozen=True):
    """The votes of a removed account."""

    account_id: int


class TellResults(msgspec.Struct, frozen=True):
    """Say that a poll has been voted in, once for all votes of some seconds."""

    post_id: int


async def results_changed(tx: Transaction, post_id: int, now: int) -> None:
    """See that those who look on are told of the results within some seconds."""
    await tx.enqueue(
        "polls.tell_results",
        TellResults(post_id),
        run_at=now + GATHERED_MS,
        dedupe_key=str(post_id),
    )


async def tell_results(_services: Services, tx: Transaction, payload: TellResults) -> None:
    """Tell it, unless the poll is gone."""
    if await tx.all(queries.POLLS, ids=[payload.post_id]):
        await tx.emit(PollChanged(payload.post_id))


async def close(_services: Services, tx: Transaction, payload: ClosePoll) -> None:
    """Tell one portion of the voters, with the first one the author too."""
    rows = await tx.all(queries.POLLS, ids=[payload.post_id])
    if not rows or rows[0].ends_at != payload.ends_at:
        return  # it is gone, or ends at another time by now
    poll, first = rows[0], not payload.after
    voters = await tx.all(queries.VOTERS, ballot=poll.ballot_id, after=payload.after, limit=PORTION)
    if first:
        await tx.emit(PollChanged(poll.post_id))
    await tx.emit(PollEnded(poll.post_id, poll.account_id, tuple(voters), first))
    if len(voters) == PORTION:
        await tx.enqueue("polls.close", msgspec.structs.replace(payload, after=voters[-1]))


async def purge(services: Services, payload: PurgeBallot) -> None:
    """Remove votes, some hundred to a transaction."""
    more = True
    while more:
        async with services.db.write() as tx:
            more = await tx.run(queries.DELETE_VOTES, ballot=payload.ballot_id) > 0


async def forget_voter(services: Services, payload: ForgetVoter) -> None:
    """Remove an account's votes; from polls that still run they are also taken back."""
    more = True
    while more:
        async with services.db.write() as tx:
            ballots = await tx.all(queries.VOTES_OF, account=payload.account_id)
            for ballot in ballots:
                await _forget(services, tx, payload.account_id, ballot)
            more = bool(ballots)


async def _forget(services: Services, tx: Transaction, account_id: int, ballot: Ballot) -> None:
    counted = {"post": ballot.post_id, "change": -1}
    now = services.clock.now()
    if not await tx.run(queries.DELETE_VOTE, ballot=ballot.ballot_id, account=account_id):
        return
    if await tx.run(queries.COUNT_VOTER, ballot=ballot.ballot_id, now=now, **counted):
        chosen = list(choices_of(ballot.choices))
        await tx.run(queries.COUNT_VOTES, choices=chosen, **counted)
        await results_changed(tx, ballot.post_id, now)


JOBS = (
    JobKind("polls.close", ClosePoll, close, transactional=True),
    JobKind("polls.tell_results", TellResults, tell_results, transactional=True),
    JobKind("polls.purge", PurgeBallot, purge, timeout_s=600),
    JobKind("polls.forget_voter", ForgetVoter, forget_voter, timeout_s=3600),
)
