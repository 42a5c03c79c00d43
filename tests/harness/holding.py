"""Nobody who holds a connection asks for another: what would stand still on PostgreSQL, on both.

A pool has a few connections. When as many requests as there are each hold one and each ask for a
second, all wait for one another, for good. SQLite's one reader never waits, so a test there would
not see it: each task's holding is noted here, and a test fails where it asks again. What a test
itself holds around a request doesn't count.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import rostra
from rostra.store.database import Database
from rostra.store.postgres import PostgresDatabase
from rostra.store.sqlite import SQLiteDatabase

PROGRAM = str(Path(rostra.__file__).parent)

# Where each task that holds a connection of a database has opened it.
_held: dict[tuple[object, int], str] = {}
_faults: list[str] = []


class HeldTwice(AssertionError):
    """A task that holds a connection has asked for another."""


class _Noted:
    """A reader or a transaction, noted while it is open."""

    def __init__(self, inner: AbstractAsyncContextManager[Any], database: Database) -> None:
        self._inner = inner
        self._database = database
        self._where = _caller()
        self._key: tuple[object, int] | None = None

    async def __aenter__(self) -> Any:
        _ask(self._database, self._where)
        opened = await self._inner.__aenter__()
        key = (asyncio.current_task(), id(self._database))
        if self._where and key not in _held:
            _held[key], self._key = self._where, key
        return opened

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if self._key is not None:
            del _held[self._key]
        return await self._inner.__aexit__(kind, error, trace)


def _caller() -> str:
    """The line of the program that asks, three frames above; empty where a test does."""
    frame = sys._getframe(3)  # noqa: SLF001 (there is no other way to ask who calls)
    name = frame.f_code.co_filename
    return f"{name}:{frame.f_lineno}" if name.startswith(PROGRAM) else ""


def _ask(database: Database, where: str) -> None:
    held = _held.get((asyncio.current_task(), id(database)))
    if where and held:
        _faults.append(f"{where} asks for a connection while {held} holds one")
        raise HeldTwice(_faults[-1])


def _note(kind: type[Any], name: str) -> None:
    opening: Callable[[Any], AbstractAsyncContextManager[Any]] = getattr(kind, name)

    def noted(self: Any) -> _Noted:
        return _Noted(opening(self), self)

    setattr(kind, name, noted)


def _note_slow(kind: type[Any]) -> None:
    slowly: Callable[[Any, Any], Awaitable[Any]] = kind.slowly

    async def noted(self: Any, work: Any) -> Any:
        async with _Noted(nullcontext(), self):
            return await slowly(self, work)

    kind.slowly = noted


def forget() -> None:
    """What was found is no fault of the test that runs."""
    _faults.clear()


class NobodyHoldsTwo:
    """The plugin: hears every reader and every transaction of this process."""

    def __init__(self) -> None:
        for kind in (SQLiteDatabase, PostgresDatabase):
            _note(kind, "read")
            _note(kind, "write")
        _note_slow(SQLiteDatabase)  # PostgreSQL's own takes a reader

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Fail a test in which it happened, whatever became of the answer."""
        forget()
        found = yield
        if _faults:
            raise HeldTwice("; ".join(sorted(set(_faults))))
        return found
