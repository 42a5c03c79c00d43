"""Polls come, change and go with their posts, in the transaction that writes those."""

from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.polls import queries
from rostra.network.polls.events import PollAnew
from rostra.network.polls.jobs import ClosePoll, ForgetVoter, PurgeBallot
from rostra.network.posts.events import (
    PostDeleted,
    PostEdited,
    PostHeld,
    PostPublished,
    PostReleased,
)
from rostra.network.posts.model import PollForm


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Write the poll of a new post."""
    if event.poll is not None:
        await _write(services, tx, event.post_id, event.account_id, event.poll)


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Write, change or remove the poll. Other options, or another way to choose: votes are void."""
    if not event.had_poll and event.poll is None:
        return
    form, rows = event.poll, await tx.all(queries.POLLS, ids=[event.post_id])
    if not rows:
        if form is not None:
            await _write(services, tx, event.post_id, event.account_id, form)
        return
    before = rows[0]
    if form is None:
        await _remove(tx, event.post_id)
        await tx.emit(PollAnew(event.post_id))
        return
    options = await tx.all(queries.OPTIONS, ids=[event.post_id])
    same = tuple(option.title for option in options) == form.options
    kept = same and bool(before.multiple) == form.multiple
    await tx.run(
        queries.UPDATE,
        post=event.post_id,
        hide_totals=int(form.hide_totals),
        ends_at=form.ends_at,
    )
    if not kept:
        await tx.run(
            queries.BEGIN_ANEW,
            post=event.post_id,
            ballot=services.ids.next(),
            multiple=int(form.multiple),
        )
        await tx.run(queries.DELETE_OPTIONS, post=event.post_id)
        await _write_options(tx, event.post_id, form)
        await tx.enqueue("polls.purge", PurgeBallot(before.ballot_id))
    if not kept or before.ends_at != form.ends_at:
        await tx.emit(PollAnew(event.post_id))
        await _close_later(tx, event.post_id, form.ends_at)


async def post_held(services: Services, tx: Transaction, event: PostHeld) -> None:
    """Write, or replace, the poll of a post that is held: its time runs from the release on."""
    if event.had_poll:
        await _remove(tx, event.post_id)
    if event.poll is not None:
        await _write(services, tx, event.post_id, event.account_id, event.poll, closes=False)


async def post_released(_services: Services, tx: Transaction, event: PostReleased) -> None:
    """Let the poll run for as long as it was meant to."""
    await tx.run(queries.POSTPONE, post=event.post_id, by=event.waited)
    for row in await tx.all(queries.POLLS, ids=[event.post_id]):
        await _close_later(tx, event.post_id, row.ends_at)


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Remove the poll; its votes go after the request, and lead nowhere until then."""
    if event.had_poll:
        await _remove(tx, event.post_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Take the votes of a removed account back."""
    await tx.enqueue("polls.forget_voter", ForgetVoter(event.account_id))


async def _write(
    services: Services,
    tx: Transaction,
    post_id: int,
    account_id: int,
    form: PollForm,
    *,
    closes: bool = True,
) -> None:
    await tx.run(
        queries.INSERT,
        post_id=post_id,
        account_id=account_id,
        ballot_id=services.ids.next(),
        multiple=int(form.multiple),
        hide_totals=int(form.hide_totals),
        ends_at=form.ends_at,
        voters_count=0,
    )
    await _write_options(tx, post_id, form)
    if closes:
        await _close_later(tx, post_id, form.ends_at)


async def _write_options(tx: Transaction, post_id: int, form: PollForm) -> None:
    await tx.run_many(
        queries.INSERT_OPTION,
        [
            {"post_id": post_id, "position": at, "title": title, "votes_count": 0}
            for at, title in enumerate(form.options)
        ],
    )


async def _close_later(tx: Transaction, post_id: int, ends_at: int) -> None:
    await tx.enqueue("polls.close", ClosePoll(post_id, ends_at), run_at=ends_at)


async def _remove(tx: Transaction, post_id: int) -> None:
    for row in await tx.all(queries.POLLS, ids=[post_id]):
        await tx.run(queries.DELETE, post=post_id)
        await tx.run(queries.DELETE_OPTIONS, post=post_id)
        await tx.enqueue("polls.purge", PurgeBallot(row.ballot_id))
