"""One contract for all buses; then what happens when processes come, die and lag."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.harness.patience import PATIENCE_S, until
from tests.harness.valkey import Valkey, ValkeyMissing

from rostra.store.bus import Bus, LocalBus, MemoryBus, PostgresBus, Subscription, ValkeyBus
from rostra.store.bus.port import MAX_MESSAGE_BYTES, Message

Pair = tuple[Bus, Bus]
Make = Callable[[Path, str], Awaitable[Pair]]


async def the_next(subscription: Subscription) -> Message:
    async with asyncio.timeout(PATIENCE_S):
        return await anext(subscription)


async def memory_pair(_folder: Path, _url: str) -> Pair:
    bus = MemoryBus()
    return bus, bus


async def local_pair(folder: Path, _url: str) -> Pair:
    return LocalBus(folder), LocalBus(folder)


async def postgres_pair(_folder: Path, url: str) -> Pair:
    return PostgresBus(url), PostgresBus(url)


async def valkey_pair(_folder: Path, url: str) -> Pair:
    return ValkeyBus(url), ValkeyBus(url)


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    try:
        server = Valkey()
    except ValkeyMissing as missing:
        pytest.exit(str(missing), returncode=1)
    with server:
        yield server


@pytest.fixture(params=[memory_pair, local_pair, postgres_pair, valkey_pair])
def kind(request: pytest.FixtureRequest) -> tuple[Make, str]:
    """A kind of bus, and the address of the server that it needs."""
    if request.param is valkey_pair:
        return request.param, request.getfixturevalue("valkey").url
    needs = request.param is postgres_pair
    return request.param, request.getfixturevalue("postgres_url") if needs else ""


@pytest.fixture
async def pair(kind: tuple[Make, str], tmp_path: Path) -> AsyncIterator[Pair]:
    make, url = kind
    # Deep, as data directories are: a socket's path may have 107 bytes only.
    one, other = await make(tmp_path / ("deep" * 30), url)
    await one.start()
    await other.start()
    yield one, other
    await other.close()
    await one.close()


async def test_a_message_reaches_every_process_once(pair: Pair) -> None:
    for sender, receiver in (pair, pair[::-1]):
        with sender.subscribe("posts") as own, receiver.subscribe("posts", "more") as far:
            sender.publish("posts", b"one")
            sender.publish("other", b"unheard")
            sender.publish("posts", b"two")
            for heard in (own, far):
                assert await the_next(heard) == Message("posts", b"one")
                assert await the_next(heard) == Message("posts", b"two")
            assert await own.wait(0.05) == []
            assert await far.wait(0.05) == []


async def test_any_bytes_of_any_size(pair: Pair) -> None:
    one, other = pair
    bodies = [b"", bytes(range(256)) * 40, os.urandom(100_000), b"\x00\n\xff'\""]
    with other.subscribe("tópico") as heard:
        for body in bodies:
            one.publish("tópico", body)
        for body in bodies:
            assert (await the_next(heard)).body == body


async def test_many_messages_keep_their_order(pair: Pair) -> None:
    one, other = pair
    with other.subscribe("n", size=1000) as heard:
        for number in range(500):
            one.publish("n", str(number).encode())
        assert [int((await the_next(heard)).body) for _ in range(500)] == list(range(500))


async def test_too_long_is_refused(pair: Pair) -> None:
    one, _ = pair
    with pytest.raises(ValueError, match="too long"):
        one.publish("n", bytes(MAX_MESSAGE_BYTES + 1))
    with pytest.raises(ValueError, match="too long"):
        one.publish("n" * 201, b"")


async def test_a_slow_reader_is_dropped_and_nobody_waits_for_it(pair: Pair) -> None:
    one, _ = pair
    slow, quick = one.subscribe("n", size=3), one.subscribe("n", size=100)
    for number in range(5):
        one.publish("n", str(number).encode())
    assert [message async for message in slow] == []
    assert slow.lagged
    assert len(await quick.wait(1)) == 5
    assert not quick.lagged
    quick.close()
    assert await quick.wait(1) == []


async def test_closing_the_bus_ends_iterations(pair: Pair) -> None:
    one, _ = pair
    heard = one.subscribe("n")
    reading = asyncio.create_task(anext(heard, None))
    await asyncio.sleep(0)
    await one.close()
    assert await reading is None


async def test_the_hub_goes_and_another_takes_over(tmp_path: Path) -> None:
    buses = [LocalBus(tmp_path) for _ in range(3)]
    for bus in buses:
        await bus.start()
    assert [bus.is_hub for bus in buses] == [True, False, False]
    with buses[1].subscribe("n", size=10_000) as heard:
        await buses[0].close()
        async with asyncio.timeout(PATIENCE_S):
            while not await heard.wait(0.01):
                buses[2].publish("n", b"is anybody there?")
    assert sum(bus.is_hub for bus in buses[1:]) == 1
    for bus in buses[1:]:
        await bus.close()


async def test_a_process_has_joined_when_the_hub_knows_of_it(tmp_path: Path) -> None:
    with (tmp_path / "bus.lock").open("w") as lock, socket.socket(socket.AF_UNIX) as hub:
        fcntl.flock(lock, fcntl.LOCK_EX)
        hub.bind(str(tmp_path / "bus.sock"))
        hub.listen()
        bus = LocalBus(tmp_path)
        start = asyncio.create_task(bus.start())
        done, _ = await asyncio.wait({start}, timeout=0.1)
        assert not done  # the system has connected it, and that is all
        known, _ = hub.accept()
        with known:
            known.sendall(b"hub\n")
            await asyncio.wait_for(start, PATIENCE_S)
            await bus.close()


PROCESS = """
import asyncio, sys
from pathlib import Path
from rostra.store.bus import LocalBus

async def main():
    bus = LocalBus(Path(sys.argv[1]))
    await bus.start()
    print("ready", flush=True)
    while True:
        bus.publish("n", b"from the other process")
        await asyncio.sleep(0.02)

asyncio.run(main())
"""


async def test_a_killed_hub_leaves_no_trace(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    bus = LocalBus(tmp_path)
    await bus.start()
    assert [bus.is_hub] == [False]
    with bus.subscribe("n") as heard:
        assert (await the_next(heard)).body == b"from the other process"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    await until(lambda: bus.is_hub)
    await bus.close()


async def test_a_process_that_does_not_read_is_dropped(tmp_path: Path) -> None:
    bus = LocalBus(tmp_path)
    await bus.start()
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "bus.sock"))
    assert await reader.readline() == b"hub\n"
    for _ in range(12):
        bus.publish("n", bytes(MAX_MESSAGE_BYTES))
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await reader.readexactly(12 * MAX_MESSAGE_BYTES)
    writer.close()
    await bus.close()


async def test_garbage_on_the_socket_ends_only_that_connection(tmp_path: Path) -> None:
    bus = LocalBus(tmp_path)
    await bus.start()
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "bus.sock"))
    writer.write(b"\xff" * 100)
    assert await reader.read() == b"hub\n"
    other = LocalBus(tmp_path)
    await other.start()
    with bus.subscribe("n") as heard:
        other.publish("n", b"still there")
        assert (await the_next(heard)).body == b"still there"
    writer.close()
    await other.close()
    await bus.close()


async def test_a_bus_that_can_not_start_says_so(tmp_path: Path) -> None:
    (tmp_path / "bus.lock").mkdir()
    with pytest.raises(OSError, match=r"bus\.lock"):
        await LocalBus(tmp_path).start()


async def test_postgres_comes_back_after_its_connection_was_cut(postgres_url: str) -> None:
    one, other = PostgresBus(postgres_url), PostgresBus(postgres_url)
    await one.start()
    await other.start()
    admin = await asyncpg.connect(postgres_url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await admin.close()
    await heard_again(one, other)
    await one.close()
    await other.close()


async def heard_again(one: Bus, other: Bus) -> None:
    """Pass when what the one says reaches the other."""
    with other.subscribe("n", size=10_000) as heard:
        async with asyncio.timeout(PATIENCE_S):
            while not await heard.wait(0.02):
                one.publish("n", b"is anybody there?")


async def test_valkey_comes_back_after_its_server_was_gone() -> None:
    with Valkey(password="p@ss/word") as server:
        url = server.url.replace("p@ss/word", "p%40ss%2Fword")
        one, other = ValkeyBus(url, "ours"), ValkeyBus(url, "ours")
        apart = ValkeyBus(url, "theirs")
        for bus in (one, other, apart):
            await bus.start()
        with apart.subscribe("n") as unheard:
            await heard_again(one, other)
            assert await unheard.wait(0.05) == []
        server.stop()
        one.publish("n", b"into the dark")
        await asyncio.sleep(0.1)
        server.start()
        await heard_again(one, other)
        for bus in (one, other, apart):
            await bus.close()


async def test_a_valkey_server_that_does_not_let_in_is_asked_again() -> None:
    with Valkey(password="secret") as server:
        bus = ValkeyBus(server.url.replace("secret", "wrong"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bus.start(), 0.5)
        await bus.close()


async def test_garbage_on_the_channel_is_passed_over(valkey: Valkey) -> None:
    one, other = ValkeyBus(valkey.url), ValkeyBus(valkey.url)
    await one.start()
    await other.start()
    reader, writer = await asyncio.open_unix_connection(str(valkey.socket))
    with other.subscribe("n") as heard:
        for content in (b"", b"short", b"x" * 16 + b"\x05ab\xff\xff\xff", b"x" * 16 + b"\x01"):
            writer.write(b"*3\r\n$7\r\nPUBLISH\r\n$6\r\nrostra\r\n")
            writer.write(b"$%d\r\n%b\r\n" % (len(content), content))
            assert await reader.readline() == b":2\r\n"
        one.publish("n", b"still there")
        assert (await the_next(heard)).body == b"still there"
    writer.close()
    await one.close()
    await other.close()


@pytest.mark.parametrize("said", [b"?\r\n", b"$9999999999\r\n", b"*99999\r\n", b"$a\r\n", b""])
async def test_what_is_no_valkey_server_is_left_again(tmp_path: Path, said: bytes) -> None:
    visits = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        if said:
            await reader.read(100)
            writer.write(said)
        writer.close()

    server = await asyncio.start_unix_server(answer, str(tmp_path / "s"))
    bus = ValkeyBus(f"unix://{tmp_path / 's'}")
    starting = asyncio.create_task(bus.start())
    await until(lambda: visits >= 3)
    assert not starting.done()
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await bus.close()
    server.close()
