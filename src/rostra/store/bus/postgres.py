"""The bus between machines that share a PostgreSQL database: NOTIFY on one channel.

A notification carries 7,999 bytes of text at most, so a message is cut into parts that are joined
again. PostgreSQL folds equal notifications of one transaction; the numbers in each part's head keep
ours apart. The connection is one of the bus's own, since a listening one can't come from the pool.
"""

import asyncio
import base64
import secrets
from typing import TYPE_CHECKING, Any

from rostra.kernel.lazy import lazily
from rostra.store.bus.connected import ConnectedBus
from rostra.store.bus.port import checked
from rostra.store.chance import around

if TYPE_CHECKING:
    import asyncpg
else:  # 2 MB that a server on SQLite never needs
    asyncpg = lazily("asyncpg")

_PART = 7_600  # characters of content in a notification; the rest is for the head
_AT_ONCE = 100
_UNFINISHED = 100  # messages of which some parts are missing, kept at most
_SLOWEST_RETRY_S = 5.0
_NOTIFY = "SELECT pg_notify($1, part) FROM unnest($2::text[]) AS part"


class PostgresBus(ConnectedBus[list[str]]):
    """The bus of one process among all that use the same database."""

    def __init__(self, url: str, channel: str = "rostra") -> None:
        super().__init__()
        self._url = url
        self._channel = channel
        self._name = ""  # given at the start: a process that forks has one of its own
        self._count = 0
        self._parts: dict[tuple[str, str], list[str]] = {}

    def publish(self, topic: str, body: bytes) -> None:
        """Tell all subscribers of the topic. See `Bus.publish`."""
        checked(topic, body)
        if self._task is not None:
            self._count += 1
            self._wait_to_be_sent(self._cut(topic, body))
        self._inner.publish(topic, body)

    def _name_itself(self) -> None:
        self._name = secrets.token_hex(8)

    async def _stay_joined(self) -> None:
        pause = 0.1
        while True:
            try:
                connection: Any = await asyncpg.connect(self._url, timeout=10)
            except _offline():
                await asyncio.sleep(around(pause, 0.5))
                pause = min(pause * 2, _SLOWEST_RETRY_S)
                continue
            pause = 0.1
            try:
                await self._talk(connection)
            except _offline():
                await asyncio.sleep(pause)
            finally:
                self._joined.clear()
                connection.terminate()

    async def _talk(self, connection: Any) -> None:
        connection.add_termination_listener(lambda _: self._something.set())
        await connection.add_listener(self._channel, self._hear)
        self._joined.set()
        while not connection.is_closed():
            await self._something.wait()
            self._something.clear()
            self._all_sent.clear()
            while self._unsent and not connection.is_closed():
                batch = [self._unsent[i] for i in range(min(_AT_ONCE, len(self._unsent)))]
                parts = [part for message in batch for part in message]
                await connection.execute(_NOTIFY, self._channel, parts)
                self._were_sent(batch)
            self._all_sent.set()

    def _cut(self, topic: str, body: bytes) -> list[str]:
        text = f"{base64.b64encode(topic.encode()).decode()} {base64.b64encode(body).decode()}"
        pieces = [text[at : at + _PART] for at in range(0, len(text), _PART)]
        head = f"{self._name} {self._count}"
        return [f"{head} {index} {len(pieces)} {piece}" for index, piece in enumerate(pieces)]

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        sender, number, index, total, piece = payload.split(" ", 4)
        if sender == self._name:
            return
        known = self._parts.pop((sender, number), [])
        if len(known) != int(index):
            return  # its beginning was before our time
        known.append(piece)
        if len(known) < int(total):
            self._parts[sender, number] = known
            if len(self._parts) > _UNFINISHED:
                self._parts.pop(next(iter(self._parts)))
            return
        topic, _, body = "".join(known).partition(" ")
        self._inner.publish(base64.b64decode(topic).decode(), base64.b64decode(body))


def _offline() -> tuple[type[Exception], ...]:
    return (
        OSError,
        TimeoutError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,  # a connection that was cut in the middle of something
    )
