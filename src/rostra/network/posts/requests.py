"""Asking the author of a post: requests are made, decided, and taken back."""

from collections.abc import Sequence

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts.author import author_of
from rostra.network.posts.counting import count
from rostra.network.posts.delete import remove
from rostra.network.posts.events import (
    InteractionAnswered,
    InteractionAsked,
    InteractionDecided,
    PostFavourited,
)
from rostra.network.posts.interaction import Kind, Request, RequestState
from rostra.network.posts.model import PostRow, Visibility
from rostra.network.posts.queries import reactions, requests, writes
from rostra.network.posts.release import refuse, release_held, release_reblog
from rostra.network.relations.events import Blocked
from rostra.network.relations.pair import lock_all as lock_accounts
from rostra.store.paging import window_of


async def ask(
    services: Services,
    tx: Transaction,
    actor_id: int,
    post: PostRow,
    kind: Kind,
    *,
    subject_id: int = 0,
    visibility: Visibility = Visibility.PUBLIC,
) -> None:
    """Ask the author of a post to agree.

    Args:
        services: the house's parts.
        tx: the transaction.
        actor_id: who asks.
        post: what they want to do something with.
        kind: what they want to do.
        subject_id: the reply or the reblog, which waits; 0: a favourite.
        visibility: that it is to have.

    Raises:
        Invalid: too many requests of theirs wait for this author already.
    """
    await tx.run(requests.LOCK, account=actor_id)
    waiting = await tx.value(requests.OPEN_COUNT, account=actor_id, owner=post.account_id)
    if waiting >= services.settings.posts.max_interaction_requests:
        raise Invalid.plain("Too much of yours waits for this author's approval already")
    request_id = services.ids.next()
    await tx.run(
        requests.INSERT,
        id=request_id,
        post_id=post.id,
        owner_id=post.account_id,
        account_id=actor_id,
        kind=int(kind),
        subject_id=subject_id,
        visibility=int(visibility),
        state=int(RequestState.OPEN),
        decided_at=0,
    )
    await tx.emit(
        InteractionAsked(
            kind=int(kind),
            owner_id=post.account_id,
            account_id=actor_id,
            post_id=post.id,
            subject_id=subject_id,
        )
    )


async def ask_anew(services: Services, tx: Transaction, reply_id: int) -> None:
    """Ask again about a reply that waits and has just been rewritten, by a request of another id.

    The id that stands beside the earlier words decides nothing any more: nobody releases what they
    have not seen. The caller holds the row of the reply, which a decision takes first as well.
    """
    asked = await tx.first(requests.ASK_ANEW, subject=reply_id, id=services.ids.next())
    if asked is not None:
        await tx.emit(InteractionAnswered.of(asked))
        await tx.emit(InteractionAsked.of(asked))


async def one(reader: Reader, owner_id: int, request_id: int) -> Request:
    """A request that the member is, or was, asked.

    Raises:
        NotFound: there is none for them, or who asked is gone.
    """
    found = await reader.first(requests.ONE, owner=owner_id, id=request_id)
    if found is None:
        raise NotFound(f"interaction request {request_id} of {owner_id}")
    return found


async def page(
    reader: Reader,
    owner_id: int,
    page: Page,
    *,
    now: int,
    kinds: Sequence[Kind] = tuple(Kind),
    post_id: int = 0,
) -> Window[Request]:
    """What a member is asked, the latest first, by those whom they do not mute. One statement."""
    return await window_of(
        reader,
        requests.PAGES,
        page,
        lambda row: row.id,
        viewer=owner_id,
        now=now,
        kinds=[int(kind) for kind in kinds],
        post=post_id,
    )


async def count_open(reader: Reader, owner_id: int, *, now: int, limit: int) -> int:
    """How many requests wait for a member's answer, as far as ``limit``. One statement."""
    return int(await reader.value(requests.WAITING, viewer=owner_id, now=now, limit=limit))


async def authorize(services: Services, tx: Transaction, owner_id: int, request_id: int) -> None:
    """Agree: it happens now, as if it had been done at once. Can be said twice.

    Raises:
        NotFound: the member is not asked that, or it was taken back.
        Invalid: it was rejected before.
    """
    request = await _decide(services, tx, owner_id, request_id, RequestState.ACCEPTED)
    if request is None:
        return
    match Kind(request.kind):
        case Kind.FAVOURITE:
            await _favourite(tx, request)
        case Kind.REPLY:
            visibility = Visibility(request.visibility)
            await release_held(services, tx, request.subject_id, visibility)
        case Kind.REBLOG:
            await _reblog(tx, request)
    await tx.emit(InteractionDecided.of(request))


async def reject(services: Services, tx: Transaction, owner_id: int, request_id: int) -> None:
    """Refuse: a reply stays with its author alone, all else is undone. Can be said twice.

    Raises:
        NotFound: the member is not asked that, or it was taken back.
        Invalid: it was authorised before.
    """
    request = await _decide(services, tx, owner_id, request_id, RequestState.REJECTED)
    if request is not None:
        await _undo(tx, request)
        await tx.emit(InteractionDecided.of(request))


async def _decide(
    services: Services, tx: Transaction, owner_id: int, request_id: int, wanted: RequestState
) -> Request | None:
    """The request, if it is decided now; None: it was decided so before."""
    request = await one(tx, owner_id, request_id)
    now = services.clock.now()
    # A rejected reblog goes, and what was asked is remembered without it.
    gone = wanted is RequestState.REJECTED and request.kind == Kind.REBLOG
    subject_id = 0 if gone else request.subject_id
    decision = {"id": request_id, "state": int(wanted), "now": now, "subject": subject_id}
    await lock_accounts(tx, [owner_id, request.account_id])  # first, as a block does
    await _hold(tx, [request])
    if await tx.run(requests.DECIDE, **decision):
        await _answered(tx, [request])
        return request
    request = await one(tx, owner_id, request_id)
    if request.state != wanted:
        raise Invalid.plain(f"This request was {RequestState(request.state).name.lower()} before")
    return None


async def _hold(tx: Transaction, asked: Sequence[Request]) -> None:
    """Lock what waits before its requests, as whoever edits it or takes it back does.

    In another order two of them could wait for each other on PostgreSQL.
    """
    for each in asked:
        if each.subject_id:
            await tx.run(reactions.LOCK_POST, post=each.subject_id)
        else:
            done = {"account": each.account_id, "post": each.post_id}
            await tx.run(requests.LOCK_FAVOURITE, **done)


async def _answered(tx: Transaction, decided: Sequence[Request]) -> None:
    for each in decided:
        await tx.emit(InteractionAnswered.of(each))


async def _favourite(tx: Transaction, request: Request) -> None:
    done = {"account": request.account_id, "post": request.post_id}
    if not await tx.run(requests.SETTLE_FAVOURITE, **done):
        raise NotFound(f"favourite of {request.post_id} by {request.account_id}")
    await count(tx, writes.COUNT_FAVOURITE, request.post_id)
    meant = await tx.first(writes.MEANT, post=request.post_id)
    assert meant is not None  # noqa: S101 (it was counted just now)
    await tx.emit(
        PostFavourited(request.post_id, request.account_id, request.owner_id, meant.thread_id)
    )


async def _reblog(tx: Transaction, request: Request) -> None:
    reblog_id = request.subject_id
    released = await tx.first(requests.RELEASE, post=reblog_id, visibility=request.visibility)
    if released is None:
        raise NotFound(f"reblog {reblog_id} does not wait")
    await release_reblog(
        tx,
        await author_of(tx, request.account_id),
        reblog_id,
        Visibility(released),
        post_id=request.post_id,
        post_author_id=request.owner_id,
    )


async def _undo(tx: Transaction, request: Request) -> None:
    """Undo what waited."""
    match Kind(request.kind):
        case Kind.FAVOURITE:
            done = {"account": request.account_id, "post": request.post_id}
            await tx.run(requests.DROP_PENDING_FAVOURITE, **done)
        case Kind.REPLY:
            await refuse(tx, [request.subject_id])
        case Kind.REBLOG:
            await remove(tx, request.subject_id)


async def withdraw(tx: Transaction, actor_id: int, post_id: int, kind: Kind) -> None:
    """Forget what a member asked who takes a favourite or a reblog back; a refusal stays."""
    asked = {"account": actor_id, "post": post_id, "kind": int(kind)}
    await _answered(tx, await tx.all(requests.WITHDRAW, **asked))


async def blocked(_services: Services, tx: Transaction, event: Blocked) -> None:
    """Undo what waits between the two, both ways, and forget what they asked each other."""
    pair = {"account": event.account_id, "other": event.target_id}
    await _hold(tx, await tx.all(requests.OPEN_BETWEEN, **pair))
    between = await tx.all(requests.DROP_BETWEEN, **pair)
    waiting = [each for each in between if each.state == RequestState.OPEN]
    for each in waiting:
        await _undo(tx, each)
    await _answered(tx, waiting)
