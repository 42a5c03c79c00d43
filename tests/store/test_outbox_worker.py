"""Workers: waking, leases, stopping, several at a time, closed gates, the schedule, kill -9."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S, until, until_asked
from tests.store.outbox_bench import KINDS, Bench, Note, note, opened, working

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.store.gates import Closing, MemoryGate
from rostra.store.outbox import JobKind
from rostra.store.outbox.queries import FINISH, SCHEDULES
from rostra.store.outbox.running import MOST_LOSSES
from rostra.store.outbox.worker import LEASE_MS

ROOT = Path(__file__).parent.parent.parent
EVERY = JobKind("every", Note, note, every_ms=HOUR)
DAILY = JobKind("daily", Note, note, daily_at_ms=3 * HOUR)


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    async with opened(database_url) as made:
        yield made


async def test_a_commit_wakes_the_worker_before_it_polls(bench: Bench) -> None:
    async with working(bench.worker(poll_ms=HOUR)):
        await asyncio.sleep(0.05)
        await bench.enqueue("note", Note("a"))
        await until(lambda: bench.seen.outcomes == ["done"])
        await bench.enqueue("note", Note("b"))
        await until(lambda: bench.seen.outcomes == ["done", "done"])
    assert await bench.rows() == []


async def test_polling_finds_what_nobody_told(bench: Bench) -> None:
    async with working(bench.worker()):
        await bench.enqueue("note", Note("a"), run_at=bench.clock.now() + HOUR)
        bench.clock.advance(HOUR)
        await until(lambda: bench.seen.texts == ["a"])


async def test_idling_costs_one_read_a_poll(bench: Bench) -> None:
    async with working(bench.worker(poll_ms=50)):
        await asyncio.sleep(0.2)
        before = bench.db.statements
        await asyncio.sleep(0.5)
        assert bench.db.statements - before <= 11


async def test_a_worker_that_lags_on_the_bus_listens_again(bench: Bench) -> None:
    async with working(bench.worker(poll_ms=HOUR)):
        await asyncio.sleep(0.05)
        for _ in range(1000):
            bench.bus.publish("jobs", b"")
        await asyncio.sleep(0.05)
        await bench.enqueue("note", Note("a"))
        await until(lambda: bench.seen.texts == ["a"])


async def test_only_so_many_run_at_a_time(bench: Bench) -> None:
    for number in range(20):
        await bench.enqueue("note", Note(str(number), takes_s=0.01))
    await bench.worker(concurrency=3).drain()
    assert len(bench.seen.texts) == 20
    assert bench.seen.most == 3


async def test_two_workers_share_and_never_double(bench: Bench) -> None:
    async with bench.db.write() as tx:
        for number in range(200):
            await tx.enqueue("note", Note(str(number), takes_s=0.001))
    async with working(bench.worker()), working(bench.worker()):
        await until(lambda: len(bench.seen.outcomes) == 200)
    assert sorted(bench.seen.texts, key=int) == [str(number) for number in range(200)]
    assert await bench.rows() == []


async def test_a_dead_workers_jobs_are_taken_over(bench: Bench) -> None:
    await bench.enqueue("hold", Note("a"))
    worker = bench.worker()
    task = asyncio.create_task(worker.run())
    await until(lambda: bench.seen.texts == ["a"])
    task.cancel()
    await asyncio.wait({task})
    bench.seen.release.set()
    await bench.drain()
    assert bench.seen.texts == ["a"]  # the lease still holds
    bench.clock.advance(LEASE_MS + 1)
    await bench.drain()
    assert bench.seen.texts == ["a", "a"]
    assert await bench.rows() == []


async def test_a_long_job_keeps_its_lease(bench: Bench) -> None:
    async def renewed() -> bool:
        (row,) = await bench.rows()
        return int(row["run_at"]) == bench.clock.now() + LEASE_MS

    await bench.enqueue("hold", Note("a"))
    async with working(bench.worker()):
        await until(lambda: bench.seen.texts == ["a"])
        for _ in range(5):
            bench.clock.advance(LEASE_MS // 2)
            await until_asked(renewed)
        await bench.worker().drain()
        bench.seen.release.set()
        await until(lambda: bench.seen.outcomes == ["done"])
    assert bench.seen.texts == ["a"]


async def test_who_lost_the_lease_is_stopped_and_records_nothing(bench: Bench) -> None:
    job_id = await bench.enqueue("hold", Note("a"))
    async with working(bench.worker()):
        await until(lambda: bench.seen.texts == ["a"])
        bench.clock.advance(LEASE_MS // 2)
        (row,) = await bench.rows()
        async with bench.db.write() as tx:
            assert await tx.run(FINISH, id=job_id, token=row["lease"])
        await until(lambda: bench.seen.outcomes == ["lost"])
    assert await bench.rows() == []


async def test_a_transactional_job_without_its_lease_does_nothing(bench: Bench) -> None:
    await bench.enqueue("write", Note("a"))
    late, quick = bench.worker(), bench.worker()
    async with working(late):
        bench.clock.advance(LEASE_MS + 1)
        await quick.drain()
        await until(lambda: len(bench.seen.outcomes) >= 1)
    assert await bench.effects() == 1


async def test_stopping_waits_for_what_runs(bench: Bench) -> None:
    await bench.enqueue("note", Note("a", takes_s=0.2))
    async with working(bench.worker()):
        await until(lambda: bench.seen.running == 1)
    assert bench.seen.outcomes == ["done"]
    assert await bench.rows() == []


async def test_stopping_gives_back_what_takes_too_long_and_what_has_not_begun(
    bench: Bench,
) -> None:
    for name in ("a", "b", "c"):
        await bench.enqueue("hold", Note(name))
    worker = bench.worker(concurrency=1)
    task = asyncio.create_task(worker.run())
    await until(lambda: bench.seen.texts != [])
    await worker.stop(0.05)
    await task
    rows = await bench.rows()
    assert [(row["lease"], row["attempts"]) for row in rows] == [(0, 0)] * 3
    assert bench.seen.outcomes == ["released"]
    bench.seen.release.set()
    await bench.drain()
    assert sorted(set(bench.seen.texts)) == ["a", "b", "c"]


async def test_a_job_that_ends_its_worker_each_time_is_given_up(bench: Bench) -> None:
    await bench.enqueue("hold", Note("deadly"))
    for _ in range(MOST_LOSSES):
        task = asyncio.create_task(bench.worker().run())
        await until(lambda: bench.seen.running == 1)
        task.cancel()
        await asyncio.wait({task})
        await until(lambda: bench.seen.running == 0)
        bench.clock.advance(LEASE_MS + 1)
    await bench.drain()
    (dead,) = await bench.dead()
    assert dead["last_error"] == "WorkerGone: its worker was gone each time before the end"
    assert bench.seen.texts == ["deadly"] * MOST_LOSSES


async def test_the_neighbours_of_a_deadly_job_get_through(bench: Bench) -> None:
    async with bench.db.write() as tx:
        for number in range(20):
            if number == 7:
                await tx.enqueue("deadly", Note("deadly"))
            await tx.enqueue("note", Note(str(number), takes_s=0.02))
    for _ in range(MOST_LOSSES):
        bench.seen.crash.clear()
        task = asyncio.create_task(bench.worker().run())
        await asyncio.wait_for(bench.seen.crash.wait(), PATIENCE_S)
        task.cancel()  # as if the process had died: nothing is recorded, no lease given back
        await asyncio.wait({task})
        bench.clock.advance(LEASE_MS + 1)
    await bench.drain()
    (dead,) = await bench.dead()
    assert dead["kind"] == "deadly"
    assert await bench.rows() == []


async def test_a_closed_write_gate_stops_work_and_loses_nothing(bench: Bench) -> None:
    async with working(bench.worker()):
        await bench.enqueue("hold", Note("running"))
        await until(lambda: bench.seen.texts == ["running"])
        bench.gate.close("moving")
        bench.seen.release.set()
        await until(lambda: bench.seen.outcomes == ["done"])
        await asyncio.sleep(0.1)
        assert len(await bench.rows()) == 1
        bench.gate.open()
        await bench.enqueue("note", Note("after"))
        await until(lambda: bench.seen.texts == ["running", "after"])
    assert await bench.rows() == []


class ClosesWhileItWaits(MemoryGate):
    """A gate that somebody closes between the look of a worker and its turn to write."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def closing(self) -> Closing | None:
        """Open at the first look."""
        self.looks += 1
        if self.looks == 2:
            self.close("moving")
        return super().closing()


async def test_no_job_is_taken_in_the_instant_of_closing(bench: Bench) -> None:
    await bench.enqueue("note", Note("a"))
    gate = ClosesWhileItWaits()
    async with working(bench.worker(gate=gate)):
        await until(lambda: gate.looks > 3)
        assert bench.seen.texts == []
        gate.open()
        await until(lambda: bench.seen.texts == ["a"])


async def test_a_transactional_job_waits_for_the_write_gate(bench: Bench) -> None:
    await bench.enqueue("write", Note("a"))
    async with working(bench.worker()):
        bench.gate.close("moving")
        await asyncio.sleep(0.1)
        bench.gate.open()
        bench.clock.advance(10 * MINUTE)
        await until_asked(bench.effects)
    assert await bench.effects() == 1
    assert await bench.rows() == []
    assert await bench.dead() == []


async def _scheduled(bench: Bench, at: int) -> None:
    """Wait until it is written down that the kind is due then."""

    async def known() -> bool:
        async with bench.db.read() as reader:
            return dict(await reader.all(SCHEDULES)).get("every") == at

    await until_asked(known)


async def test_a_scheduled_kind_runs_once_for_all_workers(database_url: str) -> None:
    async with opened(database_url, (*KINDS, EVERY)) as bench:
        async with working(bench.worker()), working(bench.worker()), working(bench.worker()):
            await _scheduled(bench, bench.clock.now() + HOUR)
            await asyncio.sleep(0.1)
            assert bench.seen.texts == []
            for times in (1, 2):
                bench.clock.advance(HOUR)
                await until(lambda: len(bench.seen.texts) >= times)  # noqa: B023 (awaited here)
                await asyncio.sleep(0.1)
                assert len(bench.seen.texts) == times
            bench.clock.advance(10 * HOUR)  # a long stop is made up for by one run
            await until(lambda: len(bench.seen.texts) >= 3)
            await asyncio.sleep(0.1)
        assert len(bench.seen.texts) == 3


async def test_a_shorter_interval_holds_at_once(database_url: str) -> None:
    rare = JobKind("every", Note, note, every_ms=DAY)
    async with opened(database_url, (rare,)) as bench, working(bench.worker()):
        await _scheduled(bench, bench.clock.now() + DAY)
    async with opened(database_url, (EVERY,)) as bench, working(bench.worker()):
        await _scheduled(bench, bench.clock.now() + HOUR)
        bench.clock.advance(HOUR)
        await until(lambda: len(bench.seen.texts) == 1)


def test_daily_means_the_next_such_time() -> None:
    midnight = 20_000 * DAY
    assert DAILY.due_after(midnight) == midnight + 3 * HOUR
    assert DAILY.due_after(midnight + 3 * HOUR) == midnight + DAY + 3 * HOUR
    assert EVERY.due_after(midnight + 5) == midnight + 5 + HOUR


PROCESS = """
import asyncio, sys
from tests.store.outbox_bench import opened
from rostra.kernel.clock import SystemClock
from rostra.store.outbox import Worker

async def main():
    async with opened(sys.argv[1]) as bench:
        bench.outbox.clock = SystemClock()
        worker = Worker(bench.db, bench.outbox, bench.seen, lease_ms=300, poll_ms=50)
        print("ready", flush=True)
        await worker.run()

asyncio.run(main())
"""


async def test_kill_9_loses_nothing_and_doubles_no_effect(database_url: str) -> None:
    total = 300
    async with opened(database_url) as bench:
        async with bench.db.write() as tx:
            for number in range(total):
                await tx.enqueue("write", Note(str(number)))
        for _ in range(4):
            process = subprocess.Popen(  # noqa: S603, ASYNC220 (our own program, made in no time)
                [sys.executable, "-c", PROCESS, database_url],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            assert process.stdout is not None
            await asyncio.to_thread(process.stdout.readline)
            await asyncio.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            process.stdout.close()
        bench.clock.set(2_000_000_000_000)  # all leases have run out
        await bench.drain()
        assert await bench.effects() == total
        assert await bench.rows() == []
        assert await bench.dead() == []
