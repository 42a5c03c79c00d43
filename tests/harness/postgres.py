"""A throw-away PostgreSQL cluster for one test run, and fresh databases on it.

The cluster lies in a temporary folder and listens on a socket there, nowhere else. The first of the
run's processes that needs it starts it; all share it. A keeper process of its own stops it and
removes the folder when the run has ended, however it ended. PostgreSQL refuses to run as root, so
there the server runs as `postgres` or `nobody`.
"""

import asyncio
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from tests.harness.patience import PATIENCE_S

from rostra.store.migrate import migrate

T = TypeVar("T")

USER = "rostra"
TEMPLATE = "migrated"
# A crash may lose the cluster, never a commit that a test looks for in the running server: so no
# fsync, though synchronous_commit stays on as in production. Everything else keeps it small.
SERVER_OPTIONS = (
    "-cautovacuum=off",
    "-cfsync=off",
    "-cfull_page_writes=off",
    "-cjit=off",
    "-clisten_addresses=",
    "-cmax_connections=200",
    "-cmax_wal_senders=0",
    "-cmax_wal_size=1GB",
    "-cshared_buffers=64MB",
    "-csynchronous_commit=on",
    "-ctimezone=UTC",
    "-cwal_level=minimal",
)
KEEPER = Path(__file__).with_name("postgres_keeper.py")
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Empties the tables that have rows. The migrations write no rows of their own but the revision.
# To truncate makes a file for each index: while a table is small, its rows are deleted.
MAKE_CLEAR = """
CREATE FUNCTION clear() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'schema_version' AND pg_relation_size(oid) > 0
    LOOP
        IF pg_relation_size(name) > 65536 THEN
            EXECUTE 'TRUNCATE ' || name || ' CASCADE';
        ELSE
            EXECUTE 'DELETE FROM ' || name;
        END IF;
    END LOOP;
END $$
"""
INSTALL = (
    "PostgreSQL's server programs (initdb, postgres) were not found on the PATH or under "
    "/usr/lib/postgresql. On Debian, as root: apt-get install --no-install-recommends postgresql. "
    "To run the tests on SQLite alone: pytest --database=sqlite"
)


class PostgresMissing(Exception):
    """The server programs are not installed; the text says how to get them."""


def server_programs() -> Path:
    """The folder of the newest `initdb` and `postgres` of this machine.

    Raises:
        PostgresMissing: there is none.
    """
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if packaged:
        return packaged[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissing(INSTALL)
    return Path(on_path).resolve().parent


def server_user() -> pwd.struct_passwd:
    """Who runs the server: this user, or an unprivileged one where this is root."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    raise PostgresMissing("as root the tests need a user 'postgres' or 'nobody' to run PostgreSQL")


def outside_loop(work: Callable[[], Awaitable[T]]) -> T:
    """Await something from synchronous code, whatever loop this thread has."""
    result: list[T] = []
    errors: list[BaseException] = []

    async def awaiting() -> T:
        return await work()

    def run() -> None:
        try:
            result.append(asyncio.run(awaiting()))
        except BaseException as error:  # noqa: BLE001 (handed to the caller below)
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return result[0]


class Cluster:
    """The cluster of one test run, told by its folder alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def reserve(cls) -> "Cluster":
        """A folder for a cluster that is started when first used; its owner calls `remove`.

        The path is short, as the path of a socket has 107 bytes at most, and open to the server's
        user, as the usual temporary folder may not be.
        """
        return cls(Path(tempfile.mkdtemp(prefix="rostra-pg-", dir="/tmp")))

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def start(self, owner: int) -> None:
        """Start it unless another process has; it ends with process `owner`.

        Raises:
            PostgresMissing: the server programs are not installed.
            RuntimeError: it did not start; the text has the end of its log.
        """
        programs = server_programs()
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (self.folder / "started").exists():
                return
            self._initialise(programs)
            self._spawn_keeper(programs, owner)
            self._wait_until_ready()
            outside_loop(self._make_template)
            (self.folder / "started").touch()

    def _initialise(self, programs: Path) -> None:
        user = server_user()
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        made = subprocess.run(  # noqa: S603 (a program of PostgreSQL with constant arguments)
            [
                programs / "initdb",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",  # sorts by code point, as SQLite does
                "--no-sync",
                f"--username={USER}",
                self.folder / "data",
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            **_as_user(user),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stdout}{made.stderr}")

    def _spawn_keeper(self, programs: Path, owner: int) -> None:
        user = server_user()
        facts = (self.folder, programs, owner, user.pw_uid, user.pw_gid)
        os.posix_spawn(  # not subprocess: it outlives this process, nobody waits for it
            sys.executable,
            [sys.executable, str(KEEPER), *map(str, facts), *SERVER_OPTIONS],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, self.folder / "log", os.O_WRONLY | os.O_CREAT, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,  # Ctrl-C must not reach it before the tests have ended
        )

    def _wait_until_ready(self) -> None:
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                outside_loop(self._probe)
            except (OSError, asyncpg.PostgresError) as error:
                if time.monotonic() > ends:
                    log = (self.folder / "log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"PostgreSQL did not start: {log}") from error
                time.sleep(0.05)
            else:
                return

    async def _probe(self) -> None:
        await (await asyncpg.connect(self.url("postgres"))).close()

    async def _make_template(self) -> None:
        await self._administer(f"CREATE DATABASE {TEMPLATE}")
        await migrate(self.url(TEMPLATE))
        connection = await asyncpg.connect(self.url(TEMPLATE))
        try:
            await connection.execute(MAKE_CLEAR)
        finally:
            await connection.close()

    async def _administer(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def create(self, name: str, *, template: str = TEMPLATE) -> str:
        """Make a database from a template (`template1`: an empty one); its URL."""
        make = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
        outside_loop(lambda: self._administer(make))
        return self.url(name)

    def clear(self, name: str) -> None:
        """Empty every table of a migrated database, after ending all other connections to it.

        Measured at 10 ms where making a database from the template takes 60.
        """
        outside_loop(lambda: self._clear(name))

    async def _clear(self, name: str) -> None:
        connection = await asyncpg.connect(self.url(name))
        try:
            await connection.execute(END_OTHERS)
            await connection.execute("SELECT clear()")
        finally:
            await connection.close()

    def drop(self, name: str) -> None:
        """Remove a database, and end the connections that a test left open."""
        outside_loop(lambda: self._administer(f"DROP DATABASE {name} WITH (FORCE)"))

    def remove(self) -> None:
        """Stop the server if it was started, and remove the folder."""
        if (self.folder / "keeper").exists():
            os.kill(int((self.folder / "keeper").read_text()), signal.SIGTERM)
            ends = time.monotonic() + PATIENCE_S
            while self.folder.exists() and time.monotonic() < ends:
                time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


def _as_user(user: pwd.struct_passwd) -> dict[str, Any]:
    """The arguments that make a child process run as this user."""
    if user.pw_uid == os.getuid():
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
