"""Law 4: a decision stands in the ledger, nobody changes one unseen, and who is gone is gone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, select, update
from tests.harness.neighbours import Asker, Place, place_of
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo
from tests.safety.test_appeals import answered, object_to

from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts.removal import remove_account
from rostra.safety.categories.model import Category
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind, Decision
from rostra.safety.ledger import access, sign
from rostra.safety.ledger.audit import Audit, audit
from rostra.safety.ledger.chain import Entry, EntryKind
from rostra.safety.ledger.verify import Fault
from rostra.store.query import query
from rostra.store.tables.ledger import ledger, ledger_checkpoints, ledger_heads, ledger_salts
from rostra.store.tables.safety import appeals, decision_subjects, decisions

Found = list[tuple[int, Fault]]
SECRET = "Quarzgeheimnis"


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as made:
        yield made


async def reported(place: Place, ann: Asker, bob: Asker, count: int = 1) -> list[int]:
    """Open cases about posts of one member that another reports."""
    for number in range(count):
        post = await bob.post(f"{SECRET} {number}")
        await report(ann, bob, post["id"])
    return [case.id for case in await queue(place)]


async def decided(place: Place, ann: Asker, bob: Asker, count: int = 1) -> Decision:
    cases = await reported(place, ann, bob, count)
    what = ruling(ActionKind.REMOVE, facts=f"{SECRET} was written.")
    made = await decide(place, cases, what)
    await place.app.work()
    return made


async def checked(place: Place) -> Audit:
    return await audit(place.services)


async def found(place: Place) -> Found:
    return [(finding.seq, finding.fault) for finding in (await checked(place)).findings]


async def lines(place: Place) -> list[Entry]:
    async with place.db.read() as reader:
        return await access.lines(reader)


async def change(place: Place, statement: Executable) -> None:
    """What somebody does who can write to the database."""
    async with place.db.write() as tx:
        await tx.run(query(statement))


async def test_every_decision_is_a_line_and_so_is_taking_it_back(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    made = await decided(place, ann, bob)
    many = await decided(place, ann, bob, 30)
    await undo(place, made.id, facts="We were wrong.")
    assert [line.kind for line in await lines(place)] == [
        EntryKind.DECIDED,
        EntryKind.DECIDED,
        EntryKind.UNDONE,
    ]
    result = await checked(place)
    assert result.findings == []
    assert (result.records, result.erased, result.head.seq) == (3, 0, 3)
    assert many.subjects_count == 30


async def test_a_decision_that_waits_for_a_second_person_is_none_yet(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    cases = await reported(place, ann, bob, 51)
    made = await decide(place, cases, ruling(ActionKind.REMOVE))
    assert await lines(place) == []
    assert await found(place) == []
    async with place.db.write() as tx:
        await deciding.agree(place.services, tx, moderator(2), made.id)
    await place.app.work()
    assert [line.kind for line in await lines(place)] == [EntryKind.DECIDED]
    assert await found(place) == []


async def test_a_decision_that_fails_leaves_no_line(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    cases = await reported(place, ann, bob)
    with pytest.raises(RuntimeError, match="undone"):  # noqa: PT012 (the block is the transaction)
        async with place.db.write() as tx:
            what = ruling(ActionKind.REMOVE)
            await deciding.decide(place.services, tx, moderator(), what, cases)
            raise RuntimeError("undone")
    assert await lines(place) == []
    assert await found(place) == []


async def test_what_somebody_changes_in_the_database_is_found(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    made = [await decided(place, ann, bob) for _ in range(4)]
    second = made[1].id
    await change(place, update(decisions).where(decisions.c.id == second).values(facts="Other."))
    assert await found(place) == [(2, Fault.RECORD)]
    await change(
        place,
        update(decisions).where(decisions.c.id == second).values(facts=f"{SECRET} was written."),
    )
    assert await found(place) == []
    subjects = decision_subjects.c.decision_id == second
    await change(place, update(decision_subjects).where(subjects).values(subject_id=1))
    assert await found(place) == [(2, Fault.RECORD)]
    await change(place, delete(decisions).where(decisions.c.id == second))
    assert await found(place) == [(2, Fault.RECORD_GONE)]
    await change(place, update(ledger).where(ledger.c.seq == 3).values(kind=EntryKind.UNDONE))
    assert (3, Fault.CHANGED) in await found(place)
    await change(place, delete(ledger).where(ledger.c.seq == 3))
    assert (3, Fault.MISSING) in await found(place)
    await change(place, delete(ledger).where(ledger.c.seq == 4))
    assert (4, Fault.CUT_OFF) in await found(place)


async def test_a_decision_that_was_never_written_down_is_found(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await decided(place, ann, bob)
    made = await decided(place, ann, bob)
    await change(place, delete(ledger).where(ledger.c.seq == 2))
    await change(place, delete(ledger_salts).where(ledger_salts.c.seq == 2))
    async with place.db.read() as reader:
        (first,) = await access.lines(reader)
    await change(place, update(ledger_heads).values(seq=1, at=first.at, hash=first.hash))
    result = await checked(place)
    assert [(each.seq, each.fault) for each in result.findings] == [(0, Fault.UNRECORDED)]
    assert str(made.id) in result.findings[0].text


async def test_salts_that_go_without_a_word_are_missed(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    for _ in range(2):
        await decided(place, ann, bob)
    first = ledger_salts.c.seq == 1
    await change(place, update(ledger_salts).where(first).values(salt=b"", erased_at=5))
    assert await found(place) == [(1, Fault.RECORD_GONE)]
    await change(place, update(ledger_salts).where(first).values(erased_in=2))
    assert await found(place) == [(2, Fault.RECORD_GONE)]
    await change(place, delete(ledger_salts).where(first))
    assert (1, Fault.RECORD_GONE) in await found(place)


async def test_checkpoints_show_what_was_cut_off_or_written_anew(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    assert await sign.sign_now(place.services) is None
    await decided(place, ann, bob)
    point = await sign.sign_now(place.services)
    assert point is not None
    await decided(place, ann, bob)
    assert [line.kind for line in await lines(place)] == [
        EntryKind.DECIDED,
        EntryKind.CHECKPOINT,
        EntryKind.DECIDED,
    ]
    result = await checked(place)
    assert (result.findings, result.covered, result.points) == ([], 1, 1)
    # Whoever empties the database and begins again is found out by who kept a checkpoint.
    for table in (ledger, ledger_salts, ledger_heads, ledger_checkpoints, decisions):
        await change(place, delete(table))
    assert await found(place) == []
    kept = await audit(place.services, kept=[point])
    assert [(each.seq, each.fault) for each in kept.findings] == [(1, Fault.CUT_OFF)]
    await decided(place, ann, bob)
    kept = await audit(place.services, kept=[point])
    assert [(each.seq, each.fault) for each in kept.findings] == [(1, Fault.REWRITTEN)]


async def test_a_checkpoint_that_was_touched_or_taken_away(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await decided(place, ann, bob)
    point = await sign.sign_now(place.services)
    assert point is not None
    await change(place, update(ledger_checkpoints).values(at=7))
    assert await found(place) == [(1, Fault.SIGNATURE), (2, Fault.UNTOLD)]
    await change(place, delete(ledger_checkpoints))
    assert await found(place) == [(2, Fault.UNTOLD)]
    kept = await audit(place.services, kept=[point])
    assert kept.findings == []


async def test_an_end_is_signed_every_day(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await decided(place, ann, bob)
    assert [kind.daily_at_ms for kind in sign.JOBS] != [None]
    for _ in range(2):
        place.clock.advance(DAY)
        async with place.db.write() as tx:
            await tx.enqueue("ledger.sign", sign.SignDaily())
        await place.app.work()
    async with place.db.read() as reader:
        assert [point.seq for point in await access.points(reader)] == [2, 1]
    assert await found(place) == []
    assert len(sign.copies(place.services.settings.data_dir)) == 2


async def test_many_at_once_make_one_chain(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    cases = await reported(place, ann, bob, 12)
    what = ruling(ActionKind.REMOVE)
    made = await asyncio.gather(
        *(decide(place, [case], what, moderator(number)) for number, case in enumerate(cases, 1)),
        *(sign.sign_now(place.services) for _ in range(3)),
    )
    assert len(made) == 15
    written = await lines(place)
    assert [line.seq for line in written] == list(range(1, len(written) + 1))
    assert len({line.previous for line in written}) == len(written)
    assert await found(place) == []


async def remove(place: Place, who: Asker) -> None:
    async with place.db.write() as tx:
        await remove_account(place.services, tx, who.account_id)
    await place.app.work()


async def test_who_is_gone_leaves_nothing_in_the_ledger_and_it_still_holds(place: Place) -> None:
    ann, bob, cora = await place.members("ann", "bob", "cora")
    alone = await decided(place, ann, bob)
    await undo(place, alone.id, facts=f"{SECRET} was harmless.")
    for author in (bob, cora):
        post = await author.post(SECRET)
        await report(ann, author, post["id"])
    shared = [case.id for case in await queue(place)]
    await decide(place, shared, ruling(ActionKind.REMOVE, facts="Both wrote it."))
    of_cora = await decided(place, ann, cora)
    await sign.sign_now(place.services)
    await remove(place, bob)
    result = await checked(place)
    assert result.findings == []
    # What was about bob alone can't be opened any more; what was about cora too still can.
    assert (result.erased, result.records) == (2, 3)
    last = (await lines(place))[-1]
    assert last.kind == EntryKind.ERASED
    async with place.db.read() as reader:
        left = await reader.all(
            query(
                select(ledger_salts.c.ref_id, ledger_salts.c.salt, ledger_salts.c.extra).where(
                    ledger_salts.c.erased_at != 0
                )
            )
        )
        assert sorted(left) == [(0, b"", "{}"), (0, b"", "{}")]
    # Rows of the one who is gone may go, the shared line is checked without them.
    await change(
        place,
        delete(decision_subjects).where(decision_subjects.c.account_id == bob.account_id),
    )
    assert await found(place) == []
    # The others' decisions are still held to what was written down.
    words = update(decisions).where(decisions.c.id == of_cora.id).values(facts="Other.")
    await change(place, words)
    assert [fault for _, fault in await found(place)] == [Fault.RECORD]


async def test_appeals_and_what_is_taken_back_for_one_are_lines_too(place: Place) -> None:
    ann, bob, cora = await place.members("ann", "bob", "cora")
    for author in (bob, cora):
        await report(ann, author, (await author.post(SECRET))["id"])
    many = await decide(place, [case.id for case in await queue(place)], ruling(ActionKind.REMOVE))
    filed = [await object_to(place, who, SECRET) for who in (bob, cora)]
    right = await answered(place, filed[0].id, moderator(2), reasons=f"{SECRET} is a quote.")
    await answered(place, filed[1].id, moderator(2), uphold=False)
    assert [line.kind for line in await lines(place)] == [
        *(EntryKind.DECIDED, EntryKind.APPEALED, EntryKind.APPEALED),
        *(EntryKind.RELEASED, EntryKind.ANSWERED, EntryKind.ANSWERED),
    ]
    assert await found(place) == []
    assert right.undo_id not in {0, many.id}
    # Who changes what was said, how it was answered, or for whom it was taken back, is found out.
    for seq, column, row_id, other, was in (
        (2, appeals.c.text, filed[0].id, "Other.", SECRET),
        (6, appeals.c.answer, filed[1].id, "Other.", "It was a quote indeed."),
        (6, appeals.c.state, filed[1].id, 1, 2),
        (4, decisions.c.facts, right.undo_id, "Other.", f"{SECRET} is a quote."),
    ):
        for value, faults in ((other, [(seq, Fault.RECORD)]), (was, [])):
            row = column.table.c.id == row_id
            await change(place, update(column.table).where(row).values({column.name: value}))
            assert await found(place) == faults
    # So is who takes an appeal away, or puts one there that nobody made.
    row = appeals.c.id == filed[1].id
    await change(place, update(appeals).where(row).values(id=7))
    gone = [(0, Fault.UNRECORDED), (3, Fault.RECORD_GONE), (6, Fault.RECORD_GONE)]
    assert await found(place) == gone
    await change(place, update(appeals).where(appeals.c.id == 7).values(id=filed[1].id))
    await remove(place, bob)
    result = await checked(place)
    assert result.findings == []
    # The appeal, its answer and the release are bob's alone; the decision was about cora too.
    assert (result.erased, result.records) == (3, 4)
    async with place.db.read() as reader:
        assert await reader.all(query(select(appeals.c.account_id))) == [(cora.account_id,)]


async def test_an_erasure_that_was_not_told_yet_is_waited_for(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await decided(place, ann, bob)
    async with place.db.write() as tx:
        await remove_account(place.services, tx, bob.account_id)
    assert await found(place) == []
    place.clock.advance(2 * HOUR)
    assert await found(place) == [(1, Fault.RECORD_GONE)]
    await place.app.work()
    assert await found(place) == []


async def test_no_line_tells_of_anybody(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    made = await decided(place, ann, bob)
    line = (await place.nobody.get("/api/rostra/v1/safety/ledger/lines"))[0]
    assert set(line) == {"seq", "at", "kind", "commitment", "previous", "hash"}
    # Hashes have every short row of digits in them at some time: they are no places to look.
    hashed = {key: line.pop(key) for key in ("commitment", "previous", "hash")}
    assert all(len(bytes.fromhex(value)) == 32 for value in hashed.values())
    text = str(line)
    for secret in (made.id, bob.account_id, ann.account_id, SECRET, int(Category.HARASSMENT) + 900):
        assert str(secret) not in text
