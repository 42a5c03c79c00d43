"""What the outbox promises to those who enqueue: order, groups, one of a kind, retries, burial."""

from collections.abc import AsyncIterator

import pytest
from tests.store.outbox_bench import Bench, Note, note, opened

from rostra.kernel.clock import DAY, HOUR, SECOND
from rostra.store.outbox import JobKind, Kinds, dead_jobs, discard, figures, requeue


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    async with opened(database_url) as made:
        yield made


async def test_a_job_runs_once_and_is_gone(bench: Bench) -> None:
    await bench.enqueue("note", Note("a"))
    await bench.drain()
    await bench.drain()
    assert bench.seen.texts == ["a"]
    assert bench.seen.outcomes == ["done"]
    assert await bench.rows() == []


async def test_a_job_of_a_failed_transaction_never_was(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="undone"):  # noqa: PT012 (the block is the transaction)
        async with bench.db.write() as tx:
            await tx.enqueue("note", Note("a"))
            raise RuntimeError("undone")
    await bench.drain()
    assert bench.seen.texts == []


async def test_it_waits_until_run_at(bench: Bench) -> None:
    await bench.enqueue("note", Note("late"), run_at=bench.clock.now() + HOUR)
    await bench.drain()
    assert bench.seen.texts == []
    bench.clock.advance(HOUR + 5)
    await bench.drain()
    assert bench.seen.texts == ["late"]
    assert bench.seen.waited == [5]


async def test_priority_comes_first_then_time(bench: Bench) -> None:
    now = bench.clock.now()
    await bench.enqueue("note", Note("second"), run_at=now - 1)
    await bench.enqueue("note", Note("first"), run_at=now - 2)
    await bench.enqueue("note", Note("urgent"), priority=5)
    await bench.enqueue("note", Note("idle"), priority=-5, run_at=now - HOUR)
    await bench.worker(concurrency=1).drain()
    assert bench.seen.texts == ["urgent", "first", "second", "idle"]


async def test_the_same_thing_waits_only_once(bench: Bench) -> None:
    later = bench.clock.now() + HOUR
    first = await bench.enqueue("note", Note("a"), dedupe_key="k", run_at=later)
    again = await bench.enqueue("note", Note("b"), dedupe_key="k")
    other = await bench.enqueue("note", Note("c"), dedupe_key="other")
    assert again == first
    assert other != first
    await bench.drain()
    assert sorted(bench.seen.texts) == ["a", "c"]  # and it runs as early as the second asked for
    await bench.enqueue("note", Note("d"), dedupe_key="k")
    await bench.drain()
    assert len(bench.seen.texts) == 3


async def test_a_failed_job_gives_way_to_the_same_that_waits(bench: Bench) -> None:
    async def again(_: object, payload: Note) -> None:
        bench.seen.texts.append(payload.text)
        if payload.fails:
            await bench.enqueue("again", Note("newer"), dedupe_key="k")
            raise ValueError

    bench.outbox.kinds = Kinds((JobKind("again", Note, again),))
    await bench.enqueue("again", Note("older", fails=1), dedupe_key="k")
    await bench.drain()
    bench.clock.advance(DAY)
    await bench.drain()
    assert bench.seen.texts == ["older", "newer"]
    assert await bench.rows() == []


async def test_a_group_runs_one_after_another_in_order(bench: Bench) -> None:
    for number in range(6):
        await bench.enqueue("note", Note(f"a{number}", takes_s=0.002), group_key="a")
        bench.clock.advance(1)
        await bench.enqueue("note", Note(f"b{number}", takes_s=0.002), group_key="b")
        bench.clock.advance(1)
    await bench.drain()
    of_a = [text for text in bench.seen.texts if text.startswith("a")]
    of_b = [text for text in bench.seen.texts if text.startswith("b")]
    assert of_a == [f"a{number}" for number in range(6)]
    assert of_b == [f"b{number}" for number in range(6)]
    assert bench.seen.most == 2


async def test_a_failing_job_does_not_hold_its_group_up(bench: Bench) -> None:
    await bench.enqueue("note", Note("bad", fails=1), group_key="g")
    bench.clock.advance(1)
    await bench.enqueue("note", Note("good"), group_key="g")
    await bench.drain()
    assert bench.seen.texts == ["bad", "good"]
    bench.clock.advance(HOUR)
    await bench.drain()
    assert bench.seen.texts == ["bad", "good", "bad"]


async def test_failures_are_tried_again_ever_later(bench: Bench) -> None:
    await bench.enqueue("note", Note("a", fails=2))
    waits = []
    for _ in range(2):
        await bench.drain()
        (row,) = await bench.rows()
        assert row["last_error"].startswith("ValueError at note, line")
        assert "private" not in row["last_error"]
        waits.append(row["run_at"] - bench.clock.now())
        bench.clock.advance(waits[-1])
    await bench.drain()
    assert bench.seen.outcomes == ["retried", "retried", "done"]
    assert 3.75 * SECOND <= waits[0] <= 6.25 * SECOND
    assert 7.5 * SECOND <= waits[1] <= 12.5 * SECOND
    assert await bench.rows() == []


async def test_after_the_last_try_it_is_a_dead_letter(bench: Bench) -> None:
    job_id = await bench.enqueue("note", Note("a", fails=3), group_key="g", priority=2)
    for _ in range(4):
        await bench.drain()
        bench.clock.advance(HOUR)
    assert bench.seen.outcomes == ["retried", "retried", "dead"]
    assert await bench.rows() == []
    async with bench.db.read() as reader:
        (dead,) = await dead_jobs(reader)
        counted = await figures(reader, bench.clock.now())
    assert (dead.id, dead.kind, dead.attempts, dead.group_key) == (job_id, "note", 3, "g")
    assert counted.dead == 1
    async with bench.db.write() as tx:
        assert await requeue(bench.outbox, tx, job_id)
        assert not await requeue(bench.outbox, tx, job_id)
    await bench.drain()
    assert bench.seen.outcomes[3:] == ["done"]
    assert await bench.dead() == []


async def test_a_dead_letter_can_be_thrown_away(bench: Bench) -> None:
    job_id = await bench.enqueue("conflict")
    await bench.drain()
    (dead,) = await bench.dead()
    assert dead["last_error"] == "Conflict: safe words"
    async with bench.db.write() as tx:
        assert await discard(tx, job_id)
        assert not await discard(tx, job_id)
    assert await bench.dead() == []


async def test_too_long_is_a_failure(bench: Bench) -> None:
    await bench.enqueue("brief", Note("slow", takes_s=30))
    await bench.drain()
    (row,) = await bench.rows()
    assert row["last_error"] == "it took too long"
    assert row["attempts"] == 1


async def test_a_kind_or_payload_nobody_knows_is_kept(bench: Bench) -> None:
    await bench.enqueue("note", Note("a"))
    bench.outbox.kinds = Kinds()
    await bench.drain()
    (row,) = await bench.rows()
    assert row["last_error"] == "UnknownKind: this version knows no such kind of job"
    with pytest.raises(ValueError, match="no kind of job 'note'"):
        await bench.enqueue("note")
    bench.outbox.kinds = Kinds([JobKind("note", Note, note)])
    with pytest.raises(TypeError, match="takes Note"):
        async with bench.db.write() as tx:
            await tx.enqueue("note", dead_jobs)  # type: ignore[arg-type] # that is the point


async def test_a_transactional_job_and_its_effect_are_one(bench: Bench) -> None:
    await bench.enqueue("write", Note("kept"))
    await bench.enqueue("write", Note("undone", fails=1))
    await bench.drain()
    assert await bench.effects() == 1
    (row,) = await bench.rows()
    assert row["attempts"] == 1
    bench.clock.advance(HOUR)
    await bench.drain()
    assert await bench.effects() == 1
    assert len(await bench.dead()) == 1


async def test_jobs_give_rise_to_jobs(bench: Bench) -> None:
    await bench.enqueue("chain", Note("x", fails=3))
    await bench.drain()
    assert bench.seen.texts == ["x", "x+", "x++", "x+++"]


async def test_a_closed_egress_gate_only_makes_jobs_wait(bench: Bench) -> None:
    assert bench.seen.egress is not None
    bench.seen.egress.close("mute", retry_after_s=30)
    await bench.enqueue("mail", Note("m"))
    for _ in range(5):
        await bench.drain()
        (row,) = await bench.rows()
        assert row["attempts"] == 0
        assert row["run_at"] == bench.clock.now() + 30 * SECOND
        bench.clock.advance(30 * SECOND)
    bench.seen.egress.open()
    await bench.drain()
    assert bench.seen.texts == ["m"]
    assert bench.seen.outcomes == ["postponed"] * 5 + ["done"]


async def test_figures(bench: Bench) -> None:
    now = bench.clock.now()
    await bench.enqueue("note", run_at=now - 7)
    await bench.enqueue("note", run_at=now + HOUR)
    async with bench.db.read() as reader:
        counted = await figures(reader, now)
    assert (counted.waiting, counted.due, counted.running, counted.dead) == (2, 1, 0, 0)
    assert counted.oldest_due_at == now - 7


def test_kinds_must_make_sense() -> None:
    with pytest.raises(ValueError, match="one try"):
        JobKind("x", Note, note, attempts=0)
    with pytest.raises(ValueError, match="not both"):
        JobKind("x", Note, note, every_ms=5, daily_at_ms=5)
    with pytest.raises(ValueError, match="time of the day"):
        JobKind("x", Note, note, daily_at_ms=DAY)
    with pytest.raises(ValueError, match="two kinds"):
        Kinds([JobKind("x", Note, note), JobKind("x", Note, note)])


def test_retries_have_a_longest_wait() -> None:
    kind = JobKind("x", Note, note, slowest_retry_s=60)
    assert 45 * SECOND <= kind.retry_ms(1000) <= 75 * SECOND
