"""What a decision does to posts, and takes back: the one writer of `posts.limits`.

A post is moved from what it is to what is wanted of it, whatever it was restricted to before, so
that saying it twice changes nothing, and wanting nothing puts it back as it was.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from rostra.kernel.paging import MAX_BOUND
from rostra.network.accounts.events import AccountsRestricted
from rostra.network.edge import Services, Transaction
from rostra.network.media.events import MediaRestricted
from rostra.network.media.restrict import of_posts
from rostra.network.posts.events import PostsRestricted, Restricted
from rostra.network.posts.limits import (
    COVERING,
    MOST_LABEL,
    Limit,
    PostLimits,
    Standing,
    author_bits,
)
from rostra.network.posts.model import Visibility
from rostra.network.posts.queries import restrict as queries
from rostra.network.posts.queries.restrict import Held
from rostra.network.posts.release import release_written
from rostra.network.relations.pair import lock_all as lock_accounts
from rostra.store.outbox.kinds import JobKind
from rostra.store.query import rows_of

__all__ = ["PostLimits", "restrict_posts"]


class LimitAuthor(msgspec.Struct, frozen=True):
    """Make the posts of an author what a decision on that author says."""

    account_id: int


_CHUNK = 200
_GROUP = "posts.limit_author"


class _Move(msgspec.Struct, frozen=True):
    """A post and what becomes of it."""

    row: Held
    before: Standing
    after: Standing

    def leaves(self, most: Visibility) -> int:
        """The change in the number of those that at most so few may see: -1, 0 or 1."""
        return int(self.after.visibility <= most) - int(self.before.visibility <= most)

    @property
    def in_public(self) -> bool:
        """Whether it stands in the public timelines afterwards, as far as it is public."""
        row = self.row
        return not row.reblog_of_id and row.in_reply_to_account_id in {0, row.account_id}


async def restrict_posts(
    services: Services,
    tx: Transaction,
    post_ids: Collection[int],
    wanted_of: Callable[[], Awaitable[Mapping[int, PostLimits]]],
) -> None:
    """Restrict posts to what is wanted of each, and nothing else.

    A handful of statements for any number of posts; those that were held since they were written
    are released one by one. Those that are gone are passed over.

    Args:
        services: the house's parts.
        tx: the transaction.
        post_ids: the posts.
        wanted_of: what is wanted of each of them. It is asked when they are locked, so that of two
            who decide about a post at once the later one knows what the earlier one wanted.

    Raises:
        ValueError: a label is too long.
    """
    if not post_ids:
        return
    rows = await _locked(tx, sorted(post_ids))
    wanted = await wanted_of()
    if any(len(limits.label) > MOST_LABEL for limits in wanted.values()):
        raise ValueError(f"a label is longer than {MOST_LABEL} characters")
    labelled = [row.id for row in rows if row.limits & Limit.LABEL]
    labels = dict(await tx.all(queries.LABELS, ids=labelled)) if labelled else {}
    moves = await _moves(tx, rows, wanted)
    said = {row.id for row in rows if wanted[row.id].label != labels.get(row.id, "")}
    await _label(tx, {at: wanted[at].label for at in said}, labels)
    surfaces = {row.id: wanted[row.id].hidden_on for row in rows}
    said |= await _hide_on(tx, surfaces, [r.id for r in rows if r.limits & Limit.SURFACES])
    changed = [m for m in moves if m.before != m.after or m.row.id in said]
    first = {m.row.id: m for m in changed if m.before.untold and not m.after.untold}
    await _carry_out(tx, [m for m in changed if m.row.id not in first])
    await _show_first(services, tx, list(first.values()))


async def accounts_restricted(
    _services: Services, tx: Transaction, event: AccountsRestricted
) -> None:
    """Lower and cover what somebody has posted, or put it back; all but the newest by a job."""
    for each in event.accounts:
        if author_bits(each.before) != author_bits(each.after):
            await _limit_some(tx, each.account_id, MAX_BOUND)
            job = LimitAuthor(each.account_id)
            await tx.enqueue(
                "posts.limit_author", job, dedupe_key=str(each.account_id), group_key=_GROUP
            )


async def limit_author(services: Services, payload: LimitAuthor) -> None:
    """The job: make the posts what their author is under, a chunk to a transaction."""
    below = MAX_BOUND
    while below:
        async with services.db.write() as tx:
            below = await _limit_some(tx, payload.account_id, below)


async def _limit_some(tx: Transaction, account_id: int, below: int) -> int:
    """A chunk of an author's posts; the last of them, or 0: there are no more."""
    limits = await tx.first(queries.LIMITED, account=account_id) or 0
    chunk = {"account": account_id, "below": below, "limit": _CHUNK}
    found = await tx.all(queries.OF_AUTHOR, bits=int(author_bits(limits)), **chunk)
    if not found:
        return 0
    rows = await _locked(tx, found)
    moves = [_Move(row, before := _standing(row), before.of_author(limits)) for row in rows]
    await _carry_out(tx, [move for move in moves if move.before != move.after])
    return found[-1]


async def _carry_out(tx: Transaction, changed: Sequence[_Move]) -> None:
    if not changed:
        return
    await _apply(tx, changed)
    moved = [m for m in changed if m.before.visibility != m.after.visibility]
    event = await _told(tx, changed)
    if moved:
        await _withhold(tx, [move for move in moved if move.row.media_count])
        await _list(tx, moved)
        await _count(tx, moved)
    await tx.emit(event)


async def _apply(tx: Transaction, changed: Sequence[_Move]) -> None:
    await tx.run(
        queries.APPLY,
        rows=rows_of(
            (m.row.id, m.after.visibility, m.after.sensitive, m.after.limits) for m in changed
        ),
    )


async def _show_first(services: Services, tx: Transaction, moves: Sequence[_Move]) -> None:
    """Release what nobody has seen yet; what an approval is still needed for waits for that."""
    if not moves:
        return
    await _apply(tx, moves)
    await _withhold(tx, [move for move in moves if move.row.media_count])
    for move in moves:
        visibility = Visibility(move.after.visibility)
        if not visibility.held:
            await release_written(services, tx, move.row.id, visibility, let_go=True)


async def _locked(tx: Transaction, ids: Sequence[int]) -> list[Held]:
    """The posts, locked together with those in whose counters they stand."""
    rows = await tx.all(queries.RELATED, ids=ids)
    related = {at for row in rows for at in (row.in_reply_to_id, row.reblog_of_id) if at}
    quoting = [row.id for row in rows if row.quote]
    if quoting:
        related |= {quoted for _, quoted in await tx.all(queries.QUOTED, ids=quoting)}
    wanted = set(ids)
    locked = await tx.all(queries.LOCK, ids=sorted(wanted | related))
    return [row for row in locked if row.id in wanted]


async def _moves(
    tx: Transaction, rows: Sequence[Held], wanted: Mapping[int, PostLimits]
) -> list[_Move]:
    standings = {row.id: _standing(row) for row in rows}
    waiting = [
        at
        for at, each in standings.items()
        if each.visibility >= Visibility.HELD and each.own_visibility is Visibility.WAITING
    ]
    asked = set(await tx.all(queries.ASKED, ids=waiting)) if waiting else set()
    # Refused while it was hidden, or nobody is left who could agree.
    refused = dict.fromkeys(set(waiting) - asked, Visibility.REFUSED)
    return [
        _Move(
            row,
            standings[row.id],
            standings[row.id].limited(wanted[row.id].bits, own_visibility=refused.get(row.id)),
        )
        for row in rows
    ]


def _standing(row: Held) -> Standing:
    return Standing(row.visibility, row.sensitive, row.limits)


async def _label(tx: Transaction, said: Mapping[int, str], labels: Mapping[int, str]) -> None:
    gone = [at for at, label in said.items() if not label and at in labels]
    if gone:
        await tx.run(queries.UNLABEL, ids=gone)
    given = [{"post_id": at, "label": label} for at, label in said.items() if label]
    if given:
        await tx.run_many(queries.PUT_LABEL, given)


async def _hide_on(
    tx: Transaction, wanted: Mapping[int, Sequence[str]], hidden: Sequence[int]
) -> set[int]:
    """Write on which surfaces posts are not there; for which of them that is new."""
    known = _grouped(await tx.all(queries.SURFACES, ids=hidden)) if hidden else {}
    changed = {at for at, names in wanted.items() if {*names} != {*known.get(at, ())}}
    gone = [at for at in changed if at in known]
    if gone:
        await tx.run(queries.UNHIDE, ids=gone)
    rows = [{"post_id": at, "surface": name} for at in sorted(changed) for name in wanted[at]]
    if rows:
        await tx.run_many(queries.HIDE_ON, rows)
    return changed


async def _withhold(tx: Transaction, moved: Sequence[_Move]) -> None:
    """What nobody is shown is not fetched either."""
    hidden = {m.row.id for m in moved if m.after.visibility >= Visibility.HELD}
    await of_posts(tx, hidden=hidden, shown={m.row.id for m in moved} - hidden)


async def media_restricted(_services: Services, tx: Transaction, event: MediaRestricted) -> None:
    """A post looks different whose pictures are withheld, or shown again."""
    await tx.run(queries.BUMP, ids=event.post_ids)


async def _list(tx: Transaction, moved: Sequence[_Move]) -> None:
    """Put them into the public lists, and take them out."""
    out = [m.row.id for m in moved if m.before.visibility == Visibility.PUBLIC]
    if out:
        await tx.run(queries.UNLIST, ids=out)
    back = [m.row.id for m in moved if m.after.visibility == Visibility.PUBLIC and m.in_public]
    if back:
        await tx.run(queries.LIST, ids=back)
    await tx.run(queries.TAGGED, ids=[m.row.id for m in moved if not m.row.reblog_of_id])


async def _count(tx: Transaction, moved: Sequence[_Move]) -> None:
    """A number that everybody can read tells only of what more than a few can."""
    quoting = [m.row.id for m in moved if m.row.quote]
    quoted = dict(await tx.all(queries.QUOTED, ids=quoting)) if quoting else {}
    counts: dict[int, list[int]] = {}
    by_author: Counter[int] = Counter()
    for move in moved:
        row, open_change = move.row, move.leaves(Visibility.UNLISTED)
        counted = move.leaves(Visibility.FOLLOWERS)
        by_author[row.account_id] += counted
        for place, other, change in (
            (0, row.in_reply_to_id, open_change),
            (1, row.reblog_of_id, counted),
            (2, quoted.get(row.id, 0), open_change),
        ):
            if other and change:
                counts.setdefault(other, [0, 0, 0])[place] += change
    if counts:
        await tx.run(queries.COUNT, rows=rows_of((at, *counts[at]) for at in sorted(counts)))
    # As many may have been hidden as were shown again: another is the last one then.
    authors = sorted({m.row.account_id for m in moved if m.leaves(Visibility.FOLLOWERS)})
    if authors:
        await lock_accounts(tx, authors)
        await tx.run(queries.COUNT_POSTS, rows=rows_of((at, by_author[at]) for at in authors))
        await tx.run(queries.LOOK_AT_LAST_POSTS, ids=authors)


async def _told(tx: Transaction, changed: Sequence[_Move]) -> PostsRestricted:
    """The event, with what streams need to know of those that are hidden."""
    told = [
        Restricted(
            post_id=m.row.id,
            account_id=m.row.account_id,
            before=m.before.visibility,
            after=m.after.visibility,
            reblog_of_id=m.row.reblog_of_id,
            in_reply_to_account_id=m.row.in_reply_to_account_id,
            reads_differently=_differs(m),
        )
        for m in changed
    ]
    hidden = [each for each in told if each.hidden]
    ids = [each.post_id for each in hidden if not each.reblog_of_id]
    mentioned = _grouped(await tx.all(queries.MENTIONED, ids=ids)) if ids else {}
    public = [each.post_id for each in hidden if each.before == Visibility.PUBLIC]
    tags = _grouped(await tx.all(queries.TAG_NAMES, ids=public)) if public else {}
    originals = [each.reblog_of_id for each in hidden if each.reblog_of_id]
    authors = dict(await tx.all(queries.AUTHORS, ids=originals)) if originals else {}
    return PostsRestricted(
        tuple(
            msgspec.structs.replace(
                each,
                original_author_id=authors.get(each.reblog_of_id, 0),
                mentioned_ids=tuple(mentioned.get(each.post_id, ())),
                tags=tuple(tags.get(each.post_id, ())),
            )
            for each in told
        )
    )


def _differs(move: _Move) -> bool:
    """Whether those who go on seeing it are shown something else."""
    telling = COVERING | Limit.LABEL
    return move.after.visibility < Visibility.HELD and (
        move.before.sensitive != move.after.sensitive
        or bool((move.before.limits | move.after.limits) & telling)
    )


def _grouped(pairs: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for at, each in pairs:
        found.setdefault(at, []).append(each)
    return found


JOBS = (JobKind("posts.limit_author", LimitAuthor, limit_author, timeout_s=3600),)
