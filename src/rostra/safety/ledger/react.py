"""What the ledger writes down of what others do, in their transaction."""

from collections.abc import Sequence

import msgspec

from rostra.network.accounts.events import AccountRemoved
from rostra.safety.appeals import access as appeals
from rostra.safety.appeals.events import AppealAnswered, Appealed, AppealsForgotten
from rostra.safety.decisions import access
from rostra.safety.decisions.events import Decided, DecisionUndone, MemberReleased
from rostra.safety.edge import Services, Transaction
from rostra.safety.ledger import queries, records
from rostra.safety.ledger.append import NOTHING, append, locked_head
from rostra.safety.ledger.chain import EntryKind
from rostra.safety.ledger.commitments import Fact
from rostra.store.outbox.kinds import JobKind


class TellErased(msgspec.Struct, frozen=True):
    """Write down how many salts were erased since this was last told."""


async def decided(services: Services, tx: Transaction, event: Decided) -> None:
    """One line, however many subjects it has."""
    await _line(services, tx, EntryKind.DECIDED, event.decision_id)


async def undone(services: Services, tx: Transaction, event: DecisionUndone) -> None:
    """Taking a decision back is one too."""
    await _line(services, tx, EntryKind.UNDONE, event.undo_id)


async def released(services: Services, tx: Transaction, event: MemberReleased) -> None:
    """So is taking it back for one member of many."""
    await _line(services, tx, EntryKind.RELEASED, event.release_id)


async def appealed(services: Services, tx: Transaction, event: Appealed) -> None:
    """Somebody objects: one line."""
    found = (await appeals.by_ids(tx, [event.appeal_id]))[event.appeal_id]
    record = records.filed_of(found)
    await append(services, tx, EntryKind.APPEALED, record, ref_id=event.appeal_id)


async def answered(services: Services, tx: Transaction, event: AppealAnswered) -> None:
    """They have their answer: another one."""
    found = (await appeals.by_ids(tx, [event.appeal_id]))[event.appeal_id]
    record = records.answered_of(found)
    await append(services, tx, EntryKind.ANSWERED, record, ref_id=event.appeal_id)


async def _line(services: Services, tx: Transaction, kind: EntryKind, decision_id: int) -> None:
    decision = await access.one(tx, decision_id)
    root = await records.root(tx, decision_id)
    record = records.record_of(decision, root)
    await append(services, tx, kind, record, ref_id=decision_id, extra={"root": root})


async def account_removed(services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Erase the salts of what was decided about somebody who is gone, and of what they objected to.

    Where it was about others too, only the list of its subjects can't be checked any more.
    """
    rows = [
        *await tx.all(queries.OF_MEMBER, account=event.account_id),
        *await tx.all(queries.UNDONE_OF_MEMBER, account=event.account_id),
        *await tx.all(queries.APPEALS_OF_MEMBER, account=event.account_id),
    ]
    for seq, others in rows:
        if others:
            await tx.run(queries.PARTIAL, seq=seq)
    await _erase(services, tx, [seq for seq, others in rows if not others])


async def appeals_forgotten(services: Services, tx: Transaction, event: AppealsForgotten) -> None:
    """Erase the salts of what people without an account have objected, and of the answers."""
    await _erase(services, tx, await tx.all(queries.OF_APPEALS, ids=event.appeal_ids))


async def _erase(services: Services, tx: Transaction, seqs: Sequence[int]) -> None:
    for seq in seqs:
        now = services.clock.now()
        await tx.run(queries.ERASE, seq=seq, nothing=b"", extra=NOTHING, at=now)
    if seqs:
        # By a job: who deletes an account does not wait for whoever is adding a line.
        await tx.enqueue("ledger.tell_erased", TellErased())


async def _tell(services: Services, tx: Transaction, _payload: TellErased) -> None:
    head = await locked_head(tx)
    erased = await tx.run(queries.TELL_ERASED, seq=head.seq + 1)
    if erased:
        said: dict[str, Fact] = {"what": "erased", "salts": erased}
        await append(services, tx, EntryKind.ERASED, said, extra=said)


JOBS = (JobKind("ledger.tell_erased", TellErased, _tell, transactional=True, attempts=30),)
