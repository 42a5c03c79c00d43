"""What both databases promise: one transaction at the edge, all of it or nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from sqlalchemy import delete, func, select

from rostra.kernel.errors import Contended, Unavailable
from rostra.store.database import Database, Duplicate, Hooks, Reader, Ties, Transaction
from rostra.store.gates import WriteGate, memory_gates
from rostra.store.postgres import PostgresDatabase
from rostra.store.query import insert, insert_or_ignore, query, query_text, upsert
from rostra.store.sqlite import SQLiteDatabase, measure_commit
from rostra.store.tables.posts import tags, thread_mutes

MUTE = insert(thread_mutes)
COUNT = query(select(func.count()).select_from(thread_mutes), int)
ALL = query(select(thread_mutes.c.account_id, thread_mutes.c.thread_id))
CLEAR = query(delete(thread_mutes))


class Happened(msgspec.Struct, frozen=True):
    """Something to hear of."""

    what: str


class NoJobs:
    """A transaction's jobs go nowhere."""

    async def enqueue(self, tx: Transaction, kind: str, payload: Any, **_: Any) -> int:
        return len(kind) if tx and payload else 0


class Place:
    """A database with its hooks and its gate."""

    def __init__(self, url: str) -> None:
        self.hooks = Hooks()
        self.gate: WriteGate = memory_gates()[0]
        ties = Ties(self.hooks, NoJobs(), self.gate)
        self.db: Database = (
            SQLiteDatabase(Path(url.removeprefix("sqlite:///")), ties)
            if url.startswith("sqlite:")
            else PostgresDatabase(url, ties, connections=4)
        )

    async def count(self) -> int:
        async with self.db.read() as reader:
            return await reader.first(COUNT) or 0


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Place]:
    made = Place(database_url)
    yield made
    await made.db.close()


async def test_what_is_written_can_be_read_at_once(place: Place) -> None:
    async with place.db.write() as tx:
        assert await tx.run(MUTE, account_id=1, thread_id=2) == 1
        assert await tx.first(COUNT) == 1
    assert await place.count() == 1
    async with place.db.read() as reader:
        assert await reader.all(ALL) == [(1, 2)]
        assert await reader.first(ALL) == (1, 2)
        assert await reader.value(COUNT) == 1


async def test_a_failed_block_leaves_nothing(place: Place) -> None:
    async def fail() -> None:
        async with place.db.write() as tx:
            await tx.run(MUTE, account_id=1, thread_id=2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await place.count() == 0


async def test_one_of_many_at_once_fails_alone(place: Place) -> None:
    async def write(number: int) -> None:
        async with place.db.write() as tx:
            await tx.run(MUTE, account_id=number, thread_id=0)
            if number % 5 == 0:
                raise ZeroDivisionError

    results = await asyncio.gather(*(write(n) for n in range(40)), return_exceptions=True)
    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 8
    assert await place.count() == 32


async def test_a_cancelled_writer_leaves_the_others_alone(place: Place) -> None:
    started = asyncio.Event()

    async def write(number: int) -> None:
        started.set()
        async with place.db.write() as tx:
            await tx.run(MUTE, account_id=number, thread_id=0)

    tasks = [asyncio.create_task(write(n)) for n in range(30)]
    await started.wait()
    for task in tasks[1::3]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    done = sum(result is None for result in results)
    assert done >= 20
    # A cancelled one may have been committed already; none that was answered is missing.
    assert done <= await place.count() <= 30
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=99, thread_id=0)


async def test_a_row_that_is_there_is_a_duplicate(place: Place) -> None:
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=2)
    with pytest.raises(Duplicate):
        async with place.db.write() as tx:
            await tx.run(MUTE, account_id=1, thread_id=2)
    with pytest.raises(Duplicate):
        async with place.db.write() as tx:
            await tx.run_many(MUTE, [{"account_id": 1, "thread_id": n} for n in (3, 2)])
    async with place.db.write() as tx:
        ignoring = insert_or_ignore(thread_mutes)
        assert await tx.run(ignoring, account_id=1, thread_id=2) == 0
        assert await tx.run(ignoring, account_id=1, thread_id=4) == 1
    assert await place.count() == 2


async def test_a_part_can_fail_alone(place: Place) -> None:
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=1)
        with suppress(Duplicate):
            async with tx.savepoint():
                await tx.run(MUTE, account_id=2, thread_id=2)
                await tx.run(MUTE, account_id=1, thread_id=1)
        async with tx.savepoint():
            await tx.run(MUTE, account_id=3, thread_id=3)
    async with place.db.read() as reader:
        assert sorted(await reader.all(ALL)) == [(1, 1), (3, 3)]


async def put_off(place: Place, number: int, *, fail: bool = False) -> None:
    async with place.db.write() as tx:
        await tx.put_off(MUTE, [{"account_id": number, "thread_id": n} for n in (1, 2)])
        if fail:
            raise ZeroDivisionError


async def test_what_is_put_off_is_there_after_the_commit(place: Place) -> None:
    writing = [put_off(place, n, fail=n % 4 == 0) for n in range(12)]
    results = await asyncio.gather(*writing, return_exceptions=True)
    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 3
    async with place.db.read() as reader:
        there = sorted(await reader.all(ALL))
    assert there == [(n, thread) for n in range(12) if n % 4 for thread in (1, 2)]


async def test_who_catches_up_changes_what_others_have_put_off(place: Place) -> None:
    async def clear(*, fail: bool) -> None:
        async with place.db.write() as tx:
            await tx.put_off(MUTE, [{"account_id": 7, "thread_id": 7}])
            await tx.catch_up()
            await tx.catch_up()
            await tx.run(CLEAR)
            if fail:
                raise ZeroDivisionError

    first = (put_off(place, 1), put_off(place, 2))
    if place.db.dialect == "sqlite":
        await asyncio.gather(*first, clear(fail=False))  # they share a commit, in this order
    else:
        await asyncio.gather(*first)
        await clear(fail=False)
    assert await place.count() == 0
    again = (put_off(place, 1), clear(fail=True), put_off(place, 2))
    results = await asyncio.gather(*again, return_exceptions=True)
    assert isinstance(results[1], ZeroDivisionError)
    async with place.db.read() as reader:
        assert sorted(await reader.all(ALL)) == [(1, 1), (1, 2), (2, 1), (2, 2)]


async def test_a_part_that_fails_puts_nothing_off(place: Place) -> None:
    async with place.db.write() as tx:
        await tx.put_off(MUTE, [{"account_id": 1, "thread_id": 1}])
        with suppress(ZeroDivisionError):
            async with tx.savepoint():
                await tx.put_off(MUTE, [{"account_id": 2, "thread_id": 2}])
                await tx.catch_up()
                await tx.put_off(MUTE, [{"account_id": 3, "thread_id": 3}])
                raise ZeroDivisionError
        async with tx.savepoint():
            await tx.put_off(MUTE, [{"account_id": 4, "thread_id": 4}])
    async with place.db.read() as reader:
        assert sorted(await reader.all(ALL)) == [(1, 1), (4, 4)]


async def test_upsert_changes_the_row_that_is_there(place: Place) -> None:
    put = upsert(tags, ["id"])
    async with place.db.write() as tx:
        await tx.run(put, id=1, name="a", display_name="A", last_post_at=0)
        await tx.run(put, id=1, name="b", display_name="B", last_post_at=7)
        assert await tx.all(query(select(tags.c.name, tags.c.last_post_at))) == [("b", 7)]


async def test_a_closed_gate_refuses_writing_and_lets_reading_go_on(place: Place) -> None:
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=1)
    place.gate.close("moving house", 30)
    with pytest.raises(Unavailable) as refused:
        async with place.db.write() as tx:
            await tx.run(MUTE, account_id=2, thread_id=2)
    assert refused.value.retry_after_s == 30
    assert await place.count() == 1
    place.gate.open()
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=2, thread_id=2)
    assert await place.count() == 2


async def test_subscribers_write_in_the_transaction_and_listeners_hear_after_it(
    place: Place,
) -> None:
    heard: list[str] = []

    async def subscriber(services: str, tx: Transaction, event: Happened) -> None:
        heard.append(f"inside {services} {event.what}")
        await tx.run(MUTE, account_id=5, thread_id=5)

    place.hooks.bind("services")
    place.hooks.on(Happened, subscriber)
    place.hooks.after(Happened, lambda event: heard.append(f"after {event.what}"))
    async with place.db.write() as tx:
        await tx.emit(Happened("one"))
        tx.after_commit(lambda: heard.append("callback"))
        assert await tx.enqueue("kind", Happened("job")) == 4
        assert heard == ["inside services one"]
    assert heard == ["inside services one", "callback", "after one"]
    assert await place.count() == 1

    async def fail() -> None:
        async with place.db.write() as tx:
            await tx.run(CLEAR)
            tx.after_commit(lambda: heard.append("never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert "never" not in heard


async def test_slow_reads_are_reads_like_others(place: Place) -> None:
    async with place.db.write() as tx:
        await tx.run(MUTE, account_id=1, thread_id=1)

    async def work(reader: Reader) -> int:
        return await reader.first(COUNT) or 0

    found = await asyncio.gather(*(place.db.slowly(work) for _ in range(5)))
    assert found == [1] * 5


async def test_statements_are_counted(place: Place) -> None:
    before = place.db.statements
    await place.count()
    async with place.db.write() as tx:
        await tx.run_many(MUTE, [{"account_id": 1, "thread_id": n} for n in range(9)])
    assert place.db.statements - before == 2


async def test_sqlite_readers_cannot_write(sqlite_url: str) -> None:
    place = Place(sqlite_url)
    async with place.db.read() as reader:
        with pytest.raises(apsw.ReadOnlyError):
            await reader.all(CLEAR)
    await place.db.close()


def test_a_bare_commit_can_be_measured(tmp_path: Path) -> None:
    assert measure_commit(tmp_path / "a.sqlite3", rounds=3) > 0


async def test_a_slow_read_on_sqlite_may_await_nothing_else(tmp_path: Path) -> None:
    place = Place(f"sqlite:///{tmp_path / 'a.sqlite3'}")

    async def wrong(_reader: Reader) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="await nothing"):
        await place.db.slowly(wrong)
    await place.db.close()


async def test_two_sqlite_processes_take_turns(sqlite_url: str) -> None:
    """Two writers on one file, as two worker processes are, and neither is refused."""
    one, other = Place(sqlite_url), Place(sqlite_url)

    async def write(place: Place, start: int) -> None:
        for number in range(start, start + 40):
            async with place.db.write() as tx:
                await tx.run(MUTE, account_id=number, thread_id=0)

    await asyncio.gather(*(write(p, s) for p, s in ((one, 0), (other, 100), (one, 200))))
    assert await one.count() == 120
    await one.db.close()
    await other.db.close()


async def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(postgres_url: str) -> None:
    place = Place(postgres_url)
    lock = query_text(
        sqlite="SELECT 1", postgresql="SELECT pg_advisory_xact_lock(CAST(:key AS bigint))"
    )
    both = asyncio.Barrier(2)

    async def work(first: int, second: int) -> None:
        async with place.db.write() as tx:
            await tx.value(lock, key=first)
            await both.wait()
            await tx.value(lock, key=second)
            await tx.run(MUTE, account_id=first, thread_id=second)

    outcomes = await asyncio.gather(work(1, 2), work(2, 1), return_exceptions=True)
    assert [type(each) for each in outcomes if each] == [Contended]
    assert await place.count() == 1
    await place.db.close()
