"""What a letter names is looked up, reported, and joins its cases; a few hundred at once."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from rostra.network.accounts.events import AccountRemoved
from rostra.network.posts.events import PostDeleted
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices import queries
from rostra.safety.notices.look_up import Found, Wanted, looked_up
from rostra.safety.notices.model import SENDERS, AddressState, NamedAddress, Notice
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.reports.file import MAX_COMMENT, MAX_POSTS, report
from rostra.safety.reports.model import Said
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 200  # addresses of one transaction
_CLOSING: Final = frozenset(
    {ActionKind.REMOVE, ActionKind.WITHHOLD, ActionKind.SUSPEND, ActionKind.DELETE_ACCOUNT}
)


class LinkSome(msgspec.Struct, frozen=True):
    """Look up the next addresses of a letter."""

    notice_id: int


async def link_some(services: Services, tx: Transaction, notice_id: int) -> None:
    """Look up the next of a letter's addresses; a job goes on with what is left."""
    notice = await tx.first(queries.LOCKED, id=notice_id)
    if notice is None:
        return
    waiting = await tx.all(queries.WAITING, id=notice_id, limit=AT_ONCE)
    if not waiting:
        return
    wanted = [
        Wanted(each.place, each.subject_kind, each.subject_id, each.named) for each in waiting
    ]
    found = await looked_up(tx, wanted)
    meant = [found[each.place] for each in waiting if each.place in found and not each.enclosed]
    reported = await _reported(services, tx, notice, await _not_closed(tx, meant))
    there = await _was_there(tx, [each for each in waiting if each.place not in found])
    await tx.run_many(
        queries.SET_ADDRESS,
        [_linked(each, found.get(each.place), reported, there) for each in waiting],
    )
    await tx.run(queries.LINKED, id=notice_id, done=len(waiting))
    if len(waiting) == AT_ONCE:
        await tx.enqueue("notices.link", LinkSome(notice_id), group_key=f"notice:{notice_id}")


async def link_job(services: Services, tx: Transaction, job: LinkSome) -> None:
    """The next portion."""
    await link_some(services, tx, job.notice_id)


def _linked(
    address: NamedAddress,
    found: Found | None,
    reported: Mapping[Subject, tuple[int, int]],
    there: set[Subject],
) -> dict[str, int]:
    row = {
        "id": address.notice_id,
        "at_place": address.place,
        "subject_kind": address.subject_kind,
        "subject_id": address.subject_id,
        "account_id": 0,
        "state": int(AddressState.UNKNOWN),
        "report_id": 0,
        "case_id": 0,
    }
    if found is None:
        gone = Subject(address.subject_kind, address.subject_id) in there
        return row | {"state": int(AddressState.GONE if gone else AddressState.UNKNOWN)}
    report_id, case_id = (0, 0) if address.enclosed else reported.get(found.subject, (0, 0))
    return row | {
        "subject_kind": found.kind,
        "subject_id": found.id,
        "account_id": found.account_id,
        "state": int(AddressState.FOUND),
        "report_id": report_id,
        "case_id": case_id,
    }


async def _not_closed(tx: Transaction, meant: Sequence[Found]) -> list[Found]:
    """Without what a decision has taken away for good: nothing is left to decide, only to tell."""
    closed: set[Subject] = set()
    named = {each.subject for each in meant}
    named |= {Subject(SubjectKind.ACCOUNT, each.account_id) for each in meant}
    for kind in SubjectKind:
        ids = [each.id for each in named if each.kind == kind]
        holding = await decisions_access.in_force_on(tx, kind, ids)
        closed |= {
            Subject(kind, each.subject_id)
            for each in holding
            if each.action in _CLOSING and not each.ends_at
        }
    return [
        each
        for each in meant
        if not closed & {each.subject, Subject(SubjectKind.ACCOUNT, each.account_id)}
    ]


async def _was_there(tx: Transaction, missing: Sequence[NamedAddress]) -> set[Subject]:
    """Of what is not there, what cases tell us was."""
    known: set[Subject] = set()
    for kind in (SubjectKind.POST, SubjectKind.ACCOUNT, SubjectKind.MEDIA):
        ids = [each.subject_id for each in missing if each.subject_kind == kind and each.subject_id]
        if ids:
            rows = await tx.all(queries.KNOWN_FROM_CASES, ids=ids, kind=int(kind))
            known |= {Subject(kind, subject_id) for subject_id in rows}
    return known


async def _reported(
    services: Services, tx: Transaction, notice: Notice, found: Sequence[Found]
) -> dict[Subject, tuple[int, int]]:
    """Reports in the letter's name; the report and the case of each subject."""
    posts: dict[int, list[int]] = {}
    whole: dict[int, Subject] = {}
    for each in dict.fromkeys(found):
        if each.subject.kind == SubjectKind.POST:
            posts.setdefault(each.account_id, []).append(each.subject.id)
        else:
            whole[each.account_id] = each.subject
    made: dict[Subject, tuple[int, int]] = {}
    for account_id, ids in posts.items():
        unique = list(dict.fromkeys(ids))
        for at in range(0, len(unique), MAX_POSTS):
            some = tuple(unique[at : at + MAX_POSTS])
            made |= await _report(services, tx, notice, account_id, some)
    for account_id, subject in whole.items():
        own = await _report(services, tx, notice, account_id, ())
        joined = next(iter(own.values()), (0, 0))
        made |= dict.fromkeys((subject, Subject(SubjectKind.ACCOUNT, account_id)), joined)
    return made


async def _report(
    services: Services, tx: Transaction, notice: Notice, account_id: int, post_ids: tuple[int, ...]
) -> dict[Subject, tuple[int, int]]:
    said = Said(
        source=SENDERS[SenderKind(notice.sender_kind)],
        target_account_id=account_id,
        post_ids=post_ids,
        category=Category(notice.category),
        comment=_comment(notice),
        deadline_at=notice.deadline_at,
    )
    filed = await report(services, tx, said)
    joined = await cases_access.cases_of_reports(tx, [filed.row.id])
    case_ids = joined.get(filed.row.id, [])
    rows = await tx.all(queries.CASES, ids=case_ids) if case_ids else []
    return {
        Subject(kind, subject_id): (filed.row.id, case_id) for case_id, kind, subject_id in rows
    }


def _comment(notice: Notice) -> str:
    who = notice.sender_name or notice.sender_email
    return f"Letter {notice.id} {notice.reference} {who}: {notice.subject}"[:MAX_COMMENT]


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """What a letter names is gone from now on."""
    if not event.reblog_of_id:
        now = services.clock.now()
        await tx.run(queries.GONE, kind=int(SubjectKind.POST), subject=event.post_id, now=now)


async def account_removed(services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """An account that a letter names is gone from now on, and all that is its own."""
    now = services.clock.now()
    await tx.run(queries.GONE_WITH_ACCOUNT, account=event.account_id, now=now)


JOBS = (JobKind("notices.link", LinkSome, link_job, transactional=True),)
